//! How loss and metrics went, epoch by epoch.

use alloc::string::String;
use alloc::vec::Vec;
use std::path::Path;

use plotters::style::RGBColor;

use super::PlotError;
use super::axes::{Axes, Mark};
use super::canvas::{COLORS, Canvas, INK};
use super::font::{self, Style};
use super::ticks::{LARGEST, Ticks};

/// The numbers of one curve: one an epoch, the first epoch first. Where one is not
/// finite (or beyond 1e100), the curve is interrupted.
#[derive(Clone, Copy, Debug)]
pub struct Series<'s> {
    /// Its name in the legend: `training`.
    pub name: &'s str,
    /// One value an epoch.
    pub values: &'s [f64],
}

/// Curves that share an axis.
#[derive(Clone, Copy, Debug)]
pub struct Panel<'p> {
    /// What is drawn: `Loss`.
    pub title: &'p str,
    /// How its numbers are written.
    pub unit: Unit,
    /// The curves, each in a colour of its own; curve by curve the same colours in every panel.
    pub series: &'p [Series<'p>],
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As they are.
    Number,
    /// Shares from 0 to 1, in percent.
    Percent,
}

const PANEL: (u32, u32) = (480, 340);
const MOST_PANELS: usize = 16;
/// Curves with no more epochs than this show each as a disc.
const DISCS: usize = 30;

/// Draws panels side by side into a PNG or SVG file, 480 × 340 points each: usually the loss and the accuracy, of training and
/// validation.
///
/// ```no_run
/// use nn_core::io::plot::{Panel, Series, Unit, learning_curves};
///
/// let loss = [Series { name: "training", values: &[0.9, 0.5, 0.4] }, Series { name: "validation", values: &[0.8, 0.6, 0.5] }];
/// let accuracy = [Series { name: "training", values: &[0.7, 0.8, 0.9] }, Series { name: "validation", values: &[0.7, 0.8, 0.8] }];
/// let panels = [
///     Panel { title: "Loss", unit: Unit::Number, series: &loss },
///     Panel { title: "Accuracy", unit: Unit::Percent, series: &accuracy },
/// ];
/// learning_curves("training.png", &panels)?;
/// # Ok::<(), nn_core::io::plot::PlotError>(())
/// ```
///
/// # Errors
/// When there are no panels or more than 16, when none has a finite value, or when the file cannot be written.
pub fn learning_curves(path: impl AsRef<Path>, panels: &[Panel<'_>]) -> Result<(), PlotError> {
    canvas(panels)?.save(path.as_ref())
}

/// The same as SVG, for a page.
#[cfg(feature = "report")]
pub(in crate::io) fn svg_of_curves(panels: &[Panel<'_>]) -> Result<String, PlotError> {
    super::svg::write(&canvas(panels)?)
}

fn canvas(panels: &[Panel<'_>]) -> Result<Canvas, PlotError> {
    if panels.len() > MOST_PANELS {
        return Err(PlotError::TooMany { what: "panels", found: panels.len(), most: MOST_PANELS });
    }
    if panels.iter().all(|panel| panel.extremes().is_none()) {
        return Err(PlotError::Nothing { what: "no curve has a finite value" });
    }
    let mut canvas = Canvas::new((PANEL.0 * panels.len() as u32, PANEL.1));
    for (index, panel) in panels.iter().enumerate() {
        Frame::new(panel, f64::from(PANEL.0) * index as f64).draw(&mut canvas)?;
    }
    Ok(canvas)
}

impl Panel<'_> {
    /// The least and the greatest finite value, as they are shown.
    fn extremes(&self) -> Option<(f64, f64)> {
        let shown = self.series.iter().flat_map(|series| series.values).map(|&value| self.unit.shown(value));
        shown.filter(|value| value.is_finite()).fold(None, |extremes, value| {
            let (least, greatest) = extremes.unwrap_or((value, value));
            Some((least.min(value), greatest.max(value)))
        })
    }

    fn epochs(&self) -> usize {
        self.series.iter().map(|series| series.values.len()).max().unwrap_or(0)
    }
}

impl Unit {
    /// The number on the axis; NaN for one that cannot be drawn.
    fn shown(self, value: f64) -> f64 {
        let shown = if self == Self::Percent { 100.0 * value } else { value };
        if shown.abs() <= LARGEST { shown } else { f64::NAN }
    }

    fn sign(self) -> &'static str {
        if self == Self::Percent { "%" } else { "" }
    }

    /// The last value of a curve: one decimal of a percentage, three digits of any other number.
    fn precise(self, shown: f64) -> String {
        match self {
            Self::Percent => std::format!("{shown:.1}%"),
            Self::Number if shown == 0.0 => "0".into(),
            Self::Number if !(1e-3..1e4).contains(&shown.abs()) => std::format!("{shown:.2e}"),
            Self::Number => std::format!("{shown:.0$}", (2.0 - shown.abs().log10().floor()).max(0.0) as usize),
        }
    }
}

/// A panel with the place of its axes.
struct Frame<'p> {
    panel: &'p Panel<'p>,
    ticks: Ticks,
    axes: Axes,
}

