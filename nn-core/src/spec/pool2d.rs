use super::conv2d::window_axes;
use super::layer::{attempt, image, layer, usable};
use super::window::WindowAxis;
use super::{Padding, Shape, ShapeError};

/// A pooling window with every size worked out: what a kernel needs to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool2dGeometry {
    /// Height, width and channels of the input.
    pub input: [usize; 3],
    /// Height and width of the window.
    pub window: [usize; 2],
    /// Steps down and to the right.
    pub stride: [usize; 2],
    /// Rows and columns in front that lie outside the input; they never win a maximum and never count in an average.
    pub padding: [usize; 2],
    /// Height, width and channels of the output.
    pub output: [usize; 3],
}

macro_rules! pool2d {
    ($(#[$meta:meta])* $name:ident, reads: $reads:tt $(, absorbed: $absorbed:ident)?) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// The window's height and width.
                kernel: [usize; 2],
                /// The step of the window; the window's own size when left out.
                stride: Option<[usize; 2]> = Value::Absent,
                /// The border: positions outside the input are left out of the window.
                padding: Padding = Value::Padding(Padding::Valid),
            }
            form: General,
            reads: $reads,
            kind: None,
            $(absorbed: $absorbed,)?
            type_arguments: [],
            axes: OutputAxes::Window(2, None),
        }

        impl $name {
            /// `[height, width, channels]` to `[out height, out width, channels]`.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                let axes = attempt!(window_axes(input, self.kernel, self.step(), self.padding));
                attempt!(meets_input(self.padding, self.kernel[0]));
                attempt!(meets_input(self.padding, self.kernel[1]));
                usable(input, Shape::new(&[axes[0].size, axes[1].size, input.last()]))
            }

            /// None.
            pub const fn parameters(&self, _input: Shape) -> usize {
                0
            }

            /// One for each element of each window.
            pub const fn flops(&self, input: Shape) -> u64 {
                let output = self.geometry(input).output;
                (output[0] * output[1] * output[2] * self.kernel[0] * self.kernel[1]) as u64
            }

            const fn step(&self) -> [usize; 2] {
                match self.stride {
                    Some(stride) => stride,
                    None => self.kernel,
                }
            }

            /// Every size worked out, for an input that `out_shape` accepts; zeros for any other.
            pub const fn geometry(&self, input: Shape) -> Pool2dGeometry {
                let axes = match window_axes(input, self.kernel, self.step(), self.padding) {
                    Ok(axes) => axes,
                    Err(_) => [WindowAxis { size: 0, padding: 0 }; 2],
                };
                Pool2dGeometry {
                    input: [input.dim(0), input.dim(1), input.dim(2)],
                    window: self.kernel,
                    stride: self.step(),
                    padding: [axes[0].padding, axes[1].padding],
                    output: [axes[0].size, axes[1].size, input.last()],
                }
            }
        }
    };
}

/// Refuses a border in which a whole window would fit.
pub(super) const fn meets_input(padding: Padding, window: usize) -> Result<(), ShapeError> {
    let border = match padding {
        Padding::Amount(amount) => amount,
        Padding::Sides([front, behind]) => {
            if front > behind {
                front
            } else {
                behind
            }
        }
        _ => 0,
    };
    if border < window {
        return Ok(());
    }
    Err(ShapeError::Range {
        argument: "padding",
        found: border as i64 * 10_000,
        expected: "less than the window, so that every window meets the input",
    })
}

pool2d! {
    /// The largest element of each window.
    MaxPool2d, reads: [input, output], absorbed: is_disjoint
}

impl MaxPool2d {
    /// Whether the windows lie side by side inside the input: none overlaps another one, or the border.
    pub const fn is_disjoint(&self) -> bool {
        let [down, right] = self.step();
        down == self.kernel[0] && right == self.kernel[1] && matches!(self.padding, Padding::Valid)
    }
}

pool2d! {
    /// The mean of each window.
    AvgPool2d, reads: []
}

layer! {
    /// The mean of each channel over the whole image.
    pub struct GlobalAvgPool2d {}
    form: General,
    reads: [],
    kind: None,
    type_arguments: [],
    axes: OutputAxes::LastOnly,
}

impl GlobalAvgPool2d {
    /// `[height, width, channels]` to `[channels]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(image(input));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stride_defaults_to_the_window() {
        let pool = MaxPool2d { kernel: [2, 2], stride: None, padding: Padding::Valid };
        assert_eq!(pool.out_shape(Shape::new(&[30, 31, 4])), Ok(Shape::new(&[15, 15, 4])));
        let overlapping = MaxPool2d { stride: Some([1, 1]), ..pool };
        assert!(pool.is_disjoint() && !overlapping.is_disjoint());
        assert!(!MaxPool2d { padding: Padding::Same, ..pool }.is_disjoint());
        assert_eq!(overlapping.out_shape(Shape::new(&[3, 3, 4])), Ok(Shape::new(&[2, 2, 4])));
    }

    #[test]
    fn padding_never_fills_a_window() {
        let pool = AvgPool2d { kernel: [2, 2], stride: None, padding: Padding::Amount(2) };
        assert!(pool.out_shape(Shape::new(&[4, 4, 1])).is_err());
    }

    #[test]
    fn the_global_pool_keeps_channels() {
        assert_eq!(GlobalAvgPool2d {}.out_shape(Shape::new(&[7, 5, 64])), Ok(Shape::new(&[64])));
    }
}
