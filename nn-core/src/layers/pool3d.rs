use super::stateless;
use crate::kernels::{
    avg_pool3d_backward, avg_pool3d_forward, max_pool3d_backward, max_pool3d_forward, pool3d_scratch,
};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec::{self, Shape};

stateless! {
    /// The largest element of each window: `[depth, height, width, channels]` to
    /// `[out depth, out height, out width, channels]`, as Keras' `MaxPooling3D`.
    ///
    /// In `network!`: `MaxPool3d(kernel, stride = kernel, padding = valid)`, with arguments as for [`Conv3d`](super::Conv3d).
    /// Positions outside the input never win. Of equal elements the first, plane by plane and row by row, gets the gradient.
    MaxPool3d { max_forward, max_backward, scratch }
}

fn max_forward<T: Scalar>(call: &Call<spec::MaxPool3d>, pass: &Pass, input: &[T], output: &mut [T], scratch: &mut [T]) {
    max_pool3d_forward(&call.config.geometry(call.input), pass.samples, input, output, scratch);
}

fn max_backward<T: Scalar>(
    call: &Call<spec::MaxPool3d>,
    pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let geometry = call.config.geometry(call.input);
    max_pool3d_backward(&geometry, pass.samples, values.input, values.output, d_output, d_input, scratch);
}

stateless! {
    /// The mean of each window: `[depth, height, width, channels]` to `[out depth, out height, out width, channels]`, as Keras'
    /// `AveragePooling3D`.
    ///
    /// In `network!`: `AvgPool3d(kernel, stride = kernel, padding = valid)`, with arguments as for [`Conv3d`](super::Conv3d).
    /// Positions outside the input do not count (PyTorch: `count_include_pad=False`).
    AvgPool3d { avg_forward, avg_backward, scratch }
}

fn avg_forward<T: Scalar>(call: &Call<spec::AvgPool3d>, pass: &Pass, input: &[T], output: &mut [T], scratch: &mut [T]) {
    avg_pool3d_forward(&call.config.geometry(call.input), pass.samples, input, output, scratch);
}

fn avg_backward<T: Scalar>(
    call: &Call<spec::AvgPool3d>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    avg_pool3d_backward(&call.config.geometry(call.input), pass.samples, d_output, d_input, scratch);
}

macro_rules! scratch {
    ($($name:ident),*) => {$(
        impl spec::$name {
            /// Elements of scratch memory: planes that are pooled as images.
            pub const fn scratch(&self, input: Shape) -> usize {
                pool3d_scratch(&self.geometry(input))
            }

            /// As much for predictions.
            pub const fn forward_scratch(&self, input: Shape, _samples: usize) -> usize {
                self.scratch(input)
            }
        }
    )*};
}

scratch! { MaxPool3d, AvgPool3d }

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Padding::{Amount, Causal, Same, Sides, Valid};

    #[test]
    fn windows_give_their_maximum_or_mean() {
        let (pass, volume) = (Pass::inference(1), [1.0, -2.0, 3.0, 4.0, 5.0, -6.0, 7.0, 8.0]);
        let max = call!(MaxPool3d { kernel: [2, 1, 2], stride: None, padding: Valid }, [2, 2, 2, 1]);
        assert_near(&forward(&MaxPool3d, &max, &pass, &volume), &[5.0, 8.0]);
        let mean = call!(AvgPool3d { kernel: [2, 1, 1], stride: Some([1; 3]), padding: Causal }, [2, 2, 2, 1]);
        assert_near(&forward(&AvgPool3d, &mean, &pass, &volume), &[1.0, -2.0, 3.0, 4.0, 3.0, -4.0, 5.0, 6.0]);
    }

    macro_rules! pool_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                macro_rules! of {
                    ($kernel:expr, $stride:expr, $padding:expr, $input:expr, $samples:expr) => {{
                        let laws = laws!($name { kernel: $kernel, stride: $stride, padding: $padding }, $input, $samples);
                        let call = call!($name { kernel: $kernel, stride: $stride, padding: $padding }, $input);
                        laws.scratch(call.config.scratch(call.input))
                    }};
                }
                gradient_laws! {
                    $name, of!([1; 3], None, Valid, [1, 1, 1, 1], 1);
                    $name, of!([2; 3], None, Valid, [4, 2, 4, 2], 2);
                    $name, of!([2; 3], None, Valid, [3, 5, 2, 1], 3);
                    $name, of!([3, 2, 1], Some([1; 3]), Same, [3, 2, 3, 2], 2);
                    $name, of!([2, 1, 3], Some([2, 1, 1]), Causal, [3, 2, 4, 1], 2);
                    $name, of!([3; 3], Some([1, 2, 2]), Amount(1), [2, 3, 3, 3], 1);
                    $name, of!([3, 3, 2], Some([2, 1, 3]), Sides([1, 1]), [2, 2, 3, 2], 2);
                    $name, of!([1, 2, 2], Some([3, 1, 1]), Valid, [4, 3, 2, 17], 1);
                }
            }
        )*};
    }

    pool_laws! {
        max_pool_laws: MaxPool3d;
        avg_pool_laws: AvgPool3d;
    }
}
