use super::stateless;
use crate::kernels::{Layout, gather, scatter_add};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Each pixel of an image repeated, down and to the right: the nearest neighbour, as Keras' `UpSampling2D`.
    ///
    /// In `network!`: `UpSample2d(factor = 2)`, or `UpSample2d([2, 3])` for factors of their own down and to the right.
    /// `[8, 8, 16]` becomes `[16, 16, 16]`.
    UpSample2d { forward, backward }
}

/// Where each element of the output lies in the input: rows and columns each are two axes, of which one repeats.
fn layout(call: &Call<spec::UpSample2d>, samples: usize) -> Layout {
    let ([height, width, channels], [down, right]) = ([0, 1, 2].map(|axis| call.input.dim(axis)), call.config.factor);
    let image = Layout::new(0).axis(samples, call.input.len());
    image.axis(height, width * channels).axis(down, 0).axis(width, channels).axis(right, 0).axis(channels, 1)
}

fn forward<T: Scalar>(call: &Call<spec::UpSample2d>, pass: &Pass, input: &[T], output: &mut [T]) {
    gather(&layout(call, pass.samples), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::UpSample2d>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    d_input.fill(T::zero());
    scatter_add(&layout(call, pass.samples), d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn pixels_are_repeated_both_ways() {
        let call = call!(UpSample2d { factor: [2, 3] }, [2, 1, 2]);
        let expected: alloc::vec::Vec<f64> = [[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [3.0, 4.0]]
            .map(|pixel| [pixel; 3])
            .as_flattened()
            .as_flattened()
            .into();
        assert_near(&forward(&UpSample2d, &call, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0]), &expected);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            UpSample2d, laws!(UpSample2d { factor: [1, 1] }, [1, 1, 1], 1);
            UpSample2d, laws!(UpSample2d { factor: [2, 2] }, [1, 1, 1], 3);
            UpSample2d, laws!(UpSample2d { factor: [2, 2] }, [3, 2, 5], 2);
            UpSample2d, laws!(UpSample2d { factor: [3, 1] }, [2, 3, 1], 2);
            UpSample2d, laws!(UpSample2d { factor: [1, 4] }, [5, 1, 2], 3);
        }
    }
}
