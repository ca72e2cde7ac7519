//! Initial values of parameters, seeded and reproducible.
//!
//! Layers fill themselves with their defaults (see each layer); a tensor can be filled anew with an [`Initializer`]:
//!
//! ```
//! use nn_core::{Random, init::Initializer, spec::Shape};
//!
//! let mut weight = [[0.0f32; 16]; 32];
//! Initializer::HeNormal.fill(weight.as_flattened_mut(), Shape::new(&[32, 16]), &mut Random::new(7));
//! ```

mod orthogonal;

use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// How a tensor gets its initial values.
///
/// Variances are given by the fans of the tensor ([`Fans`]), or by a number. Those by fans that are normal are cut at two
/// standard deviations and widened so that the variance is the stated one after the cut, as in Keras (`keras.initializers`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initializer {
    /// Every element the same.
    Constant(f64),
    /// Normal with mean 0 and this standard deviation, as PyTorch's `normal_`: embeddings of language models start with 0.02.
    Normal(f64),
    /// The same, cut at two standard deviations, as Keras' `TruncatedNormal` (which does not widen it): the variance is 0.774
    /// times that of [`Initializer::Normal`].
    TruncatedNormal(f64),
    /// Uniform from minus this number up to it, as PyTorch's `uniform_(-a, a)`.
    Uniform(f64),
    /// Uniform with variance `2 / (fan_in + fan_out)` (Glorot and Bengio, 2010; also called Xavier): the default of
    /// dense and convolutional weights.
    GlorotUniform,
    /// Normal with variance `2 / (fan_in + fan_out)`.
    GlorotNormal,
    /// Uniform with variance `2 / fan_in` (He et al., 2015; also called Kaiming), for ReLU networks.
    HeUniform,
    /// Normal with variance `2 / fan_in`.
    HeNormal,
    /// Uniform with variance `1 / fan_in` (LeCun et al., 1998).
    LecunUniform,
    /// Normal with variance `1 / fan_in`.
    LecunNormal,
    /// A random orthogonal matrix (Saxe, McClelland and Ganguli, 2014): orthonormal columns, or orthonormal rows where
    /// there are more columns than rows. The matrix has the last axis as columns, all others as rows.
    Orthogonal,
}

/// How many numbers an element of a tensor's output depends on, and how many outputs an input reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// Inputs of one output.
    pub fan_in: usize,
    /// Outputs of one input.
    pub fan_out: usize,
}

impl Fans {
    /// The fans of a weight with these axes: the last two are inputs and outputs, those in front positions of a window,
    /// which count into both. A tensor of one axis has that many of both.
    pub const fn of(shape: Shape) -> Self {
        let outputs = shape.last();
        let mut positions = 1;
        let mut axis = 0;
        while axis + 2 < shape.rank() {
            positions *= shape.dim(axis);
            axis += 1;
        }
        let inputs = if shape.rank() < 2 { outputs } else { shape.dim(shape.rank() - 2) };
        Self { fan_in: positions * inputs, fan_out: positions * outputs }
    }
}

/// The standard deviation that is left of a standard normal distribution cut at ±2.
const CUT_DEVIATION: f64 = 0.879_625_661_034_239_8;

impl Initializer {
    /// Fills a tensor, given flat, of this shape. The values depend on nothing but the shape and the state of `random`.
    ///
    /// # Panics
    /// When `tensor` has not as many elements as `shape`.
    pub fn fill<T: Scalar>(self, tensor: &mut [T], shape: Shape, random: &mut Random) {
        assert_eq!(tensor.len(), shape.len(), "the slice has as many elements as its shape {shape}");
        let Fans { fan_in, fan_out } = Fans::of(shape);
        let mean_fan = (fan_in as f64 + fan_out as f64) / 2.0;
        match self {
            Self::Constant(value) => tensor.fill(T::of(value)),
            Self::Normal(deviation) => {
                tensor.iter_mut().for_each(|element| *element = T::of(deviation * random.normal()));
            }
            Self::TruncatedNormal(deviation) => cut_normal(tensor, deviation, random),
            Self::Uniform(limit) => within(tensor, limit, random),
            Self::GlorotUniform => uniform(tensor, 1.0 / mean_fan, random),
            Self::GlorotNormal => normal(tensor, 1.0 / mean_fan, random),
            Self::HeUniform => uniform(tensor, 2.0 / fan_in as f64, random),
            Self::HeNormal => normal(tensor, 2.0 / fan_in as f64, random),
            Self::LecunUniform => uniform(tensor, 1.0 / fan_in as f64, random),
            Self::LecunNormal => normal(tensor, 1.0 / fan_in as f64, random),
            Self::Orthogonal => orthogonal::fill(tensor, shape.last(), random),
        }
    }
}

