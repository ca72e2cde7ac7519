use crate::kernels::{inline, rms_norm_backward, rms_norm_forward};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Isa;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

/// Root mean square normalisation (Zhang and Sennrich, 2019): `y = scale · x / √(mean of x² + epsilon)` over the `C`
/// features of the innermost axis, for each position of each sample by itself.
///
/// In `network!`: `RmsNorm(epsilon = 0.000001)`. Any shape. As Keras' `RMSNormalization`; PyTorch's `RMSNorm` takes the
/// scalar's rounding unit as its epsilon.
#[repr(C)]
#[derive(Debug)]
pub struct RmsNorm<const C: usize, T = f32> {
    /// `[C]`, 1 at the start.
    pub scale: [T; C],
}

crate::plain! { impl[const C: usize, T] RmsNorm<C, T> { scale: [T; C] } }

impl<const C: usize, T: Scalar> Layer<T> for RmsNorm<C, T> {
    type Config = spec::RmsNorm;
    type Gradient = Self;

    const PARTS: &'static [Part] = &[Part::tensor("scale", Shape::new(&[C]), Role::Bias).torch(Torch::SCALE)];

    fn initialize(&mut self, _call: &Call<Self::Config>, _random: &mut Random) {
        self.scale.fill(T::one());
    }

    fn forward(&self, call: &Call<Self::Config>, _pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        rms_norm_forward(T::of(call.config.epsilon), &self.scale, input, output);
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
        inline::rms_norm_forward::<I, T>(T::of(call.config.epsilon), &self.scale, input, output);
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
        let d_scale = gradient.map(|gradient| &mut gradient.scale[..]);
        rms_norm_backward(T::of(call.config.epsilon), &self.scale, values.input, d_output, d_input, d_scale);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};

    #[test]
    fn each_row_is_divided_by_its_size() {
        let norm = RmsNorm { scale: [2.0, 3.0] };
        let call = call!(RmsNorm { epsilon: 3.0 }, [2, 2]);
        // The mean squares are 13 and 0.
        let expected = [2.0 / 4.0, 15.0 / 4.0, 0.0, 0.0];
        assert_near(&forward(&norm, &call, &Pass::inference(1), &[1.0, 5.0, 0.0, 0.0]), &expected);
        assert_eq!(initialized::<RmsNorm<2, f64>>(&call).scale, [1.0; 2]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            RmsNorm<1, f64>, laws!(RmsNorm { epsilon: 1e-1 }, [1], 1);
            RmsNorm<2, f64>, laws!(RmsNorm { epsilon: 1e-1 }, [2], 3);
            RmsNorm<7, f64>, laws!(RmsNorm { epsilon: 1e-6 }, [7], 3);
            RmsNorm<5, f64>, laws!(RmsNorm { epsilon: 1e-6 }, [3, 5], 2);
            RmsNorm<3, f64>, laws!(RmsNorm { epsilon: 1e-2 }, [2, 3, 3], 3);
            RmsNorm<17, f64>, laws!(RmsNorm { epsilon: 1e-6 }, [1, 3, 17], 2);
            RmsNorm<40, f64>, laws!(RmsNorm { epsilon: 1e-6 }, [2, 40], 2);
            RmsNorm<4, f64>, laws!(RmsNorm { epsilon: 1e-2 }, [2, 1, 2, 3, 4], 1);
            RmsNorm<70, f64>, laws!(RmsNorm { epsilon: 1e-6 }, [70], 3);
        }
    }
}
