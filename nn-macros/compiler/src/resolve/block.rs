//! Blocks: a template is written out for the shapes of its inputs, with names bound to sizes.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Expr as Constant;
use syn::ext::IdentExt as _;

use super::Resolver;
use super::layer::span_of;
use super::scope::{Meaning, Scope, as_one, substitute};
use crate::ast::{Argument, Block, BlockInput, BlockParameter, LayerUse};
use crate::constant::{self, Size};
use crate::diagnostics::Place;
use crate::graph::{NodeId, Segment};
use crate::marks::{self, Marks};
use crate::messages;
use crate::names::{NodeNames, snake_case};
use crate::suggest::{self, Meant};

/// Blocks inside blocks, at most.
const DEEPEST: usize = 32;

impl<'n> Resolver<'n> {
    /// `-> name: Block(arguments)`
    pub(super) fn block(
        &mut self,
        block: &'n Block,
        layer: &'n LayerUse,
        inputs: &[NodeId],
        marks: &Marks,
        segment: Option<Segment>,
    ) -> Vec<NodeId> {
        self.uses.used.insert(block.name.to_string());
        let arguments = if block.is_broken { None } else { self.block_arguments(block, layer) };
        let in_row = segment.is_some();
        let segment = segment.unwrap_or_else(|| {
            let name = self.layer_name(layer.name.as_ref(), &snake_case(&block.name.to_string()));
            Segment { name, place: None }
        });
        let Some(arguments) = arguments else { return vec![self.invalid(span_of(&layer.path))] };
        if !in_row {
            let meaning = Meaning::Block { block, arguments: arguments.clone(), segment: segment.clone() };
            self.scope.names.entry(segment.name.to_string()).or_insert(meaning);
        }
        self.scope.node_names.insert(&segment.name.unraw().to_string());
        let place = self.scope.label(&segment.label());
        let fields = self.graph.fields.len();
        let results = self.write_out(block, arguments, segment, place, layer, inputs, marks, false);
        let is_good = results.iter().all(|node| !self.graph.nodes[*node].is_invalid);
        if let Some(place) = marks::place(&layer.attributes)
            && self.graph.fields.len() == fields
            && is_good
            && !in_row
        {
            self.diagnostics.error(place, messages::mark_without_parameters(&block.name.to_string()));
        }
        results
    }

    /// `-> name`: a block that stands above, with the same parameters.
    pub(super) fn block_again(
        &mut self,
        name: &Ident,
        block: &'n Block,
        arguments: HashMap<String, TokenStream>,
        segment: Segment,
        layer: &'n LayerUse,
        inputs: &[NodeId],
    ) -> Vec<NodeId> {
        self.no_arguments(layer, name);
        self.no_marks(layer, name);
        let path = self.inner_path(&segment);
        let prefix = format!("{}.", crate::graph::label(&path));
        let is_coupled =
            self.graph.fields.iter().any(|field| field.label().starts_with(&prefix) && self.graph.couples(field.node));
        if is_coupled {
            self.diagnostics.error(name.span(), messages::reused_stateless(name));
            return vec![self.invalid(name.span())];
        }
        // Its nodes are new ones, with labels of their own; what they are called inside is as it was, to find the fields.
        let place = self.scope.node_names.free(&segment.label());
        self.scope.node_names.insert(&place);
        let place = self.scope.label(&place);
        self.write_out(block, arguments, segment, place, layer, inputs, &Marks::default(), true)
    }

    fn inner_path(&self, segment: &Segment) -> Vec<Segment> {
        let mut path = self.scope.path.clone();
        path.push(segment.clone());
        path
    }

    #[allow(clippy::too_many_arguments, reason = "what a use of a block consists of")]
    fn write_out(
        &mut self,
        block: &'n Block,
        mut constants: HashMap<String, TokenStream>,
        segment: Segment,
        place: String,
        layer: &LayerUse,
        inputs: &[NodeId],
        marks: &Marks,
        is_again: bool,
    ) -> Vec<NodeId> {
        let span = span_of(&layer.path);
        let name = block.name.to_string();
        if self.stack.contains(&name) || self.stack.len() >= DEEPEST {
            self.diagnostics.error(span, messages::block_in_itself(&name));
            return vec![self.invalid(span)];
        }
        // A title as layers have: the way to it, and what it is.
        let title = format!("{place}: {name}");
        let is_unusable = block.is_broken || self.uses.broken.contains(&name);
        let inputs_are_good = inputs.iter().all(|input| !self.graph.nodes[*input].is_invalid);
        if is_unusable || !inputs_are_good || !self.bind_dimensions(block, &title, layer, inputs, &mut constants) {
            return vec![self.invalid(span)];
        }
        let before = self.diagnostics.count();
        let scope = Scope {
            names: HashMap::new(),
            node_names: NodeNames::new(block.inputs.iter().map(|input| &input.name), &block.body),
            path: self.inner_path(&segment),
            place,
            constants,
            marks: marks.clone().inside(&self.scope.marks),
            is_again: is_again || self.scope.is_again,
        };
        let outer = std::mem::replace(&mut self.scope, scope);
        self.stack.push(name.clone());
        let results = self.inside(block, inputs);
        self.stack.pop();
        self.scope = outer;
        if self.diagnostics.count() > before {
            // Each fault of a template is reported once, however often it is used.
            self.uses.broken.insert(name);
            return vec![self.invalid(span)];
        }
        results
    }

