//! The graph that all passes work on: one node a value, in an order in which every node stands behind its inputs.

use std::fmt;

use nn_core::spec::{Form, Kind, LayerInfo, Shape, TypeArgument, Value};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::{Ident, Path, PathArguments};

use crate::argument::{ArgumentValue, Content};
use crate::ast::Operator;
use crate::constant::{Size, axes_text};
use crate::marks::Marks;

/// A node's place in [`Graph::nodes`].
pub(crate) type NodeId = usize;

/// A network as a graph of values.
pub struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// The layers with parameters, in the order of their fields.
    pub(crate) fields: Vec<Field>,
    /// The node that the network gives out: of several outputs, one behind the other.
    pub(crate) output: NodeId,
    /// The inputs, in order: one, or the parts of the one that node 0 then is.
    pub(crate) inputs: Vec<NodeId>,
    /// The declared outputs, in order.
    pub(crate) outputs: Vec<Output>,
    /// The axes of all declared outputs; those of one with an error are empty.
    pub(crate) declared: Vec<Vec<Size>>,
    /// How many nodes the user's text has made; those behind them pack several outputs.
    pub(crate) written: usize,
}

/// One declared output.
pub(crate) struct Output {
    /// The value that the user gave for it.
    pub node: NodeId,
    /// The axes that the user declared; empty after an error.
    pub declared: Vec<Size>,
    /// Where they were declared.
    pub span: Span,
}

/// One value, and what makes it.
pub(crate) struct Node {
    /// Unique in the network: the layer's name, or one made from what it does.
    pub name: String,
    /// The same for people: `blocks.0.up`.
    pub label: String,
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
    /// No output depends on it: it leads to what was given the name `_`.
    pub is_dropped: bool,
}

pub(crate) enum Op {
    /// The network's input; of several, one behind the other.
    Input,
    /// One of several inputs, by its number.
    Unpack(usize),
    Layer(BuiltIn),
    /// A layer or network that the compiler does not know.
    Opaque(Opaque),
    /// A layer that stands above, transposed.
    Tied(Tied),
    Join(Operator),
    /// Along an axis; a negative one counts from the last, -1. For a layer that takes two values, with its name.
    Concat {
        axis: isize,
        layer: Option<&'static str>,
    },
    /// The value goes on, the gradient does not.
    Stop,
}

pub(crate) struct Tied {
    pub field: usize,
    /// The word `Tied`, for the emitted path.
    pub token: Ident,
    /// As for [`BuiltIn`].
    pub activation: Option<Fused>,
}

pub(crate) struct BuiltIn {
    pub info: &'static LayerInfo,
    /// The layer's token, for the emitted path.
    pub token: Ident,
    /// One for each argument of `info`.
    pub arguments: Vec<ArgumentValue>,
    /// Where its parameters are.
    pub field: Option<usize>,
    /// A point-wise layer that this one applies to its own result.
    pub activation: Option<Fused>,
    /// The node of a pool that this layer takes over.
    pub pool: Option<NodeId>,
}

impl BuiltIn {
    /// The arguments' values, when all are known now.
    pub(crate) fn values(&self) -> Option<Vec<Value>> {
        self.arguments.iter().map(ArgumentValue::value).collect()
    }

    /// What an argument holds.
    pub(crate) fn content(&self, name: &str) -> Option<&Content> {
        let index = self.info.arguments.iter().position(|argument| argument.name == name)?;
        Some(&self.arguments[index].content)
    }

    /// The value of a size argument.
    pub(crate) fn size(&self, name: &str) -> Option<&Size> {
        match self.content(name)? {
            Content::Size(size) => Some(size),
            _ => None,
        }
    }

    /// Whether an argument is a flag that holds.
    pub(crate) fn holds(&self, name: &str) -> bool {
        matches!(self.content(name), Some(Content::Flag(true)))
    }

    /// Whether the type of its parameters depends on the input's innermost axis.
    pub(crate) fn holds_last_axis(&self) -> bool {
        self.info.type_arguments.iter().any(|argument| match argument {
            TypeArgument::InputLast | TypeArgument::InputShare(_) | TypeArgument::Computed(_) => true,
            TypeArgument::InputLastUnless(flag) => !self.holds(flag),
            TypeArgument::Size(_)
            | TypeArgument::PairAxis(..)
            | TypeArgument::ShapeAxis(..)
            | TypeArgument::BiasFlag(_) => false,
        })
    }

    /// The rows of its weight where an argument says how many: they else are as many as the input's last axis is long.
    pub(crate) fn written_rows(&self) -> Option<&Size> {
        match self.info.type_arguments.first() {
            Some(TypeArgument::Size(name)) => self.size(name),
            _ => None,
        }
    }
}

