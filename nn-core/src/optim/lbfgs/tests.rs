use std::vec::Vec;

use super::*;
use crate::random::Random;

type Outcome = Result<f64, &'static str>;

/// `Σ 100 (b - a²)² + (1 - a)²` over neighbouring pairs: a long bent valley.
fn valley<T: Scalar>(point: &[T], gradient: &mut [T]) -> Outcome {
    let mut sum = 0.0;
    for (point, gradient) in point.chunks(2).zip(gradient.chunks_mut(2)) {
        let [a, b] = [point[0].wide(), point[1].wide()];
        let (bend, rest) = (b - a * a, 1.0 - a);
        gradient[0] = T::of(-400.0 * a * bend - 2.0 * rest);
        gradient[1] = T::of(200.0 * bend);
        sum += 100.0 * bend * bend + rest * rest;
    }
    Ok(sum)
}

#[test]
fn it_follows_a_valley_to_its_end() {
    for history in [1, 5, 100] {
        let mut point: Vec<f64> = (0..20).map(|index| if index % 2 == 0 { -1.2 } else { 1.0 }).collect();
        let (optimizer, mut memory) = (Lbfgs::new().iterations(40).history(history), LbfgsMemory::new());
        let mut evaluations = 0;
        let mut counted = |point: &[f64], gradient: &mut [f64]| {
            evaluations += 1;
            valley(point, gradient)
        };
        for _ in 0..20 {
            optimizer.minimize(&mut memory, &mut point, &mut counted).unwrap();
        }
        assert!(point.iter().all(|value| (value - 1.0).abs() < 1e-4), "{history}: {point:?}");
        assert!(evaluations < 800);
    }
    let mut point = [-1.2f32, 1.0];
    Lbfgs::new().iterations(100).minimize(&mut LbfgsMemory::new(), &mut point, &mut valley).unwrap();
    assert!(point.iter().all(|value| (value - 1.0).abs() < 1e-3), "{point:?}");
}

#[test]
fn the_loss_never_rises_with_a_line_search() {
    let mut random = Random::new(5);
    for _ in 0..20 {
        let mut point: Vec<f64> = (0..6).map(|_| 3.0 * random.normal()).collect();
        let (mut memory, mut last) = (LbfgsMemory::new(), f64::INFINITY);
        for _ in 0..10 {
            let loss = Lbfgs::new().iterations(3).minimize(&mut memory, &mut point, &mut valley).unwrap();
            assert!(loss <= last, "{loss} {last}");
            last = loss;
        }
    }
}

#[test]
fn it_turns_back_where_the_loss_is_no_number() {
    // Lowest at 0.5, next to a cliff: beyond 1 there is nothing.
    let mut cliff = |point: &[f64], gradient: &mut [f64]| -> Outcome {
        let x = point[0];
        gradient[0] = 8.0 * (x - 0.5);
        Ok(if x < 1.0 { 4.0 * (x - 0.5).powi(2) } else { f64::NAN })
    };
    for start in [-30.0, 0.2, 0.9] {
        let mut point = [start];
        Lbfgs::new().minimize(&mut LbfgsMemory::new(), &mut point, &mut cliff).unwrap();
        assert!((point[0] - 0.5).abs() < 1e-6, "{start}: {}", point[0]);
    }
}

#[test]
fn what_fails_leaves_the_point_where_it_was() {
    let mut left = 4;
    let mut failing = |point: &[f64], gradient: &mut [f64]| {
        left -= 1;
        if left == 0 { Err("the end") } else { valley(point, gradient) }
    };
    let mut point = [-1.2, 1.0];
    let found = Lbfgs::new().minimize(&mut LbfgsMemory::new(), &mut point, &mut failing);
    assert_eq!((found, point), (Err("the end"), [-1.2, 1.0]));
}

#[test]
fn nothing_to_move_is_no_trouble() {
    let mut memory = LbfgsMemory::<f64>::new();
    let mut nothing = |_: &[f64], _: &mut [f64]| -> Outcome { Ok(3.0) };
    assert_eq!(Lbfgs::new().minimize(&mut memory, &mut [], &mut nothing), Ok(3.0));
    assert_eq!(Lbfgs::new().minimize(&mut memory, &mut [1.0], &mut nothing), Ok(3.0), "no slope");
    assert!(Lbfgs::new().iterations(0).check().is_err() && Lbfgs::new().fixed_steps(0.0).check().is_err());
    assert!(Lbfgs::new().check().is_ok());
}
