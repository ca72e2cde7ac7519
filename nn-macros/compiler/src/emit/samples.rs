//! The types of one input and one output. A network with one of each uses plain arrays; several have a struct with a named
//! field each, in which they lie one behind the other.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

use super::Context;
use crate::ast::Network;
use crate::constant::{self, Size};
use crate::graph::Graph;

/// One side of a network with several inputs or outputs.
pub(super) struct Sample<'s> {
    /// `Net`'s `Input`, `Output`, or the `Step` of a stream.
    side: &'s str,
    names: Vec<&'s Ident>,
    axes: Vec<&'s [Size]>,
}

pub(crate) fn emit(facade: &TokenStream, network: &Network, graph: &Graph) -> TokenStream {
    known(network, graph).map(|sample| emit_struct(facade, network, &sample)).collect()
}

/// The sides for which there are structs: `Input`, `Output`.
pub(crate) fn sides<'c>(network: &'c Network, graph: &'c Graph) -> Vec<&'c str> {
    known(network, graph).map(|sample| sample.side).collect()
}

/// The sides with several values; of a network with errors, what is known of it.
fn known<'c>(network: &'c Network, graph: &'c Graph) -> impl Iterator<Item = Sample<'c>> {
    let is_known = |sample: &Sample<'_>| {
        let names: HashSet<String> = sample.names.iter().map(ToString::to_string).collect();
        let is_whole = sample.axes.len() == sample.names.len() && sample.axes.iter().all(|axes| !axes.is_empty());
        is_whole && names.len() == sample.names.len()
    };
    [inputs(network, graph), outputs(network, graph)].into_iter().flatten().filter(is_known)
}

/// The shape of one input as a type.
pub(crate) fn input_shape(context: &Context<'_>) -> TokenStream {
    shape_of(
        context,
        inputs(context.network, context.graph).as_ref(),
        context.graph.nodes[0].axes.as_deref().unwrap_or_default(),
    )
}

/// The shape of one output as a type.
pub(crate) fn output_shape(context: &Context<'_>) -> TokenStream {
    let declared = context.graph.outputs.first().map(|output| output.declared.as_slice());
    shape_of(context, outputs(context.network, context.graph).as_ref(), declared.unwrap_or_default())
}

fn inputs<'c>(network: &'c Network, graph: &'c Graph) -> Option<Sample<'c>> {
    let inputs = &network.inputs;
    let axes = |id: &usize| graph.nodes[*id].axes.as_deref().unwrap_or_default();
    (inputs.len() > 1).then(|| Sample {
        side: "Input",
        names: inputs.iter().map(|input| &input.name).collect(),
        axes: graph.inputs.iter().map(axes).collect(),
    })
}

fn outputs<'c>(network: &'c Network, graph: &'c Graph) -> Option<Sample<'c>> {
    several(network, "Output", graph.declared.iter().map(Vec::as_slice).collect())
}

/// What stands for the outputs, with these axes, if there are several.
pub(super) fn several<'c>(network: &'c Network, side: &'c str, axes: Vec<&'c [Size]>) -> Option<Sample<'c>> {
    let outputs = &network.outputs;
    let names = outputs.iter().filter_map(|output| output.name.as_ref()).collect();
    (outputs.len() > 1).then_some(Sample { side, names, axes })
}

/// The shape as a type: that of a struct, or of one array with these axes.
pub(super) fn shape_of(context: &Context<'_>, several: Option<&Sample<'_>>, one: &[Size]) -> TokenStream {
    let parameters = &context.network.parameters;
    match several {
        Some(sample) => {
            let name = format_ident!("{}{}Shape", context.network.name, sample.side);
            quote!(#name<#(#parameters),*>)
        }
        None => sample_shape(&context.facade, one),
    }
}

/// The shape of a sample as a type.
pub(crate) fn sample_shape(facade: &TokenStream, axes: &[Size]) -> TokenStream {
    let name = match axes.len() {
        1 => quote!(Features),
        2 => quote!(Sequence),
        3 => quote!(Image),
        _ => quote!(Volume),
    };
    let axes = axes.iter().map(Size::type_argument);
    quote!(#facade::#name<#(#axes),*>)
}

/// `pub struct NetInput<T> { pub image: [[[T; 3]; 32]; 32], pub age: [T; 1] }`, and its shape as a type.
pub(super) fn emit_struct(facade: &TokenStream, network: &Network, sample: &Sample<'_>) -> TokenStream {
    let (visibility, parameters) = (&network.visibility, &network.parameters);
    let generics = quote!(#(const #parameters: usize,)*);
    let name = format_ident!("{}{}", network.name, sample.side);
    let shape = format_ident!("{name}Shape");
    let fields = &sample.names;
    let spoken = fields.iter().map(|field| field.unraw().to_string());
    let arrays: Vec<TokenStream> = sample.axes.iter().map(|axes| array(axes)).collect();
    let docs = sample.axes.iter().map(|axes| format!("`[{}]`", constant::axes_text(axes)));
    let side = sample.side.to_lowercase();
    let doc = format!("One {side} of [`{}`].", network.name);
    let shape_doc = format!("The shape of a [`{name}`], as a type.");
    let products = sample.axes.iter().map(|axes| constant::product(axes));
    quote! {
        #[doc = #doc]
        #[repr(C)]
        #[derive(Clone, Copy, Debug, PartialEq)]
        #visibility struct #name<#generics T: #facade::Scalar = f32> {
            #(#[doc = #docs] pub #fields: #arrays,)*
        }

        #facade::plain! { impl[#generics T] #name<#(#parameters,)* T> { #(#fields: #arrays),* } }
        #facade::zeroable! { impl[#generics T] #name<#(#parameters,)* T> { #(#fields: #arrays),* } }

        #[doc = #shape_doc]
        #[derive(Clone, Copy, Debug)]
        #visibility struct #shape<#generics>;

        impl<#generics> #facade::SampleShape for #shape<#(#parameters),*> {
            const SHAPE: #facade::spec::Shape = #facade::spec::Shape::new(&[#(#products)+*]);
            const NAMES: &'static [&'static str] = &[#(#spoken),*];
            type Array<T: #facade::Scalar> = #name<#(#parameters,)* T>;
        }
    }
}

/// `[[[T; 3]; 32]; 32]`
fn array(axes: &[Size]) -> TokenStream {
    axes.iter().rev().fold(quote!(T), |inner, axis| {
        let size = axis.type_argument();
        quote!([#inner; #size])
    })
}
