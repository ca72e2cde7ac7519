//! Losses of transcripts, and those that compare samples with each other.

use super::*;
use crate::data::Transcripts;

type One<const N: usize> = Head<Scores, Features<N>>;
type Pair<const N: usize> = Head<(One<N>, One<N>), Features<0>>;

fn check_transcripts<const N: usize, const LONGEST: usize>(steps: usize) {
    let (mut random, shape) = (Random::new(7), Shape::new(&[steps, N]));
    for samples in [1, 3] {
        let target = |sample: usize| {
            let symbols: Vec<u32> =
                (0..(LONGEST + sample) % (LONGEST + 1)).map(|_| random.below(N - 1) as u32).collect();
            Transcripts::<N, LONGEST>::within(&symbols, steps - sample.min(steps / 3)).unwrap()
        };
        let targets: Vec<_> = (0..samples).map(target).collect();
        let mut outputs = normal(&mut random, samples * shape.len());
        type Words<const N: usize, const LONGEST: usize> = Transcripts<N, LONGEST>;
        let logits = Ctc::new().blank(N - 1).zero_infinity(true);
        check_gradient::<Scores, Words<N, LONGEST>, _>(&logits, shape, &mut outputs, &targets);
        let logarithms = Ctc::from_log_probabilities().blank(N - 1).zero_infinity(true);
        check_gradient::<LogProbabilities, Words<N, LONGEST>, _>(&logarithms, shape, &mut outputs, &targets);
    }
}

#[test]
fn connectionist_temporal_classification_has_its_gradient() {
    check_transcripts::<2, 1>(1);
    check_transcripts::<2, 1>(4);
    check_transcripts::<3, 2>(5);
    check_transcripts::<4, 3>(7);
    check_transcripts::<5, 1>(2);
    check_transcripts::<7, 4>(12);
    check_transcripts::<11, 6>(13);
    check_transcripts::<28, 5>(17);
}

#[test]
fn losses_of_whole_batches_have_their_gradients() {
    fn check<const N: usize>() {
        let (mut random, shape) = (Random::new(N as u64), Shape::new(&[2 * N]));
        for samples in [1, 2, 3, 8] {
            let (mut pairs, targets) = (normal(&mut random, samples * 2 * N), std::vec![(); samples]);
            for temperature in [0.5, 1.0] {
                check_gradient::<Pair<N>, (), _>(&InfoNce::new(temperature), shape, &mut pairs, &targets);
                check_gradient::<Pair<N>, (), _>(&NtXent::new(temperature), shape, &mut pairs, &targets);
            }
        }
    }
    // In one dimension a direction has no slope: only rounding is left.
    check::<2>();
    check::<3>();
    check::<7>();
    check::<16>();
    check::<33>();
}

#[test]
fn a_vector_of_zeros_has_no_direction() {
    let outputs = [0.0f64, 0.0, 1.0, 2.0, 3.0, -1.0, 0.5, 0.5];
    for loss in [&InfoNce::default() as &dyn Loss<f64, Pair<2>, ()>, &NtXent::default()] {
        let (shape, mut values) = (Shape::new(&[4]), [f64::NAN; 8]);
        let mut scratch = std::vec![f64::NAN; loss.scratch(shape, 2)];
        let gradient = OutputGradient { values: &mut values, scale: 1.0, scratch: &mut scratch };
        assert!(loss.tile(shape, &outputs, &[(), ()], Some(gradient)).is_finite());
        assert!(values[..2] == [0.0; 2] && values.iter().all(|slope| slope.is_finite()));
        assert!(loss.tile(shape, &[f64::NAN; 8], &[(), ()], None).is_nan());
        assert_eq!(loss.tile(shape, &[], &[], None), 0.0);
        assert!(loss.tile(shape, &outputs[4..], &[()], None).is_finite(), "one sample alone");
    }
}

#[test]
fn what_compares_samples_cannot_be_given_them_one_by_one() {
    type Words = WithWeight<()>;
    assert!(Loss::<f64, Pair<2>, Words>::check(&SampleWeighted(InfoNce::default())).is_err());
    assert!(Loss::<f64, Pair<2>, ()>::check(&InfoNce::new(0.0)).is_err());
    let twice = InfoNce::default().weighted(2.0);
    let twice: &dyn Loss<f64, Pair<2>, ()> = &twice;
    assert!(twice.wants_whole_batches() && twice.check().is_ok() && twice.scratch(Shape::new(&[4]), 3) > 0);
}
