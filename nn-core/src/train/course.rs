//! One fit: the epochs, the steps in them, the callbacks between them, and how all of it goes into a checkpoint and on.

mod kept;

use alloc::vec::Vec;
use std::time::Instant;

use super::batch::Chosen;
use super::callback::{Callback, Moment, Requests, Trouble};
use super::evaluation::Evaluator;
use super::feed::Feed;
use super::progress::Display;
use super::sampling::{Draw, Sampling};
use super::step::{Engine, View};
use super::threads::Fork;
use super::tile::Tally;
use super::{Epoch, History, Report, TrainError, Trainer, Validation, origin};
use crate::OutOfRange;
use crate::data::{Dataset, Label};
use crate::losses::Loss;
use crate::metrics::MetricSet;
use crate::network::{Network, Whole};
use crate::optim::Optimizer;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::tensors::Tensor;

/// Which samples are for training, and which for validation.
pub(super) struct Order {
    /// Those for training, in the order of the data set.
    training: Vec<u32>,
    /// Those of this epoch, in the order in which they come.
    pub(super) drawn: Vec<u32>,
    draw: Draw,
    validation: Vec<u32>,
}

impl Order {
    pub(super) fn new<X: SampleShape, Y: Label>(
        data: &Dataset<X, Y>,
        validation: &impl Validation<X, Y>,
        seed: u64,
        sampling: &Sampling,
    ) -> Result<Self, TrainError> {
        let [training, validation] = Self::parts(data, validation, seed)?;
        Ok(Self { drawn: training.clone(), draw: sampling.draw(data, &training)?, training, validation })
    }

    /// Which samples are for training, and which for validation.
    fn parts<X: SampleShape, Y: Label>(
        data: &Dataset<X, Y>,
        validation: &impl Validation<X, Y>,
        seed: u64,
    ) -> Result<[Vec<u32>; 2], TrainError> {
        if data.is_empty() {
            return Err(TrainError::Empty { what: "training set" });
        }
        let mut training: Vec<u32> = (0..data.len() as u32).collect();
        if let Some(data) = validation.data() {
            if data.is_empty() {
                return Err(TrainError::Empty { what: "validation set" });
            }
            return Ok([training, (0..data.len() as u32).collect()]);
        }
        let Some(share) = validation.share() else {
            return Ok([training, Vec::new()]);
        };
        OutOfRange::below_one("validation_split", share)?;
        let kept = training.len() - (training.len() as f64 * share) as usize;
        // Numbers of its own: every fit of a session keeps the same samples apart.
        Random::new(!seed).shuffle(&mut training);
        let mut validation = training.split_off(kept);
        if share > 0.0 && validation.is_empty() {
            return Err(TrainError::Empty { what: "share of the training set that is kept for validation" });
        }
        // Training without a shuffle keeps the order of the data set.
        training.sort_unstable();
        validation.sort_unstable();
        Ok([training, validation])
    }
}

/// Where a fit stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// How many epochs are behind it: those of the history.
    pub(super) history: History,
    /// How many steps of the epoch after them.
    pub(super) step: u64,
    /// How long these took, in seconds.
    pub(super) seconds: f64,
}

impl Place {
    /// The number of the epoch, from 1 on.
    fn epoch(&self) -> usize {
        self.history.epochs.len() + 1
    }
}

