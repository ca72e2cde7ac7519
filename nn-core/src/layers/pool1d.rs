use super::stateless;
use crate::kernels::{avg_pool2d_backward, avg_pool2d_forward, max_pool2d_backward, max_pool2d_forward};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// The largest element of each window: `[time, channels]` to `[out time, channels]`, as Keras' `MaxPooling1D`.
    ///
    /// In `network!`: `MaxPool1d(kernel, stride = kernel, padding = valid)`, with paddings as for [`Conv1d`](super::Conv1d).
    /// Steps outside the input never win. Of equal elements the first gets the gradient.
    MaxPool1d { max_forward, max_backward }
}

fn max_forward<T: Scalar>(call: &Call<spec::MaxPool1d>, pass: &Pass, input: &[T], output: &mut [T]) {
    max_pool2d_forward(&call.config.geometry(call.input), pass.samples, input, output);
}

fn max_backward<T: Scalar>(
    call: &Call<spec::MaxPool1d>,
    pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    let geometry = call.config.geometry(call.input);
    max_pool2d_backward(&geometry, pass.samples, values.input, values.output, d_output, d_input);
}

stateless! {
    /// The mean of each window: `[time, channels]` to `[out time, channels]`, as Keras' `AveragePooling1D`.
    ///
    /// In `network!`: `AvgPool1d(kernel, stride = kernel, padding = valid)`, with paddings as for [`Conv1d`](super::Conv1d).
    /// Steps outside the input do not count (PyTorch: `count_include_pad=False`).
    AvgPool1d { avg_forward, avg_backward }
}

fn avg_forward<T: Scalar>(call: &Call<spec::AvgPool1d>, pass: &Pass, input: &[T], output: &mut [T]) {
    avg_pool2d_forward(&call.config.geometry(call.input), pass.samples, input, output);
}

fn avg_backward<T: Scalar>(
    call: &Call<spec::AvgPool1d>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    avg_pool2d_backward(&call.config.geometry(call.input), pass.samples, d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Padding::{Amount, Causal, Same, Sides, Valid};

    #[test]
    fn windows_give_their_maximum_or_mean() {
        let (pass, steps) = (Pass::inference(1), [1.0, -2.0, 3.0, 4.0, 5.0]);
        let max = call!(MaxPool1d { kernel: 2, stride: Some(1), padding: Causal }, [5, 1]);
        assert_near(&forward(&MaxPool1d, &max, &pass, &steps), &[1.0, 1.0, 3.0, 4.0, 5.0]);
        let mean = call!(AvgPool1d { kernel: 2, stride: None, padding: Same }, [5, 1]);
        assert_near(&forward(&AvgPool1d, &mean, &pass, &steps), &[-0.5, 3.5, 5.0]);
    }

    macro_rules! pool_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name { kernel: 1, stride: None, padding: Valid }, [1, 1], 1);
                    $name, laws!($name { kernel: 2, stride: None, padding: Valid }, [4, 3], 2);
                    $name, laws!($name { kernel: 2, stride: None, padding: Valid }, [7, 2], 3);
                    $name, laws!($name { kernel: 3, stride: Some(1), padding: Same }, [5, 4], 2);
                    $name, laws!($name { kernel: 3, stride: Some(2), padding: Causal }, [6, 2], 2);
                    $name, laws!($name { kernel: 3, stride: Some(1), padding: Amount(1) }, [4, 17], 1);
                    $name, laws!($name { kernel: 4, stride: Some(3), padding: Sides([1, 2]) }, [5, 1], 2);
                    $name, laws!($name { kernel: 1, stride: Some(3), padding: Valid }, [8, 2], 2);
                }
            }
        )*};
    }

    pool_laws! {
        max_pool_laws: MaxPool1d;
        avg_pool_laws: AvgPool1d;
    }
}
