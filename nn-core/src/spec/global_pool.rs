use super::layer::{layer, usable};
use super::{Shape, ShapeError};

macro_rules! global_pool {
    ($(#[$meta:meta])* $name:ident, reads: $reads:tt) => {
        layer! {
            $(#[$meta])*
            pub struct $name {}
            form: General,
            reads: $reads,
            kind: None,
            type_arguments: [],
            axes: OutputAxes::LastOnly,
        }

        impl $name {
            /// `[.., channels]` to `[channels]`.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                if input.rank() < 2 {
                    return Err(ShapeError::Rank {
                        input,
                        expected: "[time, channels], or an image or more",
                        help: "put it in front of `Flatten`, where each channel still has its positions",
                    });
                }
                usable(input, Shape::new(&[input.last()]))
            }

            /// None.
            pub const fn parameters(&self, _input: Shape) -> usize {
                0
            }

            /// One for each element.
            pub const fn flops(&self, input: Shape) -> u64 {
                input.len() as u64
            }
        }
    };
}

global_pool! {
    /// The largest element of each channel, over all axes but the last.
    GlobalMaxPool, reads: [input, output]
}

global_pool! {
    /// The mean of each channel, over all axes but the last.
    GlobalAvgPool, reads: []
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_pools_keep_channels() {
        for shape in [&[7, 64][..], &[7, 5, 64], &[2, 3, 4, 64]] {
            assert_eq!(GlobalMaxPool {}.out_shape(Shape::new(shape)), Ok(Shape::new(&[64])));
            assert_eq!(GlobalAvgPool {}.out_shape(Shape::new(shape)), Ok(Shape::new(&[64])));
        }
        assert!(matches!(GlobalMaxPool {}.out_shape(Shape::new(&[64])), Err(ShapeError::Rank { .. })));
    }
}
