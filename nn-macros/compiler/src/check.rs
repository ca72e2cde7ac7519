//! Rules beyond shapes: one function a rule, with the reason above it.

use nn_core::spec::{Kind, Shape, ShapeError};

use crate::ast::Network;
use crate::constant::Size;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Op};
use crate::messages;

/// Runs every rule.
pub(crate) fn check(network: &Network, graph: &Graph, diagnostics: &mut Diagnostics) {
    declared_output(network, graph, diagnostics);
    normalised_twice(graph, diagnostics);
}

/// The declared output is a promise to the caller: a network that gives another shape is wrong where it was declared.
fn declared_output(network: &Network, graph: &Graph, diagnostics: &mut Diagnostics) {
    let Some(output) = graph.nodes.get(graph.output) else { return };
    let Some(axes) = &output.axes else { return };
    if output.is_invalid || network.is_broken || network.result.is_none() || graph.declared.is_empty() {
        return;
    }
    let differs = |(found, declared): (&Size, &Size)| match (found.known(), declared.known()) {
        (Some(found), Some(declared)) => found != declared,
        _ => false,
    };
    if axes.len() == graph.declared.len() && !axes.iter().zip(&graph.declared).any(differs) {
        return;
    }
    let shape = |sizes: &[Size]| -> Option<Shape> {
        let sizes: Option<Vec<usize>> = sizes.iter().map(Size::known).collect();
        sizes.map(|sizes| Shape::new(&sizes))
    };
    let message = match (shape(axes), shape(&graph.declared)) {
        (Some(found), Some(declared)) => {
            ShapeError::Declared { found, declared }.message(&network.name.to_string()).as_str().to_owned()
        }
        _ => messages::declared_symbolic(&text(axes), &text(&graph.declared)),
    };
    diagnostics.error(network.output_span, message);
}

fn text(axes: &[Size]) -> String {
    let axes: Vec<String> = axes.iter().map(ToString::to_string).collect();
    format!("[{}]", axes.join(", "))
}

/// Softmax of probabilities is nearly uniform and trains badly: it is always a mistake.
fn normalised_twice(graph: &Graph, diagnostics: &mut Diagnostics) {
    for node in &graph.nodes {
        let Op::Layer(layer) = &node.op else { continue };
        if !matches!(layer.info.name, "Softmax" | "LogSoftmax") || node.is_invalid {
            continue;
        }
        let before = graph.root(node.inputs[0]);
        if let Op::Layer(previous) = &graph.nodes[before].op
            && matches!(previous.info.kind, Some(Kind::Probabilities | Kind::LogProbabilities))
            && previous.info.name != "Sigmoid"
        {
            diagnostics.error(node.span, messages::double_softmax(layer.info.name, previous.info.name));
        }
    }
}
