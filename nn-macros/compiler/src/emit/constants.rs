//! The plan: a struct without values, whose constants are the network's shapes, calls and memory slots.

use nn_core::spec::{LayerInfo, TypeArgument};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::structs::{holes, layer_type};
use super::{Context, Run, call_constant, number};
use crate::argument::ArgumentValue;
use crate::constant::Size;
use crate::graph::{Graph, NodeId, Op};
use crate::plan::{Key, Plan, length};
use crate::shapes::{plan_name, shape_constant};

pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let Context { facade, network, graph, plans, .. } = context;
    let (visibility, name, generics) = (&network.visibility, plan_name(&network.name), context.generics());
    let parameters = &network.parameters;
    let nodes = (0..graph.nodes.len()).filter(|id| !graph.nodes[*id].is_fused_away);
    let (shapes, calls): (Vec<_>, Vec<_>) = nodes.map(|id| (shape(context, id), call(context, id))).unzip();
    let slots = [(Run::Inference, &plans.inference), (Run::Training, &plans.training)]
        .map(|(run, plan)| memory(context, run, plan));
    let (checks, scratch) = (checks(context), scratch_length(context));
    let statistics = starts_array(facade, &quote::format_ident!("STATISTICS"), &context.statistics_lengths());
    let outside = if parameters.is_empty() { quote!(#(const _: () = #checks;)*) } else { quote!() };
    let inside = if parameters.is_empty() { quote!() } else { quote!(const CHECKS: () = { #(#checks;)* };) };
    let doc = format!("The constants of [`{}`]: shapes, calls and memory slots.", network.name);
    quote! {
        #[doc = #doc]
        #[doc(hidden)]
        #visibility struct #name<#generics>;

        #[allow(dead_code)]
        impl<#generics> #name<#(#parameters),*> {
            #(#shapes)*
            #(#calls)*
            const SCRATCH: usize = #scratch;
            #statistics
            #(#slots)*
            #inside
        }

        #outside
    }
}

/// A path to one of the plan's constants from inside the plan itself.
fn own_shape(graph: &Graph, id: NodeId) -> TokenStream {
    let name = shape_constant(&graph.nodes[id].name);
    quote!(Self::#name)
}

/// `const CONV_SHAPE: Shape = Shape::new(&[30, 30, 32]);`
fn shape(context: &Context<'_>, id: NodeId) -> TokenStream {
    let (facade, node) = (&context.facade, context.node(id));
    let name = shape_constant(&node.name);
    let value = match (&node.axes, &node.op) {
        (Some(axes), Op::Input) => axes_tokens(facade, axes),
        (Some(axes), _) if node.shape().is_some() => axes_tokens(facade, axes),
        _ => {
            let rule = rule(context, id, &quote!(Self));
            quote!(#facade::spec::shape_or_invalid(#rule))
        }
    };
    quote!(const #name: #facade::spec::Shape = #value;)
}

fn axes_tokens(facade: &TokenStream, axes: &[Size]) -> TokenStream {
    let axes = axes.iter().map(Size::tokens);
    quote!(#facade::spec::Shape::new(&[#(#axes),*]))
}

/// The shape rule of a node, for rustc to evaluate. A fused activation keeps the shape.
fn rule(context: &Context<'_>, id: NodeId, plan: &TokenStream) -> TokenStream {
    let (facade, node) = (&context.facade, context.node(id));
    let inputs: Vec<TokenStream> = node
        .inputs
        .iter()
        .map(|input| {
            let name = shape_constant(&context.node(*input).name);
            quote!(#plan::#name)
        })
        .collect();
    match &node.op {
        Op::Input => unreachable!("an input's axes are written"),
        Op::Layer(layer) => {
            let config = config(facade, layer.info, &layer.arguments);
            quote!(#config.out_shape(#(#inputs),*))
        }
        Op::Opaque(_) => {
            let layer = layer_type(context, id, &quote!(f32));
            let config = opaque_config(context, id);
            quote!(<#layer>::out_shape(&#config, #(#inputs),*))
        }
        Op::Join(_) => quote!(#facade::spec::same_shape(#(#inputs),*)),
        Op::Concat => quote!(#facade::spec::concat(&[#(#inputs),*])),
    }
}

/// The description of a layer with its arguments: `spec::Dense { units: 10, … }`.
fn config(facade: &TokenStream, info: &LayerInfo, arguments: &[ArgumentValue]) -> TokenStream {
    let name = type_name(info.name);
    let fields = info.arguments.iter().zip(arguments).map(|(argument, value)| {
        let field = quote::format_ident!("{}", argument.name);
        let value = value.tokens(facade, argument.kind);
        quote!(#field: #value)
    });
    quote!(#facade::spec::#name { #(#fields),* })
}

fn type_name(name: &str) -> Ident {
    quote::format_ident!("{name}")
}

fn opaque_config(context: &Context<'_>, id: NodeId) -> TokenStream {
    let Op::Opaque(opaque) = &context.node(id).op else { return quote!(()) };
    match &opaque.arguments {
        None => quote!(()),
        Some(arguments) => {
            let layer = layer_type(context, id, &quote!(f32));
            quote!(<#layer>::config(#(#arguments),*))
        }
    }
}

/// `const CONV: Call<spec::Conv2d> = Call::new(…);`
fn call(context: &Context<'_>, id: NodeId) -> TokenStream {
    let (facade, node) = (&context.facade, context.node(id));
    let name = call_constant(&node.name);
    let (kind, config) = match &node.op {
        Op::Layer(layer) if !node.is_view() => {
            let kind = type_name(layer.info.name);
            (quote!(#facade::spec::#kind), config(facade, layer.info, &layer.arguments))
        }
        Op::Opaque(_) => {
            let layer = layer_type(context, id, &quote!(f32));
            (quote!(<#layer as #facade::Layer<f32>>::Config), opaque_config(context, id))
        }
        _ => return quote!(),
    };
    let (input, output) = (own_shape(context.graph, node.inputs[0]), own_shape(context.graph, id));
    let index = number(id);
    let activation = match &node.op {
        Op::Layer(layer) => layer.activation.as_ref().map(|(info, arguments)| {
            let config = self::config(facade, info, arguments);
            quote!(.with_activation(#config.activation()))
        }),
        _ => None,
    };
    quote! {
        const #name: #facade::Call<#kind> = #facade::Call::new(#config, #input, #output, #index)#activation;
    }
}

/// One slot for each key, then the scratch memory, then the plan as the run-time knows it.
fn memory(context: &Context<'_>, run: Run, plan: &Plan) -> TokenStream {
    let facade = &context.facade;
    let lengths: Vec<TokenStream> = plan.buffers.iter().map(|buffer| buffer_length(context, &buffer.keys)).collect();
    let starts = run.starts();
    let array = starts_array(facade, &starts, &lengths);
    let start = |buffer: usize| {
        let buffer = number(buffer);
        quote!(Self::#starts[#buffer])
    };
    let mut keys: Vec<(&Key, &usize)> = plan.places.iter().collect();
    keys.sort();
    let slots = keys.iter().map(|(key, buffer)| {
        let (name, start, length) = (context.slot(run, **key), start(**buffer), key_length(context, **key));
        quote!(const #name: #facade::Slot = #facade::Slot::new(#start, #length);)
    });
    let total = start(plan.buffers.len());
    let memory = run.memory();
    let output = context.slot(run, Key::Value(context.graph.root(context.graph.output)));
    let d_output = match run {
        Run::Training => {
            let slot = context.slot(run, Key::Gradient(context.graph.root(context.graph.output)));
            quote!(Self::#slot)
        }
        Run::Inference => quote!(#facade::Slot::EMPTY),
    };
    quote! {
        #array
        #(#slots)*
        const #memory: #facade::MemoryPlan = #facade::MemoryPlan {
            per_sample: #total,
            scratch: Self::SCRATCH,
            output: Self::#output,
            d_output: #d_output,
        };
    }
}

/// `const NAME: [usize; 3] = starts(&[a, b]);`: 0, a, a + b.
fn starts_array(facade: &TokenStream, name: &Ident, lengths: &[TokenStream]) -> TokenStream {
    let count = number(lengths.len() + 1);
    quote!(const #name: [usize; #count] = #facade::starts(&[#(#lengths),*]);)
}

impl Run {
    pub(crate) fn memory(self) -> Ident {
        quote::format_ident!(
            "{}",
            match self {
                Self::Inference => "INFERENCE",
                Self::Training => "TRAINING",
            }
        )
    }
}

fn buffer_length(context: &Context<'_>, keys: &[Key]) -> TokenStream {
    let facade = &context.facade;
    let mut lengths: Vec<TokenStream> = keys.iter().map(|key| key_length(context, *key)).collect();
    lengths.dedup_by_key(|length| length.to_string());
    match lengths.as_slice() {
        [one] => one.clone(),
        _ => quote!(#facade::largest(&[#(#lengths),*])),
    }
}

fn key_length(context: &Context<'_>, key: Key) -> TokenStream {
    if let Some(length) = length(context.graph, key) {
        let length = number(length);
        return quote!(#length);
    }
    match key {
        Key::Value(id) | Key::Gradient(id) | Key::Term(id, _) => {
            let shape = own_shape(context.graph, id);
            quote!(#shape.len())
        }
        Key::Tape(id) => {
            let (facade, layer) = (&context.facade, layer_type(context, id, &quote!(f32)));
            quote!(<#layer as #facade::OpaqueLayer<f32>>::TAPE)
        }
    }
}

/// The largest scratch memory that any layer asks for.
fn scratch_length(context: &Context<'_>) -> TokenStream {
    let facade = &context.facade;
    let lengths: Vec<TokenStream> = context
        .graph
        .steps()
        .filter(|id| context.has_scratch(*id))
        .map(|id| match &context.node(id).op {
            Op::Opaque(_) => {
                let layer = layer_type(context, id, &quote!(f32));
                quote!(<#layer as #facade::OpaqueLayer<f32>>::SCRATCH)
            }
            _ => {
                let (call, input) =
                    (call_constant(&context.node(id).name), own_shape(context.graph, context.node(id).inputs[0]));
                quote!(Self::#call.config.scratch(#input))
            }
        })
        .collect();
    if lengths.is_empty() { quote!(0) } else { quote!(#facade::largest(&[#(#lengths),*])) }
}

/// Fails constant evaluation with an error's own words. The `panic!` stands in the constant itself, and carries the span
/// of the user's token: there is where rustc shows it.
fn refusal(span: Span, result: &TokenStream, title: &TokenStream) -> TokenStream {
    let panic = quote_spanned!(span=> ::core::panic!("{}", error.message(#title).as_str()));
    let error = Ident::new("error", span);
    quote! {{
        let result = #result;
        if let ::core::result::Result::Err(#error) = result { #panic }
    }}
}

/// The checks of sizes that only rustc knows, each at its layer's token.
fn checks(context: &Context<'_>) -> Vec<TokenStream> {
    let Context { facade, network, graph, .. } = context;
    let plan = context.plan();
    let mut checks = Vec::new();
    for (id, node) in graph.nodes.iter().enumerate() {
        if matches!(node.op, Op::Input) || node.is_fused_away || node.shape().is_some() {
            continue;
        }
        let rule = rule(context, id, &plan);
        let title = node.title();
        checks.push(refusal(node.span, &quote!(#rule), &quote!(#title)));
        if matches!(node.op, Op::Opaque(_)) {
            let layer = layer_type(context, id, &quote!(f32));
            let check = quote!(#facade::check_uncoupled(<#layer as #facade::OpaqueLayer<f32>>::COUPLES));
            checks.push(refusal(node.span, &check, &quote!(#title)));
        }
    }
    checks.extend((0..graph.nodes.len()).filter_map(|id| reuse_check(context, id)));
    let output = &graph.nodes[graph.output];
    if output.shape().is_none() || graph.declared.iter().any(|size| size.known().is_none()) {
        let name = shape_constant(&output.name);
        let declared = axes_tokens(facade, &graph.declared);
        let check = quote!(#facade::spec::check_declared(#plan::#name, #declared));
        checks.push(refusal(network.output_span, &check, &quote!("")));
    }
    checks
}

/// The check of a layer that is applied again, where the sizes are not both known.
fn reuse_check(context: &Context<'_>, id: NodeId) -> Option<TokenStream> {
    let (facade, node) = (&context.facade, context.node(id));
    let field = &context.graph.fields[node.field()?];
    let held = match &node.op {
        Op::Layer(layer) => usize::from(layer.info.type_arguments.contains(&TypeArgument::InputLast)),
        Op::Opaque(opaque) => holes(opaque),
        _ => 0,
    };
    let (first, again) = (context.node(field.node).inputs[0], node.inputs[0]);
    let are_known = context.node(first).shape().is_some() && context.node(again).shape().is_some();
    if field.node == id || held == 0 || (are_known && matches!(node.op, Op::Layer(_))) {
        return None;
    }
    let plan = context.plan();
    let [first, again] = [first, again].map(|input| shape_constant(&context.node(input).name));
    let (held, title) = (number(held), field.name.to_string());
    let check = quote!(#facade::spec::applied_again(#plan::#first, #plan::#again, #held));
    Some(refusal(node.span, &check, &quote!(#title)))
}
