//! Emitted code raises no lint, however strict the user is. (`cargo clippy` checks those of clippy's.)
#![deny(unused, missing_docs, missing_debug_implementations, missing_copy_implementations, nonstandard_style)]
#![deny(unreachable_pub, unused_qualifications, single_use_lifetimes, trivial_casts, unsafe_code)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![allow(clippy::unnecessary_box_returns, reason = "a network is boxed on purpose")]

use netform::network;

const HIDDEN: usize = 5;

network! {
    /// Every kind of layer.
    pub struct Plain(image: [8, 8, 1]) -> [3] {
        let x = image -> Conv2d(4, kernel = 3, padding = same, bias = false) -> BatchNorm -> Relu;
        let y = x -> Conv2d(4, kernel = 3, padding = same) -> Elu(0.5);
        let z = x + y -> MaxPool2d(2) -> Flatten;
        let w = z -> fc: Dense(HIDDEN) -> Dropout(0.1) -> Reshape([1, HIDDEN]) -> Flatten;
        concat(w, z) -> Dense(3) -> Softmax
    }

    /// With sizes of its own.
    pub struct Generic<const H: usize>(x: [4]) -> [H] {
        let h = x -> Dense(H) -> Tanh;
        h * (h -> again: Dense(H) -> again)
    }

    /// One inside another.
    pub struct Outer(x: [6]) -> [3] {
        x -> Dense(4) -> part: self::Inner -> Dense(3)
    }

    struct Inner(x: [4]) -> [4] { x -> Dense(4) }
}

netform::pointwise! {
    /// `slope · x²`.
    #[derive(Clone, Copy, Debug)]
    pub struct Parabola(slope: f64) {
        value: |x| slope * x * x,
        derivative: |x, _| slope * (x + x),
    }
}

netform::parameters! {
    /// A factor for each feature.
    pub struct Scale<const N: usize> {
        /// `[N]`.
        factor: Weight[N],
    }
}

#[test]
fn networks_are_used() {
    assert_eq!(Plain::new(1).fc.bias.len(), HIDDEN);
    assert_eq!(Generic::<2>::new(1).again.bias.len(), 2);
    assert_eq!(Outer::new(1).part.dense.bias.len(), 4);
}
