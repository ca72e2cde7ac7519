//! Names of tensors, compared in constants.

use super::Stored;
use crate::tensors::{Content, Part};

/// `==`, in constants.
pub(super) const fn are_equal(left: &str, right: &str) -> bool {
    order(left.as_bytes(), right.as_bytes()) == 0
}

/// Negative, zero, positive: the left one comes first, they are equal, the right one comes first.
const fn order(left: &[u8], right: &[u8]) -> isize {
    let mut index = 0;
    while index < left.len() && index < right.len() {
        if left[index] != right[index] {
            return left[index] as isize - right[index] as isize;
        }
        index += 1;
    }
    left.len() as isize - right.len() as isize
}

/// The tensor of this name, in a table that is sorted by name.
pub(super) const fn find(stored: &[Stored], name: &str) -> Option<usize> {
    let (mut first, mut end) = (0, stored.len());
    while first < end {
        let middle = first + (end - first) / 2;
        match order(stored[middle].name.as_bytes(), name.as_bytes()) {
            0 => return Some(middle),
            isize::MIN..0 => first = middle + 1,
            _ => end = middle,
        }
    }
    None
}

/// Whether a network has a tensor of this name.
pub(super) const fn has(parts: &[Part], name: &[u8]) -> bool {
    let mut index = 0;
    while index < parts.len() {
        if let Some(rest) = after(name, parts[index].name.as_bytes()) {
            let is_it = match parts[index].content {
                Content::Tensor { shape, .. } => rest.is_empty() && !shape.is_empty(),
                Content::Group(parts) => match after(rest, b".") {
                    Some(rest) => has(parts, rest),
                    None => false,
                },
                Content::Repeat { count, parts } => has_numbered(parts, count, rest),
            };
            if is_it {
                return true;
            }
        }
        index += 1;
    }
    false
}

/// `.2.fc.weight`, in one of so many equal structs.
const fn has_numbered(parts: &[Part], count: usize, name: &[u8]) -> bool {
    let Some(mut rest) = after(name, b".") else { return false };
    let mut number: usize = 0;
    let mut digits = 0;
    while let [digit @ b'0'..=b'9', others @ ..] = rest
        && number < count
    {
        number = number * 10 + (*digit - b'0') as usize;
        digits += 1;
        rest = others;
    }
    match after(rest, b".") {
        Some(rest) if digits > 0 && number < count => has(parts, rest),
        _ => false,
    }
}

/// What comes after the start, if it is the start.
const fn after<'n>(name: &'n [u8], start: &[u8]) -> Option<&'n [u8]> {
    if name.len() < start.len() {
        return None;
    }
    let (begin, rest) = name.split_at(start.len());
    if order(begin, start) == 0 { Some(rest) } else { None }
}

/// Longer names are compared by what they begin with.
const LONGEST: usize = 96;

/// The number of insertions, deletions and replacements that turn one name into the other (Levenshtein).
pub(super) const fn distance(left: &str, right: &str) -> usize {
    let (left, right) = (cut(left.as_bytes()), cut(right.as_bytes()));
    let mut row = [0; LONGEST + 1];
    let mut column = 0;
    while column <= right.len() {
        row[column] = column;
        column += 1;
    }
    let mut line = 0;
    while line < left.len() {
        let mut diagonal = row[0];
        row[0] += 1;
        let mut column = 0;
        while column < right.len() {
            let replaced = diagonal + (left[line] != right[column]) as usize;
            diagonal = row[column + 1];
            let moved = if row[column] < diagonal { row[column] } else { diagonal } + 1;
            row[column + 1] = if replaced < moved { replaced } else { moved };
            column += 1;
        }
        line += 1;
    }
    row[right.len()]
}

const fn cut(name: &[u8]) -> &[u8] {
    if name.len() > LONGEST { name.split_at(LONGEST).0 } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Shape;
    use crate::tensors::Role;

    #[test]
    fn distances_count_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!([distance("", "abc"), distance("abc", ""), distance("fc.weight", "fc.weight")], [3, 3, 0]);
        assert_eq!(distance(&"a".repeat(200), &"a".repeat(300)), 0);
    }

    #[test]
    fn names_are_found_in_tables_and_trees() {
        const LEAF: &[Part] = &[Part::tensor("w", Shape::new(&[2]), Role::Weight)];
        const TREE: &[Part] =
            &[Part::group("fc", LEAF), Part::repeat("blocks", 12, const { &[Part::group("a", LEAF)] })];
        for name in ["fc.w", "blocks.0.a.w", "blocks.11.a.w"] {
            assert!(has(TREE, name.as_bytes()), "{name}");
        }
        for name in [
            "",
            "fc",
            "fc.",
            "fc.x",
            "fcw",
            "blocks.12.a.w",
            "blocks..a.w",
            "blocks.1a.w",
            "blocks.99999999999999999999.a.w",
        ] {
            assert!(!has(TREE, name.as_bytes()), "{name}");
        }
        let table = ["a", "ab", "b.c", "ba"].map(|name| Stored { name, scalar: "F32", shape: &[], start: 0, end: 0 });
        assert_eq!(
            ["a", "ab", "b.c", "ba", "", "c", "aa"].map(|name| find(&table, name)),
            [Some(0), Some(1), Some(2), Some(3), None, None, None]
        );
    }
}
