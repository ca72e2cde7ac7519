use super::layer::{layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// Zeroes elements at random in training, and does nothing in inference.
    pub struct Dropout {
        /// The share of elements that become zero.
        rate: f64,
    }
    form: Elementwise,
    reads: [],
    kind: None,
    type_arguments: [],
    axes: OutputAxes::Same,
}

impl Dropout {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        if !(self.rate >= 0.0 && self.rate < 1.0) {
            return Err(ShapeError::Range {
                argument: "rate",
                found: (self.rate * 1e4) as i64,
                expected: "at least 0 and less than 1",
            });
        }
        usable(input, input)
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
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
    fn the_rate_is_a_share() {
        let shape = Shape::new(&[4]);
        assert_eq!(Dropout { rate: 0.0 }.out_shape(shape), Ok(shape));
        for rate in [1.0, -0.1, f64::NAN] {
            assert!(Dropout { rate }.out_shape(shape).is_err());
        }
    }
}
