//! How a batch is cut: into tiles, and the tiles into lanes. It depends on the network and the batch alone.

use core::ops::Range;

use crate::network::Network;
use crate::scalar::Scalar;
use crate::simd::Plain;

/// Half of a usual second-level cache: a tile's values should stay in it from the forward to the backward pass.
const CACHE_BYTES: usize = 256 << 10;
/// A core's share of a usual last-level cache: a tile's values should stay in it in any case.
const LAST_CACHE_BYTES: usize = 16 << 20;
/// The most samples of a tile: beyond, matrix products gain nothing.
const MOST_SAMPLES: usize = 128;
/// With fewer samples, a tile re-reads the weights too often to be worth another lane.
const FEWEST_SAMPLES: usize = 16;
/// A lane clears a gradient of its own, adds to it, and is merged: that takes about as long as seven samples of a network of
/// dense layers. A lane has so many samples of that kind at least, or as much other work.
const LANE_SAMPLES: usize = 64;
/// Or so many additions and multiplications of predictions for each number of its gradient, which is what those samples of dense
/// layers take: a sequence meets each weight at every step, and a batch of a language model has few samples.
const LANE_ARITHMETIC: u64 = 2 * LANE_SAMPLES as u64;
/// The least work of a lane, in multiplications: below, handing it to another thread costs more than it brings.
const LEAST_WORK: usize = 500_000;
/// All gradients of a step together take at most this, or twice the gradient where that is more: they stay in a usual
/// last-level cache until they are merged.
const GRADIENT_BYTES: usize = 16 << 20;

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
    pub(crate) fn training<T: Scalar, N: Network<T>>(batch: usize) -> Self {
        let work =
            Work { scalar: size_of::<T>(), weights: N::LEN, sample: N::TRAINING.per_sample, arithmetic: N::ARITHMETIC };
        Self::new(work, batch, work.most_lanes(<N::Gradient as Plain<T>>::LEN, batch))
    }

    /// How predictions for `samples` samples are cut.
    pub(crate) fn inference<T: Scalar, N: Network<T>>(samples: usize) -> Self {
        let work = Work {
            scalar: size_of::<T>(),
            weights: N::LEN,
            sample: N::INFERENCE.per_sample,
            arithmetic: N::ARITHMETIC,
        };
        Self::new(work, samples, MOST_LANES)
    }

    /// Each tile reads all weights, and in training writes all gradients, so that it should hold a multiple of that in
    /// values of its own; and these should fit into the cache. Where both cannot be had, as for a large dense layer behind
    /// convolutions, the weights win as far as the last cache goes: on the CIFAR-10 network (0.9 million weights, 290 kB a
    /// sample) tiles of 64 take half the time of tiles of 8.
    ///
    /// A smaller tile than the best is taken when it lets more lanes work.
    fn new(work: Work, batch: usize, most_lanes: usize) -> Self {
        let Work { scalar, weights, sample, .. } = work;
        let bytes = scalar * sample.max(1);
        let best = (CACHE_BYTES + 4 * scalar * weights) / bytes;
        let best = best.min(LAST_CACHE_BYTES / bytes).clamp(1, MOST_SAMPLES);
        let lanes = (work.of(batch) / LEAST_WORK).clamp(1, most_lanes);
        let fewest = (batch / 2).clamp(FEWEST_SAMPLES, 2 * FEWEST_SAMPLES).min(best);
        let share = batch.div_ceil(lanes).max(fewest);
        let tile = share.div_ceil(share.div_ceil(best)).clamp(1, batch.max(1));
        Self { tile, lanes }
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

/// What decides about a network's tiles: the bytes of a scalar, the weights, the values of a sample, and the additions and
/// multiplications of its prediction.
#[derive(Clone, Copy)]
struct Work {
    scalar: usize,
    weights: usize,
    sample: usize,
    arithmetic: u64,
}

impl Work {
    /// About the multiplications of a batch.
    fn of(self, batch: usize) -> usize {
        (self.weights + 4 * self.sample).saturating_mul(batch)
    }

    /// The most lanes whose gradients, so many scalars each, are worth what they cost.
    fn most_lanes(self, gradient: usize, batch: usize) -> usize {
        let kept = (GRADIENT_BYTES / (self.scalar * gradient).max(1)).clamp(2, MOST_LANES);
        let by_samples = self.of(batch) / (LANE_SAMPLES * self.weights).max(1);
        let by_arithmetic = self.arithmetic.saturating_mul(batch as u64) / (LANE_ARITHMETIC * gradient as u64).max(1);
        kept.min(by_samples.max(by_arithmetic.min(MOST_LANES as u64) as usize)).max(1)
    }
}

/// The tiles of one lane: lanes are neighbours, and differ by at most one tile.
pub(crate) fn tiles_of(lane: usize, [tiles, lanes]: [usize; 2]) -> Range<usize> {
    lane * tiles / lanes..(lane + 1) * tiles / lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn every_sample_is_in_one_tile_and_every_tile_in_one_lane() {
        for (weights, sample) in [(1, 1), (800, 150), (25_000, 900), (924_000, 72_000), (50_000_000, 10), (0, 400_000)]
        {
            for batch in [1, 2, 7, 16, 32, 33, 128, 1000, 1001, 60_000] {
                let tiling = Tiling::new(Work { scalar: 4, weights, sample, arithmetic: 0 }, batch, MOST_LANES);
                for samples in [1, batch / 2, batch - 1, batch, batch + 5] {
                    let cut @ [tiles, lanes] = tiling.of(samples);
                    assert!(lanes <= MOST_LANES && lanes <= tiles && (lanes > 0 || samples == 0));
                    let tiles: Vec<usize> = (0..lanes).flat_map(|lane| tiles_of(lane, cut)).collect();
                    assert!(tiles.iter().copied().eq(0..cut[0]));
                    assert!(tiles.iter().flat_map(|tile| tiling.samples(*tile, samples)).eq(0..samples));
                    assert!(tiles.iter().all(|tile| !tiling.samples(*tile, samples).is_empty()));
                }
            }
        }
    }

    #[test]
    fn lanes_appear_where_there_is_work() {
        let work = |weights, sample| Work { scalar: 4, weights, sample, arithmetic: 0 };
        let lanes = |weights, sample, batch| Tiling::new(work(weights, sample), batch, MOST_LANES).of(batch)[1];
        assert_eq!(lanes(800, 150, 32), 1, "a tiny network");
        assert_eq!(lanes(924_000, 72_000, 1000), 8);
        assert_eq!(lanes(924_000, 72_000, 32), 2);
        assert_eq!(lanes(5_000, 20_000, 32), 5, "small convolutions");
    }

    #[test]
    fn a_lane_is_worth_its_gradient() {
        let lanes =
            |weights, sample, batch| Work { scalar: 4, weights, sample, arithmetic: 0 }.most_lanes(weights, batch);
        assert_eq!(lanes(109_000, 1_800, 32), 1, "dense layers, few samples");
        assert_eq!(lanes(109_000, 1_800, 128), 2);
        assert_eq!(lanes(109_000, 1_800, 1024), 8);
        assert_eq!(lanes(5_000, 20_000, 32), 8, "convolutions do more with each weight");
        assert_eq!(lanes(924_000, 72_000, 1000), 4, "as many gradients as 16 MiB hold");
        assert_eq!(lanes(50_000_000, 1_000, 60_000), 2, "two in any case");
        let sequences =
            |arithmetic| Work { scalar: 4, weights: 800_000, sample: 400_000, arithmetic }.most_lanes(800_000, 16);
        assert_eq!(
            (sequences(0), sequences(1_600_000), sequences(106_000_000)),
            (1, 1, 5),
            "each weight, at every step"
        );
    }
}
