use crate::kernels::{
    add_column_sums, conv_pool2d_backward_input, conv_pool2d_backward_weight, conv_pool2d_forward,
    conv_pool2d_forward_scratch, conv_pool2d_keep_won, conv_pool2d_scratch,
};
use crate::layer::{Activations, Call, Memory, Pass, Pooled};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Activation, Shape};

use super::{Conv2d, through_activation};

/// The outputs of so many elements, or of one sample, go backward together: everything that is read of them comes from the
/// second-level cache after the first time.
const TOGETHER: usize = 1 << 13;

/// `y = f(max(x ⋆ W + b))`, where the maximum is taken over the windows of a [`MaxPool2d`](super::MaxPool2d), and `f` is the
/// call's fused activation.
impl<const KH: usize, const KW: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>> Pooled<T>
    for Conv2d<KH, KW, C, F, T, B>
{
    fn forward_pooled(
        &self,
        call: &Call<spec::Conv2d>,
        pool: &Call<spec::MaxPool2d>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
    ) {
        let (geometry, window) = (call.config.geometry(call.input), pool.config.kernel);
        let (weight, bias, activation) = (self.flat_weight(), self.bias.as_slice(), call.activation);
        let Memory { tape, scratch, .. } = memory;
        conv_pool2d_forward(&geometry, window, pass.samples, input, weight, bias, activation, output, tape, scratch);
    }

    fn backward_pooled(
        &self,
        call: &Call<spec::Conv2d>,
        pool: &Call<spec::MaxPool2d>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        mut gradient: Option<&mut Self>,
        memory: Memory<'_, T>,
    ) {
        let (geometry, window, samples) = (call.config.geometry(call.input), pool.config.kernel, pass.samples);
        let (len, Memory { tape, scratch, .. }) = (pool.output.len(), memory);
        let together = (TOGETHER / len.max(1)).max(1);
        for first in (0..samples).step_by(together) {
            let samples = together.min(samples - first);
            let outputs = first * len..(first + samples) * len;
            let d_output = &mut d_output[outputs.clone()];
            let (tape, mut gradient) = (&tape[outputs.clone()], gradient.as_deref_mut());
            let d_bias = gradient.as_mut().map_or(&mut [][..], |gradient| gradient.bias.as_mut_slice());
            if call.activation == Activation::Relu {
                // The winners know what it has cut off.
                conv_pool2d_keep_won(window[0] * window[1], tape, d_output, d_bias);
            } else {
                through_activation(call, values.output.get(outputs).unwrap_or_default(), d_output);
                add_column_sums(d_bias.len(), d_output, d_bias);
            }
            if let Some(gradient) = gradient {
                let input = &values.input[first * call.input.len()..];
                let d_weight = gradient.flat_weight_mut();
                conv_pool2d_backward_weight(&geometry, window, samples, input, tape, d_output, d_weight, scratch);
            }
        }
        if let Some(d_input) = d_input {
            let weight = self.flat_weight();
            conv_pool2d_backward_input(&geometry, window, samples, tape, d_output, weight, d_input, scratch);
        }
    }
}

impl spec::Conv2d {
    /// Elements of scratch memory where a pool behind the convolution is done by its kernel.
    pub const fn pooled_scratch(&self, input: Shape, pool: &spec::MaxPool2d) -> usize {
        conv_pool2d_scratch(&self.geometry(input), pool.kernel)
    }

