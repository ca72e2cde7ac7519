use super::layer::{layer, usable};
use super::{Shape, ShapeError};

macro_rules! softmax {
    ($(#[$meta:meta])* $name:ident, $kind:expr) => {
        layer! {
            $(#[$meta])*
            pub struct $name {}
            form: General,
            reads: [output],
            kind: Some($kind),
            symmetric: true,
            stream: |_| Stream::Each,
            type_arguments: [],
            axes: OutputAxes::Same,
        }

        impl $name {
            /// Any shape to itself: the function works along the innermost axis.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                usable(input, input)
            }

            /// None.
            pub const fn parameters(&self, _input: Shape) -> usize {
                0
            }

            /// About ten for each element.
            pub const fn flops(&self, input: Shape) -> u64 {
                10 * input.len() as u64
            }
        }
    };
}

softmax! {
    /// `exp(x_i) / Σ exp(x_j)` along the innermost axis.
    Softmax, Kind::Probabilities
}
softmax! {
    /// `x_i - ln Σ exp(x_j)` along the innermost axis.
    LogSoftmax, Kind::LogProbabilities
}
