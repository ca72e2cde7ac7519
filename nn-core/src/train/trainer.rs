use alloc::string::{String, ToString};

use super::callback::Callback;
use super::evaluation::evaluate_with;
use super::selection::Selection;
use super::step::Motion;
use super::threads::Team;
use super::tile::Goal;
use super::{
    AsNetwork, Checkpoint, History, NoValidation, Progress, Report, Sampling, Session, Share, TrainError, Validation,
};
use crate::OutOfRange;
use crate::data::augment::Augment;
use crate::data::{Dataset, Label};
use crate::losses::{FitsInput, FitsOutput, Loss};
use crate::metrics::MetricSet;
use crate::network::{Network, OutputKind, Whole};
use crate::optim::{GradientRules, Optimizer, Schedule};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::tensors::Marks;

/// How many samples a batch has, unless a trainer says otherwise.
pub(super) const BATCH_SIZE: usize = 32;

/// How to train: what to minimise, how to move, and on how much data at a time.
///
/// | setting | default |
/// |---|---|
/// | [`epochs`](Trainer::epochs) | 1 |
/// | [`patience`](Trainer::patience) | endless |
/// | [`batch_size`](Trainer::batch_size) | 32; the last batch of an epoch may be smaller |
/// | [`accumulate`](Trainer::accumulate) | 1: a step for each batch |
/// | [`sharpness_aware`](Trainer::sharpness_aware) | off |
/// | [`seed`](Trainer::seed) | 0: the order of samples and all noise follow from it |
/// | [`shuffle`](Trainer::shuffle), [`sampling`](Trainer::sampling) | on: a new order each epoch |
/// | [`augment`](Trainer::augment) | samples come as they are |
/// | [`threads`](Trainer::threads) | one for each core; the result does not depend on it |
/// | [`read_ahead`](Trainer::read_ahead) | 2 batches of a streamed data set |
/// | [`l1`](Trainer::l1), [`l2`](Trainer::l2), [`clip_norm`](Trainer::clip_norm), [`clip_value`](Trainer::clip_value) | off; see [`GradientRules`] |
/// | [`freeze`](Trainer::freeze), [`train_only`](Trainer::train_only) | everything is trained |
/// | [`group`](Trainer::group) | all tensors are trained alike |
/// | [`schedule`](Trainer::schedule) | [`Schedule::Constant`] |
/// | [`metric`](Trainer::metric) | none |
/// | [`validation`](Trainer::validation), [`validation_split`](Trainer::validation_split) | none |
/// | [`progress`](Trainer::progress) | [`Progress::Auto`] |
///
/// ```ignore
/// let trainer = Trainer::new(CrossEntropy::new(), Adam::default())
///     .epochs(10)
///     .batch_size(1000)
///     .metric(Accuracy)
///     .validation(&test);
/// let history = trainer.fit(&mut network, &train)?;
/// println!("{history}");
/// ```
#[derive(Clone, Debug)]
pub struct Trainer<L, O, M = (), V = NoValidation> {
    pub(super) loss: L,
    pub(super) optimizer: O,
    pub(super) metrics: M,
    pub(super) validation: V,
    pub(super) settings: Settings,
}

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) epochs: usize,
    pub(super) patience: Option<usize>,
    pub(super) batch_size: usize,
    pub(super) accumulate: usize,
    pub(super) sharpness: Option<f64>,
    pub(super) seed: u64,
    pub(super) sampling: Sampling,
    pub(super) augment: Option<Augment>,
    pub(super) threads: Option<usize>,
    pub(super) read_ahead: usize,
    pub(super) rules: GradientRules,
    pub(super) schedule: Schedule,
    pub(super) selection: Selection,
    pub(super) progress: Progress,
}

impl Settings {
    /// How many samples a step sees.
    pub(super) fn step_size(&self) -> usize {
        self.batch_size.saturating_mul(self.accumulate)
    }
}

impl<L, O> Trainer<L, O> {
    /// Training that minimises a loss with an optimiser; all else has its default.
    pub fn new(loss: L, optimizer: O) -> Self {
        let settings = Settings {
            epochs: 1,
            patience: None,
            batch_size: BATCH_SIZE,
            accumulate: 1,
            sharpness: None,
            seed: 0,
            sampling: Sampling::Shuffled,
            augment: None,
            threads: None,
            read_ahead: 2,
            rules: GradientRules::default(),
            schedule: Schedule::default(),
            selection: Selection::default(),
            progress: Progress::default(),
        };
        Self { loss, optimizer, metrics: (), validation: NoValidation, settings }
    }
}

