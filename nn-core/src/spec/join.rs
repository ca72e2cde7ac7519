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
    fn concat_adds_the_innermost_axis() {
        let (a, b) = (Shape::new(&[4, 2]), Shape::new(&[4, 3]));
        assert_eq!(concat(&[a, b, a]), Ok(Shape::new(&[4, 7])));
        assert!(concat(&[a, Shape::new(&[5, 3])]).is_err());
        assert!(concat(&[a, Shape::new(&[4])]).is_err());
    }
}
