//! AST → graph: every name is looked up, every layer and argument found, every layer named, every block written out.
//! A value's axes are inferred as soon as it stands in the graph, because blocks bind names to them.

mod arithmetic;
mod block;
mod function;
mod layer;
mod pair;
mod scope;
mod value;

use std::collections::{HashMap, HashSet};

use nn_core::spec::Shape;
use proc_macro2::{Ident, Span};
use syn::Expr as Constant;
use syn::ext::IdentExt as _;

use self::scope::{Meaning, Scope};
use crate::ast::{Block, Network, Output as Declared};
use crate::constant::{self, Size};
use crate::diagnostics::{Diagnostics, Place};
use crate::graph::{Graph, Node, NodeId, Op, Output};
use crate::marks::Marks;
use crate::messages;
use crate::names::{Identifiers, NodeNames};
use crate::shapes;

/// What the networks of one macro share: which blocks have been used, and which have been found faulty (each fault is
/// reported once); and what the networks above give out, for those that they stand in.
#[derive(Default)]
pub(crate) struct Surroundings {
    used: HashSet<String>,
    broken: HashSet<String>,
    outputs: HashMap<String, Shape>,
}

impl Surroundings {
    /// Remembers the shape that a network gives out, where it is known.
    pub(crate) fn add(&mut self, network: &Network, graph: &Graph) {
        if let Some(shape) = graph.nodes.get(graph.output).and_then(Node::shape) {
            self.outputs.insert(network.name.to_string(), shape);
        }
    }

    /// What stands behind `self::Name`, if that is a network of this macro.
    fn output(&self, path: &syn::Path) -> Option<Shape> {
        let mut segments = path.segments.iter();
        match (segments.next(), segments.next(), segments.next()) {
            (Some(first), Some(name), None) if first.ident == "self" && name.arguments.is_none() => {
                self.outputs.get(&name.ident.to_string()).copied()
            }
            _ => None,
        }
    }
}

/// Builds the graph. After an error, what could not be built is marked invalid, and the rest is still there to be checked.
pub(crate) fn resolve(
    network: &Network,
    blocks: &[Block],
    uses: &mut Surroundings,
    diagnostics: &mut Diagnostics,
) -> Graph {
    let mut resolver = Resolver::new(network, blocks, uses, diagnostics);
    resolver.parameters();
    resolver.inputs();
    resolver.statements(&network.body);
    let results = network.body.result.as_ref().map_or_else(|| vec![0], |result| resolver.values(result));
    // With a result missing, what should have been it is not used.
    let is_paired = results.len() == network.outputs.len();
    resolver.report_unused(network.is_broken || !is_paired);
    resolver.outputs(results);
    resolver.report_untrained();
    resolver.graph
}

/// Reports blocks that no network uses.
pub(crate) fn report_unused_blocks(blocks: &[Block], uses: &Surroundings, diagnostics: &mut Diagnostics) {
    for block in blocks.iter().filter(|block| !block.is_broken && !uses.used.contains(&block.name.to_string())) {
        diagnostics.error(block.name.span(), messages::unused_block(&block.name));
    }
}

struct Resolver<'n> {
    network: &'n Network,
    blocks: &'n [Block],
    uses: &'n mut Surroundings,
    diagnostics: &'n mut Diagnostics,
    errors_before: usize,
    graph: Graph,
    identifiers: Identifiers,
    /// The fields by their labels.
    fields: HashMap<String, usize>,
    scope: Scope<'n>,
    /// The blocks that are being written out, one inside the other.
    stack: Vec<String>,
}

impl<'n> Resolver<'n> {
    fn new(
        network: &'n Network,
        blocks: &'n [Block],
        uses: &'n mut Surroundings,
        diagnostics: &'n mut Diagnostics,
    ) -> Self {
        let errors_before = diagnostics.count();
        let names = network.parameters.iter().map(|name| (name.to_string(), Meaning::Parameter)).collect();
        let scope = Scope {
            names,
            node_names: NodeNames::new(network.inputs.iter().map(|input| &input.name), &network.body),
            path: Vec::new(),
            place: String::new(),
            constants: HashMap::new(),
            marks: Marks::default(),
            is_again: false,
        };
        let graph = Graph {
            nodes: vec![],
            fields: vec![],
            output: 0,
            inputs: vec![],
            outputs: vec![],
            declared: vec![],
            written: 0,
        };
        let (identifiers, fields) = (Identifiers::default(), HashMap::new());
        let stack = Vec::new();
        Self { network, blocks, uses, diagnostics, errors_before, graph, identifiers, fields, scope, stack }
    }

