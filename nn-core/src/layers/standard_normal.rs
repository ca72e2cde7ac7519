use super::stateless;
use crate::kernels::fill_normal;
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Random numbers of the standard normal distribution in training, and zeros (their mean) in inference, in the shape of
    /// its input. The input's values do not matter, and its gradient is zero.
    ///
    /// In `network!`: `StandardNormal`. With it, a variational autoencoder draws its code (the reparameterisation of Kingma
    /// and Welling, 2014): `mean + exp(0.5 * log_variance) * (mean -> StandardNormal)`.
    ///
    /// The numbers are a function of the step's seed, the layer, the sample and the element ([`Pass::noise`]): they do not
    /// depend on tiles or threads.
    StandardNormal { forward, backward }
}

fn forward<T: Scalar>(call: &Call<spec::StandardNormal>, pass: &Pass, _input: &[T], output: &mut [T]) {
    if !pass.is_training() {
        output.fill(T::zero());
        return;
    }
    for (sample, output) in output.chunks_exact_mut(call.output.len().max(1)).enumerate() {
        fill_normal(pass.noise(call.index, sample), output);
    }
}

fn backward<T: Scalar>(
    _call: &Call<spec::StandardNormal>,
    _pass: &Pass,
    _values: Activations<'_, T>,
    _d_output: &mut [T],
    d_input: &mut [T],
) {
    d_input.fill(T::zero());
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layer::Mode;
    use crate::layers::testing::{call, forward, laws};

    fn training(samples: usize, first_sample: usize, seed: u64) -> Pass {
        Pass { first_sample, batch: samples + first_sample, ..Pass::training(samples, seed) }
    }

    #[test]
    fn training_draws_and_inference_does_not() {
        let call = call!(StandardNormal {}, [3, 5]);
        let input = [f64::NAN; 30];
        let noise = forward(&StandardNormal, &call, &training(2, 4, 1), &input);
        assert!(noise.iter().all(|number| number.is_finite() && *number != 0.0));
        assert_ne!(noise[..15], noise[15..]);
        assert_eq!(noise[15..], forward(&StandardNormal, &call, &training(1, 5, 1), &input)[..]);
        assert_ne!(noise, forward(&StandardNormal, &call, &training(2, 4, 2), &input));
        let other_layer = Call { index: call.index + 1, ..call };
        assert_ne!(noise, forward(&StandardNormal, &other_layer, &training(2, 4, 1), &input));
        assert_eq!(forward(&StandardNormal, &call, &Pass::inference(2), &input), [0.0; 30]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            StandardNormal, laws!(StandardNormal {}, [1], 1);
            StandardNormal, laws!(StandardNormal {}, [7], 3);
            StandardNormal, laws!(StandardNormal {}, [3, 5], 2);
            StandardNormal, laws!(StandardNormal {}, [2, 3, 1], 2);
            StandardNormal, laws!(StandardNormal {}, [7], 3).mode(Mode::Inference);
        }
    }
}
