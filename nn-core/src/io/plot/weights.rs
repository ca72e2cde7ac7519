//! Weights as images.

use alloc::string::String;
use alloc::vec::Vec;
use std::path::Path;

use super::PlotError;
use super::canvas::{Dots, GREY, RIGHT, WRONG, mixed};
use super::samples::columns;
use super::tiles::{Tile, sheet};
use crate::scalar::Scalar;
use plotters::style::RGBColor;

const MOST_TILES: usize = 1024;
const SIDE: f64 = 44.0;
const ZERO: RGBColor = RGBColor(255, 255, 255);

/// Draws the filters of a layer into a PNG or SVG file, one image a filter: blue where a weight is positive, orange where it is
/// negative, the stronger the further from 0; all on one scale, up to the largest weight.
///
/// `weights` lie in memory as a `Conv2d` has them: `[height, width, channels, filters]`. Filters of more than one channel
/// are a row of images, one for each channel. The weights of a `Dense` layer behind the `Flatten` of an image have the same
/// form, with the image's height, width and channels.
///
/// ```ignore
/// plot::weights("filters.png", network.conv.weight.as_slice(), [3, 3, 1, 16])?;
/// plot::weights("features.svg", network.fc.weight.as_slice(), [28, 28, 1, 128])?;
/// ```
///
/// # Errors
/// When the axes are not those of the weights, or one is 0; when there are more than 1024 images, or a weight is not finite; when
/// the file cannot be written.
pub fn weights<T: Scalar>(path: impl AsRef<Path>, weights: &[T], axes: [usize; 4]) -> Result<(), PlotError> {
    let [height, width, channels, filters] = axes;
    let product = axes.iter().try_fold(1usize, |product, &axis| product.checked_mul(axis));
    if product != Some(weights.len()) {
        let expected = "height, width, channels, filters";
        return Err(PlotError::Axes { axes: axes.to_vec(), expected, found: weights.len() });
    }
    if weights.is_empty() {
        return Err(PlotError::Nothing { what: "there are no weights" });
    }
    if channels * filters > MOST_TILES {
        return Err(PlotError::TooMany { what: "images", found: channels * filters, most: MOST_TILES });
    }
    if let Some(index) = weights.iter().position(|weight| !weight.is_finite()) {
        return Err(PlotError::NotFinite { what: "the weights".into(), index });
    }
    let largest = weights.iter().map(|weight| weight.wide().abs()).fold(0.0, f64::max);
    let color = |weight: f64| {
        let end = if weight < 0.0 { WRONG } else { RIGHT };
        let RGBColor(red, green, blue) = mixed(ZERO, end, if largest > 0.0 { weight.abs() / largest } else { 0.0 });
        [red, green, blue]
    };
    let tile = |index: usize| {
        let (filter, channel) = (index / channels, index % channels);
        let place = |pixel: usize| (pixel * channels + channel) * filters + filter;
        let colors = (0..height * width).map(|pixel| color(weights[place(pixel)].wide())).collect();
        let line = if channels == 1 { std::format!("{filter}") } else { std::format!("{filter}.{channel}") };
        Tile { dots: Dots { width, height, colors }, lines: [(line, GREY)].into() }
    };
    // A row holds whole filters.
    let filters_a_row = if channels == 1 { columns(filters) } else { (24 / channels).max(1) };
    let heading: String = std::format!("{filters} filters of {height} × {width} × {channels}");
    let note = std::format!("blue is positive, orange negative, up to ±{largest:.3}");
    let tiles: Vec<Tile> = (0..filters * channels).map(tile).collect();
    sheet(&heading, &note, tiles, filters_a_row * channels, SIDE)?.save(path.as_ref())
}
