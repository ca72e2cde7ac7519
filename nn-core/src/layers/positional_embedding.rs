use crate::init::Initializer;
use crate::kernels::{Join, join, join_assign};
use crate::layer::{Activations, Call, Layer, Memory, Pass, Streamed};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role};

/// Adds to each vector of a sequence a learnt one for its position (Gehring et al., 2017).
///
/// In `network!`: `PositionalEmbedding(positions)`. `[time, width]`, with a time of at most `positions`: what a longer
/// sequence has learnt serves a shorter one. The weights start with a normal distribution of deviation 0.02 (Radford et al.,
/// 2019), small beside what they are added to.
#[repr(C)]
#[derive(Debug)]
pub struct PositionalEmbedding<const N: usize, const WIDTH: usize, T = f32> {
    /// `[N, WIDTH]`: a vector for each position.
    pub weight: [[T; WIDTH]; N],
}

crate::plain! { impl[const N: usize, const WIDTH: usize, T] PositionalEmbedding<N, WIDTH, T> { weight: [[T; WIDTH]; N] } }

impl<const N: usize, const WIDTH: usize, T: Scalar> Layer<T> for PositionalEmbedding<N, WIDTH, T> {
    type Config = spec::PositionalEmbedding;
    type Gradient = Self;

    const PARTS: &'static [Part] = &[Part::tensor("weight", Shape::new(&[N, WIDTH]), Role::Weight)];

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::Normal(0.02).fill(self.weight.as_flattened_mut(), Shape::new(&[N, WIDTH]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, _pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        let len = call.input.len();
        let weight = &self.weight.as_flattened()[..len];
        for (input, output) in input.chunks_exact(len).zip(output.chunks_exact_mut(len)) {
            join(Join::Add, input, weight, output);
        }
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        _pass: &Pass,
        _values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        _memory: Memory<'_, T>,
    ) {
        let len = call.input.len();
        if let Some(gradient) = gradient {
            let d_weight = &mut gradient.weight.as_flattened_mut()[..len];
            d_output.chunks_exact(len).for_each(|d| join_assign(Join::Add, d_weight, d));
        }
        if let Some(d_input) = d_input {
            d_input.copy_from_slice(d_output);
        }
    }
}

impl<const N: usize, const WIDTH: usize, T: Scalar> Streamed<T> for PositionalEmbedding<N, WIDTH, T> {
    fn step(
        &self,
        _call: &Call<Self::Config>,
        position: usize,
        input: &[T],
        _state: &mut [T],
        output: &mut [T],
        _scratch: &mut [T],
    ) {
        join(Join::Add, input, &self.weight[position], output);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn each_position_has_a_vector_of_its_own() {
        let call = call!(PositionalEmbedding { positions: 3 }, [2, 2]);
        let embedding = PositionalEmbedding { weight: [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]] };
        let found = forward(&embedding, &call, &Pass::inference(2), &[0.0, 0.0, 0.0, 0.0, 10.0, 10.0, 20.0, 20.0]);
        assert_near(&found, &[1.0, 2.0, 3.0, 4.0, 11.0, 12.0, 23.0, 24.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            PositionalEmbedding<1, 1, f64>, laws!(PositionalEmbedding { positions: 1 }, [1, 1], 1);
            PositionalEmbedding<4, 3, f64>, laws!(PositionalEmbedding { positions: 4 }, [4, 3], 2);
            PositionalEmbedding<4, 3, f64>, laws!(PositionalEmbedding { positions: 4 }, [2, 3], 3);
            PositionalEmbedding<7, 1, f64>, laws!(PositionalEmbedding { positions: 7 }, [5, 1], 2);
            PositionalEmbedding<2, 17, f64>, laws!(PositionalEmbedding { positions: 2 }, [2, 17], 3);
            PositionalEmbedding<9, 8, f64>, laws!(PositionalEmbedding { positions: 9 }, [9, 8], 1);
            PositionalEmbedding<3, 5, f64>, laws!(PositionalEmbedding { positions: 3 }, [1, 5], 4);
            PositionalEmbedding<5, 2, f64>, laws!(PositionalEmbedding { positions: 5 }, [5, 2], 2);
        }
    }
}
