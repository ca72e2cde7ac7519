//! A sheet to draw on, in points: it keeps what is drawn, for either format of file.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::Path;

use plotters::style::RGBColor;

use super::font::Style;
use super::{PlotError, png, svg};
use crate::files;

/// Colours, light to dark.
pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);
pub(super) const GRID: RGBColor = RGBColor(229, 231, 235);
pub(super) const PALE: RGBColor = RGBColor(176, 182, 192);
pub(super) const GREY: RGBColor = RGBColor(107, 114, 128);
pub(super) const INK: RGBColor = RGBColor(31, 41, 55);
/// What is right, and what is wrong.
pub(super) const RIGHT: RGBColor = RGBColor(37, 99, 235);
pub(super) const WRONG: RGBColor = RGBColor(234, 88, 12);
/// Curves side by side; from the tenth on they repeat.
pub(super) const COLORS: [RGBColor; 10] = [
    RIGHT,
    WRONG,
    RGBColor(22, 163, 74),
    RGBColor(147, 51, 234),
    RGBColor(8, 145, 178),
    RGBColor(190, 24, 93),
    RGBColor(161, 98, 7),
    RGBColor(71, 85, 105),
    RGBColor(220, 38, 38),
    RGBColor(101, 163, 13),
];

/// A place, from the upper left corner, in points.
pub(super) type Place = (f64, f64);

/// What is drawn on a sheet, in this order.
pub(super) enum Shape {
    Line { points: Vec<Place>, color: RGBColor, width: f64 },
    Disc { center: Place, radius: f64, color: RGBColor },
    Rectangle { corners: [Place; 2], color: RGBColor },
    Text { text: String, at: Place, style: Style },
    Image { at: Place, size: Place, dots: Dots },
}

/// An image of whole dots: red, green and blue, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dots {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) colors: Vec<[u8; 3]>,
}

/// A white sheet of so many points, and what is on it.
pub(super) struct Canvas {
    pub(super) size: (u32, u32),
    pub(super) shapes: Vec<Shape>,
}

impl Canvas {
    pub(super) const fn new(size: (u32, u32)) -> Self {
        Self { size, shapes: Vec::new() }
    }

    pub(super) fn line(&mut self, points: &[Place], color: RGBColor, width: f64) {
        self.shapes.push(Shape::Line { points: points.to_vec(), color, width });
    }

    pub(super) fn disc(&mut self, center: Place, radius: f64, color: RGBColor) {
        self.shapes.push(Shape::Disc { center, radius, color });
    }

    pub(super) fn rectangle(&mut self, corners: [Place; 2], color: RGBColor) {
        self.shapes.push(Shape::Rectangle { corners, color });
    }

    pub(super) fn text(&mut self, text: &str, at: Place, style: Style) {
        self.shapes.push(Shape::Text { text: text.to_string(), at, style });
    }

    /// An image whose upper left corner is `at`, drawn without smoothing.
    pub(super) fn image(&mut self, at: Place, size: Place, dots: Dots) {
        self.shapes.push(Shape::Image { at, size, dots });
    }

    /// Writes the sheet to a file, which is replaced whole: its name ends in `.png` or `.svg`.
    pub(super) fn save(&self, path: &Path) -> Result<(), PlotError> {
        let failed = |reason: String| PlotError::File { path: path.into(), reason };
        let kind = path.extension().map(|kind| kind.to_string_lossy().to_lowercase()).unwrap_or_default();
        let content = match &*kind {
            "png" => png::encode(self)?,
            "svg" => svg::write(self)?.into_bytes(),
            _ => return Err(failed("the name of a picture must end in .png or .svg".into())),
        };
        files::replace(path, &content).map_err(|error| failed(error.to_string()))
    }
}

/// From one colour to another.
pub(super) fn mixed(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let mix = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}
