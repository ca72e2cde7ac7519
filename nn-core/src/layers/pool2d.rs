use crate::kernels::{
    avg_pool2d_backward, avg_pool2d_forward, global_avg_pool2d_backward, global_avg_pool2d_forward,
    max_pool2d_backward, max_pool2d_forward,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::scalar::Scalar;
use crate::spec;
use crate::tensors::Part;

/// The largest element of each window: `[height, width, channels]` to `[out height, out width, channels]`.
///
/// In `network!`: `MaxPool2d(kernel, stride = kernel, padding = valid)`, with arguments as for
/// [`Conv2d`](super::Conv2d). As Keras' `MaxPooling2D`.
///
/// Positions outside the input never win. Of equal elements the first, row by row, gets the gradient.
#[derive(Debug)]
pub struct MaxPool2d;

crate::plain! { impl[T] MaxPool2d {} }

impl<T: Scalar> Layer<T> for MaxPool2d {
    type Config = spec::MaxPool2d;
    type Gradient = ();

    const PARTS: &'static [Part] = &[];

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        max_pool2d_forward(&call.config.geometry(call.input), pass.samples, input, output);
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        _gradient: Option<&mut ()>,
        _memory: Memory<'_, T>,
    ) {
        if let Some(d_input) = d_input {
            let geometry = call.config.geometry(call.input);
            max_pool2d_backward(&geometry, pass.samples, values.input, values.output, d_output, d_input);
        }
    }
}

/// The mean of each window: `[height, width, channels]` to `[out height, out width, channels]`.
///
/// In `network!`: `AvgPool2d(kernel, stride = kernel, padding = valid)`, with arguments as for
/// [`Conv2d`](super::Conv2d). As Keras' `AveragePooling2D`.
///
/// Positions outside the input do not count, as in Keras (PyTorch: `count_include_pad=False`).
#[derive(Debug)]
pub struct AvgPool2d;

crate::plain! { impl[T] AvgPool2d {} }

impl<T: Scalar> Layer<T> for AvgPool2d {
    type Config = spec::AvgPool2d;
    type Gradient = ();

    const PARTS: &'static [Part] = &[];

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        avg_pool2d_forward(&call.config.geometry(call.input), pass.samples, input, output);
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        _values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        _gradient: Option<&mut ()>,
        _memory: Memory<'_, T>,
    ) {
        if let Some(d_input) = d_input {
            avg_pool2d_backward(&call.config.geometry(call.input), pass.samples, d_output, d_input);
        }
    }
}

/// The mean of each channel over the whole image: `[height, width, channels]` to `[channels]`.
///
/// In `network!`: `GlobalAvgPool2d`. As Keras' `GlobalAveragePooling2D`.
#[derive(Debug)]
pub struct GlobalAvgPool2d;

crate::plain! { impl[T] GlobalAvgPool2d {} }

impl<T: Scalar> Layer<T> for GlobalAvgPool2d {
    type Config = spec::GlobalAvgPool2d;
    type Gradient = ();

    const PARTS: &'static [Part] = &[];

