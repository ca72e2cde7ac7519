//! Passes by hand on networks of the macro: gradients by the input, chains of networks, two networks against each other.

use netform::prelude::*;
use netform::train::TrainError;

network! {
    struct Image8(image: [6, 5, 2]) -> [3] {
        image -> Conv2d(4, kernel = 3) -> BatchNorm -> Tanh -> Dropout(0.25) -> Flatten -> Dense(3)
    }

    struct Generator(noise: [4]) -> [6] {
        noise -> Dense(8) -> BatchNorm -> Tanh -> out: Dense(6)
    }

    struct Critic(sample: [6]) -> [1] {
        sample -> Dense(8) -> Gelu -> out: Dense(1)
    }

    struct Chain(noise: [4]) -> [1] {
        noise -> generator_in: Dense(8) -> BatchNorm -> Tanh -> generator_out: Dense(6)
              -> critic_in: Dense(8) -> Gelu -> critic_out: Dense(1)
    }
}

fn normal<const N: usize>(count: usize, seed: u64) -> Vec<[f64; N]> {
    let mut random = Random::new(seed);
    (0..count).map(|_| [(); N].map(|()| random.normal())).collect()
}

#[test]
fn the_gradient_by_the_input_is_the_difference_quotient() {
    const SAMPLES: usize = 5;
    let network = Image8::<f64>::with_seed(1);
    let targets = [[0.5f32, -1.0, 2.0]; SAMPLES];
    let mut inputs: Vec<[[[f64; 2]; 5]; 6]> =
        normal::<60>(SAMPLES, 2).iter().map(|flat| <_ as Plain<f64>>::from_flat(flat)[0]).collect();
    // A new run draws the same dropout each time.
    let loss = |inputs: &[[[[f64; 2]; 5]; 6]]| {
        let mut run = Run::new(&network, SAMPLES);
        run.forward(&network, inputs).expect("there is room");
        (run.loss(&MeanSquaredError, Values::default(), &targets).expect("finite"), run)
    };
    let (_, mut run) = loss(&inputs);
    let alone = run.backward_to_input(&network, None).expect("a forward pass came last").to_vec();
    let (_, mut run) = loss(&inputs);
    let mut gradients = GradientSum::new(&network);
    let beside = run.backward_to_input(&network, Some(&mut gradients)).expect("a forward pass came last");
    assert_eq!(alone, beside, "whether the parameters' gradient is computed or not");
    assert!(gradients.values.dense.weight.as_flattened().iter().any(|slope| *slope != 0.0));
    let mut compared = 0;
    for sample in 0..SAMPLES {
        for element in 0..60 {
            let mut at = |step: f64| {
                let place = inputs[sample].as_flattened_mut().as_flattened_mut();
                place[element] += step;
                let found = loss(&inputs).0;
                inputs[sample].as_flattened_mut().as_flattened_mut()[element] -= step;
                found
            };
            let quotient = (at(1e-5) - at(-1e-5)) / 2e-5;
            let slope = alone[sample].as_flattened().as_flattened()[element];
            assert!((slope - quotient).abs() < 1e-7, "{sample} {element}: {slope} {quotient}");
            compared += usize::from(slope != 0.0);
        }
    }
    assert!(compared > 200);
}

