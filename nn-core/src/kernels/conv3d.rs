//! Convolutions of volumes, as convolutions of images: for each plane of the output, the planes of the input under the window
//! are laid behind one another as channels. So all the ways of `conv2d` serve here, gaps and groups included.

use super::{
    add_columns, conv_backward_input, conv_backward_weight, conv_forward, conv_forward_scratch, conv_scratch,
    copy_columns,
};
use crate::Scalar;
use crate::spec::{Activation, Conv3dGeometry};

/// Scalars of stacked planes that are made at once: as many as stay in the second-level cache.
const BLOCK: usize = 1 << 15;

/// Planes of the output that are worked on at once.
const fn planes_at_once(geometry: &Conv3dGeometry) -> usize {
    let (len, most) = (geometry.plane().window.input_len(), geometry.output[0]);
    match BLOCK.checked_div(len) {
        None | Some(0) => 1,
        Some(planes) if planes > most => most,
        Some(planes) => planes,
    }
}

/// Scalars of the weight, the filters of all groups.
const fn weights(geometry: &Conv3dGeometry) -> usize {
    let [deep, high, wide] = geometry.kernel;
    deep * high * wide * run(geometry)
}

/// Scalars of the weight for one position of the window.
const fn run(geometry: &Conv3dGeometry) -> usize {
    geometry.input[3] / geometry.groups * geometry.output[3]
}

/// Scalars of scratch memory of a convolution of volumes, for all three functions.
pub const fn conv3d_scratch(geometry: &Conv3dGeometry) -> usize {
    let plane = geometry.plane();
    planes_at_once(geometry) * plane.window.input_len() + weights(geometry) + conv_scratch(&plane)
}

/// Scalars of scratch memory of [`conv3d_forward`] alone.
pub const fn conv3d_forward_scratch(geometry: &Conv3dGeometry) -> usize {
    let plane = geometry.plane();
    let planes = planes_at_once(geometry);
    planes * plane.window.input_len() + weights(geometry) + conv_forward_scratch(&plane, planes)
}

/// Scratch memory in its three parts: stacked planes, a weight in another order, and what convolutions of images need.
fn divide<'s, T>(geometry: &Conv3dGeometry, scratch: &'s mut [T]) -> [&'s mut [T]; 3] {
    let (stacked, rest) = scratch.split_at_mut(planes_at_once(geometry) * geometry.plane().window.input_len());
    let (weight, scratch) = rest.split_at_mut(weights(geometry));
    [stacked, weight, scratch]
}

/// `output = activation(input ⋆ weight + bias)` for `samples` volumes, where `⋆` is the cross-correlation.
///
/// `input` is `[samples, depth, height, width, channels]`, `weight` is
/// `[kernel depth, kernel height, kernel width, channels / groups, filters]`, `bias` is `[filters]` or empty, `output` is
/// `[samples, out depth, out height, out width, filters]`. Filters lie group by group. `scratch` has [`conv3d_scratch`] scalars.
pub fn conv3d_forward<T: Scalar>(
    geometry: &Conv3dGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    scratch: &mut [T],
) {
    let plane = geometry.plane();
    let [stacked, prepared, scratch] = divide(geometry, scratch);
    for_each_run(geometry, |from, to| {
        prepared[to..][..run(geometry)].copy_from_slice(&weight[from..][..run(geometry)])
    });
    for_each_block(geometry, samples, |part| {
        stack(geometry, &part, input, stacked);
        let output = &mut output[part.row * plane.window.output_len()..][..part.count * plane.window.output_len()];
        conv_forward(&plane, part.count, stacked, prepared, bias, activation, output, scratch);
    });
}

/// Adds to the gradient of the weight; shapes as in [`conv3d_forward`].
pub fn conv3d_backward_weight<T: Scalar>(
    geometry: &Conv3dGeometry,
    samples: usize,
    input: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let plane = geometry.plane();
    let [stacked, prepared, scratch] = divide(geometry, scratch);
    prepared.fill(T::zero());
    for_each_block(geometry, samples, |part| {
        stack(geometry, &part, input, stacked);
        let d_output = &d_output[part.row * plane.window.output_len()..][..part.count * plane.window.output_len()];
        conv_backward_weight(&plane, part.count, stacked, d_output, prepared, scratch);
    });
    for_each_run(geometry, |to, from| {
        let terms = &prepared[from..][..run(geometry)];
        d_weight[to..][..run(geometry)].iter_mut().zip(terms).for_each(|(sum, &term)| *sum += term);
    });
}

