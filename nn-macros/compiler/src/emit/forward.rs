//! Straight-line forward code, for predictions and for training.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Context, Method, Run, number};
use crate::ast::Operator;
use crate::graph::{NodeId, Op};
use crate::plan::Key;

/// All steps of a prediction.
pub(crate) fn infer(context: &Context<'_>) -> TokenStream {
    let steps: Vec<TokenStream> = context.graph.steps().map(|id| step(context, Run::Inference, id)).collect();
    context.body(Method::Infer, &steps)
}

/// One arm for each segment; the segment ends with the statistics that the next one's coupling layer needs.
pub(crate) fn segments(context: &Context<'_>) -> TokenStream {
    let bodies: Vec<TokenStream> = context
        .segments()
        .into_iter()
        .enumerate()
        .map(|(segment, nodes)| {
            let mut steps: Vec<TokenStream> = nodes.into_iter().map(|id| step(context, Run::Training, id)).collect();
            steps.extend(context.cuts.get(segment).map(|cut| statistics(context, *cut)));
            context.body(Method::Forward, &steps)
        })
        .collect();
    match_segments(&bodies)
}

/// A match over the segment's number, or the only body itself.
pub(crate) fn match_segments(bodies: &[TokenStream]) -> TokenStream {
    if let [only] = bodies {
        return only.clone();
    }
    let arms = bodies.iter().enumerate().map(|(segment, body)| {
        let pattern = if segment + 1 == bodies.len() {
            quote!(_)
        } else {
            let segment = number(segment);
            quote!(#segment)
        };
        quote!(#pattern => { #body })
    });
    quote!(match segment { #(#arms)* })
}

/// All layers' work on one step of a sequence.
pub(crate) fn stream(context: &Context<'_>) -> TokenStream {
    let steps: Vec<TokenStream> = context.graph.steps().map(|id| step(context, Run::Stream, id)).collect();
    context.body(Method::Stream, &steps)
}

/// One forward step, in a block of its own: its views of the workspace end with it.
fn step(context: &Context<'_>, run: Run, id: NodeId) -> TokenStream {
    let node = context.node(id);
    let output = context.variable(Key::Value(id));
    let inputs: Vec<_> =
        node.inputs.iter().map(|input| context.variable(Key::Value(context.graph.root(*input)))).collect();
    let work = match &node.op {
        Op::Layer(_) | Op::Opaque(_) => layer(context, run, id, &inputs[0], &output),
        Op::Tied(_) => {
            let (receiver, call, memory) = (context.receiver(id), context.call_in(run, id), memory(context, run, id));
            let input = &inputs[0];
            quote!(Transposed::forward_transposed(#receiver, &#call, pass, #input, #output, #memory);)
        }
        Op::Join(operator) => {
            let operator = kernel_operator(*operator);
            let caller = context.caller(run).unwrap_or_else(|| quote!(kernels));
            match taken_over(context, run, id) {
                Some(side) => {
                    let other = &inputs[1 - side];
                    quote!(#caller::join_assign(#operator, #output, #other);)
                }
                None => quote!(#caller::join(#operator, #(#inputs,)* #output);),
            }
        }
        Op::Concat { .. } if run == Run::Stream && context.packs_outputs(id) => super::stream::outputs(context, id),
        Op::Concat { axis, .. } => concat(context, id, *axis),
        Op::Unpack(part) => {
            let [total, column, width] = context.part(*part);
            let [total, column, width] = match run {
                Run::Stream => [total, column, width].map(|all| {
                    let plan = context.plan();
                    quote!(((#all) / #plan::TIME))
                }),
                _ => [total, column, width],
            };
            quote!(kernels::copy_columns(input, #total, #column, #output, #width, 0, #width);)
        }
        Op::Input | Op::Stop => unreachable!("inputs and views are no steps"),
    };
    let views = context.views(run, &keys(context, run, id));
    if run == Run::Stream {
        return quote!({ #views #work });
    }
    let (name, shape) = (&node.label, context.shape(context.graph.result(id)));
    let penalty = penalty(context, id, &output);
    quote!({ #views #work observer.value(#name, #shape, #output); #penalty })
}

/// One layer's work.
fn layer(context: &Context<'_>, run: Run, id: NodeId, input: &Ident, output: &Ident) -> TokenStream {
    if run == Run::Stream && context.carries(id) {
        return super::stream::carried(context, id, input, output);
    }
    let (receiver, call, pass) = (context.receiver(id), context.call_in(run, id), context.pass(id));
    let (facade, caller) = (&context.facade, context.caller(run));
    if taken_over(context, run, id).is_some() {
        let caller = caller.unwrap_or_else(|| quote!(InPlace));
        return quote!(#caller::forward_in_place(#receiver, &#call, #pass, #output););
    }
    let memory = memory(context, run, id);
    if run != Run::Stream && context.may_penalise(id) {
        let caller = caller.unwrap_or_else(|| quote!(#facade::OpaqueLayer));
        quote!(#caller::forward_observed(#receiver, &#call, #pass, #input, #output, #memory, observer);)
    } else if let Some(pool) = context.pool_call(id) {
        quote!(Pooled::forward_pooled(#receiver, &#call, #pool #pass, #input, #output, #memory);)
    } else {
        let caller = caller.unwrap_or_else(|| quote!(Layer));
        quote!(#caller::forward(#receiver, &#call, #pass, #input, #output, #memory);)
    }
}

/// The penalty on a layer's values that joins the loss.
fn penalty(context: &Context<'_>, id: NodeId, output: &Ident) -> Option<TokenStream> {
    let layer = context.node(id).layer()?;
    layer.info.penalises.then(|| {
        let (receiver, call) = (context.receiver(id), context.call(id));
        quote!(observer.penalty(|| Penalised::penalty(#receiver, &#call, #output));)
    })
}

/// Which of a node's inputs has its memory taken over by the result.
fn taken_over(context: &Context<'_>, run: Run, id: NodeId) -> Option<usize> {
    let inputs = context.node(id).inputs.iter().map(|input| context.graph.root(*input));
    inputs.into_iter().position(|root| context.takes_over(run, Key::Value(id), Key::Value(root)))
}

/// The kernels' word for an operator.
pub(crate) fn kernel_operator(operator: Operator) -> TokenStream {
    match operator {
        Operator::Add => quote!(kernels::Join::Add),
        Operator::Subtract => quote!(kernels::Join::Subtract),
        Operator::Multiply => quote!(kernels::Join::Multiply),
        Operator::Divide => unreachable!("a quotient is a product with the reciprocal"),
    }
}

/// The memory that a step touches, each once.
fn keys(context: &Context<'_>, run: Run, id: NodeId) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let taken_over = taken_over(context, run, id);
    for (index, input) in context.node(id).inputs.iter().enumerate() {
        let root = context.graph.root(*input);
        if taken_over != Some(index) && !context.is_input(root) && !keys.contains(&Key::Value(root)) {
            keys.push(Key::Value(root));
        }
    }
    keys.push(Key::Value(id));
    if context.has_tape(run, id) {
        keys.push(Key::Tape(id));
    }
    keys
}

fn memory(context: &Context<'_>, run: Run, id: NodeId) -> TokenStream {
    let mut fields = Vec::new();
    if context.has_tape(run, id) {
        fields.push(quote!(tape));
    }
    if context.has_scratch(id) {
        fields.push(quote!(scratch: &mut *scratch));
    }
    if run == Run::Training && context.graph.couples(id) {
        let range = context.statistics_range(id, false);
        fields.push(quote!(statistics: &statistics[#range]));
    }
    if fields.is_empty() { quote!(Memory::none()) } else { quote!(Memory { #(#fields,)* ..Memory::none() }) }
}

fn concat(context: &Context<'_>, id: NodeId, axis: isize) -> TokenStream {
    let output = context.variable(Key::Value(id));
    let to_width = context.width(id, axis);
    let copies = context.columns(id, axis).into_iter().map(|(input, column)| {
        let (from, width) = (context.variable(Key::Value(context.graph.root(input))), context.width(input, axis));
        quote!(kernels::copy_columns(#from, #width, 0, #output, #to_width, #column, #width);)
    });
    quote!(#(#copies)*)
}

/// The statistics of one tile for the coupling layer that opens the next segment.
fn statistics(context: &Context<'_>, cut: NodeId) -> TokenStream {
    let (receiver, call, range) = (context.receiver(cut), context.call(cut), context.statistics_range(cut, false));
    let root = context.graph.root(context.node(cut).inputs[0]);
    let input = context.variable(Key::Value(root));
    let keys: Vec<Key> = (!context.is_input(root)).then_some(Key::Value(root)).into_iter().collect();
    let views = context.views(Run::Training, &keys);
    quote!({ #views Coupled::forward_statistics(#receiver, &#call, pass, #input, &mut partial[#range]); })
}

impl Context<'_> {
    /// The type by which a step of a network with two forms calls layers and kernels.
    fn caller(&self, run: Run) -> Option<TokenStream> {
        (run == Run::Inference && self.is_short()).then(|| quote!(Caller))
    }

    /// The elements of a value from an axis on: what lies in a row where values are joined along that axis.
    pub(crate) fn width(&self, id: NodeId, axis: isize) -> TokenStream {
        let shape = self.shape(id);
        if axis == -1 { quote!(#shape.last()) } else { quote!(#shape.len_from(#axis)) }
    }

    /// The operands of a `concat`, each with the column it starts at.
    pub(crate) fn columns(&self, id: NodeId, axis: isize) -> Vec<(NodeId, TokenStream)> {
        let inputs = &self.node(id).inputs;
        let column = |index: usize| {
            let widths = inputs[..index].iter().map(|input| self.width(*input, axis));
            if index == 0 { quote!(0) } else { quote!(#(#widths)+*) }
        };
        inputs.iter().enumerate().map(|(index, input)| (*input, column(index))).collect()
    }

    /// One of several inputs: the elements of all of them, where it starts, and its own elements.
    pub(crate) fn part(&self, part: usize) -> [TokenStream; 3] {
        let lengths: Vec<TokenStream> = self.graph.inputs.iter().map(|input| self.shape(*input)).collect();
        let (total, own, before) = (self.shape(0), &lengths[part], &lengths[..part]);
        let column = if before.is_empty() { quote!(0) } else { quote!(#(#before.len())+*) };
        [quote!(#total.len()), column, quote!(#own.len())]
    }
}
