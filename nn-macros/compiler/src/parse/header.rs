//! What stands in front of the braces: names, parameters, inputs, outputs.

use proc_macro2::{Span, TokenTree};
use quote::ToTokens as _;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr as Constant, Ident, Meta, Token, Visibility, braced, bracketed, parenthesized, token};

use super::{body, error_at, until};
use crate::ast::{Block, BlockInput, BlockParameter, Body, Input, Network, Output, Program};
use crate::diagnostics::{Diagnostics, Place};
use crate::{marks, messages};

/// A network; one whose name could be read is kept even when the rest cannot, so that its stub is emitted.
pub(super) fn network(
    input: ParseStream<'_>,
    mut attributes: Vec<Attribute>,
    program: &mut Program,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let visibility: Visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        let found = input.cursor().token_tree().map_or_else(String::new, |(token, _)| token.to_string());
        return Err(error_at(input, messages::expected_struct(&found)));
    }
    let word = input.parse::<Token![struct]>()?;
    let name = item_name(input, word.span)?;
    let stream = attributes.extract_if(.., |attribute| attribute.path().is_ident("stream")).last();
    if let Some(stream) = stream.as_ref().filter(|stream| !matches!(stream.meta, Meta::Path(_))) {
        diagnostics.error(Place::of(stream), messages::stream_with_value());
    }
    let stream = stream.map(|stream| stream.span());
    for mark in attributes.extract_if(.., |attribute| marks::KNOWN.iter().any(|mark| attribute.path().is_ident(mark))) {
        let name = mark.path().to_token_stream();
        diagnostics.error(Place::of(&name), messages::mark_on_network(&name));
    }
    let mut network = Network {
        attributes,
        stream,
        visibility,
        name,
        parameters: Vec::new(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        body: Body::default(),
        instances: Vec::new(),
        budgets: Vec::new(),
        is_broken: true,
    };
    let result = rest_of_network(input, &mut network, diagnostics);
    program.networks.push(network);
    result
}

fn rest_of_network(input: ParseStream<'_>, network: &mut Network, diagnostics: &mut Diagnostics) -> syn::Result<()> {
    network.parameters = const_parameters(input)?;
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(network.name.span(), messages::expected_inputs(&network.name)));
    }
    network.inputs = inputs(input)?;
    network.outputs = outputs(input, &network.name)?;
    if !input.peek(token::Brace) {
        return Err(syn::Error::new(network.name.span(), messages::expected_body(&network.name)));
    }
    let inside;
    braced!(inside in input);
    let before = diagnostics.count();
    network.body = body::body(&inside, &network.name, &network.outputs, diagnostics);
    network.is_broken = diagnostics.count() > before;
    Ok(())
}

/// `<const H: usize, const F: usize>`
fn const_parameters(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    let mut parameters = Vec::new();
    if !input.peek(Token![<]) {
        return Ok(parameters);
    }
    input.parse::<Token![<]>()?;
    while !input.peek(Token![>]) {
        if !input.peek(Token![const]) {
            return Err(error_at(input, messages::only_const_parameters()));
        }
        input.parse::<Token![const]>()?;
        parameters.push(input.parse()?);
        input.parse::<Token![:]>()?;
        let kind: Ident = input.parse()?;
        if kind != "usize" {
            return Err(syn::Error::new(kind.span(), messages::only_const_parameters()));
        }
        if input.peek(Token![=]) {
            return Err(error_at(input, messages::const_parameter_default()));
        }
        if !input.peek(Token![>]) {
            comma(input)?;
        }
    }
    input.parse::<Token![>]>()?;
    Ok(parameters)
}

/// `(image: [28, 28, 1], age: [1])`
fn inputs(input: ParseStream<'_>) -> syn::Result<Vec<Input>> {
    let inside;
    parenthesized!(inside in input);
    let mut inputs = Vec::new();
    while !inside.is_empty() {
        let name = input_name(&inside)?;
        let (axes, _) = axes(&inside, &format!("`{name}`"))?;
        inputs.push(Input { name, axes });
        comma(&inside)?;
    }
    Ok(inputs)
}

