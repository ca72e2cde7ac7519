use nn_core::layer::{Activations, Call, Layer, Memory, Pass};
use nn_core::simd::Plain;
use nn_core::spec::{self, Axes, Padding, Shape};
use nn_core::tensors::tensors;
use nn_core::{Scalar, layers};

use crate::reader::Case;
use crate::{DOUBLE, SINGLE};

/// More scratch memory than any layer asks for here.
const SCRATCH: usize = 1 << 18;
/// And more tape.
const TAPE: usize = 1 << 14;

/// Output and gradients of one layer, in one scalar.
fn run<T: Scalar, L: Layer<T>>(case: &Case, config: L::Config, input: Shape, output: Shape, tolerance: f64) {
    let samples = case.sizes("samples")[0];
    let (call, pass) = (Call::new(config, input, output, 0), Pass::inference(samples));
    let mut layer = L::zeroed_box();
    for tensor in tensors(L::PARTS) {
        layer.as_mut_slice()[tensor.range.clone()].copy_from_slice(&case.tensor(&tensor.name, tensor.range.len()));
    }
    let values: Vec<T> = input_values(case, samples * input.len());
    let mut found = vec![T::nan(); samples * output.len()];
    let (mut tape, mut scratch) = (vec![T::nan(); TAPE], vec![T::nan(); SCRATCH]);
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
    layer.forward(&call, &pass, &values, &mut found, memory);
    case.compare("output", &found, tolerance);

    let mut d_output: Vec<T> = case.tensor("weights", found.len());
    let (mut d_input, mut gradient) = (vec![T::nan(); values.len()], L::Gradient::zeroed_box());
    let activations = Activations { input: &values, output: &found };
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
    layer.backward(&call, &pass, activations, &mut d_output, Some(&mut d_input), Some(&mut *gradient), memory);
    case.compare("d_input", &d_input, tolerance);
    for tensor in tensors(L::PARTS).iter().filter(|tensor| tensor.is_trained()) {
        case.compare(&format!("d_{}", tensor.name), &gradient.as_slice()[tensor.gradient.clone()], tolerance);
    }
}

/// Whole numbers for what looks vectors up.
fn input_values<T: Scalar>(case: &Case, len: usize) -> Vec<T> {
    if ["embedding", "padded_embedding", "embedding_bag"].contains(&case.name.as_str()) {
        return case.classes("input", len).into_iter().map(|id| T::of(f64::from(id))).collect();
    }
    let mut values = case.tensor("input", len);
    if case.has("lengths") {
        let ([time, features], lengths) = (pair(case, "shape"), case.sizes("lengths"));
        for (sample, length) in values.chunks_exact_mut(time * features).zip(lengths) {
            sample[length * features..].fill(T::zero());
        }
    }
    values
}

/// Runs a case in both scalars: `check!(case, Dense { .. }, Dense<7, 5>)`.
macro_rules! check {
    ($case:expr, $config:ident $arguments:tt) => { check!(@types $case, $config $arguments, layers::$config, layers::$config) };
    ($case:expr, $config:ident $arguments:tt, <$($size:literal),+>) => {
        check!(@types $case, $config $arguments, layers::$config<$($size,)+ f64>, layers::$config<$($size,)+ f32>)
    };
    ($case:expr, $config:ident $arguments:tt, <$($size:literal),+> without bias) => {
        check!(
            @types $case, $config $arguments,
            layers::$config<$($size,)+ f64, [f64; 0]>, layers::$config<$($size,)+ f32, [f32; 0]>
        )
    };
    (@types $case:expr, $config:ident $arguments:tt, $double:ty, $single:ty) => {{
        let config = spec::$config $arguments;
        let input = Shape::new(&$case.sizes("shape"));
        let output = config.out_shape(input).expect("a shape that the layer takes");
        run::<f64, $double>($case, config, input, output, DOUBLE);
        run::<f32, $single>($case, config, input, output, SINGLE);
    }};
}

fn pair(case: &Case, key: &str) -> [usize; 2] {
    case.sizes(key).try_into().expect("height and width")
}

fn padding(case: &Case) -> Padding {
    Padding::Amount(case.sizes("padding")[0])
}

