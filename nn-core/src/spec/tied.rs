use super::layer::{attempt, usable};
use super::{Shape, ShapeError};

/// The weights of a `Dense` or `Embedding` layer from `inputs` to `outputs` features, used the other way round: `y = x · Wᵀ`, without a
/// bias (tied weights, as between an embedding and the scores of its words).
///
/// Its shape depends on the other layer, so it is not among [`super::LAYERS`]; backward reads its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tied {}

impl Tied {
    /// `[outputs]` to `[inputs]`, or `[time, outputs]` to `[time, inputs]`.
    pub const fn out_shape(&self, input: Shape, inputs: usize, outputs: usize) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        if input.rank() == 0 || input.rank() > 2 {
            return Err(ShapeError::Rank {
                input,
                expected: "[features] or [time, features]",
                help: "insert `Flatten` before it: `-> Flatten ->`",
            });
        }
        let output = attempt!(usable(input, input.with_last(inputs)));
        if input.last() != outputs {
            return Err(ShapeError::Tied { expected: outputs, found: input.last() });
        }
        Ok(output)
    }

    /// None of its own.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// Two for each weight and row.
    pub const fn flops(&self, input: Shape, inputs: usize) -> u64 {
        2 * input.len() as u64 * inputs as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_become_inputs_again() {
        assert_eq!(Tied {}.out_shape(Shape::new(&[10]), 784, 10), Ok(Shape::new(&[784])));
        assert_eq!(Tied {}.out_shape(Shape::new(&[5, 10]), 784, 10), Ok(Shape::new(&[5, 784])));
        assert_eq!(Tied {}.flops(Shape::new(&[5, 10]), 784), 2 * 5 * 10 * 784);
        let error = ShapeError::Tied { expected: 10, found: 784 };
        assert_eq!(Tied {}.out_shape(Shape::new(&[784]), 784, 10), Err(error));
        assert!(matches!(Tied {}.out_shape(Shape::new(&[2, 5, 10]), 784, 10), Err(ShapeError::Rank { .. })));
        assert_eq!(
            error.message("Tied").as_str(),
            "`Tied` does not receive what the layer it is tied to gives out\nexpected 10 along the last axis, found 784\n\
             help: a tied layer runs backwards: from its outputs to its inputs; bring the value to that size"
        );
    }
}
