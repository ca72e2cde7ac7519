use super::layer::{at_least_one, attempt, image, layer, sequence, usable};
use super::window::WindowAxis;
use super::{Conv2dGeometry, ConvGeometry, Padding, Shape, ShapeError};

layer! {
    /// A transposed 1-D convolution over `[time, channels]`: what a convolution's gradient does with its input's shape.
    pub struct ConvTranspose1d {
        /// The number of output channels.
        filters: usize,
        /// How many steps each step is spread over.
        kernel: usize,
        /// How far apart neighbouring steps are put.
        stride: usize = Value::Size(1),
        /// What is cut off at the ends.
        padding: Padding = Value::Padding(Padding::Valid),
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
        /// Steps more at the end.
        output_padding: usize = Value::Size(0),
    }
    positional: 2,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    type_arguments: [
        TypeArgument::Size("kernel"),
        TypeArgument::Size("filters"),
        TypeArgument::InputLast,
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(1, Some("filters")),
}

impl ConvTranspose1d {
    /// `[time, channels]` to `[out time, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(sequence(input));
        attempt!(at_least_one("filters", self.filters));
        let axis = attempt!(self.axis(input));
        usable(input, Shape::new(&[axis.size, self.filters]))
    }

    const fn axis(&self, input: Shape) -> Result<WindowAxis, ShapeError> {
        spread(input.dim(0), self.kernel, self.stride, self.padding, self.output_padding)
    }

    /// `kernel · filters · channels` weights, and `filters` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        self.kernel * input.last() * self.filters + if self.bias { self.filters } else { 0 }
    }

    /// Two for each weight and input position.
    pub const fn flops(&self, input: Shape) -> u64 {
        2 * input.len() as u64 * (self.kernel * self.filters) as u64
    }

    /// The convolution whose input gradient this is, over images of one row.
    pub const fn convolution(&self, input: Shape) -> ConvGeometry {
        let axis = match self.axis(input) {
            Ok(axis) => axis,
            Err(_) => WindowAxis::ONE,
        };
        let window = Conv2dGeometry {
            input: [1, axis.size, self.filters],
            kernel: [1, self.kernel],
            stride: [1, self.stride],
            padding: [0, axis.padding],
            output: [1, input.dim(0), input.dim(1)],
        };
        ConvGeometry { window, dilation: [1, 1], groups: 1 }
    }
}

layer! {
    /// A transposed 2-D convolution over `[height, width, channels]`: what a convolution's gradient does with its input's
    /// shape.
    pub struct ConvTranspose2d {
        /// The number of output channels.
        filters: usize,
        /// Height and width of what each pixel is spread over.
        kernel: [usize; 2],
        /// How far apart neighbouring pixels are put, down and to the right.
        stride: [usize; 2] = Value::Pair([1, 1]),
        /// What is cut off at the border.
        padding: Padding = Value::Padding(Padding::Valid),
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
        /// Rows and columns more, below and to the right.
        output_padding: [usize; 2] = Value::Pair([0, 0]),
    }
    positional: 2,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    type_arguments: [
        TypeArgument::PairAxis("kernel", 0),
        TypeArgument::PairAxis("kernel", 1),
        TypeArgument::Size("filters"),
        TypeArgument::InputLast,
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(2, Some("filters")),
}

impl ConvTranspose2d {
    /// `[height, width, channels]` to `[out height, out width, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(image(input));
        attempt!(at_least_one("filters", self.filters));
        let (height, width) = (attempt!(self.axis(input, 0)), attempt!(self.axis(input, 1)));
        usable(input, Shape::new(&[height.size, width.size, self.filters]))
    }

    const fn axis(&self, input: Shape, axis: usize) -> Result<WindowAxis, ShapeError> {
        spread(input.dim(axis), self.kernel[axis], self.stride[axis], self.padding, self.output_padding[axis])
    }

    /// `height · width · filters · channels` weights, and `filters` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        self.kernel[0] * self.kernel[1] * input.last() * self.filters + if self.bias { self.filters } else { 0 }
    }

    /// Two for each weight and input position.
    pub const fn flops(&self, input: Shape) -> u64 {
        2 * input.len() as u64 * (self.kernel[0] * self.kernel[1] * self.filters) as u64
    }

    /// The convolution whose input gradient this is.
    pub const fn convolution(&self, input: Shape) -> ConvGeometry {
        let (height, width) = match (self.axis(input, 0), self.axis(input, 1)) {
            (Ok(height), Ok(width)) => (height, width),
            _ => (WindowAxis::ONE, WindowAxis::ONE),
        };
        let window = Conv2dGeometry {
            input: [height.size, width.size, self.filters],
            kernel: self.kernel,
            stride: self.stride,
            padding: [height.padding, width.padding],
            output: [input.dim(0), input.dim(1), input.dim(2)],
        };
        ConvGeometry { window, dilation: [1, 1], groups: 1 }
    }
}

