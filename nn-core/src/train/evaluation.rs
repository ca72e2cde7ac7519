//! Loss and metrics of a network that is not being trained.

use alloc::vec::Vec;
use core::ops::Range;

use super::batch::{Batch, Chosen};
use super::threads::{Fork, Team};
use super::tile::{Goal, Tally, Tile, share_of_loss};
use super::tile_pool::TilePool;
use super::tiling::{Tiling, tiles_of};
use super::trainer::BATCH_SIZE;
use super::whole_batch::WholeBatch;
use super::{AsNetwork, Quantity, Report, TrainError, origin};
use crate::data::{Dataset, Label};
use crate::layer::Pass;
use crate::losses::{FitsInput, FitsOutput, Loss, OutputGradient};
use crate::metrics::{Metric, MetricSet};
use crate::network::{Network, OutputKind, Whole};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::spec::Shape;

/// The mean loss of a network over a data set, on all threads. Dropout is off, running statistics are used. A loss that
/// compares samples sees those of 32 at a time, in their order.
///
/// [`Trainer::evaluate`](super::Trainer::evaluate) also gives metrics.
///
/// # Errors
/// When the data set is empty, a sample of it cannot be read, an argument of the loss is out of range, or the loss is not finite.
pub fn evaluate<T, M, H, L, X, Y>(network: &M, data: &Dataset<X, Y>, loss: &L) -> Result<Report, TrainError>
where
    T: Scalar,
    M: AsNetwork<T, H>,
    X: FitsInput<<M::Network as Network<T>>::Input>,
    Y: FitsOutput<<M::Network as Network<T>>::Output, <M::Network as Network<T>>::Kind>,
    L: Loss<T, Whole<T, M::Network>, Y>,
{
    loss.check()?;
    evaluate_with(network.network(), data, Goal { loss, metrics: &() }, BATCH_SIZE, &Team::new(None)?)
}

/// The sums of a metric over a data set, on all threads: for what is more than a number, such as
/// [`Confusion`](crate::metrics::Confusion). All 0 for an empty data set.
///
/// # Errors
/// When an argument of the metric is out of range, a sample of a streamed data set cannot be read, or an output is no number.
pub fn metric_sums<T, M, H, X, Y, Q>(network: &M, data: &Dataset<X, Y>, metric: Q) -> Result<Vec<f64>, TrainError>
where
    T: Scalar,
    M: AsNetwork<T, H>,
    X: FitsInput<<M::Network as Network<T>>::Input>,
    Y: FitsOutput<<M::Network as Network<T>>::Output, <M::Network as Network<T>>::Kind>,
    Q: Metric<T, Whole<T, M::Network>, Y>,
{
    metric.check()?;
    let goal = Goal { loss: &NoLoss, metrics: &((), metric) };
    let indices: Vec<u32> = (0..data.len() as u32).collect();
    let mut evaluator = Evaluator::<T, M::Network, Y>::new(data.len(), goal, BATCH_SIZE);
    let batch = Chosen::new(data, &indices, None);
    let (team, network) = (Team::new(None).unwrap_or(Team::Caller), network.network());
    Ok(team.run(|fork| evaluator.measure(fork, network, &batch, goal, "data set"))?.metrics)
}

/// Where only a metric is asked for: nothing, unless an output is no number.
struct NoLoss;

impl<T: Scalar, K: OutputKind, Y: Label> Loss<T, K, Y> for NoLoss {
    fn name(&self) -> &'static str {
        "nothing"
    }

    fn tile(&self, _: Shape, outputs: &[T], _: &[Y::Target<T>], _: Option<OutputGradient<'_, T>>) -> f64 {
        if outputs.iter().any(|output| output.is_nan()) { f64::NAN } else { 0.0 }
    }
}

/// Loss and metrics over a whole data set.
pub(super) fn evaluate_with<T, N, L, M, X, Y>(
    network: &N,
    data: &Dataset<X, Y>,
    goal: Goal<'_, L, M>,
    batch: usize,
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
    let mut evaluator = Evaluator::<T, N, Y>::new(data.len(), goal, batch);
    let batch = Chosen::new(data, &indices, None);
    let tally = team.run(|fork| evaluator.measure(fork, network, &batch, goal, "data set"))?;
    Ok(Report::new::<T, Whole<T, N>, Y, M>(&tally, goal.metrics))
}

/// The memory of an evaluation: one tile a thread, and the outputs of a batch for a loss that wants to see one.
pub(super) struct Evaluator<T: Scalar, N: Network<T>, Y: Label> {
    tiling: Tiling,
    /// How many samples are looked at together.
    together: usize,
    pool: TilePool<T, Y>,
    lanes: Vec<Lane<T, Y>>,
    whole: WholeBatch<T, Y>,
    network: core::marker::PhantomData<fn() -> N>,
}

