//! Values: names, arithmetic, functions.

use nn_core::spec::{Broadcast, Flatten, LAYERS, LayerInfo, Reciprocal, Rescaling, Slice};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Expr as Constant;

use super::Resolver;
use super::scope::Meaning;
use crate::argument::{self, ArgumentValue, Content, Number};
use crate::ast::{Argument, Body, Expr, Operator};
use crate::constant::{self, Size};
use crate::diagnostics::Place;
use crate::graph::{BuiltIn, NodeId, Op};
use crate::messages;
use crate::names::snake_case;
use crate::suggest;

/// An operand of arithmetic.
enum Operand {
    Value(NodeId),
    Number(Number),
}

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
        self.report_twice(names.iter(), "a value");
        if names.len() != values.len()
            && let Some(first) = names.first()
        {
            let is_known = values.iter().all(|value| !self.graph.nodes[*value].is_invalid);
            if is_known {
                self.diagnostics.error(first.span(), messages::tuple_count(names.len(), values.len()));
            }
        }
        for (index, name) in names.iter().enumerate().filter(|(index, name)| !names[..*index].contains(name)) {
            let value = if names.len() == values.len() { values[index] } else { self.invalid(name.span()) };
            self.bind(name, value);
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

    fn single(&mut self, expression: &'n Expr, span: Span) -> NodeId {
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

    // Arithmetic

    fn arithmetic(&mut self, first: &'n Expr, rest: &'n [(Operator, Span, Expr)]) -> NodeId {
        let mut left = self.operand(first, rest[0].1);
        for (operator, span, value) in rest {
            let right = self.operand(value, *span);
            left = Operand::Value(match (left, right) {
                (Operand::Value(left), Operand::Value(right)) => self.join(*operator, *span, left, right),
                (Operand::Value(value), Operand::Number(number)) => self.with_number(*operator, *span, value, &number),
                (Operand::Number(number), Operand::Value(value)) => self.number_with(*operator, *span, &number, value),
                (Operand::Number(_), Operand::Number(_)) => {
                    self.diagnostics.error(*span, messages::numbers_alone());
                    self.invalid(*span)
                }
            });
        }
        match left {
            Operand::Value(value) => value,
            Operand::Number(_) => self.invalid(Span::call_site()),
        }
    }

    fn operand(&mut self, expression: &'n Expr, span: Span) -> Operand {
        let number = |constant: &Constant| match constant::number(constant) {
            Some(number) => Number::Known(number),
            None => Number::Expression(quote!(#constant)),
        };
        match expression {
            Expr::Number(written) => {
                if matches!(written, Constant::Lit(literal) if !is_number(&literal.lit)) {
                    self.diagnostics.error(Place::of(written), messages::no_operand(&quote!(#written)));
                    return Operand::Value(self.invalid(span));
                }
                Operand::Number(number(&self.scope.substitute(written)))
            }
            Expr::Name(name) if self.scope.constants.contains_key(&name.to_string()) => {
                let tokens = self.scope.constants[&name.to_string()].clone();
                match syn::parse2::<Constant>(tokens.clone()) {
                    Ok(constant) => Operand::Number(match constant::number(&constant) {
                        Some(number) => Number::Known(number),
                        None => Number::Expression(quote!((#tokens) as f64)),
                    }),
                    Err(_) => Operand::Number(Number::Expression(tokens)),
                }
            }
            _ => Operand::Value(self.single(expression, span)),
        }
    }

    /// `a + b`: the smaller operand is repeated along the axes that it lacks.
    fn join(&mut self, operator: Operator, span: Span, left: NodeId, right: NodeId) -> NodeId {
        let shapes = [left, right].map(|node| self.graph.nodes[node].shape());
        let fits = match shapes {
            [Some(left), Some(right)] => nn_core::spec::broadcast(left, right).is_ok(),
            _ => true,
        };
        // What does not fit is refused under the sign that the user wrote.
        if operator == Operator::Divide && fits {
            let inverse = self.operation(&Reciprocal::INFO, vec![], "reciprocal", span, right);
            return self.join(Operator::Multiply, span, left, inverse);
        }
        let [left, right] = self.broadcast(span, left, right);
        self.value(Some(Op::Join(operator)), join_name(operator), span, vec![left, right])
    }

    fn broadcast(&mut self, span: Span, left: NodeId, right: NodeId) -> [NodeId; 2] {
        let [first, second] = [left, right].map(|node| self.graph.nodes[node].axes.clone());
        let (Some(first), Some(second)) = (first, second) else { return [left, right] };
        let Some(common) = common_axes(&first, &second) else { return [left, right] };
        [(left, first), (right, second)].map(|(node, axes)| {
            let is_same =
                axes.len() == common.len() && axes.iter().zip(&common).all(|(own, common)| own.is_same(common));
            // Sizes that only rustc knows count as equal: it will tell if they are not.
            let is_needed = axes.len() != common.len() || axes.iter().any(|axis| axis.known() == Some(1));
            if is_same || !is_needed {
                return node;
            }
            let contents = vec![Content::Shape(common.clone())];
            self.operation(&Broadcast::INFO, contents, "broadcast", span, node)
        })
    }

    /// `x * 0.5`
    fn with_number(&mut self, operator: Operator, span: Span, value: NodeId, number: &Number) -> NodeId {
        let (scale, offset) = match operator {
            Operator::Add => (one(), number.clone()),
            Operator::Subtract => (one(), negative(number)),
            Operator::Multiply => (number.clone(), zero()),
            Operator::Divide => {
                if matches!(number, Number::Known(0.0)) {
                    self.diagnostics.error(span, messages::division_by_zero());
                    return self.invalid(span);
                }
                (inverse(number), zero())
            }
        };
        self.rescale(span, value, scale, offset)
    }

    /// `1 - x`
    fn number_with(&mut self, operator: Operator, span: Span, number: &Number, value: NodeId) -> NodeId {
        let (value, scale, offset) = match operator {
            Operator::Add => (value, one(), number.clone()),
            Operator::Subtract => (value, Number::Known(-1.0), number.clone()),
            Operator::Multiply => (value, number.clone(), zero()),
            Operator::Divide => {
                let inverse = self.operation(&Reciprocal::INFO, vec![], "reciprocal", span, value);
                (inverse, number.clone(), zero())
            }
        };
        self.rescale(span, value, scale, offset)
    }

    fn rescale(&mut self, span: Span, value: NodeId, scale: Number, offset: Number) -> NodeId {
        let contents = vec![Content::Number(scale), Content::Number(offset)];
        self.operation(&Rescaling::INFO, contents, "rescaling", span, value)
    }

    pub(super) fn flatten(&mut self, value: NodeId, span: Span) -> NodeId {
        self.operation(&Flatten::INFO, vec![Content::Absent], "flatten", span, value)
    }

    /// A built-in layer that the language itself puts in: its arguments in order; the others have their defaults.
    fn operation(
        &mut self,
        info: &'static LayerInfo,
        contents: Vec<Content>,
        name: &str,
        span: Span,
        input: NodeId,
    ) -> NodeId {
        let mut arguments: Vec<ArgumentValue> =
            contents.into_iter().map(|content| ArgumentValue { content, place: None }).collect();
        arguments.extend(info.arguments[arguments.len()..].iter().filter_map(argument::default));
        let token = Ident::new(info.name, span);
        let op = Op::Layer(BuiltIn { info, token, arguments, field: None, activation: None });
        self.value(Some(op), name, span, vec![input])
    }

    // Functions

    /// `concat(a, b)`, `split(x, 2)`, `stop_gradient(x)`, and every layer without parameters: `permute(x, [1, 0])`.
    fn call(&mut self, function: &'n Ident, operands: &'n [Expr], arguments: &'n [Argument]) -> Vec<NodeId> {
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
        self.value(Some(Op::Concat(axis)), "concat", span, inputs)
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

    /// Values among the arguments of a function that there is not: they count as used.
    fn use_all(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            if let Constant::Path(path) = &argument.value
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
        let functions = || LAYERS.iter().filter(|info| info.type_arguments.is_empty());
        let Some(info) = functions().find(|info| snake_case(info.name) == name) else {
            let names: Vec<String> = functions().map(|info| snake_case(info.name)).collect();
            let names = names.iter().map(String::as_str).chain(["concat", "split", "stop_gradient"]);
            let suggestion = suggest::closest(&name, names);
            self.use_all(arguments);
            let with_parameters = LAYERS.iter().find(|info| snake_case(info.name) == name);
            if let Some(info) = with_parameters {
                self.diagnostics.error(function.span(), messages::function_of_layer(&name, info.name));
                return self.invalid(function.span());
            }
            self.diagnostics.error(function.span(), messages::unknown_function(function, suggestion));
            return self.invalid(function.span());
        };
        let arguments: Vec<Argument> = arguments.iter().map(|argument| self.scope.argument(argument)).collect();
        let parameters = &self.network.parameters;
        let arguments = argument::resolve(function, info, Some(&arguments), parameters, self.diagnostics);
        let token = Ident::new(info.name, function.span());
        let op =
            arguments.map(|arguments| Op::Layer(BuiltIn { info, token, arguments, field: None, activation: None }));
        self.value(op, &name, function.span(), vec![input])
    }
}

/// The axes of both operands: those of size 1, and those that one of them lacks, are the other's. Nothing where sizes that
/// are known do not fit.
fn common_axes(left: &[Size], right: &[Size]) -> Option<Vec<Size>> {
    let rank = left.len().max(right.len());
    let axis = |axes: &[Size], place: usize| (place + axes.len()).checked_sub(rank).map(|place| axes[place].clone());
    let merge = |place: usize| match (axis(left, place), axis(right, place)) {
        (Some(left), Some(right)) => match (left.known(), right.known()) {
            (Some(1), _) => Some(right),
            (_, Some(1)) => Some(left),
            (Some(first), Some(second)) => (first == second).then_some(left),
            _ => Some(left),
        },
        (left, right) => left.or(right),
    };
    (0..rank).map(merge).collect()
}

fn is_number(literal: &syn::Lit) -> bool {
    matches!(literal, syn::Lit::Int(_) | syn::Lit::Float(_))
}

/// A whole number that is written out, with its sign.
fn integer(constant: &Constant) -> Option<isize> {
    constant::number(constant)
        .filter(|number| number.fract() == 0.0 && number.abs() < 16.0)
        .map(|number| number as isize)
}

fn one() -> Number {
    Number::Known(1.0)
}

fn zero() -> Number {
    Number::Known(0.0)
}

fn negative(number: &Number) -> Number {
    computed(number, |number| -number, |tokens| quote!(-(#tokens)))
}

fn inverse(number: &Number) -> Number {
    computed(number, |number| 1.0 / number, |tokens| quote!(1.0 / (#tokens)))
}

fn computed(number: &Number, known: fn(f64) -> f64, tokens: fn(&TokenStream) -> TokenStream) -> Number {
    match number {
        Number::Known(number) => Number::Known(known(*number)),
        Number::Expression(expression) => Number::Expression(tokens(expression)),
    }
}

fn join_name(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "sum",
        Operator::Subtract => "difference",
        Operator::Multiply => "product",
        Operator::Divide => "quotient",
    }
}
