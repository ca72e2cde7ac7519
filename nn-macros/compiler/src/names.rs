//! The names of nodes: those that the user wrote, and generated ones that keep clear of them.

use std::collections::{HashMap, HashSet};

use syn::Ident;
use syn::ext::IdentExt as _;

use crate::ast::{Expr, Network};

/// Names become constants, so that two which differ in case alone are one.
pub(crate) struct NodeNames {
    /// What the user wrote, anywhere.
    written: HashSet<String>,
    /// What nodes have by now.
    nodes: HashSet<String>,
    /// The number that the next generated name has at least, for each base.
    next: HashMap<String, usize>,
}

impl NodeNames {
    pub(crate) fn new(network: &Network) -> Self {
        let mut written = HashSet::new();
        let values = network.lets.iter().map(|binding| &binding.value).chain(&network.result);
        values.for_each(|expression| collect(expression, &mut written));
        written.extend(network.inputs.iter().map(|input| as_constant(&input.name)));
        written.extend(network.lets.iter().map(|binding| as_constant(&binding.name)));
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

fn as_constant(name: &Ident) -> String {
    name.unraw().to_string().to_uppercase()
}

/// The names of layers in an expression.
fn collect(expression: &Expr, names: &mut HashSet<String>) {
    match expression {
        Expr::Name(_) => {}
        Expr::Chain { from, layers } => {
            names.extend(layers.iter().filter_map(|layer| layer.name.as_ref()).map(as_constant));
            collect(from, names);
        }
        Expr::Join { first, rest } => {
            collect(first, names);
            rest.iter().for_each(|(_, _, value)| collect(value, names));
        }
        Expr::Concat { operands, .. } => operands.iter().for_each(|operand| collect(operand, names)),
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
