use alloc::vec::Vec;
use std::time::Instant;

use super::batch::{Chosen, Handed};
use super::evaluation::Evaluator;
use super::progress::{Display, warn_if_unoptimized};
use super::step::{Engine, Motion};
use super::threads::{Fork, Team};
use super::tile::Tally;
use super::{Epoch, History, Report, TrainError, Trainer, Validation};
use crate::OutOfRange;
use crate::data::{Dataset, Label};
use crate::losses::{FitsInput, FitsOutput, Loss};
use crate::metrics::MetricSet;
use crate::network::{Network, Whole};
use crate::optim::Optimizer;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;

/// Training in progress: the optimiser's memory, the random numbers and all workspaces.
///
/// Made by [`Trainer::start`]. Nothing is allocated in a step after the first.
///
/// Memory: up to 8 lanes, each with one gradient and one tile's workspace; the gradients together take at most 16 MiB, or
/// twice the gradient where that is more. A network with batch normalisation needs the workspace of its whole batch.
pub struct Session<'t, T: Scalar, N: Network<T>, Y: Label, L, O, M, V> {
    trainer: &'t Trainer<L, O, M, V>,
    team: Team,
    engine: Engine<T, N, Y>,
    random: Random,
    tally: Tally,
}

impl<'t, T, N, Y, L, O, M, V> Session<'t, T, N, Y, L, O, M, V>
where
    T: Scalar,
    N: Network<T>,
    Y: Label,
    L: Loss<T, Whole<T, N>, Y>,
    M: MetricSet<T, Whole<T, N>, Y>,
    O: Optimizer<T>,
{
    pub(super) fn new(trainer: &'t Trainer<L, O, M, V>) -> Result<Self, TrainError> {
        trainer.check::<T, Whole<T, N>, Y>()?;
        let settings = &trainer.settings;
        let tensors = settings.selection.of::<T, N>()?;
        Ok(Self {
            trainer,
            team: Team::new(settings.threads)?,
            engine: Engine::new(settings.batch_size, &trainer.optimizer, &tensors),
            random: Random::new(settings.seed),
            tally: Tally::new(trainer.metrics.sums()),
        })
    }

    /// One step on samples given by hand, of any number: returns their mean loss before the step.
    ///
    /// `inputs` and `targets` hold one array, and one label, for each sample. The schedule of the learning rate does not
    /// apply.
    ///
    /// # Errors
    /// When there is no sample, the numbers of inputs and targets differ, a target makes no sense, or the loss or the
    /// gradient is not finite; then the network is untouched.
    pub fn step(
        &mut self,
        network: &mut N,
        inputs: &[<N::Input as SampleShape>::Array<T>],
        targets: &[Y::Target<f32>],
    ) -> Result<f64, TrainError>
    where
        Y: FitsOutput<N::Output, N::Kind>,
    {
        let batch = Handed::<T, N::Input, Y>::new(inputs, targets)?;
        let Self { trainer, team, engine, random, tally } = self;
        tally.clear();
        let motion = Motion { optimizer: &trainer.optimizer, rules: &trainer.settings.rules, rate: 1.0 };
        let goal = trainer.goal();
        let step = engine.steps() + 1;
        team.run(|fork| engine.step(fork, network, &batch, random.bits(), goal, &motion, tally))
            .map_err(|what| TrainError::NotFinite { what, epoch: 0, step })?;
        Ok(tally.mean_loss())
    }

    /// Trains for the trainer's number of epochs, with the optimiser as the last steps left it. A schedule of the learning
    /// rate starts anew.
    ///
    /// # Errors
    /// As [`Trainer::fit`].
    pub fn fit<X>(&mut self, network: &mut N, data: &Dataset<X, Y>) -> Result<History, TrainError>
    where
        X: FitsInput<N::Input>,
        Y: FitsOutput<N::Output, N::Kind>,
        V: Validation<X, Y>,
    {
        self.run(network, data)
    }

    /// As `fit`, once it is known that the data fits.
    pub(super) fn run<X>(&mut self, network: &mut N, data: &Dataset<X, Y>) -> Result<History, TrainError>
    where
        X: SampleShape,
        V: Validation<X, Y>,
    {
        let Self { trainer, team, engine, random, tally } = self;
        let order = Order::new(data, &trainer.validation, trainer.settings.seed)?;
        warn_if_unoptimized(trainer.settings.progress);
        let mut course = Course { trainer, engine, random, tally, data, order };
        team.run(|fork| course.run(fork, network))
    }
}

