use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

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

    /// Adds the penalties of some weights to their gradient, which is as long as they are.
    pub fn add_penalties<T: Scalar>(&self, weights: &[T], gradient: &mut [T]) {
        if self.l1 != 0.0 || self.l2 != 0.0 {
            penalize(T::of(self.l1), T::of(2.0 * self.l2), weights, gradient);
        }
    }

    /// What the penalties of some weights add up to: the value that [`GradientRules::add_penalties`] adds the gradient of.
    pub fn penalty<T: Scalar>(&self, weights: &[T]) -> f64 {
        let l1 = if self.l1 == 0.0 { 0.0 } else { weights.iter().map(|weight| weight.wide().abs()).sum::<f64>() };
        let l2 = if self.l2 == 0.0 { 0.0 } else { sum_of_squares(weights) };
        self.l1 * l1 + self.l2 * l2
    }

    /// Clips a part of a gradient; `norm` is that of the whole.
    pub fn clip<T: Scalar>(&self, norm: f64, gradient: &mut [T]) {
        if let Some(limit) = self.clip_norm
            && norm > limit
        {
            scale(T::of(limit / norm), gradient);
        }
        if let Some(limit) = self.clip_value {
            hold(T::of(limit), gradient);
        }
    }
}

kernels! {
    trait GradientKernels<T>;

    /// Adds the gradients of all lanes to the first one's, as a balanced binary tree: all have one length.
    #[cfg_attr(not(feature = "std"), allow(dead_code))]
    pub(crate) fn merge(lanes: &mut [&mut [T]]) = merge_body;
    /// `g += l1 sign(w) + slope w`
    pub(crate) fn penalize(l1: T, slope: T, weights: &[T], gradient: &mut [T]) = penalize_body;
    /// `g *= factor`
    pub(crate) fn scale(factor: T, gradient: &mut [T]) = scale_body;
    /// Holds each element to `[-limit, limit]`.
    pub(crate) fn hold(limit: T, gradient: &mut [T]) = hold_body;
    /// The sum of the squares of some elements, in `f64`: not finite when an element is not, or is beyond `1e154`.
    pub fn sum_of_squares(values: &[T]) -> f64 = sum_of_squares_body;
}

/// Scalars of each lane that are added at once: those of all lanes stay in the first-level cache.
const AT_ONCE: usize = 512;

#[inline(always)]
fn merge_body<I: Isa, T: Scalar>(lanes: &mut [&mut [T]]) {
    let len = lanes.first().map_or(0, |lane| lane.len());
    for start in (0..len).step_by(AT_ONCE) {
        let part = start..len.min(start + AT_ONCE);
        let mut stride = 1;
        while stride < lanes.len() {
            for left in (0..lanes.len() - stride).step_by(2 * stride) {
                let (earlier, later) = lanes.split_at_mut(left + stride);
                let (sums, terms) = (&mut earlier[left][part.clone()], &later[0][part.clone()]);
                sums.iter_mut().zip(terms).for_each(|(sum, &term)| *sum += term);
            }
            stride *= 2;
        }
    }
}

#[inline(always)]
fn penalize_body<I: Isa, T: Scalar>(l1: T, slope: T, weights: &[T], gradient: &mut [T]) {
    for (gradient, &weight) in gradient.iter_mut().zip(weights) {
        let sign = if weight == T::zero() { T::zero() } else { weight.signum() };
        *gradient += I::mul_add(slope, weight, l1 * sign);
    }
}

#[inline(always)]
fn scale_body<I: Isa, T: Scalar>(factor: T, gradient: &mut [T]) {
    gradient.iter_mut().for_each(|slope| *slope *= factor);
}

#[inline(always)]
fn hold_body<I: Isa, T: Scalar>(limit: T, gradient: &mut [T]) {
    gradient.iter_mut().for_each(|slope| *slope = num_traits::clamp(*slope, -limit, limit));
}

#[inline(always)]
fn sum_of_squares_body<I: Isa, T: Scalar>(values: &[T]) -> f64 {
    let (groups, rest) = values.as_chunks::<16>();
    let mut sums = [0.0; 16];
    for group in groups {
        for (sum, value) in sums.iter_mut().zip(group) {
            *sum = I::mul_add(value.wide(), value.wide(), *sum);
        }
    }
    let rest: f64 = rest.iter().map(|value| value.wide() * value.wide()).sum();
    sums.iter().sum::<f64>() + rest
}
