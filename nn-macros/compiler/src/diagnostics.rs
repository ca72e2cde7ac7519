//! The collector of errors: every pass adds, the pipeline shows them all at once.

use std::fmt;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// All errors found so far.
#[derive(Default)]
pub struct Diagnostics {
    errors: Vec<(Span, String)>,
}

impl Diagnostics {
    /// Adds an error at a token of the user's. The texts come from `messages.rs`.
    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push((span, message.into()));
    }

    /// Adds all errors of another collection.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.errors.append(&mut other.errors);
    }

    /// How many errors there are.
    pub fn count(&self) -> usize {
        self.errors.len()
    }

    /// One `compile_error!` for each error, at its token.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let errors = self.errors.iter();
        errors.map(|(span, message)| quote_spanned! {*span=> ::core::compile_error! { #message } }).collect()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (_, message) in &self.errors {
            writeln!(f, "error: {message}")?;
        }
        Ok(())
    }
}
