use core::ops::Range;

use super::Draw;
use crate::spec::Shape;

/// Rows and columns of an image, as half-open ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    rows: [usize; 2],
    columns: [usize; 2],
}

/// A window with its middle anywhere in the image and, before it is cut off at the border, a share of the area drawn from
/// the beta distribution; and the share of the image that is left outside.
///
/// S. Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable features" (2019).
pub(super) fn window(shape: Shape, alpha: f64, draw: &mut Draw) -> (Window, f64) {
    let side = (1.0 - draw.beta(alpha)).sqrt();
    let mut along = |len: usize| {
        let [middle, half] = [draw.below(len) as isize, (side * len as f64) as isize / 2];
        [middle - half, middle + half].map(|end| end.clamp(0, len as isize) as usize)
    };
    let window = Window { rows: along(shape.dim(0)), columns: along(shape.dim(1)) };
    let area = window.rows().len() * window.columns().len();
    (window, 1.0 - area as f64 / (shape.dim(0) * shape.dim(1)) as f64)
}

impl Window {
    fn rows(&self) -> Range<usize> {
        self.rows[0]..self.rows[1]
    }

    fn columns(&self) -> Range<usize> {
        self.columns[0]..self.columns[1]
    }

    /// Copies this part of one image into another.
    pub(super) fn copy(&self, shape: Shape, image: &mut [f32], other: &[f32]) {
        let (row, channels) = (shape.len_from(1), shape.dim(2));
        for y in self.rows() {
            let place = y * row + self.columns[0] * channels..y * row + self.columns[1] * channels;
            image[place.clone()].copy_from_slice(&other[place]);
        }
    }
}
