use super::stateless;
use crate::kernels::{Layout, global_avg_pool2d_backward, global_avg_pool2d_forward, largest, largest_backward};
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
}
