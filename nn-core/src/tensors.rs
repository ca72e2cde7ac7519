//! What a network's memory holds: a tree of named parts, walked in memory order.

mod torch;

pub use torch::Torch;

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

/// How some tensors are trained, where that is not as usual. A group's marks hold for all tensors below it.
///
/// Marks change no memory and no name: a file of weights fits a network whatever its marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marks {
    /// Not trained at all: there is no gradient, and running statistics stay. So is all below it.
    pub frozen: bool,
    /// Whether weight decay and the trainer's own penalties apply. By default: to weights, not to biases. The innermost
    /// word counts.
    pub decay: Option<bool>,
    /// A penalty on the sizes of weights, beside the trainer's: as [`GradientRules::l1`](crate::optim::GradientRules).
    /// Those of a group and of a part in it add up.
    pub l1: f64,
    /// A penalty on the squares of weights, beside the trainer's: as [`GradientRules::l2`](crate::optim::GradientRules).
    /// Those of a group and of a part in it add up.
    pub l2: f64,
    /// What the learning rate is multiplied with. Those of a group and of a part in it multiply.
    pub rate: f64,
}

impl Marks {
    /// Trained as usual.
    pub const NONE: Self = Self { frozen: false, decay: None, l1: 0.0, l2: 0.0, rate: 1.0 };

    /// The marks of a part in a group that has these.
    #[must_use]
    pub const fn and(self, inner: Self) -> Self {
        Self {
            frozen: self.frozen || inner.frozen,
            decay: if inner.decay.is_some() { inner.decay } else { self.decay },
            l1: self.l1 + inner.l1,
            l2: self.l2 + inner.l2,
            rate: self.rate * inner.rate,
        }
    }
}

impl Default for Marks {
    fn default() -> Self {
        Self::NONE
    }
}

/// One field of a parameter struct, or one named layer of a network.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The field's name.
    pub name: &'static str,
    /// What it holds.
    pub content: Content,
    /// How it is trained.
    pub marks: Marks,
    /// How PyTorch keeps it, if it is a tensor.
    pub torch: Torch,
    /// The axes of what was flattened in front of it, if it is a layer.
    pub flattened: Option<Shape>,
    /// Whether features that it sees or gives stand in another order in PyTorch, and which one is not known.
    pub reordered: bool,
    /// Whether what is in it starts its gradients itself; see [`Part::starting`].
    pub starts: bool,
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
    /// An array of equal structs, one behind the other.
    Repeat {
        /// How many.
        count: usize,
        /// The parts of one.
        parts: &'static [Part],
    },
}

impl Part {
    /// A tensor.
    pub const fn tensor(name: &'static str, shape: Shape, role: Role) -> Self {
        Self::new(name, Content::Tensor { shape, role })
    }

    /// A named layer.
    pub const fn group(name: &'static str, parts: &'static [Self]) -> Self {
        Self::new(name, Content::Group(parts))
    }

    /// An array `[Block; count]`: its tensors are named `name.0.weight`, `name.1.weight`, ….
    pub const fn repeat(name: &'static str, count: usize, parts: &'static [Self]) -> Self {
        Self::new(name, Content::Repeat { count, parts })
    }

    const fn new(name: &'static str, content: Content) -> Self {
        Self { name, content, marks: Marks::NONE, torch: Torch::SAME, flattened: None, reordered: false, starts: false }
    }

    /// The same tensor, with how PyTorch keeps it.
    #[must_use]
    pub const fn torch(mut self, torch: Torch) -> Self {
        self.torch = torch;
        self
    }

    /// The same layer, with the axes of what was flattened in front of it.
    #[must_use]
    pub const fn flattened(mut self, shape: Shape) -> Self {
        self.flattened = Some(shape);
        self
    }

    /// The same layer, which sees what was flattened from an image in a way that `flattened` does not tell, or of whose features an
    /// image is made: PyTorch's order of them is another one.
    #[must_use]
    pub const fn reordered(mut self) -> Self {
        self.reordered = true;
        self
    }

    /// The same layer or group, whose gradients are written by the pass that [starts](crate::layer::Pass::starts) them: nobody
    /// clears them. All groups around it must say so too.
    #[must_use]
    pub const fn starting(mut self) -> Self {
        self.starts = true;
        self
    }

    /// The same part, trained in another way.
    ///
    /// # Panics
    /// When a penalty or the rate is negative or not finite: at compile time, where `PARTS` are constants.
    #[must_use]
    pub const fn with(mut self, marks: Marks) -> Self {
        const fn fits(number: f64) -> bool {
            number >= 0.0 && number.is_finite()
        }
        let Marks { l1, l2, rate, .. } = marks;
        assert!(fits(l1) && fits(l2) && fits(rate), "penalties and the rate of a part must be finite and at least 0");
        self.marks = self.marks.and(marks);
        self
    }
}

