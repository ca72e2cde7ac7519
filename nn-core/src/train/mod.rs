//! Training and evaluation.
//!
//! A batch is cut into tiles, each of which runs forward and backward while its values are in the cache. Neighbouring
//! tiles make up a lane, and lanes run on threads. How a batch is cut depends on the network and the batch alone, and sums
//! are taken in one fixed order: a result is bit-identical for any number of threads, on one instruction set.

mod as_network;
mod batch;
mod descent;
mod error;
mod evaluation;
mod history;
mod lane;
mod progress;
mod selection;
mod session;
#[cfg(test)]
mod several_tests;
mod step;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub(crate) mod threads;
mod tile;
pub(crate) mod tiling;
mod trainer;
mod validation;

pub use {
    as_network::{AsNetwork, Boxed, Itself},
    error::{Quantity, TrainError},
    evaluation::evaluate,
    history::{Epoch, History, Report},
    progress::Progress,
    session::Session,
    trainer::Trainer,
    validation::{NoValidation, SameAs, Share, Validation},
};
