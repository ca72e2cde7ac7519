use super::axes::axis_place;
use super::broadcast::dim_from_end;
use super::{Shape, ShapeError};

/// The shape rule of `+`, `-` and `*`: both operands alike.
pub const fn same_shape(left: Shape, right: Shape) -> Result<Shape, ShapeError> {
    if !left.is_valid() || !right.is_valid() {
        return Ok(Shape::INVALID);
    }
    if left.equals(right) { Ok(left) } else { Err(ShapeError::Operands { left, right }) }
}

/// The shape rule of `+`, `-`, `*` and `/`: as in NumPy, shapes are aligned at their last axes; axes of size 1, and those
/// that one side does not have, are repeated to the other side's size.
///
/// # Errors
/// Axes of two sizes, neither of them 1.
pub const fn broadcast(left: Shape, right: Shape) -> Result<Shape, ShapeError> {
    if !left.is_valid() || !right.is_valid() {
        return Ok(Shape::INVALID);
    }
    let mut output = if left.rank() < right.rank() { right } else { left };
    let mut back = 1;
    while back <= output.rank() {
        let (one, other) = (dim_from_end(left, back), dim_from_end(right, back));
        if one != other && one != 1 && other != 1 {
            return Err(ShapeError::Unequal { left, right });
        }
        output = output.with_dim(output.rank() - back, if one == 1 { other } else { one });
        back += 1;
    }
    Ok(output)
}

/// The shape rule of `concat(a, b, …, axis = axis)`: that axis adds up, all others agree.
///
/// # Errors
/// An operand that differs along another axis, or an axis that the first operand does not have.
pub const fn concat_along(operands: &[Shape], axis: isize) -> Result<Shape, ShapeError> {
    let first = operands[0];
    let mut index = 0;
    while index < operands.len() {
        if !operands[index].is_valid() {
            return Ok(Shape::INVALID);
        }
        index += 1;
    }
    let axis = match axis_place("axis", axis, first.rank()) {
        Ok(axis) => axis,
        Err(error) => return Err(error),
    };
    let mut total: usize = 0;
    index = 0;
    while index < operands.len() {
        let other = operands[index];
        if !first.with_dim(axis, 0).equals(other.with_dim(axis, 0)) {
            return Err(ShapeError::Concat { axis, first, other });
        }
        total = total.saturating_add(other.dim(axis));
        index += 1;
    }
    Ok(first.with_dim(axis, total))
}

/// The shape of the two values of a layer as one: that axis adds up, all others agree. Along the last axis but one, -2, they are
/// the factors of a product of matrices, and are refused in those words.
///
/// # Errors
/// A second value that differs along another axis.
pub const fn pair_along(first: Shape, second: Shape, axis: isize) -> Result<Shape, ShapeError> {
    match concat_along(&[first, second], axis) {
        Err(ShapeError::Concat { .. } | ShapeError::Axis { .. }) if axis == -2 => {
            Err(ShapeError::Factors { first, second })
        }
        Err(ShapeError::Concat { axis, first, other: second }) => Err(ShapeError::Pair { axis, first, second }),
        joined => joined,
    }
}

/// The shape rule of a network that stands in another one: it takes the shape of its input, and no other.
pub const fn nested(name: &'static str, input: Shape, expected: Shape, output: Shape) -> Result<Shape, ShapeError> {
    if !input.is_valid() || !expected.is_valid() {
        return Ok(Shape::INVALID);
    }
    if input.equals(expected) { Ok(output) } else { Err(ShapeError::Nested { name, input, expected }) }
}

