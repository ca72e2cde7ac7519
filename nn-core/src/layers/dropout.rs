use crate::kernels::drop_and_scale;
use crate::layer::{Activations, Call, InPlace, Layer, Memory, Pass};
use crate::scalar::Scalar;
use crate::spec;
use crate::tensors::Part;

/// Zeroes each element with probability `rate` in training and divides the others by `1 - rate`, so that the expected
/// value stays (Srivastava et al., 2014, in its inverted form); in inference it does nothing. The rate is rounded to a
/// multiple of 1/65536, and at most 65535/65536.
///
/// In `network!`: `Dropout(rate)`, with a rate of at least 0 and less than 1. Any shape.
///
/// The mask is a function of the step's seed, the layer, the sample and the element ([`Pass::noise`]): backward draws it
/// again, so none is stored, and it does not depend on tiles or threads.
#[derive(Debug)]
pub struct Dropout;

crate::plain! { impl[T] Dropout {} }

/// The probability of a zero in steps of 1/65536.
pub(super) fn steps(rate: f64) -> u16 {
    (rate * 65536.0 + 0.5) as u16
}

/// By how much the others are multiplied, so that the expected value stays.
pub(super) fn kept_factor(dropped: u16) -> f64 {
    65536.0 / (65536.0 - f64::from(dropped))
}

impl Dropout {
    /// Applies the mask: to the values of a tile forward, and to their gradients backward.
    fn mask<T: Scalar>(call: &Call<spec::Dropout>, pass: &Pass, values: &mut [T]) {
        let dropped = steps(call.config.rate);
        let features = call.input.len();
        if !pass.is_training() || dropped == 0 || features == 0 {
            return;
        }
        let factor = T::of(kept_factor(dropped));
        for (sample, values) in values.chunks_exact_mut(features).enumerate() {
            drop_and_scale(pass.noise(call.index, sample), dropped, factor, values);
        }
    }
}

impl<T: Scalar> Layer<T> for Dropout {
    type Config = spec::Dropout;
    type Gradient = ();

    const PARTS: &'static [Part] = &[];

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        output.copy_from_slice(input);
        Self::mask(call, pass, output);
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
            d_input.copy_from_slice(d_output);
            Self::mask(call, pass, d_input);
        }
    }
}

impl<T: Scalar> InPlace<T> for Dropout {
    fn forward_in_place(&self, call: &Call<Self::Config>, pass: &Pass, values: &mut [T]) {
        Self::mask(call, pass, values);
    }

    fn backward_in_place(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        _values: Activations<'_, T>,
        gradient: &mut [T],
    ) {
        Self::mask(call, pass, gradient);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layer::Mode;
    use crate::layers::testing::{assert_in_place, call, forward, laws};
    use alloc::vec;

    fn training(samples: usize, first_sample: usize, seed: u64) -> Pass {
        Pass { first_sample, batch: samples + first_sample, ..Pass::training(samples, seed) }
    }

    #[test]
    fn the_rate_is_the_share_of_zeros_and_the_mean_stays() {
        for rate in [0.1, 0.5, 0.9] {
            let call = call!(Dropout { rate }, [10_000]);
            let output = forward(&Dropout, &call, &training(2, 0, 11), &vec![1.0; 20_000]);
            let zeros = output.iter().filter(|value| **value == 0.0).count() as f64 / 2e4;
            assert!((zeros - rate).abs() < 0.015, "{zeros} of {rate}");
            assert!(output.iter().all(|value| *value == 0.0 || (*value * (1.0 - rate) - 1.0).abs() < 1e-3));
            assert_ne!(output[..10_000], output[10_000..]);
        }
    }

    #[test]
    fn inference_and_a_rate_of_zero_change_nothing() {
        let input = [1.0, -2.0, f64::INFINITY];
        let half = call!(Dropout { rate: 0.5 }, [3]);
        assert_eq!(forward(&Dropout, &half, &Pass::inference(1), &input), input);
        let never = call!(Dropout { rate: 0.0 }, [3]);
        assert_eq!(forward(&Dropout, &never, &training(1, 0, 1), &input), input);
    }

    #[test]
    fn steps_and_layers_draw_masks_of_their_own() {
        let call = call!(Dropout { rate: 0.5 }, [64]);
        let ones = [1.0; 64];
        let mask = forward(&Dropout, &call, &training(1, 0, 1), &ones);
        assert_eq!(mask, forward(&Dropout, &call, &training(1, 0, 1), &ones));
        assert_ne!(mask, forward(&Dropout, &call, &training(1, 0, 2), &ones));
        let other_layer = Call { index: call.index + 1, ..call };
        assert_ne!(mask, forward(&Dropout, &other_layer, &training(1, 0, 1), &ones));
    }

    #[test]
    fn in_place_as_elsewhere() {
        let call = call!(Dropout { rate: 0.5 }, [33]);
        assert_in_place(&Dropout, &call, &training(3, 5, 8));
        assert_in_place(&Dropout, &call, &Pass::inference(3));
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Dropout, laws!(Dropout { rate: 0.5 }, [1], 1);
            Dropout, laws!(Dropout { rate: 0.5 }, [1], 9);
            Dropout, laws!(Dropout { rate: 0.0 }, [7], 2);
            Dropout, laws!(Dropout { rate: 0.9 }, [33], 3);
            Dropout, laws!(Dropout { rate: 0.25 }, [3, 5], 2);
            Dropout, laws!(Dropout { rate: 0.1 }, [2, 3, 4], 3);
            Dropout, laws!(Dropout { rate: 0.5 }, [1, 1, 17], 2);
            Dropout, laws!(Dropout { rate: 0.5 }, [9], 4).mode(Mode::Inference);
        }
    }
}
