use core::f64::consts::PI;

use num_traits::Float;

use crate::OutOfRange;

/// How the learning rate changes in the course of training: a factor for each step.
///
/// | schedule | the factor |
/// |---|---|
/// | [`Constant`](Schedule::Constant) | 1 |
/// | [`Steps`](Schedule::Steps), [`Milestones`](Schedule::Milestones), [`Exponential`](Schedule::Exponential) | falls from epoch to epoch |
/// | [`Cosine`](Schedule::Cosine), [`Polynomial`](Schedule::Polynomial) | falls until the last step |
/// | [`Restarts`](Schedule::Restarts) | falls along half a cosine, again and again |
/// | [`Linear`](Schedule::Linear) | a straight line, then constant |
/// | [`OneCycle`](Schedule::OneCycle) | rises, then falls to almost nothing |
/// | [`InverseRoot`](Schedule::InverseRoot) | rises, then falls with the root of the step |
/// | [`Warmup`](Schedule::Warmup) | rises, then any other |
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Schedule {
    /// The factor is 1.
    #[default]
    Constant,
    /// Multiplied by `factor` after every `epochs` epochs. As PyTorch `StepLR`.
    Steps {
        /// How many epochs each rate lasts; at least 1.
        epochs: usize,
        /// What the rate is then multiplied with; above 0.
        factor: f64,
    },
    /// Multiplied by `factor` after each of these numbers of epochs. As PyTorch `MultiStepLR`.
    Milestones {
        /// After how many epochs, each.
        epochs: &'static [usize],
        /// What the rate is then multiplied with; above 0.
        factor: f64,
    },
    /// Multiplied by `factor` after every epoch. As PyTorch `ExponentialLR`.
    Exponential {
        /// What the rate is multiplied with; above 0.
        factor: f64,
    },
    /// Rises in a straight line during the first `warmup` steps, then falls along half a cosine to `floor` at the last
    /// step. Loshchilov and Hutter, "SGDR" (2017), without restarts; as Keras `CosineDecay`.
    Cosine {
        /// How many steps the rise takes.
        warmup: u64,
        /// The factor at the end; at least 0.
        floor: f64,
    },
    /// Falls along half a cosine from 1 towards `floor` within `period` steps, and starts anew; each period is `growth`
    /// times as long as the last one. Loshchilov and Hutter, "SGDR" (2017); as PyTorch `CosineAnnealingWarmRestarts`.
    Restarts {
        /// How many steps the first fall takes; at least 1.
        period: u64,
        /// How much longer each fall is than the one before; at least 1.
        growth: u64,
        /// The factor that a fall leads to; at least 0.
        floor: f64,
    },
    /// Goes in a straight line from one factor to another within `steps` steps, and stays. As PyTorch `LinearLR`.
    Linear {
        /// The factor at the first step; at least 0.
        from: f64,
        /// The factor after `steps` steps; at least 0.
        to: f64,
        /// How many steps the way takes; at least 1.
        steps: u64,
    },
    /// `(1 - share)^power`, where `share` is that of all steps that are done: a straight line to 0 for 1. As PyTorch
    /// `PolynomialLR`.
    Polynomial {
        /// The power; above 0.
        power: f64,
    },
    /// Rises along half a cosine from 1/25 to 1 during the first `rise` of all steps, then falls along another to 4e-6 at
    /// the last step. L. Smith and N. Topin, "Super-convergence" (2018); as PyTorch `OneCycleLR`, with its defaults.
    OneCycle {
        /// The share of all steps that the rise takes: 0.3 in PyTorch; in [0, 1).
        rise: f64,
    },
    /// Rises in a straight line during the first `warmup` steps, then falls as `√(warmup / step)`. A. Vaswani et al.,
    /// "Attention is all you need" (2017), with 1 at the highest point.
    InverseRoot {
        /// How many steps the rise takes; at least 1.
        warmup: u64,
    },
    /// Rises in a straight line during the first steps, then another schedule for all steps that are left:
    /// `Warmup { steps: 100, then: &Schedule::Polynomial { power: 1.0 } }`. One that counts epochs counts those of the whole
    /// training.
    Warmup {
        /// How many steps the rise takes.
        steps: u64,
        /// What comes then.
        then: &'static Schedule,
    },
}

