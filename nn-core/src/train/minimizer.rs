use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::descent::BlockMotion;
use super::selection::{FrozenState, Selection};
use super::{AsNetwork, GradientSum, TrainError};
use crate::network::Network;
use crate::optim::{GradientRules, Lbfgs, LbfgsMemory};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::tensors::{Marks, Tensor};

/// Trains a network by [`Lbfgs`]: each step asks for the loss and its gradient as often as it likes, by a closure.
///
/// ```ignore
/// let trainer = Trainer::new(MeanSquaredError, Sgd::new(0.0)); // only its loss and its threads matter here
/// let mut session = trainer.start(&network, Values::default())?;
/// let mut minimizer = Minimizer::new(&network, Lbfgs::new());
/// for _ in 0..20 {
///     let loss = minimizer.step(&mut network, |network, sum| session.add_gradient_of(network, &data, sum))?;
///     println!("{loss}");
/// }
/// ```
///
/// The closure must give the same for the same parameters: all of the data or one batch, no dropout. It may as well be a
/// [`Run`](super::Run), or several losses added up. A loss that is not a number or infinite, as far along a step, counts as
/// too high, and the step becomes shorter.
///
/// Marks in the network and [groups](Minimizer::group) freeze and penalise as ever; a rate of their own has no meaning
/// here. It works on the calling thread, in memory for some [`history`](Lbfgs::history) times two copies of the parameters.
pub struct Minimizer<T: Scalar, N: Network<T>> {
    lbfgs: Lbfgs,
    rules: GradientRules,
    selection: Selection,
    memory: LbfgsMemory<T>,
    evaluations: u64,
    prepared: Option<Prepared<T, N>>,
}

/// What is made at the first step.
struct Prepared<T: Scalar, N: Network<T>> {
    pieces: Vec<Piece>,
    frozen: FrozenState<T>,
    gradients: GradientSum<T, N>,
    /// All parameters that are trained.
    point: Vec<T>,
}

/// A tensor that is trained.
struct Piece {
    parameters: Range<usize>,
    gradient: Range<usize>,
    rules: GradientRules,
}

impl<T: Scalar, N: Network<T>> Minimizer<T, N> {
    /// Steps for a network like this one.
    pub fn new<How>(network: &impl AsNetwork<T, How, Network = N>, lbfgs: Lbfgs) -> Self {
        let _ = network;
        let (rules, selection) = (GradientRules::default(), Selection::default());
        Self { lbfgs, rules, selection, memory: LbfgsMemory::new(), evaluations: 0, prepared: None }
    }

    /// As [`Trainer::l1`](super::Trainer::l1). Where weights cross 0 the penalty has no slope, which may end a search
    /// early.
    #[must_use]
    pub fn l1(mut self, factor: f64) -> Self {
        self.rules.l1 = factor;
        self
    }

    /// As [`Trainer::l2`](super::Trainer::l2).
    #[must_use]
    pub fn l2(mut self, factor: f64) -> Self {
        self.rules.l2 = factor;
        self
    }

    /// As [`Trainer::freeze`](super::Trainer::freeze).
    #[must_use]
    pub fn freeze(mut self, pattern: impl Into<String>) -> Self {
        self.selection.frozen.push(pattern.into());
        self
    }

    /// As [`Trainer::train_only`](super::Trainer::train_only).
    #[must_use]
    pub fn train_only(mut self, patterns: &[impl AsRef<str>]) -> Self {
        self.selection.only = Some(patterns.iter().map(|pattern| pattern.as_ref().to_string()).collect());
        self
    }

    /// As [`Trainer::group`](super::Trainer::group).
    #[must_use]
    pub fn group(mut self, pattern: impl Into<String>, marks: Marks) -> Self {
        self.selection.groups.push((pattern.into(), marks));
        self
    }

