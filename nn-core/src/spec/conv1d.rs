use super::layer::{at_least_one, attempt, divides, layer, usable};
use super::window::{WindowAxis, of_one_row, step_axis, streams};
use super::{ConvGeometry, Padding, Shape, ShapeError};

layer! {
    /// A 1-D convolution (cross-correlation, as in Keras and PyTorch) over `[time, channels]`.
    pub struct Conv1d {
        /// The number of output channels.
        filters: usize,
        /// How many steps the window sees.
        kernel: usize,
        /// The step of the window.
        stride: usize = Value::Size(1),
        /// The border.
        padding: Padding = Value::Padding(Padding::Valid),
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
        /// How far the steps that the window sees lie apart.
        dilation: usize = Value::Size(1),
        /// Into how many groups channels and filters are cut: a group's filters see that group's channels alone.
        groups: usize = Value::Size(1),
    }
    positional: 2,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    stream: Self::stream,
    type_arguments: [
        TypeArgument::Size("kernel"),
        TypeArgument::InputShare("groups"),
        TypeArgument::Size("filters"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(1, Some("filters")),
}

impl Conv1d {
    /// `[time, channels]` to `[out time, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("filters", self.filters));
        let axis = attempt!(self.axis(input));
        let output = attempt!(usable(input, Shape::new(&[axis.size, self.filters])));
        attempt!(divides("groups", self.groups, input, input.last()));
        attempt!(divides("groups", self.groups, output, self.filters));
        Ok(output)
    }

    const fn axis(&self, input: Shape) -> Result<WindowAxis, ShapeError> {
        step_axis(input, self.kernel, self.dilation, self.stride, self.padding)
    }

    /// `kernel · channels / groups · filters` weights, and `filters` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        self.kernel * input.last() / self.groups * self.filters + if self.bias { self.filters } else { 0 }
    }

    /// Two for each weight and output position.
    pub const fn flops(&self, input: Shape) -> u64 {
        let [_, time, filters] = self.convolution(input).window.output;
        2 * (time * filters) as u64 * (self.kernel * input.last() / self.groups) as u64
    }

    /// The same over an image of one row, for an input that [`Conv1d::out_shape`] accepts.
    pub const fn convolution(&self, input: Shape) -> ConvGeometry {
        let axis = match self.axis(input) {
            Ok(axis) => axis,
            Err(_) => WindowAxis::ONE,
        };
        let window = of_one_row(input, self.kernel, self.stride, axis, self.filters);
        ConvGeometry { window, dilation: [1, self.dilation], groups: self.groups }
    }
}

layer! {
    /// A 1-D convolution (cross-correlation) of each channel of `[time, channels]` by itself, as Keras' `DepthwiseConv1D`.
    pub struct DepthwiseConv1d {
        /// How many steps the window sees.
        kernel: usize,
        /// How many filters each channel has: so many times more channels come out.
        multiplier: usize = Value::Size(1),
        /// The step of the window.
        stride: usize = Value::Size(1),
        /// The border.
        padding: Padding = Value::Padding(Padding::Valid),
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
        /// How far the steps that the window sees lie apart.
        dilation: usize = Value::Size(1),
    }
    positional: 1,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    stream: Self::stream,
    type_arguments: [
        TypeArgument::Size("kernel"),
        TypeArgument::InputLast,
        TypeArgument::Size("multiplier"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::WindowTimes(1, "multiplier"),
}

impl DepthwiseConv1d {
    /// `[time, channels]` to `[out time, channels · multiplier]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("multiplier", self.multiplier));
        let axis = attempt!(self.axis(input));
        usable(input, Shape::new(&[axis.size, input.last().saturating_mul(self.multiplier)]))
    }

    /// `kernel · channels · multiplier` weights, and `channels · multiplier` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        let filters = input.last() * self.multiplier;
        self.kernel * filters + if self.bias { filters } else { 0 }
    }

    /// Two for each position of the window and element of the output.
    pub const fn flops(&self, input: Shape) -> u64 {
        let [_, time, filters] = self.convolution(input).window.output;
        2 * (time * filters * self.kernel) as u64
    }

    const fn axis(&self, input: Shape) -> Result<WindowAxis, ShapeError> {
        step_axis(input, self.kernel, self.dilation, self.stride, self.padding)
    }

    /// The same over an image of one row, with a group for each channel, for an input that
    /// [`DepthwiseConv1d::out_shape`] accepts.
    pub const fn convolution(&self, input: Shape) -> ConvGeometry {
        let &Self { kernel, stride, padding, bias, multiplier, dilation } = self;
        let groups = input.last();
        Conv1d { filters: groups * multiplier, kernel, stride, padding, bias, dilation, groups }.convolution(input)
    }
}

