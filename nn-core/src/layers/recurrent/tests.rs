use super::*;
use crate::gradient_laws;
use crate::layer::Mode;
use crate::layers::testing::{assert_near, initialized};
use crate::simd::Plain as _;
use alloc::vec;
use alloc::vec::Vec;

/// The arguments that a test leaves out.
macro_rules! config {
    ($name:ident { units: $units:expr $(, $field:ident: $value:expr)* $(,)? }) => {{
        let plain = spec::$name {
            units: $units,
            last: false,
            reverse: false,
            masked: false,
            dropout: 0.0,
            recurrent_dropout: 0.0,
        };
        spec::$name { $($field: $value,)* ..plain }
    }};
}

macro_rules! call_of {
    ($name:ident $arguments:tt, $input:expr) => {{
        let (config, input) = (config!($name $arguments), Shape::new(&$input));
        Call::new(config, input, config.out_shape(input).expect("a shape that the layer takes"), 3)
    }};
}

macro_rules! with_memory {
    ($name:ident $arguments:tt, $input:expr, $samples:expr) => {{
        let call = call_of!($name $arguments, $input);
        crate::laws::Laws::new(call, $samples)
            .reads(spec::$name::INFO.reads)
            .tape(call.config.tape(call.input))
            .scratch(call.config.scratch(call.input))
    }};
}

macro_rules! recurrent_laws {
    ($($test:ident: $name:ident;)*) => {$(
        #[test]
        fn $test() {
            gradient_laws! {
                $name<1, 1, _>, with_memory!($name { units: 1 }, [1, 1], 1);
                $name<3, 2, _>, with_memory!($name { units: 2 }, [1, 3], 2);
                $name<3, 2, _>, with_memory!($name { units: 2 }, [4, 3], 1);
                $name<2, 5, _>, with_memory!($name { units: 5 }, [5, 2], 3);
                $name<2, 5, _>, with_memory!($name { units: 5, last: true }, [5, 2], 3);
                $name<2, 3, _>, with_memory!($name { units: 3, reverse: true }, [4, 2], 3);
                $name<2, 3, _>, with_memory!($name { units: 3, last: true, reverse: true, masked: true }, [4, 2], 3);
                $name<7, 9, _>, with_memory!($name { units: 9, last: true }, [3, 7], 2);
                $name<7, 9, _>, with_memory!($name { units: 9, dropout: 0.25 }, [4, 7], 2);
                $name<3, 6, _>, with_memory!($name { units: 6, recurrent_dropout: 0.5 }, [4, 3], 2);
                $name<3, 6, _>,
                    with_memory!($name { units: 6, last: true, dropout: 0.5, recurrent_dropout: 0.25 }, [5, 3], 3);
                $name<3, 6, _>,
                    with_memory!($name { units: 6, dropout: 0.5, recurrent_dropout: 0.25 }, [5, 3], 3).mode(Mode::Frozen);
            }
        }
    )*};
}

recurrent_laws! {
    rnn_laws: Rnn;
    lstm_laws: Lstm;
    gru_laws: Gru;
}

/// The laws of a layer that states come into or go out of: its sizes, its input and the number of samples, and what is not as
/// by default.
macro_rules! state_laws {
    ($name:ident { $($field:ident: $value:expr),* }, $input:expr, $samples:expr $(, $how:ident: $changed:expr)*) => {{
        #[allow(unused_mut)]
        let mut config =
            spec::$name { $($field: $value,)* reverse: false, masked: false, dropout: 0.0, recurrent_dropout: 0.0 };
        $(config.$how = $changed;)*
        let input = Shape::new(&$input);
        let call = Call::new(config, input, config.out_shape(input).expect("a shape that the layer takes"), 3);
        let laws = crate::laws::Laws::new(call, $samples).reads(spec::$name::INFO.reads);
        laws.tape(config.tape(input)).scratch(config.scratch(input))
    }};
}

