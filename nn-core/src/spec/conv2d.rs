use super::layer::{at_least_one, attempt, divides, image, layer, usable};
use super::window::{WindowAxis, axis_of, reach};
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
        /// How far the elements of the window lie apart, down and to the right.
        dilation: [usize; 2] = Value::Pair([1, 1]),
        /// Into how many groups channels and filters are cut: a group's filters see that group's channels alone.
        groups: usize = Value::Size(1),
    }
    positional: 2,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    pools: is_plain,
    type_arguments: [
        TypeArgument::PairAxis("kernel", 0),
        TypeArgument::PairAxis("kernel", 1),
        TypeArgument::InputShare("groups"),
        TypeArgument::Size("filters"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(2, Some("filters")),
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

/// A convolution whose window may have gaps, and whose filters may each see some channels only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvGeometry {
    /// The sizes; the window counts its elements, without the gaps.
    pub window: Conv2dGeometry,
    /// How far the elements of the window lie apart, down and to the right.
    pub dilation: [usize; 2],
    /// Into how many groups channels and filters are cut.
    pub groups: usize,
}

impl Conv2d {
    /// `[height, width, channels]` to `[out height, out width, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("filters", self.filters));
        let axes = attempt!(dilated_axes(input, self.kernel, self.dilation, self.stride, self.padding));
        let output = attempt!(usable(input, Shape::new(&[axes[0].size, axes[1].size, self.filters])));
        attempt!(divides("groups", self.groups, input, input.last()));
        attempt!(divides("groups", self.groups, output, self.filters));
        Ok(output)
    }

    /// Whether the window is dense, and every filter sees all channels.
    pub const fn is_plain(&self) -> bool {
        self.dilation[0] == 1 && self.dilation[1] == 1 && self.groups == 1
    }

    /// `height · width · channels / groups · filters` weights, and `filters` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        let patch = self.kernel[0] * self.kernel[1] * input.last() / self.groups;
        patch * self.filters + if self.bias { self.filters } else { 0 }
    }

    /// Two for each weight and output position.
    pub const fn flops(&self, input: Shape) -> u64 {
        let output = self.geometry(input).output;
        let patch = self.kernel[0] * self.kernel[1] * input.last() / self.groups;
        2 * (output[0] * output[1] * output[2]) as u64 * patch as u64
    }

    /// As [`Conv2d::geometry`], with dilation and groups.
    pub const fn convolution(&self, input: Shape) -> ConvGeometry {
        ConvGeometry { window: self.geometry(input), dilation: self.dilation, groups: self.groups }
    }

    /// Every size worked out, for an input that [`Conv2d::out_shape`] accepts; zeros for any other.
    pub const fn geometry(&self, input: Shape) -> Conv2dGeometry {
        let axes = match dilated_axes(input, self.kernel, self.dilation, self.stride, self.padding) {
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

/// As [`window_axes`], for a window whose elements lie `dilation` apart.
pub(super) const fn dilated_axes(
    input: Shape,
    kernel: [usize; 2],
    dilation: [usize; 2],
    stride: [usize; 2],
    padding: Padding,
) -> Result<[WindowAxis; 2], ShapeError> {
    attempt!(at_least_one("dilation", dilation[0]));
    attempt!(at_least_one("dilation", dilation[1]));
    let window = [reach(kernel[0], dilation[0]), reach(kernel[1], dilation[1])];
    window_axes(input, window, stride, padding)
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
    let height = axis_of(input.dim(0), window[0], stride[0], padding);
    let width = axis_of(input.dim(1), window[1], stride[1], padding);
    match (height, width) {
        (Some(height), Some(width)) => Ok([height, width]),
        _ => {
            let border = match padding {
                Padding::Amount(amount) => 2 * amount,
                Padding::Sides([front, behind]) => front + behind,
                _ => 0,
            };
            let padded = [input.dim(0) + border, input.dim(1) + border];
            Err(ShapeError::Window { input, window, padded })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONV: Conv2d = Conv2d {
        filters: 8,
        kernel: [3, 3],
        stride: [1, 1],
        padding: Padding::Valid,
        bias: true,
        dilation: [1, 1],
        groups: 1,
    };

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
    fn dilation_widens_the_window_and_groups_cut_channels() {
        let wide = Conv2d { dilation: [2, 3], groups: 2, ..CONV };
        let image = Shape::new(&[9, 9, 6]);
        assert_eq!(wide.out_shape(image), Ok(Shape::new(&[5, 3, 8])));
        assert_eq!(wide.parameters(image), 3 * 3 * 3 * 8 + 8);
        assert_eq!(Conv2d { padding: Padding::Causal, ..wide }.geometry(image).padding, [4, 6]);
        let sides = Conv2d { padding: Padding::Sides([2, 1]), ..CONV };
        assert_eq!(sides.out_shape(image), Ok(Shape::new(&[10, 10, 8])));
        let uneven = Conv2d { groups: 3, ..CONV };
        assert!(matches!(uneven.out_shape(image), Err(ShapeError::Divides { size: 8, .. })));
        assert!(matches!(uneven.out_shape(Shape::new(&[9, 9, 4])), Err(ShapeError::Divides { size: 4, .. })));
    }

    #[test]
    fn zero_sizes_name_their_argument() {
        let zero = Conv2d { filters: 0, ..CONV };
        assert_eq!(zero.out_shape(Shape::new(&[9, 9, 1])), Err(ShapeError::ZeroArgument { argument: "filters" }));
    }
}
