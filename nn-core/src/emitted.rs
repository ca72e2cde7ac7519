//! What emitted code calls besides layers and kernels. Not for users.

use core::marker::PhantomData;

use crate::init::Initializer;
use crate::kernels::{self, Join, inline};
use crate::layer::{Activations, Call, InPlace, Layer, Memory, Mode, OpaqueLayer, Pass};
use crate::network::{MemoryPlan, Network, Observer};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::{Isa, Kernel, dispatch};
use crate::spec::ShapeError;
use crate::tensors::{Content, Part, Role};

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

/// The scratch memory of a network inside another one: its own, and room for the batch statistics of layers that couple
/// samples, which a frozen network runs past without using them.
pub const fn nested_scratch(scratch: usize, statistics: usize) -> usize {
    scratch + 2 * statistics
}

/// Fills a layer's tensor anew: the one of this name, or all weights.
pub fn refill<T: Scalar, L: Layer<T>>(
    layer: &mut L,
    tensor: Option<&str>,
    initializer: Initializer,
    random: &mut Random,
) {
    let mut start = 0;
    for part in L::PARTS {
        let Content::Tensor { shape, role } = part.content else { continue };
        let is_meant = tensor.map_or(role == Role::Weight, |tensor| tensor == part.name);
        if is_meant && !shape.is_empty() {
            initializer.fill(&mut layer.as_mut_slice()[start..start + shape.len()], shape, random);
        }
        start += shape.len();
    }
}

/// Whether a layer has a tensor of this name, or a weight: the rule of `#[init(..)]`.
pub const fn has_tensor(parts: &[Part], tensor: Option<&str>) -> bool {
    let mut index = 0;
    while index < parts.len() {
        if let Content::Tensor { role, shape } = parts[index].content
            && !shape.is_empty()
            && match tensor {
                Some(tensor) => same_text(tensor, parts[index].name),
                None => matches!(role, Role::Weight),
            }
        {
            return true;
        }
        index += 1;
    }
    false
}

const fn same_text(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut index = 0;
    while index < left.len() && index < right.len() && left[index] == right[index] {
        index += 1;
    }
    index == left.len() && index == right.len()
}

/// Whether a network with so many additions and multiplications gains from being one function: each layer's choice of the
/// instruction set, and what a kernel for all sizes does at its edges, take as long as some thousands of them.
pub const fn is_small(flops: u64) -> bool {
    flops <= 1 << 17
}

/// A network with few layers, whose forward steps are compiled in two ways.
pub trait Steps<T: Scalar>: Network<T> {
    /// The steps of [`Network::infer`].
    fn infer_steps<Caller: Calls, O: Observer<T>>(
        &self,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        scratch: &mut [T],
        observer: &mut O,
    );
}

/// Predicts for one sample, with all layers inlined into one function for this machine's instruction set.
pub fn infer_inlined<T: Scalar, N: Steps<T>>(network: &N, input: &[T], workspace: &mut [T], scratch: &mut [T]) {
    struct Run;

    impl<T: Scalar, N: Steps<T>> Kernel<(&N, &[T], &mut [T], &mut [T])> for Run {
        type Output = ();

        #[inline(always)]
        fn run<I: Isa>((network, input, workspace, scratch): (&N, &[T], &mut [T], &mut [T])) {
            // From here on all lengths are constants.
            let (input, workspace) = (&input[..N::Input::SHAPE.len()], &mut workspace[..N::INFERENCE.per_sample]);
            network.infer_steps::<Inlined<I>, ()>(&Pass::inference(1), input, workspace, scratch, &mut ());
        }
    }
    dispatch::<Run, _>((network, input, workspace, scratch));
}

/// How forward steps call layers and join values.
pub trait Calls {
    /// [`Layer::forward`]
    fn forward<T: Scalar, L: Layer<T>>(
        layer: &L,
        call: &Call<L::Config>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
    );

    /// [`OpaqueLayer::forward_observed`], where somebody looks on.
    #[inline(always)]
    fn forward_observed<T: Scalar, L: OpaqueLayer<T>, O: Observer<T>>(
        layer: &L,
        call: &Call<L::Config>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
        observer: &mut O,
    ) {
        let _ = observer;
        Self::forward(layer, call, pass, input, output, memory);
    }

    /// [`InPlace::forward_in_place`]
    fn forward_in_place<T: Scalar, L: InPlace<T>>(layer: &L, call: &Call<L::Config>, pass: &Pass, values: &mut [T]);
    /// [`kernels::join`]
    fn join<T: Scalar>(operator: Join, left: &[T], right: &[T], output: &mut [T]);
    /// [`kernels::join_assign`]
    fn join_assign<T: Scalar>(operator: Join, left: &mut [T], right: &[T]);
}

