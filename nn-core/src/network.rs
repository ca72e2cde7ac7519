//! The contract between an emitted network and what runs it: training, prediction, files.

use crate::layer::{Pass, Slot};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;
use crate::spec::Shape;
use crate::tensors::Part;

/// What a network's outputs mean, as a type: [`Scores`], [`Probabilities`] or [`LogProbabilities`] for a network with one
/// output, a tuple of [`Head`]s for one with several.
pub trait OutputKind: Copy + core::fmt::Debug + Send + Sync + 'static {}

macro_rules! output_kinds {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl OutputKind for $name {}
    )*};
}

output_kinds! {
    /// Any real numbers: logits, regression values. The output of every layer but the three below.
    Scores;
    /// Numbers in [0, 1]: the output of `Softmax` or `Sigmoid`.
    Probabilities;
    /// Logarithms of probabilities: the output of `LogSoftmax`.
    LogProbabilities;
}

/// One output: its kind and its shape. Losses and metrics ask for one, [`Whole`].
///
/// The outputs of a network with several lie one behind the other for each sample. Its [`Network::Kind`] is a tuple of
/// heads in this order, such as `(Head<Scores, Features<10>>, Head<Probabilities, Features<4>>)`, and its
/// [`Network::Output`] is a shape of all their scalars, whose array is a struct with a field for each.
#[derive(Clone, Copy, Debug)]
pub struct Head<K, S>(core::marker::PhantomData<(K, S)>);

/// The whole output of a network, as losses and metrics see it.
pub type Whole<T, N> = Head<<N as Network<T>>::Kind, <N as Network<T>>::Output>;

impl<K: OutputKind, S: SampleShape> OutputKind for Head<K, S> {}

macro_rules! several_outputs {
    ($(($($kind:ident $shape:ident)+))*) => {$(
        impl<$($kind: OutputKind, $shape: SampleShape),+> OutputKind for ($(Head<$kind, $shape>,)+) {}
    )*};
}

several_outputs! {
    (A R B S)
    (A R B S C U)
    (A R B S C U D V)
    (A R B S C U D V E W)
    (A R B S C U D V E W F X)
}

/// How a network lays out its values in one flat workspace; made by the macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryPlan {
    /// Scalars for each sample of a tile.
    pub per_sample: usize,
    /// Scalars of scratch memory, whatever the number of samples.
    pub scratch: usize,
    /// Scalars of scratch memory for a single sample.
    pub single: usize,
    /// Where the network's output lies after the forward pass.
    pub output: Slot,
    /// Where the loss writes the gradient of the output; empty in inference.
    pub d_output: Slot,
}

impl MemoryPlan {
    /// The length of a workspace for tiles of up to this many samples, without scratch memory.
    pub const fn len(&self, samples: usize) -> usize {
        self.per_sample * samples
    }

    /// Whether the network needs no memory at all.
    pub const fn is_empty(&self) -> bool {
        self.per_sample == 0 && self.scratch == 0
    }
}

/// Looks at the values and gradients of a running network, by name. `()` looks at nothing, and costs nothing.
///
/// Values are those of a tile; of layers that are fused into one kernel only the last is seen, under the first one's name.
/// A network inside a network is seen from outside.
pub trait Observer<T> {
    /// A pass begins.
    fn begin(&mut self) {}

    /// A layer, or an operation, has made its value: `shape.len()` scalars for each sample of the tile.
    fn value(&mut self, name: &'static str, shape: Shape, values: &[T]) {
        let _ = (name, shape, values);
    }

    /// A layer asks for more loss: so much as `penalty` gives, summed over the samples of the tile. Nothing is computed unless
    /// that is called.
    fn penalty(&mut self, penalty: impl FnOnce() -> f64) {
        let _ = penalty;
    }

    /// The gradient of a value is complete, and what made it is about to use it.
    fn gradient(&mut self, name: &'static str, shape: Shape, values: &[T]) {
        let _ = (name, shape, values);
    }

    /// The backward step of a layer, or an operation, is done.
    fn done(&mut self, name: &'static str) {
        let _ = name;
    }
}

impl<T> Observer<T> for () {}

/// Which way a pass runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the input to the output.
    Forward,
    /// From the loss to the parameters.
    Backward,
}

/// A network: its parameters and state in one plain struct, and emitted code that runs it over tiles of samples.
///
/// `network!` implements it. A training step is cut into [`Network::SEGMENTS`] segments at the layers that couple
/// samples (one segment when there are none):
///
/// 1. for each segment in order, [`Network::forward`] on every tile, each with its own `partial` statistics;
/// 2. after each but the last, the tiles' partial statistics are merged in tile order with [`Network::merge`];
///    the merged ones are the `statistics` of the next segment;
/// 3. the loss writes `TRAINING.d_output` in every tile's workspace;
/// 4. for each segment in reverse, [`Network::backward`] on every tile, and merging again before each earlier segment.
///
/// A tile's workspace lives from its first forward segment to its last backward one.
pub trait Network<T: Scalar>: Plain<T> {
    /// The shape of one input sample.
    type Input: SampleShape;
    /// The shape of one output.
    type Output: SampleShape;
    /// What the outputs mean.
    type Kind: OutputKind;
    /// The gradients: the trainable parameters' mirror.
    type Gradient: Plain<T>;

