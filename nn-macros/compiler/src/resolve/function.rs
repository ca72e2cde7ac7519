//! Functions of values: `concat`, `split`, `stop_gradient`, and every layer without parameters.

use nn_core::spec::{LAYERS, Slice};
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::Expr as Constant;

use super::Resolver;
use super::scope::Meaning;
use crate::argument::{self, Content};
use crate::ast::{Argument, Expr};
use crate::constant::{self, Size};
use crate::diagnostics::Place;
use crate::graph::{BuiltIn, NodeId, Op};
use crate::messages;
use crate::names::snake_case;
use crate::suggest::{self, Meant};

impl<'n> Resolver<'n> {
    /// `concat(a, b)`, `split(x, 2)`, `stop_gradient(x)`, and every layer without parameters: `permute(x, [1, 0])`.
    pub(super) fn call(&mut self, function: &'n Ident, operands: &'n [Expr], arguments: &'n [Argument]) -> Vec<NodeId> {
        let span = function.span();
        let inputs: Vec<NodeId> = operands.iter().map(|operand| self.single(operand, span)).collect();
        let name = function.to_string();
        if name == "concat" {
            return vec![self.concat(span, inputs, arguments)];
        }
        let [input] = inputs[..] else {
            self.diagnostics.error(span, messages::function_needs_value(function));
            return vec![self.invalid(span)];
        };
        match name.as_str() {
            "split" => self.split(function, input, arguments),
            "stop_gradient" if arguments.is_empty() => {
                vec![self.value(Some(Op::Stop), "stop_gradient", span, vec![input])]
            }
            "stop_gradient" => {
                let place = Place::of(&arguments[0].value);
                self.diagnostics.error(place, messages::too_many_arguments("stop_gradient", &[]));
                vec![self.invalid(span)]
            }
            _ => vec![self.layer_as_function(function, input, arguments)],
        }
    }

    fn concat(&mut self, span: Span, inputs: Vec<NodeId>, arguments: &[Argument]) -> NodeId {
        if inputs.len() < 2 {
            self.diagnostics.error(span, messages::concat_of_one());
            return self.value(None, "concat", span, inputs);
        }
        let mut axis = -1;
        for argument in arguments {
            let name = argument.name.as_ref().map_or_else(String::new, Ident::to_string);
            match integer(&self.scope.substitute(&argument.value)) {
                Some(found) if name == "axis" => axis = found,
                _ if name == "axis" => {
                    self.diagnostics.error(Place::of(&argument.value), messages::not_an_axis(&argument.tokens));
                }
                _ => {
                    let place =
                        argument.name.as_ref().map_or_else(|| Place::of(&argument.value), |name| name.span().into());
                    self.diagnostics.error(place, messages::concat_argument());
                }
            }
        }
        self.value(Some(Op::Concat { axis, layer: None }), "concat", span, inputs)
    }

    /// `split(x, 2)` into equal parts, `split(x, [64, 32])` into parts of these sizes; along `axis`.
    fn split(&mut self, function: &Ident, input: NodeId, arguments: &[Argument]) -> Vec<NodeId> {
        let span = function.span();
        let arguments: Vec<Argument> = arguments.iter().map(|argument| self.scope.argument(argument)).collect();
        let unknown = arguments.iter().enumerate().find(|(index, argument)| match &argument.name {
            Some(name) => name != "parts" && name != "axis",
            None => *index > 0,
        });
        if let Some((_, unknown)) = unknown {
            let place = unknown.name.as_ref().map_or_else(|| Place::of(&unknown.value), |name| name.span().into());
            self.diagnostics.error(place, messages::split_argument(unknown.name.as_ref()));
            return vec![self.invalid(span)];
        }
        let named =
            |name: &str| arguments.iter().find(|argument| argument.name.as_ref().is_some_and(|found| found == name));
        let parts = named("parts").or_else(|| arguments.first().filter(|argument| argument.name.is_none()));
        let axis = named("axis").map_or(Some(-1), |argument| integer(&argument.value));
        let (Some(parts), Some(axis)) = (parts, axis) else {
            self.diagnostics.error(span, messages::split_arguments());
            return vec![self.invalid(span)];
        };
        if self.graph.nodes[input].is_invalid {
            return vec![self.invalid(span)];
        }
        let size = match &self.graph.nodes[input].axes {
            Some(axes) => match nn_core::spec::axis_place("axis", axis, axes.len()) {
                Ok(place) => axes[place].known().ok_or_else(|| messages::split_of_unknown(&axes[place])),
                Err(error) => Err(error.message("split").as_str().to_owned()),
            },
            None => Err(messages::split_of_unknown(&"a size that only rustc knows")),
        };
        let size = match size {
            Ok(size) => size,
            Err(message) => {
                self.diagnostics
                    .error(named("axis").map_or_else(|| span.into(), |axis| Place::of(&axis.value)), message);
                return vec![self.invalid(span)];
            }
        };
        match self.part_sizes(&parts.value, size) {
            Ok(sizes) => self.slices(span, input, axis, &sizes),
            Err(message) => {
                self.diagnostics.error(Place::of(&parts.value), message);
                vec![self.invalid(span)]
            }
        }
    }

