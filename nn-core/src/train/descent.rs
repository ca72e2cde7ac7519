//! From the lanes' gradients to new parameters, block by block: each block is summed, measured and updated in the cache.

use alloc::vec::Vec;
use core::ops::Range;

use super::threads::Fork;
use super::tiling::MOST_LANES;
use crate::optim::{GradientRules, Moments, Optimizer, Update, merge, sum_of_squares};
use crate::scalar::Scalar;
use crate::simd::AlignedBox;
use crate::spec::Shape;
use crate::tensors::{Role, Tensor};

/// The most parameters of a block, unless an optimiser wants whole tensors.
const BLOCK: usize = 4096;
/// So many blocks at least are worth a second thread.
const FORK: usize = 8;

/// Neighbouring parameters of one tensor.
#[derive(Clone, Debug)]
struct Block {
    parameters: Range<usize>,
    gradient: Range<usize>,
    motion: BlockMotion,
    /// Whether the next step writes its gradient, whatever this one leaves there.
    starts: bool,
}

/// How the tensor of a block is trained.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockMotion {
    /// Whether it shrinks by itself, and the trainer's penalties apply.
    decays: bool,
    /// Penalties of its own, `l1` and `l2`.
    penalties: [f64; 2],
    /// The factor of the learning rate.
    rate: f64,
    /// The whole tensor's shape.
    shape: Shape,
}

impl BlockMotion {
    pub(super) fn of(tensor: &Tensor) -> Self {
        let is_weight = tensor.role == Role::Weight || tensor.marks.decay == Some(true);
        let penalties = if is_weight { [tensor.marks.l1, tensor.marks.l2] } else { [0.0, 0.0] };
        Self { decays: tensor.decays(), penalties, rate: tensor.marks.rate, shape: tensor.shape }
    }

    /// The trainer's penalties, where they apply, and those of its own.
    pub(super) fn rules(&self, rules: &GradientRules) -> GradientRules {
        let [l1, l2] = if self.decays { [rules.l1, rules.l2] } else { [0.0, 0.0] };
        GradientRules { l1: l1 + self.penalties[0], l2: l2 + self.penalties[1], ..*rules }
    }
}

