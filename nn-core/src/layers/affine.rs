//! What goes to each channel of an affine layer's output, scaled and shifted.

use super::{
    Bilinear, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, Dense, DepthwiseConv1d, DepthwiseConv2d,
    SeparableConv1d, SeparableConv2d, WeightNormConv2d, WeightNormDense,
};
use crate::layer::Affine;
use crate::scalar::Scalar;
use crate::simd::Plain;

/// Scales columns: the last axis of a weight, or the last ones together, belongs to the output's channels.
fn scale_columns<T: Scalar>(weight: &mut [T], scale: &[T]) {
    for row in weight.chunks_exact_mut(scale.len().max(1)) {
        row.iter_mut().zip(scale).for_each(|(weight, &scale)| *weight *= scale);
    }
}

/// Scales runs of neighbours: `run` scalars behind one another belong to a channel.
fn scale_runs<T: Scalar>(weight: &mut [T], scale: &[T], run: usize) {
    for (run, &scale) in weight.chunks_exact_mut(run.max(1)).zip(scale.iter().cycle()) {
        run.iter_mut().for_each(|weight| *weight *= scale);
    }
}

fn move_bias<T: Scalar>(bias: &mut [T], scale: &[T], shift: &mut [T]) {
    for ((bias, &scale), shift) in bias.iter_mut().zip(scale).zip(shift) {
        *bias = *bias * scale + *shift;
        *shift = T::zero();
    }
}

macro_rules! affine {
    ($($name:ident<$($size:ident),+>, |$layer:ident, $scale:ident| $weight:expr;)*) => {$(
        impl<$(const $size: usize,)+ T: Scalar, B: Plain<T>> Affine<T> for $name<$($size,)+ T, B> {
            fn scale_and_shift(&mut self, $scale: &[T], shift: &mut [T]) {
                let $layer = self;
                $weight;
                move_bias($layer.bias.as_mut_slice(), $scale, shift);
            }
        }
    )*};
}

