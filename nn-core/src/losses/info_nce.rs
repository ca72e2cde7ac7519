use alloc::vec;

use super::similarity::{directions, log_sum_exp, product, slope};
use super::{Loss, OutputGradient, TwoAlike};
use crate::OutOfRange;
use crate::data::Label;
use crate::kernels::Matrix;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Which of a batch's samples belong together, for a network with two outputs of one shape: each first output `a_i` should
/// be told from among all second ones as the one that belongs to `b_i`, and the other way round. With
/// `s_ij = cos(a_i, b_j) / τ`, `-½ Σ_i (ln exp s_ii / Σ_j exp s_ij + ln exp s_ii / Σ_j exp s_ji)`, and the mean over the
/// batch.
///
/// It compares the samples of a batch with each other: all of a batch is seen at once, whatever the threads, and a larger
/// batch is another task, with more to be told apart. An evaluation cuts the data set into batches of the trainer's size,
/// in order. It needs no labels: data sets with `()`.
///
/// The temperature `τ` is 0.07 by default. A. van den Oord et al., "Representation learning with contrastive predictive
/// coding" (2018); both ways, as A. Radford et al., "Learning transferable visual models from natural language supervision"
/// (CLIP, 2021). In PyTorch, the mean of two `cross_entropy` of `normalize(a) @ normalize(b).T / τ`, with `arange` as the
/// classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InfoNce {
    /// What cosines are divided by, `τ`; above 0.
    pub temperature: f64,
}

impl InfoNce {
    /// The loss with this temperature.
    pub const fn new(temperature: f64) -> Self {
        Self { temperature }
    }
}

impl Default for InfoNce {
    fn default() -> Self {
        Self::new(0.07)
    }
}

/// What a batch needs: two sets of directions, what becomes of them, all pairs, and a few numbers a sample.
#[derive(Clone, Copy)]
struct Sizes {
    samples: usize,
    width: usize,
}

impl Sizes {
    const fn scratch(self) -> usize {
        self.samples * (3 * self.width + self.samples + 4)
    }
}

impl<T: Scalar, K: TwoAlike<Self>, Y: Label> Loss<T, K, Y> for InfoNce {
    fn name(&self) -> &'static str {
        "InfoNCE"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::above_zero("temperature", self.temperature)
    }

    fn wants_whole_batches(&self) -> bool {
        true
    }

    fn scratch(&self, shape: Shape, samples: usize) -> usize {
        Sizes { samples, width: shape.len() / 2 }.scratch()
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let sizes = Sizes { samples: targets.len(), width: shape.len() / 2 };
        match gradient {
            None => self.run(sizes, outputs, None, &mut vec![T::zero(); sizes.scratch()]),
            Some(OutputGradient { values, scale, scratch }) => self.run(sizes, outputs, Some((values, scale)), scratch),
        }
    }
}

impl InfoNce {
    fn run<T: Scalar>(
        &self,
        Sizes { samples, width }: Sizes,
        outputs: &[T],
        slopes: Option<(&mut [T], T)>,
        scratch: &mut [T],
    ) -> f64 {
        if samples == 0 || width == 0 {
            return 0.0;
        }
        let (first, rest) = scratch.split_at_mut(samples * width);
        let (second, rest) = rest.split_at_mut(samples * width);
        let (moved, rest) = rest.split_at_mut(samples * width);
        let (pairs, rest) = rest.split_at_mut(samples * samples);
        let (lengths, sums) = rest.split_at_mut(2 * samples);
        let (of_rows, of_columns) = sums.split_at_mut(samples);
        let (of_first, of_second) = lengths.split_at_mut(samples);
        let halves = |half: usize| outputs.chunks_exact(width).skip(half).step_by(2);
        directions(halves(0), width, first, of_first);
        directions(halves(1), width, second, of_second);
        let sizes = [samples, samples, width];
        product(sizes, Matrix::rows(first, width), Matrix::rows(second, width).transposed(), pairs);
        let colder = T::of(1.0 / self.temperature);
        pairs.iter_mut().for_each(|pair| *pair *= colder);
        let mut sum = 0.0;
        for sample in 0..samples {
            let row = log_sum_exp(pairs[sample * samples..][..samples].iter().copied());
            let column = log_sum_exp(pairs[sample..].iter().step_by(samples).copied());
            (of_rows[sample], of_columns[sample]) = (T::of(row), T::of(column));
            sum += 0.5 * (row + column) - pairs[sample * samples + sample].wide();
        }
        let Some((slopes, scale)) = slopes else { return sum };
        let half = T::of(0.5);
        for (row, (pairs, &of_row)) in pairs.chunks_exact_mut(samples).zip(&*of_rows).enumerate() {
            for (pair, &of_column) in pairs.iter_mut().zip(&*of_columns) {
                *pair = half * ((*pair - of_row).exp() + (*pair - of_column).exp());
            }
            pairs[row] -= T::one();
        }
        let (pairs, factor) = (Matrix::rows(pairs, samples), scale * colder);
        let by = [samples, width, samples];
        let mut write = |half: usize, moved: &[T], own: &[T], lengths: &[T]| {
            let places = slopes.chunks_exact_mut(width).skip(half).step_by(2);
            let rows = moved.chunks_exact(width).zip(own.chunks_exact(width)).zip(lengths);
            places.zip(rows).for_each(|(place, ((by, own), &length))| slope(by, own, length, factor, place));
        };
        product(by, pairs, Matrix::rows(second, width), moved);
        write(0, moved, first, of_first);
        product(by, pairs.transposed(), Matrix::rows(first, width), moved);
        write(1, moved, second, of_second);
        sum
    }
}
