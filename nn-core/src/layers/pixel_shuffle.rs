use super::stateless;
use crate::kernels::{Layout, gather, scatter};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Channels of one pixel become pixels side by side (Shi et al., 2016), as PyTorch's `PixelShuffle`:
    /// `y[f · h + i, f · w + j, c] = x[h, w, f² · c + f · i + j]`.
    ///
    /// In `network!`: `PixelShuffle(factor)`. `[8, 8, 12]` becomes `[16, 16, 3]` with factor 2.
    PixelShuffle { forward, backward }
}

/// Where each element of the output lies in the input.
fn layout(call: &Call<spec::PixelShuffle>, samples: usize) -> Layout {
    let ([height, width, channels], factor) = ([0, 1, 2].map(|axis| call.input.dim(axis)), call.config.factor);
    let rows = Layout::new(0).axis(samples * height, width * channels).axis(factor, factor);
    rows.axis(width, channels).axis(factor, 1).axis(call.output.last(), factor * factor)
}

fn forward<T: Scalar>(call: &Call<spec::PixelShuffle>, pass: &Pass, input: &[T], output: &mut [T]) {
    gather(&layout(call, pass.samples), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::PixelShuffle>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    scatter(&layout(call, pass.samples), d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn channels_become_a_square_of_pixels() {
        let call = call!(PixelShuffle { factor: 2 }, [1, 2, 4]);
        let output = forward(&PixelShuffle, &call, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        assert_near(&output, &[1.0, 2.0, 5.0, 6.0, 3.0, 4.0, 7.0, 8.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            PixelShuffle, laws!(PixelShuffle { factor: 1 }, [1, 1, 1], 1);
            PixelShuffle, laws!(PixelShuffle { factor: 1 }, [3, 2, 5], 2);
            PixelShuffle, laws!(PixelShuffle { factor: 2 }, [1, 1, 4], 3);
            PixelShuffle, laws!(PixelShuffle { factor: 2 }, [3, 2, 12], 2);
            PixelShuffle, laws!(PixelShuffle { factor: 3 }, [2, 1, 9], 2);
            PixelShuffle, laws!(PixelShuffle { factor: 3 }, [1, 2, 18], 1);
            PixelShuffle, laws!(PixelShuffle { factor: 2 }, [4, 1, 68], 2);
            PixelShuffle, laws!(PixelShuffle { factor: 4 }, [1, 3, 16], 2);
        }
    }
}
