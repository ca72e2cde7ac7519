use crate::spec::MAX_RANK;

/// One axis more than a shape has: the samples of a tile.
const LEVELS: usize = MAX_RANK + 1;

/// Where each element of one tensor, row by row, lies in another one: a stride of the other for each axis of the one.
///
/// A stride of 0 repeats the other tensor along that axis, strides in another order permute it, and a tensor that is a part
/// of another one has the larger one's strides. Axes that lie one behind the other in both tensors count as one axis.
///
/// ```
/// use nn_core::kernels::{Layout, gather};
///
/// // A matrix of two rows and three columns, transposed.
/// let transposed = Layout::new(0).axis(3, 1).axis(2, 3);
/// let mut columns = [0.0f32; 6];
/// gather(&transposed, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut columns);
/// assert_eq!(columns, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    start: usize,
    /// Size and stride of each axis, the innermost one last.
    axes: [(usize, usize); LEVELS],
    count: usize,
    is_empty: bool,
}

impl Layout {
    /// A single element, which lies at `start` in the other tensor.
    pub const fn new(start: usize) -> Self {
        Self { start, axes: [(1, 0); LEVELS], count: 0, is_empty: false }
    }

    /// One more axis inside those before: its size, and how far apart neighbours along it lie in the other tensor.
    ///
    /// # Panics
    /// With more than six axes longer than 1: those of a shape and the samples.
    #[must_use]
    pub const fn axis(mut self, size: usize, stride: usize) -> Self {
        self.is_empty |= size == 0;
        if size == 1 {
            return self;
        }
        if self.count > 0 {
            let (outer, outer_stride) = self.axes[self.count - 1];
            if outer_stride == stride * size {
                self.axes[self.count - 1] = (outer * size, stride);
                return self;
            }
        }
        self.axes[self.count] = (size, stride);
        self.count += 1;
        self
    }

    /// The walk through both tensors; `None` where there is no element.
    #[inline(always)]
    pub(super) fn walk(&self) -> Option<Walk> {
        if self.is_empty {
            return None;
        }
        let mut levels = [Level::ONE; LEVELS];
        let mut here = 1;
        for (index, &(size, there)) in self.axes[..self.count].iter().enumerate().rev() {
            levels[index + LEVELS - self.count] = Level { size, here, there };
            here *= size;
        }
        // Columns far apart: the axis whose neighbours are nearest makes a panel with them, which is worked on in tiles.
        let columns = LEVELS - 1;
        let is_apart = levels[columns].there > 1;
        let nearest = levels[..columns].iter().position(|level| level.size > 1 && level.there == 1);
        let rows = nearest.filter(|_| is_apart).unwrap_or(columns - 1);
        levels[rows..columns].rotate_left(1);
        Some(Walk { start: self.start, levels })
    }
}

/// An axis longer than 1, with its strides in both tensors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) size: usize,
    /// In the tensor that the layout describes.
    pub(super) here: usize,
    /// In the other one.
    pub(super) there: usize,
}

impl Level {
    const ONE: Self = Self { size: 1, here: 0, there: 0 };
}

/// A walk through two tensors, panel by panel: the last two levels are a panel's rows and columns.
pub(super) struct Walk {
    start: usize,
    levels: [Level; LEVELS],
}

impl Walk {
    #[inline(always)]
    pub(super) fn rows(&self) -> Level {
        self.levels[LEVELS - 2]
    }

    /// Always the innermost axis of the tensor that the layout describes.
    #[inline(always)]
    pub(super) fn columns(&self) -> Level {
        self.levels[LEVELS - 1]
    }

    /// Calls `visit` with the place of each panel in both tensors, in the order of the axes outside it.
    #[inline(always)]
    pub(super) fn for_each_panel(&self, mut visit: impl FnMut(usize, usize)) {
        let outer = &self.levels[..LEVELS - 2];
        let mut index = [0; LEVELS - 2];
        let (mut here, mut there) = (0, self.start);
        loop {
            visit(here, there);
            let mut level = outer.len();
            loop {
                let Some(next) = level.checked_sub(1) else { return };
                level = next;
                index[level] += 1;
                here += outer[level].here;
                there += outer[level].there;
                if index[level] < outer[level].size {
                    break;
                }
                here -= outer[level].here * outer[level].size;
                there -= outer[level].there * outer[level].size;
                index[level] = 0;
            }
        }
    }

    /// Calls `visit` with the place of each row in both tensors.
    #[inline(always)]
    pub(super) fn for_each_row(&self, mut visit: impl FnMut(usize, usize)) {
        let rows = self.rows();
        self.for_each_panel(|here, there| {
            for row in 0..rows.size {
                visit(here + row * rows.here, there + row * rows.there);
            }
        });
    }

    /// Calls `visit` with the place of each element in both tensors, row by row as the layout's axes stand.
    #[inline(always)]
    pub(super) fn for_each_element(&self, mut visit: impl FnMut(usize, usize)) {
        let columns = self.columns();
        self.for_each_row(|here, there| {
            for column in 0..columns.size {
                visit(here + column, there + column * columns.there);
            }
        });
    }

    /// Calls `visit` with the place of each element in both tensors, in small tiles: both then stay in cache whatever
    /// their strides.
    #[inline(always)]
    pub(super) fn for_each_element_in_tiles(&self, mut visit: impl FnMut(usize, usize)) {
        const TILE: usize = 16;
        let (rows, columns) = (self.rows(), self.columns());
        self.for_each_panel(|here, there| {
            for first_row in (0..rows.size).step_by(TILE) {
                for first_column in (0..columns.size).step_by(TILE) {
                    for row in first_row..rows.size.min(first_row + TILE) {
                        for column in first_column..columns.size.min(first_column + TILE) {
                            let here = here + row * rows.here + column * columns.here;
                            visit(here, there + row * rows.there + column * columns.there);
                        }
                    }
                }
            }
        });
    }
}