    fn inside(&mut self, block: &'n Block, inputs: &[NodeId]) -> Vec<NodeId> {
        for name in block.parameters.iter().map(|parameter| &parameter.name) {
            if block.inputs.iter().any(|input| input.name == *name) {
                self.diagnostics.error(name.span(), messages::duplicate_name(name, "an input"));
            }
        }
        for (input, node) in block.inputs.iter().zip(inputs) {
            let meaning = Meaning::Value { node: *node, span: input.name.span(), is_used: false, is_input: true };
            if let Some(taken) = self.scope.names.insert(input.name.to_string(), meaning) {
                self.diagnostics.error(input.name.span(), messages::duplicate_name(&input.name, taken.describe()));
            }
        }
        self.statements(&block.body);
        let results = match &block.body.result {
            Some(result) => self.values(result),
            None => vec![self.invalid(block.name.span())],
        };
        self.report_unused(false);
        results
    }

    /// What the block's parameters stand for in this use.
    fn block_arguments(&mut self, block: &Block, layer: &LayerUse) -> Option<HashMap<String, TokenStream>> {
        let before = self.diagnostics.count();
        let mut found: HashMap<String, TokenStream> = HashMap::new();
        for (position, argument) in layer.arguments.iter().flatten().enumerate() {
            let Some(parameter) = self.block_parameter(block, argument, position) else { continue };
            let value = self.scope.argument(argument);
            if !fits(parameter, &value.value) {
                let place = Place::of(&argument.value);
                self.diagnostics.error(place, messages::block_argument_kind(&block.name, parameter, &argument.tokens));
            }
            let tokens = self.folded(parameter, value);
            if found.insert(parameter.name.to_string(), tokens).is_some() {
                let place =
                    argument.name.as_ref().map_or_else(|| Place::of(&argument.value), |name| name.span().into());
                let name = parameter.name.to_string();
                self.diagnostics.error(place, messages::duplicate_argument(&block.name.to_string(), &name));
            }
        }
        for parameter in &block.parameters {
            if found.contains_key(&parameter.name.to_string()) {
                continue;
            }
            let Some(default) = &parameter.default else {
                let (name, kind) = (parameter.name.to_string(), messages::kind_example(&parameter.kind.to_string()));
                let message = messages::missing_argument(&block.name.to_string(), &name, kind);
                if self.diagnostics.count() == before {
                    self.diagnostics.error(span_of(&layer.path), message);
                }
                continue;
            };
            if syn::parse2(default.clone()).is_ok_and(|value| !fits(parameter, &value)) {
                let message = messages::block_parameter_default(&parameter.name, &parameter.kind);
                if self.uses.broken.insert(block.name.to_string()) {
                    self.diagnostics.error(Place::of(default), message);
                }
                return None;
            }
            let default = as_one(substitute(default.clone(), &found));
            found.insert(parameter.name.to_string(), default);
        }
        (self.diagnostics.count() == before).then_some(found)
    }

    /// Numbers are worked out at once, so that messages show them.
    fn folded(&self, parameter: &BlockParameter, argument: Argument) -> TokenStream {
        if parameter.kind == "usize"
            && let Ok(Size::Known(size)) = constant::size(&argument.value, &self.network.parameters)
        {
            return Size::Known(size).tokens();
        }
        as_one(argument.tokens)
    }

