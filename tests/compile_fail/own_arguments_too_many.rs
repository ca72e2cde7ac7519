//! span: Swish
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

netform::pointwise! {
    /// `x · sigmoid(beta · x)`.
    pub struct Swish(beta: f64) {
        value: |x| x / (T::one() + (-beta * x).exp()),
        derivative: |x, y| {
            let sigmoid = T::one() / (T::one() + (-beta * x).exp());
            sigmoid + beta * y * (T::one() - sigmoid)
        },
    }
}

network! {
    pub struct Net(x: [4]) -> [2] {
        x -> Dense(8) -> self::Swish(0.5, 2.0) -> Dense(2)
    }
}

fn main() {}
