//! Words of errors about values that do not fit together, and what brings them together.

use super::{Message, Shape};

/// Of values that `concat` joins, behind its name.
pub(super) const fn concat_words(open: Message, axis: usize, first: Shape, other: Shape) -> Message {
    if first.rank() != other.rank() {
        return rank_words(open.text(" joins values"), first, other).text(rank_cure(first.rank(), other.rank()));
    }
    if axis + 1 == first.rank() {
        let open = last_axis_words(open.text(" joins along the last axis; all other axes must agree"), first, other);
        let open = match first.rank() > 1 && first.with_dim(0, 1).equals(other.with_dim(0, 1)) {
            true => open.text("`axis = 0` puts one behind the other along the first axis; along the last, "),
            false => open,
        };
        return size_cure(open, first, other);
    }
    open.text(" joins along axis ")
        .number(axis)
        .text("; all other axes must agree\nexpected ")
        .shape(first)
        .text(" but for axis ")
        .number(axis)
        .text(", found ")
        .shape(other)
        .text("\nhelp: bring the other axes to one size, e.g. with `Dense`, `padding = same` or `Slice`")
}

/// Of the two values of a layer, behind its name.
pub(super) const fn pair_words(open: Message, axis: usize, first: Shape, second: Shape) -> Message {
    if first.rank() != second.rank() {
        let open = rank_words(open.text(" takes two values"), first, second);
        return open.text(match axis {
            0 => "a row of numbers becomes a sequence of one step by `Reshape`",
            _ => rank_cure(first.rank(), second.rank()),
        });
    }
    if axis + 1 == first.rank() {
        let open = open.text(" takes two values that agree in all axes but the last");
        return size_cure(last_axis_words(open, first, second), first, second);
    }
    open.text(" takes two sequences of one width\nexpected [_, ")
        .number(first.last())
        .text("] as the first one, found ")
        .shape(second)
        .text("\nhelp: bring the second one to that width: `-> Dense(")
        .number(first.last())
        .text(")`")
}

/// Of a sequence and a state to start from, behind the layer's name.
pub(super) const fn state_words(
    open: Message,
    input: Shape,
    sequence: Shape,
    state: usize,
    two_states: bool,
) -> Message {
    let open = open.text(" starts from a state of another size\nexpected ");
    if input.len() <= sequence.len() {
        return open
            .text("a sequence [time, features] first and a state of ")
            .number(state)
            .text(" behind it, found another order\nhelp: the sequence comes first: `(sequence, state) -> ..`");
    }
    let found = input.len() - sequence.len();
    let open = open.text("a state of ").number(state).text(" behind the sequence ").shape(sequence);
    let open = open.text(", found one of ").number(found).text("\nhelp: ");
    if two_states && found == state / 2 {
        return open
            .text("`LstmState(")
            .number(state / 2)
            .text(")` gives both states of an LSTM; its output, and `last = true`, give one of the two");
    }
    open.text("let the layer in front give a state of that size")
}

/// Of two matrices, the second one with a row for each column of the product, behind the layer's name.
pub(super) const fn factor_words(open: Message, first: Shape, second: Shape) -> Message {
    if first.rank() < 2 || second.rank() < 2 {
        let vector = if first.rank() < 2 { first } else { second };
        return open
            .text(" multiplies matrices\nexpected two values of at least two axes, found one of shape ")
            .shape(vector)
            .text("\nhelp: `Reshape([1, ")
            .number(vector.len())
            .text("])` makes a matrix of one row of it; of two vectors, `a * b -> Sum` is the product");
    }
    if first.rank() != second.rank() {
        return open
            .text(" takes two values of the same rank\nexpected rank ")
            .number(first.rank())
            .text(" as ")
            .shape(first)
            .text(", found rank ")
            .number(second.rank())
            .text("\nhelp: give both the same axes in front of the matrices, e.g. with `Reshape`");
    }
    let depth = first.last();
    if depth == second.last() {
        let open = open.text(" multiplies matrix by matrix of two stacks\nexpected [");
        return open
            .number(first.dim(0))
            .text(", ..] twice, as the first value has, found [")
            .number(second.dim(0))
            .text(", ..]\nhelp: bring both to one size in front of the matrices, e.g. with `Slice` or `Reshape`");
    }
    open.text(" sums over the last axis of the first value and one of the second\nexpected ")
        .number(depth)
        .text(" there, as the first has in ")
        .shape(first)
        .text(", found ")
        .number(second.last())
        .text("\nhelp: the second value has rows for it, [")
        .number(depth)
        .text(", _], or with `transposed = true` columns, [_, ")
        .number(depth)
        .text("]")
}

