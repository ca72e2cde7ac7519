use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;
use std::time::Instant;

use crate::network::Observer;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Looks inside a network while it runs: every layer's values, gradients and times, by name.
///
/// ```ignore
/// let mut run = Run::new(&network, 8).watched_by(Recorder::new());
/// run.forward(&network, &inputs)?;
/// let loss = run.loss(&CrossEntropy::new(), Classes, &labels)?;
/// run.backward(&network, &mut gradients)?;
/// println!("{}", run.observer());
/// let hidden = run.observer().get("fc").expect("a layer of this name");
/// println!("{:?} {:?}", hidden.shape, hidden.values);
/// ```
///
/// What it shows of a layer is copied after each of its steps; that a network runs slower while it is watched does not count
/// into the times. Layers that are fused into one kernel are one record, under the first one's name.
#[derive(Clone, Debug)]
pub struct Recorder<T> {
    records: Vec<Record<T>>,
    /// Where the next record most likely stands: passes go through the layers in one order.
    next: usize,
    since: Instant,
}

/// One layer, or one operation, in the last passes that a [`Recorder`] saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<T> {
    /// Its name, as in `Net::LAYERS`.
    pub name: &'static str,
    /// The shape of its value for one sample.
    pub shape: Shape,
    /// Its value: `shape.len()` numbers for each sample.
    pub values: Vec<T>,
    /// The gradient by its value; empty before a backward pass, and where none flows.
    pub gradient: Vec<T>,
    /// The time of its forward step.
    pub forward: Duration,
    /// The time of its backward step.
    pub backward: Duration,
}

impl<T: Scalar> Recorder<T> {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self { records: Vec::new(), next: 0, since: Instant::now() }
    }

    /// All layers and operations, in the order in which they ran.
    pub fn records(&self) -> &[Record<T>] {
        &self.records
    }

    /// The record of this name.
    pub fn get(&self, name: &str) -> Option<&Record<T>> {
        self.records.iter().find(|record| record.name == name)
    }

    fn record(&mut self, name: &'static str, shape: Shape) -> &mut Record<T> {
        let len = self.records.len();
        let order = (self.next..len).chain(0..self.next.min(len));
        let index = order.into_iter().find(|index| self.records[*index].name == name).unwrap_or(len);
        if index == len {
            let (values, gradient) = (Vec::new(), Vec::new());
            let (forward, backward) = (Duration::ZERO, Duration::ZERO);
            self.records.push(Record { name, shape, values, gradient, forward, backward });
        }
        self.next = index + 1;
        &mut self.records[index]
    }
}

impl<T: Scalar> Default for Recorder<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Scalar> Observer<T> for Recorder<T> {
    fn begin(&mut self) {
        self.next = 0;
        self.since = Instant::now();
    }

    fn value(&mut self, name: &'static str, shape: Shape, values: &[T]) {
        let elapsed = self.since.elapsed();
        let record = self.record(name, shape);
        record.forward = elapsed;
        record.values.clear();
        record.values.extend_from_slice(values);
        record.gradient.clear();
        self.since = Instant::now();
    }

    fn gradient(&mut self, name: &'static str, shape: Shape, values: &[T]) {
        let record = self.record(name, shape);
        record.gradient.clear();
        record.gradient.extend_from_slice(values);
        self.since = Instant::now();
    }

    fn done(&mut self, name: &'static str) {
        let elapsed = self.since.elapsed();
        if let Some(record) = self.records.iter_mut().find(|record| record.name == name) {
            record.backward = elapsed;
        }
    }
}

/// Mean and standard deviation; zeros of nothing.
pub(super) fn moments<T: Scalar>(values: &[T]) -> [f64; 2] {
    if values.is_empty() {
        return [0.0; 2];
    }
    let count = values.len() as f64;
    let mean = values.iter().map(|value| value.wide()).sum::<f64>() / count;
    let variance = values.iter().map(|value| (value.wide() - mean).powi(2)).sum::<f64>() / count;
    [mean, variance.sqrt()]
}

/// A table: for each layer mean and standard deviation of its values, those of its gradient, and its times.
impl<T: Scalar> fmt::Display for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.records.iter().map(|record| record.name.len()).max().unwrap_or(0).max(5);
        writeln!(
            f,
            "{:width$}  {:>10} {:>10}  {:>10} {:>10}  {:>10} {:>10}",
            "layer", "mean", "deviation", "d mean", "d dev.", "forward", "backward"
        )?;
        for record in &self.records {
            let ([mean, deviation], [d_mean, d_deviation]) = (moments(&record.values), moments(&record.gradient));
            writeln!(
                f,
                "{:width$}  {mean:10.3e} {deviation:10.3e}  {d_mean:10.3e} {d_deviation:10.3e}  {:>10.1?} {:>10.1?}",
                record.name, record.forward, record.backward
            )?;
        }
        Ok(())
    }
}
