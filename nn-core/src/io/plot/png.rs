//! A sheet as a PNG file.

use alloc::string::ToString;
use alloc::vec::Vec;

use plotters::coord::Shift;
use plotters::prelude::{BitMapBackend, Circle, Color as _, DrawingArea, IntoDrawingArea as _, PathElement, Rectangle};

use super::PlotError;
use super::canvas::{Canvas, Dots, Place, Shape};
use super::font;

/// Dots a point while drawing; lines get smooth edges when they are averaged.
const FINE: u32 = 4;
/// Dots a point in the file.
const DOTS: u32 = 2;
/// Two dots a point of 1/72 inch: what the file says about its size.
pub(in crate::io) const DOTS_A_METRE: u32 = 5669;

/// The content of a file.
pub(super) fn encode(canvas: &Canvas) -> Result<Vec<u8>, PlotError> {
    let fine = (canvas.size.0 * FINE, canvas.size.1 * FINE);
    let mut dots = alloc::vec![255; fine.0 as usize * fine.1 as usize * 3];
    let area = BitMapBackend::with_buffer(&mut dots, fine).into_drawing_area();
    canvas.shapes.iter().try_for_each(|shape| draw(&area, shape))?;
    drop(area);
    let dots = averaged(&dots, fine.0 as usize);
    compressed((canvas.size.0 * DOTS, canvas.size.1 * DOTS), &dots, Some(DOTS_A_METRE))
}

/// An image by itself, dot for dot.
pub(super) fn encode_dots(dots: &Dots) -> Result<Vec<u8>, PlotError> {
    compressed((dots.width as u32, dots.height as u32), dots.colors.as_flattened(), None)
}

fn compressed(size: (u32, u32), dots: &[u8], density: Option<u32>) -> Result<Vec<u8>, PlotError> {
    let mut content = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut content, size.0, size.1);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    let unit = ::png::Unit::Meter;
    encoder.set_pixel_dims(density.map(|xppu| ::png::PixelDimensions { xppu, yppu: xppu, unit }));
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(dots).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(content)
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

fn draw(area: &DrawingArea<BitMapBackend<'_>, Shift>, shape: &Shape) -> Result<(), PlotError> {
    match shape {
        Shape::Line { points, color, width } => {
            let points: Vec<_> = points.iter().map(|&point| dot(point)).collect();
            area.draw(&PathElement::new(points, color.stroke_width((width * f64::from(FINE)) as u32)))
        }
        Shape::Disc { center, radius, color } => {
            area.draw(&Circle::new(dot(*center), (radius * f64::from(FINE)) as i32, color.filled()))
        }
        Shape::Rectangle { corners, color } => area.draw(&Rectangle::new(corners.map(dot), color.filled())),
        Shape::Text { text, at, style } => {
            let (x, y) = dot(*at);
            return font::rasterize(text, *style, f64::from(FINE), |right, down, coverage| {
                area.draw_pixel((x + right, y + down), &style.color.mix(coverage)).map_err(failed)
            });
        }
        Shape::Image { at, size, dots } => {
            return pixels(*at, *size, dots).try_for_each(|(corners, color)| {
                let [red, green, blue] = color;
                let color = plotters::style::RGBColor(red, green, blue);
                area.draw(&Rectangle::new(corners, color.filled())).map_err(failed)
            });
        }
    }
    .map_err(failed)
}

/// The squares of an image's dots.
fn pixels(at: Place, size: Place, dots: &Dots) -> impl Iterator<Item = ([(i32, i32); 2], [u8; 3])> {
    let (rows, columns) = (dots.height as f64, dots.width as f64);
    let corner = move |row: usize, column: usize| {
        dot((at.0 + size.0 * column as f64 / columns, at.1 + size.1 * row as f64 / rows))
    };
    dots.colors.iter().enumerate().map(move |(index, &color)| {
        let (row, column) = (index / dots.width, index % dots.width);
        ([corner(row, column), corner(row + 1, column + 1)], color)
    })
}

fn dot((x, y): Place) -> (i32, i32) {
    let fine = f64::from(FINE);
    ((x * fine).round() as i32, (y * fine).round() as i32)
}

fn failed(error: impl core::fmt::Display) -> PlotError {
    PlotError::Drawing(error.to_string())
}