#[test]
fn two_networks_in_a_chain_are_the_network_of_both() {
    let mut whole = Chain::<f64>::with_seed(1);
    let (mut generator, mut critic) = (Generator::<f64>::with_seed(2), Critic::<f64>::with_seed(3));
    // The chain's parameters are those of both, one behind the other.
    let parameters = whole.as_slice().to_vec();
    let (first, second) = parameters.split_at(generator.as_slice().len());
    generator.as_mut_slice().copy_from_slice(first);
    critic.as_mut_slice().copy_from_slice(second);

    let (noise, targets) = (normal::<4>(10, 4), [[0.25f32]; 10]);
    let mut run = Run::new(&whole, 10);
    let (mut generator_run, mut critic_run) = (Run::new(&generator, 10), Run::new(&critic, 10));
    let mut sums = GradientSum::new(&whole);
    let (mut generator_sums, mut critic_sums) = (GradientSum::new(&generator), GradientSum::new(&critic));
    let mut stepper = Stepper::new(&whole, Adam::new(0.01));
    let mut generator_stepper = Stepper::new(&generator, Adam::new(0.01));
    let mut critic_stepper = Stepper::new(&critic, Adam::new(0.01));
    for _ in 0..3 {
        run.forward(&whole, &noise).expect("there is room");
        let expected = run.loss(&MeanSquaredError, Values::default(), &targets).expect("finite");
        let d_noise = run.backward_to_input(&whole, Some(&mut sums)).expect("once").to_vec();
        stepper.step(&mut whole, &mut sums).expect("finite");

        let samples = generator_run.forward(&generator, &noise).expect("there is room");
        critic_run.forward(&critic, samples).expect("there is room");
        let found = critic_run.loss(&MeanSquaredError, Values::default(), &targets).expect("finite");
        let slopes = critic_run.backward_to_input(&critic, Some(&mut critic_sums)).expect("once");
        generator_run.output_gradients().copy_from_slice(slopes);
        let back = generator_run.backward_to_input(&generator, Some(&mut generator_sums)).expect("once");
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        for (found, expected) in back.as_flattened().iter().zip(d_noise.as_flattened()) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        generator_stepper.step(&mut generator, &mut generator_sums).expect("finite");
        critic_stepper.step(&mut critic, &mut critic_sums).expect("finite");
        let both = generator.as_slice().iter().chain(critic.as_slice());
        for (found, expected) in both.zip(whole.as_slice()) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }
    assert_ne!(whole.as_slice(), parameters, "running statistics and parameters have moved");
}

/// A generator learns the mean and the spread of data that it never sees, from a critic that learns beside it.
#[test]
fn a_generator_learns_from_its_critic() -> Result<(), TrainError> {
    const BATCH: usize = 64;
    let (mut generator, mut critic) = (Generator::new(1), Critic::new(2));
    let (mut generator_run, mut critic_run) = (Run::new(&generator, BATCH), Run::new(&critic, BATCH));
    let (mut generator_sums, mut critic_sums) = (GradientSum::new(&generator), GradientSum::new(&critic));
    let mut generator_stepper = Stepper::new(&generator, Adam::new(0.003).betas(0.5, 0.999));
    let mut critic_stepper = Stepper::new(&critic, Adam::new(0.003).betas(0.5, 0.999));
    let (loss, real, fake) = (BinaryCrossEntropy::new(), [[1.0]; BATCH], [[0.0]; BATCH]);
    let mut random = Random::new(3);
    let mut draw = |mean: f64| random.normal() + mean;
    let mean = |samples: &[[f32; 6]]| samples.as_flattened().iter().sum::<f32>() / (6 * samples.len()) as f32;
    let mut found = Vec::new();
    for step in 0..600 {
        let data: [[f32; 6]; BATCH] = [(); BATCH].map(|()| [(); 6].map(|()| draw(2.0) as f32));
        let noise: [[f32; 4]; BATCH] = [(); BATCH].map(|()| [(); 4].map(|()| draw(0.0) as f32));

        // The critic tells real samples from made ones: two runs, one step.
        critic_run.forward(&critic, &data)?;
        critic_run.loss(&loss, Values::default(), &real)?;
        critic_run.backward(&critic, &mut critic_sums)?;
        let made = generator_run.forward(&generator, &noise)?;
        if step >= 500 {
            found.push(mean(made));
        }
        critic_run.forward(&critic, made)?;
        critic_run.loss(&loss, Values::default(), &fake)?;
        critic_run.backward(&critic, &mut critic_sums)?;
        critic_stepper.step(&mut critic, &mut critic_sums)?;

        // The generator learns what the critic would have liked better.
        critic_run.forward(&critic, generator_run.outputs())?;
        critic_run.loss(&loss, Values::default(), &real)?;
        let slopes = critic_run.backward_to_input(&critic, None)?;
        generator_run.output_gradients().copy_from_slice(slopes);
        generator_run.backward(&generator, &mut generator_sums)?;
        generator_stepper.step(&mut generator, &mut generator_sums)?;
    }
    let found = found.iter().sum::<f32>() / found.len() as f32;
    assert!((found - 2.0).abs() < 0.5, "{found}");
    Ok(())
}

