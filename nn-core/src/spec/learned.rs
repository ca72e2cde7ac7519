use super::layer::{all_at_least_one, attempt, layer, usable};
use super::{Shape, ShapeError};

/// So many axes what is learnt may have.
const MOST_AXES: usize = 4;

layer! {
    /// What the network has learnt, the same for each sample.
    pub struct Learned {
        /// Its shape.
        shape: Shape,
    }
    form: General,
    reads: [],
    kind: Some(Kind::Scores),
    stream: |_| Stream::Whole("gives the same for all steps together"),
    type_arguments: [
        TypeArgument::ShapeAxis("shape", 4),
        TypeArgument::ShapeAxis("shape", 3),
        TypeArgument::ShapeAxis("shape", 2),
        TypeArgument::ShapeAxis("shape", 1)
    ],
    axes: OutputAxes::Given("shape"),
}

impl Learned {
    /// Any shape to that which is given, of at most four axes.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(all_at_least_one("shape", self.shape));
        if self.shape.rank() > MOST_AXES {
            let found = self.shape.rank() as i64 * 10_000;
            return Err(ShapeError::Range { argument: "shape", found, expected: "a shape of at most 4 axes" });
        }
        usable(input, self.shape)
    }

    /// As many as the shape has elements.
    pub const fn parameters(&self, _input: Shape) -> usize {
        self.shape.len()
    }

    /// None.
    pub const fn flops(&self, _input: Shape) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_that_which_is_given() {
        let (input, token) = (Shape::new(&[16, 8]), Shape::new(&[1, 8]));
        let learned = Learned { shape: token };
        assert_eq!((learned.out_shape(input), learned.parameters(input)), (Ok(token), 8));
        let empty = Learned { shape: Shape::new(&[0, 8]) };
        assert_eq!(empty.out_shape(input), Err(ShapeError::ZeroArgument { argument: "shape" }));
        let large = Learned { shape: Shape::new(&[1, 2, 3, 4, 5]) };
        assert_eq!(large.out_shape(input).expect_err("five axes").argument(), Some("shape"));
    }
}