/// A point-wise layer's description, token and arguments.
pub(crate) type Fused = (&'static LayerInfo, Ident, Vec<ArgumentValue>);

pub(crate) struct Opaque {
    pub path: Path,
    /// The arguments as written; `None` without parentheses.
    pub arguments: Option<Vec<TokenStream>>,
    pub field: usize,
    /// The shape that it gives, of a network in the same macro; rustc checks it.
    pub output: Option<Shape>,
}

impl Opaque {
    /// How many `_` stand among the path's generic arguments: axes of the input.
    pub(crate) fn holes(&self) -> usize {
        let Some(PathArguments::AngleBracketed(list)) = self.path.segments.last().map(|last| &last.arguments) else {
            return 0;
        };
        list.args.iter().filter(|argument| Self::is_hole(&argument.to_token_stream())).count()
    }

    pub(crate) fn is_hole(argument: &TokenStream) -> bool {
        argument.to_string() == "_"
    }
}

/// A layer with parameters: one field of the emitted struct, or of a struct inside it.
pub(crate) struct Field {
    /// Where it stands: the names of blocks, and its own at last.
    pub path: Vec<Segment>,
    /// The first node that uses it; more use it where a layer is applied again.
    pub node: NodeId,
    /// The field at the head of the row in which this one stands, of the same type; else this one.
    pub first: usize,
    pub marks: Marks,
}

/// One step on the way to a field: `blocks[2]`
#[derive(Clone)]
pub(crate) struct Segment {
    pub name: Ident,
    /// Which of how many, in a repeat.
    pub place: Option<(usize, usize)>,
}

impl Segment {
    pub(crate) fn label(&self) -> String {
        let name = self.name.unraw();
        self.place.map_or_else(|| name.to_string(), |(index, _)| format!("{name}.{index}"))
    }
}

/// `blocks.0.up`
pub(crate) fn label(path: &[Segment]) -> String {
    path.iter().map(Segment::label).collect::<Vec<_>>().join(".")
}

impl Field {
    pub(crate) fn label(&self) -> String {
        label(&self.path)
    }
}

impl Node {
    /// The shape, when every axis is a number.
    pub(crate) fn shape(&self) -> Option<Shape> {
        let axes = self.axes.as_ref()?;
        let sizes: Option<Vec<usize>> = axes.iter().map(Size::known).collect();
        sizes.map(|sizes| Shape::new(&sizes))
    }

    /// The built-in layer that it is.
    pub(crate) fn layer(&self) -> Option<&BuiltIn> {
        match &self.op {
            Op::Layer(layer) => Some(layer),
            _ => None,
        }
    }

    /// The same memory as the input's.
    pub(crate) fn is_view(&self) -> bool {
        match &self.op {
            Op::Layer(layer) => layer.info.form == Form::View,
            Op::Stop => true,
            _ => false,
        }
    }

    pub(crate) fn field(&self) -> Option<usize> {
        match &self.op {
            Op::Layer(layer) => layer.field,
            Op::Opaque(opaque) => Some(opaque.field),
            Op::Tied(tied) => Some(tied.field),
            _ => None,
        }
    }

    /// What makes the value, as the user wrote it: `Dense`.
    pub(crate) fn kind(&self) -> String {
        match &self.op {
            Op::Input | Op::Unpack(_) => "input".into(),
            Op::Join(operator) => operator.to_string(),
            Op::Concat { .. } => "concat".into(),
            Op::Stop => "stop_gradient".into(),
            Op::Layer(layer) => layer.info.name.into(),
            Op::Opaque(opaque) => path_text(&opaque.path),
            Op::Tied(_) => "Tied".into(),
        }
    }

    /// What the user wrote: `fc: Dense`, or `Dense` alone; in a block with the path to it.
    pub(crate) fn title(&self) -> String {
        match (&self.op, self.label.rsplit_once('.')) {
            (Op::Input | Op::Unpack(_), _) => self.label.clone(),
            (Op::Layer(BuiltIn { field: Some(_), .. }) | Op::Opaque(_), _) => {
                format!("{}: {}", self.label, self.kind())
            }
            (Op::Concat { layer: Some(layer), .. }, _) => (*layer).into(),
            (_, Some((block, _))) => format!("{block}: {}", self.kind()),
            _ => self.kind(),
        }
    }
}

impl Graph {
    /// Whether something could not be built. The error may be one of an earlier network: those of a block are reported once.
    pub(crate) fn is_broken(&self) -> bool {
        self.nodes.iter().any(|node| node.is_invalid)
    }

    /// The node whose memory a value lives in: views have none of their own, and what has been taken over has its taker's.
    pub(crate) fn root(&self, mut id: NodeId) -> NodeId {
        while self.nodes[id].is_view() || self.nodes[id].is_fused_away {
            id = self.nodes[id].inputs[0];
        }
        id
    }

    /// The layer that has taken a node over, or the node itself.
    pub(crate) fn head(&self, mut id: NodeId) -> NodeId {
        while self.nodes[id].is_fused_away {
            id = self.nodes[id].inputs[0];
        }
        id
    }

    /// The node whose gradient a reader of this value adds to; none where the gradient is stopped.
    pub(crate) fn gradient_root(&self, mut id: NodeId) -> Option<NodeId> {
        while self.nodes[id].is_view() || self.nodes[id].is_fused_away {
            if matches!(self.nodes[id].op, Op::Stop) {
                return None;
            }
            id = self.nodes[id].inputs[0];
        }
        Some(id)
    }

    /// The pool that a layer has taken over.
    pub(crate) fn pool(&self, id: NodeId) -> Option<NodeId> {
        match &self.nodes[id].op {
            Op::Layer(layer) => layer.pool,
            _ => None,
        }
    }

    /// The node that has the shape of what a step leaves in memory: the step's own, or that of the pool which it has taken
    /// over.
    pub(crate) fn result(&self, id: NodeId) -> NodeId {
        self.pool(id).unwrap_or(id)
    }

    /// The node whose constants tell the shape of a value: a point-wise layer that has been taken over has none.
    pub(crate) fn shaped(&self, mut id: NodeId) -> NodeId {
        while matches!(&self.nodes[id].op, Op::Layer(layer) if layer.info.form == Form::Pointwise && self.nodes[id].is_fused_away)
        {
            id = self.nodes[id].inputs[0];
        }
        id
    }

    /// Whether samples of a batch influence each other there. Frozen layers use their running statistics.
    pub(crate) fn couples(&self, id: NodeId) -> bool {
        match &self.nodes[id].op {
            Op::Layer(layer) => layer.info.couples && layer.field.is_none_or(|field| !self.fields[field].marks.frozen),
            _ => false,
        }
    }

    /// Whether the node's parameters are trained.
    pub(crate) fn has_trained_field(&self, id: NodeId) -> bool {
        self.nodes[id].field().is_some_and(|field| !self.fields[field].marks.frozen)
    }

    /// A field, or the first one of the row in which it stands: both have one type.
    pub(crate) fn first_of_row(&self, field: usize) -> &Field {
        &self.fields[self.fields[field].first]
    }

    /// Finds what no output depends on.
    pub(crate) fn find_dropped(&mut self) {
        let mut is_read = vec![false; self.nodes.len()];
        is_read[self.output] = true;
        for (id, node) in self.nodes.iter().enumerate().rev() {
            if is_read[id] {
                node.inputs.iter().for_each(|input| is_read[*input] = true);
            }
        }
        for (node, is_read) in self.nodes.iter_mut().zip(is_read) {
            node.is_dropped = !is_read;
        }
    }

    /// The nodes that do something: neither inputs nor views nor fused away nor dropped.
    pub(crate) fn steps(&self) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        (0..self.nodes.len()).filter(|id| {
            let node = &self.nodes[*id];
            !matches!(node.op, Op::Input) && !node.is_view() && !node.is_fused_away && !node.is_dropped
        })
    }

    /// What the values of a node mean; `None` when only a layer of the user's knows.
    pub(crate) fn kind(&self, mut id: NodeId) -> Option<Kind> {
        loop {
            match &self.nodes[id].op {
                Op::Layer(layer) => {
                    if layer.info.kind.is_some() {
                        return layer.info.kind;
                    }
                    id = self.nodes[id].inputs[0];
                }
                Op::Stop => id = self.nodes[id].inputs[0],
                Op::Opaque(_) => return None,
                Op::Input | Op::Unpack(_) | Op::Tied(_) | Op::Join(_) | Op::Concat { .. } => {
                    return Some(Kind::Scores);
                }
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
            Self::Divide => "/",
        })
    }
}

