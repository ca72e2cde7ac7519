use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::batch::Batch;
use crate::data::Label;
use crate::data::augment::Spare;
use crate::layer::Pass;
use crate::losses::{Loss, OutputGradient};
use crate::metrics::MetricSet;
use crate::network::{MemoryPlan, Network, Observer, Whole};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::AlignedBox;
use crate::spec::Shape;

/// What outputs are held to.
pub(super) struct Goal<'g, L, M> {
    pub(super) loss: &'g L,
    pub(super) metrics: &'g M,
}

impl<L, M> Clone for Goal<'_, L, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L, M> Copy for Goal<'_, L, M> {}

/// Sums over samples.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) samples: usize,
    /// What the samples count in the mean of the loss: known of whole batches, not of tiles.
    pub(super) weight: f64,
    pub(super) loss: f64,
    pub(super) metrics: Vec<f64>,
}

/// Adds up penalties on values in a forward pass, while someone else looks on.
pub(super) struct Penalties<'o, O> {
    pub(super) sum: f64,
    observer: &'o mut O,
}

impl<'o, O> Penalties<'o, O> {
    pub(super) fn beside(observer: &'o mut O) -> Self {
        Self { sum: 0.0, observer }
    }
}

impl<T, O: Observer<T>> Observer<T> for Penalties<'_, O> {
    fn begin(&mut self) {
        self.observer.begin();
    }

    fn value(&mut self, name: &'static str, shape: Shape, values: &[T]) {
        self.observer.value(name, shape, values);
    }

    fn penalty(&mut self, penalty: impl FnOnce() -> f64) {
        let penalty = penalty();
        self.sum += penalty;
        self.observer.penalty(|| penalty);
    }
}

/// What penalties are in a sum that is divided by the samples' weight: their mean over the samples remains.
pub(super) fn share_of_loss(penalties: f64, weight: f64, samples: usize) -> f64 {
    penalties * weight / samples.max(1) as f64
}

/// One over the sum of the weights of a batch; 0 where nothing is kept.
pub(super) fn share_of(weight: f64) -> f64 {
    if weight == 0.0 { 0.0 } else { 1.0 / weight }
}

impl Tally {
    pub(super) fn new(metrics: usize) -> Self {
        Self { samples: 0, weight: 0.0, loss: 0.0, metrics: vec![0.0; metrics] }
    }

    pub(super) fn clear(&mut self) {
        (self.samples, self.weight, self.loss) = (0, 0.0, 0.0);
        self.metrics.fill(0.0);
    }

    /// The mean loss.
    pub(super) fn mean_loss(&self) -> f64 {
        self.loss * share_of(self.weight)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.samples += other.samples;
        self.weight += other.weight;
        self.loss += other.loss;
        self.metrics.iter_mut().zip(&other.metrics).for_each(|(sum, term)| *sum += term);
    }
}

fn samples_of(pass: &Pass) -> Range<usize> {
    pass.first_sample..pass.first_sample + pass.samples
}

/// The inputs of a pass: where they lie, or those that were `brought`.
fn inputs_of<'b, T: Scalar, N: Network<T>, Y: Label>(
    batch: &'b impl Batch<T, Y>,
    pass: &Pass,
    brought: &'b [T],
) -> &'b [T] {
    batch.in_place(samples_of(pass)).unwrap_or(&brought[..pass.samples * N::Input::SHAPE.len()])
}

/// The memory of one tile: its samples and everything that the network computes from them.
pub(super) struct Tile<T: Scalar, Y: Label> {
    pub(super) inputs: AlignedBox<[T]>,
    pub(super) targets: Vec<Y::Target<T>>,
    spare: Spare<Y::Target<T>>,
    pub(super) workspace: AlignedBox<[T]>,
    scratch: AlignedBox<[T]>,
    /// What the loss needs for a gradient.
    for_loss: Vec<T>,
    pub(super) partial: Vec<T>,
}

impl<T: Scalar, Y: Label> Tile<T, Y> {
    /// Memory for tiles of up to this many samples, with so much for the loss.
    pub(super) fn new<N: Network<T>>(plan: &MemoryPlan, statistics: usize, samples: usize, for_loss: usize) -> Self {
        Self {
            inputs: AlignedBox::zeros(samples * N::Input::SHAPE.len()),
            targets: bytemuck::zeroed_vec(samples),
            spare: Spare::default(),
            workspace: AlignedBox::zeros(plan.len(samples)),
            scratch: AlignedBox::zeros(plan.scratch),
            for_loss: vec![T::zero(); for_loss],
            partial: vec![T::zero(); statistics],
        }
    }

