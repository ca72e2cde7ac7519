use super::{ClassTarget, Loss, OutputGradient, rows};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The hinge loss of classes: `max(0, 1 + max x_j - x_label)` with the largest `x_j` of another class, along the innermost
/// axis; and the mean over the other axes. With shares for targets, the sum of this for each class times its share.
///
/// The gradient is -1 at the label and 1 at the largest other class (the first of equal ones) inside the margin, and 0
/// beyond. K. Crammer and Y. Singer, "On the algorithmic implementation of multiclass kernel-based vector machines" (2001).
/// Keras `CategoricalHinge` takes 0 for the largest other score where all are below 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategoricalHinge;

impl<T: Scalar, K: OutputKind, Y: ClassTarget> Loss<T, K, Y> for CategoricalHinge {
    fn name(&self) -> &'static str {
        "categorical hinge"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        rows::classes::<T, Y>(shape, outputs, targets, gradient, |scores, target, line, mut slopes| {
            if let Some((slopes, _)) = &mut slopes {
                slopes.fill(T::zero());
            }
            let mut value = T::zero();
            Y::for_each_class(target, line, |class, share| {
                let Some(rival) = largest_other(scores, class) else { return };
                let gap = T::one() + scores[rival] - rows::at(scores, class);
                // Not `gap > 0`: NaN stays NaN.
                if gap <= T::zero() {
                    return;
                }
                value += share * gap;
                if let Some((slopes, scale)) = &mut slopes {
                    rows::add(slopes, class, -share * *scale);
                    rows::add(slopes, rival, share * *scale);
                }
            });
            value
        })
    }
}

/// The first largest score of another class, or one that is not a number.
fn largest_other<T: Scalar>(scores: &[T], class: usize) -> Option<usize> {
    let others = (0..scores.len()).filter(|&other| other != class);
    others.reduce(|best, other| if scores[other] <= scores[best] || scores[best].is_nan() { best } else { other })
}
