//! Tokens → AST. A mistake in one layer is reported, and reading goes on at the next `->` or `;`.

use proc_macro2::{Spacing, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr as Constant, Ident, Path, Token, Visibility, braced, bracketed, parenthesized, token};

use crate::ast::{Argument, Expr, Input, LayerUse, Let, Network, Operator};
use crate::diagnostics::Diagnostics;
use crate::messages;

/// All networks in the tokens of one macro invocation.
pub(crate) fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Network> {
    if tokens.is_empty() {
        diagnostics.error(Span::call_site(), messages::nothing_inside());
    }
    let (mut networks, mut errors) = (Vec::new(), Diagnostics::default());
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match item(input, &mut errors) {
                Ok(network) => networks.push(network),
                Err(error) => {
                    errors.error(error.span(), error.to_string());
                    skip(input, |_| false)?;
                }
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
    diagnostics.append(errors);
    networks
}

fn item(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Network> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        let found = input.cursor().token_tree().map_or_else(String::new, |(token, _)| token.to_string());
        return Err(input.error(messages::expected_struct(&found)));
    }
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    let parameters = const_parameters(input)?;
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(name.span(), messages::expected_inputs(&name)));
    }
    let inputs = inputs(input)?;
    let (output, output_span) = declared_output(input, &name)?;
    let body;
    braced!(body in input);
    let before = diagnostics.count();
    let (lets, result) = statements(&body, &name, diagnostics);
    let is_broken = diagnostics.count() > before;
    Ok(Network { attributes, visibility, name, parameters, inputs, output, output_span, lets, result, is_broken })
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
            return Err(input.error(messages::only_const_parameters()));
        }
        input.parse::<Token![const]>()?;
        parameters.push(input.parse()?);
        input.parse::<Token![:]>()?;
        let kind: Ident = input.parse()?;
        if kind != "usize" {
            return Err(syn::Error::new(kind.span(), messages::only_const_parameters()));
        }
        if !input.peek(Token![>]) {
            input.parse::<Token![,]>()?;
        }
    }
    input.parse::<Token![>]>()?;
    Ok(parameters)
}

/// `(image: [28, 28, 1])`
fn inputs(input: ParseStream<'_>) -> syn::Result<Vec<Input>> {
    let inside;
    parenthesized!(inside in input);
    let mut inputs = Vec::new();
    while !inside.is_empty() {
        let name: Ident = inside.parse()?;
        if !inside.peek(Token![:]) {
            return Err(syn::Error::new(name.span(), messages::input_needs_shape(&name)));
        }
        inside.parse::<Token![:]>()?;
        let (axes, _) = axes(&inside)?;
        inputs.push(Input { name, axes });
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(inputs)
}

/// `[28, 28, 1]`
fn axes(input: ParseStream<'_>) -> syn::Result<(Vec<Constant>, Span)> {
    if !input.peek(token::Bracket) {
        return Err(input.error(messages::expected_shape()));
    }
    let inside;
    let brackets = bracketed!(inside in input);
    Ok((inside.parse_terminated(Constant::parse, Token![,])?.into_iter().collect(), brackets.span.join()))
}

fn declared_output(input: ParseStream<'_>, name: &Ident) -> syn::Result<(Vec<Constant>, Span)> {
    if !input.peek(Token![->]) {
        return Err(syn::Error::new(name.span(), messages::expected_output(name)));
    }
    input.parse::<Token![->]>()?;
    if input.peek(token::Paren) {
        let outputs: TokenTree = input.parse()?;
        return Err(syn::Error::new(outputs.span(), messages::one_output_only()));
    }
    let (axes, span) = axes(input)?;
    Ok((axes, span))
}

fn statements(body: ParseStream<'_>, name: &Ident, diagnostics: &mut Diagnostics) -> (Vec<Let>, Option<Expr>) {
    let (mut lets, mut result) = (Vec::new(), None);
    while !body.is_empty() {
        if let Err(error) = statement(body, &mut lets, &mut result, diagnostics) {
            diagnostics.error(error.span(), error.to_string());
            // The skipping closure never fails: it only moves forward.
            let _ = skip(body, |input| input.peek(Token![;]));
            let _ = body.parse::<Token![;]>();
            if body.is_empty() {
                return (lets, result);
            }
        }
    }
    if result.is_none() && diagnostics.count() == 0 {
        let span = lets.last().map_or(name.span(), |last| last.name.span());
        diagnostics.error(span, messages::no_result(name, lets.last().map(|last| &last.name)));
    }
    (lets, result)
}

fn statement(
    body: ParseStream<'_>,
    lets: &mut Vec<Let>,
    result: &mut Option<Expr>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    if body.peek(Token![let]) {
        body.parse::<Token![let]>()?;
        if let Some((word, _)) = body.cursor().ident()
            && !body.peek(Ident)
        {
            diagnostics.error(word.span(), messages::keyword_as_value(&word));
            return skip(body, |_| false);
        }
        let name: Ident = body.parse()?;
        body.parse::<Token![=]>()?;
        let value = expression(body, diagnostics)?;
        end_of_statement(body)?;
        lets.push(Let { name, value });
        return Ok(());
    }
    let before = diagnostics.count();
    let value = expression(body, diagnostics)?;
    if diagnostics.count() > before {
        // What follows a layer that could not be read is no second mistake.
        return skip(body, |_| false);
    }
    if body.peek(Token![;]) {
        return Err(body.error(messages::value_dropped()));
    }
    if !body.is_empty() {
        return Err(body.error(messages::unexpected(body)));
    }
    *result = Some(value);
    Ok(())
}

fn end_of_statement(body: ParseStream<'_>) -> syn::Result<()> {
    if body.peek(Token![;]) {
        return body.parse::<Token![;]>().map(drop);
    }
    Err(body.error(if body.is_empty() { messages::missing_semicolon() } else { messages::unexpected(body) }))
}

/// `sum -> Layer -> Layer`: `->` binds weakest.
fn expression(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    let from = sum(input, diagnostics)?;
    let mut layers = Vec::new();
    while input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        match layer_use(input) {
            Ok(layer) => layers.push(layer),
            Err(error) => {
                diagnostics.error(error.span(), error.to_string());
                skip(input, |input| input.peek(Token![->]) || input.peek(Token![;]))?;
            }
        }
        if !input.peek(Token![->]) && operator(input).is_some() {
            return Err(input.error(messages::join_after_arrow()));
        }
    }
    Ok(if layers.is_empty() { from } else { Expr::Chain { from: Box::new(from), layers } })
}

