use super::layer::{attempt, divides, layer, positive, usable};
use super::{Shape, ShapeError};

layer! {
    /// Normalises each sample over all positions and over groups of channels, then scales and shifts each channel.
    pub struct GroupNorm {
        /// The number of groups; neighbouring channels share one.
        groups: usize,
        /// Added to the variance.
        epsilon: f64 = Value::Number(1e-5),
    }
    positional: 1,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    type_arguments: [TypeArgument::InputLast],
    axes: OutputAxes::Same,
}

layer! {
    /// Normalises each channel of each sample over all positions, then scales and shifts it.
    pub struct InstanceNorm {
        /// Added to the variance.
        epsilon: f64 = Value::Number(1e-5),
    }
    positional: 0,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    type_arguments: [TypeArgument::InputLast],
    axes: OutputAxes::Same,
}

impl GroupNorm {
    /// Any shape to itself; the groups divide the channels.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(positive("epsilon", self.epsilon));
        attempt!(divides("groups", self.groups, input, input.last()));
        usable(input, input)
    }

    /// A scale and a shift for each channel.
    pub const fn parameters(&self, input: Shape) -> usize {
        2 * input.last()
    }

    /// About seven for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        7 * input.len() as u64
    }
}

impl InstanceNorm {
    /// Any shape with positions, axes in front of the channels, to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(positive("epsilon", self.epsilon));
        if input.rank() < 2 {
            return Err(ShapeError::Rank {
                input,
                expected: "[time, channels] or [height, width, channels]",
                help: "use `LayerNorm`: of a channel with one position nothing would be left",
            });
        }
        usable(input, input)
    }

    /// A scale and a shift for each channel.
    pub const fn parameters(&self, input: Shape) -> usize {
        2 * input.last()
    }

    /// About seven for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        7 * input.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_divide_the_channels() {
        let shape = Shape::new(&[4, 4, 30]);
        let norm = GroupNorm { groups: 6, epsilon: 1e-5 };
        assert_eq!((norm.out_shape(shape), norm.parameters(shape)), (Ok(shape), 60));
        let error = GroupNorm { groups: 4, ..norm }.out_shape(shape).expect_err("4 does not divide 30");
        assert_eq!(
            error.message("GroupNorm").as_str(),
            "`GroupNorm` cannot cut 30 of [4, 4, 30] into equal parts\nexpected `groups` to divide 30, found 4\n\
             help: 3 and 5 do"
        );
        let many = GroupNorm { groups: 31, ..norm }.out_shape(shape).expect_err("31 does not divide 30");
        assert!(many.message("GroupNorm").as_str().ends_with("help: 30 does"));
        assert!(matches!(
            GroupNorm { groups: 0, ..norm }.out_shape(shape),
            Err(ShapeError::ZeroArgument { argument: "groups" })
        ));
    }

    #[test]
    fn one_position_is_no_instance() {
        let norm = InstanceNorm { epsilon: 1e-5 };
        let shape = Shape::new(&[7, 3]);
        assert_eq!((norm.out_shape(shape), norm.parameters(shape)), (Ok(shape), 6));
        assert!(matches!(norm.out_shape(Shape::new(&[3])), Err(ShapeError::Rank { .. })));
    }
}
