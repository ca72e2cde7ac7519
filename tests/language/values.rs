//! Arithmetic and functions of values.

use netform::network;
use netform::prelude::{GradientSum, Network, Predict, Run};

use crate::laws;

laws! {
    numbers_on_either_side: Numbers<f64>;
    smaller_operands_are_repeated: Broadcasts<f64>;
    quotients: Quotients<f64>;
    parts_of_any_axis: Parts<f64>;
    layers_as_functions: Functions<f64>;
}

network! {
    struct Numbers(x: [4]) -> [4] {
        let y = 1 - x * 0.5 + 2 / x - x / 4.0;
        let z = -(1.5 * y) - {HALF};
        z + 3 -> Dense(4)
    }

    struct Broadcasts(x: [2, 3, 4]) -> [2, 3, 4] {
        let channels = mean(x, axes = [0, 1]) -> Dense(4) -> Sigmoid;
        let rows = mean(x, axes = [1, 2], keep = true) -> Tanh;
        let one = sum(x, axes = [0, 1, 2]);
        x * channels + rows - one * x
    }

    struct Quotients(x: [3]) -> [3] {
        let y = x -> Dense(3) -> Sigmoid;
        x / (y + 1) / (x + 0.5)
    }

    struct Parts(x: [4, 6]) -> [3, 5] {
        let (a, b) = split(x, 2, axis = 0);
        let (c, d, e) = split(concat(a, b), [3, 4, 5]);
        let f = concat(slice(c, 1..), slice(d, ..2), axis = 0);
        let e = concat(e, e * 2, axis = 0);
        let g = concat(slice(e, 0..2), f, axis = -1);
        concat(g, x -> slice_rows: Dense(4), axis = 0) -> Flatten -> Dense(15) -> Reshape([3, 5])
    }

    struct Functions(x: [2, 3]) -> [3, 4] {
        let y = permute(tanh(x), [1, 0]);
        let z = pad(y, 1, axes = -1);
        softmax(z) * sqrt(z + 1) -> Dense(4) -> Permute([1, 0]) -> Permute([1, 0])
    }

    struct Stopped(x: [3]) -> [3] {
        let y = x -> fc: Dense(3) -> Tanh;
        y * stop_gradient(y)
    }

    struct Blocked(a: [2], b: [3]) -> [2] {
        let gate = sigmoid(stop_gradient(b -> Reshape([3])) -> Dense(2));
        (a -> Dense(2)) * gate
    }
}

const HALF: f64 = 0.5;

/// The gradient of the sum of the outputs by the input.
fn slope<N: Network<f64> + Predict<f64>>(
    network: &N,
    input: netform::predict::Input<f64, N>,
    ones: netform::predict::Output<f64, N>,
) -> netform::predict::Input<f64, N> {
    let mut run = Run::<f64, N>::new(network, 1);
    run.forward(network, &[input]).expect("room for one sample");
    run.output_gradients()[0] = ones;
    run.backward_to_input(network, None::<&mut GradientSum<f64, N>>).expect("a forward pass")[0]
}

#[test]
fn a_stopped_gradient_is_that_of_a_constant() {
    let network = Stopped::<f64>::with_seed(3);
    let x = [0.3, -0.2, 0.8];
    let y: Vec<f64> = network.predict(&x).iter().map(|square| square.sqrt()).collect();
    let found = slope(&*network, x, [1.0; 3]);
    // d(y c)/dx with c = y held fast: half of what the square would give.
    for (input, found) in found.iter().enumerate() {
        let step = 1e-6;
        let moved = |by: f64| {
            let mut x = x;
            x[input] += by;
            network.predict(&x).iter().sum::<f64>()
        };
        let whole = (moved(step) - moved(-step)) / (2.0 * step);
        assert!((found - whole / 2.0).abs() < 1e-8, "{found} {whole} {y:?}");
    }
}

#[test]
fn an_input_behind_a_stop_has_no_gradient() {
    let network = Blocked::<f64>::with_seed(3);
    let input = BlockedInput { a: [0.5, -1.0], b: [1.0, 2.0, 3.0] };
    let found = slope(&*network, input, [1.0; 2]);
    assert_eq!(found.b, [0.0; 3]);
    assert!(found.a.iter().all(|slope| *slope != 0.0));
}

#[test]
fn values_are_what_they_say() {
    let mut network = Numbers::<f64>::with_seed(1);
    network.dense.weight = std::array::from_fn(|row| std::array::from_fn(|column| f64::from(u8::from(row == column))));
    let x = [0.5, 1.0, 2.0, -4.0];
    for (found, x) in network.predict(&x).iter().zip(x) {
        let y = 1.0 - x * 0.5 + 2.0 / x - x / 4.0;
        assert!((found - (-1.5 * y - 0.5 + 3.0)).abs() < 1e-12);
    }
}
