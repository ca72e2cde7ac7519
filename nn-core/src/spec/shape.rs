/// The largest number of axes of a shape.
pub const MAX_RANK: usize = 5;

/// A tensor shape without its batch axis, channels last: `[32, 32, 3]` is height, width, channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    rank: usize,
    dims: [usize; MAX_RANK],
}

impl Shape {
    /// What a rule gives after it has refused its input: every later rule passes it on without a second error.
    pub const INVALID: Self = Self { rank: usize::MAX, dims: [0; MAX_RANK] };

    /// A shape from its axes.
    ///
    /// # Panics
    /// With more than [`MAX_RANK`] axes; the compiler rejects such shapes before it builds one.
    pub const fn new(axes: &[usize]) -> Self {
        assert!(axes.len() <= MAX_RANK, "a shape has at most 5 axes");
        let mut dims = [0; MAX_RANK];
        let mut axis = 0;
        while axis < axes.len() {
            dims[axis] = axes[axis];
            axis += 1;
        }
        Self { rank: axes.len(), dims }
    }

    /// Whether this is a real shape, not [`Shape::INVALID`].
    pub const fn is_valid(&self) -> bool {
        self.rank != usize::MAX
    }

    /// The number of axes; 0 when invalid.
    pub const fn rank(&self) -> usize {
        if self.is_valid() { self.rank } else { 0 }
    }

    /// The size of one axis; 0 beyond the last.
    pub const fn dim(&self, axis: usize) -> usize {
        if axis < self.rank() { self.dims[axis] } else { 0 }
    }

    /// The size of the innermost axis: features or channels; 0 for a shape without axes.
    pub const fn last(&self) -> usize {
        match self.rank() {
            0 => 0,
            rank => self.dims[rank - 1],
        }
    }

    /// The axes as a slice.
    pub const fn dims(&self) -> &[usize] {
        self.dims.split_at(self.rank()).0
    }

    /// The number of elements; saturates rather than overflows.
    pub const fn len(&self) -> usize {
        if !self.is_valid() {
            return 0;
        }
        let mut product: usize = 1;
        let mut axis = 0;
        while axis < self.rank {
            product = product.saturating_mul(self.dims[axis]);
            axis += 1;
        }
        product
    }

    /// Whether the shape holds no element.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of elements from one axis on: of a negative one counted from the end, -1 being the last.
    pub const fn len_from(&self, axis: isize) -> usize {
        let start = if axis < 0 { self.rank() as isize + axis } else { axis };
        let mut product: usize = 1;
        let mut axis = if start < 0 { 0 } else { start as usize };
        while axis < self.rank() {
            product = product.saturating_mul(self.dims[axis]);
            axis += 1;
        }
        product
    }

    /// The number of elements in front of the innermost axis: how many rows a layer that works on the last axis sees.
    pub const fn rows(&self) -> usize {
        match self.last() {
            0 => 0,
            last => self.len() / last,
        }
    }

    /// `==`, in constants.
    pub const fn equals(&self, other: Self) -> bool {
        if self.rank != other.rank {
            return false;
        }
        let mut axis = 0;
        while axis < self.rank() {
            if self.dims[axis] != other.dims[axis] {
                return false;
            }
            axis += 1;
        }
        true
    }

    /// The same shape with another innermost axis.
    pub const fn with_last(self, size: usize) -> Self {
        self.with_dim(self.rank().wrapping_sub(1), size)
    }

    /// The same shape with another size along one axis; unchanged when it has no such axis.
    pub const fn with_dim(mut self, axis: usize, size: usize) -> Self {
        if axis < self.rank() {
            self.dims[axis] = size;
        }
        self
    }

    /// The same shape with one more axis, the innermost.
    ///
    /// # Panics
    /// With more than [`MAX_RANK`] axes.
    pub const fn push(mut self, size: usize) -> Self {
        assert!(self.rank < MAX_RANK, "a shape has at most 5 axes");
        self.dims[self.rank] = size;
        self.rank += 1;
        self
    }

    /// How many elements apart neighbours along each axis lie, row by row; 0 beyond the last axis.
    pub const fn strides(&self) -> [usize; MAX_RANK] {
        let mut strides = [0; MAX_RANK];
        let mut stride: usize = 1;
        let mut axis = self.rank();
        while axis > 0 {
            axis -= 1;
            strides[axis] = stride;
            stride = stride.saturating_mul(self.dims[axis]);
        }
        strides
    }

    /// Whether any axis has size 0.
    pub const fn has_zero(&self) -> bool {
        let mut axis = 0;
        while axis < self.rank() {
            if self.dims[axis] == 0 {
                return true;
            }
            axis += 1;
        }
        false
    }
}

impl core::fmt::Display for Shape {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(super::Message::new().shape(*self).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_knows_its_axes_and_its_length() {
        let shape = Shape::new(&[32, 16, 3]);
        assert_eq!((shape.rank(), shape.len(), shape.last()), (3, 1536, 3));
        assert_eq!(shape.rows(), 512);
        assert_eq!([shape.len_from(-1), shape.len_from(1), shape.len_from(0), shape.len_from(3)], [3, 48, 1536, 1]);
        assert_eq!(shape.dim(9), 0);
        assert_eq!(shape.strides(), [48, 3, 1, 0, 0]);
        assert_eq!(shape.with_dim(1, 7), Shape::new(&[32, 7, 3]));
        assert_eq!(shape.push(5), Shape::new(&[32, 16, 3, 5]));
        assert_eq!((shape.with_dim(3, 7), Shape::new(&[]).with_last(7)), (shape, Shape::new(&[])));
        assert!(shape.equals(Shape::new(&[32, 16, 3])));
        assert!(!shape.equals(Shape::new(&[32, 16])));
    }

    #[test]
    fn a_huge_shape_saturates() {
        assert_eq!(Shape::new(&[usize::MAX, 3]).len(), usize::MAX);
    }

    #[test]
    fn the_invalid_shape_is_empty() {
        assert_eq!((Shape::INVALID.rank(), Shape::INVALID.len()), (0, 0));
        assert_eq!(Shape::INVALID.dims(), &[] as &[usize]);
    }
}
