//! Metrics of samples with weights, and of steps: inside the wrappers that losses have as well.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use super::Metric;
use crate::OutOfRange;
use crate::data::{Each, Label, WithWeight};
use crate::losses::{PerStep, SampleWeighted, step_of};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The metric with each sample counted as often as its weight says: `Σ w` takes the place of the number of samples, as in
/// scikit-learn with `sample_weight` and in Keras `weighted_metrics`. Its last sum is that of the weights.
impl<T: Scalar, K: OutputKind, Y: Label, M: Metric<T, K, Y>> Metric<T, K, WithWeight<Y>> for SampleWeighted<M> {
    fn name(&self) -> String {
        format!("weighted {}", self.0.name())
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.0.check()
    }

    fn sums(&self) -> usize {
        self.0.sums() + 1
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[(Y::Target<T>, f32)], sums: &mut [f64]) {
        let Some((weights, sums)) = sums.split_last_mut() else { return };
        let width = shape.len().max(1);
        let mut own = vec![0.0; sums.len()];
        for (output, (target, weight)) in outputs.chunks_exact(width).zip(targets) {
            // What a masked sample gives may be NaN.
            if *weight == 0.0 {
                continue;
            }
            let (weight, target) = (f64::from(*weight), core::slice::from_ref(target));
            *weights += weight;
            if weight == 1.0 {
                self.0.add(shape, output, target, sums);
            } else {
                own.fill(0.0);
                self.0.add(shape, output, target, &mut own);
                sums.iter_mut().zip(&own).for_each(|(sum, own)| *sum += weight * own);
            }
        }
    }

    fn finish(&self, sums: &[f64], _: f64) -> f64 {
        sums.split_last().map_or(0.0, |(weights, sums)| self.0.finish(sums, *weights))
    }
}

/// The metric over all steps of all samples, along the first axis of the output.
impl<T, K, Y, M, const COUNT: usize> Metric<T, K, Each<COUNT, Y>> for PerStep<M>
where
    T: Scalar,
    K: OutputKind,
    Y: Label,
    M: Metric<T, K, Y>,
{
    fn name(&self) -> String {
        self.0.name()
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.0.check()
    }

    fn sums(&self) -> usize {
        self.0.sums()
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[[Y::Target<T>; COUNT]], sums: &mut [f64]) {
        self.0.add(step_of(shape), outputs, targets.as_flattened(), sums);
    }

    fn finish(&self, sums: &[f64], samples: f64) -> f64 {
        self.0.finish(sums, samples * COUNT as f64)
    }
}
