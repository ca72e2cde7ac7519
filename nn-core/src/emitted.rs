//! What emitted code calls besides layers and kernels. Not for users.

use crate::layer::{Activations, Call, Memory, Mode, Pass};
use crate::network::{MemoryPlan, Network};
use crate::scalar::Scalar;
use crate::spec::ShapeError;

/// The largest of some lengths.
pub const fn largest(lengths: &[usize]) -> usize {
    let mut largest = 0;
    let mut index = 0;
    while index < lengths.len() {
        if lengths[index] > largest {
            largest = lengths[index];
        }
        index += 1;
    }
    largest
}

/// Where pieces of these lengths start, one behind the other; and at last where the whole ends.
pub const fn starts<const N: usize>(lengths: &[usize]) -> [usize; N] {
    let mut starts = [0; N];
    let mut index = 0;
    while index < lengths.len() {
        starts[index + 1] = starts[index] + lengths[index];
        index += 1;
    }
    starts
}

/// The rule for a layer of the user's: the step is cut only where the outer network couples samples.
pub const fn check_uncoupled(couples: bool) -> Result<(), ShapeError> {
    if couples { Err(ShapeError::Coupled) } else { Ok(()) }
}

/// The tape of a network inside another one: the workspace that either of its runs needs, for each sample.
pub const fn nested_tape(inference: MemoryPlan, training: MemoryPlan) -> usize {
    largest(&[inference.per_sample, training.per_sample])
}

/// Runs a network that stands inside another one; its workspace is the outer one's tape.
pub fn nested_forward<T: Scalar, N: Network<T>>(
    network: &N,
    call: &Call<()>,
    pass: &Pass,
    input: &[T],
    output: &mut [T],
    memory: Memory<'_, T>,
) {
    let pass = pass.nested(call.index);
    let Memory { tape, scratch, .. } = memory;
    let plan = match pass.mode {
        Mode::Inference => {
            network.infer(&pass, input, tape, scratch, &mut ());
            N::INFERENCE
        }
        Mode::Training => {
            network.forward(0, &pass, input, tape, scratch, &[], &mut [], &mut ());
            N::TRAINING
        }
    };
    output.copy_from_slice(&tape[plan.output.range(pass.samples)]);
}

/// The backward run of a network that stands inside another one.
pub fn nested_backward<T: Scalar, N: Network<T>>(
    network: &N,
    call: &Call<()>,
    pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: Option<&mut [T]>,
    gradient: Option<&mut N::Gradient>,
    memory: Memory<'_, T>,
) {
    let pass = pass.nested(call.index);
    let Memory { tape, scratch, .. } = memory;
    tape[N::TRAINING.d_output.range(pass.samples)].copy_from_slice(d_output);
    network.backward(0, &pass, values.input, tape, scratch, &[], &mut [], d_input, gradient, &mut ());
}

/// A network with its default initial values.
#[cfg(feature = "alloc")]
pub fn seeded<T: Scalar, N: Network<T>>(seed: u64) -> alloc::boxed::Box<N> {
    let mut network = N::zeroed_box();
    network.initialize(&mut crate::Random::new(seed));
    network
}

/// The only field of a network that did not compile.
#[derive(Debug)]
pub struct Broken<T>(core::marker::PhantomData<T>);

/// Keeps items that need the heap, or drops them in a build without `alloc`.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! with_alloc {
    ($($items:tt)*) => { $($items)* };
}

/// Keeps items that need the heap, or drops them in a build without `alloc`.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! with_alloc {
    ($($items:tt)*) => {};
}
