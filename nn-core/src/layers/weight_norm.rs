use crate::init::Initializer;
use crate::kernels::{
    Epilogue, Matrix, Store, add_column_sums, column_lengths, conv_backward_input, conv_backward_weight, conv_forward,
    conv_forward_scratch, conv_scratch, gemm, gemv, weight_from_directions, weight_from_directions_backward,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

use super::dense::{forward_products_scratch, products_scratch};
use super::through_activation;

/// A fully connected layer with weight normalisation (Salimans and Kingma, 2016): `y = f(x · W + b)` with
/// `W[:, o] = magnitude[o] · direction[:, o] / |direction[:, o]|`, as PyTorch's `weight_norm` of a `Linear`.
///
/// In `network!`: `WeightNormDense(units, bias = true)`, else as [`Dense`](super::Dense).
///
/// The weight is made anew in every pass, forward and backward: two walks over it for a tile of samples. A direction of
/// zeros gives a weight of zeros. Directions start with the uniform distribution of Glorot and Bengio, magnitudes with their
/// lengths, so that the weight is the direction at the start, as in PyTorch. Decay of weights holds for directions, whose
/// length means nothing, and not for magnitudes: mark the layer `#[no_decay]`, or put an `#[l2(..)]` on what follows.
#[repr(C)]
#[derive(Debug)]
pub struct WeightNormDense<const IN: usize, const OUT: usize, T = f32, B = [T; OUT]> {
    /// `[IN, OUT]`: PyTorch's `original1` (`weight_v`), transposed.
    pub direction: [[T; OUT]; IN],
    /// `[OUT]`: PyTorch's `original0` (`weight_g`), which is `[OUT, 1]` there.
    pub magnitude: [T; OUT],
    /// `[OUT]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const IN: usize, const OUT: usize, T, B] WeightNormDense<IN, OUT, T, B> {
        direction: [[T; OUT]; IN],
        magnitude: [T; OUT],
        bias: B,
    }
}

/// A 2-D convolution with weight normalisation (Salimans and Kingma, 2016): each filter is
/// `magnitude · direction / |direction|`, where the length is that over its window and channels, as PyTorch's `weight_norm`
/// of a `Conv2d`.
///
/// In `network!`: `WeightNormConv2d(filters, kernel, stride = 1, padding = valid, bias = true, dilation = 1, groups = 1)`, else
/// as [`Conv2d`](super::Conv2d), and as [`WeightNormDense`].
#[repr(C)]
#[derive(Debug)]
pub struct WeightNormConv2d<const KH: usize, const KW: usize, const C: usize, const F: usize, T = f32, B = [T; F]> {
    /// `[KH, KW, C, F]`: PyTorch's `original1` (`weight_v`) with its axes permuted by `(2, 3, 1, 0)`.
    pub direction: [[[[T; F]; C]; KW]; KH],
    /// `[F]`: PyTorch's `original0` (`weight_g`), which is `[F, 1, 1, 1]` there.
    pub magnitude: [T; F],
    /// `[F]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const KH: usize, const KW: usize, const C: usize, const F: usize, T, B]
    WeightNormConv2d<KH, KW, C, F, T, B> {
        direction: [[[[T; F]; C]; KW]; KH],
        magnitude: [T; F],
        bias: B,
    }
}

/// Where PyTorch's `nn.utils.parametrizations.weight_norm` keeps directions.
const DIRECTION: Torch = Torch::SAME.called(&["parametrizations.weight.original1"]);
/// Where it keeps magnitudes, with as many axes as directions have.
const MAGNITUDE: Torch = Torch::SAME.called(&["parametrizations.weight.original0"]);

/// Scratch memory of so many weights in so many columns, in its parts: the weight and its gradient, lengths and sums, the
/// rest.
struct Rooms<'s, T> {
    weight: &'s mut [T],
    d_weight: &'s mut [T],
    lengths: &'s mut [T],
    sums: &'s mut [T],
    rest: &'s mut [T],
}

