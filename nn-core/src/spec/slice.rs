use super::axes::axis_place;
use super::layer::{attempt, layer, usable};
use super::{Range, Shape, ShapeError, Stream};

layer! {
    /// A part of one axis.
    pub struct Slice {
        /// Which elements: `2..5`, `..5` or `2..`.
        range: Range,
        /// The axis.
        axis: isize = Value::Axis(-1),
    }
    form: General,
    reads: [],
    kind: None,
    stream: Self::stream,
    type_arguments: [],
    axes: OutputAxes::Along("axis"),
}

impl Slice {
    /// Any shape to one whose axis has the length of the range.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(usable(input, input));
        let axis = attempt!(axis_place("axis", self.axis, input.rank()));
        let size = input.dim(axis);
        let [start, end] = self.range.within(size);
        if start >= end || end > size {
            return Err(ShapeError::Slice { start, end, size, axis });
        }
        Ok(input.with_dim(axis, end - start))
    }

    /// A part of each step, unless it is counted from the front which axis that is: then it may be time.
    const fn stream(&self) -> Stream {
        match self.axis {
            -1 => Stream::Each,
            _ => Stream::Whole("takes a part of an axis that may be time: count axes from the last, -1"),
        }
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

    const fn slice(start: usize, end: Option<usize>, axis: isize) -> Slice {
        Slice { range: Range { start, end }, axis }
    }

    #[test]
    fn one_axis_becomes_shorter() {
        let input = Shape::new(&[4, 6]);
        assert_eq!(slice(2, Some(5), -1).out_shape(input), Ok(Shape::new(&[4, 3])));
        assert_eq!(slice(2, None, 0).out_shape(input), Ok(Shape::new(&[2, 6])));
        assert_eq!(slice(0, None, 1).out_shape(input), Ok(input));
    }

    #[test]
    fn a_range_lies_inside_and_is_not_empty() {
        let input = Shape::new(&[4, 6]);
        for (start, end) in [(0, Some(7)), (3, Some(3)), (6, None), (9, None), (5, Some(2))] {
            let error = slice(start, end, 1).out_shape(input).expect_err("no such elements");
            assert!(matches!(error, ShapeError::Slice { size: 6, axis: 1, .. }), "{error}");
            assert_eq!(error.argument(), Some("range"));
        }
        let error = slice(0, Some(7), 1).out_shape(input).expect_err("beyond");
        assert_eq!(
            error.message("Slice").as_str(),
            "`Slice` takes a range that axis 1 does not have\nexpected at least one element within 0..6, found 0..7\n\
             help: the end itself is not taken: `..6` is the whole axis"
        );
        assert!(matches!(slice(0, None, 2).out_shape(input), Err(ShapeError::Axis { axis: 2, rank: 2, .. })));
    }
}
