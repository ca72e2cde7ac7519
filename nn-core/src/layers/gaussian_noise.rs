use super::stateless;
use crate::kernels::{Join, fill_normal, join_assign, scale};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Adds random numbers of the normal distribution with this deviation in training; in inference it does nothing. As Keras'
    /// `GaussianNoise`.
    ///
    /// In `network!`: `GaussianNoise(deviation)`, with a deviation of at least 0. Any shape.
    ///
    /// The numbers are drawn as those of [`StandardNormal`](super::StandardNormal).
    GaussianNoise { forward, backward }
}

fn forward<T: Scalar>(call: &Call<spec::GaussianNoise>, pass: &Pass, input: &[T], output: &mut [T]) {
    if !pass.is_training() {
        output.copy_from_slice(input);
        return;
    }
    for (sample, output) in output.chunks_exact_mut(call.output.len()).enumerate() {
        fill_normal(pass.noise(call.index, sample), output);
    }
    scale(output, T::of(call.config.deviation));
    join_assign(Join::Add, output, input);
}

fn backward<T: Scalar>(
    _call: &Call<spec::GaussianNoise>,
    _pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    d_input.copy_from_slice(d_output);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::{GaussianNoise, Pass};
    use crate::gradient_laws;
    use crate::layer::Mode;
    use crate::layers::testing::{call, forward, laws};
    use alloc::vec;

    fn training(samples: usize, seed: u64) -> Pass {
        Pass { first_sample: 3, batch: samples + 3, ..Pass::training(samples, seed) }
    }

    #[test]
    fn noise_has_its_deviation() {
        let call = call!(GaussianNoise { deviation: 0.5 }, [20_000]);
        let output = forward(&GaussianNoise, &call, &training(1, 11), &vec![3.0; 20_000]);
        let mean = output.iter().sum::<f64>() / 2e4;
        let variance = output.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 2e4;
        assert!((mean - 3.0).abs() < 0.02 && (variance - 0.25).abs() < 0.01, "{mean}, {variance}");
        let quiet = forward(&GaussianNoise, &call, &Pass::inference(1), &vec![3.0; 20_000]);
        assert_eq!(quiet, vec![3.0; 20_000]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [1], 1);
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [1], 9);
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [7], 2);
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [33], 3);
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [3, 5], 2);
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [2, 3, 4], 3);
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [1, 1, 17], 2);
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [9], 4);
            GaussianNoise, laws!(GaussianNoise { deviation: 0.5 }, [9], 4).mode(Mode::Inference);
        }
    }
}