/// The gradient of the input, which is overwritten; shapes as in [`conv3d_forward`].
pub fn conv3d_backward_input<T: Scalar>(
    geometry: &Conv3dGeometry,
    samples: usize,
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let plane = geometry.plane();
    let [stacked, prepared, scratch] = divide(geometry, scratch);
    for_each_run(geometry, |from, to| {
        prepared[to..][..run(geometry)].copy_from_slice(&weight[from..][..run(geometry)])
    });
    d_input.fill(T::zero());
    for_each_block(geometry, samples, |part| {
        let d_output = &d_output[part.row * plane.window.output_len()..][..part.count * plane.window.output_len()];
        let d_stacked = &mut stacked[..part.count * plane.window.input_len()];
        conv_backward_input(&plane, part.count, d_output, prepared, d_stacked, scratch);
        let [channels, width] = [geometry.input[3], plane.window.input[2]];
        for_each_layer(geometry, &part, |layer| {
            let Some(from) = layer.plane else { return };
            let d_plane = &mut d_input[from * geometry.plane_len()..][..geometry.plane_len()];
            let d_image = &d_stacked[layer.image * plane.window.input_len()..][..plane.window.input_len()];
            add_columns(d_image, width, layer.to, d_plane, channels, layer.from, channels / geometry.groups);
        });
    });
}

/// Calls `visit` with where the weights for each position of the window begin: in the layer's order, and in that of stacked
/// planes.
fn for_each_run(geometry: &Conv3dGeometry, mut visit: impl FnMut(usize, usize)) {
    let [deep, high, wide] = geometry.kernel;
    for layer in 0..deep {
        for position in 0..high * wide {
            visit((layer * high * wide + position) * run(geometry), (position * deep + layer) * run(geometry));
        }
    }
}

/// Some planes of one sample's output.
struct Part {
    sample: usize,
    first: usize,
    count: usize,
    /// The first plane, counted through all samples.
    row: usize,
}

fn for_each_block(geometry: &Conv3dGeometry, samples: usize, mut visit: impl FnMut(Part)) {
    let (depth, block) = (geometry.output[0], planes_at_once(geometry));
    for sample in 0..samples {
        for first in (0..depth).step_by(block) {
            visit(Part { sample, first, count: block.min(depth - first), row: sample * depth + first });
        }
    }
}

/// One group's channels of one plane under the window.
struct Layer {
    /// The image of the block.
    image: usize,
    /// The plane, counted through all samples; none outside the volume.
    plane: Option<usize>,
    /// The first of the channels in the plane.
    from: usize,
    /// And in the image.
    to: usize,
}

fn for_each_layer(geometry: &Conv3dGeometry, part: &Part, mut visit: impl FnMut(Layer)) {
    let (depth, deep, channels) = (geometry.input[0], geometry.kernel[0], geometry.input[3] / geometry.groups);
    for image in 0..part.count {
        for layer in 0..deep {
            let start = (part.first + image) * geometry.stride[0] + layer * geometry.dilation[0];
            let plane = start.wrapping_sub(geometry.padding[0]);
            let plane = (plane < depth).then(|| part.sample * depth + plane);
            for group in 0..geometry.groups {
                visit(Layer { image, plane, from: group * channels, to: (group * deep + layer) * channels });
            }
        }
    }
}

