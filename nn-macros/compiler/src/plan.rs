//! The memory plan: which values live when, and which of them may share memory.
//!
//! Time counts the steps of a run: forward step `i` of `n` at time `i`, the loss at `n`, the backward step of `i` at
//! `2n - i`. A value lives from the step that makes it to the last one that reads it; values that never live together
//! share a buffer.

use std::collections::HashMap;
use std::fmt;

use crate::graph::{Graph, NodeId, Op};

/// What occupies memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    /// What a node gives out.
    Value(NodeId),
    /// The gradient of that.
    Gradient(NodeId),
    /// The part of a node's gradient that one of several readers makes, until it is added.
    Term(NodeId, NodeId),
    /// What a layer of the user's own leaves for its backward pass.
    Tape(NodeId),
}

/// The plans of one network.
pub(crate) struct Plans {
    pub inference: Plan,
    pub training: Plan,
    pub names: HashMap<NodeId, String>,
}

/// One plan: the buffers, and who is in which.
#[derive(Default)]
pub(crate) struct Plan {
    pub buffers: Vec<Buffer>,
    pub places: HashMap<Key, usize>,
}

/// Memory that several keys use one after the other; its size is the largest of theirs.
pub(crate) struct Buffer {
    pub keys: Vec<Key>,
    /// The last time it is in use.
    busy_until: usize,
}

/// A key's first and last moment.
struct Life {
    key: Key,
    from: usize,
    to: usize,
}

/// Plans both runs.
pub(crate) fn plan(graph: &Graph) -> Plans {
    let names = graph.nodes.iter().enumerate().map(|(id, node)| (id, node.name.clone())).collect();
    Plans {
        inference: share(graph, Lives::new(graph).inference()),
        training: share(graph, Lives::new(graph).training()),
        names,
    }
}

/// What a node's backward pass reads, besides gradients.
pub(crate) struct BackwardReads {
    pub input: bool,
    pub output: bool,
}

/// What must be kept for a node's backward pass.
pub(crate) fn backward_reads(graph: &Graph, id: NodeId) -> BackwardReads {
    match &graph.nodes[id].op {
        Op::Layer(layer) => BackwardReads {
            input: layer.info.reads.input,
            output: layer.info.reads.output || layer.activation.is_some(),
        },
        Op::Opaque(_) => BackwardReads { input: true, output: true },
        Op::Join(operator) => BackwardReads { input: *operator == crate::ast::Operator::Multiply, output: false },
        Op::Input | Op::Concat => BackwardReads { input: false, output: false },
    }
}

/// The nodes that read a value (through views), in order.
pub(crate) fn readers(graph: &Graph, root: NodeId) -> Vec<NodeId> {
    graph.steps().filter(|id| graph.nodes[*id].inputs.iter().any(|input| graph.root(*input) == root)).collect()
}

struct Lives<'g> {
    graph: &'g Graph,
    /// Each node's forward time.
    times: HashMap<NodeId, usize>,
    loss: usize,
}

impl<'g> Lives<'g> {
    fn new(graph: &'g Graph) -> Self {
        let times: HashMap<NodeId, usize> = graph.steps().enumerate().map(|(time, id)| (id, time)).collect();
        let loss = times.len();
        Self { graph, times, loss }
    }

    fn forward(&self, id: NodeId) -> usize {
        self.times[&id]
    }

    fn backward(&self, id: NodeId) -> usize {
        2 * self.loss - self.times[&id]
    }

    fn inference(&self) -> Vec<Life> {
        let output = self.graph.root(self.graph.output);
        let mut lives = Vec::new();
        for id in self.graph.steps() {
            let last = readers(self.graph, id).last().map_or(self.forward(id), |reader| self.forward(*reader));
            let to = if id == output { self.loss } else { last };
            lives.push(Life { key: Key::Value(id), from: self.forward(id), to });
            if matches!(self.graph.nodes[id].op, Op::Opaque(_)) {
                lives.push(Life { key: Key::Tape(id), from: self.forward(id), to: self.forward(id) });
            }
        }
        lives
    }

