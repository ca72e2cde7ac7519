//! The contract between a layer and the code that `network!` emits.

use crate::network::{Observer, OutputKind};
use crate::random::{Noise, Random};
use crate::scalar::Scalar;
use crate::simd::{Isa, Plain};
use crate::spec::{Activation, MaxPool2d, Shape, Tied};
use crate::tensors::Part;

/// What a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Predictions: dropout is off, running statistics are used.
    Inference,
    /// A training step: dropout is on, statistics come from the batch.
    Training,
    /// The part of a training step that is frozen: it computes as in a prediction, and gradients flow through it.
    Frozen,
}

/// One run of a network over one tile: a few neighbouring samples of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// Training or inference.
    pub mode: Mode,
    /// The number of samples in the tile.
    pub samples: usize,
    /// The position of the tile's first sample in its batch: with `seed`, it fixes all random numbers.
    pub first_sample: usize,
    /// The number of samples in the whole batch.
    pub batch: usize,
    /// Drawn anew for each step.
    pub seed: u64,
    /// Whether a step's gradients start with this pass. A layer that says so ([`LayerInfo::starts`](crate::spec::LayerInfo))
    /// then writes its own, whatever was there, in place of adding to it; all others find zeros.
    pub starts: bool,
}

impl Pass {
    /// A pass that predicts.
    pub const fn inference(samples: usize) -> Self {
        Self { mode: Mode::Inference, samples, first_sample: 0, batch: samples, seed: 0, starts: false }
    }

    /// A pass that trains on a batch which is one tile, and adds to the gradients.
    pub const fn training(samples: usize, seed: u64) -> Self {
        Self { mode: Mode::Training, samples, first_sample: 0, batch: samples, seed, starts: false }
    }

    /// The same pass for a layer whose gradient has been started, or is cleared by others.
    #[must_use]
    pub const fn adding(&self) -> Self {
        Self { starts: false, ..*self }
    }

    /// Whether this is a training step.
    pub const fn is_training(&self) -> bool {
        matches!(self.mode, Mode::Training)
    }

    /// The pass that a frozen layer runs in: in training it computes what it would predict.
    #[must_use]
    pub const fn frozen(&self) -> Self {
        let mode = match self.mode {
            Mode::Inference => Mode::Inference,
            Mode::Training | Mode::Frozen => Mode::Frozen,
        };
        Self { mode, ..*self }
    }

    /// The random numbers of one layer for one sample of the tile: the same whatever tile or thread it runs in.
    pub fn noise(&self, layer: u32, sample: usize) -> Noise {
        Noise::new(self.seed, layer, (self.first_sample + sample) as u64)
    }

    /// The pass that a network inside a network runs in: its layers draw numbers of their own.
    #[must_use]
    pub fn nested(&self, layer: u32) -> Self {
        Self { seed: Noise::new(self.seed, layer, u64::MAX).bits(0), ..*self }
    }

    /// Mutable views of several slots of a workspace at once.
    ///
    /// # Panics
    /// Never for the slots of one memory plan that are alive together: the plan keeps them apart.
    pub fn views<'w, T, const N: usize>(&self, workspace: &'w mut [T], slots: [Slot; N]) -> [&'w mut [T]; N] {
        workspace
            .get_disjoint_mut(slots.map(|slot| slot.range(self.samples)))
            .expect("cannot fail: a memory plan keeps living values apart and inside the workspace")
    }
}

/// Where a value lies in a workspace: `len` scalars a sample, behind `offset` scalars a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Scalars a sample in front of it.
    pub offset: usize,
    /// Scalars a sample.
    pub len: usize,
}

impl Slot {
    /// Nothing.
    pub const EMPTY: Self = Self { offset: 0, len: 0 };

    /// A value with `len` scalars a sample.
    pub const fn new(offset: usize, len: usize) -> Self {
        Self { offset, len }
    }