    /// How often the closure has been called.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// One step of [`Lbfgs::minimize`]: returns the loss at its beginning, without penalties on parameters. Running statistics move by
    /// those of the first evaluation.
    ///
    /// `evaluate(network, sum)` adds the gradient to `sum`, which is empty, and returns the loss.
    ///
    /// # Errors
    /// As `evaluate`, or when a setting is out of range, or a pattern matches nothing; then the network is untouched. A
    /// loss that is not finite is an error at the beginning of a step, and without a line search.
    pub fn step(
        &mut self,
        network: &mut N,
        mut evaluate: impl FnMut(&N, &mut GradientSum<T, N>) -> Result<f64, TrainError>,
    ) -> Result<f64, TrainError> {
        let mut prepared = match self.prepared.take() {
            Some(prepared) => prepared,
            None => self.prepare()?,
        };
        let result = self.run(network, &mut prepared, &mut evaluate);
        self.prepared = Some(prepared);
        result
    }

    fn run(
        &mut self,
        network: &mut N,
        prepared: &mut Prepared<T, N>,
        evaluate: &mut impl FnMut(&N, &mut GradientSum<T, N>) -> Result<f64, TrainError>,
    ) -> Result<f64, TrainError> {
        let Prepared { pieces, frozen, gradients, point } = prepared;
        each(pieces, |piece, place| point[place].copy_from_slice(&network.as_slice()[piece.parameters.clone()]));
        let mut first: Option<(f64, Vec<T>)> = None;
        let Self { lbfgs, memory, evaluations, .. } = self;
        let mut at = |point: &[T], gradient: &mut [T]| -> Result<f64, TrainError> {
            put(pieces, point, network);
            gradients.clear();
            *evaluations += 1;
            let loss = match evaluate(network, gradients) {
                Err(TrainError::NotFinite { .. }) if lbfgs.line_search && first.is_some() => return Ok(f64::INFINITY),
                other => other?,
            };
            if first.is_none() {
                let statistics = gradients.has_statistics.then(|| gradients.statistics.clone());
                first = Some((loss, statistics.unwrap_or_default()));
            }
            let mut total = loss;
            each(pieces, |piece, place| {
                let (weights, slopes) = (&point[place.clone()], &mut gradient[place]);
                slopes.copy_from_slice(&gradients.values.as_slice()[piece.gradient.clone()]);
                piece.rules.add_penalties(weights, slopes);
                total += piece.rules.penalty(weights);
            });
            Ok(total)
        };
        let result = lbfgs.minimize(memory, point, &mut at);
        put(pieces, point, network);
        result?;
        let (loss, statistics) = first.unwrap_or_default();
        if !statistics.is_empty() {
            frozen.commit(network, &statistics);
        }
        Ok(loss)
    }

    fn prepare(&self) -> Result<Prepared<T, N>, TrainError> {
        self.lbfgs.check()?;
        self.rules.check()?;
        let tensors = self.selection.of::<T, N>()?;
        let piece = |tensor: &Tensor| Piece {
            parameters: tensor.range.clone(),
            gradient: tensor.gradient.clone(),
            rules: BlockMotion::of(tensor).rules(&self.rules),
        };
        let pieces: Vec<Piece> = tensors.iter().filter(|tensor| tensor.is_trained()).map(piece).collect();
        let point = vec![T::zero(); pieces.iter().map(|piece| piece.parameters.len()).sum()];
        let gradients = GradientSum::empty();
        Ok(Prepared { pieces, frozen: FrozenState::new(&tensors), gradients, point })
    }
}

/// Calls `work` with each piece and its place among what is trained.
fn each(pieces: &[Piece], mut work: impl FnMut(&Piece, Range<usize>)) {
    let mut start = 0;
    for piece in pieces {
        let end = start + piece.parameters.len();
        work(piece, start..end);
        start = end;
    }
}

fn put<T: Scalar, N: Network<T>>(pieces: &[Piece], point: &[T], network: &mut N) {
    each(pieces, |piece, place| network.as_mut_slice()[piece.parameters.clone()].copy_from_slice(&point[place]));
}