macro_rules! laws_from_states {
    ($($test:ident: $name:ident, $states:literal;)*) => {$(
        #[test]
        fn $test() {
            gradient_laws! {
                $name<1, 1, _>, state_laws!($name { units: 1, features: 1, time: None }, [1 + $states], 1);
                $name<3, 2, _>, state_laws!($name { units: 2, features: 3, time: None }, [3 + 2 * $states], 2);
                $name<3, 2, _>, state_laws!($name { units: 2, features: 3, time: None }, [4 * 3 + 2 * $states], 1);
                $name<2, 5, _>, state_laws!($name { units: 5, features: 2, time: None }, [5 * 2 + 5 * $states], 3);
                $name<2, 3, _>, state_laws!($name { units: 3, features: 2, time: None }, [4 * 2 + 3 * $states], 3, reverse: true);
                $name<2, 3, _>, state_laws!($name { units: 3, features: 2, time: None }, [4 * 2 + 3 * $states], 2, masked: true);
                $name<7, 9, _>, state_laws!($name { units: 9, features: 7, time: None }, [3 * 7 + 9 * $states], 2, dropout: 0.25);
                $name<3, 6, _>,
                    state_laws!($name { units: 6, features: 3, time: None }, [4 * 3 + 6 * $states], 2, recurrent_dropout: 0.5);
            }
        }
    )*};
}

laws_from_states! {
    laws_of_an_rnn_from_a_state: RnnFrom, 1;
    laws_of_an_lstm_from_states: LstmFrom, 2;
    laws_of_a_gru_from_a_state: GruFrom, 1;
}

#[test]
fn laws_of_the_states_of_an_lstm() {
    gradient_laws! {
        LstmState<1, 1, _>, state_laws!(LstmState { units: 1 }, [1, 1], 1);
        LstmState<3, 2, _>, state_laws!(LstmState { units: 2 }, [1, 3], 2);
        LstmState<3, 2, _>, state_laws!(LstmState { units: 2 }, [4, 3], 1);
        LstmState<2, 5, _>, state_laws!(LstmState { units: 5 }, [5, 2], 3);
        LstmState<2, 3, _>, state_laws!(LstmState { units: 3 }, [4, 2], 3, reverse: true);
        LstmState<2, 3, _>, state_laws!(LstmState { units: 3 }, [4, 2], 2, masked: true);
        LstmState<7, 9, _>, state_laws!(LstmState { units: 9 }, [3, 7], 2, dropout: 0.25);
        LstmState<3, 6, _>, state_laws!(LstmState { units: 6 }, [4, 3], 2, recurrent_dropout: 0.5);
    }
}

/// The first half of a sequence, and the second from the state that it left, are the whole sequence.
#[test]
fn a_sequence_goes_on_from_its_states() {
    let whole = call_of!(Lstm { units: 4 }, [6, 3]);
    let layer = initialized::<Lstm<3, 4, f64>>(&whole);
    let (mut first, mut second) = (LstmState::<3, 4, f64>::zeroed_box(), LstmFrom::<3, 4, f64>::zeroed_box());
    first.as_mut_slice().copy_from_slice(layer.as_slice());
    second.as_mut_slice().copy_from_slice(layer.as_slice());
    let (mut tape, mut scratch, input) = (vec![f64::NAN; 1 << 10], vec![f64::NAN; 1 << 16], numbers(18));
    let [mut expected, mut states, mut found] = [vec![f64::NAN; 24], vec![f64::NAN; 8], vec![f64::NAN; 12]];
    let pass = Pass::inference(1);
    layer.forward(
        &whole,
        &pass,
        &input,
        &mut expected,
        Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() },
    );
    let (reverse, masked, dropout, recurrent_dropout) = (false, false, 0.0, 0.0);
    let ends = spec::LstmState { units: 4, reverse, masked, dropout, recurrent_dropout };
    let call = Call::new(ends, Shape::new(&[3, 3]), Shape::new(&[8]), 0);
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
    first.forward(&call, &pass, &input[..9], &mut states, memory);
    let starts = spec::LstmFrom { units: 4, features: 3, time: None, reverse, masked, dropout, recurrent_dropout };
    let call = Call::new(starts, Shape::new(&[17]), Shape::new(&[3, 4]), 0);
    let joined: Vec<f64> = input[9..].iter().chain(&states).copied().collect();
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
    second.forward(&call, &pass, &joined, &mut found, memory);
    assert_near(&states[..4], &expected[8..12]);
    assert_near(&found, &expected[12..]);
}

