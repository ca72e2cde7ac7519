use core::marker::PhantomData;

use super::{ClassTarget, ExpectsLogProbabilities, ExpectsLogits, ExpectsProbabilities, Loss, OutputGradient};
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
/// `CrossEntropyLoss` and `NLLLoss`. Logits are the most accurate and the fastest: leave the final `Softmax` out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CrossEntropy<From = Scores>(PhantomData<From>);

impl CrossEntropy {
    /// The loss of logits: for a network without a final `Softmax`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl CrossEntropy<Probabilities> {
    /// The loss of probabilities: for a network that ends in `Softmax`.
    pub const fn from_probabilities() -> Self {
        Self(PhantomData)
    }
}

impl CrossEntropy<LogProbabilities> {
    /// The loss of logarithms of probabilities: for a network that ends in `LogSoftmax`.
    pub const fn from_log_probabilities() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, K: ExpectsLogits, Y: ClassTarget<T>> Loss<T, K, Y> for CrossEntropy<Scores> {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        rows::<T, Y>(shape, outputs, targets, gradient, |logits, target, line, mut slopes| {
            let (mut value, mut total) = (T::zero(), T::zero());
            let [largest, sum] = match &mut slopes {
                None => sum_of_exponentials(logits),
                Some((slopes, _)) => shifted_exponentials(logits, slopes),
            };
            let logarithm = sum.ln();
            Y::for_each_class(target, line, |class, share| {
                value += share * (logarithm - (at(logits, class) - largest));
                total += share;
            });
            if let Some((slopes, scale)) = slopes {
                let factor = scale * total / sum;
                slopes.iter_mut().for_each(|slope| *slope *= factor);
                Y::for_each_class(target, line, |class, share| add(slopes, class, -share * scale));
            }
            value
        })
    }
}

impl<T: Scalar, K: ExpectsProbabilities, Y: ClassTarget<T>> Loss<T, K, Y> for CrossEntropy<Probabilities> {
    fn name(&self) -> &'static str {
        "cross-entropy"
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
        rows::<T, Y>(shape, outputs, targets, gradient, |probabilities, target, line, slopes| {
            let mut value = T::zero();
            Y::for_each_class(target, line, |class, share| value -= share * held(at(probabilities, class)).ln());
            if let Some((slopes, scale)) = slopes {
                slopes.fill(T::zero());
                Y::for_each_class(target, line, |class, share| {
                    add(slopes, class, -share * scale / held(at(probabilities, class)));
                });
            }
            value
        })
    }
}

impl<T: Scalar, K: ExpectsLogProbabilities, Y: ClassTarget<T>> Loss<T, K, Y> for CrossEntropy<LogProbabilities> {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        rows::<T, Y>(shape, outputs, targets, gradient, |logarithms, target, line, slopes| {
            let mut value = T::zero();
            Y::for_each_class(target, line, |class, share| value -= share * at(logarithms, class));
            if let Some((slopes, scale)) = slopes {
                slopes.fill(T::zero());
                Y::for_each_class(target, line, |class, share| add(slopes, class, -share * scale));
            }
            value
        })
    }
}

/// Walks over the rows of a tile: the loss is the mean over the rows of a sample, and the sum over samples.
fn rows<T: Scalar, Y: ClassTarget<T>>(
    shape: Shape,
    outputs: &[T],
    targets: &[Y::Target<T>],
    gradient: Option<OutputGradient<'_, T>>,
    row: impl Fn(&[T], &Y::Target<T>, usize, Option<(&mut [T], T)>) -> T,
) -> f64 {
    let (width, lines) = (shape.last().max(1), shape.rows().max(1));
    let share = 1.0 / lines as f64;
    let targets = targets.iter().flat_map(|target| (0..lines).map(move |line| (target, line)));
    let pairs = outputs.chunks_exact(width).zip(targets);
    let mut sum = 0.0;
    match gradient {
        None => pairs.for_each(|(outputs, (target, line))| sum += row(outputs, target, line, None).wide()),
        Some(OutputGradient { values, scale }) => {
            let scale = scale * T::of(share);
            for ((outputs, (target, line)), slopes) in pairs.zip(values.chunks_exact_mut(width)) {
                sum += row(outputs, target, line, Some((slopes, scale))).wide();
            }
        }
    }
    sum * share
}

/// NaN beyond the last class: labels are checked where they enter, and a loss that is NaN refuses the step.
fn at<T: Scalar>(row: &[T], class: usize) -> T {
    row.get(class).copied().unwrap_or_else(T::nan)
}

fn add<T: Scalar>(row: &mut [T], class: usize, term: T) {
    if let Some(value) = row.get_mut(class) {
        *value += term;
    }
}