impl<'s, T> Rooms<'s, T> {
    fn of(weights: usize, columns: usize, scratch: &'s mut [T]) -> Self {
        let (weight, rest) = scratch.split_at_mut(weights);
        let (d_weight, rest) = rest.split_at_mut(weights);
        let (lengths, rest) = rest.split_at_mut(columns);
        let (sums, rest) = rest.split_at_mut(columns);
        Self { weight, d_weight, lengths, sums, rest }
    }
}

/// Scalars of scratch memory besides what the layer without normalisation needs.
const fn rooms(weights: usize, columns: usize) -> usize {
    2 * (weights + columns)
}

impl<const IN: usize, const OUT: usize, T: Scalar, B: Plain<T>> Layer<T> for WeightNormDense<IN, OUT, T, B> {
    type Config = spec::WeightNormDense;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == OUT || B::LEN == 0, "the bias has one number for each output, or none");
        &[
            Part::tensor("direction", Shape::new(&[IN, OUT]), Role::Weight).torch(DIRECTION.axes(&[1, 0])),
            Part::tensor("magnitude", Shape::new(&[OUT]), Role::Bias).torch(MAGNITUDE.merged(&[1, 0])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.direction.as_flattened_mut(), Shape::new(&[IN, OUT]), random);
        column_lengths(self.direction.as_flattened(), &mut self.magnitude);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let Rooms { weight, lengths, rest, .. } = Rooms::of(IN * OUT, OUT, memory.scratch);
        weight_from_directions(self.direction.as_flattened(), &self.magnitude, weight, lengths);
        let (rows, bias) = (pass.samples * call.input.rows(), self.bias.as_slice());
        if rows == 1 {
            return gemv(input, weight, bias, call.activation, output);
        }
        let (input, weight) = (Matrix::rows(input, IN), Matrix::rows(&*weight, OUT));
        let epilogue = Epilogue { bias, activation: call.activation };
        gemm([rows, OUT, IN], input, weight, output, Store::Overwrite, epilogue, rest);
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        memory: Memory<'_, T>,
    ) {
        let rows = pass.samples * call.input.rows();
        through_activation(call, values.output, d_output);
        let (direction, magnitude) = (self.direction.as_flattened(), &self.magnitude);
        let Rooms { weight, d_weight, lengths, sums, rest } = Rooms::of(IN * OUT, OUT, memory.scratch);
        weight_from_directions(direction, magnitude, weight, lengths);
        let d_rows = Matrix::rows(&*d_output, OUT);
        if let Some(gradient) = gradient {
            if B::LEN > 0 {
                add_column_sums(OUT, d_output, gradient.bias.as_mut_slice());
            }
            let input = Matrix::rows(values.input, IN).transposed();
            gemm([IN, OUT, rows], input, d_rows, d_weight, Store::Overwrite, Epilogue::NONE, &mut *rest);
            let d_direction = gradient.direction.as_flattened_mut();
            let d_magnitude = &mut gradient.magnitude;
            weight_from_directions_backward(direction, magnitude, d_weight, lengths, sums, d_direction, d_magnitude);
        }
        if let Some(d_input) = d_input {
            let weight = Matrix::rows(&*weight, OUT).transposed();
            gemm([rows, IN, OUT], d_rows, weight, d_input, Store::Overwrite, Epilogue::NONE, rest);
        }
    }
}

impl spec::WeightNormDense {
    /// Elements of scratch memory: the weight, its gradient, and what matrix products ask for.
    pub const fn scratch(&self, input: Shape) -> usize {
        rooms(input.last() * self.units, self.units) + products_scratch(input.last(), self.units)
    }

    /// The same for predictions of so many samples.
    pub const fn forward_scratch(&self, input: Shape, samples: usize) -> usize {
        let (rows, inputs) = (samples.saturating_mul(input.rows()), input.last());
        rooms(inputs * self.units, self.units) + forward_products_scratch(rows, inputs, self.units)
    }
}

impl<const KH: usize, const KW: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>>
    WeightNormConv2d<KH, KW, C, F, T, B>
{
    fn flat_direction(&self) -> &[T] {
        self.direction.as_flattened().as_flattened().as_flattened()
    }

    fn flat_direction_mut(&mut self) -> &mut [T] {
        self.direction.as_flattened_mut().as_flattened_mut().as_flattened_mut()
    }
}

