//! Shapes: the axes of every value, by the rules of `nn_core::spec`. Sizes that only rustc knows stay expressions.

use nn_core::spec::{self, ArgumentKind, OutputAxes, Shape, ShapeError, TypeArgument, Value};
use quote::{format_ident, quote};
use syn::Ident;

use crate::argument::{ArgumentValue, Content};
use crate::ast::Network;
use crate::constant::{self, Size};
use crate::diagnostics::Diagnostics;
use crate::graph::{BuiltIn, Graph, Node, NodeId, Op, Tied};
use crate::messages;
use crate::remedy::remedy;

/// Gives a node its axes; a rule that refuses is reported at its layer, and what follows from it is not.
pub(crate) fn infer(network: &Network, graph: &mut Graph, id: NodeId, diagnostics: &mut Diagnostics) {
    let node = &graph.nodes[id];
    let is_invalid = node.is_invalid || node.inputs.iter().any(|input| graph.nodes[*input].is_invalid);
    let result = if is_invalid { Err(None) } else { Inference { network, graph, id }.axes(diagnostics) };
    match result {
        Ok(axes) => graph.nodes[id].axes = axes,
        Err(error) => {
            graph.nodes[id].is_invalid = true;
            if let Some(error) = error {
                report(graph, id, &error, diagnostics);
            }
        }
    }
}

/// The elements of several values, all together.
pub(crate) fn total<'a>(values: impl Iterator<Item = &'a Vec<Size>> + Clone) -> Size {
    let known: Option<usize> = values.clone().map(|axes| axes.iter().map(Size::known).product::<Option<usize>>()).sum();
    if let Some(total) = known {
        return Size::Known(total);
    }
    let all: Vec<Size> = values.clone().flatten().cloned().collect();
    let products = values.map(|axes| constant::product(axes));
    let tokens = quote!(#(#products)+*);
    let is_plain = all.iter().all(|axis| matches!(axis, Size::Known(_) | Size::Expression(_)));
    if is_plain { Size::Expression(tokens) } else { Size::Derived { what: "all inputs'".into(), tokens } }
}

fn report(graph: &Graph, id: NodeId, error: &ShapeError, diagnostics: &mut Diagnostics) {
    let node = &graph.nodes[id];
    let argument_place = || {
        let layer = node.layer()?;
        let index = layer.info.arguments.iter().position(|argument| Some(argument.name) == error.argument())?;
        layer.arguments[index].place
    };
    let place = argument_place().unwrap_or_else(|| node.span.into());
    let text = error.message(&node.title());
    let text = with_trail(text.as_str(), &trail(graph, id));
    let text = match remedy(graph, id, error) {
        Some(help) => messages::with_help(&text, &help),
        None => text,
    };
    diagnostics.error(place, text);
}

/// The shapes on the way to a layer, the last few: `image [32, 32, 3] -> conv [30, 30, 8]`. Empty where the error's own
/// words say as much.
fn trail(graph: &Graph, id: NodeId) -> String {
    const MOST: usize = 4;
    let mut steps = Vec::new();
    let mut next = graph.nodes[id].inputs.first().filter(|_| graph.nodes[id].inputs.len() == 1).copied();
    while let Some(id) = next.filter(|_| steps.len() <= MOST) {
        let node = &graph.nodes[id];
        let Some(axes) = &node.axes else { break };
        let name = match node.op {
            Op::Layer(_) | Op::Opaque(_) if node.field().is_none() => node.kind(),
            _ => node.label.clone(),
        };
        steps.push(format!("{name} [{}]", constant::axes_text(axes)));
        next = node.inputs.first().filter(|_| node.inputs.len() == 1).copied();
    }
    if steps.len() < 3 {
        return String::new();
    }
    let is_cut = steps.len() > MOST;
    steps.truncate(MOST);
    steps.reverse();
    format!("{}{}", if is_cut { ".. -> " } else { "" }, steps.join(" -> "))
}

/// Puts the trail behind what was found.
fn with_trail(text: &str, trail: &str) -> String {
    if trail.is_empty() {
        return text.to_owned();
    }
    let lines: Vec<String> =
        text.lines()
            .map(|line| {
                if line.starts_with("expected ") { format!("{line} (shapes so far: {trail})") } else { line.to_owned() }
            })
            .collect();
    lines.join("\n")
}

/// The constant that holds a node's shape, in the emitted plan.
pub(crate) fn shape_constant(name: &str) -> Ident {
    format_ident!("SHAPE_{}", name.to_uppercase())
}

/// The struct that holds a network's constants.
pub(crate) fn plan_name(network: &Ident) -> Ident {
    format_ident!("{network}Plan")
}

struct Inference<'g> {
    network: &'g Network,
    graph: &'g Graph,
    id: NodeId,
}

