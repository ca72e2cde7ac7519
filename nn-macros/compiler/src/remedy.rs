//! What would have fitted: a layer that wants more axes than arrive is told what took them away, and one whose window is
//! larger than an image with its channels first, where they belong.

use nn_core::spec::{OutputAxes, Shape, ShapeError, Value};

use crate::graph::{BuiltIn, Graph, NodeId, Op};
use crate::messages;

/// The help for a layer that would not refuse another input. Found by running the rules again.
pub(crate) fn remedy(graph: &Graph, id: NodeId, error: &ShapeError) -> Option<String> {
    match error {
        ShapeError::Rank { input, .. } => rank(graph, id, *input),
        ShapeError::Window { input, .. } => channels_last(graph, id, *input),
        _ => None,
    }
}

/// An input of the network that looks like an image with its channels in front, and would do with them behind.
fn channels_last(graph: &Graph, id: NodeId, arrived: Shape) -> Option<String> {
    let node = &graph.nodes[id];
    let &[input] = node.inputs.as_slice() else { return None };
    let &[channels @ (1 | 3 | 4), height, width] = arrived.dims() else { return None };
    let is_input = matches!(graph.nodes[input].op, Op::Input | Op::Unpack(_));
    let turned = Shape::new(&[height, width, channels]);
    let refused = node.layer()?;
    let would_do = (refused.info.out_shape)(&refused.values()?, turned).is_ok();
    (is_input && height.min(width) > channels && would_do).then(|| messages::channels_last(turned))
}

/// The help for a layer that refuses the rank of its input, if one of the layers above it takes axes away, and the refused
/// one would do without that: with a flag of that layer left out, or without the layer.
fn rank(graph: &Graph, id: NodeId, arrived: Shape) -> Option<String> {
    let refused = graph.nodes[id].layer()?;
    let values = refused.values()?;
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
        let mut values = layer.values()?;
        values[index] = default;
        Some((argument.name, (layer.info.out_shape)(&values, input).ok()?))
    })
}
