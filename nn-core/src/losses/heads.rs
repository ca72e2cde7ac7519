//! Losses that compare outputs of a network with each other: what two or three heads of one shape are to each other.

use super::{Loss, NumberTarget, OutputGradient, ThreeAlike, TwoAlike, rows};
use crate::OutOfRange;
use crate::data::{Label, Together};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

/// Added to each difference, as in PyTorch's `PairwiseDistance`: so a distance has a slope everywhere.
const APART: f64 = 1e-6;

fn distance<T: Scalar>(left: &[T], right: &[T]) -> T {
    let squares = left.iter().zip(right).map(|(&left, &right)| {
        let difference = left - right + T::of(APART);
        difference * difference
    });
    squares.sum::<T>().sqrt()
}

/// Adds `slope` times the derivative of the distance by each side, without `distance` itself below the line where it is 0.
fn add_slopes<T: Scalar>(slope: T, distance: T, sides: [&[T]; 2], slopes: [&mut [T]; 2]) {
    let factor = if distance == T::zero() { T::zero() } else { slope / distance };
    let [left, right] = slopes;
    for ((&a, &b), (left, right)) in sides[0].iter().zip(sides[1]).zip(left.iter_mut().zip(right)) {
        let pull = factor * (a - b + T::of(APART));
        *left += pull;
        *right -= pull;
    }
}

/// `max(value, 0)` that keeps NaN.
fn positive<T: Scalar>(value: T) -> T {
    if value < T::zero() { T::zero() } else { value }
}

/// The triplet loss of a network with three outputs, an anchor, something like it and something unlike it:
/// `max(0, d(a, p) - d(a, n) + margin)` with the Euclidean distance `d(x, y) = ‖x - y + 1e-6‖`.
///
/// It needs no labels: data sets with `()`. The margin is 1 by default. As PyTorch `TripletMarginLoss`; F. Schroff et al.,
/// "FaceNet" (2015), with distances for their squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triplet {
    /// How much further the unlike output should be; at least 0.
    pub margin: f64,
}

/// The contrastive loss of a network with two outputs: `t d² + (1 - t) max(0, margin - d)²` with the Euclidean distance
/// `d = ‖x - y + 1e-6‖` and a target `t`, 1 for a pair that belongs together and 0 for one that does not.
///
/// Labels are `Together<Values<Features<1>>>`. The margin is 1 by default. R. Hadsell et al., "Dimensionality reduction by
/// learning an invariant mapping" (2006), times two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrastive {
    /// How far apart outputs should be that do not belong together; above 0.
    pub margin: f64,
}

/// The ranking loss of a network with two outputs of one shape: `max(0, margin - s (x - y))`, and the mean over their
/// elements, where `s = 1` (a target above 0) asks for `x > y` and `s = -1` for `x < y`.
///
/// Labels are `Together<Values<S>>` of the outputs' shape. The margin is 0 by default. As PyTorch `MarginRankingLoss`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginRanking {
    /// How much larger the larger one should be; at least 0.
    pub margin: f64,
}

macro_rules! margins {
    ($($loss:ident = $margin:literal;)*) => {$(
        impl $loss {
            /// The loss with this margin.
            pub const fn new(margin: f64) -> Self {
                Self { margin }
            }
        }

        impl Default for $loss {
            fn default() -> Self {
                Self::new($margin)
            }
        }
    )*};
}

margins! { Triplet = 1.0; Contrastive = 1.0; MarginRanking = 0.0; }

impl<T: Scalar, K: ThreeAlike<Self>, Y: Label> Loss<T, K, Y> for Triplet {
    fn name(&self) -> &'static str {
        "triplet"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("margin", self.margin)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let len = shape.len() / 3;
        rows::samples(shape.len(), outputs, targets.iter(), gradient, |outputs, _, slopes| {
            let (anchor, others) = outputs.split_at(len);
            let (like, unlike) = others.split_at(len);
            let [near, far] = [distance(anchor, like), distance(anchor, unlike)];
            let value = positive(near - far + T::of(self.margin));
            if let Some((slopes, scale)) = slopes {
                slopes.fill(T::zero());
                if value != T::zero() {
                    let (d_anchor, d_others) = slopes.split_at_mut(len);
                    let (d_like, d_unlike) = d_others.split_at_mut(len);
                    add_slopes(scale, near, [anchor, like], [&mut *d_anchor, d_like]);
                    add_slopes(-scale, far, [anchor, unlike], [d_anchor, d_unlike]);
                }
            }
            value
        })
    }
}

impl<T: Scalar, K: TwoAlike<Self>, Y: NumberTarget<T>> Loss<T, K, Together<Y>> for Contrastive {
    fn name(&self) -> &'static str {
        "contrastive"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::above_zero("margin", self.margin)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let (len, targets) = (shape.len() / 2, Y::Target::flatten(targets).iter());
        rows::samples(shape.len(), outputs, targets, gradient, |outputs, &together, slopes| {
            let (left, right) = outputs.split_at(len);
            let (distance, apart) = (distance(left, right), T::one() - together);
            let gap = positive(T::of(self.margin) - distance);
            if let Some((slopes, scale)) = slopes {
                slopes.fill(T::zero());
                let slope = together * distance - apart * gap;
                let (d_left, d_right) = slopes.split_at_mut(len);
                add_slopes(scale * (slope + slope), distance, [left, right], [d_left, d_right]);
            }
            together * distance * distance + apart * gap * gap
        })
    }
}

impl<T: Scalar, K: TwoAlike<Self>, Y: NumberTarget<T>> Loss<T, K, Together<Y>> for MarginRanking {
    fn name(&self) -> &'static str {
        "margin ranking"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("margin", self.margin)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let len = (shape.len() / 2).max(1);
        let share = T::of(1.0 / len as f64);
        let targets = Y::Target::flatten(targets).chunks_exact(len);
        rows::samples(shape.len(), outputs, targets, gradient, |outputs, target, slopes| {
            let (left, right) = outputs.split_at(len);
            let gap = |index: usize| {
                let sign = if target[index] > T::zero() { T::one() } else { -T::one() };
                [positive(T::of(self.margin) - sign * (left[index] - right[index])), sign]
            };
            if let Some((slopes, scale)) = slopes {
                for index in 0..len {
                    let [gap, sign] = gap(index);
                    let slope = if gap == T::zero() { T::zero() } else { -sign * scale * share };
                    (slopes[index], slopes[len + index]) = (slope, -slope);
                }
            }
            (0..len).map(|index| gap(index)[0]).sum::<T>() * share
        })
    }
}