fn function(case: &Case) -> bool {
    match case.name.as_str() {
        "relu" => check!(case, Relu {}),
        "leaky_relu" => check!(case, LeakyRelu { slope: case.number("slope") }),
        "elu" => check!(case, Elu { alpha: case.number("alpha") }),
        "sigmoid" => check!(case, Sigmoid {}),
        "tanh" => check!(case, Tanh {}),
        "gelu" => check!(case, Gelu {}),
        "silu" => check!(case, Silu {}),
        "softplus" => check!(case, Softplus {}),
        "exp" => check!(case, Exp {}),
        "log" => check!(case, Log {}),
        "sqrt" => check!(case, Sqrt {}),
        "square" => check!(case, Square {}),
        "abs" => check!(case, Abs {}),
        "reciprocal" => check!(case, Reciprocal {}),
        "selu" => check!(case, Selu {}),
        "celu" => check!(case, Celu { alpha: case.number("alpha") }),
        "relu6" => check!(case, Relu6 {}),
        "thresholded_relu" => check!(case, ThresholdedRelu { threshold: case.number("threshold") }),
        "hard_tanh" => check!(case, HardTanh { low: case.number("low"), high: case.number("high") }),
        "hard_sigmoid" => check!(case, HardSigmoid { slope: 1.0 / 6.0, offset: 0.5 }),
        "hard_swish" => check!(case, HardSwish {}),
        "mish" => check!(case, Mish {}),
        "gelu_tanh" => check!(case, GeluTanh {}),
        "sin" => check!(case, Sin {}),
        "cos" => check!(case, Cos {}),
        "softsign" => check!(case, Softsign {}),
        "log_sigmoid" => check!(case, LogSigmoid {}),
        "shrink" => {
            check!(case, Shrink { threshold: case.number("threshold"), offset: case.number("offset_by") });
        }
        "erf" => check!(case, Erf {}),
        "sign" => check!(case, Sign {}),
        "floor" => check!(case, Floor {}),
        "ceil" => check!(case, Ceil {}),
        "round" => check!(case, Round {}),
        "glu" => check!(case, Glu {}),
        "swi_glu" => check!(case, SwiGlu {}),
        "ge_glu" => check!(case, GeGlu {}),
        "prelu" if case.sizes("shape").len() == 1 => check!(case, PRelu { shared: false }, <7>),
        "prelu" => check!(case, PRelu { shared: false }, <5>),
        "prelu_shared" => check!(case, PRelu { shared: true }, <1>),
        "softmax" => check!(case, Softmax {}),
        "log_softmax" => check!(case, LogSoftmax {}),
        "rescaling" => check!(case, Rescaling { scale: case.number("factor"), offset: case.number("shift") }),
        _ => return false,
    }
    true
}

fn norm(case: &Case) -> bool {
    let width = case.sizes("shape").last().copied();
    match (case.name.as_str(), width) {
        ("layer_norm", Some(7)) => check!(case, LayerNorm { epsilon: 1e-5, bias: true }, <7>),
        ("layer_norm", _) => check!(case, LayerNorm { epsilon: 1e-5, bias: true }, <40>),
        ("rms_norm", Some(7)) => check!(case, RmsNorm { epsilon: 1e-6 }, <7>),
        ("rms_norm", _) => check!(case, RmsNorm { epsilon: 1e-6 }, <40>),
        ("group_norm", _) => check!(case, GroupNorm { groups: case.sizes("groups")[0], epsilon: 1e-5 }, <6>),
        ("instance_norm", _) => check!(case, InstanceNorm { epsilon: 1e-5 }, <6>),
        ("batch_norm", _) => check!(case, BatchNorm { momentum: 0.9, epsilon: 1e-3 }, <6>),
        _ => return false,
    }
    true
}

/// Layers with a window, whose size is in their type.
macro_rules! window {
    ($case:expr, $name:ident { $($field:ident: $value:expr),* }, $($last:literal),+) => {{
        let (kernel, stride, padding) = (pair($case, "kernel"), pair($case, "stride"), padding($case));
        match kernel {
            [3, 3] => check!($case, $name { $($field: $value,)* kernel, stride, padding, bias: true }, <3, 3, $($last),+>),
            [1, 1] => check!($case, $name { $($field: $value,)* kernel, stride, padding, bias: true }, <1, 1, $($last),+>),
            [2, 3] => check!($case, $name { $($field: $value,)* kernel, stride, padding, bias: true }, <2, 3, $($last),+>),
            other => panic!("no type for the kernel {other:?}"),
        }
    }};
}

