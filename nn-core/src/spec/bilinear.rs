use super::layer::{at_least_one, attempt, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// A bilinear form of two vectors for each output, `y = a · W · b + c`, as PyTorch's `nn.Bilinear`.
    pub struct Bilinear {
        /// The size of the output.
        units: usize,
        /// How many of the input's features are the first vector; the others are the second.
        first: usize,
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
    }
    positional: 2,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    joins: Joins::along(-1, &[JoinedSize::of_first("first", -1)]),
    stream: |_| Stream::Each,
    sizes: [second],
    type_arguments: [
        TypeArgument::Size("first"),
        TypeArgument::Computed("second"),
        TypeArgument::Size("units"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::LastFrom("units"),
}

impl Bilinear {
    /// `[first + second]` to `[units]`, or `[time, first + second]` to `[time, units]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("units", self.units));
        attempt!(at_least_one("first", self.first));
        if input.rank() == 0 || input.rank() > 2 {
            return Err(ShapeError::Rank {
                input,
                expected: "[features] or [time, features]",
                help: "insert `Flatten` before it: `-> Flatten ->`",
            });
        }
        if self.first >= input.last() {
            return Err(ShapeError::Range {
                argument: "first",
                found: (self.first as i64).saturating_mul(10_000),
                expected: "less than the features of the input, which are those of both vectors",
            });
        }
        usable(input, input.with_last(self.units))
    }

    /// Features of the second vector.
    pub const fn second(&self, input: Shape) -> usize {
        input.last().saturating_sub(self.first)
    }

    /// `first · second · units` weights, and `units` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        self.first * self.second(input) * self.units + if self.bias { self.units } else { 0 }
    }

    /// One for each product of two features, and two for each weight and row.
    pub const fn flops(&self, input: Shape) -> u64 {
        (input.rows() * self.first * self.second(input)) as u64 * (1 + 2 * self.units as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Bilinear = Bilinear { units: 3, first: 4, bias: true };

    #[test]
    fn the_second_vector_is_what_is_left() {
        assert_eq!(FORM.out_shape(Shape::new(&[9])), Ok(Shape::new(&[3])));
        assert_eq!(FORM.out_shape(Shape::new(&[7, 9])), Ok(Shape::new(&[7, 3])));
        assert_eq!((FORM.second(Shape::new(&[9])), FORM.parameters(Shape::new(&[9]))), (5, 4 * 5 * 3 + 3));
        assert_eq!(FORM.flops(Shape::new(&[2, 9])), 2 * 20 * 7);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(FORM.out_shape(Shape::new(&[4])).expect_err("no second").argument(), Some("first"));
        assert!(matches!(FORM.out_shape(Shape::new(&[2, 3, 9])), Err(ShapeError::Rank { .. })));
        let zero = Bilinear { first: 0, ..FORM };
        assert_eq!(zero.out_shape(Shape::new(&[9])), Err(ShapeError::ZeroArgument { argument: "first" }));
    }
}
