use super::layer::{attempt, divides, image, layer, sequence, usable, volume};
use super::{Pool2dGeometry, Pool3dGeometry, Shape, ShapeError};

macro_rules! adaptive_pool {
    (
        $(#[$meta:meta])*
        $name:ident($size:ty),
        reads: $reads:tt,
        scratch: $scratch:literal,
        moved: $moved:literal,
        shape: $shape:ident,
    ) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// Into how many parts each axis is cut; they divide the axes of the input.
                size: $size,
            }
            form: General,
            reads: $reads,
            kind: None,
            scratch: $scratch,
            type_arguments: [],
            axes: OutputAxes::Window($moved, None),
        }

        impl $name {
            /// Each axis but the last to its number of parts.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                attempt!($shape(input));
                let mut output = input;
                let mut axis = 0;
                while axis < $moved {
                    attempt!(divides("size", self.parts()[axis], input, input.dim(axis)));
                    output = output.with_dim(axis, self.parts()[axis]);
                    axis += 1;
                }
                usable(input, output)
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

macro_rules! adaptive_pools {
    ($($max:ident, $avg:ident, $size:ty, scratch: $scratch:literal, moved: $moved:literal, shape: $shape:ident, $of:literal;)*) => {$(
        adaptive_pool! {
            #[doc = concat!("The largest element of each of so many equal parts of ", $of, ".")]
            $max($size), reads: [input, output], scratch: $scratch, moved: $moved, shape: $shape,
        }
        adaptive_pool! {
            #[doc = concat!("The mean of each of so many equal parts of ", $of, ".")]
            $avg($size), reads: [], scratch: $scratch, moved: $moved, shape: $shape,
        }
    )*};
}

adaptive_pools! {
    AdaptiveMaxPool1d, AdaptiveAvgPool1d, usize, scratch: false, moved: 1, shape: sequence, "a sequence";
    AdaptiveMaxPool2d, AdaptiveAvgPool2d, [usize; 2], scratch: false, moved: 2, shape: image, "an image";
    AdaptiveMaxPool3d, AdaptiveAvgPool3d, [usize; 3], scratch: true, moved: 3, shape: volume, "a volume";
}

macro_rules! geometries {
    ($($sequence:ident, $image:ident, $volume:ident;)*) => {$(
        impl $sequence {
            const fn parts(&self) -> [usize; 1] {
                [self.size]
            }

            /// The pool whose windows tile the input, an image of one row, for an input that `out_shape` accepts.
            pub const fn geometry(&self, input: Shape) -> Pool2dGeometry {
                let window = [1, input.dim(0) / self.size];
                Pool2dGeometry {
                    input: [1, input.dim(0), input.dim(1)],
                    window,
                    stride: window,
                    padding: [0; 2],
                    output: [1, self.size, input.dim(1)],
                }
            }
        }

        impl $image {
            const fn parts(&self) -> [usize; 2] {
                self.size
            }

            /// The pool whose windows tile the input, for an input that `out_shape` accepts.
            pub const fn geometry(&self, input: Shape) -> Pool2dGeometry {
                let window = [input.dim(0) / self.size[0], input.dim(1) / self.size[1]];
                Pool2dGeometry {
                    input: [input.dim(0), input.dim(1), input.dim(2)],
                    window,
                    stride: window,
                    padding: [0; 2],
                    output: [self.size[0], self.size[1], input.dim(2)],
                }
            }
        }

        impl $volume {
            const fn parts(&self) -> [usize; 3] {
                self.size
            }

            /// The pool whose windows tile the input, for an input that `out_shape` accepts.
            pub const fn geometry(&self, input: Shape) -> Pool3dGeometry {
                let [depth, height, width] = self.size;
                let window = [input.dim(0) / depth, input.dim(1) / height, input.dim(2) / width];
                Pool3dGeometry {
                    input: [input.dim(0), input.dim(1), input.dim(2), input.dim(3)],
                    window,
                    stride: window,
                    padding: [0; 3],
                    output: [depth, height, width, input.dim(3)],
                }
            }
        }
    )*};
}

geometries! {
    AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d;
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_cut_into_equal_parts() {
        let (input, pool) = (Shape::new(&[6, 9, 4]), AdaptiveAvgPool2d { size: [2, 3] });
        assert_eq!(pool.out_shape(input), Ok(Shape::new(&[2, 3, 4])));
        assert_eq!(pool.geometry(input).window, [3, 3]);
        let error = ShapeError::Divides { argument: "size", parts: 4, input, size: 6 };
        assert_eq!(AdaptiveMaxPool2d { size: [4, 3] }.out_shape(input), Err(error));
        let zero = AdaptiveMaxPool2d { size: [0, 3] }.out_shape(input);
        assert_eq!(zero, Err(ShapeError::ZeroArgument { argument: "size" }));
    }

    #[test]
    fn sequences_and_volumes_are_cut_likewise() {
        let steps = AdaptiveMaxPool1d { size: 3 };
        assert_eq!(steps.out_shape(Shape::new(&[12, 5])), Ok(Shape::new(&[3, 5])));
        assert_eq!(steps.geometry(Shape::new(&[12, 5])).window, [1, 4]);
        assert!(matches!(steps.out_shape(Shape::new(&[12])), Err(ShapeError::Rank { .. })));
        let volume = AdaptiveAvgPool3d { size: [2, 1, 3] };
        assert_eq!(volume.out_shape(Shape::new(&[4, 5, 6, 7])), Ok(Shape::new(&[2, 1, 3, 7])));
        assert!(matches!(volume.out_shape(Shape::new(&[4, 5, 7, 7])), Err(ShapeError::Divides { size: 7, .. })));
    }
}
