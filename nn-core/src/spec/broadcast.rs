use super::layer::{all_at_least_one, attempt, layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// The input repeated along axes of size 1, and along axes in front that it does not have.
    pub struct Broadcast {
        /// The new shape.
        shape: Shape,
    }
    form: General,
    reads: [],
    kind: None,
    stream: |_| Stream::Each,
    type_arguments: [],
    axes: OutputAxes::Given("shape"),
}

impl Broadcast {
    /// A shape whose axes, aligned at the last one, are those of the target or 1.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        let target = self.shape;
        attempt!(all_at_least_one("shape", target));
        let mut back = 1;
        while back <= input.rank() {
            let size = dim_from_end(input, back);
            if back > target.rank() || (size != 1 && size != dim_from_end(target, back)) {
                return Err(ShapeError::Broadcast { input, target });
            }
            back += 1;
        }
        usable(input, target)
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

/// The size of an axis counted from the last one, which is 1; 1 in front of the first.
pub(super) const fn dim_from_end(shape: Shape, back: usize) -> usize {
    if back > shape.rank() { 1 } else { shape.dim(shape.rank() - back) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_repeated_or_added_in_front() {
        let target = Shape::new(&[4, 6, 3]);
        let broadcast = Broadcast { shape: target };
        for input in [&[4, 6, 3][..], &[3], &[1], &[1, 1, 1], &[4, 6, 1], &[6, 3], &[4, 1, 3]] {
            assert_eq!(broadcast.out_shape(Shape::new(input)), Ok(target), "{input:?}");
        }
        for input in [&[4][..], &[6], &[4, 6], &[4, 6, 2], &[1, 4, 6, 3], &[1, 1, 1, 1]] {
            let input = Shape::new(input);
            assert_eq!(broadcast.out_shape(input), Err(ShapeError::Broadcast { input, target }));
        }
        assert!(matches!(
            Broadcast { shape: Shape::new(&[0, 3]) }.out_shape(Shape::new(&[3])),
            Err(ShapeError::ZeroArgument { argument: "shape" })
        ));
    }
}
