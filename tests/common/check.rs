//! What must hold for any network, by the contract of [`Network`]: segment by segment, over several ways to cut the batch.

use std::ops::Range;

use netform::Random;
use netform::layer::{Mode, Pass};
use netform::network::{Direction, Network};
use netform::shapes::SampleShape;
use netform::simd::{AlignedBox, Plain};
use netform::tensors::{Role, tensors};

const SAMPLES: usize = 3;
/// The batch in one tile.
const WHOLE: [Range<usize>; 1] = [Range { start: 0, end: SAMPLES }];
/// The larger step of a difference quotient.
const STEP: f64 = 1.0 / 8192.0;
/// How far quotients of different steps may be apart where the network is smooth.
const SMOOTH: f64 = 3e-7;
/// How far a gradient may be from its quotient, relative to that or to 1e-3.
const TOLERANCE: f64 = 1e-6;
/// Two ways to the same numbers.
const ROUNDING: f64 = 1e-9;

/// Panics where a network breaks a law: memory, tiles, predictions, gradients.
pub(crate) fn check<N: Network<f64>>() {
    check_some::<N>(usize::MAX);
}

/// As [`check`], with at most this many derivatives by the input, and by each tensor, held to difference quotients: drawn
/// at random.
pub(crate) fn check_some<N: Network<f64>>(derivatives: usize) {
    for seed in 0..10 {
        let mut trial = Trial::<N>::draw(seed);
        trial.check_predictions();
        trial.check_tiles();
        if trial.check_gradients(derivatives, &mut Random::new(seed)) {
            return;
        }
    }
    panic!("{}: no smooth point was found", N::NAME);
}

struct Trial<N> {
    network: AlignedBox<N>,
    input: Vec<f64>,
    weights: Vec<f64>,
}

/// What a training step leaves.
struct Step {
    output: Vec<f64>,
    d_input: Vec<f64>,
    gradient: Vec<f64>,
}

impl<N: Network<f64>> Trial<N> {
    fn draw(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut network = N::zeroed_box();
        network.initialize(&mut random);
        for tensor in tensors(N::PARTS) {
            // State only moves upward: a variance must stay positive. Weights of wide layers move less, so that numbers keep
            // their size through many of them.
            let low = if tensor.role.is_trainable() { -0.5 } else { 0.0 };
            let fan_in = tensor.range.len() / tensor.shape.last().max(1);
            let reach = if tensor.role == Role::Weight { (16.0 / fan_in as f64).sqrt().min(1.0) } else { 1.0 };
            network.as_mut_slice()[tensor.range]
                .iter_mut()
                .for_each(|value| *value += reach * (low + random.uniform()));
        }
        let mut numbers = |len: usize| (0..len * SAMPLES).map(|_| 4.0 * random.uniform() - 2.0).collect();
        let (input, weights) = (numbers(N::Input::SHAPE.len()), numbers(N::Output::SHAPE.len()));
        Self { network, input, weights }
    }

    fn pass(mode: Mode, tile: &Range<usize>) -> Pass {
        Pass { mode, samples: tile.len(), first_sample: tile.start, batch: SAMPLES, seed: 7, starts: false }
    }

    fn input(&self, tile: &Range<usize>) -> &[f64] {
        let width = N::Input::SHAPE.len();
        &self.input[tile.start * width..tile.end * width]
    }

