use crate::kernels::{inline, log_softmax_backward, log_softmax_forward, softmax_backward, softmax_forward};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::scalar::Scalar;
use crate::simd::Isa;
use crate::spec;
use crate::tensors::Part;

macro_rules! softmax {
    ($(#[$meta:meta])* $name:ident, $forward:ident, $backward:ident) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub struct $name;

        crate::plain! { impl[T] $name {} }

        impl<T: Scalar> Layer<T> for $name {
            type Config = spec::$name;
            type Gradient = ();

            const PARTS: &'static [Part] = &[];

            fn forward(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                input: &[T],
                output: &mut [T],
                _memory: Memory<'_, T>,
            ) {
                $forward(call.input.last(), input, output);
            }

            #[inline(always)]
            fn forward_on<I: Isa>(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                input: &[T],
                output: &mut [T],
                _memory: Memory<'_, T>,
            ) {
                inline::$forward::<I, T>(call.input.last(), input, output);
            }

            fn backward(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                values: Activations<'_, T>,
                d_output: &mut [T],
                d_input: Option<&mut [T]>,
                _gradient: Option<&mut ()>,
                _memory: Memory<'_, T>,
            ) {
                if let Some(d_input) = d_input {
                    $backward(call.input.last(), values.output, d_output, d_input);
                }
            }
        }
    };
}

softmax! {
    /// `exp(x_i) / Σ exp(x_j)` along the innermost axis: probabilities that add up to 1.
    ///
    /// In `network!`: `Softmax`. For training, leave it out and let the cross-entropy work on scores: that is faster and
    /// more accurate. The largest element is subtracted first, so that nothing overflows.
    Softmax, softmax_forward, softmax_backward
}
softmax! {
    /// `x_i - ln Σ exp(x_j)` along the innermost axis: logarithms of probabilities.
    ///
    /// In `network!`: `LogSoftmax`. The largest element is subtracted first, so that nothing overflows.
    LogSoftmax, log_softmax_forward, log_softmax_backward
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn rows_sum_to_one_and_logarithms_match() {
        let input = [1.0, 2.0, 3.0, 1000.0, 1000.0, -1000.0];
        let pass = Pass::inference(1);
        let soft = forward(&Softmax, &call!(Softmax {}, [2, 3]), &pass, &input);
        let sum = 1f64.exp() + 2f64.exp() + 3f64.exp();
        assert_near(&soft, &[1f64.exp() / sum, 2f64.exp() / sum, 3f64.exp() / sum, 0.5, 0.5, 0.0]);
        let log = forward(&LogSoftmax, &call!(LogSoftmax {}, [2, 3]), &pass, &input);
        let half = 0.5f64.ln();
        assert_near(&log, &[1.0 - sum.ln(), 2.0 - sum.ln(), 3.0 - sum.ln(), half, half, half - 2000.0]);
    }

    macro_rules! softmax_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name {}, [1], 1);
                    $name, laws!($name {}, [2], 1);
                    $name, laws!($name {}, [10], 4);
                    $name, laws!($name {}, [1, 1], 3);
                    $name, laws!($name {}, [3, 5], 2);
                    $name, laws!($name {}, [5, 1], 2);
                    $name, laws!($name {}, [2, 2, 7], 3);
                    $name, laws!($name {}, [33], 3).inputs(-5.0, 5.0);
                }
            }
        )*};
    }

    softmax_laws! {
        softmax_laws: Softmax;
        log_softmax_laws: LogSoftmax;
    }
}
