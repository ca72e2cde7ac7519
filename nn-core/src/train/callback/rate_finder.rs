use alloc::vec::Vec;

use super::{Callback, Moment, Trouble};
use crate::OutOfRange;
use crate::scalar::Scalar;
use crate::train::{CheckpointError, State, TrainError, Values};

/// Finds a learning rate: raises it from step to step until the loss runs away, and keeps the curve (Smith, "Cyclical Learning
/// Rates for Training Neural Networks", 2017; as PyTorch Lightning's `lr_find`). The network gets its weights back.
///
/// It goes alone into a fit with at least as many steps, without a schedule:
///
/// ```
/// use nn_core::train::callback::RateFinder;
///
/// // The optimiser is `Adam::new(1e-3)`; rates from 1e-6 to 1, in 100 steps.
/// let mut finder = RateFinder::<f32>::new(1e-3, [1e-6, 1.0], 100)?;
/// // trainer.fit_with(&mut network, &data, &mut [&mut finder])?;
/// assert!(finder.curve().is_empty() && finder.suggestion().is_none());
/// # Ok::<(), nn_core::OutOfRange>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RateFinder<T> {
    own: f64,
    range: [f64; 2],
    steps: usize,
    curve: Vec<RatePoint>,
    average: f64,
    weights: Vec<T>,
}

/// A step of a [`RateFinder`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatePoint {
    /// The learning rate.
    pub rate: f64,
    /// The loss of its batch, before the step.
    pub loss: f64,
    /// The running mean of the losses so far, as if it had started with the first.
    pub smooth: f64,
}

/// The share of the running mean that stays in each step.
const KEPT: f64 = 0.95;
/// A loss so many times the lowest one has run away.
const AWAY: f64 = 4.0;
/// So many steps at the start stop nothing.
const WARM: usize = 5;
/// A mean reaches over one part of so many on either side.
const NEIGHBOURS: usize = 16;

impl<T: Scalar> RateFinder<T> {
    /// Rates from the first to the second of `range`, the same factor from each to the next, in so many steps. `own` is the
    /// optimiser's learning rate.
    ///
    /// # Errors
    /// When a rate is not above 0, the range is empty, or there are fewer than 10 steps.
    pub fn new(own: f64, range: [f64; 2], steps: usize) -> Result<Self, OutOfRange> {
        OutOfRange::above_zero("own", own)?;
        OutOfRange::above_zero("range", range[0])?;
        if range[1] <= range[0] || !range[1].is_finite() {
            return Err(OutOfRange { name: "range", found: range[1], expected: "above its start" });
        }
        if steps < 2 * WARM {
            return Err(OutOfRange { name: "steps", found: steps as f64, expected: "at least 10" });
        }
        Ok(Self { own, range, steps, curve: Vec::new(), average: 0.0, weights: Vec::new() })
    }

    /// All steps that were taken.
    pub fn curve(&self) -> &[RatePoint] {
        &self.curve
    }

    /// The rate at which the loss falls fastest: where its mean over some neighbouring steps is steepest over the logarithm of
    /// the rate, before its lowest point. Nothing if it never falls.
    pub fn suggestion(&self) -> Option<f64> {
        let count = self.curve.len();
        let reach = (count / NEIGHBOURS).max(2);
        let mean = |at: usize| self.curve[at - reach..=at + reach].iter().map(|point| point.loss).sum::<f64>();
        let lowest = (reach..count.saturating_sub(reach)).min_by(|a, b| mean(*a).total_cmp(&mean(*b)))?;
        // The rates are evenly apart on a logarithmic scale.
        let slope = |at: usize| mean(at + reach) - mean(at - reach);
        let inside = 2 * reach..lowest.min(count.saturating_sub(2 * reach));
        let steepest = inside.min_by(|a, b| slope(*a).total_cmp(&slope(*b)))?;
        (slope(steepest) < 0.0).then(|| self.curve[steepest].rate)
    }

    fn current(&self) -> f64 {
        let share = self.curve.len() as f64 / (self.steps - 1) as f64;
        self.range[0] * (self.range[1] / self.range[0]).powf(share.min(1.0))
    }
}

impl<T: Scalar> Callback<T> for RateFinder<T> {
    fn name(&self) -> &'static str {
        "RateFinder"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if moment.is_new() || self.weights.len() != moment.weights.len() {
            self.curve.clear();
            self.weights = moment.weights.to_vec();
        }
        Ok(())
    }

    fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let rate = self.current();
        let count = self.curve.len() as i32 + 1;
        self.average = if count == 1 { 0.0 } else { self.average } * KEPT + moment.loss * (1.0 - KEPT);
        let smooth = self.average / (1.0 - KEPT.powi(count));
        self.curve.push(RatePoint { rate, loss: moment.loss, smooth });
        let lowest = self.curve.iter().map(|point| point.smooth).fold(f64::INFINITY, f64::min);
        let is_away = self.curve.len() > WARM && lowest > 0.0 && smooth > AWAY * lowest;
        if is_away || self.curve.len() >= self.steps {
            moment.stop();
        }
        Ok(())
    }

    fn not_finite(&mut self, moment: &mut Moment<'_, T>, _: Trouble<'_>) -> Result<bool, TrainError> {
        moment.stop();
        Ok(true)
    }

    fn finish(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        moment.weights.copy_from_slice(&self.weights);
        Ok(())
    }

    fn rate(&self) -> f64 {
        self.current() / self.own
    }

    fn save(&self, state: &mut State) {
        let points = self.curve.iter().flat_map(|point| [point.rate, point.loss, point.smooth]);
        state.put("curve", Values::Doubles(points.chain([self.average]).collect()));
        state.put("count", Values::Integers([self.weights.len() as u64].to_vec()));
        state.put("weights", Values::scalars(&self.weights));
    }

    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        let (points, average) = state.double_slice("curve")?.as_chunks::<3>();
        let [count] = state.integers("count")?;
        self.weights = state.scalars("weights", count as usize)?.to_vec();
        self.curve = points.iter().map(|&[rate, loss, smooth]| RatePoint { rate, loss, smooth }).collect();
        self.average = average.first().copied().unwrap_or(0.0);
        Ok(())
    }
}