/// Each kernel is a function of its own, and chooses the instruction set itself.
#[derive(Debug)]
pub struct Called;

impl Calls for Called {
    #[inline(always)]
    fn forward<T: Scalar, L: Layer<T>>(
        layer: &L,
        call: &Call<L::Config>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
    ) {
        layer.forward(call, pass, input, output, memory);
    }

    #[inline(always)]
    fn forward_observed<T: Scalar, L: OpaqueLayer<T>, O: Observer<T>>(
        layer: &L,
        call: &Call<L::Config>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
        observer: &mut O,
    ) {
        layer.forward_observed(call, pass, input, output, memory, observer);
    }

    #[inline(always)]
    fn forward_in_place<T: Scalar, L: InPlace<T>>(layer: &L, call: &Call<L::Config>, pass: &Pass, values: &mut [T]) {
        layer.forward_in_place(call, pass, values);
    }

    #[inline(always)]
    fn join<T: Scalar>(operator: Join, left: &[T], right: &[T], output: &mut [T]) {
        kernels::join(operator, left, right, output);
    }

    #[inline(always)]
    fn join_assign<T: Scalar>(operator: Join, left: &mut [T], right: &[T]) {
        kernels::join_assign(operator, left, right);
    }
}

/// Kernels are inlined into a function for one instruction set.
#[derive(Debug)]
pub struct Inlined<I>(PhantomData<I>);

impl<I: Isa> Calls for Inlined<I> {
    #[inline(always)]
    fn forward<T: Scalar, L: Layer<T>>(
        layer: &L,
        call: &Call<L::Config>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
    ) {
        layer.forward_on::<I>(call, pass, input, output, memory);
    }

    #[inline(always)]
    fn forward_in_place<T: Scalar, L: InPlace<T>>(layer: &L, call: &Call<L::Config>, pass: &Pass, values: &mut [T]) {
        layer.forward_in_place_on::<I>(call, pass, values);
    }

    #[inline(always)]
    fn join<T: Scalar>(operator: Join, left: &[T], right: &[T], output: &mut [T]) {
        inline::join::<I, T>(operator, left, right, output);
    }

    #[inline(always)]
    fn join_assign<T: Scalar>(operator: Join, left: &mut [T], right: &[T]) {
        inline::join_assign::<I, T>(operator, left, right);
    }
}

/// Who looks at a network sees of a network inside it the penalties alone.
struct Inside<'o, O>(&'o mut O);

impl<T, O: Observer<T>> Observer<T> for Inside<'_, O> {
    fn penalty(&mut self, penalty: impl FnOnce() -> f64) {
        self.0.penalty(penalty);
    }
}

/// Runs a network that stands inside another one; its workspace is the outer one's tape.
pub fn nested_forward<T: Scalar, N: Network<T>, O: Observer<T>>(
    network: &N,
    call: &Call<()>,
    pass: &Pass,
    input: &[T],
    output: &mut [T],
    memory: Memory<'_, T>,
    observer: &mut O,
) {
    let mut observer = Inside(observer);
    let pass = pass.nested(call.index);
    let Memory { tape, scratch, .. } = memory;
    let plan = match pass.mode {
        Mode::Inference => {
            network.infer(&pass, input, tape, scratch, &mut observer);
            N::INFERENCE
        }
        Mode::Training | Mode::Frozen => {
            let (scratch, statistics, partial) = cut(scratch, N::STATISTICS);
            for segment in 0..N::SEGMENTS {
                network.forward(segment, &pass, input, tape, scratch, statistics, partial, &mut observer);
            }
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
    let (scratch, statistics, partial) = cut(scratch, N::STATISTICS);
    let (mut d_input, mut gradient) = (d_input, gradient);
    for segment in (0..N::SEGMENTS).rev() {
        let (d_input, gradient) = (d_input.as_deref_mut(), gradient.as_deref_mut());
        network.backward(segment, &pass, values.input, tape, scratch, statistics, partial, d_input, gradient, &mut ());
    }
}

/// Scratch memory, statistics that nobody reads, and room for those of a tile.
fn cut<T>(memory: &mut [T], statistics: usize) -> (&mut [T], &[T], &mut [T]) {
    let (scratch, rest) = memory.split_at_mut(memory.len() - 2 * statistics);
    let (statistics, partial) = rest.split_at_mut(statistics);
    (scratch, statistics, partial)
}

/// A network with its default initial values.
#[cfg(feature = "alloc")]
pub fn seeded<T: Scalar, N: Network<T>>(seed: u64) -> crate::simd::AlignedBox<N> {
    let mut network = N::zeroed_box();
    network.initialize(&mut Random::new(seed));
    network
}

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