/// Lays the planes under the window behind one another as channels, for some planes of the output.
fn stack<T: Scalar>(geometry: &Conv3dGeometry, part: &Part, input: &[T], stacked: &mut [T]) {
    let plane = geometry.plane();
    let [channels, width, len] = [geometry.input[3], plane.window.input[2], plane.window.input_len()];
    for_each_layer(geometry, part, |layer| {
        let image = &mut stacked[layer.image * len..][..len];
        match layer.plane {
            Some(from) => {
                let from = &input[from * geometry.plane_len()..][..geometry.plane_len()];
                copy_columns(from, channels, layer.from, image, width, layer.to, channels / geometry.groups);
            }
            None => {
                let rows = image.chunks_exact_mut(width);
                rows.for_each(|row| row[layer.to..][..channels / geometry.groups].fill(T::zero()));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, random_shapes};
    use std::vec;
    use std::vec::Vec;

    fn geometry(numbers: &mut Numbers) -> Conv3dGeometry {
        let mut sizes =
            |low: usize, high: usize| [numbers.size(low, high), numbers.size(low, high), numbers.size(low, high)];
        let (kernel, stride, padding, extra) = (sizes(1, 3), sizes(1, 2), sizes(0, 2), sizes(0, 4));
        let mut dilation = sizes(1, 2);
        let mut groups = numbers.size(1, 3);
        if numbers.size(0, 1) == 0 {
            (dilation, groups) = ([1; 3], 1);
        }
        let reach = |axis: usize| (kernel[axis] - 1) * dilation[axis] + 1;
        let size = |axis: usize| (reach(axis) + extra[axis]).saturating_sub(padding[axis]).max(1);
        let output = |axis: usize| (size(axis) + padding[axis]).saturating_sub(reach(axis)) / stride[axis] + 1;
        let input = [size(0), size(1), size(2), groups * numbers.size(1, 4)];
        let output = [output(0), output(1), output(2), groups * numbers.size(1, 9)];
        Conv3dGeometry { input, kernel, stride, padding, dilation, groups, output }
    }

    /// Calls `visit` with the indices of output, input and weight of every product that the definition sums.
    fn naive(geometry: &Conv3dGeometry, samples: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let Conv3dGeometry { input, kernel, stride, padding, dilation, groups, output } = *geometry;
        let (channels, filters) = (input[3] / groups, output[3] / groups);
        for at in 0..samples * output.iter().product::<usize>() {
            let (filter, position) = (at % output[3], at / output[3]);
            let place =
                [position / output[2] / output[1] % output[0], position / output[2] % output[1], position % output[2]];
            let sample = position / output[2] / output[1] / output[0];
            for weight in 0..kernel.iter().product::<usize>() * channels {
                let (channel, tap) = (weight % channels, weight / channels);
                let tap = [tap / kernel[2] / kernel[1], tap / kernel[2] % kernel[1], tap % kernel[2]];
                let from: [usize; 3] = core::array::from_fn(|axis| {
                    (place[axis] * stride[axis] + tap[axis] * dilation[axis]).wrapping_sub(padding[axis])
                });
                if (0..3).all(|axis| from[axis] < input[axis]) {
                    let voxel = ((sample * input[0] + from[0]) * input[1] + from[1]) * input[2] + from[2];
                    let from = voxel * input[3] + filter / filters * channels + channel;
                    visit(at, from, weight * output[3] + filter);
                }
            }
        }
    }

    fn agrees_with_the_definition<T: Scalar>(seed: u64, cases: usize) {
        let mut numbers = Numbers::new(seed);
        for _ in 0..cases {
            let geometry = geometry(&mut numbers);
            let (samples, filters) = (numbers.size(0, 2), geometry.output[3]);
            let input: Vec<T> = numbers.integers(samples * geometry.input.iter().product::<usize>());
            let weight: Vec<T> = numbers.integers(weights(&geometry));
            let with_bias = numbers.size(0, 1);
            let bias: Vec<T> = numbers.integers(with_bias * filters);
            let d_output: Vec<T> = numbers.integers(samples * geometry.output.iter().product::<usize>());
            let mut scratch = vec![T::nan(); conv3d_scratch(&geometry)];

            let mut output = vec![T::nan(); d_output.len()];
            let mut expected: Vec<T> =
                (0..output.len()).map(|at| bias.get(at % filters).copied().unwrap_or(T::zero())).collect();
            naive(&geometry, samples, |to, from, by| expected[to] += input[from] * weight[by]);
            expected.iter_mut().for_each(|value| *value = value.max(T::zero()));
            let (relu, own) = (Activation::Relu, &mut scratch[..conv3d_forward_scratch(&geometry)]);
            conv3d_forward(&geometry, samples, &input, &weight, &bias, relu, &mut output, own);
            assert_eq!(output, expected, "forward, {geometry:?}");

            let (mut d_input, mut expected) = (vec![T::nan(); input.len()], vec![T::zero(); input.len()]);
            naive(&geometry, samples, |from, to, by| expected[to] += d_output[from] * weight[by]);
            conv3d_backward_input(&geometry, samples, &d_output, &weight, &mut d_input, &mut scratch);
            assert_eq!(d_input, expected, "input gradient, {geometry:?}");

            let mut d_weight: Vec<T> = numbers.integers(weight.len());
            let mut expected = d_weight.clone();
            naive(&geometry, samples, |d, from, to| expected[to] += input[from] * d_output[d]);
            conv3d_backward_weight(&geometry, samples, &input, &d_output, &mut d_weight, &mut scratch);
            assert_eq!(d_weight, expected, "weight gradient, {geometry:?}");
        }
    }

    random_shapes! { agrees_with_the_definition as equals_its_naive_twin: 60 from 31; }

    #[test]
    fn large_planes_are_worked_on_one_by_one() {
        let geometry = Conv3dGeometry {
            input: [3, 40, 41, 9],
            kernel: [3, 1, 2],
            stride: [1; 3],
            padding: [1, 0, 0],
            dilation: [1; 3],
            groups: 1,
            output: [3, 40, 40, 2],
        };
        assert_eq!(planes_at_once(&geometry), 1);
        let mut numbers = Numbers::new(5);
        let (input, weight): (Vec<f32>, Vec<f32>) =
            (numbers.integers(3 * 40 * 41 * 9), numbers.integers(weights(&geometry)));
        let mut scratch = vec![f32::NAN; conv3d_scratch(&geometry)];
        let (mut output, mut expected) = (vec![f32::NAN; 3 * 40 * 40 * 2], vec![0.0; 3 * 40 * 40 * 2]);
        naive(&geometry, 1, |to, from, by| expected[to] += input[from] * weight[by]);
        conv3d_forward(&geometry, 1, &input, &weight, &[], Activation::Identity, &mut output, &mut scratch);
        assert_eq!(output, expected);
    }
}
