//! Weights between PyTorch and netform, both ways: `tests/oracle/state_dicts.py` says how.

use std::path::{Path, PathBuf};

use netform::io::{Loading, Weights};
use netform::predict::Predict;
use netform::prelude::*;

network! {
    struct Cnn(image: [9, 7, 2]) -> [4] {
        image -> conv: Conv2d(6, kernel = [3, 2], padding = 1) -> norm: BatchNorm(epsilon = 1e-5) -> Relu
            -> depth: DepthwiseConv2d(3, multiplier = 2) -> grouped: Conv2d(8, kernel = 1, groups = 2) -> slope: PRelu
            -> up: ConvTranspose2d(3, kernel = 2, stride = 2, bias = false) -> Relu -> Flatten -> Dropout(0.5)
            -> hidden: Dense(5) -> Relu -> head: Dense(4)
    }
}

network! {
    struct Sound(wave: [11, 2]) -> [2] {
        wave -> conv: Conv1d(4, kernel = 3) -> norm: GroupNorm(2) -> up: ConvTranspose1d(3, kernel = 2) -> Tanh
            -> Flatten -> head: Dense(2)
    }
}

network! {
    struct Reader(words: [6]) -> [2] {
        words -> embed: Embedding(7, 5) -> lstm: Lstm(4) -> gru: Gru(3) -> rnn: Rnn(4, last = true) -> head: Dense(2)
    }
}

network! {
    struct Former(x: [5, 8]) -> [5, 8] {
        let x = x + (x -> first: LayerNorm -> attention: Attention(2));
        x + (x -> second: RmsNorm(epsilon = 1e-5) -> up: Dense(16) -> Gelu -> down: Dense(8))
    }
}

/// Where each model's layers are in PyTorch.
fn cnn() -> Loading {
    Loading::torch().rename("hidden", "head.0").rename("head", "head.2")
}

fn sound() -> Loading {
    Loading::torch().flattened("head", &[10, 3])
}

fn former() -> Loading {
    let names = [("first", "ln_1"), ("attention", "self_attn"), ("second", "ln_2"), ("up", "mlp.0"), ("down", "mlp.2")];
    names.into_iter().fold(Loading::torch(), |loading, (own, theirs)| loading.rename(own, theirs))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/state_dicts")
}

fn numbers(path: &Path) -> Vec<f32> {
    let bytes = std::fs::read(path).expect("a file of numbers");
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// `[channels, positions]` as `[positions, channels]`.
fn channels_last(values: &[f32], channels: usize) -> Vec<f32> {
    let positions = values.len() / channels;
    (0..positions).flat_map(|at| (0..channels).map(move |channel| values[channel * positions + at])).collect()
}

/// One way, and the other if `NETFORM_STATE_DICTS` says where to. `input` brings a sample into the network's order.
fn both_ways<N: Network<f32>>(
    name: &str,
    loading: &Loading,
    new: impl Fn(u64) -> AlignedBox<N>,
    predict: impl Fn(&N, &[f32]) -> Vec<f32>,
) {
    let path = |folder: &Path, kind: &str| folder.join(format!("{name}.{kind}"));
    let (inputs, expected) = (numbers(&path(&folder(), "input")), numbers(&path(&folder(), "output")));
    let samples: Vec<&[f32]> = inputs.chunks(inputs.len() / 3).collect();
    let outputs = |network: &N| samples.iter().flat_map(|sample| predict(network, sample)).collect::<Vec<f32>>();

    let mut network = new(1);
    let left = network.load_with(path(&folder(), "safetensors"), loading).expect("a state_dict of this network");
    assert!(left.is_empty());
    let found = outputs(&network);
    assert_eq!(found.len(), expected.len());
    let worst = found.iter().zip(&expected).map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max);
    println!("{name}: outputs differ from PyTorch's by at most {worst:e}");
    assert!(worst < 1e-5, "{name}: {worst}");

    // Saved again, and loaded again: all bits.
    let saved = network.to_safetensors_with(loading).expect("saves");
    let mut again = new(2);
    again.load_safetensors_with(&saved, loading).expect("loads");
    assert!(again.as_slice() == network.as_slice(), "{name}");

    let Some(target) = std::env::var_os("NETFORM_STATE_DICTS").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&target).expect("a folder");
    let mut other = new(3);
    let mut random = Random::new(5);
    // Running variances are among them, and stay positive.
    other.as_mut_slice().iter_mut().for_each(|value| *value = value.abs() + 0.3 * random.uniform() as f32 + 0.01);
    other.save_with(path(&target, "safetensors"), loading).expect("saves");
    std::fs::copy(path(&folder(), "input"), path(&target, "input")).expect("copies");
    let bytes: Vec<u8> = outputs(&other).iter().flat_map(|value| value.to_le_bytes()).collect();
    std::fs::write(path(&target, "output"), bytes).expect("writes");
}

/// A flat sample as the array that a network takes.
fn array<const N: usize, const M: usize>(values: &[f32]) -> [[f32; M]; N] {
    std::array::from_fn(|row| std::array::from_fn(|column| values[row * M + column]))
}

#[test]
fn images() {
    both_ways("cnn", &cnn(), Cnn::new, |network, sample| {
        let sample = channels_last(sample, 2);
        let image: [[[f32; 2]; 7]; 9] = std::array::from_fn(|row| array(&sample[row * 14..]));
        network.predict(&image).to_vec()
    });
}

#[test]
fn sounds() {
    both_ways("sound", &sound(), Sound::new, |network, sample| {
        network.predict(&array::<11, 2>(&channels_last(sample, 2))).to_vec()
    });
}

#[test]
fn recurrent_layers() {
    both_ways("reader", &Loading::torch(), Reader::new, |network, sample| {
        network.predict(&std::array::from_fn(|at| sample[at])).to_vec()
    });
}

#[test]
fn attention_under_other_names() {
    both_ways("former", &former(), Former::new, |network, sample| {
        network.predict(&array::<5, 8>(sample)).as_flattened().to_vec()
    });
}

#[test]
fn what_does_not_fit_is_named_as_the_file_has_it() {
    let content = std::fs::read(folder().join("former.safetensors")).expect("a file");
    let mut network = Former::new(1);
    let error = network.load_safetensors_with(&content, &Loading::torch()).expect_err("other names").to_string();
    assert!(error.contains("attention.query (attention.in_proj_weight in the file)"), "{error}");
    assert!(error.contains("not in the network: ln_1.bias"), "{error}");
    let one = former().rename("first", "ln_2");
    let error = network.to_safetensors_with(&one).expect_err("a name twice").to_string();
    assert!(error.contains("ln_2.weight"), "{error}");
    let nonsense = former().flattened("up", &[3, 3]);
    let error = network.to_safetensors_with(&nonsense).expect_err("8 is not 3 × 3").to_string();
    assert!(error.contains("`up` for flattened axes [3, 3]"), "{error}");
}
