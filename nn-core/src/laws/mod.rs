//! What every layer must obey, as tests: the gradients of a layer are those of its forward pass, and neither tiles nor
//! what lies in memory matter. For the layers of this crate and for a user's own, by [`gradient_laws!`](crate::gradient_laws).
//!
//! ```
//! use nn_core::layer::{Call, Layer, Memory, Pass, Activations};
//! use nn_core::laws::Laws;
//! use nn_core::spec::Shape;
//! use nn_core::tensors::{Part, Role};
//! use nn_core::{Scalar, gradient_laws};
//!
//! /// `y = scale · x²`, with a scale for each feature.
//! #[repr(C)]
//! struct Square<const N: usize, T> {
//!     scale: [T; N],
//! }
//! nn_core::plain! { impl[const N: usize, T] Square<N, T> { scale: [T; N] } }
//!
//! impl<const N: usize, T: Scalar> Layer<T> for Square<N, T> {
//!     type Config = ();
//!     type Gradient = Self;
//!     const PARTS: &'static [Part] = &[Part::tensor("scale", Shape::new(&[N]), Role::Weight)];
//!
//!     fn forward(&self, _: &Call<()>, _: &Pass, input: &[T], output: &mut [T], _: Memory<'_, T>) {
//!         for (index, (y, x)) in output.iter_mut().zip(input).enumerate() {
//!             *y = self.scale[index % N] * *x * *x;
//!         }
//!     }
//!
//!     fn backward(
//!         &self,
//!         _: &Call<()>,
//!         _: &Pass,
//!         values: Activations<'_, T>,
//!         d_output: &mut [T],
//!         mut d_input: Option<&mut [T]>,
//!         mut gradient: Option<&mut Self>,
//!         _: Memory<'_, T>,
//!     ) {
//!         for (index, (d, x)) in d_output.iter().zip(values.input).enumerate() {
//!             if let Some(gradient) = &mut gradient {
//!                 gradient.scale[index % N] += *d * *x * *x;
//!             }
//!             if let Some(d_input) = &mut d_input {
//!                 d_input[index] = *d * self.scale[index % N] * (*x + *x);
//!             }
//!         }
//!     }
//! }
//!
//! let call = |features: usize| Call::new((), Shape::new(&[features]), Shape::new(&[features]), 0);
//! gradient_laws! {
//!     Square<1, f64>, Laws::new(call(1), 1);
//!     Square<5, f64>, Laws::new(call(5), 3);
//! }
//! ```
//!
//! Losses have laws of their own, `losses::LossLaws`.
//!
//! # The laws
//! With random parameters, random inputs and random weights `w`, let `f = Σ w · output`.
//! 1. **Gradients**: `backward` gives the derivatives of `f` by every input and every trainable parameter. They are held
//!    against central differences of fourth order (Richardson's extrapolation of two steps) in f64, and may differ by
//!    [`TOLERANCE`], relative to the difference quotient or to 1e-3, whichever is larger. Where `f` has a kink within reach
//!    of a step, which forward passes alone show, everything is drawn anew.
//! 2. **Memory**: `output` and `d_input` are written whole, whatever stood in them; gradients are added to what stood in
//!    them; scratch memory may hold anything before.
//! 3. **Nobody asks**: without `d_input` the parameters' gradients are the same, and without `gradient` that of the input.
//! 4. **Tiles**: the batch in one tile, sample by sample, or cut unevenly gives the same; an empty tile adds nothing. For
//!    layers that couple samples, the statistics of the tiles are merged in order, as a training step does it.

mod statistics;
#[cfg(test)]
mod tests;
mod trial;

use alloc::format;
use alloc::string::String;

use crate::layer::{Call, Coupled, Layer, Mode};
use crate::random::Random;
use crate::simd::Plain;
use crate::spec::Reads;
use crate::tensors::count;
use statistics::{Apart, Statistics, Together};
use trial::Trial;

