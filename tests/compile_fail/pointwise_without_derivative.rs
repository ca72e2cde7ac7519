//! span: -
//! names: derivative
//! shapes: -
//! expected and found: -
//! fix: derivative: |x, y| ..

netform::pointwise! {
    /// Its derivative is missing.
    pub struct Cube {
        value: |x| x * x * x,
    }
}

fn main() {}