    /// The network's own sizes stand beside the scalar `T` in the emitted generics.
    fn parameters(&mut self) {
        let network = &self.network.name;
        for name in self.network.parameters.iter().chain([network]).filter(|name| *name == "T") {
            self.diagnostics.error(name.span(), messages::duplicate_name(name, "the scalar type"));
        }
        for name in self.network.parameters.iter().filter(|name| *name == network && *name != "T") {
            self.diagnostics.error(name.span(), messages::duplicate_name(name, "the network"));
        }
        self.report_twice(self.network.parameters.iter(), "a size");
        self.report_twice(self.network.outputs.iter().filter_map(|output| output.name.as_ref()), "an output");
    }

    fn report_twice<'i>(&mut self, names: impl Iterator<Item = &'i Ident>, what: &str) {
        let mut seen = HashSet::new();
        for name in names.filter(|name| !seen.insert(name.to_string())) {
            self.diagnostics.error(name.span(), messages::duplicate_name(name, what));
        }
    }

    fn inputs(&mut self) {
        let network = self.network;
        let axes: Vec<Option<Vec<Size>>> = network
            .inputs
            .iter()
            .map(|input| self.sizes(&input.axes, &format!("input `{}`", input.name), input.name.span()))
            .collect();
        match network.inputs.as_slice() {
            [] => {
                // The header has said so already, where it could be read.
                if !network.is_broken {
                    self.diagnostics.error(network.name.span(), messages::expected_inputs(&network.name));
                }
                self.add("input", network.name.span(), None, vec![]);
            }
            [input] => {
                let axes = axes.into_iter().next().flatten();
                let node = self.input("input", input.name.span(), Op::Input, vec![], axes);
                self.bind_input(&input.name, node);
            }
            inputs => {
                let total = axes.iter().all(Option::is_some).then(|| vec![shapes::total(axes.iter().flatten())]);
                let whole = self.input("inputs", network.name.span(), Op::Input, vec![], total);
                for (index, (input, axes)) in inputs.iter().zip(axes).enumerate() {
                    let name = input.name.unraw().to_string();
                    let node = self.input(&name, input.name.span(), Op::Unpack(index), vec![whole], axes);
                    self.bind_input(&input.name, node);
                }
            }
        }
    }

    fn input(&mut self, name: &str, span: Span, op: Op, inputs: Vec<NodeId>, axes: Option<Vec<Size>>) -> NodeId {
        let is_invalid = axes.is_none();
        let name = match &op {
            // A lone input keeps the name that the user gave.
            Op::Input if self.network.inputs.len() == 1 => self.network.inputs[0].name.unraw().to_string(),
            _ => name.to_owned(),
        };
        let node = self.push(&name, span, op, inputs);
        (self.graph.nodes[node].axes, self.graph.nodes[node].is_invalid) = (axes, is_invalid);
        node
    }

    fn bind_input(&mut self, name: &Ident, node: NodeId) {
        self.graph.inputs.push(node);
        let span = name.span();
        if let Some(taken) = self.scope.names.get(&name.to_string()) {
            self.diagnostics.error(span, messages::duplicate_name(name, taken.describe()));
        }
        let meaning = Meaning::Value { node, span, is_used: false, is_input: true };
        self.scope.names.insert(name.to_string(), meaning);
    }

    /// Pairs the results with the declared outputs; several are packed one behind the other.
    fn outputs(&mut self, results: Vec<NodeId>) {
        let network = self.network;
        let declared: Vec<Vec<Size>> = network.outputs.iter().map(|output| self.declared(output)).collect();
        self.graph.declared.clone_from(&declared);
        if results.len() != network.outputs.len() && network.body.result.is_some() && !network.is_broken {
            let message = messages::output_count(&network.name, network.outputs.len(), results.len());
            let span = network.outputs.first().map_or(network.name.span(), |output| output.span);
            if results.iter().all(|node| !self.graph.nodes[*node].is_invalid) {
                self.diagnostics.error(span, message);
            }
            return;
        }
        for ((output, declared), node) in network.outputs.iter().zip(declared).zip(&results) {
            self.graph.outputs.push(Output { node: *node, declared, span: output.span });
        }
        self.graph.written = self.graph.nodes.len();
        self.graph.output = match results.as_slice() {
            [] => 0,
            [one] => *one,
            several => {
                let span = network.name.span();
                let flat: Vec<NodeId> = several.iter().map(|node| self.flatten(*node, span)).collect();
                self.value(Some(Op::Concat { axis: 0, layer: None }), "outputs", span, flat)
            }
        };
        self.graph.find_dropped();
    }

    fn declared(&mut self, output: &Declared) -> Vec<Size> {
        let name = output.name.as_ref();
        let what = name.map_or_else(|| "the declared output".into(), |name| format!("output `{name}`"));
        self.sizes(&output.axes, &what, output.span).unwrap_or_default()
    }

    /// Axes that the user wrote.
    fn sizes(&mut self, axes: &[Constant], what: &str, span: Span) -> Option<Vec<Size>> {
        if axes.is_empty() || axes.len() > 4 {
            self.diagnostics.error(span, messages::bad_rank(what, axes.len()));
            return None;
        }
        let sizes: Vec<Option<Size>> = axes.iter().map(|axis| self.size(axis, what)).collect();
        sizes.into_iter().collect()
    }

    fn size(&mut self, axis: &Constant, what: &str) -> Option<Size> {
        let tokens = quote::quote!(#axis);
        let message = match constant::size(axis, &self.network.parameters) {
            Ok(Size::Known(0)) => messages::zero_axis(what),
            Ok(size) => return Some(size),
            Err(refusal) => refusal.message(&tokens, || messages::bad_size(&tokens)),
        };
        self.diagnostics.error(Place::of(axis), message);
        None
    }

    /// Adds a node under a name that is free in its scope, and infers its axes.
    fn push(&mut self, name: &str, span: Span, op: Op, inputs: Vec<NodeId>) -> NodeId {
        self.scope.node_names.insert(name);
        let label = self.scope.label(name);
        let name = self.identifiers.take(&label);
        let id = self.graph.nodes.len();
        let node = Node {
            name,
            label,
            span,
            op,
            inputs,
            axes: None,
            is_invalid: false,
            is_fused_away: false,
            is_dropped: false,
        };
        self.graph.nodes.push(node);
        if !matches!(self.graph.nodes[id].op, Op::Input | Op::Unpack(_)) {
            shapes::infer(self.network, &mut self.graph, id, self.diagnostics);
        }
        id
    }

    /// Adds a node; without an operation (an error), one of which nothing more is said.
    fn add(&mut self, name: &str, span: Span, op: Option<Op>, inputs: Vec<NodeId>) -> NodeId {
        let Some(op) = op else {
            let id = self.push(name, span, Op::Input, inputs);
            self.graph.nodes[id].is_invalid = true;
            return id;
        };
        self.push(name, span, op, inputs)
    }

    /// Adds the value that an operation makes, under a generated name.
    fn value(&mut self, op: Option<Op>, name: &str, span: Span, inputs: Vec<NodeId>) -> NodeId {
        let name = self.scope.node_names.free(name);
        self.add(&name, span, op, inputs)
    }

    /// A value of which nothing more is said.
    fn invalid(&mut self, span: Span) -> NodeId {
        self.value(None, "unknown", span, vec![])
    }

    /// A network without parameters cannot be trained, and is most likely not finished.
    fn report_untrained(&mut self) {
        let network = self.network;
        let is_clean = self.diagnostics.count() == self.errors_before && !network.is_broken && !self.graph.is_broken();
        if self.graph.fields.is_empty() && is_clean {
            self.diagnostics.error(network.name.span(), messages::no_parameters(&network.name));
        }
    }
}
