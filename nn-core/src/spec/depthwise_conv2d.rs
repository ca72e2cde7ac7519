use super::conv2d::dilated_axes;
use super::layer::{at_least_one, attempt, layer, usable};
use super::{Conv2d, ConvGeometry, Padding, Shape, ShapeError};

layer! {
    /// A 2-D convolution (cross-correlation) of each channel of `[height, width, channels]` by itself, as in Keras'
    /// `DepthwiseConv2D`.
    pub struct DepthwiseConv2d {
        /// The window's height and width.
        kernel: [usize; 2],
        /// How many filters each channel has: so many times more channels come out.
        multiplier: usize = Value::Size(1),
        /// The step of the window down and to the right.
        stride: [usize; 2] = Value::Pair([1, 1]),
        /// The border.
        padding: Padding = Value::Padding(Padding::Valid),
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
        /// How far the elements of the window lie apart, down and to the right.
        dilation: [usize; 2] = Value::Pair([1, 1]),
    }
    positional: 1,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    type_arguments: [
        TypeArgument::PairAxis("kernel", 0),
        TypeArgument::PairAxis("kernel", 1),
        TypeArgument::InputLast,
        TypeArgument::Size("multiplier"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::WindowTimes(2, "multiplier"),
}

impl DepthwiseConv2d {
    /// `[height, width, channels]` to `[out height, out width, channels · multiplier]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("multiplier", self.multiplier));
        let axes = attempt!(dilated_axes(input, self.kernel, self.dilation, self.stride, self.padding));
        usable(input, Shape::new(&[axes[0].size, axes[1].size, input.last().saturating_mul(self.multiplier)]))
    }

    /// `height · width · channels · multiplier` weights, and `channels · multiplier` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        let filters = input.last() * self.multiplier;
        self.kernel[0] * self.kernel[1] * filters + if self.bias { filters } else { 0 }
    }

    /// Two for each position of the window and element of the output.
    pub const fn flops(&self, input: Shape) -> u64 {
        let [height, width, filters] = self.convolution(input).window.output;
        2 * (height * width * filters) as u64 * (self.kernel[0] * self.kernel[1]) as u64
    }

    /// Every size worked out, with a group for each channel, for an input that [`DepthwiseConv2d::out_shape`] accepts.
    pub const fn convolution(&self, input: Shape) -> ConvGeometry {
        let &Self { kernel, stride, padding, bias, multiplier, dilation } = self;
        let groups = input.last();
        Conv2d { filters: groups * multiplier, kernel, stride, padding, bias, dilation, groups }.convolution(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONV: DepthwiseConv2d = DepthwiseConv2d {
        kernel: [3, 3],
        multiplier: 2,
        stride: [1, 1],
        padding: Padding::Valid,
        bias: true,
        dilation: [1, 1],
    };

    #[test]
    fn channels_are_multiplied() {
        let image = Shape::new(&[32, 28, 3]);
        assert_eq!(CONV.out_shape(image), Ok(Shape::new(&[30, 26, 6])));
        assert_eq!((CONV.parameters(image), CONV.flops(image)), (60, 2 * 9 * 30 * 26 * 6));
        let same = DepthwiseConv2d { padding: Padding::Same, stride: [2, 2], bias: false, ..CONV };
        assert_eq!(same.out_shape(image), Ok(Shape::new(&[16, 14, 6])));
        assert_eq!(same.parameters(image), 54);
    }

    #[test]
    fn dilation_widens_the_window() {
        let wide = DepthwiseConv2d { dilation: [2, 3], ..CONV };
        let image = Shape::new(&[9, 9, 3]);
        assert_eq!(wide.out_shape(image), Ok(Shape::new(&[5, 3, 6])));
        assert_eq!((wide.parameters(image), wide.flops(image)), (60, 2 * 9 * 5 * 3 * 6));
        let same = DepthwiseConv2d { padding: Padding::Same, ..wide };
        assert_eq!(same.out_shape(image), Ok(Shape::new(&[9, 9, 6])));
        assert_eq!(same.convolution(image).window.padding, [2, 3]);
    }

    #[test]
    fn zero_sizes_and_large_windows_are_refused() {
        let zero = DepthwiseConv2d { multiplier: 0, ..CONV };
        let error = Err(ShapeError::ZeroArgument { argument: "multiplier" });
        assert_eq!(zero.out_shape(Shape::new(&[9, 9, 1])), error);
        assert!(matches!(CONV.out_shape(Shape::new(&[2, 9, 1])), Err(ShapeError::Window { .. })));
        let wide = DepthwiseConv2d { dilation: [2, 1], ..CONV };
        assert!(matches!(wide.out_shape(Shape::new(&[4, 9, 1])), Err(ShapeError::Window { .. })));
        let zero = DepthwiseConv2d { dilation: [1, 0], ..CONV };
        let error = Err(ShapeError::ZeroArgument { argument: "dilation" });
        assert_eq!(zero.out_shape(Shape::new(&[9, 9, 1])), error);
    }
}
