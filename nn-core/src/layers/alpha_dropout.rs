use super::dropout::steps;
use super::stateless;
use crate::kernels::{drop_and_scale, rescale, rescale_in_place};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;
use num_traits::Float;

stateless! {
    /// Brings each element to the lower limit of `Selu` with probability `rate` in training, then scales and moves all of them
    /// so that mean 0 and variance 1 stay; in inference it does nothing (Klambauer et al., 2017). The rate is rounded to a
    /// multiple of 1/65536.
    ///
    /// In `network!`: `AlphaDropout(rate)`, with a rate of at least 0 and less than 1. Any shape; behind `Selu`.
    ///
    /// The mask is drawn as that of [`Dropout`](super::Dropout).
    AlphaDropout { forward, backward }
}

/// The limit of `Selu` for large negative arguments.
const LIMIT: f64 = -1.758_099_340_847_376_6;

/// The factor and the offset that bring mean and variance back.
fn correction(dropped: u16) -> [f64; 2] {
    let lost = f64::from(dropped) / 65536.0;
    let kept = 1.0 - lost;
    let factor = 1.0 / Float::sqrt(kept + LIMIT * LIMIT * kept * lost);
    [factor, -factor * lost * LIMIT]
}

/// Masks the values of a tile in place, and multiplies what is left.
fn mask<T: Scalar>(call: &Call<spec::AlphaDropout>, pass: &Pass, dropped: u16, factor: f64, values: &mut [T]) {
    for (sample, values) in values.chunks_exact_mut(call.input.len()).enumerate() {
        drop_and_scale(pass.noise(call.index, sample), dropped, T::of(factor), values);
    }
}

fn forward<T: Scalar>(call: &Call<spec::AlphaDropout>, pass: &Pass, input: &[T], output: &mut [T]) {
    let dropped = steps(call.config.rate);
    if !pass.is_training() || dropped == 0 {
        output.copy_from_slice(input);
        return;
    }
    // Measured from the limit, what is lost is 0.
    let [factor, offset] = correction(dropped);
    rescale(T::one(), T::of(-LIMIT), input, output);
    mask(call, pass, dropped, factor, output);
    rescale_in_place(T::one(), T::of(factor * LIMIT + offset), output);
}

fn backward<T: Scalar>(
    call: &Call<spec::AlphaDropout>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    let dropped = steps(call.config.rate);
    d_input.copy_from_slice(d_output);
    if pass.is_training() && dropped > 0 {
        mask(call, pass, dropped, correction(dropped)[0], d_input);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::{AlphaDropout, Pass};
    use crate::gradient_laws;
    use crate::layer::Mode;
    use crate::layers::testing::{call, forward, laws};

    fn training(samples: usize, seed: u64) -> Pass {
        Pass { first_sample: 3, batch: samples + 3, ..Pass::training(samples, seed) }
    }

    #[test]
    fn mean_and_variance_stay() {
        let call = call!(AlphaDropout { rate: 0.2 }, [40_000]);
        let input: alloc::vec::Vec<f64> = (0..40_000).map(|index| crate::Noise::new(5, 5, 5).normal(index)).collect();
        let output = forward(&AlphaDropout, &call, &training(1, 11), &input);
        let mean = output.iter().sum::<f64>() / 4e4;
        let variance = output.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 4e4;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean}, {variance}");
        assert_eq!(forward(&AlphaDropout, &call, &Pass::inference(1), &input), input);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [1], 1);
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [1], 9);
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [7], 2);
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [33], 3);
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [3, 5], 2);
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [2, 3, 4], 3);
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [1, 1, 17], 2);
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [9], 4);
            AlphaDropout, laws!(AlphaDropout { rate: 0.5 }, [9], 4).mode(Mode::Inference);
        }
    }
}
