//! Straight-line backward code: the forward steps in reverse, each adding to its parameters' gradient and handing the
//! gradient of its input on. What only the network's input would want is computed only when that is asked for.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::forward::match_segments;
use super::{Context, Method, Run};
use crate::ast::Operator;
use crate::graph::{NodeId, Op};
use crate::plan::{Key, backward_reads};

/// One arm for each segment, to be run from the last to the first.
pub(crate) fn segments(context: &Context<'_>) -> TokenStream {
    let cuts = &context.cuts;
    let mut emitter = Emitter { context, written: HashSet::from([context.graph.root(context.graph.output)]) };
    let mut bodies: Vec<TokenStream> = Vec::new();
    let mut zeros = Some(unreached_input(context));
    for (segment, nodes) in context.segments().into_iter().enumerate().rev() {
        // The coupling layer that ends this segment's forward run has its sums by now; it goes first.
        let mut steps: Vec<TokenStream> = zeros.take().into_iter().collect();
        steps.extend(cuts.get(segment).map(|cut| emitter.step(*cut)));
        let own = nodes.into_iter().rev().filter(|id| !context.graph.couples(*id));
        steps.extend(own.map(|id| emitter.step(id)));
        steps.extend(segment.checked_sub(1).map(|previous| statistics(context, cuts[previous])));
        bodies.push(context.body(Method::Backward, &steps));
    }
    bodies.reverse();
    match_segments(&bodies)
}

/// Zeros for what no gradient reaches of the input.
fn unreached_input(context: &Context<'_>) -> TokenStream {
    let is_reached = |input: &NodeId| context.flow.arrives(*input);
    if context.graph.inputs.iter().all(is_reached) {
        return quote!();
    }
    quote!(if let ::core::option::Option::Some(d_input) = d_input.as_deref_mut() {
        d_input.fill(T::of(0.0));
    })
}

struct Emitter<'c> {
    context: &'c Context<'c>,
    /// The values whose gradient has its first part; later parts are added.
    written: HashSet<NodeId>,
}

