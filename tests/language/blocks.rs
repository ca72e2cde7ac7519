//! Templates, rows of them, and layers that are applied again.

use netform::layer::{Activations, Call, Layer, Memory, OpaqueLayer, Pass};
use netform::network::Scores;
use netform::prelude::Shape;
use netform::spec::ShapeError;
use netform::tensors::{Part, Role};
use netform::{Scalar, network};

use crate::{laws, names};

laws! {
    results_that_are_dropped: Dropping<f64>;
    sizes_that_do_not_matter: Unet<f64>;
    a_block_knows_its_width: Widths<f64>;
    a_row_of_blocks: Row<f64>;
    blocks_in_blocks: Nested<f64>;
    blocks_of_two_values: Pairs<f64>;
    a_block_applied_again: Siamese<f64>;
    a_layer_and_its_transpose: Tied<f64>;
    rows_of_layers: Plain<f64>;
    sizes_of_a_block_in_a_path: Paths<f64>;
    a_block_in_a_generic_network: Generic<3, f64>;
    own_layers_in_a_generic_network: Own<3, f64>;
}

network! {
    /// Of the last block the first result, and its layer, is not needed; nor is a part of a value.
    struct Dropping(x: [6, 3]) -> [6, 2] {
        let (h, first) = x -> Dilated;
        let (_, second) = h -> last: Dilated;
        let (_, _, kept) = split(second, 3);
        (first -> Dense(1)) + kept -> Dense(2)
    }

    /// Half the size, and joined again with what was there before.
    struct Unet(image: [4, 6, 2]) -> [4, 6, 3] {
        let low = image -> Conv2d(4, 3, padding = same) -> Relu -> MaxPool2d(2);
        (low, image) -> Up(3)
    }

    block Up(units: usize)(low: [high, wide, _], skip: [2 * high, 2 * wide, _]) {
        concat(low -> UpSample2d, skip) -> Conv2d(units, 3, padding = same)
    }

    block Dilated(x: [time, 3]) {
        let gated = x -> Conv1d(6, 2, padding = causal) -> Glu;
        (x + (gated -> onwards: Conv1d(3, 1) -> LayerNorm), gated -> Conv1d(3, 1) -> Tanh)
    }

    block Residual(factor: usize = 2, scale: f64 = 1.0)(x: [.., width]) {
        let y = x -> up: Dense(factor * width) -> Tanh -> down: Dense(width);
        x + scale * y
    }

    struct Widths(x: [3, 4]) -> [3, 2] {
        let first = x -> Residual;
        let second = first -> wide: Residual(3, scale = 0.5);
        second -> Dense(2)
    }

    struct Row(x: [5]) -> [5] {
        x -> blocks: [Residual(1); 4] -> head: Dense(5)
    }

    block Inner(x: [width]) {
        x -> Dense(width) -> Sigmoid
    }

    block Outer(count: usize)(x: [width]) {
        let y = x -> [Inner; count] -> last: Inner;
        y * x -> fc: Dense(width)
    }

    struct Nested(x: [3]) -> [3] {
        x -> Outer(2) -> deep: [Outer(3); 2]
    }

    block Both(a: [n], b: [m]) {
        let sum = (a -> Dense(m)) + b;
        let product = a * (b -> Dense(n));
        (sum, product)
    }

    struct Pairs(x: [5]) -> [7] {
        let (a, b) = split(x, [2, 3]);
        let (c, d) = (a, b) -> Both;
        let (e, f) = (c, d) -> Both;
        (concat(c, d, e) -> Dense(4) -> Tanh -> Dense(7)) + 0.5 * (f -> Dense(7))
    }

    block Tower(x: [width]) {
        x -> Dense(2 * width) -> Elu -> out: Dense(3)
    }

    struct Siamese(x: [8]) -> [1] {
        let (left, right) = split(x, 2);
        let a = left -> tower: Tower;
        let b = right -> tower;
        (a - b) * (a - b) -> Dense(1)
    }

    struct Tied(x: [2, 6]) -> [2, 6] {
        x -> encode: Dense(4) -> Sigmoid -> Tied(encode) -> Tanh -> encode -> decode: Tied(encode)
    }

    struct Plain(x: [4]) -> [4] {
        x -> [Relu; 2] -> hidden: [Dense(4); 3] -> [self::Gain<_>; 2] -> Tanh
    }

    block Gained(x: [width]) {
        x -> self::Gain<width> -> Dense(width) -> gain: self::Gain<_>
    }

    struct Paths(x: [3]) -> [3] {
        x -> Gained
    }

    struct Generic<const H: usize>(x: [4]) -> [H] {
        x -> Dense(H) -> hidden: [Inner; 2] -> Tanh
    }
    instances [3, 5]

    struct Own<const H: usize>(x: [4]) -> [H] {
        let y = x -> Dense(H) -> self::Gain<_> -> Tanh -> Reshape([H]) -> Dense(H);
        y + (y -> last: self::Gain<H>)
    }
    instances [2, 3]
}

