//! Help for layers of one's own: a point-wise function is a few lines ([`pointwise!`](crate::pointwise)); a layer with
//! parameters is a declaration ([`sample_layer!`](crate::sample_layer)) and what it does with one sample ([`SampleLayer`]).
//!
//! What these make are ordinary layers: they implement [`Layer`] and [`OpaqueLayer`]. A layer that gains from seeing a whole
//! tile at once implements those by hand, and declares its struct with [`parameters!`](crate::parameters).
//!
//! ```
//! use nn_core::layer::{Activations, Call};
//! use nn_core::network::Scores;
//! use nn_core::own::{Gradients, Sample, SampleLayer};
//! use nn_core::{Random, Scalar};
//!
//! nn_core::sample_layer! {
//!     /// `y = scale · x²`, with a scale for each feature.
//!     pub struct Square<const N: usize>(initial: f64) {
//!         /// The scales.
//!         scale: Weight[N],
//!     }
//! }
//!
//! impl<const N: usize, T: Scalar> SampleLayer<T> for Square<N, T> {
//!     type Kind = Scores;
//!
//!     fn initialize(&mut self, call: &Call<f64>, _random: &mut Random) {
//!         self.scale.fill(T::of(call.config));
//!     }
//!
//!     fn forward(&self, _: Sample<'_, f64, T>, input: &[T], output: &mut [T]) {
//!         for (index, (x, y)) in input.iter().zip(output).enumerate() {
//!             *y = self.scale[index % N] * *x * *x;
//!         }
//!     }
//!
//!     fn backward(&self, _: Sample<'_, f64, T>, values: Activations<'_, T>, mut gradients: Gradients<'_, T, Self>) {
//!         for (index, (x, d)) in values.input.iter().zip(gradients.output).enumerate() {
//!             if let Some(d_input) = &mut gradients.input {
//!                 d_input[index] = *d * self.scale[index % N] * (*x + *x);
//!             }
//!             if let Some(parameters) = &mut gradients.parameters {
//!                 parameters.scale[index % N] += *d * *x * *x;
//!             }
//!         }
//!     }
//! }
//!
//! # use nn_core::{laws::Laws, spec::Shape};
//! let call = |axes: &[usize]| Call::new(Square::<1, f64>::config(0.5), Shape::new(axes), Shape::new(axes), 0);
//! nn_core::gradient_laws! {
//!     Square<1, f64>, Laws::new(call(&[1]), 1);
//!     Square<5, f64>, Laws::new(call(&[2, 5]), 3);
//! }
//! ```

mod parameters;
mod pointwise;
mod sample_layer;
#[cfg(all(test, feature = "alloc"))]
mod tests;

use crate::layer::{Activations, Call, Memory, Mode, Pass};
#[cfg(doc)]
use crate::layer::{Layer, OpaqueLayer};
use crate::network::OutputKind;
use crate::random::{Noise, Random};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::tensors::Part;

/// What [`parameters!`](crate::parameters) and [`sample_layer!`](crate::sample_layer) declare of a layer besides its struct.
pub trait Parameters<T: Scalar>: Plain<T> {
    /// The layer's arguments: `()` for none, the argument's type for one, a tuple for several.
    type Config: Copy + Send + Sync + 'static;
    /// The names, shapes and roles of the fields, in order.
    const TENSORS: &'static [Part];
}

/// A layer that is described by what it does with one sample. Its struct comes from
/// [`sample_layer!`](crate::sample_layer), which makes it a [`Layer`] and an [`OpaqueLayer`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is declared as a layer, but does not say what it computes",
    label = "no layer yet",
    note = "implement `netform::own::SampleLayer` for it"
)]
pub trait SampleLayer<T: Scalar>: Parameters<T> {
    /// What its outputs mean: most layers give [`crate::network::Scores`].
    type Kind: OutputKind;
    /// Scalars that forward leaves for the backward pass of the same sample.
    const TAPE: usize = 0;
    /// Scalars of scratch memory.
    const SCRATCH: usize = 0;

    /// Fills the parameters with their default initial values. They are zero before.
    fn initialize(&mut self, call: &Call<Self::Config>, random: &mut Random) {
        let _ = (call, random);
    }

