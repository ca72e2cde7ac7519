//! Curves over data: what a network predicts, over what it was shown.

use alloc::vec::Vec;
use std::path::Path;

use plotters::style::RGBColor;

use super::axes::{Axes, marks};
use super::canvas::{COLORS, Canvas, GREY, INK};
use super::font::{self, Style};
use super::ticks::{LARGEST, Ticks};
use super::{PlotError, Traces};

const MOST_POINTS: usize = 50_000;
const MOST_TRACES: usize = 20;
const SIZE: (f64, f64) = (560.0, 380.0);

/// Draws points, and curves over them, into a PNG or SVG file: data and what a network predicts for it, for example.
///
/// `axes` names the two axes. A curve goes through its points in the order of their first number.
///
/// ```no_run
/// use nn_core::io::plot::{Trace, Traces, overlay};
///
/// let data: Vec<(f64, f64)> = (0..50).map(|x| f64::from(x) / 25.0).map(|x| (x, x.sin())).collect();
/// let predicted = [(0.0, 0.1), (1.0, 0.8), (2.0, 0.9)];
/// let traces = Traces {
///     title: "Sine",
///     axes: ["x", "y"],
///     points: &[Trace { name: "data", values: &data }],
///     curves: &[Trace { name: "prediction", values: &predicted }],
/// };
/// overlay("sine.svg", &traces)?;
/// # Ok::<(), nn_core::io::plot::PlotError>(())
/// ```
///
/// # Errors
/// When there is nothing to draw, more than 50,000 points or 20 sets of them, a number that is not finite or beyond 1e100, or
/// when the file cannot be written.
pub fn overlay(path: impl AsRef<Path>, traces: &Traces<'_>) -> Result<(), PlotError> {
    check(traces)?;
    let all = || traces.points.iter().chain(traces.curves).flat_map(|trace| trace.values);
    let x = over(all().map(|point| point.0));
    let y = over(all().map(|point| point.1));
    let corners = [(72.0, 56.0), (SIZE.0 - 24.0, SIZE.1 - 52.0)];
    let axes = Axes { corners, x: (x.low, x.high), y: (y.low, y.high) };
    let mut canvas = Canvas::new((SIZE.0 as u32, SIZE.1 as u32));
    axes.draw(&mut canvas, &marks(&x), &marks(&y), traces.axes);
    // Data is pale where a curve lies over it.
    let colors = || COLORS.into_iter().cycle();
    let radius = if traces.points.iter().map(|trace| trace.values.len()).sum::<usize>() > 1000 { 1.5 } else { 2.5 };
    for (trace, color) in traces.points.iter().zip(colors().skip(traces.curves.len())) {
        let color = if traces.curves.is_empty() { color } else { lighter(color) };
        trace.values.iter().for_each(|&(x, y)| canvas.disc(axes.place(x, y), radius, color));
    }
    for (trace, color) in traces.curves.iter().zip(colors()) {
        let mut points = trace.values.to_vec();
        points.sort_by(|left, right| left.0.total_cmp(&right.0));
        let points: Vec<_> = points.into_iter().map(|(x, y)| axes.place(x, y)).collect();
        canvas.line(&points, color, 2.0);
    }
    legend(&mut canvas, traces)?;
    canvas.save(path.as_ref())
}

fn check(traces: &Traces<'_>) -> Result<(), PlotError> {
    let all = || traces.points.iter().chain(traces.curves);
    let (sets, points) = (all().count(), all().map(|trace| trace.values.len()).sum());
    if points == 0 {
        return Err(PlotError::Nothing { what: "there are no points" });
    }
    if sets > MOST_TRACES {
        return Err(PlotError::TooMany { what: "sets of points", found: sets, most: MOST_TRACES });
    }
    if points > MOST_POINTS {
        return Err(PlotError::TooMany { what: "points", found: points, most: MOST_POINTS });
    }
    let fits = |value: f64| value.abs() <= LARGEST;
    for trace in all() {
        if let Some(index) = trace.values.iter().position(|&(x, y)| !fits(x) || !fits(y)) {
            return Err(PlotError::NotFinite { what: trace.name.into(), index });
        }
    }
    Ok(())
}

fn over(values: impl Iterator<Item = f64>) -> Ticks {
    let (least, greatest) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    Ticks::over(least, greatest, 6)
}

fn lighter(RGBColor(red, green, blue): RGBColor) -> RGBColor {
    let light = |color: u8| color + (255 - color) / 2;
    RGBColor(light(red), light(green), light(blue))
}

/// The title on the left, the names behind their colours on the right.
fn legend(canvas: &mut Canvas, traces: &Traces<'_>) -> Result<(), PlotError> {
    let y = 27.0;
    canvas.text(traces.title, (72.0, y), Style::new(14.0, INK).bold());
    let text = Style::new(11.0, INK);
    let curves = traces.curves.iter().zip(COLORS.into_iter().cycle()).map(|(trace, color)| (trace, color, true));
    let points = traces.points.iter().zip(COLORS.into_iter().cycle().skip(traces.curves.len()));
    let points =
        points.map(|(trace, color)| (trace, if traces.curves.is_empty() { color } else { lighter(color) }, false));
    let mut x = SIZE.0 - 24.0;
    for (trace, color, is_curve) in points.chain(curves).collect::<Vec<_>>().into_iter().rev() {
        let name = super::shortened(trace.name);
        x -= font::width(&name, text)?;
        if x < 240.0 {
            canvas.text("…", (x.max(226.0), y), Style::new(11.0, GREY));
            break;
        }
        canvas.text(&name, (x, y), text);
        x -= 26.0;
        match is_curve {
            true => canvas.line(&[(x, y), (x + 19.0, y)], color, 2.5),
            false => canvas.disc((x + 12.0, y), 3.5, color),
        }
        x -= 14.0;
    }
    Ok(())
}
