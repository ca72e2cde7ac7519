use std::vec::Vec;

use super::*;
use crate::random::Random;

/// One parameter of a published algorithm, step by step in `f64`: what it remembers, and its update.
type Reference = fn(memory: &mut [f64; 2], step: f64, parameter: f64, slope: f64) -> f64;

/// Runs an optimiser and its reference over 100 steps on the same gradients.
fn compare<T: Scalar, O: Optimizer<T>>(optimizer: &O, decays: bool, tolerance: f64, reference: Reference) {
    assert_eq!(optimizer.check(), Ok(()));
    for len in [1, 2, 7, 16, 33, 1000] {
        let mut random = Random::new(len as u64);
        let mut expected: Vec<f64> = (0..len).map(|_| T::of(random.normal()).wide()).collect();
        let mut parameters: Vec<T> = expected.iter().map(|&value| T::of(value)).collect();
        let mut memory = std::vec![[0.0; 2]; len];
        let room = |moment| std::vec![T::zero(); if optimizer.moments() > moment { len } else { 0 }];
        let (mut first, mut second) = (room(0), room(1));
        for step in 1..=100 {
            let slopes: Vec<T> = (0..len).map(|_| T::of(random.normal() * 3.0 + 0.5)).collect();
            let moments = Moments { first: &mut first, second: &mut second };
            optimizer.update(
                Update { step, rate: 1.0, decays, shape: Shape::new(&[len]) },
                &mut parameters,
                &slopes,
                moments,
            );
            for ((expected, memory), slope) in expected.iter_mut().zip(&mut memory).zip(&slopes) {
                *expected = reference(memory, step as f64, *expected, slope.wide());
            }
            for (found, expected) in parameters.iter().zip(&expected) {
                let error = (found.wide() - expected).abs();
                assert!(error <= tolerance * expected.abs().max(1.0), "step {step}: {found} {expected}");
            }
        }
    }
}

/// The same for both scalars.
fn compare_both<O: Optimizer<f32> + Optimizer<f64>>(optimizer: O, decays: bool, reference: Reference) {
    compare::<f64, O>(&optimizer, decays, 1e-12, reference);
    compare::<f32, O>(&optimizer, decays, 2e-5, reference);
}

#[test]
fn sgd_is_as_published() {
    compare_both(Sgd::default(), true, |_, _, parameter, slope| parameter - 0.01 * slope);
    compare_both(Sgd::new(0.1).momentum(0.9), true, |memory, _, parameter, slope| {
        memory[0] = 0.9 * memory[0] + slope;
        parameter - 0.1 * memory[0]
    });
    // Sutskever et al.: the gradient at θ + μv, in terms of the point φ = θ + μv that a program keeps.
    compare_both(Sgd::new(0.1).nesterov(0.9), true, |memory, _, parameter, slope| {
        let velocity = 0.9 * memory[0] - 0.1 * slope;
        let moved = parameter - 0.9 * memory[0] + velocity + 0.9 * velocity;
        memory[0] = velocity;
        moved
    });
}

#[test]
fn rms_prop_is_as_published() {
    compare_both(RmsProp::default(), true, |memory, _, parameter, slope| {
        memory[0] = 0.9 * memory[0] + 0.1 * slope.powi(2);
        parameter - 0.001 * slope / (memory[0].sqrt() + 1e-7)
    });
    compare_both(RmsProp::new(0.01).rho(0.99).momentum(0.5).epsilon(1e-3), true, |memory, _, parameter, slope| {
        memory[0] = 0.99 * memory[0] + 0.01 * slope.powi(2);
        memory[1] = 0.5 * memory[1] + slope / (memory[0].sqrt() + 1e-3);
        parameter - 0.01 * memory[1]
    });
}

/// Kingma and Ba, algorithm 1.
fn adam(memory: &mut [f64; 2], step: f64, parameter: f64, slope: f64) -> f64 {
    memory[0] = 0.9 * memory[0] + 0.1 * slope;
    memory[1] = 0.999 * memory[1] + 0.001 * slope.powi(2);
    let mean = memory[0] / (1.0 - 0.9f64.powf(step));
    let square = memory[1] / (1.0 - 0.999f64.powf(step));
    parameter - 0.001 * mean / (square.sqrt() + 1e-7)
}

#[test]
fn adam_is_as_published() {
    compare_both(Adam::default(), true, adam);
    compare_both(Adam::new(0.02).betas(0.5, 0.9).epsilon(1e-2), true, |memory, step, parameter, slope| {
        memory[0] = 0.5 * memory[0] + 0.5 * slope;
        memory[1] = 0.9 * memory[1] + 0.1 * slope.powi(2);
        let mean = memory[0] / (1.0 - 0.5f64.powf(step));
        let square = memory[1] / (1.0 - 0.9f64.powf(step));
        parameter - 0.02 * mean / (square.sqrt() + 1e-2)
    });
}

