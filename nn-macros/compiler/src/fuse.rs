//! Fusion: a point-wise function behind an affine layer becomes part of that layer's kernel.

use nn_core::spec::Form;

use crate::graph::{Graph, NodeId, Op};

/// Rewrites the graph; the shapes stay.
pub(crate) fn fuse(mut graph: Graph) -> Graph {
    let mut readers = vec![0; graph.nodes.len()];
    for node in &graph.nodes {
        let twice = |index: usize| node.inputs[..index].contains(&node.inputs[index]);
        (0..node.inputs.len()).filter(|index| !twice(*index)).for_each(|index| readers[node.inputs[index]] += 1);
    }
    // An output has a reader outside.
    graph.outputs.iter().for_each(|output| readers[output.node] += 1);
    // What stands for each node by now: itself, or the affine layer that took it over.
    let mut heirs: Vec<NodeId> = (0..graph.nodes.len()).collect();
    for id in 0..graph.nodes.len() {
        graph.nodes[id].inputs.iter_mut().for_each(|input| *input = heirs[*input]);
        if let Some(affine) = affine_in_front(&graph, id, &readers) {
            absorb(&mut graph, affine, id);
            heirs[id] = affine;
            readers[affine] = readers[id];
        }
    }
    graph.output = heirs[graph.output];
    graph.outputs.iter_mut().for_each(|output| output.node = heirs[output.node]);
    graph
}

/// The affine layer that can take over this point-wise node: nobody else may read its result, and the derivative must
/// follow from the function's value, since the argument is never stored.
fn affine_in_front(graph: &Graph, id: NodeId, readers: &[usize]) -> Option<NodeId> {
    let Op::Layer(pointwise) = &graph.nodes[id].op else { return None };
    if pointwise.info.form != Form::Pointwise || pointwise.info.reads.input {
        return None;
    }
    let input = graph.nodes[id].inputs[0];
    let is_free = match &graph.nodes[input].op {
        Op::Layer(affine) => affine.info.form == Form::Affine && affine.activation.is_none(),
        Op::Tied(tied) => tied.activation.is_none(),
        _ => false,
    };
    (is_free && readers[input] == 1).then_some(input)
}

fn absorb(graph: &mut Graph, affine: NodeId, pointwise: NodeId) {
    let Op::Layer(layer) = &graph.nodes[pointwise].op else { return };
    let activation = Some((layer.info, layer.token.clone(), layer.arguments.clone()));
    match &mut graph.nodes[affine].op {
        Op::Layer(layer) => layer.activation = activation,
        Op::Tied(tied) => tied.activation = activation,
        _ => {}
    }
    graph.nodes[pointwise].is_fused_away = true;
}
