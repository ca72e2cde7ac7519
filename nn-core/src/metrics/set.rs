use alloc::string::String;
use alloc::vec::Vec;

use super::Metric;
use crate::OutOfRange;
use crate::data::Label;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Some metrics: none, `()`, or a set and one more, `(set, metric)`. A trainer builds it.
#[diagnostic::on_unimplemented(
    message = "the metrics do not fit the network's outputs and the data set's labels",
    label = "one of the metrics does not fit",
    note = "a metric looks at one output: of a network with several, `Accuracy.of::<0>()` looks at the first",
    note = "`Accuracy` and its like need labels of `Classes<N>` or `OneHot<N>`, `MeanAbsoluteError` and its like `Values<..>`"
)]
pub trait MetricSet<T: Scalar, K: OutputKind, Y: Label>: Send + Sync {
    /// Appends their names in order.
    fn names(&self, names: &mut Vec<String>);

    /// What is wrong with the arguments of one of them, if anything.
    ///
    /// # Errors
    /// When an argument lies outside its range.
    fn check(&self) -> Result<(), OutOfRange>;

    /// How many sums they need together.
    fn sums(&self) -> usize;

    /// Adds a tile to the sums of all; `sums` has [`MetricSet::sums`] elements.
    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]);

    /// Appends the metrics in order, from the sums over all samples.
    fn finish(&self, sums: &[f64], samples: f64, values: &mut Vec<f64>);
}

impl<T: Scalar, K: OutputKind, Y: Label> MetricSet<T, K, Y> for () {
    fn names(&self, _: &mut Vec<String>) {}

    fn check(&self) -> Result<(), OutOfRange> {
        Ok(())
    }

    fn sums(&self) -> usize {
        0
    }

    fn add(&self, _: Shape, _: &[T], _: &[Y::Target<T>], _: &mut [f64]) {}

    fn finish(&self, _: &[f64], _: f64, _: &mut Vec<f64>) {}
}

impl<T: Scalar, K: OutputKind, Y: Label, S: MetricSet<T, K, Y>, M: Metric<T, K, Y>> MetricSet<T, K, Y> for (S, M) {
    fn names(&self, names: &mut Vec<String>) {
        self.0.names(names);
        names.push(self.1.name());
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.0.check()?;
        self.1.check()
    }

    fn sums(&self) -> usize {
        self.0.sums() + self.1.sums()
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        let (earlier, own) = sums.split_at_mut(self.0.sums());
        self.0.add(shape, outputs, targets, earlier);
        self.1.add(shape, outputs, targets, own);
    }

    fn finish(&self, sums: &[f64], samples: f64, values: &mut Vec<f64>) {
        let (earlier, own) = sums.split_at(self.0.sums());
        self.0.finish(earlier, samples, values);
        values.push(self.1.finish(own, samples));
    }
}
