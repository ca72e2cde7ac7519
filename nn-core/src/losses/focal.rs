use super::binary_cross_entropy::{checked, of_logit};
use super::pointwise::mean_of_elements;
use super::{ClassTarget, ExpectsLogits, Loss, OutputGradient, rows};
use crate::OutOfRange;
use crate::kernels::sum_of_exponentials;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The focal loss of independent yes-or-no answers: [`BinaryCrossEntropy`](super::BinaryCrossEntropy) of logits, where what is
/// already answered well counts less: `α_t (1 - p_t)^γ` times, with `p_t = p t + (1 - p) (1 - t)`,
/// `α_t = α t + (1 - α) (1 - t)` and `p = σ(x)`; then the mean over the elements of a sample. A target beyond [0, 1] gives NaN.
///
/// `α = 0.25` and `γ = 2` by default, as torchvision's `sigmoid_focal_loss` and Keras `BinaryFocalCrossentropy` (with
/// `apply_class_balancing`). Lin et al., "Focal loss for dense object detection" (2017).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryFocal {
    /// How much a yes counts, `α`; a no counts `1 - α`. In [0, 1).
    pub alpha: f64,
    /// How much less good answers count, `γ`; at least 0.
    pub gamma: f64,
}

impl BinaryFocal {
    /// The loss with these factors.
    pub const fn new(alpha: f64, gamma: f64) -> Self {
        Self { alpha, gamma }
    }
}

impl Default for BinaryFocal {
    fn default() -> Self {
        Self::new(0.25, 2.0)
    }
}

mean_of_elements! {
    impl ExpectsLogits for BinaryFocal as "binary focal loss",
    check |loss| {
        OutOfRange::below_one("alpha", loss.alpha)?;
        OutOfRange::not_negative("gamma", loss.gamma)
    },
    |loss, logit, target| {
        let target = checked(target);
        let (gamma, no) = (T::of(loss.gamma), T::one() - target);
        let balance = T::of(loss.alpha) * target + T::of(1.0 - loss.alpha) * no;
        let [entropy, slope] = of_logit(logit, target);
        let yes = slope + target; // p, as accurate as the slope
        // 1 - p_t without cancellation: σ(-x) t + σ(x) (1 - t).
        let [_, minus] = of_logit(-logit, T::zero());
        let miss = minus * target + yes * no;
        let focus = miss.powf(gamma);
        let fall = if miss == T::zero() { T::zero() } else { gamma * focus / miss * (target - no) * yes * minus };
        [balance * focus * entropy, balance * (focus * slope - fall * entropy)]
    }
}

/// The focal loss of classes: `-Σ α t_i (1 - p_i)^γ ln p_i` of the softmax `p` of logits along the innermost axis, and the
/// mean over the other axes: cross-entropy in which what is already answered well counts less.
///
/// `α = 0.25` and `γ = 2` by default, as Keras `CategoricalFocalCrossentropy` (`from_logits`). Lin et al., "Focal loss for
/// dense object detection" (2017).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Focal {
    /// What all is multiplied with, `α`; above 0.
    pub alpha: f64,
    /// How much less good answers count, `γ`; at least 0.
    pub gamma: f64,
}

impl Focal {
    /// The loss with these factors.
    pub const fn new(alpha: f64, gamma: f64) -> Self {
        Self { alpha, gamma }
    }
}

impl Default for Focal {
    fn default() -> Self {
        Self::new(0.25, 2.0)
    }
}

impl<T: Scalar, K: ExpectsLogits, Y: ClassTarget> Loss<T, K, Y> for Focal {
    fn name(&self) -> &'static str {
        "focal loss"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::above_zero("alpha", self.alpha)?;
        OutOfRange::not_negative("gamma", self.gamma)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let (alpha, gamma) = (T::of(self.alpha), T::of(self.gamma));
        rows::classes::<T, Y>(shape, outputs, targets, gradient, |logits, target, line, slopes| {
            let [largest, sum] = sum_of_exponentials(logits);
            let shift = largest + sum.ln();
            let (mut value, mut total) = (T::zero(), T::zero());
            let mut slopes = slopes.map(|(slopes, scale)| {
                slopes.fill(T::zero());
                (slopes, scale)
            });
            Y::for_each_class(target, line, |class, share| {
                let logarithm = rows::at(logits, class) - shift;
                let (hit, miss) = (logarithm.exp(), -logarithm.exp_m1());
                let focus = miss.powf(gamma);
                value -= alpha * share * focus * logarithm;
                if let Some((slopes, scale)) = &mut slopes {
                    let rise = if miss == T::zero() { T::zero() } else { gamma * focus / miss * hit * logarithm };
                    let slope = alpha * share * (rise - focus) * *scale;
                    rows::add(slopes, class, slope);
                    total += slope;
                }
            });
            if let Some((slopes, _)) = slopes {
                for (slope, &logit) in slopes.iter_mut().zip(logits) {
                    *slope -= total * (logit - shift).exp();
                }
            }
            value
        })
    }
}
