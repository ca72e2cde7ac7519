//! AST → graph: every name is looked up, every layer and argument found, every layer named.

use std::collections::HashMap;

use nn_core::spec::{LAYERS, LayerInfo};
use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::{Expr as Constant, Ident};

use crate::argument;
use crate::ast::{Expr, LayerUse, Network, Operator};
use crate::constant::{self, Size};
use crate::diagnostics::{Diagnostics, Place};
use crate::graph::{BuiltIn, Field, Graph, Node, NodeId, Op, Opaque, path_text};
use crate::messages;
use crate::names::{NodeNames, snake_case};
use crate::suggest;

/// Builds the graph. After an error, what could not be built is marked invalid, and the rest is still there to be checked.
pub(crate) fn resolve(network: &Network, diagnostics: &mut Diagnostics) -> Graph {
    let mut resolver = Resolver::new(network, diagnostics);
    resolver.parameters();
    resolver.inputs();
    for binding in &network.lets {
        let node = resolver.expression(&binding.value);
        resolver.bind(&binding.name, node);
    }
    let output = network.result.as_ref().map_or(0, |result| resolver.expression(result));
    resolver.report_unused();
    let declared = resolver.declared();
    if resolver.fields.is_empty() && resolver.diagnostics.count() == resolver.errors_before && !network.is_broken {
        resolver.diagnostics.error(network.name.span(), messages::no_parameters(&network.name));
    }
    Graph { nodes: resolver.nodes, fields: resolver.fields, output, declared }
}

struct Resolver<'n> {
    network: &'n Network,
    diagnostics: &'n mut Diagnostics,
    errors_before: usize,
    nodes: Vec<Node>,
    fields: Vec<Field>,
    /// What a name means, and how to say so.
    names: HashMap<String, Meaning>,
    node_names: NodeNames,
}

enum Meaning {
    Value { node: NodeId, span: Span, is_used: bool, is_input: bool },
    Layer { field: usize },
    Parameter,
}

impl Meaning {
    fn describe(&self) -> &'static str {
        match self {
            Self::Value { is_input: true, .. } => "an input",
            Self::Value { .. } => "a value",
            Self::Layer { .. } => "a layer",
            Self::Parameter => "a size",
        }
    }
}

impl<'n> Resolver<'n> {
    fn new(network: &'n Network, diagnostics: &'n mut Diagnostics) -> Self {
        let errors_before = diagnostics.count();
        let names = network.parameters.iter().map(|name| (name.to_string(), Meaning::Parameter)).collect();
        Self {
            network,
            diagnostics,
            errors_before,
            nodes: Vec::new(),
            fields: Vec::new(),
            names,
            node_names: NodeNames::new(network),
        }
    }

    /// The network's own sizes stand beside the scalar `T` in the emitted generics.
    fn parameters(&mut self) {
        for name in self.network.parameters.iter().filter(|name| *name == "T") {
            self.diagnostics.error(name.span(), messages::duplicate_name(name, "the scalar type"));
        }
    }

    fn inputs(&mut self) {
        let network = self.network;
        for (index, input) in network.inputs.iter().enumerate() {
            if index > 0 {
                self.diagnostics.error(input.name.span(), messages::one_input_only(&input.name));
                continue;
            }
            let axes = self.sizes(&input.axes, &format!("input `{}`", input.name), input.name.span());
            let is_invalid = axes.is_none();
            let name = input.name.unraw().to_string();
            let span = input.name.span();
            let node =
                self.push(Node { name, span, op: Op::Input, inputs: vec![], axes, is_invalid, is_fused_away: false });
            if let Some(taken) = self.names.get(&input.name.to_string()) {
                self.diagnostics.error(span, messages::duplicate_name(&input.name, taken.describe()));
            }
            let meaning = Meaning::Value { node, span, is_used: false, is_input: true };
            self.names.insert(input.name.to_string(), meaning);
        }
        if network.inputs.is_empty() {
            self.diagnostics.error(network.name.span(), messages::expected_inputs(&network.name));
            let (name, span) = ("input".to_owned(), network.name.span());
            self.push(Node {
                name,
                span,
                op: Op::Input,
                inputs: vec![],
                axes: None,
                is_invalid: true,
                is_fused_away: false,
            });
        }
    }

