use super::layer::{at_least_one, attempt, image, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// Channels of one pixel become pixels side by side.
    pub struct PixelShuffle {
        /// How many times more rows and columns there are.
        factor: usize,
    }
    form: General,
    reads: [],
    kind: None,
    type_arguments: [],
    axes: OutputAxes::Computed(3),
}

impl PixelShuffle {
    /// `[height, width, channels]` to `[factor · height, factor · width, channels / factor²]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(image(input));
        attempt!(at_least_one("factor", self.factor));
        let parts = self.factor.saturating_mul(self.factor);
        if !input.last().is_multiple_of(parts) {
            return Err(ShapeError::Shares { argument: "factor", given: self.factor, parts, input });
        }
        let [height, width] = [input.dim(0).saturating_mul(self.factor), input.dim(1).saturating_mul(self.factor)];
        usable(input, Shape::new(&[height, width, input.last() / parts]))
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
    fn channels_become_pixels() {
        let input = Shape::new(&[4, 5, 18]);
        assert_eq!(PixelShuffle { factor: 3 }.out_shape(input), Ok(Shape::new(&[12, 15, 2])));
        let error = ShapeError::Shares { argument: "factor", given: 2, parts: 4, input };
        assert_eq!(PixelShuffle { factor: 2 }.out_shape(input), Err(error));
        let zero = ShapeError::ZeroArgument { argument: "factor" };
        assert_eq!(PixelShuffle { factor: 0 }.out_shape(input), Err(zero));
        assert!(matches!(PixelShuffle { factor: 1 }.out_shape(Shape::new(&[4])), Err(ShapeError::Rank { .. })));
    }
}
