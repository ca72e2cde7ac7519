//! What brings values together that do not fit: the help of errors about several values.

use super::{Message, Shape};

/// What brings values of two ranks together.
pub(super) const fn of_ranks(first: usize, other: usize) -> &'static str {
    match if first < other { [first, other] } else { [other, first] } {
        [1, 2] => {
            "a sequence becomes one row of numbers by `GlobalAvgPool` or `Flatten`, or by `last = true` in a recurrent layer"
        }
        [1, 3] => "an image becomes one row of numbers by `Flatten` or `GlobalAvgPool2d`",
        _ => "`Flatten` or `Reshape` the one with more axes",
    }
}

/// What brings two operands to one shape.
pub(super) const fn of_operands(left: Shape, right: Shape) -> &'static str {
    if left.rank() == right.rank() && left.rank() == 3 {
        "`padding = same` or a 1×1 `Conv2d`"
    } else if left.rank() == right.rank() {
        "a `Dense` of that size"
    } else {
        "`Flatten` or `Reshape`"
    }
}

/// What brings all axes but the last of two values to one size.
pub(super) const fn of_sizes(open: Message, first: Shape, other: Shape) -> Message {
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
