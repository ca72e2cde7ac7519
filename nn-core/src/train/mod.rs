//! Training and evaluation.
//!
//! A batch is cut into tiles, each of which runs forward and backward while its values are in the cache. Neighbouring
//! tiles make up a lane, and lanes run on threads. How a batch is cut depends on the network and the batch alone, and sums
//! are taken in one fixed order: a result is bit-identical for any number of threads, on one instruction set.
//!
//! Three levels: [`Trainer::fit`] does everything; a [`Session`] goes step by step, on batches of the caller's; [`Run`],
//! [`GradientSum`] and [`Stepper`] take a step apart, for losses and games between networks of any kind. [`WeightAverage`]
//! follows any of them. A [`Minimizer`] asks for the loss as often as it likes.
//!
//! [`search`] tries many settings, and many networks.
//!
//! A batch of any size takes the memory of a few tiles, unless layers or the loss couple samples; then
//! [`Trainer::accumulate`] takes gradients over several small batches. By hand, [`GradientSum`] does.

#[cfg(test)]
mod accumulate_tests;
mod as_network;
#[cfg(test)]
mod augment_tests;
mod batch;
pub mod callback;
mod checkpoint;
mod course;
mod cross_validation;
mod descent;
mod error;
mod evaluation;
mod feed;
#[cfg(test)]
mod feed_tests;
mod gradient_sum;
mod history;
mod lane;
mod minimizer;
#[cfg(test)]
mod minimizer_tests;
mod origin;
mod progress;
mod recorder;
mod run;
#[cfg(test)]
mod run_tests;
mod sampling;
pub mod search;
mod selection;
mod session;
#[cfg(test)]
mod several_tests;
#[cfg(test)]
mod sharpness_tests;
mod step;
mod stepper;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub(crate) mod threads;
mod tile;
mod tile_pool;
pub(crate) mod tiling;
mod trainer;
mod validation;
mod weight_average;
mod whole_batch;
#[cfg(test)]
mod whole_batch_tests;

pub use {
    as_network::{AsNetwork, AtLines, Boxed, Itself},
    checkpoint::{Checkpoint, CheckpointError, State, Values},
    cross_validation::CrossValidation,
    error::{Quantity, TrainError},
    evaluation::{evaluate, metric_sums},
    gradient_sum::GradientSum,
    history::{Epoch, History, Report},
    minimizer::Minimizer,
    origin::Origin,
    progress::Progress,
    recorder::{Record, Recorder},
    run::Run,
    sampling::Sampling,
    session::Session,
    stepper::Stepper,
    trainer::Trainer,
    validation::{NoValidation, SameAs, Share, Validation},
    weight_average::WeightAverage,
};
#[cfg(feature = "safetensors")]
pub(crate) use {
    checkpoint::WEIGHTS,
    error::quoted,
    selection::{fits, near_names},
};
