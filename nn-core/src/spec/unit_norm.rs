use super::layer::{attempt, layer, positive, usable};
use super::{Shape, ShapeError};

layer! {
    /// Divides along the innermost axis by the length of that vector.
    pub struct UnitNorm {
        /// Shorter vectors are divided by this.
        epsilon: f64 = Value::Number(1e-12),
    }
    positional: 0,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    symmetric: true,
    stream: |_| Stream::Each,
    type_arguments: [],
    axes: OutputAxes::Same,
}

impl UnitNorm {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(positive("epsilon", self.epsilon));
        usable(input, input)
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// Three for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        3 * input.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_stays() {
        let shape = Shape::new(&[8, 16]);
        assert_eq!(UnitNorm { epsilon: 1e-12 }.out_shape(shape), Ok(shape));
        assert_eq!(UnitNorm { epsilon: 0.0 }.out_shape(shape).expect_err("a zero").argument(), Some("epsilon"));
    }
}
