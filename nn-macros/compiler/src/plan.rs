//! The memory plan: which values live when, and which of them may share memory.
//!
//! Time counts the steps of a run: forward step `i` of `n` at time `i`, the loss at `n`, the backward step of `i` at
//! `2n - i`. A value lives from the step that makes it to the last one that reads it; values that never live together
//! share a buffer. A value may also take over the buffer of one that dies as it is made, if its step works in place.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::fmt;

use nn_core::spec::Form;

use crate::ast::Operator;
use crate::flow::Flow;
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
    /// What a layer leaves for its backward pass besides its value.
    Tape(NodeId),
}

/// The plans of one network.
pub(crate) struct Plans {
    pub inference: Plan,
    pub training: Plan,
    /// That of one step of a stream: small, so that nothing shares.
    pub stream: Plan,
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
    /// The scalars of the largest of them whose length is known now.
    held: Option<usize>,
}

/// A key's first and last moment.
struct Life {
    key: Key,
    from: usize,
    to: usize,
    /// What it may take the place of, if that dies as this is made.
    over: Vec<Key>,
}

/// Plans both runs.
pub(crate) fn plan(graph: &Graph) -> Plans {
    let names = graph.nodes.iter().enumerate().map(|(id, node)| (id, node.name.clone())).collect();
    let lives = Lives::new(graph);
    let (inference, training) = (share(graph, lives.inference()), share(graph, lives.training()));
    Plans { inference, training, stream: apart(graph, &lives.flow), names }
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
        Op::Tied(tied) => BackwardReads { input: true, output: tied.activation.is_some() },
        Op::Opaque(_) => BackwardReads { input: true, output: true },
        Op::Join(operator) => BackwardReads { input: *operator == Operator::Multiply, output: false },
        Op::Input | Op::Unpack(_) | Op::Concat { .. } | Op::Stop => BackwardReads { input: false, output: false },
    }
}

/// Whether a node's forward step leaves a tape: layers of the user's own and those that say so do in every run, one with a pool where a backward
/// step follows.
pub(crate) fn has_tape(graph: &Graph, flow: &Flow, id: NodeId, is_training: bool) -> bool {
    let is_pooled = graph.pool(id).is_some() && is_training && flow.runs(id);
    is_pooled
        || match &graph.nodes[id].op {
            Op::Layer(layer) => layer.info.tape,
            Op::Opaque(_) => true,
            _ => false,
        }
}

/// For each node, the nodes that read its value (through views), in order.
fn readers(graph: &Graph) -> Vec<Vec<NodeId>> {
    let mut readers = vec![Vec::new(); graph.nodes.len()];
    for id in graph.steps() {
        for input in &graph.nodes[id].inputs {
            let readers: &mut Vec<NodeId> = &mut readers[graph.root(*input)];
            if readers.last() != Some(&id) {
                readers.push(id);
            }
        }
    }
    readers
}

/// For each node, the nodes whose backward step adds to its gradient, in order.
fn sources(graph: &Graph, flow: &Flow) -> Vec<Vec<NodeId>> {
    let mut sources = vec![Vec::new(); graph.nodes.len()];
    for id in graph.steps().filter(|id| flow.runs(*id)) {
        for root in graph.nodes[id].inputs.iter().filter_map(|input| flow.target(graph, *input)) {
            let sources: &mut Vec<NodeId> = &mut sources[root];
            if sources.last() != Some(&id) {
                sources.push(id);
            }
        }
    }
    sources
}

struct Lives<'g> {
    graph: &'g Graph,
    /// Each node's forward time.
    times: HashMap<NodeId, usize>,
    readers: Vec<Vec<NodeId>>,
    /// For each node, the nodes whose backward step adds to its gradient.
    sources: Vec<Vec<NodeId>>,
    flow: Flow,
    loss: usize,
}

