use super::layer::{at_least_one, attempt, layer, usable};
use super::{MAX_RANK, Shape, ShapeError};

layer! {
    /// A learnt vector for each number below the vocabulary's size.
    pub struct Embedding {
        /// How many vectors there are.
        vocabulary: usize,
        /// The size of a vector.
        width: usize,
        /// The number that stands for nothing: its vector is zero, and is not trained.
        padding: Option<usize> = Value::Absent,
    }
    positional: 2,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    transposes: true,
    stream: |_| Stream::Each,
    type_arguments: [TypeArgument::Size("vocabulary"), TypeArgument::Size("width")],
    axes: OutputAxes::Pushed("width"),
}

layer! {
    /// The sum or the mean of the vectors of several numbers.
    pub struct EmbeddingBag {
        /// How many vectors there are.
        vocabulary: usize,
        /// The size of a vector.
        width: usize,
        /// The number that stands for nothing: it is not counted.
        padding: Option<usize> = Value::Absent,
        /// Whether the mean is taken, not the sum.
        mean: bool = Value::Flag(true),
    }
    positional: 2,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    type_arguments: [TypeArgument::Size("vocabulary"), TypeArgument::Size("width")],
    axes: OutputAxes::LastFrom("width"),
}

impl Embedding {
    /// Any shape to the same with one more axis, the innermost: a vector for each number.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(table(self.vocabulary, self.width, self.padding));
        if input.rank() == MAX_RANK {
            return Err(ShapeError::Rank {
                input,
                expected: "at most four axes of numbers",
                help: "join axes with `Reshape` before it: each number becomes a vector",
            });
        }
        usable(input, input.push(self.width))
    }

    /// `vocabulary · width` weights.
    pub const fn parameters(&self, _input: Shape) -> usize {
        self.vocabulary * self.width
    }

    /// None: vectors are copied.
    pub const fn flops(&self, _input: Shape) -> u64 {
        0
    }
}

impl EmbeddingBag {
    /// Any shape to the same with one vector in place of the numbers along the innermost axis.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(table(self.vocabulary, self.width, self.padding));
        usable(input, input.with_last(self.width))
    }

    /// `vocabulary · width` weights.
    pub const fn parameters(&self, _input: Shape) -> usize {
        self.vocabulary * self.width
    }

    /// One for each element of each vector.
    pub const fn flops(&self, input: Shape) -> u64 {
        input.len() as u64 * self.width as u64
    }
}

/// The checks of a table of vectors.
const fn table(vocabulary: usize, width: usize, padding: Option<usize>) -> Result<(), ShapeError> {
    attempt!(at_least_one("vocabulary", vocabulary));
    attempt!(at_least_one("width", width));
    match padding {
        Some(padding) if padding >= vocabulary => Err(ShapeError::Range {
            argument: "padding",
            found: (padding as i64).saturating_mul(10_000),
            expected: "a number below `vocabulary`",
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMBEDDING: Embedding = Embedding { vocabulary: 65, width: 8, padding: None };

    #[test]
    fn each_number_becomes_a_vector() {
        assert_eq!(EMBEDDING.out_shape(Shape::new(&[64])), Ok(Shape::new(&[64, 8])));
        assert_eq!(EMBEDDING.out_shape(Shape::new(&[3, 64])), Ok(Shape::new(&[3, 64, 8])));
        assert_eq!(EMBEDDING.parameters(Shape::new(&[64])), 65 * 8);
        assert!(matches!(EMBEDDING.out_shape(Shape::new(&[1; 5])), Err(ShapeError::Rank { .. })));
    }

    #[test]
    fn a_bag_becomes_one() {
        let bag = EmbeddingBag { vocabulary: 65, width: 8, padding: Some(0), mean: true };
        assert_eq!(bag.out_shape(Shape::new(&[64])), Ok(Shape::new(&[8])));
        assert_eq!(bag.out_shape(Shape::new(&[3, 64])), Ok(Shape::new(&[3, 8])));
    }

    #[test]
    fn the_table_is_not_empty_and_holds_the_padding() {
        let found = |embedding: Embedding| embedding.out_shape(Shape::new(&[4])).expect_err("a table that is refused");
        assert_eq!(found(Embedding { vocabulary: 0, ..EMBEDDING }).argument(), Some("vocabulary"));
        assert_eq!(found(Embedding { width: 0, ..EMBEDDING }).argument(), Some("width"));
        let error = found(Embedding { padding: Some(65), ..EMBEDDING });
        assert!(error.message("Embedding").as_str().ends_with("expected a number below `vocabulary`, found 65"));
    }
}
