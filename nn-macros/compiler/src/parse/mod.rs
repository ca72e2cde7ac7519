//! Tokens → AST. A mistake in one layer is reported, and reading goes on at the next `->` or `;`.

mod body;
mod header;
mod layer;

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, Expr as Constant, Ident, Token, token};

use crate::ast::{Budget, Network, Program};
use crate::diagnostics::{Diagnostics, Place};
use crate::messages;

/// Everything in the tokens of one macro invocation.
pub(crate) fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Program {
    if tokens.is_empty() {
        diagnostics.error(Span::call_site(), messages::nothing_inside());
    }
    let (mut program, mut errors) = (Program::default(), Diagnostics::default());
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = item(input, &mut program, &mut errors) {
                errors.error(error.span(), error.to_string());
                skip_item(input)?;
            }
        }
        Ok(())
    };
    // What a mistake leaves unread in a group is an error of syn's, and no second mistake.
    if let Err(error) = parser.parse2(tokens)
        && errors.count() == 0
    {
        errors.error(error.span(), error.to_string());
    }
    report_taken_names(&mut program, &mut errors);
    if program.networks.is_empty() && errors.count() == 0 && !program.blocks.is_empty() {
        errors.error(program.blocks[0].name.span(), messages::blocks_alone());
    }
    diagnostics.append(errors);
    program
}

/// Of two networks, or two blocks, with one name, the first counts.
fn report_taken_names(program: &mut Program, diagnostics: &mut Diagnostics) {
    let mut names = HashSet::new();
    program.networks.retain(|network| {
        let is_new = names.insert(network.name.to_string());
        if !is_new {
            diagnostics.error(network.name.span(), messages::item_twice(&network.name, "network"));
        }
        is_new
    });
    let mut names = HashSet::new();
    program.blocks.retain(|block| {
        let is_new = names.insert(block.name.to_string());
        if !is_new {
            diagnostics.error(block.name.span(), messages::item_twice(&block.name, "block"));
        }
        is_new
    });
}

fn item(input: ParseStream<'_>, program: &mut Program, diagnostics: &mut Diagnostics) -> syn::Result<()> {
    let attributes = input.call(Attribute::parse_outer)?;
    let word = input.cursor().ident().map(|(word, _)| word.to_string());
    if let Some(item @ ("block" | "assert" | "instances")) = word.as_deref() {
        // Documentation may stand anywhere.
        for attribute in attributes.iter().filter(|attribute| !attribute.path().is_ident("doc")) {
            let name = attribute.path().to_token_stream();
            diagnostics.error(Place::of(&name), messages::attribute_on_item(&name, item));
        }
    }
    match word.as_deref() {
        Some("block") => header::block(input, program, diagnostics)?,
        Some("assert") => {
            let (word, conditions) = budget(input)?;
            let network = program.networks.last_mut();
            let network = network.ok_or_else(|| syn::Error::new(word, messages::assert_before_network()))?;
            network.budgets.extend(conditions);
        }
        Some("instances") => {
            let (word, values) = instances(input)?;
            let network = program.networks.last_mut();
            let network = network.ok_or_else(|| syn::Error::new(word, messages::instances_before_network()))?;
            check_instances(network, word, &values)?;
            network.instances.extend(values);
        }
        _ => header::network(input, attributes, program, diagnostics)?,
    }
    Ok(())
}

/// `assert PARAMS <= 300_000 && FLOPS < 1_000_000;`: one budget for each part between `&&`.
fn budget(input: ParseStream<'_>) -> syn::Result<(Span, Vec<Budget>)> {
    let word: Ident = input.parse()?;
    if input.peek(Token![!]) && input.peek2(token::Paren) {
        return Err(syn::Error::new(word.span(), messages::assert_as_macro()));
    }
    let mut budgets = Vec::new();
    loop {
        let condition = until(input, |input| input.peek(Token![&&]) || input.peek(Token![;]))?;
        if condition.is_empty() {
            return Err(syn::Error::new(word.span(), messages::empty_assert()));
        }
        match syn::parse2(condition.clone()) {
            Ok(parsed) if is_comparison(&parsed) => {}
            Ok(_) => return Err(syn::Error::new_spanned(&condition, messages::assert_of_no_comparison(&condition))),
            Err(_) => return Err(syn::Error::new(word.span(), messages::assert_unreadable(&condition))),
        }
        budgets.push(Budget { place: Place::of(&condition), condition });
        if !input.peek(Token![&&]) {
            break;
        }
        input.parse::<Token![&&]>()?;
    }
    if !input.peek(Token![;]) {
        return Err(syn::Error::new(word.span(), messages::assert_without_end()));
    }
    input.parse::<Token![;]>()?;
    Ok((word.span(), budgets))
}

/// Whether an expression can be true or false; what a function or macro of the user's gives is not known.
fn is_comparison(condition: &Constant) -> bool {
    use syn::BinOp::{And, Eq, Ge, Gt, Le, Lt, Ne, Or};
    match condition {
        Constant::Binary(binary) => matches!(binary.op, And(_) | Eq(_) | Ge(_) | Gt(_) | Le(_) | Lt(_) | Ne(_) | Or(_)),
        Constant::Paren(inner) => is_comparison(&inner.expr),
        Constant::Path(_) | Constant::Lit(_) | Constant::Assign(_) | Constant::Cast(_) | Constant::Range(_) => false,
        _ => true,
    }
}

/// `instances [16, 32]`, or `instances [(16, 4), (32, 8)]` for two parameters.
fn instances(input: ParseStream<'_>) -> syn::Result<(Span, Vec<Vec<Constant>>)> {
    let word: Ident = input.parse()?;
    if !input.peek(token::Bracket) {
        return Err(syn::Error::new(word.span(), messages::instances_without_list()));
    }
    let inside;
    syn::bracketed!(inside in input);
    let values = inside.parse_terminated(Constant::parse, Token![,])?;
    if values.is_empty() {
        return Err(syn::Error::new(word.span(), messages::instances_without_list()));
    }
    let values = values.into_iter().map(|value| match value {
        Constant::Tuple(tuple) => tuple.elems.into_iter().collect(),
        value => vec![value],
    });
    let _ = input.parse::<Option<Token![;]>>()?;
    Ok((word.span(), values.collect()))
}

fn check_instances(network: &Network, word: Span, values: &[Vec<Constant>]) -> syn::Result<()> {
    if network.parameters.is_empty() {
        return Err(syn::Error::new(word, messages::instances_without_parameters(&network.name)));
    }
    let expected = network.parameters.len();
    match values.iter().find(|values| values.len() != expected) {
        Some(values) => Err(syn::Error::new(word, messages::instance_count(&network.name, expected, values.len()))),
        None => Ok(()),
    }
}

/// An error at the next token, in our own words: syn puts words of its own in front at the end of a group.
fn error_at(input: ParseStream<'_>, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new(input.span(), message)
}

/// Goes on behind the braces of an item that could not be read, or in front of the next network.
fn skip_item(input: ParseStream<'_>) -> syn::Result<()> {
    skip(input, |input| input.peek(token::Brace) || input.peek(Token![pub]) || input.peek(Token![struct]))?;
    if input.peek(token::Brace) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// All tokens in front of a place.
fn until(input: ParseStream<'_>, end: impl Fn(ParseStream<'_>) -> bool) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !end(input) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    Ok(tokens)
}

fn skip(input: ParseStream<'_>, end: impl Fn(ParseStream<'_>) -> bool) -> syn::Result<()> {
    until(input, end).map(drop)
}
