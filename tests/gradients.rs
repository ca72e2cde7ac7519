//! Whole networks against JAX, and one against PyTorch: the loss, the outputs, every gradient and the running statistics.
//!
//! `tests/oracle/networks.py` writes the networks down a second time, lets JAX differentiate them, and writes down what it
//! finds. Each network runs here by hand, segment by segment, over several ways to cut its batch into tiles; and once by the trainer.

#[path = "oracle/reader.rs"]
mod oracle;

use std::ops::Range;

use netform::data::{Classes, Each, Values};
use netform::layer::Pass;
use netform::losses::{CrossEntropy, FitsOutput, Loss, MeanSquaredError, OutputGradient};
use netform::network::{Direction, Network, Whole};
use netform::optim::Sgd;
use netform::shapes::{Features, SampleShape};
use netform::simd::{AlignedBox, Plain, Zeroable as _};
use netform::tensors::tensors;
use netform::train::{Itself, Trainer};
use netform::{Scalar, network};
use oracle::Case;

network! {
    /// The convolutional classifier that CIFAR-10 examples start from.
    pub struct Cnn(image: [32, 32, 3]) -> [10] {
        image -> conv: Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Flatten -> fc: Dense(128) -> Relu -> head: Dense(10)
    }
}

network! {
    /// A small regression network.
    pub struct Mlp(x: [7]) -> [5] {
        x -> hidden: Dense(16) -> Tanh -> head: Dense(5) -> Sigmoid
    }
}

network! {
    /// Batch normalisation beside an identity.
    pub struct Residual(image: [8, 8, 3]) -> [3] {
        let x = image -> first: Conv2d(4, kernel = 3, padding = same) -> first_norm: BatchNorm(momentum = 0.9) -> Relu;
        let y = x -> second: Conv2d(4, kernel = 3, padding = same) -> second_norm: BatchNorm(momentum = 0.9);
        y + x -> Relu -> GlobalAvgPool2d -> head: Dense(3)
    }
}

network! {
    /// Every other layer: odd sizes, strides, paddings, branches, products.
    pub struct Mixed(image: [9, 7, 2]) -> [6] {
        let a = image -> first: Conv2d(4, kernel = [3, 2], stride = 2, padding = same) -> Gelu;
        let b = a -> MaxPool2d(2, stride = 1, padding = same);
        let c = a -> AvgPool2d(3, stride = 1, padding = same) -> LeakyRelu(0.1);
        let d = concat(b, c) -> second: Conv2d(3, kernel = 2, padding = 1, bias = false) -> Elu;
        let e = d -> Reshape([30, 3]) -> rows: Dense(4) -> Silu;
        let f = e -> gate: Dense(4) -> Sigmoid;
        e * f - e -> Flatten -> head: Dense(6) -> LogSoftmax
    }
}

network! {
    block Layer(x: [time, width]) {
        let x = x + (x -> first_norm: LayerNorm -> attention: Attention(3, causal = true));
        x + (x -> second_norm: LayerNorm -> up: Dense(4 * width) -> Gelu -> down: Dense(width))
    }

    /// A small language model; `Floor` makes its input whole numbers.
    pub struct Gpt(tokens: [8]) -> [8, 11] {
        tokens -> Floor -> embed: Embedding(11, 12) -> place: PositionalEmbedding(8)
            -> blocks: [Layer; 2] -> norm: LayerNorm -> Tied(embed)
    }
}

/// A network with the parameters of a case.
fn filled<T: Scalar, N: Network<T>>(oracle: &Case) -> AlignedBox<N> {
    let mut network = N::zeroed_box();
    for tensor in tensors(N::PARTS) {
        let values = oracle.tensor(&tensor.name, tensor.range.len());
        network.as_mut_slice()[tensor.range].copy_from_slice(&values);
    }
    network
}

/// One training step without its update.
struct Step<T> {
    loss: f64,
    output: Vec<T>,
    d_input: Vec<T>,
    gradient: Vec<T>,
    statistics: Vec<T>,
}

