//! Round numbers on axes.

use alloc::string::String;
use alloc::vec::Vec;

/// The largest number that is drawn: the distance between two such still is a number, with room to spare.
pub(super) const LARGEST: f64 = 1e100;

/// A range of numbers with round ones to mark in it.
#[derive(Clone, Debug)]
pub(super) struct Ticks {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) marks: Vec<f64>,
    step: f64,
}

impl Ticks {
    /// About `count` steps over values up to [`LARGEST`], from the round number below the least to the one above the greatest.
    pub(super) fn over(least: f64, greatest: f64, count: usize) -> Self {
        let magnitude = least.abs().max(greatest.abs());
        // A single value stands in the middle.
        let room = match (greatest == least, magnitude == 0.0) {
            (true, true) => 0.5,
            (true, false) => 0.05 * magnitude,
            (false, _) => 0.0,
        };
        let (least, greatest) = (least - room, greatest + room);
        // No closer together than numbers can tell.
        let spread = (greatest - least).max(magnitude * 1e-6).max(1e-30);
        let step = round_step(spread / count as f64);
        // Rounding errors do not add a step.
        let first = (least / step + 1e-9).floor();
        let last = (greatest / step - 1e-9).ceil().max(first + 1.0);
        let marks = (0..=(last - first) as usize).map(|index| (first + index as f64) * step).collect();
        Self { low: first * step, high: last * step, marks, step }
    }

    /// The numbers of epochs to mark: all of a few, else round ones and the first.
    pub(super) fn epochs(epochs: usize) -> Vec<usize> {
        let step = round_step(epochs as f64 / 8.0).max(1.0) as usize;
        let round = (1..=epochs).filter(|epoch| epoch.is_multiple_of(step));
        if step > 1 { core::iter::once(1).chain(round).collect() } else { round.collect() }
    }

    /// A mark with as many decimals as tell it from its neighbours.
    pub(super) fn label(&self, mark: f64) -> String {
        if self.step >= 1e5 || self.step < 1e-5 {
            return std::format!("{mark:.1e}");
        }
        let decimals = (-self.step.log10() + 1e-9).ceil().max(0.0) as usize;
        // No negative zero.
        std::format!("{:.decimals$}", if mark.abs() < self.step / 2.0 { 0.0 } else { mark })
    }
}

/// The nearest of 1, 2 and 5 times a power of ten that is not smaller.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf((step * (1.0 - 1e-9)).log10().floor());
    let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= step * (1.0 - 1e-9));
    digit.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &Ticks) -> Vec<String> {
        ticks.marks.iter().map(|&mark| ticks.label(mark)).collect()
    }

    #[test]
    fn marks_are_round_and_enclose_the_values() {
        assert_eq!(labels(&Ticks::over(0.31, 0.88, 5)), ["0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&Ticks::over(-1.0, 1.0, 4)), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels(&Ticks::over(0.0, 7e6, 4)), ["0.0e0", "2.0e6", "4.0e6", "6.0e6", "8.0e6"]);
    }

    #[test]
    fn every_range_of_numbers_has_marks_around_it() {
        let ordinary = [(0.0, 0.0), (3.5, 3.5), (-2.0, -2.0), (1e-30, 2e-30), (-1e30, 1e30), (0.0, 1e-9)];
        let extreme = [(1.0, 1.0 + f64::EPSILON), (-5e-324, 5e-324), (-LARGEST, LARGEST), (LARGEST, LARGEST)];
        for (least, greatest) in ordinary.into_iter().chain(extreme) {
            let ticks = Ticks::over(least, greatest, 5);
            let slack = 1e-6 * (ticks.high - ticks.low);
            assert!(ticks.low - slack <= least && greatest <= ticks.high + slack, "{ticks:?}");
            assert!(ticks.low < ticks.high && (2..=9).contains(&ticks.marks.len()), "{ticks:?}");
        }
    }

    #[test]
    fn few_epochs_are_all_marked() {
        assert_eq!(Ticks::epochs(1), [1]);
        assert_eq!(Ticks::epochs(8), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(Ticks::epochs(20), [1, 5, 10, 15, 20]);
        assert_eq!(Ticks::epochs(1000).len(), 6);
    }
}
