use super::layer::{layer, usable};
use super::{Shape, ShapeError};

layer! {
    /// `x` for `x > 0`, else `slope · x`, with a learnt slope for each channel, or one for all.
    pub struct PRelu {
        /// Whether all channels share one slope.
        shared: bool = Value::Flag(false),
    }
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    symmetric: true,
    stream: |_| Stream::Each,
    type_arguments: [TypeArgument::InputLastUnless("shared")],
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

    /// A slope for each channel, or one.
    pub const fn parameters(&self, input: Shape) -> usize {
        if self.shared { 1 } else { input.last() }
    }

    /// One for each element.
    pub const fn flops(&self, input: Shape) -> u64 {
        input.len() as u64
    }
}
