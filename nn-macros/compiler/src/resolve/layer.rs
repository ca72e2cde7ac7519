//! Layers: built-in ones, a user's own, layers applied again, tied ones, rows of them.

use nn_core::spec::{LAYERS, LayerInfo};
use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::{Expr as Constant, Path, PathSegment};

use super::Resolver;
use super::scope::{Meaning, substitute};
use crate::argument::{self, ArgumentValue};
use crate::ast::{Argument, LayerUse};
use crate::constant::{self, Size};
use crate::diagnostics::Place;
use crate::graph::{BuiltIn, Field, Node, NodeId, Op, Opaque, Segment, Tied, path_text};
use crate::marks::{self, Marks};
use crate::messages;
use crate::names::snake_case;
use crate::suggest::{self, Meant};

/// So many layers in a row at most: each is written out.
const LONGEST_ROW: usize = 4096;

impl<'n> Resolver<'n> {
    /// One application of what stands to the right of `->`.
    pub(super) fn layer(&mut self, layer: &'n LayerUse, inputs: &[NodeId]) -> Vec<NodeId> {
        let marks = Marks::read(&layer.attributes, self.diagnostics);
        if layer.repeat.is_some() {
            return self.row(layer, inputs, &marks);
        }
        self.apply(layer, inputs, &marks, None)
    }