fn product(case: &Case) -> bool {
    match case.name.as_str() {
        "dense" => check!(case, Dense { units: 5, bias: true, input: None }, <7, 5>),
        "dense_without_bias" => check!(case, Dense { units: 5, bias: false, input: None }, <7, 5> without bias),
        "conv2d" => window!(case, Conv2d { filters: 4, dilation: [1, 1], groups: 1 }, 3, 4),
        "depthwise_conv2d" => window!(case, DepthwiseConv2d { multiplier: 2, dilation: [1, 1] }, 3, 2),
        _ => return false,
    }
    true
}

/// Convolutions of sequences, with gaps, in groups, and transposed.
fn convolution(case: &Case) -> bool {
    let one = |key: &str| case.sizes(key)[0];
    let bias = true;
    match case.name.as_str() {
        "grouped_conv2d" => {
            let (stride, dilation, groups) = (pair(case, "stride"), pair(case, "dilation"), one("groups"));
            let (filters, kernel, padding) = (6, [2, 3], padding(case));
            match groups {
                1 => check!(case, Conv2d { filters, kernel, stride, padding, bias, dilation, groups }, <2, 3, 3, 6>),
                _ => check!(case, Conv2d { filters, kernel, stride, padding, bias, dilation, groups }, <2, 3, 1, 6>),
            }
        }
        "conv_transpose2d" => {
            let (stride, padding, output_padding) = (pair(case, "stride"), padding(case), pair(case, "more"));
            let (filters, kernel) = (4, [2, 3]);
            check!(case, ConvTranspose2d { filters, kernel, stride, padding, bias, output_padding }, <2, 3, 4, 3>);
        }
        "conv1d" | "causal_conv1d" => {
            let (stride, dilation, groups) = (one("stride"), one("dilation"), one("groups"));
            let padding = if case.name == "conv1d" { padding(case) } else { Padding::Causal };
            let (filters, kernel) = (6, 3);
            match groups {
                1 => check!(case, Conv1d { filters, kernel, stride, padding, bias, dilation, groups }, <3, 4, 6>),
                _ => check!(case, Conv1d { filters, kernel, stride, padding, bias, dilation, groups }, <3, 2, 6>),
            }
        }
        "dilated_depthwise_conv2d" => {
            let (stride, padding, dilation) = (pair(case, "stride"), padding(case), pair(case, "dilation"));
            let (kernel, multiplier) = ([2, 3], 2);
            check!(case, DepthwiseConv2d { kernel, multiplier, stride, padding, bias, dilation }, <2, 3, 3, 2>);
        }
        "depthwise_conv1d" => {
            let (stride, padding, dilation) = (one("stride"), padding(case), one("dilation"));
            let (kernel, multiplier) = (3, 2);
            check!(case, DepthwiseConv1d { kernel, multiplier, stride, padding, bias, dilation }, <3, 4, 2>);
        }
        "conv_transpose1d" => {
            let (stride, padding, output_padding) = (one("stride"), padding(case), one("more"));
            let (filters, kernel) = (5, 3);
            check!(case, ConvTranspose1d { filters, kernel, stride, padding, bias, output_padding }, <3, 5, 4>);
        }
        _ => return false,
    }
    true
}

fn rearrangement(case: &Case) -> bool {
    let pool = || (pair(case, "kernel"), Some(pair(case, "stride")), padding(case));
    match case.name.as_str() {
        "max_pool2d" => {
            let (kernel, stride, padding) = pool();
            check!(case, MaxPool2d { kernel, stride, padding });
        }
        "avg_pool2d" => {
            let (kernel, stride, padding) = pool();
            check!(case, AvgPool2d { kernel, stride, padding });
        }
        "global_avg_pool2d" => check!(case, GlobalAvgPool2d {}),
        "up_sample2d" => check!(case, UpSample2d { factor: [2, 3] }),
        "mean" => check!(case, Mean { axes: Axes::LAST, keep: false }),
        "sum" => check!(case, Sum { axes: Axes::LAST, keep: false }),
        "max" => check!(case, Max { axes: Axes::LAST, keep: false }),
        "pad" => check!(case, Pad { before: 2, after: Some(1), axes: Axes::LAST, value: 0.5 }),
        "reflection_pad" => check!(case, ReflectionPad { before: 2, after: Some(1), axes: Axes::new(&[0, 1]) }),
        "replication_pad" => check!(case, ReplicationPad { before: 2, after: Some(1), axes: Axes::new(&[0, 1]) }),
        "circular_pad" => check!(case, CircularPad { before: 2, after: Some(1), axes: Axes::new(&[0, 1]) }),
        "unit_norm" => check!(case, UnitNorm { epsilon: 1e-12 }),
        "layer_scale" => match *case.sizes("shape") {
            [.., 7] => check!(case, LayerScale { initial: 1.0 }, <7>),
            [.., 5] => check!(case, LayerScale { initial: 1.0 }, <5>),
            _ => check!(case, LayerScale { initial: 1.0 }, <3>),
        },
        "learned" => check!(case, Learned { shape: Shape::new(&[4, 5]) }, <1, 1, 4, 5>),
        _ => return false,
    }
    true
}

