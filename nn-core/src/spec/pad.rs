use super::layer::{attempt, layer, usable};
use super::{Axes, Places, Shape, ShapeError};

layer! {
    /// More elements of one value in front of some axes and behind them.
    pub struct Pad {
        /// How many in front, along each of the axes.
        before: usize,
        /// How many behind, along each of the axes; as many as in front when left out.
        after: Option<usize> = Value::Absent,
        /// The axes: `[0, 1]` for those of an image.
        axes: Axes = Value::Axes(Axes::LAST),
        /// The value of the new elements.
        value: f64 = Value::Number(0.0),
    }
    form: General,
    reads: [],
    kind: None,
    stream: |layer| layer.axes.stream(),
    type_arguments: [],
    axes: OutputAxes::Along("axes"),
}

impl Pad {
    /// Any shape to one whose named axes are longer by `before + after`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        let places = attempt!(self.axes.places("axes", input.rank()));
        let more = self.before.saturating_add(self.behind());
        let mut output = input;
        let mut index = 0;
        while index < places.as_slice().len() {
            let axis = places.as_slice()[index];
            output = output.with_dim(axis, input.dim(axis).saturating_add(more));
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

    /// How many elements come behind.
    pub const fn behind(&self) -> usize {
        match self.after {
            Some(after) => after,
            None => self.before,
        }
    }

    /// Which axes of an input become longer; none for one that [`Pad::out_shape`] refuses.
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

    const PAD: Pad = Pad { before: 2, after: None, axes: Axes::LAST, value: 0.0 };

    #[test]
    fn the_named_axes_grow() {
        let image = Shape::new(&[5, 6, 3]);
        assert_eq!(PAD.out_shape(image), Ok(Shape::new(&[5, 6, 7])));
        let both = Pad { axes: Axes::new(&[0, 1]), ..PAD };
        assert_eq!(both.out_shape(image), Ok(Shape::new(&[9, 10, 3])));
        let causal = Pad { after: Some(0), axes: Axes::new(&[0]), ..PAD };
        assert_eq!(causal.out_shape(image), Ok(Shape::new(&[7, 6, 3])));
        assert_eq!(Pad { before: 0, ..PAD }.out_shape(image), Ok(image));
    }

    #[test]
    fn what_cannot_grow_is_refused() {
        assert!(matches!(
            Pad { before: usize::MAX, ..PAD }.out_shape(Shape::new(&[1])),
            Err(ShapeError::TooLarge { .. })
        ));
        assert!(matches!(PAD.out_shape(Shape::new(&[3, 0])), Err(ShapeError::EmptyInput { .. })));
        let beyond = Pad { axes: Axes::new(&[3]), ..PAD }.out_shape(Shape::new(&[5, 6, 3]));
        assert_eq!(beyond, Err(ShapeError::Axis { argument: "axes", axis: 3, rank: 3 }));
    }
}