const fn rank_words(open: Message, first: Shape, other: Shape) -> Message {
    open.text(" of the same rank\nexpected rank ")
        .number(first.rank())
        .text(" as ")
        .shape(first)
        .text(", found ")
        .shape(other)
        .text("\nhelp: ")
}

const fn last_axis_words(open: Message, first: Shape, other: Shape) -> Message {
    open.text("\nexpected ").shape(first).text(" up to its last axis, found ").shape(other).text("\nhelp: ")
}

/// What brings values of two ranks together.
const fn rank_cure(first: usize, other: usize) -> &'static str {
    match if first < other { [first, other] } else { [other, first] } {
        [1, 2] => {
            "a sequence becomes one row of numbers by `GlobalAvgPool` or `Flatten`, or by `last = true` in a recurrent layer"
        }
        [1, 3] => "an image becomes one row of numbers by `Flatten` or `GlobalAvgPool2d`",
        _ => "`Flatten` or `Reshape` the one with more axes",
    }
}

/// What brings two operands to one shape.
pub(super) const fn operand_cure(left: Shape, right: Shape) -> &'static str {
    if left.rank() == 2 && right.rank() == 2 && left.last() == right.dim(0) {
        "a `Dense` of that size; the product of two matrices is `(a, b) -> MatMul`"
    } else if left.rank() == right.rank() && left.rank() == 3 {
        "`padding = same` or a 1×1 `Conv2d`"
    } else if left.rank() == right.rank() {
        "a `Dense` of that size"
    } else if left.rank() == 1 || right.rank() == 1 {
        "a `Dense` of the other's last axis, `Flatten` or `Reshape`"
    } else {
        "`Flatten` or `Reshape`"
    }
}

/// What brings all axes but the last of two values to one size.
const fn size_cure(open: Message, first: Shape, other: Shape) -> Message {
    let (small, large) = if first.dim(0) < other.dim(0) { (first, other) } else { (other, first) };
    let is_image = first.rank() == 3;
    match factor(small, large) {
        Some(factor) => open
            .text(if is_image { "`UpSample2d(" } else { "`UpSample1d(" })
            .number(factor)
            .text(")` behind the value of shape ")
            .shape(small)
            .text(if is_image { ", or `MaxPool2d(" } else { ", or `MaxPool1d(" })
            .number(factor)
            .text(")` behind that of ")
            .shape(large),
        None if is_image => {
            open.text("`padding = same` in the layers above keeps height and width, and `Crop` cuts the larger value")
        }
        None if first.rank() == 2 => {
            open.text("`padding = same` in the layers above keeps the length, and `Slice` cuts the longer value")
        }
        None => open.text("bring both to the same leading axes, e.g. with `Flatten`"),
    }
}

/// How many times as long all axes but the last of an image or a sequence are as those of another: the same for all of them.
const fn factor(small: Shape, large: Shape) -> Option<usize> {
    let rank = small.rank();
    if !(rank == 2 || rank == 3) || small.dim(0) == 0 {
        return None;
    }
    let factor = large.dim(0) / small.dim(0);
    let mut axis = 0;
    while axis + 1 < rank {
        if small.dim(axis) * factor != large.dim(axis) {
            return None;
        }
        axis += 1;
    }
    if factor > 1 { Some(factor) } else { None }
}
