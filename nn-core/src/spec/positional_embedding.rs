use super::layer::{at_least_one, attempt, layer, usable};
use super::sinusoidal_position::sequence;
use super::{Shape, ShapeError};

layer! {
    /// Adds a learnt vector for each position.
    pub struct PositionalEmbedding {
        /// How many positions there are at most.
        positions: usize,
    }
    form: General,
    reads: [],
    kind: Some(Kind::Scores),
    stream: |_| Stream::Carries { bounded: true },
    type_arguments: [TypeArgument::Size("positions"), TypeArgument::InputLast],
    axes: OutputAxes::Same,
}

impl PositionalEmbedding {
    /// `[time, width]` to itself, with a time of at most `positions`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("positions", self.positions));
        attempt!(sequence(input));
        if input.dim(0) > self.positions {
            return Err(ShapeError::Range {
                argument: "positions",
                found: (self.positions as i64).saturating_mul(10_000),
                expected: "at least as many as the input's first axis is long",
            });
        }
        usable(input, input)
    }

    /// A vector for each position.
    pub const fn parameters(&self, input: Shape) -> usize {
        self.positions * input.last()
    }

    /// A step needs its position alone.
    pub const fn state(&self, _input: Shape) -> usize {
        0
    }

    /// One for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        input.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_may_be_shorter() {
        let embedding = PositionalEmbedding { positions: 64 };
        for time in [1, 64] {
            let shape = Shape::new(&[time, 8]);
            assert_eq!((embedding.out_shape(shape), embedding.parameters(shape)), (Ok(shape), 512));
        }
        let error = embedding.out_shape(Shape::new(&[65, 8])).expect_err("a longer sequence");
        assert_eq!(error.argument(), Some("positions"));
        assert!(embedding.out_shape(Shape::new(&[8])).is_err());
    }
}
