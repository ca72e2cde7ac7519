//! What stands in the braces: `let`s and values.

use proc_macro2::{Delimiter, Span, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Expr as Constant, Ident, Lit, Token, parenthesized, token};

use super::{error_at, layer, skip};
use crate::ast::{Body, Expr, Let, Operator, Output};
use crate::diagnostics::Diagnostics;
use crate::messages;
use crate::suggest;

/// The statements of a network, whose outputs have these names, or of a block.
pub(super) fn body(input: ParseStream<'_>, name: &Ident, outputs: &[Output], diagnostics: &mut Diagnostics) -> Body {
    let mut body = Body::default();
    let before = diagnostics.count();
    while !input.is_empty() {
        if let Err(error) = statement(input, &mut body, diagnostics) {
            diagnostics.error(error.span(), error.to_string());
            // The skipping closure never fails: it only moves forward.
            let _ = skip(input, |input| input.peek(Token![;]));
            let _ = input.parse::<Token![;]>();
            if input.is_empty() {
                return body;
            }
        }
    }
    if body.result.is_none() && diagnostics.count() == before {
        let last = body.lets.last().and_then(|last| last.names.first());
        let help = last.map(|last| missing_result(&body, outputs).unwrap_or_else(|| last.to_string()));
        diagnostics.error(last.map_or(name.span(), Ident::span), messages::no_result(name, help));
    }
    body
}

/// The outputs as they are declared, where each has been named by a `let`.
fn missing_result(body: &Body, outputs: &[Output]) -> Option<String> {
    let is_there = |name: &Ident| body.lets.iter().any(|binding| binding.names.contains(name));
    let name = |output: &Output| output.name.as_ref().filter(|name| is_there(name)).map(Ident::to_string);
    let names = outputs.iter().map(name).collect::<Option<Vec<_>>>()?;
    match names.as_slice() {
        [] => None,
        [name] => Some(name.clone()),
        _ => Some(format!("({})", names.join(", "))),
    }
}

fn statement(input: ParseStream<'_>, body: &mut Body, diagnostics: &mut Diagnostics) -> syn::Result<()> {
    if input.peek(Token![#]) {
        let attribute = input.span();
        input.call(Attribute::parse_outer)?;
        diagnostics.error(attribute, messages::attribute_on_statement());
    }
    if input.peek(Token![let]) {
        return binding(input, body, diagnostics);
    }
    if let Some(word) = misplaced_item(input) {
        let error = syn::Error::new(word.span(), messages::item_inside(&word));
        skip(input, |input| input.peek(Token![;]))?;
        return Err(error);
    }
    let before = diagnostics.count();
    let value = expression(input, diagnostics)?;
    if diagnostics.count() > before {
        // What follows a layer that could not be read is no second mistake.
        return skip(input, |_| false);
    }
    if input.peek(Token![;]) {
        let error = error_at(input, messages::value_dropped());
        input.parse::<Token![;]>()?;
        if input.peek(Token![->]) {
            // The chain goes on behind the `;`: that is one mistake.
            skip(input, |_| false)?;
        }
        diagnostics.error(error.span(), error.to_string());
        return Ok(());
    }
    if !input.is_empty() {
        return Err(error_at(input, messages::unexpected(input)));
    }
    body.result = Some(value);
    Ok(())
}

/// `let name = value;`, `let (a, b) = value;`
fn binding(input: ParseStream<'_>, body: &mut Body, diagnostics: &mut Diagnostics) -> syn::Result<()> {
    input.parse::<Token![let]>()?;
    if let Some((word, _)) = input.cursor().ident()
        && !input.peek(Ident)
    {
        diagnostics.error(word.span(), messages::keyword_as_value(&word));
        return skip(input, |_| false);
    }
    let is_tuple = input.peek(token::Paren);
    let names = if is_tuple {
        let inside;
        let parentheses = parenthesized!(inside in input);
        if inside.is_empty() {
            return Err(syn::Error::new(parentheses.span.join(), messages::expected_let_name()));
        }
        inside.parse_terminated(Ident::parse_any, Token![,])?.into_iter().collect()
    } else if input.peek(Ident) {
        vec![input.parse::<Ident>()?]
    } else {
        return Err(error_at(input, messages::expected_let_name()));
    };
    let span = input.span();
    let (value, result) = match bound_value(input, names.first(), diagnostics) {
        Ok(value) => (value, Ok(())),
        // The names are there all the same, so that their uses are no second mistake.
        Err(error) => (Expr::Broken(span), Err(error)),
    };
    body.lets.push(Let { names, is_tuple, value });
    result
}

/// `= value;`
fn bound_value(input: ParseStream<'_>, name: Option<&Ident>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    if !input.peek(Token![=]) {
        return Err(error_at(input, messages::expected_equals(name)));
    }
    input.parse::<Token![=]>()?;
    let value = expression(input, diagnostics)?;
    if !input.peek(Token![;]) {
        let is_end = input.is_empty();
        return Err(error_at(input, if is_end { messages::missing_semicolon() } else { messages::unexpected(input) }));
    }
    input.parse::<Token![;]>()?;
    Ok(value)
}

/// `assert PARAMS < 10;` or `instances [16]`, which stand behind the braces.
fn misplaced_item(input: ParseStream<'_>) -> Option<Ident> {
    let (word, rest) = input.cursor().ident()?;
    let is_item = match word.to_string().as_str() {
        "assert" => rest.ident().is_some() || rest.punct().is_some_and(|(mark, _)| mark.as_char() == '!'),
        "instances" => rest.group(Delimiter::Bracket).is_some(),
        "block" => rest.ident().is_some(),
        _ => false,
    };
    is_item.then_some(word)
}

