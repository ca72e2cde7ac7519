use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};
use core::marker::PhantomData;
use core::ops::Range;

use super::statistics::Statistics;
use super::{Law, LawViolation, Laws, ROUNDING, check_written, compare, is_derivative, quotient};
use crate::layer::{Activations, Layer, Memory, Pass};
use crate::random::Random;
use crate::simd::{AlignedBox, Plain};
use crate::spec::Activation;
use crate::tensors::{Tensor, tensors};

/// What one draw of random numbers is tried on.
pub(super) struct Trial<'l, L: Layer<f64>, S> {
    pub(super) laws: &'l Laws<L::Config>,
    pub(super) layer: AlignedBox<L>,
    tensors: Vec<Tensor>,
    pub(super) input: Vec<f64>,
    pub(super) d_output: Vec<f64>,
    statistics: PhantomData<S>,
}

/// What forward leaves.
struct Forward {
    output: Vec<f64>,
    tape: Vec<f64>,
    statistics: Vec<f64>,
}

/// What backward leaves.
struct Backward {
    input: Vec<f64>,
    parameters: Vec<f64>,
}

/// A number that `f` depends on.
#[derive(Clone, Copy)]
enum Place {
    Input(usize),
    Parameter(usize),
}

/// Which gradients backward is asked for.
#[derive(Clone, Copy)]
struct Asked {
    input: bool,
    parameters: bool,
}

impl Asked {
    const BOTH: Self = Self { input: true, parameters: true };
}

impl<'l, L: Layer<f64>, S: Statistics<L>> Trial<'l, L, S> {
    pub(super) fn draw(laws: &'l Laws<L::Config>, mut random: Random) -> Self {
        let tensors = tensors(L::PARTS);
        let mut layer = L::zeroed_box();
        layer.initialize(&laws.call, &mut random);
        for tensor in &tensors {
            // State only moves upward: a variance must stay positive.
            let low = if tensor.role.is_trainable() { -0.5 } else { 0.0 };
            for value in &mut layer.as_mut_slice()[tensor.range.clone()] {
                *value += low + 0.5 * (1.0 - 2.0 * low) * random.uniform();
            }
        }
        let [low, high] = laws.inputs;
        let mut numbers = |len: usize, low: f64, high: f64| -> Vec<f64> {
            (0..len * laws.samples).map(|_| low + (high - low) * random.uniform()).collect()
        };
        let input = numbers(laws.call.input.len(), low, high);
        let d_output = numbers(laws.call.output.len(), -1.0, 1.0);
        Self { laws, layer, tensors, input, d_output, statistics: PhantomData }
    }

    pub(super) fn pass(&self, tile: &Range<usize>) -> Pass {
        Pass {
            mode: self.laws.mode,
            samples: tile.len(),
            first_sample: tile.start,
            batch: self.laws.samples,
            seed: self.laws.seed,
            starts: false,
        }
    }

    pub(super) fn inputs(&self, tile: &Range<usize>) -> Range<usize> {
        scaled(tile, self.laws.call.input.len())
    }

    pub(super) fn outputs(&self, tile: &Range<usize>) -> Range<usize> {
        scaled(tile, self.laws.call.output.len())
    }

    fn whole(&self) -> Range<usize> {
        0..self.laws.samples
    }

    /// Runs forward over all tiles, in memory full of NaN.
    fn forward(&self, tiles: &[Range<usize>]) -> Forward {
        let laws = self.laws;
        let mut output = vec![f64::NAN; self.d_output.len()];
        let mut tape = vec![f64::NAN; laws.tape * laws.samples];
        let statistics = S::forward(self, tiles);
        for tile in tiles {
            let mut scratch = vec![f64::NAN; laws.scratch];
            let tape = &mut tape[scaled(tile, laws.tape)];
            let memory = Memory { tape, scratch: &mut scratch, statistics: &statistics };
            let (input, output) = (&self.input[self.inputs(tile)], &mut output[self.outputs(tile)]);
            self.layer.forward(&laws.call, &self.pass(tile), input, output, memory);
        }
        Forward { output, tape, statistics }
    }

    /// Runs backward over all tiles; gradients of parameters are added to `parameters`.
    fn backward(&self, tiles: &[Range<usize>], forward: &Forward, asked: Asked, parameters: &[f64]) -> Backward {
        let laws = self.laws;
        let mut gradient = L::Gradient::zeroed_box();
        gradient.as_mut_slice().copy_from_slice(parameters);
        let mut d_input = vec![f64::NAN; self.input.len()];
        let mut tape = forward.tape.clone();
        let statistics = S::backward(self, tiles, &forward.statistics);
        let reads_output = laws.reads.output || laws.call.activation != Activation::Identity;
        for tile in tiles {
            let mut scratch = vec![f64::NAN; laws.scratch];
            let mut d_output = self.d_output[self.outputs(tile)].to_vec();
            let input = if laws.reads.input { &self.input[self.inputs(tile)] } else { &[] };
            let output = if reads_output { &forward.output[self.outputs(tile)] } else { &[] };
            let tape = &mut tape[scaled(tile, laws.tape)];
            let memory = Memory { tape, scratch: &mut scratch, statistics: &statistics };
            let d_input = asked.input.then_some(&mut d_input[scaled(tile, laws.call.input.len())]);
            let values = Activations { input, output };
            let gradient = asked.parameters.then_some(&mut *gradient);
            self.layer.backward(&laws.call, &self.pass(tile), values, &mut d_output, d_input, gradient, memory);
        }
        Backward { input: d_input, parameters: gradient.as_slice().to_vec() }
    }

