use super::layer::{at_least_one, attempt, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// The product of two matrices: of each row of the first one with each column of the second one.
    pub struct MatMul {
        /// How many of the input's rows are the first matrix; the others are the columns of the second one.
        rows: usize,
        /// How many those are; all others when left out.
        columns: Option<usize> = Value::Absent,
        /// Whether the second of two values has a row for each column of the product.
        transposed: bool = Value::Flag(false),
    }
    positional: 0,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    joins: Joins {
        turned_unless: Some("transposed"),
        ..Joins::along(-2, &[JoinedSize::of_first("rows", -2), JoinedSize::of_second("columns", -2)])
    },
    stream: |_| Stream::Whole("multiplies the rows of one matrix with all columns of another"),
    type_arguments: [],
    axes: OutputAxes::Matrix { rows: "rows", columns: "columns" },
}

impl MatMul {
    /// `[rows + columns, depth]` to `[rows, columns]`; the same for each matrix of a stack, `[stack, rows + columns, depth]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("rows", self.rows));
        if input.rank() < 2 {
            return Err(ShapeError::Rank {
                input,
                expected: "[rows, depth], or more axes in front",
                help: "`a * b -> Sum` is the product of two vectors",
            });
        }
        let place = input.rank() - 2;
        let (all, columns) = (input.dim(place), self.columns(input));
        if self.rows >= all || self.rows + columns != all {
            return Err(ShapeError::Range {
                argument: "rows",
                found: (self.rows as i64).saturating_mul(10_000),
                expected: "less than the rows of the input, which are those of both matrices",
            });
        }
        usable(input, input.with_dim(place, self.rows).with_last(columns))
    }

    /// Columns of the product.
    pub const fn columns(&self, input: Shape) -> usize {
        match self.columns {
            Some(columns) => columns,
            None if input.rank() < 2 => 0,
            None => input.dim(input.rank() - 2).saturating_sub(self.rows),
        }
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// Two for each number of the output and each one that it sums over.
    pub const fn flops(&self, input: Shape) -> u64 {
        2 * (self.rows * self.columns(input)) as u64 * (input.len() / (self.rows + self.columns(input))) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCT: MatMul = MatMul { rows: 3, columns: None, transposed: false };

    #[test]
    fn each_row_meets_each_column() {
        assert_eq!(PRODUCT.out_shape(Shape::new(&[8, 4])), Ok(Shape::new(&[3, 5])));
        assert_eq!(PRODUCT.out_shape(Shape::new(&[2, 8, 4])), Ok(Shape::new(&[2, 3, 5])));
        let given = MatMul { columns: Some(5), ..PRODUCT };
        assert_eq!(given.out_shape(Shape::new(&[8, 4])), Ok(Shape::new(&[3, 5])));
        assert_eq!(PRODUCT.flops(Shape::new(&[2, 8, 4])), 2 * 2 * 3 * 5 * 4);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(matches!(PRODUCT.out_shape(Shape::new(&[8])), Err(ShapeError::Rank { .. })));
        assert_eq!(PRODUCT.out_shape(Shape::new(&[3, 4])).expect_err("no second").argument(), Some("rows"));
        let other = MatMul { columns: Some(4), ..PRODUCT };
        assert_eq!(other.out_shape(Shape::new(&[8, 4])).expect_err("another size").argument(), Some("rows"));
        let zero = MatMul { rows: 0, ..PRODUCT };
        assert_eq!(zero.out_shape(Shape::new(&[8, 4])), Err(ShapeError::ZeroArgument { argument: "rows" }));
    }
}