affine! {
    Dense<IN, OUT>, |layer, scale| scale_columns(layer.weight.as_flattened_mut(), scale);
    Bilinear<FIRST, SECOND, OUT>, |layer, scale| scale_columns(layer.weight.as_flattened_mut().as_flattened_mut(), scale);
    Conv1d<K, C, F>, |layer, scale| scale_columns(layer.weight.as_flattened_mut().as_flattened_mut(), scale);
    Conv2d<KH, KW, C, F>, |layer, scale| scale_columns(layer.flat_weight_mut(), scale);
    Conv3d<KD, KH, KW, C, F>, |layer, scale| scale_columns(layer.flat_weight_mut(), scale);
    DepthwiseConv1d<K, C, M>, |layer, scale| scale_columns(layer.weight.as_flattened_mut().as_flattened_mut(), scale);
    DepthwiseConv2d<KH, KW, C, M>, |layer, scale| scale_columns(layer.flat_weight_mut(), scale);
    ConvTranspose1d<K, F, C>, |layer, scale| {
        scale_runs(layer.weight.as_flattened_mut().as_flattened_mut(), scale, C)
    };
    ConvTranspose2d<KH, KW, F, C>, |layer, scale| {
        scale_runs(layer.weight.as_flattened_mut().as_flattened_mut().as_flattened_mut(), scale, C)
    };
    SeparableConv1d<K, C, M, F>, |layer, scale| {
        scale_columns(layer.pointwise.as_flattened_mut().as_flattened_mut(), scale)
    };
    SeparableConv2d<KH, KW, C, M, F>, |layer, scale| {
        scale_columns(layer.pointwise.as_flattened_mut().as_flattened_mut(), scale)
    };
    WeightNormDense<IN, OUT>, |layer, scale| scale_columns(&mut layer.magnitude, scale);
    WeightNormConv2d<KH, KW, C, F>, |layer, scale| scale_columns(&mut layer.magnitude, scale);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::layer::{Call, Folded, Layer, Memory, Pass};
    use crate::layers::BatchNorm;
    use crate::layers::testing::initialized;
    use crate::random::Random;
    use crate::spec::{self, Padding, Shape};
    use alloc::vec;
    use alloc::vec::Vec;

    fn output<L: Layer<f64>>(layer: &L, call: &Call<L::Config>, input: &[f64]) -> Vec<f64> {
        let mut found = vec![f64::NAN; 2 * call.output.len()];
        let (mut tape, mut scratch) = (vec![f64::NAN; 1 << 12], vec![f64::NAN; 1 << 16]);
        let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
        layer.forward(call, &Pass::inference(2), input, &mut found, memory);
        found
    }

    /// Holds an affine layer and a norm behind it to the same after folding.
    fn folds<L: Affine<f64>, const C: usize>(config: L::Config, input: Shape, shape: Shape, has_bias: bool) {
        let mut random = Random::new(7);
        let mut number = |low: f64, high: f64| low + (high - low) * random.uniform();
        let call = Call::new(config, input, shape, 0);
        let mut layer = initialized::<L>(&call);
        layer.as_mut_slice().iter_mut().for_each(|weight| *weight += number(-0.1, 0.1));
        let norm_call = Call::new(spec::BatchNorm { momentum: 0.9, epsilon: 1e-3 }, shape, shape, 1);
        let mut norm = initialized::<BatchNorm<C, f64>>(&norm_call);
        for channel in 0..C {
            (norm.scale[channel], norm.shift[channel]) = (number(-2.0, 2.0), number(-1.0, 1.0));
            (norm.running_mean[channel], norm.running_variance[channel]) = (number(-1.0, 1.0), number(0.1, 3.0));
        }
        let values: Vec<f64> = (0..2 * input.len()).map(|_| number(-1.0, 1.0)).collect();
        let expected = output(&*norm, &norm_call, &output(&*layer, &call, &values));
        norm.fold_into(&norm_call, &mut *layer);
        let between = output(&*layer, &call, &values);
        let found = output(&*norm, &norm_call, &between);
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} is not {expected}");
        }
        assert!(!has_bias || found == between, "nothing is left to do for the norm");
    }

    macro_rules! folds {
        ($($name:ident<$($size:literal),+>, $channels:literal, $arguments:tt, $input:expr;)*) => {$({
            let (config, input) = (spec::$name $arguments, Shape::new(&$input));
            let shape = config.out_shape(input).expect("a shape that it takes");
            folds::<$name<$($size,)+ f64>, $channels>(config, input, shape, true);
            folds::<$name<$($size,)+ f64, [f64; 0]>, $channels>(config, input, shape, false);
        })*};
    }

    #[test]
    fn every_affine_layer_takes_a_norm_over() {
        let (padding, bias, groups) = (Padding::Same, true, 1);
        folds! {
            Dense<3, 5>, 5, { units: 5, bias, input: None }, [4, 3];
            Bilinear<2, 3, 4>, 4, { units: 4, first: 2, bias }, [5];
            Conv1d<3, 2, 4>, 4, { filters: 4, kernel: 3, stride: 1, padding, bias, dilation: 1, groups }, [5, 2];
            Conv2d<3, 2, 1, 4>, 4, { filters: 4, kernel: [3, 2], stride: [1, 2], padding, bias, dilation: [1, 1], groups: 2 }, [4, 5, 2];
            Conv3d<2, 3, 1, 2, 3>, 3, { filters: 3, kernel: [2, 3, 1], stride: [1; 3], padding, bias, dilation: [1; 3], groups }, [3, 2, 2, 2];
            DepthwiseConv1d<3, 2, 2>, 4, { kernel: 3, multiplier: 2, stride: 1, padding, bias, dilation: 2 }, [5, 2];
            DepthwiseConv2d<3, 3, 2, 3>, 6, { kernel: [3, 3], multiplier: 3, stride: [1, 1], padding, bias, dilation: [1, 1] }, [3, 4, 2];
            ConvTranspose1d<3, 4, 2>, 4, { filters: 4, kernel: 3, stride: 2, padding, bias, output_padding: 0 }, [4, 2];
            ConvTranspose2d<3, 3, 4, 2>, 4, { filters: 4, kernel: [3, 3], stride: [2, 2], padding, bias, output_padding: [0, 0] }, [3, 2, 2];
            SeparableConv1d<3, 2, 2, 5>, 5, { filters: 5, kernel: 3, stride: 1, padding, bias, multiplier: 2, dilation: 1 }, [5, 2];
            SeparableConv2d<3, 3, 2, 1, 5>, 5, { filters: 5, kernel: [3, 3], stride: [1, 1], padding, bias, multiplier: 1, dilation: [1, 1] }, [3, 4, 2];
            WeightNormDense<3, 5>, 5, { units: 5, bias, input: None }, [3];
            WeightNormConv2d<3, 3, 2, 4>, 4, { filters: 4, kernel: [3, 3], stride: [1, 1], padding, bias, dilation: [1, 1], groups }, [3, 4, 2];
        }
    }
}
