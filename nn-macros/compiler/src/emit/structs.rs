//! The network's struct, and the struct of its gradients.

use nn_core::spec::TypeArgument;
use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{Ident, PathArguments};

use super::Context;
use crate::argument::Content;
use crate::ast::Network;
use crate::constant::Size;
use crate::graph::{BuiltIn, NodeId, Op, Opaque};
use crate::shapes::{plan_name, shape_constant};

/// The struct that holds the gradients.
pub(crate) fn gradient_name(network: &Network) -> Ident {
    format_ident!("{}Gradient", network.name)
}

pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let Context { facade, network, graph, .. } = context;
    let (attributes, visibility, name) = (&network.attributes, &network.visibility, &network.name);
    let (gradient, generics) = (gradient_name(network), context.generics());
    let parameters = &network.parameters;
    let scalar = quote!(T);
    let fields: Vec<&Ident> = graph.fields.iter().map(|field| &field.name).collect();
    let types: Vec<TokenStream> = graph.fields.iter().map(|field| layer_type(context, field.node, &scalar)).collect();
    let gradients: Vec<TokenStream> =
        types.iter().map(|layer| quote!(<#layer as #facade::Layer<T>>::Gradient)).collect();
    let gradient_doc = format!("The gradients of [`{name}`]: its trainable parameters' mirror.");
    let field_docs = graph.fields.iter().map(|field| {
        let node = &graph.nodes[field.node];
        let shape = node.axes.as_ref().map(|axes| axes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
        let title = node.title();
        let kind = title.split(": ").last().unwrap_or_default();
        shape.map_or_else(|| format!("`{kind}`"), |shape| format!("`{kind}`, gives `[{shape}]`"))
    });
    quote! {
        #(#attributes)*
        #[repr(C)]
        #visibility struct #name<#generics T: #facade::Scalar = f32> {
            #(#[doc = #field_docs] pub #fields: #types,)*
        }

        #facade::plain! {
            impl[#generics T] #name<#(#parameters,)* T> { #(#fields: #types),* }
        }

        #[doc = #gradient_doc]
        #[repr(C)]
        #[allow(missing_docs)]
        #visibility struct #gradient<#generics T: #facade::Scalar = f32> {
            #(pub #fields: #gradients,)*
        }

        #facade::plain! {
            impl[#generics T] #gradient<#(#parameters,)* T> { #(#fields: #gradients),* }
        }
    }
}

/// What is left of a network with errors: its names, so that code that uses them has no errors of its own.
pub(crate) fn stub(facade: &TokenStream, network: &Network) -> TokenStream {
    let (attributes, visibility, name) = (&network.attributes, &network.visibility, &network.name);
    let parameters = &network.parameters;
    quote! {
        #(#attributes)*
        #[allow(dead_code)]
        #visibility struct #name<#(const #parameters: usize,)* T: #facade::Scalar = f32> {
            broken: #facade::Broken<T>,
        }
    }
}

/// The type of the layer at a node.
pub(crate) fn layer_type(context: &Context<'_>, id: NodeId, scalar: &TokenStream) -> TokenStream {
    match &context.node(id).op {
        Op::Layer(layer) => built_in_type(context, id, layer, scalar),
        Op::Opaque(opaque) => opaque_type(context, opaque, scalar),
        Op::Input | Op::Join(_) | Op::Concat => unreachable!("only layers have types"),
    }
}

fn built_in_type(context: &Context<'_>, id: NodeId, layer: &BuiltIn, scalar: &TokenStream) -> TokenStream {
    let (facade, token) = (&context.facade, &layer.token);
    if layer.info.type_arguments.is_empty() {
        return quote!(#facade::layers::#token);
    }
    let argument = |name: &str| {
        let index = layer.info.arguments.iter().position(|argument| argument.name == name);
        index.map(|index| &layer.arguments[index].content)
    };
    let mut constants: Vec<TokenStream> = Vec::new();
    let mut bias = quote!();
    for type_argument in layer.info.type_arguments {
        match *type_argument {
            TypeArgument::InputLast => constants.push(last_axis(context, context.node(id).inputs[0])),
            TypeArgument::Size(name) => {
                if let Some(Content::Size(size)) = argument(name) {
                    constants.push(size.type_argument());
                }
            }
            TypeArgument::PairAxis(name, axis) => {
                if let Some(Content::Pair(pair)) = argument(name) {
                    constants.push(pair[axis].type_argument());
                }
            }
            TypeArgument::BiasFlag(name) => {
                if let Some(Content::Flag(false)) = argument(name) {
                    bias = quote!(, [#scalar; 0]);
                }
            }
        }
    }
    quote!(#facade::layers::#token<#(#constants,)* #scalar #bias>)
}

/// The innermost axis of a value, as a const argument.
fn last_axis(context: &Context<'_>, id: NodeId) -> TokenStream {
    match context.node(id).axes.as_ref().and_then(|axes| axes.last()) {
        Some(size) => size.type_argument(),
        None => {
            let (plan, shape) = (plan_name(&context.network.name), shape_constant(&context.node(id).name));
            quote!({ #plan::#shape.last() })
        }
    }
}

/// How many `_` stand among a path's generic arguments.
pub(crate) fn holes(opaque: &Opaque) -> usize {
    let Some(PathArguments::AngleBracketed(list)) = opaque.path.segments.last().map(|last| &last.arguments) else {
        return 0;
    };
    list.args.iter().filter(|argument| is_hole(&argument.to_token_stream())).count()
}

fn is_hole(argument: &TokenStream) -> bool {
    argument.to_string() == "_"
}

/// A path with the scalar as its last argument, and each `_` replaced by an axis of the input: the last ones, in order.
fn opaque_type(context: &Context<'_>, opaque: &Opaque, scalar: &TokenStream) -> TokenStream {
    let mut path = opaque.path.clone();
    let Some(last) = path.segments.last_mut() else { return quote!() };
    let written: Vec<TokenStream> = match &last.arguments {
        PathArguments::AngleBracketed(list) => list.args.iter().map(|argument| argument.to_token_stream()).collect(),
        _ => Vec::new(),
    };
    last.arguments = PathArguments::None;
    let first = context.graph.fields[opaque.field].node;
    let mut axes = input_axes(context, context.node(first).inputs[0], holes(opaque)).into_iter();
    let arguments =
        written.into_iter().map(|argument| if is_hole(&argument) { axes.next().unwrap_or(argument) } else { argument });
    quote!(#path<#(#arguments,)* #scalar>)
}

/// The last `count` axes of a value, as const arguments.
fn input_axes(context: &Context<'_>, id: NodeId, count: usize) -> Vec<TokenStream> {
    let node = context.node(id);
    match &node.axes {
        Some(axes) => axes[axes.len().saturating_sub(count)..].iter().map(Size::type_argument).collect(),
        None => {
            let (plan, shape) = (plan_name(&context.network.name), shape_constant(&node.name));
            let from_end = (1..=count).rev();
            from_end.map(|place| quote!({ #plan::#shape.dim(#plan::#shape.rank() - #place) })).collect()
        }
    }
}
