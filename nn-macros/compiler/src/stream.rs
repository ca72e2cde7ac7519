//! `#[stream]`: a network that goes through a sequence step by step. The first axis of its inputs is time; here is found
//! which values belong to one step, and which layers keep a state from step to step.

use nn_core::spec::{ArgumentKind, Form, LayerInfo, OutputAxes, Padding, Stream, Value};
use proc_macro2::Span;

use crate::argument::ArgumentValue;
use crate::ast::Network;
use crate::graph::{BuiltIn, Graph, Node, NodeId, Op};
use crate::messages;

/// How a network goes through its input step by step.
pub(crate) struct Streaming {
    /// Of each node: whether its value has a part for each step. Others, behind the last state of a recurrent layer, are
    /// made anew by each step.
    pub in_time: Vec<bool>,
    /// The layers that keep a state.
    pub carriers: Vec<NodeId>,
    /// Whether there are no more steps than the input has.
    pub bounded: bool,
}

/// Why a network cannot be streamed, and where that stands.
pub(crate) struct Fault {
    pub span: Span,
    pub message: String,
}

/// Follows time through the graph.
pub(crate) fn streaming(network: &Network, graph: &Graph) -> Result<Streaming, Fault> {
    let fault = |span, message| Fault { span, message };
    let time = |input: NodeId| graph.nodes[input].axes.as_ref().and_then(|axes| axes.first());
    for (input, node) in network.inputs.iter().zip(&graph.inputs) {
        if let (Some(expected), Some(found)) = (time(graph.inputs[0]), time(*node))
            && !expected.is_same(found)
        {
            let message = messages::stream_times(&network.inputs[0].name, expected, &input.name, found);
            return Err(fault(input.name.span(), message));
        }
    }
    let mut streaming = Streaming { in_time: Vec::new(), carriers: Vec::new(), bounded: false };
    for id in 0..graph.nodes.len() {
        let node = &graph.nodes[id];
        let is_step = streaming.follow(graph, id).map_err(|message| fault(node.span, message))?;
        streaming.in_time.push(is_step);
    }
    Ok(streaming)
}

impl Streaming {
    /// Whether a node's value has a part for each step, from what is known of those before it.
    fn follow(&mut self, graph: &Graph, id: NodeId) -> Result<bool, String> {
        let node = &graph.nodes[id];
        let inputs: Vec<bool> = node.inputs.iter().map(|input| self.in_time[*input]).collect();
        if matches!(node.op, Op::Input | Op::Unpack(_)) {
            return Ok(true);
        }
        if !inputs.contains(&true) {
            return Ok(false);
        }
        if id >= graph.written {
            // Several outputs, flat and then one behind the other: a step gives a part of some and all of others.
            return Ok(id != graph.output);
        }
        let title = node.title();
        match &node.op {
            Op::Layer(layer) => self.layer(graph, id, layer),
            Op::Opaque(_) => Err(messages::stream_own(&title)),
            Op::Tied(_) if rank(graph, node.inputs[0]) == Some(1) => {
                Err(messages::stream_whole(&title, ACROSS_TIME, None))
            }
            Op::Join(_) | Op::Concat { .. } if inputs.contains(&false) => Err(messages::stream_mixed(&title)),
            Op::Concat { axis, .. } if *axis == 0 || rank(graph, node.inputs[0]) == Some(1) => {
                Err(messages::stream_whole(&title, "joins along time", None))
            }
            _ => Ok(true),
        }
    }

    fn layer(&mut self, graph: &Graph, id: NodeId, layer: &BuiltIn) -> Result<bool, String> {
        let node = &graph.nodes[id];
        let values: Vec<_> = layer.arguments.iter().map(ArgumentValue::known_or_not_one).collect();
        match (layer.info.stream)(&values) {
            Stream::Each if acts_on_features(layer) && rank(graph, node.inputs[0]) == Some(1) => {
                Err(messages::stream_whole(&node.title(), ACROSS_TIME, None))
            }
            Stream::Each
                if matches!(layer.info.axes, OutputAxes::Given(_))
                    && rank(graph, id) != rank(graph, node.inputs[0]) =>
            {
                Err(messages::stream_whole(&node.title(), "repeats a value along time, which it does not have", None))
            }
            Stream::Each => Ok(true),
            Stream::Carries { bounded } => {
                self.carriers.push(id);
                self.bounded |= bounded;
                Ok(rank(graph, id) == rank(graph, node.inputs[0]))
            }
            Stream::Whole(reason) => Err(match joined_by(graph, id) {
                Some(joining) => {
                    messages::stream_whole(joining, "takes a value beside the sequence that is no step of it", None)
                }
                None => messages::stream_whole(&node.title(), reason, cure(layer.info, &values).as_deref()),
            }),
        }
    }
}

/// What to write so that a layer goes step by step: an argument by which it sees no later step.
fn cure(info: &LayerInfo, values: &[Value]) -> Option<String> {
    let mut values = values.to_vec();
    info.arguments.iter().enumerate().find_map(|(index, argument)| {
        let (value, text) = match (argument.kind, values[index]) {
            (ArgumentKind::Padding, _) => (Value::Padding(Padding::Causal), "causal"),
            (ArgumentKind::Flag, Value::Flag(false)) => (Value::Flag(true), "true"),
            _ => return None,
        };
        let before = std::mem::replace(&mut values[index], value);
        let streams = !matches!((info.stream)(&values), Stream::Whole(_));
        values[index] = before;
        streams.then(|| format!("{} = {text}", argument.name))
    })
}

/// The layer of two values for which this one is brought into another shape: nobody has written that down.
fn joined_by(graph: &Graph, id: NodeId) -> Option<&'static str> {
    graph.nodes.iter().find_map(|node| match node.op {
        Op::Concat { layer, .. } if graph.nodes[id].is_view() && node.inputs.contains(&id) => layer,
        _ => None,
    })
}

const ACROSS_TIME: &str = "works on the last axis, which is time here";

/// Whether a layer looks at all of the last axis, and not at each element for itself.
fn acts_on_features(layer: &BuiltIn) -> bool {
    let is_single = matches!(layer.info.form, Form::Pointwise | Form::Elementwise);
    !is_single && !matches!(layer.info.axes, OutputAxes::Pushed(_))
}

fn rank(graph: &Graph, id: NodeId) -> Option<usize> {
    let node: &Node = &graph.nodes[id];
    node.axes.as_ref().map(Vec::len)
}
