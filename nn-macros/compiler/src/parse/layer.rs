//! What stands to the right of `->`.

use proc_macro2::{Spacing, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Expr as Constant, Ident, Path, Token, bracketed, parenthesized, token};

use super::{error_at, until};
use crate::ast::{Argument, LayerUse};
use crate::messages;

/// `#[freeze] fc: Dense(128)`, or `blocks: [Block(4); 6]`
pub(super) fn layer_use(input: ParseStream<'_>) -> syn::Result<LayerUse> {
    let attributes = input.call(Attribute::parse_outer)?;
    let name = if input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        Some(name)
    } else {
        None
    };
    if let Some((word, rest)) = input.cursor().ident()
        && !input.peek(Ident)
        && rest.punct().is_some_and(|(mark, _)| mark.as_char() == ':' && mark.spacing() == Spacing::Alone)
    {
        return Err(syn::Error::new(word.span(), messages::keyword_as_name(&word)));
    }
    if input.peek(Token![#]) {
        return Err(error_at(input, messages::attribute_behind_name()));
    }
    if !input.peek(token::Bracket) {
        let (path, arguments) = path_and_arguments(input)?;
        return Ok(LayerUse { attributes, name, path, arguments, repeat: None });
    }
    let inside;
    let brackets = bracketed!(inside in input);
    if inside.peek(Token![#]) {
        return Err(error_at(&inside, messages::attribute_behind_name()));
    }
    let (path, arguments) = path_and_arguments(&inside)?;
    if inside.peek(Token![->]) {
        return Err(syn::Error::new(brackets.span.join(), messages::row_of_chain()));
    }
    if !inside.peek(Token![;]) {
        return Err(syn::Error::new(brackets.span.join(), messages::repeat_without_count()));
    }
    inside.parse::<Token![;]>()?;
    if inside.is_empty() {
        return Err(syn::Error::new(brackets.span.join(), messages::repeat_without_count()));
    }
    let count: Constant = inside.parse()?;
    if !inside.is_empty() {
        return Err(error_at(&inside, messages::unexpected(&inside)));
    }
    Ok(LayerUse { attributes, name, path, arguments, repeat: Some(count) })
}

fn path_and_arguments(input: ParseStream<'_>) -> syn::Result<(Path, Option<Vec<Argument>>)> {
    if !input.peek(Ident)
        && !input.peek(Token![self])
        && !input.peek(Token![crate])
        && !input.peek(Token![super])
        && !input.peek(Token![::])
    {
        return Err(error_at(input, messages::expected_layer()));
    }
    let path: Path = input.parse()?;
    let arguments = if input.peek(token::Paren) { Some(arguments(input)?) } else { None };
    Ok((path, arguments))
}

fn arguments(input: ParseStream<'_>) -> syn::Result<Vec<Argument>> {
    let inside;
    parenthesized!(inside in input);
    let mut arguments = Vec::new();
    while !inside.is_empty() {
        arguments.push(argument(&inside)?);
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(arguments)
}

/// `32`, `kernel = 3`, or `784 -> 128`
pub(super) fn argument(input: ParseStream<'_>) -> syn::Result<Argument> {
    if input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let name: Ident = input.parse()?;
        return Err(syn::Error::new(name.span(), messages::colon_argument(&name)));
    }
    let name = if input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        Some(name)
    } else {
        None
    };
    let from_tokens = until(input, |input| input.peek(Token![,]) || input.peek(Token![->]))?;
    let (from, tokens) = if input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        let from = constant(from_tokens)?;
        (Some(from), until(input, |input| input.peek(Token![,]))?)
    } else {
        (None, from_tokens)
    };
    if tokens.is_empty() {
        return Err(error_at(input, messages::expected_argument()));
    }
    let value = constant(tokens.clone())?;
    Ok(Argument { name, from, value, tokens })
}

/// One value, and nothing behind it.
fn constant(tokens: TokenStream) -> syn::Result<Constant> {
    let whole = tokens.clone();
    let parser = |input: ParseStream<'_>| {
        let value: Constant = input.parse().map_err(|_| unreadable(&whole))?;
        if input.is_empty() { Ok(value) } else { Err(error_at(input, messages::expected_comma(input))) }
    };
    parser.parse2(tokens)
}

fn unreadable(tokens: &TokenStream) -> syn::Error {
    syn::Error::new_spanned(tokens, messages::unreadable_argument(tokens))
}
