//! The initial values: each layer's defaults, or what the user asked for with `#[init(..)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;

use super::structs::layer_type;
use super::{Context, path_tokens};
use crate::graph::Field;

pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let plan = context.plan();
    let checks = (!context.network.parameters.is_empty()).then(|| quote!(const { #plan::CHECKS };));
    let fields: Vec<TokenStream> = context
        .graph
        .fields
        .iter()
        .map(|field| {
            let (path, call) = (path_tokens(&field.path), context.call(field.node));
            let marked = marked(context, field, &path);
            quote!(Layer::initialize(&mut network.#path, &#call, random); #marked)
        })
        .collect();
    let fields = context.initializers(&fields);
    quote!(#checks let network = self; #fields)
}

/// Fills the tensors that the user gave initialisers.
fn marked(context: &Context<'_>, field: &Field, path: &TokenStream) -> TokenStream {
    let facade = &context.facade;
    let layer = layer_type(context, field.node, &quote!(T));
    let fills = field.marks.init.iter().map(|initial| {
        let tensor = initial.tensor.as_ref().map(|tensor| tensor.unraw().to_string());
        let tensor = match tensor {
            Some(tensor) => quote!(::core::option::Option::Some(#tensor)),
            None => quote!(::core::option::Option::None),
        };
        let initializer = &initial.initializer;
        quote!({
            use #facade::Initializer;
            #facade::refill::<T, #layer>(&mut network.#path, #tensor, #initializer, random);
        })
    });
    quote!(#(#fills)*)
}
