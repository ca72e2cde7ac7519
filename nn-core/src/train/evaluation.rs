//! Loss and metrics of a network that is not being trained.

use alloc::vec::Vec;
use core::ops::Range;

use super::batch::{Batch, Chosen};
use super::threads::{Fork, Team};
use super::tile::{Goal, Tally, Tile};
use super::tiling::{Tiling, tiles_of};
use super::{AsNetwork, Report, TrainError};
use crate::data::{Dataset, Label};
use crate::layer::Pass;
use crate::losses::{FitsInput, FitsOutput, Loss};
use crate::metrics::MetricSet;
use crate::network::{Network, Whole};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;

/// The mean loss of a network over a data set, on all threads. Dropout is off, running statistics are used.
///
/// [`Trainer::evaluate`](super::Trainer::evaluate) also gives metrics.
///
/// # Errors
/// When the data set is empty, a sample of it cannot be read, or an argument of the loss is out of range.
pub fn evaluate<T, M, H, L, X, Y>(network: &M, data: &Dataset<X, Y>, loss: &L) -> Result<Report, TrainError>
where
    T: Scalar,
    M: AsNetwork<T, H>,
    X: FitsInput<<M::Network as Network<T>>::Input>,
    Y: FitsOutput<<M::Network as Network<T>>::Output, <M::Network as Network<T>>::Kind>,
    L: Loss<T, Whole<T, M::Network>, Y>,
{
    loss.check()?;
    evaluate_with(network.network(), data, Goal { loss, metrics: &() }, &Team::new(None)?)
}

/// Loss and metrics over a whole data set.
pub(super) fn evaluate_with<T, N, L, M, X, Y>(
    network: &N,
    data: &Dataset<X, Y>,
    goal: Goal<'_, L, M>,
    team: &Team,
) -> Result<Report, TrainError>
where
    T: Scalar,
    N: Network<T>,
    X: SampleShape,
    Y: Label,
    L: Loss<T, Whole<T, N>, Y>,
    M: MetricSet<T, Whole<T, N>, Y>,
{
    if data.is_empty() {
        return Err(TrainError::Empty { what: "data set" });
    }
    let indices: Vec<u32> = (0..data.len() as u32).collect();
    let mut evaluator = Evaluator::<T, N, Y>::new(data.len(), goal.metrics.sums());
    let batch = Chosen::new(data, &indices, None);
    let tally = team.run(|fork| evaluator.run(fork, network, &batch, goal));
    batch.fault()?;
    Ok(Report::new::<T, Whole<T, N>, Y, M>(&tally, goal.metrics))
}

/// The memory of an evaluation: one tile a lane.
pub(super) struct Evaluator<T: Scalar, N: Network<T>, Y: Label> {
    tiling: Tiling,
    lanes: Vec<Lane<T, Y>>,
    network: core::marker::PhantomData<fn() -> N>,
}

struct Lane<T: Scalar, Y: Label> {
    memory: Tile<T, Y>,
    tiles: Range<usize>,
    tally: Tally,
}

impl<T: Scalar, N: Network<T>, Y: Label> Evaluator<T, N, Y> {
    /// Memory for this many samples and metrics.
    pub(super) fn new(samples: usize, metrics: usize) -> Self {
        let tiling = Tiling::inference::<T, N>(samples);
        let cut @ [_, lanes] = tiling.of(samples);
        let lane = |index| Lane {
            memory: Tile::new::<N>(&N::INFERENCE, 0, tiling.tile),
            tiles: tiles_of(index, cut),
            tally: Tally::new(metrics),
        };
        Self { tiling, lanes: (0..lanes).map(lane).collect(), network: core::marker::PhantomData }
    }

    /// The sums over the samples that it was made for.
    pub(super) fn run<L, M, B>(&mut self, fork: Fork, network: &N, batch: &B, goal: Goal<'_, L, M>) -> Tally
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        let tiling = self.tiling;
        fork.each(&mut self.lanes, &|lane: &mut Lane<T, Y>| {
            lane.tally.clear();
            for tile in lane.tiles.clone() {
                let samples = tiling.samples(tile, batch.len());
                let pass = Pass { first_sample: samples.start, ..Pass::inference(samples.len()) };
                lane.memory.fill::<N>(batch, &pass);
                lane.memory.infer(network, &pass);
                lane.memory.judge::<N, L, M>(goal, &pass, T::one(), &mut lane.tally);
            }
        });
        let mut total = Tally::new(goal.metrics.sums());
        self.lanes.iter().for_each(|lane| total.add(&lane.tally));
        total.weight = batch.weight(|target| goal.loss.weight(target));
        total
    }
}
