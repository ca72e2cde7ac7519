use super::layer::{layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// Random numbers of the standard normal distribution in training, zeros in inference; of its input, only the shape
    /// matters.
    pub struct StandardNormal {}
    form: General,
    reads: [],
    kind: Some(Kind::Scores),
    type_arguments: [],
    axes: OutputAxes::Same,
}

impl StandardNormal {
    /// Any shape to itself.
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

    /// About thirty for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        30 * input.len() as u64
    }
}
