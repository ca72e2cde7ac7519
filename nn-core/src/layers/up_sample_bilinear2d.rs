use super::stateless;
use crate::kernels::{bilinear_backward, bilinear_forward};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// An image with more pixels, interpolated linearly down and to the right, as PyTorch's `Upsample` with
    /// `mode="bilinear", align_corners=False` and Keras' `UpSampling2D` with `interpolation="bilinear"`: the centre of output
    /// `i` lies at `(i + ½) / factor - ½` among the centres of the input, or at the nearest of them outside.
    ///
    /// In `network!`: `UpSampleBilinear2d(factor = 2)`, or `UpSampleBilinear2d([2, 3])` for factors of their own down and to
    /// the right. `[8, 8, 16]` becomes `[16, 16, 16]`.
    UpSampleBilinear2d { forward, backward }
}

fn forward<T: Scalar>(call: &Call<spec::UpSampleBilinear2d>, pass: &Pass, input: &[T], output: &mut [T]) {
    let shape = [0, 1, 2].map(|axis| call.input.dim(axis));
    bilinear_forward(shape, call.config.factor, pass.samples, input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::UpSampleBilinear2d>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    let shape = [0, 1, 2].map(|axis| call.input.dim(axis));
    d_input.fill(T::zero());
    bilinear_backward(shape, call.config.factor, pass.samples, d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn pixels_between_are_mixed() {
        let call = call!(UpSampleBilinear2d { factor: [1, 2] }, [1, 3, 1]);
        let output = forward(&UpSampleBilinear2d, &call, &Pass::inference(1), &[0.0, 4.0, 8.0]);
        assert_near(&output, &[0.0, 1.0, 3.0, 5.0, 7.0, 8.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            UpSampleBilinear2d, laws!(UpSampleBilinear2d { factor: [1, 1] }, [1, 1, 1], 1);
            UpSampleBilinear2d, laws!(UpSampleBilinear2d { factor: [1, 1] }, [3, 2, 4], 2);
            UpSampleBilinear2d, laws!(UpSampleBilinear2d { factor: [2, 2] }, [1, 1, 1], 3);
            UpSampleBilinear2d, laws!(UpSampleBilinear2d { factor: [2, 2] }, [3, 2, 5], 2);
            UpSampleBilinear2d, laws!(UpSampleBilinear2d { factor: [3, 1] }, [2, 3, 1], 2);
            UpSampleBilinear2d, laws!(UpSampleBilinear2d { factor: [1, 4] }, [5, 1, 2], 3);
            UpSampleBilinear2d, laws!(UpSampleBilinear2d { factor: [2, 3] }, [1, 4, 17], 1);
            UpSampleBilinear2d, laws!(UpSampleBilinear2d { factor: [5, 2] }, [2, 2, 1], 2);
        }
    }
}
