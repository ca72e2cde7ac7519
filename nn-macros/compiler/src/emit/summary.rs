//! What the compiler knows of a network, as constants and as documentation: counts, the table of layers, the budgets.

use nn_core::spec::{Shape, Value};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use super::constants::config;
use super::structs::layer_type;
use super::{Context, diagram, number};
use crate::constant::axes_text;
use crate::flow::Need;
use crate::graph::{Graph, NodeId, Op};
use crate::shapes::plan_name;

/// The constants that a budget can be set for.
pub(crate) const COUNTS: [&str; 7] = [
    "PARAMS",
    "TRAINABLE_PARAMS",
    "FLOPS",
    "TRAINING_FLOPS",
    "WORKSPACE_BYTES",
    "TRAINING_WORKSPACE_BYTES",
    "TAPE_BYTES_PER_SAMPLE",
];

pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let Context { facade, network, graph, .. } = context;
    let (generics, single, plan) = (context.generics(), context.self_type(&quote!(f32)), context.plan());
    let (plan_type, parameters, visibility) = (plan_name(&network.name), &network.parameters, &network.visibility);
    let shown: Vec<NodeId> = shown(graph).collect();
    let rows: Vec<TokenStream> = shown.iter().map(|id| row(context, *id)).collect();
    let (count, capacity, name) = (number(rows.len()), number(capacity(graph, &shown)), network.name.to_string());
    let training = training_runs(context, &shown);
    let (mermaid, svg) = (diagram::mermaid(graph), diagram::svg(graph));
    let budgets = budgets(context);
    let parts = quote!(<Self as #facade::Network<f32>>::PARTS);
    quote! {
        #[allow(dead_code, unused_braces, unused_parens)]
        impl<#generics> #plan_type<#(#parameters),*> {
            const ROWS: [#facade::LayerRow; #count] = [#(#rows),*];
            const FLOPS: u64 = #facade::flops(&Self::ROWS);
            const TRAINING_FLOPS: u64 = #facade::training_flops(&Self::ROWS, &[#(#training),*]);
        }

        #[allow(dead_code, unused_braces, unused_parens)]
        impl<#generics> #single {
            /// The number of parameters, frozen ones included; running statistics are none.
            #visibility const PARAMS: usize = #facade::parameters(#parts);
            /// The number of parameters that are trained.
            #visibility const TRAINABLE_PARAMS: usize = #facade::count(#parts, true);
            /// Additions and multiplications of one prediction.
            #visibility const FLOPS: u64 = #plan::FLOPS;
            /// Additions and multiplications of a training step, for one sample.
            #visibility const TRAINING_FLOPS: u64 = #plan::TRAINING_FLOPS;
            /// The memory of one prediction beside the network, its input and its output, in bytes.
            #visibility const WORKSPACE_BYTES: usize =
                ::core::mem::size_of::<f32>() * (#plan::INFERENCE.per_sample + #plan::INFERENCE.single);
            /// The memory of a training step with one sample, in bytes.
            #visibility const TRAINING_WORKSPACE_BYTES: usize =
                ::core::mem::size_of::<f32>() * (#plan::TRAINING.per_sample + #plan::TRAINING.scratch);
            /// What one more sample of a tile adds to that, in bytes.
            #visibility const TAPE_BYTES_PER_SAMPLE: usize = ::core::mem::size_of::<f32>() * #plan::TRAINING.per_sample;
            /// The layers and operations, in the order in which they run.
            #visibility const LAYERS: &'static [#facade::LayerRow] = &#plan::ROWS;
            /// The table of layers as text, to print.
            #visibility const SUMMARY: &'static str = const {
                &#facade::summary::<#capacity>(
                    #name,
                    &#plan::ROWS,
                    [Self::PARAMS, Self::TRAINABLE_PARAMS],
                    [Self::FLOPS, Self::TRAINING_FLOPS],
                    [Self::WORKSPACE_BYTES, Self::TAPE_BYTES_PER_SAMPLE],
                )
            }
            .as_str();
            /// The graph as a picture: in Mermaid's language, and as SVG.
            #visibility const DIAGRAM: #facade::Diagram = #facade::Diagram { mermaid: #mermaid, svg: #svg };
        }

        #budgets
    }
}

/// What stands in the table: all that the user wrote, and what the language put in for it.
fn shown(graph: &Graph) -> impl Iterator<Item = NodeId> + '_ {
    (0..graph.written).filter(|id| !matches!(graph.nodes[*id].op, Op::Input | Op::Unpack(_)))
}

