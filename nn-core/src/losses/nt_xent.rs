use alloc::vec;

use super::similarity::{directions, log_sum_exp, product, slope};
use super::{Loss, OutputGradient, TwoAlike};
use crate::OutOfRange;
use crate::data::Label;
use crate::kernels::Matrix;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Two views of each of a batch's samples, the two outputs of a network: each view should be told from among all others of
/// the batch as the one that belongs to the other. For the `2 B` views `z` of a batch and `s_ij = cos(z_i, z_j) / τ`,
/// `-ln exp s_ij / Σ_{k ≠ i} exp s_ik` where `j` is the other view of `i`, and the mean over all views.
///
/// It compares the samples of a batch with each other, as [`InfoNce`](super::InfoNce) does, and unlike it also the views of
/// one output among themselves. It needs no labels: data sets with `()`.
///
/// The temperature `τ` is 0.5 by default. T. Chen et al., "A simple framework for contrastive learning of visual
/// representations" (SimCLR, 2020), equation 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NtXent {
    /// What cosines are divided by, `τ`; above 0.
    pub temperature: f64,
}

impl NtXent {
    /// The loss with this temperature.
    pub const fn new(temperature: f64) -> Self {
        Self { temperature }
    }
}

impl Default for NtXent {
    fn default() -> Self {
        Self::new(0.5)
    }
}

/// What a batch needs: the directions of all views, what becomes of them, all pairs, and two numbers a view.
const fn scratch(views: usize, width: usize) -> usize {
    views * (2 * width + views + 2)
}

impl<T: Scalar, K: TwoAlike<Self>, Y: Label> Loss<T, K, Y> for NtXent {
    fn name(&self) -> &'static str {
        "NT-Xent"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::above_zero("temperature", self.temperature)
    }

    fn wants_whole_batches(&self) -> bool {
        true
    }

    fn scratch(&self, shape: Shape, samples: usize) -> usize {
        scratch(2 * samples, shape.len() / 2)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let sizes @ [views, width] = [2 * targets.len(), shape.len() / 2];
        match gradient {
            None => self.run(sizes, outputs, None, &mut vec![T::zero(); scratch(views, width)]),
            Some(OutputGradient { values, scale, scratch }) => self.run(sizes, outputs, Some((values, scale)), scratch),
        }
    }
}

impl NtXent {
    /// The views lie one behind the other as the network gives them: the two of a sample are neighbours.
    fn run<T: Scalar>(
        &self,
        [views, width]: [usize; 2],
        outputs: &[T],
        slopes: Option<(&mut [T], T)>,
        scratch: &mut [T],
    ) -> f64 {
        if views == 0 || width == 0 {
            return 0.0;
        }
        let (own, rest) = scratch.split_at_mut(views * width);
        let (moved, rest) = rest.split_at_mut(views * width);
        let (pairs, rest) = rest.split_at_mut(views * views);
        let (lengths, sums) = rest.split_at_mut(views);
        directions(outputs.chunks_exact(width), width, own, lengths);
        let rows = Matrix::rows(&*own, width);
        product([views, views, width], rows, rows.transposed(), pairs);
        let colder = T::of(1.0 / self.temperature);
        pairs.iter_mut().for_each(|pair| *pair *= colder);
        let mut sum = 0.0;
        for (view, row) in pairs.chunks_exact(views).enumerate() {
            let others = row.iter().enumerate().filter(|(other, _)| *other != view).map(|(_, &pair)| pair);
            let of_row = log_sum_exp(others);
            sums[view] = T::of(of_row);
            sum += 0.5 * (of_row - row[view ^ 1].wide());
        }
        let Some((slopes, scale)) = slopes else { return sum };
        for (view, row) in pairs.chunks_exact_mut(views).enumerate() {
            for (pair, &of_other) in row.iter_mut().zip(&*sums) {
                *pair = (*pair - sums[view]).exp() + (*pair - of_other).exp();
            }
            row[view] = T::zero();
            row[view ^ 1] -= T::of(2.0);
        }
        product([views, width, views], Matrix::rows(&*pairs, views), rows, moved);
        let factor = T::of(0.5) * scale * colder;
        let rows = moved.chunks_exact(width).zip(own.chunks_exact(width)).zip(&*lengths);
        for (place, ((by, own), &length)) in slopes.chunks_exact_mut(width).zip(rows) {
            slope(by, own, length, factor, place);
        }
        sum
    }
}
