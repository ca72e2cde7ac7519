//! What a program that describes, trains and uses networks imports: `use netform::prelude::*;`.

pub use crate::layer::{Activations, Call, Layer, Memory, OpaqueLayer, Pass};
pub use crate::network;
pub use crate::network::{LogProbabilities, Network, Probabilities, Scores, Streams};
pub use crate::own::{Gradients, Parameters, Sample, SampleLayer};
pub use crate::predict::{Predict, Stream};
pub use crate::shapes::{Features, Image, SampleShape, Sequence, Volume};
pub use crate::simd::Plain;
pub use crate::spec::{Shape, ShapeError};
pub use crate::tensors::{Marks, Part, Role};
pub use crate::{Random, Scalar};

pub use crate::data::{Classes, Each, Label, OneHot, Values, WithWeight};
pub use crate::losses::{BinaryCrossEntropy, CrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError, loss_fn};
pub use crate::optim::{Adam, AdamW, RmsProp, Schedule, Sgd};

#[cfg(feature = "alloc")]
pub use crate::data::Dataset;
#[cfg(feature = "std")]
pub use crate::data::augment::Augment;
#[cfg(feature = "alloc")]
pub use crate::laws::Laws;
#[cfg(feature = "alloc")]
pub use crate::losses::LossLaws;
#[cfg(feature = "std")]
pub use crate::metrics::{Accuracy, BinaryAccuracy, TopK};
#[cfg(feature = "alloc")]
pub use crate::simd::AlignedBox;
#[cfg(feature = "std")]
pub use crate::train::callback::EarlyStopping;
#[cfg(feature = "safetensors")]
pub use crate::train::callback::SaveCheckpoints;
#[cfg(feature = "std")]
pub use crate::train::{GradientSum, History, Progress, Recorder, Report, Run, Stepper, Trainer};

pub use crate::io::RawWeights;
#[cfg(feature = "safetensors")]
pub use crate::io::Weights;
