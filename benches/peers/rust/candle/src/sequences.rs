//! The sequence tasks: an LSTM that reads words, and a GPT that learns and writes letters.

use crate::{constants, steps};
use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::kv_cache::KvCache;
use candle_nn::{Embedding, Init, LayerNorm, Linear, Module, VarBuilder, VarMap, embedding, layer_norm, linear, ops};
use protocol::{GPT, LSTM, Work};
use std::hint::black_box;

pub fn train(name: &str, samples: usize) -> Result<Option<Work>> {
    let variables = VarMap::new();
    let vars = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
    if name == "lstm" {
        let (words, length, ..) = LSTM;
        let net = Lstm::new(vars)?;
        let inputs = numbers(samples * length, words, 0)?.reshape((samples, length))?.t()?.contiguous()?;
        let labels = numbers(samples, 2, 0)?;
        return Ok(Some(steps(&variables, labels, move || net.forward(&inputs))?));
    }
    let (letters, length, ..) = GPT;
    let net = Gpt::new(vars)?;
    let mask = (0..length * length).map(|at| if at % length > at / length { f32::NEG_INFINITY } else { 0.0 });
    let mask = Tensor::from_iter(mask, &Device::Cpu)?.reshape((length, length))?;
    let inputs = numbers(samples * length, letters, 0)?.reshape((samples, length))?;
    let labels = numbers(samples * length, letters, 1)?;
    let scores = move || net.forward(&inputs, &net.positions, |_, q, k, v| attend(q, k, v, Some(&mask)));
    Ok(Some(steps(&variables, labels, scores)?))
}

/// Letter by letter, each the likeliest, with the keys and values of those before kept.
pub fn decode(letters: usize) -> Result<Work> {
    let variables = VarMap::new();
    Gpt::new(VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu))?;
    let net = Gpt::new(constants(&variables))?;
    let (_, length, layers, ..) = GPT;
    let write = move || {
        let mut kept = vec![KvCache::new(2, length); layers];
        let mut letter = Tensor::new(&[[1u32]], &Device::Cpu)?;
        for place in 0..letters {
            let position = net.positions.narrow(0, place, 1)?;
            let scores = net.forward(&letter, &position, |layer, q, k, v| {
                let (k, v) = kept[layer].append(k, v)?;
                attend(q, &k, &v, None)
            })?;
            letter = scores.argmax_keepdim(D::Minus1)?;
        }
        Ok::<_, candle_core::Error>(letter)
    };
    Ok(Box::new(move || {
        black_box(write().expect("the shapes fit"));
    }))
}

/// See [`protocol::numbers`].
fn numbers(len: usize, vocabulary: usize, further: usize) -> Result<Tensor> {
    Tensor::from_iter(protocol::numbers(len, vocabulary, further), &Device::Cpu)
}

/// candle-nn's layer takes two products and two biases a step, of transposed weights: it needs a third more time.
struct Lstm {
    embedding: Embedding,
    /// `[input and state, gates]`
    weight: Tensor,
    bias: Tensor,
    head: Linear,
}

impl Lstm {
    fn new(vars: VarBuilder) -> Result<Self> {
        let (words, _, width, hidden) = LSTM;
        let init = candle_nn::init::DEFAULT_KAIMING_UNIFORM;
        Ok(Self {
            embedding: embedding(words, width, vars.pp("embedding"))?,
            weight: vars.get_with_hints((width + hidden, 4 * hidden), "weight", init)?,
            bias: vars.get_with_hints(4 * hidden, "bias", Init::Const(0.0))?,
            head: linear(hidden, 2, vars.pp("head"))?,
        })
    }

    /// `[steps, samples]` to `[samples, classes]`.
    fn forward(&self, words: &Tensor) -> Result<Tensor> {
        let mut h = Tensor::zeros((words.dim(1)?, LSTM.3), DType::F32, &Device::Cpu)?;
        let mut c = h.clone();
        // In two stages: the gradient of each part is as large as that of what it is a part of.
        for several in self.embedding.forward(words)?.chunk(10, 0)? {
            for step in 0..several.dim(0)? {
                let x = Tensor::cat(&[&several.get(step)?, &h], 1)?;
                let gates = x.matmul(&self.weight)?.broadcast_add(&self.bias)?.chunk(4, 1)?;
                let [i, f, o] = [0, 1, 2].map(|gate| ops::sigmoid(&gates[gate]));
                c = ((f? * c)? + (i? * gates[3].tanh()?)?)?;
                h = (o? * c.tanh()?)?;
            }
        }
        self.head.forward(&h)
    }
}