/// `u'(x) = cos x` with `u(0) = 0`: the derivative is a difference quotient of two runs, whose gradients add up.
#[test]
fn a_loss_over_several_runs_of_one_network() -> Result<(), TrainError> {
    network! {
        struct Curve(x: [1]) -> [1] {
            x -> Dense(16) -> Tanh -> Dense(1)
        }
    }
    const POINTS: usize = 32;
    const STEP: f64 = 1e-3;
    let mut network = Curve::<f64>::with_seed(1);
    let (mut left, mut right, mut origin) =
        (Run::new(&network, POINTS), Run::new(&network, POINTS), Run::new(&network, 1));
    let mut gradients = GradientSum::new(&network);
    let mut stepper = Stepper::new(&network, Adam::new(0.01));
    let points: [f64; POINTS] = core::array::from_fn(|index| 3.0 * index as f64 / POINTS as f64);
    for _ in 0..2000 {
        left.forward(&network, &points.map(|x| [x - STEP]))?;
        right.forward(&network, &points.map(|x| [x + STEP]))?;
        let (lower, d_lower) = left.outputs_and_gradients();
        let (upper, d_upper) = right.outputs_and_gradients();
        for (index, x) in points.iter().enumerate() {
            let residual = (upper[index][0] - lower[index][0]) / (2.0 * STEP) - x.cos();
            d_upper[index][0] = residual / STEP / POINTS as f64;
            d_lower[index][0] = -d_upper[index][0];
        }
        let start = origin.forward(&network, &[[0.0]])?[0][0];
        origin.output_gradients()[0][0] = 2.0 * start;
        for run in [&mut left, &mut right, &mut origin] {
            run.backward(&network, &mut gradients)?;
        }
        stepper.step(&mut network, &mut gradients)?;
    }
    for x in [0.0, 0.5, 1.0, 2.0, 2.8] {
        let found = network.predict(&[x])[0];
        assert!((found - x.sin()).abs() < 0.02, "{x}: {found}");
    }
    Ok(())
}

network! {
    struct Watched(x: [3]) -> [2] {
        let y = x -> fc: Dense(4) -> Tanh;
        let z = y * y -> norm: BatchNorm;
        z -> Gelu -> head: Dense(2)
    }
}

#[test]
fn a_recorder_sees_every_layer() {
    let mut network = Watched::new(4);
    let inputs = [[0.5, -0.25, 1.0], [0.0, 2.0, -1.0], [1.0, 1.0, 1.0]];
    let mut run = Run::new(&network, 3).watched_by(Recorder::new());
    let mut gradients = GradientSum::new(&network);
    run.forward(&network, &inputs).expect("three samples");
    run.loss(&MeanSquaredError, Values::default(), &[[1.0, 0.0]; 3]).expect("a loss");
    run.backward(&network, &mut gradients).expect("a forward pass");
    let recorder = run.observer();
    let names: Vec<&str> = recorder.records().iter().map(|record| record.name).collect();
    assert_eq!(names, ["fc", "product", "norm", "gelu", "head"]);
    let (hidden, product) = (recorder.get("fc").expect("fc"), recorder.get("product").expect("product"));
    assert_eq!(product.values.len(), 3 * 4);
    for (product, hidden) in product.values.iter().zip(&hidden.values) {
        assert_eq!(*product, hidden * hidden);
    }
    // The gradient of the bias is the sum of that by the layer's value, through tanh.
    for unit in 0..4 {
        let rows = hidden.values.chunks(4).zip(hidden.gradient.chunks(4));
        let sum: f32 = rows.map(|(value, slope)| slope[unit] * (1.0 - value[unit] * value[unit])).sum();
        assert!((sum - gradients.values.fc.bias[unit]).abs() < 1e-6);
    }
    assert!(recorder.to_string().lines().count() == 6, "{recorder}");
    // What is watched is what happens.
    let mut alone = Run::new(&network, 3);
    let watched = run.infer(&network, &inputs).expect("three samples").to_vec();
    assert_eq!(alone.infer(&network, &inputs).expect("three samples"), watched);
    network.fc.bias[0] += 1.0;
    assert_ne!(run.infer(&network, &inputs).expect("three samples"), watched);
}
