use crate::kernels::{activate, activate_backward, activate_in_place, inline};
use crate::layer::{Activations, Call, InPlace, Layer, Memory, Pass};
use crate::scalar::Scalar;
use crate::simd::Isa;
use crate::spec;
use crate::tensors::Part;

/// The layers that apply one function to each element. The compiler fuses them into an affine layer in front or lets
/// them run in place where it can.
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

            #[inline(always)]
            fn forward_on<I: Isa>(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                input: &[T],
                output: &mut [T],
                _memory: Memory<'_, T>,
            ) {
                inline::activate::<I, T>(call.config.activation(), input, output);
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
                    d_input.copy_from_slice(d_output);
                    self.backward_in_place(call, pass, values, d_input);
                }
            }
        }

        impl<T: Scalar> InPlace<T> for $name {
            fn forward_in_place(&self, call: &Call<Self::Config>, _pass: &Pass, values: &mut [T]) {
                activate_in_place(call.config.activation(), values);
            }

            #[inline(always)]
            fn forward_in_place_on<I: Isa>(&self, call: &Call<Self::Config>, _pass: &Pass, values: &mut [T]) {
                inline::activate_in_place::<I, T>(call.config.activation(), values);
            }

            fn backward_in_place(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                values: Activations<'_, T>,
                gradient: &mut [T],
            ) {
                let activation = call.config.activation();
                activate_backward(activation, if activation.reads_input() { values.input } else { values.output }, gradient);
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
    /// `ln(1 + exp(x))`, element by element: a smooth `Relu`, and a way to make numbers positive (Dugas et al., 2001).
    ///
    /// In `network!`: `Softplus`. At most 3 ULP off, for small results too.
    Softplus;
    /// `exp(x)`, element by element.
    ///
    /// In `network!`: `Exp`. At most 1 ULP off; above 88 (`f32`) or 709 (`f64`) the result is infinite.
    Exp;
    /// `ln(x)`, element by element: the natural logarithm.
    ///
    /// In `network!`: `Log`. At most 1 ULP off; 0 gives -∞, negative numbers give NaN.
    Log;
    /// `√x`, element by element.
    ///
    /// In `network!`: `Sqrt`. Correctly rounded; negative numbers give NaN. The derivative at 0 is ∞: add a small number
    /// first where zeros can come.
    Sqrt;
    /// `x²`, element by element.
    ///
    /// In `network!`: `Square`.
    Square;
    /// `|x|`, element by element; the derivative at 0 is 0.
    ///
    /// In `network!`: `Abs`.
    Abs;
    /// `1 / x`, element by element; 0 gives an infinity.
    ///
    /// In `network!`: `Reciprocal`.
    Reciprocal;
    /// `scale · x` for `x > 0`, else `scale · alpha · (exp(x) - 1)`, with the two constants by which mean 0 and variance 1 stay
    /// (Klambauer et al., 2017).
    ///
    /// In `network!`: `Selu`.
    Selu;
    /// `x` for `x > 0`, else `alpha · (exp(x / alpha) - 1)`: smooth for every alpha (Barron, 2017).
    ///
    /// In `network!`: `Celu(alpha = 1.0)`, with an alpha greater than 0.
    Celu;
    /// `min(max(x, 0), 6)` (Krizhevsky, 2010); the derivative at both ends is 0.
    ///
    /// In `network!`: `Relu6`.
    Relu6;
    /// `x` for `x > threshold`, else 0 (Konda, Memisevic and Krueger, 2015).
    ///
    /// In `network!`: `ThresholdedRelu(threshold = 1.0)`, with a threshold of at least 0.
    ThresholdedRelu;
    /// `min(max(x, low), high)`; the derivative at both ends is 0. ONNX calls it `Clip`.
    ///
    /// In `network!`: `HardTanh(low = -1.0, high = 1.0)`.
    HardTanh;
    /// `min(max(slope · x + offset, 0), 1)`: straight lines near the logistic function.
    ///
    /// In `network!`: `HardSigmoid(slope = 1/6, offset = 0.5)`, as PyTorch and Keras; ONNX has a slope of 0.2.
    HardSigmoid;
    /// `x · min(max(x / 6 + 0.5, 0), 1)`: straight lines in place of `Silu`'s curve (Howard et al., 2019).
    ///
    /// In `network!`: `HardSwish`.
    HardSwish;
    /// `x · tanh(ln(1 + exp(x)))` (Misra, 2019).
    ///
    /// In `network!`: `Mish`.
    Mish;
    /// `x · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))) / 2`: the approximation of `Gelu` that some published networks were
    /// trained with (Hendrycks and Gimpel, 2016).
    ///
    /// In `network!`: `GeluTanh`. As PyTorch's `GELU(approximate="tanh")`.
    GeluTanh;
    /// `x / (1 + |x|)` (Bergstra et al., 2009).
    ///
    /// In `network!`: `Softsign`.
    Softsign;
    /// `-ln(1 + exp(-x))`: the logarithm of `Sigmoid`, without its loss of digits.
    ///
    /// In `network!`: `LogSigmoid`.
    LogSigmoid;
    /// 0 for `|x| ≤ threshold`; all else is moved towards 0 by `offset`.
    ///
    /// In `network!`: `Shrink(threshold = 0.5, offset = 0.0)`: PyTorch's `Hardshrink`. `Shrink(0.5, 0.5)` is its `Softshrink`.
    Shrink;
    /// The error function `2 / √π · ∫ exp(-t²)` from 0 to `x`.
    ///
    /// In `network!`: `Erf`. In `f64` at most 4 ULP off.
    Erf;
    /// The sine, as SIREN (Sitzmann et al., 2020) and frequency encodings have it: `30.0 * x -> Dense(64) -> Sin`.
    ///
    /// In `network!`: `Sin`. Of arguments beyond 50 000 digits are lost in `f32`.
    Sin;
    /// The cosine.
    ///
    /// In `network!`: `Cos`. Of arguments beyond 50 000 digits are lost in `f32`.
    Cos;
    /// -1 for negative numbers, 1 for positive ones, else 0; the derivative is 0.
    ///
    /// In `network!`: `Sign`.
    Sign;
    /// The largest whole number not above `x`; the derivative is 0.
    ///
    /// In `network!`: `Floor`.
    Floor;
    /// The smallest whole number not below `x`; the derivative is 0.
    ///
    /// In `network!`: `Ceil`.
    Ceil;
    /// The nearest whole number, of two the even one; the derivative is 0. As PyTorch's and NumPy's `round`.
    ///
    /// In `network!`: `Round`.
    Round;
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_in_place, assert_near, call, forward, laws};

    #[test]
    fn in_place_as_elsewhere() {
        let pass = Pass::inference(2);
        assert_in_place(&Relu, &call!(Relu {}, [7]), &pass);
        assert_in_place(&Elu, &call!(Elu { alpha: 2.0 }, [7]), &pass);
        assert_in_place(&Gelu, &call!(Gelu {}, [7]), &pass);
        assert_in_place(&Log, &call!(Log {}, [7]), &pass);
    }

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
        check!(Softplus {}, |x: f64| x.exp().ln_1p());
        check!(Exp {}, f64::exp);
        check!(Square {}, |x: f64| x * x);
        check!(Abs {}, f64::abs);
        check!(Selu {}, |x: f64| 1.0507009873554805 * if x > 0.0 { x } else { 1.6732632423543772 * x.exp_m1() });
        check!(Celu { alpha: 0.5 }, |x: f64| if x > 0.0 { x } else { 0.5 * (x / 0.5).exp_m1() });
        check!(Relu6 {}, |x: f64| x.clamp(0.0, 6.0));
        check!(ThresholdedRelu { threshold: 0.25 }, |x: f64| if x > 0.25 { x } else { 0.0 });
        check!(HardTanh { low: -0.25, high: 1.5 }, |x: f64| x.clamp(-0.25, 1.5));
        check!(HardSigmoid { slope: 0.2, offset: 0.5 }, |x: f64| (0.2 * x + 0.5).clamp(0.0, 1.0));
        check!(HardSwish {}, |x: f64| x * (x / 6.0 + 0.5).clamp(0.0, 1.0));
        check!(Mish {}, |x: f64| x * x.exp().ln_1p().tanh());
        check!(GeluTanh {}, |x: f64| {
            let inner = (2.0 / core::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
            0.5 * x * (1.0 + inner.tanh())
        });
        check!(Softsign {}, |x: f64| x / (1.0 + x.abs()));
        check!(Sin {}, f64::sin);
        check!(Cos {}, f64::cos);
        check!(LogSigmoid {}, |x: f64| -(-x).exp().ln_1p());
        check!(Shrink { threshold: 0.5, offset: 0.125 }, |x: f64| if x.abs() > 0.5 {
            x - 0.125 * x.signum()
        } else {
            0.0
        });
        check!(Sign {}, |x: f64| if x == 0.0 { 0.0 } else { x.signum() });
        check!(Floor {}, f64::floor);
        check!(Ceil {}, f64::ceil);
        check!(Round {}, f64::round_ties_even);
        // By mpmath's `erf`.
        let erf = [
            -0.999_977_909_503_001_4,
            -0.520_499_877_813_046_5,
            0.0,
            0.276_326_390_168_236_93,
            0.995_322_265_018_952_7,
        ];
        assert_near(&forward(&Erf, &call!(Erf {}, [5]), &pass, &input), &erf);
        let positive = [1e-30, 0.25, 1.0, 2.0, 1e10];
        macro_rules! check_positive {
            ($name:ident, $formula:expr) => {
                assert_near(&forward(&$name, &call!($name {}, [5]), &pass, &positive), &positive.map($formula));
            };
        }
        check_positive!(Log, f64::ln);
        check_positive!(Sqrt, f64::sqrt);
        check_positive!(Reciprocal, f64::recip);
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
        ($($test:ident: $name:ident $arguments:tt from $low:literal to $high:literal;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name $arguments, [1], 1).inputs($low / 3.0, $high / 3.0);
                    $name, laws!($name $arguments, [7], 1).inputs($low / 3.0, $high / 3.0);
                    $name, laws!($name $arguments, [7], 5).inputs($low / 3.0, $high / 3.0);
                    $name, laws!($name $arguments, [1, 1], 3).inputs($low / 3.0, $high / 3.0);
                    $name, laws!($name $arguments, [3, 5], 2).inputs($low / 3.0, $high / 3.0);
                    $name, laws!($name $arguments, [2, 3, 4], 3).inputs($low / 3.0, $high / 3.0);
                    $name, laws!($name $arguments, [1, 1, 17], 2).inputs($low / 3.0, $high / 3.0);
                    $name, laws!($name $arguments, [33], 3).inputs($low, $high);
                }
            }
        )*};
    }

    pointwise_laws! {
        relu_laws: Relu {} from -6.0 to 6.0;
        leaky_relu_laws: LeakyRelu { slope: 0.2 } from -6.0 to 6.0;
        leaky_relu_without_slope_laws: LeakyRelu { slope: 0.0 } from -6.0 to 6.0;
        elu_laws: Elu { alpha: 1.0 } from -6.0 to 6.0;
        elu_with_a_kink_laws: Elu { alpha: 0.4 } from -6.0 to 6.0;
        sigmoid_laws: Sigmoid {} from -6.0 to 6.0;
        tanh_laws: Tanh {} from -6.0 to 6.0;
        gelu_laws: Gelu {} from -6.0 to 6.0;
        silu_laws: Silu {} from -6.0 to 6.0;
        softplus_laws: Softplus {} from -6.0 to 6.0;
        exp_laws: Exp {} from -6.0 to 6.0;
        log_laws: Log {} from 1.5 to 9.0;
        sqrt_laws: Sqrt {} from 1.5 to 9.0;
        square_laws: Square {} from -6.0 to 6.0;
        abs_laws: Abs {} from -6.0 to 6.0;
        reciprocal_laws: Reciprocal {} from 1.5 to 9.0;
        selu_laws: Selu {} from -6.0 to 6.0;
        celu_laws: Celu { alpha: 0.6 } from -6.0 to 6.0;
        relu6_laws: Relu6 {} from -9.0 to 9.0;
        thresholded_relu_laws: ThresholdedRelu { threshold: 1.0 } from -6.0 to 6.0;
        hard_tanh_laws: HardTanh { low: -1.0, high: 0.5 } from -6.0 to 6.0;
        hard_sigmoid_laws: HardSigmoid { slope: 0.2, offset: 0.5 } from -6.0 to 6.0;
        hard_swish_laws: HardSwish {} from -6.0 to 6.0;
        mish_laws: Mish {} from -6.0 to 6.0;
        gelu_tanh_laws: GeluTanh {} from -6.0 to 6.0;
        softsign_laws: Softsign {} from -6.0 to 6.0;
        log_sigmoid_laws: LogSigmoid {} from -6.0 to 6.0;
        shrink_laws: Shrink { threshold: 0.5, offset: 0.25 } from -6.0 to 6.0;
        erf_laws: Erf {} from -6.0 to 6.0;
        sin_laws: Sin {} from -6.0 to 6.0;
        cos_laws: Cos {} from -6.0 to 6.0;
        sign_laws: Sign {} from -6.0 to 6.0;
        floor_laws: Floor {} from -6.0 to 6.0;
        ceil_laws: Ceil {} from -6.0 to 6.0;
        round_laws: Round {} from -6.0 to 6.0;
    }
}