    /// `[Layer; 4]`
    fn row(&mut self, layer: &'n LayerUse, inputs: &[NodeId], marks: &Marks) -> Vec<NodeId> {
        let span = span_of(&layer.path);
        let Some(count) = self.count(layer) else { return vec![self.invalid(span)] };
        let [input] = inputs[..] else {
            self.diagnostics.error(span, messages::row_of_several(inputs.len()));
            return vec![self.invalid(span)];
        };
        let last = layer.path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string());
        let name = self.layer_name(layer.name.as_ref(), &snake_case(&last));
        let is_plain = LAYERS.iter().any(|info| info.name == last && info.type_arguments.is_empty());
        self.scope.names.entry(name.to_string()).or_insert(Meaning::Repeat);
        let mut value = input;
        for index in 0..count {
            let before = self.diagnostics.count();
            let segment = Segment { name: name.clone(), place: Some((index, count)) };
            let results = self.apply(layer, &[value], marks, Some(segment));
            let shapes = [value, results[0]].map(|node| self.graph.nodes[node].axes.clone());
            if self.diagnostics.count() > before || self.graph.nodes[results[0]].is_invalid {
                return vec![self.invalid(span)];
            }
            if results.len() != 1 {
                self.diagnostics.error(span, messages::row_of_several(results.len()));
                return vec![self.invalid(span)];
            }
            if let [Some(from), Some(to)] = &shapes
                && count > 1
                && !is_plain
                && !(from.len() == to.len() && from.iter().zip(to).all(|(from, to)| from.is_same(to)))
            {
                self.diagnostics.error(
                    span,
                    messages::row_changes_shape(&name, &constant::axes_text(from), &constant::axes_text(to)),
                );
                return vec![self.invalid(span)];
            }
            value = results[0];
        }
        vec![value]
    }

    fn count(&mut self, layer: &LayerUse) -> Option<usize> {
        let written = layer.repeat.as_ref()?;
        let count = self.scope.substitute(written);
        match constant::size(&count, &self.network.parameters) {
            Ok(Size::Known(count)) if (1..=LONGEST_ROW).contains(&count) => Some(count),
            Ok(Size::Known(count)) => {
                self.diagnostics.error(Place::of(written), messages::row_length(count, LONGEST_ROW));
                None
            }
            _ => {
                self.diagnostics.error(Place::of(written), messages::row_count_unknown(&quote::quote!(#written)));
                None
            }
        }
    }

    /// Applies a layer once; `segment` says which one of a row it is.
    fn apply(
        &mut self,
        layer: &'n LayerUse,
        inputs: &[NodeId],
        marks: &Marks,
        segment: Option<Segment>,
    ) -> Vec<NodeId> {
        let Some(name) = layer.path.get_ident() else {
            let span = span_of(&layer.path);
            if self.is_misspelt_path(&layer.path) {
                return vec![self.invalid(span)];
            }
            let Some(input) = self.one_input(inputs, span) else { return vec![self.invalid(span)] };
            return vec![self.opaque(layer, input, marks, segment)];
        };
        if let Some(block) = self.blocks.iter().find(|block| block.name == *name) {
            return self.block(block, layer, inputs, marks, segment);
        }
        if let Some(Meaning::Block { block, arguments, segment }) = self.scope.names.get(&name.to_string()).cloned() {
            return self.block_again(name, block, arguments, segment, layer, inputs);
        }
        if let Some(of_two) = self.takes_two(name)
            && let [first, second] = *inputs
        {
            return vec![self.layer_of_two(of_two, name, layer, [first, second], marks, segment)];
        }
        if inputs.len() != 1 && !self.is_layer(name) {
            return vec![self.unknown_layer(name, layer, inputs)];
        }
        let Some(input) = self.one_input(inputs, name.span()) else { return vec![self.invalid(name.span())] };
        if name == "Tied" {
            return vec![self.tied(name, layer, input)];
        }
        if let Some(info) = LAYERS.iter().find(|info| *name == info.name) {
            return vec![self.built_in(info, name, layer, input, marks, segment)];
        }
        if let Some(Meaning::Layer { field }) = self.scope.names.get(&name.to_string()) {
            let field = *field;
            return vec![self.again(name, field, layer, input)];
        }
        vec![self.unknown_layer(name, layer, inputs)]
    }

    /// Whether it is built in, or stands above.
    fn is_layer(&self, name: &Ident) -> bool {
        let is_above = matches!(self.scope.names.get(&name.to_string()), Some(Meaning::Layer { .. }));
        is_above || name == "Tied" || LAYERS.iter().any(|info| *name == info.name)
    }

    /// `Dense<10>`, or `self::Residual` for a block: reports it.
    fn is_misspelt_path(&mut self, path: &Path) -> bool {
        let Some(PathSegment { ident: name, .. }) = path.segments.last() else { return false };
        let is_alone = path.segments.len() == 1 && path.leading_colon.is_none();
        let is_in_self = path.segments.len() == 2 && path.segments[0].ident == "self";
        let is_block = self.blocks.iter().any(|block| block.name == *name);
        let is_built_in = LAYERS.iter().any(|info| *name == info.name);
        let message = if is_alone && (is_block || is_built_in) {
            messages::generics_on_built_in(name, &path_text(path))
        } else if is_in_self && is_block {
            messages::block_with_path(name, &path_text(path))
        } else {
            return false;
        };
        self.uses.used.insert(name.to_string());
        self.diagnostics.error(name.span(), message);
        true
    }

    fn one_input(&mut self, inputs: &[NodeId], span: Span) -> Option<NodeId> {
        if let [input] = inputs {
            return Some(*input);
        }
        self.diagnostics.error(span, messages::layer_of_several(inputs.len()));
        None
    }

    /// Reports a layer that does not exist; what it gives has no shape.
    fn unknown_layer(&mut self, name: &Ident, layer: &LayerUse, inputs: &[NodeId]) -> NodeId {
        self.use_all(layer.arguments.as_deref().unwrap_or_default());
        self.report_unknown_layer(name, inputs.first().copied());
        self.value(None, "unknown", name.span(), inputs.to_vec())
    }

    fn report_unknown_layer(&mut self, name: &Ident, input: Option<NodeId>) {
        match self.scope.names.get(&name.to_string()) {
            Some(Meaning::Value { .. }) => {
                self.diagnostics.error(name.span(), messages::value_as_layer(name));
                self.look_up(name);
            }
            Some(Meaning::Repeat) => self.diagnostics.error(name.span(), messages::row_again(name)),
            _ if ["concat", "split", "stop_gradient"].contains(&snake_case(&name.to_string()).as_str()) => {
                self.diagnostics.error(name.span(), messages::function_as_layer(&snake_case(&name.to_string())));
            }
            _ if self.node(name).is_some() => {
                let kind = self.node(name).map(Node::kind).unwrap_or_default();
                self.diagnostics.error(name.span(), messages::without_parameters_again(name, &kind));
            }
            _ => {
                let fields: Vec<String> = self
                    .scope
                    .names
                    .iter()
                    .filter(|(_, meaning)| matches!(meaning, Meaning::Layer { .. } | Meaning::Block { .. }))
                    .map(|(name, _)| name.clone())
                    .collect();
                let blocks: Vec<String> = self.blocks.iter().map(|block| block.name.to_string()).collect();
                let built_in = LAYERS.iter().map(|info| info.name).chain(["Tied"]);
                let candidates = built_in.chain(blocks.iter().chain(&fields).map(String::as_str));
                let rank = input.and_then(|input| self.graph.nodes[input].axes.as_ref()).map(Vec::len);
                let text = name.to_string();
                let meant = suggest::advice(&text).or_else(|| suggest::layer(&text, rank, candidates).map(Meant::Name));
                self.diagnostics.error(name.span(), messages::unknown_layer(name, meant));
            }
        }
    }

    /// A layer of this scope that stands above.
    fn node(&self, name: &Ident) -> Option<&Node> {
        let label = self.scope.label(&name.unraw().to_string());
        self.graph.nodes.iter().find(|node| node.label == label && matches!(node.op, Op::Layer(_)))
    }

    fn built_in(
        &mut self,
        info: &'static LayerInfo,
        token: &Ident,
        layer: &LayerUse,
        input: NodeId,
        marks: &Marks,
        segment: Option<Segment>,
    ) -> NodeId {
        let arguments = self.arguments(info, token, layer, &[]);
        self.with_arguments(info, token, layer, arguments, input, marks, segment)
    }

    /// The values of a built-in layer's arguments. `joined` are those that follow from the two values that it takes.
    pub(super) fn arguments(
        &mut self,
        info: &'static LayerInfo,
        token: &Ident,
        layer: &LayerUse,
        joined: &[(&'static str, Size)],
    ) -> Option<Vec<ArgumentValue>> {
        let written = layer.arguments.as_ref();
        let written: Option<Vec<Argument>> =
            written.map(|all| all.iter().map(|argument| self.scope.argument(argument)).collect());
        if let Some(value) = written.iter().flatten().find_map(|argument| self.value_among(argument)) {
            self.use_all(written.as_deref().unwrap_or_default());
            let message = messages::value_as_argument(info.name, &value, info.joins.is_some());
            self.diagnostics.error(value.span(), message);
            return None;
        }
        argument::resolve(token, info, written.as_ref(), joined, &self.network.parameters, self.diagnostics)
    }

    /// A value's name in the place of a size.
    fn value_among(&self, argument: &Argument) -> Option<Ident> {
        let Constant::Path(path) = &argument.value else { return None };
        let name = path.path.get_ident()?;
        matches!(self.scope.names.get(&name.to_string()), Some(Meaning::Value { .. })).then(|| name.clone())
    }

    pub(super) fn with_arguments(
        &mut self,
        info: &'static LayerInfo,
        token: &Ident,
        layer: &LayerUse,
        arguments: Option<Vec<ArgumentValue>>,
        input: NodeId,
        marks: &Marks,
        segment: Option<Segment>,
    ) -> NodeId {
        let has_field = !info.type_arguments.is_empty();
        let is_first = segment.as_ref().and_then(|segment| segment.place).is_none_or(|(index, _)| index == 0);
        if let Some(place) = marks::place(&layer.attributes).filter(|_| !has_field && is_first) {
            self.diagnostics.error(place, messages::mark_without_parameters(info.name));
        }
        let segment = segment.unwrap_or_else(|| Segment {
            name: self.layer_name(layer.name.as_ref(), &snake_case(info.name)),
            place: None,
        });
        let field = has_field.then(|| self.add_field(&segment, marks));
        let (token, token_span) = (token.clone(), token.span());
        let op = arguments
            .map(|arguments| Op::Layer(BuiltIn { info, token, arguments, field, activation: None, pool: None }));
        self.named(op, &segment, token_span, input)
    }

    /// A layer of the user's own, or a network: by its path.
    fn opaque(&mut self, layer: &LayerUse, input: NodeId, marks: &Marks, segment: Option<Segment>) -> NodeId {
        let (span, path) = (span_of(&layer.path), self.scope.substitute(&layer.path));
        let title = path_text(&path);
        let named = layer.arguments.iter().flatten().find_map(|argument| argument.name.as_ref());
        if let Some(name) = named {
            self.diagnostics.error(name.span(), messages::named_for_own_layer(&title));
        }
        let last = path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string());
        let segment = segment
            .unwrap_or_else(|| Segment { name: self.layer_name(layer.name.as_ref(), &snake_case(&last)), place: None });
        let field = self.add_field(&segment, marks);
        let constants = &self.scope.constants;
        let arguments = layer.arguments.as_ref();
        let arguments = arguments.map(|all| all.iter().map(|one| substitute(one.tokens.clone(), constants)).collect());
        let output = self.uses.output(&path);
        self.named(Some(Op::Opaque(Opaque { path, arguments, field, output })), &segment, span, input)
    }

    /// `-> fc`: a layer that stands above, with the same parameters.
    fn again(&mut self, name: &Ident, field: usize, layer: &LayerUse, input: NodeId) -> NodeId {
        self.no_arguments(layer, name);
        self.no_marks(layer, name);
        let op = self.same_layer(field, name.span());
        if op.is_none() && !self.graph.nodes[self.graph.fields[field].node].is_invalid {
            self.diagnostics.error(name.span(), messages::reused_stateless(name));
        }
        self.value(op, &name.unraw().to_string(), name.span(), vec![input])
    }

    /// The operation of a layer that stands above; none where it cannot be applied again.
    pub(super) fn same_layer(&self, field: usize, span: Span) -> Option<Op> {
        let first = self.graph.fields[field].node;
        if self.graph.nodes[first].is_invalid || self.graph.couples(first) {
            return None;
        }
        match &self.graph.nodes[first].op {
            Op::Layer(layer) => Some(Op::Layer(BuiltIn {
                info: layer.info,
                token: Ident::new(layer.info.name, span),
                arguments: layer.arguments.clone(),
                field: Some(field),
                activation: None,
                pool: None,
            })),
            Op::Opaque(opaque) => {
                let (path, arguments) = (opaque.path.clone(), opaque.arguments.clone());
                Some(Op::Opaque(Opaque { path, arguments, field, output: opaque.output }))
            }
            _ => None,
        }
    }

    pub(super) fn no_arguments(&mut self, layer: &LayerUse, name: &Ident) {
        if layer.arguments.is_some() {
            self.diagnostics.error(name.span(), messages::reused_with_arguments(name));
        } else if let Some(written) = &layer.name {
            self.diagnostics.error(written.span(), messages::reused_with_name(name, written));
        }
    }

    pub(super) fn no_marks(&mut self, layer: &LayerUse, name: &Ident) {
        if let Some(place) = marks::place(&layer.attributes) {
            self.diagnostics.error(place, messages::mark_on_reuse(name));
        }
    }

    /// `-> Tied(fc)`: the layer `fc`, with its weights transposed.
    fn tied(&mut self, token: &Ident, layer: &LayerUse, input: NodeId) -> NodeId {
        let span = token.span();
        let written = match layer.arguments.as_deref() {
            Some([Argument { name: None, from: None, value: syn::Expr::Path(path), .. }]) => path.path.get_ident(),
            _ => None,
        };
        let Some(written) = written else {
            self.diagnostics.error(span, messages::tied_needs_layer());
            return self.value(None, "tied", span, vec![input]);
        };
        if let Some(place) = marks::place(&layer.attributes) {
            self.diagnostics.error(place, messages::mark_on_reuse(written));
        }
        let op = match self.scope.names.get(&written.to_string()) {
            Some(Meaning::Layer { field }) => {
                let field = *field;
                let first = &self.graph.nodes[self.graph.fields[field].node];
                match &first.op {
                    _ if first.is_invalid => None,
                    Op::Layer(layer) if layer.info.transposes => {
                        Some(Op::Tied(Tied { field, token: token.clone(), activation: None }))
                    }
                    _ => {
                        self.diagnostics.error(written.span(), messages::tied_to_other(written, &first.kind()));
                        None
                    }
                }
            }
            Some(other) => {
                let what = other.describe();
                self.diagnostics.error(written.span(), messages::tied_to_no_layer(written, what));
                None
            }
            None => {
                let layers: Vec<String> = self
                    .scope
                    .names
                    .iter()
                    .filter(|(_, meaning)| matches!(meaning, Meaning::Layer { .. }))
                    .map(|(name, _)| name.clone())
                    .collect();
                let suggestion = suggest::closest(&written.to_string(), layers.iter().map(String::as_str));
                self.diagnostics.error(written.span(), messages::tied_to_unknown(written, suggestion));
                None
            }
        };
        let name = self.layer_name(layer.name.as_ref(), "tied");
        self.named(op, &Segment { name, place: None }, span, input)
    }

    fn named(&mut self, op: Option<Op>, segment: &Segment, span: Span, input: NodeId) -> NodeId {
        self.add(&segment.label(), span, op, vec![input])
    }

    /// A place for the parameters of the layer that is about to be added. A block that is applied again has them already.
    fn add_field(&mut self, segment: &Segment, marks: &Marks) -> usize {
        let mut path = self.scope.path.clone();
        path.push(segment.clone());
        let label = crate::graph::label(&path);
        let known = self.fields.get(&label).filter(|_| self.scope.is_again).copied();
        let field = known.unwrap_or_else(|| self.new_field(path, label, marks));
        if segment.place.is_none() {
            self.scope.names.entry(segment.name.to_string()).or_insert(Meaning::Layer { field });
        }
        field
    }

    fn new_field(&mut self, path: Vec<Segment>, label: String, marks: &Marks) -> usize {
        let field = self.graph.fields.len();
        let marks = marks.clone().inside(&self.scope.marks);
        let head: Vec<Segment> = path
            .iter()
            .map(|Segment { name, place }| Segment { name: name.clone(), place: place.map(|(_, count)| (0, count)) })
            .collect();
        let is_head = path.iter().all(|segment| segment.place.is_none_or(|(index, _)| index == 0));
        let head = self.fields.get(&crate::graph::label(&head)).filter(|_| !is_head);
        let first = head.copied().unwrap_or(field);
        self.graph.fields.push(Field { path, node: self.graph.nodes.len(), first, marks });
        self.fields.insert(label, field);
        field
    }

    /// The name that the user gave, if it is free, or a generated one.
    pub(super) fn layer_name(&mut self, written: Option<&Ident>, base: &str) -> Ident {
        let Some(name) = written else {
            return Ident::new(&self.scope.node_names.free(base), Span::call_site());
        };
        let is_constant = || self.scope.constants.contains_key(&name.to_string());
        let taken = match self.scope.names.get(&name.to_string()) {
            Some(meaning) => Some(messages::duplicate_name(name, meaning.describe())),
            None if self.scope.node_names.has(name) => Some(self.name_of_node(name)),
            None => is_constant().then(|| messages::duplicate_name(name, "a size")),
        };
        if let Some(message) = taken {
            self.diagnostics.error(name.span(), message);
        }
        name.clone()
    }

    /// What to say of a name that a node has, perhaps in another case.
    fn name_of_node(&self, name: &Ident) -> String {
        let label = self.scope.label(&name.unraw().to_string());
        let other = self.graph.nodes.iter().position(|node| node.label.to_uppercase() == label.to_uppercase());
        match other.map(|id| (id, self.graph.nodes[id].label.as_str())) {
            Some((id, other)) if other != label => {
                let what = if self.graph.inputs.contains(&id) { "input" } else { "layer" };
                messages::name_in_other_case(name, what, other.rsplit('.').next().unwrap_or(other))
            }
            // Of several inputs, the first node is what they make together.
            Some((0, _)) => messages::duplicate_name(name, "all inputs together"),
            _ => messages::duplicate_name(name, "a layer"),
        }
    }
}

/// The token that says which layer: the last of a path.
pub(super) fn span_of(path: &Path) -> Span {
    let last = path.segments.last().map(|PathSegment { ident, .. }| ident.span());
    last.unwrap_or_else(Span::call_site)
}
