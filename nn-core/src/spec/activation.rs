use super::layer::{attempt, finite, layer, not_negative, positive, usable};
use super::{Shape, ShapeError};

/// Declares the point-wise functions: a variant of [`Activation`] and a layer description each.
/// The functions themselves stand in `kernels/activation/`, one file each.
macro_rules! activations {
    ($($(#[$meta:meta])* $name:ident $({ $($(#[$field_meta:meta])* $field:ident: $rule:ident = $default:literal),+ })?, reads: $reads:tt, kind: $kind:expr $(, increasing: $increasing:literal)? $(, check: $check:ident)?;)*) => {
        /// A point-wise function, as a kernel is told of it.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub enum Activation {
            /// `x`
            #[default]
            Identity,
            $($(#[$meta])* $name $({
                $($(#[$field_meta])* $field: f64,)+
            })?,)*
        }

        $(
            layer! {
                $(#[$meta])*
                pub struct $name { $($($(#[$field_meta])* $field: f64 = Value::Number($default),)+)? }
                form: Pointwise,
                reads: $reads,
                kind: $kind,
                $(increasing: $increasing,)?
                type_arguments: [],
                axes: OutputAxes::Same,
            }

            impl $name {
                /// Any shape to itself.
                pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                    if !input.is_valid() {
                        return Ok(input);
                    }
                    $($(attempt!($rule(stringify!($field), self.$field));)+)?
                    $(attempt!(self.$check());)?
                    usable(input, input)
                }

                /// None.
                pub const fn parameters(&self, _input: Shape) -> usize {
                    0
                }

                /// One for each element.
                pub const fn flops(&self, input: Shape) -> u64 {
                    input.len() as u64
                }

                /// The function that a kernel applies.
                pub const fn activation(&self) -> Activation {
                    Activation::$name $({ $($field: self.$field),+ })?
                }
            }
        )*

        impl Activation {
            /// Whether the derivative needs the function's argument; else its value is enough, and the function can run
            /// in place.
            pub const fn reads_input(&self) -> bool {
                match self {
                    Self::Identity => false,
                    $(Self::$name { .. } => $name::INFO.reads.input,)*
                }
            }
        }
    };
}

activations! {
    /// `max(x, 0)`
    Relu, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x` for `x > 0`, else `slope · x`
    LeakyRelu {
        /// The slope for negative arguments; not negative, so that the derivative can be read off the value.
        slope: not_negative = 0.01
    }, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x` for `x > 0`, else `alpha · (exp(x) - 1)`
    Elu {
        /// The limit for large negative arguments, with its sign changed; not negative.
        alpha: not_negative = 1.0
    }, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `1 / (1 + exp(-x))`
    Sigmoid, reads: [output], kind: Some(Kind::Probabilities), increasing: true;
    /// `tanh(x)`
    Tanh, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x · Φ(x)`, with the error function (not its tanh approximation)
    Gelu, reads: [input], kind: Some(Kind::Scores);
    /// `x / (1 + exp(-x))`
    Silu, reads: [input], kind: Some(Kind::Scores);
    /// `ln(1 + exp(x))`
    Softplus, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `exp(x)`
    Exp, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `ln(x)`
    Log, reads: [input], kind: Some(Kind::Scores);
    /// `√x`
    Sqrt, reads: [output], kind: Some(Kind::Scores);
    /// `x²`
    Square, reads: [input], kind: Some(Kind::Scores);
    /// `|x|`
    Abs, reads: [input], kind: Some(Kind::Scores);
    /// `1 / x`
    Reciprocal, reads: [output], kind: Some(Kind::Scores);
    /// `x` for `x > 0`, else `alpha · (exp(x) - 1)`, times a scale: with both constants of the paper
    Selu, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x` for `x > 0`, else `alpha · (exp(x / alpha) - 1)`
    Celu {
        /// The limit for large negative arguments, with its sign changed.
        alpha: positive = 1.0
    }, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `min(max(x, 0), 6)`
    Relu6, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x` for `x > threshold`, else 0
    ThresholdedRelu {
        /// Up to here the value is 0; not negative.
        threshold: not_negative = 1.0
    }, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `min(max(x, low), high)`
    HardTanh {
        /// The smallest value.
        low: finite = -1.0,
        /// The largest value.
        high: finite = 1.0
    }, reads: [output], kind: Some(Kind::Scores), increasing: true, check: check_bounds;
    /// `min(max(slope · x + offset, 0), 1)`
    HardSigmoid {
        /// The slope between 0 and 1; not negative.
        slope: not_negative = 0.166_666_666_666_666_67,
        /// The value at 0.
        offset: finite = 0.5
    }, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x · min(max(x / 6 + 0.5, 0), 1)`
    HardSwish, reads: [input], kind: Some(Kind::Scores);
    /// `x · tanh(ln(1 + exp(x)))`
    Mish, reads: [input], kind: Some(Kind::Scores);
    /// `x · Φ(x)` by its approximation with tanh
    GeluTanh, reads: [input], kind: Some(Kind::Scores);
    /// `x / (1 + |x|)`
    Softsign, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `-ln(1 + exp(-x))`
    LogSigmoid, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// 0 from `-threshold` to `threshold`; elsewhere `x`, moved towards 0 by `offset`
    Shrink {
        /// Up to this size, arguments become 0; not negative.
        threshold: not_negative = 0.5,
        /// What is taken from the size of all others.
        offset: finite = 0.0
    }, reads: [input], kind: Some(Kind::Scores);
    /// The error function
    Erf, reads: [input], kind: Some(Kind::Scores);
    /// `sin(x)`
    Sin, reads: [input], kind: Some(Kind::Scores);
    /// `cos(x)`
    Cos, reads: [input], kind: Some(Kind::Scores);
    /// -1, 0 or 1, whichever sign it has
    Sign, reads: [output], kind: Some(Kind::Scores);
    /// The largest whole number not above
    Floor, reads: [output], kind: Some(Kind::Scores);
    /// The smallest whole number not below
    Ceil, reads: [output], kind: Some(Kind::Scores);
    /// The nearest whole number, of two the even one
    Round, reads: [output], kind: Some(Kind::Scores);
}

impl HardTanh {
    /// The bounds are not in the wrong order.
    const fn check_bounds(&self) -> Result<(), ShapeError> {
        if self.low < self.high {
            return Ok(());
        }
        Err(ShapeError::Range { argument: "high", found: (self.high * 1e4) as i64, expected: "more than `low`" })
    }
}
