use alloc::vec::Vec;

use super::batch::Batch;
use super::lane::{Job, Lane};
use crate::data::Label;
use crate::losses::{Loss, OutputGradient};
use crate::metrics::MetricSet;
use crate::network::{Network, Whole};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;

/// The outputs of all tiles one behind the other, for a loss that wants to see them at once.
pub(super) struct WholeBatch<T: Scalar, Y: Label> {
    outputs: Vec<T>,
    targets: Vec<Y::Target<T>>,
    gradient: Vec<T>,
    scratch: Vec<T>,
}

impl<T: Scalar, Y: Label> Default for WholeBatch<T, Y> {
    fn default() -> Self {
        Self { outputs: Vec::new(), targets: Vec::new(), gradient: Vec::new(), scratch: Vec::new() }
    }
}

impl<T: Scalar, Y: Label> WholeBatch<T, Y> {
    /// Takes in the outcome of some tiles, in order: the first ones after [`WholeBatch::clear`] come first.
    pub(super) fn add(&mut self, (outputs, targets): (&[T], &[Y::Target<T>])) {
        self.outputs.extend_from_slice(outputs);
        self.targets.extend_from_slice(targets);
    }

    pub(super) fn clear(&mut self) {
        self.outputs.clear();
        self.targets.clear();
    }

    /// What was taken in.
    pub(super) fn taken(&self) -> (&[T], &[Y::Target<T>]) {
        (&self.outputs, &self.targets)
    }

    /// The sum of the losses of what was taken in.
    pub(super) fn loss<N: Network<T>, L: Loss<T, Whole<T, N>, Y>>(&self, loss: &L) -> f64 {
        loss.tile(N::Output::SHAPE, &self.outputs, &self.targets, None)
    }

    /// The loss of the outputs of all lanes, counted in the first one, and its gradient in their tiles.
    pub(super) fn judge<N, L, M, B>(&mut self, lanes: &mut [Lane<T, N, Y>], job: &Job<'_, T, N, L, M, B>)
    where
        N: Network<T>,
        L: Loss<T, Whole<T, N>, Y>,
        M: MetricSet<T, Whole<T, N>, Y>,
        B: Batch<T, Y>,
    {
        self.clear();
        for lane in lanes.iter() {
            for (tile, memory) in lane.tiles.clone().zip(&lane.memory) {
                self.add(memory.outcome::<N>(&job.pass(tile)));
            }
        }
        let (shape, loss) = (N::Output::SHAPE, job.goal.loss);
        self.gradient.resize(self.outputs.len(), T::zero());
        self.scratch.resize(loss.scratch(shape, self.targets.len()), T::zero());
        let Self { outputs, targets, gradient, scratch } = self;
        let asked = OutputGradient { values: gradient, scale: job.scale(), scratch };
        let value = loss.tile(shape, outputs, targets, Some(asked));
        let mut rest = self.gradient.as_slice();
        for lane in lanes.iter_mut() {
            for (tile, memory) in lane.tiles.clone().zip(&mut lane.memory) {
                let pass = job.pass(tile);
                let place = &mut memory.workspace[N::TRAINING.d_output.range(pass.samples)];
                let (own, others) = rest.split_at(place.len());
                place.copy_from_slice(own);
                rest = others;
            }
        }
        if let Some(first) = lanes.first_mut() {
            first.tally.loss += value;
        }
    }
}
