//! A search for settings and networks that train well: at random, or by successive halving.
//!
//! A [`Space`] says which settings there are, a [`Variant`] is one kind of network with its way of training, and [`Search`]
//! tries so many points. With [`Search::halving`], all of them train for a few epochs, the best part of them for more, and so on
//! (K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016): each
//! round trains anew, so that a schedule of the learning rate fits its epochs.
//!
//! A trial is a function of the search's seed and its own number: what is found does not depend on the number of threads, or
//! on what came before. With [`Search::state`], finished trials are kept in a file that is replaced whole after each; a
//! search that was killed goes on from there.
//!
//! ```
//! use nn_core::train::search::{Search, Space, Trial, variant};
//!
//! // In earnest, a variant trains a network, and returns its loss on validation data.
//! let parabola = variant("parabola", |trial: &Trial<'_>| Ok((trial.real("x")? - 0.25).powi(2)));
//! let space = Space::new().real("x", -1.0..=1.0);
//! let found = Search::new(space).trials(200).epochs(1).seed(1).run(&[&parabola])?;
//! let best = found.best().expect("some trial succeeded");
//! assert!((best.point.real("x")? - 0.25).abs() < 0.05);
//! println!("{found}");
//! # Ok::<(), nn_core::train::search::SearchError>(())
//! ```

mod found;
mod ledger;
mod space;
#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

pub use found::{Attempt, Found};
pub use space::{Point, Setting, Space};

use self::ledger::Ledger;
use super::TrainError;
use super::threads::Team;
use crate::OutOfRange;
use crate::random::{Noise, Random};

/// Why a search could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// A setting of the search, or a range of the space, is out of range.
    #[error(transparent)]
    Setting(#[from] OutOfRange),
    /// A range of the space has no numbers, or a choice no names.
    #[error("`{name}` has nothing to choose from: {range}")]
    Range {
        /// The setting.
        name: String,
        /// As it was given.
        range: String,
    },
    /// Two settings, or two variants, have one name, or a name cannot stand in a line of text.
    #[error("the name `{name}` is given twice, is empty, or has a line end in it")]
    Name {
        /// Which.
        name: String,
    },
    /// There are no variants.
    #[error("there is no variant to try")]
    NoVariants,
    /// A trial asks for a setting that its space does not have, or has as another kind.
    #[error("the space has no {kind} `{name}`")]
    NoSuchSetting {
        /// What was asked for.
        name: String,
        /// A real or whole number, or a choice.
        kind: &'static str,
    },
    /// No trial has a score.
    #[error("all {trials} trials failed, the first because: {reason}")]
    AllFailed {
        /// How many there were.
        trials: usize,
        /// What the first one said.
        reason: String,
    },
    /// The threads could not be started.
    #[error(transparent)]
    Threads(#[from] TrainError),
    /// The file of finished trials cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file of finished trials is none, or damaged.
    #[error("{}, line {line}: {reason}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1 on.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The finished trials are of a search with other settings.
    #[error(
        "{}: these trials are of another search: expected `{expected}`, found `{found}`\n\
         help: give this search a file of its own, or remove that one", path.display()
    )]
    Other {
        /// Which file.
        path: PathBuf,
        /// A line of its head, as it should be.
        expected: String,
        /// As it is.
        found: String,
    },
}

/// What a trial ends with: a score, or why there is none.
pub type TrialResult = Result<f64, Box<dyn core::error::Error + Send + Sync>>;

/// One kind of network, and how it is trained and judged.
///
/// [`variant`] makes one from a closure.
pub trait Variant: Sync {
    /// What it is called in tables and pictures.
    fn name(&self) -> &str;