impl<'g> Lives<'g> {
    fn new(graph: &'g Graph) -> Self {
        let times: HashMap<NodeId, usize> = graph.steps().enumerate().map(|(time, id)| (id, time)).collect();
        let loss = times.len();
        let flow = Flow::new(graph);
        Self { graph, times, readers: readers(graph), sources: sources(graph, &flow), flow, loss }
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
            let last = self.readers[id].last().map_or(self.forward(id), |reader| self.forward(*reader));
            let to = if id == output { self.loss } else { last };
            lives.push(Life { key: Key::Value(id), from: self.forward(id), to, over: self.replaced(id) });
            if has_tape(self.graph, &self.flow, id, false) {
                let time = self.forward(id);
                lives.push(Life { key: Key::Tape(id), from: time, to: time, over: Vec::new() });
            }
        }
        lives
    }

    fn training(&self) -> Vec<Life> {
        let mut lives = Vec::new();
        for id in self.graph.steps() {
            let (from, to) = (self.forward(id), self.last_read(id));
            lives.push(Life { key: Key::Value(id), from, to, over: self.replaced(id) });
            if has_tape(self.graph, &self.flow, id, true) {
                let to = if self.flow.runs(id) { self.backward(id) } else { self.forward(id) };
                lives.push(Life { key: Key::Tape(id), from, to, over: Vec::new() });
            }
            // The loss writes the output's gradient even where nobody wants it.
            if self.flow.runs(id) || id == self.graph.root(self.graph.output) {
                lives.push(self.gradient(id));
            }
        }
        for id in std::iter::once(0).chain(self.graph.steps().filter(|id| self.flow.runs(*id))) {
            lives.extend(self.terms(id));
        }
        lives.sort_by_key(|life| (life.from, life.key));
        lives
    }

    /// The last time that anything reads a value: a forward step, the loss, or a backward step.
    fn last_read(&self, id: NodeId) -> usize {
        let mut last = self.forward(id);
        for &reader in &self.readers[id] {
            let backward = backward_reads(self.graph, reader).input && self.flow.runs(reader);
            let coupled = self.graph.couples(reader);
            last = last.max(if backward || coupled { self.backward(reader) } else { self.forward(reader) });
        }
        if id == self.graph.root(self.graph.output) {
            last = last.max(self.loss);
        }
        if backward_reads(self.graph, id).output && self.flow.runs(id) {
            last = last.max(self.backward(id));
        }
        last
    }

    fn gradient(&self, id: NodeId) -> Life {
        let is_output = id == self.graph.root(self.graph.output);
        let first = if is_output { None } else { self.sources[id].last() };
        let from = first.map_or(self.loss, |source| self.backward(*source));
        let to = if self.flow.runs(id) { self.backward(id) } else { self.loss };
        let is_in_place = |source: &&NodeId| !self.in_place(**source).is_empty();
        let over = first.filter(is_in_place).map(|source| Key::Gradient(*source)).into_iter().collect();
        Life { key: Key::Gradient(id), from, to, over }
    }

    /// The operands whose memory a step can leave its result in, by their place. Backward, the gradient of any of them can
    /// take the place of the result's.
    fn in_place(&self, id: NodeId) -> &'static [usize] {
        let node = &self.graph.nodes[id];
        let is_root = |input: &NodeId, other: &NodeId| self.graph.root(*input) == self.graph.root(*other);
        match &node.op {
            Op::Layer(layer) if matches!(layer.info.form, Form::Pointwise | Form::Elementwise) => &[0],
            Op::Join(_) if is_root(&node.inputs[0], &node.inputs[1]) => &[],
            Op::Join(Operator::Subtract) => &[0],
            Op::Join(_) => &[0, 1],
            _ => &[],
        }
    }

    /// The values whose place a step's result may take.
    fn replaced(&self, id: NodeId) -> Vec<Key> {
        let inputs = &self.graph.nodes[id].inputs;
        self.in_place(id).iter().map(|side| Key::Value(self.graph.root(inputs[*side]))).collect()
    }

    /// Each source but the first to run backward makes its part apart. Joins add theirs directly.
    fn terms(&self, id: NodeId) -> Vec<Life> {
        let is_output = id == self.graph.root(self.graph.output);
        let sources = &self.sources[id];
        let first = if is_output { None } else { sources.last().copied() };
        let later = sources.iter().filter(|source| Some(**source) != first);
        let apart =
            later.filter(|source| matches!(self.graph.nodes[**source].op, Op::Layer(_) | Op::Opaque(_) | Op::Tied(_)));
        apart
            .map(|source| {
                let time = self.backward(*source);
                Life { key: Key::Term(id, *source), from: time, to: time, over: Vec::new() }
            })
            .collect()
    }
}

