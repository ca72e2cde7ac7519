use std::vec;
use std::vec::Vec;

use super::*;
use crate::random::Random;

type Words = Transcripts<4, 3>;

/// The symbols that a way through the classes stands for.
fn collapsed(way: &[usize], blank: usize) -> Vec<u32> {
    let mut symbols = Vec::new();
    for (step, &class) in way.iter().enumerate() {
        if class != blank && (step == 0 || way[step - 1] != class) {
            symbols.push(class as u32);
        }
    }
    symbols
}

/// The sum over all ways, one by one.
fn counted(outputs: &[[f64; 4]], symbols: &[u32], blank: usize) -> f64 {
    let mut sum = 0.0;
    for number in 0..4usize.pow(outputs.len() as u32) {
        let way: Vec<usize> = (0..outputs.len()).map(|step| number / 4usize.pow(step as u32) % 4).collect();
        if collapsed(&way, blank) == symbols {
            let cost = |(row, class): (&[f64; 4], &usize)| {
                row[*class].exp() / row.iter().map(|score| score.exp()).sum::<f64>()
            };
            sum += outputs.iter().zip(&way).map(cost).product::<f64>();
        }
    }
    -sum.ln()
}

fn output(random: &mut Random, steps: usize) -> Vec<[f64; 4]> {
    (0..steps).map(|_| core::array::from_fn(|_| 2.0 * random.normal())).collect()
}

#[test]
fn it_is_the_sum_over_all_ways() {
    let mut random = Random::new(1);
    for blank in [0, 2] {
        let loss = Ctc::new().blank(blank);
        for symbols in [&[][..], &[1], &[3, 3], &[1, 3], &[3, 1, 3], &[1, 1, 1]] {
            for steps in 1..=6 {
                let output = output(&mut random, steps);
                let target = [Words::target(symbols).unwrap()];
                let shape = Shape::new(&[steps, 4]);
                let found = Loss::<f64, Scores, Words>::tile(&loss, shape, output.as_flattened(), &target, None);
                let expected = counted(&output, symbols, blank) / symbols.len().max(1) as f64;
                let is_same = found == expected || (found - expected).abs() < 1e-12;
                assert!(is_same, "{symbols:?} in {steps}: {found} {expected}");
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_infinite_or_left_out() {
    let shape = Shape::new(&[2, 4]);
    let outputs = [0.5f32; 16];
    let targets = [Words::target(&[1, 1]).unwrap(), Words::target(&[1]).unwrap()];
    let run = |loss: Ctc| {
        let (mut values, mut scratch) = ([f32::NAN; 16], [0.0; 14]);
        let gradient = OutputGradient { values: &mut values, scale: 1.0, scratch: &mut scratch };
        let value = Loss::<f32, Scores, Words>::tile(&loss, shape, &outputs, &targets, Some(gradient));
        assert_eq!(value, Loss::<f32, Scores, Words>::tile(&loss, shape, &outputs, &targets, None));
        (value, values)
    };
    let (value, values) = run(Ctc::new());
    assert!(value == f64::INFINITY && values[..8].iter().all(|slope| slope.is_nan()));
    let (value, values) = run(Ctc::new().zero_infinity(true));
    assert!((value - (16.0f64 / 3.0).ln()).abs() < 1e-6, "three of sixteen ways");
    assert!(values[..8].iter().all(|slope| *slope == 0.0) && values[8..].iter().any(|slope| *slope != 0.0));
}

#[test]
fn targets_without_sense_are_not_a_number() {
    let run = |target, blank, rest: f64| {
        let loss = Ctc::new().blank(blank);
        Loss::<f64, Scores, Words>::tile(&loss, Shape::new(&[3, 4]), &[rest; 12], &[target], None)
    };
    assert!(run(Words::target(&[2]).unwrap(), 2, 0.0).is_nan(), "the blank as a symbol");
    assert!(run(Words::within(&[2], 4).unwrap(), 0, 0.0).is_nan(), "more steps than there are");
    assert!(run(Words::target(&[2]).unwrap(), 0, f64::NAN).is_nan());
    assert!(run(Words::target(&[2]).unwrap(), 0, f64::INFINITY).is_nan());
    assert_eq!(run(Words::within(&[], 0).unwrap(), 0, 0.0), 0.0);
    assert_eq!(run(Words::within(&[1], 0).unwrap(), 0, 0.0), f64::INFINITY);
    assert!(Loss::<f64, Scores, Words>::check(&Ctc::new().blank(4)).is_err());
}

#[test]
fn greedy_reading_leaves_out_blanks_and_repetitions() {
    let way = [1, 1, 0, 1, 2, 2, 0, 0, 3];
    let output: Vec<[f32; 4]> =
        way.iter().map(|&best| core::array::from_fn(|class| f32::from(u8::from(class == best)))).collect();
    assert_eq!(Ctc::new().greedy(&output), [1, 1, 2, 3]);
    assert_eq!(Ctc::new().blank(2).greedy(&output), [1, 0, 1, 0, 3]);
    assert!(Ctc::new().greedy::<f32, 4>(&[]).is_empty());
}

#[test]
fn a_wide_beam_finds_the_best_of_all_symbols() {
    let mut random = Random::new(2);
    for steps in 0..=5 {
        let output = output(&mut random, steps);
        let found = Ctc::new().beam(&output, 10_000);
        let total: f64 = found.iter().map(|(_, logarithm)| logarithm.exp()).sum();
        assert!((total - 1.0).abs() < 1e-12, "all that there is: {total}");
        for (symbols, logarithm) in &found {
            let expected = -counted(&output, symbols, 0);
            assert!((logarithm - expected).abs() < 1e-12, "{symbols:?}: {logarithm} {expected}");
        }
        assert!(found.is_sorted_by(|a, b| a.1 >= b.1));
        assert!(Ctc::new().beam(&output, 0).len() == 1 && Ctc::new().beam(&output, 2).len() <= 2);
    }
}

/// Neither does the loss of long outputs run out of numbers, nor does its gradient: each step's adds up to 0.
#[test]
fn long_outputs_stay_within_range() {
    type Long = Transcripts<9, 60>;
    let mut random = Random::new(3);
    let outputs: Vec<f32> = (0..500 * 9).map(|_| 8.0 * random.normal() as f32).collect();
    let symbols: Vec<u32> = (0..60).map(|_| 1 + random.below(8) as u32).collect();
    let (mut values, mut scratch) = (vec![f32::NAN; outputs.len()], vec![0.0; 500 * 121]);
    let gradient = OutputGradient { values: &mut values, scale: 1.0, scratch: &mut scratch };
    let target = [Long::within(&symbols, 480).unwrap()];
    let shape = Shape::new(&[500, 9]);
    assert_eq!(Loss::<f32, Scores, Long>::scratch(&Ctc::new(), shape, 1), scratch_len());
    let value = Loss::<f32, Scores, Long>::tile(&Ctc::new(), shape, &outputs, &target, Some(gradient));
    assert!(value.is_finite() && value > 0.0);
    for (step, slopes) in values.chunks(9).enumerate() {
        let sum: f32 = slopes.iter().sum();
        assert!(sum.abs() < 1e-6 && (step < 480 || slopes.iter().all(|slope| *slope == 0.0)), "{step}: {slopes:?}");
    }
}

const fn scratch_len() -> usize {
    500 * 121
}
