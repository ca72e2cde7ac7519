use core::marker::PhantomData;

use super::class_rule::ClassRule;
use super::rows::{self, add, at};
use super::{ClassTarget, ExpectsLogProbabilities, ExpectsLogits, ExpectsProbabilities, Loss, OutputGradient};
use crate::OutOfRange;
use crate::kernels::{shifted_exponentials, sum_of_exponentials};
use crate::network::{LogProbabilities, Probabilities, Scores};
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Cross-entropy between classes: `-Σ t_i ln p_i` along the innermost axis of a sample's output, and the mean over the
/// other axes; for class labels, `-ln p_label`.
///
/// | constructor | outputs | computed as | gradient |
/// |---|---|---|---|
/// | [`CrossEntropy::new`] | logits `x` | `Σ t_i (ln Σ exp(x_j) - x_i)`, shifted by the largest `x` | `softmax(x)_i Σ t - t_i` |
/// | [`CrossEntropy::from_probabilities`] | `p` | `-Σ t_i ln max(p_i, 1e-7)` | `-t_i / max(p_i, 1e-7)` |
/// | [`CrossEntropy::from_log_probabilities`] | `ln p` | `-Σ t_i (ln p_i)` | `-t_i` |
///
/// As Keras `SparseCategoricalCrossentropy` and `CategoricalCrossentropy` (`from_logits`), and PyTorch
/// `CrossEntropyLoss`; [`CrossEntropy::from_log_probabilities`] is PyTorch's `NLLLoss`, the negative log-likelihood. Logits are
/// the most accurate and the fastest: leave the final `Softmax` out.
///
/// Labels may be smoothed, classes weighted (`N` weights, none by default) and a class ignored. The loss of a batch is then
/// the sum over its rows, divided by the sum of their labels' weights, as PyTorch's is with class labels. (With shares for
/// labels, PyTorch divides by the number of rows.)
///
/// ```
/// use nn_core::losses::CrossEntropy;
///
/// let loss = CrossEntropy::new().label_smoothing(0.1).class_weights([1.0, 5.0, 2.0]).ignore(0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrossEntropy<From = Scores, const N: usize = 0> {
    classes: ClassRule<N>,
    from: PhantomData<From>,
}

impl CrossEntropy {
    /// The loss of logits: for a network without a final `Softmax`.
    pub const fn new() -> Self {
        Self { classes: ClassRule::NONE, from: PhantomData }
    }
}

impl CrossEntropy<Probabilities> {
    /// The loss of probabilities: for a network that ends in `Softmax`.
    pub const fn from_probabilities() -> Self {
        Self { classes: ClassRule::NONE, from: PhantomData }
    }
}

impl CrossEntropy<LogProbabilities> {
    /// The loss of logarithms of probabilities: for a network that ends in `LogSoftmax`.
    pub const fn from_log_probabilities() -> Self {
        Self { classes: ClassRule::NONE, from: PhantomData }
    }
}

impl<From> Default for CrossEntropy<From> {
    fn default() -> Self {
        Self { classes: ClassRule::NONE, from: PhantomData }
    }
}

impl<From: Copy, const N: usize> CrossEntropy<From, N> {
    /// What a target counts in the mean: [`Loss::weight`], of a target in any scalar.
    #[cfg(feature = "std")]
    pub(crate) fn counted<T: Scalar, Y: ClassTarget>(&self, target: &Y::Target<T>) -> f64 {
        self.classes.weight::<T, Y>(target)
    }

    /// Smooths labels: each gives this share of itself to all classes alike, its own included. In [0, 1). C. Szegedy et al.,
    /// "Rethinking the Inception architecture" (2016).
    #[must_use]
    pub const fn label_smoothing(mut self, share: f64) -> Self {
        self.classes.smoothing = share;
        self
    }

    /// Leaves out all labels of one class, such as that of padding.
    #[must_use]
    pub const fn ignore(mut self, class: u32) -> Self {
        self.classes.ignored = Some(class);
        self
    }