impl<const KH: usize, const KW: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>> Layer<T>
    for WeightNormConv2d<KH, KW, C, F, T, B>
{
    type Config = spec::WeightNormConv2d;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == F || B::LEN == 0, "the bias has one number for each filter, or none");
        &[
            Part::tensor("direction", Shape::new(&[KH, KW, C, F]), Role::Weight).torch(DIRECTION.axes(&[2, 3, 1, 0])),
            Part::tensor("magnitude", Shape::new(&[F]), Role::Bias).torch(MAGNITUDE.merged(&[1, 0, 0, 0])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.flat_direction_mut(), Shape::new(&[KH, KW, C, F]), random);
        column_lengths(self.direction.as_flattened().as_flattened().as_flattened(), &mut self.magnitude);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let geometry = call.config.convolution(call.input);
        let Rooms { weight, lengths, rest, .. } = Rooms::of(KH * KW * C * F, F, memory.scratch);
        weight_from_directions(self.flat_direction(), &self.magnitude, weight, lengths);
        let bias = self.bias.as_slice();
        conv_forward(&geometry, pass.samples, input, weight, bias, call.activation, output, rest);
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        memory: Memory<'_, T>,
    ) {
        let (geometry, samples) = (call.config.convolution(call.input), pass.samples);
        through_activation(call, values.output, d_output);
        let (direction, magnitude) = (self.flat_direction(), &self.magnitude);
        let Rooms { weight, d_weight, lengths, sums, rest } = Rooms::of(KH * KW * C * F, F, memory.scratch);
        weight_from_directions(direction, magnitude, weight, lengths);
        if let Some(gradient) = gradient {
            if B::LEN > 0 {
                add_column_sums(F, d_output, gradient.bias.as_mut_slice());
            }
            d_weight.fill(T::zero());
            conv_backward_weight(&geometry, samples, values.input, d_output, d_weight, &mut *rest);
            let Self { direction: d_direction, magnitude: d_magnitude, .. } = gradient;
            let d_direction = d_direction.as_flattened_mut().as_flattened_mut().as_flattened_mut();
            weight_from_directions_backward(direction, magnitude, d_weight, lengths, sums, d_direction, d_magnitude);
        }
        if let Some(d_input) = d_input {
            conv_backward_input(&geometry, samples, d_output, weight, d_input, rest);
        }
    }
}

impl spec::WeightNormConv2d {
    /// Elements of scratch memory: the weight, its gradient, and what the convolution needs.
    pub const fn scratch(&self, input: Shape) -> usize {
        let [high, wide] = self.kernel;
        let weights = high * wide * input.last() / self.groups * self.filters;
        rooms(weights, self.filters) + conv_scratch(&self.convolution(input))
    }

    /// The same for predictions of so many samples.
    pub const fn forward_scratch(&self, input: Shape, samples: usize) -> usize {
        let [high, wide] = self.kernel;
        let weights = high * wide * input.last() / self.groups * self.filters;
        rooms(weights, self.filters) + conv_forward_scratch(&self.convolution(input), samples)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};
    use crate::spec::{Activation, Padding};

    #[test]
    fn lengths_are_parameters_of_their_own() {
        let call = call!(WeightNormDense { units: 2, bias: true, input: None }, [2]);
        let layer = WeightNormDense { direction: [[3.0, 0.0], [4.0, 2.0]], magnitude: [10.0, -1.0], bias: [0.5, 0.0] };
        assert_near(&forward(&layer, &call, &Pass::inference(1), &[1.0, 2.0]), &[6.0 + 16.0 + 0.5, -2.0]);
    }

    #[test]
    fn the_weight_is_the_direction_at_the_start() {
        let call = call!(WeightNormDense { units: 5, bias: true, input: None }, [7]);
        let layer = initialized::<WeightNormDense<7, 5, f64>>(&call);
        let input = [0.3, -0.2, 0.9, 1.0, -1.0, 0.5, 0.1];
        let expected: [f64; 5] =
            core::array::from_fn(|unit| input.iter().zip(&layer.direction).map(|(input, row)| input * row[unit]).sum());
        assert_near(&forward(&*layer, &call, &Pass::inference(1), &input), &expected);
        let limit = f64::sqrt(6.0 / 12.0);
        assert!(layer.direction.as_flattened().iter().all(|weight| weight.abs() <= limit));
    }