impl fmt::Display for Graph {
    /// One line a value: its name, what makes it from what, and its shape.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, node) in self.nodes.iter().enumerate().filter(|(_, node)| !node.is_fused_away) {
            let inputs: Vec<&str> = node.inputs.iter().map(|id| self.nodes[self.head(*id)].label.as_str()).collect();
            let work = match &node.op {
                Op::Layer(layer) => {
                    let arguments = layer.info.arguments.iter().zip(&layer.arguments);
                    let arguments: Vec<String> =
                        arguments.map(|(argument, value)| format!("{} = {value}", argument.name)).collect();
                    let activation = layer.activation.as_ref().map(|(info, ..)| format!(" + {}", info.name));
                    let pool = layer.pool.map(|pool| format!(" + {}", self.nodes[pool].kind()));
                    let fused = activation.into_iter().chain(pool).collect::<String>();
                    format!("{}({}){fused}", layer.info.name, arguments.join(", "))
                }
                Op::Tied(tied) => format!("Tied({})", self.fields[tied.field].label()),
                _ => node.kind(),
            };
            let axes = self.nodes[self.result(id)].axes.as_ref().map_or_else(|| "?".into(), |axes| axes_text(axes));
            writeln!(f, "  {} = {work} <- [{}] : [{axes}]", node.label, inputs.join(", "))?;
        }
        writeln!(f, "  output {}", self.nodes[self.head(self.output)].label)
    }
}