struct Lane<T: Scalar, Y: Label> {
    tiles: Range<usize>,
    tally: Tally,
    /// The sum of penalties on values.
    penalties: f64,
    /// What its tiles gave, for a loss that wants whole batches.
    outcome: WholeBatch<T, Y>,
}

impl<T: Scalar, N: Network<T>, Y: Label> Evaluator<T, N, Y> {
    /// Memory for this many samples; a loss that compares samples sees those of a `batch`.
    pub(super) fn new<L, M>(samples: usize, goal: Goal<'_, L, M>, batch: usize) -> Self
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
    {
        let together = if goal.loss.wants_whole_batches() { samples.min(batch.max(1)) } else { samples };
        let tiling = Tiling::inference::<T, N>(together);
        let cut @ [_, lanes] = tiling.of(together);
        let lane = |index| Lane {
            tiles: tiles_of(index, cut),
            tally: Tally::new(goal.metrics.sums()),
            penalties: 0.0,
            outcome: WholeBatch::default(),
        };
        let lanes = (0..lanes).map(lane).collect();
        let (pool, whole) = (TilePool::new(), WholeBatch::default());
        Self { tiling, together, pool, lanes, whole, network: core::marker::PhantomData }
    }

    /// The sums over the samples that it was made for, of a data set that `set` names.
    ///
    /// # Errors
    /// When a sample cannot be read, or the loss is not finite: metrics would say little then, and what watches the loss would be
    /// misled.
    pub(super) fn measure<X, L, M>(
        &mut self,
        fork: Fork,
        network: &N,
        batch: &Chosen<'_, X, Y>,
        goal: Goal<'_, L, M>,
        set: &'static str,
    ) -> Result<Tally, TrainError>
    where
        X: SampleShape,
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
    {
        let tally = self.run(fork, network, batch, goal);
        batch.fault()?;
        if tally.loss.is_finite() {
            return Ok(tally);
        }
        let origin = origin::of(Quantity::Loss, network, batch, goal.loss, || None);
        Err(TrainError::NotFiniteLoss { set, origin })
    }

    fn run<L, M, B>(&mut self, fork: Fork, network: &N, batch: &B, goal: Goal<'_, L, M>) -> Tally
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        let (mut total, mut penalties) = (Tally::new(goal.metrics.sums()), 0.0);
        for first in (0..batch.len()).step_by(self.together.max(1)) {
            let samples = first..batch.len().min(first + self.together);
            let lanes = self.run_lanes(fork, network, batch, goal, samples);
            for lane in &self.lanes[..lanes] {
                total.add(&lane.tally);
                penalties += lane.penalties;
            }
            if goal.loss.wants_whole_batches() {
                self.whole.clear();
                self.lanes[..lanes].iter().for_each(|lane| self.whole.add(lane.outcome.taken()));
                total.loss += self.whole.loss::<N, L>(goal.loss);
            }
        }
        total.weight = batch.weight(|target| goal.loss.weight(target));
        total.loss += share_of_loss(penalties, total.weight, batch.len());
        total
    }

    /// Some neighbouring samples in tiles; returns how many lanes were needed.
    fn run_lanes<L, M, B>(
        &mut self,
        fork: Fork,
        network: &N,
        batch: &B,
        goal: Goal<'_, L, M>,
        samples: Range<usize>,
    ) -> usize
    where
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        let (tiling, whole) = (self.tiling, goal.loss.wants_whole_batches());
        let cut @ [_, lanes] = tiling.of(samples.len());
        for (index, lane) in self.lanes[..lanes].iter_mut().enumerate() {
            lane.tiles = tiles_of(index, cut);
        }
        let make = || Tile::new::<N>(&N::INFERENCE, 0, tiling.tile, 0);
        self.pool.fill(fork.width().min(lanes), make);
        let run = |lane: &mut Lane<T, Y>, memory: &mut Tile<T, Y>| {
            lane.tally.clear();
            lane.penalties = 0.0;
            lane.outcome.clear();
            for tile in lane.tiles.clone() {
                let own = tiling.samples(tile, samples.len());
                let pass = Pass { first_sample: samples.start + own.start, ..Pass::inference(own.len()) };
                memory.fill::<N>(batch, &pass);
                lane.penalties += memory.infer(network, batch, &pass);
                memory.judge::<N, L, M>(goal, &pass, T::one(), &mut lane.tally);
                if whole {
                    lane.outcome.add(memory.outcome::<N>(&pass));
                }
            }
        };
        let pool = &self.pool;
        fork.each(&mut self.lanes[..lanes], &|lane| pool.lend(make, |memory| run(lane, memory)));
        lanes
    }
}
