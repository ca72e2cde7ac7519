//! candle. Its threads are rayon's.

mod sequences;

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{
    Activation, AdamW, Conv2dConfig, Module, Optimizer, ParamsAdamW, Sequential, VarBuilder, VarMap, conv2d, linear,
    seq,
};
use protocol::{Work, values};
use std::hint::black_box;

fn main() {
    protocol::serve(|task| match *task {
        [name @ ("lstm" | "gpt"), "train", batch] => sequences::train(name, batch.parse().ok()?).ok()?,
        ["gpt", "decode", letters] => sequences::decode(letters.parse().ok()?).ok(),
        [name, "train", batch] => train(name, batch.parse().ok()?).ok()?,
        [name, "forward", batch] => forward(name, batch.parse().ok()?).ok()?,
        ["gemm", ref sizes @ ..] => product(protocol::sizes(sizes)?).ok(),
        _ => None,
    })
}

/// The shape of a sample, channels first, the number of classes, and the network.
fn network(name: &str, vars: VarBuilder) -> Result<Option<(Vec<usize>, usize, Sequential)>> {
    let layer = |name: &str, from, to| linear(from, to, vars.pp(name));
    Ok(Some(match name {
        "cnn" => {
            let net = seq()
                .add(conv2d(3, 32, 3, Conv2dConfig::default(), vars.pp("conv"))?)
                .add(Activation::Relu)
                .add_fn(|x| x.max_pool2d(2)?.flatten_from(1))
                .add(layer("fc", 7200, 128)?)
                .add(Activation::Relu)
                .add(layer("head", 128, 10)?);
            (vec![3, 32, 32], 10, net)
        }
        "digits" => (vec![784], 10, dense(&[784, 128, 64, 10], |x| x.relu(), layer)?),
        "control" => (vec![8], 4, dense(&[8, 64, 64, 4], |x| x.tanh(), layer)?),
        "tiny" => (vec![4], 4, dense(&[4, 32, 16, 4], |x| x.relu(), layer)?),
        _ => return Ok(None),
    }))
}

fn dense(
    widths: &[usize],
    activation: fn(&Tensor) -> Result<Tensor>,
    layer: impl Fn(&str, usize, usize) -> Result<candle_nn::Linear>,
) -> Result<Sequential> {
    let mut net = seq();
    for (index, pair) in widths.windows(2).enumerate() {
        net = net.add(layer(&index.to_string(), pair[0], pair[1])?);
        if index + 2 < widths.len() {
            net = net.add_fn(activation);
        }
    }
    Ok(net)
}

fn input(samples: usize, shape: &[usize]) -> Result<Tensor> {
    let shape = [&[samples], shape].concat();
    Tensor::from_vec(values(shape.iter().product()), shape, &Device::Cpu)
}

fn train(name: &str, samples: usize) -> Result<Option<Work>> {
    let variables = VarMap::new();
    let vars = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
    let Some((shape, classes, net)) = network(name, vars)? else { return Ok(None) };
    let inputs = input(samples, &shape)?;
    let labels = Tensor::from_iter((0..samples).map(|sample| (sample * 7 % classes) as u32), &Device::Cpu)?;
    Ok(Some(steps(&variables, labels, move || net.forward(&inputs))?))
}

/// Training steps with `[samples, classes]` scores and `[samples]` labels. Every parameter is seen to get a gradient.
fn steps(variables: &VarMap, labels: Tensor, scores: impl Fn() -> Result<Tensor> + 'static) -> Result<Work> {
    let settings = ParamsAdamW { lr: 1e-6, beta1: 0.9, beta2: 0.999, eps: 1e-7, weight_decay: 0.0 };
    let mut optimizer = AdamW::new(variables.all_vars(), settings)?;
    let loss_of = move || candle_nn::loss::cross_entropy(&scores()?, &labels);
    let gradients = loss_of()?.backward()?;
    assert!(variables.all_vars().iter().all(|var| gradients.get(var).is_some()), "a parameter has no gradient");
    Ok(Box::new(move || {
        let loss = loss_of().expect("the shapes fit");
        optimizer.backward_step(&loss).expect("every operation has a gradient");
    }))
}

fn forward(name: &str, samples: usize) -> Result<Option<Work>> {
    let variables = VarMap::new();
    let vars = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
    network(name, vars)?;
    let vars = constants(&variables);
    let Some((shape, _, net)) = network(name, vars)? else { return Ok(None) };
    let inputs = input(samples, &shape)?;
    Ok(Some(Box::new(move || {
        black_box(net.forward(&inputs).expect("the shapes fit"));
    })))
}

/// Weights that are no variables: candle then keeps no graph for a backward pass.
fn constants(variables: &VarMap) -> VarBuilder<'static> {
    let known = variables.data().lock().expect("one thread");
    let tensors = known.iter().map(|(name, var)| (name.clone(), var.as_tensor().detach())).collect();
    VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu)
}

fn product([m, k, n]: [usize; 3]) -> Result<Work> {
    let matrix = |rows, columns| Tensor::from_vec(values(rows * columns), (rows, columns), &Device::Cpu);
    let (a, b) = (matrix(m, k)?, matrix(k, n)?);
    Ok(Box::new(move || {
        black_box(a.matmul(&b).expect("the shapes fit"));
    }))
}
