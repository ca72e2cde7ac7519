//! The order of features where images are flattened, or made of features: PyTorch has channels first, and so another one. What
//! a layer's part says about it is what `Loading::torch` goes by.

use nn_core::spec::{Form, OutputAxes};
use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::constant::Size;
use crate::graph::{Graph, Node, NodeId, Op};

/// What is known of all nodes' features.
pub(crate) struct Order {
    /// Whether they stand in another order than in PyTorch.
    reordered: Vec<bool>,
    /// Whether an image is made of them.
    drawn: Vec<bool>,
    /// Whether their axes have been turned, behind which the order may be PyTorch's own.
    turned: Vec<bool>,
}

impl Order {
    pub(crate) fn of(graph: &Graph) -> Self {
        let (nodes, count) = (&graph.nodes, graph.nodes.len());
        let new = || vec![false; count];
        let mut order = Self { reordered: new(), drawn: new(), turned: new() };
        // Whether a sequence lies as channels first in PyTorch: convolutions leave it so, what reads step by step does not.
        let mut convolved = new();
        for (id, node) in nodes.iter().enumerate() {
            let of_inputs = |known: &[bool]| node.inputs.iter().any(|input| known[*input]);
            let inherits = |known: &[bool]| !makes_features(node) && of_inputs(known);
            convolved[id] = convolves(node) || (inherits(&convolved) && !attends(node));
            order.turned[id] = turns(node) || inherits(&order.turned);
            let flattens = of_inputs(&convolved) && flattens_sequence(graph, node);
            order.reordered[id] = inherits(&order.reordered) || reshapes(graph, node, false) || flattens;
        }
        for (id, node) in nodes.iter().enumerate().rev() {
            if reshapes(graph, node, true) || (order.drawn[id] && !makes_features(node)) {
                node.inputs.iter().for_each(|input| order.drawn[*input] = true);
            }
        }
        order
    }

    /// What a layer's part is followed by: the axes of the image that it sees flattened, or that the order is not known.
    pub(crate) fn of_part(&self, context: &Context<'_>, id: NodeId) -> TokenStream {
        let flattened = self.flattened(context, id);
        let is_mixed = || context.graph.nodes[id].inputs.iter().any(|input| self.reordered[*input]);
        let reordered = (self.drawn[id] || (flattened.is_none() && is_mixed())).then(|| quote!(.reordered()));
        quote!(#flattened #reordered)
    }

    /// The axes of what a layer sees flattened, where there were more than two.
    fn flattened(&self, context: &Context<'_>, id: NodeId) -> Option<TokenStream> {
        let graph = context.graph;
        let [input] = graph.nodes[id].inputs[..] else { return None };
        if !matches!(graph.nodes[id].op, Op::Layer(_)) {
            return None;
        }
        let mut node = &graph.nodes[input];
        while keeps_order(node) {
            node = &graph.nodes[*node.inputs.first()?];
        }
        let image = *node.inputs.first().filter(|_| node.is_view())?;
        let before = graph.nodes[image].axes.as_ref()?;
        if node.axes.as_ref()?.len() > 1 || before.len() < 3 || self.reordered[image] || self.turned[image] {
            return None;
        }
        let shape = super::constants::axes_tokens(&context.facade, before);
        Some(quote!(.flattened(#shape)))
    }
}

/// Whether a layer does to features the same in whatever order they come.
fn keeps_order(node: &Node) -> bool {
    let Op::Layer(layer) = &node.op else { return false };
    matches!(layer.info.form, Form::Pointwise | Form::Elementwise) || layer.info.symmetric
}

/// Whether a layer makes features of its own, in an order of its own.
fn makes_features(node: &Node) -> bool {
    match &node.op {
        Op::Layer(layer) => matches!(
            layer.info.axes,
            OutputAxes::LastFrom(_) | OutputAxes::Pushed(_) | OutputAxes::Steps { .. } | OutputAxes::Window(_, Some(_))
        ),
        Op::Opaque(_) | Op::Tied(_) | Op::Input | Op::Unpack(_) => true,
        Op::Join(_) | Op::Concat { .. } | Op::Stop => false,
    }
}

/// Whether a layer is a convolution: PyTorch has channels first in what it gives.
fn convolves(node: &Node) -> bool {
    let Op::Layer(layer) = &node.op else { return false };
    matches!(layer.info.axes, OutputAxes::Window(_, Some(_)) | OutputAxes::WindowTimes(..))
}

/// Whether a layer is attention, which has steps first in PyTorch, too.
fn attends(node: &Node) -> bool {
    matches!(&node.op, Op::Layer(layer) if layer.info.name == "Attention")
}

/// Whether a layer puts axes in another order.
fn turns(node: &Node) -> bool {
    matches!(&node.op, Op::Layer(layer) if matches!(layer.info.axes, OutputAxes::Permuted(_)))
}

/// Whether a node makes features of all steps of a sequence.
fn flattens_sequence(graph: &Graph, node: &Node) -> bool {
    let before = node.inputs.first().and_then(|input| graph.nodes[*input].axes.as_ref());
    let (Some(axes @ [_, _]), Some([_])) = (before.map(Vec::as_slice), node.axes.as_deref()) else { return false };
    // One step, or one channel, has no other order.
    node.is_view() && !axes.iter().any(|axis| matches!(axis, Size::Known(1)))
}

/// Whether a node makes features of an image's axes (or an image of features, if asked for that).
fn reshapes(graph: &Graph, node: &Node, is_drawn: bool) -> bool {
    let before = node.inputs.first().and_then(|input| graph.nodes[*input].axes.as_ref());
    let (Some(before), Some(after), true) = (before, node.axes.as_ref(), node.is_view()) else { return false };
    let (image, features) = if is_drawn { (after, before) } else { (before, after) };
    let (Some(channels), Some(last)) = (image.last(), features.last()) else { return false };
    // With one channel there is no other order; channels that stay are features of each position, as of patches.
    let is_kept = matches!(channels, Size::Known(1)) || channels.is_same(last);
    image.len() >= 3 && features.len() < image.len() && !is_kept
}
