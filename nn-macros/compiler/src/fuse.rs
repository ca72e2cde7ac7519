//! Fusion: a point-wise function behind an affine layer becomes part of that layer's kernel, and so does a pool.
//!
//! The graph stays as it was written: layers that have been taken over are marked, and have the memory of the one that took
//! them ([`Graph::root`]).

use nn_core::spec::{Form, Value};

use crate::argument::ArgumentValue;
use crate::graph::{Fused, Graph, NodeId, Op};

/// Marks what is fused.
pub(crate) fn fuse(mut graph: Graph) -> Graph {
    let readers = readers(&graph);
    for id in 0..graph.nodes.len() {
        let Some(head) = layer_in_front(&graph, id, &readers) else { continue };
        if let Some(activation) = activation_for(&graph, id, head) {
            match &mut graph.nodes[head].op {
                Op::Layer(layer) => layer.activation = Some(activation),
                Op::Tied(tied) => tied.activation = Some(activation),
                _ => {}
            }
            graph.nodes[id].is_fused_away = true;
        } else if is_pool_for(&graph, id, head)
            && let Op::Layer(layer) = &mut graph.nodes[head].op
        {
            layer.pool = Some(id);
            graph.nodes[id].is_fused_away = true;
        }
    }
    graph
}

/// How many read each value: an output has a reader outside.
pub(crate) fn readers(graph: &Graph) -> Vec<usize> {
    let mut readers = vec![0; graph.nodes.len()];
    for node in &graph.nodes {
        let twice = |index: usize| node.inputs[..index].contains(&node.inputs[index]);
        (0..node.inputs.len()).filter(|index| !twice(*index)).for_each(|index| readers[node.inputs[index]] += 1);
    }
    graph.outputs.iter().for_each(|output| readers[output.node] += 1);
    readers
}

/// The layer with a kernel whose result, as far as it has been fused, nobody but this node reads.
fn layer_in_front(graph: &Graph, id: NodeId, readers: &[usize]) -> Option<NodeId> {
    let input = *graph.nodes[id].inputs.first()?;
    (readers[input] == 1).then(|| graph.head(input))
}

/// A point-wise node, for an affine layer that has none yet: the derivative must follow from the function's value, since
/// the argument is never stored.
fn activation_for(graph: &Graph, id: NodeId, head: NodeId) -> Option<Fused> {
    let layer = graph.nodes[id].layer()?;
    let is_free = match &graph.nodes[head].op {
        Op::Layer(affine) => affine.info.form == Form::Affine && affine.activation.is_none(),
        Op::Tied(tied) => tied.activation.is_none(),
        _ => false,
    };
    let is_taken = is_free && layer.info.form == Form::Pointwise && !layer.info.reads.input;
    is_taken.then(|| (layer.info, layer.token.clone(), layer.arguments.clone()))
}

/// Whether a node is a pool that the layer can take over. Its kernel pools first: a function in between must change places
/// with a maximum.
fn is_pool_for(graph: &Graph, id: NodeId, head: NodeId) -> bool {
    let (Op::Layer(pool), Op::Layer(layer)) = (&graph.nodes[id].op, &graph.nodes[head].op) else { return false };
    let asked: Vec<Value> = layer.arguments.iter().map(ArgumentValue::known_or_not_one).collect();
    let is_free = (layer.info.pools)(&asked) && layer.pool.is_none();
    is_free
        && layer.activation.as_ref().is_none_or(|(function, ..)| function.increasing)
        && pool.values().is_some_and(|values| (pool.info.absorbed)(&values))
}
