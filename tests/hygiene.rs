//! Emitted code stands on its own feet: it needs no prelude, no imports, and minds no names of the user's.

#![no_implicit_prelude]
#![allow(dead_code, unreachable_pub)]

/// Names that emitted code must not take for its own.
mod hostile {
    pub struct Dense;
    pub struct Layer;
    pub struct Option;
    pub struct Result;
    pub struct Box;
    pub struct Vec;
    pub struct Memory;
    pub struct Activations;
    pub struct Network;
    pub trait Scalar {}
    pub mod kernels {}
    pub mod layers {}
    pub mod core {}
    pub mod std {}
    pub const T: usize = 3;
    pub const SCRATCH: usize = 5;

    ::netform::network! {
        /// Every form of the language once.
        pub struct Hostile(input: [8, 8, 1]) -> [T] {
            let pass = input -> Conv2d(4, kernel = 3, padding = same) -> BatchNorm -> Relu;
            let workspace = pass -> Conv2d(4, kernel = 3, padding = same) -> Elu;
            let gradient = workspace + pass -> MaxPool2d(2) -> Flatten;
            let segment = gradient -> Dense(SCRATCH) -> Dropout(0.1);
            concat(segment, gradient) -> values: Dense(T) -> Softmax
        }
    }
}

#[test]
fn a_network_compiles_among_hostile_names() {
    let network = hostile::Hostile::new(1);
    ::core::assert_eq!(network.values.bias, [0.0; 3]);
}

#[test]
fn a_network_can_stand_in_a_function() {
    const HIDDEN: usize = 4;
    ::netform::network! {
        struct Local(x: [2]) -> [1] { x -> Dense(HIDDEN) -> Tanh -> Dense(1) }
    }
    ::core::assert_eq!(Local::PARAMS, 17);
}
