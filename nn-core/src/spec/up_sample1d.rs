use super::layer::{at_least_one, attempt, layer, sequence, usable};
use super::{Shape, ShapeError};

layer! {
    /// Each step of a sequence repeated.
    pub struct UpSample1d {
        /// How often.
        factor: usize = Value::Size(2),
    }
    form: General,
    reads: [],
    kind: None,
    type_arguments: [],
    axes: OutputAxes::Window(1, None),
}

impl UpSample1d {
    /// `[time, channels]` to `[factor · time, channels]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(sequence(input));
        attempt!(at_least_one("factor", self.factor));
        usable(input, Shape::new(&[input.dim(0).saturating_mul(self.factor), input.last()]))
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
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
    fn time_grows() {
        let input = Shape::new(&[5, 6]);
        assert_eq!(UpSample1d { factor: 3 }.out_shape(input), Ok(Shape::new(&[15, 6])));
        let error = ShapeError::ZeroArgument { argument: "factor" };
        assert_eq!(UpSample1d { factor: 0 }.out_shape(input), Err(error));
        assert!(matches!(UpSample1d { factor: 2 }.out_shape(Shape::new(&[4])), Err(ShapeError::Rank { .. })));
    }
}