/// One fit.
pub(super) struct Course<'c, T: Scalar, N: Network<T>, X: SampleShape, Y: Label, L, O, M, V> {
    pub(super) trainer: &'c Trainer<L, O, M, V>,
    pub(super) engine: &'c mut Engine<T, N, Y>,
    pub(super) random: &'c mut Random,
    pub(super) tally: &'c mut Tally,
    pub(super) tensors: &'c [Tensor],
    pub(super) data: &'c Dataset<X, Y>,
    pub(super) order: Order,
    pub(super) feed: Feed,
    pub(super) place: Place,
    /// The factor of the learning rate in the last step.
    pub(super) rate: f64,
    pub(super) callbacks: &'c mut [&'c mut dyn Callback<T>],
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
    /// Whether it has work for several threads: its steps, or a validation.
    pub(super) fn forks(&self) -> bool {
        self.engine.forks(self.trainer.settings.batch_size) || !self.order.validation.is_empty()
    }

    pub(super) fn run(&mut self, fork: Fork, network: &mut N) -> Result<History, TrainError> {
        let settings = &self.trainer.settings;
        let mut display = Display::new(settings.progress, settings.epochs);
        let validated = self.order.validation.len();
        let mut evaluator =
            (validated > 0).then(|| Evaluator::new(validated, self.trainer.goal(), settings.batch_size));
        let mut stopped = self.call(network, 0.0, |callback, moment| callback.begin(moment))?;
        let is_over = |history: &History| {
            history.epochs.len() >= settings.epochs || settings.patience.is_some_and(|epochs| history.is_stuck(epochs))
        };
        while !stopped && !is_over(&self.place.history) {
            let start = Instant::now();
            display.begin(self.place.epoch(), self.order.training.len().div_ceil(settings.step_size()));
            if self.epoch(fork, network, start, &mut display)? {
                break;
            }
            let training = self.report(self.tally);
            let validation = evaluator.as_mut().map(|evaluator| {
                let data = self.trainer.validation.data().unwrap_or(self.data);
                let batch = Chosen::new(data, &self.order.validation, None);
                let tally = evaluator.measure(fork, network, &batch, self.trainer.goal(), "validation set");
                tally.map(|tally| self.report(&tally))
            });
            let validation = validation.transpose()?;
            let seconds = self.place.seconds + start.elapsed().as_secs_f64();
            let loss = training.loss;
            self.place.history.epochs.push(Epoch { training, validation, seconds, rate: self.rate });
            (self.place.step, self.place.seconds) = (0, 0.0);
            stopped = self.call(network, loss, |callback, moment| callback.after_epoch(moment))?;
            let history = &self.place.history;
            display.end(history.epochs.len(), history, stopped || is_over(history));
        }
        self.call(network, 0.0, |callback, moment| callback.finish(moment))?;
        Ok(core::mem::take(&mut self.place.history))
    }

    fn report(&self, tally: &Tally) -> Report {
        Report::new::<T, Whole<T, N>, Y, M>(tally, &self.trainer.metrics)
    }

    /// What callbacks do to the learning rate, together.
    fn callback_rate(&self) -> f64 {
        self.callbacks.iter().map(|callback| callback.rate()).product()
    }

    /// What is left of one pass over the training samples. Returns whether a callback stopped it.
    fn epoch(
        &mut self,
        fork: Fork,
        network: &mut N,
        start: Instant,
        display: &mut Display,
    ) -> Result<bool, TrainError> {
        let trainer = self.trainer;
        let settings = &trainer.settings;
        let epoch = self.place.epoch();
        if self.place.step == 0 {
            let Order { training, drawn, draw, .. } = &mut self.order;
            draw.epoch(training, drawn, self.random);
            self.tally.clear();
        }
        let samples = self.order.training.len();
        let size = settings.step_size();
        let steps = samples.div_ceil(size) as u64;
        let before = self.place.seconds;
        for step in self.place.step + 1..=steps {
            let number = (epoch as u64 - 1) * steps + step;
            let planned = settings.schedule.rate(number, steps * settings.epochs as u64, settings.epochs);
            let rate = if self.callbacks.is_empty() { planned } else { planned * self.callback_rate() };
            let motion = trainer.motion(rate);
            self.rate = rate;
            let first = (step as usize - 1) * size;
            let indices = &self.order.drawn[first..(first + size).min(samples)];
            let later = self.order.drawn[first..].chunks(size);
            let read = self.feed.read(indices, later).map_err(|error| TrainError::data(&error))?;
            let seed = self.random.bits();
            let augment = settings.augment.as_ref().map(|augment| (augment, seed));
            let batch = Chosen::new(self.data, indices, read).augmented(augment);
            let view = View { batch: &batch, part: settings.batch_size, seed };
            let taken = self.engine.step(fork, network, &view, trainer.goal(), &motion, self.tally);
            self.place.step = step;
            let stopped = match taken {
                Ok(_) if self.callbacks.is_empty() => false,
                Ok(loss) => {
                    self.place.seconds = before + start.elapsed().as_secs_f64();
                    self.call(network, loss, |callback, moment| callback.after_step(moment))?
                }
                Err(what) => {
                    let gradient = || self.engine.origin(self.tensors);
                    let origin = origin::of(what, network, &batch, trainer.goal().loss, gradient);
                    let trouble = Trouble { what, origin: origin.as_ref() };
                    let mut is_mended = false;
                    let stopped = self.call(network, f64::NAN, |callback, moment| {
                        is_mended |= callback.not_finite(moment, trouble)?;
                        Ok(())
                    })?;
                    if !is_mended {
                        return Err(TrainError::NotFinite { what, epoch, step, origin });
                    }
                    stopped
                }
            };
            let history = &self.place.history;
            display
                .step(step, self.tally, history, |tally| Report::new::<T, Whole<T, N>, Y, M>(tally, &trainer.metrics));
            if stopped {
                return Ok(true);
            }
        }
        self.place.seconds = before;
        Ok(false)
    }

    /// Lets every callback act, then does what they asked for. Returns whether one wants training to end.
    fn call(
        &mut self,
        network: &mut N,
        loss: f64,
        mut act: impl FnMut(&mut dyn Callback<T>, &mut Moment<'_, T>) -> Result<(), TrainError>,
    ) -> Result<bool, TrainError> {
        let (mut requests, rate) = (Requests::default(), self.rate);
        for callback in self.callbacks.iter_mut() {
            let mut moment = Moment {
                epoch: self.place.epoch(),
                step: self.place.step,
                steps: self.engine.steps(),
                loss,
                rate,
                history: &self.place.history,
                weights: network.as_mut_slice(),
                tensors: self.tensors,
                requests: &mut requests,
            };
            act(&mut **callback, &mut moment)?;
        }
        #[cfg(feature = "safetensors")]
        if !requests.saves.is_empty() {
            let checkpoint = self.checkpoint(network);
            requests.saves.iter().try_for_each(|path| checkpoint.save(path))?;
        }
        Ok(requests.stop)
    }
}
