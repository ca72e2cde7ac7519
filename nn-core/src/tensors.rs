//! What a network's memory holds: a tree of named parts, walked in memory order.

use crate::spec::Shape;

/// What a tensor is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Trained, and shrunk by weight decay.
    Weight,
    /// Trained, and left alone by weight decay: biases, scales and shifts.
    Bias,
    /// Not trained: running statistics.
    State,
}

impl Role {
    /// Whether gradients exist for it.
    pub const fn is_trainable(self) -> bool {
        !matches!(self, Self::State)
    }
}

/// One field of a parameter struct, or one named layer of a network.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The field's name.
    pub name: &'static str,
    /// What it holds.
    pub content: Content,
}

/// What a [`Part`] holds.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// An array of scalars.
    Tensor {
        /// Its axes, as the nested array has them.
        shape: Shape,
        /// What it is for.
        role: Role,
    },
    /// Parts of its own.
    Group(&'static [Part]),
}

impl Part {
    /// A tensor.
    pub const fn tensor(name: &'static str, shape: Shape, role: Role) -> Self {
        Self { name, content: Content::Tensor { shape, role } }
    }

    /// A named layer.
    pub const fn group(name: &'static str, parts: &'static [Self]) -> Self {
        Self { name, content: Content::Group(parts) }
    }
}

/// The number of scalars in these parts: all of them, or the trainable ones.
pub const fn count(parts: &[Part], trainable_only: bool) -> usize {
    let mut total = 0;
    let mut index = 0;
    while index < parts.len() {
        total += match parts[index].content {
            Content::Tensor { shape, role } => {
                if role.is_trainable() || !trainable_only {
                    shape.len()
                } else {
                    0
                }
            }
            Content::Group(parts) => count(parts, trainable_only),
        };
        index += 1;
    }
    total
}

/// One tensor of a network, with its place in the network's memory and in that of its gradients.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg(feature = "alloc")]
pub struct Tensor {
    /// The dotted name: `conv.weight`.
    pub name: alloc::string::String,
    /// Its axes.
    pub shape: Shape,
    /// What it is for.
    pub role: Role,
    /// Where it stands in the network's flat slice.
    pub range: core::ops::Range<usize>,
    /// Where its gradient stands in the gradient's flat slice; empty for state.
    pub gradient: core::ops::Range<usize>,
}

/// All tensors of a tree of parts, in memory order. Empty ones (a bias that is off) are left out.
#[cfg(feature = "alloc")]
pub fn tensors(parts: &[Part]) -> alloc::vec::Vec<Tensor> {
    fn walk(prefix: &str, parts: &[Part], position: &mut [usize; 2], found: &mut alloc::vec::Vec<Tensor>) {
        for part in parts {
            let dot = if prefix.is_empty() { "" } else { "." };
            let name = alloc::format!("{prefix}{dot}{}", part.name);
            match part.content {
                Content::Group(parts) => walk(&name, parts, position, found),
                Content::Tensor { shape, .. } if shape.is_empty() => {}
                Content::Tensor { shape, role } => {
                    let [start, gradient] = *position;
                    let trained = if role.is_trainable() { shape.len() } else { 0 };
                    *position = [start + shape.len(), gradient + trained];
                    let (range, gradient) = (start..position[0], gradient..position[1]);
                    found.push(Tensor { name, shape, role, range, gradient });
                }
            }
        }
    }
    let mut found = alloc::vec::Vec::new();
    walk("", parts, &mut [0, 0], &mut found);
    found
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;

    const DENSE: &[Part] = &[
        Part::tensor("weight", Shape::new(&[3, 2]), Role::Weight),
        Part::tensor("bias", Shape::new(&[2]), Role::Bias),
    ];
    const NORM: &[Part] = &[
        Part::tensor("scale", Shape::new(&[2]), Role::Bias),
        Part::tensor("running_mean", Shape::new(&[2]), Role::State),
    ];
    const NET: &[Part] = &[Part::group("fc", DENSE), Part::group("norm", NORM), Part::group("head", DENSE)];

    #[test]
    fn state_takes_memory_but_no_gradient() {
        assert_eq!((count(NET, false), count(NET, true)), (20, 18));
        let found = tensors(NET);
        let names: alloc::vec::Vec<_> = found.iter().map(|tensor| tensor.name.as_str()).collect();
        assert_eq!(names, ["fc.weight", "fc.bias", "norm.scale", "norm.running_mean", "head.weight", "head.bias"]);
        assert_eq!((found[3].range.clone(), found[3].gradient.clone()), (10..12, 10..10));
        assert_eq!((found[4].range.clone(), found[4].gradient.clone()), (12..18, 10..16));
    }
}
