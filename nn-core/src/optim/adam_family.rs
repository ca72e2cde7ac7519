//! Adam's relatives: the same settings, another step.

use num_traits::Float;

use super::{Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

/// Declares an optimiser with the settings of [`Adam`](super::Adam), and its defaults: `η`, `β₁`, `β₂`, `ε`.
macro_rules! adam_like {
    ($(#[$meta:meta])* $name:ident($rate:literal, $beta_1:literal, $beta_2:literal, $epsilon:literal)) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name {
            /// The learning rate `η`; at least 0.
            pub learning_rate: f64,
            /// How much of the mean stays from step to step, `β₁`; in [0, 1).
            pub beta_1: f64,
            /// How much of the second moment stays from step to step, `β₂`; in [0, 1).
            pub beta_2: f64,
            /// Added below the line, `ε`; above 0.
            pub epsilon: f64,
        }

        impl $name {
            /// The optimiser with this learning rate.
            pub const fn new(learning_rate: f64) -> Self {
                Self { learning_rate, beta_1: $beta_1, beta_2: $beta_2, epsilon: $epsilon }
            }

            /// With other shares of the two moments that stay.
            #[must_use]
            pub const fn betas(mut self, beta_1: f64, beta_2: f64) -> Self {
                self.beta_1 = beta_1;
                self.beta_2 = beta_2;
                self
            }

            /// With another `ε`.
            #[must_use]
            pub const fn epsilon(mut self, epsilon: f64) -> Self {
                self.epsilon = epsilon;
                self
            }

            fn in_range(&self) -> Result<(), OutOfRange> {
                OutOfRange::not_negative("learning_rate", self.learning_rate)?;
                OutOfRange::below_one("beta_1", self.beta_1)?;
                OutOfRange::below_one("beta_2", self.beta_2)?;
                OutOfRange::above_zero("epsilon", self.epsilon)
            }

            /// What stays and what is new of the two moments.
            fn means<T: Scalar>(&self) -> [[T; 2]; 2] {
                [self.beta_1, self.beta_2].map(|beta| [T::of(beta), T::of(1.0 - beta)])
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new($rate)
            }
        }
    };
}

adam_like! {
    /// Adamax: Adam with the largest gradient so far, which fades, for the root of the mean square.
    ///
    /// `m = β₁ m + (1 - β₁) g`, `u = max(β₂ u, |g| + ε)`, then `θ -= η / (1 - β₁ᵗ) · m / u`.
    ///
    /// `η = 0.002`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8` by default, as in PyTorch `Adamax`; Keras `Adamax` has `η = 0.001`
    /// and adds `ε = 1e-7` to `u`. D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization" (2015), algorithm 2.
    Adamax(0.002, 0.9, 0.999, 1e-8)
}

adam_like! {
    /// NAdam: Adam with Nesterov's look ahead, and a momentum that grows into `β₁`.
    ///
    /// With `μ_t = β₁ (1 - 0.96^(0.004 t) / 2)` and `M_t = μ_1 ⋯ μ_t`, and `m`, `v` as for [`Adam`](super::Adam):
    /// `θ -= η ((1 - μ_t) / (1 - M_t) · g + μ_{t+1} / (1 - M_{t+1}) · m) / (√(v / (1 - β₂ᵗ)) + ε)`.
    ///
    /// `η = 0.002`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8` by default, as in PyTorch `NAdam`; Keras `Nadam` has `η = 0.001`,
    /// `ε = 1e-7`. T. Dozat, "Incorporating Nesterov momentum into Adam" (2016).
    Nadam(0.002, 0.9, 0.999, 1e-8)
}

adam_like! {
    /// RAdam: Adam whose first steps are plain means of the gradient, until the mean square is known well enough, and then
    /// smaller by a factor that grows to 1.
    ///
    /// With `ρ∞ = 2 / (1 - β₂) - 1` and `ρ = ρ∞ - 2 t β₂ᵗ / (1 - β₂ᵗ)`, and `m̂`, `v̂` as for [`Adam`](super::Adam), corrected:
    /// `θ -= η m̂` while `ρ ≤ 5`, then `θ -= η r m̂ / (√v̂ + ε')` with
    /// `r² = (ρ - 4) (ρ - 2) ρ∞ / ((ρ∞ - 4) (ρ∞ - 2) ρ)`, where `ε' = ε / √(1 - β₂ᵗ)`.
    ///
    /// `η = 0.001`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8` by default, as in PyTorch `RAdam`. L. Liu et al., "On the variance of
    /// the adaptive learning rate and beyond" (2020).
    Radam(0.001, 0.9, 0.999, 1e-8)
}

impl<T: Scalar> Optimizer<T> for Adamax {
    fn moments(&self) -> usize {
        2
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.in_range()
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let correction = 1.0 - Float::powf(self.beta_1, update.step as f64);
        let rate = T::of(self.learning_rate * update.rate / correction);
        let ([mean, [beta_2, _]], epsilon) = (self.means(), T::of(self.epsilon));
        divide_by_largest(rate, mean, beta_2, epsilon, parameters, gradient, moments.first, moments.second);
    }
}

impl Nadam {
    /// The product of the momenta up to a step, and the momenta of this step and the next.
    fn momenta(&self, step: u64) -> (f64, [f64; 2]) {
        let fade = Float::powf(0.96, 0.004);
        let at = |step: u64| self.beta_1 * (1.0 - 0.5 * Float::powf(fade, step as f64));
        // Each factor is below β₁: once their product is below all rounding, it need not be known.
        let is_gone = Float::powf(self.beta_1, step as f64) < 1e-20;
        let product = if is_gone { 0.0 } else { (1..=step).map(at).product() };
        (product, [at(step), at(step + 1)])
    }
}

impl<T: Scalar> Optimizer<T> for Nadam {
    fn moments(&self) -> usize {
        2
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.in_range()
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let (product, [now, next]) = self.momenta(update.step);
        let rate = self.learning_rate * update.rate;
        let root = 1.0 / Float::sqrt(1.0 - Float::powf(self.beta_2, update.step as f64));
        let rule = Rule {
            slope: T::of(rate * (1.0 - now) / (1.0 - product)),
            mean: T::of(rate * next / (1.0 - product * next)),
            root: T::of(root),
            epsilon: T::of(self.epsilon),
            means: self.means(),
        };
        step_by_both(rule, parameters, gradient, moments.first, moments.second);
    }
}

impl<T: Scalar> Optimizer<T> for Radam {
    fn moments(&self) -> usize {
        2
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.in_range()
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let step = update.step as f64;
        let kept = Float::powf(self.beta_2, step);
        let most = 2.0 / (1.0 - self.beta_2) - 1.0;
        let known = most - 2.0 * step * kept / (1.0 - kept);
        let rate = self.learning_rate * update.rate / (1.0 - Float::powf(self.beta_1, step));
        // Without a root, the line below is 1.
        let [mean, root, epsilon] = if known > 5.0 {
            let share = (known - 4.0) * (known - 2.0) * most / ((most - 4.0) * (most - 2.0) * known);
            [rate * Float::sqrt(share * (1.0 - kept)), 1.0, self.epsilon]
        } else {
            [rate, 0.0, 1.0]
        };
        let [mean, root, epsilon] = [mean, root, epsilon].map(T::of);
        let rule = Rule { slope: T::zero(), mean, root, epsilon, means: self.means() };
        step_by_both(rule, parameters, gradient, moments.first, moments.second);
    }
}

/// The constants of one step: `θ -= (slope · g + mean · m) / (root · √v + ε)`.
#[derive(Clone, Copy, Debug)]
pub struct Rule<T> {
    slope: T,
    mean: T,
    root: T,
    epsilon: T,
    means: [[T; 2]; 2],
}

kernels! {
    trait AdamFamilyKernels<T>;

    /// The update of Adamax.
    pub(crate) fn divide_by_largest(rate: T, mean: [T; 2], beta_2: T, epsilon: T, parameters: &mut [T], gradient: &[T], means: &mut [T], largest: &mut [T]) = divide_by_largest_body;
    /// The update of Nadam and Radam.
    pub(crate) fn step_by_both(rule: Rule<T>, parameters: &mut [T], gradient: &[T], means: &mut [T], squares: &mut [T]) = step_by_both_body;
}

#[inline(always)]
fn divide_by_largest_body<I: Isa, T: Scalar>(
    rate: T,
    mean: [T; 2],
    beta_2: T,
    epsilon: T,
    parameters: &mut [T],
    gradient: &[T],
    means: &mut [T],
    largest: &mut [T],
) {
    let moments = means.iter_mut().zip(largest);
    for ((parameter, &slope), (running, largest)) in parameters.iter_mut().zip(gradient).zip(moments) {
        *running = I::mul_add(mean[0], *running, mean[1] * slope);
        *largest = (beta_2 * *largest).max(slope.abs() + epsilon);
        *parameter -= rate * *running / *largest;
    }
}

#[inline(always)]
fn step_by_both_body<I: Isa, T: Scalar>(
    rule: Rule<T>,
    parameters: &mut [T],
    gradient: &[T],
    means: &mut [T],
    squares: &mut [T],
) {
    let [first, second] = rule.means;
    let moments = means.iter_mut().zip(squares);
    for ((parameter, &slope), (mean, square)) in parameters.iter_mut().zip(gradient).zip(moments) {
        *mean = I::mul_add(first[0], *mean, first[1] * slope);
        *square = I::mul_add(second[0], *square, second[1] * slope * slope);
        let divisor = I::mul_add(square.sqrt(), rule.root, rule.epsilon);
        *parameter -= I::mul_add(rule.slope, slope, rule.mean * *mean) / divisor;
    }
}