/// Bytes that the text takes at most.
fn capacity(graph: &Graph, shown: &[NodeId]) -> usize {
    let longest = |text: fn(&Graph, NodeId) -> usize| shown.iter().map(|id| text(graph, *id)).max().unwrap_or(0);
    let name = longest(|graph, id| graph.nodes[id].label.len());
    let kind = longest(|graph, id| graph.nodes[id].kind().len());
    // Shapes and numbers have 5 and 2 columns of at most 21 digits and marks; rules and sums stand around.
    (shown.len() + 4) * (name.max(10) + kind.max(10) + 7 * 22) + 1024
}

fn row(context: &Context<'_>, id: NodeId) -> TokenStream {
    let (facade, node) = (&context.facade, context.node(id));
    let (name, kind, flops) = (&node.label, node.kind(), flops(context, id));
    let output = own_shape(context, id);
    let field = node.field().map(|field| (&context.graph.fields[field], matches!(node.op, Op::Tied(_))));
    let owned = field.filter(|(field, is_tied)| field.node == id && !is_tied).map(|(field, _)| field);
    let parameters = match owned {
        Some(_) if known_parameters(context.graph, id).is_some() => {
            let count = known_parameters(context.graph, id).map(number);
            quote!(#count)
        }
        Some(_) => {
            let layer = layer_type(context, id, &quote!(f32));
            quote!(#facade::parameters(<#layer as #facade::Layer<f32>>::PARTS))
        }
        None => quote!(0),
    };
    let is_frozen = owned.is_some_and(|field| field.marks.frozen);
    quote! {
        #facade::LayerRow {
            name: #name,
            layer: #kind,
            output: #output,
            parameters: #parameters,
            is_frozen: #is_frozen,
            flops: #flops,
        }
    }
}

fn own_shape(context: &Context<'_>, id: NodeId) -> TokenStream {
    let name = context.shape_name(id);
    quote!(Self::#name)
}

/// Additions and multiplications of one node's forward step.
fn flops(context: &Context<'_>, id: NodeId) -> TokenStream {
    if context.node(id).is_dropped {
        return quote!(0);
    }
    let (facade, node) = (&context.facade, context.node(id));
    let input = node.inputs.first().map(|input| own_shape(context, *input));
    match &node.op {
        // A number where it is known: rustc's time for a table of calls grows with its square.
        Op::Layer(layer) => match known_input(context.graph, id) {
            Some((values, input)) => {
                let flops = proc_macro2::Literal::u64_unsuffixed((layer.info.flops)(&values, input));
                quote!(#flops)
            }
            None => {
                let config = config(facade, layer.info, &layer.token, &layer.arguments);
                quote!(#config.flops(#input))
            }
        },
        Op::Join(_) if node.shape().is_some() => {
            let flops = node.shape().map_or(0, |shape| shape.len());
            let flops = number(flops);
            quote!(#flops)
        }
        Op::Tied(_) => {
            let output = own_shape(context, id);
            quote!(2 * #input.len() as u64 * #output.last() as u64)
        }
        Op::Opaque(_) => {
            let layer = layer_type(context, id, &quote!(f32));
            quote!(<#layer as #facade::OpaqueLayer<f32>>::FLOPS)
        }
        Op::Join(_) => {
            let output = own_shape(context, id);
            quote!(#output.len() as u64)
        }
        _ => quote!(0),
    }
}

/// How often the work of each row's forward step is done in training: once more for the gradient of its parameters, and
/// once more for that of its input.
fn training_runs(context: &Context<'_>, shown: &[NodeId]) -> Vec<proc_macro2::Literal> {
    let times = shown.iter().map(|id| {
        let node = context.node(*id);
        let runs = node.is_fused_away || context.flow.runs(*id);
        let wanted = node.inputs.iter().any(|input| context.flow.need(*input) == Need::Parameters);
        let backward = usize::from(context.graph.has_trained_field(*id)) + usize::from(wanted);
        number(1 + if runs { backward } else { 0 })
    });
    times.collect()
}

/// A built-in layer's arguments and input, when they are known now.
fn known_input(graph: &Graph, id: NodeId) -> Option<(Vec<Value>, Shape)> {
    let node = &graph.nodes[id];
    node.layer()?.values().zip(graph.nodes[*node.inputs.first()?].shape())
}

/// The number of a built-in layer's parameters, when it is known now.
fn known_parameters(graph: &Graph, id: NodeId) -> Option<usize> {
    let layer = graph.nodes[id].layer()?;
    known_input(graph, id).map(|(values, input)| (layer.info.parameters)(&values, input))
}

/// `assert PARAMS <= 300_000;`
fn budgets(context: &Context<'_>) -> TokenStream {
    let Context { facade, network, .. } = context;
    let values = &network.instances;
    let types: Vec<TokenStream> = if network.parameters.is_empty() {
        vec![context.self_type(&quote!(f32))]
    } else {
        let name = &network.name;
        values.iter().map(|values| quote!(#name<#({ #values },)* f32>)).collect()
    };
    let mut checks = TokenStream::new();
    for budget in &network.budgets {
        let used: Vec<Ident> = mentioned(&budget.condition);
        let (condition, title) = (&budget.condition, network.name.to_string());
        let text = condition.to_string();
        let found = used.iter().enumerate().map(|(index, name)| {
            let text = format!("{}{name} = ", if index == 0 { "" } else { ", " });
            quote!(.text(#text).number(#name as usize))
        });
        let message = quote! {
            #facade::spec::Message::new()
                .text("the budget of `").text(#title).text("` does not hold\nexpected ").text(#text).text(", found ")
                #(#found)*
                .text("\nhelp: change the network, or the budget; `SUMMARY` shows where it goes")
        };
        let [start, _] = budget.place.ends();
        let panic = quote_spanned!(start=> ::core::panic!("{}", message.as_str()));
        let message_name = Ident::new("message", start);
        for own in &types {
            let constants = used.iter().map(|name| {
                let kind = format_ident!("{}", if name.to_string().ends_with("FLOPS") { "u64" } else { "usize" });
                let own_name = Ident::new(&name.to_string(), proc_macro2::Span::call_site());
                quote!(const #name: #kind = <#own>::#own_name;)
            });
            checks.extend(quote! {
                const _: () = {
                    #(#constants)*
                    if !(#condition) {
                        let #message_name = #message;
                        #panic
                    }
                };
            });
        }
    }
    checks
}

/// The counts that a condition mentions, each once.
pub(crate) fn mentioned(condition: &TokenStream) -> Vec<Ident> {
    let mut found: Vec<Ident> = Vec::new();
    for token in condition.clone() {
        let inner = match token {
            TokenTree::Ident(name) if COUNTS.iter().any(|known| name == known) => vec![name],
            TokenTree::Group(group) => mentioned(&group.stream()),
            _ => Vec::new(),
        };
        for name in inner {
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// The table of layers and the picture, for the struct's documentation.
pub(crate) fn documentation(context: &Context<'_>) -> TokenStream {
    const MOST: usize = 80;
    let graph = context.graph;
    let shown: Vec<NodeId> = shown(graph).collect();
    let mut lines = vec![String::new(), "| name | layer | output | parameters |".into(), "|---|---|---|---|".into()];
    for id in shown.iter().take(MOST) {
        let node = &graph.nodes[*id];
        let axes = node.axes.as_ref().map_or_else(|| "?".into(), |axes| axes_text(axes));
        let parameters = parameters_text(graph, *id);
        lines.push(format!("| {} | `{}` | `[{axes}]` | {parameters} |", node.label, node.kind()));
    }
    if shown.len() > MOST {
        lines.push(format!("| … | {} more | | |", shown.len() - MOST));
    } else {
        lines.push(String::new());
        lines.push(diagram::svg(graph).replace('\n', ""));
    }
    quote!(#(#[doc = #lines])*)
}

fn parameters_text(graph: &Graph, id: NodeId) -> String {
    let node = &graph.nodes[id];
    match &node.op {
        Op::Layer(layer) => {
            let Some(field) = layer.field else { return String::new() };
            if graph.fields[field].node != id {
                return format!("those of `{}`", graph.fields[field].label());
            }
            let count = known_parameters(graph, id);
            let frozen = if graph.fields[field].marks.frozen { ", frozen" } else { "" };
            count.map_or_else(|| "?".into(), |count| format!("{count}{frozen}"))
        }
        Op::Tied(tied) => format!("those of `{}`", graph.fields[tied.field].label()),
        Op::Opaque(_) => "?".into(),
        _ => String::new(),
    }
}
