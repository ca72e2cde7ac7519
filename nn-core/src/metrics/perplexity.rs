use alloc::string::String;

use num_traits::Float;

use super::Metric;
use crate::losses::{ClassTarget, CrossEntropy, Loss};
use crate::network::{OutputKind, Scores};
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The exponential of the mean cross-entropy over all rows: among how many equally probable classes (words, letters) the
/// network is in doubt, on average. Rows of weight 0 are left out, and those of a class that the loss ignores; of
/// nothing it is NaN.
///
/// `Perplexity::default()` for logits, `Perplexity(CrossEntropy::from_probabilities())` and so on for others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Perplexity<From = Scores>(pub CrossEntropy<From>);

impl Default for Perplexity {
    fn default() -> Self {
        Self(CrossEntropy::new())
    }
}

impl<T, K, Y, From> Metric<T, K, Y> for Perplexity<From>
where
    T: Scalar,
    K: OutputKind,
    Y: ClassTarget,
    From: OutputKind + Copy,
    CrossEntropy<From>: Loss<T, K, Y>,
{
    fn name(&self) -> String {
        "perplexity".into()
    }

    fn sums(&self) -> usize {
        2
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        sums[0] += self.0.tile(shape, outputs, targets, None);
        sums[1] += targets.iter().map(|target| self.0.counted::<T, Y>(target)).sum::<f64>();
    }

    fn finish(&self, sums: &[f64], _: f64) -> f64 {
        Float::exp(sums[0] / sums[1])
    }
}
