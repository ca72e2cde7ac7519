//! The run-time of netform: what the code that `network!` emits calls.
//!
//! Modules may import only those above them in this list:
//!
//! | module | what |
//! |---|---|
//! | [`spec`] | what a layer is: arguments, shapes, counts, messages |
//! | [`simd`] | run-time dispatch and plain memory: all `unsafe` |
//! | [`kernels`] | matrix products, convolutions, pools, point-wise functions: slices in, slices out, no allocation |
//! | [`layers`], [`own`] | one file a layer; help for a user's own |
//! | [`losses`], [`optim`], [`init`], [`metrics`] | one file each |
//! | [`data`] | data sets, readers, scaling, splits |
//! | [`train`] | the step, the loop, progress, history |
//! | [`predict`] | from samples to outputs |
//! | [`io`] | weights in files, pictures |
#![no_std]
#![forbid(clippy::todo)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "checksum")]
#[doc(hidden)]
pub mod checksum;
pub mod data;
#[doc(hidden)]
pub mod emitted;
#[cfg(feature = "std")]
mod files;
pub mod init;
pub mod io;
pub mod kernels;
#[cfg(feature = "alloc")]
pub mod laws;
pub mod layer;
pub mod layers;
pub mod losses;
#[cfg(feature = "alloc")]
pub mod metrics;
pub mod network;
pub mod optim;
pub mod own;
pub mod predict;
mod random;
mod scalar;
mod settings;
pub mod shapes;
pub mod simd;
pub mod spec;
pub mod summary;
pub mod tensors;
#[cfg(feature = "std")]
pub mod train;

pub use random::{Noise, Random};
pub use scalar::Scalar;
pub use settings::OutOfRange;
