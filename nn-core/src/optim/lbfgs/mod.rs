mod line_search;
mod memory;
#[cfg(test)]
mod tests;

use alloc::vec;
use alloc::vec::Vec;

use line_search::{LineSearch, Probe};
pub use memory::LbfgsMemory;

use crate::OutOfRange;
use crate::scalar::Scalar;

/// L-BFGS: steps by the curvature that the last gradients show, each step of many evaluations of the same loss.
///
/// A direction `-H g`, where `H` is made of the last `history` changes of parameters `s` and of the gradient `y` (two
/// loops, `H_0 = sᵀy / yᵀy`; a pair with `sᵀy ≤ 1e-10` is left out), then a step along it, whose length a line search finds
/// such that the strong conditions of Wolfe hold (`c₁ = 1e-4`, `c₂ = 0.9`). It suits small networks with all of the data in
/// one batch, and a loss that does not change by itself: without dropout.
///
/// It is no [`Optimizer`](super::Optimizer), which sees one gradient a step: [`Minimizer`](crate::train::Minimizer) drives
/// it over a network, [`Lbfgs::minimize`] over any function of some numbers.
///
/// As PyTorch `LBFGS` with `line_search_fn='strong_wolfe'`, and [`Lbfgs::fixed_steps`] as without; the other defaults are
/// the same: at most 20 iterations a step and 25 evaluations, a history of 100, tolerances of 1e-7 and 1e-9. J. Nocedal and
/// S. Wright, "Numerical optimization" (2006), algorithms 7.4, 3.5 and 3.6.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lbfgs {
    /// How much of the whole step `-H g` is tried first, or taken; above 0.
    pub learning_rate: f64,
    /// How many directions one step goes at most; at least 1.
    pub iterations: usize,
    /// After how many evaluations no further direction is begun.
    pub evaluations: usize,
    /// A step ends where no element of the gradient is larger.
    pub gradient_tolerance: f64,
    /// A step ends where neither the loss nor any parameter changes by more.
    pub change_tolerance: f64,
    /// How many changes are remembered; at least 1.
    pub history: usize,
    /// Whether the length of a step is searched for.
    pub line_search: bool,
}

impl Lbfgs {
    /// With the defaults.
    pub const fn new() -> Self {
        Self {
            learning_rate: 1.0,
            iterations: 20,
            evaluations: 25,
            gradient_tolerance: 1e-7,
            change_tolerance: 1e-9,
            history: 100,
            line_search: true,
        }
    }

    /// With up to so many iterations a step, and 5 evaluations for each 4 of them.
    #[must_use]
    pub const fn iterations(mut self, iterations: usize) -> Self {
        self.iterations = iterations;
        self.evaluations = iterations.saturating_mul(5) / 4;
        self
    }

    /// With so many changes remembered.
    #[must_use]
    pub const fn history(mut self, changes: usize) -> Self {
        self.history = changes;
        self
    }

    /// Without a line search: each step is `learning_rate` of the whole one, the very first one shorter.
    #[must_use]
    pub const fn fixed_steps(mut self, learning_rate: f64) -> Self {
        (self.learning_rate, self.line_search) = (learning_rate, false);
        self
    }

