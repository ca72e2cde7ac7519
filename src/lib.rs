//! Neural networks described once in [`network!`], checked by the compiler, and run at the speed of hand-written code.
#![no_std]

pub use nn_core::*;

/// Describes networks: each becomes a plain struct, with its shapes checked and its code generated for exactly its sizes.
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => { $crate::rt::network! { ($crate) $($tokens)* } };
}

/// What emitted code calls. Not a part of the public interface.
#[doc(hidden)]
pub mod rt {
    #[cfg(feature = "alloc")]
    extern crate alloc;

    #[cfg(feature = "alloc")]
    pub use alloc::boxed::Box;
    #[cfg(feature = "alloc")]
    pub use nn_core::emitted::seeded;
    pub use nn_core::emitted::{Broken, check_uncoupled, largest, nested_backward, nested_forward, nested_tape};
    pub use nn_core::layer::{Call, Coupled, Layer, Memory, OpaqueLayer, Pass, Slot, Values};
    pub use nn_core::network::{Direction, LogProbabilities, MemoryPlan, Network, Probabilities, Scores};
    pub use nn_core::shapes::{Features, Image, Sequence, Volume};
    pub use nn_core::tensors::{Part, count};
    pub use nn_core::{Random, Scalar, kernels, layers, plain, spec, with_alloc};
    pub use nn_macros::network;
}
