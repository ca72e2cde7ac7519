//! Wherever an item can stand: in functions, in generic ones, in macros of the user's; with any name that Rust allows.

use netform::prelude::*;

#[test]
fn in_a_function() {
    const HIDDEN: usize = 4;
    network! {
        struct Local(x: [2]) -> [1] { x -> Dense(HIDDEN) -> Tanh -> Dense(1) }
    }
    assert_eq!(Local::PARAMS, 17);
}

/// The network's `T` and `N` are its own, not the function's.
fn in_a_generic_function<T: Default + PartialEq, const N: usize>(value: T) -> usize {
    network! {
        struct Inside<const N: usize>(x: [3]) -> [N] { x -> Dense(N) }
    }
    assert!(value == T::default());
    Inside::<2>::PARAMS + N
}

struct Holder<T>(T);

impl<T: Default> Holder<T> {
    fn parameters(&self) -> usize {
        network! {
            struct Inside(x: [3]) -> [1] { x -> Dense(1) }
        }
        let _: &T = &self.0;
        Inside::PARAMS
    }
}

#[test]
fn in_a_generic_body() {
    assert_eq!(in_a_generic_function::<u8, 5>(0), 3 * 2 + 2 + 5);
    assert_eq!(Holder(1.0).parameters(), 4);
}

#[test]
fn in_a_block_closure_and_const() {
    let parameters = {
        network! {
            struct Blocked(x: [3]) -> [1] { x -> Dense(1) }
        }
        || Blocked::PARAMS
    };
    const SIZE: usize = {
        network! {
            struct Constant(x: [2]) -> [2] { x -> Dense(2) }
        }
        Constant::PARAMS
    };
    assert_eq!((parameters(), SIZE), (4, 6));
}

/// Fully written inside: all names have the macro's hygiene.
macro_rules! inside {
    () => {
        network! {
            /// Names of the macro's.
            pub struct Written(x: [4]) -> [2] {
                let h = x -> first: Dense(3) -> Tanh;
                h -> Dense(3) -> first_again: Dense(2)
            }
        }
    };
}
inside!();

/// Names, sizes and layers from the caller among names of the macro's.
macro_rules! passed {
    ($(#[$meta:meta])* $visibility:vis $name:ident, $input:ident, $field:ident, $hidden:expr, $size:literal, $layer:ident) => {
        network! {
            $(#[$meta])*
            $visibility struct $name($input: [4]) -> [$size] {
                let h = $input -> $field: Dense($hidden) -> $layer;
                h -> last: Dense($size)
            }
        }
    };
}
passed!(
    /// A caller's.
    pub Passed, x, body, 2 * 3, 2, Relu
);

/// A whole layer, a type and a path from the caller.
macro_rules! pieces {
    ($name:ident, $inner:path, $size:expr, [$($axis:expr),*], $($layer:tt)*) => {
        network! {
            struct $name(x: [$($axis),*]) -> [$size] { x -> Dense(4) -> inner: $inner -> $($layer)* -> Dense($size) }
        }
    };
}
pieces!(Pieces, self::Written, 1 + 1, [5], Dense(7) -> Gelu);

/// The same names in two uses do not meet.
macro_rules! many {
    ($($name:ident: $size:expr;)*) => {
        network! {
            $(struct $name(x: [$size]) -> [1] { let x = x -> Dense(2) -> Tanh; x -> Dense(1) })*
        }
    };
}
many! {
    One: 1;
    Two: 2;
}

#[test]
fn in_macros() {
    let network = Written::new(1);
    assert_eq!(network.first.bias.len() + network.first_again.bias.len(), 5);
    let scores: [f32; 2] = network.predict(&[0.0; 4]);
    assert!(scores.iter().all(|score| score.is_finite()));
    let network = Passed::new(1);
    assert_eq!((network.body.bias.len(), network.last.bias.len()), (6, 2));
    assert_eq!(Pieces::new(1).inner.first.bias, [0.0; 3]);
    assert_eq!((One::PARAMS, Two::PARAMS), (2 + 2 + 2 + 1, 4 + 2 + 2 + 1));
}

network! {
    /// Keywords as names.
    struct Raw(r#in: [2]) -> [3] {
        let r#let = r#in -> r#type: Dense(3) -> Tanh;
        r#let -> r#fn: Dense(3) -> r#struct: Dense(3) -> r#fn
    }

    struct r#Type(x: [2]) -> [3] { x -> r#match: self::Raw }

    /// Letters beyond ASCII.
    struct Größe(länge: [2]) -> [1] { länge -> höhe: Dense(1) }
}

#[test]
fn with_any_name() {
    let network = Raw::new(1);
    assert_eq!(network.r#type.weight.len(), 2);
    let names: Vec<String> =
        netform::tensors::tensors(<Raw as Network<f32>>::PARTS).into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["type.weight", "type.bias", "fn.weight", "fn.bias", "struct.weight", "struct.bias"]);
    assert_eq!(r#Type::new(1).r#match.r#fn.bias, [0.0; 3]);
    assert_eq!(Größe::new(1).höhe.bias, [0.0]);
}
