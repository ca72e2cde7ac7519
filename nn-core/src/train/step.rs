//! One training step: a batch in tiles, the tiles in lanes, the lanes on threads.

use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

use super::Quantity;
use super::batch::Batch;
use super::descent::{Descent, all_finite};
use super::lane::{Job, Lane};
use super::selection::FrozenState;
use super::threads::Fork;
use super::tile::{Goal, Tally, share_of};
use super::tiling::{MOST_LANES, Tiling, tiles_of};
use crate::data::Label;
use crate::losses::Loss;
use crate::metrics::MetricSet;
use crate::network::{Direction, Network, Whole};
use crate::optim::{GradientRules, Optimizer};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::tensors::Tensor;

/// How a step moves the parameters.
pub(super) struct Motion<'m, O> {
    pub(super) optimizer: &'m O,
    pub(super) rules: &'m GradientRules,
    /// The factor of the learning rate at this step.
    pub(super) rate: f64,
}

/// All memory of training: planned for the first batch, and then kept.
///
/// A network with one segment needs one tile of memory a lane; one with more needs a tile's memory for every tile of the
/// batch.
pub(super) struct Engine<T: Scalar, N: Network<T>, Y: Label> {
    tiling: Tiling,
    lanes: Vec<Lane<T, N, Y>>,
    statistics: Vec<T>,
    descent: Descent<T>,
    frozen: FrozenState<T>,
}

impl<T: Scalar, N: Network<T>, Y: Label> Engine<T, N, Y> {
    /// Memory for batches of about this many samples, and what this optimiser remembers of these tensors.
    pub(super) fn new(batch: usize, optimizer: &impl Optimizer<T>, tensors: &[Tensor]) -> Self {
        Self {
            tiling: Tiling::training::<T, N>(batch),
            lanes: Vec::new(),
            statistics: vec![T::zero(); N::STATISTICS],
            descent: Descent::new(tensors, <N::Gradient as Plain<T>>::LEN, optimizer),
            frozen: FrozenState::new(tensors),
        }
    }

    /// How many steps have been taken.
    pub(super) fn steps(&self) -> u64 {
        self.descent.steps
    }

    /// What the optimiser remembers.
    pub(super) fn descent(&self) -> &Descent<T> {
        &self.descent
    }

    /// What the optimiser is to remember.
    pub(super) fn descent_mut(&mut self) -> &mut Descent<T> {
        &mut self.descent
    }

    /// The first tensor whose gradient is not finite, after a step that failed for its gradient.
    pub(super) fn culprit<'t>(&self, tensors: &'t [Tensor]) -> Option<&'t str> {
        let gradient = self.lanes.first()?.gradient.as_slice();
        let is_culprit = |tensor: &&Tensor| !all_finite(&gradient[tensor.gradient.clone()]);
        tensors.iter().filter(|tensor| tensor.is_trained()).find(is_culprit).map(|tensor| tensor.name.as_str())
    }

    /// One step: adds its sums to the tally, and returns the batch's mean loss.
    ///
    /// # Errors
    /// When the loss, the batch's statistics or the gradient are not finite; then nothing has changed, except memory that
    /// holds nothing.
    pub(super) fn step<L, M, O, B>(
        &mut self,
        fork: Fork,
        network: &mut N,
        batch: &B,
        seed: u64,
        goal: Goal<'_, L, M>,
        motion: &Motion<'_, O>,
        tally: &mut Tally,
    ) -> Result<f64, Quantity>
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        O: Optimizer<T>,
        B: Batch<T, Y>,
    {
        let samples = batch.len();
        let lanes = self.prepare(samples, goal.metrics.sums());
        let weight = batch.weight(|target| goal.loss.weight(target));
        let job = Job { network, goal, batch, tiling: self.tiling, samples, weight, seed, scalar: PhantomData };
        if N::SEGMENTS > 1 {
            self.run_segments(fork, lanes, &job);
        } else {
            fork.each(&mut self.lanes[..lanes], &|lane| lane.run(&job));
        }
        let lanes = &mut self.lanes[..lanes];
        let loss = lanes.iter().map(|lane| lane.tally.loss).sum::<f64>();
        if !loss.is_finite() {
            return Err(Quantity::Loss);
        }
        // An infinite variance gives a finite loss: normalised by it, every value is zero. The sums of the backward pass
        // stand beside it, and tell of the gradient.
        if !all_finite(&self.statistics) {
            let is_gradient = lanes.iter().any(|lane| !all_finite(lane.gradient.as_slice()));
            return Err(if is_gradient { Quantity::Gradient } else { Quantity::Statistics });
        }
        let mut gradients = lanes.iter_mut().map(|lane| lane.gradient.as_mut_slice());
        let gradients: [&mut [T]; MOST_LANES] = core::array::from_fn(|_| gradients.next().unwrap_or_default());
        let Motion { optimizer, rules, rate } = *motion;
        if !self.descent.step(fork, network.as_mut_slice(), gradients, rate, rules, optimizer) {
            return Err(Quantity::Gradient);
        }
        self.frozen.commit(network, &self.statistics);
        lanes.iter().for_each(|lane| tally.add(&lane.tally));
        tally.weight += weight;
        Ok(loss * share_of(weight))
    }

    /// Gives every lane its tiles; returns the number of lanes.
    fn prepare(&mut self, samples: usize, metrics: usize) -> usize {
        let cut @ [_, lanes] = self.tiling.of(samples);
        while self.lanes.len() < lanes {
            self.lanes.push(Lane::new(metrics));
        }
        for (index, lane) in self.lanes[..lanes].iter_mut().enumerate() {
            lane.restart(tiles_of(index, cut), self.tiling.tile);
        }
        lanes
    }

    /// The step of a network whose layers couple samples: all tiles through one segment, then all through the next.
    fn run_segments<L, M, B>(&mut self, fork: Fork, lanes: usize, job: &Job<'_, T, N, L, M, B>)
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        let Self { lanes: all, statistics, .. } = self;
        let lanes = &mut all[..lanes];
        for segment in 0..N::SEGMENTS {
            fork.each(lanes, &|lane| lane.forward(job, segment, statistics));
            if segment + 1 < N::SEGMENTS {
                merge_statistics(lanes, segment, Direction::Forward, statistics);
            }
        }
        for segment in (0..N::SEGMENTS).rev() {
            fork.each(lanes, &|lane| lane.backward(job, segment, statistics));
            if segment > 0 {
                merge_statistics(lanes, segment, Direction::Backward, statistics);
            }
        }
    }
}

/// Merges the tiles' statistics in their order into those of the batch.
///
/// The first tile's are merged into: a segment touches its own range only, so that they keep what earlier segments merged.
fn merge_statistics<T: Scalar, N: Network<T>, Y: Label>(
    lanes: &mut [Lane<T, N, Y>],
    segment: usize,
    direction: Direction,
    statistics: &mut [T],
) {
    let Some((head, others)) = lanes.split_first_mut() else { return };
    let count = head.tiles.len();
    let Some((first, own)) = head.memory[..count].split_first_mut() else { return };
    let own = own.iter().map(|tile| tile.partial.as_slice());
    for right in own.chain(others.iter().flat_map(Lane::partials)) {
        N::merge(segment, direction, &mut first.partial, right);
    }
    statistics.copy_from_slice(&first.partial);
}