/// Runs a step as the contract of [`Network`] says. `loss` gets a tile's samples, its outputs and the place of their
/// gradients, and gives the sum of the tile's losses.
fn step<T: Scalar, N: Network<T>>(
    network: &N,
    input: &[T],
    tiles: &[Range<usize>],
    loss: impl Fn(Range<usize>, &[T], &mut [T]) -> f64,
) -> Step<T> {
    let (width, samples) = (N::Input::SHAPE.len(), tiles.last().map_or(0, |tile| tile.end));
    let pass = |tile: &Range<usize>| {
        let first_sample = tile.start;
        Pass { first_sample, batch: samples, ..Pass::training(tile.len(), 1) }
    };
    let input = |tile: &Range<usize>| &input[tile.start * width..tile.end * width];
    let mut workspaces: Vec<Vec<T>> = tiles.iter().map(|tile| vec![T::nan(); N::TRAINING.len(tile.len())]).collect();
    let mut scratch = vec![T::nan(); N::TRAINING.scratch];
    let mut partials = vec![vec![T::nan(); N::STATISTICS]; tiles.len()];
    let mut statistics = vec![T::nan(); N::STATISTICS];
    let merge = |segment: usize, direction: Direction, partials: &mut [Vec<T>], statistics: &mut Vec<T>| {
        let (first, later) = partials.split_first_mut().expect("a batch has a tile");
        later.iter().for_each(|partial| N::merge(segment, direction, first, partial));
        statistics.copy_from_slice(first);
    };

    for segment in 0..N::SEGMENTS {
        for ((tile, workspace), partial) in tiles.iter().zip(&mut workspaces).zip(&mut partials) {
            network.forward(segment, &pass(tile), input(tile), workspace, &mut scratch, &statistics, partial, &mut ());
        }
        if segment + 1 < N::SEGMENTS {
            merge(segment, Direction::Forward, &mut partials, &mut statistics);
        }
    }

    let (mut total, mut output) = (0.0, Vec::new());
    for (tile, workspace) in tiles.iter().zip(&mut workspaces) {
        let [outputs, d_outputs] = pass(tile).views(workspace, [N::TRAINING.output, N::TRAINING.d_output]);
        total += loss(tile.clone(), outputs, d_outputs);
        output.extend_from_slice(outputs);
    }

    let mut gradient = N::Gradient::zeroed_box();
    let mut d_input = vec![T::nan(); samples * width];
    for segment in (0..N::SEGMENTS).rev() {
        for ((tile, workspace), partial) in tiles.iter().zip(&mut workspaces).zip(&mut partials) {
            let asked = Some(&mut d_input[tile.start * width..tile.end * width]);
            let (pass, input, gradient) = (pass(tile), input(tile), Some(&mut *gradient));
            let observer = &mut ();
            network.backward(
                segment,
                &pass,
                input,
                workspace,
                &mut scratch,
                &statistics,
                partial,
                asked,
                gradient,
                observer,
            );
        }
        if segment > 0 {
            merge(segment, Direction::Backward, &mut partials, &mut statistics);
        }
    }
    Step { loss: total / samples as f64, output, d_input, gradient: gradient.as_slice().to_vec(), statistics }
}

/// A whole batch in one tile, in two uneven ones, and sample by sample.
fn tilings(samples: usize) -> [Vec<Range<usize>>; 3] {
    let cuts = [vec![0, samples], vec![0, samples - 2, samples], (0..=samples).collect()];
    cuts.map(|cuts| cuts.windows(2).map(|ends| ends[0]..ends[1]).collect())
}

/// Compares everything that a step leaves with the oracle's file: a step by hand for every tiling, and one by the trainer.
fn check<T, N, Y>(
    text: &str,
    tolerance: f64,
    loss: impl Loss<T, Whole<T, N>, Y> + Clone,
    targets: impl Fn(&Case) -> Vec<Y::Target<f32>>,
) where
    T: Scalar,
    N: Network<T>,
    Y: FitsOutput<N::Output, N::Kind> + Default,
{
    let oracle = Case::read(text);
    let targets = targets(&oracle);
    let samples = targets.len();
    let converted = |kept| {
        let mut target = Y::Target::<T>::zeroed();
        Y::convert(kept, &mut target);
        target
    };
    let stored: Vec<_> = targets.iter().map(converted).collect();
    let mut network = filled::<T, N>(&oracle);
    let input: Vec<T> = oracle.tensor("input", samples * N::Input::SHAPE.len());
    for tiles in tilings(samples) {
        let found = step(&*network, &input, &tiles, |tile, outputs, slopes| {
            let targets = &stored[tile.clone()];
            let gradient = OutputGradient { values: slopes, scale: T::of(1.0 / samples as f64), scratch: &mut [] };
            loss.tile(N::Output::SHAPE, outputs, targets, Some(gradient))
        });
        oracle.compare("loss", &[found.loss], tolerance);
        oracle.compare("output", &found.output, tolerance);
        oracle.compare("d_input", &found.d_input, tolerance);
        for tensor in tensors(N::PARTS).iter().filter(|tensor| tensor.role.is_trainable()) {
            oracle.compare(&format!("d_{}", tensor.name), &found.gradient[tensor.gradient.clone()], tolerance);
        }
        check_state(&oracle, &mut *network, &input, &found, tolerance);
    }
    check_trainer::<T, N, Y>(&oracle, &mut network, &input, &targets, loss, tolerance);
}