    fn block_parameter<'b>(
        &mut self,
        block: &'b Block,
        argument: &Argument,
        position: usize,
    ) -> Option<&'b BlockParameter> {
        let accepted: Vec<String> = block.parameters.iter().map(|parameter| parameter.name.to_string()).collect();
        let title = block.name.to_string();
        if let Some(name) = &argument.name {
            let found = block.parameters.iter().find(|parameter| parameter.name == *name);
            if found.is_none() {
                let suggestion = suggest::closest(&name.to_string(), accepted.iter().map(String::as_str));
                let message = messages::unknown_argument(&title, name, suggestion.map(Meant::Name), &accepted);
                self.diagnostics.error(name.span(), message);
            }
            return found;
        }
        let found = block.parameters.get(position);
        if found.is_none() {
            self.diagnostics.error(Place::of(&argument.value), messages::too_many_arguments(&title, &accepted));
        }
        found
    }

    /// Binds the names in the shapes of the block's inputs; `false` after an error.
    fn bind_dimensions(
        &mut self,
        block: &Block,
        title: &str,
        layer: &LayerUse,
        inputs: &[NodeId],
        constants: &mut HashMap<String, TokenStream>,
    ) -> bool {
        let span = span_of(&layer.path);
        if inputs.len() != block.inputs.len() {
            self.diagnostics.error(span, messages::block_input_count(title, block.inputs.len(), inputs.len()));
            return false;
        }
        for (input, node) in block.inputs.iter().zip(inputs) {
            let Some(axes) = self.graph.nodes[*node].axes.clone() else {
                self.diagnostics.error(span, messages::block_of_unknown(title));
                return false;
            };
            if !self.bind_input_dimensions(title, input, &axes, layer, constants) {
                return false;
            }
        }
        true
    }

    fn bind_input_dimensions(
        &mut self,
        title: &str,
        input: &BlockInput,
        axes: &[Size],
        layer: &LayerUse,
        constants: &mut HashMap<String, TokenStream>,
    ) -> bool {
        let span = span_of(&layer.path);
        if axes.len() < input.axes.len() || (axes.len() > input.axes.len() && !input.is_open) {
            let message = messages::block_input_rank(title, &input.name, &written(input), &constant::axes_text(axes));
            self.diagnostics.error(span, message);
            return false;
        }
        let bound = &axes[axes.len() - input.axes.len()..];
        // `_` is any size.
        for (axis, found) in input.axes.iter().zip(bound).filter(|(axis, _)| !matches!(axis, Constant::Infer(_))) {
            if let Constant::Path(path) = axis
                && let Some(name) = path.path.get_ident()
                && !constants.contains_key(&name.unraw().to_string())
                && !self.network.parameters.contains(name)
            {
                constants.insert(name.unraw().to_string(), as_one(found.tokens()));
                continue;
            }
            let expected = substitute(quote!(#axis), constants);
            let expected = syn::parse2(expected)
                .ok()
                .and_then(|constant| constant::size(&constant, &self.network.parameters).ok());
            let is_other = match (&expected, found.known()) {
                (Some(Size::Known(expected)), Some(found)) => *expected != found,
                (Some(expected), _) => !expected.is_same(found),
                (None, _) => true,
            };
            if is_other {
                let (axis, expected) = (quote!(#axis).to_string(), expected.map(|size| size.to_string()));
                let bound = expected.filter(|size| *size != axis);
                let expected = match &bound {
                    Some(size) => format!("[{}] with `{axis}` = {size}", written(input)),
                    None => format!("[{}]", written(input)),
                };
                let found = constant::axes_text(axes);
                let message =
                    messages::block_input_shape(title, &input.name, &expected, &found, bound.is_some(), &axis);
                self.diagnostics.error(span, message);
                return false;
            }
        }
        true
    }
}

/// `.., time, width`
fn written(input: &BlockInput) -> String {
    let axes = input.axes.iter().map(|axis| quote!(#axis).to_string());
    let open = input.is_open.then(|| "..".to_owned());
    open.into_iter().chain(axes).collect::<Vec<_>>().join(", ")
}

/// Whether a value can be what the parameter asks for; names are left to rustc.
fn fits(parameter: &BlockParameter, value: &Constant) -> bool {
    let Constant::Lit(literal) = value else {
        let is_negative = matches!(value, Constant::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), .. }));
        let is_list = matches!(value, Constant::Array(_) | Constant::Tuple(_));
        return !is_list && (!is_negative || parameter.kind == "f64");
    };
    match parameter.kind.to_string().as_str() {
        "usize" => matches!(literal.lit, syn::Lit::Int(_)),
        "f64" => matches!(literal.lit, syn::Lit::Int(_) | syn::Lit::Float(_)),
        _ => matches!(literal.lit, syn::Lit::Bool(_)),
    }
}