/// `y = gain · x`, with a gain for each feature.
#[repr(C)]
struct Gain<const N: usize, T> {
    gain: [T; N],
}

netform::plain! { impl[const N: usize, T] Gain<N, T> { gain: [T; N] } }

impl<const N: usize, T: Scalar> Gain<N, T> {
    /// Any shape with this many features.
    const fn out_shape(_: &(), input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }
}

impl<const N: usize, T: Scalar> Layer<T> for Gain<N, T> {
    type Config = ();
    type Gradient = Self;

    const PARTS: &'static [Part] = &[Part::tensor("gain", Shape::new(&[N]), Role::Weight)];

    fn forward(&self, _: &Call<()>, _: &Pass, input: &[T], output: &mut [T], _: Memory<'_, T>) {
        for (index, (y, x)) in output.iter_mut().zip(input).enumerate() {
            *y = self.gain[index % N] * *x;
        }
    }

    fn backward(
        &self,
        _: &Call<()>,
        _: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        mut d_input: Option<&mut [T]>,
        mut gradient: Option<&mut Self>,
        _: Memory<'_, T>,
    ) {
        for (index, (d, x)) in d_output.iter().zip(values.input).enumerate() {
            if let Some(gradient) = &mut gradient {
                gradient.gain[index % N] += *d * *x;
            }
            if let Some(d_input) = &mut d_input {
                d_input[index] = *d * self.gain[index % N];
            }
        }
    }
}

impl<const N: usize, T: Scalar> OpaqueLayer<T> for Gain<N, T> {
    type Kind = Scores;
}

#[test]
fn fields_and_names_follow_the_text() {
    let row = Row::new(1);
    assert_eq!(row.blocks.len(), 4);
    assert_eq!(row.blocks[3].up.bias.len(), 5);
    assert_eq!(
        names::<Row<f64>>()[12..],
        [
            "blocks.3.up.weight",
            "blocks.3.up.bias",
            "blocks.3.down.weight",
            "blocks.3.down.bias",
            "head.weight",
            "head.bias"
        ]
    );
    let nested = Nested::new(1);
    assert_eq!(nested.deep[1].inner[2].dense.bias, [0.0; 3]);
    assert_eq!(names::<Nested<f64>>()[8], "deep.0.inner.0.dense.weight");
    assert_eq!(Siamese::PARAMS, 4 * 8 + 8 + 8 * 3 + 3 + 4);
    assert_eq!(Tied::PARAMS, 6 * 4 + 4);
    assert_eq!(names::<Tied<f64>>(), ["encode.weight", "encode.bias"]);
    assert_eq!(names::<Widths<f64>>()[0], "residual.up.weight");
}

#[test]
fn every_element_of_a_row_starts_with_values_of_its_own() {
    let row = Row::new(1);
    assert_ne!(row.blocks[0].up.weight, row.blocks[1].up.weight);
}