impl<'p> Frame<'p> {
    fn new(panel: &'p Panel<'p>, left: f64) -> Self {
        let (least, greatest) = panel.extremes().unwrap_or((0.0, 1.0));
        let ticks = Ticks::over(least, greatest, 5);
        let (width, height) = (f64::from(PANEL.0), f64::from(PANEL.1));
        // A single epoch stands in the middle.
        let x = if panel.epochs() > 1 { (1.0, panel.epochs() as f64) } else { (0.0, 2.0) };
        let corners = [(left + 58.0, 58.0), (left + width - 62.0, height - 52.0)];
        let axes = Axes { corners, x, y: (ticks.low, ticks.high) };
        Self { panel, ticks, axes }
    }

    fn draw(&self, canvas: &mut Canvas) -> Result<(), PlotError> {
        let epochs = Ticks::epochs(self.panel.epochs()).into_iter();
        let x: Vec<Mark> = epochs.map(|epoch| (epoch as f64, std::format!("{epoch}"))).collect();
        let label = |&mark: &f64| (mark, self.ticks.label(mark) + self.panel.unit.sign());
        let y: Vec<Mark> = self.ticks.marks.iter().map(label).collect();
        self.axes.draw(canvas, &x, &y, ["epoch", ""]);
        self.draw_legend(canvas)?;
        // The first curve is drawn last: training lies on top.
        for (series, color) in self.colored().rev() {
            self.draw_curve(canvas, series, color);
        }
        self.draw_last_values(canvas);
        Ok(())
    }

    /// The title on the left, the names of the curves behind their colours on the right; where they are too many, in two
    /// rows, and then no more.
    fn draw_legend(&self, canvas: &mut Canvas) -> Result<(), PlotError> {
        let (left, right) = (self.axes.corners[0].0, self.axes.corners[1].0);
        let (title, text) = (Style::new(14.0, INK).bold(), Style::new(11.0, INK));
        canvas.text(self.panel.title, (left, 27.0), title);
        let mut rows = [(27.0, left + font::width(self.panel.title, title)? + 14.0), (44.0, left)].into_iter();
        let Some((mut y, mut end)) = rows.next() else { return Ok(()) };
        let mut x = right;
        for (series, color) in self.colored().rev() {
            let width = font::width(series.name, text)? + 26.0;
            if x - width < end {
                let Some(row) = rows.next() else { break };
                ((y, end), x) = (row, right);
            }
            x -= width;
            canvas.text(series.name, (x + 26.0, y), text);
            canvas.line(&[(x, y), (x + 19.0, y)], color, 2.5);
            x -= 16.0;
        }
        Ok(())
    }

