use super::layer::{all_at_least_one, attempt, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// All axes in one, row by row; no data moves.
    pub struct Flatten {
        /// The size that was written, `Flatten(512)`: an assertion, and the way to name the size in a generic network.
        size: Option<usize> = Value::Absent,
    }
    form: View,
    reads: [],
    kind: None,
    type_arguments: [],
    axes: OutputAxes::Product("size"),
}

impl Flatten {
    /// Any shape to the product of its axes.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        if let Some(expected) = self.size
            && expected != input.len()
        {
            let found = input.len();
            return Err(ShapeError::Asserted { input, found, expected });
        }
        usable(input, Shape::new(&[input.len()]))
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

layer! {
    /// The same elements under other axes, row by row; no data moves.
    pub struct Reshape {
        /// The new shape, of as many elements.
        shape: Shape,
    }
    form: View,
    reads: [],
    kind: None,
    type_arguments: [],
    axes: OutputAxes::Given("shape"),
}

impl Reshape {
    /// Any shape to one of as many elements.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(all_at_least_one("shape", self.shape));
        if input.len() != self.shape.len() {
            return Err(ShapeError::Elements { input, target: self.shape });
        }
        usable(input, self.shape)
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
    fn flatten_multiplies_and_asserts() {
        let image = Shape::new(&[15, 15, 32]);
        assert_eq!(Flatten { size: None }.out_shape(image), Ok(Shape::new(&[7200])));
        assert!(Flatten { size: Some(7201) }.out_shape(image).is_err());
    }

    #[test]
    fn reshape_keeps_every_element() {
        let target = Shape::new(&[6, 2]);
        assert_eq!(Reshape { shape: target }.out_shape(Shape::new(&[12])), Ok(target));
        assert!(Reshape { shape: target }.out_shape(Shape::new(&[13])).is_err());
    }
}
