use super::stateless;
use crate::kernels::{
    Layout, avg_pool2d_backward, avg_pool2d_forward, global_avg_pool2d_backward, global_avg_pool2d_forward, largest,
    largest_backward, max_pool2d_backward, max_pool2d_forward,
};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec::{self, Shape};

stateless! {
    /// The largest element of each channel over all axes but the last: `[.., channels]` to `[channels]`, as Keras'
    /// `GlobalMaxPooling1D`, `2D` and `3D`.
    ///
    /// In `network!`: `GlobalMaxPool`. NaN counts as larger than every number; of equal elements the first gets the gradient.
    GlobalMaxPool { max_forward, max_backward }
}

/// Where the largest of each element's channel lies.
fn layout(input: Shape, samples: usize) -> Layout {
    Layout::new(0).axis(samples, input.last()).axis(input.rows(), 0).axis(input.last(), 1)
}

fn max_forward<T: Scalar>(call: &Call<spec::GlobalMaxPool>, pass: &Pass, input: &[T], output: &mut [T]) {
    largest(&layout(call.input, pass.samples), input, output);
}

fn max_backward<T: Scalar>(
    call: &Call<spec::GlobalMaxPool>,
    pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    largest_backward(&layout(call.input, pass.samples), values.input, values.output, d_output, d_input);
}

stateless! {
    /// The mean of each channel over all axes but the last: `[.., channels]` to `[channels]`, as Keras'
    /// `GlobalAveragePooling1D`, `2D` and `3D`.
    ///
    /// In `network!`: `GlobalAvgPool`.
    GlobalAvgPool { avg_forward, avg_backward }
}

fn avg_forward<T: Scalar>(call: &Call<spec::GlobalAvgPool>, _pass: &Pass, input: &[T], output: &mut [T]) {
    global_avg_pool2d_forward(call.input.rows(), call.input.last(), input, output);
}

fn avg_backward<T: Scalar>(
    call: &Call<spec::GlobalAvgPool>,
    _pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    global_avg_pool2d_backward(call.input.rows(), call.input.last(), d_output, d_input);
}

stateless! {
    /// The largest element of each of so many equal parts of an image, for each channel: `[height, width, channels]` to
    /// `[size, size, channels]`, as PyTorch's `AdaptiveMaxPool2d` where the sizes divide.
    ///
    /// In `network!`: `AdaptiveMaxPool2d(size)`, with one size or `[height, width]`; sizes that do not divide those of the
    /// input are an error there.
    AdaptiveMaxPool2d { adaptive_max_forward, adaptive_max_backward }
}

fn adaptive_max_forward<T: Scalar>(call: &Call<spec::AdaptiveMaxPool2d>, pass: &Pass, input: &[T], output: &mut [T]) {
    max_pool2d_forward(&call.config.geometry(call.input), pass.samples, input, output);
}

fn adaptive_max_backward<T: Scalar>(
    call: &Call<spec::AdaptiveMaxPool2d>,
    pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    let geometry = call.config.geometry(call.input);
    max_pool2d_backward(&geometry, pass.samples, values.input, values.output, d_output, d_input);
}

stateless! {
    /// The mean of each of so many equal parts of an image, for each channel: `[height, width, channels]` to
    /// `[size, size, channels]`, as PyTorch's `AdaptiveAvgPool2d` where the sizes divide.
    ///
    /// In `network!`: `AdaptiveAvgPool2d(size)`, with one size or `[height, width]`; sizes that do not divide those of the
    /// input are an error there.
    AdaptiveAvgPool2d { adaptive_avg_forward, adaptive_avg_backward }
}

fn adaptive_avg_forward<T: Scalar>(call: &Call<spec::AdaptiveAvgPool2d>, pass: &Pass, input: &[T], output: &mut [T]) {
    avg_pool2d_forward(&call.config.geometry(call.input), pass.samples, input, output);
}

fn adaptive_avg_backward<T: Scalar>(
    call: &Call<spec::AdaptiveAvgPool2d>,
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

    const NUMBERS: [f64; 8] = [1.0, -2.0, 3.0, 4.0, 5.0, -6.0, 7.0, 8.0];

    #[test]
    fn channels_are_pooled_over_all_positions() {
        let pass = Pass::inference(1);
        assert_near(&forward(&GlobalMaxPool, &call!(GlobalMaxPool {}, [4, 2]), &pass, &NUMBERS), &[7.0, 8.0]);
        assert_near(&forward(&GlobalAvgPool, &call!(GlobalAvgPool {}, [2, 2, 2]), &pass, &NUMBERS), &[4.0, 1.0]);
        let max = call!(AdaptiveMaxPool2d { size: [2, 1] }, [2, 4, 1]);
        assert_near(&forward(&AdaptiveMaxPool2d, &max, &pass, &NUMBERS), &[4.0, 8.0]);
        let mean = call!(AdaptiveAvgPool2d { size: [1, 2] }, [2, 4, 1]);
        assert_near(&forward(&AdaptiveAvgPool2d, &mean, &pass, &NUMBERS), &[-0.5, 5.5]);
    }

    macro_rules! pool_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name {}, [1, 1], 1);
                    $name, laws!($name {}, [1, 7], 2);
                    $name, laws!($name {}, [35, 1], 2);
                    $name, laws!($name {}, [9, 2], 3);
                    $name, laws!($name {}, [4, 4, 3], 1);
                    $name, laws!($name {}, [7, 1, 4], 5);
                    $name, laws!($name {}, [2, 3, 17], 2);
                    $name, laws!($name {}, [2, 1, 3, 2, 4], 2);
                }
            }
        )*};
    }

    pool_laws! {
        global_max_pool_laws: GlobalMaxPool;
        global_avg_pool_laws: GlobalAvgPool;
    }

    macro_rules! adaptive_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name { size: [1, 1] }, [1, 1, 1], 1);
                    $name, laws!($name { size: [1, 1] }, [5, 4, 3], 2);
                    $name, laws!($name { size: [2, 3] }, [4, 6, 2], 3);
                    $name, laws!($name { size: [3, 1] }, [9, 7, 1], 2);
                    $name, laws!($name { size: [1, 5] }, [3, 5, 4], 1);
                    $name, laws!($name { size: [4, 4] }, [4, 4, 5], 2);
                    $name, laws!($name { size: [2, 2] }, [2, 8, 17], 2);
                    $name, laws!($name { size: [5, 2] }, [5, 2, 1], 5);
                }
            }
        )*};
    }

    adaptive_laws! {
        adaptive_max_pool_laws: AdaptiveMaxPool2d;
        adaptive_avg_pool_laws: AdaptiveAvgPool2d;
    }
}
