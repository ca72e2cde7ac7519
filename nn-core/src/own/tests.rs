use alloc::vec::Vec;

use super::{Gradients, Parameters, Sample, SampleLayer};
use crate::gradient_laws;
use crate::laws::{Law, LawViolation, Laws};
use crate::layer::{Activations, Call, Layer, Memory, Mode, OpaqueLayer, Pass};
use crate::network::Scores;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{Shape, ShapeError};
use crate::tensors::{Part, Role, tensors};

/// A call whose shapes follow from the layer's rule.
macro_rules! call {
    ($layer:ty, ($($argument:expr),*), $axes:expr) => {{
        let (config, input) = (<$layer>::config($($argument),*), Shape::new(&$axes));
        Call::new(config, input, <$layer>::out_shape(&config, input).expect("a shape that the layer takes"), 3)
    }};
}

crate::pointwise! {
    /// `ln(1 + exp(x))`.
    struct Softplus {
        value: |x| x.max(T::zero()) + (-x.abs()).exp().ln_1p(),
        derivative: |x, _| T::one() / (T::one() + (-x).exp()),
    }
}

crate::pointwise! {
    /// `1 / (1 + exp(-x))`: the derivative needs the value alone.
    struct Logistic {
        value: |x| T::one() / (T::one() + (-x).exp()),
        derivative: |_, y| y * (T::one() - y),
    }
}

crate::pointwise! {
    /// `slope · x + offset`: the offset is of no use to the derivative.
    struct Line(slope: f64, offset: f64) {
        value: |x| slope * x + offset,
        derivative: |_, _| slope,
    }
}

#[test]
fn point_wise_functions_obey_the_laws() {
    gradient_laws! {
        Softplus<f64>, Laws::new(call!(Softplus<f64>, (), [1]), 1);
        Softplus<f64>, Laws::new(call!(Softplus<f64>, (), [3, 5, 2]), 3);
        Logistic<f64>, Laws::new(call!(Logistic<f64>, (), [7]), 2);
        Line<f64>, Laws::new(call!(Line<f64>, (2.0, -1.0), [4]), 3);
    }
    let mut output = [0.0f32; 2];
    Line { scalar: [] }.forward(
        &call!(Line, (2.0, -1.0), [2]),
        &Pass::inference(1),
        &[1.0, 3.0],
        &mut output,
        Memory::none(),
    );
    assert_eq!(output, [1.0, 5.0]);
}

crate::sample_layer! {
    /// `y = W · (x + deviation · noise)`: scratch memory holds the noisy input, which backward draws again.
    struct Noisy<const IN: usize, const OUT: usize>(deviation: f64, gain: f64) {
        /// Output-major: `[OUT, IN]`.
        weight: Weight[OUT, IN],
        /// Added to each output: `[OUT]`.
        bias: Bias[OUT],
    }
    out_shape: |input| match input.rank() {
        1 if input.last() == IN => Ok(input.with_last(OUT)),
        1 => Err(ShapeError::Asserted { input, found: input.last(), expected: IN }),
        _ => Err(ShapeError::Rank { input, expected: "[features]", help: "insert `Flatten` before it" }),
    }
}

/// The noisy input of a sample.
fn disturb<'s, T: Scalar>(sample: Sample<'s, (f64, f64), T>, input: &[T]) -> &'s mut [T] {
    let deviation = if sample.is_training() { sample.call.config.0 } else { 0.0 };
    for (element, (noisy, x)) in sample.scratch.iter_mut().zip(input).enumerate() {
        *noisy = *x + T::of(deviation * (sample.noise.uniform(element as u64) - 0.5));
    }
    sample.scratch
}

impl<const IN: usize, const OUT: usize, T: Scalar> SampleLayer<T> for Noisy<IN, OUT, T> {
    type Kind = Scores;
    const SCRATCH: usize = IN;

    fn initialize(&mut self, call: &Call<(f64, f64)>, random: &mut Random) {
        self.weight.as_flattened_mut().fill_with(|| T::of(call.config.1 * random.normal()));
    }

    fn forward(&self, sample: Sample<'_, (f64, f64), T>, input: &[T], output: &mut [T]) {
        let noisy = disturb(sample, input);
        for (y, (weight, bias)) in output.iter_mut().zip(self.weight.iter().zip(&self.bias)) {
            *y = weight.iter().zip(&*noisy).map(|(w, x)| *w * *x).sum::<T>() + *bias;
        }
    }

    fn backward(
        &self,
        sample: Sample<'_, (f64, f64), T>,
        values: Activations<'_, T>,
        gradients: Gradients<'_, T, Self>,
    ) {
        let noisy = disturb(sample, values.input);
        if let Some(d_input) = gradients.input {
            for (column, d) in d_input.iter_mut().enumerate() {
                *d = self.weight.iter().zip(gradients.output).map(|(weight, d)| weight[column] * *d).sum();
            }
        }
        let Some(parameters) = gradients.parameters else { return };
        for (row, d) in gradients.output.iter().enumerate() {
            parameters.bias[row] += *d;
            parameters.weight[row].iter_mut().zip(&*noisy).for_each(|(weight, x)| *weight += *d * *x);
        }
    }
}

crate::sample_layer! {
    /// `x / |x|`, over each sample: the tape holds the length.
    struct Direction {}
}

impl<T: Scalar> SampleLayer<T> for Direction<T> {
    type Kind = Scores;
    const TAPE: usize = 1;

    fn forward(&self, sample: Sample<'_, (), T>, input: &[T], output: &mut [T]) {
        let length = input.iter().map(|x| *x * *x).sum::<T>().sqrt();
        sample.tape[0] = length;
        output.iter_mut().zip(input).for_each(|(y, x)| *y = *x / length);
    }