    macro_rules! dense_laws {
        ($units:expr, $bias:expr, $input:expr, $samples:expr, $f:ident) => {{
            let call = call!(WeightNormDense { units: $units, bias: $bias, input: None }, $input);
            let laws =
                laws!(WeightNormDense { units: $units, bias: $bias, input: None }, $input, $samples, Activation::$f);
            laws.scratch(call.config.scratch(call.input))
        }};
    }

    #[test]
    fn laws_of_dense() {
        gradient_laws! {
            WeightNormDense<2, 1, f64>, dense_laws!(1, true, [2], 1, Identity);
            WeightNormDense<3, 4, f64>, dense_laws!(4, true, [3], 3, Identity);
            WeightNormDense<7, 5, f64>, dense_laws!(5, true, [7], 2, Relu);
            WeightNormDense<4, 3, f64, [f64; 0]>, dense_laws!(3, false, [4], 2, Tanh);
            WeightNormDense<5, 17, f64>, dense_laws!(17, true, [5], 2, Identity);
            WeightNormDense<17, 2, f64>, dense_laws!(2, true, [17], 4, Sigmoid);
            WeightNormDense<4, 4, f64>, dense_laws!(4, true, [3, 4], 2, Identity);
            WeightNormDense<6, 3, f64, [f64; 0]>, dense_laws!(3, false, [1, 6], 1, Relu);
        }
    }

    macro_rules! conv_laws {
        ($filters:expr, $kernel:expr, $stride:expr, $padding:expr, $bias:expr, $dilation:expr, $groups:expr, $image:expr, $f:ident) => {{
            let config = spec::WeightNormConv2d {
                filters: $filters,
                kernel: $kernel,
                stride: $stride,
                padding: $padding,
                bias: $bias,
                dilation: $dilation,
                groups: $groups,
            };
            let input = Shape::new(&$image);
            let output = config.out_shape(input).expect("a shape that the layer takes");
            let call = Call::new(config, input, output, 3).with_activation(Activation::$f);
            crate::laws::Laws::new(call, 2).reads(spec::WeightNormConv2d::INFO.reads).scratch(config.scratch(input))
        }};
    }

    #[test]
    fn laws_of_convolutions() {
        use Padding::{Amount, Causal, Same, Valid};
        use WeightNormConv2d as Conv;
        gradient_laws! {
            Conv<1, 2, 1, 1, f64>, conv_laws!(1, [1, 2], [1, 1], Valid, true, [1, 1], 1, [1, 2, 1], Identity);
            Conv<3, 3, 2, 4, f64>, conv_laws!(4, [3, 3], [1, 1], Valid, true, [1, 1], 1, [5, 4, 2], Relu);
            Conv<3, 3, 3, 2, f64>, conv_laws!(2, [3, 3], [1, 1], Same, true, [1, 1], 1, [4, 3, 3], Identity);
            Conv<2, 3, 2, 5, f64, [f64; 0]>, conv_laws!(5, [2, 3], [1, 2], Valid, false, [1, 1], 1, [4, 5, 2], Tanh);
            Conv<1, 1, 4, 3, f64>, conv_laws!(3, [1, 1], [1, 1], Valid, true, [1, 1], 1, [2, 3, 4], Identity);
            Conv<3, 2, 1, 4, f64>, conv_laws!(4, [3, 2], [2, 1], Amount(1), true, [1, 1], 2, [3, 4, 2], Identity);
            Conv<2, 2, 2, 3, f64>, conv_laws!(3, [2, 2], [1, 1], Same, true, [2, 1], 1, [4, 3, 2], Relu);
            Conv<2, 2, 1, 6, f64>, conv_laws!(6, [2, 2], [1, 1], Causal, true, [1, 2], 3, [2, 4, 3], Identity);
        }
    }
}