/// A buffer for each value.
fn apart(graph: &Graph, flow: &Flow) -> Plan {
    let mut plan = Plan::default();
    for id in graph.steps() {
        let tape = has_tape(graph, flow, id, false).then_some(Key::Tape(id));
        for key in [Some(Key::Value(id)), tape].into_iter().flatten() {
            plan.places.insert(key, plan.buffers.len());
            plan.buffers.push(Buffer { keys: vec![key], held: None });
        }
    }
    plan
}

/// Puts every life into a buffer that is free: the one nearest to its size.
fn share(graph: &Graph, mut lives: Vec<Life>) -> Plan {
    lives.sort_by_key(|life| (life.from, life.key));
    let mut plan = Plan::default();
    let mut free = Free::default();
    // The buffers in use, by the last moment of that; and for each buffer the last moment that holds, for a buffer that has
    // been taken over stands there twice.
    let mut busy: BinaryHeap<Reverse<(usize, usize)>> = BinaryHeap::new();
    let mut ends: Vec<usize> = Vec::new();
    for life in lives {
        while let Some(Reverse((until, index))) = busy.peek().copied()
            && until < life.from
        {
            busy.pop();
            if until == ends[index] {
                free.insert((plan.buffers[index].held, index));
            }
        }
        let wanted = length(graph, life.key);
        let dies_now = |old: &Key| {
            let index = *plan.places.get(old)?;
            (ends[index] == life.from && plan.buffers[index].keys.last() == Some(old)).then_some(index)
        };
        let best = life.over.iter().find_map(dies_now).or_else(|| free.nearest(wanted));
        let index = best.unwrap_or(plan.buffers.len());
        if best.is_none() {
            plan.buffers.push(Buffer { keys: Vec::new(), held: None });
            ends.push(0);
        }
        ends[index] = life.to;
        busy.push(Reverse((life.to, index)));
        let buffer = &mut plan.buffers[index];
        buffer.keys.push(life.key);
        buffer.held = buffer.held.max(wanted);
        plan.places.insert(life.key, index);
    }
    plan
}

/// The buffers that are free, by the scalars that they hold.
#[derive(Default)]
struct Free(BTreeSet<(Option<usize>, usize)>);

impl Free {
    fn insert(&mut self, buffer: (Option<usize>, usize)) {
        self.0.insert(buffer);
    }

    /// Takes the buffer nearest to a size out; any for a size that only rustc knows.
    fn nearest(&mut self, wanted: Option<usize>) -> Option<usize> {
        let smaller = self.0.range(..(wanted, 0)).next_back().copied();
        let larger = self.0.range((wanted, 0)..).next().copied();
        let distance = |(held, _): (Option<usize>, usize)| {
            wanted.zip(held).map_or(usize::MAX, |(wanted, held)| wanted.abs_diff(held))
        };
        let best = [larger, smaller].into_iter().flatten().min_by_key(|buffer| distance(*buffer))?;
        self.0.remove(&best);
        Some(best.1)
    }
}

/// The scalars of a key for one sample, when they are known now.
pub(crate) fn length(graph: &Graph, key: Key) -> Option<usize> {
    match key {
        Key::Tape(id) if graph.pool(id).is_none() => None,
        // A pool leaves a number for each of its outputs.
        Key::Value(id) | Key::Gradient(id) | Key::Term(id, _) | Key::Tape(id) => {
            graph.nodes[graph.result(id)].shape().map(|shape| shape.len())
        }
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