impl Schedule {
    /// What is wrong with the settings, if anything.
    ///
    /// # Errors
    /// When one lies outside its range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let factor = |factor| OutOfRange::above_zero("schedule.factor", factor);
        let floor = |floor| OutOfRange::not_negative("schedule.floor", floor);
        match *self {
            Self::Constant => Ok(()),
            Self::Steps { epochs, factor: by } => {
                OutOfRange::above_zero("schedule.epochs", epochs as f64)?;
                factor(by)
            }
            Self::Milestones { factor: by, .. } | Self::Exponential { factor: by } => factor(by),
            Self::Cosine { floor: lowest, .. } => floor(lowest),
            Self::Restarts { period, growth, floor: lowest } => {
                OutOfRange::above_zero("schedule.period", period as f64)?;
                OutOfRange::above_zero("schedule.growth", growth as f64)?;
                floor(lowest)
            }
            Self::Linear { from, to, steps } => {
                OutOfRange::not_negative("schedule.from", from)?;
                OutOfRange::not_negative("schedule.to", to)?;
                OutOfRange::above_zero("schedule.steps", steps as f64)
            }
            Self::Polynomial { power } => OutOfRange::above_zero("schedule.power", power),
            Self::OneCycle { rise } => OutOfRange::below_one("schedule.rise", rise),
            Self::InverseRoot { warmup } => OutOfRange::above_zero("schedule.warmup", warmup as f64),
            Self::Warmup { then, .. } => then.check(),
        }
    }

    /// The factor at a step (from 1 on) of training with `steps` steps in `epochs` epochs.
    pub fn rate(&self, step: u64, steps: u64, epochs: usize) -> f64 {
        let before = step.saturating_sub(1);
        self.factor(step, steps, u128::from(before) * epochs as u128 / u128::from(steps.max(1)))
    }

    /// The same in an epoch, from 0 on, that may be one of a longer training.
    fn factor(&self, step: u64, steps: u64, epoch: u128) -> f64 {
        let before = step.saturating_sub(1);
        match *self {
            Self::Constant => 1.0,
            Self::Steps { epochs: each, factor } => Float::powf(factor, (epoch / each.max(1) as u128) as f64),
            Self::Milestones { epochs, factor } => {
                let passed = epochs.iter().filter(|&&milestone| milestone as u128 <= epoch).count();
                Float::powf(factor, passed as f64)
            }
            Self::Exponential { factor } => Float::powf(factor, epoch as f64),
            Self::Cosine { warmup, .. } if step <= warmup => step as f64 / warmup as f64,
            Self::Cosine { warmup, floor } => {
                let share = (before - warmup) as f64 / steps.saturating_sub(warmup + 1).max(1) as f64;
                half_cosine(1.0, floor, share)
            }
            Self::Restarts { period, growth, floor } => {
                half_cosine(1.0, floor, share_of_period(before, period, growth))
            }
            Self::Linear { from, to, steps } => {
                let share = (before as f64 / steps.max(1) as f64).min(1.0);
                from + (to - from) * share
            }
            Self::Polynomial { power } => Float::powf(1.0 - (before as f64 / steps.max(1) as f64).min(1.0), power),
            Self::OneCycle { rise } => one_cycle(before as f64, steps as f64, rise),
            Self::InverseRoot { warmup } => {
                let [step, warmup] = [step, warmup].map(|steps| steps.max(1) as f64);
                (step / warmup).min(Float::sqrt(warmup / step))
            }
            Self::Warmup { steps: rise, .. } if step <= rise => step as f64 / rise as f64,
            Self::Warmup { steps: rise, then } => {
                let left = steps.saturating_sub(rise);
                then.factor(step - rise, left, epoch)
            }
        }
    }
}

/// From one factor to another along half a cosine.
fn half_cosine(from: f64, to: f64, share: f64) -> f64 {
    to + (from - to) * (1.0 + Float::cos(PI * share.min(1.0))) / 2.0
}

/// Which share of the present period is over, of periods that grow.
fn share_of_period(mut before: u64, mut period: u64, growth: u64) -> f64 {
    if growth <= 1 {
        before %= period.max(1);
    }
    while before >= period && period > 0 {
        before -= period;
        period = period.saturating_mul(growth);
    }
    before as f64 / period.max(1) as f64
}

