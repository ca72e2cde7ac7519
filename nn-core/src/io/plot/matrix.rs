//! The picture of a confusion matrix.

use alloc::string::String;
use std::path::Path;

use plotters::style::RGBColor;

use super::canvas::{Canvas, GREY, INK, PALE, RIGHT, WHITE, WRONG, mixed};
use super::font::{self, Align, Style};
use super::{PlotError, shortened};
use crate::io::confusion_matrix::{ConfusionMatrix, percent};

const MOST_CLASSES: usize = 100;
/// More classes than this are too small for their counts.
const MOST_WITH_COUNTS: usize = 25;
const EMPTY: RGBColor = RGBColor(246, 247, 249);
const HEADING: Style = Style::new(14.0, INK).bold();

/// Draws a confusion matrix into a PNG or SVG file: a row a true class, a column a predicted one. Right predictions are blue,
/// wrong ones orange, the stronger the larger their share of the class; the recall of each class stands behind its row.
///
/// # Errors
/// When there are no classes or more than 100, or the file cannot be written.
pub fn confusion_matrix(path: impl AsRef<Path>, matrix: &ConfusionMatrix) -> Result<(), PlotError> {
    let classes = matrix.names().len();
    if classes == 0 {
        return Err(PlotError::Nothing { what: "the matrix has no classes" });
    }
    if classes > MOST_CLASSES {
        return Err(PlotError::TooMany { what: "classes", found: classes, most: MOST_CLASSES });
    }
    let layout = Layout::new(matrix)?;
    let mut canvas = Canvas::new(layout.size());
    layout.draw_labels(&mut canvas);
    (0..classes * classes).for_each(|cell| layout.draw_cell(&mut canvas, cell / classes, cell % classes));
    canvas.save(path.as_ref())
}

struct Layout<'m> {
    matrix: &'m ConfusionMatrix,
    heading: String,
    /// The side of a cell, and of all together.
    cell: f64,
    side: f64,
    left: f64,
    top: f64,
    width: f64,
}

impl<'m> Layout<'m> {
    fn new(matrix: &'m ConfusionMatrix) -> Result<Self, PlotError> {
        let classes = matrix.names().len();
        let cell = if classes <= MOST_WITH_COUNTS { 44.0 } else { 13.0 };
        let heading = std::format!("{} of {} right", percent(matrix.accuracy()), grouped(matrix.total()));
        let mut names: f64 = 0.0;
        for name in matrix.names() {
            names = names.max(font::width(&shortened(name), name_style(cell))?);
        }
        let side = cell * classes as f64;
        let (left, top) = (58.0 + names, 90.0 + names);
        let width = (left + side + 64.0).max(font::width(&heading, HEADING)? + 44.0);
        Ok(Self { matrix, heading, cell, side, left, top, width })
    }

    fn size(&self) -> (u32, u32) {
        (self.width.ceil() as u32, (self.top + self.side + 22.0).ceil() as u32)
    }

    fn draw_labels(&self, canvas: &mut Canvas) {
        canvas.text(&self.heading, (22.0, 27.0), HEADING);
        let axis = Style::new(11.0, GREY).align(Align::Center);
        canvas.text("predicted", (self.left + self.side / 2.0, 62.0), axis);
        canvas.text("true", (29.0, self.top + self.side / 2.0), axis.upright());
        let style = name_style(self.cell);
        for (class, name) in self.matrix.names().iter().enumerate() {
            let name = shortened(name);
            let middle = self.cell * (class as f64 + 0.5);
            canvas.text(&name, (self.left - 8.0, self.top + middle), style.align(Align::Right));
            canvas.text(&name, (self.left + middle, self.top - 8.0), style.upright());
            let recall = percent(self.matrix.recall(class));
            let small = style.colored(GREY);
            canvas.text(&recall, (self.left + self.side + 10.0, self.top + middle), small);
        }
        canvas.text("recall", (self.left + self.side + 10.0, self.top - 12.0), Style::new(11.0, GREY));
    }

    fn draw_cell(&self, canvas: &mut Canvas, truth: usize, predicted: usize) {
        let count = self.matrix.count(truth, predicted);
        let share = count as f64 / self.matrix.of_truth(truth).max(1) as f64;
        let (x, y) = (self.left + self.cell * predicted as f64, self.top + self.cell * truth as f64);
        let color = if truth == predicted { RIGHT } else { WRONG };
        // The square root shows rare mistakes as well.
        let strength = share.sqrt();
        let shade = if count == 0 { EMPTY } else { mixed(EMPTY, color, strength) };
        canvas.rectangle([(x + 0.75, y + 0.75), (x + self.cell - 0.75, y + self.cell - 0.75)], shade);
        if self.matrix.names().len() > MOST_WITH_COUNTS {
            return;
        }
        let ink = match count {
            0 => PALE,
            _ if strength > 0.6 => WHITE,
            _ => INK,
        };
        let text = Style::new(count_size(count), ink).align(Align::Center);
        canvas.text(&std::format!("{count}"), (x + self.cell / 2.0, y + self.cell / 2.0), text);
    }
}

fn name_style(cell: f64) -> Style {
    Style::new(if cell > 20.0 { 11.0 } else { 8.0 }, INK)
}

/// Large numbers are set smaller, so that they fit into their cell.
fn count_size(count: u64) -> f64 {
    match count {
        0..10_000 => 11.0,
        10_000..1_000_000 => 9.0,
        _ => 6.0,
    }
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = std::format!("{number}");
    let separated = |(place, digit): (usize, char)| {
        let comma = place > 0 && (digits.len() - place).is_multiple_of(3);
        comma.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(separated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
