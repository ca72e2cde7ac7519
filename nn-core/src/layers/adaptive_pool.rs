use super::stateless;
use crate::kernels::{
    avg_pool2d_backward, avg_pool2d_forward, avg_pool3d_backward, avg_pool3d_forward, max_pool2d_backward,
    max_pool2d_forward, max_pool3d_backward, max_pool3d_forward, pool3d_scratch,
};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec::{self, Shape};

/// The kernels of pools whose windows tile a sequence or an image.
macro_rules! flat {
    ($max:ident { $max_forward:ident, $max_backward:ident }, $avg:ident { $avg_forward:ident, $avg_backward:ident }) => {
        fn $max_forward<T: Scalar>(call: &Call<spec::$max>, pass: &Pass, input: &[T], output: &mut [T]) {
            max_pool2d_forward(&call.config.geometry(call.input), pass.samples, input, output);
        }

        fn $max_backward<T: Scalar>(
            call: &Call<spec::$max>,
            pass: &Pass,
            values: Activations<'_, T>,
            d_output: &mut [T],
            d_input: &mut [T],
        ) {
            let geometry = call.config.geometry(call.input);
            max_pool2d_backward(&geometry, pass.samples, values.input, values.output, d_output, d_input);
        }

        fn $avg_forward<T: Scalar>(call: &Call<spec::$avg>, pass: &Pass, input: &[T], output: &mut [T]) {
            avg_pool2d_forward(&call.config.geometry(call.input), pass.samples, input, output);
        }

        fn $avg_backward<T: Scalar>(
            call: &Call<spec::$avg>,
            pass: &Pass,
            _values: Activations<'_, T>,
            d_output: &mut [T],
            d_input: &mut [T],
        ) {
            avg_pool2d_backward(&call.config.geometry(call.input), pass.samples, d_output, d_input);
        }
    };
}

stateless! {
    /// The largest element of each of so many equal parts of a sequence, for each channel: `[time, channels]` to
    /// `[size, channels]`, as PyTorch's `AdaptiveMaxPool1d` where the size divides.
    ///
    /// In `network!`: `AdaptiveMaxPool1d(size)`; a size that does not divide the steps of the input is an error there.
    AdaptiveMaxPool1d { max1d_forward, max1d_backward }
}

stateless! {
    /// The mean of each of so many equal parts of a sequence, for each channel: `[time, channels]` to `[size, channels]`, as
    /// PyTorch's `AdaptiveAvgPool1d` where the size divides.
    ///
    /// In `network!`: `AdaptiveAvgPool1d(size)`; a size that does not divide the steps of the input is an error there.
    AdaptiveAvgPool1d { avg1d_forward, avg1d_backward }
}

flat! { AdaptiveMaxPool1d { max1d_forward, max1d_backward }, AdaptiveAvgPool1d { avg1d_forward, avg1d_backward } }

stateless! {
    /// The largest element of each of so many equal parts of an image, for each channel: `[height, width, channels]` to
    /// `[size, size, channels]`, as PyTorch's `AdaptiveMaxPool2d` where the sizes divide.
    ///
    /// In `network!`: `AdaptiveMaxPool2d(size)`, with one size or `[height, width]`; sizes that do not divide those of the
    /// input are an error there.
    AdaptiveMaxPool2d { max2d_forward, max2d_backward }
}

stateless! {
    /// The mean of each of so many equal parts of an image, for each channel: `[height, width, channels]` to
    /// `[size, size, channels]`, as PyTorch's `AdaptiveAvgPool2d` where the sizes divide.
    ///
    /// In `network!`: `AdaptiveAvgPool2d(size)`, with one size or `[height, width]`; sizes that do not divide those of the
    /// input are an error there.
    AdaptiveAvgPool2d { avg2d_forward, avg2d_backward }
}

flat! { AdaptiveMaxPool2d { max2d_forward, max2d_backward }, AdaptiveAvgPool2d { avg2d_forward, avg2d_backward } }

stateless! {
    /// The largest element of each of so many equal parts of a volume, for each channel: `[depth, height, width, channels]` to
    /// `[size, size, size, channels]`, as PyTorch's `AdaptiveMaxPool3d` where the sizes divide.
    ///
    /// In `network!`: `AdaptiveMaxPool3d(size)`, with one size or `[depth, height, width]`; sizes that do not divide those of
    /// the input are an error there.
    AdaptiveMaxPool3d { max3d_forward, max3d_backward, scratch }
}

fn max3d_forward<T: Scalar>(
    call: &Call<spec::AdaptiveMaxPool3d>,
    pass: &Pass,
    input: &[T],
    output: &mut [T],
    scratch: &mut [T],
) {
    max_pool3d_forward(&call.config.geometry(call.input), pass.samples, input, output, scratch);
}