    /// Trains one network with the trial's settings, for its number of epochs, from its seed, and judges it on data that it has not seen.
    /// The score must follow from these alone. Trials run at the same time: one thread each is enough
    /// ([`Trainer::threads`](super::Trainer::threads)).
    ///
    /// # Errors
    /// A trial that fails, because its loss is not finite for example, has no score, and the search goes on.
    fn run(&self, trial: &Trial<'_>) -> TrialResult;
}

/// A variant from its name and what it does.
///
/// ```ignore
/// /// Any network for these images, with scores for ten classes.
/// fn fit<N: Network<f32, Input = Image<28, 28, 1>, Output = Features<10>, Kind = Scores>>(
///     mut network: AlignedBox<N>, trial: &Trial<'_>, training: &Clothes, validation: &Clothes,
/// ) -> TrialResult {
///     let trainer = Trainer::new(CrossEntropy::new(), Adam::new(trial.real("learning rate")?))
///         .epochs(trial.epochs()).seed(trial.seed()).threads(1).silent();
///     trainer.fit(&mut network, training)?;
///     Ok(trainer.evaluate(&network, validation)?.loss)
/// }
/// let small = variant("small", |trial| fit(Small::new(trial.seed()), trial, &training, &validation));
/// let large = variant("large", |trial| fit(Large::new(trial.seed()), trial, &training, &validation));
/// let found = search.run(&[&small, &large])?;
/// ```
pub fn variant<F: Fn(&Trial<'_>) -> TrialResult + Sync>(name: impl Into<String>, run: F) -> impl Variant {
    struct Closure<F>(String, F);

    impl<F: Fn(&Trial<'_>) -> TrialResult + Sync> Variant for Closure<F> {
        fn name(&self) -> &str {
            &self.0
        }

        fn run(&self, trial: &Trial<'_>) -> TrialResult {
            (self.1)(trial)
        }
    }

    Closure(name.into(), run)
}

/// What a variant is to try.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'s> {
    number: usize,
    epochs: usize,
    seed: u64,
    point: &'s Point,
}

impl Trial<'_> {
    /// Its number, from 0 on.
    pub fn number(&self) -> usize {
        self.number
    }

    /// For how many epochs to train.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// What initial values, the order of samples and all noise are to follow from: the same for every round of a trial.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// All settings.
    pub fn point(&self) -> &Point {
        self.point
    }

    /// A setting that is a real number.
    ///
    /// # Errors
    /// When the space has none of this name.
    pub fn real(&self, name: &str) -> Result<f64, SearchError> {
        self.point.real(name)
    }

    /// A setting that is a whole number.
    ///
    /// # Errors
    /// When the space has none of this name.
    pub fn integer(&self, name: &str) -> Result<usize, SearchError> {
        self.point.integer(name)
    }

    /// A setting that is one of some names.
    ///
    /// # Errors
    /// When the space has none of this name.
    pub fn choice(&self, name: &str) -> Result<&str, SearchError> {
        self.point.choice(name)
    }
}

/// A search. See the [module](self).
///
/// | setting | default |
/// |---|---|
/// | [`trials`](Search::trials) | 16 |
/// | [`epochs`](Search::epochs) | 10: for a trial that is not given up |
/// | [`halving`](Search::halving) | off: every trial trains for all epochs |
/// | [`higher_is_better`](Search::higher_is_better) | off: the score is a loss |
/// | [`seed`](Search::seed) | 0 |
/// | [`threads`](Search::threads) | as many trials at once as there are cores |
/// | [`state`](Search::state) | nothing is kept |
#[derive(Clone, Debug)]
pub struct Search {
    space: Space,
    trials: usize,
    epochs: usize,
    halving: Option<(usize, usize)>,
    higher_is_better: bool,
    seed: u64,
    threads: Option<usize>,
    state: Option<PathBuf>,
}

impl Search {
    /// A search in this space; all else has its default.
    pub fn new(space: Space) -> Self {
        Self {
            space,
            trials: 16,
            epochs: 10,
            halving: None,
            higher_is_better: false,
            seed: 0,
            threads: None,
            state: None,
        }
    }

    /// How many points to try. The variants take turns: the first trial is of the first variant.
    #[must_use]
    pub fn trials(mut self, trials: usize) -> Self {
        self.trials = trials;
        self
    }

