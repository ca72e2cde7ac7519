use super::layer::{attempt, divides, image, layer, usable};
use super::{Pool2dGeometry, Shape, ShapeError};

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

macro_rules! adaptive_pool {
    ($(#[$meta:meta])* $name:ident, reads: $reads:tt) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// Height and width of the output; they divide those of the input.
                size: [usize; 2],
            }
            form: General,
            reads: $reads,
            kind: None,
            type_arguments: [],
            axes: OutputAxes::Window(2, None),
        }

        impl $name {
            /// `[height, width, channels]` to `[size, size, channels]`.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                attempt!(image(input));
                let output = attempt!(usable(input, Shape::new(&[self.size[0], self.size[1], input.last()])));
                attempt!(divides("size", self.size[0], input, input.dim(0)));
                attempt!(divides("size", self.size[1], input, input.dim(1)));
                Ok(output)
            }

            /// None.
            pub const fn parameters(&self, _input: Shape) -> usize {
                0
            }

            /// One for each element.
            pub const fn flops(&self, input: Shape) -> u64 {
                input.len() as u64
            }

            /// The pool whose windows tile the input, for an input that `out_shape` accepts.
            pub const fn geometry(&self, input: Shape) -> Pool2dGeometry {
                let window = [input.dim(0) / self.size[0], input.dim(1) / self.size[1]];
                Pool2dGeometry {
                    input: [input.dim(0), input.dim(1), input.dim(2)],
                    window,
                    stride: window,
                    padding: [0, 0],
                    output: [self.size[0], self.size[1], input.dim(2)],
                }
            }
        }
    };
}

adaptive_pool! {
    /// The largest element of each of so many equal parts of an image.
    AdaptiveMaxPool2d, reads: [input, output]
}

adaptive_pool! {
    /// The mean of each of so many equal parts of an image.
    AdaptiveAvgPool2d, reads: []
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

    #[test]
    fn adaptive_pools_cut_into_equal_parts() {
        let (input, pool) = (Shape::new(&[6, 9, 4]), AdaptiveAvgPool2d { size: [2, 3] });
        assert_eq!(pool.out_shape(input), Ok(Shape::new(&[2, 3, 4])));
        assert_eq!(pool.geometry(input).window, [3, 3]);
        let error = ShapeError::Divides { argument: "size", parts: 4, input, size: 6 };
        assert_eq!(AdaptiveMaxPool2d { size: [4, 3] }.out_shape(input), Err(error));
        let zero = AdaptiveMaxPool2d { size: [0, 3] }.out_shape(input);
        assert_eq!(zero, Err(ShapeError::ZeroArgument { argument: "size" }));
    }
}
