//! Layers made of several products: separable convolutions, bilinear forms, weights as directions and lengths; penalties on
//! values; norms folded into the layer in front.

use netform::network;
use netform::prelude::*;

use crate::{laws, names};

laws! {
    separable_convolutions_of_images: Separable<f64>;
    separable_convolutions_of_sequences: SeparableSteps<f64>;
    separable_convolutions_of_any_width: SeparableSized<3, 2, f64>;
    separable_convolutions_with_gaps: SeparableGaps<f64>;
    two_values_meet_in_a_form: Pair<f64>;
    two_sequences_meet_step_by_step: PairOfSteps<f64>;
    sizes_that_are_constants: PairNamed<f64>;
    one_value_of_two_parts: JoinedPair<f64>;
    weights_as_directions_and_lengths: Directions<f64>;
    directions_of_any_width: DirectionsSized<3, f64>;
}

const FEW: usize = 2;
const MORE: usize = 3;

network! {
    struct Separable(x: [5, 6, 3]) -> [2] {
        x -> SeparableConv2d(4, kernel = 3, padding = same, multiplier = 2) -> Relu -> MaxPool2d(2)
          -> last: SeparableConv2d(2, [2, 1], stride = [1, 2], bias = false) -> Tanh -> GlobalAvgPool
    }
    assert PARAMS == (9 * 6 + 6 * 4 + 4) + (2 * 4 + 4 * 2);

    struct SeparableSteps(x: [8, 3]) -> [2] {
        x -> SeparableConv1d(4, 3, padding = causal) -> Tanh -> SeparableConv1d(MORE, 2, stride = FEW) -> GlobalMaxPool
          -> Dense(2)
    }

    struct SeparableSized<const C: usize, const F: usize>(x: [6, C]) -> [6, F] {
        x -> SeparableConv1d(F, 3, padding = same) -> Tanh -> SeparableConv1d(F, 2, padding = causal, multiplier = 2)
    }
    instances [(3, 2)]

    struct SeparableGaps(x: [7, 8, 2]) -> [2, 3] {
        let y = x -> SeparableConv2d(3, kernel = 3, dilation = [2, 3], multiplier = 2) -> Tanh;
        y -> DepthwiseConv2d(2, padding = same, dilation = FEW) -> Reshape([6, 3])
          -> DepthwiseConv1d(2, stride = 2, padding = causal, dilation = MORE) -> Tanh -> SeparableConv1d(3, 2, dilation = 1)
    }
    assert PARAMS == (9 * 4 + 4 * 3 + 3) + (4 * 3 + 3) + (2 * 3 + 3) + (2 * 3 + 3 * 3 + 3);

    struct Pair(a: [3], b: [4]) -> [2] {
        (a -> Dense(5) -> Tanh, b) -> form: Bilinear(6) -> Relu -> Dense(2)
    }
    assert PARAMS == (3 * 5 + 5) + (5 * 4 * 6 + 6) + (6 * 2 + 2);

    struct PairOfSteps(a: [4, 3], b: [4, 2]) -> [4, 2] {
        (a, b) -> Bilinear(2, bias = false)
    }

    struct PairNamed(a: [FEW], b: [5, MORE]) -> [3] {
        (a, b -> GlobalMaxPool) -> Bilinear(MORE) -> Sigmoid
    }

    struct JoinedPair(x: [7]) -> [2] {
        x -> Bilinear(2, 3)
    }

    struct Directions(x: [4, 4, 2]) -> [3] {
        x -> conv: WeightNormConv2d(4, kernel = 3, padding = same, groups = 2) -> Relu -> Flatten
          -> fc: WeightNormDense(3)
    }
    assert PARAMS == (9 * 4 + 4 + 4) + (64 * 3 + 3 + 3);

    struct DirectionsSized<const H: usize>(x: [4, 2]) -> [4, H] {
        x -> WeightNormDense(H) -> Tanh -> WeightNormDense(H, bias = false)
    }
    instances [3]

    block Bottleneck(x: [high, wide, width]) {
        x + (x -> Conv2d(width, kernel = 3, padding = same) -> BatchNorm -> Relu -> Dropout(0.25)
               -> Conv2d(width, kernel = 1, bias = false) -> BatchNorm)
    }

    /// Seven norms: of the first, the input is read twice, and of the last one the layer in front is applied twice.
    struct Norms(x: [4, 5, 2]) -> [3] {
        let seen = x -> twice_read: Conv2d(2, kernel = 1);
        let y = seen + (seen -> BatchNorm);
        let y = y -> blocks: [Bottleneck; 2] -> GlobalAvgPool;
        let y = y -> fc: Dense(4) -> BatchNorm -> Tanh -> again: Dense(4) -> Tanh -> again -> BatchNorm;
        y -> Dense(3)
    }

    /// Three norms: one in each of two networks inside, of which one is applied twice, and one of its own.
    struct NormsInside(x: [4, 5, 2]) -> [3] {
        let y = x -> #[freeze] features: self::Folding -> #[freeze] others: self::Folding -> features;
        y -> Flatten -> Dense(4) -> BatchNorm -> Tanh -> Dense(3)
    }

    struct Folding(x: [4, 5, 2]) -> [4, 5, 2] {
        x -> Conv2d(2, kernel = 3, padding = same) -> BatchNorm -> Tanh
    }

    struct Sparse(x: [5]) -> [5] {
        x -> encode: Dense(3) -> Tanh -> ActivityRegularization(l1 = 0.3, l2 = 0.7) -> decode: Dense(5)
    }

    /// With all its layers in a network inside.
    struct Around(x: [5]) -> [5] {
        x -> inner: self::Sparse
    }

    /// With them frozen, and so without their penalty.
    struct Frozen(x: [5]) -> [5] {
        x -> #[freeze] inner: self::Sparse -> Dense(5)
    }

    struct FrozenPlain(x: [5]) -> [5] {
        x -> #[freeze] inner: self::Dense5 -> Dense(5)
    }

    struct Dense5(x: [5]) -> [5] {
        x -> encode: Dense(3) -> Tanh -> decode: Dense(5)
    }
}