/// The longer axis, and what is cut off in front of it.
const fn spread(
    size: usize,
    kernel: usize,
    stride: usize,
    padding: Padding,
    more: usize,
) -> Result<WindowAxis, ShapeError> {
    attempt!(at_least_one("kernel", kernel));
    attempt!(at_least_one("stride", stride));
    if more >= stride && more > 0 {
        let expected = "less than the stride: a step more would be one that no input reaches";
        return Err(ShapeError::Range { argument: "output_padding", found: more as i64 * 10_000, expected });
    }
    let (front, behind) = match padding {
        Padding::Valid => (0, 0),
        Padding::Amount(amount) => (amount, amount),
        Padding::Sides([front, behind]) => (front, behind),
        Padding::Causal | Padding::Same => {
            let front = if matches!(padding, Padding::Same) { kernel.saturating_sub(stride) / 2 } else { 0 };
            return Ok(WindowAxis { size: size.saturating_mul(stride).saturating_add(more), padding: front });
        }
    };
    let full = size.saturating_sub(1).saturating_mul(stride).saturating_add(kernel).saturating_add(more);
    if front.saturating_add(behind) >= full {
        let expected = "fewer than come out without padding: nothing would be left";
        return Err(ShapeError::Range { argument: "padding", found: front as i64 * 10_000, expected });
    }
    Ok(WindowAxis { size: full - front - behind, padding: front })
}

#[cfg(test)]
mod tests {
    use super::*;

    const UP: ConvTranspose1d =
        ConvTranspose1d { filters: 2, kernel: 4, stride: 2, padding: Padding::Valid, bias: true, output_padding: 0 };

    #[test]
    fn each_border_has_its_length() {
        let input = Shape::new(&[5, 3]);
        let lengths = [
            (Padding::Valid, 0, 12, 0),
            (Padding::Valid, 1, 13, 0),
            (Padding::Amount(1), 0, 10, 1),
            (Padding::Sides([2, 1]), 1, 10, 2),
            (Padding::Same, 0, 10, 1),
            (Padding::Causal, 0, 10, 0),
        ];
        for (padding, output_padding, time, front) in lengths {
            let layer = ConvTranspose1d { padding, output_padding, ..UP };
            assert_eq!(layer.out_shape(input), Ok(Shape::new(&[time, 2])), "{layer:?}");
            assert_eq!(layer.convolution(input).window.padding, [0, front], "{layer:?}");
        }
        assert_eq!((UP.parameters(input), UP.flops(input)), (26, 240));
        let image = ConvTranspose2d {
            filters: 2,
            kernel: [2, 3],
            stride: [2, 1],
            padding: Padding::Same,
            bias: false,
            output_padding: [0, 0],
        };
        assert_eq!(image.out_shape(Shape::new(&[4, 5, 3])), Ok(Shape::new(&[8, 5, 2])));
    }

    #[test]
    fn what_leaves_nothing_is_refused() {
        let input = Shape::new(&[1, 3]);
        let cut = ConvTranspose1d { padding: Padding::Amount(2), ..UP };
        assert!(matches!(cut.out_shape(input), Err(ShapeError::Range { argument: "padding", .. })));
        let more = ConvTranspose1d { output_padding: 2, ..UP };
        assert!(matches!(more.out_shape(input), Err(ShapeError::Range { argument: "output_padding", .. })));
    }
}