/// `image:`
fn input_name(inside: ParseStream<'_>) -> syn::Result<Ident> {
    if !inside.peek(Ident) {
        let found = inside.cursor().token_tree();
        let text = found.as_ref().map_or_else(String::new, |(token, _)| token.to_string());
        let span = found.map_or_else(|| inside.span(), |(token, _)| token.span());
        return Err(syn::Error::new(span, messages::input_without_name(&text)));
    }
    let name: Ident = inside.parse()?;
    if !inside.peek(Token![:]) {
        return Err(syn::Error::new(name.span(), messages::input_needs_shape(&name)));
    }
    inside.parse::<Token![:]>()?;
    Ok(name)
}

fn comma(inside: ParseStream<'_>) -> syn::Result<()> {
    if inside.is_empty() {
        return Ok(());
    }
    if !inside.peek(Token![,]) {
        return Err(error_at(inside, messages::expected_comma(inside)));
    }
    inside.parse::<Token![,]>().map(drop)
}

/// The name of a network or a block, behind the `word` that says which.
fn item_name(input: ParseStream<'_>, word: Span) -> syn::Result<Ident> {
    match input.cursor().ident() {
        _ if input.peek(Ident) => input.parse(),
        Some((found, _)) => Err(syn::Error::new(found.span(), messages::item_without_name(&found))),
        None => Err(syn::Error::new(word, messages::item_without_name(&"nothing"))),
    }
}

/// `[28, 28, 1]`, that of `what`.
fn axes(input: ParseStream<'_>, what: &str) -> syn::Result<(Vec<Constant>, Span)> {
    if !input.peek(token::Bracket) {
        return Err(error_at(input, messages::expected_shape(what)));
    }
    let inside;
    let brackets = bracketed!(inside in input);
    let mut axes = Vec::new();
    while !inside.is_empty() {
        axes.push(inside.parse()?);
        if inside.peek(Token![;]) {
            return Err(syn::Error::new(brackets.span.join(), messages::array_as_shape(what)));
        }
        comma(&inside)?;
    }
    Ok((axes, brackets.span.join()))
}

/// `-> [10]`, or `-> (class: [10], bounds: [4])`
fn outputs(input: ParseStream<'_>, name: &Ident) -> syn::Result<Vec<Output>> {
    if !input.peek(Token![->]) {
        return Err(syn::Error::new(name.span(), messages::expected_output(name)));
    }
    input.parse::<Token![->]>()?;
    if !input.peek(token::Paren) {
        let (axes, span) = axes(input, &format!("the output of `{name}`"))?;
        return Ok(vec![Output { name: None, axes, span }]);
    }
    let inside;
    parenthesized!(inside in input);
    let mut outputs = Vec::new();
    while !inside.is_empty() {
        if inside.peek(token::Bracket) {
            let shape: TokenTree = inside.parse()?;
            return Err(syn::Error::new(shape.span(), messages::output_needs_name()));
        }
        let name = input_name(&inside)?;
        let (axes, span) = axes(&inside, &format!("`{name}`"))?;
        outputs.push(Output { name: Some(name), axes, span });
        comma(&inside)?;
    }
    if outputs.is_empty() {
        return Err(syn::Error::new(name.span(), messages::expected_output(name)));
    }
    Ok(outputs)
}

/// `block Residual(rate: f64 = 0.1)(x: [.., width]) { … }`; the parameters may be left out.
///
/// A block whose name could be read is kept even when the rest cannot, so that its uses are no mistakes.
pub(super) fn block(input: ParseStream<'_>, program: &mut Program, diagnostics: &mut Diagnostics) -> syn::Result<()> {
    let word: Ident = input.parse()?;
    let name = item_name(input, word.span())?;
    let parameters = Vec::new();
    let mut block = Block { name, parameters, inputs: Vec::new(), body: Body::default(), is_broken: true };
    let result = rest_of_block(input, &mut block, diagnostics);
    program.blocks.push(block);
    result
}

