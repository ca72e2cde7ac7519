//! The collector of errors: every pass adds, the pipeline shows them all at once.

use std::fmt;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

/// What an error underlines: from one token to another. (Spans cannot be joined on stable Rust; rustc joins the ends of
/// what it is given.)
#[derive(Clone, Copy)]
pub(crate) struct Place {
    start: Span,
    end: Span,
}

impl Place {
    /// All of these tokens.
    pub(crate) fn of(tokens: &impl ToTokens) -> Self {
        let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        Self { start, end: spans.last().unwrap_or(start) }
    }

    /// The first and the last token.
    pub(crate) fn ends(self) -> [Span; 2] {
        [self.start, self.end]
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self { start: span, end: span }
    }
}

/// All errors found so far.
#[derive(Default)]
pub struct Diagnostics {
    errors: Vec<(Place, String)>,
    /// How many of them stand in other code already.
    shown: usize,
}

impl Diagnostics {
    /// Adds an error at a token of the user's. The texts come from `messages`.
    pub(crate) fn error(&mut self, place: impl Into<Place>, message: impl Into<String>) {
        self.errors.push((place.into(), message.into()));
    }

    /// Adds all errors of another collection.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.errors.append(&mut other.errors);
    }

    /// How many errors there are.
    pub fn count(&self) -> usize {
        self.errors.len()
    }

    /// The first error that has not been shown as an expression, to stand where it keeps rustc from saying more.
    pub(crate) fn show(&mut self) -> Option<TokenStream> {
        let (place, message) = self.errors.get(self.shown)?;
        let tokens = compile_error(*place, message);
        self.shown += 1;
        Some(tokens)
    }

    /// One `compile_error!` for each error, at its token, but for those that have been shown.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let errors = self.errors.iter().skip(self.shown);
        errors.map(|(place, message)| compile_error(*place, message)).collect()
    }
}

fn compile_error(place: Place, message: &str) -> TokenStream {
    let path = quote_spanned!(place.start=> ::core::compile_error!);
    let mut text = Group::new(Delimiter::Brace, message.to_token_stream());
    text.set_span(place.end);
    path.into_iter().chain([TokenTree::Group(text)]).collect()
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (_, message) in &self.errors {
            writeln!(f, "error: {message}")?;
        }
        Ok(())
    }
}
