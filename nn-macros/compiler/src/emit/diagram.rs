//! The graph as a picture.

use std::fmt::Write as _;

use nn_core::spec::Form;

use crate::constant::axes_text;
use crate::graph::{Graph, NodeId, Op};

/// What a picture shows of a node.
fn caption(graph: &Graph, id: NodeId) -> [String; 2] {
    let node = &graph.nodes[id];
    let first = match &node.op {
        Op::Input | Op::Unpack(_) => node.label.clone(),
        _ if node.field().is_some() => format!("{}: {}", node.label, node.kind()),
        _ => node.kind(),
    };
    let axes = node.axes.as_ref();
    let shape = axes.map(|axes| axes_text(axes));
    [first, shape.map_or_else(|| "?".into(), |shape| format!("[{shape}]"))]
}

/// The nodes that a picture shows: of several inputs the parts, not the whole.
fn drawn(graph: &Graph) -> Vec<NodeId> {
    let hides_whole = graph.inputs.len() > 1;
    (0..graph.written).filter(|id| *id > 0 || !hides_whole).collect()
}

/// The arrows, from and to.
fn arrows(graph: &Graph) -> Vec<(NodeId, NodeId)> {
    let hides_whole = graph.inputs.len() > 1;
    let arrows = drawn(graph).into_iter().flat_map(|id| graph.nodes[id].inputs.iter().map(move |source| (*source, id)));
    arrows.filter(|(source, _)| *source > 0 || !hides_whole).collect()
}

/// A flow chart in Mermaid's language.
pub(super) fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("flowchart TD\n");
    for id in drawn(graph) {
        let [name, shape] = caption(graph, id).map(|line| line.replace('"', "'"));
        let [open, close] = match &graph.nodes[id].op {
            Op::Input | Op::Unpack(_) => ["([", "])"],
            Op::Join(_) | Op::Concat { .. } => ["((", "))"],
            _ => ["[", "]"],
        };
        let _ = writeln!(text, "    n{id}{open}\"{name}<br/>{shape}\"{close}");
    }
    for (from, to) in arrows(graph) {
        let _ = writeln!(text, "    n{from} --> n{to}");
    }
    text
}

/// The height of a node, and the gaps between nodes side by side and one below the other, in pixels.
const HEIGHT: usize = 40;
const GAP: [usize; 2] = [24, 26];
/// The width of a letter, and the least width of a node.
const LETTER: usize = 7;
const LEAST_WIDTH: usize = 150;
/// How far an arrow that passes nodes swings out to the side.
const SWING: usize = 46;

/// Where the nodes stand.
struct Layout {
    width: usize,
    columns: usize,
    rows: Vec<usize>,
    members: Vec<Vec<NodeId>>,
}

impl Layout {
    /// Each node one row below the last of its inputs, neighbours side by side.
    fn new(graph: &Graph, drawn: &[NodeId], arrows: &[(NodeId, NodeId)]) -> Self {
        let mut rows = vec![0; graph.nodes.len()];
        for (from, to) in arrows {
            rows[*to] = rows[*to].max(rows[*from] + 1);
        }
        let mut members: Vec<Vec<NodeId>> = vec![Vec::new(); rows.iter().max().map_or(1, |row| row + 1)];
        drawn.iter().for_each(|id| members[rows[*id]].push(*id));
        let columns = members.iter().map(Vec::len).max().unwrap_or(1);
        let letters = drawn.iter().flat_map(|id| caption(graph, *id)).map(|line| line.chars().count()).max();
        let width = (letters.unwrap_or(0) * LETTER + 16).max(LEAST_WIDTH);
        Self { width, columns, rows, members }
    }

    /// The upper left corner of a node.
    fn place(&self, id: NodeId) -> [usize; 2] {
        let row = &self.members[self.rows[id]];
        let column = row.iter().position(|other| *other == id).unwrap_or(0);
        let indent = (self.columns - row.len()) * (self.width + GAP[0]) / 2;
        [GAP[0] + indent + column * (self.width + GAP[0]), GAP[1] + self.rows[id] * (HEIGHT + GAP[1])]
    }

    fn size(&self) -> [usize; 2] {
        [self.columns * (self.width + GAP[0]) + GAP[0] + SWING, self.members.len() * (HEIGHT + GAP[1]) + GAP[1]]
    }

    /// Straight down to the next row; around the nodes in between to a later one.
    fn arrow(&self, from: NodeId, to: NodeId) -> String {
        let ([x1, y1], [x2, y2]) = (self.place(from), self.place(to));
        if self.rows[to] == self.rows[from] + 1 {
            let (x1, y1, x2) = (x1 + self.width / 2, y1 + HEIGHT, x2 + self.width / 2);
            let middle = (y1 + y2) / 2;
            return format!("M{x1} {y1} C{x1} {middle} {x2} {middle} {x2} {y2}");
        }
        let (x1, y1, x2, y2) = (x1 + self.width, y1 + HEIGHT / 2, x2 + self.width, y2 + HEIGHT / 2);
        let side = x1.max(x2) + SWING;
        format!("M{x1} {y1} C{side} {y1} {side} {y1} {side} {middle} S{side} {y2} {x2} {y2}", middle = (y1 + y2) / 2)
    }
}

/// A picture as SVG.
pub(super) fn svg(graph: &Graph) -> String {
    let (drawn, arrows) = (drawn(graph), arrows(graph));
    let layout = Layout::new(graph, &drawn, &arrows);
    let ([width, height], box_width) = (layout.size(), layout.width);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" text-anchor=\"middle\">\n"
    );
    for (from, to) in arrows {
        let path = layout.arrow(from, to);
        let _ = writeln!(text, "<path d=\"{path}\" fill=\"none\" stroke=\"#8a94a6\"/>");
    }
    for id in drawn {
        let ([x, y], [name, shape]) = (layout.place(id), caption(graph, id).map(|line| escape(&line)));
        let (center, first, second) = (x + box_width / 2, y + 17, y + 32);
        let fill = color(graph, id);
        let _ = writeln!(
            text,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{box_width}\" height=\"{HEIGHT}\" rx=\"6\" fill=\"{fill}\" stroke=\"#5b6577\"/>\
             <text x=\"{center}\" y=\"{first}\" fill=\"#1d2433\">{name}</text>\
             <text x=\"{center}\" y=\"{second}\" fill=\"#4a5468\" font-size=\"11\">{shape}</text>"
        );
    }
    text + "</svg>"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Inputs, layers with parameters, frozen ones, and the rest.
fn color(graph: &Graph, id: NodeId) -> &'static str {
    let node = &graph.nodes[id];
    match (&node.op, node.field()) {
        (Op::Input | Op::Unpack(_), _) => "#fdf1d0",
        (_, Some(field)) if graph.fields[field].marks.frozen => "#e3e6ec",
        (_, Some(_)) => "#d6e6fb",
        (Op::Layer(layer), _) if layer.info.form == Form::Pointwise => "#dff3e2",
        _ => "#f4f5f8",
    }
}
