use super::layer::{layer, usable};
use super::{Shape, ShapeError};

macro_rules! gated {
    ($(#[$meta:meta])* $name:ident) => {
        layer! {
            $(#[$meta])*
            pub struct $name {}
            form: General,
            reads: [input],
            kind: Some(Kind::Scores),
            stream: |_| Stream::Each,
            type_arguments: [],
            axes: OutputAxes::Halved,
        }

        impl $name {
            /// Any shape to one with half the innermost axis, which is even.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                if !input.last().is_multiple_of(2) {
                    return Err(ShapeError::Odd { input });
                }
                usable(input, input.with_last(input.last() / 2))
            }

            /// None.
            pub const fn parameters(&self, _input: Shape) -> usize {
                0
            }

            /// About ten for each element of the output.
            pub const fn flops(&self, input: Shape) -> u64 {
                5 * input.len() as u64
            }
        }
    };
}

gated! {
    /// The first half of the innermost axis times `Sigmoid` of the second.
    Glu
}
gated! {
    /// The first half of the innermost axis times `Silu` of the second.
    SwiGlu
}
gated! {
    /// The first half of the innermost axis times `Gelu` of the second.
    GeGlu
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_axis_is_halved() {
        assert_eq!(Glu {}.out_shape(Shape::new(&[3, 8])), Ok(Shape::new(&[3, 4])));
        let input = Shape::new(&[3, 7]);
        assert_eq!(SwiGlu {}.out_shape(input), Err(ShapeError::Odd { input }));
        assert_eq!(
            ShapeError::Odd { input }.message("SwiGlu").as_str(),
            "`SwiGlu` cannot halve the last axis of [3, 7]\nexpected an even size, found 7\n\
             help: bring it to 6 or 8, e.g. with `Dense(8)`"
        );
    }
}
