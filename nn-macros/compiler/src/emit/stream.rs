//! What lets a network go through a sequence step by step: its constants, and the steps' code.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::constants::{memory, own_shape, starts_array};
use super::samples::{self, step_axes};
use super::{Context, Run, call_constant, forward, imports, number};
use crate::constant::Size;
use crate::graph::{NodeId, Op};
use crate::plan::Key;

/// The memory of a step, where the layers' states lie, and the calls of layers that see one step alone.
pub(crate) fn constants(context: &Context<'_>) -> TokenStream {
    let Some(streaming) = &context.streaming else { return quote!() };
    let (facade, graph) = (&context.facade, context.graph);
    let first = own_shape(context, graph.inputs[0]);
    let lengths: Vec<TokenStream> = streaming
        .carriers
        .iter()
        .map(|id| {
            let (call, input) =
                (call_constant(&context.node(*id).name), own_shape(context, graph.nodes[*id].inputs[0]));
            quote!(Self::#call.config.state(#input))
        })
        .collect();
    let states = starts_array(facade, &format_ident!("STATES"), &lengths);
    let memory = memory(context, Run::Stream, &context.plans.stream);
    let calls = graph.steps().filter(|id| context.sees_one_step(*id)).map(|id| {
        let (node, call, step) = (context.node(id), call_constant(&context.node(id).name), step_constant(context, id));
        let kind = match &node.op {
            Op::Layer(layer) => &layer.token,
            Op::Tied(tied) => &tied.token,
            _ => unreachable!("no other operation has a call and sees a step alone"),
        };
        quote!(const #step: #facade::Call<#facade::spec::#kind> = Self::#call.one_step();)
    });
    quote! {
        const TIME: usize = #first.dim(0);
        #states
        #(#calls)*
        #memory
    }
}

/// The implementation that the run-time drives.
pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let Some(streaming) = &context.streaming else { return quote!() };
    let (facade, plan, graph) = (&context.facade, context.plan(), context.graph);
    let (generics, self_type, imports) = (context.generics(), context.self_type(&quote!(T)), imports(facade));
    let outputs: Vec<&[Size]> =
        graph.outputs.iter().map(|output| step_axes(&output.declared, context.is_in_time(output.node))).collect();
    let one = outputs.first().copied().unwrap_or_default();
    let several = samples::several_outputs(context.network, "Step", outputs);
    let (input, output) = (samples::step_input_shape(context), samples::shape_of(context, several.as_ref(), one));
    let several = several.map(|sample| samples::emit_struct(facade, context.network, &sample));
    let longest = match streaming.bounded {
        true => quote!(::core::option::Option::Some(#plan::TIME)),
        false => quote!(::core::option::Option::None),
    };
    let (states, body) = (number(streaming.carriers.len()), forward::stream(context));
    quote! {
        #several

        #[allow(unused_variables, unused_mut, unused_braces, unused_parens)]
        impl<#generics T: #facade::Scalar> #facade::Streams<T> for #self_type {
            type StepInput = #input;
            type StepOutput = #output;

            const STATE: usize = #plan::STATES[#states];
            const STEP: #facade::MemoryPlan = #plan::STREAM;
            const LONGEST: ::core::option::Option<usize> = #longest;

            fn run_step(
                &self,
                position: usize,
                input: &[T],
                state: &mut [T],
                workspace: &mut [T],
                scratch: &mut [T],
            ) {
                #imports
                let (network, observer) = (self, &mut ());
                let pass = &#facade::Pass::inference(1);
                #body
            }
        }
    }
}

/// A step's part of several outputs, one behind the other.
pub(super) fn outputs(context: &Context<'_>, id: NodeId) -> TokenStream {
    let output = context.variable(Key::Value(id));
    let parts = context.node(id).inputs.iter().map(|part| context.variable(Key::Value(context.graph.root(*part))));
    quote! {
        let mut rest = &mut *#output;
        for part in [#(&#parts[..]),*] {
            let (to, behind) = rest.split_at_mut(part.len());
            to.copy_from_slice(part);
            rest = behind;
        }
    }
}

/// One step of a layer that keeps a state.
pub(super) fn carried(context: &Context<'_>, id: NodeId, input: &Ident, output: &Ident) -> TokenStream {
    let (receiver, call, plan) = (context.receiver(id), context.call(id), context.plan());
    let carriers = context.streaming.iter().flat_map(|streaming| &streaming.carriers);
    let place = carriers.take_while(|other| **other != id).count();
    let (start, end) = (number(place), number(place + 1));
    let state = quote!(&mut state[const { #plan::STATES[#start] }..const { #plan::STATES[#end] }]);
    quote!(Streamed::step(#receiver, &#call, position, #input, #state, #output, &mut *scratch);)
}

/// The constant that holds a layer's call for one step.
fn step_constant(context: &Context<'_>, id: NodeId) -> Ident {
    format_ident!("STEP_{}", context.node(id).name.to_uppercase())
}

impl Context<'_> {
    /// Whether a value has a part for each step of the network's input.
    pub(crate) fn is_in_time(&self, id: NodeId) -> bool {
        self.streaming.as_ref().is_some_and(|streaming| streaming.in_time[id])
    }

    /// Whether a node puts several outputs one behind the other.
    pub(crate) fn packs_outputs(&self, id: NodeId) -> bool {
        id >= self.graph.written && id == self.graph.output
    }

    /// Whether a layer keeps a state from step to step.
    pub(crate) fn carries(&self, id: NodeId) -> bool {
        self.streaming.as_ref().is_some_and(|streaming| streaming.carriers.contains(&id))
    }

    /// Whether a layer is applied to one step alone.
    fn sees_one_step(&self, id: NodeId) -> bool {
        matches!(self.node(id).op, Op::Layer(_) | Op::Tied(_)) && self.is_in_time(id) && !self.carries(id)
    }

    /// The constant that holds a node's call in a run.
    pub(crate) fn call_in(&self, run: Run, id: NodeId) -> TokenStream {
        if run == Run::Stream && self.sees_one_step(id) {
            let (plan, name) = (self.plan(), step_constant(self, id));
            return quote!(#plan::#name);
        }
        self.call(id)
    }
}
