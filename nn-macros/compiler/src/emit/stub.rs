//! What is left of a network with errors: its struct with the layers that are right, under another name, and in the place
//! of the network a type that holds the error. rustc says nothing more of what has such a type, so that one mistake stays
//! one error, whatever the program asks of the network.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::structs::{built_in_type, computed_size};
use crate::ast::Network;
use crate::constant::Size;
use crate::graph::{Graph, NodeId, Op};

/// `error` is an expression that holds the first error.
pub(crate) fn emit(facade: &TokenStream, network: &Network, graph: &Graph, error: &TokenStream) -> TokenStream {
    let facade = &quote!(#facade::rt);
    let (visibility, name) = (&network.visibility, &network.name);
    let broken = format_ident!("{name}Broken", span = name.span());
    let mut seen = HashSet::new();
    // A name that stands there twice, as that of the network or of the scalar, has been reported.
    let mut is_free = |name: &Ident| *name != network.name && name != "T" && seen.insert(name.to_string());
    let parameters: Vec<_> = network.parameters.iter().filter(|name| is_free(name)).collect();
    let (names, types): (Vec<_>, Vec<_>) = good_layers(facade, graph).into_iter().unzip();
    let samples = super::samples::emit_broken(facade, network, graph);
    // Behind a header that could not be read, their names stand for nothing.
    let known = super::samples::sides(network, graph);
    let sides = [("Input", 0), ("Output", 0), ("StepInput", network.inputs.len()), ("Step", network.outputs.len())];
    let unknown = sides.into_iter().filter(|(side, count)| match side.starts_with("Step") {
        true => network.stream.is_some() && *count != 1 && !known.contains(side),
        false => network.outputs.is_empty() && !known.contains(side),
    });
    let unknown = unknown.flat_map(|(side, _)| [format_ident!("{name}{side}"), format_ident!("{name}{side}Shape")]);
    let unknown = unknown.map(|unknown| {
        quote! {
            #[allow(dead_code, missing_docs)]
            #visibility type #unknown<#(const #parameters: usize,)* T = f32> = #name<#(#parameters,)* T>;
        }
    });
    let doc = format!("What is left of `{name}`, which has errors.");
    quote! {
        #[doc = #doc]
        #[allow(dead_code, missing_docs)]
        #visibility struct #broken<#(const #parameters: usize,)* T: #facade::Scalar, const ERROR: usize> {
            #(pub #names: #types,)*
            broken: [T; 0],
        }

        #[allow(dead_code, missing_docs)]
        #visibility type #name<#(const #parameters: usize,)* T = f32> = #broken<#(#parameters,)* T, { #error }>;

        #samples
        #(#unknown)*
    }
}

/// The layers outside of blocks whose types are known: their names and types.
fn good_layers(facade: &TokenStream, graph: &Graph) -> Vec<(Ident, TokenStream)> {
    let (mut layers, mut seen) = (Vec::new(), HashSet::new());
    for field in &graph.fields {
        let node = &graph.nodes[field.node];
        let [segment] = field.path.as_slice() else { continue };
        let (Op::Layer(layer), None) = (&node.op, segment.place) else { continue };
        let is_known = graph.nodes[node.inputs[0]].shape().is_some() && node.shape().is_some() && !node.is_invalid;
        if is_known && seen.insert(segment.name.to_string()) {
            let last = |id: NodeId| graph.nodes[id].axes.as_ref().and_then(|axes| axes.last()).map(Size::type_argument);
            let last = last(node.inputs[0]).unwrap_or_default();
            let size = |name: &str| computed_size(layer, graph.nodes[node.inputs[0]].axes.as_deref(), name);
            let computed = |name: &str| size(name).map(|size| Size::Known(size).type_argument()).unwrap_or_default();
            let layer = built_in_type(facade, layer, last, computed, &quote!(T));
            layers.push((segment.name.clone(), layer));
        }
    }
    layers
}
