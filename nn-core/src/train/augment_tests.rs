//! Augmentation in training: the same whatever tiles and threads do, and nothing of it in validation.

use alloc::string::ToString;
use std::vec;
use std::vec::Vec;

use super::testing::{Centered, Linear, new};
use super::tiling::Tiling;
use super::*;
use crate::data::augment::{Augment, AugmentError, Augmentation, Draw};
use crate::data::{Classes, Dataset, OneHot};
use crate::losses::CrossEntropy;
use crate::metrics::Accuracy;
use crate::network::{Network, Scores};
use crate::optim::Sgd;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::Features;
use crate::simd::{AlignedBox, Plain};
use crate::spec::Shape;

type Data<const IN: usize> = Dataset<Features<IN>, OneHot<10>>;

fn data<const IN: usize>(samples: usize) -> Data<IN> {
    let mut random = Random::new(2);
    let inputs: Vec<f32> = (0..samples * IN).map(|_| random.normal() as f32).collect();
    let labels: Vec<u32> = (0..samples).map(|_| random.below(10) as u32).collect();
    Dataset::<Features<IN>, Classes<10>>::from_values(inputs, labels).expect("fits").one_hot()
}

fn trainer() -> Trainer<CrossEntropy, Sgd> {
    Trainer::new(CrossEntropy::new(), Sgd::new(0.1)).epochs(2).batch_size(500).seed(5).silent()
}

/// Makes every sample what its stream says alone.
#[derive(Debug)]
struct Replace;

impl Augmentation for Replace {
    fn name(&self) -> &'static str {
        "replace"
    }

    fn check(&self, _: Shape) -> Result<(), AugmentError> {
        Ok(())
    }

    fn apply(&self, _: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        sample.fill_with(|| draw.normal() as f32);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    fn check<T: Scalar, N: Network<T, Input = Features<300>, Output = Features<10>, Kind = Scores>>() {
        assert!(Tiling::training::<T, N>(500).of(500)[1] >= 3, "the test needs several lanes");
        let data = data(1300);
        let augment = Augment::new().noise(0.3).time_shift(0.2).mix_up(0.4).mix_share(0.7);
        let run = |trainer: Trainer<CrossEntropy, Sgd>| {
            let mut network: AlignedBox<N> = new(3);
            let trainer = trainer.metric(Accuracy).validation_split(0.1);
            let history = trainer.fit(&mut network, &data).expect("trains");
            let bits = |value: &T| value.wide().to_bits();
            let losses: Vec<u64> = history.losses().chain(history.validation_losses()).map(f64::to_bits).collect();
            (network.as_slice().iter().map(bits).collect::<Vec<u64>>(), losses)
        };
        let expected = run(trainer().augment(augment.clone()).threads(1));
        for threads in [2, 3] {
            assert!(run(trainer().augment(augment.clone()).threads(threads)) == expected, "{threads} threads");
        }
        assert!(run(trainer().augment(augment).threads(1).seed(6)) != expected);
        assert!(run(trainer()) != expected);
    }
    check::<f32, Linear<f32, 300, 10>>();
    check::<f64, Centered<f64, 300, 10>>();
}

/// A network learns from changed samples, and is judged by those that are: with inputs replaced by noise, training never
/// depends on them.
#[test]
fn validation_sees_samples_as_they_are() {
    let (first, mut inputs) = (data::<40>(200), vec![0.0f32; 200 * 40]);
    Random::new(9).shuffle(&mut inputs);
    let labels: Vec<f32> = first.targets().iter().flatten().copied().collect();
    let others: Data<40> = Dataset::from_values(inputs, labels).expect("fits");
    let run = |data: &Data<40>, validation: &Data<40>| {
        let mut network: AlignedBox<Linear<f32, 40, 10>> = new(3);
        let trainer = trainer().batch_size(50).augment(Augment::new().with(Replace)).validation(validation);
        let history = trainer.fit(&mut network, data).expect("trains");
        let report = trainer.evaluate(&network, validation).expect("evaluates");
        assert_eq!(history.last().expect("two epochs").validation, Some(report.clone()));
        (network.as_slice().to_vec(), report)
    };
    let (weights, report) = run(&first, &first);
    assert_eq!(run(&others, &first), (weights.clone(), report.clone()));
    let (same, other) = run(&first, &others);
    assert!(same == weights && other != report);
}

/// What class weights make of mixed targets is divided by what those count.
#[test]
fn mixed_samples_count_as_their_parts() {
    let data = data::<40>(60);
    let weights: [f64; 10] = core::array::from_fn(|class| class as f64);
    let run = |factor: f64| {
        let mut network: AlignedBox<Linear<f32, 40, 10>> = new(3);
        let loss = CrossEntropy::new().class_weights(weights.map(|weight| weight * factor));
        let trainer = Trainer::new(loss, Sgd::new(0.1)).batch_size(60).augment(Augment::new().mix_up(1.0)).silent();
        trainer.fit(&mut network, &data).expect("trains").epochs[0].training.loss
    };
    let [one, eight] = [1.0, 8.0].map(run);
    assert!((one - eight).abs() < 1e-5 && (1.0..4.0).contains(&one), "{one} {eight}");
}

#[test]
fn what_does_not_fit_is_refused_before_the_first_step() {
    let classes: Dataset<Features<40>, Classes<10>> = Dataset::from_values(vec![0.5; 80], [1, 2]).expect("fits");
    let mut network: AlignedBox<Linear<f32, 40, 10>> = new(3);
    let before = network.as_slice().to_vec();
    let mut refused = |augment| trainer().augment(augment).fit(&mut network, &classes).expect_err("refused");
    let targets = refused(Augment::new().cut_mix(1.0).mix_up(1.0));
    assert!(matches!(targets, TrainError::Augment(AugmentError::Shape { name: "cut_mix", .. })), "{targets}");
    let targets = refused(Augment::new().mix_up(1.0));
    assert!(targets.to_string().contains("help: train on `data.one_hot()`"), "{targets}");
    let shape = refused(Augment::new().flip_horizontal(0.5));
    assert_eq!(
        shape.to_string(),
        "`flip_horizontal` works on images [height, width, channels], but samples have the shape [40]"
    );
    assert!(network.as_slice() == before);
}