    /// What is wrong with the settings, if anything.
    ///
    /// # Errors
    /// When a setting lies outside its range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::above_zero("learning_rate", self.learning_rate)?;
        OutOfRange::not_negative("gradient_tolerance", self.gradient_tolerance)?;
        OutOfRange::not_negative("change_tolerance", self.change_tolerance)?;
        let counts = [("iterations", self.iterations), ("history", self.history)];
        match counts.into_iter().find(|(_, count)| *count == 0) {
            Some((name, _)) => Err(OutOfRange { name, found: 0.0, expected: "at least 1" }),
            None => Ok(()),
        }
    }

    /// One step: moves `point` towards where a function is lowest, and returns the function's value at the beginning.
    ///
    /// `evaluate(point, gradient)` returns the value and writes the derivative by each number. A value that is not finite
    /// counts as too high to the line search, which then goes less far. `memory` is what the last steps have shown, new for
    /// the first step; it starts anew where the number of numbers changes.
    ///
    /// ```
    /// use nn_core::optim::{Lbfgs, LbfgsMemory};
    ///
    /// // Rosenbrock's valley, lowest at (1, 1).
    /// let mut point = [-1.5, 2.0];
    /// let mut valley = |p: &[f64], slope: &mut [f64]| {
    ///     let (a, b) = (1.0 - p[0], p[1] - p[0] * p[0]);
    ///     slope.copy_from_slice(&[-2.0 * a - 400.0 * p[0] * b, 200.0 * b]);
    ///     Ok::<f64, ()>(a * a + 100.0 * b * b)
    /// };
    /// Lbfgs::new().iterations(100).minimize(&mut LbfgsMemory::new(), &mut point, &mut valley)?;
    /// assert!((point[0] - 1.0).abs() < 1e-4 && (point[1] - 1.0).abs() < 1e-4);
    /// # Ok::<(), ()>(())
    /// ```
    ///
    /// # Errors
    /// As `evaluate`; then `point` is as it was. Settings are not checked.
    pub fn minimize<T: Scalar, E>(
        &self,
        memory: &mut LbfgsMemory<T>,
        point: &mut [T],
        evaluate: &mut impl FnMut(&[T], &mut [T]) -> Result<f64, E>,
    ) -> Result<f64, E> {
        let begin = point.to_vec();
        let result = self.iterate(memory, point, evaluate);
        if result.is_err() {
            point.copy_from_slice(&begin);
        }
        result
    }

    fn iterate<T: Scalar, E>(
        &self,
        memory: &mut LbfgsMemory<T>,
        point: &mut [T],
        evaluate: &mut impl FnMut(&[T], &mut [T]) -> Result<f64, E>,
    ) -> Result<f64, E> {
        memory.fit(point.len());
        let mut gradient = vec![T::zero(); point.len()];
        let first = evaluate(point, &mut gradient)?;
        let (mut loss, mut evaluations) = (first, 1);
        if largest(&gradient) <= self.gradient_tolerance {
            return Ok(first);
        }
        for iteration in 1..=self.iterations {
            let length = self.first_length(memory, &gradient);
            memory.turn(&gradient, self.history);
            memory.length = length;
            let slope = dot(&gradient, &memory.direction);
            // Also where the slope is not a number.
            if slope.is_nan() || slope > -self.change_tolerance {
                break;
            }
            let before = loss;
            let used = if self.line_search {
                let start = Probe { at: 0.0, loss, slope, gradient: core::mem::take(&mut gradient) };
                let search = LineSearch { start, size: largest(&memory.direction), least: self.change_tolerance };
                let mut probe =
                    Prober { begin: point.to_vec(), direction: &memory.direction, evaluate: &mut *evaluate };
                let (found, used) = search.run(length, &mut |at| probe.at(at, point))?;
                go(point, &probe.begin, &memory.direction, found.at);
                (loss, gradient, memory.length) = (found.loss, found.gradient, found.at);
                used
            } else {
                let begin = point.to_vec();
                go(point, &begin, &memory.direction, length);
                if iteration == self.iterations {
                    break;
                }
                loss = evaluate(point, &mut gradient)?;
                1
            };
            evaluations += used;
            let moved = memory.length * largest(&memory.direction);
            let is_over = evaluations >= self.evaluations
                || largest(&gradient) <= self.gradient_tolerance
                || moved <= self.change_tolerance
                || (loss - before).abs() < self.change_tolerance;
            if is_over {
                break;
            }
        }
        Ok(first)
    }

    /// How much of the direction is tried first: all, but for the very first one, whose length means nothing.
    fn first_length<T: Scalar>(&self, memory: &LbfgsMemory<T>, gradient: &[T]) -> f64 {
        if memory.turns > 0 {
            return self.learning_rate;
        }
        let sum: f64 = gradient.iter().map(|slope| slope.wide().abs()).sum();
        self.learning_rate * (1.0 / sum).min(1.0)
    }
}

impl Default for Lbfgs {
    fn default() -> Self {
        Self::new()
    }
}

/// Evaluates along a line.
struct Prober<'p, T, F> {
    begin: Vec<T>,
    direction: &'p [T],
    evaluate: &'p mut F,
}

impl<T: Scalar, F> Prober<'_, T, F> {
    fn at<E>(&mut self, at: f64, point: &mut [T]) -> Result<Probe<T>, E>
    where
        F: FnMut(&[T], &mut [T]) -> Result<f64, E>,
    {
        go(point, &self.begin, self.direction, at);
        let mut gradient = vec![T::zero(); point.len()];
        let loss = (self.evaluate)(point, &mut gradient)?;
        Ok(Probe { at, loss, slope: dot(&gradient, self.direction), gradient })
    }
}

/// `point = begin + length · direction`
fn go<T: Scalar>(point: &mut [T], begin: &[T], direction: &[T], length: f64) {
    let length = T::of(length);
    for ((place, &begin), &along) in point.iter_mut().zip(begin).zip(direction) {
        *place = begin + length * along;
    }
}

fn dot<T: Scalar>(left: &[T], right: &[T]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left.wide() * right.wide()).sum()
}

/// The size of the largest element; 0 without any.
fn largest<T: Scalar>(values: &[T]) -> f64 {
    values.iter().fold(0.0, |largest: f64, value| largest.max(value.wide().abs()))
}
