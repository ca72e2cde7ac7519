//! The arguments of built-in layers: from what a user wrote to one value for each argument that the layer has.

use std::fmt;

use nn_core::spec::{Argument, ArgumentKind, Axes, LayerInfo, MAX_RANK, Padding, Range, Value};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Expr as Constant, Ident, Lit, RangeLimits, UnOp};

use crate::ast;
use crate::constant::{self, NotASize, Size};
use crate::diagnostics::{Diagnostics, Place};
use crate::messages;
use crate::suggest;

/// One argument's value, known now or by rustc.
#[derive(Clone)]
pub(crate) struct ArgumentValue {
    pub content: Content,
    /// Where it was written; `None` for a default.
    pub place: Option<Place>,
}

#[derive(Clone)]
pub(crate) enum Content {
    Size(Size),
    Pair([Size; 2]),
    Triple([Size; 3]),
    Number(Number),
    Flag(bool),
    Padding(PaddingSize),
    Shape(Vec<Size>),
    Axis(isize),
    Axes(Axes),
    Range(Size, Option<Size>),
    Absent,
}

#[derive(Clone)]
pub(crate) enum Number {
    Known(f64),
    Expression(TokenStream),
}

#[derive(Clone)]
pub(crate) enum PaddingSize {
    Same,
    Valid,
    Causal,
    Amount(Size),
    Sides([Size; 2]),
}

