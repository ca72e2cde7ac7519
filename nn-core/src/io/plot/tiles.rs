//! Small images in rows and columns, with words below them.

use alloc::string::String;
use alloc::vec::Vec;

use plotters::style::RGBColor;

use super::PlotError;
use super::canvas::{Canvas, Dots, GREY, INK, PALE};
use super::font::{self, Align, Style};

/// One image, and lines of words below it.
pub(super) struct Tile {
    pub(super) dots: Dots,
    pub(super) lines: Vec<(String, RGBColor)>,
}

const MARGIN: f64 = 22.0;
const TOP: f64 = 66.0;
const LINE: f64 = 14.0;
const GAP: f64 = 12.0;

/// A sheet of tiles under a heading, so many a row, each image within a square of this side.
pub(super) fn sheet(
    heading: &str,
    note: &str,
    tiles: Vec<Tile>,
    columns: usize,
    side: f64,
) -> Result<Canvas, PlotError> {
    let text = Style::new(10.0, INK);
    let mut cell = side;
    let lines = tiles.iter().map(|tile| tile.lines.len()).max().unwrap_or(0);
    for (line, _) in tiles.iter().flat_map(|tile| &tile.lines) {
        cell = cell.max(font::width(line, text)?);
    }
    let columns = columns.min(tiles.len()).max(1);
    let rows = tiles.len().div_ceil(columns);
    let words = if lines > 0 { LINE * lines as f64 + 6.0 } else { 0.0 };
    let headings = font::width(heading, Style::new(14.0, INK).bold())?.max(font::width(note, text)?);
    let width = (2.0 * MARGIN + columns as f64 * (cell + GAP) - GAP).max(headings + 2.0 * MARGIN);
    let height = TOP + rows as f64 * (side + words + GAP) - GAP + MARGIN;
    let mut canvas = Canvas::new((width.ceil() as u32, height.ceil() as u32));
    canvas.text(heading, (MARGIN, 25.0), Style::new(14.0, INK).bold());
    canvas.text(note, (MARGIN, 46.0), Style::new(10.0, GREY));
    for (index, Tile { dots, lines }) in tiles.into_iter().enumerate() {
        let left = MARGIN + (index % columns) as f64 * (cell + GAP) + (cell - side) / 2.0;
        let top = TOP + (index / columns) as f64 * (side + words + GAP);
        // Within the square, in the image's own proportions.
        let scale = side / dots.width.max(dots.height) as f64;
        let (width, height) = (dots.width as f64 * scale, dots.height as f64 * scale);
        let at = (left + (side - width) / 2.0, top + (side - height) / 2.0);
        // A frame, because white images have no edges.
        let frame = [(at.0 - 0.5, at.1 - 0.5), (at.0 + width + 0.5, at.1 + height + 0.5)];
        canvas.rectangle(frame, PALE);
        canvas.image(at, (width, height), dots);
        for (number, (line, color)) in lines.iter().enumerate() {
            let at = (left + side / 2.0, top + side + 12.0 + LINE * number as f64);
            canvas.text(line, at, text.colored(*color).align(Align::Center));
        }
    }
    Ok(canvas)
}
