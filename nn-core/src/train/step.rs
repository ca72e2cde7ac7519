//! One training step: a batch in parts, a part in tiles, the tiles in lanes, the lanes on threads.

use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

use super::batch::Batch;
use super::descent::{Descent, all_finite};
use super::lane::{Job, Lane};
use super::origin::{self, Origin};
use super::selection::FrozenState;
use super::threads::Fork;
use super::tile::{Goal, Tally, Tile};
use super::tile_pool::TilePool;
use super::tiling::{MOST_LANES, Tiling, tiles_of};
use super::whole_batch::WholeBatch;
use super::{GradientSum, Quantity};
use crate::data::Label;
use crate::kernels::{Join, join_assign};
use crate::losses::Loss;
use crate::metrics::MetricSet;
use crate::network::{Direction, Network, Whole};
use crate::optim::{GradientRules, Optimizer, merge};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;
use crate::tensors::Tensor;

/// How a step moves the parameters.
pub(super) struct Motion<'m, O> {
    pub(super) optimizer: &'m O,
    pub(super) rules: &'m GradientRules,
    /// The factor of the learning rate at this step.
    pub(super) rate: f64,
    /// How far uphill the gradient is taken, if not where the parameters are.
    pub(super) sharpness: Option<f64>,
}

/// What a step looks at: a batch, in parts of so many samples whose gradients add up.
pub(super) struct View<'v, B> {
    pub(super) batch: &'v B,
    pub(super) part: usize,
    pub(super) seed: u64,
}

/// All memory of training: planned for the first batch, and then kept.
///
/// Where each tile goes all the way by itself, there is one tile of memory a thread; where layers or the loss couple samples, a
/// tile's memory for every tile of a part.
pub(super) struct Engine<T: Scalar, N: Network<T>, Y: Label> {
    tiling: Tiling,
    lanes: Vec<Lane<T, N, Y>>,
    pool: TilePool<T, Y>,
    /// Of the part that is worked on.
    statistics: Vec<T>,
    /// Of all parts of the batch, one behind the other.
    of_parts: Vec<T>,
    whole: WholeBatch<T, Y>,
    descent: Descent<T>,
    frozen: FrozenState<T>,
    tally: Tally,
    /// The parameters from which a step went uphill, and the statistics there.
    below: Vec<T>,
    of_parts_below: Vec<T>,
}

impl<T: Scalar, N: Network<T>, Y: Label> Engine<T, N, Y> {
    /// Memory for batches of about this many samples, and what this optimiser remembers of these tensors.
    pub(super) fn new(batch: usize, optimizer: &impl Optimizer<T>, tensors: &[Tensor]) -> Self {
        Self {
            tiling: Tiling::training::<T, N>(batch),
            lanes: Vec::new(),
            pool: TilePool::new(),
            statistics: vec![T::zero(); N::STATISTICS],
            of_parts: Vec::new(),
            whole: WholeBatch::default(),
            descent: Descent::new(tensors, <N::Gradient as Plain<T>>::LEN, optimizer),
            frozen: FrozenState::new(tensors),
            tally: Tally::new(0),
            below: Vec::new(),
            of_parts_below: Vec::new(),
        }
    }

    /// How many steps have been taken.
    pub(super) fn steps(&self) -> u64 {
        self.descent.steps
    }

    /// Whether a batch of so many samples is work for several threads.
    pub(super) fn forks(&self, samples: usize) -> bool {
        self.tiling.of(samples)[1] > 1 || self.descent.forks()
    }

    /// What the optimiser remembers.
    pub(super) fn descent(&self) -> &Descent<T> {
        &self.descent
    }

    /// What the optimiser is to remember.
    pub(super) fn descent_mut(&mut self) -> &mut Descent<T> {
        &mut self.descent
    }