    fn backward(&self, sample: Sample<'_, (), T>, values: Activations<'_, T>, gradients: Gradients<'_, T, Self>) {
        let Some(d_input) = gradients.input else { return };
        let along: T = values.output.iter().zip(gradients.output).map(|(y, d)| *y * *d).sum();
        for ((to, y), d) in d_input.iter_mut().zip(values.output).zip(gradients.output) {
            *to = (*d - *y * along) / sample.tape[0];
        }
    }
}

#[test]
fn layers_of_samples_obey_the_laws() {
    fn laws<C: Copy>(call: Call<C>, samples: usize, [tape, scratch]: [usize; 2]) -> Laws<C> {
        Laws::new(call, samples).tape(tape).scratch(scratch)
    }
    gradient_laws! {
        Noisy<1, 1, f64>, laws(call!(Noisy<1, 1, f64>, (0.3, 1.0), [1]), 1, [0, 1]);
        Noisy<5, 3, f64>, laws(call!(Noisy<5, 3, f64>, (0.3, 1.0), [5]), 4, [0, 5]);
        Noisy<2, 7, f64>, laws(call!(Noisy<2, 7, f64>, (0.3, 1.0), [2]), 3, [0, 2]).mode(Mode::Inference);
        Direction<f64>, laws(call!(Direction<f64>, (), [6]), 3, [1, 0]);
        Direction<f64>, laws(call!(Direction<f64>, (), [2, 3]), 2, [1, 0]);
    }
    let scratch = <Noisy<5, 3, f64> as OpaqueLayer<f64>>::SCRATCH;
    assert_eq!((scratch, <Direction<f64> as OpaqueLayer<f64>>::TAPE), (5, 1));
}

#[test]
fn declarations_say_what_stands_in_memory() {
    type Small = Noisy<2, 3, f32>;
    let found: Vec<_> = tensors(<Small as Layer<f32>>::PARTS);
    let names: Vec<_> = found.iter().map(|tensor| (tensor.name.as_str(), tensor.role, tensor.range.clone())).collect();
    assert_eq!(names, [("weight", Role::Weight, 0..6), ("bias", Role::Bias, 6..9)]);
    assert_eq!(found[0].shape, Shape::new(&[3, 2]));
    assert_eq!(<Small as Plain<f32>>::LEN, 9);
    assert_eq!((<Direction as Plain<f32>>::LEN, tensors(<Direction as Layer<f32>>::PARTS).len()), (0, 0));
    assert!(matches!(Small::out_shape(&(0.0, 0.0), Shape::new(&[3])), Err(ShapeError::Asserted { found: 3, .. })));
    assert!(matches!(Small::out_shape(&(0.0, 0.0), Shape::new(&[2, 2])), Err(ShapeError::Rank { .. })));
}

crate::parameters! {
    /// Declared here, and made a layer by hand: for tiles as a whole.
    struct Whole<const N: usize> {
        /// A factor for each feature.
        factor: Weight[N],
    }
}

impl<const N: usize, T: Scalar> Layer<T> for Whole<N, T> {
    type Config = ();
    type Gradient = Self;
    const PARTS: &'static [Part] = Self::TENSORS;

    fn forward(&self, _: &Call<()>, _: &Pass, input: &[T], output: &mut [T], _: Memory<'_, T>) {
        let factors = self.factor.iter().cycle();
        output.iter_mut().zip(input).zip(factors).for_each(|((y, x), factor)| *y = *factor * *x);
    }

    fn backward(
        &self,
        _: &Call<()>,
        _: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self>,
        _: Memory<'_, T>,
    ) {
        if let Some(gradient) = gradient {
            for (index, (x, d)) in values.input.iter().zip(&*d_output).enumerate() {
                gradient.factor[index % N] += *x * *d;
            }
        }
        if let Some(d_input) = d_input {
            let factors = self.factor.iter().cycle();
            d_input.iter_mut().zip(d_output).zip(factors).for_each(|((to, d), factor)| *to = *factor * *d);
        }
    }
}

#[test]
fn a_declared_layer_may_be_written_by_hand() {
    gradient_laws! { Whole<3, f64>, Laws::new(call!(Whole<3, f64>, (), [2, 3]), 3); }
}

crate::sample_layer! {
    /// Forgets to add.
    struct Wrong<const N: usize> {
        /// Overwritten.
        factor: Weight[N],
    }
}

impl<const N: usize, T: Scalar> SampleLayer<T> for Wrong<N, T> {
    type Kind = Scores;

    fn forward(&self, _: Sample<'_, (), T>, input: &[T], output: &mut [T]) {
        output.iter_mut().zip(input).zip(&self.factor).for_each(|((y, x), factor)| *y = *factor * *x);
    }

    fn backward(&self, _: Sample<'_, (), T>, values: Activations<'_, T>, gradients: Gradients<'_, T, Self>) {
        if let Some(d_input) = gradients.input {
            d_input.iter_mut().zip(gradients.output).zip(&self.factor).for_each(|((to, d), f)| *to = *f * *d);
        }
        if let Some(parameters) = gradients.parameters {
            let slopes = values.input.iter().zip(gradients.output);
            parameters.factor.iter_mut().zip(slopes).for_each(|(factor, (x, d))| *factor = *x * *d);
        }
    }
}

#[test]
fn the_laws_see_a_wrong_layer() {
    let violation = Laws::new(call!(Wrong<3, f64>, (), [3]), 2).check::<Wrong<3, f64>>();
    assert!(
        matches!(violation, Err(LawViolation { law: Law::Added | Law::Tiles | Law::Gradient, .. })),
        "{violation:?}"
    );
}
