use super::layer::{at_least_one, attempt, image, layer, usable};
use super::{Padding, Shape, ShapeError};

layer! {
    /// A 2-D convolution (cross-correlation, as in Keras and PyTorch) over `[height, width, channels]`.
    pub struct Conv2d {
        /// The number of output channels.
        filters: usize,
        /// The window's height and width.
        kernel: [usize; 2],
        /// The step of the window down and to the right.
        stride: [usize; 2] = Value::Pair([1, 1]),
        /// The border.
        padding: Padding = Value::Padding(Padding::Valid),
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
    }
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    pools: true,
    type_arguments: [
        TypeArgument::PairAxis("kernel", 0),
        TypeArgument::PairAxis("kernel", 1),
        TypeArgument::InputLast,
        TypeArgument::Size("filters"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(Some("filters")),
}

/// A convolution with every size worked out: what a kernel needs to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv2dGeometry {
    /// Height, width and channels of the input.
    pub input: [usize; 3],
    /// Height and width of the window.
    pub kernel: [usize; 2],
    /// Steps down and to the right.
    pub stride: [usize; 2],
    /// Rows of zeros above and columns of zeros to the left.
    pub padding: [usize; 2],
    /// Height, width and channels of the output.
    pub output: [usize; 3],
}

impl Conv2dGeometry {
    /// Scalars of one input.
    pub const fn input_len(&self) -> usize {
        self.input[0] * self.input[1] * self.input[2]
    }

    /// Scalars of one output.
    pub const fn output_len(&self) -> usize {
        self.output[0] * self.output[1] * self.output[2]
    }
}

impl Conv2d {
    /// `[height, width, channels]` to `[out height, out width, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("filters", self.filters));
        let axes = attempt!(window_axes(input, self.kernel, self.stride, self.padding));
        usable(input, Shape::new(&[axes[0].size, axes[1].size, self.filters]))
    }

    /// `height · width · channels · filters` weights, and `filters` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        let patch = self.kernel[0] * self.kernel[1] * input.last();
        patch * self.filters + if self.bias { self.filters } else { 0 }
    }

    /// Two for each weight and output position.
    pub const fn flops(&self, input: Shape) -> u64 {
        let output = self.geometry(input).output;
        let patch = self.kernel[0] * self.kernel[1] * input.last();
        2 * (output[0] * output[1] * output[2]) as u64 * patch as u64
    }

    /// Every size worked out, for an input that [`Conv2d::out_shape`] accepts; zeros for any other.
    pub const fn geometry(&self, input: Shape) -> Conv2dGeometry {
        let axes = match window_axes(input, self.kernel, self.stride, self.padding) {
            Ok(axes) => axes,
            Err(_) => [WindowAxis { size: 0, padding: 0 }; 2],
        };
        Conv2dGeometry {
            input: [input.dim(0), input.dim(1), input.dim(2)],
            kernel: self.kernel,
            stride: self.stride,
            padding: [axes[0].padding, axes[1].padding],
            output: [axes[0].size, axes[1].size, self.filters],
        }
    }
}

/// One output axis of a sliding window.
#[derive(Clone, Copy)]
pub(super) struct WindowAxis {
    pub(super) size: usize,
    /// Zeros in front.
    pub(super) padding: usize,
}

/// Both output axes of a sliding window, or why it does not fit.
pub(super) const fn window_axes(
    input: Shape,
    window: [usize; 2],
    stride: [usize; 2],
    padding: Padding,
) -> Result<[WindowAxis; 2], ShapeError> {
    attempt!(image(input));
    attempt!(at_least_one("kernel", window[0]));
    attempt!(at_least_one("kernel", window[1]));
    attempt!(at_least_one("stride", stride[0]));
    attempt!(at_least_one("stride", stride[1]));
    let height = window_axis(input.dim(0), window[0], stride[0], padding);
    let width = window_axis(input.dim(1), window[1], stride[1], padding);
    match (height, width) {
        (Some(height), Some(width)) => Ok([height, width]),
        _ => {
            let border = match padding {
                Padding::Amount(amount) => 2 * amount,
                _ => 0,
            };
            let padded = [input.dim(0) + border, input.dim(1) + border];
            Err(ShapeError::Window { input, window, padded })
        }
    }
}

const fn window_axis(size: usize, window: usize, stride: usize, padding: Padding) -> Option<WindowAxis> {
    let (front, total) = match padding {
        Padding::Valid => (0, 0),
        Padding::Amount(amount) => (amount, 2 * amount),
        Padding::Same => {
            let needed = (size.div_ceil(stride).saturating_sub(1)) * stride + window;
            let total = needed.saturating_sub(size);
            (total / 2, total)
        }
    };
    if size + total < window {
        return None;
    }
    let size = (size + total - window) / stride + 1;
    Some(WindowAxis { size, padding: front })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONV: Conv2d = Conv2d { filters: 8, kernel: [3, 3], stride: [1, 1], padding: Padding::Valid, bias: true };

    #[test]
    fn valid_shrinks_same_keeps() {
        let image = Shape::new(&[32, 28, 3]);
        assert_eq!(CONV.out_shape(image), Ok(Shape::new(&[30, 26, 8])));
        let same = Conv2d { padding: Padding::Same, ..CONV };
        assert_eq!(same.out_shape(image), Ok(Shape::new(&[32, 28, 8])));
        assert_eq!(same.geometry(image).padding, [1, 1]);
    }

    #[test]
    fn same_with_a_stride_rounds_up_and_pads_behind() {
        let strided = Conv2d { padding: Padding::Same, stride: [2, 2], ..CONV };
        let image = Shape::new(&[32, 5, 1]);
        assert_eq!(strided.out_shape(image), Ok(Shape::new(&[16, 3, 8])));
        assert_eq!(strided.geometry(image).padding, [0, 1]);
    }

    #[test]
    fn a_window_larger_than_its_input_is_refused() {
        let error = CONV.out_shape(Shape::new(&[2, 9, 1])).expect_err("3 > 2");
        assert!(matches!(error, ShapeError::Window { .. }));
        let padded = Conv2d { padding: Padding::Amount(1), ..CONV };
        assert_eq!(padded.out_shape(Shape::new(&[2, 9, 1])), Ok(Shape::new(&[2, 9, 8])));
    }

    #[test]
    fn zero_sizes_name_their_argument() {
        let zero = Conv2d { filters: 0, ..CONV };
        assert_eq!(zero.out_shape(Shape::new(&[9, 9, 1])), Err(ShapeError::ZeroArgument { argument: "filters" }));
    }
}