    /// Its place in a workspace for this many samples.
    pub const fn range(&self, samples: usize) -> core::ops::Range<usize> {
        self.offset * samples..(self.offset + self.len) * samples
    }
}

/// One use of a layer in a network: its arguments and the shapes around it, all constants.
#[derive(Clone, Copy, Debug)]
pub struct Call<C> {
    /// The layer's arguments.
    pub config: C,
    /// The shape of one sample that comes in.
    pub input: Shape,
    /// The shape of one sample that goes out.
    pub output: Shape,
    /// A point-wise function that the layer applies to its result; only affine layers are asked to.
    pub activation: Activation,
    /// The layer's number in its network: random numbers are drawn from it.
    pub index: u32,
}

impl<C> Call<C> {
    /// A call without a fused activation.
    pub const fn new(config: C, input: Shape, output: Shape, index: u32) -> Self {
        Self { config, input, output, activation: Activation::Identity, index }
    }

    /// The same call, that also applies a point-wise function.
    #[must_use]
    pub const fn with_activation(mut self, activation: Activation) -> Self {
        self.activation = activation;
        self
    }
}

impl<C: Copy> Call<C> {
    /// The same call for a sequence of one step, where the first axis is time.
    #[must_use]
    pub const fn one_step(&self) -> Self {
        Self { input: self.input.with_dim(0, 1), output: self.output.with_dim(0, 1), ..*self }
    }
}

/// Memory that a call may use besides its input and output.
#[derive(Debug)]
pub struct Memory<'m, T> {
    /// `TAPE` scalars a sample that forward writes and the backward pass of the same tile reads.
    pub tape: &'m mut [T],
    /// Scratch memory: holds nothing before and after the call.
    pub scratch: &'m mut [T],
    /// The statistics over the whole batch, for a layer that couples samples; empty for all others and in inference.
    pub statistics: &'m [T],
}

impl<T> Memory<'_, T> {
    /// No memory at all.
    pub fn none() -> Self {
        Self { tape: &mut [], scratch: &mut [], statistics: &[] }
    }
}

/// A layer: a plain struct of parameters (an empty one where it has none), and what it computes.
///
/// Inputs and outputs are slices of whole tiles: `pass.samples` samples, one behind the other, each of
/// `call.input.len()` (`call.output.len()`) scalars, channels last.
pub trait Layer<T: Scalar>: Plain<T> {
    /// The layer's arguments: for a built-in layer, its description in [`crate::spec`].
    type Config: Copy + Send + Sync + 'static;
    /// The gradients: a struct like this one, with the trainable fields only.
    type Gradient: Plain<T>;

    /// The names, shapes and roles of the fields, in order.
    const PARTS: &'static [Part];

    /// Fills the parameters with their default initial values. They are zero before.
    fn initialize(&mut self, call: &Call<Self::Config>, random: &mut Random) {
        let _ = (call, random);
    }

    /// Computes `output` from `input`, and leaves in `memory.tape` what the backward pass wants.
    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>);

    /// As [`Layer::forward`], for a small network that is compiled for an instruction set as a whole: inlined, and without
    /// a choice of its own where a layer has such a form. Results may differ in rounding.
    #[doc(hidden)]
    #[inline(always)]
    fn forward_on<I: Isa>(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
    ) {
        self.forward(call, pass, input, output, memory);
    }

    /// Adds to `gradient`, and writes (not adds) `d_input`, each where it is asked for: a frozen layer has no `gradient`. See
    /// [`Pass::starts`] for what may be written instead.
    ///
    /// `input` and `output` hold what forward saw, as far as the layer's description says that backward reads them;
    /// else they are empty. `d_output` may be overwritten.
    fn backward(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        memory: Memory<'_, T>,
    );
}

/// A layer whose output may take the place of its input: the one that the compiler calls where nobody else reads the input
/// any more. Its description's form is [`crate::spec::Form::Pointwise`] or [`crate::spec::Form::Elementwise`].
pub trait InPlace<T: Scalar>: Layer<T> {
    /// As [`Layer::forward`]; `values` holds the input before and the output after.
    fn forward_in_place(&self, call: &Call<Self::Config>, pass: &Pass, values: &mut [T]);

