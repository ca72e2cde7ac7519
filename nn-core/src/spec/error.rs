use super::{Message, Shape, unequal};

/// Why a shape rule refused: the numbers. [`ShapeError::message`] has all the words, in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapeError {
    /// The layer takes inputs of another rank.
    Rank {
        /// What arrived.
        input: Shape,
        /// The accepted forms, in words: `[height, width, channels]`.
        expected: &'static str,
        /// What would help: a layer to insert, with its article-free reason.
        help: &'static str,
    },
    /// A window (kernel or pool) does not fit into the padded input.
    Window {
        /// What arrived.
        input: Shape,
        /// The window's height and width.
        window: [usize; 2],
        /// The input's height and width with its padding.
        padded: [usize; 2],
    },
    /// A window does not fit into a padded volume.
    Space {
        /// What arrived.
        input: Shape,
        /// The window's depth, height and width.
        window: [usize; 3],
        /// The input's depth, height and width with its padding.
        padded: [usize; 3],
    },
    /// A window does not fit into a padded sequence.
    Reach {
        /// What arrived.
        input: Shape,
        /// How many steps the window spans.
        window: usize,
        /// How many steps there are with the padding.
        padded: usize,
    },
    /// A size that must be at least one is zero.
    ZeroArgument {
        /// The argument's name.
        argument: &'static str,
    },
    /// An argument lies outside its range. The numbers are in ten-thousandths.
    Range {
        /// The argument's name.
        argument: &'static str,
        /// What was given.
        found: i64,
        /// What is allowed, in words.
        expected: &'static str,
    },
    /// An argument that does not cut an axis into equal parts.
    Divides {
        /// The argument's name.
        argument: &'static str,
        /// What was given.
        parts: usize,
        /// What arrived.
        input: Shape,
        /// The size of the axis.
        size: usize,
    },
    /// Heads of queries that cannot share the heads of keys evenly.
    SharedHeads {
        /// Heads of queries.
        heads: usize,
        /// Heads of keys.
        key_heads: usize,
    },
    /// Heads whose features do not come in pairs, for a layer that turns pairs.
    HeadWidth {
        /// What arrived.
        input: Shape,
        /// How many heads there are.
        heads: usize,
        /// The features of each.
        width: usize,
    },
    /// The last axis cannot be cut into as many equal parts as an argument asks for.
    Shares {
        /// The argument's name.
        argument: &'static str,
        /// What was given.
        given: usize,
        /// The parts that follow from it.
        parts: usize,
        /// What arrived.
        input: Shape,
    },
    /// A state that is given to start from has another size.
    State {
        /// The sequence and behind it the state.
        input: Shape,
        /// The sequence.
        sequence: Shape,
        /// The size of the state that is expected.
        state: usize,
        /// Whether that is two states of one size.
        two_states: bool,
    },
    /// The last axis is to be halved, and its size is odd.
    Odd {
        /// What arrived.
        input: Shape,
    },
    /// An input axis has size zero.
    EmptyInput {
        /// What arrived.
        input: Shape,
    },
    /// A reshape that would lose or invent elements.
    Elements {
        /// What arrived.
        input: Shape,
        /// The shape asked for.
        target: Shape,
    },
    /// A size that was written down is not the one that the input has.
    Asserted {
        /// What arrived.
        input: Shape,
        /// What the input has there.
        found: usize,
        /// What the user wrote.
        expected: usize,
    },
    /// An axis that the input does not have.
    Axis {
        /// The argument's name.
        argument: &'static str,
        /// The axis as it was written.
        axis: isize,
        /// How many axes the input has.
        rank: usize,
    },
    /// One axis is named twice.
    RepeatedAxis {
        /// The argument's name.
        argument: &'static str,
        /// The axis, counted from the front.
        axis: usize,
    },
    /// A permutation that leaves axes out.
    Permutation {
        /// How many axes the input has.
        expected: usize,
        /// How many are named.
        found: usize,
    },
    /// So much is cut off an axis that nothing is left.
    Cropped {
        /// What arrived.
        input: Shape,
        /// The axis, counted from the front.
        axis: usize,
        /// What goes in front.
        before: usize,
        /// What goes behind.
        behind: usize,
    },
    /// A slice that is empty or reaches beyond its axis.
    Slice {
        /// The first element.
        start: usize,
        /// The first element behind it.
        end: usize,
        /// The size of the axis.
        size: usize,
        /// The axis, counted from the front.
        axis: usize,
    },
    /// A value that cannot be repeated to a shape.
    Broadcast {
        /// What arrived.
        input: Shape,
        /// The shape asked for.
        target: Shape,
    },
    /// The operands of `+`, `-`, `*`, `/` differ in an axis that is 1 in neither.
    Unequal {
        /// The left operand's shape.
        left: Shape,
        /// The right operand's shape.
        right: Shape,
    },
    /// The operands of `+`, `-`, `*`, `/` differ.
    Operands {
        /// The left operand's shape.
        left: Shape,
        /// The right operand's shape.
        right: Shape,
    },
    /// The operands of `concat` differ outside the axis along which they are joined.
    Concat {
        /// That axis, counted from the front.
        axis: usize,
        /// The first operand's shape.
        first: Shape,
        /// The operand that does not fit it.
        other: Shape,
    },
    /// The two values of a layer differ outside the axis along which they are joined.
    Pair {
        /// That axis, counted from the front.
        axis: usize,
        /// The first value's shape.
        first: Shape,
        /// The second value's shape.
        second: Shape,
    },
    /// Two matrices, or stacks of them, that cannot be multiplied.
    Factors {
        /// The first one's shape.
        first: Shape,
        /// The second one's shape, with a row for each column of the product.
        second: Shape,
    },
    /// The network's result is not the declared one.
    Declared {
        /// What the last layer gives.
        found: Shape,
        /// What the user declared.
        declared: Shape,
    },
    /// A network inside another one is written for another input.
    Nested {
        /// The inner network's name.
        name: &'static str,
        /// What arrived.
        input: Shape,
        /// What the inner network takes.
        expected: Shape,
    },
    /// A layer that stands above is applied again to another size.
    Reused {
        /// The size that the layer was made for, along the last axis or one of the last.
        expected: usize,
        /// What it receives now.
        found: usize,
    },
    /// A tied layer receives something else than the outputs of the layer whose weights it uses.
    Tied {
        /// The size of those outputs.
        expected: usize,
        /// The size of the last axis.
        found: usize,
    },
    /// A layer of the user's couples the samples of a batch, and stands inside another network.
    Coupled,
    /// The result holds more elements than a program can address.
    TooLarge {
        /// The shape that is too large.
        shape: Shape,
    },
}

