//! Values: names, `let`s, tuples.

use proc_macro2::{Ident, Span};

use super::Resolver;
use super::scope::Meaning;
use crate::ast::{Body, Expr};
use crate::diagnostics::Place;
use crate::graph::NodeId;
use crate::messages;
use crate::suggest;

impl<'n> Resolver<'n> {
    pub(super) fn statements(&mut self, body: &'n Body) {
        for binding in &body.lets {
            let values = self.values(&binding.value);
            if binding.is_tuple {
                self.bind_all(&binding.names, &values);
            } else if let Some(name) = binding.names.first() {
                let value = self.only(&values, name.span(), Some(name));
                self.bind(name, value);
            }
        }
    }

    /// `let (a, b) = …`
    fn bind_all(&mut self, names: &'n [Ident], values: &[NodeId]) {
        self.report_twice(names.iter().filter(|name| *name != "_"), "a value");
        let is_paired = names.len() == values.len();
        if !is_paired && let Some(first) = names.first() {
            let is_known = values.iter().all(|value| !self.graph.nodes[*value].is_invalid);
            if is_known {
                self.diagnostics.error(first.span(), messages::tuple_count(names.len(), values.len()));
            }
        }
        let is_kept = |(index, name): &(usize, &Ident)| *name != "_" && !names[..*index].contains(name);
        for (index, name) in names.iter().enumerate().filter(is_kept) {
            let value = if is_paired { values[index] } else { self.invalid(name.span()) };
            self.bind(name, value);
            if let Some(Meaning::Value { is_used, .. }) = self.scope.names.get_mut(&name.to_string()) {
                // One mistake, one error.
                *is_used |= !is_paired;
            }
        }
    }

    /// One value, where one is needed.
    fn only(&mut self, values: &[NodeId], span: Span, name: Option<&Ident>) -> NodeId {
        match values {
            [value] => *value,
            _ => {
                self.diagnostics.error(span, messages::several_values(values.len(), name));
                self.invalid(span)
            }
        }
    }

    pub(super) fn single(&mut self, expression: &'n Expr, span: Span) -> NodeId {
        let values = self.values(expression);
        self.only(&values, span, None)
    }

    pub(super) fn values(&mut self, expression: &'n Expr) -> Vec<NodeId> {
        match expression {
            Expr::Name(name) => vec![self.look_up(name)],
            Expr::Number(number) => {
                self.diagnostics.error(Place::of(number), messages::number_alone());
                vec![self.invalid(Span::call_site())]
            }
            Expr::Chain { from, layers } => {
                let mut values = self.values(from);
                for layer in layers {
                    values = self.layer(layer, &values);
                }
                values
            }
            Expr::Join { first, rest } => vec![self.arithmetic(first, rest)],
            Expr::Call { function, operands, arguments } => self.call(function, operands, arguments),
            Expr::Broken(span) => vec![self.invalid(*span)],
            Expr::Tuple { span, values } => values.iter().map(|value| self.single(value, *span)).collect(),
        }
    }

    pub(super) fn look_up(&mut self, name: &Ident) -> NodeId {
        if let Some(Meaning::Value { node, is_used, .. }) = self.scope.names.get_mut(&name.to_string()) {
            *is_used = true;
            return *node;
        }
        if let Some(meaning @ (Meaning::Layer { .. } | Meaning::Block { .. })) = self.scope.names.get(&name.to_string())
        {
            let what = meaning.describe();
            self.diagnostics.error(name.span(), messages::layer_as_value(name, what));
            return self.invalid(name.span());
        }
        if let Some(Meaning::Parameter) = self.scope.names.get(&name.to_string()) {
            self.diagnostics.error(name.span(), messages::size_as_value(name));
            return self.invalid(name.span());
        }
        let values = self.scope.value_names();
        let suggestion = suggest::closest(&name.to_string(), values.iter().map(String::as_str)).map(str::to_owned);
        let likely = suggestion.as_ref().and_then(|name| self.scope.names.get_mut(name));
        if let Some(Meaning::Value { is_used, .. }) = likely {
            // The likely meaning counts as used: one mistake, one error.
            *is_used = true;
        }
        self.diagnostics
            .error(name.span(), messages::unknown_value(name, suggestion.as_deref(), &values, self.stack.last()));
        self.invalid(name.span())
    }

    /// `let name = …`: a name may be bound anew once its value has been used.
    fn bind(&mut self, name: &Ident, node: NodeId) {
        let span = name.span();
        match self.scope.names.get(&name.to_string()) {
            Some(Meaning::Value { is_used: true, .. }) | None => {}
            // What could not be read may have used it.
            Some(Meaning::Value { .. }) if self.network.is_broken => {}
            Some(Meaning::Value { span, is_input: false, .. }) => {
                self.diagnostics.error(*span, messages::shadowed_unused(name));
            }
            Some(Meaning::Value { span, .. }) => self.diagnostics.error(*span, messages::unused_input(name)),
            Some(taken) => self.diagnostics.error(span, messages::duplicate_name(name, taken.describe())),
        }
        self.scope.names.insert(name.to_string(), Meaning::Value { node, span, is_used: false, is_input: false });
    }

    pub(super) fn report_unused(&mut self, is_broken: bool) {
        let mut unused: Vec<(NodeId, Span, String, bool)> = Vec::new();
        for (name, meaning) in &self.scope.names {
            if let Meaning::Value { node, span, is_used: false, is_input } = meaning {
                unused.push((*node, *span, name.clone(), *is_input));
            }
        }
        unused.sort_by(|left, right| (left.0, &left.2).cmp(&(right.0, &right.2)));
        for (_, span, name, is_input) in unused.into_iter().filter(|_| !is_broken) {
            let message = if is_input { messages::unused_input(&name) } else { messages::unused_value(&name) };
            self.diagnostics.error(span, message);
        }
    }
}
