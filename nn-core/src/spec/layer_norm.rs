use super::layer::{attempt, layer, positive, usable};
use super::{Shape, ShapeError};

layer! {
    /// Normalises along the innermost axis by mean and variance, then scales and shifts each feature.
    pub struct LayerNorm {
        /// Added to the variance.
        epsilon: f64 = Value::Number(1e-5),
        /// Whether each feature is shifted.
        bias: bool = Value::Flag(true),
    }
    positional: 0,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    symmetric: true,
    stream: |_| Stream::Each,
    type_arguments: [TypeArgument::InputLast, TypeArgument::BiasFlag("bias")],
    axes: OutputAxes::Same,
}

layer! {
    /// Divides along the innermost axis by the root of the mean square, then scales each feature.
    pub struct RmsNorm {
        /// Added to the mean square.
        epsilon: f64 = Value::Number(1e-6),
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

impl LayerNorm {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        normalised(input, self.epsilon)
    }

    /// A scale and a shift for each feature.
    pub const fn parameters(&self, input: Shape) -> usize {
        input.last() * if self.bias { 2 } else { 1 }
    }

    /// About seven for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        7 * input.len() as u64
    }
}

impl RmsNorm {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        normalised(input, self.epsilon)
    }

    /// A scale for each feature.
    pub const fn parameters(&self, input: Shape) -> usize {
        input.last()
    }

    /// About four for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        4 * input.len() as u64
    }
}

const fn normalised(input: Shape, epsilon: f64) -> Result<Shape, ShapeError> {
    if !input.is_valid() {
        return Ok(input);
    }
    attempt!(positive("epsilon", epsilon));
    usable(input, input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_stays() {
        let shape = Shape::new(&[8, 16]);
        let norm = LayerNorm { epsilon: 1e-5, bias: true };
        assert_eq!((norm.out_shape(shape), norm.parameters(shape)), (Ok(shape), 32));
        assert_eq!(LayerNorm { bias: false, ..norm }.parameters(shape), 16);
        assert_eq!(RmsNorm { epsilon: 1e-6 }.parameters(shape), 16);
        for epsilon in [0.0, -1.0, f64::NAN] {
            let error = LayerNorm { epsilon, ..norm }.out_shape(shape).expect_err("an epsilon that is not positive");
            assert_eq!(error.argument(), Some("epsilon"));
            assert!(RmsNorm { epsilon }.out_shape(shape).is_err());
        }
    }
}
