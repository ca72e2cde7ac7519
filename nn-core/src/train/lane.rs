use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::Range;

use super::batch::Batch;
use super::tile::{Goal, Tally, Tile, share_of, share_of_loss};
use super::tiling::Tiling;
use crate::data::Label;
use crate::layer::Pass;
use crate::losses::Loss;
use crate::metrics::MetricSet;
use crate::network::{Network, Whole};
use crate::scalar::Scalar;
use crate::simd::{AlignedBox, Plain};

/// What a step is about: the same for all its lanes.
pub(super) struct Job<'j, T, N, L, M, B> {
    pub(super) network: &'j N,
    pub(super) goal: Goal<'j, L, M>,
    pub(super) batch: &'j B,
    pub(super) tiling: Tiling,
    /// The first sample of the part of the batch that is worked on.
    pub(super) first: usize,
    /// How many samples the part has.
    pub(super) samples: usize,
    /// How many samples the whole batch has.
    pub(super) all: usize,
    /// The sum of what the samples of the whole batch count in the mean of the loss.
    pub(super) weight: f64,
    pub(super) seed: u64,
    /// Whether the network has layers that start their gradients.
    pub(super) starts: bool,
    pub(super) scalar: PhantomData<T>,
}

impl<T: Scalar, N, L, M, B> Job<'_, T, N, L, M, B> {
    pub(super) fn pass(&self, tile: usize) -> Pass {
        let samples = self.tiling.samples(tile, self.samples);
        let (batch, first_sample) = (self.all, self.first + samples.start);
        Pass { first_sample, batch, ..Pass::training(samples.len(), self.seed) }
    }

    /// The pass of a tile in a lane of these tiles: the first one starts the gradients, unless they go on.
    fn pass_in(&self, lane: &Range<usize>, tile: usize) -> Pass {
        Pass { starts: self.starts && self.is_first() && tile == lane.start, ..self.pass(tile) }
    }

    /// Whether sums start anew: those of later parts go on.
    fn is_first(&self) -> bool {
        self.first == 0
    }

    pub(super) fn scale(&self) -> T {
        T::of(share_of(self.weight))
    }
}

/// Neighbouring tiles of a batch, worked on in order, and the sums over them.
pub(super) struct Lane<T: Scalar, N: Network<T>, Y: Label> {
    pub(super) gradient: AlignedBox<N::Gradient>,
    /// Whether the gradient is known to be zero, but for what the first pass of a step writes.
    pub(super) is_clear: bool,
    pub(super) tally: Tally,
    /// Which tiles of the batch.
    pub(super) tiles: Range<usize>,
    /// One for each tile where tiles wait for each other; else none.
    pub(super) memory: Vec<Tile<T, Y>>,
}

impl<T: Scalar, N: Network<T>, Y: Label> Lane<T, N, Y> {
    pub(super) fn new(metrics: usize) -> Self {
        Self {
            gradient: N::Gradient::zeroed_box(),
            is_clear: true,
            tally: Tally::new(metrics),
            tiles: 0..0,
            memory: Vec::new(),
        }
    }

    /// Takes other tiles, each with memory of its own if they wait for each other.
    pub(super) fn take(&mut self, tiles: Range<usize>, wait: bool, make: impl Fn() -> Tile<T, Y>) {
        while wait && self.memory.len() < tiles.len() {
            self.memory.push(make());
        }
        self.tiles = tiles;
    }

    /// The statistics of the lane's tiles, in order.
    pub(super) fn partials(&self) -> impl Iterator<Item = &[T]> {
        self.memory[..self.tiles.len()].iter().map(|tile| tile.partial.as_slice())
    }

    /// Forgets the sums, unless they go on.
    fn begin<L, M, B>(&mut self, job: &Job<'_, T, N, L, M, B>) {
        if job.is_first() {
            if !self.is_clear {
                self.gradient.as_mut_slice().fill(T::zero());
            }
            self.tally.clear();
        }
        self.is_clear = false;
    }

    /// The whole step of a network with one segment: each tile forward and backward while it is in the cache.
    pub(super) fn run<L, M, B>(&mut self, job: &Job<'_, T, N, L, M, B>, memory: &mut Tile<T, Y>)
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        self.begin(job);
        for tile in self.tiles.clone() {
            let pass = job.pass_in(&self.tiles, tile);
            memory.fill::<N>(job.batch, &pass);
            let penalties = memory.forward(job.network, job.batch, 0, &pass, &[]);
            self.tally.loss += share_of_loss(penalties, job.weight, job.all);
            memory.judge::<N, L, M>(job.goal, &pass, job.scale(), &mut self.tally);
            memory.backward(job.network, job.batch, 0, &pass, &[], &mut self.gradient);
        }
    }

    /// One segment forward on every tile; the first brings the samples, the last ends in the loss.
    pub(super) fn forward<L, M, B>(&mut self, job: &Job<'_, T, N, L, M, B>, segment: usize, statistics: &[T])
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        if segment == 0 {
            self.begin(job);
        }
        for (tile, memory) in self.tiles.clone().zip(&mut self.memory) {
            let pass = job.pass(tile);
            if segment == 0 {
                memory.fill::<N>(job.batch, &pass);
            }
            let penalties = memory.forward(job.network, job.batch, segment, &pass, statistics);
            self.tally.loss += share_of_loss(penalties, job.weight, job.all);
            if segment + 1 == N::SEGMENTS {
                memory.judge::<N, L, M>(job.goal, &pass, job.scale(), &mut self.tally);
            }
        }
    }

    /// One segment backward on every tile.
    pub(super) fn backward<L, M, B>(&mut self, job: &Job<'_, T, N, L, M, B>, segment: usize, statistics: &[T])
    where
        B: Batch<T, Y>,
    {
        for (tile, memory) in self.tiles.clone().zip(&mut self.memory) {
            let pass = job.pass_in(&self.tiles, tile);
            memory.backward(job.network, job.batch, segment, &pass, statistics, &mut self.gradient);
        }
    }
}
