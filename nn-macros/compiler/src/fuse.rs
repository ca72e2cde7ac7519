//! Fusion: a point-wise function behind an affine layer becomes part of that layer's kernel.

use nn_core::spec::Form;

use crate::graph::{Graph, NodeId, Op};

/// Rewrites the graph; the shapes stay.
pub(crate) fn fuse(mut graph: Graph) -> Graph {
    for id in 0..graph.nodes.len() {
        if let Some(affine) = affine_in_front(&graph, id) {
            absorb(&mut graph, affine, id);
        }
    }
    graph
}

/// The affine layer that can take over this point-wise node: nobody else may read its result, and the derivative must
/// follow from the function's value, since the argument is never stored.
fn affine_in_front(graph: &Graph, id: NodeId) -> Option<NodeId> {
    let Op::Layer(pointwise) = &graph.nodes[id].op else { return None };
    if pointwise.info.form != Form::Pointwise || pointwise.info.reads.input {
        return None;
    }
    let input = graph.nodes[id].inputs[0];
    let Op::Layer(affine) = &graph.nodes[input].op else { return None };
    let readers = graph.nodes.iter().filter(|node| !node.is_fused_away && node.inputs.contains(&input)).count();
    let is_free = affine.info.form == Form::Affine && affine.activation.is_none();
    (is_free && readers == 1 && graph.output != input).then_some(input)
}

fn absorb(graph: &mut Graph, affine: NodeId, pointwise: NodeId) {
    let Op::Layer(layer) = &graph.nodes[pointwise].op else { return };
    let activation = (layer.info, layer.arguments.clone());
    if let Op::Layer(layer) = &mut graph.nodes[affine].op {
        layer.activation = Some(activation);
    }
    graph.nodes[pointwise].is_fused_away = true;
    for node in &mut graph.nodes {
        for input in node.inputs.iter_mut().filter(|input| **input == pointwise) {
            *input = affine;
        }
    }
    if graph.output == pointwise {
        graph.output = affine;
    }
}
