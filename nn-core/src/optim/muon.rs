use alloc::vec;
use alloc::vec::Vec;

use num_traits::Float;

use super::{AdamW, Moments, Optimizer, Update, sum_of_squares};
use crate::OutOfRange;
use crate::kernels::{Epilogue, Matrix, Store, gemm};
use crate::scalar::Scalar;

/// Muon: the momentum of each weight matrix is made nearly orthogonal, so that a step moves along all directions alike.
///
/// `m = μ m + (1 - μ) g`, `u = μ m + (1 - μ) g`, `O = u / ‖u‖`, five times `O = a O + b (O Oᵀ) O + c (O Oᵀ)² O` with
/// `(a, b, c) = (3.4445, -4.775, 2.0315)`, then `θ -= η λ θ + η √max(1, OUT / IN) · O`. A weight of more than two axes is a
/// matrix of its last axis by all others. What is not a weight of two axes or more, such as a bias, moves by [`Muon::others`].
///
/// `η = 0.001`, `μ = 0.95`, `λ = 0.1` by default, as in PyTorch `Muon` (which computes `O` in 16 bits); `others` is
/// [`AdamW`] with a rate of 0.001. Embeddings and the last layer are usually trained otherwise. K. Jordan et al., "Muon: an
/// optimizer for hidden layers in neural networks" (2024). It allocates memory for two copies of a matrix while it moves it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Muon {
    /// The learning rate `η`; at least 0.
    pub learning_rate: f64,
    /// How much of the mean stays from step to step, `μ`; in [0, 1).
    pub momentum: f64,
    /// How fast weights shrink, `λ`; at least 0.
    pub weight_decay: f64,
    /// How everything else moves.
    pub others: AdamW,
}

impl Muon {
    /// Muon with this learning rate.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, momentum: 0.95, weight_decay: 0.1, others: AdamW::new(0.001) }
    }

    /// With another share of the mean that stays.
    #[must_use]
    pub const fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    /// With another decay.
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = weight_decay;
        self
    }

    /// With another way to move what is no matrix.
    #[must_use]
    pub const fn others(mut self, others: AdamW) -> Self {
        self.others = others;
        self
    }
}

impl Default for Muon {
    fn default() -> Self {
        Self::new(0.001)
    }
}

impl<T: Scalar> Optimizer<T> for Muon {
    fn moments(&self) -> usize {
        2
    }

    fn wants_whole_tensors(&self) -> bool {
        true
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("learning_rate", self.learning_rate)?;
        OutOfRange::below_one("momentum", self.momentum)?;
        OutOfRange::not_negative("weight_decay", self.weight_decay)?;
        Optimizer::<T>::check(&self.others)
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        if !update.decays || update.shape.rank() < 2 {
            return self.others.update(update, parameters, gradient, moments);
        }
        let (stays, fresh) = (T::of(self.momentum), T::of(1.0 - self.momentum));
        let mut step: Vec<T> = Vec::with_capacity(gradient.len());
        for (mean, &slope) in moments.first.iter_mut().zip(gradient) {
            *mean = stays * *mean + fresh * slope;
            step.push(stays * *mean + fresh * slope);
        }
        let sizes = [update.shape.rows(), update.shape.last()];
        orthogonalize(sizes, &mut step);
        let rate = self.learning_rate * update.rate;
        let kept = T::of(1.0 - rate * self.weight_decay);
        let length = T::of(rate * Float::sqrt((sizes[1] as f64 / sizes[0].max(1) as f64).max(1.0)));
        for (parameter, step) in parameters.iter_mut().zip(step) {
            *parameter = kept * *parameter - length * step;
        }
    }
}

/// The coefficients of the polynomial that pulls all singular values towards 1.
const PULL: [f64; 3] = [3.4445, -4.775, 2.0315];

/// Makes the shorter side of a matrix nearly orthonormal, by five steps of Newton and Schulz.
fn orthogonalize<T: Scalar>([rows, columns]: [usize; 2], values: &mut [T]) {
    let norm = Float::sqrt(sum_of_squares(values)).max(1e-7);
    values.iter_mut().for_each(|value| *value /= T::of(norm));
    let side = rows.min(columns);
    let [mut square, mut power] = [(); 2].map(|()| vec![T::zero(); side * side]);
    let mut pulled = vec![T::zero(); values.len()];
    let [a, b, c] = PULL.map(T::of);
    for _ in 0..5 {
        let own = Matrix::rows(values, columns);
        let (left, right) = if rows <= columns { (own, own.transposed()) } else { (own.transposed(), own) };
        multiply([side, side, rows.max(columns)], left, right, &mut square);
        let of_square = Matrix::rows(&square, side);
        multiply([side; 3], of_square, of_square, &mut power);
        square.iter_mut().zip(&power).for_each(|(square, &power)| *square = b * *square + c * power);
        let of_square = Matrix::rows(&square, side);
        let (left, right) = if rows <= columns { (of_square, own) } else { (own, of_square) };
        multiply([rows, columns, side], left, right, &mut pulled);
        values.iter_mut().zip(&pulled).for_each(|(value, &pulled)| *value = a * *value + pulled);
    }
}

fn multiply<T: Scalar>(sizes: [usize; 3], left: Matrix<'_, T>, right: Matrix<'_, T>, result: &mut [T]) {
    gemm(sizes, left, right, result, Store::Overwrite, Epilogue::NONE, &mut []);
}
