//! The convolution that computes the input gradient of another one: from its output to its input, with every filter
//! turned by half a turn.

use super::super::{Layout, Matrix, gather};
use crate::Scalar;
use crate::spec::Conv2dGeometry;

/// Weights beyond this number are not brought into another order: that would take as much memory again.
const MOST_WEIGHTS: usize = 1 << 20;

/// Whether there is an adjoint convolution, and memory for its weight.
pub(super) const fn exists(geometry: &Conv2dGeometry) -> bool {
    let [above, left] = geometry.padding;
    let ([kernel_height, kernel_width], [1, 1]) = (geometry.kernel, geometry.stride) else { return false };
    above < kernel_height && left < kernel_width && weights(geometry) > 0
}

/// Its sizes.
pub(super) const fn geometry(geometry: &Conv2dGeometry) -> Conv2dGeometry {
    let ([kernel_height, kernel_width], [above, left]) = (geometry.kernel, geometry.padding);
    Conv2dGeometry {
        input: geometry.output,
        output: geometry.input,
        padding: [kernel_height - 1 - above, kernel_width - 1 - left],
        ..*geometry
    }
}

/// Scalars of a weight in another order: none where it is too large.
pub(super) const fn weights(geometry: &Conv2dGeometry) -> usize {
    let count = geometry.kernel[0] * geometry.kernel[1] * geometry.input[2] * geometry.output[2];
    if count > MOST_WEIGHTS { 0 } else { count }
}

/// The adjoint's weight, `[kernel height, kernel width, filters, channels]`.
pub(super) fn flip<T: Scalar>(geometry: &Conv2dGeometry, weight: &[T], flipped: &mut [T]) {
    let (channels, filters) = (geometry.input[2], geometry.output[2]);
    let layout = Layout::new(0).axis(filters, 1).axis(channels, filters);
    let taps = weight.chunks_exact((channels * filters).max(1)).rev();
    for (tap, flipped) in taps.zip(flipped.chunks_exact_mut((channels * filters).max(1))) {
        gather(&layout, tap, flipped);
    }
}

/// The weight as a matrix with a row for each filter, in `prepared` if it has room: rows are quicker to read.
pub(super) fn transpose<'a, T: Scalar>(
    geometry: &Conv2dGeometry,
    weight: &'a [T],
    prepared: &'a mut [T],
) -> Matrix<'a, T> {
    let filters = geometry.output[2];
    if prepared.is_empty() {
        return Matrix::rows(weight, filters).transposed();
    }
    let rows = prepared.len() / filters;
    gather(&Layout::new(0).axis(filters, 1).axis(rows, filters), weight, prepared);
    Matrix::rows(prepared, rows)
}
