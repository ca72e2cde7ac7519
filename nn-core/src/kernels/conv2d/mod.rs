//! Convolutions as matrix products.
//!
//! A window of one position makes all positions one plain product. Else the patches under the window form a matrix with a
//! row for each position and a column for each weight of a filter, and there are three ways to multiply it, see [`Way`].
//!
//! With stride 1, the gradient of the input is itself a convolution, the [`adjoint`] one, and the other way round: a
//! convolution is the gradient of the input of its adjoint. So each of the ways serves both.

mod adjoint;
mod border;
mod gathered;
mod general;
mod in_place;
mod summed;
#[cfg(test)]
mod tests;

use super::{Epilogue, Matrix, Store, activate_in_place, forward_scratch, gemm};
use crate::Scalar;
use crate::spec::{Activation, Conv2dGeometry};

pub(super) use border::{columns_inside, copy_rows, leaves_image, visited};
pub(super) use gathered::GatherPatches;
pub(super) use general::TapPatches;
pub use general::{
    conv_backward_input, conv_backward_weight, conv_forward, conv_forward_scratch, conv_scratch, conv_transpose_forward,
};
pub(super) use summed::SumPatches;

/// Scalars of patches that are made at once: they stay in the second-level cache until they are multiplied or added up.
const BLOCK: usize = 1 << 15;
/// Scalars of scratch memory for one product: enough for the widest panel that there may be, beside a part of the left factor.
/// A block of patches is multiplied as a whole, so that more would bring nothing.
const fn product_scratch(geometry: &Conv2dGeometry) -> usize {
    let ([_, _, channels], [_, _, filters]) = (geometry.input, geometry.output);
    if channels <= 60 && filters <= 60 { 1 << 14 } else { 5 << 13 }
}

/// How the matrix of patches is multiplied with a weight.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The window is one position, and visits all of them: the input is the matrix.
    Plain,
    /// In channels-last memory one row of a window is one run of scalars: where runs are long, the product reads them in
    /// place, and only an image with a border is copied.
    InPlace,
    /// Short runs are gathered into a matrix, a block of positions at a time. So are small images, of which several then
    /// meet the weight at once.
    Gathered,
    /// With very few filters, columns of a product would lie idle. Then each pixel is multiplied with the whole window of
    /// all filters, as columns side by side, and the products are added where they belong.
    Summed,
}

/// How a convolution is computed, or the input gradient of its adjoint.
const fn way(geometry: &Conv2dGeometry) -> Way {
    let ([_, _, channels], [height, width, filters]) = (geometry.input, geometry.output);
    if is_plain(geometry) {
        Way::Plain
    } else if filters < 8 && 2 * filters <= channels && adjoint::exists(geometry) {
        Way::Summed
    } else if height * width >= 64 {
        Way::InPlace
    } else {
        Way::Gathered
    }
}

const fn is_plain(geometry: &Conv2dGeometry) -> bool {
    let ([from_height, from_width, _], [height, width, _]) = (geometry.input, geometry.output);
    let ([1, 1], [1, 1]) = (geometry.kernel, geometry.stride) else { return false };
    from_height == height && from_width == width && geometry.padding[0] == 0 && geometry.padding[1] == 0
}

/// How the gradient of the input is computed: as a convolution, or as a sum of products.
const fn way_back(geometry: &Conv2dGeometry) -> Way {
    if is_plain(geometry) {
        return Way::Plain;
    }
    if !adjoint::exists(geometry) || geometry.input[2] < 6 {
        return Way::Summed;
    }
    way(&adjoint::geometry(geometry))
}

/// Scalars of scratch memory of a convolution, for all three functions: for patches, for a weight in another order, and
/// for the product.
pub const fn conv2d_scratch(geometry: &Conv2dGeometry) -> usize {
    let forward = forward_patches(geometry, usize::MAX);
    let weight = match way_of_weight(geometry) {
        Way::InPlace => in_place::scratch(geometry),
        Way::Gathered => gathered::scratch(geometry),
        _ => 0,
    };
    let back = match way_back(geometry) {
        Way::Plain => 0,
        Way::InPlace => adjoint::weights(geometry) + in_place::scratch(&adjoint::geometry(geometry)),
        Way::Gathered => adjoint::weights(geometry) + gathered::scratch(&adjoint::geometry(geometry)),
        Way::Summed => adjoint::weights(geometry) + summed::scratch(geometry),
    };
    let most = if forward > weight { forward } else { weight };
    (if most > back { most } else { back }) + product_scratch(geometry)
}

/// Scalars of scratch memory of [`conv2d_forward`] alone, for at most so many samples.
pub const fn conv2d_forward_scratch(geometry: &Conv2dGeometry, samples: usize) -> usize {
    let [height, width, filters] = geometry.output;
    let positions = samples.saturating_mul(height * width);
    let depth = geometry.kernel[0] * geometry.kernel[1] * geometry.input[2];
    let product = match way(geometry) {
        // The right factor does not lie row by row.
        Way::Summed => product_scratch(geometry),
        _ => forward_product(geometry, [positions, depth, filters]),
    };
    forward_patches(geometry, positions) + product
}