/// A pre-norm block. Three layers for queries, keys and values: parts of one would cost more than they save.
struct Block {
    norms: [LayerNorm; 2],
    qkv: [Linear; 3],
    out: Linear,
    up: Linear,
    down: Linear,
}

impl Block {
    fn new(vars: VarBuilder) -> Result<Self> {
        let (.., width, _) = GPT;
        let norm = |name| layer_norm(width, 1e-5, vars.pp(name));
        let layer = |name, from, to| linear(from, to, vars.pp(name));
        Ok(Self {
            norms: [norm("first")?, norm("second")?],
            qkv: [layer("q", width, width)?, layer("k", width, width)?, layer("v", width, width)?],
            out: layer("out", width, width)?,
            up: layer("up", width, 4 * width)?,
            down: layer("down", 4 * width, width)?,
        })
    }

    /// `[samples · steps, width]` to as many. `attend` takes and gives `[samples, heads, steps, width / heads]`.
    fn forward(
        &self,
        x: &Tensor,
        steps: usize,
        attend: impl FnOnce(&Tensor, &Tensor, &Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let (.., width, heads) = GPT;
        let normed = normal(&self.norms[0], x)?;
        let part = |layer: &Linear| {
            layer.forward(&normed)?.reshape(((), steps, heads, width / heads))?.transpose(1, 2)?.contiguous()
        };
        let [q, k, v] = self.qkv.each_ref().map(part);
        let attended = attend(&q?, &k?, &v?)?.transpose(1, 2)?.reshape(((), width))?;
        let x = (x + self.out.forward(&attended)?)?;
        let inner = self.up.forward(&normal(&self.norms[1], &x)?)?.gelu_erf()?;
        x + self.down.forward(&inner)?
    }
}

struct Gpt {
    letters: Embedding,
    /// `[steps, width]`
    positions: Tensor,
    blocks: Vec<Block>,
    norm: LayerNorm,
    head: Linear,
}

impl Gpt {
    fn new(vars: VarBuilder) -> Result<Self> {
        let (letters, length, layers, width, _) = GPT;
        Ok(Self {
            letters: embedding(letters, width, vars.pp("letters"))?,
            positions: vars.get_with_hints((length, width), "positions", Init::Randn { mean: 0.0, stdev: 1.0 })?,
            blocks: (0..layers).map(|index| Block::new(vars.pp(index))).collect::<Result<_>>()?,
            norm: layer_norm(width, 1e-5, vars.pp("norm"))?,
            head: linear(width, letters, vars.pp("head"))?,
        })
    }

    /// `[samples, steps]` letters and `[steps, width]` positions to `[samples · steps, letters]`. `attend` gets the
    /// number of the layer as well.
    fn forward(
        &self,
        letters: &Tensor,
        positions: &Tensor,
        mut attend: impl FnMut(usize, &Tensor, &Tensor, &Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let mut x = self.letters.forward(letters)?.broadcast_add(positions)?.flatten_to(1)?;
        for (layer, block) in self.blocks.iter().enumerate() {
            x = block.forward(&x, letters.dim(1)?, |q, k, v| attend(layer, q, k, v))?;
        }
        self.head.forward(&normal(&self.norm, &x)?)
    }
}

/// Queries `[samples, heads, steps, each]`, and keys and values of as many steps or more.
fn attend(q: &Tensor, k: &Tensor, v: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
    let scores = (q.matmul(&k.t()?)? / (q.dim(D::Minus1)? as f64).sqrt())?;
    match mask {
        Some(mask) => ops::softmax(&scores.broadcast_add(mask)?, D::Minus1)?.matmul(v),
        None => ops::softmax_last_dim(&scores)?.matmul(v),
    }
}

/// candle's layer is one operation, which has no gradient.
fn normal(norm: &LayerNorm, x: &Tensor) -> Result<Tensor> {
    match norm.bias() {
        Some(bias) if x.track_op() => ops::layer_norm_slow(x, norm.weight(), bias, norm.eps() as f32),
        _ => norm.forward(x),
    }
}