/// The blocks of all tensors that are trained: pieces of at most so many parameters.
fn blocks(tensors: &[Tensor], most: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    for tensor in tensors.iter().filter(|tensor| tensor.is_trained()) {
        for start in (0..tensor.range.len()).step_by(most) {
            let end = start.saturating_add(most).min(tensor.range.len());
            blocks.push(Block {
                parameters: tensor.range.start + start..tensor.range.start + end,
                gradient: tensor.gradient.start + start..tensor.gradient.start + end,
                motion: BlockMotion::of(tensor),
                starts: tensor.starts,
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

    /// Cuts everything down to one block: state and what is frozen may stand around it.
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

/// Whether all are numbers, and none is infinite.
pub(super) fn all_finite<T: Scalar>(scalars: &[T]) -> bool {
    scalars.iter().all(|scalar| scalar.is_finite())
}

/// What an optimiser remembers of a network, and how to walk over its parameters.
#[derive(Debug)]
pub(super) struct Descent<T> {
    blocks: Vec<Block>,
    /// Whether a step leaves nothing of the gradients but what the next one overwrites: nothing is frozen.
    pub(super) clears: bool,
    /// The first number that the optimiser remembers of each parameter that has a gradient; empty where it needs none.
    pub(super) first: AlignedBox<[T]>,
    /// The second one.
    pub(super) second: AlignedBox<[T]>,
    /// How many steps have been made.
    pub(super) steps: u64,
}

impl<T: Scalar> Descent<T> {
    /// For a network with these tensors and a gradient of this many scalars.
    pub(super) fn new(tensors: &[Tensor], gradient: usize, optimizer: &impl Optimizer<T>) -> Self {
        let room = |moment| AlignedBox::zeros(if optimizer.moments() > moment { gradient } else { 0 });
        let most = if optimizer.wants_whole_tensors() { usize::MAX } else { BLOCK };
        let blocks = blocks(tensors, most);
        let clears = blocks.iter().map(|block| block.gradient.len()).sum::<usize>() == gradient;
        Self { blocks, clears, first: room(0), second: room(1), steps: 0 }
    }

    /// Whether any layer starts its gradient itself. Of a network that was written by hand nobody knows.
    pub(super) fn starts(&self) -> bool {
        self.blocks.iter().any(|block| block.starts)
    }

    /// Whether a step is work for several threads.
    pub(super) fn forks(&self) -> bool {
        self.blocks.len() >= FORK
    }

    /// Sums the lanes' gradients, and goes up along the sum, so far as `radius` says: nowhere if it is 0.
    ///
    /// Returns whether the sum is finite; else nothing has moved.
    pub(super) fn climb(
        &self,
        fork: Fork,
        parameters: &mut [T],
        mut lanes: [&mut [T]; MOST_LANES],
        radius: f64,
    ) -> bool {
        let count = lanes.iter().take_while(|lane| !lane.is_empty()).count();
        let nothing = || Moments { first: &mut [], second: &mut [] };
        let gradients = lanes.each_mut().map(|lane| &mut **lane);
        let pieces = Pieces { parameters: &mut *parameters, gradients, moments: nothing(), start: [0, 0] };
        let squares = each_block(fork, &self.blocks, pieces, &|_, mut pieces| {
            merge(&mut pieces.gradients[..count]);
            sum_of_squares(pieces.gradients[0])
        });
        if squares > 0.0 && squares.is_finite() {
            let length = T::of(radius / squares.sqrt());
            let pieces = Pieces { parameters, gradients: lanes, moments: nothing(), start: [0, 0] };
            each_block(fork, &self.blocks, pieces, &|_, pieces| {
                let slopes = pieces.gradients[0].iter();
                pieces.parameters.iter_mut().zip(slopes).for_each(|(parameter, &slope)| *parameter += length * slope);
                0.0
            });
        }
        squares.is_finite()
    }

    /// Sums the lanes' gradients, changes nothing else, and takes the step if the sum is finite: then the gradients of all that
    /// is trained are zero, cleared while they are in the cache, but for those that the next step starts itself.
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
            merge(&mut pieces.gradients[..count]);
            let [sum, merged @ ..] = pieces.gradients;
            if !block.starts {
                merged.into_iter().for_each(|gradient| gradient.fill(T::zero()));
            }
            block.motion.rules(rules).add_penalties(pieces.parameters, sum);
            sum_of_squares(sum)
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
            let BlockMotion { decays, rate: own, shape, .. } = block.motion;
            let update = Update { step, rate: rate * own, decays, shape };
            optimizer.update(update, pieces.parameters, gradient, pieces.moments);
            if !block.starts {
                gradient.fill(T::zero());
            }
            0.0
        });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{AdamW, Sgd};
    use crate::tensors::{Marks, Part, tensors};
    use std::vec;

    const DENSE: &[Part] =
        &[Part::tensor("weight", Shape::new(&[2]), Role::Weight), Part::tensor("bias", Shape::new(&[1]), Role::Bias)];
    const PARTS: &[Part] = &[
        Part::group("usual", DENSE),
        Part::group("frozen", DENSE).with(Marks { frozen: true, ..Marks::NONE }),
        Part::group("slow", DENSE).with(Marks { rate: 0.5, ..Marks::NONE }),
        Part::group("held", DENSE).with(Marks { l1: 0.5, l2: 0.25, ..Marks::NONE }),
        Part::group("free", DENSE).with(Marks { decay: Some(false), ..Marks::NONE }),
        Part::group("all", DENSE).with(Marks { decay: Some(true), l2: 0.25, ..Marks::NONE }),
    ];

    /// Where `parameters`, all 2, stand after a step against a gradient of ones.
    fn step(rules: GradientRules, optimizer: &impl Optimizer<f64>) -> Vec<f64> {
        let (mut parameters, mut gradient) = ([2.0; 18], [1.0; 15]);
        let mut descent = Descent::new(&tensors(PARTS), 15, optimizer);
        let mut lanes: [&mut [f64]; MOST_LANES] = Default::default();
        lanes[0] = &mut gradient;
        assert!(descent.step(Fork::InOrder, &mut parameters, lanes, 1.0, &rules, optimizer));
        parameters.chunks(3).flat_map(|dense| [dense[0], dense[2]]).collect()
    }

    #[test]
    fn a_step_obeys_the_marks() {
        let found = step(GradientRules { l1: 0.0, l2: 0.125, ..GradientRules::default() }, &Sgd::new(1.0));
        // The gradient of the trainer's penalty is 0.5, that of the marks' 0.5 and 1.
        let [usual, frozen, slow] = [[0.5, 1.0], [2.0, 2.0], [1.25, 1.5]];
        let [held, free, all] = [[-1.0, 1.0], [1.0, 1.0], [-0.5, -0.5]];
        assert_eq!(found, [usual, frozen, slow, held, free, all].concat());
    }

    #[test]
    fn marks_say_what_decays_by_itself() {
        let moved = |decay| step(GradientRules::default(), &AdamW::new(0.1).weight_decay(decay));
        let shrunk: Vec<bool> = moved(0.0).iter().zip(moved(0.5)).map(|(free, held)| held < *free).collect();
        let weights_only = [true, false];
        let expected = [weights_only, [false; 2], weights_only, weights_only, [false; 2], [true; 2]];
        assert_eq!(shrunk, expected.concat());
    }

    /// Remembers nothing, and moves all of a tensor by the number of its parameters.
    struct Counting;

    impl Optimizer<f64> for Counting {
        fn moments(&self) -> usize {
            0
        }

        fn wants_whole_tensors(&self) -> bool {
            true
        }

        fn update(&self, update: Update, parameters: &mut [f64], _: &[f64], _: Moments<'_, f64>) {
            assert_eq!(parameters.len(), update.shape.len());
            parameters.iter_mut().for_each(|parameter| *parameter = update.shape.len() as f64);
        }
    }

    #[test]
    fn an_optimiser_can_have_whole_tensors() {
        const LARGE: usize = 3 * BLOCK + 1;
        const PARTS: &[Part] = &[
            Part::tensor("weight", Shape::new(&[LARGE]), Role::Weight),
            Part::tensor("bias", Shape::new(&[2]), Role::Bias),
        ];
        let (mut parameters, mut gradient) = (vec![0.0; LARGE + 2], vec![1.0; LARGE + 2]);
        let mut lanes: [&mut [f64]; MOST_LANES] = Default::default();
        lanes[0] = &mut gradient;
        let mut descent = Descent::new(&tensors(PARTS), LARGE + 2, &Counting);
        assert!(descent.step(Fork::InOrder, &mut parameters, lanes, 1.0, &GradientRules::default(), &Counting));
        assert!(parameters[..LARGE].iter().all(|&parameter| parameter == LARGE as f64));
        assert_eq!(parameters[LARGE..], [2.0, 2.0]);
    }

    #[test]
    fn the_norm_is_that_of_what_is_trained() {
        let rules = GradientRules { clip_norm: Some(1.0), ..GradientRules::default() };
        let mut tensors = tensors(PARTS);
        tensors.iter_mut().skip(1).for_each(|tensor| tensor.marks.frozen = true);
        let (mut parameters, mut gradient) = ([2.0; 18], [f64::INFINITY; 15]);
        gradient[..2].copy_from_slice(&[3.0, 4.0]);
        let mut lanes: [&mut [f64]; MOST_LANES] = Default::default();
        lanes[0] = &mut gradient;
        let mut descent = Descent::new(&tensors, 15, &Sgd::new(1.0));
        assert!(descent.step(Fork::InOrder, &mut parameters, lanes, 1.0, &rules, &Sgd::new(1.0)));
        assert!((parameters[0] - 1.4).abs() < 1e-12 && (parameters[1] - 1.2).abs() < 1e-12);
        assert_eq!(parameters[2..], [2.0; 16]);
    }
}
