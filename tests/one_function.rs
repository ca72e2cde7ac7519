//! A small network predicts in one inlined function, with kernels of its own: it gives what the layers give when each is
//! called by itself, up to rounding. (A build without optimisation never chooses it; here it is called by name.)

use netform::prelude::*;
use netform::rt::{Pass, Steps, infer_inlined};

mod layers {
    netform::pointwise! {
        /// `x · |x|`
        pub struct SignedSquare { value: |x| x * x.abs(), derivative: |x, _| T::of(2.0) * x.abs() }
    }

    netform::network! {
        pub struct Inner(x: [5]) -> [3] { x -> Dense(7) -> Elu -> Dense(3) }
    }
}

network! {
    struct Controller(state: [4]) -> [4] { state -> Dense(32) -> Relu -> Dense(16) -> Relu -> Dense(4) }
    struct Odd(x: [65]) -> [130] { x -> Dense(1) -> Tanh -> Dense(3) -> Dense(127) -> Sigmoid -> Dense(130) }
    struct One(x: [1]) -> [1] { x -> Dense(1, bias = false) }
    struct Probable(x: [33]) -> [10] { x -> Dense(31, bias = false) -> Silu -> Dropout(0.5) -> Dense(10) -> Softmax }
    struct Joined(x: [12], y: [5]) -> (sum: [12], rest: [17]) {
        let z = x -> Dense(12) -> Gelu;
        let a = 2 * x - z * z + z / 3;
        (a, concat(a, y) -> Abs -> LogSoftmax)
    }
    struct Seen(image: [6, 6, 2]) -> [4] {
        image -> Conv2d(3, kernel = 3) -> Relu -> MaxPool2d(2) -> Flatten -> Dense(4)
    }
    struct Rows(x: [3, 5]) -> [3, 6] { x -> Dense(6) -> Tanh -> Dense(6) }
    struct Foreign(x: [5]) -> [3] { x -> self::layers::SignedSquare -> self::layers::Inner -> Softplus }
    struct Wide<const H: usize>(x: [8]) -> [2] { x -> Dense(H) -> LeakyRelu -> Dense(H) -> Dense(2) }
    instances [1, 9]
}

fn agrees<T: Scalar, N: Steps<T>>(seed: u64) {
    let mut random = Random::new(seed);
    let network: AlignedBox<N> = netform::rt::seeded(seed);
    let mut input = || T::of(2.0 * random.uniform() - 1.0);
    let input: Vec<T> = (0..N::Input::SHAPE.len()).map(|_| input()).collect();
    let run = |is_inlined: bool| {
        let mut workspace = vec![T::nan(); N::INFERENCE.per_sample];
        let mut scratch = vec![T::nan(); N::INFERENCE.single];
        if is_inlined {
            infer_inlined(&*network, &input, &mut workspace, &mut scratch);
        } else {
            network.infer(&Pass::inference(1), &input, &mut workspace, &mut scratch, &mut ());
        }
        workspace[N::INFERENCE.output.range(1)].to_vec()
    };
    for (found, expected) in run(true).into_iter().zip(run(false)) {
        let (found, expected) = (found.wide(), expected.wide());
        let bound = 32.0 * T::epsilon().wide() * expected.abs().max(1.0);
        assert!((found - expected).abs() <= bound, "{}, {}: {found} for {expected}", N::NAME, T::NAME);
    }
}

macro_rules! agree {
    ($($test:ident: $name:ident $(<$size:literal>)?;)*) => {$(
        #[test]
        fn $test() {
            for seed in 0..5 {
                agrees::<f32, $name<$($size,)? f32>>(seed);
                agrees::<f64, $name<$($size,)? f64>>(seed);
            }
        }
    )*};
}

agree! {
    a_controller: Controller;
    odd_sizes: Odd;
    one_number: One;
    probabilities: Probable;
    joins_of_several_inputs: Joined;
    an_image: Seen;
    rows: Rows;
    layers_of_the_user: Foreign;
    a_size_of_one: Wide<1>;
    a_size_of_nine: Wide<9>;
}

#[test]
fn a_prediction_is_that_of_a_tile() {
    let network = Controller::new(1);
    let samples: Vec<[f32; 4]> = (0..9).map(|sample| [sample as f32 / 9.0, -0.5, 0.25, 1.0]).collect();
    let many = network.predict_many(&samples);
    for (sample, of_tile) in samples.iter().zip(many) {
        let alone = network.predict(sample);
        let error = alone.iter().zip(of_tile).map(|(left, right)| (left - right).abs()).fold(0.0, f32::max);
        assert!(error <= 1e-6, "{alone:?} and {of_tile:?}");
    }
}
