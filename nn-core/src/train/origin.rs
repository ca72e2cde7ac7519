//! Where a loss that is not finite begins: the batch is looked at once more, sample by sample. And where a gradient does.

use alloc::string::String;
use core::fmt;

use super::Quantity;
use super::batch::Batch;
use super::descent::all_finite;
use crate::data::Label;
use crate::data::augment::Spare;
use crate::layer::Pass;
use crate::losses::Loss;
use crate::network::{Network, Observer, Whole};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::AlignedBox;
use crate::spec::Shape;
use crate::tensors::Tensor;

/// Where a loss or a gradient that is not finite begins. A sample is called by its place in the data set that was trained on (in
/// cross-validation, the fold's), or in a batch that was handed over; one that is blended with another, by the first.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// In a sample itself.
    Input {
        /// Which one.
        sample: usize,
        /// Which of its elements.
        element: usize,
        /// What it is.
        value: f64,
    },
    /// In the value of a layer, behind finite ones.
    Layer {
        /// For which sample.
        sample: usize,
        /// The layer's name.
        layer: &'static str,
        /// Which element of its value.
        element: usize,
        /// What it is.
        value: f64,
    },
    /// In the loss alone: the outputs are finite.
    Loss {
        /// Of which sample.
        sample: usize,
        /// What helps, as the loss says.
        help: &'static str,
    },
    /// On the way back from a loss that is finite.
    Gradient {
        /// The last tensor, in the network's order, whose gradient is not finite.
        tensor: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input { sample, element, value } => write!(f, "element {element} of sample {sample} is {value}"),
            Self::Layer { sample, layer, element, value } => write!(
                f,
                "it begins at `{layer}` with sample {sample}: element {element} of its value is {value}, the first such number"
            ),
            Self::Loss { sample, .. } => {
                write!(f, "it begins at the loss of sample {sample}, whose outputs are finite")
            }
            Self::Gradient { tensor } => {
                write!(
                    f,
                    "the loss is finite; on the way back from it, the gradient of `{tensor}` is the first that is not"
                )
            }
        }
    }
}

impl Origin {
    /// What helps; `is_first` says that nothing has been learnt yet.
    pub(super) fn cure(&self, is_first: bool) -> &'static str {
        match self {
            Self::Input { value, .. } if value.is_finite() => {
                "numbers this large have no variance: scale such samples, or take them out"
            }
            Self::Input { .. } => "take such samples out, or put a number there",
            Self::Loss { help, .. } => help,
            Self::Layer { value, .. } if value.is_nan() && is_first => {
                "an `Embedding` has nothing for what is no whole number below its size, `Log` and `Sqrt` nothing for what is below 0; otherwise its numbers, or this sample's, are too large"
            }
            Self::Layer { value, .. } if value.is_nan() => {
                "an `Embedding` has nothing for what is no whole number below its size, `Log` and `Sqrt` nothing for what is below 0; where it is another layer, lower the learning rate, or clip the gradient with `clip_norm(1.0)`"
            }
            Self::Gradient { .. } => {
                "look between it and the loss: `Sqrt` has no slope at 0, `Log` and `Reciprocal` have very large ones near it, and `x + 1e-6 -> Sqrt` keeps away; or numbers, or the loss's factor, are too large"
            }
            Self::Layer { .. } if is_first => "look for extreme values in this sample and in the network's own numbers",
            Self::Layer { .. } => {
                "lower the learning rate, clip the gradient with `clip_norm(1.0)`, or look for extreme values in this sample"
            }
        }
    }
}

/// Where it begins that a step was refused for its gradient.
pub(super) fn of_gradient<T: Scalar>(gradient: &[T], tensors: &[Tensor]) -> Option<Origin> {
    let is_culprit = |tensor: &&Tensor| tensor.is_trained() && !all_finite(&gradient[tensor.gradient.clone()]);
    let tensor = tensors.iter().rev().find(is_culprit)?.name.clone();
    Some(Origin::Gradient { tensor })
}

/// Where it begins that a step was refused: for its loss, or for the variance of its batch, with the first sample that, alone and
/// as in inference, gives no finite loss, or a number without a square. None where it takes the batch's own statistics, or
/// dropout, to get there. For its gradient, where `gradient` says.
pub(super) fn of<T, N, Y, L>(
    what: Quantity,
    network: &N,
    batch: &impl Batch<T, Y>,
    loss: &L,
    gradient: impl FnOnce() -> Option<Origin>,
) -> Option<Origin>
where
    T: Scalar,
    N: Network<T>,
    Y: Label,
    L: Loss<T, Whole<T, N>, Y>,
{
    let limit = match what {
        Quantity::Loss => T::max_value(),
        // What is larger has no square.
        Quantity::Statistics => T::max_value().sqrt(),
        Quantity::Gradient => return gradient(),
    };
    let mut filled = AlignedBox::<[T]>::zeros(N::Input::SHAPE.len());
    let mut targets = AlignedBox::<[Y::Target<T>]>::zeros(1);
    let mut workspace = AlignedBox::<[T]>::zeros(N::INFERENCE.len(1));
    let mut scratch = AlignedBox::<[T]>::zeros(N::INFERENCE.scratch);
    let mut spare = Spare::default();
    (0..batch.len()).find_map(|sample| {
        batch.fill(sample..sample + 1, &mut filled, &mut targets, &mut spare);
        let input = batch.in_place(sample..sample + 1).unwrap_or(&filled);
        let sample = batch.number(sample);
        if let Some((element, value)) = beyond(limit, input) {
            return Some(Origin::Input { sample, element, value });
        }
        let mut first = First { limit, sample, found: None };
        network.infer(&Pass::inference(1), input, &mut workspace, &mut scratch, &mut first);
        let output = &workspace[N::INFERENCE.output.range(1)];
        let is_refused = match what {
            Quantity::Statistics => first.found.is_some(),
            _ if loss.wants_whole_batches() => beyond(limit, output).is_some(),
            _ => !loss.tile(N::Output::SHAPE, output, &targets, None).is_finite(),
        };
        is_refused.then(|| first.found.unwrap_or(Origin::Loss { sample, help: loss.help() }))
    })
}

/// Waits for the first layer whose value is not finite, or beyond the limit.
struct First<T> {
    limit: T,
    sample: usize,
    found: Option<Origin>,
}

impl<T: Scalar> Observer<T> for First<T> {
    fn value(&mut self, layer: &'static str, _: Shape, values: &[T]) {
        if self.found.is_none() {
            let sample = self.sample;
            self.found =
                beyond(self.limit, values).map(|(element, value)| Origin::Layer { sample, layer, element, value });
        }
    }
}

/// The first number that is larger than the limit, either way, or none at all.
fn beyond<T: Scalar>(limit: T, values: &[T]) -> Option<(usize, f64)> {
    let element = values.iter().position(|value| value.is_nan() || value.abs() > limit)?;
    Some((element, values[element].wide()))
}
