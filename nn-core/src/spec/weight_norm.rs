use super::layer::layer;
use super::{Conv2d, ConvGeometry, Dense, Padding, Shape, ShapeError};

layer! {
    /// [`Dense`] with weight normalisation: each column of the weight is a direction and a magnitude, two parameters.
    pub struct WeightNormDense {
        /// The size of the output.
        units: usize,
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
        /// The input size that was written, `WeightNormDense(784 -> 128)`: an assertion.
        input: Option<usize> = Value::Absent,
    }
    positional: 1,
    form: Affine,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    stream: |_| Stream::Each,
    type_arguments: [
        TypeArgument::InputLast,
        TypeArgument::Size("units"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::LastFrom("units"),
}

layer! {
    /// [`Conv2d`] with weight normalisation: each filter is a direction and a magnitude, two parameters.
    pub struct WeightNormConv2d {
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
    type_arguments: [
        TypeArgument::PairAxis("kernel", 0),
        TypeArgument::PairAxis("kernel", 1),
        TypeArgument::InputShare("groups"),
        TypeArgument::Size("filters"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(2, Some("filters")),
}

impl WeightNormDense {
    /// The layer whose weight is made of the two parameters.
    pub const fn plain(&self) -> Dense {
        let &Self { units, bias, input } = self;
        Dense { units, bias, input }
    }

    /// As [`Dense::out_shape`].
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        self.plain().out_shape(input)
    }

    /// Those of [`Dense`], and a magnitude for each unit.
    pub const fn parameters(&self, input: Shape) -> usize {
        self.plain().parameters(input) + self.units
    }

    /// Those of [`Dense`], and four for each weight.
    pub const fn flops(&self, input: Shape) -> u64 {
        self.plain().flops(input) + 4 * (input.last() * self.units) as u64
    }
}

impl WeightNormConv2d {
    /// The layer whose weight is made of the two parameters.
    pub const fn plain(&self) -> Conv2d {
        let &Self { filters, kernel, stride, padding, bias, dilation, groups } = self;
        Conv2d { filters, kernel, stride, padding, bias, dilation, groups }
    }

    /// As [`Conv2d::out_shape`].
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        self.plain().out_shape(input)
    }

    /// Those of [`Conv2d`], and a magnitude for each filter.
    pub const fn parameters(&self, input: Shape) -> usize {
        self.plain().parameters(input) + self.filters
    }

    /// Those of [`Conv2d`], and four for each weight.
    pub const fn flops(&self, input: Shape) -> u64 {
        let weights = Conv2d { bias: false, ..self.plain() }.parameters(input);
        self.plain().flops(input) + 4 * weights as u64
    }

    /// As [`Conv2d::convolution`].
    pub const fn convolution(&self, input: Shape) -> ConvGeometry {
        self.plain().convolution(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_output_has_a_magnitude() {
        let dense = WeightNormDense { units: 5, bias: true, input: None };
        let input = Shape::new(&[3, 7]);
        assert_eq!(dense.out_shape(input), Ok(Shape::new(&[3, 5])));
        assert_eq!((dense.parameters(input), dense.flops(input)), (7 * 5 + 5 + 5, 2 * 3 * 35 + 4 * 35));
        let conv = WeightNormConv2d {
            filters: 8,
            kernel: [3, 3],
            stride: [1, 1],
            padding: Padding::Same,
            bias: false,
            dilation: [1, 1],
            groups: 2,
        };
        let image = Shape::new(&[5, 4, 6]);
        assert_eq!((conv.out_shape(image), conv.parameters(image)), (Ok(Shape::new(&[5, 4, 8])), 9 * 3 * 8 + 8));
        assert!(matches!(WeightNormConv2d { groups: 4, ..conv }.out_shape(image), Err(ShapeError::Divides { .. })));
    }
}
