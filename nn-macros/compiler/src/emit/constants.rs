//! The plan: a struct without values, whose constants are the network's shapes, calls and memory slots.

use nn_core::spec::LayerInfo;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;

use super::structs::layer_type;
use super::{Context, Run, call_constant, number};
use crate::argument::ArgumentValue;
use crate::constant::Size;
use crate::graph::{BuiltIn, Field, Graph, Node, NodeId, Op, Opaque, Tied};
use crate::marks::Initial;
use crate::messages;
use crate::plan::{Key, Plan, length};
use crate::shapes::{plan_name, shape_constant};

pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let Context { facade, network, graph, plans, .. } = context;
    let (visibility, name, generics) = (&network.visibility, plan_name(&network.name), context.generics());
    let parameters = &network.parameters;
    let nodes = (0..graph.nodes.len()).filter(|id| graph.shaped(*id) == *id);
    let nodes: Vec<NodeId> = nodes.collect();
    let configs = nodes.iter().map(|id| opaque_config(context, *id));
    let shapes = nodes.iter().map(|id| shape(context, *id));
    let calls = nodes.iter().map(|id| call(context, *id));
    let slots = [(Run::Inference, &plans.inference), (Run::Training, &plans.training)]
        .map(|(run, plan)| memory(context, run, plan));
    let stream = super::stream::constants(context);
    let (checks, scratch) = (checks(context), scratch_length(context, Scratch::Training));
    let statistics = starts_array(facade, &quote::format_ident!("STATISTICS"), &context.statistics_lengths());
    let small = context.is_short().then(|| {
        // Without optimisation nothing is inlined.
        quote!(const IS_SMALL: bool = #facade::is_small(Self::FLOPS) && !::core::cfg!(debug_assertions);)
    });
    let outside = if parameters.is_empty() { quote!(#(const _: () = #checks;)*) } else { instances(context) };
    let inside = if parameters.is_empty() { quote!() } else { quote!(const CHECKS: () = { #(#checks;)* };) };
    let doc = format!("The constants of [`{}`]: shapes, calls and memory slots.", network.name);
    quote! {
        #[doc = #doc]
        #[doc(hidden)]
        #visibility struct #name<#generics>;

        #[allow(dead_code, unused_braces, unused_parens)]
        impl<#generics> #name<#(#parameters),*> {
            #(#configs)*
            #(#shapes)*
            #(#calls)*
            const SCRATCH: usize = #scratch;
            #small
            #statistics
            #(#slots)*
            #stream
            #inside
        }

        #outside
    }
}

/// The checks of a generic network, for the sizes that the user named.
fn instances(context: &Context<'_>) -> TokenStream {
    let plan = plan_name(&context.network.name);
    let checks =
        context.network.instances.iter().map(|values| quote!(const _: () = #plan::<#({ #values }),*>::CHECKS;));
    quote!(#(#checks)*)
}

/// A path to one of the plan's constants from inside the plan itself.
pub(super) fn own_shape(context: &Context<'_>, id: NodeId) -> TokenStream {
    let name = context.shape_name(id);
    quote!(Self::#name)
}

/// `const CONV_SHAPE: Shape = Shape::new(&[30, 30, 32]);`
fn shape(context: &Context<'_>, id: NodeId) -> TokenStream {
    let (facade, node) = (&context.facade, context.node(id));
    let name = shape_constant(&node.name);
    let value = match (&node.axes, &node.op) {
        (Some(axes), Op::Input | Op::Unpack(_)) => axes_tokens(facade, axes),
        (Some(axes), _) if node.shape().is_some() => axes_tokens(facade, axes),
        _ => {
            let rule = rule(context, id, &quote!(Self));
            quote!(#facade::spec::shape_or_invalid(#rule))
        }
    };
    quote!(const #name: #facade::spec::Shape = #value;)
}

pub(super) fn axes_tokens(facade: &TokenStream, axes: &[Size]) -> TokenStream {
    let axes = axes.iter().map(Size::tokens);
    quote!(#facade::spec::Shape::new(&[#(#axes),*]))
}

/// The shape rule of a node, for rustc to evaluate. A fused activation keeps the shape.
fn rule(context: &Context<'_>, id: NodeId, plan: &TokenStream) -> TokenStream {
    let (facade, node, graph) = (&context.facade, context.node(id), context.graph);
    let inputs: Vec<TokenStream> = node
        .inputs
        .iter()
        .map(|input| {
            let name = context.shape_name(*input);
            quote!(#plan::#name)
        })
        .collect();
    match &node.op {
        Op::Input | Op::Unpack(_) => unreachable!("an input's axes are written"),
        Op::Layer(layer) => {
            let config = config(facade, layer.info, &layer.token, &layer.arguments);
            quote!(#config.out_shape(#(#inputs),*))
        }
        Op::Opaque(_) => {
            let layer = layer_type(context, id, &quote!(f32));
            let config = opaque_config_name(&node.name);
            quote!(<#layer>::out_shape(&#plan::#config, #(#inputs),*))
        }
        Op::Join(_) => quote!(#facade::spec::same_shape(#(#inputs),*)),
        Op::Concat { axis, layer: None } => quote!(#facade::spec::concat_along(&[#(#inputs),*], #axis)),
        Op::Concat { axis, layer: Some(_) } => quote!(#facade::spec::pair_along(#(#inputs),*, #axis)),
        Op::Stop => quote!(::core::result::Result::Ok(#(#inputs)*)),
        Op::Tied(tied) => {
            let first = &graph.fields[tied.field];
            let [from, to] = [context.node(first.node).inputs[0], first.node].map(|id| {
                let name = context.shape_name(id);
                quote!(#plan::#name.last())
            });
            let rows = match &context.node(first.node).op {
                Op::Layer(layer) => layer.written_rows().map(Size::tokens),
                _ => None,
            };
            let from = rows.unwrap_or(from);
            let token = &tied.token;
            quote!(#facade::spec::#token {}.out_shape(#(#inputs,)* #from, #to))
        }
    }
}

/// The description of a layer with its arguments: `spec::Dense { units: 10, … }`.
/// The token leads from the name that the user wrote to the layer's documentation.
pub(crate) fn config(
    facade: &TokenStream,
    info: &LayerInfo,
    token: &Ident,
    arguments: &[ArgumentValue],
) -> TokenStream {
    let fields = info.arguments.iter().zip(arguments).map(|(argument, value)| {
        let field = quote::format_ident!("{}", argument.name);
        let value = value.tokens(facade, argument.kind);
        quote!(#field: #value)
    });
    quote!(#facade::spec::#token { #(#fields),* })
}

/// The constant that holds the arguments of a layer of the user's.
fn opaque_config_name(name: &str) -> Ident {
    quote::format_ident!("CONFIG_{}", name.to_uppercase())
}

/// What a user's layer makes of its arguments: worked out once, at the layer's token, so that a wrong argument is one
/// error there.
fn opaque_config(context: &Context<'_>, id: NodeId) -> TokenStream {
    let node = context.node(id);
    let Op::Opaque(opaque) = &node.op else { return quote!() };
    let (facade, layer, name) =
        (&context.facade, layer_type(context, id, &quote!(f32)), opaque_config_name(&node.name));
    let value = match &opaque.arguments {
        None => quote_spanned!(node.span=> ()),
        Some(arguments) => quote_spanned!(node.span=> <#layer>::config(#(#arguments),*)),
    };
    quote!(const #name: <#layer as #facade::Layer<f32>>::Config = #value;)
}

/// `const CONV: Call<spec::Conv2d> = Call::new(…);`
fn call(context: &Context<'_>, id: NodeId) -> TokenStream {
    let (facade, node) = (&context.facade, context.node(id));
    let name = call_constant(&node.name);
    let (kind, config) = match &node.op {
        Op::Layer(layer) if !node.is_view() => {
            let token = &layer.token;
            (quote!(#facade::spec::#token), config(facade, layer.info, token, &layer.arguments))
        }
        Op::Tied(Tied { token, .. }) => (quote!(#facade::spec::#token), quote!(#facade::spec::#token {})),
        Op::Opaque(_) => {
            let layer = layer_type(context, id, &quote!(f32));
            let config = opaque_config_name(&node.name);
            (quote!(<#layer as #facade::Layer<f32>>::Config), quote!(Self::#config))
        }
        _ => return quote!(),
    };
    let (input, output) = (own_shape(context, node.inputs[0]), own_shape(context, id));
    let index = number(id);
    let activation = match &node.op {
        Op::Layer(BuiltIn { activation, .. }) | Op::Tied(Tied { activation, .. }) => activation.as_ref(),
        _ => None,
    };
    let activation = activation.map(|(info, token, arguments)| {
        let config = self::config(facade, info, token, arguments);
        quote!(.with_activation(#config.activation()))
    });
    quote! {
        const #name: #facade::Call<#kind> = #facade::Call::new(#config, #input, #output, #index)#activation;
    }
}

/// One slot for each key, then the scratch memory, then the plan as the run-time knows it.
pub(super) fn memory(context: &Context<'_>, run: Run, plan: &Plan) -> TokenStream {
    let facade = &context.facade;
    let lengths: Vec<TokenStream> =
        plan.buffers.iter().map(|buffer| buffer_length(context, run, &buffer.keys)).collect();
    let starts = run.starts();
    let array = starts_array(facade, &starts, &lengths);
    let start = |buffer: usize| {
        let buffer = number(buffer);
        quote!(Self::#starts[#buffer])
    };
    let mut keys: Vec<(&Key, &usize)> = plan.places.iter().collect();
    keys.sort();
    let slots = keys.iter().map(|(key, buffer)| {
        let (name, start, length) = (context.slot(run, **key), start(**buffer), run_length(context, run, **key));
        quote!(const #name: #facade::Slot = #facade::Slot::new(#start, #length);)
    });
    let total = start(plan.buffers.len());
    let memory = run.memory();
    let [scratch, single] = match run {
        Run::Training => [(); 2].map(|()| quote!(Self::SCRATCH)),
        Run::Inference => [Scratch::Samples, Scratch::Sample].map(|scratch| scratch_length(context, scratch)),
        Run::Stream => {
            let step = scratch_length(context, Scratch::Step);
            [step.clone(), step]
        }
    };
    let output = context.slot(run, Key::Value(context.graph.root(context.graph.output)));
    let d_output = match run {
        Run::Training => {
            let slot = context.slot(run, Key::Gradient(context.graph.root(context.graph.output)));
            quote!(Self::#slot)
        }
        Run::Inference | Run::Stream => quote!(#facade::Slot::EMPTY),
    };
    quote! {
        #array
        #(#slots)*
        const #memory: #facade::MemoryPlan = #facade::MemoryPlan {
            per_sample: #total,
            scratch: #scratch,
            single: #single,
            output: Self::#output,
            d_output: #d_output,
        };
    }
}

/// `const NAME: [usize; 3] = starts(&[a, b]);`: 0, a, a + b.
pub(super) fn starts_array(facade: &TokenStream, name: &Ident, lengths: &[TokenStream]) -> TokenStream {
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
                Self::Stream => "STREAM",
            }
        )
    }
}

fn buffer_length(context: &Context<'_>, run: Run, keys: &[Key]) -> TokenStream {
    let facade = &context.facade;
    let mut lengths: Vec<TokenStream> = keys.iter().map(|key| run_length(context, run, *key)).collect();
    lengths.dedup_by_key(|length| length.to_string());
    match lengths.as_slice() {
        [one] => one.clone(),
        _ => quote!(#facade::largest(&[#(#lengths),*])),
    }
}

/// The scalars of a key in a run: of a stream, those of one step.
fn run_length(context: &Context<'_>, run: Run, key: Key) -> TokenStream {
    let length = key_length(context, key);
    let is_step = |id| run == Run::Stream && context.is_in_time(id);
    match key {
        Key::Value(id) if is_step(id) => quote!(#length / Self::TIME),
        Key::Value(id) if run == Run::Stream && context.packs_outputs(id) => {
            let parts = context
                .node(id)
                .inputs
                .iter()
                .map(|part| run_length(context, run, Key::Value(context.graph.root(*part))));
            quote!(#(#parts)+*)
        }
        // What it leaves for later is its state.
        Key::Tape(id) if run == Run::Stream && context.carries(id) => quote!(0),
        Key::Tape(id) if is_step(id) && matches!(context.node(id).op, Op::Layer(_)) => {
            let call = context.call_in(run, id);
            quote!(#call.config.tape(#call.input))
        }
        _ => length,
    }
}

fn key_length(context: &Context<'_>, key: Key) -> TokenStream {
    if let Some(length) = length(context.graph, key) {
        let length = number(length);
        return quote!(#length);
    }
    match key {
        Key::Tape(id) if matches!(&context.node(id).op, Op::Layer(layer) if layer.info.tape) => {
            let (call, input) = (call_constant(&context.node(id).name), own_shape(context, context.node(id).inputs[0]));
            quote!(Self::#call.config.tape(#input))
        }
        Key::Tape(id) if context.graph.pool(id).is_none() => {
            let (facade, layer) = (&context.facade, layer_type(context, id, &quote!(f32)));
            quote!(<#layer as #facade::OpaqueLayer<f32>>::TAPE)
        }
        Key::Value(id) | Key::Gradient(id) | Key::Term(id, _) | Key::Tape(id) => {
            let shape = own_shape(context, context.graph.result(id));
            quote!(#shape.len())
        }
    }
}

/// What scratch memory is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scratch {
    /// Passes in both directions.
    Training,
    /// Predictions for any number of samples.
    Samples,
    /// One prediction.
    Sample,
    /// One step of a stream.
    Step,
}

/// The largest scratch memory that any layer asks for.
fn scratch_length(context: &Context<'_>, scratch: Scratch) -> TokenStream {
    let facade = &context.facade;
    let layers = context.graph.steps().filter(|id| context.has_scratch(*id));
    let lengths: Vec<TokenStream> = layers.map(|id| layer_scratch(context, id, scratch)).collect();
    if lengths.is_empty() { quote!(0) } else { quote!(#facade::largest(&[#(#lengths),*])) }
}

/// The scratch memory that one layer asks for.
fn layer_scratch(context: &Context<'_>, id: NodeId, scratch: Scratch) -> TokenStream {
    let (facade, node) = (&context.facade, context.node(id));
    let (call, input) = (call_constant(&node.name), own_shape(context, node.inputs[0]));
    match (&node.op, context.graph.pool(id), scratch) {
        (Op::Opaque(_), ..) => {
            let layer = layer_type(context, id, &quote!(f32));
            quote!(<#layer as #facade::OpaqueLayer<f32>>::SCRATCH)
        }
        (Op::Tied(_), ..) => {
            let output = own_shape(context, id);
            let function = if scratch == Scratch::Training { quote!(scratch) } else { quote!(forward_scratch) };
            quote!(#facade::spec::Tied {}.#function(#input, #output.last()))
        }
        (_, Some(pool), _) => {
            let pool = call_constant(&context.node(pool).name);
            let is_training = scratch == Scratch::Training;
            let function = if is_training { quote!(pooled_scratch) } else { quote!(pooled_forward_scratch) };
            quote!(Self::#call.config.#function(#input, &Self::#pool.config))
        }
        (_, None, Scratch::Training) => quote!(Self::#call.config.scratch(#input)),
        (_, None, Scratch::Samples) => {
            quote!(Self::#call.config.forward_scratch(#input, ::core::primitive::usize::MAX))
        }
        (_, None, Scratch::Sample) => quote!(Self::#call.config.forward_scratch(#input, 1)),
        (_, None, Scratch::Step) => {
            let call = context.call_in(Run::Stream, id);
            match context.carries(id) {
                true => quote!(#call.config.step_scratch(#call.input)),
                false => quote!(#call.config.forward_scratch(#call.input, 1)),
            }
        }
    }
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

/// Whether the compiler itself has run the rule of a node: with all shapes and arguments known.
fn is_checked(graph: &Graph, node: &Node) -> bool {
    let are_known = match &node.op {
        Op::Layer(layer) => layer.arguments.iter().all(|argument| argument.value().is_some()),
        Op::Opaque(_) => false,
        _ => true,
    };
    are_known && node.shape().is_some() && node.inputs.iter().all(|input| graph.nodes[*input].shape().is_some())
}

/// The checks of sizes that only rustc knows, each at its layer's token.
fn checks(context: &Context<'_>) -> Vec<TokenStream> {
    let Context { facade, graph, .. } = context;
    let plan = context.plan();
    let mut checks = Vec::new();
    for (id, node) in graph.nodes.iter().enumerate() {
        if matches!(node.op, Op::Input | Op::Unpack(_)) || is_checked(graph, node) {
            continue;
        }
        let rule = rule(context, id, &plan);
        let title = node.title();
        checks.push(refusal(node.span, &quote!(#rule), &quote!(#title)));
        checks.extend(assumed_check(context, node, &rule));
        // A frozen layer uses its running statistics.
        if matches!(node.op, Op::Opaque(_)) && graph.has_trained_field(id) {
            let layer = layer_type(context, id, &quote!(f32));
            let check = quote!(#facade::check_uncoupled(<#layer as #facade::OpaqueLayer<f32>>::COUPLES));
            checks.push(refusal(node.span, &check, &quote!(#title)));
        }
    }
    checks.extend((0..graph.nodes.len()).filter_map(|id| reuse_check(context, id)));
    checks.extend(graph.fields.iter().flat_map(|field| initial_checks(context, field)));
    for (index, output) in graph.outputs.iter().enumerate() {
        let node = &graph.nodes[output.node];
        if node.shape().is_none() || output.declared.iter().any(|size| size.known().is_none()) {
            let name = context.shape_name(output.node);
            let declared = axes_tokens(facade, &output.declared);
            let check = quote!(#facade::spec::check_declared(#plan::#name, #declared));
            let title = context.network.outputs[index].name.as_ref().map_or_else(String::new, ToString::to_string);
            checks.push(refusal(output.span, &check, &quote!(#title)));
        }
    }
    checks
}

/// The check that a network of the same macro gives what the compiler took it to give: `self` may mean another module
/// where the macro stands in a function.
fn assumed_check(context: &Context<'_>, node: &Node, rule: &TokenStream) -> Option<TokenStream> {
    let Op::Opaque(Opaque { output: Some(_), .. }) = &node.op else { return None };
    let (facade, axes) = (&context.facade, node.axes.as_deref()?);
    let assumed = axes_tokens(facade, axes);
    let found = quote!(#facade::spec::shape_or_invalid(#rule));
    Some(refusal(node.span, &quote!(#facade::spec::check_declared(#found, #assumed)), &quote!("")))
}

/// The checks that `#[init(..)]` names tensors which the layer has.
fn initial_checks(context: &Context<'_>, field: &Field) -> Vec<TokenStream> {
    let facade = &context.facade;
    let check = |initial: &Initial| {
        let layer = layer_type(context, field.node, &quote!(f32));
        let tensor = initial.tensor.as_ref().map(|tensor| tensor.unraw().to_string());
        let message = messages::init_without_tensor(&context.node(field.node).title(), tensor.as_deref());
        let span = initial.tensor.as_ref().map_or_else(|| context.node(field.node).span, Ident::span);
        let tensor = match tensor {
            Some(tensor) => quote!(::core::option::Option::Some(#tensor)),
            None => quote!(::core::option::Option::None),
        };
        let panic = quote_spanned!(span=> ::core::panic!(#message));
        quote!(if !#facade::has_tensor(<#layer as #facade::Layer<f32>>::PARTS, #tensor) { #panic })
    };
    field.marks.init.iter().map(check).collect()
}

/// The check of a layer that is applied again, where the sizes are not both known.
fn reuse_check(context: &Context<'_>, id: NodeId) -> Option<TokenStream> {
    let (facade, node) = (&context.facade, context.node(id));
    let field = context.graph.first_of_row(node.field()?);
    let held = match &node.op {
        Op::Layer(layer) => usize::from(layer.holds_last_axis()),
        Op::Opaque(opaque) => opaque.holes(),
        _ => 0,
    };
    let (first, again) = (context.node(field.node).inputs[0], node.inputs[0]);
    let are_known = context.node(first).shape().is_some() && context.node(again).shape().is_some();
    if field.node == id || held == 0 || (are_known && matches!(node.op, Op::Layer(_))) {
        return None;
    }
    let plan = context.plan();
    let [first, again] = [first, again].map(|input| context.shape_name(input));
    let (held, title) = (number(held), field.label());
    let check = quote!(#facade::spec::applied_again(#plan::#first, #plan::#again, #held));
    Some(refusal(node.span, &check, &quote!(#title)))
}