    /// Both passes over all tiles, with gradients from zero.
    fn both(&self, tiles: &[Range<usize>]) -> (Forward, Backward) {
        let forward = self.forward(tiles);
        let backward = self.backward(tiles, &forward, Asked::BOTH, &vec![0.0; L::Gradient::LEN]);
        (forward, backward)
    }

    pub(super) fn check_memory(&self) -> Result<(), LawViolation> {
        let tiles = [self.whole()];
        let (forward, backward) = self.both(&tiles);
        for (name, values) in
            [("output", &forward.output), ("d_input", &backward.input), ("gradient", &backward.parameters)]
        {
            check_written(name, values)?;
        }
        let before: Vec<f64> = (0..L::Gradient::LEN).map(|index| 1.0 + index as f64 / 8.0).collect();
        let mut sum = self.backward(&tiles, &forward, Asked::BOTH, &before).parameters;
        sum.iter_mut().zip(&before).for_each(|(sum, before)| *sum -= before);
        compare(Law::Added, "gradient", &sum, &backward.parameters, ROUNDING)?;
        let zeros = vec![0.0; before.len()];
        let unasked = self.backward(&tiles, &forward, Asked { input: false, ..Asked::BOTH }, &zeros).parameters;
        compare(Law::Unasked, "gradient", &unasked, &backward.parameters, ROUNDING)?;
        let frozen = self.backward(&tiles, &forward, Asked { parameters: false, ..Asked::BOTH }, &zeros);
        compare(Law::Unasked, "d_input", &frozen.input, &backward.input, ROUNDING)
    }

    pub(super) fn check_tiles(&self) -> Result<(), LawViolation> {
        let (samples, whole) = (self.laws.samples, self.whole());
        let (expected_forward, expected) = self.both(&[whole]);
        let single: Vec<_> = (0..samples).map(|sample| sample..sample + 1).collect();
        let first = samples.min(1);
        for tiles in [single, vec![0..0, 0..first, first..samples, samples..samples]] {
            let (forward, found) = self.both(&tiles);
            compare(Law::Tiles, "output", &forward.output, &expected_forward.output, ROUNDING)?;
            compare(Law::Tiles, "d_input", &found.input, &expected.input, ROUNDING)?;
            compare(Law::Tiles, "gradient", &found.parameters, &expected.parameters, ROUNDING)?;
        }
        Ok(())
    }

    /// Holds every derivative against its difference quotient; `false` when one of them has a kink within reach.
    pub(super) fn check_gradients(&mut self) -> Result<bool, LawViolation> {
        let (forward, backward) = self.both(&[self.whole()]);
        let inputs = (0..self.input.len()).map(|index| (Place::Input(index), backward.input[index]));
        let trained = self.tensors.iter().flat_map(|tensor| tensor.range.clone().zip(tensor.gradient.clone()));
        let parameters = trained.map(|(index, gradient)| (Place::Parameter(index), backward.parameters[gradient]));
        let all: Vec<_> = inputs.chain(parameters).collect();
        for (place, found) in all {
            let Some(expected) = self.quotient(place, &forward.output) else { return Ok(false) };
            if !is_derivative(found, expected) {
                return Err(LawViolation { law: Law::Gradient, element: self.name(place), found, expected });
            }
        }
        Ok(true)
    }

    /// The derivative of `f` by one number, from forward passes; `None` near a kink.
    fn quotient(&mut self, place: Place, base: &[f64]) -> Option<f64> {
        let here = *self.number(place);
        let found = quotient(|step| {
            *self.number(place) = here + step;
            self.rise(base)
        });
        *self.number(place) = here;
        found
    }

    fn number(&mut self, place: Place) -> &mut f64 {
        match place {
            Place::Input(index) => &mut self.input[index],
            Place::Parameter(index) => &mut self.layer.as_mut_slice()[index],
        }
    }

    /// How much `f` is larger than with outputs `base`, summed up over differences so that few digits are lost.
    fn rise(&self, base: &[f64]) -> f64 {
        let output = self.forward(&[self.whole()]).output;
        output.iter().zip(base).zip(&self.d_output).map(|((value, base), weight)| (value - base) * weight).sum()
    }

    fn name(&self, place: Place) -> String {
        match place {
            Place::Input(index) => format!("d_input[{index}]"),
            Place::Parameter(index) => {
                let tensor = self.tensors.iter().find(|tensor| tensor.range.contains(&index));
                tensor.map_or_else(String::new, |tensor| format!("d {}[{}]", tensor.name, index - tensor.range.start))
            }
        }
    }
}

fn scaled(tile: &Range<usize>, len: usize) -> Range<usize> {
    tile.start * len..tile.end * len
}
