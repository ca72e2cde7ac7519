use super::layer::{attempt, layer, positive, usable};
use super::{Shape, ShapeError};

layer! {
    /// Normalises each channel over the batch (and over all positions), then scales and shifts it.
    pub struct BatchNorm {
        /// How much of the running statistics is kept at a step.
        momentum: f64 = Value::Number(0.99),
        /// Added to the variance.
        epsilon: f64 = Value::Number(1e-3),
    }
    positional: 0,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    couples: true,
    folds: true,
    symmetric: true,
    stream: |_| Stream::Each,
    type_arguments: [TypeArgument::InputLast],
    axes: OutputAxes::Same,
}

impl BatchNorm {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        if !(self.momentum >= 0.0 && self.momentum <= 1.0) {
            return Err(ShapeError::Range {
                argument: "momentum",
                found: (self.momentum * 1e4) as i64,
                expected: "from 0 to 1",
            });
        }
        attempt!(positive("epsilon", self.epsilon));
        usable(input, input)
    }

    /// A scale and a shift for each channel.
    pub const fn parameters(&self, input: Shape) -> usize {
        2 * input.last()
    }

    /// Scalars of batch statistics: forward a count, and a mean and a sum of squared deviations for each channel;
    /// backward two sums for each channel.
    pub const fn statistics(&self, input: Shape) -> [usize; 2] {
        [1 + 2 * input.last(), 2 * input.last()]
    }

    /// Four for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        4 * input.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_stays() {
        let norm = BatchNorm { momentum: 0.9, epsilon: 1e-5 };
        let shape = Shape::new(&[8, 8, 16]);
        assert_eq!(norm.out_shape(shape), Ok(shape));
        assert_eq!(norm.parameters(shape), 32);
        assert!(BatchNorm { epsilon: 0.0, ..norm }.out_shape(shape).is_err());
    }
}