streams! { Conv1d, DepthwiseConv1d }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Stream;

    const CONV: Conv1d =
        Conv1d { filters: 8, kernel: 3, stride: 1, padding: Padding::Valid, bias: true, dilation: 1, groups: 1 };

    #[test]
    fn each_border_has_its_length() {
        let input = Shape::new(&[10, 4]);
        let sizes = [
            (Padding::Valid, 1, 1, 8, 0),
            (Padding::Same, 1, 1, 10, 1),
            (Padding::Same, 3, 1, 4, 1),
            (Padding::Causal, 1, 1, 10, 2),
            (Padding::Causal, 2, 4, 5, 8),
            (Padding::Amount(2), 1, 2, 10, 2),
            (Padding::Sides([3, 1]), 2, 1, 6, 3),
        ];
        for (padding, stride, dilation, time, front) in sizes {
            let conv = Conv1d { padding, stride, dilation, ..CONV };
            assert_eq!(conv.out_shape(input), Ok(Shape::new(&[time, 8])), "{conv:?}");
            assert_eq!(conv.convolution(input).window.padding, [0, front], "{conv:?}");
        }
        let grouped = Conv1d { groups: 4, ..CONV };
        assert_eq!((grouped.parameters(input), grouped.flops(input)), (3 * 8 + 8, 2 * 8 * 8 * 3));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let wide = Conv1d { dilation: 5, ..CONV };
        let input = Shape::new(&[10, 4]);
        assert_eq!(wide.out_shape(input), Err(ShapeError::Reach { input, window: 11, padded: 10 }));
        assert!(matches!(CONV.out_shape(Shape::new(&[10])), Err(ShapeError::Rank { .. })));
        assert!(matches!(Conv1d { groups: 3, ..CONV }.out_shape(input), Err(ShapeError::Divides { size: 4, .. })));
        let zero = Conv1d { dilation: 0, ..CONV };
        assert_eq!(zero.out_shape(input), Err(ShapeError::ZeroArgument { argument: "dilation" }));
    }

    #[test]
    fn depthwise_channels_are_multiplied() {
        let padding = Padding::Causal;
        let conv = DepthwiseConv1d { kernel: 4, multiplier: 3, stride: 1, padding, bias: false, dilation: 1 };
        let input = Shape::new(&[10, 4]);
        assert_eq!(conv.out_shape(input), Ok(Shape::new(&[10, 12])));
        assert_eq!((conv.parameters(input), conv.flops(input)), (48, 2 * 10 * 12 * 4));
        let wide = DepthwiseConv1d { dilation: 3, ..conv };
        assert_eq!((wide.out_shape(input), wide.convolution(input).window.padding), (conv.out_shape(input), [0, 9]));
        let valid = DepthwiseConv1d { padding: Padding::Valid, ..wide };
        assert_eq!(valid.out_shape(input), Ok(Shape::new(&[1, 12])));
        assert!(matches!(valid.out_shape(Shape::new(&[9, 4])), Err(ShapeError::Reach { window: 10, .. })));
        let zero = DepthwiseConv1d { multiplier: 0, ..conv };
        assert_eq!(zero.out_shape(input), Err(ShapeError::ZeroArgument { argument: "multiplier" }));
    }

    #[test]
    fn causal_windows_can_be_streamed() {
        let causal = Conv1d { padding: Padding::Causal, ..CONV };
        assert_eq!(causal.stream(), Stream::Carries { bounded: false });
        assert_eq!(Conv1d { dilation: 4, ..causal }.state(Shape::new(&[10, 5])), 4 * 3 * 5);
        assert!(matches!(Conv1d { stride: 2, ..causal }.stream(), Stream::Whole(reason) if reason.contains("stride")));
        for padding in [Padding::Valid, Padding::Same] {
            assert!(matches!(Conv1d { padding, ..CONV }.stream(), Stream::Whole(reason) if reason.contains("causal")));
            assert_eq!(Conv1d { padding, kernel: 1, dilation: 2, ..CONV }.stream(), Stream::Each);
            assert!(matches!(Conv1d { padding, kernel: 1, stride: 2, ..CONV }.stream(), Stream::Whole(_)));
        }
    }
}