    fn part_sizes(&self, parts: &Constant, size: usize) -> Result<Vec<usize>, String> {
        let known = |constant: &Constant| match constant::size(constant, &self.network.parameters) {
            Ok(Size::Known(number)) => Some(number),
            _ => None,
        };
        let wrong = || messages::split_sizes(&quote!(#parts), size);
        if let Constant::Array(array) = parts {
            let sizes: Vec<usize> = array.elems.iter().map(known).collect::<Option<_>>().ok_or_else(wrong)?;
            let fits = sizes.iter().sum::<usize>() == size && !sizes.contains(&0);
            return if fits { Ok(sizes) } else { Err(wrong()) };
        }
        match known(parts) {
            Some(count) if count > 0 && size.is_multiple_of(count) => Ok(vec![size / count; count]),
            _ => Err(wrong()),
        }
    }

    fn slices(&mut self, span: Span, input: NodeId, axis: isize, sizes: &[usize]) -> Vec<NodeId> {
        let mut start = 0;
        sizes
            .iter()
            .map(|size| {
                let range = Content::Range(Size::Known(start), Some(Size::Known(start + size)));
                start += size;
                let contents = vec![range, Content::Axis(axis)];
                self.operation(&Slice::INFO, contents, "split", span, input)
            })
            .collect()
    }

    /// Values among the arguments of a function or layer that there is not: they count as used.
    pub(super) fn use_all(&mut self, arguments: &[Argument]) {
        for value in arguments.iter().flat_map(|argument| argument.from.iter().chain([&argument.value])) {
            if let Constant::Path(path) = value
                && let Some(name) = path.path.get_ident()
                && let Some(Meaning::Value { is_used, .. }) = self.scope.names.get_mut(&name.to_string())
            {
                *is_used = true;
            }
        }
    }

    /// `permute(x, [1, 0])` is `x -> Permute([1, 0])`: so for every layer without parameters.
    fn layer_as_function(&mut self, function: &Ident, input: NodeId, arguments: &[Argument]) -> NodeId {
        let name = function.to_string();
        let functions = || LAYERS.iter().filter(|info| info.type_arguments.is_empty() && info.joins.is_none());
        let Some(info) = functions().find(|info| snake_case(info.name) == name) else {
            let names: Vec<String> = functions().map(|info| snake_case(info.name)).collect();
            let names = names.iter().map(String::as_str).chain(["concat", "split", "stop_gradient"]);
            let meant = suggest::advice(&name).or_else(|| suggest::closest(&name, names).map(Meant::Name));
            self.use_all(arguments);
            let with_parameters = LAYERS.iter().find(|info| snake_case(info.name) == name);
            if let Some(info) = with_parameters {
                self.diagnostics
                    .error(function.span(), messages::function_of_layer(&name, info.name, info.joins.is_some()));
                return self.invalid(function.span());
            }
            self.diagnostics.error(function.span(), messages::unknown_function(function, meant));
            return self.invalid(function.span());
        };
        let arguments: Vec<Argument> = arguments.iter().map(|argument| self.scope.argument(argument)).collect();
        if let ("max", [Argument { name: None, value, tokens, .. }, ..]) = (name.as_str(), arguments.as_slice())
            && integer(value).is_some()
        {
            self.diagnostics.error(Place::of(value), messages::largest_of_two(tokens));
            return self.invalid(function.span());
        }
        let parameters = &self.network.parameters;
        let arguments = argument::resolve(function, info, Some(&arguments), &[], parameters, self.diagnostics);
        let token = Ident::new(info.name, function.span());
        let op = arguments
            .map(|arguments| Op::Layer(BuiltIn { info, token, arguments, field: None, activation: None, pool: None }));
        self.value(op, &name, function.span(), vec![input])
    }
}

/// A whole number that is written out, with its sign.
fn integer(constant: &Constant) -> Option<isize> {
    constant::number(constant)
        .filter(|number| number.fract() == 0.0 && number.abs() < 16.0)
        .map(|number| number as isize)
}