fn max3d_backward<T: Scalar>(
    call: &Call<spec::AdaptiveMaxPool3d>,
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
    /// The mean of each of so many equal parts of a volume, for each channel: `[depth, height, width, channels]` to
    /// `[size, size, size, channels]`, as PyTorch's `AdaptiveAvgPool3d` where the sizes divide.
    ///
    /// In `network!`: `AdaptiveAvgPool3d(size)`, with one size or `[depth, height, width]`; sizes that do not divide those of
    /// the input are an error there.
    AdaptiveAvgPool3d { avg3d_forward, avg3d_backward, scratch }
}

fn avg3d_forward<T: Scalar>(
    call: &Call<spec::AdaptiveAvgPool3d>,
    pass: &Pass,
    input: &[T],
    output: &mut [T],
    scratch: &mut [T],
) {
    avg_pool3d_forward(&call.config.geometry(call.input), pass.samples, input, output, scratch);
}

fn avg3d_backward<T: Scalar>(
    call: &Call<spec::AdaptiveAvgPool3d>,
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

scratch! { AdaptiveMaxPool3d, AdaptiveAvgPool3d }

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    const NUMBERS: [f64; 8] = [1.0, -2.0, 3.0, 4.0, 5.0, -6.0, 7.0, 8.0];

    #[test]
    fn parts_give_their_maximum_or_mean() {
        let pass = Pass::inference(1);
        let max = call!(AdaptiveMaxPool2d { size: [2, 1] }, [2, 4, 1]);
        assert_near(&forward(&AdaptiveMaxPool2d, &max, &pass, &NUMBERS), &[4.0, 8.0]);
        let mean = call!(AdaptiveAvgPool2d { size: [1, 2] }, [2, 4, 1]);
        assert_near(&forward(&AdaptiveAvgPool2d, &mean, &pass, &NUMBERS), &[-0.5, 5.5]);
        let steps = call!(AdaptiveMaxPool1d { size: 2 }, [4, 2]);
        assert_near(&forward(&AdaptiveMaxPool1d, &steps, &pass, &NUMBERS), &[3.0, 4.0, 7.0, 8.0]);
        let volume = call!(AdaptiveAvgPool3d { size: [1, 1, 2] }, [2, 2, 2, 1]);
        assert_near(&forward(&AdaptiveAvgPool3d, &volume, &pass, &NUMBERS), &[4.0, 1.0]);
    }

    macro_rules! of {
        ($name:ident, $size:expr, $input:expr, $samples:expr) => {
            laws!($name { size: $size }, $input, $samples).scratch(1 << 10)
        };
    }

    macro_rules! adaptive_laws {
        ($($test:ident: $sequence:ident, $image:ident, $volume:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $sequence, of!($sequence, 1, [1, 1], 1);
                    $sequence, of!($sequence, 1, [5, 3], 2);
                    $sequence, of!($sequence, 2, [4, 2], 3);
                    $sequence, of!($sequence, 3, [9, 1], 2);
                    $sequence, of!($sequence, 5, [5, 4], 1);
                    $sequence, of!($sequence, 4, [8, 5], 2);
                    $sequence, of!($sequence, 2, [6, 17], 2);
                    $sequence, of!($sequence, 5, [10, 1], 5);
                    $image, of!($image, [1, 1], [1, 1, 1], 1);
                    $image, of!($image, [1, 1], [5, 4, 3], 2);
                    $image, of!($image, [2, 3], [4, 6, 2], 3);
                    $image, of!($image, [3, 1], [9, 7, 1], 2);
                    $image, of!($image, [1, 5], [3, 5, 4], 1);
                    $image, of!($image, [4, 4], [4, 4, 5], 2);
                    $image, of!($image, [2, 2], [2, 8, 17], 2);
                    $image, of!($image, [5, 2], [5, 2, 1], 5);
                    $volume, of!($volume, [1, 1, 1], [1, 1, 1, 1], 1);
                    $volume, of!($volume, [1, 1, 1], [3, 2, 4, 3], 2);
                    $volume, of!($volume, [2, 3, 1], [4, 6, 2, 2], 2);
                    $volume, of!($volume, [3, 1, 2], [3, 2, 4, 1], 2);
                    $volume, of!($volume, [1, 2, 2], [2, 4, 2, 4], 1);
                    $volume, of!($volume, [2, 2, 2], [2, 2, 2, 5], 2);
                    $volume, of!($volume, [2, 1, 2], [2, 3, 4, 17], 1);
                    $volume, of!($volume, [5, 2, 1], [5, 2, 3, 1], 3);
                }
            }
        )*};
    }

    adaptive_laws! {
        max_laws: AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d;
        avg_laws: AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d;
    }
}
