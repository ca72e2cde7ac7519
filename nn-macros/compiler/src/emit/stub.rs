//! What is left of a network with errors: its struct with the layers that are right, and everything that code which uses
//! it asks for, so that one mistake stays one error.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::samples::sample_shape;
use super::structs::built_in_type;
use crate::ast::Network;
use crate::constant::Size;
use crate::graph::{Graph, NodeId, Op};

pub(crate) fn emit(facade: &TokenStream, network: &Network, graph: &Graph) -> TokenStream {
    // Without a whole header there is nothing to say, and rustc is silent about names from a macro that has failed.
    if network.outputs.is_empty() {
        return quote!();
    }
    let facade = &quote!(#facade::rt);
    let (attributes, visibility, name) = (&network.attributes, &network.visibility, &network.name);
    let parameters = &network.parameters;
    let generics = quote!(#(const #parameters: usize,)*);
    let fields: Vec<TokenStream> = fields(facade, graph);
    let (names, types): (Vec<_>, Vec<_>) = good_layers(facade, graph).into_iter().unzip();
    let shapes = shapes(facade, graph);
    let implementation = shapes.map(|[input, output]| {
        quote! {
            #facade::broken! {
                impl[#generics T] #name<#(#parameters,)* T> { #(#names: #types,)* broken: [T; 0] }
                #input => #output
            }

            #[allow(dead_code)]
            impl<#generics> #name<#(#parameters,)* f32> {
                #visibility const PARAMS: usize = 0;
                #visibility const TRAINABLE_PARAMS: usize = 0;
                #visibility const FLOPS: u64 = 0;
                #visibility const TRAINING_FLOPS: u64 = 0;
                #visibility const WORKSPACE_BYTES: usize = 0;
                #visibility const TRAINING_WORKSPACE_BYTES: usize = 0;
                #visibility const TAPE_BYTES_PER_SAMPLE: usize = 0;
                #visibility const LAYERS: &'static [#facade::LayerRow] = &[];
                #visibility const SUMMARY: &'static str = "";
                #visibility const DIAGRAM: #facade::Diagram = #facade::Diagram { mermaid: "", svg: "" };

                #facade::with_alloc! {
                    #visibility fn new(seed: u64) -> #facade::Box<Self> {
                        #facade::seeded(seed)
                    }
                }
            }

            #[allow(dead_code)]
            impl<#generics T: #facade::Scalar> #name<#(#parameters,)* T> {
                #facade::with_alloc! {
                    #visibility fn with_seed(seed: u64) -> #facade::Box<Self> {
                        #facade::seeded(seed)
                    }
                }

                #visibility const fn out_shape(
                    _config: &(),
                    _input: #facade::spec::Shape,
                ) -> ::core::result::Result<#facade::spec::Shape, #facade::spec::ShapeError> {
                    ::core::result::Result::Ok(#facade::spec::Shape::INVALID)
                }
            }
        }
    });
    quote! {
        #(#attributes)*
        #[repr(C)]
        #[allow(dead_code, missing_docs)]
        #visibility struct #name<#generics T: #facade::Scalar = f32> {
            #(#fields)*
            broken: [T; 0],
        }

        #implementation
    }
}

fn fields(facade: &TokenStream, graph: &Graph) -> Vec<TokenStream> {
    good_layers(facade, graph).into_iter().map(|(name, layer)| quote!(pub #name: #layer,)).collect()
}

/// The layers outside of blocks whose types are known: their names and types.
fn good_layers(facade: &TokenStream, graph: &Graph) -> Vec<(syn::Ident, TokenStream)> {
    let (mut layers, mut seen) = (Vec::new(), HashSet::new());
    for field in &graph.fields {
        let node = &graph.nodes[field.node];
        let [segment] = field.path.as_slice() else { continue };
        let (Op::Layer(layer), None) = (&node.op, segment.place) else { continue };
        let is_known = graph.nodes[node.inputs[0]].shape().is_some() && node.shape().is_some() && !node.is_invalid;
        if is_known && seen.insert(segment.name.to_string()) {
            let last = |id: NodeId| graph.nodes[id].axes.as_ref().and_then(|axes| axes.last()).map(Size::type_argument);
            let layer = built_in_type(facade, layer, last(node.inputs[0]).unwrap_or_default(), &quote!(T));
            layers.push((segment.name.clone(), layer));
        }
    }
    layers
}

/// The types of one input and one output, where both are known: several are left out.
fn shapes(facade: &TokenStream, graph: &Graph) -> Option<[TokenStream; 2]> {
    let [output] = graph.outputs.as_slice() else { return None };
    let input = graph.nodes.first()?.axes.as_ref().filter(|_| graph.inputs.len() == 1)?;
    let is_typed = |axes: &[Size]| !axes.is_empty() && !axes.iter().any(|axis| matches!(axis, Size::Derived { .. }));
    (is_typed(input) && is_typed(&output.declared))
        .then(|| [sample_shape(facade, input), sample_shape(facade, &output.declared)])
}
