//! Weights in files and in memory, and pictures.
//!
//! | module | feature | what |
//! |---|---|---|
//! | [`raw`] | none | weights as flat little-endian bytes: `include_bytes!` on a machine without a heap |
//! | [`ConfusionMatrix`] | `alloc`, to measure a network `std` | which classes are taken for which, as a table |
//! | [`weights`] | `safetensors` | weights in the format that other frameworks read |
//! | [`plot`] | `plots` | learning curves and confusion matrices as PNG |

#[doc(hidden)]
pub mod embedded;
pub mod raw;

#[cfg(feature = "alloc")]
mod confusion_matrix;
#[cfg(feature = "safetensors")]
mod loading;
#[cfg(feature = "safetensors")]
mod place;
#[cfg(feature = "plots")]
pub mod plot;
#[cfg(test)]
mod testing;
#[cfg(feature = "safetensors")]
mod transfer;
#[cfg(feature = "safetensors")]
pub mod weights;

#[cfg(feature = "alloc")]
pub use confusion_matrix::{ConfusionError, ConfusionMatrix};
pub use raw::RawWeights;
#[cfg(feature = "safetensors")]
pub use {loading::Loading, weights::Weights};
