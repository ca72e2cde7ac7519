use super::dropout::{kept_factor, steps};
use super::stateless;
use crate::kernels::{Join, drop_and_scale, join, join_assign};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Zeroes each channel of a sample, at all its positions, with probability `rate` in training and divides the others by
    /// `1 - rate`; in inference it does nothing (Tompson et al., 2015). Neighbouring positions say much the same, so that
    /// dropping single elements would lose little.
    ///
    /// In `network!`: `SpatialDropout(rate)`, with a rate of at least 0 and less than 1. `[time, channels]`,
    /// `[height, width, channels]` and other shapes with positions: PyTorch's `Dropout1d`, `Dropout2d` and `Dropout3d`.
    ///
    /// The mask is drawn as that of [`Dropout`](super::Dropout).
    SpatialDropout { forward, backward }
}

fn forward<T: Scalar>(call: &Call<spec::SpatialDropout>, pass: &Pass, input: &[T], output: &mut [T]) {
    let (dropped, channels, sample) = (steps(call.config.rate), call.input.last(), call.input.len());
    if !pass.is_training() || dropped == 0 {
        output.copy_from_slice(input);
        return;
    }
    let samples = input.chunks_exact(sample).zip(output.chunks_exact_mut(sample));
    for (index, (input, output)) in samples.enumerate() {
        // The mask lies in the place of the first position until all others are done.
        let (mask, output) = output.split_at_mut(channels);
        mask.fill(T::one());
        drop_and_scale(pass.noise(call.index, index), dropped, T::of(kept_factor(dropped)), mask);
        let (first, input) = input.split_at(channels);
        for (input, output) in input.chunks_exact(channels).zip(output.chunks_exact_mut(channels)) {
            join(Join::Multiply, input, mask, output);
        }
        join_assign(Join::Multiply, mask, first);
    }
}

fn backward<T: Scalar>(
    call: &Call<spec::SpatialDropout>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    forward(call, pass, d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::{Pass, SpatialDropout};
    use crate::gradient_laws;
    use crate::layer::Mode;
    use crate::layers::testing::{call, forward, laws};
    use alloc::vec;

    fn training(samples: usize, seed: u64) -> Pass {
        Pass { first_sample: 3, batch: samples + 3, ..Pass::training(samples, seed) }
    }

    #[test]
    fn channels_are_dropped_whole() {
        let call = call!(SpatialDropout { rate: 0.25 }, [3, 4000]);
        let output = forward(&SpatialDropout, &call, &training(1, 11), &vec![1.0; 12_000]);
        assert_eq!((&output[..4000], &output[..4000]), (&output[4000..8000], &output[8000..]));
        let zeros = output[..4000].iter().filter(|value| **value == 0.0).count() as f64 / 4e3;
        assert!((zeros - 0.25).abs() < 0.03, "{zeros}");
        assert!(output.iter().all(|value| *value == 0.0 || (*value - 4.0 / 3.0).abs() < 1e-3));
        assert_eq!(forward(&SpatialDropout, &call, &Pass::inference(1), &vec![1.0; 12_000]), vec![1.0; 12_000]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [1, 1], 1);
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [5, 1], 9);
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [1, 7], 2);
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [3, 33], 3);
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [3, 5], 2);
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [2, 3, 4], 3);
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [1, 1, 17], 2);
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [3, 9], 4);
            SpatialDropout, laws!(SpatialDropout { rate: 0.5 }, [3, 9], 4).mode(Mode::Inference);
        }
    }
}
