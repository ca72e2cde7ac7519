use super::conv2d::window_axes;
use super::layer::{at_least_one, attempt, layer, usable};
use super::window::{WindowAxis, of_one_row, step_axis};
use super::{Conv2dGeometry, DepthwiseConv2d, Padding, Shape, ShapeError};

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
    }
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
    }
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    tape: true,
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
        attempt!(at_least_one("multiplier", self.multiplier));
        let [height, width] = attempt!(window_axes(input, self.kernel, self.stride, self.padding));
        usable(input, Shape::new(&[height.size, width.size, self.filters]))
    }

    /// The depthwise half, with every size worked out, for an input that `out_shape` accepts.
    pub const fn geometry(&self, input: Shape) -> Conv2dGeometry {
        let &Self { kernel, stride, padding, multiplier, .. } = self;
        DepthwiseConv2d { kernel, multiplier, stride, padding, bias: false }.geometry(input)
    }
}

impl SeparableConv1d {
    /// `[time, channels]` to `[out time, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("filters", self.filters));
        attempt!(at_least_one("multiplier", self.multiplier));
        let axis = attempt!(step_axis(input, self.kernel, 1, self.stride, self.padding));
        usable(input, Shape::new(&[axis.size, self.filters]))
    }

    /// The depthwise half over an image of one row, for an input that `out_shape` accepts.
    pub const fn geometry(&self, input: Shape) -> Conv2dGeometry {
        let axis = match step_axis(input, self.kernel, 1, self.stride, self.padding) {
            Ok(axis) => axis,
            Err(_) => WindowAxis::ONE,
        };
        of_one_row(input, self.kernel, self.stride, axis, input.last() * self.multiplier)
    }
}

macro_rules! counts {
    ($($name:ident),*) => {$(
        impl $name {
            /// `window · channels · multiplier` weights of the first half, `channels · multiplier · filters` of the second, and
            /// `filters` biases.
            pub const fn parameters(&self, input: Shape) -> usize {
                let Conv2dGeometry { kernel: [high, wide], output: [.., between], .. } = self.geometry(input);
                between * (high * wide + self.filters) + if self.bias { self.filters } else { 0 }
            }

            /// Two for each weight and output position.
            pub const fn flops(&self, input: Shape) -> u64 {
                let geometry = self.geometry(input);
                let [high, wide] = geometry.kernel;
                2 * geometry.output_len() as u64 * (high * wide + self.filters) as u64
            }

            /// Scalars a sample that are kept for the backward pass: what the first half gives.
            pub const fn tape(&self, input: Shape) -> usize {
                self.geometry(input).output_len()
            }
        }
    )*};
}

counts! { SeparableConv2d, SeparableConv1d }

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
        };
        let image = Shape::new(&[32, 28, 3]);
        assert_eq!(conv.out_shape(image), Ok(Shape::new(&[30, 26, 8])));
        assert_eq!(conv.parameters(image), 9 * 6 + 6 * 8 + 8);
        assert_eq!((conv.flops(image), conv.tape(image)), (2 * 30 * 26 * 6 * (9 + 8), 30 * 26 * 6));
        let same = SeparableConv2d { padding: Padding::Same, stride: [2, 2], bias: false, ..conv };
        assert_eq!((same.out_shape(image), same.parameters(image)), (Ok(Shape::new(&[16, 14, 8])), 54 + 48));
    }

    #[test]
    fn sequences_have_their_own() {
        let conv =
            SeparableConv1d { filters: 5, kernel: 3, stride: 2, padding: Padding::Causal, bias: true, multiplier: 1 };
        let input = Shape::new(&[9, 4]);
        assert_eq!((conv.out_shape(input), conv.parameters(input)), (Ok(Shape::new(&[5, 5])), 3 * 4 + 4 * 5 + 5));
        let zero = SeparableConv1d { multiplier: 0, ..conv };
        assert_eq!(zero.out_shape(input), Err(ShapeError::ZeroArgument { argument: "multiplier" }));
        assert!(matches!(conv.out_shape(Shape::new(&[9, 4, 1])), Err(ShapeError::Rank { .. })));
    }
}
