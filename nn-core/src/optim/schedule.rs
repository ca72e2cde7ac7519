use num_traits::Float;

use crate::OutOfRange;

/// How the learning rate changes in the course of training: a factor for each step.
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
    /// Rises in a straight line during the first `warmup` steps, then falls along half a cosine to `floor` at the last
    /// step. Loshchilov and Hutter, "SGDR" (2017), without restarts; as Keras `CosineDecay`.
    Cosine {
        /// How many steps the rise takes.
        warmup: u64,
        /// The factor at the end; at least 0.
        floor: f64,
    },
}

impl Schedule {
    /// What is wrong with the settings, if anything.
    ///
    /// # Errors
    /// When one lies outside its range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        match *self {
            Self::Constant => Ok(()),
            Self::Steps { epochs, factor } => {
                OutOfRange::above_zero("schedule.epochs", epochs as f64)?;
                OutOfRange::above_zero("schedule.factor", factor)
            }
            Self::Cosine { floor, .. } => OutOfRange::not_negative("schedule.floor", floor),
        }
    }

    /// The factor at a step (from 1 on) of training with `steps` steps in `epochs` epochs.
    pub fn rate(&self, step: u64, steps: u64, epochs: usize) -> f64 {
        let before = step.saturating_sub(1);
        match *self {
            Self::Constant => 1.0,
            Self::Steps { epochs: each, factor } => {
                let epoch = u128::from(before) * epochs as u128 / u128::from(steps.max(1));
                Float::powf(factor, (epoch / each.max(1) as u128) as f64)
            }
            Self::Cosine { warmup, .. } if step <= warmup => step as f64 / warmup as f64,
            Self::Cosine { warmup, floor } => {
                let share = (before - warmup) as f64 / steps.saturating_sub(warmup + 1).max(1) as f64;
                let fall = (1.0 + Float::cos(core::f64::consts::PI * share.min(1.0))) / 2.0;
                floor + (1.0 - floor) * fall
            }
        }
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
    fn a_cosine_rises_falls_and_stays() {
        let schedule = Schedule::Cosine { warmup: 10, floor: 0.1 };
        let rates = [1, 10, 11, 110, 500].map(|step| schedule.rate(step, 110, 1));
        for (rate, expected) in rates.into_iter().zip([0.1, 1.0, 1.0, 0.1, 0.1]) {
            assert!((rate - expected).abs() < 1e-12, "{rate} {expected}");
        }
        assert!((schedule.rate(61, 111, 1) - 0.55).abs() < 1e-9, "halfway");
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        assert!(Schedule::Steps { epochs: 0, factor: 0.5 }.check().is_err());
        assert!(Schedule::Cosine { warmup: 0, floor: -1.0 }.check().is_err());
        assert_eq!(Schedule::Cosine { warmup: 0, floor: 0.0 }.check(), Ok(()));
    }
}