#[test]
fn adam_w_shrinks_weights_alone() {
    compare_both(AdamW::default().weight_decay(0.1), true, |memory, step, parameter, slope| {
        adam(memory, step, parameter, slope) - 0.001 * 0.1 * parameter
    });
    compare_both(AdamW::default().weight_decay(0.1), false, adam);
}

/// The lowest point of `Σ c_i (θ_i - i)²`, reached from zero.
fn descend(optimizer: &impl Optimizer<f64>, steps: u64) {
    let mut parameters = [0.0; 5];
    let (mut first, mut second) = ([0.0; 5], [0.0; 5]);
    for step in 1..=steps {
        let gradient: [f64; 5] = core::array::from_fn(|i| 2.0 * (i as f64 + 0.5) * (parameters[i] - i as f64));
        let moments = Moments { first: &mut first, second: &mut second };
        let rate = Schedule::Cosine { warmup: 0, floor: 0.0 }.rate(step, steps, 1);
        optimizer.update(
            Update { step, rate, decays: true, shape: Shape::new(&[5]) },
            &mut parameters,
            &gradient,
            moments,
        );
    }
    for (index, parameter) in parameters.into_iter().enumerate() {
        assert!((parameter - index as f64).abs() < 1e-3, "{index}: {parameter}");
    }
}

#[test]
fn all_find_the_bottom_of_a_bowl() {
    descend(&Sgd::new(0.1), 200);
    descend(&Sgd::new(0.05).momentum(0.9), 400);
    descend(&Sgd::new(0.05).nesterov(0.9), 400);
    descend(&RmsProp::new(0.05), 1000);
    descend(&RmsProp::new(0.02).momentum(0.5), 1000);
    descend(&Adam::new(0.1), 1000);
    descend(&AdamW::new(0.1).weight_decay(0.0), 1000);
    descend(&Adamax::new(0.1), 1000);
    descend(&Nadam::new(0.1), 1000);
    descend(&Radam::new(0.1), 1000);
    descend(&Adagrad::new(1.0), 1000);
    descend(&Adadelta::new(10.0), 3000);
    descend(&Lion::new(0.05), 1000);
    descend(&Lamb::new(0.1).weight_decay(0.0), 1000);
}

#[test]
fn settings_out_of_range_are_refused() {
    let refused: [Result<(), OutOfRange>; 10] = [
        Optimizer::<f32>::check(&Adagrad::default().epsilon(0.0)),
        Optimizer::<f32>::check(&Adadelta::default().rho(1.0)),
        Optimizer::<f32>::check(&Lion::default().weight_decay(-1.0)),
        Optimizer::<f32>::check(&Muon::default().momentum(1.0)),
        Optimizer::<f32>::check(&Sgd::new(-1.0)),
        Optimizer::<f32>::check(&Sgd::new(f64::NAN)),
        Optimizer::<f32>::check(&Sgd::new(0.1).momentum(1.0)),
        Optimizer::<f32>::check(&RmsProp::new(0.1).rho(-0.1)),
        Optimizer::<f32>::check(&Adam::default().epsilon(0.0)),
        Optimizer::<f32>::check(&AdamW::default().weight_decay(f64::INFINITY)),
    ];
    for (index, refused) in refused.into_iter().enumerate() {
        assert!(refused.is_err(), "{index}");
    }
}

#[test]
fn penalties_come_before_clipping() {
    let rules = GradientRules { l1: 0.5, l2: 0.25, clip_norm: Some(1.0), clip_value: Some(0.7) };
    assert_eq!(rules.check(), Ok(()));
    let mut slopes = [1.0f64, 2.0, -1.0];
    rules.add_penalties(&[2.0, -2.0, 0.0], &mut slopes);
    assert_eq!(slopes, [1.0 + 0.5 + 1.0, 2.0 - 0.5 - 1.0, -1.0]);
    let norm = sum_of_squares(&slopes).sqrt();
    let before = slopes;
    rules.clip(norm, &mut slopes);
    assert_eq!(slopes, [0.7, before[1] / norm, before[2] / norm]);
    rules.clip(0.9, &mut slopes);
    assert_eq!(slopes, [0.7, before[1] / norm, before[2] / norm], "short enough already");
    assert!(GradientRules { clip_norm: Some(0.0), ..GradientRules::default() }.check().is_err());
}

#[test]
fn the_norm_sees_every_element() {
    for len in [0, 1, 7, 8, 9, 100] {
        let mut slopes: Vec<f32> = (0..len).map(|index| index as f32).collect();
        let expected: f64 = (0..len).map(|index| (index * index) as f64).sum();
        assert_eq!(sum_of_squares(&slopes), expected);
        if let Some(last) = slopes.last_mut() {
            *last = f32::MAX;
            assert!(sum_of_squares(&slopes).is_finite());
            slopes[len as usize / 2] = f32::NAN;
            assert!(!sum_of_squares(&slopes).is_finite());
        }
    }
}
