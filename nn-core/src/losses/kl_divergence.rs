use num_traits::Float;

use super::{ClassTarget, CrossEntropy, Loss, OutputGradient};
use crate::network::{LogProbabilities, OutputKind, Probabilities, Scores};
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The divergence of Kullback and Leibler between classes: `Σ t_i ln(t_i / p_i)` along the innermost axis of a sample's
/// output, and the mean over the other axes. It is [`CrossEntropy`] less the targets' own entropy: its gradient is the same,
/// and it is 0 where outputs are right.
///
/// Constructors are those of [`CrossEntropy`]. As Keras `KLDivergence` and PyTorch `KLDivLoss` (`reduction='batchmean'`),
/// which take probabilities and their logarithms. S. Kullback and R. Leibler, "On information and sufficiency" (1951).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KlDivergence<From = Scores>(CrossEntropy<From>);

impl KlDivergence {
    /// The loss of logits: for a network without a final `Softmax`.
    pub const fn new() -> Self {
        Self(CrossEntropy::new())
    }
}

impl KlDivergence<Probabilities> {
    /// The loss of probabilities: for a network that ends in `Softmax`.
    pub const fn from_probabilities() -> Self {
        Self(CrossEntropy::from_probabilities())
    }
}

impl KlDivergence<LogProbabilities> {
    /// The loss of logarithms of probabilities: for a network that ends in `LogSoftmax`.
    pub const fn from_log_probabilities() -> Self {
        Self(CrossEntropy::from_log_probabilities())
    }
}

impl<T: Scalar, K: OutputKind, Y: ClassTarget, From: OutputKind> Loss<T, K, Y> for KlDivergence<From>
where
    CrossEntropy<From>: Loss<T, K, Y>,
{
    fn name(&self) -> &'static str {
        "Kullback-Leibler divergence"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let lines = shape.rows().max(1);
        let mut entropy = 0.0;
        for target in targets {
            for line in 0..lines {
                let add = |_, share: T| entropy += share.wide() * Float::ln(share.wide());
                Y::for_each_class(target, line, add);
            }
        }
        self.0.tile(shape, outputs, targets, gradient) + entropy / lines as f64
    }
}
