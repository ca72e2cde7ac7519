//! Weights in files and in memory, and pictures.
//!
//! | module | feature | what |
//! |---|---|---|
//! | [`raw`] | none | weights as flat little-endian bytes: `include_bytes!` on a machine without a heap |
//! | [`weights`] | `safetensors` | weights in the format that other frameworks read |

pub mod raw;

#[cfg(feature = "safetensors")]
mod file;
#[cfg(test)]
mod testing;
#[cfg(feature = "safetensors")]
pub mod weights;

pub use raw::RawWeights;
#[cfg(feature = "safetensors")]
pub use weights::Weights;
