//! The node tests of ONNX, each as a layer. `tests/oracle/onnx_nodes.py` says how one becomes the other, and its file which do
//! not, and why.

use nn_core::kernels::{Join, join};
use nn_core::layer::{Call, Layer, Memory, Pass};
use nn_core::spec::{self, Axes, Padding, Shape};
use nn_core::tensors::tensors;
use nn_core::{Scalar, layers};

use crate::reader::Case;

/// ONNX' own tests ask for 1e-3: their outputs are of 32 bits.
const TOLERANCE: f64 = 1e-5;
/// More memory than any layer asks for here.
const MEMORY: usize = 1 << 17;

/// The output of one layer, in one scalar.
fn run<T: Scalar, L: Layer<T>>(case: &Case, config: L::Config, output: Shape) {
    let (input, samples) = (Shape::new(&case.sizes("shape")), case.sizes("samples")[0]);
    let mut layer = L::zeroed_box();
    for tensor in tensors(L::PARTS) {
        layer.as_mut_slice()[tensor.range.clone()].copy_from_slice(&case.tensor(&tensor.name, tensor.range.len()));
    }
    let values: Vec<T> = case.tensor("input", samples * input.len());
    let mut found = vec![T::nan(); samples * output.len()];
    let (mut tape, mut scratch) = (vec![T::nan(); MEMORY], vec![T::nan(); MEMORY]);
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
    layer.forward(&Call::new(config, input, output, 0), &Pass::inference(samples), &values, &mut found, memory);
    case.compare("output", &found, TOLERANCE);
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
        let output = config.out_shape(Shape::new(&$case.sizes("shape"))).expect("a shape that the layer takes");
        run::<f64, $double>($case, config, output);
        run::<f32, $single>($case, config, output);
    }};
}

/// As `check!`, with the type that has the sizes of a case, one of a list.
macro_rules! sized {
    ($found:expr, $case:expr, $name:ident $arguments:tt, [$(($($size:literal),+)),+]) => {
        match $found {
            $([$($size),+] => check!($case, $name $arguments, <$($size),+>),)+
            other => panic!("no type for the sizes {other:?}"),
        }
    };
}

fn function(case: &Case) -> bool {
    match case.name.as_str() {
        "relu" => check!(case, Relu {}),
        "leaky_relu" => check!(case, LeakyRelu { slope: case.number("slope") }),
        "elu" => check!(case, Elu { alpha: case.number("alpha") }),
        "selu" => check!(case, Selu {}),
        "celu" => check!(case, Celu { alpha: case.number("alpha") }),
        "sigmoid" => check!(case, Sigmoid {}),
        "tanh" => check!(case, Tanh {}),
        "gelu" => check!(case, Gelu {}),
        "gelu_tanh" => check!(case, GeluTanh {}),
        "softplus" => check!(case, Softplus {}),
        "softsign" => check!(case, Softsign {}),
        "hard_sigmoid" => {
            check!(case, HardSigmoid { slope: case.number("slope"), offset: case.number("offset_by") });
        }
        "hard_swish" => check!(case, HardSwish {}),
        "hard_tanh" => check!(case, HardTanh { low: case.number("low"), high: case.number("high") }),
        "mish" => check!(case, Mish {}),
        "silu" => check!(case, Silu {}),
        "thresholded_relu" => check!(case, ThresholdedRelu { threshold: case.number("threshold") }),
        "shrink" => {
            check!(case, Shrink { threshold: case.number("threshold"), offset: case.number("offset_by") });
        }
        "exp" => check!(case, Exp {}),
        "log" => check!(case, Log {}),
        "sqrt" => check!(case, Sqrt {}),
        "abs" => check!(case, Abs {}),
        "reciprocal" => check!(case, Reciprocal {}),
        "erf" => check!(case, Erf {}),
        "sin" => check!(case, Sin {}),
        "cos" => check!(case, Cos {}),
        "sign" => check!(case, Sign {}),
        "floor" => check!(case, Floor {}),
        "ceil" => check!(case, Ceil {}),
        "round" => check!(case, Round {}),
        "softmax" => check!(case, Softmax {}),
        "log_softmax" => check!(case, LogSoftmax {}),
        "mat_mul" => check!(case, MatMul { rows: case.sizes("rows")[0], columns: None, transposed: false }),
        "pad" | "reflection_pad" | "replication_pad" | "circular_pad" => padded(case),
        _ => return false,
    }
    true
}

fn norm(case: &Case) -> bool {
    let width = || [case.sizes("width")[0]];
    let epsilon = || case.number("epsilon");
    match case.name.as_str() {
        "prelu" => sized!(width(), case, PRelu { shared: false }, [(5), (60)]),
        "layer_norm" => {
            let config = (epsilon(), true);
            sized!(
                width(),
                case,
                LayerNorm { epsilon: config.0, bias: config.1 },
                [(4), (5), (12), (15), (20), (30), (60), (120)]
            );
        }
        "rms_norm" => {
            sized!(width(), case, RmsNorm { epsilon: epsilon() }, [(4), (5), (12), (15), (20), (30), (60), (120)]);
        }
        "group_norm" => sized!(width(), case, GroupNorm { groups: case.sizes("groups")[0], epsilon: epsilon() }, [(4)]),
        "instance_norm" => sized!(width(), case, InstanceNorm { epsilon: epsilon() }, [(2), (3)]),
        "batch_norm" => sized!(width(), case, BatchNorm { momentum: 0.9, epsilon: epsilon() }, [(3)]),
        _ => return false,
    }
    true
}