    fn declared(&mut self) -> Vec<Size> {
        let network = self.network;
        self.sizes(&network.output, "the declared output", network.output_span).unwrap_or_default()
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

    fn push(&mut self, node: Node) -> NodeId {
        self.node_names.insert(&node.name);
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Adds the value that an operation makes; without an operation (an error), one of which nothing more is said.
    fn value(&mut self, op: Option<Op>, name: &str, span: Span, inputs: Vec<NodeId>) -> NodeId {
        let is_invalid = op.is_none();
        let name = self.node_names.free(name);
        let op = op.unwrap_or(Op::Concat);
        self.push(Node { name, span, op, inputs, axes: None, is_invalid, is_fused_away: false })
    }

    fn expression(&mut self, expression: &Expr) -> NodeId {
        match expression {
            Expr::Name(name) => self.look_up(name),
            Expr::Chain { from, layers } => {
                let mut node = self.expression(from);
                for layer in layers {
                    node = self.layer(layer, node);
                }
                node
            }
            Expr::Join { first, rest } => {
                let mut left = self.expression(first);
                for (operator, span, value) in rest {
                    let right = self.expression(value);
                    left = self.value(Some(Op::Join(*operator)), join_name(*operator), *span, vec![left, right]);
                }
                left
            }
            Expr::Concat { span, operands } => {
                let inputs: Vec<NodeId> = operands.iter().map(|operand| self.expression(operand)).collect();
                if inputs.len() < 2 {
                    self.diagnostics.error(*span, messages::concat_of_one());
                    return self.value(None, "concat", *span, inputs);
                }
                self.value(Some(Op::Concat), "concat", *span, inputs)
            }
        }
    }

    fn look_up(&mut self, name: &Ident) -> NodeId {
        if let Some(Meaning::Value { node, is_used, .. }) = self.names.get_mut(&name.to_string()) {
            *is_used = true;
            return *node;
        }
        let values: Vec<String> = self.value_names();
        let suggestion = suggest::closest(&name.to_string(), values.iter().map(String::as_str)).map(str::to_owned);
        if let Some(Meaning::Value { is_used, .. }) = suggestion.as_ref().and_then(|name| self.names.get_mut(name)) {
            // The likely meaning counts as used: one mistake, one error.
            *is_used = true;
        }
        self.diagnostics.error(name.span(), messages::unknown_value(name, suggestion.as_deref(), &values));
        self.value(None, "unknown", name.span(), vec![])
    }

    fn value_names(&self) -> Vec<String> {
        let values = self.names.iter().filter(|(_, meaning)| matches!(meaning, Meaning::Value { .. }));
        let mut names: Vec<String> = values.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }

    /// `let name = …`: a name may be bound anew once its value has been used.
    fn bind(&mut self, name: &Ident, node: NodeId) {
        let span = name.span();
        match self.names.get(&name.to_string()) {
            Some(Meaning::Value { is_used: true, .. }) | None => {}
            Some(Meaning::Value { span, is_input: false, .. }) => {
                self.diagnostics.error(*span, messages::shadowed_unused(name));
            }
            Some(Meaning::Value { span, .. }) => self.diagnostics.error(*span, messages::unused_input(name)),
            Some(taken) => self.diagnostics.error(span, messages::duplicate_name(name, taken.describe())),
        }
        self.names.insert(name.to_string(), Meaning::Value { node, span, is_used: false, is_input: false });
    }

    fn report_unused(&mut self) {
        let mut unused: Vec<(NodeId, Span, String, bool)> = Vec::new();
        for (name, meaning) in &self.names {
            if let Meaning::Value { node, span, is_used: false, is_input } = meaning {
                unused.push((*node, *span, name.clone(), *is_input));
            }
        }
        unused.sort_by_key(|(node, ..)| *node);
        let is_broken = self.network.is_broken;
        for (_, span, name, is_input) in unused.into_iter().filter(|_| !is_broken) {
            let text = if is_input { messages::unused_input(&name) } else { messages::unused_value(&name) };
            self.diagnostics.error(span, text);
        }
    }

    fn layer(&mut self, layer: &LayerUse, input: NodeId) -> NodeId {
        let span = layer.path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
        let Some(name) = layer.path.get_ident() else { return self.opaque(layer, input, span) };
        if let Some(info) = LAYERS.iter().find(|info| *name == info.name) {
            return self.built_in(info, name, layer, input);
        }
        match self.names.get(&name.to_string()) {
            Some(Meaning::Layer { field }) => {
                let field = *field;
                return self.again(name, field, layer, input);
            }
            Some(Meaning::Value { .. }) => {
                self.diagnostics.error(name.span(), messages::value_as_layer(name));
                self.look_up(name);
            }
            _ => {
                let candidates = LAYERS.iter().map(|info| info.name);
                let layers = self.fields.iter().map(|field| field.name.to_string()).collect::<Vec<_>>();
                let candidates = candidates.chain(layers.iter().map(String::as_str));
                let suggestion = suggest::closest(&name.to_string(), candidates);
                self.diagnostics.error(name.span(), messages::unknown_layer(name, suggestion));
            }
        }
        self.value(None, "unknown", span, vec![input])
    }

    fn built_in(&mut self, info: &'static LayerInfo, token: &Ident, layer: &LayerUse, input: NodeId) -> NodeId {
        let arguments =
            argument::resolve(token, info, layer.arguments.as_ref(), &self.network.parameters, self.diagnostics);
        let name = self.layer_name(layer, &snake_case(info.name));
        let field = (!info.type_arguments.is_empty()).then(|| self.add_field(&name));
        let op = arguments
            .map(|arguments| Op::Layer(BuiltIn { info, token: token.clone(), arguments, field, activation: None }));
        self.named_value(op, name, token.span(), input)
    }

    /// A layer of the user's own, or a network: by its path.
    fn opaque(&mut self, layer: &LayerUse, input: NodeId, span: Span) -> NodeId {
        let title = path_text(&layer.path);
        let named = layer.arguments.iter().flatten().find_map(|argument| argument.name.as_ref());
        if let Some(name) = named {
            self.diagnostics.error(name.span(), messages::named_for_own_layer(&title));
        }
        let last = layer.path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string());
        let name = self.layer_name(layer, &snake_case(&last));
        let field = self.add_field(&name);
        let arguments = layer.arguments.as_ref();
        let arguments = arguments.map(|arguments| arguments.iter().map(|argument| argument.tokens.clone()).collect());
        let op = Op::Opaque(Opaque { path: layer.path.clone(), arguments, field });
        self.named_value(Some(op), name, span, input)
    }

    /// `-> fc`: a layer that stands above, with the same parameters.
    fn again(&mut self, name: &Ident, field: usize, layer: &LayerUse, input: NodeId) -> NodeId {
        if layer.arguments.is_some() || layer.name.is_some() {
            self.diagnostics.error(name.span(), messages::reused_with_arguments(name));
        }
        let first = &self.nodes[self.fields[field].node];
        let op = match &first.op {
            _ if first.is_invalid => None,
            Op::Layer(layer) if layer.info.couples => {
                self.diagnostics.error(name.span(), messages::reused_stateless(name));
                None
            }
            Op::Layer(layer) => Some(Op::Layer(BuiltIn {
                info: layer.info,
                token: Ident::new(layer.info.name, name.span()),
                arguments: layer.arguments.clone(),
                field: Some(field),
                activation: None,
            })),
            Op::Opaque(opaque) => {
                let (path, arguments) = (opaque.path.clone(), opaque.arguments.clone());
                Some(Op::Opaque(Opaque { path, arguments, field }))
            }
            _ => None,
        };
        self.value(op, &name.unraw().to_string(), name.span(), vec![input])
    }

    fn named_value(&mut self, op: Option<Op>, name: Ident, span: Span, input: NodeId) -> NodeId {
        let is_invalid = op.is_none();
        let op = op.unwrap_or(Op::Concat);
        let name = name.unraw().to_string();
        self.push(Node { name, span, op, inputs: vec![input], axes: None, is_invalid, is_fused_away: false })
    }

    fn add_field(&mut self, name: &Ident) -> usize {
        let field = self.fields.len();
        self.fields.push(Field { name: name.clone(), node: self.nodes.len() });
        self.names.entry(name.to_string()).or_insert(Meaning::Layer { field });
        field
    }

    /// The name that the user gave, if it is free, or a generated one.
    fn layer_name(&mut self, layer: &LayerUse, base: &str) -> Ident {
        let Some(name) = &layer.name else { return Ident::new(&self.node_names.free(base), Span::call_site()) };
        let text = name.to_string();
        let taken = self.names.get(&text).map(Meaning::describe);
        let taken = taken.or_else(|| self.node_names.has(name).then_some("a layer"));
        if let Some(what) = taken {
            self.diagnostics.error(name.span(), messages::duplicate_name(name, what));
        }
        name.clone()
    }
}

fn join_name(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "sum",
        Operator::Subtract => "difference",
        Operator::Multiply => "product",
    }
}
