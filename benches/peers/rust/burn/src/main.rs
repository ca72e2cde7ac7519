//! burn, on its backend `Flex`. Its threads are rayon's.

mod sequences;

use burn::backend::{Autodiff, Flex};
use burn::module::{AutodiffModule, Module};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, Optimizer};
use burn::tensor::activation::{relu, tanh};
use burn::tensor::backend::Backend;
use burn::tensor::{Int, Tensor, TensorData};
use protocol::{Work, values};
use std::hint::black_box;

type Training = Autodiff<Flex>;

fn main() {
    protocol::serve(|task| match *task {
        [name @ ("lstm" | "gpt"), "train", samples] => Some(sequences::train(name, samples.parse().ok()?)),
        ["gpt", "decode", letters] => Some(sequences::decode(letters.parse().ok()?)),
        [name, "train", samples] => train(name, samples.parse().ok()?),
        [name, "forward", samples] => forward(name, samples.parse().ok()?),
        ["gemm", ref sizes @ ..] => Some(product(protocol::sizes(sizes)?)),
        _ => None,
    })
}

/// A convolution with its pool, where there is one, and dense layers.
#[derive(Module, Debug)]
struct Network<B: Backend> {
    convolution: Option<(Conv2d<B>, MaxPool2d)>,
    layers: Vec<Linear<B>>,
    is_tanh: bool,
}

/// The network, and the shape of its input, channels first.
fn network<B: Backend>(name: &str) -> Option<(Network<B>, [usize; 3])> {
    let device = B::Device::default();
    let (widths, shape): (&[usize], _) = match name {
        "cnn" => (&[7200, 128, 10], [3, 32, 32]),
        "digits" => (&[784, 128, 64, 10], [784, 1, 1]),
        "control" => (&[8, 64, 64, 4], [8, 1, 1]),
        "tiny" => (&[4, 32, 16, 4], [4, 1, 1]),
        _ => return None,
    };
    let layers = widths.windows(2).map(|pair| LinearConfig::new(pair[0], pair[1]).init(&device)).collect();
    let convolution = (name == "cnn").then(|| {
        let pool = MaxPool2dConfig::new([2, 2]).with_strides([2, 2]);
        (Conv2dConfig::new([3, 32], [3, 3]).init(&device), pool.init())
    });
    Some((Network { convolution, layers, is_tanh: name == "control" }, shape))
}

impl<B: Backend> Network<B> {
    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 2> {
        let mut x = match &self.convolution {
            Some((convolution, pool)) => pool.forward(relu(convolution.forward(input))).flatten(1, 3),
            None => input.flatten(1, 3),
        };
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(x);
            if index + 1 < self.layers.len() {
                x = if self.is_tanh { tanh(x) } else { relu(x) };
            }
        }
        x
    }
}

fn input<B: Backend>(samples: usize, [channels, height, width]: [usize; 3]) -> Tensor<B, 4> {
    let data = TensorData::new(values(samples * channels * height * width), [samples, channels, height, width]);
    Tensor::from_data(data, &B::Device::default())
}

fn train(name: &str, samples: usize) -> Option<Work> {
    let (network, shape) = network::<Training>(name)?;
    let classes = if name == "control" { 4 } else { 10 };
    let device = Default::default();
    let labels: Vec<i32> = (0..samples).map(|sample| (sample * 7 % classes) as i32).collect();
    let labels = Tensor::<Training, 1, Int>::from_data(TensorData::new(labels, [samples]), &device);
    let inputs = input::<Training>(samples, shape);
    Some(steps(network, labels, move |network| network.forward(inputs.clone())))
}

/// Training steps with `[samples, classes]` scores and `[samples]` labels.
fn steps<N: AutodiffModule<Training> + 'static>(
    network: N,
    labels: Tensor<Training, 1, Int>,
    scores: impl Fn(&N) -> Tensor<Training, 2> + 'static,
) -> Work {
    let loss = CrossEntropyLossConfig::new().init(&labels.device());
    let mut optimizer = AdamConfig::new().with_epsilon(1e-7).init();
    // `step` takes the network and gives it back.
    let mut kept = Some(network);
    Box::new(move || {
        let Some(network) = kept.take() else { return };
        let loss = loss.forward(scores(&network), labels.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        kept = Some(optimizer.step(1e-6, network, gradients));
    })
}

fn forward(name: &str, samples: usize) -> Option<Work> {
    let (network, shape) = network::<Training>(name)?;
    let (network, inputs) = (network.valid(), input::<Flex>(samples, shape));
    Some(Box::new(move || {
        black_box(network.forward(inputs.clone()));
    }))
}

fn product([m, k, n]: [usize; 3]) -> Work {
    let device = Default::default();
    let matrix =
        |rows, columns| Tensor::<Flex, 2>::from_data(TensorData::new(values(rows * columns), [rows, columns]), &device);
    let (a, b) = (matrix(m, k), matrix(k, n));
    Box::new(move || {
        black_box(a.clone().matmul(b.clone()));
    })
}
