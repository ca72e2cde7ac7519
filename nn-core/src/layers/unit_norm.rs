use super::stateless;
use crate::kernels::{unit_norm_backward, unit_norm_forward};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Vectors of length 1: `y = x / max(|x|, epsilon)` over the innermost axis, for each position of each sample by itself. The
    /// product of two of them is the cosine of the angle between them.
    ///
    /// In `network!`: `UnitNorm(epsilon = 0.000000000001)`. Any shape. As PyTorch's `functional.normalize`, and Keras'
    /// `UnitNormalization`; a vector of zeros stays one.
    UnitNorm { forward, backward }
}

fn forward<T: Scalar>(call: &Call<spec::UnitNorm>, _pass: &Pass, input: &[T], output: &mut [T]) {
    unit_norm_forward(T::of(call.config.epsilon), call.input.last(), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::UnitNorm>,
    _pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    unit_norm_backward(T::of(call.config.epsilon), call.input.last(), values.input, d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn each_row_has_length_one() {
        let call = call!(UnitNorm { epsilon: 1e-12 }, [2, 2]);
        assert_near(&forward(&UnitNorm, &call, &Pass::inference(1), &[3.0, -4.0, 0.0, 0.0]), &[0.6, -0.8, 0.0, 0.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            UnitNorm, laws!(UnitNorm { epsilon: 9.0 }, [1], 1);
            UnitNorm, laws!(UnitNorm { epsilon: 1e-12 }, [2], 3);
            UnitNorm, laws!(UnitNorm { epsilon: 1e-12 }, [7], 3);
            UnitNorm, laws!(UnitNorm { epsilon: 1e-12 }, [3, 5], 2);
            UnitNorm, laws!(UnitNorm { epsilon: 20.0 }, [3, 5], 2);
            UnitNorm, laws!(UnitNorm { epsilon: 1e-12 }, [2, 3, 3], 3);
            UnitNorm, laws!(UnitNorm { epsilon: 1e-12 }, [1, 3, 17], 2);
            UnitNorm, laws!(UnitNorm { epsilon: 1e-12 }, [2, 1, 2, 3, 4], 1);
            UnitNorm, laws!(UnitNorm { epsilon: 1e-12 }, [70], 3);
        }
    }
}
