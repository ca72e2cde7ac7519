use super::*;
use crate::gradient_laws;
use crate::laws::Laws;
use crate::layers::testing::{assert_near, call, initialized};
use alloc::vec;
use alloc::vec::Vec;

const PLAIN: spec::Attention = spec::Attention {
    heads: 1,
    key_heads: None,
    causal: false,
    window: None,
    rotary: false,
    base: 1e4,
    bias: true,
    masked: false,
    dropout: 0.0,
};

const CROSS: spec::CrossAttention =
    spec::CrossAttention { heads: 1, queries: 1, key_heads: None, bias: true, masked: false, dropout: 0.0 };

/// The laws for a call with its tape and scratch memory.
macro_rules! lawful {
    ($name:ident $arguments:tt, $input:expr, $samples:expr) => {{
        let call = call!($name $arguments, $input);
        Laws::new(call, $samples)
            .reads(spec::$name::INFO.reads)
            .tape(call.config.tape(call.input))
            .scratch(call.config.scratch(call.input))
    }};
}

type Bare<const W: usize, const H: usize, const K: usize, const D: usize> = Attention<W, H, K, D, f64, [f64; 0]>;
type BareCross<const W: usize, const H: usize, const K: usize, const D: usize> =
    CrossAttention<W, H, K, D, f64, [f64; 0]>;

#[test]
fn laws() {
    gradient_laws! {
        Attention<1, 1, 1, 1, f64>, lawful!(Attention { ..PLAIN }, [1, 1], 1);
        Attention<4, 2, 2, 2, f64>, lawful!(Attention { heads: 2, ..PLAIN }, [3, 4], 2);
        Attention<6, 3, 3, 2, f64>, lawful!(Attention { heads: 3, causal: true, ..PLAIN }, [5, 6], 1);
        Attention<6, 6, 2, 1, f64>, lawful!(Attention { heads: 6, key_heads: Some(2), ..PLAIN }, [4, 6], 2);
        Attention<6, 3, 1, 2, f64>, lawful!(Attention { heads: 3, key_heads: Some(1), causal: true, ..PLAIN }, [4, 6], 2);
        Bare<5, 1, 1, 5>, lawful!(Attention { bias: false, window: Some(2), ..PLAIN }, [6, 5], 2);
        Bare<4, 2, 2, 2>, lawful!(Attention { heads: 2, bias: false, causal: true, window: Some(3), ..PLAIN }, [7, 4], 1);
        Attention<4, 1, 1, 4, f64>, lawful!(Attention { rotary: true, ..PLAIN }, [5, 4], 2);
        Attention<8, 2, 1, 4, f64>,
            lawful!(Attention { heads: 2, key_heads: Some(1), rotary: true, base: 10.0, causal: true, ..PLAIN }, [3, 8], 2);
        Attention<3, 1, 1, 3, f64>, lawful!(Attention { masked: true, ..PLAIN }, [4, 3], 2);
        Attention<4, 2, 2, 2, f64>, lawful!(Attention { heads: 2, dropout: 0.4, ..PLAIN }, [5, 4], 3);
        Attention<2, 1, 1, 2, f64>, lawful!(Attention { causal: true, ..PLAIN }, [37, 2], 1);
    }
}

#[test]
fn laws_of_two_sequences() {
    gradient_laws! {
        CrossAttention<1, 1, 1, 1, f64>, lawful!(CrossAttention { ..CROSS }, [2, 1], 1);
        CrossAttention<4, 2, 2, 2, f64>, lawful!(CrossAttention { heads: 2, queries: 2, ..CROSS }, [5, 4], 2);
        CrossAttention<4, 2, 1, 2, f64>, lawful!(CrossAttention { heads: 2, queries: 4, key_heads: Some(1), ..CROSS }, [5, 4], 3);
        BareCross<6, 3, 3, 2>, lawful!(CrossAttention { heads: 3, queries: 1, bias: false, ..CROSS }, [6, 6], 2);
        CrossAttention<3, 1, 1, 3, f64>, lawful!(CrossAttention { queries: 3, masked: true, ..CROSS }, [5, 3], 2);
        CrossAttention<4, 4, 2, 1, f64>, lawful!(CrossAttention { heads: 4, queries: 2, key_heads: Some(2), ..CROSS }, [4, 4], 1);
        CrossAttention<2, 2, 2, 1, f64>, lawful!(CrossAttention { heads: 2, queries: 2, dropout: 0.5, ..CROSS }, [6, 2], 2);
        CrossAttention<2, 1, 1, 2, f64>, lawful!(CrossAttention { queries: 34, ..CROSS }, [37, 2], 1);
    }
}

/// The output for one tile.
fn forward<L: Layer<f64>>(layer: &L, call: &Call<L::Config>, pass: &Pass, input: &[f64], tape: usize) -> Vec<f64> {
    let mut output = vec![f64::NAN; call.output.len() * pass.samples];
    let (mut tape, mut scratch) = (vec![f64::NAN; tape * pass.samples], vec![f64::NAN; 1 << 16]);
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, statistics: &[] };
    layer.forward(call, pass, input, &mut output, memory);
    output
}

fn numbers(count: usize) -> Vec<f64> {
    let mut random = Random::new(5);
    (0..count).map(|_| 4.0 * random.uniform() - 2.0).collect()
}

