use std::convert::Infallible;

use nn_core::optim::{
    Adadelta, Adagrad, Adam, AdamW, Adamax, Lamb, Lbfgs, LbfgsMemory, Lion, Moments, Muon, Nadam, Optimizer, Radam,
    RmsProp, Schedule, Sgd, Update,
};
use nn_core::spec::Shape;

use crate::reader::Case;

/// A hundred steps apart, in 64 bits.
const STEPS: f64 = 1e-6;

/// Descends `Σ curvature (x - target)²`.
fn descend(case: &Case, optimizer: &dyn Optimizer<f64>) {
    let shape = Shape::new(&case.sizes("shape"));
    let len = shape.len();
    let [mut x, target, curvature] = ["start", "target", "curvature"].map(|name| case.tensor::<f64>(name, len));
    let (mut first, mut second) = (vec![0.0; len], vec![0.0; len]);
    for step in 1..=100 {
        let slope = |((x, target), curvature): ((&f64, &f64), &f64)| 2.0 * curvature * (x - target);
        let gradient: Vec<f64> = x.iter().zip(&target).zip(&curvature).map(slope).collect();
        let moments = Moments { first: &mut first, second: &mut second };
        optimizer.update(Update { step, rate: 1.0, decays: true, shape }, &mut x, &gradient, moments);
        if [1, 7, 100].contains(&step) {
            case.compare(&format!("after_{step}"), &x, STEPS);
        }
    }
}

/// `Σ curvature (x - target)² + Σ (x[i + 1] - x[i]²)²`, in twenty steps of several evaluations each.
fn minimize(case: &Case, optimizer: &Lbfgs) {
    assert_eq!(optimizer.check(), Ok(()));
    let len = Shape::new(&case.sizes("shape")).len();
    let [mut x, target, curvature] = ["start", "target", "curvature"].map(|name| case.tensor::<f64>(name, len));
    let mut loss = |x: &[f64], slopes: &mut [f64]| {
        let mut sum = 0.0;
        for (i, slope) in slopes.iter_mut().enumerate() {
            let away = x[i] - target[i];
            *slope = 2.0 * curvature[i] * away;
            sum += curvature[i] * away * away;
        }
        for i in 1..x.len() {
            let bend = x[i] - x[i - 1] * x[i - 1];
            slopes[i] += 2.0 * bend;
            slopes[i - 1] -= 4.0 * bend * x[i - 1];
            sum += bend * bend;
        }
        Ok::<f64, Infallible>(sum)
    };
    let (mut memory, mut losses) = (LbfgsMemory::new(), Vec::new());
    for step in 1..=20 {
        let Ok(loss) = optimizer.minimize(&mut memory, &mut x, &mut loss);
        losses.push(loss);
        if [1, 2, 5, 20].contains(&step) {
            case.compare(&format!("after_{step}"), &x, STEPS);
        }
    }
    case.compare("losses", &losses, STEPS);
}

fn follow(case: &Case, schedule: Schedule, steps: u64) {
    assert_eq!(schedule.check(), Ok(()));
    for start in (0..100).step_by(20) {
        let rates: Vec<f64> = (1..=20).map(|step| schedule.rate(start + step, steps, steps as usize)).collect();
        case.compare(&format!("from_{start}"), &rates, STEPS);
    }
}

#[test]
fn optimisers_and_schedules_are_those_of_pytorch() {
    for case in &Case::read_many(include_str!("../../../tests/oracle/optimisers.txt")) {
        let is_schedule = case.sizes("shape").len() == 1;
        if is_schedule { check_schedule(case) } else { check_optimizer(case) }
    }
}

fn check_optimizer(case: &Case) {
    let other = case.has("betas");
    match case.name.as_str() {
        "sgd" => descend(case, &Sgd::new(0.05)),
        "sgd_momentum" => descend(case, &Sgd::new(0.05).momentum(0.9)),
        "sgd_nesterov" => descend(case, &Sgd::new(0.05).nesterov(0.9)),
        "rms_prop" => descend(case, &RmsProp::new(0.01).rho(0.99).momentum(0.5).epsilon(1e-8)),
        "adam" => descend(case, &Adam::new(0.02).epsilon(1e-8)),
        "adam_w" => descend(case, &AdamW::new(0.02).epsilon(1e-8).weight_decay(0.1)),
        "adamax" if other => descend(case, &Adamax::new(0.05).betas(0.8, 0.99)),
        "adamax" => descend(case, &Adamax::default()),
        "nadam" if other => descend(case, &Nadam::new(0.05).betas(0.8, 0.99)),
        "nadam" => descend(case, &Nadam::default()),
        "radam" if other => descend(case, &Radam::new(0.05).betas(0.8, 0.99)),
        "radam" => descend(case, &Radam::default()),
        "adagrad" => descend(case, &Adagrad::default()),
        "adagrad_fast" => descend(case, &Adagrad::new(0.5)),
        "adadelta" => descend(case, &Adadelta::default()),
        "adadelta_other" => descend(case, &Adadelta::new(2.0).rho(0.8)),
        "lion" => descend(case, &Lion::new(0.01).weight_decay(case.number("decay"))),
        "lamb" => descend(case, &Lamb::new(0.02).weight_decay(case.number("decay"))),
        "lbfgs" => minimize(case, &Lbfgs::new().iterations(4).history(3)),
        "lbfgs_long" => minimize(case, &Lbfgs::new()),
        "lbfgs_fixed" => minimize(case, &Lbfgs::new().iterations(4).fixed_steps(0.1)),
        "muon" => descend(case, &Muon::new(0.02).weight_decay(case.number("decay"))),
        other => panic!("a case without a test: {other}"),
    }
}

fn check_schedule(case: &Case) {
    let schedule = match case.name.as_str() {
        "steps" => Schedule::Steps { epochs: 7, factor: 0.7 },
        "milestones" => Schedule::Milestones { epochs: &[3, 40, 41, 90], factor: 0.5 },
        "exponential" => Schedule::Exponential { factor: 0.97 },
        "restarts" => Schedule::Restarts { period: 9, growth: case.number("growth") as u64, floor: 0.05 },
        "linear" => Schedule::Linear { from: 0.25, to: 0.75, steps: 33 },
        "polynomial" => Schedule::Polynomial { power: case.number("power") },
        // PyTorch asks for a rate once more than there are steps.
        "one_cycle" => return follow(case, Schedule::OneCycle { rise: case.number("rise") }, 101),
        "inverse_root" => Schedule::InverseRoot { warmup: case.number("warmup") as u64 },
        "cosine" => Schedule::Cosine { warmup: 0, floor: 0.1 },
        "warmup" => Schedule::Warmup { steps: 10, then: &Schedule::Polynomial { power: 2.0 } },
        other => panic!("a case without a test: {other}"),
    };
    follow(case, schedule, 100);
}
