//! Curves made of letters.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Numbers in the order in which they came. Beyond a limit, neighbours become their mean, so that memory stays small however
/// many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    values: Vec<f64>,
    /// How many numbers each value is the mean of.
    stride: usize,
    sum: f64,
    count: usize,
}

const MOST: usize = 1024;

impl Course {
    /// Adds a number; what is not finite is left out.
    pub(super) fn push(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        (self.sum, self.count) = (self.sum + value, self.count + 1);
        if self.count < self.stride.max(1) {
            return;
        }
        self.values.push(self.sum / self.count as f64);
        (self.sum, self.count) = (0.0, 0);
        if self.values.len() >= MOST {
            self.values = self.values.chunks(2).map(mean).collect();
            self.stride = 2 * self.stride.max(1);
        }
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The least and the greatest of finite numbers.
pub(super) fn extremes(values: &[f64]) -> Option<(f64, f64)> {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    finite.fold(None, |found, value| {
        let (least, greatest) = found.unwrap_or((value, value));
        Some((least.min(value), greatest.max(value)))
    })
}

/// A curve of braille letters, each two dots wide and four high, in so many columns and rows; from the least number at the bottom
/// to the greatest at the top.
pub(super) fn curve(values: &[f64], columns: usize, rows: usize) -> Vec<String> {
    let mut cells = vec![vec![0u8; columns]; rows];
    let heights = heights(values, 2 * columns, 4 * rows);
    let mut before: Option<usize> = None;
    for (x, &height) in heights.iter().enumerate() {
        // Upright where the curve is steep.
        let (low, high) = match before {
            Some(before) if before + 1 < height => (before + 1, height),
            Some(before) if height + 1 < before => (height, before - 1),
            _ => (height, height),
        };
        for y in low..=high {
            let (row, dot) = (rows - 1 - y / 4, 3 - y % 4);
            cells[row][x / 2] |= DOTS[x % 2][dot];
        }
        before = Some(height);
    }
    let letter = |bits: u8| char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' ');
    cells.into_iter().map(|row| row.into_iter().map(letter).collect()).collect()
}

/// The bit of each dot in a braille letter, left and right column, from above (Unicode 2800–28FF).
const DOTS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// For each of at most `width` places, how high the curve stands there, from 0 to below `height`.
fn heights(values: &[f64], width: usize, height: usize) -> Vec<usize> {
    let Some((least, greatest)) = extremes(values) else { return Vec::new() };
    let places = width.min(values.len());
    let place = |index: usize| {
        let (start, end) = (index * values.len() / places, (index + 1) * values.len() / places);
        let share = if greatest > least { (mean(&values[start..end]) - least) / (greatest - least) } else { 0.5 };
        ((share * (height - 1) as f64).round() as usize).min(height - 1)
    };
    (0..places).map(place).collect()
}

/// A curve in one line: a block for each of the last numbers, the higher the larger it is.
pub(super) fn sparkline(values: &[f64], width: usize) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let values = &values[values.len().saturating_sub(width)..];
    let (least, greatest) = extremes(values).unwrap_or((0.0, 0.0));
    let block = |&value: &f64| match (value - least) / (greatest - least) {
        _ if !value.is_finite() => ' ',
        share if share.is_finite() => BLOCKS[((share * 7.0).round() as usize).min(7)],
        _ => BLOCKS[3],
    };
    values.iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_falls_from_above_to_below() {
        assert_eq!(curve(&[3.0, 2.0, 1.0, 0.0], 2, 1), ["⠑⢄"]);
        assert_eq!(curve(&[0.0, 7.0], 1, 2), ["⢸", "⡸"]);
        assert_eq!(curve(&[5.0; 3], 3, 1), ["⠒⠂⠀"]);
        assert_eq!(curve(&[], 2, 1), ["⠀⠀"]);
        let many: Vec<f64> = (0..1000).map(f64::from).collect();
        assert_eq!(curve(&many, 4, 2).concat().chars().count(), 8);
    }

    #[test]
    fn a_sparkline_has_the_last_numbers() {
        assert_eq!(sparkline(&[9.0, 0.0, 7.0, f64::NAN, 3.5], 4), "▁█ ▅");
        assert_eq!((sparkline(&[1.0, 1.0], 5), sparkline(&[], 5)), ("▄▄".into(), String::new()));
    }

    #[test]
    fn a_long_course_stays_short_and_keeps_its_mean() {
        let mut course = Course::default();
        (0..100_000).for_each(|value| course.push(f64::from(value)));
        course.push(f64::NAN);
        assert!(course.values().len() < MOST && course.values().is_sorted());
        let (least, greatest) = extremes(course.values()).unwrap();
        assert!(least < 100.0 && greatest > 99_000.0, "{least} {greatest}");
    }
}
