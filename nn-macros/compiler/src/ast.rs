//! What a user wrote, before any name is looked up.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr as Constant, Ident, Path, Visibility};

/// `pub struct Net<const H: usize>(image: [28, 28, 1]) -> [10] { … }`
pub(crate) struct Network {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    /// The network's own `const H: usize`.
    pub parameters: Vec<Ident>,
    pub inputs: Vec<Input>,
    pub output: Vec<Constant>,
    /// Where the declared output stands.
    pub output_span: Span,
    pub lets: Vec<Let>,
    pub result: Option<Expr>,
    /// Parts could not be read: errors have been reported, and only a stub is emitted.
    pub is_broken: bool,
}

/// `image: [28, 28, 1]`
pub(crate) struct Input {
    pub name: Ident,
    pub axes: Vec<Constant>,
}

/// `let name = value;`
pub(crate) struct Let {
    pub name: Ident,
    pub value: Expr,
}

/// A value.
pub(crate) enum Expr {
    /// An input or a `let`.
    Name(Ident),
    /// `from -> Layer -> Layer`: flat, so that a long chain is no deep tree.
    Chain { from: Box<Self>, layers: Vec<LayerUse> },
    /// `a + b - c` or `a * b`: flat, for the same reason.
    Join { first: Box<Self>, rest: Vec<(Operator, Span, Self)> },
    /// `concat(a, b)`
    Concat { span: Span, operands: Vec<Self> },
}

/// What joins two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
}

/// What stands to the right of `->`.
pub(crate) struct LayerUse {
    /// `fc:`
    pub name: Option<Ident>,
    /// `Dense`, `self::Snake<_>`, `crate::Encoder<64>`, or the name of a layer to apply again.
    pub path: Path,
    /// What stands in parentheses; `None` without them.
    pub arguments: Option<Vec<Argument>>,
}

/// `32`, `kernel = 3`, or `784 -> 128`.
pub(crate) struct Argument {
    pub name: Option<Ident>,
    /// The size in front of the arrow.
    pub from: Option<Constant>,
    pub value: Constant,
    /// The value as written, for layers that the compiler does not know.
    pub tokens: TokenStream,
}
