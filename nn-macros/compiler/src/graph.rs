//! The graph that all passes work on: one node a value, in an order in which every node stands behind its inputs.

use std::fmt;

use nn_core::spec::{Form, Kind, LayerInfo, Shape};
use proc_macro2::{Span, TokenStream};
use syn::{Ident, Path};

use crate::argument::ArgumentValue;
use crate::ast::Operator;
use crate::constant::Size;

/// A node's place in [`Graph::nodes`].
pub(crate) type NodeId = usize;

/// A network as a graph of values.
pub struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// The layers with parameters, in the order of their fields.
    pub(crate) fields: Vec<Field>,
    /// The node that the network gives out.
    pub(crate) output: NodeId,
    /// The declared output.
    pub(crate) declared: Vec<Size>,
}

/// One value, and what makes it.
pub(crate) struct Node {
    /// Unique in the network: the layer's name, or one made from what it does.
    pub name: String,
    /// The layer's token: errors are shown there.
    pub span: Span,
    pub op: Op,
    pub inputs: Vec<NodeId>,
    /// The axes of one sample; `None` when only rustc can tell even how many there are.
    pub axes: Option<Vec<Size>>,
    /// The shape rule has refused, or an input's has: nothing more is said of this value.
    pub is_invalid: bool,
    /// Fusion has given this node's work to another.
    pub is_fused_away: bool,
}

pub(crate) enum Op {
    Input,
    Layer(BuiltIn),
    /// A layer or network that the compiler does not know.
    Opaque(Opaque),
    Join(Operator),
    Concat,
}

pub(crate) struct BuiltIn {
    pub info: &'static LayerInfo,
    /// The layer's token, for the emitted path.
    pub token: Ident,
    /// One for each argument of `info`.
    pub arguments: Vec<ArgumentValue>,
    /// Where its parameters are.
    pub field: Option<usize>,
    /// A point-wise layer that this one applies to its own result: its description and arguments.
    pub activation: Option<(&'static LayerInfo, Vec<ArgumentValue>)>,
}

pub(crate) struct Opaque {
    pub path: Path,
    /// The arguments as written; `None` without parentheses.
    pub arguments: Option<Vec<TokenStream>>,
    pub field: usize,
}

/// A layer with parameters: one field of the emitted struct.
pub(crate) struct Field {
    pub name: Ident,
    /// The first node that uses it; more use it where a layer is applied again.
    pub node: NodeId,
}

impl Node {
    /// The shape, when every axis is a number.
    pub(crate) fn shape(&self) -> Option<Shape> {
        let axes = self.axes.as_ref()?;
        let sizes: Option<Vec<usize>> = axes.iter().map(Size::known).collect();
        sizes.map(|sizes| Shape::new(&sizes))
    }

    pub(crate) fn is_view(&self) -> bool {
        matches!(&self.op, Op::Layer(layer) if layer.info.form == Form::View)
    }

    pub(crate) fn couples(&self) -> bool {
        matches!(&self.op, Op::Layer(layer) if layer.info.couples)
    }

    pub(crate) fn field(&self) -> Option<usize> {
        match &self.op {
            Op::Layer(layer) => layer.field,
            Op::Opaque(opaque) => Some(opaque.field),
            _ => None,
        }
    }

    /// What the user wrote: `fc: Dense`, or `Dense` alone.
    pub(crate) fn title(&self) -> String {
        match &self.op {
            Op::Input => self.name.clone(),
            Op::Join(operator) => operator.to_string(),
            Op::Concat => "concat".into(),
            Op::Layer(layer) if layer.field.is_some() => format!("{}: {}", self.name, layer.info.name),
            Op::Layer(layer) => layer.info.name.into(),
            Op::Opaque(opaque) => format!("{}: {}", self.name, path_text(&opaque.path)),
        }
    }
}

impl Graph {
    /// The node whose memory a value lives in: views have none of their own.
    pub(crate) fn root(&self, mut id: NodeId) -> NodeId {
        while self.nodes[id].is_view() {
            id = self.nodes[id].inputs[0];
        }
        id
    }

    /// The nodes that do something: neither inputs nor views nor fused away.
    pub(crate) fn steps(&self) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        (0..self.nodes.len()).filter(|id| {
            let node = &self.nodes[*id];
            !matches!(node.op, Op::Input) && !node.is_view() && !node.is_fused_away
        })
    }

    /// What the values of a node mean; `None` when only a layer of the user's knows.
    pub(crate) fn kind(&self, mut id: NodeId) -> Option<Kind> {
        loop {
            match &self.nodes[id].op {
                Op::Layer(layer) => {
                    let info = layer.activation.as_ref().map_or(layer.info, |(info, _)| info);
                    if info.kind.is_some() {
                        return info.kind;
                    }
                    id = self.nodes[id].inputs[0];
                }
                Op::Opaque(_) => return None,
                Op::Input | Op::Join(_) | Op::Concat => return Some(Kind::Scores),
            }
        }
    }
}

/// A path as a user writes it, without the spaces between tokens.
pub(crate) fn path_text(path: &Path) -> String {
    quote::quote!(#path).to_string().replace(' ', "")
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
        })
    }
}

impl fmt::Display for Graph {
    /// One line a value: its name, what makes it from what, and its shape.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for node in self.nodes.iter().filter(|node| !node.is_fused_away) {
            let inputs: Vec<&str> = node.inputs.iter().map(|id| self.nodes[*id].name.as_str()).collect();
            let work = match &node.op {
                Op::Input => "input".into(),
                Op::Layer(layer) => {
                    let arguments = layer.info.arguments.iter().zip(&layer.arguments);
                    let arguments: Vec<String> =
                        arguments.map(|(argument, value)| format!("{} = {value}", argument.name)).collect();
                    let activation = layer.activation.as_ref().map(|(info, _)| format!(" + {}", info.name));
                    format!("{}({}){}", layer.info.name, arguments.join(", "), activation.unwrap_or_default())
                }
                Op::Opaque(opaque) => path_text(&opaque.path),
                Op::Join(operator) => operator.to_string(),
                Op::Concat => "concat".into(),
            };
            let axes = node
                .axes
                .as_ref()
                .map_or_else(|| "?".into(), |axes| axes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
            writeln!(f, "  {} = {work} <- [{}] : [{axes}]", node.name, inputs.join(", "))?;
        }
        writeln!(f, "  output {}", self.nodes[self.output].name)
    }
}
