//! Without a prelude, among names that emitted code must not take for its own.
#![no_implicit_prelude]
#![allow(dead_code, unused_macros)]

/// Types, traits, modules and consts.
mod items {
    pub struct Dense;
    pub struct Layer;
    pub struct Option;
    pub struct Result;
    pub struct Box;
    pub struct Vec;
    pub struct Memory;
    pub struct Activations;
    pub struct Network;
    pub struct Pass;
    pub struct Shape;
    pub struct Features;
    pub struct Some;
    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct Default;
    pub struct Sized;
    pub struct String;
    pub trait Scalar {}
    pub trait Copy {}
    pub trait Clone {}
    pub trait Send {}
    pub trait Sync {}
    pub trait Plain {}
    pub mod kernels {}
    pub mod layers {}
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod netform {}
    pub mod nn_core {}
    pub mod rt {}
    pub const T: usize = 3;
    pub const N: usize = 4;
    pub const H: usize = 6;
    pub const IN: usize = 7;
    pub const OUT: usize = 8;
    pub const SCRATCH: usize = 5;
    pub const TRAINING: usize = 9;
    pub const PARTS: usize = 10;

    ::netform::network! {
        /// Every form of the language once.
        pub struct Hostile(input: [8, 8, 1]) -> [T] {
            let pass = input -> Conv2d(N, kernel = 3, padding = same) -> BatchNorm -> Relu;
            let workspace = pass -> Conv2d(4, kernel = 3, padding = same) -> Elu;
            let gradient = workspace + pass -> MaxPool2d(2) -> Flatten;
            let segment = gradient -> Dense(SCRATCH) -> Dropout(0.1);
            concat(segment, gradient) -> values: Dense(T) -> Softmax
        }

        /// Its own sizes hide those outside.
        pub struct Own<const N: usize, const H: usize>(x: [N]) -> [H] {
            x -> Dense(H) -> Tanh -> Dense(H)
        }
    }
}

/// Layers of the user's own, among such names as well.
mod layers {
    #[allow(unused_imports)]
    use super::items::*;

    ::netform::pointwise! {
        /// `slope · x²`.
        pub struct Parabola(slope: f64) {
            value: |x| slope * x * x,
            derivative: |x, _| slope * (x + x),
        }
    }

    ::netform::sample_layer! {
        /// A factor for each feature.
        pub struct Scale<const N: usize>(initial: f64, end: usize) {
            /// `[N]`.
            factor: Weight[N],
        }
        out_shape: |input| ::core::result::Result::Ok(input.with_last(end))
    }

    impl<const N: usize, T: ::netform::Scalar> ::netform::own::SampleLayer<T> for Scale<N, T> {
        type Kind = ::netform::network::Scores;

        fn forward(&self, _: ::netform::own::Sample<'_, (f64, usize), T>, input: &[T], output: &mut [T]) {
            output.copy_from_slice(&input[..output.len()]);
        }

        fn backward(
            &self,
            _: ::netform::own::Sample<'_, (f64, usize), T>,
            _: ::netform::layer::Activations<'_, T>,
            _: ::netform::own::Gradients<'_, T, Self>,
        ) {
        }
    }

    ::netform::network! {
        /// Both in a network.
        pub struct Owned(x: [4]) -> [2] { x -> self::Parabola(0.5) -> self::Scale<_>(1.0, 3) -> Dense(2) }
    }
}

/// Macros that hide the standard library's.
mod macros {
    macro_rules! panic {
        ($($tokens:tt)*) => {
            ::core::compile_error!("the user's `panic!`")
        };
    }
    macro_rules! assert {
        ($($tokens:tt)*) => {
            ::core::compile_error!("the user's `assert!`")
        };
    }
    macro_rules! vec {
        ($($tokens:tt)*) => {
            ::core::compile_error!("the user's `vec!`")
        };
    }
    macro_rules! concat {
        ($($tokens:tt)*) => {
            ::core::compile_error!("the user's `concat!`")
        };
    }
    macro_rules! plain {
        ($($tokens:tt)*) => {
            ::core::compile_error!("the user's `plain!`")
        };
    }
    macro_rules! with_alloc {
        ($($tokens:tt)*) => {
            ::core::compile_error!("the user's `with_alloc!`")
        };
    }
    macro_rules! network {
        ($($tokens:tt)*) => {
            ::core::compile_error!("the user's `network!`")
        };
    }

    const SIX: usize = 6;

    ::netform::network! {
        /// With a size that only rustc knows: its checks can panic.
        pub struct Shadowed(x: [4]) -> [2] {
            let a = x -> Dense(SIX) -> Gelu;
            concat(a, x) -> Dense(2)
        }

        /// Its weights stand in the program.
        pub struct Wired(state: [4]) -> [1] { state -> Dense(16) -> Tanh -> Dense(16) -> Tanh -> Dense(1) }
    }

    pub static WIRED: &Wired = ::netform::weights!("examples/embedded/controller.safetensors" for Wired);
}

#[test]
fn a_network_compiles_among_hostile_names() {
    let network = items::Hostile::new(1);
    ::core::assert_eq!(network.values.bias, [0.0; 3]);
    ::core::assert_eq!(items::Own::<2, 3>::PARAMS, 2 * 3 + 3 + 3 * 3 + 3);
    ::core::assert_eq!(layers::Owned::PARAMS, 4 + 3 * 2 + 2);
    ::core::assert_eq!(macros::Shadowed::PARAMS, 4 * 6 + 6 + 10 * 2 + 2);
    ::core::assert!(macros::WIRED.dense.weight[0][0] != 0.0);
}
