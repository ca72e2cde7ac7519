use crate::kernels::{channel_scale_backward, channel_scale_forward};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role};

/// A learnt factor for each of the `C` channels of the innermost axis: `y = scale · x`, at the end of a residual branch, which so
/// begins as nearly nothing (Touvron et al., 2021).
///
/// In `network!`: `LayerScale(initial = 0.00001)`. Any shape. As timm's `LayerScale`; ConvNeXt begins with 0.000001, and
/// `LayerScale(1.0)` is a factor that is learnt from 1.
#[repr(C)]
#[derive(Debug)]
pub struct LayerScale<const C: usize, T = f32> {
    /// `[C]`.
    pub scale: [T; C],
}

crate::plain! { impl[const C: usize, T] LayerScale<C, T> { scale: [T; C] } }

impl<const C: usize, T: Scalar> Layer<T> for LayerScale<C, T> {
    type Config = spec::LayerScale;
    type Gradient = Self;

    const PARTS: &'static [Part] = &[Part::tensor("scale", Shape::new(&[C]), Role::Bias)];

    fn initialize(&mut self, call: &Call<Self::Config>, _random: &mut Random) {
        self.scale.fill(T::of(call.config.initial));
    }

    fn forward(&self, _call: &Call<Self::Config>, _pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        channel_scale_forward(&self.scale, input, output);
    }

    fn backward(
        &self,
        _call: &Call<Self::Config>,
        _pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        _memory: Memory<'_, T>,
    ) {
        let d_scale = gradient.map(|gradient| &mut gradient.scale[..]);
        channel_scale_backward(&self.scale, values.input, d_output, d_input, d_scale);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};

    #[test]
    fn each_channel_has_a_factor() {
        let call = call!(LayerScale { initial: 0.5 }, [2, 2]);
        let scale = LayerScale { scale: [2.0, -1.0] };
        assert_near(&forward(&scale, &call, &Pass::inference(1), &[1.0, 5.0, 3.0, 0.5]), &[2.0, -5.0, 6.0, -0.5]);
        assert_eq!(initialized::<LayerScale<2, f64>>(&call).scale, [0.5; 2]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            LayerScale<1, f64>, laws!(LayerScale { initial: 1.0 }, [1], 1);
            LayerScale<2, f64>, laws!(LayerScale { initial: 1.0 }, [2], 3);
            LayerScale<7, f64>, laws!(LayerScale { initial: 1e-5 }, [7], 3);
            LayerScale<5, f64>, laws!(LayerScale { initial: 1.0 }, [3, 5], 2);
            LayerScale<3, f64>, laws!(LayerScale { initial: 1.0 }, [2, 3, 3], 3);
            LayerScale<17, f64>, laws!(LayerScale { initial: 1.0 }, [1, 3, 17], 2);
            LayerScale<4, f64>, laws!(LayerScale { initial: 1.0 }, [2, 1, 2, 3, 4], 1);
            LayerScale<70, f64>, laws!(LayerScale { initial: 1.0 }, [70], 3);
        }
    }
}
