use super::layer::{attempt, layer, positive, usable};
use super::{Shape, ShapeError};

layer! {
    /// Adds sines and cosines of each position.
    pub struct SinusoidalPosition {
        /// The longest period, in positions, divided by 2π.
        base: f64 = Value::Number(10_000.0),
    }
    positional: 0,
    form: General,
    reads: [],
    kind: Some(Kind::Scores),
    stream: |_| Stream::Carries { bounded: false },
    type_arguments: [],
    axes: OutputAxes::Same,
}

impl SinusoidalPosition {
    /// `[time, width]` to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(positive("base", self.base));
        attempt!(sequence(input));
        usable(input, input)
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// A step needs its position alone.
    pub const fn state(&self, _input: Shape) -> usize {
        0
    }

    /// One for each element, and the sines.
    pub const fn flops(&self, input: Shape) -> u64 {
        30 * input.len() as u64
    }
}

/// The accepted form of a sequence, with the cure for anything else.
pub(super) const fn sequence(input: Shape) -> Result<(), ShapeError> {
    if input.rank() == 2 {
        return Ok(());
    }
    Err(ShapeError::Rank {
        input,
        expected: "[time, features]",
        help: match input.rank() {
            1 => "make it a sequence with `Reshape([time, 1])`, or of numbers below a size with `Embedding`",
            _ => "bring it to two axes with `Reshape([time, features])`",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_stay() {
        let position = SinusoidalPosition { base: 1e4 };
        let shape = Shape::new(&[64, 8]);
        assert_eq!((position.out_shape(shape), position.parameters(shape)), (Ok(shape), 0));
        assert!(matches!(position.out_shape(Shape::new(&[8])), Err(ShapeError::Rank { .. })));
        assert!(SinusoidalPosition { base: 0.0 }.out_shape(shape).is_err());
    }
}
