use super::conv3d::space_axes;
use super::layer::{attempt, layer, usable};
use super::pool2d::meets_input;
use super::window::WindowAxis;
use super::{Padding, Pool2dGeometry, Shape, ShapeError};

/// A pool of volumes with every size worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool3dGeometry {
    /// Depth, height, width and channels of the input.
    pub input: [usize; 4],
    /// Depth, height and width of the window.
    pub window: [usize; 3],
    /// Steps backwards, down and to the right.
    pub stride: [usize; 3],
    /// Planes, rows and columns in front that lie outside the input; they never win a maximum and never count in an average.
    pub padding: [usize; 3],
    /// Depth, height, width and channels of the output.
    pub output: [usize; 4],
}

impl Pool3dGeometry {
    /// The first half of the work: each plane is pooled as an image.
    pub const fn planes(&self) -> Pool2dGeometry {
        Pool2dGeometry {
            input: [self.input[1], self.input[2], self.input[3]],
            window: [self.window[1], self.window[2]],
            stride: [self.stride[1], self.stride[2]],
            padding: [self.padding[1], self.padding[2]],
            output: [self.output[1], self.output[2], self.output[3]],
        }
    }

    /// The second half: what became of each plane is one pixel of a column, and the column is pooled.
    pub const fn depth(&self) -> Pool2dGeometry {
        let plane = self.output[1] * self.output[2] * self.output[3];
        Pool2dGeometry {
            input: [self.input[0], 1, plane],
            window: [self.window[0], 1],
            stride: [self.stride[0], 1],
            padding: [self.padding[0], 0],
            output: [self.output[0], 1, plane],
        }
    }

    /// Scalars between the two halves, for one sample.
    pub const fn between(&self) -> usize {
        self.input[0] * self.output[1] * self.output[2] * self.output[3]
    }
}

macro_rules! pool3d {
    ($(#[$meta:meta])* $name:ident, reads: $reads:tt) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// The window's depth, height and width.
                kernel: [usize; 3],
                /// The step of the window; the window's own size when left out.
                stride: Option<[usize; 3]> = Value::Absent,
                /// The border: positions outside the input are left out of the window.
                padding: Padding = Value::Padding(Padding::Valid),
            }
            form: General,
            reads: $reads,
            kind: None,
            scratch: true,
            type_arguments: [],
            axes: OutputAxes::Window(3, None),
        }

        impl $name {
            /// `[depth, height, width, channels]` to `[out depth, out height, out width, channels]`.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                let [depth, height, width] = attempt!(space_axes(input, self.kernel, self.step(), self.padding));
                attempt!(meets_input(self.padding, self.kernel[0]));
                attempt!(meets_input(self.padding, self.kernel[1]));
                attempt!(meets_input(self.padding, self.kernel[2]));
                usable(input, Shape::new(&[depth.size, height.size, width.size, input.last()]))
            }

            /// None.
            pub const fn parameters(&self, _input: Shape) -> usize {
                0
            }

            /// One for each element of each window.
            pub const fn flops(&self, input: Shape) -> u64 {
                let [depth, height, width, channels] = self.geometry(input).output;
                let [deep, high, wide] = self.kernel;
                (depth * height * width * channels) as u64 * (deep * high * wide) as u64
            }

            const fn step(&self) -> [usize; 3] {
                match self.stride {
                    Some(stride) => stride,
                    None => self.kernel,
                }
            }

            /// Every size worked out, for an input that `out_shape` accepts; zeros for any other.
            pub const fn geometry(&self, input: Shape) -> Pool3dGeometry {
                let [depth, height, width] = match space_axes(input, self.kernel, self.step(), self.padding) {
                    Ok(axes) => axes,
                    Err(_) => [WindowAxis { size: 0, padding: 0 }; 3],
                };
                Pool3dGeometry {
                    input: [input.dim(0), input.dim(1), input.dim(2), input.dim(3)],
                    window: self.kernel,
                    stride: self.step(),
                    padding: [depth.padding, height.padding, width.padding],
                    output: [depth.size, height.size, width.size, input.dim(3)],
                }
            }
        }
    };
}

pool3d! {
    /// The largest element of each window of a volume.
    MaxPool3d, reads: [input, output]
}

pool3d! {
    /// The mean of each window of a volume.
    AvgPool3d, reads: []
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: MaxPool3d = MaxPool3d { kernel: [2; 3], stride: None, padding: Padding::Valid };

    #[test]
    fn the_stride_defaults_to_the_window() {
        let volume = Shape::new(&[4, 7, 6, 3]);
        assert_eq!(POOL.out_shape(volume), Ok(Shape::new(&[2, 3, 3, 3])));
        assert_eq!(POOL.flops(volume), 2 * 3 * 3 * 3 * 8);
        let mean = AvgPool3d { kernel: [3, 1, 2], stride: Some([1, 2, 1]), padding: Padding::Same };
        assert_eq!(mean.out_shape(volume), Ok(Shape::new(&[4, 4, 6, 3])));
        assert_eq!((mean.geometry(volume).padding, mean.geometry(volume).between()), ([1, 0, 0], 4 * 4 * 6 * 3));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(matches!(POOL.out_shape(Shape::new(&[1, 4, 4, 2])), Err(ShapeError::Space { .. })));
        assert!(matches!(POOL.out_shape(Shape::new(&[4, 4, 2])), Err(ShapeError::Rank { .. })));
        let empty = MaxPool3d { padding: Padding::Amount(2), ..POOL }.out_shape(Shape::new(&[4, 4, 4, 1]));
        assert!(matches!(empty, Err(ShapeError::Range { argument: "padding", .. })));
    }
}
