//! Rules beyond shapes: one function a rule, with the reason above it.

use nn_core::spec::{Kind, Shape, ShapeError};
use proc_macro2::TokenTree;

use crate::ast::Network;
use crate::constant::{self, Size};
use crate::diagnostics::Diagnostics;
use crate::emit::{COUNTS, mentioned};
use crate::flow::Flow;
use crate::graph::{Graph, Node, Op};
use crate::messages;
use crate::stream::streaming;
use crate::suggest;

/// Runs every rule.
pub(crate) fn check(network: &Network, graph: &Graph, diagnostics: &mut Diagnostics) {
    declared_output(network, graph, diagnostics);
    normalised_twice(graph, diagnostics);
    budgets(network, diagnostics);
    streams(network, graph, diagnostics);
}

/// A network that is said to go through a sequence step by step has layers that can.
fn streams(network: &Network, graph: &Graph, diagnostics: &mut Diagnostics) {
    let is_whole = !network.is_broken && !graph.is_broken() && diagnostics.count() == 0;
    if network.stream.is_some()
        && is_whole
        && let Err(fault) = streaming(network, graph)
    {
        diagnostics.error(fault.span, fault.message);
    }
}

/// An `assert` without a count of the network's own would hold or fail whatever the network is.
fn budgets(network: &Network, diagnostics: &mut Diagnostics) {
    for budget in &network.budgets {
        if mentioned(&budget.condition).is_empty() {
            let words = budget.condition.clone().into_iter().filter_map(|token| match token {
                TokenTree::Ident(word) => Some(word.to_string()),
                _ => None,
            });
            let words: Vec<String> = words.collect();
            let suggestion = words.iter().find_map(|word| suggest::closest(word, COUNTS));
            diagnostics.error(budget.place, messages::assert_without_count(&budget.condition, suggestion, &COUNTS));
        } else if !network.parameters.is_empty() && network.instances.is_empty() {
            diagnostics.error(budget.place, messages::assert_without_instances(&network.name));
        }
    }
}

/// The declared output is a promise to the caller: a network that gives another shape is wrong where it was declared.
fn declared_output(network: &Network, graph: &Graph, diagnostics: &mut Diagnostics) {
    if network.is_broken || network.body.result.is_none() {
        return;
    }
    if let Some(index) = in_another_order(graph) {
        let (output, name) = (&graph.outputs[index], network.outputs[index].name.as_ref());
        let found = graph.nodes[output.node].axes.as_deref().map(text).unwrap_or_default();
        let title = name.map_or_else(String::new, ToString::to_string);
        let names: Vec<String> =
            network.outputs.iter().filter_map(|output| Some(output.name.as_ref()?.to_string())).collect();
        diagnostics.error(output.span, messages::output_order(&title, &names, &text(&output.declared), &found));
        return;
    }
    for (index, output) in graph.outputs.iter().enumerate() {
        let node = &graph.nodes[output.node];
        let Some(axes) = node.axes.as_ref().filter(|_| !node.is_invalid && !output.declared.is_empty()) else {
            continue;
        };
        let differs = |(found, declared): (&Size, &Size)| match (found.known(), declared.known()) {
            (Some(found), Some(declared)) => found != declared,
            _ => false,
        };
        if axes.len() == output.declared.len() && !axes.iter().zip(&output.declared).any(differs) {
            continue;
        }
        let shape = |sizes: &[Size]| -> Option<Shape> {
            let sizes: Option<Vec<usize>> = sizes.iter().map(Size::known).collect();
            sizes.map(|sizes| Shape::new(&sizes))
        };
        let name = network.outputs.get(index).and_then(|output| output.name.as_ref());
        let title = name.map_or_else(String::new, ToString::to_string);
        let message = match (shape(axes), shape(&output.declared)) {
            (Some(found), Some(declared)) => {
                ShapeError::Declared { found, declared }.message(&title).as_str().to_owned()
            }
            _ => messages::declared_symbolic(&text(axes), &text(&output.declared)),
        };
        diagnostics.error(output.span, message);
    }
}

/// The first output with another shape than declared, where all shapes are there but in another order.
fn in_another_order(graph: &Graph) -> Option<usize> {
    let found: Option<Vec<String>> =
        graph.outputs.iter().map(|output| graph.nodes[output.node].axes.as_deref().map(text)).collect();
    let (found, declared) = (found?, graph.outputs.iter().map(|output| text(&output.declared)).collect::<Vec<_>>());
    let is_known = graph.outputs.iter().all(|output| graph.nodes[output.node].shape().is_some());
    let sorted = |shapes: &[String]| {
        let mut shapes = shapes.to_vec();
        shapes.sort();
        shapes
    };
    let first = found.iter().zip(&declared).position(|(found, declared)| found != declared)?;
    (is_known && sorted(&found) == sorted(&declared)).then_some(first)
}

/// A layer whose gradient is stopped on every way to the outputs would stay as it is without a word.
pub(crate) fn reachability(graph: &Graph, diagnostics: &mut Diagnostics) {
    let flow = Flow::new(graph);
    let mut is_trained = vec![false; graph.fields.len()];
    // What only leads to a result that is dropped stays as it is, as it would elsewhere: a block has all its layers.
    for field in graph.nodes.iter().filter(|node| node.is_dropped).filter_map(Node::field) {
        is_trained[field] = true;
    }
    for (id, node) in graph.nodes.iter().enumerate().filter(|(id, _)| flow.runs(*id)) {
        if let Some(field) = node.field() {
            is_trained[field] |= graph.has_trained_field(id);
        }
    }
    for (field, _) in
        graph.fields.iter().zip(is_trained).filter(|(field, is_trained)| !is_trained && !field.marks.frozen)
    {
        let node = &graph.nodes[field.node];
        diagnostics.error(node.span, messages::never_trained(&node.title()));
    }
}

fn text(axes: &[Size]) -> String {
    format!("[{}]", constant::axes_text(axes))
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