/// The number of parameters in these parts: trained and frozen ones, but no running statistics.
pub const fn parameters(parts: &[Part]) -> usize {
    let (mut total, mut index) = (0, 0);
    while index < parts.len() {
        total += match parts[index].content {
            Content::Tensor { role, shape } => {
                if role.is_trainable() {
                    shape.len()
                } else {
                    0
                }
            }
            Content::Group(parts) => parameters(parts),
            Content::Repeat { count, parts } => count * parameters(parts),
        };
        index += 1;
    }
    total
}

/// The number of scalars in these parts: all of them, or those that are trained.
pub const fn count(parts: &[Part], trainable_only: bool) -> usize {
    let mut total = 0;
    let mut index = 0;
    while index < parts.len() {
        let is_left_out = trainable_only && parts[index].marks.frozen;
        total += match parts[index].content {
            _ if is_left_out => 0,
            Content::Tensor { role, .. } if trainable_only && !role.is_trainable() => 0,
            Content::Tensor { shape, .. } => shape.len(),
            Content::Group(parts) => count(parts, trainable_only),
            Content::Repeat { count: times, parts } => times * count(parts, trainable_only),
        };
        index += 1;
    }
    total
}

/// A number that changes with the names, shapes and roles of a network's tensors, their order, and its scalar, but not
/// with the network's name: FNV-1a with 64 bits (Fowler, Noll and Vo).
pub const fn architecture(parts: &[Part], scalar: &str) -> u64 {
    hash_parts(hash(0xCBF2_9CE4_8422_2325, scalar.as_bytes()), parts)
}

const fn hash_parts(mut state: u64, parts: &[Part]) -> u64 {
    let mut index = 0;
    while index < parts.len() {
        state = hash(state, parts[index].name.as_bytes());
        state = match parts[index].content {
            Content::Group(parts) => hash(hash_parts(hash(state, b"("), parts), b")"),
            Content::Repeat { count, parts } => {
                let state = hash(hash(state, b"["), &(count as u64).to_le_bytes());
                hash(hash_parts(state, parts), b"]")
            }
            Content::Tensor { shape, role } => {
                let role = match role {
                    Role::Weight => b"w",
                    Role::Bias => b"b",
                    Role::State => b"s",
                };
                let mut state = hash(state, role);
                let mut axis = 0;
                while axis < shape.rank() {
                    state = hash(state, &(shape.dim(axis) as u64).to_le_bytes());
                    axis += 1;
                }
                state
            }
        };
        index += 1;
    }
    state
}

/// The bytes, then one that no name holds, so that neighbours do not run into each other.
const fn hash(mut state: u64, bytes: &[u8]) -> u64 {
    let mut index = 0;
    while index <= bytes.len() {
        let byte = if index < bytes.len() { bytes[index] } else { 0xFF };
        state = (state ^ byte as u64).wrapping_mul(0x0000_0100_0000_01B3);
        index += 1;
    }
    state
}

/// One tensor of a network, with its place in the network's memory and in that of its gradients.
#[derive(Clone, Debug, PartialEq)]
#[cfg(feature = "alloc")]
pub struct Tensor {
    /// The dotted name: `conv.weight`.
    pub name: alloc::string::String,
    /// Its axes.
    pub shape: Shape,
    /// What it is for.
    pub role: Role,
    /// How it is trained: its own marks and those of all groups around it.
    pub marks: Marks,
    /// Where it stands in the network's flat slice.
    pub range: core::ops::Range<usize>,
    /// Where its gradient stands in the gradient's flat slice; empty when it has none, as state and what is frozen.
    pub gradient: core::ops::Range<usize>,
    /// How PyTorch keeps it.
    pub torch: Torch,
    /// The axes of what was flattened in front of its layer.
    pub flattened: Option<Shape>,
    /// Whether PyTorch has it in an order that is not known.
    pub reordered: bool,
    /// Whether its gradient is written by the pass that [starts](crate::layer::Pass::starts) the gradients.
    pub starts: bool,
}

#[cfg(feature = "alloc")]
impl Tensor {
    /// Whether it has a gradient.
    pub const fn is_trained(&self) -> bool {
        self.role.is_trainable() && !self.marks.frozen
    }

    /// Whether weight decay and a trainer's penalties apply to it.
    pub const fn decays(&self) -> bool {
        match self.marks.decay {
            Some(decays) => decays,
            None => matches!(self.role, Role::Weight),
        }
    }
}

/// All tensors of a tree of parts, in memory order. Empty ones (a bias that is off) are left out.
#[cfg(feature = "alloc")]
pub fn tensors(parts: &[Part]) -> alloc::vec::Vec<Tensor> {
    let mut walk = Walk { position: [0, 0], found: alloc::vec::Vec::new() };
    walk.parts("", Around { marks: Marks::NONE, flattened: None, reordered: false, starts: None }, parts);
    walk.found
}

/// What the groups around some parts say of them.
#[derive(Clone, Copy)]
#[cfg(feature = "alloc")]
struct Around {
    marks: Marks,
    flattened: Option<Shape>,
    reordered: bool,
    /// Whether all of them start; nothing where there are none.
    starts: Option<bool>,
}

