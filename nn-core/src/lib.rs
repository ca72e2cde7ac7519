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
//!
//! Without the feature `runtime` there is [`spec`] alone: all that the compiler behind `network!` needs, so that no build waits for
//! kernels which it never calls.
#![no_std]
#![forbid(clippy::todo)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "checksum")]
#[doc(hidden)]
pub mod checksum;
#[cfg(feature = "runtime")]
pub mod data;
#[cfg(feature = "runtime")]
#[doc(hidden)]
pub mod emitted;
#[cfg(feature = "std")]
mod files;
#[cfg(feature = "runtime")]
pub mod init;
#[cfg(feature = "runtime")]
pub mod io;
#[cfg(feature = "runtime")]
pub mod kernels;
#[cfg(feature = "alloc")]
pub mod laws;
#[cfg(feature = "runtime")]
pub mod layer;
#[cfg(feature = "runtime")]
pub mod layers;
#[cfg(feature = "runtime")]
pub mod losses;
#[cfg(feature = "alloc")]
pub mod metrics;
#[cfg(feature = "runtime")]
pub mod network;
#[cfg(feature = "runtime")]
pub mod optim;
#[cfg(feature = "runtime")]
pub mod own;
#[cfg(feature = "runtime")]
pub mod predict;
#[cfg(feature = "runtime")]
mod random;
#[cfg(feature = "runtime")]
mod scalar;
#[cfg(feature = "runtime")]
mod settings;
#[cfg(feature = "runtime")]
pub mod shapes;
#[cfg(feature = "runtime")]
pub mod simd;
pub mod spec;
#[cfg(feature = "runtime")]
pub mod summary;
#[cfg(feature = "runtime")]
pub mod tensors;
#[cfg(feature = "std")]
pub mod train;

#[cfg(feature = "runtime")]
pub use random::{Noise, Random};
#[cfg(feature = "runtime")]
pub use scalar::Scalar;
#[cfg(feature = "runtime")]
pub use settings::OutOfRange;
