//! What attributes say of parameters.

use netform::network;
use netform::prelude::*;
use netform::tensors::tensors;

use crate::laws;

laws! {
    frozen_layers_let_gradients_through: Frozen<f64>;
    a_frozen_network_with_statistics: Tuned<f64>;
    frozen_blocks: Partly<f64>;
}

network! {
    struct Frozen(x: [3, 3, 2]) -> [2] {
        x -> first: Conv2d(3, kernel = 2) -> #[freeze] norm: BatchNorm -> Relu -> #[freeze] second: Conv2d(2, kernel = 2)
          -> Flatten -> #[init(HeNormal)] #[l2(0.5)] #[no_decay] #[rate(0.1)] fc: Dense(2)
    }

    pub struct Encoder(x: [4]) -> [3] {
        x -> Dense(5) -> BatchNorm -> Tanh -> Dropout(0.5) -> Dense(3)
    }

    struct Tuned(x: [4]) -> [2] {
        x -> Dense(4) -> Tanh -> #[freeze] encoder: self::Encoder -> head: Dense(2)
    }

    block Layer(x: [width]) {
        x -> #[rate(0.5)] Dense(width) -> Tanh
    }

    struct Partly(x: [3]) -> [3] {
        x -> #[freeze] body: [Layer; 2] -> #[rate(0.5)] #[init(bias = Constant(0.25))] head: Layer
    }
}

#[test]
fn frozen_parameters_have_no_place_in_the_gradient() {
    assert_eq!((Frozen::PARAMS, Frozen::TRAINABLE_PARAMS), (27 + 6 + 26 + 6, 27 + 6));
    assert_eq!(size_of::<FrozenGradient>(), 4 * 33);
    assert_eq!(size_of::<PartlyGradient>(), 4 * 12);
    assert_eq!(Tuned::TRAINABLE_PARAMS, 20 + 8);
}

#[test]
fn marks_reach_the_tensors() {
    let found = tensors(<Frozen as Network<f32>>::PARTS);
    let weight = found.iter().find(|tensor| tensor.name == "fc.weight").expect("fc.weight");
    assert_eq!((weight.marks.l2, weight.marks.rate, weight.decays()), (0.5, 0.1, false));
    let found = tensors(<Partly as Network<f32>>::PARTS);
    assert!(found[..4].iter().all(|tensor| tensor.marks.frozen));
    assert_eq!((found[4].name.as_str(), found[4].marks.rate), ("head.dense.weight", 0.25));
}

#[test]
fn initialisers_fill_what_they_name() {
    let network = Partly::new(1);
    assert_eq!(network.head.dense.bias, [0.25; 3]);
    assert_eq!(network.body[0].dense.bias, [0.0; 3]);
}

#[test]
fn training_leaves_what_is_frozen() {
    let inputs: Vec<[f32; 4]> =
        (0..16).map(|sample| std::array::from_fn(|axis| ((sample * 7 + axis) % 5) as f32)).collect();
    let targets: Vec<[f32; 2]> = inputs.iter().map(|x| [x[0] - x[1], x[2]]).collect();
    let data = Dataset::<Features<4>, Values<Features<2>>>::from_samples(&inputs, &targets).expect("samples");
    let mut network = Tuned::new(3);
    let before = network.clone_boxed();
    let trainer = Trainer::new(MeanSquaredError, AdamW::new(0.01)).epochs(30).batch_size(5).silent();
    let losses: Vec<f64> = trainer.fit(&mut network, &data).expect("training").losses().collect();
    assert!(losses[29] < losses[0]);
    assert_eq!(network.encoder.as_slice(), before.encoder.as_slice());
    assert_ne!(network.dense.as_slice(), before.dense.as_slice());
}