fn size(case: &Case) -> bool {
    let number = |key: &str| case.sizes(key)[0];
    let pool = || (number("kernel"), Some(number("stride")), padding(case));
    match case.name.as_str() {
        "global_max_pool" => check!(case, GlobalMaxPool {}),
        "global_avg_pool" => check!(case, GlobalAvgPool {}),
        "crop" => check!(case, Crop { before: 1, after: Some(2), axes: Axes::new(&[0, 1]) }),
        "up_sample_bilinear2d" => check!(case, UpSampleBilinear2d { factor: [2, 3] }),
        "up_sample1d" => check!(case, UpSample1d { factor: 3 }),
        "adaptive_max_pool2d" => check!(case, AdaptiveMaxPool2d { size: pair(case, "size") }),
        "adaptive_avg_pool2d" => check!(case, AdaptiveAvgPool2d { size: pair(case, "size") }),
        "pixel_shuffle" => check!(case, PixelShuffle { factor: number("factor") }),
        "max_pool1d" => {
            let (kernel, stride, padding) = pool();
            check!(case, MaxPool1d { kernel, stride, padding });
        }
        "avg_pool1d" => {
            let (kernel, stride, padding) = pool();
            check!(case, AvgPool1d { kernel, stride, padding });
        }
        _ => return false,
    }
    true
}

fn triple(case: &Case, key: &str) -> [usize; 3] {
    case.sizes(key).try_into().expect("depth, height and width")
}

/// A convolution of volumes; its sizes are in its type.
fn conv3d(case: &Case) {
    let (kernel, stride, padding) = (triple(case, "kernel"), triple(case, "stride"), padding(case));
    let (dilation, groups) = (triple(case, "dilation"), case.sizes("groups")[0]);
    let (filters, bias, channels) = (4, true, case.sizes("shape")[3] / groups);
    macro_rules! of {
        ($($size:literal),+) => {
            check!(case, Conv3d { filters, kernel, stride, padding, bias, dilation, groups }, <$($size),+>)
        };
    }
    match (kernel, channels) {
        ([2, 3, 3], 2) => of!(2, 3, 3, 2, 4),
        ([2, 3, 3], _) => of!(2, 3, 3, 4, 4),
        ([3, 2, 1], 1) => of!(3, 2, 1, 1, 4),
        ([3, 2, 1], _) => of!(3, 2, 1, 2, 4),
        (_, 2) => of!(1, 1, 1, 2, 4),
        _ => of!(1, 1, 1, 4, 4),
    }
}

fn volume(case: &Case) -> bool {
    let pool = || (triple(case, "kernel"), Some(triple(case, "stride")), padding(case));
    match case.name.as_str() {
        "conv3d" => conv3d(case),
        "max_pool3d" => {
            let (kernel, stride, padding) = pool();
            check!(case, MaxPool3d { kernel, stride, padding });
        }
        "avg_pool3d" => {
            let (kernel, stride, padding) = pool();
            check!(case, AvgPool3d { kernel, stride, padding });
        }
        "adaptive_max_pool3d" => check!(case, AdaptiveMaxPool3d { size: triple(case, "size") }),
        "adaptive_avg_pool3d" => check!(case, AdaptiveAvgPool3d { size: triple(case, "size") }),
        "adaptive_max_pool1d" => check!(case, AdaptiveMaxPool1d { size: case.sizes("size")[0] }),
        "adaptive_avg_pool1d" => check!(case, AdaptiveAvgPool1d { size: case.sizes("size")[0] }),
        _ => return false,
    }
    true
}

