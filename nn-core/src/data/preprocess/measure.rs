//! What is measured of a column.

use alloc::vec::Vec;
use num_traits::Float;

use super::fitted::Measured;
use super::{Fill, Outliers, PreprocessError, Scale, Step, Then};

/// The values of a column that are there, in rising order.
pub(super) struct Column(Vec<f64>);

impl Column {
    pub(super) fn of(values: &[f32], columns: usize, column: usize) -> Self {
        let own = values.iter().skip(column).step_by(columns.max(1));
        let mut sorted: Vec<f64> = own.filter(|value| value.is_finite()).map(|&value| value.into()).collect();
        sorted.sort_by(f64::total_cmp);
        Self(sorted)
    }

    pub(super) fn measure(&self, step: Step, column: usize) -> Result<Measured, PreprocessError> {
        let needs_values =
            !matches!(step, Step::DropMissing | Step::Fill(Fill::Constant(_)) | Step::Scale(Scale::Logarithm));
        if needs_values && self.0.is_empty() {
            return Err(PreprocessError::NoValues { column });
        }
        Ok(match step {
            Step::DropMissing => Measured::DropMissing,
            Step::Fill(Fill::Mean) => Measured::Fill(self.mean() as f32),
            Step::Fill(Fill::Median) => Measured::Fill(self.quantile(0.5) as f32),
            Step::Fill(Fill::Constant(value)) => Measured::Fill(value),
            Step::Outliers(outliers, then) => {
                let [low, high] = self.fences(outliers).map(|fence| fence as f32);
                match then {
                    Then::Clip => Measured::Clip([low, high]),
                    Then::Drop => Measured::DropOutside([low, high]),
                }
            }
            Step::Scale(Scale::Logarithm) => Measured::Logarithm,
            Step::Scale(scale) => {
                let [shift, unit] = self.scale(scale);
                Measured::Affine([shift as f32, usable(unit as f32)])
            }
            Step::OneHot => {
                let mut kinds: Vec<f32> = self.0.iter().map(|&value| value as f32).collect();
                kinds.dedup();
                Measured::OneHot(kinds)
            }
        })
    }

    /// What becomes 0, and what becomes 1 above it.
    fn scale(&self, scale: Scale) -> [f64; 2] {
        match scale {
            Scale::MinMax => [self.quantile(0.0), self.quantile(1.0) - self.quantile(0.0)],
            Scale::Robust => [self.quantile(0.5), self.quantile(0.75) - self.quantile(0.25)],
            Scale::Standard | Scale::Logarithm => [self.mean(), self.deviation()],
        }
    }

    /// Between which values none is an outlier.
    fn fences(&self, outliers: Outliers) -> [f64; 2] {
        match outliers {
            Outliers::ZScore(limit) => {
                let (mean, reach) = (self.mean(), limit * self.deviation());
                [mean - reach, mean + reach]
            }
            Outliers::Iqr(limit) => {
                let [first, third] = [0.25, 0.75].map(|share| self.quantile(share));
                [first - limit * (third - first), third + limit * (third - first)]
            }
        }
    }

    fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }

    /// Of all values, not of a sample.
    fn deviation(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.0.iter().map(|value| (value - mean) * (value - mean)).sum();
        Float::sqrt(squares / self.0.len() as f64)
    }

    /// Interpolated between neighbours.
    fn quantile(&self, share: f64) -> f64 {
        let place = share * (self.0.len() - 1) as f64;
        let below = place as usize;
        let above = (below + 1).min(self.0.len() - 1);
        self.0[below] + (self.0[above] - self.0[below]) * (place - below as f64)
    }
}

/// A column that never changes keeps its unit, so that it becomes 0 and not NaN.
fn usable(unit: f32) -> f32 {
    if unit.is_normal() && (1.0 / unit).is_finite() { unit } else { 1.0 }
}
