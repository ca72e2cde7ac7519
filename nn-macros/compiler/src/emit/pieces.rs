//! Long bodies in pieces: rustc's time for a function grows with the square of its length, so that the steps of a large
//! network are spread over functions of a few dozen. Those of a small one stay together, to be read and inlined.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::structs::gradient_name;
use super::{Context, imports};

/// A network with more steps than this is never inlined as a whole.
const SHORT: usize = 16;
/// A network with more steps than this is cut.
const LONGEST: usize = 48;
/// Into functions of so many steps.
const PIECE: usize = 24;

/// The functions that bodies have been cut into.
#[derive(Default)]
pub(crate) struct Pieces(RefCell<Vec<TokenStream>>);

/// Which method a body belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Infer,
    Forward,
    Backward,
    Stream,
}

impl Context<'_> {
    /// Whether the network has so few steps that predictions may run in one inlined function.
    pub(crate) fn is_short(&self) -> bool {
        self.graph.steps().count() <= SHORT
    }

    /// The statements one behind the other, or calls of functions that hold them.
    pub(crate) fn body(&self, method: Method, statements: &[TokenStream]) -> TokenStream {
        if self.graph.steps().count() <= LONGEST || statements.len() <= PIECE {
            return quote!(#(#statements)*);
        }
        statements.chunks(PIECE).map(|piece| self.piece(method, piece)).collect()
    }

    /// As [`Context::body`], for the method that fills the parameters.
    pub(crate) fn initializers(&self, statements: &[TokenStream]) -> TokenStream {
        if statements.len() <= LONGEST {
            return quote!(#(#statements)*);
        }
        let (facade, plan, network) = (&self.facade, self.plan(), self.self_type(&quote!(T)));
        let calls = statements.chunks(PIECE).map(|piece| {
            let mut pieces = self.pieces.0.borrow_mut();
            let name = format_ident!("piece_{}", pieces.len());
            pieces.push(quote! {
                fn #name<T: #facade::Scalar>(network: &mut #network, random: &mut #facade::Random) {
                    use #facade::Layer;
                    #(#piece)*
                }
            });
            quote!(#plan::#name(network, random);)
        });
        calls.collect()
    }

    /// All functions that have been cut off, to stand in the plan's implementation.
    pub(crate) fn cut_off(&self) -> TokenStream {
        self.pieces.0.borrow().iter().cloned().collect()
    }

    fn piece(&self, method: Method, statements: &[TokenStream]) -> TokenStream {
        let mut pieces = self.pieces.0.borrow_mut();
        let name = format_ident!("piece_{}", pieces.len());
        let (facade, parameters, plan) = (&self.facade, &self.network.parameters, self.plan());
        let (network, imports) = (self.self_type(&quote!(T)), imports(facade));
        let gradient = gradient_name(&self.network.name);
        let trains = matches!(method, Method::Forward | Method::Backward);
        let training = trains.then(|| quote!(statistics: &[T], partial: &mut [T],));
        let stream = (method == Method::Stream).then(|| quote!(position: usize, state: &mut [T],));
        let backward = (method == Method::Backward).then(|| {
            quote! {
                mut d_input: ::core::option::Option<&mut [T]>,
                mut gradient: ::core::option::Option<&mut #gradient<#(#parameters,)* T>>,
            }
        });
        let wants_input = (method == Method::Backward).then(|| quote!(let wants_input = d_input.is_some();));
        pieces.push(quote! {
            #[allow(unused_variables, unused_mut)]
            fn #name<T: #facade::Scalar, O: #facade::Observer<T>>(
                network: &#network,
                pass: &#facade::Pass,
                input: &[T],
                workspace: &mut [T],
                scratch: &mut [T],
                #training
                #backward
                #stream
                observer: &mut O,
            ) {
                #imports
                #wants_input
                #(#statements)*
            }
        });
        let training = trains.then(|| quote!(statistics, partial,));
        let stream = (method == Method::Stream).then(|| quote!(position, state,));
        let backward = (method == Method::Backward).then(|| quote!(d_input.as_deref_mut(), gradient.as_deref_mut(),));
        quote!(#plan::#name(network, pass, input, workspace, scratch, #training #backward #stream observer);)
    }
}