/// The largest relative difference between a gradient and its difference quotient.
pub const TOLERANCE: f64 = 1e-6;
/// The largest relative difference between two ways to compute the same thing.
pub(crate) const ROUNDING: f64 = 1e-9;
/// The larger of the two steps of a difference quotient: small, so that it seldom meets a kink, and large enough that
/// rounding stays near 1e-11.
const STEP: f64 = 1.0 / 8192.0;
/// How far quotients of different steps may be apart where the function is smooth.
const SMOOTH: f64 = 3e-7;
/// How often everything is drawn anew before the function counts as nowhere smooth.
const ATTEMPTS: u64 = 20;

/// A law that a layer can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Law {
    /// `PARTS` list all fields, and the gradient has the trainable ones.
    #[error("`PARTS` and the structs disagree on the number of scalars")]
    Parts,
    /// Outputs are written whole.
    #[error("a pass left an element unwritten, or made a NaN")]
    Written,
    /// Gradients of parameters are sums.
    #[error("backward must add to the gradient, not overwrite it")]
    Added,
    /// The gradients of parameters do not depend on who asks for that of the input, nor the other way round.
    #[error("asked for one gradient alone, backward gives another one")]
    Unasked,
    /// A batch may be cut anywhere.
    #[error("cut into other tiles, the batch gives another result")]
    Tiles,
    /// Backward is the derivative of forward.
    #[error("backward is not the derivative of forward")]
    Gradient,
    /// Settings are in their range.
    #[error("a setting is out of range")]
    Settings,
    /// Forward has derivatives.
    #[error("no difference quotient settles: forward jumps, is rounded, or has kinks everywhere")]
    Smooth,
}

/// A layer does not obey a law.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{law}: {element} is {found:e}, expected {expected:e}")]
pub struct LawViolation {
    /// Which law.
    pub law: Law,
    /// Where it shows: `d_input[3]`, `d weight[17]`.
    pub element: String,
    /// What the layer gave.
    pub found: f64,
    /// What the law asks for.
    pub expected: f64,
}

/// One check: a call, a number of samples, and how the layer is used.
#[derive(Clone, Copy, Debug)]
pub struct Laws<C> {
    call: Call<C>,
    samples: usize,
    reads: Reads,
    tape: usize,
    scratch: usize,
    inputs: [f64; 2],
    mode: Mode,
    seed: u64,
}

impl<C: Copy> Laws<C> {
    /// Checks in training mode, with inputs in [-2, 2), and without tape or scratch memory.
    pub const fn new(call: Call<C>, samples: usize) -> Self {
        let reads = Reads { input: true, output: true };
        Self { call, samples, reads, tape: 0, scratch: 0, inputs: [-2.0, 2.0], mode: Mode::Training, seed: 1 }
    }

    /// What backward is given; the input and the output when not said. The output is always given where the call has a
    /// fused activation.
    #[must_use]
    pub const fn reads(mut self, reads: Reads) -> Self {
        self.reads = reads;
        self
    }

    /// Scalars of tape a sample.
    #[must_use]
    pub const fn tape(mut self, len: usize) -> Self {
        self.tape = len;
        self
    }

    /// Scalars of scratch memory.
    #[must_use]
    pub const fn scratch(mut self, len: usize) -> Self {
        self.scratch = len;
        self
    }

    /// Where inputs are drawn from: `[low, high)`.
    #[must_use]
    pub const fn inputs(mut self, low: f64, high: f64) -> Self {
        self.inputs = [low, high];
        self
    }

    /// The mode of the passes.
    #[must_use]
    pub const fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Other random numbers.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Checks a layer that takes each sample by itself.
    ///
    /// # Errors
    /// The first law that is broken, and where.
    pub fn check<L: Layer<f64, Config = C>>(&self) -> Result<(), LawViolation> {
        self.run::<L, Apart>()
    }

    /// Checks a layer that couples samples: tiles give statistics, which are merged in order.
    ///
    /// # Errors
    /// The first law that is broken, and where.
    pub fn check_coupled<L: Coupled<f64, Config = C>>(&self) -> Result<(), LawViolation> {
        self.run::<L, Together>()
    }

