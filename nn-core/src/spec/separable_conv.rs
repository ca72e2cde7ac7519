use super::layer::{at_least_one, attempt, layer, usable};
use super::window::streams;
use super::{Conv2dGeometry, ConvGeometry, DepthwiseConv1d, DepthwiseConv2d, Padding, Shape, ShapeError};

layer! {
    /// A depthwise convolution of `[height, width, channels]`, then a 1 × 1 convolution of what it gives, as Keras'
    /// `SeparableConv2D`.
    pub struct SeparableConv2d {
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
        /// How many filters each channel has before channels are mixed.
        multiplier: usize = Value::Size(1),
        /// How far the elements of the window lie apart, down and to the right.
        dilation: [usize; 2] = Value::Pair([1, 1]),
    }
    positional: 2,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    tape: true,
    type_arguments: [
        TypeArgument::PairAxis("kernel", 0),
        TypeArgument::PairAxis("kernel", 1),
        TypeArgument::InputLast,
        TypeArgument::Size("multiplier"),
        TypeArgument::Size("filters"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(2, Some("filters")),
}

layer! {
    /// A depthwise convolution of `[time, channels]`, then one of a single step of what it gives, as Keras'
    /// `SeparableConv1D`.
    pub struct SeparableConv1d {
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
        /// How many filters each channel has before channels are mixed.
        multiplier: usize = Value::Size(1),
        /// How far the steps that the window sees lie apart.
        dilation: usize = Value::Size(1),
    }
    positional: 2,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    tape: true,
    stream: Self::stream,
    type_arguments: [
        TypeArgument::Size("kernel"),
        TypeArgument::InputLast,
        TypeArgument::Size("multiplier"),
        TypeArgument::Size("filters"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(1, Some("filters")),
}

impl SeparableConv2d {
    /// `[height, width, channels]` to `[out height, out width, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("filters", self.filters));
        let between = attempt!(self.first().out_shape(input));
        usable(input, Shape::new(&[between.dim(0), between.dim(1), self.filters]))
    }

    const fn first(&self) -> DepthwiseConv2d {
        let &Self { kernel, stride, padding, multiplier, dilation, .. } = self;
        DepthwiseConv2d { kernel, multiplier, stride, padding, bias: false, dilation }
    }
}

impl SeparableConv1d {
    /// `[time, channels]` to `[out time, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("filters", self.filters));
        let between = attempt!(self.first().out_shape(input));
        usable(input, Shape::new(&[between.dim(0), self.filters]))
    }

    const fn first(&self) -> DepthwiseConv1d {
        let &Self { kernel, stride, padding, multiplier, dilation, .. } = self;
        DepthwiseConv1d { kernel, multiplier, stride, padding, bias: false, dilation }
    }
}

macro_rules! counts {
    ($($name:ident),*) => {$(
        impl $name {
            /// The depthwise half with every size worked out, over an image, for an input that `out_shape` accepts.
            pub const fn convolution(&self, input: Shape) -> ConvGeometry {
                self.first().convolution(input)
            }

            /// `window · channels · multiplier` weights of the first half, `channels · multiplier · filters` of the second, and
            /// `filters` biases.
            pub const fn parameters(&self, input: Shape) -> usize {
                let Conv2dGeometry { kernel: [high, wide], output: [.., between], .. } = self.convolution(input).window;
                between * (high * wide + self.filters) + if self.bias { self.filters } else { 0 }
            }

            /// Two for each weight and output position.
            pub const fn flops(&self, input: Shape) -> u64 {
                let window = self.convolution(input).window;
                let [high, wide] = window.kernel;
                2 * window.output_len() as u64 * (high * wide + self.filters) as u64
            }

            /// Scalars a sample that are kept for the backward pass: what the first half gives.
            pub const fn tape(&self, input: Shape) -> usize {
                self.convolution(input).window.output_len()
            }
        }
    )*};
}

counts! { SeparableConv2d, SeparableConv1d }
streams! { SeparableConv1d }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_are_counted() {
        let conv = SeparableConv2d {
            filters: 8,
            kernel: [3, 3],
            stride: [1, 1],
            padding: Padding::Valid,
            bias: true,
            multiplier: 2,
            dilation: [1, 1],
        };
        let image = Shape::new(&[32, 28, 3]);
        assert_eq!(conv.out_shape(image), Ok(Shape::new(&[30, 26, 8])));
        assert_eq!(conv.parameters(image), 9 * 6 + 6 * 8 + 8);
        assert_eq!((conv.flops(image), conv.tape(image)), (2 * 30 * 26 * 6 * (9 + 8), 30 * 26 * 6));
        let same = SeparableConv2d { padding: Padding::Same, stride: [2, 2], bias: false, ..conv };
        assert_eq!((same.out_shape(image), same.parameters(image)), (Ok(Shape::new(&[16, 14, 8])), 54 + 48));
        let wide = SeparableConv2d { dilation: [3, 2], ..conv };
        assert_eq!(wide.out_shape(image), Ok(Shape::new(&[26, 24, 8])));
        assert_eq!((wide.parameters(image), wide.tape(image)), (conv.parameters(image), 26 * 24 * 6));
    }

    #[test]
    fn sequences_have_their_own() {
        let conv = SeparableConv1d {
            filters: 5,
            kernel: 3,
            stride: 2,
            padding: Padding::Causal,
            bias: true,
            multiplier: 1,
            dilation: 1,
        };
        let input = Shape::new(&[9, 4]);
        assert_eq!((conv.out_shape(input), conv.parameters(input)), (Ok(Shape::new(&[5, 5])), 3 * 4 + 4 * 5 + 5));
        let wide = SeparableConv1d { dilation: 4, padding: Padding::Valid, ..conv };
        assert_eq!(wide.out_shape(input), Ok(Shape::new(&[1, 5])));
        let none = SeparableConv1d { dilation: 0, ..conv };
        assert_eq!(none.out_shape(input), Err(ShapeError::ZeroArgument { argument: "dilation" }));
        let zero = SeparableConv1d { multiplier: 0, ..conv };
        assert_eq!(zero.out_shape(input), Err(ShapeError::ZeroArgument { argument: "multiplier" }));
        assert!(matches!(conv.out_shape(Shape::new(&[9, 4, 1])), Err(ShapeError::Rank { .. })));
    }
}