    /// A step over these tiles, in memory full of NaN; backward only where the input's gradient is said to be wanted or not.
    fn step(&self, mode: Mode, tiles: &[Range<usize>], backward: Option<bool>) -> Step {
        let mut workspaces: Vec<Vec<f64>> =
            tiles.iter().map(|tile| vec![f64::NAN; N::TRAINING.len(tile.len())]).collect();
        let mut scratch = vec![f64::NAN; N::TRAINING.scratch];
        let mut partials = vec![vec![f64::NAN; N::STATISTICS]; tiles.len()];
        let mut statistics = vec![f64::NAN; N::STATISTICS];
        for segment in 0..N::SEGMENTS {
            for ((tile, workspace), partial) in tiles.iter().zip(&mut workspaces).zip(&mut partials) {
                let pass = Self::pass(mode, tile);
                let input = self.input(tile);
                self.network.forward(segment, &pass, input, workspace, &mut scratch, &statistics, partial, &mut ());
            }
            if segment + 1 < N::SEGMENTS {
                merge::<N>(segment, Direction::Forward, &mut partials, &mut statistics);
            }
        }
        let (width, mut output) = (N::Output::SHAPE.len(), Vec::new());
        for (tile, workspace) in tiles.iter().zip(&mut workspaces) {
            output.extend_from_slice(&workspace[N::TRAINING.output.range(tile.len())]);
            let weights = &self.weights[tile.start * width..tile.end * width];
            workspace[N::TRAINING.d_output.range(tile.len())].copy_from_slice(weights);
        }
        let (mut d_input, mut gradient) = (vec![f64::NAN; self.input.len()], N::Gradient::zeroed_box());
        for tensor in tensors(N::PARTS).iter().filter(|tensor| tensor.starts) {
            gradient.as_mut_slice()[tensor.gradient.clone()].fill(f64::NAN);
        }
        let Some(is_wanted) = backward else { return Step { output, d_input, gradient: Vec::new() } };
        let width = N::Input::SHAPE.len();
        for segment in (0..N::SEGMENTS).rev() {
            for ((tile, workspace), partial) in tiles.iter().zip(&mut workspaces).zip(&mut partials) {
                let starts = tile == &tiles[0];
                let (pass, input) = (Pass { starts, ..Self::pass(mode, tile) }, self.input(tile));
                let wanted = is_wanted.then_some(&mut d_input[tile.start * width..tile.end * width]);
                let (gradient, observer) = (Some(&mut *gradient), &mut ());
                self.network.backward(
                    segment,
                    &pass,
                    input,
                    workspace,
                    &mut scratch,
                    &statistics,
                    partial,
                    wanted,
                    gradient,
                    observer,
                );
            }
            if segment > 0 {
                merge::<N>(segment, Direction::Backward, &mut partials, &mut statistics);
            }
        }
        Step { output, d_input, gradient: gradient.as_slice().to_vec() }
    }

    /// The two memory plans lead to the same predictions.
    fn check_predictions(&self) {
        let mut workspace = vec![f64::NAN; N::INFERENCE.len(SAMPLES)];
        let mut scratch = vec![f64::NAN; N::INFERENCE.scratch];
        let pass = Self::pass(Mode::Inference, &WHOLE[0]);
        self.network.infer(&pass, &self.input, &mut workspace, &mut scratch, &mut ());
        let found = &workspace[N::INFERENCE.output.range(SAMPLES)];
        let expected = self.step(Mode::Inference, &WHOLE, None).output;
        same::<N>("prediction", found, &expected);

        // One sample, in memory of exactly the size that one needs.
        let [mut workspace, mut scratch] =
            [N::INFERENCE.len(1), N::INFERENCE.single].map(|length| vec![f64::NAN; length]);
        let input = &self.input[..N::Input::SHAPE.len()];
        self.network.infer(&Pass { samples: 1, ..pass }, input, &mut workspace, &mut scratch, &mut ());
        same::<N>("prediction of one", &workspace[N::INFERENCE.output.range(1)], &expected[..N::Output::SHAPE.len()]);
    }

    /// Tiles do not matter, nor whether the input's gradient is wanted.
    fn check_tiles(&self) {
        let expected = self.step(Mode::Training, &WHOLE, Some(true));
        for tiles in [vec![0..1, 1..SAMPLES], vec![0..0, 0..2, 2..SAMPLES], (0..SAMPLES).map(|at| at..at + 1).collect()]
        {
            let found = self.step(Mode::Training, &tiles, Some(true));
            same::<N>("output in other tiles", &found.output, &expected.output);
            same::<N>("d_input in other tiles", &found.d_input, &expected.d_input);
            same::<N>("gradient in other tiles", &found.gradient, &expected.gradient);
            let unasked = self.step(Mode::Training, &tiles, Some(false));
            same::<N>("gradient without d_input", &unasked.gradient, &expected.gradient);
        }
    }