/// The outputs, and the gradients by the inputs and by the parameters, of `sum(weights * output)`.
fn run<L, C>(layer: &L, call: &Call<C>, tape: usize, pass: &Pass, input: &[f64], weights: &[f64]) -> [Vec<f64>; 3]
where
    L: Layer<f64, Config = C, Gradient = L>,
    C: Copy,
{
    let (mut output, mut tape, mut scratch) = (vec![f64::NAN; weights.len()], vec![f64::NAN; tape], vec![0.0; 1 << 16]);
    layer.forward(call, pass, input, &mut output, Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() });
    let (mut d_input, mut gradient) = (vec![f64::NAN; input.len()], L::zeroed_box());
    let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
    let values = Activations { input: &[], output: &[] };
    layer.backward(call, pass, values, &mut weights.to_vec(), Some(&mut d_input), Some(&mut gradient), memory);
    [output, d_input, gradient.as_slice().to_vec()]
}

fn numbers(len: usize) -> Vec<f64> {
    let mut random = Random::new(5);
    (0..len).map(|_| random.normal()).collect()
}

/// A sequence with gaps gives what it gives without them, and in the gaps what it gave before.
macro_rules! gaps {
    ($($test:ident: $name:ident;)*) => {$(
        #[test]
        fn $test() {
            const KEPT: [usize; 3] = [1, 2, 5];
            let (whole, short) = (call_of!($name { units: 4, masked: true }, [7, 3]), call_of!($name { units: 4 }, [3, 3]));
            let layer = initialized::<$name<3, 4, f64>>(&whole);
            let (values, weights) = (numbers(9), numbers(12));
            let (mut input, mut spread) = (vec![0.0; 2 * 21], vec![0.0; 2 * 28]);
            for (index, step) in KEPT.into_iter().enumerate() {
                // The second sample has no gaps at these steps: it is the same everywhere else.
                input[step * 3..][..3].copy_from_slice(&values[index * 3..][..3]);
                spread[step * 4..][..4].copy_from_slice(&weights[index * 4..][..4]);
            }
            input[21..].copy_from_slice(&numbers(21));
            let pass = Pass::inference(2);
            let found = run(&*layer, &whole, 2 * whole.config.tape(whole.input), &pass, &input, &spread);
            let one = Pass::inference(1);
            let expected = run(&*layer, &short, short.config.tape(short.input), &one, &values, &weights);
            for (index, step) in KEPT.into_iter().enumerate() {
                assert_near(&found[0][step * 4..][..4], &expected[0][index * 4..][..4]);
                assert_near(&found[1][step * 3..][..3], &expected[1][index * 3..][..3]);
            }
            assert_eq!(found[0][..4], [0.0; 4]);
            assert_eq!(found[0][3 * 4..4 * 4], found[0][2 * 4..3 * 4]);
            assert_eq!(found[1][3 * 3..5 * 3], [0.0; 6]);
            assert_near(&found[2], &expected[2]);
        }
    )*};
}

gaps! {
    an_rnn_passes_over_zeros: Rnn;
    an_lstm_passes_over_zeros: Lstm;
    a_gru_passes_over_zeros: Gru;
}

#[test]
fn the_same_units_are_dropped_at_every_step() {
    let call = call_of!(Rnn { units: 1, dropout: 0.5 }, [6, 64]);
    let mut layer = Rnn::<64, 1, f64>::zeroed_box();
    for (index, weight) in layer.weight.iter_mut().enumerate() {
        weight[0][0] = 1e-3 * index as f64;
    }
    // Without a recurrent weight the output tells the sum of what is kept.
    let pass = Pass::training(2, 3);
    let [output, ..] = run(&*layer, &call, 2 * call.config.tape(call.input), &pass, &[0.1; 2 * 6 * 64], &[1.0; 12]);
    assert!(output[..6].iter().all(|value| *value == output[0]), "{output:?}");
    assert_ne!(output[0], output[6]);
    let [all, ..] = run(&*layer, &call, call.config.tape(call.input), &Pass::inference(1), &[0.1; 6 * 64], &[1.0; 6]);
    assert_ne!(all[0], output[0]);
}

#[test]
fn weights_start_as_in_keras() {
    let call = call_of!(Lstm { units: 8 }, [2, 5]);
    let layer = initialized::<Lstm<5, 8, f64>>(&call);
    assert_eq!(layer.bias, [[0.0; 8], [1.0; 8], [0.0; 8], [0.0; 8]]);
    for (index, row) in layer.recurrent.iter().enumerate() {
        for (other, column) in layer.recurrent.iter().enumerate() {
            let product = row.as_flattened().iter().zip(column.as_flattened()).map(|(a, b)| a * b).sum::<f64>();
            assert!((product - f64::from(u8::from(index == other))).abs() < 1e-12, "{index} · {other} = {product}");
        }
    }
}
