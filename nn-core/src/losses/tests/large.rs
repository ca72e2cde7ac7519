//! Large shapes: the slope along a random direction.

use super::*;
use crate::data::Transcripts;

/// Compares `gradient · direction` with a central difference: the error relative to the sizes of both is at most 1e-6.
fn check_direction<K: OutputKind, Y: Label, L: Loss<f64, K, Y>>(
    loss: &L,
    shape: Shape,
    outputs: &[f64],
    targets: &[Y::Target<f64>],
) {
    let mut random = Random::new(outputs.len() as u64);
    let mut gradient = std::vec![f64::NAN; outputs.len()];
    let mut scratch = std::vec![f64::NAN; loss.scratch(shape, targets.len())];
    let asked = OutputGradient { values: &mut gradient, scale: 1.0, scratch: &mut scratch };
    assert!(loss.tile(shape, outputs, targets, Some(asked)).is_finite(), "{}", loss.name());
    let direction = normal(&mut random, outputs.len());
    let step = 1e-5;
    let at = |step: f64| {
        let moved: Vec<f64> = outputs.iter().zip(&direction).map(|(output, along)| output + step * along).collect();
        loss.tile(shape, &moved, targets, None)
    };
    let expected = (at(step) - at(-step)) / (2.0 * step);
    let found: f64 = gradient.iter().zip(&direction).map(|(slope, along)| slope * along).sum();
    let size = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let scale = size(&gradient).max(found.abs());
    assert!((found - expected).abs() <= 1e-6 * scale, "{}: {found} {expected} of {scale}", loss.name());
}

#[test]
fn losses_of_numbers_fall_along_their_gradients() {
    let mut random = Random::new(11);
    for axes in [&[2000][..], &[64, 48], &[24, 20, 8]] {
        let shape = Shape::new(axes);
        let len = 5 * shape.len();
        let (outputs, targets, answers) =
            (normal(&mut random, len), normal(&mut random, len), uniform(&mut random, len));
        let (targets, answers) = (numbers(&targets), numbers(&answers));
        check_direction::<Scores, Numbers, _>(&MeanSquaredError, shape, &outputs, targets);
        check_direction::<Scores, Numbers, _>(&SmoothL1::default(), shape, &outputs, targets);
        check_direction::<Scores, Numbers, _>(&Huber::default(), shape, &outputs, targets);
        check_direction::<Scores, Numbers, _>(&LogCosh, shape, &outputs, targets);
        check_direction::<Scores, Numbers, _>(&SquaredHinge, shape, &outputs, targets);
        check_direction::<Scores, Numbers, _>(&Poisson::new(), shape, &outputs, answers);
        check_direction::<Scores, Numbers, _>(&CosineDistance, shape, &outputs, targets);
        check_direction::<Scores, Numbers, _>(&BinaryCrossEntropy::new(), shape, &outputs, answers);
        check_direction::<Scores, Numbers, _>(&BinaryFocal::default(), shape, &outputs, answers);
        let inside: Vec<f64> = uniform(&mut random, len).into_iter().map(|value| 0.1 + 0.8 * value).collect();
        let from = BinaryCrossEntropy::from_probabilities();
        check_direction::<Probabilities, Numbers, _>(&from, shape, &inside, answers);
        check_direction::<Probabilities, Numbers, _>(&Dice::default(), shape, &inside, answers);
    }
}

#[test]
fn losses_of_classes_fall_along_their_gradients() {
    const ROWS: usize = 32;
    const N: usize = 301;
    type Hard = Each<ROWS, Classes<N>>;
    type Soft = Each<ROWS, OneHot<N>>;
    let (mut random, shape, samples) = (Random::new(12), Shape::new(&[ROWS, N]), 4);
    let outputs = normal(&mut random, samples * shape.len());
    let classes: Vec<[u32; ROWS]> = (0..samples).map(|_| [(); ROWS].map(|()| random.below(N) as u32)).collect();
    let soft = uniform(&mut random, samples * shape.len());
    let soft = <[[f64; N]; ROWS]>::from_flat(&soft);
    let plain = CrossEntropy::new();
    check_direction::<Scores, Hard, _>(&plain, shape, &outputs, &classes);
    check_direction::<Scores, Hard, _>(&plain.label_smoothing(0.1).ignore(3), shape, &outputs, &classes);
    check_direction::<Scores, Soft, _>(&plain, shape, &outputs, soft);
    check_direction::<Scores, Soft, _>(&Focal::default(), shape, &outputs, soft);
    check_direction::<Scores, Soft, _>(&KlDivergence::new(), shape, &outputs, soft);
}

#[test]
fn losses_of_several_outputs_fall_along_their_gradients() {
    const N: usize = 128;
    type One = Head<Scores, Features<N>>;
    type Pair = Head<(One, One), Features<0>>;
    type Three = Head<(One, One, One), Features<0>>;
    let (mut random, samples) = (Random::new(13), 40);
    let (three, two) = (normal(&mut random, samples * 3 * N), normal(&mut random, samples * 2 * N));
    let nothing = std::vec![(); samples];
    check_direction::<Three, (), _>(&Triplet::default(), Shape::new(&[3 * N]), &three, &nothing);
    let shape = Shape::new(&[2 * N]);
    let together: Vec<_> = (0..samples).map(|sample| [(sample % 2) as f64]).collect();
    check_direction::<Pair, Together<Numbers>, _>(&Contrastive::new(90.0), shape, &two, &together);
    check_direction::<Pair, (), _>(&InfoNce::default(), shape, &two, &nothing);
    check_direction::<Pair, (), _>(&NtXent::default(), shape, &two, &nothing);
}

#[test]
fn transcripts_fall_along_their_gradients() {
    type Words = Transcripts<32, 25>;
    let (mut random, shape) = (Random::new(14), Shape::new(&[120, 32]));
    let outputs = normal(&mut random, 3 * shape.len());
    let target = |sample: usize| {
        let symbols: Vec<u32> = (0..25 - 3 * sample).map(|_| 1 + random.below(31) as u32).collect();
        Words::within(&symbols, 120 - 7 * sample).unwrap()
    };
    let targets: Vec<_> = (0..3).map(target).collect();
    check_direction::<Scores, Words, _>(&Ctc::new(), shape, &outputs, &targets);
    check_direction::<LogProbabilities, Words, _>(&Ctc::from_log_probabilities(), shape, &outputs, &targets);
}
