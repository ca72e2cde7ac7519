//! A layer of your own: `Snake`, `x + sin²(a·x) / a` with a trained `a` for each feature (Ziyin, Hartwig and Ueda, 2020),
//! which learns periodic functions that ReLU networks cannot continue.
//!
//! It is held to the same gradient laws as the built-in layers, stands in a network by its path, and is trained. The guide
//! `netform::guide::layers` explains it line by line.
//!
//! `cargo run --release --example custom_layer`

use netform::prelude::*;

netform::sample_layer! {
    /// `x + sin²(a·x) / a`, element by element, for any shape with this many features.
    pub struct Snake<const FEATURES: usize>(initial: f64) {
        /// The frequency `a` of each feature: `[FEATURES]`.
        frequency: Bias[FEATURES],
    }
}

impl<const FEATURES: usize, T: Scalar> SampleLayer<T> for Snake<FEATURES, T> {
    type Kind = Scores;

    fn initialize(&mut self, call: &Call<f64>, _random: &mut Random) {
        self.frequency.fill(T::of(call.config));
    }

    fn forward(&self, _: Sample<'_, f64, T>, input: &[T], output: &mut [T]) {
        for ((x, y), a) in input.iter().zip(output).zip(self.frequency.iter().cycle()) {
            *y = *x + (*a * *x).sin().powi(2) / *a;
        }
    }

    fn backward(&self, _: Sample<'_, f64, T>, values: Activations<'_, T>, mut gradients: Gradients<'_, T, Self>) {
        for (index, (x, d)) in values.input.iter().zip(gradients.output).enumerate() {
            let a = self.frequency[index % FEATURES];
            let (sine, double) = ((a * *x).sin(), (T::of(2.0) * a * *x).sin());
            if let Some(d_input) = &mut gradients.input {
                d_input[index] = *d * (T::one() + double);
            }
            if let Some(parameters) = &mut gradients.parameters {
                parameters.frequency[index % FEATURES] += *d * (*x * double - sine * sine / a) / a;
            }
        }
    }
}

network! {
    /// Continues a wave. Each `_` in the path of a layer of your own is an axis of its input.
    pub struct Wave(time: [1]) -> [1] {
        time -> Dense(32) -> snake: self::Snake<_>(4.0) -> Dense(32) -> self::Snake<_>(1.0) -> Dense(1)
    }
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let call = |features: usize| Call::new(2.0, Shape::new(&[features]), Shape::new(&[features]), 0);
    netform::gradient_laws! {
        Snake<1, f64>, Laws::new(call(1), 1);
        Snake<3, f64>, Laws::new(call(3), 4);
    }
    println!("Snake obeys the gradient laws.");

    let wave = |time: f32| (6.0 * time).sin();
    let times: Vec<[f32; 1]> = (0..512).map(|step| [step as f32 / 128.0 - 2.0]).collect();
    let heights: Vec<[f32; 1]> = times.iter().map(|[time]| [wave(*time)]).collect();
    let data = Dataset::<Features<1>, Values<Features<1>>>::from_samples(&times, &heights)?;

    let mut network = Wave::new(1);
    let trainer = Trainer::new(MeanSquaredError, Adam::new(3e-3)).epochs(200).batch_size(64).silent();
    let history = trainer.fit(&mut network, &data)?;
    let loss = history.losses().last().unwrap_or(f64::NAN);
    println!("After {} epochs the mean squared error is {loss:.5}.", history.epochs.len());
    for time in [0.3, 1.1, 2.2] {
        println!("t = {time}: {:+.3}, truly {:+.3}", network.predict(&[time])[0], wave(time));
    }
    Ok(())
}
