use super::layer::{layer, usable};
use super::{Shape, ShapeError};

/// Declares the point-wise functions: a variant of [`Activation`] and a layer description each.
/// The functions themselves stand in `kernels/activation/`, one file each.
macro_rules! activations {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident = $default:literal)? }, reads: $reads:tt, kind: $kind:expr $(, increasing: $increasing:literal)?;)*) => {
        /// A point-wise function, as a kernel is told of it.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub enum Activation {
            /// `x`
            #[default]
            Identity,
            $($(#[$meta])* $name $({
                $(#[$field_meta])*
                $field: f64
            })?,)*
        }

        $(
            layer! {
                $(#[$meta])*
                pub struct $name { $($(#[$field_meta])* $field: f64 = Value::Number($default),)? }
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
                    $(
                        let $field = self.$field;
                        if !($field >= 0.0 && $field.is_finite()) {
                            return Err(ShapeError::Range {
                                argument: stringify!($field),
                                found: ($field * 1e4) as i64,
                                expected: "at least 0",
                            });
                        }
                    )?
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
                    Activation::$name $({ $field: self.$field })?
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
    Relu {}, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x` for `x > 0`, else `slope · x`
    LeakyRelu {
        /// The slope for negative arguments; not negative, so that the derivative can be read off the value.
        slope = 0.01
    }, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x` for `x > 0`, else `alpha · (exp(x) - 1)`
    Elu {
        /// The limit for large negative arguments, with its sign changed; not negative.
        alpha = 1.0
    }, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `1 / (1 + exp(-x))`
    Sigmoid {}, reads: [output], kind: Some(Kind::Probabilities), increasing: true;
    /// `tanh(x)`
    Tanh {}, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `x · Φ(x)`, with the error function (not its tanh approximation)
    Gelu {}, reads: [input], kind: Some(Kind::Scores);
    /// `x / (1 + exp(-x))`
    Silu {}, reads: [input], kind: Some(Kind::Scores);
    /// `ln(1 + exp(x))`
    Softplus {}, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `exp(x)`
    Exp {}, reads: [output], kind: Some(Kind::Scores), increasing: true;
    /// `ln(x)`
    Log {}, reads: [input], kind: Some(Kind::Scores);
    /// `√x`
    Sqrt {}, reads: [output], kind: Some(Kind::Scores);
    /// `x²`
    Square {}, reads: [input], kind: Some(Kind::Scores);
    /// `|x|`
    Abs {}, reads: [input], kind: Some(Kind::Scores);
    /// `1 / x`
    Reciprocal {}, reads: [output], kind: Some(Kind::Scores);
}
