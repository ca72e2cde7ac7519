//! Pieces of programs.

use nn_core::spec::Shape;

/// An expression with its shape; without one where only rustc knows it.
#[derive(Clone)]
pub(crate) struct Piece {
    pub text: String,
    pub shape: Option<Shape>,
    pub is_normalised: bool,
}

/// All axes in one.
pub(crate) fn flat(piece: Piece) -> Piece {
    match piece.shape {
        Some(shape) if shape.rank() == 1 => piece,
        shape => Piece {
            text: chained(&piece.text, "Flatten"),
            shape: shape.map(|shape| Shape::new(&[shape.len()])),
            ..piece
        },
    }
}

/// `(value -> Layer)`
pub(crate) fn chained(value: &str, layer: &str) -> String {
    format!("({} -> {layer})", bare(value))
}

/// The text without the parentheses around the whole: `(a -> B)`, and not `(a) + (b)`.
pub(crate) fn bare(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return text };
    let mut depth = 0;
    for letter in inner.chars() {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        if depth < 0 {
            return text;
        }
    }
    inner
}
