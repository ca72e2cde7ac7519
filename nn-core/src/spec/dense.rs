use super::layer::{at_least_one, attempt, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// A fully connected layer: `y = x · W + b` along the innermost axis.
    pub struct Dense {
        /// The size of the output.
        units: usize,
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
        /// The input size that was written, `Dense(784 -> 128)`: an assertion.
        input: Option<usize> = Value::Absent,
    }
    positional: 1,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    transposes: true,
    starts: true,
    scratch: true,
    stream: |_| Stream::Each,
    type_arguments: [
        TypeArgument::InputLast,
        TypeArgument::Size("units"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::LastFrom("units"),
}

impl Dense {
    /// `[features]` to `[units]`, or `[time, features]` to `[time, units]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("units", self.units));
        if input.rank() == 0 || input.rank() > 2 {
            return Err(ShapeError::Rank {
                input,
                expected: "[features] or [time, features]",
                help: "insert `Flatten` before it: `-> Flatten ->`",
            });
        }
        if let Some(expected) = self.input
            && expected != input.last()
        {
            let found = input.last();
            return Err(ShapeError::Asserted { input, found, expected });
        }
        usable(input, input.with_last(self.units))
    }

    /// `in · units` weights, and `units` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        input.last() * self.units + if self.bias { self.units } else { 0 }
    }

    /// Two for each weight and row.
    pub const fn flops(&self, input: Shape) -> u64 {
        2 * input.len() as u64 * self.units as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Form;

    const DENSE: Dense = Dense { units: 10, bias: true, input: None };

    #[test]
    fn the_innermost_axis_becomes_units() {
        assert_eq!(DENSE.out_shape(Shape::new(&[784])), Ok(Shape::new(&[10])));
        assert_eq!(DENSE.out_shape(Shape::new(&[5, 7])), Ok(Shape::new(&[5, 10])));
        assert_eq!(DENSE.parameters(Shape::new(&[784])), 7850);
        assert_eq!(Dense::INFO.form, Form::Affine);
    }

    #[test]
    fn an_image_needs_flatten() {
        let error = DENSE.out_shape(Shape::new(&[4, 4, 2])).expect_err("rank 3");
        assert!(error.message("fc: Dense").as_str().contains("Flatten"));
    }

    #[test]
    fn a_written_input_size_is_an_assertion() {
        let dense = Dense { input: Some(700), ..DENSE };
        assert!(matches!(
            dense.out_shape(Shape::new(&[784])),
            Err(ShapeError::Asserted { found: 784, expected: 700, .. })
        ));
    }
}
