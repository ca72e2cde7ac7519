//! span: Pairs
//! names: pairs: self::Pairs
//! shapes: [5]
//! expected and found: yes
//! fix: leave out

use netform::prelude::*;

netform::sample_layer! {
    /// The mean of the rows.
    pub struct Pairs {}
    out_shape: |input| match input.rank() {
        2 => Ok(Shape::new(&[input.last()])),
        _ => Err(ShapeError::Rank { input, expected: "[time, features]", help: "leave out the `Flatten` before it" }),
    }
}

impl<T: Scalar> SampleLayer<T> for Pairs<T> {
    type Kind = Scores;

    fn forward(&self, _: Sample<'_, (), T>, _: &[T], _: &mut [T]) {}

    fn backward(&self, _: Sample<'_, (), T>, _: Activations<'_, T>, _: Gradients<'_, T, Self>) {}
}

network! {
    pub struct Net(x: [4]) -> [2] {
        x -> Dense(5) -> pairs: self::Pairs -> Dense(2)
    }
}

fn main() {}
