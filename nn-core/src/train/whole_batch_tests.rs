use crate::simd::AlignedBox;
use std::vec::Vec;

use super::testing::{Centered, Linear, new};
use super::tiling::Tiling;
use super::{GradientSum, Run, Session, Stepper, Trainer, evaluate};
use crate::data::{Dataset, Label};
use crate::losses::{Loss, OutputGradient};
use crate::metrics::Metric;
use crate::network::{Network, OutputKind, Scores};
use crate::optim::Sgd;
use crate::predict::Predict;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::Features;
use crate::spec::Shape;

/// How far the outputs of a batch lie from 1 times their mean: `Σ (y - 2 mean)²` a sample.
struct Spread;

fn means<T: Scalar>(width: usize, outputs: &[T]) -> Vec<f64> {
    let mean = |column: usize| {
        let values = outputs.iter().skip(column).step_by(width);
        values.map(|value| value.wide()).sum::<f64>() / (outputs.len() / width) as f64
    };
    (0..width).map(mean).collect()
}

impl<T: Scalar, K: OutputKind, Y: Label> Loss<T, K, Y> for Spread {
    fn name(&self) -> &'static str {
        "spread"
    }

    fn wants_whole_batches(&self) -> bool {
        true
    }

    fn scratch(&self, shape: Shape, samples: usize) -> usize {
        shape.len() * samples
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let width = shape.len();
        assert_eq!(outputs.len(), width * targets.len());
        let means = means(width, outputs);
        let away: Vec<f64> =
            outputs.iter().enumerate().map(|(index, value)| value.wide() - 2.0 * means[index % width]).collect();
        if let Some(OutputGradient { values, scale, scratch }) = gradient {
            assert_eq!(scratch.len(), outputs.len());
            scratch.iter_mut().zip(&away).for_each(|(place, &away)| *place = T::of(2.0 * away));
            let common = self::means(width, scratch);
            for (index, value) in values.iter_mut().enumerate() {
                *value = scale * T::of(2.0 * away[index] - 2.0 * common[index % width]);
            }
        }
        away.iter().map(|away| away * away).sum()
    }
}

/// A metric beside it still sees every sample.
struct Seen;

impl<T: Scalar, K: OutputKind, Y: Label> Metric<T, K, Y> for Seen {
    fn name(&self) -> alloc::string::String {
        "seen".into()
    }

    fn add(&self, _: Shape, _: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        sums[0] += targets.len() as f64;
    }

    fn finish(&self, sums: &[f64], _: f64) -> f64 {
        sums[0]
    }
}

fn inputs(samples: usize) -> Vec<[f64; 300]> {
    let mut random = Random::new(4);
    (0..samples).map(|_| [(); 300].map(|()| f64::from(random.normal() as f32))).collect()
}

fn data(inputs: &[[f64; 300]]) -> Dataset<Features<300>, ()> {
    let singles: Vec<[f32; 300]> = inputs.iter().map(|input| input.map(|value| value as f32)).collect();
    Dataset::from_samples(&singles, &alloc::vec![(); inputs.len()]).expect("fits")
}

fn check_steps<N: Network<f64, Input = Features<300>, Output = Features<10>, Kind = Scores>>() {
    let inputs = inputs(500);
    assert!(Tiling::training::<f64, N>(500).of(500)[1] >= 2, "the test needs several lanes");
    let mut expected: AlignedBox<N> = new(3);
    let start = expected.as_slice().to_vec();
    let (mut run, mut gradients) = (Run::new(&expected, 500), GradientSum::new(&expected));
    run.forward(&expected, &inputs).expect("there is room");
    let expected_loss = run.loss(&Spread, (), &alloc::vec![(); 500]).expect("finite");
    run.backward(&expected, &mut gradients).expect("once");
    Stepper::new(&expected, Sgd::new(0.1)).step(&mut expected, &mut gradients).expect("steps");
    let step = |threads| {
        let mut network: AlignedBox<N> = new(3);
        let trainer = Trainer::new(Spread, Sgd::new(0.1)).batch_size(500).threads(threads).silent();
        let mut session: Session<'_, f64, N, (), _, _, _, _> = trainer.start(&network, ()).expect("starts");
        let loss = session.step(&mut network, &inputs, &alloc::vec![(); 500]).expect("steps");
        (network, loss)
    };
    let (found, loss) = step(1);
    assert!((loss - expected_loss).abs() < 1e-9, "{loss} is not {expected_loss}");
    for (found, expected) in found.as_slice().iter().zip(expected.as_slice()) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }
    assert!(found.as_slice() != start);
    let (with_three, loss_with_three) = step(3);
    assert!(with_three.as_slice() == found.as_slice() && loss_with_three == loss);
}

#[test]
fn a_loss_may_see_a_whole_batch() {
    check_steps::<Linear<f64, 300, 10>>();
    check_steps::<Centered<f64, 300, 10>>();
}

/// Also where the last batch is smaller, and so is a part of one that accumulates.
#[test]
fn an_evaluation_cuts_whole_batches() {
    let inputs = inputs(203);
    let data = data(&inputs);
    let mut network = new::<f64, Linear<f64, 300, 10>>(3);
    let expected = |batch: usize, network: &Linear<f64, 300, 10>| {
        let sum: f64 = inputs
            .chunks(batch)
            .map(|inputs| {
                let outputs = network.predict_many(inputs);
                let targets = alloc::vec![(); inputs.len()];
                Loss::<f64, Scores, ()>::tile(&Spread, Shape::new(&[10]), outputs.as_flattened(), &targets, None)
            })
            .sum();
        sum / 203.0
    };
    for (batch, threads) in [(1, 1), (50, 1), (50, 3), (203, 2), (1000, 1)] {
        let trainer = Trainer::new(Spread, Sgd::new(0.01)).batch_size(batch).threads(threads).metric(Seen).silent();
        let report = trainer.evaluate(&network, &data).expect("evaluates");
        assert!((report.loss - expected(batch, &network)).abs() < 1e-9, "{batch}: {}", report.loss);
        assert_eq!(report.metric("seen"), Some(203.0));
    }
    let report = evaluate(&network, &data, &Spread).expect("evaluates");
    assert!((report.loss - expected(32, &network)).abs() < 1e-9);
    let trainer = Trainer::new(Spread, Sgd::new(0.01)).batch_size(40).accumulate(3).epochs(2).validation_split(0.1);
    let history = trainer.metric(Seen).silent().fit(&mut network, &data).expect("trains");
    let [first, last] = [&history.epochs[0], &history.epochs[1]];
    assert!(last.training.loss < first.training.loss);
    assert_eq!(first.training.samples + first.validation.as_ref().map_or(0, |report| report.samples), 203);
}
