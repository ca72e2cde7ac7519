use crate::OutOfRange;
use crate::scalar::Scalar;

/// What happens to a gradient before any optimiser sees it: penalties are added, then it is clipped.
///
/// All are off by default.
///
/// | setting | effect | elsewhere |
/// |---|---|---|
/// | `l1` | adds the gradient of `l1 · Σ |w|`: `l1 · sign(w)` | Keras `regularizers.L1` |
/// | `l2` | adds the gradient of `l2 · Σ w²`: `2 · l2 · w` | Keras `regularizers.L2`; PyTorch's `weight_decay` is `2 · l2` |
/// | `clip_norm` | scales the whole gradient down to this Euclidean norm | Keras `global_clipnorm`, PyTorch `clip_grad_norm_` |
/// | `clip_value` | holds each element to `[-clip_value, clip_value]` | Keras `clipvalue`, PyTorch `clip_grad_value_` |
///
/// Penalties touch weights only, not biases, scales or shifts, and are not part of the reported loss. They come before
/// clipping, as in Keras; the norm is clipped before the values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GradientRules {
    /// The factor of the sum of the weights' sizes; at least 0.
    pub l1: f64,
    /// The factor of the sum of the weights' squares; at least 0.
    pub l2: f64,
    /// The largest norm of the gradient of all parameters together; above 0.
    pub clip_norm: Option<f64>,
    /// The largest size of one element; above 0.
    pub clip_value: Option<f64>,
}

impl GradientRules {
    /// What is wrong with the settings, if anything.
    ///
    /// # Errors
    /// When a penalty is negative, or a limit is not above 0.
    pub fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("l1", self.l1)?;
        OutOfRange::not_negative("l2", self.l2)?;
        self.clip_norm.map_or(Ok(()), |limit| OutOfRange::above_zero("clip_norm", limit))?;
        self.clip_value.map_or(Ok(()), |limit| OutOfRange::above_zero("clip_value", limit))
    }

    /// Adds the penalties of some weights to their gradient.
    pub fn add_penalties<T: Scalar>(&self, weights: &[T], gradient: &mut [T]) {
        let (l1, l2) = (T::of(self.l1), T::of(2.0 * self.l2));
        if self.l2 != 0.0 {
            gradient.iter_mut().zip(weights).for_each(|(slope, &weight)| *slope += l2 * weight);
        }
        if self.l1 != 0.0 {
            let sign = |weight: T| if weight == T::zero() { weight } else { weight.signum() };
            gradient.iter_mut().zip(weights).for_each(|(slope, &weight)| *slope += l1 * sign(weight));
        }
    }

    /// Clips a part of a gradient; `norm` is that of the whole.
    pub fn clip<T: Scalar>(&self, norm: f64, gradient: &mut [T]) {
        if let Some(limit) = self.clip_norm
            && norm > limit
        {
            let factor = T::of(limit / norm);
            gradient.iter_mut().for_each(|slope| *slope *= factor);
        }
        if let Some(limit) = self.clip_value {
            let limit = T::of(limit);
            gradient.iter_mut().for_each(|slope| *slope = num_traits::clamp(*slope, -limit, limit));
        }
    }
}

/// The sum of the squares of some elements, in `f64`: not finite exactly when an element is not, or is beyond `1e154`.
pub fn sum_of_squares<T: Scalar>(gradient: &[T]) -> f64 {
    let (groups, rest) = gradient.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for group in groups {
        for (sum, slope) in sums.iter_mut().zip(group) {
            *sum += slope.wide() * slope.wide();
        }
    }
    let rest: f64 = rest.iter().map(|slope| slope.wide() * slope.wide()).sum();
    sums.iter().sum::<f64>() + rest
}
