use super::layer::{attempt, layer, usable};
use super::{Axes, Places, Shape, ShapeError};

layer! {
    /// Fewer elements in front of some axes and behind them.
    pub struct Crop {
        /// How many go in front, along each of the axes.
        before: usize,
        /// How many go behind, along each of the axes; as many as in front when left out.
        after: Option<usize> = Value::Absent,
        /// The axes: `[0, 1]` for those of an image.
        axes: Axes = Value::Axes(Axes::LAST),
    }
    form: General,
    reads: [],
    kind: None,
    stream: |layer| layer.axes.stream(),
    type_arguments: [],
    axes: OutputAxes::Along("axes"),
}

impl Crop {
    /// Any shape to one whose named axes are shorter by `before + after`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        let places = attempt!(self.axes.places("axes", input.rank()));
        let mut output = input;
        let mut index = 0;
        while index < places.as_slice().len() {
            let axis = places.as_slice()[index];
            let size = input.dim(axis);
            let left = size.saturating_sub(self.before).saturating_sub(self.behind());
            if left == 0 && size > 0 {
                return Err(ShapeError::Cropped { input, axis, before: self.before, behind: self.behind() });
            }
            output = output.with_dim(axis, left);
            index += 1;
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

    /// How many elements go behind.
    pub const fn behind(&self) -> usize {
        match self.after {
            Some(after) => after,
            None => self.before,
        }
    }

    /// Which axes of an input become shorter; none for one that [`Crop::out_shape`] refuses.
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

    const CROP: Crop = Crop { before: 2, after: None, axes: Axes::LAST };

    #[test]
    fn the_named_axes_shrink() {
        let image = Shape::new(&[5, 6, 7]);
        assert_eq!(CROP.out_shape(image), Ok(Shape::new(&[5, 6, 3])));
        let both = Crop { after: Some(1), axes: Axes::new(&[0, 1]), ..CROP };
        assert_eq!(both.out_shape(image), Ok(Shape::new(&[2, 3, 7])));
        assert_eq!(Crop { before: 0, ..CROP }.out_shape(image), Ok(image));
    }

    #[test]
    fn what_leaves_nothing_is_refused() {
        let input = Shape::new(&[5, 4]);
        let error = ShapeError::Cropped { input, axis: 1, before: 2, behind: 2 };
        assert_eq!(CROP.out_shape(input), Err(error));
        let huge = Crop { before: usize::MAX, after: Some(usize::MAX), ..CROP };
        assert!(matches!(huge.out_shape(input), Err(ShapeError::Cropped { .. })));
        assert!(matches!(CROP.out_shape(Shape::new(&[3, 0])), Err(ShapeError::EmptyInput { .. })));
    }
}
