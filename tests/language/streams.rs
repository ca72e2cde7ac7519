//! Networks that go through a sequence step by step: each step gives what the whole sequence gives for it.

use netform::network::Streams;
use netform::predict::{Predict, Stream, StreamEnded, WrongState};
use netform::simd::Plain;
use netform::{Random, network};

use crate::laws;

laws! {
    a_stack_of_layers: Stack<f64>;
    both_ways: BothWays<f64>;
    waves: Waves<f64>;
}

network! {
    /// The state of each step.
    #[stream]
    struct Stack(x: [7, 3]) -> [7, 4] {
        let h = x -> Dense(5) -> Tanh -> Lstm(5);
        let g = h + (h -> LayerNorm -> Gru(5)) -> Rnn(6);
        concat(g, x) -> gates: Dense(8) -> Glu -> Softmax
    }

    /// The last state alone.
    #[stream]
    struct Last(x: [7, 3]) -> [2] {
        x -> Lstm(4) -> Gru(6, last = true) -> Reshape([3, 2]) -> Flatten -> Dense(2)
    }

    struct BothWays(x: [5, 3]) -> [4] {
        concat(x -> Lstm(2, last = true), x -> Gru(2, last = true, reverse = true))
    }

    /// For each step gains and a voice, and a word from all so far.
    #[stream]
    struct Heard(x: [6, 4]) -> (gains: [6, 3], voice: [6, 1], word: [2]) {
        let h = x -> Gru(5);
        (h -> Dense(3) -> Sigmoid, h -> Dense(1), h -> Gru(3, last = true) -> Dense(2))
    }

    /// Sound, what it is spoken with, and a number for each step.
    #[stream]
    struct Guided(sound: [6, 4], speaker: [6, 2, 3], loud: [6]) -> [6, 2] {
        let h = sound -> Gru(3);
        let guide = speaker -> Mean(-1) -> Dense(3) -> Tanh;
        h * guide + (loud -> Embedding(4, 3)) -> Lstm(2)
    }

    /// With sizes of its own, and several outputs.
    #[stream]
    struct GuidedSized<const TIME: usize, const W: usize>(x: [TIME, W], y: [TIME, 2]) -> (gain: [TIME, W], last: [3]) {
        let h = x + (y -> Dense(W)) -> Gru(W);
        (h * x, h -> Rnn(3, last = true))
    }
    instances [(4, 3)]

    /// The state itself, and twice the same value.
    #[stream]
    struct States<const TIME: usize, const UNITS: usize>(x: [TIME, 3]) -> (state: [TIME, UNITS], again: [TIME, UNITS]) {
        let h = x -> Lstm(UNITS);
        (h, h)
    }
    instances [(6, 5)]

    /// Letters come in one by one.
    #[stream]
    struct Letters(x: [9]) -> [9, 5] {
        x -> embed: Embedding(5, 4) -> Gru(4, masked = true) -> Tied(embed)
    }

    #[stream]
    struct Generic<const TIME: usize, const UNITS: usize>(x: [TIME, 3]) -> [TIME, UNITS] {
        x -> Dense(UNITS) -> [Lstm(UNITS); 2] -> BatchNorm
    }
    instances [(6, 5)]

    /// A language model with a cache of keys and values.
    #[stream]
    struct Gpt(x: [9]) -> [9, 5] {
        x -> embed: Embedding(5, 8) -> PositionalEmbedding(9) -> [Block; 2] -> LayerNorm -> Tied(embed)
    }

    /// Without a longest sequence: no step sees more than four.
    #[stream]
    struct Endless(x: [9, 8]) -> [9, 8] {
        x -> SinusoidalPosition -> Attention(4, key_heads = 1, causal = true, window = 4, rotary = true, bias = false)
    }

    block Block(x: [time, width]) {
        let x = x + (x -> LayerNorm -> Attention(2, key_heads = 1, causal = true, rotary = true, masked = true));
        x + (x -> RmsNorm -> Dense(2 * width) -> SwiGlu -> Dense(width))
    }

    /// Causal convolutions of every kind, as WaveNet stacks them (van den Oord et al., 2016); one of a single step needs no
    /// padding.
    #[stream]
    struct Waves(x: [12, 2]) -> [12, 3] {
        x -> Conv1d(6, kernel = 3, padding = causal) -> Relu -> [Gated; 2]
          -> SeparableConv1d(5, kernel = 4, padding = causal, multiplier = 2, dilation = 3) -> Tanh
          -> Conv1d(4, kernel = 2, padding = causal, dilation = 5)
          -> SeparableConv1d(3, kernel = 1)
    }

    block Gated(x: [time, width]) {
        let h = x -> DepthwiseConv1d(3, padding = causal, dilation = 2) -> Conv1d(2 * width, kernel = 1) -> Glu;
        x + h
    }

    #[stream]
    struct GenericWaves<const TIME: usize, const KERNEL: usize>(x: [TIME, 3]) -> [TIME, 4] {
        x -> DepthwiseConv1d(KERNEL, padding = causal) -> Conv1d(4, kernel = KERNEL, padding = causal, dilation = 2)
    }
    instances [(6, 3)]

    /// What becomes of the features of each step.
    #[stream]
    struct Features(x: [6, 3]) -> [6, 5] {
        let x = x -> GaussianNoise(0.1) -> Dense(4) -> SpatialDropout(0.5) -> DropPath(0.1);
        let x = (x - mean(x, axes = -1, keep = true)) * (x -> Max(-1, keep = true) -> Sigmoid);
        x -> Pad(2) -> Crop(1) -> AlphaDropout(0.2) -> Dense(5)
    }

    /// So many steps that the emitted code is cut into functions.
    #[stream]
    struct Long(x: [4, 3]) -> [4, 3] {
        x -> [Gru(3); 30] -> [Dense(3); 30]
    }
}

