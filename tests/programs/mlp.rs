//! One multilayer perceptron whose width is a const parameter, in three widths: each is a type of its own.

use netform::prelude::*;

use crate::check::check;
use crate::data::assert_falls;

network! {
    /// For images of 28 × 28 pixels.
    pub struct Mlp<const H: usize>(image: [784]) -> [10] {
        image -> Dense(H) -> Relu -> head: Dense(10)
    }
    instances [128, 256, 512]
    assert PARAMS <= 407_050;

    /// With two hidden layers that share their weights.
    pub struct SmallMlp<const H: usize>(x: [2]) -> [2] {
        x -> Dense(H) -> Tanh -> hidden: Dense(H) -> Tanh -> hidden -> Tanh -> head: Dense(2)
    }
    instances [1, 4, 16]
}

/// Those of the Keras tutorials with 128 and 512 hidden units, and one between.
#[test]
fn parameters() {
    assert_eq!([Mlp::<128>::PARAMS, Mlp::<256>::PARAMS, Mlp::<512>::PARAMS], [101_770, 203_530, 407_050]);
}

#[test]
fn gradients() {
    check::<SmallMlp<1, f64>>();
    check::<SmallMlp<4, f64>>();
    check::<SmallMlp<16, f64>>();
}

/// How well a width learns which of two rings a point lies on.
fn trained<const H: usize>() -> f64 {
    let mut random = Random::new(1);
    let mut point = |class: u32| {
        let (angle, radius) = (core::f64::consts::TAU * random.uniform(), f64::from(1 + class));
        [(radius * angle.cos()) as f32, (radius * angle.sin()) as f32]
    };
    let labels: Vec<u32> = (0..200).map(|index| index % 2).collect();
    let points: Vec<[f32; 2]> = labels.iter().map(|class| point(*class)).collect();
    let data: Dataset<Features<2>, Classes<2>> = Dataset::from_samples(&points, &labels).expect("fits");
    let mut network = SmallMlp::<H>::new(1);
    let history = Trainer::new(CrossEntropy::new(), Adam::new(0.02))
        .epochs(40)
        .silent()
        .fit(&mut network, &data)
        .expect("trains");
    if H > 1 {
        assert_falls(&history, 0.5);
    }
    history.last().map_or(f64::NAN, |epoch| epoch.training.loss)
}

#[test]
fn wider_is_better() {
    let losses = [trained::<1>(), trained::<4>(), trained::<16>()];
    assert!(losses.is_sorted_by(|narrow, wide| narrow > wide), "{losses:?}");
}