fn sum(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    joined(input, diagnostics, &[Operator::Add, Operator::Subtract], product)
}

fn product(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    joined(input, diagnostics, &[Operator::Multiply], operand)
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
    } else {
        None
    }
}

/// `x`, `(a + b)`, `concat(a, b)`
fn operand(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Expr> {
    if input.peek(token::Paren) {
        let inside;
        parenthesized!(inside in input);
        let value = expression(&inside, diagnostics)?;
        return if inside.is_empty() { Ok(value) } else { Err(inside.error(messages::unexpected(&inside))) };
    }
    if !input.peek(Ident) {
        return Err(input.error(messages::expected_value()));
    }
    let name: Ident = input.call(Ident::parse_any)?;
    if !input.peek(token::Paren) {
        return Ok(Expr::Name(name));
    }
    if name != "concat" {
        return Err(syn::Error::new(name.span(), messages::unknown_function(&name)));
    }
    let inside;
    parenthesized!(inside in input);
    let mut operands = Vec::new();
    while !inside.is_empty() {
        operands.push(expression(&inside, diagnostics)?);
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(Expr::Concat { span: name.span(), operands })
}

/// `fc: Dense(128)`
fn layer_use(input: ParseStream<'_>) -> syn::Result<LayerUse> {
    let attributes = input.call(Attribute::parse_outer)?;
    if let Some(attribute) = attributes.first() {
        return Err(syn::Error::new(attribute.path().span(), messages::no_attributes_yet()));
    }
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
    if input.peek(token::Bracket) {
        let repeat: TokenTree = input.parse()?;
        return Err(syn::Error::new(repeat.span(), messages::no_repeats_yet()));
    }
    if !input.peek(Ident)
        && !input.peek(Token![self])
        && !input.peek(Token![crate])
        && !input.peek(Token![super])
        && !input.peek(Token![::])
    {
        return Err(input.error(messages::expected_layer()));
    }
    let path: Path = input.parse()?;
    let arguments = if input.peek(token::Paren) { Some(arguments(input)?) } else { None };
    Ok(LayerUse { name, path, arguments })
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

fn argument(input: ParseStream<'_>) -> syn::Result<Argument> {
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
        let from = syn::parse2(from_tokens)?;
        (Some(from), until(input, |input| input.peek(Token![,]))?)
    } else {
        (None, from_tokens)
    };
    if tokens.is_empty() {
        return Err(input.error(messages::expected_argument()));
    }
    let value = syn::parse2(tokens.clone())?;
    Ok(Argument { name, from, value, tokens })
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
