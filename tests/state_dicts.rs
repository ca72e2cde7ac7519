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

network! {
    struct Gallery(image: [5, 4, 2]) -> [24] {
        image -> conv: Conv2d(3, kernel = [2, 3]) -> Flatten -> layer: LayerNorm -> batch: BatchNorm(epsilon = 1e-5)
            -> slope: PRelu -> Softmax -> head: Dense(24)
    }
}

network! {
    struct Painter(x: [6]) -> [5, 4, 3] {
        x -> fc: Dense(24) -> Relu -> Reshape([4, 3, 2]) -> up: ConvTranspose2d(3, kernel = 2) -> Tanh
    }
}

network! {
    struct Echo(x: [5, 3]) -> [5, 4] {
        let first = concat(x -> low: Lstm(4), x -> low_back: Lstm(4, reverse = true));
        let second = concat(first -> high: Lstm(4), first -> high_back: Lstm(4, reverse = true));
        concat(second -> gru: Gru(2), second -> gru_back: Gru(2, reverse = true))
    }
}

network! {
    struct Bottleneck(image: [3, 2, 4]) -> [2, 3, 2] { image -> Flatten -> fc: Dense(12) -> Reshape([2, 3, 2]) }
}

network! {
    struct Normed(image: [5, 4, 2]) -> [4, 3, 2] {
        image -> conv: WeightNormConv2d(3, kernel = [2, 3]) -> bend: PRelu(shared = true) -> Flatten
            -> fc: WeightNormDense(24) -> slope: PRelu(shared = true) -> Reshape([4, 3, 2])
    }
}

network! { struct Inner(x: [32]) -> [2] { x -> fc: Dense(2) } }

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

fn painter() -> Loading {
    Loading::torch().unflattened("fc", &[4, 3, 2])
}