    /// The struct's name.
    const NAME: &'static str;
    /// The named layers with parameters, in memory order.
    const PARTS: &'static [Part];
    /// The workspace of a prediction.
    const INFERENCE: MemoryPlan;
    /// The workspace of a training step.
    const TRAINING: MemoryPlan;
    /// How many segments a training step has.
    const SEGMENTS: usize;
    /// Scalars of batch statistics, all coupling layers together, forward and backward.
    const STATISTICS: usize;
    /// Whether layers ask for more loss: they tell an observer ([`Observer::penalty`]).
    const PENALISES: bool = false;
    /// Additions and multiplications of one prediction; 0 where they are not known.
    const ARITHMETIC: u64 = 0;

    /// Fills the parameters (zero before) with each layer's default initial values.
    fn initialize(&mut self, random: &mut Random);

    /// Predicts for one tile: `input` holds `pass.samples` samples; the result lies in `INFERENCE.output`.
    ///
    /// `workspace` holds at least `INFERENCE.len(pass.samples)` scalars, `scratch` at least `INFERENCE.scratch`.
    fn infer<O: Observer<T>>(&self, pass: &Pass, input: &[T], workspace: &mut [T], scratch: &mut [T], observer: &mut O);

    /// As [`Network::infer`] for one sample. A small network runs as one inlined function then, without a choice of the
    /// instruction set for each layer: results may differ from those of `infer` in rounding.
    #[inline]
    fn infer_one(&self, input: &[T], workspace: &mut [T], scratch: &mut [T]) {
        self.infer(&Pass::inference(1), input, workspace, scratch, &mut ());
    }

    /// Runs one segment of a training step forward on one tile.
    fn forward<O: Observer<T>>(
        &self,
        segment: usize,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        scratch: &mut [T],
        statistics: &[T],
        partial: &mut [T],
        observer: &mut O,
    );

    /// Runs one segment of a training step backward on one tile: adds to `gradient`, and writes `d_input`, each if asked
    /// to.
    fn backward<O: Observer<T>>(
        &self,
        segment: usize,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        scratch: &mut [T],
        statistics: &[T],
        partial: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        observer: &mut O,
    );

    /// Merges the partial statistics of later tiles (`right`) into those of earlier ones (`left`), after a segment that
    /// ran in this direction. Both are [`Network::STATISTICS`] long; only the segment's own range is touched.
    fn merge(segment: usize, direction: Direction, left: &mut [T], right: &[T]);

    /// Moves the running statistics by those of a batch, once the step is accepted.
    fn commit(&mut self, statistics: &[T]);

    /// Folds each `BatchNorm` that stands directly behind a `Dense` layer, a convolution or another layer of this kind, and is
    /// the only one to read it, into that layer's parameters: for predictions of a network whose training has ended. Returns
    /// how many there were.
    ///
    /// Predictions stay the same up to rounding. The layer in front has a bias, or else the norm keeps a shift, and with it its
    /// work; a norm without a shift costs a copy. Training must not go on afterwards, because a training step normalises by the
    /// batch, whatever has been folded. Networks inside this one fold those in them. Norms behind a layer that is applied several
    /// times or whose weights are tied are left alone, so is one behind a network inside this one.
    fn fold_batch_norms(&mut self) -> usize {
        0
    }
}

/// A network that can go through its input one step after the other, with a state in between: the first axis of the input is
/// time. `network!` implements it for a network with `#[stream]`; [`Stream`](crate::predict::Stream) drives it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not go through a sequence step by step",
    label = "expected a network with `#[stream]`",
    note = "write `#[stream]` in front of the network's `struct`",
    note = "of a network in a box: `Stream::new(&*network)`"
)]
pub trait Streams<T: Scalar>: Network<T> {
    /// The shape of one step of the input: the input's without its first axis. Of several inputs a struct, for a network `Net` a
    /// `NetStepInput`, with a field for each.
    type StepInput: SampleShape;
    /// The shape of what one step gives: the output's without its first axis, or the whole output where that is made of the
    /// last state. Of several outputs a struct, for a network `Net` a `NetStep`, with a field for each.
    type StepOutput: SampleShape;

    /// Scalars of state: what all layers together keep from step to step.
    const STATE: usize;
    /// The workspace of a step.
    const STEP: MemoryPlan;
    /// The number of steps, where that is limited: by what attention can look back to, or by learned positions.
    const LONGEST: Option<usize>;

    /// One step: number `position` from 0, less than [`Streams::LONGEST`]. `state` is zero before step 0; the result lies in
    /// `STEP.output`. Called by [`Stream`](crate::predict::Stream).
    #[doc(hidden)]
    fn run_step(&self, position: usize, input: &[T], state: &mut [T], workspace: &mut [T], scratch: &mut [T]);
}