fn uniform<T: Scalar>(tensor: &mut [T], variance: f64, random: &mut Random) {
    within(tensor, num_traits::Float::sqrt(3.0 * variance), random);
}

fn within<T: Scalar>(tensor: &mut [T], limit: f64, random: &mut Random) {
    random.fill_uniform(tensor, |number| T::of(limit * (2.0 * number - 1.0)));
}

fn normal<T: Scalar>(tensor: &mut [T], variance: f64, random: &mut Random) {
    cut_normal(tensor, num_traits::Float::sqrt(variance) / CUT_DEVIATION, random);
}

fn cut_normal<T: Scalar>(tensor: &mut [T], deviation: f64, random: &mut Random) {
    for element in tensor {
        let mut number = random.normal();
        while number.abs() > 2.0 {
            number = random.normal();
        }
        *element = T::of(deviation * number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape::new(&[3, 3, 20, 40]);

    fn filled(initializer: Initializer, seed: u64) -> [f64; 7200] {
        let mut tensor = [f64::NAN; 7200];
        initializer.fill(&mut tensor, SHAPE, &mut Random::new(seed));
        tensor
    }

    fn variance(values: &[f64]) -> f64 {
        values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64
    }

    #[test]
    fn fans_count_the_positions_of_a_window() {
        assert_eq!(Fans::of(SHAPE), Fans { fan_in: 180, fan_out: 360 });
        assert_eq!(Fans::of(Shape::new(&[7, 5])), Fans { fan_in: 7, fan_out: 5 });
        assert_eq!(Fans::of(Shape::new(&[5])), Fans { fan_in: 5, fan_out: 5 });
        assert_eq!(Fans::of(Shape::new(&[0, 5])), Fans { fan_in: 0, fan_out: 5 });
    }

    #[test]
    fn distributions_have_their_moments_and_bounds() {
        let cases = [
            (Initializer::GlorotUniform, 2.0 / 540.0, 3.0),
            (Initializer::GlorotNormal, 2.0 / 540.0, 4.0 / (CUT_DEVIATION * CUT_DEVIATION)),
            (Initializer::HeUniform, 2.0 / 180.0, 3.0),
            (Initializer::HeNormal, 2.0 / 180.0, 4.0 / (CUT_DEVIATION * CUT_DEVIATION)),
            (Initializer::LecunUniform, 1.0 / 180.0, 3.0),
            (Initializer::LecunNormal, 1.0 / 180.0, 4.0 / (CUT_DEVIATION * CUT_DEVIATION)),
            (Initializer::Normal(0.02), 4e-4, 36.0),
            (
                Initializer::TruncatedNormal(0.5),
                0.25 * CUT_DEVIATION * CUT_DEVIATION,
                4.0 / (CUT_DEVIATION * CUT_DEVIATION),
            ),
            (Initializer::Uniform(0.3), 0.03, 3.0),
        ];
        for (initializer, expected, largest_square) in cases {
            let values = filled(initializer, 3);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            assert!(mean.abs() < 0.05 * f64::sqrt(expected), "{initializer:?}: mean {mean}");
            let found = variance(&values);
            assert!((found / expected - 1.0).abs() < 0.04, "{initializer:?}: variance {found}, not {expected}");
            assert!(values.iter().all(|value| value * value <= largest_square * expected * (1.0 + 1e-12)));
        }
    }

    #[test]
    fn a_seed_gives_the_same_values_and_another_seed_others() {
        for initializer in [Initializer::GlorotUniform, Initializer::HeNormal] {
            assert_eq!(filled(initializer, 1), filled(initializer, 1));
            assert_ne!(filled(initializer, 1), filled(initializer, 2));
        }
        assert_eq!(filled(Initializer::Constant(0.5), 1), [0.5; 7200]);
    }

    #[test]
    fn empty_and_single_tensors_are_filled() {
        for initializer in [Initializer::GlorotUniform, Initializer::HeNormal, Initializer::Orthogonal] {
            initializer.fill::<f32>(&mut [], Shape::new(&[0, 5]), &mut Random::new(1));
            initializer.fill::<f32>(&mut [], Shape::new(&[5, 0]), &mut Random::new(1));
            let mut one = [0.0f32];
            initializer.fill(&mut one, Shape::new(&[1, 1]), &mut Random::new(1));
            assert!(one[0] != 0.0 && one[0].is_finite());
        }
    }
}