fn numbers<const FEATURES: usize>(count: usize) -> Vec<[f64; FEATURES]> {
    let mut random = Random::new(8);
    (0..count).map(|_| std::array::from_fn(|_| random.normal())).collect()
}

fn assert_near(found: &[f64], expected: &[f64]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }
}

/// Holds a stream with an output for each step to the whole sequence.
fn agrees<N: Predict<f64> + Streams<f64>>(network: &N, input: &[f64], expected: &[f64]) {
    let mut stream = Stream::new(network);
    let width = expected.len() / network_steps::<N>();
    for round in 0..2 {
        for (step, input) in input.chunks_exact(input.len() / network_steps::<N>()).enumerate() {
            assert_eq!(stream.position(), step, "round {round}");
            let input = Plain::from_slice(input).expect("one step");
            let output = stream.step(input).expect("no longest sequence");
            assert_near(output.as_slice(), &expected[step * width..][..width]);
        }
        stream.restart();
    }
}

fn network_steps<N: Streams<f64>>() -> usize {
    use netform::shapes::SampleShape;
    N::Input::SHAPE.dim(0)
}

#[test]
fn a_step_gives_its_part_of_several_outputs() {
    let network = Heard::<f64>::with_seed(7);
    let frames: [[f64; 4]; 6] = numbers(6).try_into().expect("six steps");
    let (whole, mut stream) = (network.predict(&frames), Stream::new(&*network));
    for (step, frame) in frames.iter().enumerate() {
        let heard: &HeardStep<f64> = stream.step(frame).expect("no longest sequence");
        assert_near(&heard.gains, &whole.gains[step]);
        assert_near(&heard.voice, &whole.voice[step]);
        if step == 5 {
            assert_near(&heard.word, &whole.word);
        }
    }

    let network = States::<6, 5, f64>::with_seed(8);
    let frames: [[f64; 3]; 6] = numbers(6).try_into().expect("six steps");
    let (whole, mut stream) = (network.predict(&frames), Stream::new(&*network));
    for (step, frame) in frames.iter().enumerate() {
        let StatesStep { state, again } = *stream.step(frame).expect("no longest sequence");
        assert_near(&state, &whole.state[step]);
        assert_near(&again, &whole.again[step]);
    }
}

#[test]
fn a_step_takes_its_part_of_several_inputs() {
    let network = Guided::<f64>::with_seed(9);
    let sound: [[f64; 4]; 6] = numbers(6).try_into().expect("six steps");
    let parts: [[f64; 3]; 12] = numbers(12).try_into().expect("two for each step");
    let speaker: [[[f64; 3]; 2]; 6] = std::array::from_fn(|step| [parts[2 * step], parts[2 * step + 1]]);
    let loud = [1.0, 0.0, 3.0, 3.0, 2.0, 0.0];
    let (whole, mut stream) = (network.predict(&GuidedInput { sound, speaker, loud }), Stream::new(&*network));
    for (step, expected) in whole.iter().enumerate() {
        let input = GuidedStepInput { sound: sound[step], speaker: speaker[step], loud: [loud[step]] };
        assert_near(stream.step(&input).expect("no longest sequence"), expected);
    }

    let network = GuidedSized::<4, 3, f64>::with_seed(9);
    let (x, y) = (numbers(4).try_into().expect("four"), numbers(4).try_into().expect("four"));
    let input = GuidedSizedInput::<4, 3, f64> { x, y };
    let (whole, mut stream) = (network.predict(&input), Stream::new(&*network));
    for step in 0..4 {
        let GuidedSizedStep { gain, last } =
            *stream.step(&GuidedSizedStepInput { x: x[step], y: y[step] }).expect("no longest sequence");
        assert_near(&gain, &whole.gain[step]);
        if step == 3 {
            assert_near(&last, &whole.last);
        }
    }
}

#[test]
fn a_step_gives_its_part_of_the_sequence() {
    let network = Stack::<f64>::with_seed(1);
    let input: [[f64; 3]; 7] = numbers(7).try_into().expect("seven steps");
    agrees(&*network, input.as_flattened(), network.predict(&input).as_flattened());

    let network = Letters::<f64>::with_seed(2);
    let input = [1.0, 0.0, 4.0, 3.0, 3.0, 0.0, 2.0, 1.0, 4.0];
    agrees(&*network, &input, network.predict(&input).as_flattened());

    let network = Generic::<6, 5, f64>::with_seed(3);
    let input: [[f64; 3]; 6] = numbers(6).try_into().expect("six steps");
    agrees(&*network, input.as_flattened(), network.predict(&input).as_flattened());

    let network = Long::<f64>::with_seed(4);
    let input: [[f64; 3]; 4] = numbers(4).try_into().expect("four steps");
    agrees(&*network, input.as_flattened(), network.predict(&input).as_flattened());
}

