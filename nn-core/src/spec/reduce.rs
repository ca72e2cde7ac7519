use super::layer::{attempt, layer, usable};
use super::{Axes, Places, Shape, ShapeError};

macro_rules! reduce {
    ($(#[$meta:meta])* $name:ident, reads: $reads:tt, kind: $kind:expr) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// The axes that go.
                axes: Axes = Value::Axes(Axes::LAST),
                /// Whether they stay with size 1.
                keep: bool = Value::Flag(false),
            }
            form: General,
            reads: $reads,
            kind: $kind,
            stream: |layer| layer.axes.stream(),
            type_arguments: [],
            axes: OutputAxes::Reduced { axes: "axes", keep: "keep" },
        }

        impl $name {
            /// Any shape to its other axes; `[1]` when none is left.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                let places = attempt!(self.axes.places("axes", input.rank()));
                usable(input, reduced(input, places, self.keep))
            }

            /// None.
            pub const fn parameters(&self, _input: Shape) -> usize {
                0
            }

            /// One for each element of the input.
            pub const fn flops(&self, input: Shape) -> u64 {
                input.len() as u64
            }

            /// Which axes of an input go; none for one that `out_shape` refuses.
            pub const fn places(&self, input: Shape) -> Places {
                match self.axes.places("axes", input.rank()) {
                    Ok(places) => places,
                    Err(_) => Places::NONE,
                }
            }
        }
    };
}

const fn reduced(input: Shape, places: Places, keep: bool) -> Shape {
    let mut output = Shape::new(&[]);
    let mut axis = 0;
    while axis < input.rank() {
        if !places.contains(axis) {
            output = output.push(input.dim(axis));
        } else if keep {
            output = output.push(1);
        }
        axis += 1;
    }
    if output.rank() == 0 { Shape::new(&[1]) } else { output }
}

reduce! {
    /// The sum along some axes.
    Sum, reads: [], kind: Some(Kind::Scores)
}
reduce! {
    /// The mean along some axes.
    Mean, reads: [], kind: Some(Kind::Scores)
}
reduce! {
    /// The largest element along some axes.
    Max, reads: [input, output], kind: Some(Kind::Scores)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn sum(axes: &[isize], keep: bool) -> Sum {
        Sum { axes: Axes::new(axes), keep }
    }

    #[test]
    fn named_axes_go() {
        let input = Shape::new(&[4, 5, 3]);
        assert_eq!(sum(&[-1], false).out_shape(input), Ok(Shape::new(&[4, 5])));
        assert_eq!(sum(&[0, 1], false).out_shape(input), Ok(Shape::new(&[3])));
        assert_eq!(sum(&[0, 1], true).out_shape(input), Ok(Shape::new(&[1, 1, 3])));
        assert_eq!(sum(&[2, 0, 1], false).out_shape(input), Ok(Shape::new(&[1])));
        assert_eq!(sum(&[2, 0, 1], true).out_shape(input), Ok(Shape::new(&[1, 1, 1])));
    }

    #[test]
    fn axes_that_are_not_there_are_refused() {
        let input = Shape::new(&[4, 5]);
        assert!(matches!(sum(&[2], false).out_shape(input), Err(ShapeError::Axis { axis: 2, rank: 2, .. })));
        assert!(matches!(sum(&[1, -1], false).out_shape(input), Err(ShapeError::RepeatedAxis { axis: 1, .. })));
    }
}
