use super::layer::{at_least_one, attempt, image, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// An image with more pixels, interpolated linearly down and to the right.
    pub struct UpSampleBilinear2d {
        /// How many times more pixels, down and to the right.
        factor: [usize; 2] = Value::Pair([2, 2]),
    }
    form: General,
    reads: [],
    kind: None,
    type_arguments: [],
    axes: OutputAxes::Window(2, None),
}

impl UpSampleBilinear2d {
    /// `[height, width, channels]` to `[factor · height, factor · width, channels]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(image(input));
        attempt!(at_least_one("factor", self.factor[0]));
        attempt!(at_least_one("factor", self.factor[1]));
        let height = input.dim(0).saturating_mul(self.factor[0]);
        let width = input.dim(1).saturating_mul(self.factor[1]);
        usable(input, Shape::new(&[height, width, input.last()]))
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// Nine for each element of the output.
    pub const fn flops(&self, input: Shape) -> u64 {
        9 * (input.len() * self.factor[0] * self.factor[1]) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_image_axes_grow() {
        let image = Shape::new(&[5, 6, 3]);
        assert_eq!(UpSampleBilinear2d { factor: [2, 2] }.out_shape(image), Ok(Shape::new(&[10, 12, 3])));
        assert_eq!(UpSampleBilinear2d { factor: [1, 3] }.out_shape(image), Ok(Shape::new(&[5, 18, 3])));
        let error = ShapeError::ZeroArgument { argument: "factor" };
        assert_eq!(UpSampleBilinear2d { factor: [0, 1] }.out_shape(image), Err(error));
        assert!(matches!(
            UpSampleBilinear2d { factor: [2, 2] }.out_shape(Shape::new(&[4])),
            Err(ShapeError::Rank { .. })
        ));
        let huge = UpSampleBilinear2d { factor: [usize::MAX, 2] }.out_shape(image);
        assert!(matches!(huge, Err(ShapeError::TooLarge { .. })));
    }
}