    /// Holds every derivative against a difference quotient, but those with a kink within reach; `false` if there are many
    /// of these.
    fn check_gradients(&mut self, derivatives: usize, random: &mut Random) -> bool {
        let step = self.step(Mode::Training, &[0..1, 1..SAMPLES], Some(true));
        let (mut smooth, mut all) = (0, 0);
        for index in some(self.input.len(), derivatives, random) {
            let quotient = self.quotient(&step.output, |trial| &mut trial.input[index]);
            smooth += usize::from(near::<N>(&format!("d_input[{index}]"), step.d_input[index], quotient));
            all += 1;
        }
        for tensor in tensors(N::PARTS).into_iter().filter(|tensor| tensor.role.is_trainable()) {
            for index in some(tensor.gradient.len(), derivatives, random) {
                let (place, gradient) = (tensor.range.start + index, tensor.gradient.start + index);
                let quotient = self.quotient(&step.output, |trial| &mut trial.network.as_mut_slice()[place]);
                let name = format!("d {}[{index}]", tensor.name);
                smooth += usize::from(near::<N>(&name, step.gradient[gradient], quotient));
                all += 1;
            }
        }
        4 * smooth >= 3 * all
    }

    /// The derivative of the weighted sum of all outputs by one number, from forward passes; nothing near a kink.
    fn quotient(&mut self, base: &[f64], number: impl Fn(&mut Self) -> &mut f64) -> Option<f64> {
        let here = *number(self);
        let [far_left, left, right, far_right] = [-STEP, -STEP / 2.0, STEP / 2.0, STEP].map(|step| {
            *number(self) = here + step;
            let output = self.step(Mode::Training, &WHOLE, None).output;
            output
                .iter()
                .zip(base)
                .zip(&self.weights)
                .map(|((value, base), weight)| (value - base) * weight)
                .sum::<f64>()
        });
        *number(self) = here;
        let (wide, narrow) = ((far_right - far_left) / (2.0 * STEP), (right - left) / STEP);
        let bend = ((far_right + far_left) - 4.0 * (right + left)) / STEP;
        let is_smooth = (wide - narrow).abs().max(bend.abs()) <= SMOOTH * (1.0 + narrow.abs());
        is_smooth.then_some((4.0 * narrow - wide) / 3.0)
    }
}

/// All of `0..len`, or so many of them.
fn some(len: usize, most: usize, random: &mut Random) -> Vec<usize> {
    let mut all: Vec<usize> = (0..len).collect();
    if most < len {
        random.shuffle(&mut all);
        all.truncate(most);
    }
    all
}

fn merge<N: Network<f64>>(segment: usize, direction: Direction, partials: &mut [Vec<f64>], statistics: &mut [f64]) {
    let (first, later) = partials.split_first_mut().expect("a batch has a tile");
    later.iter().for_each(|partial| N::merge(segment, direction, first, partial));
    statistics.copy_from_slice(first);
}

fn same<N: Network<f64>>(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let is_near = (found - expected).abs() <= ROUNDING * expected.abs().max(1.0);
        assert!(is_near, "{}: {what}[{index}] is {found:e}, expected {expected:e}", N::NAME);
    }
}

/// Whether there was a quotient to compare with.
fn near<N: Network<f64>>(what: &str, found: f64, quotient: Option<f64>) -> bool {
    let Some(expected) = quotient else { return false };
    let is_near = (found - expected).abs() <= TOLERANCE * expected.abs().max(1e-3);
    assert!(is_near, "{}: {what} is {found:e}, expected {expected:e}", N::NAME);
    true
}