    /// Brings the samples of a pass.
    pub(super) fn fill<N: Network<T>>(&mut self, batch: &impl Batch<T, Y>, pass: &Pass) {
        let inputs = &mut self.inputs[..pass.samples * N::Input::SHAPE.len()];
        batch.fill(samples_of(pass), inputs, &mut self.targets[..pass.samples], &mut self.spare);
    }

    /// Predicts; returns the penalties on values, summed over the tile.
    pub(super) fn infer<N: Network<T>>(&mut self, network: &N, batch: &impl Batch<T, Y>, pass: &Pass) -> f64 {
        let inputs = inputs_of::<T, N, Y>(batch, pass, &self.inputs);
        let workspace = &mut self.workspace[..N::INFERENCE.len(pass.samples)];
        if !N::PENALISES {
            // As it is called elsewhere: the code of a prediction is compiled once.
            network.infer(pass, inputs, workspace, &mut self.scratch, &mut ());
            return 0.0;
        }
        let mut nobody = ();
        let mut penalties = Penalties::beside(&mut nobody);
        network.infer(pass, inputs, workspace, &mut self.scratch, &mut penalties);
        penalties.sum
    }

    /// Runs a segment; returns the penalties on its values, summed over the tile.
    pub(super) fn forward<N: Network<T>>(
        &mut self,
        network: &N,
        batch: &impl Batch<T, Y>,
        segment: usize,
        pass: &Pass,
        statistics: &[T],
    ) -> f64 {
        let inputs = inputs_of::<T, N, Y>(batch, pass, &self.inputs);
        let workspace = &mut self.workspace[..N::TRAINING.len(pass.samples)];
        let Self { scratch, partial, .. } = self;
        let mut nobody = ();
        let mut penalties = Penalties::beside(&mut nobody);
        network.forward(segment, pass, inputs, workspace, scratch, statistics, partial, &mut penalties);
        penalties.sum
    }

    pub(super) fn backward<N: Network<T>>(
        &mut self,
        network: &N,
        batch: &impl Batch<T, Y>,
        segment: usize,
        pass: &Pass,
        statistics: &[T],
        gradient: &mut N::Gradient,
    ) {
        let inputs = inputs_of::<T, N, Y>(batch, pass, &self.inputs);
        let workspace = &mut self.workspace[..N::TRAINING.len(pass.samples)];
        let Self { scratch, partial, .. } = self;
        let gradient = Some(gradient);
        network.backward(segment, pass, inputs, workspace, scratch, statistics, partial, None, gradient, &mut ());
    }

    /// Adds the metrics of the outputs to a tally, and the loss unless it wants whole batches; a training step also asks for
    /// its gradient.
    pub(super) fn judge<N, L, M>(&mut self, goal: Goal<'_, L, M>, pass: &Pass, scale: T, tally: &mut Tally)
    where
        N: Network<T>,
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
    {
        let (shape, targets) = (N::Output::SHAPE, &self.targets[..pass.samples]);
        let (outputs, gradient) = if pass.is_training() {
            let slots = [N::TRAINING.output, N::TRAINING.d_output];
            let [outputs, values] = pass.views(&mut self.workspace, slots);
            (outputs, Some(OutputGradient { values, scale, scratch: &mut self.for_loss }))
        } else {
            (&mut self.workspace[N::INFERENCE.output.range(pass.samples)], None)
        };
        tally.samples += pass.samples;
        if !goal.loss.wants_whole_batches() {
            tally.loss += goal.loss.tile(shape, outputs, targets, gradient);
        }
        goal.metrics.add(shape, outputs, targets, &mut tally.metrics);
    }

    /// The outputs of a pass, and their targets.
    pub(super) fn outcome<N: Network<T>>(&self, pass: &Pass) -> (&[T], &[Y::Target<T>]) {
        let slot = if pass.is_training() { N::TRAINING.output } else { N::INFERENCE.output };
        (&self.workspace[slot.range(pass.samples)], &self.targets[..pass.samples])
    }
}