fn rest_of_block(input: ParseStream<'_>, block: &mut Block, diagnostics: &mut Diagnostics) -> syn::Result<()> {
    let name = &block.name;
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(name.span(), messages::expected_block_inputs(name)));
    }
    let first;
    parenthesized!(first in input);
    if input.peek(token::Paren) {
        let second;
        parenthesized!(second in input);
        block.parameters = block_parameters(&first)?;
        block.inputs = block_inputs(&second)?;
    } else {
        block.inputs = block_inputs(&first)?;
    }
    if block.inputs.is_empty() {
        return Err(syn::Error::new(name.span(), messages::expected_block_inputs(name)));
    }
    if input.peek(Token![->]) {
        return Err(error_at(input, messages::block_output(name)));
    }
    if !input.peek(token::Brace) {
        return Err(syn::Error::new(name.span(), messages::expected_body(name)));
    }
    let inside;
    braced!(inside in input);
    let before = diagnostics.count();
    block.body = body::body(&inside, name, &[], diagnostics);
    block.is_broken = diagnostics.count() > before;
    Ok(())
}

/// `(heads: usize = 4, rate: f64 = 0.1)`
fn block_parameters(inside: ParseStream<'_>) -> syn::Result<Vec<BlockParameter>> {
    let mut parameters = Vec::new();
    while !inside.is_empty() {
        if let Some((word, _)) = inside.cursor().ident()
            && !inside.peek(Ident)
        {
            return Err(syn::Error::new(word.span(), messages::keyword_as_value(&word)));
        }
        let name: Ident = inside.parse()?;
        if parameters.iter().any(|other: &BlockParameter| other.name == name) {
            return Err(syn::Error::new(name.span(), messages::duplicate_name(&name, "a parameter")));
        }
        if !inside.peek(Token![:]) {
            return Err(syn::Error::new(name.span(), messages::block_parameter_kind(&name)));
        }
        inside.parse::<Token![:]>()?;
        let kind =
            inside.parse::<Ident>().map_err(|_| syn::Error::new(name.span(), messages::block_parameter_kind(&name)))?;
        if !["usize", "f64", "bool"].iter().any(|known| kind == known) {
            return Err(syn::Error::new(kind.span(), messages::block_parameter_kind(&name)));
        }
        let default = match inside.parse::<Option<Token![=]>>()? {
            Some(_) => {
                let default = until(inside, |inside| inside.peek(Token![,]))?;
                if syn::parse2::<Constant>(default.clone()).is_err() {
                    return Err(syn::Error::new(name.span(), messages::block_parameter_default(&name, &kind)));
                }
                Some(default)
            }
            None => None,
        };
        parameters.push(BlockParameter { name, kind, default });
        comma(inside)?;
    }
    Ok(parameters)
}

/// `(x: [.., time, width])`
fn block_inputs(inside: ParseStream<'_>) -> syn::Result<Vec<BlockInput>> {
    let mut inputs = Vec::new();
    while !inside.is_empty() {
        let name = input_name(inside)?;
        if !inside.peek(token::Bracket) {
            return Err(error_at(inside, messages::expected_shape(&format!("`{name}`"))));
        }
        let shape;
        bracketed!(shape in inside);
        let is_open = shape.parse::<Option<Token![..]>>()?.is_some();
        if is_open {
            comma(&shape)?;
        }
        let axes: Vec<Constant> = shape.parse_terminated(Constant::parse, Token![,])?.into_iter().collect();
        if let Some(dots) = axes.iter().find(|axis| matches!(axis, Constant::Range(_))) {
            return Err(syn::Error::new_spanned(dots, messages::dots_not_first()));
        }
        inputs.push(BlockInput { name, is_open, axes });
        comma(inside)?;
    }
    Ok(inputs)
}
