use crate::kernels::{prelu_backward, prelu_forward};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

/// `x` for `x > 0`, else `slope · x`, with a learnt slope for each of the `C` channels of the innermost axis, or one for all
/// (He et al., 2015).
///
/// In `network!`: `PRelu(shared = false)`. Any shape. As PyTorch's `PReLU(C)`, and with `shared = true`, where `C` is 1, as its
/// `PReLU()`; Keras has a slope for each position as well, unless its `shared_axes` say otherwise, and starts at 0. The slopes are
/// not decayed.
#[repr(C)]
#[derive(Debug)]
pub struct PRelu<const C: usize, T = f32> {
    /// `[C]`, ¼ at the start; one for all channels, of however many, where `C` is 1.
    pub slope: [T; C],
}

crate::plain! { impl[const C: usize, T] PRelu<C, T> { slope: [T; C] } }

impl<const C: usize, T: Scalar> Layer<T> for PRelu<C, T> {
    type Config = spec::PRelu;
    type Gradient = Self;

    const PARTS: &'static [Part] = &[Part::tensor("slope", Shape::new(&[C]), Role::Bias).torch(Torch::SCALE)];

    fn initialize(&mut self, _call: &Call<Self::Config>, _random: &mut Random) {
        self.slope.fill(T::of(0.25));
    }

    fn forward(&self, _call: &Call<Self::Config>, _pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        prelu_forward(&self.slope, input, output);
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
        let d_slope = gradient.map(|gradient| &mut gradient.slope[..]);
        prelu_backward(&self.slope, values.input, d_output, d_input, d_slope);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};

    #[test]
    fn each_channel_has_its_slope() {
        let call = call!(PRelu { shared: false }, [2, 2]);
        let found = forward(&PRelu { slope: [0.5, -2.0] }, &call, &Pass::inference(1), &[-1.0, -1.0, 3.0, 0.0]);
        assert_near(&found, &[-0.5, 2.0, 3.0, 0.0]);
        assert_eq!(initialized::<PRelu<2, f64>>(&call).slope, [0.25; 2]);
        let call = call!(PRelu { shared: true }, [2, 2]);
        let found = forward(&PRelu { slope: [0.5] }, &call, &Pass::inference(1), &[-1.0, -1.0, 3.0, 0.0]);
        assert_near(&found, &[-0.5, -0.5, 3.0, 0.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            PRelu<1, f64>, laws!(PRelu { shared: false }, [1], 1);
            PRelu<1, f64>, laws!(PRelu { shared: false }, [5, 1], 3);
            PRelu<7, f64>, laws!(PRelu { shared: false }, [7], 3);
            PRelu<5, f64>, laws!(PRelu { shared: false }, [3, 5], 2);
            PRelu<4, f64>, laws!(PRelu { shared: false }, [2, 3, 4], 3);
            PRelu<17, f64>, laws!(PRelu { shared: false }, [1, 1, 17], 2);
            PRelu<33, f64>, laws!(PRelu { shared: false }, [33], 4);
            PRelu<2, f64>, laws!(PRelu { shared: false }, [2, 2, 3, 1, 2], 2);
            PRelu<1, f64>, laws!(PRelu { shared: true }, [1], 1);
            PRelu<1, f64>, laws!(PRelu { shared: true }, [7], 3);
            PRelu<1, f64>, laws!(PRelu { shared: true }, [3, 5], 2);
            PRelu<1, f64>, laws!(PRelu { shared: true }, [2, 3, 4], 3);
            PRelu<1, f64>, laws!(PRelu { shared: true }, [1, 1, 17], 2);
            PRelu<1, f64>, laws!(PRelu { shared: true }, [33], 4);
            PRelu<1, f64>, laws!(PRelu { shared: true }, [2, 2, 3, 1, 2], 2);
            PRelu<1, f64>, laws!(PRelu { shared: true }, [101, 3], 1);
        }
    }
}