    /// Weighs each class, in the loss and in the mean: rare ones more, say. There must be one weight for each class of the
    /// labels, which the compiler sees to when it builds the program; each is at least 0.
    ///
    /// ```
    /// # use nn_core::data::Classes;
    /// # use nn_core::losses::{CrossEntropy, Loss};
    /// # use nn_core::network::Scores;
    /// let three: &dyn Loss<f32, Scores, Classes<3>> = &CrossEntropy::new().class_weights([1.0, 5.0, 2.0]);
    /// ```
    ///
    /// ```compile_fail,E0080
    /// use nn_core::data::Classes;
    /// use nn_core::losses::{CrossEntropy, Loss};
    /// use nn_core::network::Scores;
    ///
    /// let three: &dyn Loss<f32, Scores, Classes<3>> = &CrossEntropy::new().class_weights([1.0, 5.0]);
    /// ```
    #[must_use]
    pub const fn class_weights<const CLASSES: usize>(self, weights: [f64; CLASSES]) -> CrossEntropy<From, CLASSES> {
        let ClassRule { smoothing, ignored, .. } = self.classes;
        CrossEntropy { classes: ClassRule { smoothing, ignored, weights }, from: PhantomData }
    }
}

impl<T: Scalar, K: ExpectsLogits, Y: ClassTarget, const N: usize> Loss<T, K, Y> for CrossEntropy<Scores, N> {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.classes.check::<Y>()
    }

    fn weight(&self, target: &Y::Target<f32>) -> f64 {
        self.classes.weight::<f32, Y>(target)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        rows::classes::<T, Y>(shape, outputs, targets, gradient, |logits, target, line, mut slopes| {
            let (mut value, mut total) = (T::zero(), T::zero());
            let [largest, sum] = match &mut slopes {
                None => sum_of_exponentials(logits),
                Some((slopes, _)) => shifted_exponentials(logits, slopes),
            };
            let logarithm = sum.ln();
            self.classes.visit::<T, Y>(target, line, logits.len(), |class, share| {
                value += share * (logarithm - (at(logits, class) - largest));
                total += share;
            });
            if let Some((slopes, scale)) = slopes {
                let factor = scale * total / sum;
                slopes.iter_mut().for_each(|slope| *slope *= factor);
                self.classes
                    .visit::<T, Y>(target, line, logits.len(), |class, share| add(slopes, class, -share * scale));
            }
            value
        })
    }
}

impl<T: Scalar, K: ExpectsProbabilities, Y: ClassTarget, const N: usize> Loss<T, K, Y>
    for CrossEntropy<Probabilities, N>
{
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.classes.check::<Y>()
    }

    fn weight(&self, target: &Y::Target<f32>) -> f64 {
        self.classes.weight::<f32, Y>(target)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let smallest = T::of(1e-7);
        let held = |probability: T| if probability < smallest { smallest } else { probability };
        rows::classes::<T, Y>(shape, outputs, targets, gradient, |probabilities, target, line, slopes| {
            let mut value = T::zero();
            self.classes.visit::<T, Y>(target, line, probabilities.len(), |class, share| {
                value -= share * held(at(probabilities, class)).ln()
            });
            if let Some((slopes, scale)) = slopes {
                slopes.fill(T::zero());
                self.classes.visit::<T, Y>(target, line, probabilities.len(), |class, share| {
                    add(slopes, class, -share * scale / held(at(probabilities, class)));
                });
            }
            value
        })
    }
}

impl<T: Scalar, K: ExpectsLogProbabilities, Y: ClassTarget, const N: usize> Loss<T, K, Y>
    for CrossEntropy<LogProbabilities, N>
{
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.classes.check::<Y>()
    }

    fn weight(&self, target: &Y::Target<f32>) -> f64 {
        self.classes.weight::<f32, Y>(target)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        rows::classes::<T, Y>(shape, outputs, targets, gradient, |logarithms, target, line, slopes| {
            let mut value = T::zero();
            self.classes
                .visit::<T, Y>(target, line, logarithms.len(), |class, share| value -= share * at(logarithms, class));
            if let Some((slopes, scale)) = slopes {
                slopes.fill(T::zero());
                self.classes
                    .visit::<T, Y>(target, line, logarithms.len(), |class, share| add(slopes, class, -share * scale));
            }
            value
        })
    }
}
