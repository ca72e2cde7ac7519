//! How a batch is cut: into tiles, and the tiles into lanes. It depends on the network and the batch alone.

use core::ops::Range;

use crate::network::Network;
use crate::scalar::Scalar;

/// Half of a usual second-level cache: a tile's values should stay in it from the forward to the backward pass.
const CACHE_BYTES: usize = 256 << 10;
/// The most samples of a tile: beyond, matrix products gain nothing.
const MOST_SAMPLES: usize = 128;
/// A tile below this many samples re-reads the weights too often to be worth another lane.
const FEWEST_SAMPLES: usize = 16;
/// The least work of a lane, in multiplications: below, handing it to another thread costs more than it brings.
const LEAST_WORK: usize = 100_000;
/// All gradients of a step together take at most this, or twice the gradient where that is more.
const GRADIENT_BYTES: usize = 64 << 20;

/// The most lanes of a step: the threads that can work on it at the same time.
pub(crate) const MOST_LANES: usize = 8;

/// The size of a tile, and the largest number of lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tiling {
    pub(crate) tile: usize,
    pub(crate) lanes: usize,
}

impl Tiling {
    /// How training cuts batches of up to `batch` samples.
    ///
    /// Each tile reads all weights and writes all gradients once, so that a tile should hold as much of its own values;
    /// and these should fit into the cache. Where both cannot be had, as for a large dense layer behind convolutions, the
    /// weights win: re-reading them costs more than spilling.
    pub(crate) fn training<T: Scalar, N: Network<T>>(batch: usize) -> Self {
        let sample = N::TRAINING.per_sample.max(1);
        let best = ((CACHE_BYTES / size_of::<T>() + 4 * N::LEN) / sample).clamp(1, MOST_SAMPLES);
        let gradient = (<N::Gradient as crate::simd::Plain<T>>::LEN * size_of::<T>()).max(1);
        let lanes = (GRADIENT_BYTES / gradient).clamp(2, MOST_LANES);
        Self { tile: Self::shared::<T, N>(best, sample, batch, lanes), lanes }
    }

    /// How predictions are cut.
    pub(crate) fn inference<T: Scalar, N: Network<T>>(samples: usize) -> Self {
        let sample = N::INFERENCE.per_sample.max(1);
        let best = ((CACHE_BYTES / size_of::<T>() + 2 * N::LEN) / sample).clamp(1, MOST_SAMPLES);
        Self { tile: Self::shared::<T, N>(best, sample, samples, MOST_LANES), lanes: MOST_LANES }
    }

    /// A smaller tile than the best one where the lanes would else have nothing to do.
    fn shared<T: Scalar, N: Network<T>>(best: usize, sample: usize, batch: usize, lanes: usize) -> usize {
        let worthwhile = LEAST_WORK.div_ceil(N::LEN + sample).max(FEWEST_SAMPLES);
        let share = batch.div_ceil(lanes);
        best.min(share.max(worthwhile)).clamp(1, batch.max(1))
    }

    /// How many tiles and lanes a batch has.
    pub(crate) fn of(self, samples: usize) -> [usize; 2] {
        let tiles = samples.div_ceil(self.tile);
        [tiles, self.lanes.min(tiles)]
    }

    /// The samples of a tile.
    pub(crate) fn samples(self, tile: usize, samples: usize) -> Range<usize> {
        tile * self.tile..samples.min((tile + 1) * self.tile)
    }
}

/// The tiles of one lane: lanes are neighbours, and differ by at most one tile.
pub(crate) fn tiles_of(lane: usize, [tiles, lanes]: [usize; 2]) -> Range<usize> {
    lane * tiles / lanes..(lane + 1) * tiles / lanes
}
