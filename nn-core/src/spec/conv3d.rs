use super::layer::{at_least_one, attempt, divides, layer, usable, volume};
use super::window::{WindowAxis, axis_of, reach};
use super::{Conv2dGeometry, ConvGeometry, Padding, Shape, ShapeError};

layer! {
    /// A 3-D convolution (cross-correlation, as in Keras and PyTorch) over `[depth, height, width, channels]`.
    pub struct Conv3d {
        /// The number of output channels.
        filters: usize,
        /// The window's depth, height and width.
        kernel: [usize; 3],
        /// The step of the window along each of them.
        stride: [usize; 3] = Value::Triple([1; 3]),
        /// The border.
        padding: Padding = Value::Padding(Padding::Valid),
        /// Whether a bias is added.
        bias: bool = Value::Flag(true),
        /// How far the elements of the window lie apart.
        dilation: [usize; 3] = Value::Triple([1; 3]),
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
        TypeArgument::PairAxis("kernel", 2),
        TypeArgument::InputShare("groups"),
        TypeArgument::Size("filters"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Window(3, Some("filters")),
}

/// A convolution of volumes with every size worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv3dGeometry {
    /// Depth, height, width and channels of the input.
    pub input: [usize; 4],
    /// Depth, height and width of the window, which counts its elements without the gaps.
    pub kernel: [usize; 3],
    /// Steps backwards, down and to the right.
    pub stride: [usize; 3],
    /// Zeros in front of each axis.
    pub padding: [usize; 3],
    /// How far the elements of the window lie apart.
    pub dilation: [usize; 3],
    /// Into how many groups channels and filters are cut.
    pub groups: usize,
    /// Depth, height, width and channels of the output.
    pub output: [usize; 4],
}

impl Conv3dGeometry {
    /// Scalars of one plane of the input.
    pub const fn plane_len(&self) -> usize {
        self.input[1] * self.input[2] * self.input[3]
    }

    /// The same work as a convolution of images: for each plane of the output, the planes under the window lie behind one
    /// another as channels.
    pub const fn plane(&self) -> ConvGeometry {
        let [deep, high, wide] = self.kernel;
        let window = Conv2dGeometry {
            input: [self.input[1], self.input[2], deep * self.input[3]],
            kernel: [high, wide],
            stride: [self.stride[1], self.stride[2]],
            padding: [self.padding[1], self.padding[2]],
            output: [self.output[1], self.output[2], self.output[3]],
        };
        ConvGeometry { window, dilation: [self.dilation[1], self.dilation[2]], groups: self.groups }
    }
}

impl Conv3d {
    /// `[depth, height, width, channels]` to `[out depth, out height, out width, filters]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("filters", self.filters));
        let [depth, height, width] = attempt!(self.window(input));
        let output = attempt!(usable(input, Shape::new(&[depth.size, height.size, width.size, self.filters])));
        attempt!(divides("groups", self.groups, input, input.last()));
        attempt!(divides("groups", self.groups, output, self.filters));
        Ok(output)
    }

    const fn window(&self, input: Shape) -> Result<[WindowAxis; 3], ShapeError> {
        attempt!(each_at_least_one("dilation", self.dilation));
        let mut window = [0; 3];
        let mut axis = 0;
        while axis < 3 {
            window[axis] = reach(self.kernel[axis], self.dilation[axis]);
            axis += 1;
        }
        space_axes(input, window, self.stride, self.padding)
    }

    const fn patch(&self, input: Shape) -> usize {
        self.kernel[0] * self.kernel[1] * self.kernel[2] * input.last() / self.groups
    }

    /// `depth · height · width · channels / groups · filters` weights, and `filters` biases.
    pub const fn parameters(&self, input: Shape) -> usize {
        self.patch(input) * self.filters + if self.bias { self.filters } else { 0 }
    }

    /// Two for each weight and output position.
    pub const fn flops(&self, input: Shape) -> u64 {
        let [depth, height, width, filters] = self.geometry(input).output;
        2 * (depth * height * width * filters) as u64 * self.patch(input) as u64
    }

    /// Every size worked out, for an input that [`Conv3d::out_shape`] accepts; zeros for any other.
    pub const fn geometry(&self, input: Shape) -> Conv3dGeometry {
        let [depth, height, width] = match self.window(input) {
            Ok(axes) => axes,
            Err(_) => [WindowAxis { size: 0, padding: 0 }; 3],
        };
        Conv3dGeometry {
            input: [input.dim(0), input.dim(1), input.dim(2), input.dim(3)],
            kernel: self.kernel,
            stride: self.stride,
            padding: [depth.padding, height.padding, width.padding],
            dilation: self.dilation,
            groups: self.groups,
            output: [depth.size, height.size, width.size, self.filters],
        }
    }
}

