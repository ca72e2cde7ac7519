//! Neural networks described once in [`network!`], checked by the compiler, and run at the speed of hand-written code.
//!
//! ```
//! use netform::prelude::*;
//!
//! network! {
//!     /// Tells two spirals apart.
//!     pub struct Spirals(point: [2]) -> [2] {
//!         point -> Dense(32) -> Tanh -> Dense(32) -> Tanh -> Dense(2)
//!     }
//! }
//!
//! let network = Spirals::new(1);
//! assert_eq!(Spirals::PARAMS, 2 * 32 + 32 + 32 * 32 + 32 + 32 * 2 + 2);
//! let scores: [f32; 2] = network.predict(&[0.5, -0.25]);
//! # assert!(scores.iter().all(|score| score.is_finite()));
//! ```
//!
//! A network is a plain struct of layers, a layer is a plain struct of arrays, and every size is in the type. A shape that
//! does not fit is an error of `cargo check`, at the layer that caused it, with both shapes and a way out.
//!
//! | to | see |
//! |---|---|
//! | describe a network | [`network!`], [`layers`] |
//! | train it | [`train::Trainer`], [`losses`], [`optim`], [`metrics`] |
//! | bring data | [`data`] |
//! | use it | [`predict::Predict`], [`io`] |
//! | write a layer of one's own | [`guide::layers`], [`own`], [`laws`] |
//!
//! # Features
//! | feature | on by default | what |
//! |---|---|---|
//! | `std` | yes | the standard library: run-time dispatch to the machine's instruction set, files, training |
//! | `alloc` | with `std` | `new`, data sets |
//! | `threads` | yes | training and evaluation on all cores |
//! | `progress` | yes | a progress bar |
//! | `safetensors` | yes | weights in safetensors files |
//! | `gz` | yes | packed data files |
//! | `plots` | yes | learning curves and confusion matrices as PNG |
//!
//! Without any feature the crate needs no standard library and no heap: [`predict::Predict::predict_with`] runs in memory
//! that the caller gives.
#![no_std]

pub use nn_core::*;

/// Describes networks: each becomes a plain struct, its shapes checked, its code generated for exactly its sizes.
///
/// ```
/// use netform::network;
///
/// network! {
///     /// Attributes and documentation go to the struct.
///     pub struct Residual(image: [16, 16, 3]) -> [10] {
///         let x = image -> Conv2d(8, kernel = 3, padding = same) -> Relu;
///         let y = x -> Conv2d(8, kernel = 3, padding = same) -> BatchNorm;
///         (x + y) -> Relu -> GlobalAvgPool2d -> head: Dense(10)
///     }
/// }
/// let network = Residual::new(1);
/// assert_eq!(network.head.weight.len(), 8);
/// ```
///
/// # The language
/// - **A network** is `struct Name(input: [axes]) -> [axes] { … }`: the shape of one sample, without the batch, channels
///   last; the declared output is checked. The body is any number of `let name = value;` and the result.
/// - **Chains**: `value -> Layer -> Layer`. The right of `->` is one layer, and `->` binds weakest: `a + b -> F` is
///   `(a + b) -> F`.
/// - **Values** join with `+`, `-`, `*` (equal shapes) and `concat(a, b, …)` (along the last axis).
/// - **Layers**: those of [`layers`] by name, with positional arguments and then `name = value` ones. Input shapes are
///   inferred; `Dense(784 -> 128)` writes one down as an assertion.
/// - **Names**: `fc: Dense(10)` names the field `fc` and the checkpoint's `fc.weight`. Without one, layers are `dense`,
///   `dense_2`, …. `-> fc` alone applies the layer `fc` again, with the same parameters.
/// - **Sizes** are literals, named consts, const expressions, or the network's own `const H: usize` (bare).
/// - **Layers of your own, and networks**, are written by their path: `self::Snake<_>(0.5)`, `crate::Encoder<64>`. The
///   type is what is written, with the scalar appended; each `_` is an axis of the input. See [`guide::layers`].
///
/// ```
/// use netform::network;
///
/// const WIDTH: usize = 12;
///
/// network! {
///     struct Encoder(x: [WIDTH]) -> [4] {
///         x -> Dense(2 * WIDTH) -> Gelu -> Dense(4)
///     }
///
///     struct Twice<const H: usize>(x: [8]) -> [2] {
///         let h = x -> Dense(H) -> Tanh;
///         h -> again: Dense(H) -> Tanh -> again -> Tanh -> Dense(2)
///     }
///
///     struct Outer(x: [12]) -> [1] {
///         x -> encoder: self::Encoder -> Relu -> Dense(1) -> Sigmoid
///     }
/// }
///
/// fn main() {
///     assert_eq!(Twice::<5>::PARAMS, 8 * 5 + 5 + 5 * 5 + 5 + 5 * 2 + 2);
///     assert_eq!(Outer::PARAMS, Encoder::PARAMS + 5);
/// }
/// ```
///
/// # What it becomes
/// - `pub struct Name<T = f32>`, `#[repr(C)]`, a public field for each layer with parameters; `NameGradient<T>` mirrors what
///   is trained. `T` is `f32` or `f64`.
/// - `Name::new(seed) -> Box<Name>` with default initial values, `Name::<f64>::with_seed(seed)`, `Name::PARAMS`.
/// - [`network::Network`], by which it trains, predicts, is saved and loaded; [`layer::Layer`], by which it nests.
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => { $crate::rt::network! { ($crate) $($tokens)* } };
}

pub mod guide;
pub mod prelude;

/// What emitted code calls. Not a part of the public interface.
#[doc(hidden)]
pub mod rt {
    #[cfg(feature = "alloc")]
    extern crate alloc;

    #[cfg(feature = "alloc")]
    pub use alloc::boxed::Box;
    #[cfg(feature = "alloc")]
    pub use nn_core::emitted::seeded;
    pub use nn_core::emitted::{
        check_uncoupled, has_tensor, largest, nested_backward, nested_forward, nested_scratch, nested_tape, refill,
        starts,
    };
    pub use nn_core::init::Initializer;
    pub use nn_core::layer::{Activations, Call, Coupled, Layer, Memory, OpaqueLayer, Pass, Slot, Transposed};
    pub use nn_core::network::{
        Direction, Head, LogProbabilities, MemoryPlan, Network, Observer, Probabilities, Scores,
    };
    pub use nn_core::shapes::{Features, Image, SampleShape, Sequence, Volume};
    pub use nn_core::summary::{Diagram, LayerRow, flops, summary};
    pub use nn_core::tensors::{Marks, Part, count, parameters};
    pub use nn_core::{Random, Scalar, kernels, layers, plain, spec, with_alloc, zeroable};
    pub use nn_macros::network;
}

/// The README's examples, compiled.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
struct Readme;
