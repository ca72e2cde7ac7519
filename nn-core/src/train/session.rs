use super::batch::{Batch, Chosen, Handed};
use super::callback::Callback;
use super::course::{Course, Order, Place};
use super::feed::Feed;
use super::progress::warn_if_unoptimized;
use super::step::{Engine, View};
use super::threads::Team;
use super::tile::Tally;
use super::{Checkpoint, CheckpointError, GradientSum, History, TrainError, Trainer, Validation, Values, origin};
use crate::data::{Dataset, Label};
use crate::losses::{FitsInput, FitsOutput, Loss};
use crate::metrics::MetricSet;
use crate::network::{Network, Whole};
use crate::optim::Optimizer;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::tensors::Tensor;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

/// Training in progress: the optimiser's memory, the random numbers and all workspaces.
///
/// Made by [`Trainer::start`]. Nothing is allocated in a step after the first.
///
/// Memory: up to 8 lanes, each with one gradient and one tile's workspace; the gradients together take at most 16 MiB, or
/// twice the gradient where that is more. A network with batch normalisation, or a loss that compares samples, needs the
/// workspace of its whole batch.
pub struct Session<'t, T: Scalar, N: Network<T>, Y: Label, L, O, M, V> {
    trainer: &'t Trainer<L, O, M, V>,
    team: Team,
    engine: Engine<T, N, Y>,
    random: Random,
    tally: Tally,
    tensors: Vec<Tensor>,
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
            tensors,
        })
    }

    /// One step on samples given by hand, of any number: returns their mean loss before the step.
    ///
    /// `inputs` and `targets` hold one array, and one label, for each sample; inputs are read where they lie. The schedule of the
    /// learning rate does not apply, and samples are not augmented.
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
        let Self { trainer, team, engine, random, tally, tensors } = self;
        tally.clear();
        let motion = trainer.motion(1.0);
        let goal = trainer.goal();
        let step = engine.steps() + 1;
        let view = View { batch: &batch, part: batch.len(), seed: random.bits() };
        team.run_where_it_forks(engine.forks(batch.len()), |fork| {
            engine.step(fork, network, &view, goal, &motion, tally)
        })
        .map_err(|what| {
            let origin = origin::of(what, network, &batch, trainer.goal().loss, || engine.origin(tensors));
            TrainError::NotFinite { what, epoch: 0, step, origin }
        })?;
        Ok(tally.mean_loss())
    }

    /// The mean loss of samples given by hand, and its gradient, added to `sum`: on all threads, without a step. For a
    /// [`Minimizer`](super::Minimizer) or a [`Stepper`](super::Stepper); the trainer's penalties, which are no part of the
    /// loss, and its optimiser have no part in it. Dropout draws new numbers in each call.
    ///
    /// Inputs are read where they lie.
    ///
    /// # Errors
    /// As [`Session::step`]; then the sum is as before.
    pub fn add_gradient(
        &mut self,
        network: &N,
        inputs: &[<N::Input as SampleShape>::Array<T>],
        targets: &[Y::Target<f32>],
        sum: &mut GradientSum<T, N>,
    ) -> Result<f64, TrainError>
    where
        Y: FitsOutput<N::Output, N::Kind>,
    {
        self.gradient_of(network, &Handed::<T, N::Input, Y>::new(inputs, targets)?, sum)
    }

    /// As [`Session::add_gradient`], of a whole data set as one batch.
    ///
    /// # Errors
    /// As [`Session::add_gradient`], and when a sample of a streamed data set cannot be read.
    pub fn add_gradient_of<X>(
        &mut self,
        network: &N,
        data: &Dataset<X, Y>,
        sum: &mut GradientSum<T, N>,
    ) -> Result<f64, TrainError>
    where
        X: FitsInput<N::Input>,
        Y: FitsOutput<N::Output, N::Kind>,
    {
        if data.is_empty() {
            return Err(TrainError::Empty { what: "data set" });
        }
        let indices: Vec<u32> = (0..data.len() as u32).collect();
        let mut feed = Feed::new(data, 0)?;
        let read = feed.read(&indices, core::iter::empty()).map_err(|error| TrainError::data(&error))?;
        self.gradient_of(network, &Chosen::new(data, &indices, read), sum)
    }

    fn gradient_of<B: Batch<T, Y>>(
        &mut self,
        network: &N,
        batch: &B,
        sum: &mut GradientSum<T, N>,
    ) -> Result<f64, TrainError> {
        let Self { trainer, team, engine, random, .. } = self;
        let view = View { batch, part: batch.len(), seed: random.bits() };
        let goal = trainer.goal();
        team.run_where_it_forks(engine.forks(batch.len()), |fork| engine.add_gradient(fork, network, &view, goal, sum))
            .map_err(|what| TrainError::NotFinite { what, epoch: 0, step: engine.steps() + 1, origin: None })
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
        self.run(network, data, &mut [], None)
    }

    /// As [`Session::fit`], with [callbacks](super::callback): each acts in turn after every step and every epoch.
    ///
    /// ```ignore
    /// let mut early = EarlyStopping::new(5);
    /// let mut log = CsvLog::new("run.csv");
    /// session.fit_with(&mut network, &data, &mut [&mut early, &mut log])?;
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::fit`], and what a callback reports.
    pub fn fit_with<X>(
        &mut self,
        network: &mut N,
        data: &Dataset<X, Y>,
        callbacks: &mut [&mut dyn Callback<T>],
    ) -> Result<History, TrainError>
    where
        X: FitsInput<N::Input>,
        Y: FitsOutput<N::Output, N::Kind>,
        V: Validation<X, Y>,
    {
        self.run(network, data, callbacks, None)
    }

    /// Goes on with a fit where a checkpoint stands, that was saved in its course: with the same data and settings, and
    /// callbacks of the same kinds in the same order, the result is bit by bit what it would have been. The number of
    /// epochs may be larger than before; learning rates, penalties, clipping and the schedule may be others, too.
    ///
    /// # Errors
    /// As [`Session::fit_with`]; when the checkpoint is of another network, of other settings, or was not saved in a fit.
    /// Then the network is untouched.
    pub fn resume<X>(
        &mut self,
        network: &mut N,
        data: &Dataset<X, Y>,
        callbacks: &mut [&mut dyn Callback<T>],
        checkpoint: &Checkpoint,
    ) -> Result<History, TrainError>
    where
        X: FitsInput<N::Input>,
        Y: FitsOutput<N::Output, N::Kind>,
        V: Validation<X, Y>,
    {
        self.run(network, data, callbacks, Some(checkpoint))
    }

    /// Training as it stands between two calls of [`Session::step`]: weights, what the optimiser remembers, random numbers.
    /// Where the caller stands in the data is for the caller to keep.
    ///
    /// ```ignore
    /// session.checkpoint(&network).save("last.safetensors")?;
    /// // later
    /// session.restore(&mut network, &Checkpoint::load("last.safetensors")?)?;
    /// ```
    pub fn checkpoint(&self, network: &N) -> Checkpoint {
        keep(network, &self.tensors, &self.engine, &self.random, &self.trainer.optimizer)
    }

    /// Goes back, or on, to where a checkpoint stands.
    ///
    /// # Errors
    /// When it is of another network or optimiser; then nothing is changed.
    pub fn restore(&mut self, network: &mut N, checkpoint: &Checkpoint) -> Result<(), CheckpointError> {
        checkpoint.check::<T, N>(&self.tensors)?;
        let Self { trainer, engine, random, tensors, .. } = self;
        take(checkpoint, network, tensors, engine, random, &trainer.optimizer)
    }

    /// As `fit`, once it is known that the data fits.
    pub(super) fn run<X>(
        &mut self,
        network: &mut N,
        data: &Dataset<X, Y>,
        callbacks: &mut [&mut dyn Callback<T>],
        checkpoint: Option<&Checkpoint>,
    ) -> Result<History, TrainError>
    where
        X: SampleShape,
        V: Validation<X, Y>,
    {
        let Self { trainer, team, engine, random, tally, tensors } = self;
        if let Some(augment) = &trainer.settings.augment {
            augment.check(X::SHAPE, Y::BLENDS)?;
        }
        let order = Order::new(data, &trainer.validation, trainer.settings.seed, &trainer.settings.sampling)?;
        warn_if_unoptimized(trainer.settings.progress);
        // Another slice, because that of the caller lives longer than this call.
        let mut callbacks: Vec<&mut dyn Callback<T>> =
            callbacks.iter_mut().map(|callback| &mut **callback as _).collect();
        let place = Place::default();
        let feed = Feed::new(data, trainer.settings.read_ahead)?;
        let mut course = Course {
            trainer,
            engine,
            random,
            tally,
            tensors,
            data,
            order,
            feed,
            place,
            rate: 1.0,
            callbacks: &mut callbacks,
        };
        if let Some(checkpoint) = checkpoint {
            course.restore(network, checkpoint)?;
        }
        team.run_where_it_forks(course.forks(), |fork| course.run(fork, network))
    }
}