#[test]
fn tensors_have_their_names() {
    let normed = ["conv.direction", "conv.magnitude", "conv.bias", "fc.direction", "fc.magnitude", "fc.bias"];
    assert_eq!(names::<Directions<f64>>(), normed);
    assert_eq!(names::<Pair<f64>>()[2..4], ["form.weight", "form.bias"]);
    assert_eq!(names::<Separable<f64>>()[3..], ["last.depthwise", "last.pointwise"]);
}

fn normal<const N: usize>(count: usize, seed: u64) -> Vec<[f64; N]> {
    let mut random = Random::new(seed);
    (0..count).map(|_| std::array::from_fn(|_| random.normal())).collect()
}

#[test]
fn folded_norms_predict_the_same() {
    let mut network = Norms::<f64>::with_seed(1);
    let mut random = Random::new(2);
    network.as_mut_slice().iter_mut().for_each(|value| *value += 0.3 + 0.5 * random.uniform());
    let samples: Vec<[[[f64; 2]; 5]; 4]> =
        normal::<40>(6, 3).iter().map(|flat| <_ as Plain<f64>>::from_flat(flat)[0]).collect();
    let expected: Vec<[f64; 3]> = samples.iter().map(|sample| network.predict(sample)).collect();
    // Two in each block and the one behind `fc`.
    assert_eq!(network.fold_batch_norms(), 5);
    for (sample, expected) in samples.iter().zip(&expected) {
        for (found, expected) in network.predict(sample).iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1.0), "{found} is not {expected}");
        }
    }
    // With a bias in front nothing is left to do, without one a shift is.
    let block = &network.blocks[0];
    assert!(block.batch_norm.shift == [0.0; 2] && block.batch_norm_2.shift != [0.0; 2]);
    assert_eq!(block.batch_norm.running_mean, [0.0; 2]);
    assert_ne!(network.batch_norm.running_mean, [0.0; 2], "its input has another reader");
    // Again changes nothing but roundings.
    assert_eq!(network.fold_batch_norms(), 5);
    let [found, expected] = [network.predict(&samples[0])[0], expected[0][0]];
    assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1.0));
    assert_eq!(Separable::<f64>::with_seed(1).fold_batch_norms(), 0);
}

#[test]
fn norms_of_networks_inside_are_folded() {
    let mut network = NormsInside::<f64>::with_seed(1);
    let mut random = Random::new(2);
    network.as_mut_slice().iter_mut().for_each(|value| *value += 0.3 + 0.5 * random.uniform());
    let samples: Vec<[[[f64; 2]; 5]; 4]> =
        normal::<40>(6, 3).iter().map(|flat| <_ as Plain<f64>>::from_flat(flat)[0]).collect();
    let expected: Vec<[f64; 3]> = samples.iter().map(|sample| network.predict(sample)).collect();
    assert_eq!(network.fold_batch_norms(), 3);
    assert_eq!([&network.features, &network.others].map(|inner| inner.batch_norm.running_mean), [[0.0; 2]; 2]);
    for (sample, expected) in samples.iter().zip(&expected) {
        for (found, expected) in network.predict(sample).iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1.0), "{found} is not {expected}");
        }
    }
}