    /// Where the gradient is not finite, after a step that failed for it.
    pub(super) fn origin(&self, tensors: &[Tensor]) -> Option<Origin> {
        self.lanes.iter().find_map(|lane| origin::of_gradient(lane.gradient.as_slice(), tensors))
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
        view: &View<'_, B>,
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
        let lanes = self.measure(fork, network, view, goal)?;
        self.collect(lanes);
        if let Some(radius) = motion.sharpness {
            self.look_uphill(fork, network, view, goal, radius, lanes)?;
        }
        let Motion { optimizer, rules, rate, .. } = *motion;
        let gradients = gradients_of(&mut self.lanes[..lanes]);
        if !self.descent.step(fork, network.as_mut_slice(), gradients, rate, rules, optimizer) {
            return Err(Quantity::Gradient);
        }
        self.lanes[..lanes].iter_mut().for_each(|lane| lane.is_clear = self.descent.clears);
        for statistics in self.of_parts.chunks_exact(N::STATISTICS.max(1)) {
            self.frozen.commit(network, statistics);
        }
        tally.add(&self.tally);
        Ok(self.tally.mean_loss())
    }

    /// Adds a batch's gradient and statistics to a sum, and returns the mean loss.
    ///
    /// # Errors
    /// When the loss or the batch's statistics are not finite; then the sum is as before.
    pub(super) fn add_gradient<L, M, B>(
        &mut self,
        fork: Fork,
        network: &N,
        view: &View<'_, B>,
        goal: Goal<'_, L, M>,
        sum: &mut GradientSum<T, N>,
    ) -> Result<f64, Quantity>
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        let lanes = self.measure(fork, network, view, goal)?;
        self.collect(lanes);
        let mut gradients = gradients_of(&mut self.lanes[..lanes]);
        merge(&mut gradients[..lanes]);
        join_assign(Join::Add, sum.values.as_mut_slice(), gradients[0]);
        self.of_parts.chunks_exact(N::STATISTICS.max(1)).for_each(|statistics| sum.add_statistics(statistics));
        Ok(self.tally.mean_loss())
    }

    /// Takes the gradient again, where the loss is largest within a small distance: as far uphill as `radius` says. The loss,
    /// the metrics and the statistics stay those of the parameters themselves.
    fn look_uphill<L, M, B>(
        &mut self,
        fork: Fork,
        network: &mut N,
        view: &View<'_, B>,
        goal: Goal<'_, L, M>,
        radius: f64,
        lanes: usize,
    ) -> Result<(), Quantity>
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        self.below.clear();
        self.below.extend_from_slice(network.as_slice());
        core::mem::swap(&mut self.of_parts, &mut self.of_parts_below);
        let gradients = gradients_of(&mut self.lanes[..lanes]);
        let measured = if self.descent.climb(fork, network.as_mut_slice(), gradients, radius) {
            self.measure(fork, network, view, goal).map(|_| ())
        } else {
            Err(Quantity::Gradient)
        };
        core::mem::swap(&mut self.of_parts, &mut self.of_parts_below);
        network.as_mut_slice().copy_from_slice(&self.below);
        measured
    }

    /// Runs a batch forward and backward, part by part: the gradient lies in the lanes, the parts' statistics behind one
    /// another. Returns the number of lanes.
    fn measure<L, M, B>(
        &mut self,
        fork: Fork,
        network: &N,
        view: &View<'_, B>,
        goal: Goal<'_, L, M>,
    ) -> Result<usize, Quantity>
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        let &View { batch, part, seed } = view;
        self.of_parts.clear();
        let weight = batch.weight(|target| goal.loss.weight(target));
        self.tally.weight = weight;
        let mut used = 0;
        for first in (0..batch.len()).step_by(part.max(1)) {
            let samples = part.min(batch.len() - first);
            let lanes = self.prepare(fork, samples, goal);
            used = used.max(lanes); // the first part has the most
            let tiling = self.tiling;
            let job = Job {
                network,
                goal,
                batch,
                tiling,
                first,
                samples,
                all: batch.len(),
                weight,
                seed,
                starts: self.descent.starts(),
                scalar: PhantomData,
            };
            if couples::<T, N, Y, L>(goal.loss) {
                self.run_segments(fork, lanes, &job);
            } else {
                let (pool, make) = (&self.pool, new_tile::<T, N, Y, L>(goal.loss, tiling.tile));
                fork.each(&mut self.lanes[..lanes], &|lane| pool.lend(&make, |memory| lane.run(&job, memory)));
            }
            self.check_part(lanes)?;
            self.of_parts.extend_from_slice(&self.statistics);
        }
        Ok(used)
    }

    /// An infinite variance gives a finite loss: normalised by it, every value is zero. The sums of the backward pass stand
    /// beside it, and tell of the gradient.
    fn check_part(&self, lanes: usize) -> Result<(), Quantity> {
        let lanes = &self.lanes[..lanes];
        if !lanes.iter().map(|lane| lane.tally.loss).sum::<f64>().is_finite() {
            return Err(Quantity::Loss);
        }
        if !all_finite(&self.statistics) {
            let is_gradient = lanes.iter().any(|lane| !all_finite(lane.gradient.as_slice()));
            return Err(if is_gradient { Quantity::Gradient } else { Quantity::Statistics });
        }
        Ok(())
    }

    /// Adds up what the lanes have counted.
    fn collect(&mut self, lanes: usize) {
        let lanes = &self.lanes[..lanes];
        self.tally.metrics.resize(lanes.first().map_or(0, |lane| lane.tally.metrics.len()), 0.0);
        let weight = self.tally.weight;
        self.tally.clear();
        self.tally.weight = weight;
        lanes.iter().for_each(|lane| self.tally.add(&lane.tally));
    }

    /// Gives every lane its tiles; returns the number of lanes.
    fn prepare<L, M>(&mut self, fork: Fork, samples: usize, goal: Goal<'_, L, M>) -> usize
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
    {
        let cut @ [_, lanes] = self.tiling.of(samples);
        while self.lanes.len() < lanes {
            self.lanes.push(Lane::new(goal.metrics.sums()));
        }
        let (wait, make) = (couples::<T, N, Y, L>(goal.loss), new_tile::<T, N, Y, L>(goal.loss, self.tiling.tile));
        self.pool.fill(if wait { 0 } else { fork.width().min(lanes) }, &make);
        for (index, lane) in self.lanes[..lanes].iter_mut().enumerate() {
            lane.take(tiles_of(index, cut), wait, &make);
        }
        lanes
    }

    /// The step of a network whose layers, or whose loss, couple samples: all tiles through one segment, then all through the
    /// next.
    fn run_segments<L, M, B>(&mut self, fork: Fork, lanes: usize, job: &Job<'_, T, N, L, M, B>)
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        let Self { lanes: all, statistics, whole, .. } = self;
        let lanes = &mut all[..lanes];
        for segment in 0..N::SEGMENTS {
            fork.each(lanes, &|lane| lane.forward(job, segment, statistics));
            if segment + 1 < N::SEGMENTS {
                merge_statistics(lanes, segment, Direction::Forward, statistics);
            }
        }
        if job.goal.loss.wants_whole_batches() {
            whole.judge(lanes, job);
        }
        for segment in (0..N::SEGMENTS).rev() {
            fork.each(lanes, &|lane| lane.backward(job, segment, statistics));
            if segment > 0 {
                merge_statistics(lanes, segment, Direction::Backward, statistics);
            }
        }
    }
}

/// Memory for a tile of so many samples.
fn new_tile<T: Scalar, N: Network<T>, Y: Label, L: Loss<T, Whole<T, N>, Y>>(
    loss: &L,
    samples: usize,
) -> impl Fn() -> Tile<T, Y> {
    let for_loss = if loss.wants_whole_batches() { 0 } else { loss.scratch(N::Output::SHAPE, samples) };
    move || Tile::new::<N>(&N::TRAINING, N::STATISTICS, samples, for_loss)
}

/// Whether the tiles of a batch must wait for each other.
fn couples<T: Scalar, N: Network<T>, Y: Label, L: Loss<T, Whole<T, N>, Y>>(loss: &L) -> bool {
    N::SEGMENTS > 1 || loss.wants_whole_batches()
}

/// The lanes' gradients, and nothing for the lanes that there are not.
fn gradients_of<T: Scalar, N: Network<T>, Y: Label>(lanes: &mut [Lane<T, N, Y>]) -> [&mut [T]; MOST_LANES] {
    let mut gradients = lanes.iter_mut().map(|lane| lane.gradient.as_mut_slice());
    core::array::from_fn(|_| gradients.next().unwrap_or_default())
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
