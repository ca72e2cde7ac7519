//! The network's struct, and the struct of its gradients.

use nn_core::spec::{Shape, TypeArgument, Value};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{Ident, PathArguments};

use super::order::Order;
use super::tree::{Content, Group, Member};
use super::{Context, call_constant, constants};
use crate::argument::{self, ArgumentValue};
use crate::constant::{self, Size};
use crate::graph::{BuiltIn, NodeId, Op, Opaque};
use crate::marks::Marks;
use crate::shapes::plan_name;

/// The struct that holds the gradients.
pub(crate) fn gradient_name(owner: &Ident) -> Ident {
    format_ident!("{owner}Gradient")
}

/// The network's struct and those of its blocks, each with its gradient's.
pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let tree = Group::of(&context.network.name, context.graph);
    let groups = tree.all().into_iter().map(|group| {
        let (parameters, gradients) = (parameters(context, group), gradients(context, group));
        quote!(#parameters #gradients)
    });
    groups.collect()
}

fn parameters(context: &Context<'_>, group: &Group) -> TokenStream {
    let Context { facade, network, .. } = context;
    let (visibility, name, parameters, generics) =
        (&network.visibility, &group.name, &network.parameters, context.generics());
    let head = if group.label.is_empty() {
        let (attributes, documentation) = (&network.attributes, super::summary::documentation(context));
        quote!(#(#attributes)* #documentation #[allow(unused_braces, unused_parens)])
    } else {
        let doc = format!("The block `{}` of [`{}`].", group.label, network.name);
        quote!(#[doc = #doc] #[allow(dead_code, unused_braces, unused_parens)])
    };
    let fields: Vec<&Ident> = group.members.iter().map(|member| &member.name).collect();
    let docs = group.members.iter().map(|member| field_doc(context, member));
    let types: Vec<TokenStream> =
        group.members.iter().map(|member| member.array(&member_type(context, member, Side::Parameters))).collect();
    quote! {
        #head
        #[repr(C)]
        #visibility struct #name<#generics T: #facade::Scalar = f32> {
            #(#[doc = #docs] pub #fields: #types,)*
        }

        #facade::plain! {
            impl[#generics T] #name<#(#parameters,)* T> { #(#fields: #types),* }
        }
    }
}

/// The mirror of what is trained.
fn gradients(context: &Context<'_>, group: &Group) -> TokenStream {
    let Context { facade, network, graph, .. } = context;
    let (visibility, parameters, generics) = (&network.visibility, &network.parameters, context.generics());
    if !group.is_trained(graph) && !group.label.is_empty() {
        return quote!();
    }
    let name = gradient_name(&group.name);
    let members: Vec<&Member> = group.members.iter().filter(|member| member.is_trained(graph)).collect();
    let fields: Vec<&Ident> = members.iter().map(|member| &member.name).collect();
    let types: Vec<TokenStream> =
        members.iter().map(|member| member.array(&member_type(context, member, Side::Gradients))).collect();
    if fields.is_empty() {
        // Nothing is trained: the scalar still has to appear.
        let doc = format!("The gradients of [`{}`]: none, all of it is frozen.", group.name);
        return quote! {
            #[doc = #doc]
            #[repr(C)]
            #visibility struct #name<#generics T: #facade::Scalar = f32> { nothing: [T; 0] }
            #facade::plain! { impl[#generics T] #name<#(#parameters,)* T> { nothing: [T; 0] } }
        };
    }
    let doc = format!("The gradients of [`{}`]: its trained parameters' mirror.", group.name);
    quote! {
        #[doc = #doc]
        #[repr(C)]
        #[allow(missing_docs, unused_braces, unused_parens)]
        #visibility struct #name<#generics T: #facade::Scalar = f32> {
            #(pub #fields: #types,)*
        }

        #facade::plain! {
            impl[#generics T] #name<#(#parameters,)* T> { #(#fields: #types),* }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Parameters,
    Gradients,
}

fn member_type(context: &Context<'_>, member: &Member, side: Side) -> TokenStream {
    let (facade, parameters) = (&context.facade, &context.network.parameters);
    match &member.content {
        Content::Layer(field) => {
            let layer = layer_type(context, context.graph.fields[*field].node, &quote!(T));
            if side == Side::Gradients { quote!(<#layer as #facade::Layer<T>>::Gradient) } else { layer }
        }
        Content::Group(group) => {
            let name = if side == Side::Gradients { gradient_name(&group.name) } else { group.name.clone() };
            quote!(#name<#(#parameters,)* T>)
        }
    }
}

fn field_doc(context: &Context<'_>, member: &Member) -> String {
    let graph = context.graph;
    match &member.content {
        Content::Layer(field) => {
            let node = &graph.nodes[graph.fields[*field].node];
            let axes = node.axes.as_ref();
            let shape = axes.map(|axes| constant::axes_text(axes));
            let kind = node.kind();
            shape.map_or_else(|| format!("`{kind}`"), |shape| format!("`{kind}`, gives `[{shape}]`"))
        }
        Content::Group(group) => format!("The block [`{}`].", group.name),
    }
}

/// The tree of named parts, as the run-time walks it.
pub(crate) fn parts(context: &Context<'_>) -> TokenStream {
    let tree = Group::of(&context.network.name, context.graph);
    group_parts(context, &Order::of(context.graph), &tree)
}

fn group_parts(context: &Context<'_>, order: &Order, group: &Group) -> TokenStream {
    let facade = &context.facade;
    let parts = group.members.iter().map(|member| {
        let name = member.name.unraw().to_string();
        let (inner, marks) = match &member.content {
            Content::Layer(field) => {
                let field = &context.graph.fields[*field];
                let layer = layer_type(context, field.node, &quote!(T));
                let (marks, said) = (marks(context, &field.marks), order.of_part(context, field.node));
                (quote!(<#layer as #facade::Layer<T>>::PARTS), quote!(#marks #said))
            }
            Content::Group(group) => (group_parts(context, order, group), quote!()),
        };
        let starting = starts(context, member).then(|| quote!(.starting()));
        match member.count {
            Some(count) => {
                let count = super::number(count);
                quote!(#facade::Part::repeat(#name, #count, #inner)#marks #starting)
            }
            None => quote!(#facade::Part::group(#name, #inner)#marks #starting),
        }
    });
    quote!(&[#(#parts),*])
}

/// Whether a layer, or any in a block, starts its gradient.
fn starts(context: &Context<'_>, member: &Member) -> bool {
    match &member.content {
        Content::Layer(field) => context.flow.starts(*field),
        Content::Group(group) => group.members.iter().any(|member| starts(context, member)),
    }
}

fn marks(context: &Context<'_>, marks: &Marks) -> TokenStream {
    if marks.is_plain() {
        return quote!();
    }
    let facade = &context.facade;
    let Marks { frozen, no_decay, l1, l2, rate, .. } = marks;
    let frozen = frozen.then(|| quote!(frozen: true,));
    let decay = no_decay.then(|| quote!(decay: ::core::option::Option::Some(false),));
    let numbers = [("l1", l1), ("l2", l2), ("rate", rate)].into_iter().filter_map(|(name, value)| {
        let (name, value) = (format_ident!("{name}"), value.as_ref()?);
        Some(quote!(#name: #value,))
    });
    quote!(.with(#facade::Marks { #frozen #decay #(#numbers)* ..#facade::Marks::NONE }))
}

/// The type of the layer at a node.
pub(crate) fn layer_type(context: &Context<'_>, id: NodeId, scalar: &TokenStream) -> TokenStream {
    match &context.node(id).op {
        Op::Layer(layer) => {
            // All elements of a row have the type of the first.
            let first = layer.field.map_or(id, |field| context.graph.first_of_row(field).node);
            let input = context.node(first).inputs[0];
            let axes = context.node(input).axes.as_deref();
            let computed = |name: &str| match (computed_size(layer, axes, name), axes.and_then(<[Size]>::last)) {
                (Some(size), _) => Size::Known(size).type_argument(),
                // Without the network's constants, which take its parameters: those have no place in a type's arithmetic.
                (None, Some(last)) => {
                    let (facade, name, last) = (&context.facade, format_ident!("{name}"), last.tokens());
                    let config = constants::config(facade, layer.info, &layer.token, &without_parameters(layer));
                    quote!({ (#config).#name(#facade::spec::Shape::new(&[#last])) })
                }
                (None, None) => {
                    let (plan, name) = (plan_name(&context.network.name), format_ident!("{name}"));
                    let (call, shape) = (call_constant(&context.node(first).name), context.shape_name(input));
                    quote!({ #plan::#call.config.#name(#plan::#shape) })
                }
            };
            built_in_type(&context.facade, layer, last_axis(context, input), computed, scalar)
        }
        Op::Opaque(opaque) => opaque_type(context, opaque, scalar),
        _ => unreachable!("only layers have types"),
    }
}

/// A size that a layer's description computes, where all that it needs is known.
pub(super) fn computed_size(layer: &BuiltIn, axes: Option<&[Size]>, name: &str) -> Option<usize> {
    let last = axes?.last()?.known()?;
    let values: Option<Vec<Value>> = without_parameters(layer).iter().map(ArgumentValue::value).collect();
    (layer.info.size)(name, &values?, Shape::new(&[last]))
}

/// A layer's arguments, with 1 for those that are the network's own parameters: no computed size depends on them, or the layer
/// would have been refused.
fn without_parameters(layer: &BuiltIn) -> Vec<ArgumentValue> {
    let known = |argument: &ArgumentValue| match argument.content {
        argument::Content::Size(Size::Parameter(_)) => {
            ArgumentValue { content: argument::Content::Size(Size::Known(1)), ..argument.clone() }
        }
        _ => argument.clone(),
    };
    layer.arguments.iter().map(known).collect()
}

/// `input_last` is the innermost axis of what the layer was first applied to, `computed` gives the sizes that its description
/// computes.
pub(super) fn built_in_type(
    facade: &TokenStream,
    layer: &BuiltIn,
    input_last: TokenStream,
    computed: impl Fn(&str) -> TokenStream,
    scalar: &TokenStream,
) -> TokenStream {
    let token = &layer.token;
    if layer.info.type_arguments.is_empty() {
        return quote!(#facade::layers::#token);
    }
    let mut constants: Vec<TokenStream> = Vec::new();
    let mut bias = quote!();
    for type_argument in layer.info.type_arguments {
        match *type_argument {
            TypeArgument::InputLastUnless(flag) if layer.holds(flag) => constants.push(quote!(1)),
            TypeArgument::InputLast | TypeArgument::InputLastUnless(_) => constants.push(input_last.clone()),
            TypeArgument::InputShare(name) => constants.push(match layer.content(name) {
                Some(argument::Content::Size(parts)) if parts.known() != Some(1) => {
                    let parts = parts.tokens();
                    // In parentheses: a block at the start of a statement ends it.
                    quote!({ (#input_last) / #parts })
                }
                _ => input_last.clone(),
            }),
            TypeArgument::Size(name) => {
                if let Some(argument::Content::Size(size)) = layer.content(name) {
                    constants.push(size.type_argument());
                }
            }
            TypeArgument::Computed(name) => constants.push(computed(name)),
            TypeArgument::ShapeAxis(name, back) => {
                let axis = match layer.content(name) {
                    Some(argument::Content::Shape(sizes)) => sizes.len().checked_sub(back).map(|axis| &sizes[axis]),
                    _ => None,
                };
                constants.push(axis.map_or_else(|| quote!(1), Size::type_argument));
            }
            TypeArgument::PairAxis(name, axis) => {
                let sizes = match layer.content(name) {
                    Some(argument::Content::Pair(pair)) => pair.as_slice(),
                    Some(argument::Content::Triple(triple)) => triple.as_slice(),
                    _ => &[],
                };
                constants.extend(sizes.get(axis).map(Size::type_argument));
            }
            TypeArgument::BiasFlag(name) => {
                if let Some(argument::Content::Flag(false)) = layer.content(name) {
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
            let (plan, shape) = (plan_name(&context.network.name), context.shape_name(id));
            quote!({ #plan::#shape.last() })
        }
    }
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
    let first = context.graph.first_of_row(opaque.field).node;
    let mut axes = input_axes(context, context.node(first).inputs[0], opaque.holes()).into_iter();
    let arguments = written
        .into_iter()
        .map(|argument| if Opaque::is_hole(&argument) { axes.next().unwrap_or(argument) } else { argument });
    quote!(#path<#(#arguments,)* #scalar>)
}

/// The last `count` axes of a value, as const arguments.
fn input_axes(context: &Context<'_>, id: NodeId, count: usize) -> Vec<TokenStream> {
    let node = context.node(id);
    match &node.axes {
        Some(axes) => axes[axes.len().saturating_sub(count)..].iter().map(Size::type_argument).collect(),
        None => {
            let (plan, shape) = (plan_name(&context.network.name), context.shape_name(id));
            let from_end = (1..=count).rev();
            from_end.map(|place| quote!({ #plan::#shape.dim(#plan::#shape.rank() - #place) })).collect()
        }
    }
}
