use crate::kernels::{inline, layer_norm_backward, layer_norm_forward};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::{Isa, Plain};
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

/// Layer normalisation (Ba, Kiros and Hinton, 2016): `y = scale · (x - mean) / √(variance + epsilon) + shift`, with mean and
/// (biased) variance of the `C` features of the innermost axis, for each position of each sample by itself.
///
/// In `network!`: `LayerNorm(epsilon = 0.00001, bias = true)`; without `bias` there is no shift. Any shape. As PyTorch's
/// `LayerNorm` over the last axis; Keras' has an epsilon of 0.001. It computes the same in training and in inference.
#[repr(C)]
#[derive(Debug)]
pub struct LayerNorm<const C: usize, T = f32, B = [T; C]> {
    /// `[C]`, 1 at the start.
    pub scale: [T; C],
    /// `[C]`, 0 at the start, or `[T; 0]` for a layer without shift.
    pub shift: B,
}

crate::plain! { impl[const C: usize, T, B] LayerNorm<C, T, B> { scale: [T; C], shift: B } }

impl<const C: usize, T: Scalar, B: Plain<T>> Layer<T> for LayerNorm<C, T, B> {
    type Config = spec::LayerNorm;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == C || B::LEN == 0, "the shift has one number for each feature, or none");
        &[
            Part::tensor("scale", Shape::new(&[C]), Role::Bias).torch(Torch::SCALE),
            Part::tensor("shift", Shape::new(&[B::LEN]), Role::Bias).torch(Torch::SHIFT),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, _random: &mut Random) {
        self.scale.fill(T::one());
    }

    fn forward(&self, call: &Call<Self::Config>, _pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        layer_norm_forward(T::of(call.config.epsilon), &self.scale, self.shift.as_slice(), input, output);
    }

    #[inline(always)]
    fn forward_on<I: Isa>(
        &self,
        call: &Call<Self::Config>,
        _pass: &Pass,
        input: &[T],
        output: &mut [T],
        _memory: Memory<'_, T>,
    ) {
        let (epsilon, shift) = (T::of(call.config.epsilon), self.shift.as_slice());
        inline::layer_norm_forward::<I, T>(epsilon, &self.scale, shift, input, output);
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        _pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        _memory: Memory<'_, T>,
    ) {
        let d_parameters = gradient.map(|gradient| (&mut gradient.scale[..], gradient.shift.as_mut_slice()));
        let epsilon = T::of(call.config.epsilon);
        layer_norm_backward(epsilon, &self.scale, values.input, d_output, d_input, d_parameters);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};

    type Bare<const C: usize> = LayerNorm<C, f64, [f64; 0]>;

    #[test]
    fn each_row_is_normalised_by_itself() {
        let norm = LayerNorm { scale: [2.0, 3.0], shift: [0.5, -1.0] };
        let call = call!(LayerNorm { epsilon: 1.0, bias: true }, [2, 2]);
        // The variances are 4 and 0.
        let factor = 2.0 / f64::sqrt(5.0);
        let expected = [-2.0 * factor + 0.5, 3.0 * factor - 1.0, 0.5, -1.0];
        assert_near(&forward(&norm, &call, &Pass::inference(1), &[1.0, 5.0, 7.0, 7.0]), &expected);
    }

    #[test]
    fn the_default_changes_nothing_but_the_distribution() {
        let call = call!(LayerNorm { epsilon: 1e-5, bias: true }, [3]);
        let norm = initialized::<LayerNorm<3, f64>>(&call);
        assert_eq!((norm.scale, norm.shift), ([1.0; 3], [0.0; 3]));
        let names = crate::tensors::tensors(<Bare<3> as Layer<f64>>::PARTS);
        assert_eq!(names.len(), 1);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            LayerNorm<1, f64>, laws!(LayerNorm { epsilon: 1e-1, bias: true }, [1], 1);
            LayerNorm<2, f64>, laws!(LayerNorm { epsilon: 1e-1, bias: true }, [2], 3);
            LayerNorm<7, f64>, laws!(LayerNorm { epsilon: 1e-5, bias: true }, [7], 3);
            Bare<7>, laws!(LayerNorm { epsilon: 1e-5, bias: false }, [7], 2);
            LayerNorm<5, f64>, laws!(LayerNorm { epsilon: 1e-3, bias: true }, [3, 5], 2);
            Bare<3>, laws!(LayerNorm { epsilon: 1e-2, bias: false }, [2, 3, 3], 3);
            LayerNorm<17, f64>, laws!(LayerNorm { epsilon: 1e-5, bias: true }, [1, 3, 17], 2);
            LayerNorm<40, f64>, laws!(LayerNorm { epsilon: 1e-5, bias: true }, [2, 40], 2);
            LayerNorm<4, f64>, laws!(LayerNorm { epsilon: 1e-2, bias: true }, [2, 1, 2, 3, 4], 1);
            LayerNorm<70, f64>, laws!(LayerNorm { epsilon: 1e-5, bias: true }, [70], 3);
        }
    }
}