/// The values of all arguments of a layer, in the layer's order; `None` after an error. `joined` are those that follow from the
/// two values that it takes.
pub(crate) fn resolve(
    layer: &Ident,
    info: &LayerInfo,
    written: Option<&Vec<ast::Argument>>,
    joined: &[(&'static str, Size)],
    parameters: &[Ident],
    diagnostics: &mut Diagnostics,
) -> Option<Vec<ArgumentValue>> {
    let before = diagnostics.count();
    let mut values: Vec<Option<ArgumentValue>> = vec![None; info.arguments.len()];
    if let Some(sizes) = unbracketed(info, written) {
        diagnostics.error(Place::of(&sizes), messages::sizes_without_brackets(info.name, &sizes));
        return None;
    }
    let mut seen_named = false;
    for (position, argument) in written.into_iter().flatten().enumerate() {
        seen_named |= argument.name.is_some();
        let Some(index) = place(info, argument, position, seen_named, diagnostics) else { continue };
        let name = info.arguments[index].name;
        let place = argument.name.as_ref().map_or_else(|| Place::of(&argument.value), |name| name.span().into());
        if joined.iter().any(|(joined, _)| *joined == name) {
            diagnostics.error(place, messages::argument_of_two(info.name, name));
        } else if values[index].is_some() {
            diagnostics.error(place, messages::duplicate_argument(info.name, name));
        }
        values[index] = read(info, &info.arguments[index], &argument.value, parameters, diagnostics);
        if let Some(from) = &argument.from {
            written_input(info, from, parameters, &mut values, diagnostics);
        }
    }
    if diagnostics.count() > before {
        return None;
    }
    for (name, size) in joined {
        if let Some(index) = info.arguments.iter().position(|argument| argument.name == *name) {
            values[index] = Some(ArgumentValue { content: Content::Size(size.clone()), place: None });
        }
    }
    let filled: Option<Vec<ArgumentValue>> =
        info.arguments.iter().zip(values).map(|(argument, value)| value.or_else(|| default(argument))).collect();
    if filled.is_none() {
        report_missing(layer, info, written, diagnostics);
    }
    filled
}

/// `Reshape(4, 8)`: the sizes of what should be one shape.
fn unbracketed(info: &LayerInfo, written: Option<&Vec<ast::Argument>>) -> Option<TokenStream> {
    let takes_shape = info.arguments.first().is_some_and(|first| first.kind == ArgumentKind::Shape);
    let sizes = written.filter(|sizes| takes_shape && sizes.len() > 1)?;
    let is_size = |size: &ast::Argument| size.name.is_none() && elements(&size.value).is_none();
    let tokens = sizes.iter().map(|size| &size.tokens);
    sizes.iter().all(is_size).then(|| quote!(#(#tokens),*))
}

/// Which argument a written one is.
fn place(
    info: &LayerInfo,
    argument: &ast::Argument,
    position: usize,
    seen_named: bool,
    diagnostics: &mut Diagnostics,
) -> Option<usize> {
    let accepted: Vec<String> = writable(info).map(|argument| argument.name.to_owned()).collect();
    if let Some(name) = &argument.name {
        let text = name.to_string();
        let found = writable(info).position(|argument| argument.name == text);
        if found.is_none() {
            let meant = suggest::argument(&text, info.name, &accepted);
            diagnostics.error(name.span(), messages::unknown_argument(info.name, name, meant, &accepted));
        }
        return found;
    }
    if seen_named {
        diagnostics.error(Place::of(&argument.value), messages::positional_after_named(info.name));
        return None;
    }
    if position >= accepted.len() {
        diagnostics.error(Place::of(&argument.value), messages::too_many_arguments(info.name, &accepted));
        return None;
    }
    if position >= info.positional {
        let found = &argument.value;
        let message = messages::needs_name(info.name, &accepted, info.positional, &quote!(#found));
        diagnostics.error(Place::of(&argument.value), message);
        return None;
    }
    Some(position)
}

/// The arguments that are written as such; `input` is written as `784 -> 128`.
fn writable(info: &LayerInfo) -> impl Iterator<Item = &'static Argument> {
    info.arguments.iter().filter(|argument| argument.name != "input")
}

/// `784 -> 128`: the size in front of the arrow.
fn written_input(
    info: &LayerInfo,
    from: &Constant,
    parameters: &[Ident],
    values: &mut [Option<ArgumentValue>],
    diagnostics: &mut Diagnostics,
) {
    match info.arguments.iter().position(|argument| argument.name == "input") {
        Some(index) => values[index] = read(info, &info.arguments[index], from, parameters, diagnostics),
        None => diagnostics.error(Place::of(from), messages::arrow_not_taken(info.name)),
    }
}

fn report_missing(
    layer: &Ident,
    info: &LayerInfo,
    written: Option<&Vec<ast::Argument>>,
    diagnostics: &mut Diagnostics,
) {
    let written = written.map_or(&[][..], Vec::as_slice);
    let positional = written.iter().filter(|argument| argument.name.is_none()).count();
    let missing = writable(info).enumerate().find(|(index, argument)| {
        let is_named = written.iter().any(|given| given.name.as_ref().is_some_and(|name| name == argument.name));
        argument.default.is_none() && *index >= positional && !is_named
    });
    if let Some((_, argument)) = missing {
        let is_of_two = info.joins.is_some_and(|joins| joins.gives(argument.name));
        let message = match is_of_two {
            true => messages::second_value(info.name, argument.name),
            false => messages::missing_argument(info.name, argument.name, argument.kind.expects()),
        };
        diagnostics.error(layer.span(), message);
    }
}

/// What an argument is when it is left out.
pub(crate) fn default(argument: &Argument) -> Option<ArgumentValue> {
    let content = match argument.default? {
        Value::Size(size) => Content::Size(Size::Known(size)),
        Value::Pair([height, width]) => Content::Pair([Size::Known(height), Size::Known(width)]),
        Value::Triple(sizes) => Content::Triple(sizes.map(Size::Known)),
        Value::Number(number) => Content::Number(Number::Known(number)),
        Value::Flag(flag) => Content::Flag(flag),
        Value::Padding(Padding::Same) => Content::Padding(PaddingSize::Same),
        Value::Padding(Padding::Valid) => Content::Padding(PaddingSize::Valid),
        Value::Padding(Padding::Causal) => Content::Padding(PaddingSize::Causal),
        Value::Padding(Padding::Amount(amount)) => Content::Padding(PaddingSize::Amount(Size::Known(amount))),
        Value::Padding(Padding::Sides(sides)) => Content::Padding(PaddingSize::Sides(sides.map(Size::Known))),
        Value::Shape(shape) => Content::Shape(shape.dims().iter().map(|size| Size::Known(*size)).collect()),
        Value::Axis(axis) => Content::Axis(axis),
        Value::Axes(axes) => Content::Axes(axes),
        Value::Range(Range { start, end }) => Content::Range(Size::Known(start), end.map(Size::Known)),
        Value::Absent => Content::Absent,
    };
    Some(ArgumentValue { content, place: None })
}

fn read(
    info: &LayerInfo,
    argument: &Argument,
    written: &Constant,
    parameters: &[Ident],
    diagnostics: &mut Diagnostics,
) -> Option<ArgumentValue> {
    let content = match content(argument.kind, written, parameters) {
        Ok(content) => content,
        Err(refusal) => {
            let found = written.to_token_stream();
            let (layer, name, expects) = (info.name, argument.name, argument.kind.expects());
            let other = || match argument.kind {
                ArgumentKind::Shape if is_open(written) => messages::open_shape(layer, name, expects, &found),
                _ => messages::wrong_argument(layer, name, expects, &found),
            };
            diagnostics.error(Place::of(written), refusal.message(&found, other));
            return None;
        }
    };
    Some(ArgumentValue { content, place: Some(Place::of(written)) })
}

/// Whether a size in brackets is negative.
fn is_open(written: &Constant) -> bool {
    let is_negative = |size: &Constant| matches!(size, Constant::Unary(unary) if matches!(unary.op, UnOp::Neg(_)));
    elements(written).is_some_and(|sizes| sizes.iter().any(is_negative))
}

fn content(kind: ArgumentKind, written: &Constant, parameters: &[Ident]) -> Result<Content, NotASize> {
    let size = |constant: &Constant| constant::size(constant, parameters);
    Ok(match kind {
        ArgumentKind::Size | ArgumentKind::OptionalSize => Content::Size(size(written)?),
        ArgumentKind::Pair | ArgumentKind::OptionalPair => match elements(written) {
            None => {
                let both = size(written)?;
                Content::Pair([both.clone(), both])
            }
            Some(elements) => match elements.as_slice() {
                [height, width] => Content::Pair([size(height)?, size(width)?]),
                _ => return Err(NotASize::Other),
            },
        },
        ArgumentKind::Triple | ArgumentKind::OptionalTriple => match elements(written) {
            None => {
                let all = size(written)?;
                Content::Triple([all.clone(), all.clone(), all])
            }
            Some(elements) => match elements.as_slice() {
                [depth, height, width] => Content::Triple([size(depth)?, size(height)?, size(width)?]),
                _ => return Err(NotASize::Other),
            },
        },
        ArgumentKind::Number => Content::Number(number(written)?),
        ArgumentKind::Flag => match written {
            Constant::Lit(literal) if let Lit::Bool(flag) = &literal.lit => Content::Flag(flag.value),
            _ => return Err(NotASize::Other),
        },
        ArgumentKind::Padding => Content::Padding(match written {
            Constant::Array(_) | Constant::Tuple(_) => match elements(written).as_deref() {
                Some([front, behind]) => PaddingSize::Sides([size(front)?, size(behind)?]),
                _ => return Err(NotASize::Other),
            },
            Constant::Path(path) if path.path.is_ident("causal") => PaddingSize::Causal,
            Constant::Path(path) if path.path.is_ident("same") => PaddingSize::Same,
            Constant::Path(path) if path.path.is_ident("valid") => PaddingSize::Valid,
            Constant::Path(path) if path.path.get_ident().is_some_and(starts_lower) => return Err(NotASize::Other),
            _ => PaddingSize::Amount(size(written)?),
        }),
        ArgumentKind::Shape => {
            let elements = elements(written).filter(|elements| (1..=MAX_RANK).contains(&elements.len()));
            let elements = elements.ok_or(NotASize::Other)?;
            Content::Shape(elements.iter().map(size).collect::<Result<_, _>>()?)
        }
        ArgumentKind::Axis => Content::Axis(axis(written).ok_or(NotASize::Other)?),
        ArgumentKind::Axes => {
            let elements = elements(written).unwrap_or_else(|| vec![written.clone()]);
            let axes: Option<Vec<isize>> = elements.iter().map(axis).collect();
            let axes = axes.filter(|axes| (1..=MAX_RANK).contains(&axes.len()));
            Content::Axes(Axes::new(&axes.ok_or(NotASize::Other)?))
        }
        ArgumentKind::Range => match written {
            Constant::Range(range) if matches!(range.limits, RangeLimits::HalfOpen(_)) => {
                let start = range.start.as_deref().map_or(Ok(Size::Known(0)), size)?;
                Content::Range(start, range.end.as_deref().map(size).transpose()?)
            }
            _ => return Err(NotASize::Other),
        },
    })
}

fn starts_lower(name: &Ident) -> bool {
    name.to_string().starts_with(char::is_lowercase)
}

/// `2` or `-1`.
fn axis(written: &Constant) -> Option<isize> {
    match written {
        Constant::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        Constant::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => axis(&unary.expr)?.checked_neg(),
        _ => None,
    }
}

fn number(written: &Constant) -> Result<Number, NotASize> {
    if let Some(number) = constant::number(written) {
        return Ok(Number::Known(number));
    }
    match written {
        Constant::Lit(_) | Constant::Array(_) | Constant::Tuple(_) => Err(NotASize::Other),
        _ => Ok(Number::Expression(written.to_token_stream())),
    }
}

/// The elements of `[a, b]` or `(a, b)`.
fn elements(written: &Constant) -> Option<Vec<Constant>> {
    match written {
        Constant::Array(array) => Some(array.elems.iter().cloned().collect()),
        Constant::Tuple(tuple) => Some(tuple.elems.iter().cloned().collect()),
        _ => None,
    }
}

impl ArgumentValue {
    /// The value, when it is known now.
    pub(crate) fn value(&self) -> Option<Value> {
        Some(match &self.content {
            Content::Size(size) => Value::Size(size.known()?),
            Content::Pair([height, width]) => Value::Pair([height.known()?, width.known()?]),
            Content::Triple([depth, height, width]) => Value::Triple([depth.known()?, height.known()?, width.known()?]),
            Content::Number(Number::Known(number)) => Value::Number(*number),
            Content::Number(Number::Expression(_)) => return None,
            Content::Flag(flag) => Value::Flag(*flag),
            Content::Padding(PaddingSize::Same) => Value::Padding(Padding::Same),
            Content::Padding(PaddingSize::Valid) => Value::Padding(Padding::Valid),
            Content::Padding(PaddingSize::Causal) => Value::Padding(Padding::Causal),
            Content::Padding(PaddingSize::Amount(size)) => Value::Padding(Padding::Amount(size.known()?)),
            Content::Padding(PaddingSize::Sides([front, behind])) => {
                Value::Padding(Padding::Sides([front.known()?, behind.known()?]))
            }
            Content::Shape(sizes) => {
                let sizes: Option<Vec<usize>> = sizes.iter().map(Size::known).collect();
                Value::Shape(nn_core::spec::Shape::new(&sizes?))
            }
            Content::Axis(axis) => Value::Axis(*axis),
            Content::Axes(axes) => Value::Axes(*axes),
            Content::Range(start, end) => {
                let end = match end {
                    Some(end) => Some(end.known()?),
                    None => None,
                };
                Value::Range(Range { start: start.known()?, end })
            }
            Content::Absent => Value::Absent,
        })
    }

    /// A value of the right kind that no rule refuses, to work out what does not depend on this argument.
    pub(crate) fn stand_in(&self) -> Value {
        self.value().unwrap_or(match &self.content {
            Content::Pair(_) => Value::Pair([1, 1]),
            Content::Triple(_) => Value::Triple([1; 3]),
            Content::Number(_) => Value::Number(0.5),
            Content::Padding(_) => Value::Padding(Padding::Valid),
            Content::Shape(sizes) => Value::Shape(nn_core::spec::Shape::new(&vec![1; sizes.len()])),
            Content::Range(..) => Value::Range(Range { start: 0, end: None }),
            _ => Value::Size(1),
        })
    }

    /// What is asked about where not every value will do: a size that only rustc knows might be the one that does not.
    pub(crate) fn known_or_not_one(&self) -> Value {
        self.value().unwrap_or_else(|| match self.stand_in() {
            Value::Size(_) => Value::Size(2),
            Value::Pair(_) => Value::Pair([2, 2]),
            Value::Triple(_) => Value::Triple([2; 3]),
            Value::Padding(_) => Value::Padding(Padding::Amount(1)),
            other => other,
        })
    }

    /// The value as the expression of a field of the layer's description.
    pub(crate) fn tokens(&self, facade: &TokenStream, kind: ArgumentKind) -> TokenStream {
        let value = match &self.content {
            Content::Size(size) => size.tokens(),
            Content::Pair([height, width]) => {
                let (height, width) = (height.tokens(), width.tokens());
                quote!([#height, #width])
            }
            Content::Triple(sizes) => {
                let sizes = sizes.iter().map(Size::tokens);
                quote!([#(#sizes),*])
            }
            Content::Number(Number::Known(number)) => quote!(#number),
            Content::Number(Number::Expression(tokens)) => tokens.clone(),
            Content::Flag(flag) => quote!(#flag),
            Content::Padding(PaddingSize::Same) => quote!(#facade::spec::Padding::Same),
            Content::Padding(PaddingSize::Valid) => quote!(#facade::spec::Padding::Valid),
            Content::Padding(PaddingSize::Causal) => quote!(#facade::spec::Padding::Causal),
            Content::Padding(PaddingSize::Sides([front, behind])) => {
                let (front, behind) = (front.tokens(), behind.tokens());
                quote!(#facade::spec::Padding::Sides([#front, #behind]))
            }
            Content::Padding(PaddingSize::Amount(size)) => {
                let size = size.tokens();
                quote!(#facade::spec::Padding::Amount(#size))
            }
            Content::Shape(sizes) => {
                let sizes = sizes.iter().map(Size::tokens);
                quote!(#facade::spec::Shape::new(&[#(#sizes),*]))
            }
            Content::Axis(axis) => quote!(#axis),
            Content::Axes(axes) => {
                let axes = axes.as_slice();
                quote!(#facade::spec::Axes::new(&[#(#axes),*]))
            }
            Content::Range(start, end) => {
                let start = start.tokens();
                let end = match end.as_ref().map(Size::tokens) {
                    Some(end) => quote!(::core::option::Option::Some(#end)),
                    None => quote!(::core::option::Option::None),
                };
                quote!(#facade::spec::Range { start: #start, end: #end })
            }
            Content::Absent => return quote!(::core::option::Option::None),
        };
        match kind {
            ArgumentKind::OptionalSize | ArgumentKind::OptionalPair | ArgumentKind::OptionalTriple => {
                quote!(::core::option::Option::Some(#value))
            }
            _ => value,
        }
    }
}

impl fmt::Display for ArgumentValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Size(size) => write!(f, "{size}"),
            Content::Pair([height, width]) => write!(f, "[{height}, {width}]"),
            Content::Triple(sizes) => write!(f, "[{}]", constant::axes_text(sizes)),
            Content::Number(Number::Known(number)) => write!(f, "{number}"),
            Content::Number(Number::Expression(tokens)) => write!(f, "{tokens}"),
            Content::Flag(flag) => write!(f, "{flag}"),
            Content::Padding(PaddingSize::Same) => f.write_str("same"),
            Content::Padding(PaddingSize::Valid) => f.write_str("valid"),
            Content::Padding(PaddingSize::Causal) => f.write_str("causal"),
            Content::Padding(PaddingSize::Sides([front, behind])) => write!(f, "[{front}, {behind}]"),
            Content::Padding(PaddingSize::Amount(size)) => write!(f, "{size}"),
            Content::Shape(sizes) => {
                write!(f, "[{}]", constant::axes_text(sizes))
            }
            Content::Axis(axis) => write!(f, "{axis}"),
            Content::Axes(axes) => write!(f, "{:?}", axes.as_slice()),
            Content::Range(start, Some(end)) => write!(f, "{start}..{end}"),
            Content::Range(start, None) => write!(f, "{start}.."),
            Content::Absent => f.write_str("none"),
        }
    }
}
