//! Two axes with round numbers along them.

use alloc::string::String;
use alloc::vec::Vec;

use super::canvas::{Canvas, GREY, GRID, Place};
use super::font::{Align, Style};
use super::ticks::Ticks;

/// A number on an axis, and how it is written.
pub(super) type Mark = (f64, String);

/// Where numbers stand on a sheet.
pub(super) struct Axes {
    /// The upper left and the lower right corner.
    pub(super) corners: [Place; 2],
    /// The least and the greatest number from left to right, and from below to above.
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
}

impl Axes {
    pub(super) fn place(&self, x: f64, y: f64) -> Place {
        let [(left, top), (right, bottom)] = self.corners;
        let share = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low);
        (left + (right - left) * share(x, self.x), bottom - (bottom - top) * share(y, self.y))
    }

    /// Draws lines of the grid at the marks of `y`, ticks at those of `x`, and what the two axes are called.
    pub(super) fn draw(&self, canvas: &mut Canvas, x: &[Mark], y: &[Mark], [below, left_of]: [&str; 2]) {
        let [(left, top), (right, bottom)] = self.corners;
        let text = Style::new(10.5, GREY);
        for (mark, label) in y {
            let (_, height) = self.place(self.x.0, *mark);
            canvas.line(&[(left, height), (right, height)], GRID, 1.0);
            canvas.text(label, (left - 8.0, height), text.align(Align::Right));
        }
        for (mark, label) in x {
            let (along, _) = self.place(*mark, self.y.0);
            canvas.line(&[(along, bottom), (along, bottom + 4.0)], GREY, 1.0);
            canvas.text(label, (along, bottom + 9.0), text.align(Align::Center).below());
        }
        canvas.line(&[(left, bottom), (right, bottom)], GREY, 1.0);
        canvas.text(below, (f64::midpoint(left, right), bottom + 28.0), text.align(Align::Center).below());
        canvas.text(left_of, (left - 46.0, f64::midpoint(top, bottom)), text.align(Align::Center).upright());
    }
}

/// The marks of round numbers.
pub(super) fn marks(ticks: &Ticks) -> Vec<Mark> {
    ticks.marks.iter().map(|&mark| (mark, ticks.label(mark))).collect()
}
