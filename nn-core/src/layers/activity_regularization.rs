use crate::kernels::{absolute_and_square_sums, add_penalty_gradient};
use crate::layer::{Activations, Call, InPlace, Layer, Memory, Pass, Penalised};
use crate::scalar::Scalar;
use crate::spec;
use crate::tensors::Part;

/// Passes values on. The mean over the samples of `Σ l1 · |x| + l2 · x²` joins the loss, where the sum runs over a sample's
/// values, as Keras' `ActivityRegularization`: sparse autoencoders are trained with it.
///
/// In `network!`: `ActivityRegularization(l1 = 0.0, l2 = 0.0)`, with weights of at least 0. Any shape.
///
/// Every reported loss holds the penalty: those of training, of a validation, and of passes by hand
/// ([`Run::loss`](crate::train::Run::loss), for the samples of one pass). Predictions do not compute it. Each sample counts
/// alike, whatever its weight in the loss. A network that is frozen inside another one pays none.
#[derive(Debug)]
pub struct ActivityRegularization;

crate::plain! { impl[T] ActivityRegularization {} }

/// Values whose sums are taken in one piece: few enough that they keep their digits.
const PIECE: usize = 4096;

impl ActivityRegularization {
    fn add_gradient<T: Scalar>(
        call: &Call<spec::ActivityRegularization>,
        pass: &Pass,
        values: &[T],
        gradient: &mut [T],
    ) {
        if pass.is_training() {
            let share = 1.0 / pass.batch.max(1) as f64;
            let spec::ActivityRegularization { l1, l2 } = call.config;
            add_penalty_gradient(T::of(l1 * share), T::of(l2 * share), values, gradient);
        }
    }
}

impl<T: Scalar> Layer<T> for ActivityRegularization {
    type Config = spec::ActivityRegularization;
    type Gradient = ();

    const PARTS: &'static [Part] = &[];

    fn forward(&self, _call: &Call<Self::Config>, _pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        output.copy_from_slice(input);
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
            Self::add_gradient(call, pass, values.output, d_input);
        }
    }
}

impl<T: Scalar> InPlace<T> for ActivityRegularization {
    fn forward_in_place(&self, _call: &Call<Self::Config>, _pass: &Pass, _values: &mut [T]) {}

    fn backward_in_place(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        values: Activations<'_, T>,
        gradient: &mut [T],
    ) {
        Self::add_gradient(call, pass, values.output, gradient);
    }
}

impl<T: Scalar> Penalised<T> for ActivityRegularization {
    fn penalty(&self, call: &Call<Self::Config>, values: &[T]) -> f64 {
        let spec::ActivityRegularization { l1, l2 } = call.config;
        let of_piece = |piece: &[T]| {
            let [absolute, square] = absolute_and_square_sums(piece).map(T::wide);
            l1 * absolute + l2 * square
        };
        values.chunks(PIECE).map(of_piece).sum()
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layer::Mode;
    use crate::layers::testing::{assert_in_place, assert_near, call, laws};
    use alloc::vec;

    fn training(samples: usize, batch: usize) -> Pass {
        Pass { mode: Mode::Training, samples, batch, ..Pass::inference(samples) }
    }

    #[test]
    fn the_gradient_is_that_of_the_penalty() {
        let call = call!(ActivityRegularization { l1: 0.3, l2: 0.7 }, [3]);
        let (values, pass) = ([0.5, -2.0, 0.0, 1.0, -1.0, 3.0], training(2, 8));
        let mut d_input = [f64::NAN; 6];
        let activations = Activations { input: &[], output: &values };
        ActivityRegularization.backward(
            &call,
            &pass,
            activations,
            &mut [1.0; 6],
            Some(&mut d_input),
            None,
            Memory::none(),
        );
        let expected = values.map(|x| 1.0 + (if x == 0.0 { 0.0 } else { 0.3 * f64::signum(x) } + 2.0 * 0.7 * x) / 8.0);
        assert_near(&d_input, &expected);
        let penalty = ActivityRegularization.penalty(&call, &values);
        assert_near(&[penalty], &[0.3 * 7.5 + 0.7 * (0.25 + 4.0 + 1.0 + 1.0 + 9.0)]);
        // A difference quotient of the penalty, away from the kink of the absolute value.
        for (index, &gradient) in d_input.iter().enumerate().filter(|(index, _)| *index != 2) {
            let moved = |by: f64| {
                let mut values = values;
                values[index] += by;
                ActivityRegularization.penalty(&call, &values) / 8.0
            };
            let quotient = (moved(1e-4) - moved(-1e-4)) / 2e-4;
            assert!((gradient - 1.0 - quotient).abs() < 1e-9, "{gradient} and {quotient}");
        }
    }

    #[test]
    fn in_place_is_the_same() {
        let call = call!(ActivityRegularization { l1: 0.1, l2: 0.2 }, [5]);
        assert_in_place(&ActivityRegularization, &call, &training(3, 3));
        let long = vec![0.5f32; 3 * PIECE + 5];
        let penalty = ActivityRegularization.penalty(&call, &long);
        assert!((penalty / (0.1 * 0.5 + 0.2 * 0.25) / long.len() as f64 - 1.0).abs() < 1e-6);
    }

    /// Without a batch's loss to join, it passes everything on.
    #[test]
    fn laws() {
        macro_rules! of {
            ($input:expr, $samples:expr) => {
                laws!(ActivityRegularization { l1: 0.5, l2: 0.25 }, $input, $samples).mode(Mode::Inference)
            };
        }
        gradient_laws! {
            ActivityRegularization, of!([1], 1);
            ActivityRegularization, of!([1], 9);
            ActivityRegularization, of!([7], 2);
            ActivityRegularization, of!([33], 3);
            ActivityRegularization, of!([3, 5], 2);
            ActivityRegularization, of!([2, 3, 4], 3);
            ActivityRegularization, of!([1, 1, 17], 2);
            ActivityRegularization, laws!(ActivityRegularization { l1: 0.0, l2: 0.0 }, [9], 4);
        }
    }
}