impl ShapeError {
    /// The argument that is at fault, where one alone is: an error is best shown there.
    pub const fn argument(&self) -> Option<&'static str> {
        match self {
            Self::ZeroArgument { argument }
            | Self::Range { argument, .. }
            | Self::Divides { argument, .. }
            | Self::Shares { argument, .. }
            | Self::Axis { argument, .. }
            | Self::RepeatedAxis { argument, .. } => Some(argument),
            Self::SharedHeads { .. } => Some("key_heads"),
            Self::HeadWidth { .. } => Some("rotary"),
            Self::Permutation { .. } => Some("axes"),
            Self::Slice { .. } => Some("range"),
            _ => None,
        }
    }

    /// The whole error in at most three lines: what is wrong, what was expected and found, what helps.
    /// `layer` is how the user wrote the layer, such as `fc: Dense`.
    pub const fn message(&self, layer: &str) -> Message {
        let message = Message::new();
        let open = message.text("`").text(layer).text("`");
        match *self {
            Self::Rank { input, expected, help } => open
                .text(" does not take an input of shape ")
                .shape(input)
                .text("\nexpected ")
                .text(expected)
                .text(", found rank ")
                .number(input.rank())
                .text("\nhelp: ")
                .text(help),
            Self::Window { input, window, padded } => open
                .text(" has a window larger than its input ")
                .shape(input)
                .text("\nexpected at most ")
                .pair(padded)
                .text(", found ")
                .pair(window)
                .text("\nhelp: use a smaller window, `padding = same`, or fewer pooling layers before it"),
            Self::Space { input, window: [deep, high, wide], padded: [depth, height, width] } => open
                .text(" has a window larger than its input ")
                .shape(input)
                .text("\nexpected at most ")
                .number(depth)
                .text("×")
                .pair([height, width])
                .text(", found ")
                .number(deep)
                .text("×")
                .pair([high, wide])
                .text("\nhelp: use a smaller window, `padding = same`, or fewer pooling layers before it"),
            Self::Reach { input, window, padded } => open
                .text(" has a window longer than its input ")
                .shape(input)
                .text("\nexpected at most ")
                .number(padded)
                .text(" steps, found ")
                .number(window)
                .text("\nhelp: use a smaller window or dilation, or `padding = same`"),
            Self::State { input, sequence, state, two_states } => {
                unequal::state_words(open, input, sequence, state, two_states)
            }
            Self::ZeroArgument { argument } => open
                .text(" has `")
                .text(argument)
                .text("` 0\nexpected at least 1, found 0\nhelp: give `")
                .text(argument)
                .text("` a size of 1 or more"),
            Self::Range { argument, found, expected } => open
                .text(" has `")
                .text(argument)
                .text("` out of range\nexpected ")
                .text(expected)
                .text(", found ")
                .decimal(found as f64 / 1e4),
            Self::Divides { argument, parts, input, size } => {
                let [below, above] = nearest_divisors(size, parts);
                let open = open
                    .text(" cannot cut ")
                    .number(size)
                    .text(" of ")
                    .shape(input)
                    .text(" into equal parts\nexpected `")
                    .text(argument)
                    .text("` to divide ")
                    .number(size)
                    .text(", found ")
                    .number(parts)
                    .text("\nhelp: ");
                if below == above {
                    return open.number(below).text(" does");
                }
                open.number(below).text(" and ").number(above).text(" do")
            }
            Self::SharedHeads { heads, key_heads } => {
                let [below, above] = nearest_divisors(heads, key_heads);
                let open = open
                    .text(" cannot share ")
                    .number(key_heads)
                    .text(" heads of keys evenly among ")
                    .number(heads)
                    .text(" of queries\nexpected `key_heads` to divide ")
                    .number(heads)
                    .text(", found ")
                    .number(key_heads)
                    .text("\nhelp: ");
                if below == above {
                    return open.number(below).text(" does");
                }
                open.number(below).text(" and ").number(above).text(" do")
            }
            Self::HeadWidth { input, heads, width } => open
                .text(" turns pairs of features, and cuts ")
                .shape(input)
                .text(" into ")
                .number(heads)
                .text(" heads\nexpected heads of an even width, found ")
                .number(width)
                .text("\nhelp: use another number of heads, or positions that are added: `PositionalEmbedding`"),
            Self::Shares { argument, given, parts, input } => open
                .text(" cannot cut the last axis of ")
                .shape(input)
                .text(" into ")
                .number(parts)
                .text(" equal parts, as `")
                .text(argument)
                .text(" = ")
                .number(given)
                .text("` asks for\nexpected a multiple of ")
                .number(parts)
                .text(", found ")
                .number(input.last())
                .text("\nhelp: bring the last axis to ")
                .number(input.last().div_ceil(parts) * parts)
                .text(", e.g. with a 1×1 `Conv2d`"),
            Self::Odd { input } => open
                .text(" cannot halve the last axis of ")
                .shape(input)
                .text("\nexpected an even size, found ")
                .number(input.last())
                .text("\nhelp: bring it to ")
                .number(input.last() - 1)
                .text(" or ")
                .number(input.last() + 1)
                .text(", e.g. with `Dense(")
                .number(input.last() + 1)
                .text(")`"),
            Self::EmptyInput { input } => {
                open.text(" receives an input without elements\nexpected axes of at least 1, found ").shape(input)
            }
            Self::Elements { input, target } => open
                .text(" would change the number of elements: ")
                .shape(input)
                .text(" to ")
                .shape(target)
                .text("\nexpected ")
                .number(input.len())
                .text(" elements, found ")
                .number(target.len())
                .text("\nhelp: the sizes must multiply to ")
                .number(input.len()),
            Self::Asserted { input, found, expected } => open
                .text(" is written for an input of ")
                .number(expected)
                .text(", but receives ")
                .shape(input)
                .text("\nexpected ")
                .number(expected)
                .text(", found ")
                .number(found)
                .text("\nhelp: write ")
                .number(found)
                .text(", or leave the input size out: it is inferred"),
            Self::Axis { axis, rank, .. } => open
                .text(" names an axis that its input does not have\nexpected an axis from -")
                .number(rank)
                .text(" to ")
                .signed(rank as isize - 1)
                .text(", found ")
                .signed(axis)
                .text("\nhelp: axes count from 0 without the batch, and from -1 backwards"),
            Self::RepeatedAxis { axis, .. } => open
                .text(" names an axis twice\nexpected each axis at most once, found axis ")
                .number(axis)
                .text(" again\nhelp: remove one of the two; -1 is the last axis"),
            Self::Permutation { expected, found } => open
                .text(" leaves axes of its input out\nexpected all ")
                .number(expected)
                .text(" axes in their new order, found ")
                .number(found)
                .text("\nhelp: name each axis once: `[1, 0]` swaps the two of a matrix"),
            Self::Cropped { input, axis, before, behind } => open
                .text(" leaves nothing of axis ")
                .number(axis)
                .text(" of ")
                .shape(input)
                .text("\nexpected fewer than ")
                .number(input.dim(axis))
                .text(" to go, found ")
                .number(before)
                .text(" in front and ")
                .number(behind)
                .text(" behind\nhelp: cut off less, or name other `axes`"),
            Self::Slice { start, end, size, axis } => open
                .text(" takes a range that axis ")
                .number(axis)
                .text(" does not have\nexpected at least one element within 0..")
                .number(size)
                .text(", found ")
                .number(start)
                .text("..")
                .number(end)
                .text("\nhelp: the end itself is not taken: `..")
                .number(size)
                .text("` is the whole axis"),
            Self::Broadcast { input, target } => open
                .text(" cannot repeat ")
                .shape(input)
                .text(" to ")
                .shape(target)
                .text("\nexpected axes of the same size or of size 1, aligned at the last, found ")
                .shape(input)
                .text("\nhelp: `Reshape` gives the input axes of size 1, such as [32, 1, 1]"),
            Self::Unequal { left, right } => open
                .text(" needs operands of one shape, or with axes of size 1 to repeat\nexpected ")
                .shape(left)
                .text(" as on the left, found ")
                .shape(right)
                .text(" on the right\nhelp: bring one side to the other's shape, e.g. with ")
                .text(unequal::operand_cure(left, right)),
            Self::Operands { left, right } => open
                .text(" needs operands of one shape\nexpected ")
                .shape(left)
                .text(" as on the left, found ")
                .shape(right)
                .text(" on the right\nhelp: bring one side to the other's shape, e.g. with ")
                .text(unequal::operand_cure(left, right)),
            Self::Concat { axis, first, other } => unequal::concat_words(open, axis, first, other),
            Self::Pair { axis, first, second } => unequal::pair_words(open, axis, first, second),
            Self::Factors { first, second } => unequal::factor_words(open, first, second),
            Self::Declared { found, declared } => declared_open(message, layer)
                .text(" is not the declared one\nexpected ")
                .shape(declared)
                .text(" as declared, found ")
                .shape(found)
                .text("\nhelp: ")
                .text(declared_cure(found, declared)),
            Self::Nested { name, input, expected } => open
                .text(" receives another shape than network `")
                .text(name)
                .text("` takes\nexpected ")
                .shape(expected)
                .text(", found ")
                .shape(input)
                .text("\nhelp: bring the value to that shape, or change the input of `")
                .text(name)
                .text("`"),
            Self::Reused { expected, found } => message
                .text("layer `")
                .text(layer)
                .text("` is applied again to an input of another size\nexpected ")
                .number(expected)
                .text(" along the last axis, found ")
                .number(found)
                .text("\nhelp: bring the input to that size, or use a second layer"),
            Self::Tied { expected, found } => open
                .text(" does not receive what the layer it is tied to gives out\nexpected ")
                .number(expected)
                .text(" along the last axis, found ")
                .number(found)
                .text(
                    "\nhelp: a tied layer runs backwards: from its outputs to its inputs; bring the value to that size",
                ),
            Self::Coupled => open
                .text(" couples the samples of a batch (it holds a `BatchNorm`), and stands inside another network")
                .text("\nexpected a layer that treats each sample alone, found one that does not")
                .text("\nhelp: write its layers out in the outer network, or leave its `BatchNorm` out"),
            Self::TooLarge { shape } => open
                .text(" makes a tensor too large to address\nexpected at most 2^47 elements, found ")
                .shape(shape)
                .text("\nhelp: use smaller sizes"),
        }
    }
}

