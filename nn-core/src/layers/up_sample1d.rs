use super::stateless;
use crate::kernels::{Layout, gather, scatter_add};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Each step of a sequence repeated: the nearest neighbour, as Keras' `UpSampling1D`.
    ///
    /// In `network!`: `UpSample1d(factor = 2)`. `[8, 16]` becomes `[16, 16]`.
    UpSample1d { forward, backward }
}

/// Where each element of the output lies in the input.
fn layout(call: &Call<spec::UpSample1d>, samples: usize) -> Layout {
    let (steps, channels) = (samples * call.input.dim(0), call.input.last());
    Layout::new(0).axis(steps, channels).axis(call.config.factor, 0).axis(channels, 1)
}

fn forward<T: Scalar>(call: &Call<spec::UpSample1d>, pass: &Pass, input: &[T], output: &mut [T]) {
    gather(&layout(call, pass.samples), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::UpSample1d>,
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
    fn steps_are_repeated() {
        let call = call!(UpSample1d { factor: 2 }, [2, 2]);
        let output = forward(&UpSample1d, &call, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0]);
        assert_near(&output, &[1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            UpSample1d, laws!(UpSample1d { factor: 1 }, [1, 1], 1);
            UpSample1d, laws!(UpSample1d { factor: 1 }, [4, 3], 2);
            UpSample1d, laws!(UpSample1d { factor: 2 }, [1, 1], 3);
            UpSample1d, laws!(UpSample1d { factor: 2 }, [3, 5], 2);
            UpSample1d, laws!(UpSample1d { factor: 3 }, [6, 1], 2);
            UpSample1d, laws!(UpSample1d { factor: 4 }, [2, 2], 3);
            UpSample1d, laws!(UpSample1d { factor: 5 }, [1, 17], 1);
            UpSample1d, laws!(UpSample1d { factor: 20 }, [2, 2], 1);
        }
    }
}
