use super::layer::{attempt, layer, not_negative, usable};
use super::{Shape, ShapeError};

/// An argument that is the probability of being left out.
pub(super) const fn rate(argument: &'static str, rate: f64) -> Result<(), ShapeError> {
    if rate >= 0.0 && rate < 1.0 {
        return Ok(());
    }
    Err(ShapeError::Range { argument, found: (rate * 1e4) as i64, expected: "at least 0 and less than 1" })
}

/// Declares a layer that leaves something out at random, with its form and the shapes that it takes.
macro_rules! dropout {
    ($(#[$meta:meta])* $name:ident, $(#[$rate_meta:meta])* $form:ident, $takes:expr) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                $(#[$rate_meta])*
                rate: f64,
            }
            form: $form,
            reads: [],
            kind: None,
            symmetric: true,
            stream: |_| Stream::Each,
            type_arguments: [],
            axes: OutputAxes::Same,
        }

        impl $name {
            /// A shape to itself.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                attempt!(rate("rate", self.rate));
                attempt!($takes(input));
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
        }
    };
}

dropout! {
    /// Zeroes elements at random in training, and does nothing in inference.
    Dropout,
    /// The share of elements that become zero.
    Elementwise, any
}
dropout! {
    /// Zeroes whole channels at random in training, and does nothing in inference.
    SpatialDropout,
    /// The share of channels that become zero.
    General, channels
}
dropout! {
    /// Brings elements to the lower limit of `Selu` at random in training, and does nothing in inference.
    AlphaDropout,
    /// The share of elements that are lost.
    General, any
}
dropout! {
    /// Zeroes whole samples at random in training, and does nothing in inference.
    DropPath,
    /// The share of samples that become zero.
    General, any
}

layer! {
    /// Adds random numbers of a normal distribution in training, and does nothing in inference.
    pub struct GaussianNoise {
        /// Their standard deviation.
        deviation: f64,
    }
    form: General,
    reads: [],
    kind: Some(Kind::Scores),
    symmetric: true,
    stream: |_| Stream::Each,
    type_arguments: [],
    axes: OutputAxes::Same,
}

impl GaussianNoise {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(not_negative("deviation", self.deviation));
        usable(input, input)
    }

    /// None.
    pub const fn parameters(&self, _input: Shape) -> usize {
        0
    }

    /// About thirty for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        30 * input.len() as u64
    }
}

const fn any(_input: Shape) -> Result<(), ShapeError> {
    Ok(())
}

/// Positions in front of the channels.
const fn channels(input: Shape) -> Result<(), ShapeError> {
    if input.rank() > 1 {
        return Ok(());
    }
    Err(ShapeError::Rank {
        input,
        expected: "[time, channels] or [height, width, channels]",
        help: "use `Dropout`: each feature is a channel of one position",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_a_share() {
        let shape = Shape::new(&[4]);
        assert_eq!(Dropout { rate: 0.0 }.out_shape(shape), Ok(shape));
        for rate in [1.0, -0.1, f64::NAN] {
            assert!(Dropout { rate }.out_shape(shape).is_err());
        }
    }
    #[test]
    fn channels_have_positions() {
        assert!(SpatialDropout { rate: 0.5 }.out_shape(Shape::new(&[3, 4])).is_ok());
        assert!(matches!(SpatialDropout { rate: 0.5 }.out_shape(Shape::new(&[4])), Err(ShapeError::Rank { .. })));
        assert!(DropPath { rate: 1.0 }.out_shape(Shape::new(&[4])).is_err());
        let error = GaussianNoise { deviation: -1.0 }.out_shape(Shape::new(&[4])).expect_err("a negative deviation");
        assert_eq!(error.argument(), Some("deviation"));
    }
}
