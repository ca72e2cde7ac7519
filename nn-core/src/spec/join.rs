use super::{Shape, ShapeError};

/// The shape rule of `+`, `-` and `*`: both operands alike.
pub const fn same_shape(left: Shape, right: Shape) -> Result<Shape, ShapeError> {
    if !left.is_valid() || !right.is_valid() {
        return Ok(Shape::INVALID);
    }
    if left.equals(right) { Ok(left) } else { Err(ShapeError::Operands { left, right }) }
}

/// The shape rule of `concat(a, b, …)`: the innermost axes add up, all others agree.
pub const fn concat(operands: &[Shape]) -> Result<Shape, ShapeError> {
    let first = operands[0];
    let mut total = 0;
    let mut index = 0;
    while index < operands.len() {
        let other = operands[index];
        if !first.is_valid() || !other.is_valid() {
            return Ok(Shape::INVALID);
        }
        if first.rank() == 0 || !first.with_last(0).equals(other.with_last(0)) {
            return Err(ShapeError::Concat { first, other });
        }
        total += other.last();
        index += 1;
    }
    Ok(first.with_last(total))
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
        assert_eq!(concat(&[a, b, a]), Ok(Shape::new(&[4, 7])));
        assert!(concat(&[a, Shape::new(&[5, 3])]).is_err());
        assert!(concat(&[a, Shape::new(&[4])]).is_err());
    }
}
