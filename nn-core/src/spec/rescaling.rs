use super::layer::{attempt, finite, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// `x · scale + offset`, with the same two constants for every element.
    pub struct Rescaling {
        /// The factor.
        scale: f64,
        /// What is added then.
        offset: f64 = Value::Number(0.0),
    }
    form: Elementwise,
    reads: [],
    kind: Some(Kind::Scores),
    type_arguments: [],
    axes: OutputAxes::Same,
}

impl Rescaling {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(finite("scale", self.scale));
        attempt!(finite("offset", self.offset));
        usable(input, input)
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// Two for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        2 * input.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_stays_and_numbers_are_finite() {
        let shape = Shape::new(&[4, 3]);
        assert_eq!(Rescaling { scale: 1.0 / 255.0, offset: -1.0 }.out_shape(shape), Ok(shape));
        for number in [f64::NAN, f64::INFINITY] {
            let error = Rescaling { scale: number, offset: 0.0 }.out_shape(shape).expect_err("not finite");
            assert_eq!(error.argument(), Some("scale"));
            let error = Rescaling { scale: 1.0, offset: number }.out_shape(shape).expect_err("not finite");
            assert_eq!(error.argument(), Some("offset"));
        }
    }
}
