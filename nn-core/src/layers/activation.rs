use crate::kernels::{activate, activate_backward};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::scalar::Scalar;
use crate::spec;
use crate::tensors::Part;

/// The layers that apply one function to each element. The compiler fuses them into an affine layer in front or lets
/// them run in place where it can; this is the general form.
macro_rules! pointwise {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
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
                activate(call.config.activation(), input, output);
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
                let Some(d_input) = d_input else { return };
                let activation = call.config.activation();
                let known = if activation.reads_input() { values.input } else { values.output };
                d_input.copy_from_slice(d_output);
                activate_backward(activation, known, d_input);
            }
        }
    )*};
}

pointwise! {
    /// `max(x, 0)`, element by element; the derivative at 0 is 0.
    ///
    /// In `network!`: `Relu`.
    Relu;
    /// `x` for `x > 0`, else `slope · x` (Maas, Hannun and Ng, 2013).
    ///
    /// In `network!`: `LeakyRelu(slope = 0.01)`, with a slope of at least 0.
    LeakyRelu;
    /// `x` for `x > 0`, else `alpha · (exp(x) - 1)` (Clevert, Unterthiner and Hochreiter, 2016).
    ///
    /// In `network!`: `Elu(alpha = 1.0)`, with an alpha of at least 0.
    Elu;
    /// `1 / (1 + exp(-x))`, element by element: a probability for each output by itself.
    ///
    /// In `network!`: `Sigmoid`. For a loss, leave it out and let the loss work on scores: that is more accurate.
    Sigmoid;
    /// `tanh(x)`, element by element.
    ///
    /// In `network!`: `Tanh`.
    Tanh;
    /// `x · Φ(x)`, with the error function (Hendrycks and Gimpel, 2016).
    ///
    /// In `network!`: `Gelu`. As PyTorch's `GELU` and Keras' `gelu` without approximation.
    Gelu;
    /// `x / (1 + exp(-x))` (Elfwing, Uchibe and Doya, 2018), also called swish.
    ///
    /// In `network!`: `Silu`.
    Silu;
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn values_match_their_formulas() {
        let input = [-3.0, -0.5, 0.0, 0.25, 2.0];
        let pass = Pass::inference(1);
        macro_rules! check {
            ($name:ident $arguments:tt, $formula:expr) => {
                assert_near(&forward(&$name, &call!($name $arguments, [5]), &pass, &input), &input.map($formula));
            };
        }
        check!(Relu {}, |x: f64| x.max(0.0));
        check!(LeakyRelu { slope: 0.3 }, |x: f64| if x > 0.0 { x } else { 0.3 * x });
        check!(Elu { alpha: 2.0 }, |x: f64| if x > 0.0 { x } else { 2.0 * x.exp_m1() });
        check!(Sigmoid {}, |x: f64| 1.0 / (1.0 + (-x).exp()));
        check!(Tanh {}, |x: f64| x.tanh());
        check!(Silu {}, |x: f64| x / (1.0 + (-x).exp()));
        // x · Φ(x), with Φ from tables of the normal distribution.
        let phi = [
            0.001_349_898_031_630_094_6,
            0.308_537_538_725_986_9,
            0.5,
            0.598_706_325_682_923_7,
            0.977_249_868_051_820_8,
        ];
        let expected: [f64; 5] = core::array::from_fn(|index| input[index] * phi[index]);
        assert_near(&forward(&Gelu, &call!(Gelu {}, [5]), &pass, &input), &expected);
    }

    macro_rules! pointwise_laws {
        ($($test:ident: $name:ident $arguments:tt;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name $arguments, [1], 1);
                    $name, laws!($name $arguments, [7], 1);
                    $name, laws!($name $arguments, [7], 5);
                    $name, laws!($name $arguments, [1, 1], 3);
                    $name, laws!($name $arguments, [3, 5], 2);
                    $name, laws!($name $arguments, [2, 3, 4], 3);
                    $name, laws!($name $arguments, [1, 1, 17], 2);
                    $name, laws!($name $arguments, [33], 3).inputs(-6.0, 6.0);
                }
            }
        )*};
    }

    pointwise_laws! {
        relu_laws: Relu {};
        leaky_relu_laws: LeakyRelu { slope: 0.2 };
        leaky_relu_without_slope_laws: LeakyRelu { slope: 0.0 };
        elu_laws: Elu { alpha: 1.0 };
        elu_with_a_kink_laws: Elu { alpha: 0.4 };
        sigmoid_laws: Sigmoid {};
        tanh_laws: Tanh {};
        gelu_laws: Gelu {};
        silu_laws: Silu {};
    }
}
