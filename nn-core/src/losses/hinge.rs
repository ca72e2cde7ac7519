use super::pointwise::mean_of_elements;
use crate::network::OutputKind;
use crate::scalar::Scalar;

/// The hinge loss of independent yes-or-no answers: `max(0, 1 - s y)` for an output `y` and `s = 1` where the target is above
/// 0, `s = -1` elsewhere; then the mean over the elements of a sample. So targets may be 1 and -1, or 1 and 0.
///
/// The gradient by `y_i` is `-s / n` inside the margin, and 0 beyond. C. Cortes and V. Vapnik, "Support-vector networks"
/// (1995); as Keras `Hinge`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hinge;

/// The square of [`Hinge`]: `max(0, 1 - s y)²`, and the mean over the elements of a sample.
///
/// The gradient by `y_i` is `-2 s max(0, 1 - s y) / n`. As Keras `SquaredHinge`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SquaredHinge;

mean_of_elements! {
    impl OutputKind for Hinge as "hinge",
    |_loss, output, target| {
        let [gap, sign] = gap(output, target);
        [gap, if gap == T::zero() { gap } else { -sign }]
    }
}

mean_of_elements! {
    impl OutputKind for SquaredHinge as "squared hinge",
    |_loss, output, target| {
        let [gap, sign] = gap(output, target);
        [gap * gap, -(gap + gap) * sign]
    }
}

/// How far an output is inside the margin, and the sign of its answer.
fn gap<T: Scalar>(output: T, target: T) -> [T; 2] {
    let sign = if target > T::zero() { T::one() } else { -T::one() };
    let gap = T::one() - sign * output;
    // Not `max(gap, 0)`: that would drop a NaN.
    [if gap < T::zero() { T::zero() } else { gap }, sign]
}
