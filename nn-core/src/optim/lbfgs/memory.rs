use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;

use super::dot;
use crate::scalar::Scalar;

/// How the gradient changed with the parameters.
#[derive(Clone, Debug)]
struct Change<T> {
    of_point: Vec<T>,
    of_gradient: Vec<T>,
    /// One over the product of both.
    share: f64,
}

/// What [`Lbfgs`](super::Lbfgs) remembers from step to step.
#[derive(Clone, Debug)]
pub struct LbfgsMemory<T> {
    changes: VecDeque<Change<T>>,
    /// The first guess of the inverse curvature.
    curvature: f64,
    pub(super) direction: Vec<T>,
    /// How far the last step went along the direction.
    pub(super) length: f64,
    gradient: Vec<T>,
    pub(super) turns: u64,
}

impl<T: Scalar> LbfgsMemory<T> {
    /// Nothing remembered.
    pub const fn new() -> Self {
        Self {
            changes: VecDeque::new(),
            curvature: 1.0,
            direction: Vec::new(),
            length: 0.0,
            gradient: Vec::new(),
            turns: 0,
        }
    }

    /// Starts anew where it remembers another number of numbers.
    pub(super) fn fit(&mut self, len: usize) {
        if self.direction.len() != len {
            *self = Self::new();
            self.direction = vec![T::zero(); len];
            self.gradient = vec![T::zero(); len];
        }
    }

    /// Learns from the gradient at a new point, and turns the direction.
    pub(super) fn turn(&mut self, gradient: &[T], history: usize) {
        if self.turns > 0 {
            self.learn(gradient, history);
        }
        self.turns += 1;
        self.direction.iter_mut().zip(gradient).for_each(|(along, &slope)| *along = -slope);
        let along = &mut self.direction;
        let mut shares = Vec::with_capacity(self.changes.len());
        for change in self.changes.iter().rev() {
            let share = change.share * dot(&change.of_point, along);
            add(along, -share, &change.of_gradient);
            shares.push(share);
        }
        let curvature = T::of(self.curvature);
        along.iter_mut().for_each(|along| *along *= curvature);
        for (change, share) in self.changes.iter().zip(shares.into_iter().rev()) {
            let other = change.share * dot(&change.of_gradient, along);
            add(along, share - other, &change.of_point);
        }
        self.gradient.copy_from_slice(gradient);
    }

    fn learn(&mut self, gradient: &[T], history: usize) {
        let length = T::of(self.length);
        let change = |(&new, &old): (&T, &T)| new - old;
        let of_gradient: Vec<T> = gradient.iter().zip(&self.gradient).map(change).collect();
        let of_point: Vec<T> = self.direction.iter().map(|&along| length * along).collect();
        let product = dot(&of_gradient, &of_point);
        if product > 1e-10 {
            while self.changes.len() >= history.max(1) {
                self.changes.pop_front();
            }
            self.curvature = product / dot(&of_gradient, &of_gradient);
            self.changes.push_back(Change { of_point, of_gradient, share: 1.0 / product });
        }
    }
}

impl<T: Scalar> Default for LbfgsMemory<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// `values += factor · others`
fn add<T: Scalar>(values: &mut [T], factor: f64, others: &[T]) {
    let factor = T::of(factor);
    values.iter_mut().zip(others).for_each(|(value, &other)| *value += factor * other);
}