const fn each_at_least_one(argument: &'static str, [first, second, third]: [usize; 3]) -> Result<(), ShapeError> {
    attempt!(at_least_one(argument, first));
    attempt!(at_least_one(argument, second));
    at_least_one(argument, third)
}

/// The three output axes of a window that slides through a volume, or why it does not fit.
pub(super) const fn space_axes(
    input: Shape,
    window: [usize; 3],
    stride: [usize; 3],
    padding: Padding,
) -> Result<[WindowAxis; 3], ShapeError> {
    attempt!(volume(input));
    attempt!(each_at_least_one("kernel", window));
    attempt!(each_at_least_one("stride", stride));
    let axes = [
        axis_of(input.dim(0), window[0], stride[0], padding),
        axis_of(input.dim(1), window[1], stride[1], padding),
        axis_of(input.dim(2), window[2], stride[2], padding),
    ];
    match axes {
        [Some(depth), Some(height), Some(width)] => Ok([depth, height, width]),
        _ => {
            let border = match padding {
                Padding::Amount(amount) => 2 * amount,
                Padding::Sides([front, behind]) => front + behind,
                _ => 0,
            };
            let padded = [input.dim(0) + border, input.dim(1) + border, input.dim(2) + border];
            Err(ShapeError::Space { input, window, padded })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONV: Conv3d = Conv3d {
        filters: 8,
        kernel: [3, 3, 2],
        stride: [1; 3],
        padding: Padding::Valid,
        bias: true,
        dilation: [1; 3],
        groups: 1,
    };

    #[test]
    fn each_border_has_its_sizes() {
        let volume = Shape::new(&[7, 9, 6, 4]);
        assert_eq!(CONV.out_shape(volume), Ok(Shape::new(&[5, 7, 5, 8])));
        assert_eq!((CONV.parameters(volume), CONV.flops(volume)), (18 * 4 * 8 + 8, 2 * 5 * 7 * 5 * 8 * 72));
        let same = Conv3d { padding: Padding::Same, stride: [2, 1, 3], ..CONV };
        assert_eq!(same.out_shape(volume), Ok(Shape::new(&[4, 9, 2, 8])));
        let causal = Conv3d { padding: Padding::Causal, dilation: [2, 1, 1], groups: 2, ..CONV };
        assert_eq!(causal.geometry(volume).padding, [4, 2, 1]);
        assert_eq!(causal.parameters(volume), 18 * 2 * 8 + 8);
        let sides = Conv3d { padding: Padding::Sides([2, 1]), ..CONV };
        assert_eq!(sides.out_shape(volume), Ok(Shape::new(&[8, 10, 8, 8])));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let error = CONV.out_shape(Shape::new(&[2, 9, 9, 1]));
        assert!(matches!(error, Err(ShapeError::Space { window: [3, 3, 2], padded: [2, 9, 9], .. })));
        assert!(matches!(CONV.out_shape(Shape::new(&[9, 9, 9])), Err(ShapeError::Rank { .. })));
        let uneven = Conv3d { groups: 3, ..CONV };
        assert!(matches!(uneven.out_shape(Shape::new(&[9, 9, 9, 4])), Err(ShapeError::Divides { size: 4, .. })));
        let zero = Conv3d { dilation: [1, 0, 1], ..CONV };
        let fault = Err(ShapeError::ZeroArgument { argument: "dilation" });
        assert_eq!(zero.out_shape(Shape::new(&[9, 9, 9, 4])), fault);
    }
}
