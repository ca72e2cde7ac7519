//! A layer of your own: `Snake`, `x + sin²(a·x) / a` with a trained `a` for each feature (Ziyin, Hartwig and Ueda, 2020),
//! which learns periodic functions that ReLU networks cannot continue.
//!
//! It is held to the same gradient laws as the built-in layers, stands in a network by its path, and is trained.
//!
//! `cargo run --release --example custom_layer`

use netform::prelude::*;

/// The layer's parameters: a plain struct of scalars. Sizes come first, the scalar last.
#[repr(C)]
pub struct Snake<const FEATURES: usize, T> {
    /// The frequency of each feature: `[FEATURES]`.
    frequency: [T; FEATURES],
}

// Lets the layer be seen as one slice of scalars: in a checkpoint, in an optimiser.
netform::plain! { impl[const FEATURES: usize, T] Snake<FEATURES, T> { frequency: [T; FEATURES] } }

impl<const FEATURES: usize, T: Scalar> Snake<FEATURES, T> {
    /// What stands in parentheses in `network!`: here the initial frequency.
    pub const fn config(initial: f64) -> f64 {
        initial
    }

    /// The shape rule: any shape with this many features.
    pub const fn out_shape(_initial: &f64, input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }
}

impl<const FEATURES: usize, T: Scalar> Layer<T> for Snake<FEATURES, T> {
    type Config = f64;
    type Gradient = Self;

    const PARTS: &'static [Part] = &[Part::tensor("frequency", Shape::new(&[FEATURES]), Role::Bias)];

    fn initialize(&mut self, call: &Call<f64>, _random: &mut Random) {
        self.frequency.fill(T::of(call.config));
    }

    fn forward(&self, _call: &Call<f64>, _pass: &Pass, input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        for (row, outputs) in input.chunks_exact(FEATURES).zip(output.chunks_exact_mut(FEATURES)) {
            for ((x, a), y) in row.iter().zip(&self.frequency).zip(outputs) {
                let sine = (*a * *x).sin();
                *y = *x + sine * sine / *a;
            }
        }
    }

    fn backward(
        &self,
        _call: &Call<f64>,
        _pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        mut d_input: Option<&mut [T]>,
        mut gradient: Option<&mut Self>,
        _memory: Memory<'_, T>,
    ) {
        for (index, (x, d)) in values.input.iter().zip(d_output).enumerate() {
            let a = self.frequency[index % FEATURES];
            let (sine, double) = ((a * *x).sin(), (T::of(2.0) * a * *x).sin());
            if let Some(gradient) = &mut gradient {
                gradient.frequency[index % FEATURES] += *d * (*x * double - sine * sine / a) / a;
            }
            if let Some(d_input) = &mut d_input {
                d_input[index] = *d * (T::one() + double);
            }
        }
    }
}

impl<const FEATURES: usize, T: Scalar> OpaqueLayer<T> for Snake<FEATURES, T> {
    type Kind = Scores;
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
