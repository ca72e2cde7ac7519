//! The gradient of the input as a sum that grows: a block of positions is multiplied with one row of the window, and the
//! products are added where the window lay. For blocks that come one by one.

use super::super::{Epilogue, Matrix, Store, gemm, kernels};
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Conv2dGeometry;

/// Adds what some rows of output positions, from the row `first` on, give to the gradient of one image. `block` has a scalar
/// for each of the positions and each element of a row of the window.
pub(in super::super) fn add_input_gradient<T: Scalar>(
    geometry: &Conv2dGeometry,
    first: usize,
    d_rows: &[T],
    weight: &[T],
    d_input: &mut [T],
    block: &mut [T],
    scratch: &mut [T],
) {
    let (run, filters) = (geometry.kernel[1] * geometry.input[2], geometry.output[2]);
    let positions = d_rows.len() / filters;
    let block = &mut block[..positions * run];
    let d_rows = Matrix::rows(d_rows, filters);
    for (window_row, weight) in weight.chunks_exact(run * filters).enumerate() {
        let weight = Matrix::rows(weight, filters).transposed();
        gemm([positions, run, filters], d_rows, weight, block, Store::Overwrite, Epilogue::NONE, scratch);
        add_patch_rows(geometry, [first, window_row], block, d_input);
    }
}

kernels! {
    trait AddPatches<T>;

    /// Adds rows of patches to the image they were seen in. `block` holds, for some rows of output positions from
    /// `places[0]` on, row `places[1]` of each window.
    pub(crate) fn add_patch_rows(geometry: &Conv2dGeometry, places: [usize; 2], block: &[T], image: &mut [T]) = add_rows;
}

#[inline(always)]
fn add_rows<I: Isa, T: Scalar>(geometry: &Conv2dGeometry, places: [usize; 2], block: &[T], image: &mut [T]) {
    let ([height, width, channels], [_, out_width, _]) = (geometry.input, geometry.output);
    let run = geometry.kernel[1] * channels;
    for (row, block) in block.chunks_exact(out_width * run).enumerate() {
        let row = (places[0] + row) * geometry.stride[0] + places[1];
        let Some(row) = row.checked_sub(geometry.padding[0]).filter(|&row| row < height) else { continue };
        let image = &mut image[row * width * channels..][..width * channels];
        for (column, patch) in block.chunks_exact(run).enumerate() {
            let start = column * geometry.stride[1] * channels;
            let border = geometry.padding[1] * channels;
            let Some(patch) = patch.get(border.saturating_sub(start)..) else { continue };
            let Some(image) = image.get_mut(start.saturating_sub(border)..) else { continue };
            for (to, &from) in image.iter_mut().zip(patch) {
                *to += from;
            }
        }
    }
}
