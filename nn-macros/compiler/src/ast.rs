//! What a user wrote, before any name is looked up.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr as Constant, Ident, Path, Visibility};

use crate::diagnostics::Place;

/// Everything in one `network! { … }`.
#[derive(Default)]
pub(crate) struct Program {
    pub networks: Vec<Network>,
    pub blocks: Vec<Block>,
}

/// `pub struct Net<const H: usize>(image: [28, 28, 1]) -> [10] { … }`
pub(crate) struct Network {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    /// The network's own `const H: usize`.
    pub parameters: Vec<Ident>,
    pub inputs: Vec<Input>,
    pub outputs: Vec<Output>,
    pub body: Body,
    /// `instances [16, 32]`: values of the parameters, for each of which everything is checked.
    pub instances: Vec<Vec<Constant>>,
    /// `#[stream]`: it can go through its input step by step.
    pub stream: Option<Span>,
    /// `assert PARAMS <= 300_000;`
    pub budgets: Vec<Budget>,
    /// Parts could not be read: errors have been reported, and only a stub is emitted.
    pub is_broken: bool,
}

/// What stands in the braces of a network or a block.
#[derive(Default)]
pub(crate) struct Body {
    pub lets: Vec<Let>,
    pub result: Option<Expr>,
}

/// `image: [28, 28, 1]`
pub(crate) struct Input {
    pub name: Ident,
    pub axes: Vec<Constant>,
}

/// `[10]`, or `class: [10]` where there are several.
pub(crate) struct Output {
    pub name: Option<Ident>,
    pub axes: Vec<Constant>,
    /// Where the shape stands.
    pub span: Span,
}

/// One condition of an `assert`.
pub(crate) struct Budget {
    pub condition: TokenStream,
    pub place: Place,
}

/// `block Residual(rate: f64 = 0.1)(x: [.., width]) { … }`: a template.
pub(crate) struct Block {
    pub name: Ident,
    pub parameters: Vec<BlockParameter>,
    pub inputs: Vec<BlockInput>,
    pub body: Body,
    pub is_broken: bool,
}

/// `heads: usize = 4`
pub(crate) struct BlockParameter {
    pub name: Ident,
    /// `usize`, `f64` or `bool`.
    pub kind: Ident,
    pub default: Option<TokenStream>,
}

/// `x: [.., time, width]`
pub(crate) struct BlockInput {
    pub name: Ident,
    /// `..`: more axes may stand in front.
    pub is_open: bool,
    /// Names that are bound to sizes, or sizes that are expected.
    pub axes: Vec<Constant>,
}

/// `let name = value;`, or `let (a, b) = value;`
pub(crate) struct Let {
    pub names: Vec<Ident>,
    /// Whether the names stand in parentheses.
    pub is_tuple: bool,
    pub value: Expr,
}

/// A value.
pub(crate) enum Expr {
    /// An input or a `let`.
    Name(Ident),
    /// `0.5`, `{SCALE}`: an operand of arithmetic.
    Number(Constant),
    /// `from -> Layer -> Layer`: flat, so that a long chain is no deep tree.
    Chain { from: Box<Self>, layers: Vec<LayerUse> },
    /// `a + b - c` or `a * b`: flat, for the same reason.
    Join { first: Box<Self>, rest: Vec<(Operator, Span, Self)> },
    /// `concat(a, b, axis = 0)`, `split(x, 2)`, `permute(x, [1, 0])`
    Call { function: Ident, operands: Vec<Self>, arguments: Vec<Argument> },
    /// `(a, b)`
    Tuple { span: Span, values: Vec<Self> },
    /// What could not be read; that has been reported.
    Broken(Span),
}

/// What joins two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// What stands to the right of `->`.
pub(crate) struct LayerUse {
    /// `#[freeze]`, `#[init(HeNormal)]`, …
    pub attributes: Vec<Attribute>,
    /// `fc:`
    pub name: Option<Ident>,
    /// `Dense`, `self::Snake<_>`, `crate::Encoder<64>`, or the name of a layer to apply again.
    pub path: Path,
    /// What stands in parentheses; `None` without them.
    pub arguments: Option<Vec<Argument>>,
    /// `[Layer; 4]`
    pub repeat: Option<Constant>,
}

/// `32`, `kernel = 3`, or `784 -> 128`.
#[derive(Clone)]
pub(crate) struct Argument {
    pub name: Option<Ident>,
    /// The size in front of the arrow.
    pub from: Option<Constant>,
    pub value: Constant,
    /// The value as written, for layers that the compiler does not know.
    pub tokens: TokenStream,
}
