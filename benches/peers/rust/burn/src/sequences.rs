//! The sequence tasks: an LSTM that reads words, and a GPT that learns and writes letters.

use crate::{Training, steps};
use burn::backend::Flex;
use burn::module::{AutodiffModule, Initializer, Module, Param};
use burn::nn::{Embedding, EmbeddingConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::activation::{gelu, sigmoid, tanh};
use burn::tensor::backend::Backend;
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Int, Tensor, TensorData};
use protocol::{GPT, LSTM, Work};
use std::hint::black_box;

pub fn train(name: &str, samples: usize) -> Work {
    if name == "lstm" {
        let (words, length, ..) = LSTM;
        let inputs = numbers(samples * length, words, 0).reshape([samples, length]).transpose();
        return steps(Lstm::new(), numbers(samples, 2, 0), move |net| net.forward(inputs.clone()));
    }
    let (letters, length, ..) = GPT;
    let inputs = numbers(samples * length, letters, 0).reshape([samples, length]);
    let causal = AttentionModuleOptions { is_causal: true, ..Default::default() };
    steps(Gpt::new(), numbers(samples * length, letters, 1), move |net| {
        net.forward(inputs.clone(), net.positions.val(), |_, [q, k, v]| attention(q, k, v, None, None, causal))
    })
}

/// Letter by letter, each the likeliest, with the keys and values of those before kept.
pub fn decode(letters: usize) -> Work {
    let net = Gpt::<Training>::new().valid();
    Box::new(move || {
        let mut kept = [const { None }; GPT.2];
        let mut letter = Tensor::<Flex, 2, Int>::from_data([[1]], &Default::default());
        for place in 0..letters {
            let scores = net.forward(letter, net.positions.val().narrow(0, place, 1), |layer, [q, k, v]| {
                let (k, v) = match kept[layer].take() {
                    Some((before, values)) => (Tensor::cat(vec![before, k], 2), Tensor::cat(vec![values, v], 2)),
                    None => (k, v),
                };
                kept[layer] = Some((k.clone(), v.clone()));
                attention(q, k, v, None, None, Default::default())
            });
            letter = scores.argmax(1);
        }
        black_box(letter.into_data());
    })
}

/// See [`protocol::numbers`].
fn numbers<B: Backend>(len: usize, vocabulary: usize, further: usize) -> Tensor<B, 1, Int> {
    let numbers: Vec<i32> = protocol::numbers(len, vocabulary, further).map(|number| number as i32).collect();
    Tensor::from_data(TensorData::new(numbers, [len]), &B::Device::default())
}

/// burn's layer takes eight products a step, and keeps every state: it needs nearly twice the time.
#[derive(Module, Debug)]
struct Lstm<B: Backend> {
    embedding: Embedding<B>,
    gates: Linear<B>,
    head: Linear<B>,
}

impl<B: Backend> Lstm<B> {
    fn new() -> Self {
        let (device, (words, _, width, hidden)) = (B::Device::default(), LSTM);
        Self {
            embedding: EmbeddingConfig::new(words, width).init(&device),
            gates: LinearConfig::new(width + hidden, 4 * hidden).init(&device),
            head: LinearConfig::new(hidden, 2).init(&device),
        }
    }

    /// `[steps, samples]` to `[samples, classes]`.
    fn forward(&self, words: Tensor<B, 2, Int>) -> Tensor<B, 2> {
        let mut h = Tensor::zeros([words.dims()[1], LSTM.3], &words.device());
        let mut c = h.clone();
        // In two stages: the gradient of each part is as large as that of what it is a part of.
        for several in self.embedding.forward(words).chunk(10, 0) {
            for x in several.iter_dim(0) {
                let gates = self.gates.forward(Tensor::cat(vec![x.squeeze_dim(0), h], 1));
                let [i, f, o, g] = gates.chunk(4, 1).try_into().expect("four gates");
                c = sigmoid(f) * c + sigmoid(i) * tanh(g);
                h = sigmoid(o) * tanh(c.clone());
            }
        }
        self.head.forward(h)
    }
}

/// A pre-norm block.
#[derive(Module, Debug)]
struct Block<B: Backend> {
    norms: [LayerNorm<B>; 2],
    qkv: [Linear<B>; 3],
    out: Linear<B>,
    up: Linear<B>,
    down: Linear<B>,
}

impl<B: Backend> Block<B> {
    fn new() -> Self {
        let (device, (.., width, _)) = (B::Device::default(), GPT);
        let layer = |from, to| LinearConfig::new(from, to).init(&device);
        Self {
            norms: [0; 2].map(|_| LayerNormConfig::new(width).init(&device)),
            qkv: [0; 3].map(|_| layer(width, width)),
            out: layer(width, width),
            up: layer(width, 4 * width),
            down: layer(4 * width, width),
        }
    }

    /// `[samples · steps, width]` to as many. `attend` takes queries, keys and values, and gives as many values, each
    /// `[samples, heads, steps, width / heads]`.
    fn forward(
        &self,
        x: Tensor<B, 2>,
        steps: usize,
        attend: impl FnOnce([Tensor<B, 4>; 3]) -> Tensor<B, 4>,
    ) -> Tensor<B, 2> {
        let ([rows, width], (.., heads)) = (x.dims(), GPT);
        let normed = self.norms[0].forward(x.clone());
        let part = |layer: &Linear<B>| {
            layer.forward(normed.clone()).reshape([rows / steps, steps, heads, width / heads]).swap_dims(1, 2)
        };
        let attended = attend(self.qkv.each_ref().map(part)).swap_dims(1, 2).reshape([rows, width]);
        let x = x + self.out.forward(attended);
        x.clone() + self.down.forward(gelu(self.up.forward(self.norms[1].forward(x))))
    }
}

#[derive(Module, Debug)]
struct Gpt<B: Backend> {
    letters: Embedding<B>,
    /// `[steps, width]`
    positions: Param<Tensor<B, 2>>,
    blocks: Vec<Block<B>>,
    norm: LayerNorm<B>,
    head: Linear<B>,
}

impl<B: Backend> Gpt<B> {
    fn new() -> Self {
        let (device, (letters, length, layers, width, _)) = (B::Device::default(), GPT);
        Self {
            letters: EmbeddingConfig::new(letters, width).init(&device),
            positions: Initializer::Normal { mean: 0.0, std: 1.0 }.init([length, width], &device),
            blocks: (0..layers).map(|_| Block::new()).collect(),
            norm: LayerNormConfig::new(width).init(&device),
            head: LinearConfig::new(width, letters).init(&device),
        }
    }

    /// `[samples, steps]` letters and `[steps, width]` positions to `[samples · steps, letters]`. `attend` gets the
    /// number of the layer as well.
    fn forward(
        &self,
        letters: Tensor<B, 2, Int>,
        positions: Tensor<B, 2>,
        mut attend: impl FnMut(usize, [Tensor<B, 4>; 3]) -> Tensor<B, 4>,
    ) -> Tensor<B, 2> {
        let steps = letters.dims()[1];
        let mut x = (self.letters.forward(letters) + positions.unsqueeze()).flatten(0, 1);
        for (layer, block) in self.blocks.iter().enumerate() {
            x = block.forward(x, steps, |qkv| attend(layer, qkv));
        }
        self.head.forward(self.norm.forward(x))
    }
}