/// The penalty of a batch, by its definition.
fn penalty(network: &Sparse<f64>, inputs: &[[f64; 5]]) -> f64 {
    let of_sample = |input: &[f64; 5]| -> f64 {
        let unit = |unit: usize| {
            let sum: f64 = input.iter().zip(&network.encode.weight).map(|(x, row)| x * row[unit]).sum();
            (sum + network.encode.bias[unit]).tanh()
        };
        (0..3).map(unit).map(|value| 0.3 * value.abs() + 0.7 * value * value).sum()
    };
    inputs.iter().map(of_sample).sum::<f64>() / inputs.len() as f64
}

#[test]
fn penalties_on_values_join_the_gradient() {
    const SAMPLES: usize = 7;
    let mut network = Sparse::<f64>::with_seed(4);
    let (inputs, targets) = (normal::<5>(SAMPLES, 5), [[0.5f32, -1.0, 0.0, 2.0, 1.0]; SAMPLES]);
    let loss = |network: &Sparse<f64>| {
        let mut run = Run::new(network, SAMPLES);
        run.forward(network, &inputs).expect("there is room");
        let mean = run.loss(&MeanSquaredError, Values::default(), &targets).expect("finite");
        (mean, run)
    };
    let mut gradients = GradientSum::new(&network);
    let (mean, mut run) = loss(&network);
    let squares = run.outputs().iter().flatten().zip(targets.iter().flatten());
    let error = squares.map(|(x, y)| (x - f64::from(*y)).powi(2)).sum::<f64>() / 5.0 / SAMPLES as f64;
    assert!((mean - error - penalty(&network, &inputs)).abs() < 1e-12, "{mean} is not {error} and the penalty");
    run.backward(&network, &mut gradients).expect("a forward pass came last");
    for place in 0..network.as_slice().len() {
        let mut at = |step: f64| {
            network.as_mut_slice()[place] += step;
            let found = loss(&network).0;
            network.as_mut_slice()[place] -= step;
            found
        };
        let quotient = (at(1e-5) - at(-1e-5)) / 2e-5;
        let slope = gradients.values.as_slice()[place];
        assert!((slope - quotient).abs() < 1e-7, "{place}: {slope} {quotient}");
    }
}

#[test]
fn penalties_on_values_join_the_loss() {
    let inputs: Vec<[f64; 5]> = normal(300, 6);
    let (features, targets): (Vec<[f32; 5]>, Vec<[f32; 5]>) =
        inputs.iter().map(|input| (input.map(|x| x as f32), [0.25; 5])).unzip();
    let inputs: Vec<[f64; 5]> = features.iter().map(|input| input.map(f64::from)).collect();
    let data = Dataset::<Features<5>, Values<Features<5>>>::from_samples(&features, &targets).expect("as many targets");
    // One batch, of several tiles: the loss before the first step.
    let loss = |rate: f64| Trainer::new(MeanSquaredError, Sgd::new(rate)).epochs(1).batch_size(300).silent();
    let mut sparse = Sparse::<f64>::with_seed(4);
    let mut plain = Dense5::<f64>::with_seed(4);
    plain.as_mut_slice().copy_from_slice(sparse.as_slice());
    let mut around = Around::<f64>::with_seed(4);
    around.as_mut_slice().copy_from_slice(sparse.as_slice());
    let expected = penalty(&sparse, &inputs);
    let without = both(&loss(0.0).validation(&data).fit(&mut plain, &data).expect("it trains"));
    let with = both(&loss(0.0).validation(&data).fit(&mut sparse, &data).expect("it trains"));
    let inside = both(&loss(0.0).validation(&data).fit(&mut around, &data).expect("it trains"));
    for (with, without) in with.into_iter().chain(inside).zip(without.into_iter().cycle()) {
        assert!((with - without - expected).abs() < 1e-6 * with, "{with} is not {without} and {expected}");
    }
    let (mut frozen, mut plain) = (Frozen::<f64>::with_seed(4), FrozenPlain::<f64>::with_seed(4));
    plain.as_mut_slice().copy_from_slice(frozen.as_slice());
    let frozen = both(&loss(0.0).validation(&data).fit(&mut frozen, &data).expect("it trains"));
    assert_eq!(frozen, both(&loss(0.0).validation(&data).fit(&mut plain, &data).expect("it trains")));
}

/// The losses of an epoch: of training and validation.
fn both(history: &History) -> [f64; 2] {
    let epoch = &history.epochs[0];
    [epoch.training.loss, epoch.validation.as_ref().expect("there is one").loss]
}