/// The rule of a layer that is applied again: the last `count` axes are those of its first input, because the types of
/// its parameters hold them.
pub const fn applied_again(first: Shape, again: Shape, count: usize) -> Result<(), ShapeError> {
    let mut axis = 1;
    while axis <= count && first.rank() >= count && again.rank() >= count {
        let (expected, found) = (first.dim(first.rank() - axis), again.dim(again.rank() - axis));
        if expected != found {
            return Err(ShapeError::Reused { expected, found });
        }
        axis += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_need_equal_shapes() {
        let (a, b) = (Shape::new(&[4, 2]), Shape::new(&[4, 3]));
        assert_eq!(same_shape(a, a), Ok(a));
        assert!(same_shape(a, b).is_err());
    }

    #[test]
    fn a_layer_is_applied_again_to_the_same_last_axes() {
        let (first, other) = (Shape::new(&[2, 4]), Shape::new(&[3, 4]));
        assert_eq!(applied_again(first, other, 1), Ok(()));
        assert_eq!(applied_again(first, other, 2), Err(ShapeError::Reused { expected: 2, found: 3 }));
        assert_eq!(applied_again(Shape::INVALID, other, 2), Ok(()));
    }

    #[test]
    fn concat_adds_the_innermost_axis() {
        let (a, b) = (Shape::new(&[4, 2]), Shape::new(&[4, 3]));
        assert_eq!(concat_along(&[a, b, a], -1), Ok(Shape::new(&[4, 7])));
        assert!(concat_along(&[a, Shape::new(&[5, 3])], -1).is_err());
        assert!(concat_along(&[a, Shape::new(&[4])], -1).is_err());
    }

    #[test]
    fn concat_adds_any_axis() {
        let (a, b) = (Shape::new(&[4, 2, 3]), Shape::new(&[4, 5, 3]));
        assert_eq!(concat_along(&[a, b], 1), Ok(Shape::new(&[4, 7, 3])));
        assert_eq!(concat_along(&[a, b], -2), Ok(Shape::new(&[4, 7, 3])));
        assert_eq!(concat_along(&[a, a, a], 0), Ok(Shape::new(&[12, 2, 3])));
        assert_eq!(concat_along(&[a, b], 0), Err(ShapeError::Concat { axis: 0, first: a, other: b }));
        assert_eq!(concat_along(&[a, b], 3), Err(ShapeError::Axis { argument: "axis", axis: 3, rank: 3 }));
        assert_eq!(concat_along(&[a, Shape::INVALID], 9), Ok(Shape::INVALID));
        let other =
            ShapeError::Concat { axis: 1, first: Shape::new(&[8, 4]), other: Shape::new(&[4]) }.message("concat");
        assert!(
            other.as_str().contains("expected rank 2 as [8, 4], found [4]\nhelp: a sequence"),
            "{}",
            other.as_str()
        );
        let message = ShapeError::Concat { axis: 0, first: a, other: b }.message("concat");
        assert!(
            message.as_str().contains("expected [4, 2, 3] but for axis 0, found [4, 5, 3]"),
            "{}",
            message.as_str()
        );
    }

    #[test]
    fn operands_meet_at_their_last_axes() {
        let cases: [(&[usize], &[usize], &[usize]); 7] = [
            (&[4, 6, 3], &[4, 6, 3], &[4, 6, 3]),
            (&[4, 6, 3], &[3], &[4, 6, 3]),
            (&[3], &[4, 6, 3], &[4, 6, 3]),
            (&[4, 1, 3], &[6, 1], &[4, 6, 3]),
            (&[4, 6, 3], &[4, 6, 1], &[4, 6, 3]),
            (&[1], &[1, 1], &[1, 1]),
            (&[5, 1], &[1, 7], &[5, 7]),
        ];
        for (left, right, expected) in cases {
            assert_eq!(broadcast(Shape::new(left), Shape::new(right)), Ok(Shape::new(expected)));
        }
        let (left, right) = (Shape::new(&[4, 6, 3]), Shape::new(&[4]));
        assert_eq!(broadcast(left, right), Err(ShapeError::Unequal { left, right }));
        assert_eq!(broadcast(left, Shape::INVALID), Ok(Shape::INVALID));
    }
}
