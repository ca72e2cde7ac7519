//! A convolution whose result is pooled at once: the largest element of each window, and windows lie side by side. The
//! convolution's own result is never stored whole, and what no window sees is not computed.
//!
//! Each window hands its gradient to one position. Where that is, the *winner*, is kept for the backward pass: the number of
//! the position in its window, row by row, as the bits of a scalar. Where Relu has cut the result off nobody wins: the number
//! behind the last one.
//!
//! Where patches are short, [`tiles`] keeps the results of a window in registers; where windows are 2 × 2, [`picked`] touches
//! only what won. Else [`blocks`] makes some rows of windows at a time in scratch memory, with the kernels of the convolution.
//! [`winners`] has what Relu does to winners.

mod blocks;
mod picked;
#[cfg(test)]
mod tests;
mod tiles;
mod windows;
mod winners;

use windows::Windows;

use blocks::{pool_row_body, scatter_row_body};
use picked::sum_picked;
use tiles::forward_in_tiles;
use winners::keep_won_body;

use super::{activate_in_place, kernels};
use crate::Scalar;
use crate::spec::{Activation, Conv2dGeometry};

/// Scalars of scratch memory, for all three passes. `window` is the height and width of the pool's windows.
pub const fn conv_pool2d_scratch(geometry: &Conv2dGeometry, window: [usize; 2]) -> usize {
    let windows = Windows::new(geometry, window);
    let mut most = blocks::scratch(&windows);
    if windows.are_small() && tiles::scratch(&windows) > most {
        most = tiles::scratch(&windows);
    }
    if windows.are_pairs() && picked::scratch(&windows) > most {
        most = picked::scratch(&windows);
    }
    most
}

/// Scalars of scratch memory of [`conv_pool2d_forward`] alone.
pub const fn conv_pool2d_forward_scratch(geometry: &Conv2dGeometry, window: [usize; 2]) -> usize {
    let windows = Windows::new(geometry, window);
    let (blocks, tiles) = (blocks::forward_scratch(&windows), tiles::scratch(&windows));
    if windows.are_small() && tiles > blocks { tiles } else { blocks }
}

/// `output = activation(max(input ⋆ weight) + bias)` for `samples` images, where the maximum is taken over windows of
/// positions that lie side by side. NaN wins over every number.
///
/// `input`, `weight` and `bias` are as for [`conv2d_forward`](super::conv2d_forward); `output` is
/// `[samples, out height / window height, out width / window width, filters]`. `winners` has one scalar for each output, or is
/// empty where nobody asks; `scratch` has [`conv_pool2d_scratch`] scalars.
///
/// With Relu winners know what it has cut off, and [`conv_pool2d_keep_won`] leads from the gradient of the output to that in
/// front of the function.
pub fn conv_pool2d_forward<T: Scalar>(
    geometry: &Conv2dGeometry,
    window: [usize; 2],
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    winners: &mut [T],
    scratch: &mut [T],
) {
    let windows = Windows::new(geometry, window);
    // Nothing is below NaN.
    let floor = if activation == Activation::Relu { T::zero() } else { T::nan() };
    // Tiles do not look for NaN on their way.
    let is_done =
        windows.are_small() && pool_in_tiles(&windows, samples, input, weight, bias, floor, output, winners, scratch);
    if !is_done {
        blocks::forward(&windows, samples, input, weight, bias, floor, output, winners, scratch);
    }
    if activation != Activation::Relu {
        activate_in_place(activation, output);
    }
}

/// Adds to the gradient of the weight. `d_output` is the gradient in front of the activation; other shapes as in
/// [`conv_pool2d_forward`].
pub fn conv_pool2d_backward_weight<T: Scalar>(
    geometry: &Conv2dGeometry,
    window: [usize; 2],
    samples: usize,
    input: &[T],
    winners: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let windows = Windows::new(geometry, window);
    if windows.are_pairs() {
        add_picked(&windows, samples, input, winners, d_output, d_weight, scratch);
    } else {
        blocks::backward_weight(&windows, samples, input, winners, d_output, d_weight, scratch);
    }
}

/// The gradient of the input, which is overwritten; shapes as in [`conv_pool2d_backward_weight`].
pub fn conv_pool2d_backward_input<T: Scalar>(
    geometry: &Conv2dGeometry,
    window: [usize; 2],
    samples: usize,
    winners: &[T],
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let windows = Windows::new(geometry, window);
    blocks::backward_input(&windows, samples, winners, d_output, weight, d_input, scratch);
}

kernels! {
    trait ConvolutionPool<T>;

    /// `output = max(max(input ⋆ weight) + bias, floor)`; `false` where there was an infinity or a NaN on the way, and the
    /// results cannot be used.
    pub(crate) fn pool_in_tiles(
        windows: &Windows,
        samples: usize,
        input: &[T],
        weight: &[T],
        bias: &[T],
        floor: T,
        output: &mut [T],
        winners: &mut [T],
        scratch: &mut [T],
    ) -> bool = forward_in_tiles;
    /// Adds what won in windows of 2 × 2, weighted with its gradients, to the gradient of the weight.
    pub(crate) fn add_picked(
        windows: &Windows,
        samples: usize,
        input: &[T],
        winners: &[T],
        d_output: &[T],
        d_weight: &mut [T],
        scratch: &mut [T],
    ) = sum_picked;
    /// Clears the gradients where none of so many places has won, and adds the others of each filter to the gradient of its bias,
    /// where there is one.
    pub fn conv_pool2d_keep_won(places: usize, winners: &[T], d_output: &mut [T], d_bias: &mut [T]) = keep_won_body;
    /// Pools a row of windows: `block` is `[window height, columns · window width, filters]`, `output` and `winners` are
    /// `[columns, filters]`.
    pub(crate) fn pool_row(
        window: [usize; 2],
        filters: usize,
        block: &[T],
        bias: &[T],
        floor: T,
        output: &mut [T],
        winners: &mut [T],
    ) = pool_row_body;
    /// Writes each gradient to its winner's place in `block`, and zeros everywhere else.
    pub(crate) fn scatter_row(window: [usize; 2], filters: usize, d_output: &[T], winners: &[T], block: &mut [T]) = scatter_row_body;
}
