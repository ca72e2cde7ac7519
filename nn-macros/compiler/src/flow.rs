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
}

impl Flow {
    pub(crate) fn new(graph: &Graph) -> Self {
        let mut flow = Self { needs: Vec::with_capacity(graph.nodes.len()), arrives: vec![false; graph.nodes.len()] };
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
        flow
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
