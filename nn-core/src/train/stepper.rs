use alloc::string::{String, ToString};
use core::marker::PhantomData;

use super::descent::{Descent, all_finite};
use super::selection::{FrozenState, Selection};
use super::threads::Fork;
use super::tiling::MOST_LANES;
use super::{AsNetwork, GradientSum, Quantity, TrainError};
use crate::OutOfRange;
use crate::network::Network;
use crate::optim::{GradientRules, Optimizer};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::tensors::Marks;

/// Moves the parameters of a network by hand: an optimiser with its memory, for gradients from a [`Run`](super::Run).
///
/// Settings are those of the [`Trainer`](super::Trainer) with the same names; marks in the network, as `#[freeze]`, hold here
/// too. They are checked by the first step, which also allocates the optimiser's memory. It works on the calling thread.
pub struct Stepper<T: Scalar, N: Network<T>, O> {
    optimizer: O,
    rules: GradientRules,
    selection: Selection,
    rate: f64,
    memory: Option<(Descent<T>, FrozenState<T>)>,
    network: PhantomData<fn() -> N>,
}

impl<T: Scalar, N: Network<T>, O: Optimizer<T>> Stepper<T, N, O> {
    /// Steps for a network like this one.
    pub fn new<How>(network: &impl AsNetwork<T, How, Network = N>, optimizer: O) -> Self {
        let _ = network;
        let (rules, selection) = (GradientRules::default(), Selection::default());
        Self { optimizer, rules, selection, rate: 1.0, memory: None, network: PhantomData }
    }

    /// Penalties and clipping, as the trainer's [`l1`](super::Trainer::l1), [`l2`](super::Trainer::l2),
    /// [`clip_norm`](super::Trainer::clip_norm) and [`clip_value`](super::Trainer::clip_value).
    #[must_use]
    pub fn rules(mut self, rules: GradientRules) -> Self {
        self.rules = rules;
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

    /// What the learning rate is multiplied with from now on; 1 at first.
    pub fn set_rate(&mut self, factor: f64) {
        self.rate = factor;
    }

    /// Moves the parameters against their gradient, and the running statistics by those of the runs. Nothing is left in
    /// `gradients` afterwards, whether the step is taken or not.
    ///
    /// # Errors
    /// When a setting is out of range or a pattern matches nothing, or when the gradient or the statistics are not finite;
    /// then the network is untouched.
    pub fn step(&mut self, network: &mut N, gradients: &mut GradientSum<T, N>) -> Result<(), TrainError> {
        let result = self.try_step(network, gradients);
        gradients.clear();
        result
    }

    fn try_step(&mut self, network: &mut N, gradients: &mut GradientSum<T, N>) -> Result<(), TrainError> {
        OutOfRange::not_negative("rate", self.rate)?;
        let memory = match self.memory.take() {
            Some(memory) => memory,
            None => self.prepare()?,
        };
        let (descent, frozen) = self.memory.insert(memory);
        let step = descent.steps + 1;
        let refused = |what| TrainError::NotFinite { what, epoch: 0, step, origin: None };
        let GradientSum { values, statistics, has_statistics } = gradients;
        if *has_statistics && !all_finite(statistics) {
            let is_gradient = !all_finite(values.as_slice());
            return Err(refused(if is_gradient { Quantity::Gradient } else { Quantity::Statistics }));
        }
        let mut lanes: [&mut [T]; MOST_LANES] = Default::default();
        lanes[0] = values.as_mut_slice();
        let parameters = network.as_mut_slice();
        if !descent.step(Fork::InOrder, parameters, lanes, self.rate, &self.rules, &self.optimizer) {
            return Err(refused(Quantity::Gradient));
        }
        if *has_statistics {
            frozen.commit(network, statistics);
        }
        Ok(())
    }

    fn prepare(&self) -> Result<(Descent<T>, FrozenState<T>), TrainError> {
        self.optimizer.check()?;
        self.rules.check()?;
        let tensors = self.selection.of::<T, N>()?;
        let gradient = <N::Gradient as Plain<T>>::LEN;
        Ok((Descent::new(&tensors, gradient, &self.optimizer), FrozenState::new(&tensors)))
    }
}