/// Layers made of several products.
fn composed(case: &Case) -> bool {
    let (bias, multiplier) = (true, 2);
    match case.name.as_str() {
        "separable_conv2d" => {
            let (stride, padding, dilation) = (pair(case, "stride"), padding(case), pair(case, "dilation"));
            let (filters, kernel) = (5, [3, 2]);
            check!(
                case,
                SeparableConv2d { filters, kernel, stride, padding, bias, multiplier, dilation },
                <3, 2, 3, 2, 5>
            );
        }
        "separable_conv1d" => {
            let (stride, padding, dilation) = (case.sizes("stride")[0], padding(case), case.sizes("dilation")[0]);
            let (filters, kernel) = (5, 3);
            check!(case, SeparableConv1d { filters, kernel, stride, padding, bias, multiplier, dilation }, <3, 4, 2, 5>);
        }
        "mat_mul" => check!(case, MatMul { rows: case.sizes("rows")[0], columns: None, transposed: false }),
        "bilinear" => check!(case, Bilinear { units: 5, first: 3, bias }, <3, 4, 5>),
        "weight_norm_dense" => check!(case, WeightNormDense { units: 5, bias, input: None }, <7, 5>),
        "weight_norm_conv2d" => {
            let (stride, dilation, groups) = (pair(case, "stride"), pair(case, "dilation"), case.sizes("groups")[0]);
            let (filters, kernel, padding) = (6, [2, 3], padding(case));
            macro_rules! of {
                ($channels:literal) => {
                    check!(
                        case,
                        WeightNormConv2d { filters, kernel, stride, padding, bias, dilation, groups },
                        <2, 3, $channels, 6>
                    )
                };
            }
            if groups == 1 { of!(3) } else { of!(1) }
        }
        _ => return false,
    }
    true
}

fn table(case: &Case) -> bool {
    match case.name.as_str() {
        "embedding" => check!(case, Embedding { vocabulary: 9, width: 4, padding: None }, <9, 4>),
        "padded_embedding" => check!(case, Embedding { vocabulary: 9, width: 4, padding: Some(2) }, <9, 4>),
        "embedding_bag" => {
            let mean = case.word("mode") == "mean";
            check!(case, EmbeddingBag { vocabulary: 9, width: 4, padding: Some(2), mean }, <9, 4>);
        }
        "positional_embedding" => check!(case, PositionalEmbedding { positions: 6 }, <6, 4>),
        "sinusoidal_position" => check!(case, SinusoidalPosition { base: 1e4 }),
        _ => return false,
    }
    true
}

/// All layers through time have these arguments.
macro_rules! recurrent {
    ($case:expr, $name:ident, $how:expr) => {{
        let [last, reverse, masked] = ["_last", "_reverse", "_masked"].map(|how| $how == how);
        let last = last || masked;
        check!($case, $name { units: 4, last, reverse, masked, dropout: 0.0, recurrent_dropout: 0.0 }, <3, 4>)
    }};
}

fn recurrent(case: &Case) -> bool {
    let (name, how) = case.name.split_at(case.name.find('_').unwrap_or(case.name.len()));
    match name {
        "rnn" => recurrent!(case, Rnn, how),
        "lstm" => recurrent!(case, Lstm, how),
        "gru" => recurrent!(case, Gru, how),
        _ => return false,
    }
    true
}

/// Layers that states come into or go out of.
fn stateful(case: &Case) -> bool {
    let (units, features, reverse, masked, dropout, recurrent_dropout) = (4, 3, false, false, 0.0, 0.0);
    macro_rules! from {
        ($name:ident) => {
            check!(case, $name { units, features, time: None, reverse, masked, dropout, recurrent_dropout }, <3, 4>)
        };
    }
    match case.name.as_str() {
        "from_rnn" => from!(RnnFrom),
        "from_lstm" => from!(LstmFrom),
        "from_gru" => from!(GruFrom),
        "state_lstm" => check!(case, LstmState { units, reverse, masked, dropout, recurrent_dropout }, <3, 4>),
        _ => return false,
    }
    true
}

#[test]
fn layers_agree_with_pytorch() {
    let cases = Case::read_many(include_str!("../../../tests/oracle/layers.txt"));
    assert!(cases.len() >= 400, "only {} cases", cases.len());
    for case in &cases {
        let is_known = function(case) || norm(case) || product(case) || rearrangement(case) || table(case);
        let is_known = is_known || recurrent(case) || convolution(case) || size(case);
        let is_known = is_known || volume(case) || composed(case) || stateful(case);
        assert!(is_known, "no layer for `{}`", case.name);
    }
}