#[test]
fn a_language_model_writes_with_its_cache() {
    let network = Gpt::<f64>::with_seed(6);
    let input = [1.0, 0.0, 4.0, 3.0, 3.0, 0.0, 2.0, 1.0, 4.0];
    agrees(&*network, &input, network.predict(&input).as_flattened());
    assert_eq!(Gpt::<f64>::LONGEST, Some(9));
    // Of each step: a head of keys, one of values, and whether it is padding; twice.
    assert_eq!(<Gpt<f64> as Streams<f64>>::STATE, 2 * 9 * (4 + 4 + 1));
}

#[test]
fn a_window_lets_a_stream_go_on_for_ever() {
    let network = Endless::<f64>::with_seed(7);
    let input: [[f64; 8]; 9] = numbers(9).try_into().expect("nine steps");
    agrees(&*network, input.as_flattened(), network.predict(&input).as_flattened());
    assert_eq!((Endless::<f64>::LONGEST, <Endless<f64> as Streams<f64>>::STATE), (None, 4 * (2 + 2)));
    let mut stream = Stream::new(&*network);
    assert!((0..40).all(|step| stream.step(&input[step % 9]).is_ok()));
}

#[test]
fn causal_convolutions_remember_what_their_windows_reach() {
    let network = Waves::<f64>::with_seed(8);
    let input: [[f64; 2]; 12] = numbers(12).try_into().expect("twelve steps");
    agrees(&*network, input.as_flattened(), network.predict(&input).as_flattened());
    // A window for each of `dilation` steps: kernel times channels.
    let state = 3 * 2 + 2 * (2 * 3 * 6) + 3 * 4 * 6 + 5 * 2 * 5;
    assert_eq!((Waves::<f64>::LONGEST, <Waves<f64> as Streams<f64>>::STATE), (None, state));

    let network = GenericWaves::<6, 3, f64>::with_seed(9);
    let input: [[f64; 3]; 6] = numbers(6).try_into().expect("six steps");
    agrees(&*network, input.as_flattened(), network.predict(&input).as_flattened());
}

#[test]
fn features_of_a_step_are_put_together() {
    let network = Features::<f64>::with_seed(1);
    let input: [[f64; 3]; 6] = numbers(6).try_into().expect("six steps");
    agrees(&*network, input.as_flattened(), network.predict(&input).as_flattened());
}

#[test]
fn a_step_of_what_sees_the_last_state_gives_the_whole_output() {
    let network = Last::<f64>::with_seed(5);
    let input: [[f64; 3]; 7] = numbers(7).try_into().expect("seven steps");
    let mut stream = Stream::new(&*network);
    let outputs: Vec<[f64; 2]> = input.iter().map(|step| *stream.step(step).expect("no longest sequence")).collect();
    assert_near(&outputs[6], &network.predict(&input));
    assert_ne!(outputs[5], outputs[6]);
    // It goes on behind the length that the network was trained with.
    assert!(stream.step(&input[0]).is_ok());
    assert_eq!((Last::<f64>::LONGEST, stream.position()), (None, 8));
}

#[test]
fn a_state_can_be_kept_and_gone_on_with() {
    let network = Last::<f64>::with_seed(5);
    let steps = numbers::<3>(5);
    let mut stream = Stream::new(&*network);
    stream.step(&steps[0]).expect("no longest sequence");
    let (position, state) = (stream.position(), stream.state().to_vec());
    let one = *stream.step(&steps[1]).expect("no longest sequence");
    stream.step(&steps[2]).expect("no longest sequence");
    stream.resume(position, &state).expect("a state of this network");
    assert_eq!(*stream.step(&steps[1]).expect("no longest sequence"), one);
    let found = stream.resume(0, &state[1..]);
    assert_eq!(found, Err(WrongState { expected: Last::<f64>::STATE, found: Last::<f64>::STATE - 1 }));
}

#[test]
fn a_stream_runs_in_memory_of_the_callers() {
    const STATE: usize = <Last<f64> as Streams<f64>>::STATE;
    const WORKSPACE: usize = <Last<f64> as Streams<f64>>::STEP.per_sample + <Last<f64> as Streams<f64>>::STEP.single;
    let network = Last::<f64>::with_seed(5);
    let (mut state, mut workspace) = ([f64::NAN; STATE], vec![f64::NAN; WORKSPACE]);
    let mut stream = Stream::within(&*network, &mut state[..], &mut workspace[..]).expect("memory enough");
    let step = numbers::<3>(1)[0];
    let expected = *Stream::new(&*network).step(&step).expect("no longest sequence");
    assert_eq!(stream.step(&step), Ok::<_, StreamEnded>(&expected));
    assert!(Stream::within(&*network, &mut [0.0; STATE - 1][..], &mut workspace[..]).is_err());
}