/// One step of the trainer with the learning rate 1: each parameter must move by its gradient, and the running statistics
/// as they should.
fn check_trainer<T, N, Y>(
    oracle: &Case,
    network: &mut N,
    input: &[T],
    targets: &[Y::Target<f32>],
    loss: impl Loss<T, Whole<T, N>, Y>,
    tolerance: f64,
) where
    T: Scalar,
    N: Network<T>,
    Y: FitsOutput<N::Output, N::Kind> + Default,
{
    let inputs: Vec<_> = input.chunks(N::Input::SHAPE.len()).map(array::<T, N::Input>).collect();
    let before = network.clone_boxed();
    let trainer = Trainer::new(loss, Sgd::new(1.0)).silent();
    let mut session = trainer.start::<T, Itself, N, Y>(network, Y::default()).expect("sound settings");
    let found = session.step(network, &inputs, targets).expect("finite numbers");
    oracle.compare("loss", &[found], tolerance);
    for tensor in tensors(N::PARTS) {
        let after = &network.as_slice()[tensor.range.clone()];
        if tensor.role.is_trainable() {
            let moved =
                before.as_slice()[tensor.range.clone()].iter().zip(after).map(|(before, after)| *before - *after);
            oracle.compare(&format!("d_{}", tensor.name), &moved.collect::<Vec<T>>(), tolerance);
        } else {
            oracle.compare(&format!("new_{}", tensor.name), after, tolerance);
        }
    }
}

/// A sample as the nested array that its shape has.
fn array<T: Scalar, S: SampleShape>(values: &[T]) -> S::Array<T> {
    let mut sample = S::Array::<T>::zeroed_box();
    sample.as_mut_slice().copy_from_slice(values);
    *sample
}

/// Compares the prediction with running statistics, and those statistics after a step, where the network has any. The
/// network is left as it was.
fn check_state<T: Scalar, N: Network<T>>(oracle: &Case, network: &mut N, input: &[T], found: &Step<T>, tolerance: f64) {
    let state: Vec<_> = tensors(N::PARTS).into_iter().filter(|tensor| !tensor.role.is_trainable()).collect();
    if state.is_empty() {
        return;
    }
    let pass = Pass::inference(input.len() / N::Input::SHAPE.len());
    let mut workspace = vec![T::nan(); N::INFERENCE.len(pass.samples)];
    let mut scratch = vec![T::nan(); N::INFERENCE.scratch];
    network.infer(&pass, input, &mut workspace, &mut scratch, &mut ());
    oracle.compare("inference", &workspace[N::INFERENCE.output.range(pass.samples)], tolerance);

    let before = network.clone_boxed();
    network.commit(&found.statistics);
    for tensor in state {
        oracle.compare(&format!("new_{}", tensor.name), &network.as_slice()[tensor.range], tolerance);
    }
    network.as_mut_slice().copy_from_slice(before.as_slice());
}

/// The labels of the oracle: `(3 i + 1) mod classes` for sample `i`.
fn labels(samples: u32, classes: u32) -> impl Fn(&Case) -> Vec<u32> {
    move |_| (0..samples).map(|sample| (3 * sample + 1) % classes).collect()
}

const CNN: &str = include_str!("oracle/cnn.txt");
const MLP: &str = include_str!("oracle/mlp.txt");
const RESIDUAL: &str = include_str!("oracle/residual.txt");
const MIXED: &str = include_str!("oracle/mixed.txt");
const GPT: &str = include_str!("oracle/gpt.txt");

/// Two roads to the same numbers in 64 bits.
const DOUBLE: f64 = 1e-9;
/// Rounding in 32 bits, through whole networks.
const SINGLE: f64 = 1e-3;

/// Runs a check in 64 and in 32 bits.
macro_rules! check {
    ($text:expr, $network:ident, $label:ty, $loss:expr, $targets:expr) => {
        check::<f64, $network<f64>, $label>($text, DOUBLE, $loss, $targets);
        check::<f32, $network<f32>, $label>($text, SINGLE, $loss, $targets);
    };
}

#[test]
fn the_convolutional_network_has_the_gradients_of_jax() {
    check!(CNN, Cnn, Classes<10>, CrossEntropy::new(), labels(4, 10));
}

#[test]
fn the_regression_network_has_the_gradients_of_jax() {
    check!(MLP, Mlp, Values<Features<5>>, MeanSquaredError, |oracle| {
        oracle.tensor::<f32>("target", 3 * 5).chunks(5).map(array::<f32, Features<5>>).collect()
    });
}

#[test]
fn the_residual_network_has_the_gradients_of_jax() {
    check!(RESIDUAL, Residual, Classes<3>, CrossEntropy::new(), labels(6, 3));
}

#[test]
fn the_mixed_network_has_the_gradients_of_jax() {
    check!(MIXED, Mixed, Classes<6>, CrossEntropy::from_log_probabilities(), labels(5, 6));
}

#[test]
fn the_language_model_has_the_gradients_of_pytorch() {
    check!(GPT, Gpt, Each<8, Classes<11>>, CrossEntropy::new(), |_| {
        (0..4).map(|sample| core::array::from_fn(|step| ((3 * sample + step + 1) % 11) as u32)).collect()
    });
}
