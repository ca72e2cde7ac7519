//! How the memory of a recurrent layer is laid out.

use core::ops::Range;

use super::cell::Cell;
use crate::scalar::Scalar;

/// With so many products a packed weight pays.
pub(super) const FEWEST_USES: usize = 4;

/// The sizes of a run through time. In the layer's memory all steps of a kind lie one behind the other, each with all
/// samples: `[time, samples, ..]`, in the order in which they are visited.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) samples: usize,
    pub(super) time: usize,
    pub(super) features: usize,
    pub(super) units: usize,
    /// All gates' arguments: their number times the units.
    pub(super) gates: usize,
    pub(super) last: bool,
    /// Whether the states before the first step come in, behind all steps.
    pub(super) starts: bool,
    /// Whether both states after the last step are the output.
    pub(super) ends: bool,
    pub(super) reverse: bool,
    /// Whether steps of zeros alone are passed over.
    pub(super) masked: bool,
    /// Whether the layer has memory for what dropout keeps of inputs and of states; see [`Run::rates`] for whether it is
    /// used.
    pub(super) drops: [bool; 2],
    /// How many of 65,536 inputs and states are dropped in this pass.
    pub(super) rates: [u16; 2],
}

/// A layer's memory.
pub(super) struct Buffers<'m, T> {
    pub(super) inputs: &'m mut [T],
    /// The arguments of gates, then their values, then gradients of the arguments.
    pub(super) gates: &'m mut [T],
    /// What the states give to the arguments, where that is kept apart, then its gradients.
    pub(super) recurrent: &'m mut [T],
    /// The states before the first step, and after each.
    pub(super) hidden: &'m mut [T],
    pub(super) cell: &'m mut [T],
    pub(super) d_hidden: &'m mut [T],
    pub(super) d_cell: &'m mut [T],
    /// One for each step that counts, zero for others; empty where all count.
    pub(super) counts: &'m mut [T],
    /// What dropout multiplies the inputs of each step with.
    pub(super) kept_inputs: &'m mut [T],
    /// What it multiplies the states with, and room for the product.
    pub(super) kept_states: &'m mut [T],
    pub(super) dropped: &'m mut [T],
}

impl Run {
    /// The parts of the tape; [`spec`](crate::spec)'s `tape` says how long it is.
    pub(super) fn buffers<'m, T, C: Cell<T>>(&self, tape: &'m mut [T]) -> Buffers<'m, T> {
        let Self { samples, time, features, units, gates, masked, drops, .. } = *self;
        let mut rest = tape;
        let mut next = |is_there: bool, len: usize| {
            let len = if is_there { len * samples } else { 0 };
            let (part, behind) = core::mem::take(&mut rest).split_at_mut(len);
            rest = behind;
            part
        };
        Buffers {
            inputs: next(true, time * features),
            gates: next(true, time * gates),
            recurrent: next(C::SPLITS, time * gates),
            hidden: next(true, (time + 1) * units),
            cell: next(C::HAS_CELL, (time + 1) * units),
            d_hidden: next(true, units),
            d_cell: next(C::HAS_CELL, units),
            counts: next(masked, time),
            kept_inputs: next(drops[0], features),
            kept_states: next(drops[1], units),
            dropped: next(drops[1], units),
        }
    }

    /// The step of time that is visited as number `step`.
    fn moment(&self, step: usize) -> usize {
        if self.reverse { self.time - 1 - step } else { step }
    }

    /// Where a step's features of a sample lie, in the input and in the order of the visit.
    pub(super) fn places<T, C: Cell<T>>(&self, step: usize, sample: usize) -> [Range<usize>; 2] {
        let own = sample * self.input_len::<T, C>() + self.moment(step) * self.features;
        let visited = (step * self.samples + sample) * self.features;
        [own, visited].map(|start| start..start + self.features)
    }

    /// Scalars of a sample's input.
    fn input_len<T, C: Cell<T>>(&self) -> usize {
        let states = if C::HAS_CELL { 2 } else { 1 };
        self.time * self.features + if self.starts { states * self.units } else { 0 }
    }

    /// Where the states before the first step lie, of each sample: in the input, that of the output and that of the cell, and
    /// in the layer's memory.
    pub(super) fn starts<T, C: Cell<T>>(self) -> impl Iterator<Item = [Range<usize>; 3]> {
        let samples = if self.starts { self.samples } else { 0 };
        (0..samples).map(move |sample| {
            let hidden = sample * self.input_len::<T, C>() + self.time * self.features;
            [hidden, hidden + self.units, sample * self.units].map(|start| start..start + self.units)
        })
    }

    /// Where both states after the last step lie, of each sample: in the output, that of the output and that of the cell, and in
    /// a step's states.
    pub(super) fn ends(self, step: usize) -> impl Iterator<Item = [Range<usize>; 3]> {
        let samples = if self.ends && step + 1 == self.time { self.samples } else { 0 };
        (0..samples)
            .map(move |sample| [2 * sample, 2 * sample + 1, sample].map(|row| row * self.units..(row + 1) * self.units))
    }

    /// The step's part of a buffer.
    pub(super) fn part(&self, step: usize, width: usize) -> Range<usize> {
        step * self.samples * width..(step + 1) * self.samples * width
    }

    /// The part of some steps.
    pub(super) fn parts(&self, steps: &Range<usize>, width: usize) -> Range<usize> {
        self.part(steps.start, width).start..self.part(steps.end, width).start
    }

    /// As many steps as make a product of a good height: what they read and write stays in the second-level cache. Tests have few
    /// steps, and should see several stretches of them.
    pub(super) fn together(&self) -> usize {
        const ROWS: usize = if cfg!(test) { 8 } else { 128 };
        (ROWS / self.samples.max(1)).max(1)
    }

    /// How many stretches of so many steps there are.
    pub(super) fn stretches_of(&self, together: usize) -> usize {
        self.time.div_ceil(together)
    }

    /// Every step of every sample.
    pub(super) fn all_places(self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.time).flat_map(move |step| (0..self.samples).map(move |sample| (step, sample)))
    }

    /// Which outputs come from the state after a step: of each sample its row in the output, and in that state.
    pub(super) fn outputs(self, step: usize) -> impl Iterator<Item = [Range<usize>; 2]> {
        let is_out = !self.ends && (!self.last || step + 1 == self.time);
        let samples = if is_out { self.samples } else { 0 };
        (0..samples).map(move |sample| {
            let row = if self.last { sample } else { sample * self.time + self.moment(step) };
            [row, sample].map(|row| row * self.units..(row + 1) * self.units)
        })
    }

    /// Neighbouring samples for all of which a step counts, or for none.
    pub(super) fn stretches<'c, T: Scalar>(
        &self,
        step: usize,
        counts: &'c [T],
    ) -> impl Iterator<Item = (Range<usize>, bool)> + use<'c, T> {
        let (samples, mut start) = (self.samples, 0);
        let counts = counts.get(self.part(step, 1));
        core::iter::from_fn(move || {
            let first = start;
            let Some(counts) = counts else {
                start = samples;
                return (first < samples).then_some((first..samples, true));
            };
            let value = counts.get(first)?;
            start += counts[first..].iter().take_while(|other| *other == value).count();
            Some((first..start, *value != T::zero()))
        })
    }
}