/// Scalars of the forward pass over so many positions beside its product: for patches, and for a weight in another order.
const fn forward_patches(geometry: &Conv2dGeometry, positions: usize) -> usize {
    match way(geometry) {
        Way::Plain => 0,
        Way::InPlace => in_place::scratch(geometry),
        Way::Gathered => gathered::forward_scratch(geometry, positions),
        Way::Summed => adjoint::weights(geometry) + summed::scratch(&adjoint::geometry(geometry)),
    }
}

/// Scalars for the product of a forward pass, `[rows, depth, columns]`.
const fn forward_product(geometry: &Conv2dGeometry, [rows, depth, columns]: [usize; 3]) -> usize {
    let (least, most) = (forward_scratch(rows, depth, columns), product_scratch(geometry));
    if least < most { least } else { most }
}

/// `output = activation(input ⋆ weight + bias)` for `samples` images, where `⋆` is the cross-correlation.
///
/// `input` is `[samples, height, width, channels]`, `weight` is `[kernel height, kernel width, channels, filters]`,
/// `bias` is `[filters]` or empty, `output` is `[samples, out height, out width, filters]`. `scratch` has
/// [`conv2d_scratch`] scalars.
pub fn conv2d_forward<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    scratch: &mut [T],
) {
    let epilogue = Epilogue { bias, activation };
    if way(geometry) != Way::Summed {
        return product(geometry, samples, input, weight, epilogue, output, scratch);
    }
    let filters = geometry.output[2];
    let (flipped, scratch) = scratch.split_at_mut(adjoint::weights(geometry));
    adjoint::flip(geometry, weight, flipped);
    let columns = Matrix::rows(flipped, geometry.input[2]).transposed();
    summed::products(&adjoint::geometry(geometry), samples, input, columns, bias, output, scratch);
    activate_in_place(activation, &mut output[..samples * geometry.output_len() / filters * filters]);
}

/// A convolution in one of the ways that multiply patches.
fn product<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    epilogue: Epilogue<'_, T>,
    output: &mut [T],
    scratch: &mut [T],
) {
    let ([_, _, channels], [height, width, filters]) = (geometry.input, geometry.output);
    match way(geometry) {
        Way::Plain => {
            let shape = [samples * height * width, filters, channels];
            let (input, weight) = (Matrix::rows(input, channels), Matrix::rows(weight, filters));
            gemm(shape, input, weight, output, Store::Overwrite, epilogue, scratch);
        }
        Way::InPlace => in_place::product(geometry, samples, input, weight, epilogue, output, scratch),
        _ => gathered::product(geometry, samples, input, weight, epilogue, output, scratch),
    }
}

const fn way_of_weight(geometry: &Conv2dGeometry) -> Way {
    match way(geometry) {
        Way::Summed => Way::Gathered,
        way => way,
    }
}

/// Adds to the gradient of the weight; shapes as in [`conv2d_forward`].
pub fn conv2d_backward_weight<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let ([_, _, channels], [height, width, filters]) = (geometry.input, geometry.output);
    match way_of_weight(geometry) {
        Way::Plain => {
            let shape = [channels, filters, samples * height * width];
            let (input, d_output) = (Matrix::rows(input, channels).transposed(), Matrix::rows(d_output, filters));
            gemm(shape, input, d_output, d_weight, Store::Accumulate, Epilogue::NONE, scratch);
        }
        Way::InPlace => in_place::weight_gradient(geometry, samples, input, d_output, d_weight, scratch),
        _ => gathered::weight_gradient(geometry, samples, input, d_output, d_weight, scratch),
    }
}

/// The gradient of the input, which is overwritten; shapes as in [`conv2d_forward`].
pub fn conv2d_backward_input<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let ([_, _, channels], [height, width, filters]) = (geometry.input, geometry.output);
    let transposed = Matrix::rows(weight, filters).transposed();
    if way_back(geometry) == Way::Plain {
        let shape = [samples * height * width, channels, filters];
        let d_output = Matrix::rows(d_output, filters);
        return gemm(shape, d_output, transposed, d_input, Store::Overwrite, Epilogue::NONE, scratch);
    }
    let (prepared, scratch) = scratch.split_at_mut(adjoint::weights(geometry));
    if way_back(geometry) == Way::Summed {
        let columns = adjoint::transpose(geometry, weight, prepared);
        return summed::products(geometry, samples, d_output, columns, &[], d_input, scratch);
    }
    adjoint::flip(geometry, weight, prepared);
    product(&adjoint::geometry(geometry), samples, d_output, prepared, Epilogue::NONE, d_input, scratch);
}

/// How many rows of so many scalars are worked on at once: at most a block.
const fn rows_at_once(row: usize, most: usize) -> usize {
    match BLOCK.checked_div(row) {
        None | Some(0) => 1,
        Some(rows) if rows > most => most,
        Some(rows) => rows,
    }
}

/// Divides scratch memory into room for so many scalars of patches and room for a product.
fn divide<'s, T>(geometry: &Conv2dGeometry, patches: usize, scratch: &'s mut [T]) -> (&'s mut [T], &'s mut [T]) {
    let (patches, rest) = scratch.split_at_mut(patches);
    let product = rest.len().min(product_scratch(geometry));
    (patches, &mut rest[..product])
}