    /// For how many epochs a trial trains, the last ones under successive halving.
    #[must_use]
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.epochs = epochs;
        self
    }

    /// Successive halving: all trials train for `first` epochs; one in `factor` of them, the best, for `factor` times as many, and
    /// so on up to [`Search::epochs`]. `factor` is at least 2; 3 is usual.
    #[must_use]
    pub fn halving(mut self, first: usize, factor: usize) -> Self {
        self.halving = Some((first, factor));
        self
    }

    /// The score is an accuracy or the like.
    #[must_use]
    pub fn higher_is_better(mut self) -> Self {
        self.higher_is_better = true;
        self
    }

    /// What all points and the trials' seeds follow from.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many trials run at once; at least 1. What is found does not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Keeps finished trials in this file, and does not repeat those that stand in it. It may have been written with another
    /// number of trials or epochs, and with or without halving.
    #[must_use]
    pub fn state(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// Makes the search.
    ///
    /// # Errors
    /// When a setting or the space makes no sense, when no trial has a score, or when the file of finished trials cannot be
    /// read, written, or is of another search.
    pub fn run(&self, variants: &[&dyn Variant]) -> Result<Found, SearchError> {
        self.check(variants)?;
        let ledger = Mutex::new(Ledger::open(self.state.clone(), &self.head(variants))?);
        let team = Team::new(self.threads)?;
        let mut numbers: Vec<usize> = (0..self.trials).collect();
        let mut found = Found::new(self.space.clone(), self.higher_is_better);
        for (count, epochs) in self.rounds() {
            numbers.truncate(count);
            numbers.sort_unstable();
            let mut slots: Vec<(usize, Option<Result<Attempt, SearchError>>)> =
                numbers.iter().map(|&number| (number, None)).collect();
            team.run(|fork| {
                fork.each(&mut slots, &|(number, slot)| *slot = Some(self.attempt(variants, *number, epochs, &ledger)));
            });
            let mut round: Vec<Attempt> = slots.into_iter().filter_map(|(_, slot)| slot).collect::<Result<_, _>>()?;
            found.attempts.extend(round.iter().cloned());
            found.rank(&mut round);
            numbers = round.iter().filter(|attempt| attempt.score.is_some()).map(|attempt| attempt.number).collect();
            if let (true, Some(first)) = (numbers.is_empty(), round.first()) {
                let reason = first.failure.clone().unwrap_or_default();
                return Err(SearchError::AllFailed { trials: round.len(), reason });
            }
        }
        Ok(found)
    }

    fn check(&self, variants: &[&dyn Variant]) -> Result<(), SearchError> {
        let at_least = |name: &'static str, found: usize, least: usize, expected: &'static str| match found < least {
            true => Err(OutOfRange { name, found: found as f64, expected }),
            false => Ok(()),
        };
        at_least("trials", self.trials, 1, "at least 1")?;
        at_least("epochs", self.epochs, 1, "at least 1")?;
        if let Some((first, factor)) = self.halving {
            at_least("halving's first epochs", first, 1, "at least 1")?;
            at_least("halving's factor", factor, 2, "at least 2")?;
        }
        if variants.is_empty() {
            return Err(SearchError::NoVariants);
        }
        self.space.check()?;
        let names = variants.iter().map(|variant| variant.name()).chain(self.space.names());
        space::check_names(names)
    }

    /// How many trials train for how many epochs, round by round.
    fn rounds(&self) -> Vec<(usize, usize)> {
        let Some((first, factor)) = self.halving else { return [(self.trials, self.epochs)].to_vec() };
        let (mut count, mut epochs, mut rounds) = (self.trials, first, Vec::new());
        while epochs < self.epochs {
            rounds.push((count, epochs));
            (count, epochs) = ((count / factor).max(1), epochs.saturating_mul(factor));
        }
        rounds.push((count, self.epochs));
        rounds
    }

    /// What must be the same for finished trials to be of use.
    fn head(&self, variants: &[&dyn Variant]) -> Vec<String> {
        let names: Vec<&str> = variants.iter().map(|variant| variant.name()).collect();
        let better = if self.higher_is_better { "higher" } else { "lower" };
        let mut head = [format!("seed {}", self.seed), format!("{better} is better")].to_vec();
        head.push(format!("variants {}", names.join(", ")));
        head.extend(self.space.lines());
        head
    }

    /// One trial, or what is known of it.
    fn attempt(
        &self,
        variants: &[&dyn Variant],
        number: usize,
        epochs: usize,
        ledger: &Mutex<Ledger>,
    ) -> Result<Attempt, SearchError> {
        // A thread that panicked has left the ledger whole: it changes in one step.
        let locked = || ledger.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let noise = Noise::new(self.seed, 0, number as u64);
        let point = self.space.draw(&mut Random::new(noise.bits(0)));
        let variant = variants[number % variants.len()];
        let known = locked().get(number, epochs).cloned();
        let (seconds, result) = match known {
            Some(known) => known,
            None => {
                let start = Instant::now();
                let trial = Trial { number, epochs, seed: noise.bits(1), point: &point };
                let result = match variant.run(&trial) {
                    Ok(score) if score.is_nan() => Err("its score is not a number".into()),
                    Ok(score) => Ok(score),
                    Err(error) => Err(error.to_string()),
                };
                let known = (start.elapsed().as_secs_f64(), result);
                locked().put(number, epochs, known.clone())?;
                known
            }
        };
        let (score, failure) = match result {
            Ok(score) => (Some(score), None),
            Err(failure) => (None, Some(failure)),
        };
        Ok(Attempt { number, variant: variant.name().to_string(), point, epochs, score, failure, seconds })
    }
}