    /// As [`Layer::forward_on`].
    #[doc(hidden)]
    #[inline(always)]
    fn forward_in_place_on<I: Isa>(&self, call: &Call<Self::Config>, pass: &Pass, values: &mut [T]) {
        self.forward_in_place(call, pass, values);
    }

    /// As [`Layer::backward`]; `gradient` holds that of the output before and that of the input after.
    fn backward_in_place(&self, call: &Call<Self::Config>, pass: &Pass, values: Activations<'_, T>, gradient: &mut [T]);
}

/// What forward saw and made, for the backward pass.
#[derive(Clone, Copy, Debug)]
pub struct Activations<'v, T> {
    /// The input of forward; empty when the layer does not read it backward.
    pub input: &'v [T],
    /// The output of forward; empty when the layer does not read it backward.
    pub output: &'v [T],
}

/// A layer that the compiler does not know: a user's own, or a network inside a network.
///
/// In `network!` it is written by its path, `self::Snake<_>(0.5)`: each `_` stands for an axis of the input, the scalar
/// is appended as the last generic argument, and the arguments in parentheses go to an inherent
/// `const fn config(..) -> Config`. An inherent `const fn out_shape(config: &Config, input: Shape)` is its shape rule.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a `network!`",
    label = "not a layer",
    note = "implement `netform::Layer` and `netform::OpaqueLayer` for it, or use a built-in layer"
)]
pub trait OpaqueLayer<T: Scalar>: Layer<T> {
    /// What its outputs mean: most layers give [`crate::network::Scores`].
    type Kind: OutputKind;
    /// Scalars a sample that forward leaves for backward.
    const TAPE: usize = 0;
    /// Scalars of scratch memory.
    const SCRATCH: usize = 0;
    /// Whether samples of a batch influence each other. Such a layer cannot stand inside another network, unless it is
    /// frozen there.
    const COUPLES: bool = false;
    /// Additions and multiplications of one sample forward, for the table of layers.
    const FLOPS: u64 = 0;
    /// Whether it is a network with layers that ask for more loss.
    const PENALISES: bool = false;

    /// As [`Layer::forward`], and tells of the penalties on values inside.
    #[inline]
    fn forward_observed<O: Observer<T>>(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
        observer: &mut O,
    ) {
        let _ = observer;
        self.forward(call, pass, input, output, memory);
    }

    /// Of a network: folds the norms in it, as [`fold_batch_norms`](crate::network::Network::fold_batch_norms) does, and
    /// returns how many there were.
    fn fold_inside(&mut self) -> usize {
        0
    }
}

/// A layer whose weights can also be used the other way round, from its outputs to its inputs: tied weights. In
/// `network!`, `-> Tied(embed)` uses those of the layer `embed`.
pub trait Transposed<T: Scalar>: Layer<T> {
    /// Computes `output` from `input`: as [`Layer::forward`], but with the transposed weights and without a bias.
    fn forward_transposed(&self, call: &Call<Tied>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>);

    /// Adds to the gradient of the same weights: as [`Layer::backward`]. `values.input` is read, `values.output` only where
    /// the call has a fused activation.
    fn backward_transposed(
        &self,
        call: &Call<Tied>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        memory: Memory<'_, T>,
    );
}

/// A layer that goes through a sequence one step after the other, and keeps a state of what came before. Its
/// description's [`spec::Stream`](crate::spec::Stream) is `Carries`.
pub trait Streamed<T: Scalar>: Layer<T> {
    /// Computes one step of one sample: what [`Layer::forward`] gives for it in inference, where the steps before are those
    /// that this `state` has seen.
    ///
    /// `call` is that of the whole sequence. `position` counts the steps from 0; where the layer is bounded it is less than
    /// the sequence's length. `input` and `output` are those of the step. `state` has `config.state(call.input)` scalars, zero
    /// before step 0.
    fn step(
        &self,
        call: &Call<Self::Config>,
        position: usize,
        input: &[T],
        state: &mut [T],
        output: &mut [T],
        scratch: &mut [T],
    );
}

