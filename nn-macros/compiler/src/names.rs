//! The names of nodes: those that the user wrote, and generated ones that keep clear of them.

use std::collections::{HashMap, HashSet};

use syn::Ident;
use syn::ext::IdentExt as _;

use crate::ast::{Body, Expr};

/// The names in one network or block. Names become constants, so that two which differ in case alone are one.
pub(crate) struct NodeNames {
    /// What the user wrote, anywhere.
    written: HashSet<String>,
    /// What nodes have by now.
    nodes: HashSet<String>,
    /// The number that the next generated name has at least, for each base.
    next: HashMap<String, usize>,
}

impl NodeNames {
    pub(crate) fn new<'i>(inputs: impl Iterator<Item = &'i Ident>, body: &Body) -> Self {
        let mut written = HashSet::new();
        let values = body.lets.iter().map(|binding| &binding.value).chain(&body.result);
        values.for_each(|expression| collect(expression, &mut written));
        written.extend(inputs.map(as_constant));
        written.extend(body.lets.iter().flat_map(|binding| &binding.names).map(as_constant));
        Self { written, nodes: HashSet::new(), next: HashMap::new() }
    }

    pub(crate) fn insert(&mut self, name: &str) {
        self.nodes.insert(name.to_uppercase());
    }

    /// Whether a node has this name.
    pub(crate) fn has(&self, name: &Ident) -> bool {
        self.nodes.contains(&as_constant(name))
    }

    /// `dense`, `dense_2`, …: the first that is free.
    pub(crate) fn free(&mut self, base: &str) -> String {
        let number = self.next.entry(base.to_owned()).or_insert(1);
        loop {
            let name = if *number == 1 { base.to_owned() } else { format!("{base}_{number}") };
            *number += 1;
            let text = name.to_uppercase();
            if !self.written.contains(&text) && !self.nodes.contains(&text) {
                return name;
            }
        }
    }
}

/// Identifiers made from labels, each once in a network: `blocks.0.up` becomes `blocks_0_up`.
#[derive(Default)]
pub(crate) struct Identifiers {
    taken: HashSet<String>,
    /// The number that the next one has at least, for each base.
    next: HashMap<String, usize>,
}

impl Identifiers {
    pub(crate) fn take(&mut self, label: &str) -> String {
        let base = label.replace('.', "_");
        if self.taken.insert(base.to_uppercase()) {
            return base;
        }
        let number = self.next.entry(base.to_uppercase()).or_insert(2);
        loop {
            let name = format!("{base}_{number}");
            *number += 1;
            if self.taken.insert(name.to_uppercase()) {
                return name;
            }
        }
    }
}

fn as_constant(name: &Ident) -> String {
    name.unraw().to_string().to_uppercase()
}

/// The names of layers in an expression.
fn collect(expression: &Expr, names: &mut HashSet<String>) {
    match expression {
        Expr::Name(_) | Expr::Number(_) | Expr::Broken(_) => {}
        Expr::Chain { from, layers } => {
            names.extend(layers.iter().filter_map(|layer| layer.name.as_ref()).map(as_constant));
            collect(from, names);
        }
        Expr::Join { first, rest } => {
            collect(first, names);
            rest.iter().for_each(|(_, _, value)| collect(value, names));
        }
        Expr::Call { operands: values, .. } | Expr::Tuple { values, .. } => {
            values.iter().for_each(|value| collect(value, names));
        }
    }
}

/// `MaxPool2d` → `max_pool2d`
pub(crate) fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
