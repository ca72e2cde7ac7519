use super::layer::{attempt, layer, usable};
use super::{Axes, Pad, Shape, ShapeError};

/// What stands in the new elements of a padding that repeats the input's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// A mirror at the outermost elements, which are not repeated.
    Reflection,
    /// The outermost element, again and again.
    Replication,
    /// What stands at the other end.
    Circular,
}

impl Border {
    /// The input's element that stands at this place of an axis with so many of them; the first one has place `before`.
    #[inline]
    pub const fn source(self, place: usize, before: usize, size: usize) -> usize {
        match self {
            Self::Replication if place < before => 0,
            Self::Replication if place >= before + size => size - 1,
            Self::Reflection if place < before => before - place,
            Self::Reflection if place >= before + size => 2 * (size - 1) + before - place,
            Self::Circular if place < before => size - (before - place),
            Self::Circular if place >= before + size => place - before - size,
            _ => place - before,
        }
    }

    /// How many elements there can be on one side of an axis of this size, and that in words.
    const fn most(self, size: usize) -> (usize, &'static str) {
        match self {
            Self::Reflection => (size.saturating_sub(1), "less than each axis that it makes longer"),
            Self::Replication => (usize::MAX, "any amount"),
            Self::Circular => (size, "at most as much as each axis that it makes longer"),
        }
    }
}

macro_rules! border_pads {
    ($($(#[$meta:meta])* $name:ident, $border:ident;)*) => {$(
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// How many in front, along each of the axes.
                before: usize,
                /// How many behind, along each of the axes; as many as in front when left out.
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

        impl $name {
            /// Where the new elements come from.
            pub const BORDER: Border = Border::$border;

            /// The same with elements of one value.
            pub const fn plain(&self) -> Pad {
                Pad { before: self.before, after: self.after, axes: self.axes, value: 0.0 }
            }

            /// Any shape to one whose named axes are longer by `before + after`.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                attempt!(usable(input, input));
                let output = attempt!(self.plain().out_shape(input));
                let places = self.plain().places(input);
                let (front, behind, mut index) = (self.before, self.plain().behind(), 0);
                while index < places.as_slice().len() {
                    let (most, expected) = Self::BORDER.most(input.dim(places.as_slice()[index]));
                    if front > most || behind > most {
                        let (argument, amount) = if front > most { ("before", front) } else { ("after", behind) };
                        let found = (amount as i64).saturating_mul(10_000);
                        return Err(ShapeError::Range { argument, found, expected });
                    }
                    index += 1;
                }
                Ok(output)
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
    )*};
}

border_pads! {
    /// More elements around some axes: the input, mirrored at its outermost elements.
    ReflectionPad, Reflection;
    /// More elements around some axes: the outermost ones again.
    ReplicationPad, Replication;
    /// More elements around some axes: those of the other end.
    CircularPad, Circular;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_repeats_the_input() {
        let row = |border: Border| (0..7).map(|place| border.source(place, 2, 3)).collect::<std::vec::Vec<_>>();
        assert_eq!(row(Border::Reflection), [2, 1, 0, 1, 2, 1, 0]);
        assert_eq!(row(Border::Replication), [0, 0, 0, 1, 2, 2, 2]);
        assert_eq!(row(Border::Circular), [1, 2, 0, 1, 2, 0, 1]);
    }

    #[test]
    fn an_axis_gives_as_much_as_it_has() {
        let (image, axes) = (Shape::new(&[4, 3, 2]), Axes::new(&[0, 1]));
        let pad = |before, after| ReflectionPad { before, after, axes }.out_shape(image);
        assert_eq!(pad(2, None), Ok(Shape::new(&[8, 7, 2])));
        assert_eq!(pad(3, None).expect_err("the second axis").argument(), Some("before"));
        assert_eq!(pad(0, Some(3)).expect_err("the second axis").argument(), Some("after"));
        let circular = CircularPad { before: 3, after: Some(0), axes };
        assert_eq!(circular.out_shape(image), Ok(Shape::new(&[7, 6, 2])));
        assert!(CircularPad { before: 4, ..circular }.out_shape(image).is_err());
        let replicated = ReplicationPad { before: 9, after: None, axes: Axes::LAST };
        assert_eq!(replicated.out_shape(image), Ok(Shape::new(&[4, 3, 20])));
    }
}
