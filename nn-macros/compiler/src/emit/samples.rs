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
    /// `Net`'s `Input`, `Output`, or a stream's `StepInput` and `Step`.
    side: &'s str,
    names: Vec<&'s Ident>,
    axes: Vec<&'s [Size]>,
}

pub(crate) fn emit(facade: &TokenStream, network: &Network, graph: &Graph) -> TokenStream {
    known(network, graph).map(|sample| emit_struct(facade, network, &sample)).collect()
}

/// The same of a network with errors, as far as it is known. With the steps that a stream would give: what has the input's first
/// axis has time.
pub(crate) fn emit_broken(facade: &TokenStream, network: &Network, graph: &Graph) -> TokenStream {
    broken(network, graph).map(|sample| emit_struct(facade, network, &sample)).collect()
}

/// The sides of a network with errors for which there are structs: `Input`, `StepInput`, `Output`, `Step`.
pub(crate) fn sides<'c>(network: &'c Network, graph: &'c Graph) -> Vec<&'c str> {
    broken(network, graph).map(|sample| sample.side).collect()
}

fn broken<'c>(network: &'c Network, graph: &'c Graph) -> impl Iterator<Item = Sample<'c>> {
    let time = graph_axes(graph).next().and_then(|axes| axes.first());
    let has_time = |axes: &[Size]| axes.first().zip(time).is_some_and(|(one, time)| one.is_same(time));
    let outputs = graph.declared.iter().map(|axes| step_axes(axes, has_time(axes))).collect();
    let step = several_outputs(network, "Step", outputs).filter(|_| network.stream.is_some());
    known(network, graph).chain(step.filter(is_known))
}

fn is_known(sample: &Sample<'_>) -> bool {
    let names: HashSet<String> = sample.names.iter().map(ToString::to_string).collect();
    let is_whole = sample.axes.len() == sample.names.len() && sample.axes.iter().all(|axes| !axes.is_empty());
    is_whole && names.len() == sample.names.len()
}

/// The sides with several values; of a network with errors, what is known of it.
fn known<'c>(network: &'c Network, graph: &'c Graph) -> impl Iterator<Item = Sample<'c>> {
    let steps = step_inputs(network, graph).filter(|_| network.stream.is_some());
    [inputs(network, graph), steps, outputs(network, graph)].into_iter().flatten().filter(is_known)
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

/// The shape of one step of the input as a type.
pub(crate) fn step_input_shape(context: &Context<'_>) -> TokenStream {
    let one = graph_axes(context.graph).next().map(|axes| step_axes(axes, true));
    shape_of(context, step_inputs(context.network, context.graph).as_ref(), one.unwrap_or_default())
}

/// The axes of one step of a value, of at least one number.
pub(super) fn step_axes(axes: &[Size], is_in_time: bool) -> &[Size] {
    let axes = if is_in_time { axes.get(1..).unwrap_or_default() } else { axes };
    if axes.is_empty() { &[Size::Known(1)] } else { axes }
}

/// Those of the inputs.
fn graph_axes(graph: &Graph) -> impl Iterator<Item = &[Size]> {
    graph.inputs.iter().map(|id| graph.nodes[*id].axes.as_deref().unwrap_or_default())
}

fn inputs<'c>(network: &'c Network, graph: &'c Graph) -> Option<Sample<'c>> {
    several_inputs(network, "Input", graph_axes(graph).collect())
}

fn step_inputs<'c>(network: &'c Network, graph: &'c Graph) -> Option<Sample<'c>> {
    several_inputs(network, "StepInput", graph_axes(graph).map(|axes| step_axes(axes, true)).collect())
}

fn outputs<'c>(network: &'c Network, graph: &'c Graph) -> Option<Sample<'c>> {
    several_outputs(network, "Output", graph.declared.iter().map(Vec::as_slice).collect())
}

/// What stands for the inputs, with these axes, if there are several.
fn several_inputs<'c>(network: &'c Network, side: &'c str, axes: Vec<&'c [Size]>) -> Option<Sample<'c>> {
    let names = network.inputs.iter().map(|input| &input.name).collect();
    (network.inputs.len() > 1).then_some(Sample { side, names, axes })
}

/// The same for the outputs.
pub(super) fn several_outputs<'c>(network: &'c Network, side: &'c str, axes: Vec<&'c [Size]>) -> Option<Sample<'c>> {
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
    let side = match sample.side {
        "StepInput" => "step of the inputs",
        side => &side.to_lowercase(),
    };
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
