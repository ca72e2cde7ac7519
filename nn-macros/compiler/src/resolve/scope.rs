//! What names mean inside one network or block.

use std::collections::HashMap;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;

use crate::ast::{Argument, Block};
use crate::graph::{NodeId, Segment};
use crate::marks::Marks;
use crate::names::NodeNames;

/// One network, or one use of a block.
pub(super) struct Scope<'n> {
    /// What a name means, and how to say so.
    pub names: HashMap<String, Meaning<'n>>,
    pub node_names: NodeNames,
    /// The way to this block's fields.
    pub path: Vec<Segment>,
    /// What stands in front of the labels in here: the way, but for a block that is applied again.
    pub place: String,
    /// What the names of a block's arguments and dimensions stand for.
    pub constants: HashMap<String, TokenStream>,
    /// What the attributes of a block say of all layers inside.
    pub marks: Marks,
    /// The block is applied again: its fields are there already.
    pub is_again: bool,
}

#[derive(Clone)]
pub(super) enum Meaning<'n> {
    Value {
        node: NodeId,
        span: Span,
        is_used: bool,
        is_input: bool,
    },
    Layer {
        field: usize,
    },
    /// A block that has been applied, and can be again.
    Block {
        block: &'n Block,
        arguments: HashMap<String, TokenStream>,
        segment: Segment,
    },
    /// Layers in a row.
    Repeat,
    Parameter,
}

impl Meaning<'_> {
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Value { is_input: true, .. } => "an input",
            Self::Value { .. } => "a value",
            Self::Layer { .. } => "a layer",
            Self::Block { .. } => "a block",
            Self::Repeat => "a row of layers",
            Self::Parameter => "a size",
        }
    }
}

impl Scope<'_> {
    /// The label of something in this scope.
    pub(super) fn label(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// Puts what they stand for in the places of the block's own names.
    pub(super) fn substitute<P: ToTokens + syn::parse::Parse + Clone>(&self, written: &P) -> P {
        if self.constants.is_empty() {
            return written.clone();
        }
        let tokens = substitute(written.to_token_stream(), &self.constants);
        // What is put in is a whole expression, so that the rest still reads.
        syn::parse2(tokens).unwrap_or_else(|_| written.clone())
    }

    pub(super) fn argument(&self, argument: &Argument) -> Argument {
        if self.constants.is_empty() {
            return argument.clone();
        }
        let Argument { name, from, value, tokens } = argument;
        Argument {
            name: name.clone(),
            from: from.as_ref().map(|from| self.substitute(from)),
            value: self.substitute(value),
            tokens: substitute(tokens.clone(), &self.constants),
        }
    }

    pub(super) fn value_names(&self) -> Vec<String> {
        let values = self.names.iter().filter(|(_, meaning)| matches!(meaning, Meaning::Value { .. }));
        let mut names: Vec<String> = values.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }
}

/// The tokens with names replaced by what they stand for, at the names' places. Parts of paths, and what stands behind a
/// dot, are no such names.
pub(super) fn substitute(tokens: TokenStream, constants: &HashMap<String, TokenStream>) -> TokenStream {
    let mut result = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut is_behind = false;
    while let Some(token) = tokens.next() {
        let is_in_front = matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
        let replaced = match &token {
            TokenTree::Ident(name) if !is_behind && !is_in_front => stands_for(name, constants),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), substitute(group.stream(), constants));
                inner.set_span(group.span());
                Some(TokenTree::Group(inner).into())
            }
            _ => None,
        };
        is_behind = matches!(&token, TokenTree::Punct(mark) if matches!(mark.as_char(), ':' | '.') && !ends_range(&result, mark));
        result.extend(replaced.unwrap_or_else(|| token.into()));
    }
    result
}

/// Whether a dot is the second one of `..`: what follows is an expression of its own.
fn ends_range(before: &TokenStream, mark: &proc_macro2::Punct) -> bool {
    let last = before.clone().into_iter().last();
    mark.as_char() == '.' && matches!(last, Some(TokenTree::Punct(last)) if last.as_char() == '.')
}

fn stands_for(name: &Ident, constants: &HashMap<String, TokenStream>) -> Option<TokenStream> {
    let tokens = constants.get(&name.unraw().to_string())?;
    Some(
        tokens
            .clone()
            .into_iter()
            .map(|mut token| {
                token.set_span(name.span());
                token
            })
            .collect(),
    )
}

/// A whole expression as one token tree, to be put in the place of a name.
pub(super) fn as_one(tokens: TokenStream) -> TokenStream {
    if tokens.clone().into_iter().count() <= 1 {
        return tokens;
    }
    TokenTree::Group(Group::new(proc_macro2::Delimiter::Parenthesis, tokens)).into()
}