    /// Computes the whole `output` of one sample from its `input`.
    fn forward(&self, sample: Sample<'_, Self::Config, T>, input: &[T], output: &mut [T]);

    /// Writes the gradient of the input, and adds to those of the parameters, each where it is asked for. `values` are
    /// what forward saw and made.
    fn backward(
        &self,
        sample: Sample<'_, Self::Config, T>,
        values: Activations<'_, T>,
        gradients: Gradients<'_, T, Self>,
    );
}

/// What a layer knows, and may use, while it works on one sample.
#[derive(Debug)]
pub struct Sample<'s, C, T> {
    /// The layer's arguments, and the shapes around it.
    pub call: &'s Call<C>,
    /// Training or inference.
    pub mode: Mode,
    /// Random numbers of this layer and sample: the same in forward and backward, others in each step.
    pub noise: Noise,
    /// `TAPE` scalars that forward writes and backward reads.
    pub tape: &'s mut [T],
    /// `SCRATCH` scalars, which may hold anything before and after.
    pub scratch: &'s mut [T],
}

/// The gradients of one sample.
#[derive(Debug)]
pub struct Gradients<'g, T, P> {
    /// That of the output, as long as the output: the loss's derivative by each of its elements.
    pub output: &'g [T],
    /// To be written: that of the input, as long as the input; nothing where nobody asks.
    pub input: Option<&'g mut [T]>,
    /// To be added to: those of the parameters; nothing for a frozen layer.
    pub parameters: Option<&'g mut P>,
}

impl<'s, C, T> Sample<'s, C, T> {
    /// Whether this is a training step.
    pub const fn is_training(&self) -> bool {
        matches!(self.mode, Mode::Training)
    }

    fn new(call: &'s Call<C>, pass: &Pass, index: usize, tape: usize, memory: &'s mut Memory<'_, T>) -> Self {
        let tape = &mut memory.tape[range(index, tape)];
        Self { call, mode: pass.mode, noise: pass.noise(call.index, index), tape, scratch: memory.scratch }
    }
}

/// One sample of a tile: all of them have this length.
fn range(index: usize, len: usize) -> core::ops::Range<usize> {
    index * len..(index + 1) * len
}

/// Applies a function to each element. Not for users.
#[doc(hidden)]
#[inline]
pub fn map<T: Scalar>(input: &[T], output: &mut [T], value: impl Fn(T) -> T) {
    for (to, from) in output.iter_mut().zip(input) {
        *to = value(*from);
    }
}

/// Multiplies the gradient of each element with the function's derivative there. Not for users.
#[doc(hidden)]
#[inline]
pub fn map_backward<T: Scalar>(
    values: Activations<'_, T>,
    d_output: &[T],
    d_input: &mut [T],
    derivative: impl Fn(T, T) -> T,
) {
    let known = values.input.iter().zip(values.output);
    for ((to, from), (input, output)) in d_input.iter_mut().zip(d_output).zip(known) {
        *to = *from * derivative(*input, *output);
    }
}

/// Asks for what [`sample_layer!`](crate::sample_layer) cannot know. Not for users.
#[doc(hidden)]
pub const fn computes<T: Scalar, L: SampleLayer<T>>() {}

/// The forward pass of a tile, sample by sample. Not for users.
#[doc(hidden)]
pub fn forward_samples<T: Scalar, L: SampleLayer<T>>(
    layer: &L,
    call: &Call<L::Config>,
    pass: &Pass,
    input: &[T],
    output: &mut [T],
    mut memory: Memory<'_, T>,
) {
    for index in 0..pass.samples {
        let sample = Sample::new(call, pass, index, L::TAPE, &mut memory);
        layer.forward(sample, &input[range(index, call.input.len())], &mut output[range(index, call.output.len())]);
    }
}

/// The backward pass of a tile, sample by sample. Not for users.
#[doc(hidden)]
pub fn backward_samples<T: Scalar, L: SampleLayer<T>>(
    layer: &L,
    call: &Call<L::Config>,
    pass: &Pass,
    values: Activations<'_, T>,
    d_output: &[T],
    mut d_input: Option<&mut [T]>,
    mut gradient: Option<&mut L>,
    mut memory: Memory<'_, T>,
) {
    for index in 0..pass.samples {
        let sample = Sample::new(call, pass, index, L::TAPE, &mut memory);
        let [input, output] = [call.input, call.output].map(|shape| range(index, shape.len()));
        let values = Activations { input: &values.input[input.clone()], output: &values.output[output.clone()] };
        let gradients = Gradients {
            output: &d_output[output],
            input: d_input.as_deref_mut().map(|d_input| &mut d_input[input]),
            parameters: gradient.as_deref_mut(),
        };
        layer.backward(sample, values, gradients);
    }
}
