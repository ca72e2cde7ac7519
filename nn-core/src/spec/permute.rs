use super::layer::{attempt, layer, usable};
use super::{Axes, Places, Shape, ShapeError};

layer! {
    /// The axes in another order: output axis `i` is input axis `axes[i]`.
    pub struct Permute {
        /// Every axis of the input once, in the order of the output.
        axes: Axes,
    }
    form: General,
    reads: [],
    kind: None,
    type_arguments: [],
    axes: OutputAxes::Permuted("axes"),
}

impl Permute {
    /// Any shape to the same sizes in another order.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        let places = attempt!(self.axes.places("axes", input.rank()));
        if self.axes.count() != input.rank() {
            return Err(ShapeError::Permutation { expected: input.rank(), found: self.axes.count() });
        }
        let mut output = input;
        let mut axis = 0;
        while axis < input.rank() {
            output = output.with_dim(axis, input.dim(places.as_slice()[axis]));
            axis += 1;
        }
        usable(input, output)
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// None.
    pub const fn flops(&self, _input: Shape) -> u64 {
        0
    }

    /// The input's axes in the order of the output; none for an input that [`Permute::out_shape`] refuses.
    pub const fn places(&self, input: Shape) -> Places {
        match self.axes.places("axes", input.rank()) {
            Ok(places) => places,
            Err(_) => Places::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_move_with_their_axes() {
        let image = Shape::new(&[5, 6, 3]);
        let permuted = |axes: &[isize]| Permute { axes: Axes::new(axes) }.out_shape(image);
        assert_eq!(permuted(&[2, 0, 1]), Ok(Shape::new(&[3, 5, 6])));
        assert_eq!(permuted(&[-1, 1, 0]), Ok(Shape::new(&[3, 6, 5])));
        assert_eq!(permuted(&[1, 0]), Err(ShapeError::Permutation { expected: 3, found: 2 }));
        assert_eq!(permuted(&[0, 1, -2]), Err(ShapeError::RepeatedAxis { argument: "axes", axis: 1 }));
        assert!(matches!(permuted(&[0, 1, 2, 3]), Err(ShapeError::Axis { axis: 3, .. })));
    }
}