    fn forward(&self, call: &Call<Self::Config>, _pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        global_avg_pool2d_forward(call.input.rows(), call.input.last(), input, output);
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        _pass: &Pass,
        _values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        _gradient: Option<&mut ()>,
        _memory: Memory<'_, T>,
    ) {
        if let Some(d_input) = d_input {
            global_avg_pool2d_backward(call.input.rows(), call.input.last(), d_output, d_input);
        }
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Padding::{Amount, Same, Valid};

    const IMAGE: [f64; 9] = [1.0, -2.0, 3.0, 4.0, 5.0, -6.0, 7.0, 8.0, 9.0];

    #[test]
    fn windows_give_their_maximum_or_mean() {
        let pass = Pass::inference(1);
        let max = call!(MaxPool2d { kernel: [2, 2], stride: Some([1, 1]), padding: Valid }, [3, 3, 1]);
        assert_near(&forward(&MaxPool2d, &max, &pass, &IMAGE), &[5.0, 5.0, 8.0, 9.0]);
        let mean = call!(AvgPool2d { kernel: [2, 2], stride: None, padding: Same }, [3, 3, 1]);
        assert_near(&forward(&AvgPool2d, &mean, &pass, &IMAGE), &[2.0, -1.5, 7.5, 9.0]);
        let global = call!(GlobalAvgPool2d {}, [3, 3, 1]);
        assert_near(&forward(&GlobalAvgPool2d, &global, &pass, &IMAGE), &[29.0 / 9.0]);
    }

    #[test]
    fn padding_never_wins_a_maximum() {
        let call = call!(MaxPool2d { kernel: [2, 2], stride: None, padding: Amount(1) }, [2, 2, 1]);
        let output = forward(&MaxPool2d, &call, &Pass::inference(1), &[-1.0, -2.0, -3.0, -4.0]);
        assert_near(&output, &[-1.0, -2.0, -3.0, -4.0]);
    }

    #[test]
    fn of_equal_elements_the_first_gets_the_gradient() {
        let call = call!(MaxPool2d { kernel: [2, 2], stride: None, padding: Valid }, [2, 2, 1]);
        let (input, output, mut d_input) = ([0.0, 3.0, 3.0, 3.0], [3.0], [f64::NAN; 4]);
        let values = Activations { input: &input, output: &output };
        let pass = Pass::inference(1);
        MaxPool2d.backward(&call, &pass, values, &mut [2.0], Some(&mut d_input), None, Memory::none());
        assert_eq!(d_input, [0.0, 2.0, 0.0, 0.0]);
    }

    macro_rules! pool_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name { kernel: [1, 1], stride: None, padding: Valid }, [1, 1, 1], 1);
                    $name, laws!($name { kernel: [2, 2], stride: None, padding: Valid }, [4, 4, 3], 2);
                    $name, laws!($name { kernel: [2, 2], stride: None, padding: Valid }, [5, 7, 2], 3);
                    $name, laws!($name { kernel: [3, 2], stride: Some([1, 1]), padding: Valid }, [5, 4, 1], 2);
                    $name, laws!($name { kernel: [3, 3], stride: Some([2, 2]), padding: Same }, [5, 6, 2], 2);
                    $name, laws!($name { kernel: [2, 3], stride: Some([3, 1]), padding: Amount(1) }, [4, 5, 2], 1);
                    $name, laws!($name { kernel: [1, 1], stride: Some([2, 3]), padding: Valid }, [5, 7, 1], 2);
                    $name, laws!($name { kernel: [5, 5], stride: None, padding: Same }, [3, 3, 5], 2);
                    $name, laws!($name { kernel: [2, 2], stride: None, padding: Valid }, [2, 2, 17], 3);
                }
            }
        )*};
    }

    pool_laws! {
        max_pool_laws: MaxPool2d;
        avg_pool_laws: AvgPool2d;
    }

    #[test]
    fn global_avg_pool_laws() {
        gradient_laws! {
            GlobalAvgPool2d, laws!(GlobalAvgPool2d {}, [1, 1, 1], 1);
            GlobalAvgPool2d, laws!(GlobalAvgPool2d {}, [1, 1, 7], 2);
            GlobalAvgPool2d, laws!(GlobalAvgPool2d {}, [3, 5, 1], 2);
            GlobalAvgPool2d, laws!(GlobalAvgPool2d {}, [1, 9, 2], 3);
            GlobalAvgPool2d, laws!(GlobalAvgPool2d {}, [4, 4, 3], 1);
            GlobalAvgPool2d, laws!(GlobalAvgPool2d {}, [7, 1, 4], 5);
            GlobalAvgPool2d, laws!(GlobalAvgPool2d {}, [2, 3, 17], 2);
            GlobalAvgPool2d, laws!(GlobalAvgPool2d {}, [8, 8, 8], 1);
        }
    }
}
