use super::stateless;
use crate::layer::{Activations, Call, Pass, Streamed};
use crate::scalar::Scalar;
use crate::spec;
use num_traits::Float;

stateless! {
    /// Adds to each vector of a sequence the sines and cosines of its position (Vaswani et al., 2017): to feature `2 i` that
    /// sine and to `2 i + 1` that cosine of `position / base^(2 i / width)`; of an odd width the last feature is a sine.
    ///
    /// In `network!`: `SinusoidalPosition(base = 10000.0)`. `[time, width]`; positions count from 0.
    SinusoidalPosition { forward, backward }
}

fn forward<T: Scalar>(call: &Call<spec::SinusoidalPosition>, _pass: &Pass, input: &[T], output: &mut [T]) {
    let (time, width) = (call.input.dim(0), call.input.last());
    output.copy_from_slice(input);
    for feature in 0..width {
        let wave = wave(call, feature);
        for position in 0..time {
            let value = T::of(wave(position));
            // The same for all samples.
            for sample in output.chunks_exact_mut(time * width) {
                sample[position * width + feature] += value;
            }
        }
    }
}

/// What is added to a feature at a position.
fn wave(call: &Call<spec::SinusoidalPosition>, feature: usize) -> impl Fn(usize) -> f64 {
    let frequency = Float::powf(call.config.base, -((feature / 2 * 2) as f64) / call.input.last() as f64);
    move |position| {
        let angle = position as f64 * frequency;
        if feature.is_multiple_of(2) { Float::sin(angle) } else { Float::cos(angle) }
    }
}

impl<T: Scalar> Streamed<T> for SinusoidalPosition {
    fn step(
        &self,
        call: &Call<Self::Config>,
        position: usize,
        input: &[T],
        _state: &mut [T],
        output: &mut [T],
        _scratch: &mut [T],
    ) {
        for (feature, (output, &input)) in output.iter_mut().zip(input).enumerate() {
            *output = input + T::of(wave(call, feature)(position));
        }
    }
}

fn backward<T: Scalar>(
    _call: &Call<spec::SinusoidalPosition>,
    _pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    d_input.copy_from_slice(d_output);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn waves_are_added() {
        let call = call!(SinusoidalPosition { base: 100.0 }, [2, 3]);
        let found = forward(&SinusoidalPosition, &call, &Pass::inference(2), &[1.0; 12]);
        let slow = (100f64.powf(-2.0 / 3.0)).sin();
        let expected = [1.0, 2.0, 1.0, 1.0 + 1f64.sin(), 1.0 + 1f64.cos(), 1.0 + slow];
        assert_near(&found, &[expected, expected].concat());
    }

    #[test]
    fn a_step_is_that_of_the_sequence() {
        let call = call!(SinusoidalPosition { base: 100.0 }, [40, 5]);
        let expected = forward(&SinusoidalPosition, &call, &Pass::inference(1), &[1.0; 200]);
        let mut found = [0.0; 5];
        SinusoidalPosition.step(&call, 37, &[1.0; 5], &mut [], &mut found, &mut []);
        assert_near(&found, &expected[185..190]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            SinusoidalPosition, laws!(SinusoidalPosition { base: 1e4 }, [1, 1], 1);
            SinusoidalPosition, laws!(SinusoidalPosition { base: 1e4 }, [1, 5], 2);
            SinusoidalPosition, laws!(SinusoidalPosition { base: 10.0 }, [7, 2], 3);
            SinusoidalPosition, laws!(SinusoidalPosition { base: 1e4 }, [4, 8], 2);
        }
    }
}
