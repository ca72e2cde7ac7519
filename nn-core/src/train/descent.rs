//! From the lanes' gradients to new parameters, block by block: each block is summed, measured and updated in the cache.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::threads::Fork;
use super::tiling::MOST_LANES;
use crate::kernels::add_assign;
use crate::optim::{GradientRules, Moments, Optimizer, Update, sum_of_squares};
use crate::scalar::Scalar;
use crate::tensors::{Part, Role, tensors};

/// The most parameters of a block.
const BLOCK: usize = 4096;
/// So many blocks at least are worth a second thread.
const FORK: usize = 8;

/// Neighbouring parameters of one tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    parameters: Range<usize>,
    gradient: Range<usize>,
    decays: bool,
}

fn blocks(parts: &[Part]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for tensor in tensors(parts).into_iter().filter(|tensor| tensor.role.is_trainable()) {
        for start in (0..tensor.range.len()).step_by(BLOCK) {
            let end = (start + BLOCK).min(tensor.range.len());
            blocks.push(Block {
                parameters: tensor.range.start + start..tensor.range.start + end,
                gradient: tensor.gradient.start + start..tensor.gradient.start + end,
                decays: tensor.role == Role::Weight,
            });
        }
    }
    blocks
}

/// Everything that belongs to some neighbouring blocks, each a slice; what is not needed is empty.
struct Pieces<'p, T> {
    parameters: &'p mut [T],
    gradients: [&'p mut [T]; MOST_LANES],
    moments: Moments<'p, T>,
    /// Where the slices start in the whole.
    start: [usize; 2],
}

impl<'p, T: Scalar> Pieces<'p, T> {
    /// Cuts everything in front of a block.
    fn split(self, at: &Block) -> [Self; 2] {
        let [parameter, gradient] = [at.parameters.start - self.start[0], at.gradient.start - self.start[1]];
        let cut = |slice: &'p mut [T]| slice.split_at_mut(gradient.min(slice.len()));
        let (parameters, later_parameters) = self.parameters.split_at_mut(parameter);
        let mut later_gradients: [&mut [T]; MOST_LANES] = Default::default();
        let mut gradients = self.gradients;
        for (slice, later) in gradients.iter_mut().zip(&mut later_gradients) {
            (*slice, *later) = cut(core::mem::take(slice));
        }
        let (first, later_first) = cut(self.moments.first);
        let (second, later_second) = cut(self.moments.second);
        let earlier = Self { parameters, gradients, moments: Moments { first, second }, start: self.start };
        let start = [at.parameters.start, at.gradient.start];
        let moments = Moments { first: later_first, second: later_second };
        [earlier, Self { parameters: later_parameters, gradients: later_gradients, moments, start }]
    }

    /// Cuts everything down to one block: state may stand around it.
    fn only(self, block: &Block) -> Self {
        let [_, mut pieces] = self.split(block);
        let cut = |slice: &'p mut [T]| {
            let len = block.gradient.len().min(slice.len());
            &mut slice[..len]
        };
        pieces.gradients = pieces.gradients.map(cut);
        pieces.moments = Moments { first: cut(pieces.moments.first), second: cut(pieces.moments.second) };
        pieces.parameters = cut(pieces.parameters);
        pieces
    }
}

/// Runs `work` on every block and adds up what it returns, by halves, whether on one thread or on many.
fn each_block<T: Scalar>(
    fork: Fork,
    blocks: &[Block],
    pieces: Pieces<'_, T>,
    work: &(impl Fn(&Block, Pieces<'_, T>) -> f64 + Sync),
) -> f64 {
    match blocks {
        [] => 0.0,
        [block] => work(block, pieces.only(block)),
        _ => {
            let (left, right) = blocks.split_at(blocks.len() / 2);
            let [earlier, later] = pieces.split(&right[0]);
            let fork_here = if blocks.len() < FORK { Fork::InOrder } else { fork };
            let (left, right) =
                fork_here.join(|| each_block(fork, left, earlier, work), || each_block(fork, right, later, work));
            left + right
        }
    }
}

/// Sums the lanes into the first one as a balanced binary tree.
fn merge_lanes<T: Scalar>(lanes: &mut [&mut [T]]) {
    let mut stride = 1;
    while stride < lanes.len() {
        for left in (0..lanes.len() - stride).step_by(2 * stride) {
            let (earlier, later) = lanes.split_at_mut(left + stride);
            add_assign(earlier[left], later[0]);
        }
        stride *= 2;
    }
}

/// What an optimiser remembers of a network, and how to walk over its parameters.
#[derive(Debug)]
pub(super) struct Descent<T> {
    blocks: Vec<Block>,
    first: Vec<T>,
    second: Vec<T>,
    /// How many steps have been made.
    pub(super) steps: u64,
}

impl<T: Scalar> Descent<T> {
    pub(super) fn new(parts: &[Part], gradient: usize, moments: usize) -> Self {
        let room = |moment| vec![T::zero(); if moments > moment { gradient } else { 0 }];
        Self { blocks: blocks(parts), first: room(0), second: room(1), steps: 0 }
    }

    /// Sums the lanes' gradients, changes nothing else, and takes the step if the sum is finite.
    ///
    /// Returns whether it has been taken.
    pub(super) fn step(
        &mut self,
        fork: Fork,
        parameters: &mut [T],
        mut lanes: [&mut [T]; MOST_LANES],
        rate: f64,
        rules: &GradientRules,
        optimizer: &impl Optimizer<T>,
    ) -> bool {
        let count = lanes.iter().take_while(|lane| !lane.is_empty()).count();
        let nothing = || Moments { first: &mut [], second: &mut [] };
        let gradients = lanes.each_mut().map(|lane| &mut **lane);
        let pieces = Pieces { parameters: &mut *parameters, gradients, moments: nothing(), start: [0, 0] };
        let squares = each_block(fork, &self.blocks, pieces, &|block, mut pieces| {
            merge_lanes(&mut pieces.gradients[..count]);
            if block.decays {
                rules.add_penalties(pieces.parameters, pieces.gradients[0]);
            }
            sum_of_squares(pieces.gradients[0])
        });
        if !squares.is_finite() {
            return false;
        }
        self.steps += 1;
        let (step, norm) = (self.steps, squares.sqrt());
        let moments = Moments { first: &mut self.first, second: &mut self.second };
        let pieces = Pieces { parameters, gradients: lanes, moments, start: [0, 0] };
        each_block(fork, &self.blocks, pieces, &|block, pieces| {
            let [gradient, ..] = pieces.gradients;
            rules.clip(norm, gradient);
            let update = Update { step, rate, decays: block.decays };
            optimizer.update(update, pieces.parameters, gradient, pieces.moments);
            0.0
        });
        true
    }
}