    /// The same for predictions.
    pub const fn pooled_forward_scratch(&self, input: Shape, pool: &spec::MaxPool2d) -> usize {
        conv_pool2d_forward_scratch(&self.geometry(input), pool.kernel)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layer::Layer;
    use crate::layers::testing::call;
    use crate::random::Random;
    use crate::spec::{MaxPool2d, Padding};
    use crate::tensors::Part;

    /// A convolution and a pool as one layer.
    #[repr(C)]
    struct Fused<const KH: usize, const KW: usize, const C: usize, const F: usize, T, B = [T; F]> {
        conv: Conv2d<KH, KW, C, F, T, B>,
    }
    crate::plain! {
        impl[const KH: usize, const KW: usize, const C: usize, const F: usize, T, B] Fused<KH, KW, C, F, T, B> {
            conv: Conv2d<KH, KW, C, F, T, B>,
        }
    }

    impl<const KH: usize, const KW: usize, const C: usize, const F: usize, B: Plain<f64>> Layer<f64>
        for Fused<KH, KW, C, F, f64, B>
    {
        type Config = (Call<spec::Conv2d>, Call<MaxPool2d>);
        type Gradient = Conv2d<KH, KW, C, F, f64, B>;
        const PARTS: &'static [Part] = <Conv2d<KH, KW, C, F, f64, B> as Layer<f64>>::PARTS;

        fn initialize(&mut self, call: &Call<Self::Config>, random: &mut Random) {
            self.conv.initialize(&call.config.0, random);
        }

        fn forward(
            &self,
            call: &Call<Self::Config>,
            pass: &Pass,
            input: &[f64],
            output: &mut [f64],
            memory: Memory<'_, f64>,
        ) {
            let (conv, pool) = &call.config;
            self.conv.forward_pooled(conv, pool, pass, input, output, memory);
        }

        fn backward(
            &self,
            call: &Call<Self::Config>,
            pass: &Pass,
            values: Activations<'_, f64>,
            d_output: &mut [f64],
            d_input: Option<&mut [f64]>,
            gradient: Option<&mut Self::Gradient>,
            memory: Memory<'_, f64>,
        ) {
            let (conv, pool) = &call.config;
            self.conv.backward_pooled(conv, pool, pass, values, d_output, d_input, gradient, memory);
        }
    }

    type Bare<const KH: usize, const KW: usize, const C: usize, const F: usize> = Fused<KH, KW, C, F, f64, [f64; 0]>;

    fn laws(
        conv: spec::Conv2d,
        window: [usize; 2],
        image: [usize; 3],
        samples: usize,
        activation: Activation,
    ) -> Laws<(Call<spec::Conv2d>, Call<MaxPool2d>)> {
        let output = conv.out_shape(Shape::new(&image)).expect("a shape that the layer takes");
        let axes = [output.dim(0), output.dim(1), output.dim(2)];
        let pool = call!(MaxPool2d { kernel: window, stride: None, padding: Padding::Valid }, axes);
        let conv = Call::new(conv, Shape::new(&image), output, 2).with_activation(activation);
        let fused = Call::new((conv, pool), conv.input, pool.output, 0);
        let scratch = conv.config.pooled_scratch(conv.input, &pool.config);
        Laws::new(fused, samples).tape(pool.output.len()).scratch(scratch)
    }

    #[test]
    fn the_fused_kernel_obeys_the_laws() {
        use Activation::{Identity, LeakyRelu, Relu, Sigmoid, Softplus, Tanh};
        use Padding::{Amount, Same, Valid};
        let conv = |filters, kernel, stride, padding, bias| spec::Conv2d {
            filters,
            kernel,
            stride,
            padding,
            bias,
            dilation: [1, 1],
            groups: 1,
        };
        gradient_laws! {
            Fused<1, 1, 1, 1, f64>, laws(conv(1, [1, 1], [1, 1], Valid, true), [1, 1], [1, 1, 1], 1, Identity);
            Fused<3, 3, 3, 4, f64>, laws(conv(4, [3, 3], [1, 1], Valid, true), [2, 2], [6, 6, 3], 2, Relu);
            Fused<3, 3, 2, 3, f64>, laws(conv(3, [3, 3], [1, 1], Same, true), [2, 2], [5, 4, 2], 3, Tanh);
            Fused<3, 3, 1, 2, f64>, laws(conv(2, [3, 3], [2, 2], Same, true), [3, 1], [7, 5, 1], 2, Sigmoid);
            Bare<2, 3, 2, 5>, laws(conv(5, [2, 3], [1, 2], Valid, false), [3, 2], [5, 7, 2], 1, Relu);
            Fused<3, 2, 1, 1, f64>, laws(conv(1, [3, 2], [2, 1], Amount(2), true), [2, 3], [3, 4, 1], 3, Softplus);
            Bare<1, 1, 5, 3>, laws(conv(3, [1, 1], [1, 1], Valid, false), [1, 2], [3, 3, 5], 4, Identity);
            Fused<3, 3, 1, 17, f64>, laws(conv(17, [3, 3], [1, 1], Same, true), [2, 2], [3, 5, 1], 1, Relu);
            Fused<2, 2, 2, 9, f64>, laws(conv(9, [2, 2], [1, 1], Valid, true), [3, 3], [5, 4, 2], 2, LeakyRelu { slope: 0.2 });
            Fused<4, 4, 1, 2, f64>, laws(conv(2, [4, 4], [1, 1], Same, true), [1, 1], [3, 3, 1], 2, Tanh);
        }
    }
}
