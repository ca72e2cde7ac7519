//! What would have fitted: a layer that wants more axes than arrive is told what took them away.

use nn_core::spec::{OutputAxes, Shape, ShapeError, Value};

use crate::argument::ArgumentValue;
use crate::graph::{BuiltIn, Graph, NodeId};
use crate::messages;

/// The help for a layer that refuses the rank of its input, if one of the layers above it takes axes away, and the refused
/// one would do without that. Found by running the rules again: with a flag of that layer left out, then without the layer.
pub(crate) fn remedy(graph: &Graph, id: NodeId, error: &ShapeError) -> Option<String> {
    let ShapeError::Rank { input: arrived, .. } = error else { return None };
    let refused = graph.nodes[id].layer()?;
    let values = values(refused)?;
    let would_do = |shape: Shape| shape.rank() > arrived.rank() && (refused.info.out_shape)(&values, shape).is_ok();
    let mut below = id;
    loop {
        let &[above] = graph.nodes[below].inputs.as_slice() else { return None };
        let node = &graph.nodes[above];
        let layer = node.layer()?;
        let &[input] = node.inputs.as_slice() else { return None };
        let input = graph.nodes[input].shape()?;
        if let Some((flag, shape)) = without_a_flag(layer, input).find(|(_, shape)| would_do(*shape)) {
            return Some(messages::fits_without_flag(flag, &node.title(), shape));
        }
        if would_do(input) {
            return Some(messages::fits_without_layer(&node.title(), input));
        }
        // Below a layer that keeps all axes, another one may have taken them.
        if !matches!(layer.info.axes, OutputAxes::Same) {
            return None;
        }
        below = above;
    }
}

/// What the layer would give with each of its written flags left out.
fn without_a_flag(layer: &BuiltIn, input: Shape) -> impl Iterator<Item = (&'static str, Shape)> {
    let written = layer.info.arguments.iter().zip(&layer.arguments).enumerate();
    written.filter_map(move |(index, (argument, value))| {
        let (Some(_), Some(Value::Flag(true)), Some(default @ Value::Flag(false))) =
            (value.place, value.value(), argument.default)
        else {
            return None;
        };
        let mut values = values(layer)?;
        values[index] = default;
        Some((argument.name, (layer.info.out_shape)(&values, input).ok()?))
    })
}

fn values(layer: &BuiltIn) -> Option<Vec<Value>> {
    layer.arguments.iter().map(ArgumentValue::value).collect()
}