/// The rise and fall of [`Schedule::OneCycle`].
fn one_cycle(before: f64, steps: f64, rise: f64) -> f64 {
    const FIRST: f64 = 1.0 / 25.0;
    const LAST: f64 = FIRST / 1e4;
    let (top, end) = (rise * steps - 1.0, (steps - 1.0).max(1.0));
    if before <= top {
        half_cosine(FIRST, 1.0, if top > 0.0 { before / top } else { 1.0 })
    } else {
        half_cosine(1.0, LAST, (before - top) / (end - top))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_epochs() {
        let schedule = Schedule::Steps { epochs: 2, factor: 0.1 };
        let rates = [1, 20, 21, 40, 41].map(|step| schedule.rate(step, 50, 5));
        for (rate, expected) in rates.into_iter().zip([1.0, 1.0, 0.1, 0.1, 0.01]) {
            assert!((rate - expected).abs() < 1e-12, "{rate} {expected}");
        }
    }

    #[test]
    fn epochs_behind_a_rise_are_those_of_the_training() {
        let falls = |then| {
            let schedule = Schedule::Warmup { steps: 10, then };
            (11..=20).fold(0, |falls: u64, step| match schedule.rate(step, 20, 4) < schedule.rate(step - 1, 20, 4) {
                true => 100 * falls + step,
                false => falls,
            })
        };
        assert_eq!(falls(&Schedule::Milestones { epochs: &[3], factor: 0.1 }), 16);
        assert_eq!(falls(&Schedule::Steps { epochs: 1, factor: 0.5 }), 1116);
    }

    #[test]
    fn a_cosine_rises_falls_and_stays() {
        let schedule = Schedule::Cosine { warmup: 10, floor: 0.1 };
        let rates = [1, 10, 11, 110, 500].map(|step| schedule.rate(step, 110, 1));
        for (rate, expected) in rates.into_iter().zip([0.1, 1.0, 1.0, 0.1, 0.1]) {
            assert!((rate - expected).abs() < 1e-12, "{rate} {expected}");
        }
        assert!((schedule.rate(61, 111, 1) - 0.55).abs() < 1e-9, "halfway");
    }

    #[test]
    fn a_rise_comes_before_any_other() {
        let schedule = Schedule::Warmup { steps: 4, then: &Schedule::Linear { from: 1.0, to: 0.0, steps: 4 } };
        let rates: [f64; 10] = core::array::from_fn(|step| schedule.rate(step as u64 + 1, 10, 1));
        assert_eq!(rates, [0.25, 0.5, 0.75, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]);
        let schedule = Schedule::InverseRoot { warmup: 4 };
        assert_eq!([1, 4, 16, 64].map(|step| schedule.rate(step, 100, 1)), [0.25, 1.0, 0.5, 0.25]);
    }

    #[test]
    fn tiny_trainings_have_rates() {
        let schedules = [
            Schedule::Cosine { warmup: 0, floor: 0.0 },
            Schedule::Restarts { period: 1, growth: 2, floor: 0.0 },
            Schedule::Polynomial { power: 2.0 },
            Schedule::OneCycle { rise: 0.3 },
            Schedule::OneCycle { rise: 0.0 },
        ];
        for schedule in schedules {
            for (step, steps) in [(1, 1), (1, 2), (2, 2), (9, 3)] {
                let rate = schedule.rate(step, steps, 1);
                assert!((0.0..=1.0).contains(&rate), "{schedule:?} {step} {steps}: {rate}");
            }
        }
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        assert!(Schedule::Warmup { steps: 1, then: &Schedule::Polynomial { power: 0.0 } }.check().is_err());
        assert!(Schedule::Restarts { period: 0, growth: 1, floor: 0.0 }.check().is_err());
        assert!(Schedule::OneCycle { rise: 1.0 }.check().is_err());
        assert!(Schedule::Steps { epochs: 0, factor: 0.5 }.check().is_err());
        assert!(Schedule::Cosine { warmup: 0, floor: -1.0 }.check().is_err());
        assert_eq!(Schedule::Cosine { warmup: 0, floor: 0.0 }.check(), Ok(()));
    }
}
