//! Sizes: numbers where they can be worked out now, else expressions that rustc will evaluate.

use std::fmt;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{BinOp, Expr as Constant, Ident, Lit, UnOp};

use crate::messages;

/// The size of one axis, or an argument that is one.
#[derive(Clone, Debug)]
pub(crate) enum Size {
    /// A number.
    Known(usize),
    /// The network's own `const H: usize`, bare.
    Parameter(Ident),
    /// A const expression that only rustc can evaluate: a named const, or a size that follows from one.
    Expression(TokenStream),
    /// Arithmetic on a const parameter: a value at run time, but no type on stable Rust.
    Derived { what: String, tokens: TokenStream },
}

impl Size {
    pub(crate) fn known(&self) -> Option<usize> {
        if let Self::Known(size) = self { Some(*size) } else { None }
    }

    /// The size as an expression.
    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Known(size) => {
                let size = proc_macro2::Literal::usize_unsuffixed(*size);
                quote!(#size)
            }
            Self::Parameter(name) => quote!(#name),
            Self::Expression(tokens) | Self::Derived { tokens, .. } => tokens.clone(),
        }
    }

    /// The size as a const generic argument.
    pub(crate) fn type_argument(&self) -> TokenStream {
        match self {
            // In braces even a lone name is looked up as a value, so that a const `T` is not taken for the scalar.
            Self::Expression(tokens) | Self::Derived { tokens, .. } => quote!({ #tokens }),
            _ => self.tokens(),
        }
    }

    /// Whether the two are certainly equal.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(size) => write!(f, "{size}"),
            Self::Parameter(name) => write!(f, "{name}"),
            Self::Expression(tokens) => write!(f, "{tokens}"),
            Self::Derived { what, .. } => f.write_str(what),
        }
    }
}

/// Axes as a user writes them, without the brackets: `32, 32, 3`.
pub(crate) fn axes_text(axes: &[Size]) -> String {
    axes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The product of sizes, as an expression.
pub(crate) fn product(sizes: &[Size]) -> TokenStream {
    let mut factors = sizes.iter().map(|size| {
        let tokens = size.tokens();
        quote!((#tokens))
    });
    let first = factors.next().unwrap_or_else(|| quote!(1));
    factors.fold(first, |product, factor| quote!(#product * #factor))
}

/// Why an expression is not a size.
pub(crate) enum NotASize {
    /// It calculates with this const parameter.
    Arithmetic(String),
    /// It is something else: a string, a float, a negative number.
    Other,
    /// It is a number that no size can be.
    Overflow,
}

impl NotASize {
    /// The refusal in words; what `Other` is called depends on where the size was to stand.
    pub(crate) fn message(&self, written: &TokenStream, other: impl FnOnce() -> String) -> String {
        match self {
            Self::Arithmetic(parameter) => messages::arithmetic_on_parameter(parameter, written),
            Self::Overflow => messages::size_overflow(written),
            Self::Other => other(),
        }
    }
}

/// Evaluates what can be evaluated: whole numbers and `+ - * / %` on them.
pub(crate) fn size(constant: &Constant, parameters: &[Ident]) -> Result<Size, NotASize> {
    if let Constant::Paren(inner) = constant {
        return size(&inner.expr, parameters);
    }
    if let Some(number) = evaluate(constant)? {
        return Ok(Size::Known(number));
    }
    if let Constant::Path(path) = constant
        && let Some(name) = path.path.get_ident()
        && parameters.contains(name)
    {
        return Ok(Size::Parameter(name.clone()));
    }
    let tokens = constant.to_token_stream();
    match mentioned(tokens.clone(), parameters) {
        Some(parameter) => Err(NotASize::Arithmetic(parameter)),
        None => Ok(Size::Expression(tokens)),
    }
}

/// The number, if the expression is made of numbers alone; nothing if it has names in it.
fn evaluate(constant: &Constant) -> Result<Option<usize>, NotASize> {
    Ok(match constant {
        Constant::Lit(literal) => match &literal.lit {
            Lit::Int(number) if matches!(number.suffix(), "" | "usize") => {
                let number = number.base10_parse::<usize>().map_err(|_| NotASize::Overflow)?;
                if number > 1 << 47 {
                    return Err(NotASize::Overflow);
                }
                Some(number)
            }
            _ => return Err(NotASize::Other),
        },
        Constant::Paren(inner) => evaluate(&inner.expr)?,
        Constant::Group(inner) => evaluate(&inner.expr)?,
        Constant::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => return Err(NotASize::Other),
        Constant::Binary(binary) => {
            let (left, right) = (evaluate(&binary.left)?, evaluate(&binary.right)?);
            let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
            let result = match binary.op {
                BinOp::Add(_) => left.checked_add(right),
                BinOp::Sub(_) => left.checked_sub(right),
                BinOp::Mul(_) => left.checked_mul(right),
                BinOp::Div(_) => left.checked_div(right),
                BinOp::Rem(_) => left.checked_rem(right),
                _ => return Err(NotASize::Other),
            };
            Some(result.ok_or(NotASize::Overflow)?)
        }
        Constant::Path(path) if path.path.get_ident().is_some_and(is_keyword) => return Err(NotASize::Other),
        Constant::Path(_) | Constant::Call(_) | Constant::MethodCall(_) | Constant::Field(_) | Constant::Index(_) => {
            None
        }
        Constant::Block(_) | Constant::Cast(_) | Constant::Macro(_) | Constant::If(_) => None,
        _ => return Err(NotASize::Other),
    })
}

/// Keywords that syn reads as paths.
fn is_keyword(name: &Ident) -> bool {
    ["self", "Self", "crate", "super"].iter().any(|keyword| name == keyword)
}

/// A real number written as a literal; nothing for an expression with names in it.
pub(crate) fn number(constant: &Constant) -> Option<f64> {
    match constant {
        Constant::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            Lit::Float(number) => number.base10_parse().ok(),
            _ => None,
        },
        Constant::Paren(inner) => number(&inner.expr),
        Constant::Group(inner) => number(&inner.expr),
        Constant::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => number(&unary.expr).map(|number| -number),
        _ => None,
    }
}

/// The first const parameter that the tokens mention.
fn mentioned(tokens: TokenStream, parameters: &[Ident]) -> Option<String> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(name) => parameters.contains(&name).then(|| name.to_string()),
        TokenTree::Group(group) => mentioned(group.stream(), parameters),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let constant = syn::parse_str(text).expect("an expression");
        let parameters = [quote::format_ident!("H")];
        match size(&constant, &parameters) {
            Ok(size) => size.to_string(),
            Err(NotASize::Arithmetic(name)) => format!("arithmetic on {name}"),
            Err(NotASize::Other) => "no size".into(),
            Err(NotASize::Overflow) => "overflow".into(),
        }
    }

    #[test]
    fn numbers_are_worked_out_and_names_are_kept() {
        let cases = [
            ("3", "3"),
            ("2 * (3 + 4)", "14"),
            ("7 / 0", "overflow"),
            ("WIDTH", "WIDTH"),
            ("H", "H"),
            ("2 * H", "arithmetic on H"),
            ("-3", "no size"),
            ("2.5", "no size"),
            ("\"a\"", "no size"),
            ("99999999999999999999999", "overflow"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
