//! Convolutions of each channel by itself. Neighbouring channels are neighbours in memory: they fill the vectors.
//!
//! With several filters a channel, each channel is repeated so many times first, and gradients of the copies are added.

mod filter;
mod narrow;
#[cfg(test)]
mod tests;
mod weight;

use super::{Layout, activate_in_place, gather, scatter_add};
use crate::Scalar;
use crate::spec::{Activation, Conv2dGeometry, ConvGeometry};

use filter::{Direction, filter_image};
use weight::add_weight_gradient;

pub(super) use filter::DepthwiseFilter;
pub(super) use weight::DepthwiseWeight;

/// Scalars of scratch memory of a depthwise convolution, whose geometry has a group for each channel of the input: an image
/// with its channels repeated, if they are.
pub const fn depthwise_conv2d_scratch(geometry: &ConvGeometry) -> usize {
    if multiplier(geometry) == 1 { 0 } else { wide(geometry).window.input_len() }
}

/// `output = activation(input ⋆ weight + bias)` for `samples` images, where each channel meets filters of its own.
///
/// `input` is `[samples, height, width, channels]`, `weight` is `[kernel height, kernel width, channels, multiplier]`,
/// `bias` is `[channels, multiplier]` or empty, `output` is `[samples, out height, out width, channels, multiplier]`; the
/// geometry's output has `channels · multiplier` channels. `scratch` has [`depthwise_conv2d_scratch`] scalars.
pub fn depthwise_conv2d_forward<T: Scalar>(
    geometry: &ConvGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    scratch: &mut [T],
) {
    let outputs = output.chunks_exact_mut(geometry.window.output_len());
    let floor = if activation == Activation::Relu { T::zero() } else { T::neg_infinity() };
    for (input, output) in input.chunks_exact(geometry.window.input_len()).zip(outputs).take(samples) {
        let input = repeated(geometry, input, scratch);
        filter_image(&wide(geometry), Direction::Forward, input, weight, bias, floor, output);
        if activation != Activation::Relu {
            activate_in_place(activation, output);
        }
    }
}

/// Adds to the gradient of the weight; shapes as in [`depthwise_conv2d_forward`].
pub fn depthwise_conv2d_backward_weight<T: Scalar>(
    geometry: &ConvGeometry,
    samples: usize,
    input: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let d_outputs = d_output.chunks_exact(geometry.window.output_len());
    for (input, d_output) in input.chunks_exact(geometry.window.input_len()).zip(d_outputs).take(samples) {
        let input = repeated(geometry, input, scratch);
        add_weight_gradient(&wide(geometry), input, d_output, d_weight);
    }
}

/// The gradient of the input, which is overwritten; shapes as in [`depthwise_conv2d_forward`].
pub fn depthwise_conv2d_backward_input<T: Scalar>(
    geometry: &ConvGeometry,
    samples: usize,
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let (wide, repetition) = (wide(geometry), repetition(geometry));
    let d_outputs = d_output.chunks_exact(geometry.window.output_len());
    for (d_input, d_output) in d_input.chunks_exact_mut(geometry.window.input_len()).zip(d_outputs).take(samples) {
        let lowest = T::neg_infinity();
        if multiplier(geometry) == 1 {
            filter_image(&wide, Direction::Backward, d_output, weight, &[], lowest, d_input);
        } else {
            let copies = &mut scratch[..wide.window.input_len()];
            filter_image(&wide, Direction::Backward, d_output, weight, &[], lowest, copies);
            d_input.fill(T::zero());
            scatter_add(&repetition, copies, d_input);
        }
    }
}

const fn multiplier(geometry: &ConvGeometry) -> usize {
    geometry.window.output[2] / geometry.window.input[2]
}

/// The same convolution of repeated channels: one filter each.
const fn wide(geometry: &ConvGeometry) -> ConvGeometry {
    let ([height, width, _], [.., channels]) = (geometry.window.input, geometry.window.output);
    let window = Conv2dGeometry { input: [height, width, channels], ..geometry.window };
    ConvGeometry { window, groups: channels, ..*geometry }
}

/// Where repeated channels come from.
const fn repetition(geometry: &ConvGeometry) -> Layout {
    Layout::new(0).axis(geometry.window.input_len(), 1).axis(multiplier(geometry), 0)
}

/// An image with its channels repeated, in `scratch` if they are.
fn repeated<'a, T: Scalar>(geometry: &ConvGeometry, image: &'a [T], scratch: &'a mut [T]) -> &'a [T] {
    if multiplier(geometry) == 1 {
        return image;
    }
    let copies = &mut scratch[..wide(geometry).window.input_len()];
    gather(&repetition(geometry), image, copies);
    copies
}
