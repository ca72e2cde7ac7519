//! Straight-line backward code: the forward steps in reverse, each adding to its parameters' gradient and handing the
//! gradient of its input on. What only the network's input would want is computed only when that is asked for.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::forward::match_segments;
use super::{Context, Run};
use crate::ast::Operator;
use crate::graph::{NodeId, Op};
use crate::plan::{Key, backward_reads};

/// One arm for each segment, to be run from the last to the first.
pub(crate) fn segments(context: &Context<'_>) -> TokenStream {
    let cuts = &context.cuts;
    let mut emitter = Emitter { context, written: HashSet::from([context.graph.root(context.graph.output)]) };
    let mut bodies: Vec<TokenStream> = Vec::new();
    for (segment, nodes) in context.segments().into_iter().enumerate().rev() {
        // The coupling layer that ends this segment's forward run has its sums by now; it goes first.
        let opening = cuts.get(segment).map(|cut| emitter.step(*cut));
        let steps = nodes.into_iter().rev().filter(|id| !context.node(*id).couples());
        let steps: TokenStream = steps.map(|id| emitter.step(id)).collect();
        let statistics = segment.checked_sub(1).map(|previous| statistics(context, cuts[previous]));
        bodies.push(quote!(#opening #steps #statistics));
    }
    bodies.reverse();
    match_segments(&bodies)
}

struct Emitter<'c> {
    context: &'c Context<'c>,
    /// The values whose gradient has its first part; later parts are added.
    written: HashSet<NodeId>,
}

impl Emitter<'_> {
    fn step(&mut self, id: NodeId) -> TokenStream {
        let context = self.context;
        let work = match &context.node(id).op {
            Op::Layer(_) | Op::Opaque(_) => self.layer(id),
            Op::Join(operator) => self.join(id, *operator),
            Op::Concat => self.concat(id),
            Op::Input => unreachable!("an input is no step"),
        };
        let (name, shape, d_output) = (&context.node(id).name, context.shape(id), context.variable(Key::Gradient(id)));
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
        let reads = backward_reads(context.graph, id);
        let is_first = self.written.insert(root);
        let target = if is_first { Key::Gradient(root) } else { Key::Term(root, id) };
        let is_input = matches!(context.node(root).op, Op::Input);
        let mut keys = vec![Key::Gradient(id)];
        if reads.input && !is_input {
            keys.push(Key::Value(root));
        }
        if reads.output {
            keys.push(Key::Value(id));
        }
        if !(is_input && is_first) {
            keys.push(target);
        }
        if !is_first && !is_input {
            keys.push(Key::Gradient(root));
        }
        let mut memory = Vec::new();
        if matches!(node.op, Op::Opaque(_)) {
            keys.push(Key::Tape(id));
            memory.push(quote!(tape));
        }
        if context.has_scratch(id) {
            memory.push(quote!(scratch: &mut *scratch));
        }
        if node.couples() {
            let range = context.statistics_range(id, true);
            memory.push(quote!(statistics: &statistics[#range]));
        }
        let memory =
            if memory.is_empty() { quote!(Memory::none()) } else { quote!(Memory { #(#memory,)* ..Memory::none() }) };
        let views = context.views(Run::Training, &keys);
        let (receiver, call) = (context.receiver(id), context.call(id));
        let (d_output, target_variable) = (context.variable(Key::Gradient(id)), context.variable(target));
        let input = if reads.input {
            let input = context.variable(Key::Value(root));
            quote!(#input)
        } else {
            quote!(&[])
        };
        let output = if reads.output {
            let output = context.variable(Key::Value(id));
            quote!(#output)
        } else {
            quote!(&[])
        };
        let gradient = match node.field().map(|field| &context.graph.fields[field].name) {
            Some(field) => quote!(gradient.as_deref_mut().map(|gradient| &mut gradient.#field)),
            None => quote!(::core::option::Option::None),
        };
        let d_input = match (is_input, is_first) {
            (true, true) => quote!(d_input.as_deref_mut()),
            _ if context.is_trained(root) => quote!(::core::option::Option::Some(&mut *#target_variable)),
            _ => quote!(wants_input.then_some(&mut *#target_variable)),
        };
        let sum = (!is_first).then(|| self.add_term(root));
        quote! {{
            #views
            let values = Activations { input: #input, output: #output };
            Layer::backward(#receiver, &#call, pass, values, #d_output, #d_input, #gradient, #memory);
            #sum
        }}
    }

    /// Adds a reader's part to a gradient that has its first part already.
    fn add_term(&self, root: NodeId) -> TokenStream {
        let context = self.context;
        let total = context.variable(Key::Gradient(root));
        if matches!(context.node(root).op, Op::Input) {
            return quote!(if let ::core::option::Option::Some(d_input) = d_input.as_deref_mut() {
                kernels::add_assign(d_input, term);
            });
        }
        let sum = quote!(kernels::add_assign(#total, term););
        if context.is_trained(root) { sum } else { quote!(if wants_input { #sum }) }
    }

    fn join(&mut self, id: NodeId, operator: Operator) -> TokenStream {
        let inputs = self.context.node(id).inputs.clone();
        let sides = [(inputs[0], inputs[1], false), (inputs[1], inputs[0], true)];
        sides.into_iter().map(|(side, other, is_right)| self.join_side(id, operator, side, other, is_right)).collect()
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
        let (root, other) = (context.graph.root(side), context.graph.root(other));
        let is_first = self.written.insert(root);
        let d_output = context.variable(Key::Gradient(id));
        let factor = context.variable(Key::Value(other));
        let work = |target: TokenStream| match (operator, is_first) {
            (Operator::Add, true) => quote!(#target.copy_from_slice(#d_output);),
            (Operator::Add, false) => quote!(kernels::add_assign(#target, #d_output);),
            (Operator::Subtract, true) if is_right => quote!(kernels::negate(#d_output, #target);),
            (Operator::Subtract, false) if is_right => quote!(kernels::subtract_assign(#target, #d_output);),
            (Operator::Subtract, true) => quote!(#target.copy_from_slice(#d_output);),
            (Operator::Subtract, false) => quote!(kernels::add_assign(#target, #d_output);),
            (Operator::Multiply, true) => quote!(kernels::multiply(#d_output, #factor, #target);),
            (Operator::Multiply, false) => quote!(kernels::add_product(#target, #d_output, #factor);),
        };
        let mut keys = vec![Key::Gradient(id)];
        if operator == Operator::Multiply && !matches!(context.node(other).op, Op::Input) {
            keys.push(Key::Value(other));
        }
        self.gradient_part(root, keys, work)
    }

    /// Wraps work that writes into, or adds to, the gradient of a value.
    fn gradient_part(
        &self,
        root: NodeId,
        mut keys: Vec<Key>,
        work: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let context = self.context;
        if matches!(context.node(root).op, Op::Input) {
            let (views, work) = (context.views(Run::Training, &keys), work(quote!(d_input)));
            return quote!(if let ::core::option::Option::Some(d_input) = d_input.as_deref_mut() { #views #work });
        }
        keys.push(Key::Gradient(root));
        let target = context.variable(Key::Gradient(root));
        let (views, work) = (context.views(Run::Training, &keys), work(quote!(#target)));
        if context.is_trained(root) { quote!({ #views #work }) } else { quote!(if wants_input { #views #work }) }
    }

    fn concat(&mut self, id: NodeId) -> TokenStream {
        let context = self.context;
        let d_output = context.variable(Key::Gradient(id));
        let from_width = context.width(id);
        let parts = context.columns(id).into_iter().map(|(input, column)| {
            let root = context.graph.root(input);
            let function = if self.written.insert(root) { quote!(copy_columns) } else { quote!(add_columns) };
            let width = context.width(input);
            self.gradient_part(
                root,
                vec![Key::Gradient(id)],
                |target| quote!(kernels::#function(#d_output, #from_width, #column, #target, #width, 0, #width);),
            )
        });
        parts.collect()
    }
}

/// The sums of one tile that the coupling layer in front of this segment needs.
fn statistics(context: &Context<'_>, cut: NodeId) -> TokenStream {
    let (receiver, call) = (context.receiver(cut), context.call(cut));
    let (forward, both) = (context.statistics_range(cut, false), context.backward_range(cut));
    let root = context.graph.root(context.node(cut).inputs[0]);
    let mut keys = vec![Key::Gradient(cut)];
    if !matches!(context.node(root).op, Op::Input) {
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
