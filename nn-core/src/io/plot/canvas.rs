//! A sheet to draw on, in points.

use alloc::string::ToString;
use alloc::vec::Vec;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::PlotError;
use super::font::{self, Style};

/// Dots a point while drawing; lines get smooth edges when they are averaged.
const FINE: u32 = 4;
/// Dots a point in the file.
const DOTS: u32 = 2;

/// Colours, light to dark.
pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);
pub(super) const GRID: RGBColor = RGBColor(229, 231, 235);
pub(super) const GREY: RGBColor = RGBColor(107, 114, 128);
pub(super) const INK: RGBColor = RGBColor(31, 41, 55);

/// A sheet while it is drawn on. Positions and sizes are in points, from the upper left corner.
pub(super) struct Canvas<'b>(DrawingArea<BitMapBackend<'b>, Shift>);

/// Draws a sheet of this many points and writes it to a PNG file.
pub(super) fn draw(
    path: &Path,
    (width, height): (u32, u32),
    paint: impl FnOnce(&Canvas<'_>) -> Result<(), PlotError>,
) -> Result<(), PlotError> {
    let fine = (width * FINE, height * FINE);
    let mut dots = alloc::vec![255; (fine.0 * fine.1 * 3) as usize];
    paint(&Canvas(BitMapBackend::with_buffer(&mut dots, fine).into_drawing_area()))?;
    let dots = averaged(&dots, fine.0 as usize);
    write(path, (width * DOTS, height * DOTS), &dots)
}

/// Squares of `FINE / DOTS` dots become one.
fn averaged(fine: &[u8], width: usize) -> Vec<u8> {
    const SIDE: usize = (FINE / DOTS) as usize;
    let mut dots = Vec::with_capacity(fine.len() / (SIDE * SIDE));
    for rows in fine.chunks_exact(width * 3 * SIDE) {
        for column in 0..width / SIDE {
            for color in 0..3 {
                let place = |row: usize, dot: usize| (row * width + column * SIDE + dot) * 3 + color;
                let square = (0..SIDE * SIDE).map(|index| u32::from(rows[place(index / SIDE, index % SIDE)]));
                dots.push(((square.sum::<u32>() + (SIDE * SIDE / 2) as u32) / (SIDE * SIDE) as u32) as u8);
            }
        }
    }
    dots
}

fn write(path: &Path, size: (u32, u32), dots: &[u8]) -> Result<(), PlotError> {
    let failed = |reason: alloc::string::String| PlotError::File { path: path.into(), reason };
    let png = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
    if !png {
        return Err(failed("the name of a picture must end in .png".into()));
    }
    let mut file = BitMapBackend::new(path, size);
    file.blit_bitmap((0, 0), size, dots).map_err(|error| failed(error.to_string()))?;
    file.present().map_err(|error| failed(error.to_string()))
}

impl Canvas<'_> {
    pub(super) fn line(&self, points: &[(f64, f64)], color: RGBColor, width: f64) -> Result<(), PlotError> {
        let points: Vec<_> = points.iter().map(|&point| dot(point)).collect();
        self.0.draw(&PathElement::new(points, color.stroke_width((width * f64::from(FINE)) as u32))).map_err(failed)
    }

    pub(super) fn disc(&self, center: (f64, f64), radius: f64, color: RGBColor) -> Result<(), PlotError> {
        self.0.draw(&Circle::new(dot(center), (radius * f64::from(FINE)) as i32, color.filled())).map_err(failed)
    }

    pub(super) fn rectangle(&self, corners: [(f64, f64); 2], color: RGBColor) -> Result<(), PlotError> {
        self.0.draw(&Rectangle::new(corners.map(dot), color.filled())).map_err(failed)
    }

    pub(super) fn text(&self, text: &str, at: (f64, f64), style: Style) -> Result<(), PlotError> {
        let (x, y) = dot(at);
        font::rasterize(text, style, f64::from(FINE), |right, down, coverage| {
            self.0.draw_pixel((x + right, y + down), &style.color.mix(coverage)).map_err(failed)
        })
    }
}

fn dot((x, y): (f64, f64)) -> (i32, i32) {
    let fine = f64::from(FINE);
    ((x * fine).round() as i32, (y * fine).round() as i32)
}

fn failed(error: impl core::fmt::Display) -> PlotError {
    PlotError::Drawing(error.to_string())
}