    fn training(&self) -> Vec<Life> {
        let mut lives = Vec::new();
        for id in self.graph.steps() {
            lives.push(Life { key: Key::Value(id), from: self.forward(id), to: self.last_read(id) });
            if matches!(self.graph.nodes[id].op, Op::Opaque(_)) {
                lives.push(Life { key: Key::Tape(id), from: self.forward(id), to: self.backward(id) });
            }
            lives.push(self.gradient(id));
        }
        for id in std::iter::once(0).chain(self.graph.steps()) {
            lives.extend(self.terms(id));
        }
        lives.sort_by_key(|life| (life.from, life.key));
        lives
    }

    /// The last time that anything reads a value: a forward step, the loss, or a backward step.
    fn last_read(&self, id: NodeId) -> usize {
        let mut last = self.forward(id);
        for reader in readers(self.graph, id) {
            let backward = backward_reads(self.graph, reader).input;
            let coupled = self.graph.nodes[reader].couples();
            last = last.max(if backward || coupled { self.backward(reader) } else { self.forward(reader) });
        }
        if id == self.graph.root(self.graph.output) {
            last = last.max(self.loss);
        }
        if backward_reads(self.graph, id).output {
            last = last.max(self.backward(id));
        }
        last
    }

    fn gradient(&self, id: NodeId) -> Life {
        let first_reader = readers(self.graph, id).last().map(|reader| self.backward(*reader));
        let is_output = id == self.graph.root(self.graph.output);
        let from = if is_output { self.loss } else { first_reader.unwrap_or(self.loss) };
        Life { key: Key::Gradient(id), from, to: self.backward(id) }
    }

    /// Each reader but the first to run backward makes its part apart. Joins add theirs directly.
    fn terms(&self, id: NodeId) -> Vec<Life> {
        let is_output = id == self.graph.root(self.graph.output);
        let readers = readers(self.graph, id);
        let first = if is_output { None } else { readers.last().copied() };
        let later = readers.iter().filter(|reader| Some(**reader) != first);
        let apart = later.filter(|reader| matches!(self.graph.nodes[**reader].op, Op::Layer(_) | Op::Opaque(_)));
        apart
            .map(|reader| {
                let time = self.backward(*reader);
                Life { key: Key::Term(id, *reader), from: time, to: time }
            })
            .collect()
    }
}

/// Puts every life into the first buffer that is free, best one of its size.
fn share(graph: &Graph, mut lives: Vec<Life>) -> Plan {
    lives.sort_by_key(|life| (life.from, life.key));
    let mut plan = Plan::default();
    for life in lives {
        let wanted = length(graph, life.key);
        let free = plan.buffers.iter().enumerate().filter(|(_, buffer)| buffer.busy_until < life.from);
        let fit = |buffer: &Buffer| {
            let held = buffer.keys.iter().filter_map(|key| length(graph, *key)).max();
            wanted.zip(held).map_or(usize::MAX, |(wanted, held)| wanted.abs_diff(held))
        };
        let best = free.min_by_key(|(_, buffer)| fit(buffer)).map(|(index, _)| index);
        let index = best.unwrap_or_else(|| {
            plan.buffers.push(Buffer { keys: Vec::new(), busy_until: 0 });
            plan.buffers.len() - 1
        });
        plan.buffers[index].keys.push(life.key);
        plan.buffers[index].busy_until = life.to;
        plan.places.insert(life.key, index);
    }
    plan
}

/// The scalars of a key for one sample, when they are known now.
pub(crate) fn length(graph: &Graph, key: Key) -> Option<usize> {
    match key {
        Key::Value(id) | Key::Gradient(id) | Key::Term(id, _) => graph.nodes[id].shape().map(|shape| shape.len()),
        Key::Tape(_) => None,
    }
}

impl fmt::Display for Plans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, plan) in [("inference", &self.inference), ("training", &self.training)] {
            writeln!(f, "{title} memory")?;
            for (index, buffer) in plan.buffers.iter().enumerate() {
                let keys: Vec<String> = buffer.keys.iter().map(|key| self.text(*key)).collect();
                writeln!(f, "  buffer {index}: {}", keys.join(", "))?;
            }
        }
        Ok(())
    }
}

impl Plans {
    fn text(&self, key: Key) -> String {
        match key {
            Key::Value(id) => self.names[&id].clone(),
            Key::Gradient(id) => format!("d_{}", self.names[&id]),
            Key::Term(id, reader) => format!("d_{}_from_{}", self.names[&id], self.names[&reader]),
            Key::Tape(id) => format!("tape of {}", self.names[&id]),
        }
    }
}
