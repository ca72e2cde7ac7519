//! Pictures of rankings: ROC and precision-recall curves.

use alloc::string::String;
use alloc::vec::Vec;
use std::path::Path;

use plotters::style::RGBColor;

use super::PlotError;
use super::axes::{Axes, marks};
use super::canvas::{COLORS, Canvas, GREY, INK, PALE};
use super::font::{self, Style};
use super::ticks::Ticks;
use crate::io::Ranking;

const MOST_CURVES: usize = 1000;
/// With more curves than this, only the worst have a colour and a line in the legend.
const NAMED: usize = 10;
const SIDE: f64 = 300.0;
const CORNER: (f64, f64) = (66.0, 56.0);
const LINE: f64 = 17.0;

/// Draws ROC curves into a PNG or SVG file, with the area under each: right alarms over false ones. One curve for each
/// ranking; of more than ten, the ten with the smallest area are named.
///
/// ```no_run
/// # use nn_core::io::{Ranking, plot};
/// let spam = Ranking::new("spam", &[0.1, 0.4, 0.35, 0.8], &[false, false, true, true])?;
/// plot::roc_curves("roc.svg", &[spam])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When there are no rankings or more than 1000, or the file cannot be written.
pub fn roc_curves(path: impl AsRef<Path>, rankings: &[Ranking]) -> Result<(), PlotError> {
    let curves = rankings.iter().map(|ranking| Curve {
        name: ranking.name(),
        area: ranking.roc_area(),
        points: corners(ranking.roc()),
    });
    let words =
        Words { title: "ROC", area: "area", axes: ["false positive rate", "true positive rate"], diagonal: true };
    draw(path.as_ref(), curves.collect(), &words)
}

/// Draws precision-recall curves into a PNG or SVG file, with the average precision of each. They go in steps: to each recall
/// belongs the precision of the threshold that reaches it. As [`roc_curves`] otherwise.
///
/// # Errors
/// As [`roc_curves`].
pub fn precision_recall_curves(path: impl AsRef<Path>, rankings: &[Ranking]) -> Result<(), PlotError> {
    let curves = rankings.iter().map(|ranking| Curve {
        name: ranking.name(),
        area: ranking.average_precision(),
        points: corners(steps(ranking.precision_recall()).into_iter()),
    });
    let words = Words { title: "Precision and recall", area: "AP", axes: ["recall", "precision"], diagonal: false };
    draw(path.as_ref(), curves.collect(), &words)
}

/// From recall 0 on, each precision holds back to the recall before. Thresholds that find no more yeses are passed over, as in
/// the average precision.
fn steps(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut corners = Vec::new();
    let mut before = 0.0;
    for (recall, precision) in points.filter(|point| point.0 > 0.0) {
        if recall > before {
            corners.extend([(before, precision), (recall, precision)]);
            before = recall;
        }
    }
    corners
}

/// Without points in the middle of a straight line along an axis.
fn corners(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::new();
    for point in points {
        if let [.., first, second] = corners[..]
            && (first.0 == second.0 && second.0 == point.0 || first.1 == second.1 && second.1 == point.1)
        {
            corners.pop();
        }
        corners.push(point);
    }
    corners
}

struct Curve<'r> {
    name: &'r str,
    area: f64,
    points: Vec<(f64, f64)>,
}

struct Words {
    title: &'static str,
    area: &'static str,
    axes: [&'static str; 2],
    diagonal: bool,
}

fn draw(path: &Path, mut curves: Vec<Curve<'_>>, words: &Words) -> Result<(), PlotError> {
    if curves.is_empty() {
        return Err(PlotError::Nothing { what: "there are no rankings" });
    }
    if curves.len() > MOST_CURVES {
        return Err(PlotError::TooMany { what: "curves", found: curves.len(), most: MOST_CURVES });
    }
    let others = curves.len().saturating_sub(NAMED);
    if others > 0 {
        curves.sort_by(|left, right| left.area.total_cmp(&right.area));
    }
    let mean = curves.iter().map(|curve| curve.area).sum::<f64>() / curves.len() as f64;
    let text = Style::new(11.0, INK);
    let mut legend: Vec<(RGBColor, String)> = Vec::new();
    for (curve, color) in curves.iter().take(NAMED).zip(COLORS) {
        legend.push((color, std::format!("{}  {:.3}", super::shortened(curve.name), curve.area)));
    }
    if others > 0 {
        legend.push((PALE, std::format!("{others} others, each above")));
    }
    let mut widest = 0f64;
    for (_, line) in &legend {
        widest = widest.max(font::width(line, text)?);
    }
    let right = CORNER.0 + SIDE;
    let height = (CORNER.1 + SIDE + 52.0).max(CORNER.1 + LINE * (legend.len() + 2) as f64 + 20.0);
    let mut canvas = Canvas::new(((right + 60.0 + widest + 24.0).ceil() as u32, height.ceil() as u32));
    let axes = axes(&mut canvas, words);
    for (index, curve) in curves.iter().enumerate().rev() {
        let points: Vec<_> = curve.points.iter().map(|&(x, y)| axes.place(x, y)).collect();
        let color = if index < NAMED { COLORS[index % COLORS.len()] } else { PALE };
        canvas.line(&points, color, if index < NAMED { 2.0 } else { 1.0 });
    }
    canvas.text(words.title, (CORNER.0, 27.0), Style::new(14.0, INK).bold());
    let heading =
        if curves.len() > 1 { std::format!("{}, {mean:.3} in the mean", words.area) } else { words.area.into() };
    canvas.text(&heading, (right + 26.0, CORNER.1 + 6.0), Style::new(10.5, GREY));
    for (index, (color, line)) in legend.iter().enumerate() {
        let y = CORNER.1 + 6.0 + LINE * (index + 1) as f64;
        canvas.line(&[(right + 26.0, y), (right + 45.0, y)], *color, 2.5);
        canvas.text(line, (right + 52.0, y), text);
    }
    let heading_width = font::width(&heading, Style::new(10.5, GREY))?;
    canvas.size.0 = canvas.size.0.max((right + 26.0 + heading_width + 20.0).ceil() as u32);
    canvas.save(path)
}

/// Both axes, from 0 to 1, and what guesses would give.
fn axes(canvas: &mut Canvas, words: &Words) -> Axes {
    let corners = [CORNER, (CORNER.0 + SIDE, CORNER.1 + SIDE)];
    let axes = Axes { corners, x: (0.0, 1.0), y: (0.0, 1.0) };
    let marks = marks(&Ticks::over(0.0, 1.0, 5));
    axes.draw(canvas, &marks, &marks, words.axes);
    if words.diagonal {
        canvas.line(&[axes.place(0.0, 0.0), axes.place(1.0, 1.0)], PALE, 1.0);
    }
    axes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_have_no_more_points_than_corners() {
        let straight = [(0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (0.5, 1.0), (1.0, 1.0)];
        assert_eq!(corners(straight.into_iter()), [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]);
        let slanted = [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)];
        assert_eq!(corners(slanted.into_iter()), slanted);
        let points = [(0.0, 0.0), (0.5, 0.5), (0.5, 0.25), (1.0, 0.4)];
        assert_eq!(steps(points.into_iter()), [(0.0, 0.5), (0.5, 0.5), (0.5, 0.4), (1.0, 0.4)]);
    }
}