/// `sum -> Layer -> Layer`: `->` binds weakest.
fn expression(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    let from = sum(input, diagnostics)?;
    let mut layers = Vec::new();
    while input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        match layer::layer_use(input) {
            Ok(layer) => layers.push(layer),
            Err(error) => {
                diagnostics.error(error.span(), error.to_string());
                skip(input, |input| input.peek(Token![->]) || input.peek(Token![;]))?;
            }
        }
        if !input.peek(Token![->]) && operator(input).is_some() {
            return Err(error_at(input, messages::join_after_arrow()));
        }
    }
    Ok(if layers.is_empty() { from } else { Expr::Chain { from: Box::new(from), layers } })
}

fn sum(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    joined(input, diagnostics, &[Operator::Add, Operator::Subtract], product)
}

fn product(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    joined(input, diagnostics, &[Operator::Multiply, Operator::Divide], operand)
}

fn joined(
    input: ParseStream<'_>,
    diagnostics: &mut Diagnostics,
    operators: &[Operator],
    inner: fn(ParseStream<'_>, &mut Diagnostics) -> syn::Result<Expr>,
) -> syn::Result<Expr> {
    let first = inner(input, diagnostics)?;
    let mut rest = Vec::new();
    while let Some(operator) = operator(input).filter(|found| operators.contains(found)) {
        let span = input.span();
        input.parse::<TokenTree>()?;
        rest.push((operator, span, inner(input, diagnostics)?));
    }
    Ok(if rest.is_empty() { first } else { Expr::Join { first: Box::new(first), rest } })
}

fn operator(input: ParseStream<'_>) -> Option<Operator> {
    if input.peek(Token![->]) {
        None
    } else if input.peek(Token![+]) {
        Some(Operator::Add)
    } else if input.peek(Token![-]) {
        Some(Operator::Subtract)
    } else if input.peek(Token![*]) {
        Some(Operator::Multiply)
    } else if input.peek(Token![/]) {
        Some(Operator::Divide)
    } else {
        None
    }
}

/// `x`, `0.5`, `{SCALE}`, `(a + b)`, `(a, b)`, `concat(a, b)`
fn operand(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    if input.peek(token::Paren) {
        return parentheses(input, diagnostics);
    }
    if input.peek(Lit) || input.peek(token::Brace) || (input.peek(Token![-]) && input.peek2(Lit)) {
        return number(input).map(Expr::Number);
    }
    if input.peek(Token![-]) {
        return negative(input, diagnostics);
    }
    if !input.peek(Ident) {
        return Err(error_at(input, messages::expected_value(input)));
    }
    let name: Ident = input.call(Ident::parse_any)?;
    if input.peek(token::Bracket) && name.to_string().starts_with(char::is_lowercase) {
        return Err(error_at(input, messages::brackets_behind_value(&name)));
    }
    if input.peek(token::Paren) { call(name, input, diagnostics) } else { Ok(Expr::Name(name)) }
}

/// `-x`
fn negative(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    let span = input.span();
    input.parse::<Token![-]>()?;
    let value = operand(input, diagnostics)?;
    let minus_one = syn::parse_quote!(-1);
    Ok(Expr::Join { first: Box::new(Expr::Number(minus_one)), rest: vec![(Operator::Multiply, span, value)] })
}

/// `0.5`, `-1`, `{SCALE}`
fn number(input: ParseStream<'_>) -> syn::Result<Constant> {
    let mut tokens = proc_macro2::TokenStream::new();
    if input.peek(Token![-]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    tokens.extend([input.parse::<TokenTree>()?]);
    syn::parse2(tokens)
}

/// `(a + b)` or `(a, b)`
fn parentheses(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    let inside;
    let parentheses = parenthesized!(inside in input);
    let span: Span = parentheses.span.join();
    let mut values = vec![expression(&inside, diagnostics)?];
    let is_tuple = inside.peek(Token![,]);
    while inside.peek(Token![,]) {
        inside.parse::<Token![,]>()?;
        if !inside.is_empty() {
            values.push(expression(&inside, diagnostics)?);
        }
    }
    if !inside.is_empty() {
        return Err(error_at(&inside, messages::unexpected(&inside)));
    }
    match values.pop() {
        Some(value) if !is_tuple => Ok(value),
        last => {
            values.extend(last);
            Ok(Expr::Tuple { span, values })
        }
    }
}

/// `concat(a, b, axis = 0)`: values for `concat`, else one value and then arguments.
fn call(function: Ident, input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    if function.to_string().starts_with(char::is_uppercase) {
        let meant = suggest::advice(&function.to_string());
        return Err(syn::Error::new(function.span(), messages::unknown_function(&function, meant)));
    }
    let inside;
    parenthesized!(inside in input);
    let (mut operands, mut arguments) = (Vec::new(), Vec::new());
    while !inside.is_empty() {
        let is_named = inside.peek(Ident) && inside.peek2(Token![=]);
        if !is_named && (operands.is_empty() || function == "concat") {
            operands.push(expression(&inside, diagnostics)?);
        } else {
            arguments.push(layer::argument(&inside)?);
        }
        if !inside.is_empty() {
            if !inside.peek(Token![,]) {
                return Err(error_at(&inside, messages::unexpected(&inside)));
            }
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(Expr::Call { function, operands, arguments })
}
