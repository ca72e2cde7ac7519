use super::dropout::{kept_factor, steps};
use super::stateless;
use crate::kernels::{drop_and_scale, rescale};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Zeroes each whole sample with probability `rate` in training and divides the others by `1 - rate`; in inference it does
    /// nothing. On the branch of a residual block it is stochastic depth (Huang et al., 2016): `x + (x -> .. -> DropPath(0.1))`
    /// passes the block by for some of the samples.
    ///
    /// In `network!`: `DropPath(rate)`, with a rate of at least 0 and less than 1. Any shape.
    ///
    /// The mask is drawn as that of [`Dropout`](super::Dropout).
    DropPath { forward, backward }
}

fn forward<T: Scalar>(call: &Call<spec::DropPath>, pass: &Pass, input: &[T], output: &mut [T]) {
    let (dropped, sample) = (steps(call.config.rate), call.input.len());
    if !pass.is_training() || dropped == 0 {
        output.copy_from_slice(input);
        return;
    }
    let samples = input.chunks_exact(sample).zip(output.chunks_exact_mut(sample));
    for (index, (input, output)) in samples.enumerate() {
        let mut factor = [T::one()];
        drop_and_scale(pass.noise(call.index, index), dropped, T::of(kept_factor(dropped)), &mut factor);
        rescale(factor[0], T::zero(), input, output);
    }
}

fn backward<T: Scalar>(
    call: &Call<spec::DropPath>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    forward(call, pass, d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::{DropPath, Pass};
    use crate::gradient_laws;
    use crate::layer::Mode;
    use crate::layers::testing::{call, forward, laws};
    use alloc::vec;

    fn training(samples: usize, seed: u64) -> Pass {
        Pass { first_sample: 3, batch: samples + 3, ..Pass::training(samples, seed) }
    }

    #[test]
    fn samples_are_dropped_whole() {
        let call = call!(DropPath { rate: 0.25 }, [2]);
        let output = forward(&DropPath, &call, &training(4000, 11), &vec![1.0; 8000]);
        assert!(output.chunks(2).all(|sample| sample[0] == sample[1]));
        let zeros = output.iter().filter(|value| **value == 0.0).count() as f64 / 8e3;
        assert!((zeros - 0.25).abs() < 0.03, "{zeros}");
        assert!(output.iter().all(|value| *value == 0.0 || (*value - 4.0 / 3.0).abs() < 1e-3));
        assert_eq!(forward(&DropPath, &call, &Pass::inference(1), &[1.0, 2.0]), [1.0, 2.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            DropPath, laws!(DropPath { rate: 0.5 }, [1], 1);
            DropPath, laws!(DropPath { rate: 0.5 }, [1], 9);
            DropPath, laws!(DropPath { rate: 0.5 }, [7], 2);
            DropPath, laws!(DropPath { rate: 0.5 }, [33], 3);
            DropPath, laws!(DropPath { rate: 0.5 }, [3, 5], 2);
            DropPath, laws!(DropPath { rate: 0.5 }, [2, 3, 4], 3);
            DropPath, laws!(DropPath { rate: 0.5 }, [1, 1, 17], 2);
            DropPath, laws!(DropPath { rate: 0.5 }, [9], 4);
            DropPath, laws!(DropPath { rate: 0.5 }, [9], 4).mode(Mode::Inference);
        }
    }
}