/// A layer whose kernel can also take the largest elements of windows: what `Conv2d -> Relu -> MaxPool2d` is compiled to.
///
/// `call` is the layer's own, with an activation that may have stood on either side of the pool; `pool` describes windows
/// that lie side by side inside the layer's result. That result itself exists nowhere: `output` and `d_output` are the pool's.
/// In training, `memory.tape` holds a scalar for each output, with the place of the largest element in its window; where it
/// is empty, no backward pass will follow.
pub trait Pooled<T: Scalar>: Layer<T> {
    /// Computes the pool's output from the layer's input.
    fn forward_pooled(
        &self,
        call: &Call<Self::Config>,
        pool: &Call<MaxPool2d>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
    );

    /// As [`Layer::backward`], from the gradient of the pool's output. `values.output` is read only where the call has an
    /// activation.
    fn backward_pooled(
        &self,
        call: &Call<Self::Config>,
        pool: &Call<MaxPool2d>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        memory: Memory<'_, T>,
    );
}

/// A layer that multiplies and adds, and whose output has channels of its own along the last axis: each of them can be scaled
/// and shifted by changing parameters alone. Its description's form is [`crate::spec::Form::Affine`].
pub trait Affine<T: Scalar>: Layer<T> {
    /// Changes the parameters so that channel `c` gives `scale[c]` times what it gave, and `shift[c]` more. Where the layer has
    /// no bias, only the first; else `shift` is zero afterwards.
    fn scale_and_shift(&mut self, scale: &[T], shift: &mut [T]);
}

/// A layer that scales and shifts channels in predictions, and can hand this over to the [`Affine`] one in front of it. Its
/// description has [`crate::spec::LayerInfo::folds`].
pub trait Folded<T: Scalar>: Layer<T> {
    /// Hands over: predictions of both layers together stay as they are, this one does nothing any more, or only shifts.
    fn fold_into(&mut self, call: &Call<Self::Config>, affine: &mut impl Affine<T>);
}

/// A layer that adds a penalty on its values to the loss. Its description has [`crate::spec::LayerInfo::penalises`].
pub trait Penalised<T: Scalar>: Layer<T> {
    /// The sum of the penalties of all samples of a tile, from what they gave out; their mean over the batch joins the loss. Its
    /// gradient is added by [`Layer::backward`], in training.
    fn penalty(&self, call: &Call<Self::Config>, output: &[T]) -> f64;
}

/// A layer whose result for one sample depends on the other samples of the batch: the training step is cut there.
///
/// Each tile gives partial statistics; they are merged in the order of the tiles; then every tile goes on with the
/// whole batch's.
pub trait Coupled<T: Scalar>: Layer<T> {
    /// Scalars of forward statistics.
    fn forward_statistics_len(call: &Call<Self::Config>) -> usize;
    /// Scalars of backward statistics.
    fn backward_statistics_len(call: &Call<Self::Config>) -> usize;
    /// The statistics of one tile's input.
    fn forward_statistics(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], partial: &mut [T]);
    /// Merges the statistics of later samples (`right`) into those of earlier ones (`left`).
    fn merge_forward(call: &Call<Self::Config>, left: &mut [T], right: &[T]);
    /// The sums over one tile that the gradient of every sample needs. `statistics` are the batch's forward ones.
    fn backward_statistics(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        input: &[T],
        d_output: &[T],
        statistics: &[T],
        partial: &mut [T],
    );
    /// Merges the backward sums of later samples into those of earlier ones.
    fn merge_backward(call: &Call<Self::Config>, left: &mut [T], right: &[T]);
    /// Moves the running state by the statistics of a batch, once its step is accepted.
    fn commit(&mut self, call: &Call<Self::Config>, statistics: &[T]);
}