/// Methods that set one setting.
macro_rules! settings {
    ($($(#[$meta:meta])* $name:ident($value:ident: $type:ty) $(. $path:ident)+ = $result:expr;)*) => {$(
        $(#[$meta])*
        #[must_use]
        pub fn $name(mut self, $value: $type) -> Self {
            self.settings$(.$path)+ = $result;
            self
        }
    )*};
}

impl<L, O, M, V> Trainer<L, O, M, V> {
    settings! {
        /// How often the training set is gone through; 0 gives an empty history.
        epochs(epochs: usize).epochs = epochs;
        /// Ends training early, when the loss has not fallen for this many epochs: that on the validation set, if there is
        /// one. As Keras `EarlyStopping`; the parameters stay those of the last epoch.
        patience(epochs: usize).patience = Some(epochs);
        /// How many samples a batch has; at least 1. A step sees one batch, unless gradients
        /// [accumulate](Trainer::accumulate).
        batch_size(samples: usize).batch_size = samples;
        /// Takes a step for so many batches at a time, at least 1, against the gradient of their mean loss: what a batch as
        /// large as all of them gives, the last one of an epoch smaller.
        ///
        /// It takes the memory of one batch where that matters, for layers and losses that couple samples: batch
        /// normalisation and losses such as [`InfoNce`](crate::losses::InfoNce) see each batch by itself, and so differ
        /// from those of a large batch. All else differs by rounding, and needs no accumulation: a batch of any size takes
        /// the memory of a few tiles. Steps by hand, [`Session::step`], take what they are given as one batch.
        accumulate(batches: usize).accumulate = batches;
        /// Looks for flat valleys: takes each gradient where the loss is highest at a distance of `radius`, above 0 (0.05
        /// is usual), namely at `θ + radius g / ‖g‖`, and moves `θ` by it with the optimiser as ever. A step takes twice as
        /// long.
        ///
        /// Loss, metrics and running statistics are those at `θ`; `g` is the gradient of the loss without penalties. P.
        /// Foret et al., "Sharpness-aware minimization for efficiently improving generalization" (2021).
        sharpness_aware(radius: f64).sharpness = Some(radius);
        /// What the order of samples and all noise follow from.
        seed(seed: u64).seed = seed;
        /// In which order samples come, and how often each: rare classes more often, for example.
        sampling(sampling: Sampling).sampling = sampling;
        /// How [`Trainer::fit`] changes samples before the network sees them: flips, crops, noise. Validation sees them as they
        /// are.
        augment(augment: Augment).augment = Some(augment);
        /// How many threads work; at least 1. Without the feature `threads` there is one.
        threads(threads: usize).threads = Some(threads);
        /// How many batches of a [streamed](Dataset::streamed_pixels) data set are read ahead, each by a thread of its own; 0
        /// reads each batch when it is its turn. The result does not depend on it.
        read_ahead(batches: usize).read_ahead = batches;
        /// Penalises the sum of the weights' sizes, times this factor.
        l1(factor: f64).rules.l1 = factor;
        /// Penalises the sum of the weights' squares, times this factor. PyTorch's `weight_decay` is twice this.
        l2(factor: f64).rules.l2 = factor;
        /// Scales each step's gradient down to at most this norm.
        clip_norm(limit: f64).rules.clip_norm = Some(limit);
        /// Holds each element of the gradient to at most this size.
        clip_value(limit: f64).rules.clip_value = Some(limit);
        /// How the learning rate changes in the course of [`Trainer::fit`].
        schedule(schedule: Schedule).schedule = schedule;
        /// How progress is shown.
        progress(progress: Progress).progress = progress;
    }

    /// Whether samples come in a new order each epoch, or always in that of the data set: [`Sampling::Shuffled`] or
    /// [`Sampling::InOrder`].
    #[must_use]
    pub fn shuffle(self, shuffle: bool) -> Self {
        self.sampling(if shuffle { Sampling::Shuffled } else { Sampling::InOrder })
    }

    /// Leaves some tensors as they are: those whose dotted name, or its first segments, the pattern describes. `"encoder"`
    /// freezes all of `encoder`, `"conv*"` also `conv_2.weight`, `"*.bias"` all biases: a `*` stands for any characters.
    /// May be called again for more.
    ///
    /// What is frozen has no part in the update, the optimiser's memory, penalties or the norm that
    /// [`clip_norm`](Trainer::clip_norm) limits. Frozen running statistics stay, but the layer still normalises by those of
    /// the batch; the network's own `#[freeze]` has it normalise by the running ones. Training with a pattern that matches
    /// nothing is an error that lists near names.
    #[must_use]
    pub fn freeze(mut self, pattern: impl Into<String>) -> Self {
        self.settings.selection.frozen.push(pattern.into());
        self
    }

    /// Leaves all tensors as they are but those that one of these patterns describes, as [`Trainer::freeze`] reads them:
    /// `train_only(&["head", "norm*"])`. The last call counts; what `freeze` names is frozen in any case.
    #[must_use]
    pub fn train_only(mut self, patterns: &[impl AsRef<str>]) -> Self {
        self.settings.selection.only = Some(patterns.iter().map(|pattern| pattern.as_ref().to_string()).collect());
        self
    }

    /// Trains some tensors otherwise, those that the pattern describes as [`Trainer::freeze`] reads it: a group of
    /// parameters with a rate, penalties or a decay of its own. May be called again for more; marks in the network and
    /// those of several groups come together as [`Marks`] says.
    ///
    /// ```ignore
    /// // The encoder at a tenth of the rate, without decay for its scales and embeddings.
    /// trainer
    ///     .group("encoder", Marks { rate: 0.1, ..Marks::NONE })
    ///     .group("*embedding*", Marks { decay: Some(false), ..Marks::NONE })
    /// ```
    #[must_use]
    pub fn group(mut self, pattern: impl Into<String>, marks: Marks) -> Self {
        self.settings.selection.groups.push((pattern.into(), marks));
        self
    }

    /// Shows no progress.
    #[must_use]
    pub fn silent(self) -> Self {
        self.progress(Progress::Silent)
    }

    /// Also reports a metric.
    pub fn metric<New>(self, metric: New) -> Trainer<L, O, (M, New), V> {
        let Self { loss, optimizer, metrics, validation, settings } = self;
        Trainer { loss, optimizer, metrics: (metrics, metric), validation, settings }
    }

    /// Evaluates on this data set after each epoch.
    pub fn validation<X: SampleShape, Y: Label>(self, data: &Dataset<X, Y>) -> Trainer<L, O, M, &Dataset<X, Y>> {
        self.validated(data)
    }

    /// Takes a share of the training set, from 0 to below 1 and drawn by the seed, away, and evaluates on it after each
    /// epoch. A share above 0 that is less than one sample is an error of the fit.
    pub fn validation_split(self, share: f64) -> Trainer<L, O, M, Share> {
        self.validated(Share(share))
    }

    fn validated<New>(self, validation: New) -> Trainer<L, O, M, New> {
        let Self { loss, optimizer, metrics, settings, .. } = self;
        Trainer { loss, optimizer, metrics, validation, settings }
    }

    /// The optimiser.
    pub fn optimizer(&self) -> &O {
        &self.optimizer
    }

    /// Trains a network on a data set.
    ///
    /// The result depends on network, data and settings alone, bit by bit, not on the number of threads. Each call starts
    /// with an optimiser that remembers nothing; [`Trainer::start`] gives a session that goes on.
    ///
    /// # Errors
    /// When data or settings make no sense; then the network is untouched. When a loss or gradient is not finite, or a
    /// sample cannot be read; then the network is as it was before that step. When the loss over the validation set is not
    /// finite; then it is as that epoch has left it.
    pub fn fit<T, H, N, X, Y>(&self, network: &mut N, data: &Dataset<X, Y>) -> Result<History, TrainError>
    where
        T: Scalar,
        N: AsNetwork<T, H>,
        X: FitsInput<<N::Network as Network<T>>::Input>,
        Y: FitsOutput<<N::Network as Network<T>>::Output, <N::Network as Network<T>>::Kind>,
        L: Loss<T, Whole<T, N::Network>, Y>,
        M: MetricSet<T, Whole<T, N::Network>, Y>,
        O: Optimizer<T>,
        V: Validation<X, Y>,
    {
        Session::<T, N::Network, Y, L, O, M, V>::new(self)?.run(network.network_mut(), data, &mut [], None)
    }

    /// Trains as [`Trainer::fit`], with [callbacks](super::callback): each acts in turn after every step and every epoch.
    ///
    /// # Errors
    /// As [`Trainer::fit`], and what a callback reports.
    pub fn fit_with<T, H, N, X, Y>(
        &self,
        network: &mut N,
        data: &Dataset<X, Y>,
        callbacks: &mut [&mut dyn Callback<T>],
    ) -> Result<History, TrainError>
    where
        T: Scalar,
        N: AsNetwork<T, H>,
        X: FitsInput<<N::Network as Network<T>>::Input>,
        Y: FitsOutput<<N::Network as Network<T>>::Output, <N::Network as Network<T>>::Kind>,
        L: Loss<T, Whole<T, N::Network>, Y>,
        M: MetricSet<T, Whole<T, N::Network>, Y>,
        O: Optimizer<T>,
        V: Validation<X, Y>,
    {
        Session::<T, N::Network, Y, L, O, M, V>::new(self)?.run(network.network_mut(), data, callbacks, None)
    }

    /// Goes on with a fit where a checkpoint stands: see [`Session::resume`].
    ///
    /// # Errors
    /// As [`Session::resume`].
    pub fn resume<T, H, N, X, Y>(
        &self,
        network: &mut N,
        data: &Dataset<X, Y>,
        callbacks: &mut [&mut dyn Callback<T>],
        checkpoint: &Checkpoint,
    ) -> Result<History, TrainError>
    where
        T: Scalar,
        N: AsNetwork<T, H>,
        X: FitsInput<<N::Network as Network<T>>::Input>,
        Y: FitsOutput<<N::Network as Network<T>>::Output, <N::Network as Network<T>>::Kind>,
        L: Loss<T, Whole<T, N::Network>, Y>,
        M: MetricSet<T, Whole<T, N::Network>, Y>,
        O: Optimizer<T>,
        V: Validation<X, Y>,
    {
        let mut session = Session::<T, N::Network, Y, L, O, M, V>::new(self)?;
        session.run(network.network_mut(), data, callbacks, Some(checkpoint))
    }

    /// Loss and metrics of a network over a data set. Dropout is off, running statistics are used.
    ///
    /// # Errors
    /// When the data set is empty, a sample of it cannot be read, a setting is out of range, or the loss is not finite.
    pub fn evaluate<T, H, N, X, Y>(&self, network: &N, data: &Dataset<X, Y>) -> Result<Report, TrainError>
    where
        T: Scalar,
        N: AsNetwork<T, H>,
        X: FitsInput<<N::Network as Network<T>>::Input>,
        Y: FitsOutput<<N::Network as Network<T>>::Output, <N::Network as Network<T>>::Kind>,
        L: Loss<T, Whole<T, N::Network>, Y>,
        M: MetricSet<T, Whole<T, N::Network>, Y>,
    {
        self.loss.check()?;
        self.metrics.check()?;
        let team = Team::new(self.settings.threads)?;
        evaluate_with(network.network(), data, self.goal(), self.settings.batch_size, &team)
    }

    /// Starts training that is led by hand: step by step, epoch by epoch, or by several fits that go on where the last
    /// one ended.
    ///
    /// `labels` is the kind of label alone: `Classes`, `OneHot`, or `Values::default()`.
    ///
    /// ```ignore
    /// let mut session = trainer.start(&network, Classes)?;
    /// let loss = session.step(&mut network, &images, &labels)?;
    /// ```
    ///
    /// # Errors
    /// When a setting is out of range, or the threads cannot be started.
    #[allow(clippy::type_complexity, reason = "one type for each thing that a user chose")]
    pub fn start<T, H, N, Y>(
        &self,
        network: &N,
        labels: Y,
    ) -> Result<Session<'_, T, N::Network, Y, L, O, M, V>, TrainError>
    where
        T: Scalar,
        N: AsNetwork<T, H>,
        Y: FitsOutput<<N::Network as Network<T>>::Output, <N::Network as Network<T>>::Kind>,
        L: Loss<T, Whole<T, N::Network>, Y>,
        M: MetricSet<T, Whole<T, N::Network>, Y>,
        O: Optimizer<T>,
    {
        let _ = (network, labels);
        Session::new(self)
    }

    pub(super) fn goal(&self) -> Goal<'_, L, M> {
        Goal { loss: &self.loss, metrics: &self.metrics }
    }

    pub(super) fn motion(&self, rate: f64) -> Motion<'_, O> {
        let Settings { rules, sharpness, .. } = &self.settings;
        Motion { optimizer: &self.optimizer, rules, rate, sharpness: *sharpness }
    }

    pub(super) fn check<T: Scalar, K: OutputKind, Y: Label>(&self) -> Result<(), OutOfRange>
    where
        L: Loss<T, K, Y>,
        M: MetricSet<T, K, Y>,
        O: Optimizer<T>,
    {
        self.loss.check()?;
        self.metrics.check()?;
        self.optimizer.check()?;
        self.settings.rules.check()?;
        self.settings.schedule.check()?;
        if let Some(radius) = self.settings.sharpness {
            OutOfRange::above_zero("sharpness_aware", radius)?;
        }
        let counts = [("batch_size", self.settings.batch_size), ("accumulate", self.settings.accumulate)];
        for (name, count) in counts {
            OutOfRange::unless(count > 0, name, count as f64, "at least 1")?;
        }
        // Of one sample they have nothing to say, and its loss is 0.
        let compares = self.loss.wants_whole_batches();
        let (found, expected) = (self.settings.batch_size, "at least 2, because the loss compares samples of a batch");
        OutOfRange::unless(!compares || found > 1, "batch_size", found as f64, expected)
    }
}