/// A checkpoint of a network, an optimiser and random numbers.
pub(super) fn keep<T: Scalar, N: Network<T>, Y: Label, O>(
    network: &N,
    tensors: &[Tensor],
    engine: &Engine<T, N, Y>,
    random: &Random,
    _: &O,
) -> Checkpoint {
    let mut checkpoint = Checkpoint::of(network, tensors);
    let (state, descent) = (&mut checkpoint.state, engine.descent());
    state.put_text("optimizer.name", short_name::<O>());
    state.put("optimizer.steps", Values::Integers(vec![descent.steps]));
    state.put("optimizer.first", Values::scalars(&descent.first));
    state.put("optimizer.second", Values::scalars(&descent.second));
    state.put("random", Values::Integers(random.state().to_vec()));
    checkpoint
}

/// Takes over what [`keep`] kept, or nothing.
pub(super) fn take<T: Scalar, N: Network<T>, Y: Label, O>(
    checkpoint: &Checkpoint,
    network: &mut N,
    tensors: &[Tensor],
    engine: &mut Engine<T, N, Y>,
    random: &mut Random,
    _: &O,
) -> Result<(), CheckpointError> {
    let state = &checkpoint.state;
    let (found, expected) = (state.text("optimizer.name")?, short_name::<O>());
    if found != expected {
        let [expected, found] = [expected, found].map(ToString::to_string);
        return Err(CheckpointError::Setting { name: "the optimiser", expected, found });
    }
    let [steps] = state.integers("optimizer.steps")?;
    let descent = engine.descent_mut();
    let first = state.scalars("optimizer.first", descent.first.len())?;
    let second = state.scalars("optimizer.second", descent.second.len())?;
    let stream = state.integers("random")?;
    let weights = tensors.iter().map(|tensor| checkpoint.weights(tensor)).collect::<Result<Vec<&[T]>, _>>()?;
    descent.first.copy_from_slice(first);
    descent.second.copy_from_slice(second);
    descent.steps = steps;
    *random = Random::at(stream);
    for (tensor, weights) in tensors.iter().zip(weights) {
        network.as_mut_slice()[tensor.range.clone()].copy_from_slice(weights);
    }
    Ok(())
}

/// A type's name without its path: `AdamW`.
fn short_name<O>() -> &'static str {
    let name = core::any::type_name::<O>();
    let path = name.split('<').next().unwrap_or(name);
    path.rsplit("::").next().unwrap_or(path)
}
