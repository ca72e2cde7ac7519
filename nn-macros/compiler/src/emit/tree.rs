//! The fields of a network as a tree: layers, and the structs of blocks around them.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

use super::number;
use crate::graph::{Graph, Segment};

/// A network, or a block in it.
pub(crate) struct Group {
    /// The struct's name.
    pub name: Ident,
    /// Where the block stands; empty for the network itself.
    pub label: String,
    pub members: Vec<Member>,
    /// Where the blocks stand among the members.
    blocks: HashMap<String, usize>,
}

/// One field of a struct.
pub(crate) struct Member {
    pub name: Ident,
    /// The length of an array.
    pub count: Option<usize>,
    pub content: Content,
}

pub(crate) enum Content {
    /// The number of a field of the graph: of an array, its first element.
    Layer(usize),
    Group(Group),
}

impl Group {
    /// The tree of a whole network.
    pub(crate) fn of(network: &Ident, graph: &Graph) -> Self {
        let mut names = HashSet::from([network.to_string(), format!("{network}Gradient"), format!("{network}Plan")]);
        let mut root =
            Self { name: network.clone(), label: String::new(), members: Vec::new(), blocks: HashMap::new() };
        for (index, field) in graph.fields.iter().enumerate() {
            // All elements of a row are of one type.
            if field.first == index {
                root.insert(network, &field.path, index, &mut names);
            }
        }
        root
    }

    fn insert(&mut self, network: &Ident, path: &[Segment], field: usize, names: &mut HashSet<String>) {
        let Some((first, rest)) = path.split_first() else { return };
        let count = first.place.map(|(_, count)| count);
        if rest.is_empty() {
            self.members.push(Member { name: first.name.clone(), count, content: Content::Layer(field) });
            return;
        }
        let key = first.name.unraw().to_string();
        let found = self.blocks.get(&key).copied();
        let index = found.unwrap_or_else(|| {
            let label = if self.label.is_empty() { String::new() } else { format!("{}.", self.label) };
            let label = format!("{label}{}", first.name.unraw());
            let name = free_name(network, &label, names);
            let content = Content::Group(Self { name, label, members: Vec::new(), blocks: HashMap::new() });
            self.blocks.insert(key, self.members.len());
            self.members.push(Member { name: first.name.clone(), count, content });
            self.members.len() - 1
        });
        if let Content::Group(group) = &mut self.members[index].content {
            group.insert(network, rest, field, names);
        }
    }

    /// The blocks in this group, the inner ones first, and the group itself.
    pub(crate) fn all(&self) -> Vec<&Self> {
        let mut all = Vec::new();
        for member in &self.members {
            if let Content::Group(group) = &member.content {
                all.extend(group.all());
            }
        }
        all.push(self);
        all
    }

    /// Whether any layer in it is trained.
    pub(crate) fn is_trained(&self, graph: &Graph) -> bool {
        self.members.iter().any(|member| member.is_trained(graph))
    }
}

impl Member {
    pub(crate) fn is_trained(&self, graph: &Graph) -> bool {
        match &self.content {
            Content::Layer(field) => !graph.fields[*field].marks.frozen,
            Content::Group(group) => group.is_trained(graph),
        }
    }

    /// `[Type; 4]` for a row, else the type itself.
    pub(crate) fn array(&self, element: &TokenStream) -> TokenStream {
        match self.count {
            Some(count) => {
                let count = number(count);
                quote!([#element; #count])
            }
            None => element.clone(),
        }
    }
}

/// `GptBlockAttention` for the block `attention` of `Gpt`.
fn free_name(network: &Ident, label: &str, names: &mut HashSet<String>) -> Ident {
    let words = label.split(['.', '_']).filter(|word| !word.is_empty());
    let camel: String = words.map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    let mut name = format!("{network}Block{camel}");
    while names.contains(&name) || names.contains(&format!("{name}Gradient")) {
        name.push('X');
    }
    names.extend([name.clone(), format!("{name}Gradient")]);
    format_ident!("{name}", span = network.span())
}
