//! What the window of a convolution visits: an image with a border of zeros, or the image itself.

use core::ops::Range;

use crate::Scalar;
use crate::spec::Conv2dGeometry;

/// Height and width of the part of the image, with its border, that the window visits.
pub(in super::super) const fn visited(geometry: &Conv2dGeometry) -> [usize; 2] {
    [visited_rows(geometry, geometry.output[0]), visited_width(geometry)]
}

/// Rows of the image, with its border, that a window visits on its way through `rows` rows of positions.
pub(super) const fn visited_rows(geometry: &Conv2dGeometry, rows: usize) -> usize {
    rows.saturating_sub(1) * geometry.stride[0] + geometry.kernel[0]
}

pub(super) const fn visited_width(geometry: &Conv2dGeometry) -> usize {
    geometry.output[1].saturating_sub(1) * geometry.stride[1] + geometry.kernel[1]
}

/// Whether the window ever leaves the image.
pub(in super::super) const fn leaves_image(geometry: &Conv2dGeometry) -> bool {
    let ([height, width], [above, left]) = (visited(geometry), geometry.padding);
    above > 0 || left > 0 || height > geometry.input[0] || width > geometry.input[1]
}

/// Copies rows of an image with their border of zeros, from row `first` of the border on, as far as the window visits
/// them: one behind the other, as many as `to` has room for.
#[inline(always)]
pub(in super::super) fn copy_rows<T: Scalar>(geometry: &Conv2dGeometry, first: usize, input: &[T], to: &mut [T]) {
    let ([height, width, channels], [above, left]) = (geometry.input, geometry.padding);
    for (row, to) in to.chunks_exact_mut(visited_width(geometry) * channels).enumerate() {
        let from = match (first + row).checked_sub(above) {
            Some(row) if row < height => &input[row * width * channels..][..width * channels],
            _ => &[],
        };
        let (border, rest) = to.split_at_mut((left * channels).min(to.len()));
        let (inside, behind) = rest.split_at_mut(from.len().min(rest.len()));
        border.fill(T::zero());
        inside.copy_from_slice(&from[..inside.len()]);
        behind.fill(T::zero());
    }
}

/// The columns of positions at which some columns of the window lie wholly inside the image.
#[inline(always)]
pub(in super::super) fn columns_inside(geometry: &Conv2dGeometry, window: Range<usize>) -> Range<usize> {
    let (left, stride, count) = (geometry.padding[1], geometry.stride[1], geometry.output[1]);
    let first = left.saturating_sub(window.start).div_ceil(stride).min(count);
    let end = (geometry.input[1] + left).checked_sub(window.end).map_or(0, |space| space / stride + 1);
    first..end.clamp(first, count)
}