#[test]
fn padding_does_not_matter() {
    let plain = call!(Attention { heads: 2, rotary: true, ..PLAIN }, [4, 4]);
    let mut layer = initialized::<Attention<4, 2, 2, 2, f64>>(&plain);
    layer.bias.key = [[3.0, -3.0], [1.0, 2.0]];
    layer.bias.value = [[1.0, 2.0], [-4.0, 2.0]];
    layer.bias.output = [1.0, 2.0, 3.0, 4.0];
    let long = call!(Attention { heads: 2, rotary: true, masked: true, ..PLAIN }, [7, 4]);
    let (input, mut padded) = (numbers(16), vec![0.0; 28]);
    padded[..16].copy_from_slice(&input);
    let pass = Pass::inference(1);
    let expected = forward(&*layer, &plain, &pass, &input, plain.config.tape(plain.input));
    let found = forward(&*layer, &long, &pass, &padded, long.config.tape(long.input));
    assert_near(&found[..16], &expected);

    // A sequence of padding alone is all zeros before the last product.
    let found = forward(&*layer, &long, &pass, &[0.0; 28], long.config.tape(long.input));
    assert!(found.chunks_exact(4).all(|step| step == [1.0, 2.0, 3.0, 4.0]));
}

#[test]
fn a_sequence_asks_itself_as_it_asks_another() {
    let own = call!(Attention { heads: 2, ..PLAIN }, [5, 6]);
    let layer = initialized::<Attention<6, 2, 2, 3, f64>>(&own);
    let cross = call!(CrossAttention { heads: 2, queries: 5, ..CROSS }, [10, 6]);
    let mut other = CrossAttention::<6, 2, 2, 3, f64>::zeroed_box();
    other.as_mut_slice().copy_from_slice(layer.as_slice());
    let input = numbers(60);
    let twice: Vec<f64> = input.chunks_exact(30).flat_map(|sample| [sample, sample].concat()).collect();
    let pass = Pass::inference(2);
    let expected = forward(&*layer, &own, &pass, &input, own.config.tape(own.input));
    let found = forward(&*other, &cross, &pass, &twice, cross.config.tape(cross.input));
    assert_near(&found, &expected);
}

#[test]
fn dropout_keeps_the_mean_and_is_off_in_predictions() {
    let call = call!(Attention { dropout: 0.25, ..PLAIN }, [40, 2]);
    let layer = initialized::<Attention<2, 1, 1, 2, f64>>(&call);
    let plain = call!(Attention { ..PLAIN }, [40, 2]);
    let (input, tape) = (numbers(80), call.config.tape(call.input));
    let expected = forward(&*layer, &plain, &Pass::inference(1), &input, tape);
    assert_eq!(forward(&*layer, &call, &Pass::inference(1), &input, tape), expected);
    let mut mean = vec![0.0; 80];
    for seed in 0..400 {
        let pass = Pass::training(1, seed);
        let found = forward(&*layer, &call, &pass, &input, tape);
        assert_ne!(found, expected);
        mean.iter_mut().zip(found).for_each(|(mean, found)| *mean += found / 400.0);
    }
    assert!(mean.iter().zip(&expected).all(|(mean, expected)| (mean - expected).abs() < 0.05), "{mean:?}");
}

/// Steps one by one equal the whole sequence.
fn assert_streams<const W: usize, const H: usize, const K: usize, const D: usize>(
    config: spec::Attention,
    input: [usize; 2],
) {
    let input = Shape::new(&input);
    let output = config.out_shape(input).expect("a shape that the layer takes");
    let call = Call::new(config, input, output, 0);
    let layer = initialized::<Attention<W, H, K, D, f64>>(&call);
    let mut values = numbers(input.len());
    if config.masked {
        values.chunks_exact_mut(W).step_by(3).for_each(|step| step.fill(0.0));
    }
    let expected = forward(&*layer, &call, &Pass::inference(1), &values, config.tape(input));
    let mut state = vec![0.0; config.state(input)];
    let mut scratch = vec![f64::NAN; config.scratch(input)];
    for (position, (step, expected)) in values.chunks_exact(input.last()).zip(expected.chunks_exact(W)).enumerate() {
        let mut found = vec![f64::NAN; W];
        layer.step(&call, position, step, &mut state, &mut found, &mut scratch);
        assert_near(&found, expected);
    }
}

#[test]
fn decoding_equals_the_whole_sequence() {
    let causal = spec::Attention { causal: true, ..PLAIN };
    assert_streams::<1, 1, 1, 1>(causal, [1, 1]);
    assert_streams::<6, 3, 3, 2>(spec::Attention { heads: 3, ..causal }, [9, 6]);
    assert_streams::<8, 4, 2, 2>(spec::Attention { heads: 4, key_heads: Some(2), rotary: true, ..causal }, [70, 8]);
    assert_streams::<8, 2, 1, 4>(
        spec::Attention { heads: 2, key_heads: Some(1), rotary: true, window: Some(5), ..causal },
        [40, 8],
    );
    assert_streams::<3, 1, 1, 3>(spec::Attention { masked: true, ..causal }, [10, 3]);
    assert_streams::<3, 1, 1, 3>(spec::Attention { masked: true, window: Some(2), ..causal }, [10, 3]);
    assert_streams::<64, 2, 2, 32>(spec::Attention { heads: 2, ..causal }, [150, 64]);
}