    fn run<L: Layer<f64, Config = C>, S: Statistics<L>>(&self) -> Result<(), LawViolation> {
        check_parts::<L>()?;
        until_smooth(self.seed, |random| {
            let mut trial = Trial::<L, S>::draw(self, random);
            trial.check_memory()?;
            trial.check_tiles()?;
            trial.check_gradients()
        })
    }
}

fn check_parts<L: Layer<f64>>() -> Result<(), LawViolation> {
    let all = [count(L::PARTS, false) as f64, count(L::PARTS, true) as f64];
    compare(Law::Parts, "length of the struct and its gradient", &[L::LEN as f64, L::Gradient::LEN as f64], &all, 0.0)
}

/// Draws everything anew until a check meets no kink, of which it says `false`.
pub(crate) fn until_smooth(
    seed: u64,
    mut check: impl FnMut(Random) -> Result<bool, LawViolation>,
) -> Result<(), LawViolation> {
    for attempt in 0..ATTEMPTS {
        if check(Random::new(seed.wrapping_add(attempt)))? {
            return Ok(());
        }
    }
    let element = format!("the number of smooth points in {ATTEMPTS} tries");
    Err(LawViolation { law: Law::Smooth, element, found: 0.0, expected: 1.0 })
}

/// The derivative of a function at a place, from how much it rises a step away; `None` near a kink, where quotients of different
/// steps (or the two sides) disagree.
pub(crate) fn quotient(mut rise: impl FnMut(f64) -> f64) -> Option<f64> {
    let [far_left, left, right, far_right] = [-STEP, -STEP / 2.0, STEP / 2.0, STEP].map(&mut rise);
    let wide = (far_right - far_left) / (2.0 * STEP);
    let narrow = (right - left) / STEP;
    let bend = ((far_right + far_left) - 4.0 * (right + left)) / STEP;
    let smooth = (wide - narrow).abs().max(bend.abs()) <= SMOOTH * (1.0 + narrow.abs());
    smooth.then_some((4.0 * narrow - wide) / 3.0)
}

/// Whether a derivative is that which difference quotients give.
pub(crate) fn is_derivative(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= TOLERANCE * expected.abs().max(1e-3)
}

/// No value must be NaN, as what nobody writes is.
pub(crate) fn check_written(name: &str, values: &[f64]) -> Result<(), LawViolation> {
    match values.iter().position(|value| value.is_nan()) {
        Some(index) => {
            let element = format!("{name}[{index}]");
            Err(LawViolation { law: Law::Written, element, found: f64::NAN, expected: 0.0 })
        }
        None => Ok(()),
    }
}

/// `found` must equal `expected`, up to a tolerance relative to `expected` or 1, whichever is larger.
pub(crate) fn compare(
    law: Law,
    name: &str,
    found: &[f64],
    expected: &[f64],
    tolerance: f64,
) -> Result<(), LawViolation> {
    for (index, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let near = (found - expected).abs() <= tolerance * expected.abs().max(1.0);
        if !near {
            return Err(LawViolation { law, element: format!("{name}[{index}]"), found, expected });
        }
    }
    Ok(())
}

/// Asserts that layers obey the laws of [`laws`](crate::laws): a list of `Layer<..>, Laws::new(call, samples);`, each with
/// the word `coupled` in front where the layer couples samples.
///
/// # Panics
/// At the first law that is broken, with the layer, the element and both numbers.
#[macro_export]
macro_rules! gradient_laws {
    () => {};
    (coupled $layer:ty, $laws:expr; $($rest:tt)*) => {
        if let Err(violation) = $laws.check_coupled::<$layer>() {
            ::core::panic!("`{}` breaks a law. {violation}", ::core::stringify!($layer));
        }
        $crate::gradient_laws! { $($rest)* }
    };
    ($layer:ty, $laws:expr; $($rest:tt)*) => {
        if let Err(violation) = $laws.check::<$layer>() {
            ::core::panic!("`{}` breaks a law. {violation}", ::core::stringify!($layer));
        }
        $crate::gradient_laws! { $($rest)* }
    };
}
