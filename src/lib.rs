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
//! | describe a network | [`network!`], [`guide::language`], [`layers`] |
//! | understand an error of it | [`guide::errors`] |
//! | train it | `guide::training`, [`train::Trainer`], [`losses`], [`optim`], [`metrics`] |
//! | bring data | `guide::data`, [`data`] |
//! | use it | [`predict::Predict`], [`io`], `guide::files` |
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
//! | `embed` | yes | [`weights!`]: weights that are checked and put into the program at compile time |
//! | `gz` | yes | packed data files |
//! | `csv` | yes | tables: CSV and TSV |
//! | `images` | yes | folders of PNG and JPEG files |
//! | `npy` | yes | NumPy's arrays: NPY and NPZ |
//! | `wav` | yes | folders of sounds |
//! | `shards` | yes | data sets larger than memory |
//! | `plots` | yes | learning curves, confusion matrices, samples, filters and more as PNG and SVG |
//! | `report` | yes | one HTML page about a run |
//! | `tensorboard` | yes | event files for TensorBoard |
//! | `interrupt` | yes | Ctrl-C finishes the step, saves, and returns |
//! | `f64` | no | kernels for `f64` compiled once, and optimised in debug builds; without it by the programs that use them |
//! | `avx512` | yes | kernels for AVX-512, used where the machine has it; without them builds take less time |
//! | `large-pages` | yes | networks, gradients and workspaces of 2 MiB and more in large pages of memory, on Linux |
//!
//! Kernels run on the best instruction set that the machine has: `NETFORM_ISA=avx2` or `baseline` in the environment lowers it, for
//! the same bits on different machines.
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
///     /// A block is written once, and used for any shape that fits.
///     block Residual(rate: f64 = 0.1)(x: [height, width, channels]) {
///         x + (x -> Conv2d(channels, kernel = 3, padding = same) -> BatchNorm -> Relu -> Dropout(rate))
///     }
///
///     /// Attributes and documentation go to the struct.
///     pub struct Sorter(image: [16, 16, 3], weight: [1]) -> (kind: [10], price: [1]) {
///         let seen = image -> stem: Conv2d(8, kernel = 3) -> [Residual; 2] -> GlobalAvgPool2d;
///         let x = concat(seen, weight / 100) -> Dense(16) -> Gelu;
///         (x -> kind: Dense(10), x -> #[rate(0.5)] price: Dense(1))
///     }
///     assert PARAMS < 5_000;
/// }
///
/// fn main() {
///     let network = Sorter::new(1);
///     assert_eq!(network.kind.weight.len(), 16);
///     println!("{}", Sorter::SUMMARY);
/// }
/// ```
///
/// **[The language](guide::language)** is taught by example in the guide, with a table of all layers and a grammar;
/// **[its errors](guide::errors)** have one of their own. In short:
///
/// - **A network** is `struct Name(input: [axes]) -> [axes] { let name = value; … value }`: shapes are those of one sample,
///   channels last. Several inputs and outputs have a name each.
/// - **`value -> Layer -> Layer`** applies layers, **`+ - * /`** and functions such as `concat(a, b)` join values; `->` binds
///   weakest. Input shapes are inferred, the declared outputs are checked.
/// - **`fc: Dense(10)`** names a field and the tensors `fc.weight`, `fc.bias`; `-> fc` applies that layer again.
/// - **Sizes** are numbers, named consts, const expressions, or the network's own `const H: usize` (bare).
/// - **[Layers](layers)** of this crate have one name, [layers of your own](guide::layers) and networks a path: `self::Snake(0.5)`.
///
/// # What it becomes
/// - `pub struct Name<T = f32>`, `#[repr(C)]`, a public field for each layer with parameters; `NameGradient<T>` mirrors what
///   is trained; `NameInput<T>` and `NameOutput<T>` hold several inputs and outputs. `T` is `f32` or `f64`.
/// - `Name::new(seed) -> AlignedBox<Name>` with initial values, `Name::<f64>::with_seed(seed)`, and consts such as `Name::PARAMS`,
///   `FLOPS`, `SUMMARY`.
/// - [`network::Network`], by which it trains, predicts, is saved and loaded; [`layer::Layer`], by which it nests.
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => { $crate::rt::network! { ($crate) $($tokens)* } };
}

/// Weights in the program itself: a file that is checked against a network by the compiler, as `&'static Network`.
///
/// ```
/// use netform::prelude::*;
///
/// network! {
///     struct Controller(state: [4]) -> [1] {
///         state -> Dense(16) -> Tanh -> Dense(16) -> Tanh -> Dense(1)
///     }
/// }
///
/// static CONTROLLER: &Controller = netform::weights!("examples/embedded/controller.safetensors" for Controller);
///
/// let [force] = CONTROLLER.predict(&[0.1, -0.2, 0.05, 0.4]);
/// # assert!(force.is_finite());
/// ```
///
/// The path starts at the folder of `Cargo.toml`. The file is one of safetensors, as
/// [`Weights::save`](io::Weights::save) writes it, with exactly the network's tensors: a file that is not there or cut off, a
/// tensor that is missing, superfluous, or of another shape or data type is an error of `cargo check`. The build runs again when the
/// file changes.
///
/// A tensor that has another name in the file is renamed, the network's name first:
/// `weights!("model.safetensors" for Net, "fc.weight" = "linear.weight")`. A file with PyTorch's order of axes is loaded once
/// with [`Loading::torch`](io::Loading::torch) and saved.
///
/// The network lies in read-only memory, aligned, in the machine's order of bytes; nothing is decoded or copied when the program runs,
/// and neither heap nor standard library is needed.
#[cfg(feature = "embed")]
#[macro_export]
macro_rules! weights {
    ($($tokens:tt)*) => { $crate::rt::weights! { ($crate) $($tokens)* } };
}

pub mod guide;
pub mod prelude;

/// What emitted code calls. Not a part of the public interface.
#[doc(hidden)]
pub mod rt {
    #[cfg(feature = "alloc")]
    extern crate alloc;

    #[cfg(feature = "alloc")]
    pub use nn_core::emitted::seeded;
    pub use nn_core::emitted::{
        Called, Calls, Steps, check_uncoupled, has_tensor, infer_inlined, is_small, largest, nested_backward,
        nested_forward, nested_scratch, nested_tape, refill, starts,
    };
    pub use nn_core::init::Initializer;
    pub use nn_core::io::embedded::{Stored, embed, mismatch};
    pub use nn_core::layer::{
        Activations, Affine, Call, Coupled, Folded, InPlace, Layer, Memory, OpaqueLayer, Pass, Penalised, Pooled, Slot,
        Streamed, Transposed,
    };
    pub use nn_core::network::{
        Direction, Head, LogProbabilities, MemoryPlan, Network, Observer, Probabilities, Scores, Streams,
    };
    pub use nn_core::shapes::{Features, Image, SampleShape, Sequence, Volume};
    pub use nn_core::simd::Aligned;
    #[cfg(feature = "alloc")]
    pub use nn_core::simd::AlignedBox;
    pub use nn_core::summary::{Diagram, LayerRow, flops, summary, training_flops};
    pub use nn_core::tensors::{Marks, Part, count, parameters};
    pub use nn_core::{Random, Scalar, kernels, layers, plain, spec, with_alloc, zeroable};
    pub use nn_macros::network;
    #[cfg(feature = "embed")]
    pub use nn_macros::weights;
}

/// The README's examples, compiled.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
struct Readme;