    fn draw_curve(&self, canvas: &mut Canvas, series: &Series<'_>, color: RGBColor) {
        let points: Vec<(f64, f64)> =
            (1..).zip(series.values).map(|(epoch, &value)| self.place(epoch, value)).collect();
        for run in points.split(|point| !point.1.is_finite()).filter(|run| run.len() > 1) {
            canvas.line(run, color, 2.0);
        }
        let single = |index: usize| {
            let gap = |index: Option<usize>| {
                index.and_then(|index| points.get(index)).is_none_or(|point| !point.1.is_finite())
            };
            gap(index.checked_sub(1)) && gap(Some(index + 1))
        };
        for (index, &point) in points.iter().enumerate().filter(|(_, point)| point.1.is_finite()) {
            if points.len() <= DISCS || single(index) {
                canvas.disc(point, 3.0, color);
            }
        }
    }

    /// Each curve's last value behind its end, moved apart where they would overlap.
    fn draw_last_values(&self, canvas: &mut Canvas) {
        let mut ends: Vec<(f64, f64, RGBColor, String)> = Vec::new();
        for (series, color) in self.colored() {
            let points = (1..).zip(series.values).map(|(epoch, &value)| (epoch, self.panel.unit.shown(value)));
            if let Some((epoch, shown)) = points.filter(|(_, shown)| shown.is_finite()).last() {
                let (x, y) = self.axes.place(f64::from(epoch), shown);
                ends.push((x, y, color, self.panel.unit.precise(shown)));
            }
        }
        ends.sort_by(|left, right| left.1.total_cmp(&right.1));
        let heights = apart(&ends.iter().map(|end| end.1).collect::<Vec<_>>(), 14.0);
        for ((x, _, color, text), y) in ends.iter().zip(heights) {
            canvas.text(text, (x + 9.0, y), Style::new(10.5, *color).bold());
        }
    }

    fn colored(&self) -> impl DoubleEndedIterator<Item = (&Series<'_>, RGBColor)> {
        self.panel.series.iter().enumerate().map(|(index, series)| (series, COLORS[index % COLORS.len()]))
    }

    fn place(&self, epoch: usize, value: f64) -> (f64, f64) {
        self.axes.place(epoch as f64, self.panel.unit.shown(value))
    }
}

/// Moves sorted heights so that neighbours are at least `distance` apart, around where they were.
fn apart(heights: &[f64], distance: f64) -> Vec<f64> {
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for &height in heights {
        groups.push((height, 1));
        while let [.., (above, above_count), (below, below_count)] = groups[..]
            && below - above < distance * (above_count + below_count) as f64 / 2.0
        {
            let count = above_count + below_count;
            let center = (above * above_count as f64 + below * below_count as f64) / count as f64;
            groups.truncate(groups.len() - 2);
            groups.push((center, count));
        }
    }
    let spread = |(center, count): (f64, usize)| {
        (0..count).map(move |index| center + distance * (index as f64 - (count - 1) as f64 / 2.0))
    };
    groups.into_iter().flat_map(spread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_move_apart_around_their_place() {
        assert_eq!(apart(&[10.0, 30.0], 14.0), [10.0, 30.0]);
        assert_eq!(apart(&[10.0, 12.0, 90.0], 14.0), [4.0, 18.0, 90.0]);
        assert_eq!(apart(&[10.0, 10.0, 10.0], 14.0), [-4.0, 10.0, 24.0]);
        assert!(apart(&[], 14.0).is_empty());
    }

    #[test]
    fn numbers_have_three_digits() {
        let written = [0.312_4, 12.34, 0.0, 1e-5, 123_456.0, -0.5].map(|value| Unit::Number.precise(value));
        assert_eq!(written, ["0.312", "12.3", "0", "1.00e-5", "1.23e5", "-0.500"]);
        assert_eq!(Unit::Percent.precise(91.24), "91.2%");
    }
}
