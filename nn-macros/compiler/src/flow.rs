//! Where gradients flow: from the outputs back to trained parameters, and to the input when that is asked for. What lies
//! on no such way is not computed.

use crate::graph::{Graph, NodeId, Op};

/// Who wants the gradient of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Nobody: no parameters stand at it or above it, or the gradient is stopped on the way.
    Nobody,
    /// The network's input alone.
    Input,
    /// Parameters.
    Parameters,
}

/// The flow of gradients through a graph.
pub(crate) struct Flow {
    needs: Vec<Need>,
    /// Whether a gradient arrives at a node's value.
    arrives: Vec<bool>,
    /// Whether the backward step of a field's layer may start its gradient.
    starts: Vec<bool>,
}

impl Flow {
    pub(crate) fn new(graph: &Graph) -> Self {
        let (needs, arrives) = (Vec::with_capacity(graph.nodes.len()), vec![false; graph.nodes.len()]);
        let mut flow = Self { needs, arrives, starts: Vec::new() };
        for id in 0..graph.nodes.len() {
            let need = flow.need_at(graph, id);
            flow.needs.push(need);
        }
        if let Some(output) = graph.gradient_root(graph.output) {
            flow.arrives[output] = true;
        }
        for id in graph.steps().rev() {
            if flow.arrives[id] && flow.needs[id] > Need::Nobody {
                for root in graph.nodes[id].inputs.iter().filter_map(|input| graph.gradient_root(*input)) {
                    flow.arrives[root] = true;
                }
            }
        }
        flow.starts = flow.starting(graph);
        flow
    }

    /// The fields whose one use starts their gradient: with more, as of a layer that is applied again or tied, each adds.
    fn starting(&self, graph: &Graph) -> Vec<bool> {
        let mut uses = vec![0; graph.fields.len()];
        let mut starts = vec![false; graph.fields.len()];
        for (id, node) in graph.nodes.iter().enumerate() {
            let Some(field) = node.field() else { continue };
            uses[field] += 1;
            let is_made_so = matches!(&node.op, Op::Layer(layer) if layer.info.starts);
            starts[field] = uses[field] == 1 && is_made_so && self.runs(id) && graph.has_trained_field(id);
        }
        // What is said of a row is said of all its elements.
        let mut rows = vec![true; graph.fields.len()];
        graph.fields.iter().zip(&starts).for_each(|(field, starts)| rows[field.first] &= *starts);
        graph.fields.iter().map(|field| rows[field.first]).collect()
    }

    /// Whether the backward step of this field's layer writes its gradient in a pass that starts the gradients.
    pub(crate) fn starts(&self, field: usize) -> bool {
        self.starts[field]
    }

    fn need_at(&self, graph: &Graph, id: NodeId) -> Need {
        if graph.has_trained_field(id) {
            return Need::Parameters;
        }
        match &graph.nodes[id].op {
            Op::Input => Need::Input,
            Op::Stop => Need::Nobody,
            _ => graph.nodes[id].inputs.iter().map(|input| self.needs[*input]).max().unwrap_or(Need::Nobody),
        }
    }

    /// Who wants the gradient of this value.
    pub(crate) fn need(&self, id: NodeId) -> Need {
        self.needs[id]
    }

    /// Whether the node has a backward step.
    pub(crate) fn runs(&self, id: NodeId) -> bool {
        self.arrives[id] && self.needs[id] > Need::Nobody
    }

    /// Whether a gradient arrives at the value.
    pub(crate) fn arrives(&self, id: NodeId) -> bool {
        self.arrives[id]
    }

    /// The value whose gradient a reader of `input` adds to; none where nobody wants it.
    pub(crate) fn target(&self, graph: &Graph, input: NodeId) -> Option<NodeId> {
        graph.gradient_root(input).filter(|root| self.needs[*root] > Need::Nobody)
    }
}
