use super::layer::{layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// `x` for `x > 0`, else `slope · x`, with a learnt slope for each channel.
    pub struct PRelu {}
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    symmetric: true,
    stream: |_| Stream::Each,
    type_arguments: [TypeArgument::InputLast],
    axes: OutputAxes::Same,
}

impl PRelu {
    /// Any shape to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        usable(input, input)
    }

    /// A slope for each channel.
    pub const fn parameters(&self, input: Shape) -> usize {
        input.last()
    }

    /// One for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        input.len() as u64
    }
}
