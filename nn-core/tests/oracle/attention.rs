use nn_core::layer::{Activations, Call, Layer, Memory, Pass};
use nn_core::simd::Plain;
use nn_core::spec::{self, Shape};
use nn_core::tensors::tensors;
use nn_core::{Scalar, layers};

use crate::reader::Case;
use crate::{DOUBLE, SINGLE};

/// A layer, its shapes, and the memory that it asks for: of tape and scratch.
struct Use<C> {
    call: Call<C>,
    memory: [usize; 2],
}

/// The input of a case, with its padding.
fn input<T: Scalar>(case: &Case, samples: usize, [time, features]: [usize; 2]) -> Vec<T> {
    let mut values: Vec<T> = case.tensor("input", samples * time * features);
    let padding = if case.word("own") == "1" { -1.0 } else { case.number("padding") };
    if padding >= 0.0 {
        for (row, step) in values.chunks_exact_mut(features).enumerate() {
            let (sample, step_number) = (row / time, row % time);
            let counts = step_number + padding as usize + sample < time && (step_number > 0 || sample % 2 == 0);
            if !counts {
                step.fill(T::zero());
            }
        }
    }
    values
}

/// Gives the gradient of the parameters; `twin` is that of a run in more digits.
fn run<T: Scalar, L: Layer<T>>(case: &Case, used: &Use<L::Config>, twin: &[f64], tolerance: f64) -> Vec<f64> {
    let (samples, Use { call, memory: [tape, scratch] }) = (case.sizes("samples")[0], used);
    let pass = Pass::inference(samples);
    let mut layer = L::zeroed_box();
    for tensor in tensors(L::PARTS) {
        layer.as_mut_slice()[tensor.range.clone()].copy_from_slice(&case.tensor(&tensor.name, tensor.range.len()));
    }
    let values: Vec<T> = input(case, samples, [call.input.dim(0), call.input.dim(1)]);
    let mut found = vec![T::nan(); samples * call.output.len()];
    let (mut tape, mut scratch) = (vec![T::nan(); samples * tape], vec![T::nan(); *scratch]);
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, statistics: &[] };
    layer.forward(call, &pass, &values, &mut found, memory);
    case.compare("output", &found, tolerance);

    let mut d_output: Vec<T> = case.tensor("weights", found.len());
    let (mut d_input, mut gradient) = (vec![T::nan(); values.len()], L::Gradient::zeroed_box());
    let activations = Activations { input: &values, output: &[] };
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, statistics: &[] };
    layer.backward(call, &pass, activations, &mut d_output, Some(&mut d_input), Some(&mut *gradient), memory);
    case.compare("d_input", &d_input, tolerance);
    let gradient: Vec<f64> = gradient.as_slice().iter().map(|value| value.wide()).collect();
    for tensor in tensors(L::PARTS) {
        let found = &gradient[tensor.gradient.clone()];
        // A bias of keys moves all scores of a query alike: unless positions turn it, what is left of its gradient is rounding.
        if tensor.name == "key_bias" && !twin.is_empty() {
            let size = (twin.iter().map(|value| value * value).sum::<f64>() / twin.len() as f64).sqrt();
            let near = |(found, twin): (&f64, &f64)| (found - twin).abs() <= tolerance * size.max(twin.abs());
            assert!(found.iter().zip(&twin[tensor.gradient]).all(near), "{}: {found:?}", case.name);
        } else {
            case.compare(&format!("d_{}", tensor.name), found, tolerance);
        }
    }
    gradient
}

/// Runs a case in both scalars, with the types that its sizes ask for.
macro_rules! check {
    ($case:expr, $config:expr, $name:ident, $([$width:literal, $heads:literal, $key_heads:literal, $head:literal]),*) => {{
        let config = $config;
        let input = Shape::new(&$case.sizes("shape"));
        let output = config.out_shape(input).expect("a shape that the layer takes");
        let used = Use { call: Call::new(config, input, output, 0), memory: [config.tape(input), config.scratch(input)] };
        match [input.last(), config.heads, config.key_head_count(input)] {
            $(
                [$width, $heads, $key_heads] if config.bias => {
                    type Double = layers::$name<$width, $heads, $key_heads, $head, f64>;
                    type Single = layers::$name<$width, $heads, $key_heads, $head, f32>;
                    let twin = run::<f64, Double>($case, &used, &[], DOUBLE);
                    run::<f32, Single>($case, &used, &twin, SINGLE);
                }
                [$width, $heads, $key_heads] => {
                    type Double = layers::$name<$width, $heads, $key_heads, $head, f64, [f64; 0]>;
                    type Single = layers::$name<$width, $heads, $key_heads, $head, f32, [f32; 0]>;
                    let twin = run::<f64, Double>($case, &used, &[], DOUBLE);
                    run::<f32, Single>($case, &used, &twin, SINGLE);
                }
            )*
            other => panic!("no type for {other:?}"),
        }
    }};
    ($case:expr, $config:expr, $name:ident) => {
        check!($case, $config, $name, [4, 1, 1, 4], [4, 2, 2, 2], [4, 2, 1, 2], [6, 3, 3, 2], [6, 3, 1, 2], [8, 2, 2, 4], [8, 2, 1, 4])
    };
}

#[test]
fn attention_agrees_with_pytorch() {
    let cases = Case::read_many(include_str!("../../../tests/oracle/attention.txt"));
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    for case in &cases {
        let size = |key: &str| case.sizes(key)[0];
        // Cases of PyTorch's own layer have no other arguments.
        let is_own = case.word("own") == "1";
        let flag = |key: &str| !is_own && case.number(key) > 0.0;
        let (heads, key_heads) = (size("heads"), Some(size("key_heads")));
        let (bias, masked) = (is_own || flag("bias"), !is_own && case.number("padding") >= 0.0);
        if case.name == "cross_attention" {
            let queries = size("queries");
            let config = spec::CrossAttention { heads, queries, key_heads, bias, masked, dropout: 0.0 };
            check!(case, config, CrossAttention);
        } else {
            let window = flag("window").then(|| size("window"));
            let (causal, rotary) = (flag("causal"), flag("base"));
            let base = if rotary { case.number("base") } else { 1.0 };
            let config = spec::Attention { heads, key_heads, causal, window, rotary, base, bias, masked, dropout: 0.0 };
            check!(case, config, Attention);
        }
    }
}