/// The divisors of a size on both sides of a number that is none: 1 and the size itself are such.
const fn nearest_divisors(size: usize, number: usize) -> [usize; 2] {
    let mut above = if number < size { number } else { size };
    let mut below = above;
    while !size.is_multiple_of(below) {
        below -= 1;
    }
    while !size.is_multiple_of(above) {
        above += 1;
    }
    [below, above]
}

/// Which output: of several, its name.
const fn declared_open(message: Message, name: &str) -> Message {
    if name.is_empty() {
        return message.text("the network's output");
    }
    message.text("the network's output `").text(name).text("`")
}

const fn declared_cure(found: Shape, declared: Shape) -> &'static str {
    if found.len() == declared.len() && declared.rank() == 1 {
        "end with `Flatten`, or declare the shape that was found"
    } else if found.len() == declared.len() {
        "the same numbers in another shape are `Reshape([..])`, with their axes in another order `Permute([..])`; or declare the shape that was found"
    } else if found.rank() == 2 && declared.rank() == 1 && found.dim(1) == declared.dim(0) {
        "`last = true` in a recurrent layer keeps its last step alone, `-> GlobalAvgPool` averages all steps; or declare the shape that was found"
    } else if found.rank() > 1 && declared.rank() == 1 {
        "end with `Flatten -> Dense(..)`, or declare the shape that was found"
    } else {
        "give the last layer the declared size, or declare the shape that was found"
    }
}

impl core::fmt::Display for ShapeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.message("layer").as_str())
    }
}

impl core::error::Error for ShapeError {}