/// The walk over a tree of parts.
#[cfg(feature = "alloc")]
struct Walk {
    /// Where the next tensor stands in the network, and in the gradients.
    position: [usize; 2],
    found: alloc::vec::Vec<Tensor>,
}

#[cfg(feature = "alloc")]
impl Walk {
    fn parts(&mut self, prefix: &str, around: Around, parts: &[Part]) {
        for part in parts {
            let dot = if prefix.is_empty() { "" } else { "." };
            let (name, marks) = (alloc::format!("{prefix}{dot}{}", part.name), around.marks.and(part.marks));
            let starts = around.starts.unwrap_or(true) && part.starts;
            let reordered = around.reordered || part.reordered;
            let within = Around { marks, flattened: part.flattened, reordered, starts: Some(starts) };
            match part.content {
                Content::Group(parts) => self.parts(&name, within, parts),
                Content::Repeat { count, parts } => {
                    (0..count).for_each(|index| self.parts(&alloc::format!("{name}.{index}"), within, parts));
                }
                Content::Tensor { shape, .. } if shape.is_empty() => {}
                Content::Tensor { shape, role } => {
                    let [start, gradient] = self.position;
                    let (range, gradient) = (start..start + shape.len(), gradient..gradient);
                    let Around { flattened, starts, .. } = around;
                    let (torch, starts) = (part.torch, starts.unwrap_or(false));
                    self.add(Tensor { name, shape, role, marks, range, gradient, torch, flattened, reordered, starts });
                }
            }
        }
    }

    fn add(&mut self, mut tensor: Tensor) {
        if tensor.is_trained() {
            tensor.gradient.end += tensor.shape.len();
        }
        self.position = [tensor.range.end, tensor.gradient.end];
        self.found.push(tensor);
    }
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

    #[test]
    fn marks_reach_everything_below_them() {
        const INNER: &[Part] = &[
            Part::group("fc", DENSE).with(Marks { l2: 0.5, rate: 0.5, decay: Some(true), ..Marks::NONE }),
            Part::group("norm", NORM).with(Marks { frozen: true, ..Marks::NONE }),
        ];
        const OUTER: &[Part] = &[
            Part::group("encoder", INNER).with(Marks { l2: 0.25, rate: 0.1, decay: Some(false), ..Marks::NONE }),
            Part::group("frozen", INNER).with(Marks { frozen: true, ..Marks::NONE }),
            Part::group("head", DENSE),
        ];
        assert_eq!((count(OUTER, false), count(OUTER, true)), (32, 16));
        let found = tensors(OUTER);
        let of = |name: &str| found.iter().find(|tensor| tensor.name == name).expect("there is such a tensor");
        let weight = of("encoder.fc.weight");
        assert_eq!(weight.marks, Marks { frozen: false, decay: Some(true), l1: 0.0, l2: 0.75, rate: 0.05 });
        assert!(weight.decays() && of("encoder.fc.bias").decays() && !of("encoder.norm.scale").decays());
        assert!(of("head.weight").decays() && !of("head.bias").decays());
        assert!(of("encoder.norm.scale").gradient.is_empty() && !of("encoder.norm.scale").is_trained());
        assert!(
            found.iter().filter(|tensor| tensor.name.starts_with("frozen")).all(|tensor| tensor.gradient == (8..8))
        );
        assert_eq!((of("head.weight").range.clone(), of("head.weight").gradient.clone()), (24..30, 8..14));
    }

    #[test]
    fn a_gradient_is_started_where_all_groups_say_so() {
        const INNER: &[Part] = &[Part::group("fc", DENSE).starting(), Part::group("head", DENSE)];
        const OUTER: &[Part] = &[
            Part::tensor("bare", Shape::new(&[1]), Role::Weight),
            Part::group("block", INNER).starting(),
            Part::repeat("row", 2, DENSE).starting(),
            Part::group("nested", INNER),
        ];
        let started: alloc::vec::Vec<_> =
            tensors(OUTER).into_iter().filter(|tensor| tensor.starts).map(|tensor| tensor.name).collect();
        let rows = ["row.0.weight", "row.0.bias", "row.1.weight", "row.1.bias"];
        assert_eq!(started, [&["block.fc.weight", "block.fc.bias"], &rows[..]].concat());
    }

    #[test]
    fn an_array_of_blocks_numbers_its_tensors() {
        const PARTS: &[Part] =
            &[Part::repeat("blocks", 2, NORM), Part::repeat("none", 0, DENSE), Part::group("head", DENSE)];
        assert_eq!((count(PARTS, false), count(PARTS, true)), (16, 12));
        let found = tensors(PARTS);
        let names: alloc::vec::Vec<_> = found.iter().map(|tensor| tensor.name.as_str()).collect();
        let [first, second] =
            [["blocks.0.scale", "blocks.0.running_mean"], ["blocks.1.scale", "blocks.1.running_mean"]];
        assert_eq!(names[..4], [first, second].concat());
        assert_eq!((found[2].range.clone(), found[2].gradient.clone()), (4..6, 2..4));
        assert_eq!((found[4].name.as_str(), found[4].range.clone()), ("head.weight", 8..14));
    }
}
