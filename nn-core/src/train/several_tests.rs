//! Training of a network with several outputs, written by hand as the macro would emit it.

use std::vec::Vec;

use super::testing::{Linear, new};
use super::{Trainer, evaluate};
use crate::data::{Classes, Dataset, Values};
use crate::layer::Pass;
use crate::losses::{CrossEntropy, MeanSquaredError, loss_fn};
use crate::metrics::{Accuracy, RootMeanSquaredError};
use crate::network::{Direction, Head, MemoryPlan, Network, Observer, Scores};
use crate::optim::Adam;
use crate::predict::Predict;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::{Features, SampleShape};
use crate::simd::Plain;
use crate::spec::Shape;
use crate::tensors::Part;

/// Scores of three classes, and two numbers, of four features.
#[repr(C)]
struct Two<T> {
    both: Linear<T, 4, 5>,
}

crate::plain! { impl[T] Two<T> { both: Linear<T, 4, 5> } }

/// The outputs of [`Two`].
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct TwoOutputs<T> {
    class: [T; 3],
    bounds: [T; 2],
}

crate::plain! { impl[T] TwoOutputs<T> { class: [T; 3], bounds: [T; 2] } }
crate::zeroable! { impl[T] TwoOutputs<T> { class: [T; 3], bounds: [T; 2] } }

/// The shape of [`TwoOutputs`].
#[derive(Clone, Copy, Debug)]
struct TwoShape;

impl SampleShape for TwoShape {
    const SHAPE: Shape = Shape::new(&[5]);
    const NAMES: &'static [&'static str] = &["class", "bounds"];
    type Array<T: Scalar> = TwoOutputs<T>;
}

impl<T: Scalar> Network<T> for Two<T> {
    type Input = Features<4>;
    type Output = TwoShape;
    type Kind = (Head<Scores, Features<3>>, Head<Scores, Features<2>>);
    type Gradient = Linear<T, 4, 5>;

    const NAME: &'static str = "Two";
    const PARTS: &'static [Part] = Linear::<T, 4, 5>::PARTS;
    const INFERENCE: MemoryPlan = Linear::<T, 4, 5>::INFERENCE;
    const TRAINING: MemoryPlan = Linear::<T, 4, 5>::TRAINING;
    const SEGMENTS: usize = 1;
    const STATISTICS: usize = 0;

    fn initialize(&mut self, random: &mut Random) {
        self.both.initialize(random);
    }

    fn infer<O: Observer<T>>(
        &self,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        scratch: &mut [T],
        observer: &mut O,
    ) {
        self.both.infer(pass, input, workspace, scratch, observer);
    }

    fn forward<O: Observer<T>>(
        &self,
        segment: usize,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        scratch: &mut [T],
        statistics: &[T],
        partial: &mut [T],
        observer: &mut O,
    ) {
        self.both.forward(segment, pass, input, workspace, scratch, statistics, partial, observer);
    }

    fn backward<O: Observer<T>>(
        &self,
        segment: usize,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        scratch: &mut [T],
        statistics: &[T],
        partial: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Linear<T, 4, 5>>,
        observer: &mut O,
    ) {
        self.both.backward(segment, pass, input, workspace, scratch, statistics, partial, d_input, gradient, observer);
    }

    fn merge(_: usize, _: Direction, _: &mut [T], _: &[T]) {}

    fn commit(&mut self, _: &[T]) {}
}

type Labels = (Classes<3>, Values<Features<2>>);

/// The class is the largest of the first three features; the numbers are sums of two.
fn data(samples: usize) -> Dataset<Features<4>, Labels> {
    let mut random = Random::new(1);
    let inputs: Vec<f32> = (0..samples * 4).map(|_| random.normal() as f32).collect();
    let class = |x: &[f32]| (1..3).fold(0, |best, index| if x[index] > x[best] { index } else { best }) as u32;
    let labels: Vec<u32> = inputs.chunks(4).map(class).collect();
    let bounds: Vec<f32> = inputs.chunks(4).flat_map(|x| [x[0] + x[1], x[2] - x[3]]).collect();
    Dataset::from_values(inputs, (labels, bounds)).expect("fits")
}

#[test]
fn a_network_with_two_outputs_learns_both() {
    let (train, test) = (data(2000), data(300));
    let mut network = new::<f32, Two<f32>>(1);
    let losses = (CrossEntropy::new(), MeanSquaredError.weighted(0.5));
    let trainer = Trainer::new(losses, Adam::new(0.01)).epochs(20).silent();
    let trainer = trainer.metric(Accuracy.of::<0>()).metric(RootMeanSquaredError.of::<1>()).validation(&test);
    let history = trainer.fit(&mut network, &train).expect("trains");
    let report = history.last().and_then(|epoch| epoch.validation.clone()).expect("validated");
    assert!(report.metric("accuracy of class") > Some(0.8), "{history}");
    assert!(report.metric("root mean squared error of bounds") < Some(0.9), "{history}");
    assert_eq!(evaluate(&network, &test, &losses).expect("evaluates").loss, report.loss);
    let TwoOutputs { class, bounds } = network.predict(&[3.0, 1.0, 0.0, 0.0]);
    assert!(class[0] > class[1] && bounds[0] > 2.0, "{class:?} {bounds:?}");
}

#[test]
fn a_closure_sees_the_outputs_by_name() {
    let losses = (CrossEntropy::new(), MeanSquaredError);
    let same = loss_fn(|output: &TwoOutputs<f64>, target: &(u32, [f64; 2]), gradient: &mut TwoOutputs<f64>| {
        let sum: f64 = output.class.iter().map(|score| score.exp()).sum();
        gradient.class = output.class.map(|score| score.exp() / sum);
        gradient.class[target.0 as usize] -= 1.0;
        let errors = [output.bounds[0] - target.1[0], output.bounds[1] - target.1[1]];
        gradient.bounds = errors;
        sum.ln() - output.class[target.0 as usize] + (errors[0] * errors[0] + errors[1] * errors[1]) / 2.0
    });
    let (mut expected, mut found) = (new::<f64, Two<f64>>(1), new::<f64, Two<f64>>(1));
    let set = data(100);
    let history = Trainer::new(losses, Adam::default()).silent().fit(&mut expected, &set).expect("trains");
    let own = Trainer::new(same, Adam::default()).silent().fit(&mut found, &set).expect("trains");
    assert!((history.epochs[0].training.loss - own.epochs[0].training.loss).abs() < 1e-9);
    for (found, expected) in found.as_slice().iter().zip(expected.as_slice()) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
}

#[test]
fn steps_by_hand_take_tuples() {
    let mut network = new::<f32, Two<f32>>(1);
    let trainer = Trainer::new((CrossEntropy::new(), MeanSquaredError), Adam::new(0.1)).silent();
    let mut session = trainer.start(&network, (Classes, Values::default())).expect("starts");
    let mut step = || session.step(&mut network, &[[1.0; 4], [0.5; 4]], &[(0, [1.0, 0.0]), (1, [0.5, 1.0])]);
    let first = step().expect("steps");
    (0..20).for_each(|_| assert!(step().is_ok()));
    assert!(step().expect("steps") < 0.5 * first);
}
