use super::layer::{attempt, finite, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// Multiplies each channel by a learnt factor.
    pub struct LayerScale {
        /// What the factors are at the start.
        initial: f64 = Value::Number(1e-5),
    }
    positional: 0,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    symmetric: true,
    stream: |_| Stream::Each,
    type_arguments: [TypeArgument::InputLast],
    axes: OutputAxes::Same,
}

impl LayerScale {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(finite("initial", self.initial));
        usable(input, input)
    }

    /// A factor for each channel.
    pub const fn parameters(&self, input: Shape) -> usize {
        input.last()
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
    fn the_shape_stays() {
        let (shape, scale) = (Shape::new(&[4, 8, 16]), LayerScale { initial: 1e-5 });
        assert_eq!((scale.out_shape(shape), scale.parameters(shape)), (Ok(shape), 16));
        assert!(LayerScale { initial: f64::NAN }.out_shape(shape).is_err());
    }
}
