//! A crate that knows the facade as `nn`: emitted code must not look for `netform`.

use nn::prelude::*;

network! {
    /// Every form of the language that emits paths.
    pub struct Renamed(image: [6, 6, 1]) -> [3] {
        let x = image -> Conv2d(4, kernel = 3, padding = same) -> BatchNorm -> Relu;
        let y = x * (x -> Conv2d(WIDTH, kernel = 3, padding = same)) -> MaxPool2d(2);
        y -> Flatten -> Dropout(0.1) -> head: self::Head -> Softmax
    }

    /// A network in a network.
    pub struct Head(x: [36]) -> [3] { x -> Dense(3) }

    /// With a size of its own.
    pub struct Sized<const H: usize>(x: [4]) -> [H] { x -> Dense(H) }
}

network! {
    /// Its weights stand in the program.
    pub struct Controller(state: [4]) -> [1] { state -> Dense(16) -> Tanh -> Dense(16) -> Tanh -> Dense(1) }
}

/// Weights of another crate's example.
pub static CONTROLLER: &Controller = nn::weights!("../../../examples/embedded/controller.safetensors" for Controller);

/// As many channels as the layer in front.
pub const WIDTH: usize = 4;

#[test]
fn networks_of_a_renamed_facade_work() {
    let scores = Renamed::new(1).predict(&[[[0.5]; 6]; 6]);
    assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    assert_eq!(Sized::<2>::PARAMS, 10);
    assert!(CONTROLLER.dense.weight[0][0] != 0.0);
}
