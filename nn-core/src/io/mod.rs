//! Weights in files and in memory, and pictures.
//!
//! | module | feature | what |
//! |---|---|---|
//! | [`raw`] | none | weights as flat little-endian bytes: `include_bytes!` on a machine without a heap |
//! | [`ConfusionMatrix`] | `alloc`, to measure a network `std` | which classes are taken for which, as a table |
//! | [`Ranking`] | `std` | ROC and precision-recall curves, and the areas under them |
//! | [`weights`] | `safetensors` | weights in the format that other frameworks read |
//! | [`inspect`] | `safetensors` | what lies in a file of tensors, and how two files differ |
//! | [`plot`] | `plots` | learning curves, confusion matrices, samples, weights and more as PNG and SVG |
//! | [`report`] | `report` | one HTML page about a run |

#[doc(hidden)]
pub mod embedded;
pub mod raw;

#[cfg(feature = "std")]
mod answers;
#[cfg(feature = "alloc")]
mod confusion_matrix;
#[cfg(feature = "safetensors")]
pub mod inspect;
#[cfg(feature = "safetensors")]
mod loading;
#[cfg(feature = "safetensors")]
mod ordered;
#[cfg(feature = "safetensors")]
mod place;
#[cfg(feature = "plots")]
pub mod plot;
#[cfg(feature = "std")]
mod ranking;
#[cfg(feature = "report")]
pub mod report;
#[cfg(test)]
mod testing;
#[cfg(feature = "safetensors")]
mod transfer;
#[cfg(feature = "safetensors")]
pub mod weights;

#[cfg(feature = "alloc")]
pub use confusion_matrix::{ConfusionError, ConfusionMatrix};
#[cfg(feature = "std")]
pub use ranking::{Ranking, RankingError};
pub use raw::RawWeights;
#[cfg(feature = "safetensors")]
pub use {loading::Loading, weights::Weights};