impl Emitter<'_> {
    fn step(&mut self, id: NodeId) -> TokenStream {
        let context = self.context;
        if !context.flow.runs(id) {
            return quote!();
        }
        let work = match &context.node(id).op {
            Op::Layer(_) | Op::Opaque(_) | Op::Tied(_) => self.layer(id),
            Op::Join(operator) => self.join(id, *operator),
            Op::Concat { axis, .. } => self.concat(id, *axis),
            Op::Unpack(part) => self.unpack(id, *part),
            Op::Input | Op::Stop => unreachable!("inputs and views are no steps"),
        };
        let (name, shape) = (&context.node(id).label, context.shape(context.graph.result(id)));
        let d_output = context.variable(Key::Gradient(id));
        let views = context.views(Run::Training, &[Key::Gradient(id)]);
        let work = quote! {
            { #views observer.gradient(#name, #shape, #d_output); }
            #work
            observer.done(#name);
        };
        // Without parameters at it or above it, a step serves the input's gradient alone.
        if context.is_trained(id) { work } else { quote!(if wants_input { #work }) }
    }

    fn layer(&mut self, id: NodeId) -> TokenStream {
        let context = self.context;
        let node = context.node(id);
        let root = context.graph.root(node.inputs[0]);
        let wanted = context.flow.target(context.graph, node.inputs[0]);
        let is_first = wanted.is_some() && self.written.insert(root);
        if context.takes_over(Run::Training, Key::Gradient(root), Key::Gradient(id)) {
            return self.layer_in_place(id, root);
        }
        let target = if is_first { Key::Gradient(root) } else { Key::Term(root, id) };
        let is_input = context.is_input(root);
        let (mut keys, values) = self.activations(id, root);
        keys.push(Key::Gradient(id));
        if wanted.is_some() && !(is_input && is_first) {
            keys.push(target);
        }
        if wanted.is_some() && !is_first && !is_input {
            keys.push(Key::Gradient(root));
        }
        if context.has_tape(Run::Training, id) {
            keys.push(Key::Tape(id));
        }
        let (views, memory) = (context.views(Run::Training, &keys), self.memory(id));
        let (receiver, call, pass) = (context.receiver(id), context.call(id), self.pass(id));
        let (d_output, target_variable) = (context.variable(Key::Gradient(id)), context.variable(target));
        let gradient = context.gradient(id);
        let d_input = match (wanted, is_input && is_first) {
            (None, _) => quote!(::core::option::Option::None),
            (_, true) => quote!(d_input.as_deref_mut()),
            _ if context.is_trained(root) => quote!(::core::option::Option::Some(&mut *#target_variable)),
            _ => quote!(wants_input.then_some(&mut *#target_variable)),
        };
        let sum = (wanted.is_some() && !is_first).then(|| self.add_term(root));
        let pool = context.pool_call(id);
        let backward = match node.op {
            Op::Tied(_) => quote!(Transposed::backward_transposed),
            _ if pool.is_some() => quote!(Pooled::backward_pooled),
            _ => quote!(Layer::backward),
        };
        quote! {{
            #views
            #values
            #backward(#receiver, &#call, #pool #pass, values, #d_output, #d_input, #gradient, #memory);
            #sum
        }}
    }

    /// The pass of a layer's backward step: of those that could start a gradient, and of the user's own, not all may.
    fn pass(&self, id: NodeId) -> TokenStream {
        let context = self.context;
        let (node, pass) = (context.node(id), context.pass(id));
        let could_start = match &node.op {
            Op::Layer(layer) => layer.info.starts,
            op => matches!(op, Op::Opaque(_)),
        };
        let starts = node.field().is_some_and(|field| context.flow.starts(field));
        if could_start && !starts && context.graph.has_trained_field(id) { quote!(&pass.adding()) } else { pass }
    }

    /// The memory that a layer's backward step reads besides gradients, and the statement that names it.
    fn activations(&self, id: NodeId, root: NodeId) -> (Vec<Key>, TokenStream) {
        let context = self.context;
        let reads = backward_reads(context.graph, id);
        let mut keys = Vec::new();
        let mut read = |is_read: bool, key: Key, is_input: bool| {
            if is_read && !is_input {
                keys.push(key);
            }
            let variable = context.variable(key);
            if is_read { quote!(#variable) } else { quote!(&[]) }
        };
        let input = read(reads.input, Key::Value(root), context.is_input(root));
        let output = read(reads.output, Key::Value(id), false);
        (keys, quote!(let values = Activations { input: #input, output: #output };))
    }

    /// A layer that turns the gradient of its output into that of its input.
    fn layer_in_place(&self, id: NodeId, root: NodeId) -> TokenStream {
        let context = self.context;
        let (mut keys, values) = self.activations(id, root);
        keys.push(Key::Gradient(id));
        let (views, gradient) = (context.views(Run::Training, &keys), context.variable(Key::Gradient(id)));
        let (receiver, call, pass) = (context.receiver(id), context.call(id), context.pass(id));
        quote!({ #views #values InPlace::backward_in_place(#receiver, &#call, #pass, values, #gradient); })
    }

    fn memory(&self, id: NodeId) -> TokenStream {
        let context = self.context;
        let mut memory = Vec::new();
        if context.has_tape(Run::Training, id) {
            memory.push(quote!(tape));
        }
        if context.has_scratch(id) {
            memory.push(quote!(scratch: &mut *scratch));
        }
        if context.graph.couples(id) {
            let range = context.statistics_range(id, true);
            memory.push(quote!(statistics: &statistics[#range]));
        }
        if memory.is_empty() { quote!(Memory::none()) } else { quote!(Memory { #(#memory,)* ..Memory::none() }) }
    }

    /// Adds a reader's part to a gradient that has its first part already.
    fn add_term(&self, root: NodeId) -> TokenStream {
        let context = self.context;
        let total = context.variable(Key::Gradient(root));
        if context.is_input(root) {
            return quote!(if let ::core::option::Option::Some(d_input) = d_input.as_deref_mut() {
                kernels::join_assign(kernels::Join::Add, d_input, term);
            });
        }
        let sum = quote!(kernels::join_assign(kernels::Join::Add, #total, term););
        if context.is_trained(root) { sum } else { quote!(if wants_input { #sum }) }
    }

    /// The gradients of a join's operands; the one that takes the place of the result's comes last.
    fn join(&mut self, id: NodeId, operator: Operator) -> TokenStream {
        let inputs = self.context.node(id).inputs.clone();
        let mut sides = [(inputs[0], inputs[1], false), (inputs[1], inputs[0], true)];
        if self.takes_over(id, inputs[0]) {
            sides.reverse();
        }
        sides.into_iter().map(|(side, other, is_right)| self.join_side(id, operator, side, other, is_right)).collect()
    }

    fn takes_over(&self, id: NodeId, side: NodeId) -> bool {
        let root = self.context.graph.root(side);
        self.context.takes_over(Run::Training, Key::Gradient(root), Key::Gradient(id))
    }

    /// The gradient of one operand of a join.
    fn join_side(
        &mut self,
        id: NodeId,
        operator: Operator,
        side: NodeId,
        other: NodeId,
        is_right: bool,
    ) -> TokenStream {
        let context = self.context;
        let Some(root) = context.flow.target(context.graph, side) else { return quote!() };
        let other = context.graph.root(other);
        let is_first = self.written.insert(root);
        let d_output = context.variable(Key::Gradient(id));
        let factor = context.variable(Key::Value(other));
        if self.takes_over(id, side) {
            let work = match operator {
                Operator::Subtract if is_right => quote!(kernels::scale(#d_output, T::of(-1.0));),
                Operator::Multiply => quote!(kernels::join_assign(kernels::Join::Multiply, #d_output, #factor);),
                _ => return quote!(),
            };
            return self.gradient_part(id, self.factor_key(operator, other), |_| work.clone());
        }
        let work = |target: TokenStream| match (operator, is_first) {
            (Operator::Add, true) => quote!(#target.copy_from_slice(#d_output);),
            (Operator::Add, false) => quote!(kernels::join_assign(kernels::Join::Add, #target, #d_output);),
            (Operator::Subtract, true) if is_right => quote!(kernels::negate(#d_output, #target);),
            (Operator::Subtract, false) if is_right => {
                quote!(kernels::join_assign(kernels::Join::Subtract, #target, #d_output);)
            }
            (Operator::Subtract, true) => quote!(#target.copy_from_slice(#d_output);),
            (Operator::Subtract, false) => quote!(kernels::join_assign(kernels::Join::Add, #target, #d_output);),
            (Operator::Multiply, true) => quote!(kernels::join(kernels::Join::Multiply, #d_output, #factor, #target);),
            (Operator::Multiply, false) => quote!(kernels::add_product(#target, #d_output, #factor);),
            (Operator::Divide, _) => unreachable!("a quotient is a product with the reciprocal"),
        };
        let keys = [self.factor_key(operator, other), vec![Key::Gradient(id)]].concat();
        self.gradient_part(root, keys, work)
    }

    /// What the gradient of one operand of a join reads of the other.
    fn factor_key(&self, operator: Operator, other: NodeId) -> Vec<Key> {
        let is_read = operator == Operator::Multiply && !self.context.is_input(other);
        if is_read { vec![Key::Value(other)] } else { Vec::new() }
    }

    /// Wraps work that writes into, or adds to, the gradient of a value.
    fn gradient_part(
        &self,
        root: NodeId,
        mut keys: Vec<Key>,
        work: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let context = self.context;
        if context.is_input(root) {
            let (views, work) = (context.views(Run::Training, &keys), work(quote!(d_input)));
            return quote!(if let ::core::option::Option::Some(d_input) = d_input.as_deref_mut() { #views #work });
        }
        keys.push(Key::Gradient(root));
        let target = context.variable(Key::Gradient(root));
        let (views, work) = (context.views(Run::Training, &keys), work(quote!(#target)));
        if context.is_trained(root) { quote!({ #views #work }) } else { quote!(if wants_input { #views #work }) }
    }

    fn concat(&mut self, id: NodeId, axis: isize) -> TokenStream {
        let context = self.context;
        let d_output = context.variable(Key::Gradient(id));
        let from_width = context.width(id, axis);
        let parts = context.columns(id, axis).into_iter().map(|(input, column)| {
            let Some(root) = context.flow.target(context.graph, input) else { return quote!() };
            let function = if self.written.insert(root) { quote!(copy_columns) } else { quote!(add_columns) };
            let width = context.width(input, axis);
            self.gradient_part(
                root,
                vec![Key::Gradient(id)],
                |target| quote!(kernels::#function(#d_output, #from_width, #column, #target, #width, 0, #width);),
            )
        });
        parts.collect()
    }

    fn unpack(&mut self, id: NodeId, part: usize) -> TokenStream {
        let d_output = self.context.variable(Key::Gradient(id));
        let [total, column, width] = self.context.part(part);
        self.gradient_part(
            0,
            vec![Key::Gradient(id)],
            |target| quote!(kernels::copy_columns(#d_output, #width, 0, #target, #total, #column, #width);),
        )
    }
}

/// The sums of one tile that the coupling layer in front of this segment needs.
fn statistics(context: &Context<'_>, cut: NodeId) -> TokenStream {
    let (receiver, call) = (context.receiver(cut), context.call(cut));
    let (forward, both) = (context.statistics_range(cut, false), context.backward_range(cut));
    let root = context.graph.root(context.node(cut).inputs[0]);
    let mut keys = vec![Key::Gradient(cut)];
    if !context.is_input(root) {
        keys.push(Key::Value(root));
    }
    let views = context.views(Run::Training, &keys);
    let (input, d_output) = (context.variable(Key::Value(root)), context.variable(Key::Gradient(cut)));
    quote! {{
        #views
        Coupled::backward_statistics(
            #receiver, &#call, pass, #input, #d_output, &statistics[#forward], &mut partial[#both],
        );
    }}
}
