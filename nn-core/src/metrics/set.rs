use alloc::string::String;
use alloc::vec::Vec;

use super::Metric;
use crate::data::Label;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Some metrics: none, `()`, or a set and one more, `(set, metric)`. A trainer builds it.
pub trait MetricSet<T: Scalar, K: OutputKind, Y: Label>: Send + Sync {
    /// How many they are.
    const COUNT: usize;

    /// Appends their names in order.
    fn names(&self, names: &mut Vec<String>);

    /// Adds each metric of a tile to its sum; `sums` has [`MetricSet::COUNT`] elements.
    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]);

    /// Makes the metrics of the means over all samples.
    fn finish(&self, means: &mut [f64]);
}

impl<T: Scalar, K: OutputKind, Y: Label> MetricSet<T, K, Y> for () {
    const COUNT: usize = 0;

    fn names(&self, _: &mut Vec<String>) {}

    fn add(&self, _: Shape, _: &[T], _: &[Y::Target<T>], _: &mut [f64]) {}

    fn finish(&self, _: &mut [f64]) {}
}

impl<T: Scalar, K: OutputKind, Y: Label, S: MetricSet<T, K, Y>, M: Metric<T, K, Y>> MetricSet<T, K, Y> for (S, M) {
    const COUNT: usize = S::COUNT + 1;

    fn names(&self, names: &mut Vec<String>) {
        self.0.names(names);
        names.push(self.1.name());
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        if let Some((last, sums)) = sums.split_last_mut() {
            self.0.add(shape, outputs, targets, sums);
            *last += self.1.tile(shape, outputs, targets);
        }
    }

    fn finish(&self, means: &mut [f64]) {
        if let Some((last, means)) = means.split_last_mut() {
            self.0.finish(means);
            *last = self.1.finish(*last);
        }
    }
}