/// Which samples are for training, and which for validation.
struct Order {
    training: Vec<u32>,
    validation: Vec<u32>,
}

impl Order {
    fn new<X: SampleShape, Y: Label>(
        data: &Dataset<X, Y>,
        validation: &impl Validation<X, Y>,
        seed: u64,
    ) -> Result<Self, TrainError> {
        if data.is_empty() {
            return Err(TrainError::Empty { what: "training set" });
        }
        let mut training: Vec<u32> = (0..data.len() as u32).collect();
        if let Some(data) = validation.data() {
            if data.is_empty() {
                return Err(TrainError::Empty { what: "validation set" });
            }
            return Ok(Self { training, validation: (0..data.len() as u32).collect() });
        }
        let Some(share) = validation.share() else {
            return Ok(Self { training, validation: Vec::new() });
        };
        OutOfRange::below_one("validation_split", share)?;
        let kept = training.len() - (training.len() as f64 * share) as usize;
        // Numbers of its own: every fit of a session keeps the same samples apart.
        Random::new(!seed).shuffle(&mut training);
        let mut validation = training.split_off(kept);
        // Training without a shuffle keeps the order of the data set.
        training.sort_unstable();
        validation.sort_unstable();
        Ok(Self { training, validation })
    }
}

/// One fit.
struct Course<'c, T: Scalar, N: Network<T>, X: SampleShape, Y: Label, L, O, M, V> {
    trainer: &'c Trainer<L, O, M, V>,
    engine: &'c mut Engine<T, N, Y>,
    random: &'c mut Random,
    tally: &'c mut Tally,
    data: &'c Dataset<X, Y>,
    order: Order,
}

impl<T, N, X, Y, L, O, M, V> Course<'_, T, N, X, Y, L, O, M, V>
where
    T: Scalar,
    N: Network<T>,
    X: SampleShape,
    Y: Label,
    L: Loss<T, Whole<T, N>, Y>,
    M: MetricSet<T, Whole<T, N>, Y>,
    O: Optimizer<T>,
    V: Validation<X, Y>,
{
    fn run(&mut self, fork: Fork, network: &mut N) -> Result<History, TrainError> {
        let settings = &self.trainer.settings;
        let mut display = Display::new(settings.progress, settings.epochs);
        let validated = self.order.validation.len();
        let mut evaluator = (validated > 0).then(|| Evaluator::new(validated, self.trainer.metrics.sums()));
        let mut history = History::default();
        for number in 1..=settings.epochs {
            let start = Instant::now();
            display.begin(number, self.order.training.len().div_ceil(settings.batch_size));
            self.epoch(fork, network, number, &mut display)?;
            let training = self.report(self.tally);
            let validation = evaluator.as_mut().map(|evaluator| {
                let data = self.trainer.validation.data().unwrap_or(self.data);
                let batch = Chosen { data, indices: &self.order.validation };
                self.report(&evaluator.run(fork, network, &batch, self.trainer.goal()))
            });
            let epoch = Epoch { training, validation, seconds: start.elapsed().as_secs_f64() };
            history.epochs.push(epoch);
            let is_last = number == settings.epochs || settings.patience.is_some_and(|epochs| history.is_stuck(epochs));
            display.end(number, &history, is_last);
            if is_last {
                break;
            }
        }
        Ok(history)
    }

    fn report(&self, tally: &Tally) -> Report {
        Report::new::<T, Whole<T, N>, Y, M>(tally, &self.trainer.metrics)
    }

    /// Every training sample once.
    fn epoch(&mut self, fork: Fork, network: &mut N, number: usize, display: &mut Display) -> Result<(), TrainError> {
        let Self { trainer, engine, random, tally, data, order } = self;
        let settings = &trainer.settings;
        if settings.shuffle {
            random.shuffle(&mut order.training);
        }
        tally.clear();
        let steps = order.training.len().div_ceil(settings.batch_size) as u64;
        let all = steps * settings.epochs as u64;
        for (step, indices) in (1..).zip(order.training.chunks(settings.batch_size)) {
            let rate = settings.schedule.rate((number as u64 - 1) * steps + step, all, settings.epochs);
            let motion = Motion { optimizer: &trainer.optimizer, rules: &settings.rules, rate };
            let batch = Chosen { data, indices };
            engine
                .step(fork, network, &batch, random.bits(), trainer.goal(), &motion, tally)
                .map_err(|what| TrainError::NotFinite { what, epoch: number, step })?;
            display.step(step, tally, |tally| Report::new::<T, Whole<T, N>, Y, M>(tally, &trainer.metrics));
        }
        Ok(())
    }
}
