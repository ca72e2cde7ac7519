use super::layer::{attempt, layer, not_negative, usable};
use super::{Shape, ShapeError};

layer! {
    /// Passes values on, and adds a penalty on them to the loss, as Keras' `ActivityRegularization`.
    pub struct ActivityRegularization {
        /// The weight of the sum of absolute values.
        l1: f64 = Value::Number(0.0),
        /// The weight of the sum of squares.
        l2: f64 = Value::Number(0.0),
    }
    form: Elementwise,
    reads: [output],
    kind: None,
    penalises: true,
    type_arguments: [],
    axes: OutputAxes::Same,
}

impl ActivityRegularization {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(not_negative("l1", self.l1));
        attempt!(not_negative("l2", self.l2));
        usable(input, input)
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// None: a prediction passes.
    pub const fn flops(&self, _input: Shape) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_stays_and_weights_are_not_negative() {
        let (layer, input) = (ActivityRegularization { l1: 0.0, l2: 0.01 }, Shape::new(&[3, 4]));
        assert_eq!(layer.out_shape(input), Ok(input));
        let negative = ActivityRegularization { l1: -0.1, ..layer }.out_shape(input);
        assert_eq!(negative.expect_err("a negative weight").argument(), Some("l1"));
    }
}