/// The axes; `None` when not even their number is known. An error without a text has been reported already.
type Axes = Result<Option<Vec<Size>>, Option<ShapeError>>;

impl Inference<'_> {
    fn axes(&self, diagnostics: &mut Diagnostics) -> Axes {
        let node = self.node();
        match &node.op {
            Op::Input | Op::Unpack(_) => Ok(node.axes.clone()),
            Op::Stop => Ok(self.inputs().next().and_then(|input| input.axes.clone())),
            Op::Tied(tied) => self.tied(tied),
            Op::Layer(layer) => self.layer(layer, diagnostics),
            Op::Opaque(opaque) => {
                if opaque.holes() > 0 {
                    self.check_named_axes(diagnostics)?;
                }
                Ok(opaque.output.map(known))
            }
            Op::Join(_) => self.join(),
            Op::Concat { axis, .. } => self.concat(*axis),
        }
    }

    /// Behind a layer of the user's own sizes are constants that depend on the const parameters of a generic network:
    /// on stable Rust they cannot stand in the type of a layer.
    fn check_named_axes(&self, diagnostics: &mut Diagnostics) -> Result<(), Option<ShapeError>> {
        let is_unknown = self.inputs().next().is_some_and(|input| input.axes.is_none());
        if self.network.parameters.is_empty() || !is_unknown {
            return Ok(());
        }
        let own = self.inputs().next().map_or_else(String::new, Node::title);
        diagnostics.error(self.node().span, messages::own_layer_in_generic(&self.node().title(), &own));
        Err(None)
    }

    fn node(&self) -> &Node {
        &self.graph.nodes[self.id]
    }

    fn inputs(&self) -> impl Iterator<Item = &Node> {
        self.node().inputs.iter().map(|input| &self.graph.nodes[*input])
    }

    fn layer(&self, layer: &BuiltIn, diagnostics: &mut Diagnostics) -> Axes {
        let Some(input) = self.inputs().next() else { return Err(None) };
        self.reused(layer, input, diagnostics)?;
        if let (Some(values), Some(shape)) = (layer.values(), input.shape()) {
            let shape = (layer.info.out_shape)(&values, shape).map_err(Some)?;
            return Ok(Some(known(shape)));
        }
        let Some(axes) = &input.axes else {
            if layer.holds_last_axis() {
                self.check_named_axes(diagnostics)?;
            }
            return Ok(self.last_axis_only(layer));
        };
        self.symbolic(layer, axes, diagnostics).map(Some)
    }

    /// A layer that is applied again must meet the same innermost axis, because its parameters' types hold it.
    fn reused(&self, layer: &BuiltIn, input: &Node, diagnostics: &mut Diagnostics) -> Result<(), Option<ShapeError>> {
        let Some(field) = layer.field.map(|field| self.graph.first_of_row(field)) else { return Ok(()) };
        if field.node == self.id || !layer.holds_last_axis() {
            return Ok(());
        }
        let first = &self.graph.nodes[self.graph.nodes[field.node].inputs[0]];
        let (Some(expected), Some(found)) =
            (first.axes.as_ref().and_then(|axes| axes.last()), input.axes.as_ref().and_then(|axes| axes.last()))
        else {
            return Ok(());
        };
        if expected.is_same(found) {
            return Ok(());
        }
        let message = match (expected.known(), found.known()) {
            (Some(expected), Some(found)) => {
                ShapeError::Reused { expected, found }.message(&field.label()).as_str().to_owned()
            }
            // Two expressions may have one value: rustc will tell.
            _ if self.network.parameters.is_empty() => return Ok(()),
            _ => messages::reused_other_size(&field.label(), expected, found),
        };
        diagnostics.error(self.node().span, message);
        Err(None)
    }

    /// Some sizes are names. What does not depend on them is checked now, with stand-ins in their places; the rest is
    /// left to rustc.
    fn symbolic(
        &self,
        layer: &BuiltIn,
        axes: &[Size],
        diagnostics: &mut Diagnostics,
    ) -> Result<Vec<Size>, Option<ShapeError>> {
        let size_argument = |name: &str| layer.size(name).cloned();
        let with_last = |last: Option<Size>| {
            let mut axes = axes.to_vec();
            if let (Some(place), Some(last)) = (axes.last_mut(), last) {
                *place = last;
            }
            axes
        };
        self.check_last_axis(layer, axes, diagnostics)?;
        if let OutputAxes::Window(moved, _) | OutputAxes::WindowTimes(moved, _) = layer.info.axes
            && axes.len() == moved + 1
        {
            return self.window(layer, axes);
        }
        let is_probed = match layer.info.axes {
            // Stand-ins have another product than the sizes they stand for.
            OutputAxes::Given(_) => false,
            // The rule is run below, once the axes are found that it needs.
            OutputAxes::Along(_) => false,
            OutputAxes::Product(_) => axes.iter().all(|axis| axis.known().is_some()),
            _ => true,
        };
        if is_probed {
            self.probe(layer, axes)?;
        }
        Ok(match layer.info.axes {
            OutputAxes::Same | OutputAxes::Window(..) | OutputAxes::WindowTimes(..) => axes.to_vec(),
            OutputAxes::LastFrom(name) => with_last(size_argument(name)),
            OutputAxes::Pushed(name) => axes.iter().cloned().chain(size_argument(name)).collect(),
            OutputAxes::Steps { size, last } => match layer.holds(last) {
                true => size_argument(size).into_iter().collect(),
                false => with_last(size_argument(size)),
            },
            OutputAxes::Halved => with_last(axes.last().map(|last| match last.known() {
                Some(size) => Size::Known(size / 2),
                None => self.computed_axis(axes.len() - 1),
            })),
            OutputAxes::FirstFrom(name) => {
                size_argument(name).into_iter().chain(axes.iter().skip(1).cloned()).collect()
            }
            OutputAxes::Computed(count) => (0..count).map(|axis| self.computed_axis(axis)).collect(),
            OutputAxes::LastOnly => axes.last().cloned().into_iter().collect(),
            OutputAxes::Product(name) => vec![size_argument(name).unwrap_or_else(|| self.product(axes))],
            OutputAxes::Given(name) => match layer.content(name) {
                Some(Content::Shape(sizes)) => sizes.clone(),
                _ => axes.to_vec(),
            },
            OutputAxes::Along(name) => self.along(layer, name, axes)?,
            OutputAxes::Permuted(name) => {
                let places = named_axes(layer, name).places(name, axes.len()).map_err(Some)?;
                places.as_slice().iter().map(|place| axes[*place].clone()).collect()
            }
            OutputAxes::Matrix { rows, columns } => self.matrix(size_argument(rows), size_argument(columns), axes),
            OutputAxes::Reduced { axes: name, keep } => {
                let places = named_axes(layer, name).places(name, axes.len()).map_err(Some)?;
                let is_kept = layer.holds(keep);
                let all = axes.iter().enumerate().map(|(axis, size)| match places.contains(axis) {
                    true => is_kept.then_some(Size::Known(1)),
                    false => Some(size.clone()),
                });
                let left: Vec<Size> = all.flatten().collect();
                if left.is_empty() { vec![Size::Known(1)] } else { left }
            }
        })
    }

    /// Rows and columns in place of the last two axes.
    fn matrix(&self, rows: Option<Size>, columns: Option<Size>, axes: &[Size]) -> Vec<Size> {
        let last = axes.len() - 1;
        let sizes = [rows, columns].into_iter().zip([last.saturating_sub(1), last]);
        let sizes = sizes.map(|(size, axis)| size.unwrap_or_else(|| self.computed_axis(axis)));
        axes[..last.saturating_sub(1)].iter().cloned().chain(sizes).collect()
    }

    /// The axes that an argument names are computed by the rule: now if it can be run, else by rustc.
    fn along(&self, layer: &BuiltIn, name: &'static str, axes: &[Size]) -> Result<Vec<Size>, Option<ShapeError>> {
        let places = named_axes(layer, name).places(name, axes.len()).map_err(Some)?;
        let are_known = places.as_slice().iter().all(|place| axes[*place].known().is_some())
            && layer.arguments.iter().all(|argument| argument.value().is_some());
        let shape = if are_known { Some(self.probe(layer, axes)?) } else { None }.filter(Shape::is_valid);
        let axes = axes.iter().enumerate().map(|(axis, size)| match shape {
            _ if !places.contains(axis) => size.clone(),
            Some(shape) => Size::Known(shape.dim(axis)),
            None => self.computed_axis(axis),
        });
        Ok(axes.collect())
    }

    /// Runs the rule with stand-ins for what is not known: refusals that do not depend on those are errors now. The shape is
    /// not valid where a stand-in was refused.
    fn probe(&self, layer: &BuiltIn, axes: &[Size]) -> Result<Shape, Option<ShapeError>> {
        let sizes: Vec<usize> = axes.iter().map(|axis| axis.known().unwrap_or(1)).collect();
        let mut values: Vec<Value> = layer.arguments.iter().map(ArgumentValue::stand_in).collect();
        for (argument, value) in layer.info.arguments.iter().zip(&mut values) {
            // A written input size against a stand-in proves nothing.
            if argument.name == "input" && axes.last().is_none_or(|axis| axis.known().is_none()) {
                *value = Value::Absent;
            }
        }
        let result = (layer.info.out_shape)(&values, Shape::new(&sizes));
        // What a stand-in is measured by is left to rustc.
        let is_open = layer.arguments.iter().any(|argument| argument.value().is_none());
        let is_last_open = is_open || axes.last().is_none_or(|axis| axis.known().is_none());
        // A size may be measured by any axis of the input, a number is not.
        let is_size = |name: &str| {
            let kind = layer.info.arguments.iter().find(|argument| argument.name == name).map(|argument| argument.kind);
            matches!(kind, Some(ArgumentKind::Size | ArgumentKind::OptionalSize))
        };
        let is_any_open = is_open || axes.iter().any(|axis| axis.known().is_none());
        match result {
            Err(ShapeError::Asserted { .. }) => Ok(Shape::INVALID),
            Err(ShapeError::Range { argument, .. }) if is_open || is_any_open && is_size(argument) => {
                Ok(Shape::INVALID)
            }
            Err(ShapeError::SharedHeads { .. }) if is_open => Ok(Shape::INVALID),
            Err(
                ShapeError::HeadWidth { .. }
                | ShapeError::Divides { .. }
                | ShapeError::Odd { .. }
                | ShapeError::State { .. }
                | ShapeError::Shares { .. },
            ) if is_last_open => Ok(Shape::INVALID),
            other => other.map_err(Some),
        }
    }

    fn window(&self, layer: &BuiltIn, axes: &[Size]) -> Result<Vec<Size>, Option<ShapeError>> {
        let index_of = |name: &str| layer.info.arguments.iter().position(|argument| argument.name == name);
        let moved = axes.len() - 1;
        let last_index = match layer.info.axes {
            OutputAxes::Window(_, Some(name)) | OutputAxes::WindowTimes(_, name) => index_of(name),
            _ => None,
        };
        let last = match (layer.info.axes, last_index.map(|index| &layer.arguments[index].content)) {
            (OutputAxes::Window(..), Some(Content::Size(size))) => size.clone(),
            (OutputAxes::WindowTimes(..), Some(Content::Size(times))) => match (axes[moved].known(), times.known()) {
                (Some(size), Some(times)) => Size::Known(size * times),
                (_, Some(1)) => axes[moved].clone(),
                _ => self.computed_axis(moved),
            },
            _ => axes[moved].clone(),
        };
        let window_known = layer
            .arguments
            .iter()
            .enumerate()
            .all(|(index, argument)| Some(index) == last_index || argument.value().is_some());
        let are_known = window_known && axes[..moved].iter().all(|axis| axis.known().is_some());
        let shape = if are_known { self.probe(layer, axes)? } else { Shape::INVALID };
        let axis = |axis: usize| match shape.is_valid() {
            true => Size::Known(shape.dim(axis)),
            false => self.computed_axis(axis),
        };
        Ok((0..moved).map(axis).chain([last]).collect())
    }

    /// An axis that the emitted constant of this node's shape holds.
    fn computed_axis(&self, axis: usize) -> Size {
        let (plan, shape) = (plan_name(&self.network.name), shape_constant(&self.node().name));
        let axis = proc_macro2::Literal::usize_unsuffixed(axis);
        if self.network.parameters.is_empty() {
            return Size::Expression(quote!(#plan::#shape.dim(#axis)));
        }
        Size::Derived { what: format!("{}[{axis}]", self.node().name), tokens: quote!(Self::#shape.dim(#axis)) }
    }

    fn product(&self, axes: &[Size]) -> Size {
        let known: Option<usize> = axes.iter().map(Size::known).product();
        if let Some(size) = known {
            return Size::Known(size);
        }
        if let [axis] = axes {
            return axis.clone();
        }
        if let Size::Expression(tokens) = self.computed_axis(0) {
            return Size::Expression(tokens);
        }
        let text: Vec<String> = axes.iter().map(ToString::to_string).collect();
        let shape = shape_constant(&self.node().name);
        Size::Derived { what: format!("`{}`", text.join(" * ")), tokens: quote!(Self::#shape.dim(0)) }
    }

    /// A layer whose type holds the input's innermost axis needs one that can stand in a type.
    fn check_last_axis(
        &self,
        layer: &BuiltIn,
        axes: &[Size],
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Option<ShapeError>> {
        // How long the first of two joined values is counts only where it stands in the type.
        let is_free = |name: &'static str| {
            let is_joined = layer.info.joins.is_some_and(|joins| joins.gives(name));
            is_joined && !layer.info.type_arguments.contains(&TypeArgument::Size(name))
        };
        let arguments = layer.info.arguments.iter().zip(&layer.arguments);
        let sizes = arguments.filter_map(|(argument, value)| match &value.content {
            Content::Size(size) if !is_free(argument.name) => Some(size),
            _ => None,
        });
        if layer.info.computes_sizes()
            && let Some(size) = sizes.chain(axes.last()).find(|size| matches!(size, Size::Parameter(_)))
        {
            diagnostics.error(self.node().span, messages::computed_size(&self.node().title(), size));
            return Err(None);
        }
        let derived = layer.info.type_arguments.iter().find_map(|argument| match (argument, axes.last()?) {
            (
                TypeArgument::InputLast | TypeArgument::InputShare(_) | TypeArgument::Computed(_),
                Size::Derived { what, .. },
            ) => Some(what.clone()),
            (TypeArgument::InputLastUnless(flag), Size::Derived { what, .. }) if !layer.holds(flag) => {
                Some(what.clone())
            }
            (TypeArgument::InputShare(parts), last) => match (last, layer.size(parts)?) {
                (_, Size::Known(1)) => None,
                (Size::Parameter(_), parts) | (_, parts @ Size::Parameter(_)) => Some(format!("`{last} / {parts}`")),
                _ => None,
            },
            _ => None,
        });
        if let Some(what) = derived {
            diagnostics
                .error(self.node().span, messages::derived_size(&self.node().title(), &what, &axes[..axes.len() - 1]));
            return Err(None);
        }
        Ok(())
    }

    /// Behind a layer of the user's own, only what does not depend on the rank is known.
    fn last_axis_only(&self, layer: &BuiltIn) -> Option<Vec<Size>> {
        match layer.info.axes {
            OutputAxes::Product(_) | OutputAxes::LastOnly => Some(vec![self.computed_axis(0)]),
            OutputAxes::Window(moved, _) | OutputAxes::WindowTimes(moved, _) => {
                Some((0..=moved).map(|axis| self.computed_axis(axis)).collect())
            }
            OutputAxes::Computed(count) => Some((0..count).map(|axis| self.computed_axis(axis)).collect()),
            OutputAxes::Given(_) => layer.arguments.iter().find_map(|argument| match &argument.content {
                Content::Shape(sizes) => Some(sizes.clone()),
                _ => None,
            }),
            OutputAxes::Permuted(name) => {
                Some((0..named_axes(layer, name).count()).map(|axis| self.computed_axis(axis)).collect())
            }
            OutputAxes::Same
            | OutputAxes::LastFrom(_)
            | OutputAxes::FirstFrom(_)
            | OutputAxes::Pushed(_)
            | OutputAxes::Halved
            | OutputAxes::Steps { .. }
            | OutputAxes::Along(_)
            | OutputAxes::Matrix { .. }
            | OutputAxes::Reduced { .. } => None,
        }
    }

    fn join(&self) -> Axes {
        let mut inputs = self.inputs();
        let (Some(left), Some(right)) = (inputs.next(), inputs.next()) else { return Err(None) };
        if let (Some(left), Some(right)) = (left.shape(), right.shape()) {
            return spec::same_shape(left, right).map(|shape| Some(known(shape))).map_err(Some);
        }
        if let (Some(left), Some(right)) = (&left.axes, &right.axes)
            && left.len() != right.len()
        {
            return Err(Some(ShapeError::Operands { left: stand_in(left), right: stand_in(right) }));
        }
        Ok(left.axes.clone().or_else(|| right.axes.clone()))
    }

    /// A layer that stands above, transposed: from what it gives to what it takes.
    fn tied(&self, tied: &Tied) -> Axes {
        let first = self.graph.fields[tied.field].node;
        let last = |id: NodeId| self.graph.nodes[id].axes.as_ref().and_then(|axes| axes.last()).cloned();
        let rows = match &self.graph.nodes[first].op {
            Op::Layer(layer) => layer.written_rows().cloned(),
            _ => None,
        };
        let (from, to) = (rows.or_else(|| last(self.graph.nodes[first].inputs[0])), last(first));
        let Some(input) = self.inputs().next() else { return Err(None) };
        if let (Some(Size::Known(from)), Some(Size::Known(to)), Some(shape)) = (&from, &to, input.shape()) {
            return spec::Tied {}.out_shape(shape, *from, *to).map(|shape| Some(known(shape))).map_err(Some);
        }
        let Some(mut axes) = input.axes.clone() else { return Ok(None) };
        if let (Some(last), Some(from)) = (axes.last_mut(), from) {
            *last = from;
        }
        Ok(Some(axes))
    }

    fn concat(&self, axis: isize) -> Axes {
        let shapes: Option<Vec<Shape>> = self.inputs().map(Node::shape).collect();
        if let Some(shapes) = shapes {
            let joined = match (&self.node().op, &*shapes) {
                (Op::Concat { layer: Some(_), .. }, &[first, second]) => spec::pair_along(first, second, axis),
                _ => spec::concat_along(&shapes, axis),
            };
            return joined.map(|shape| Some(known(shape))).map_err(Some);
        }
        let Some(Some(first)) = self.inputs().next().map(|node| node.axes.clone()) else { return Ok(None) };
        if let Op::Concat { layer: Some(_), .. } = &self.node().op
            && let Some(Some(second)) = self.inputs().nth(1).map(|node| &node.axes)
            && (first.len() != second.len() || spec::axis_place("axis", axis, first.len()).is_err())
        {
            return spec::pair_along(stand_in(&first), stand_in(second), axis).map(|_| None).map_err(Some);
        }
        let place = spec::axis_place("axis", axis, first.len()).map_err(Some)?;
        let mut axes = first;
        let terms: Vec<String> = self
            .inputs()
            .map(|node| {
                node.axes.as_ref().and_then(|axes| axes.get(place)).map_or_else(|| "?".into(), ToString::to_string)
            })
            .collect();
        axes[place] = match self.computed_axis(place) {
            Size::Derived { tokens, .. } => Size::Derived { what: format!("`{}`", terms.join(" + ")), tokens },
            other => other,
        };
        Ok(Some(axes))
    }
}

/// The axes that a layer's argument names; the last one for an argument of another kind.
fn named_axes(layer: &BuiltIn, name: &str) -> spec::Axes {
    match layer.content(name) {
        Some(Content::Axes(axes)) => *axes,
        Some(Content::Axis(axis)) => spec::Axes::new(&[*axis]),
        _ => spec::Axes::LAST,
    }
}

fn known(shape: Shape) -> Vec<Size> {
    shape.dims().iter().map(|size| Size::Known(*size)).collect()
}

fn stand_in(axes: &[Size]) -> Shape {
    Shape::new(&axes.iter().map(|axis| axis.known().unwrap_or(1)).collect::<Vec<_>>())
}