fn echo() -> Loading {
    let lstm = [("low", "l0"), ("low_back", "l0_reverse"), ("high", "l1"), ("high_back", "l1_reverse")];
    let loading = Loading::torch().recurrent("gru_back", "gru", "l0_reverse");
    lstm.into_iter().fold(loading, |loading, (own, theirs)| loading.recurrent(own, "lstm", theirs))
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
fn features_that_were_an_image() {
    both_ways("gallery", &Loading::torch(), Gallery::new, |network, sample| {
        let sample = channels_last(sample, 2);
        let image: [[[f32; 2]; 4]; 5] = std::array::from_fn(|row| array(&sample[row * 8..]));
        network.predict(&image).to_vec()
    });
}

#[test]
fn an_image_that_is_made_of_features() {
    both_ways("painter", &painter(), Painter::new, |network, sample| {
        let image = network.predict(&std::array::from_fn(|at| sample[at]));
        let pixels = image.as_flattened();
        (0..3).flat_map(|channel| pixels.iter().map(move |pixel| pixel[channel])).collect()
    });
}

#[test]
fn an_image_in_front_and_one_behind() {
    let loading = Loading::torch().unflattened("fc", &[2, 3, 2]);
    both_ways("bottleneck", &loading, Bottleneck::new, |network, sample| {
        let sample = channels_last(sample, 4);
        let image = network.predict(&std::array::from_fn(|row| array(&sample[row * 8..])));
        let pixels = image.as_flattened();
        (0..2).flat_map(|channel| pixels.iter().map(move |pixel| pixel[channel])).collect()
    });
}

#[test]
fn weights_of_directions_and_magnitudes() {
    let loading = Loading::torch().unflattened("fc", &[4, 3, 2]);
    both_ways("normed", &loading, Normed::new, |network, sample| {
        let sample = channels_last(sample, 2);
        let image = network.predict(&std::array::from_fn(|row| array(&sample[row * 8..])));
        let pixels = image.as_flattened();
        (0..2).flat_map(|channel| pixels.iter().map(move |pixel| pixel[channel])).collect()
    });
}

#[test]
fn recurrent_layers_in_both_directions() {
    both_ways("echo", &echo(), Echo::new, |network, sample| {
        network.predict(&array::<5, 3>(sample)).as_flattened().to_vec()
    });
}

/// Where PyTorch's order of features cannot be told, weights would fit by their shapes, and be wrong.
#[test]
fn an_order_that_is_not_known_is_refused() {
    network! { struct Beside(image: [4, 4, 2], x: [3]) -> [2] { concat(image -> Flatten, x) -> fc: Dense(2) } }
    network! { struct Twice(a: [4, 4, 2], b: [4, 4, 2]) -> [2] { (a -> Flatten) + (b -> Flatten) -> fc: Dense(2) } }
    network! { struct Outer(image: [4, 4, 2]) -> [2] { image -> Flatten -> inner: self::Inner } }
    network! { struct Lines(image: [4, 4, 2]) -> [3] { image -> Reshape([4, 8]) -> lstm: Lstm(3, last = true) } }
    fn refused<N: Network<f32>>(network: AlignedBox<N>, name: &str) {
        let error = network.to_safetensors_with(&Loading::torch()).expect_err("no order").to_string();
        assert!(error.contains(&format!("in which order PyTorch has `{name}`")), "{error}");
        assert!(network.to_safetensors().is_ok(), "of its own, it knows the order");
    }
    refused(Beside::new(1), "fc.weight");
    refused(Twice::new(1), "fc.weight");
    refused(Outer::new(1), "inner.fc.weight");
    refused(Lines::new(1), "lstm.weight");
    refused(Painter::new(1), "fc.weight");
    let said = Loading::torch().flattened("fc", &[4, 4, 2]);
    assert!(Twice::new(1).to_safetensors_with(&said).is_ok());
    let said = Loading::torch().permuted("fc.weight", &[1, 0]).permuted("fc.bias", &[0]);
    assert!(Beside::new(1).to_safetensors_with(&said).is_ok());
    // Axes that have been turned here may be in PyTorch's order, and convolutions leave channels first in sequences, too.
    network! {
        struct Turned(image: [4, 3, 2]) -> [2] { image -> Permute([2, 0, 1]) -> Relu -> Flatten -> fc: Dense(2) }
    }
    network! { struct Wave(wave: [7, 2]) -> [2] { wave -> Conv1d(3, kernel = 2) -> Relu -> Flatten -> fc: Dense(2) } }
    network! { struct Rows(image: [7, 5, 2]) -> [2] { image -> Conv2d(3, kernel = 2) -> Mean(0) -> Flatten -> fc: Dense(2) } }
    network! { struct Spoken(wave: [7, 2]) -> [2] { wave -> Conv1d(3, kernel = 2) -> Gru(4) -> Flatten -> fc: Dense(2) } }
    refused(Turned::new(1), "fc.weight");
    refused(Wave::new(1), "fc.weight");
    refused(Rows::new(1), "fc.weight");
    assert!(
        Spoken::new(1).to_safetensors_with(&Loading::torch()).is_ok(),
        "steps of a recurrent layer lie as they do there"
    );
    assert!(Wave::new(1).to_safetensors_with(&Loading::torch().flattened("fc", &[6, 3])).is_ok());
    let (in_order, turned) = (Loading::torch().in_order("fc"), Loading::torch().permuted("fc.weight", &[1, 0]));
    let turned = turned.permuted("fc.bias", &[0]);
    let network = Turned::new(1);
    let saved = network.to_safetensors_with(&in_order).expect("the order is said");
    let mut other = Turned::new(2);
    other.load_safetensors_with(&saved, &turned).expect("the same, said in another way");
    assert_eq!(other.as_slice(), network.as_slice());
    let saved = Lines::new(1).to_safetensors_with(&Loading::torch().in_order("lstm")).expect("the order is said");
    Lines::new(2).load_safetensors_with(&saved, &Loading::torch().in_order("lstm")).expect("the same");
    // One channel has no other order; what Dense gives is its own.
    network! { struct Grey(image: [4, 4, 1]) -> [2] { concat(image -> Flatten, image -> Flatten) -> Dense(2) } }
    network! { struct Deep(image: [4, 4, 2]) -> [2] { image -> Flatten -> Dense(3) -> LayerNorm -> Dense(2) } }
    network! {
        struct Patches(image: [4, 4, 2]) -> [3] {
            image -> Conv2d(6, kernel = 2, stride = 2) -> Reshape([4, 6]) -> LayerNorm -> Attention(2) -> Slice(..1, axis = 0)
                -> Flatten -> Dense(3)
        }
    }
    assert!(Patches::new(1).to_safetensors_with(&Loading::torch()).is_ok(), "channels are features of each patch");
    assert!(Grey::new(1).to_safetensors_with(&Loading::torch()).is_ok());
    assert!(Deep::new(1).to_safetensors_with(&Loading::torch()).is_ok());
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

/// The shape and the bytes of a tensor in the content of a file.
fn stored(content: &[u8], name: &str) -> (Vec<usize>, Vec<u8>) {
    let header = u64::from_le_bytes(content[..8].try_into().expect("eight bytes")) as usize;
    let text = String::from_utf8_lossy(&content[8..8 + header]).into_owned();
    let entry = text.split_once(&format!("\"{name}\":")).expect("the tensor").1.split_once('}').expect("its end").0;
    let list = |key: &str| -> Vec<usize> {
        let list = entry.split_once(key).expect("a key").1.split_once('[').expect("a list").1;
        list.split_once(']').expect("its end").0.split(',').map(|number| number.parse().expect("a number")).collect()
    };
    let range = list("data_offsets");
    (list("shape"), content[8 + header..][range[0]..range[1]].to_vec())
}

/// Queries, keys and values in one tensor, as `nn.MultiheadAttention` has them, and in one each, as Llama and BERT do.
#[test]
fn queries_keys_and_values_in_tensors_of_their_own() {
    network! { struct Heads(x: [5, 6]) -> [5, 6] { x -> attention: Attention(2) } }
    const PARTS: [&str; 3] = ["query", "key", "value"];
    let network = Heads::<f32>::new(1);
    let fused = network.to_safetensors_with(&Loading::torch()).expect("saves");
    let split = PARTS.iter().fold(Loading::torch(), |loading, part| {
        let (bias, there) = (format!("attention.{part}_bias"), format!("{part}.bias"));
        loading.rename(format!("attention.{part}"), format!("{part}.weight")).rename(bias, there)
    });
    let apart = network.to_safetensors_with(&split).expect("saves");
    let (shape, all) = stored(&fused, "attention.in_proj_weight");
    assert_eq!(shape, [18, 6]);
    for (part, rows) in PARTS.iter().zip(all.chunks(6 * 6 * 4)) {
        assert_eq!(stored(&apart, &format!("{part}.weight")), (vec![6, 6], rows.to_vec()));
        assert_eq!(stored(&apart, &format!("{part}.bias")).0, [6]);
    }
    let mut other = Heads::<f32>::new(2);
    other.load_safetensors_with(&apart, &split).expect("loads");
    assert_eq!(other.as_slice(), network.as_slice());
    // One name for all three is the fused tensor under another name.
    let named = |loading: Loading, part: &&str| loading.rename(format!("attention.{part}"), "qkv.weight");
    let named = network.to_safetensors_with(&PARTS.iter().fold(Loading::torch(), named)).expect("saves");
    assert_eq!(stored(&named, "qkv.weight"), stored(&fused, "attention.in_proj_weight"));
}

/// PyTorch's models have axes of size 1 in front of what is learnt, and behind a factor for each channel.
#[test]
fn axes_of_size_one_change_nothing() {
    network! {
        struct Tokens(x: [2, 4]) -> [3, 4] {
            concat(x -> token: Learned([1, 4]), x -> gamma: LayerScale(initial = 0.5), axis = 0)
        }
    }
    let network = Tokens::<f32>::new(1);
    let file = network.to_safetensors_with(&Loading::torch()).expect("a file");
    let len = u64::from_le_bytes(file[..8].try_into().expect("eight bytes")) as usize;
    let (header, numbers) = (String::from_utf8_lossy(&file[8..8 + len]), &file[8 + len..]);
    // Without the checksum, which is of this header.
    let (before, rest) = header.split_once("\"__metadata__\"").expect("a checksum");
    let header = before.to_owned() + rest.split_once("},").expect("its end").1;
    let reshaped = |factors: &str| {
        let (name, rest) = header.split_once("token.weight").expect("the token");
        let header =
            name.replace("[4]", factors) + "token.weight" + &rest.replacen("[4]", "[1,1,4]", 1).replace("[4]", factors);
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), numbers].concat()
    };
    let mut other = Tokens::<f32>::new(2);
    other.load_safetensors_with(&reshaped("[4,1,1]"), &Loading::torch()).expect("the same numbers");
    assert_eq!(other.token.weight, network.token.weight);
    assert!(other.load_safetensors_with(&reshaped("[2,2,1]"), &Loading::torch()).is_err());
    assert!(other.load_safetensors_with(&reshaped("[4,1,1]"), &Loading::default()).is_err());
}