fn pair(case: &Case, key: &str) -> [usize; 2] {
    case.sizes(key).try_into().expect("height and width")
}

fn padding(case: &Case) -> Padding {
    match case.word("padding") {
        "same" => Padding::Same,
        _ => Padding::Amount(case.sizes("padding")[0]),
    }
}

fn product(case: &Case) -> bool {
    let sizes = || [case.sizes("shape").last().copied().unwrap_or_default(), case.sizes("units")[0]];
    match case.name.as_str() {
        "dense" => {
            let units = sizes()[1];
            sized!(
                sizes(),
                case,
                Dense { units, bias: true, input: None },
                [(4, 5), (5, 4), (7, 4), (3, 4), (7, 3), (6, 4)]
            );
        }
        "dense_without_bias" if sizes() == [10, 3] => {
            check!(case, Dense { units: 3, bias: false, input: None }, <10, 3> without bias);
        }
        "dense_without_bias" => check!(case, Dense { units: 3, bias: false, input: None }, <4, 3> without bias),
        "conv2d_without_bias" => {
            let (kernel, stride, padding) = (pair(case, "kernel"), pair(case, "stride"), padding(case));
            let (dilation, groups) = ([1, 1], 1);
            check!(case, Conv2d { filters: 1, kernel, stride, padding, bias: false, dilation, groups }, <3, 3, 1, 1> without bias);
        }
        "rnn" => recurrent(case),
        "lstm" => recurrent(case),
        _ => return false,
    }
    true
}

fn recurrent(case: &Case) {
    let sizes = [case.sizes("features")[0], case.sizes("units")[0]];
    let ([last, reverse, masked], [dropout, recurrent_dropout]) = ([true, false, false], [0.0; 2]);
    let units = sizes[1];
    match case.name.as_str() {
        "rnn" => {
            sized!(sizes, case, Rnn { units, last, reverse, masked, dropout, recurrent_dropout }, [(2, 4), (3, 5)])
        }
        _ => {
            sized!(
                sizes,
                case,
                Lstm { units, last, reverse, masked, dropout, recurrent_dropout },
                [(2, 7), (2, 3), (3, 4)]
            );
        }
    }
}

/// A frame around an image, of a number or of its own elements.
fn padded(case: &Case) {
    let axes: Vec<isize> = case.sizes("axes").into_iter().map(|size| size as isize).collect();
    let (before, after, axes) = (case.sizes("before")[0], Some(case.sizes("after")[0]), Axes::new(&axes));
    match case.name.as_str() {
        "reflection_pad" => check!(case, ReflectionPad { before, after, axes }),
        "replication_pad" => check!(case, ReplicationPad { before, after, axes }),
        "circular_pad" => check!(case, CircularPad { before, after, axes }),
        _ => check!(case, Pad { before, after, axes, value: case.number("value") }),
    }
}

fn rearrangement(case: &Case) -> bool {
    let signed = |key: &str| -> Vec<isize> { case.sizes(key).into_iter().map(|size| size as isize).collect() };
    let pool = || (pair(case, "kernel"), Some(pair(case, "stride")), padding(case));
    let reduction = || (Axes::new(&signed("axes")), case.sizes("keep")[0] == 1);
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
        "permute" => check!(case, Permute { axes: Axes::new(&signed("order")) }),
        "mean" => {
            let (axes, keep) = reduction();
            check!(case, Mean { axes, keep });
        }
        "sum" => {
            let (axes, keep) = reduction();
            check!(case, Sum { axes, keep });
        }
        "max" => {
            let (axes, keep) = reduction();
            check!(case, Max { axes, keep });
        }
        _ => return false,
    }
    true
}

fn joined(case: &Case) -> bool {
    let operator = match case.name.as_str() {
        "add" => Join::Add,
        "subtract" => Join::Subtract,
        "multiply" => Join::Multiply,
        _ => return false,
    };
    let len = Shape::new(&case.sizes("shape")).len();
    let [left, right] = ["input", "right"].map(|name| case.tensor::<f32>(name, len));
    let mut found = vec![f32::NAN; len];
    join(operator, &left, &right, &mut found);
    case.compare("output", &found, TOLERANCE);
    true
}

#[test]
fn layers_pass_the_node_tests_of_onnx() {
    let cases = Case::read_many(include_str!("../../../tests/oracle/onnx_nodes.txt"));
    assert!(cases.len() >= 190, "only {} cases", cases.len());
    for case in &cases {
        let is_known = function(case) || norm(case) || product(case) || rearrangement(case) || joined(case);
        assert!(is_known, "no layer for `{}`", case.name);
    }
}
