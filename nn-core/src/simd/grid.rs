//! Runs of scalars that lie a fixed step apart, checked once for all.

use core::marker::PhantomData;
use core::slice;

/// Runs of `width` scalars at the crossings of a grid: row `r` and column `c` start at `r · row_step + c · column_step`.
///
/// A kernel that reads dozens of short pieces at once spends more time on the bounds of slices than on sums. Here the last
/// run is held to the slice when the grid is made; a read checks its row and column, which are mostly constants once it is inlined,
/// and its place in the run, which is the same for all.
#[derive(Clone, Copy)]
pub(crate) struct Grid<'a, T> {
    data: &'a [T],
    counts: [usize; 2],
    steps: [usize; 2],
    width: usize,
}

impl<'a, T> Grid<'a, T> {
    /// `counts` and `steps` are those of rows and columns.
    ///
    /// # Panics
    /// When the last run ends behind `data`.
    #[inline(always)]
    pub(crate) fn new(data: &'a [T], counts: [usize; 2], steps: [usize; 2], width: usize) -> Self {
        assert!(end(counts, steps, width).is_some_and(|end| end <= data.len()));
        Self { data, counts, steps, width }
    }

    /// A whole run.
    ///
    /// # Panics
    /// When the row or the column does not exist.
    #[inline(always)]
    pub(crate) fn run(&self, row: usize, column: usize) -> &'a [T] {
        let [rows, columns] = self.counts;
        assert!(row < rows && column < columns);
        // SAFETY: the run is not behind the last one, which `new` has found inside `data`.
        unsafe {
            slice::from_raw_parts(self.data.as_ptr().add(row * self.steps[0] + column * self.steps[1]), self.width)
        }
    }

    /// `LANES` scalars of a run, from `offset` on.
    ///
    /// # Panics
    /// When the row, the column or the piece of the run does not exist.
    #[inline(always)]
    pub(crate) fn at<const LANES: usize>(&self, row: usize, column: usize, offset: usize) -> &'a [T; LANES] {
        let [rows, columns] = self.counts;
        assert!(row < rows && column < columns && offset <= self.width && LANES <= self.width - offset);
        let place = row * self.steps[0] + column * self.steps[1] + offset;
        // SAFETY: `place + LANES` is not beyond the end of the last run, which `new` has found inside `data`.
        unsafe { &*self.data.as_ptr().add(place).cast() }
    }
}

/// One row of such runs, to be written.
pub(crate) struct RowMut<'a, T, const COLUMNS: usize> {
    data: &'a mut [T],
    step: usize,
    width: usize,
}

impl<'a, T, const COLUMNS: usize> RowMut<'a, T, COLUMNS> {
    /// # Panics
    /// When the last run ends behind `data`.
    #[inline(always)]
    pub(crate) fn new(data: &'a mut [T], step: usize, width: usize) -> Self {
        assert!(end([1, COLUMNS], [0, step], width).is_some_and(|end| end <= data.len()));
        Self { data, step, width }
    }

    /// As [`Grid::at`].
    #[inline(always)]
    pub(crate) fn at<const LANES: usize>(&mut self, column: usize, offset: usize) -> &mut [T; LANES] {
        assert!(column < COLUMNS && offset <= self.width && LANES <= self.width - offset);
        // SAFETY: as in `Grid::at`; the result borrows all of `self`.
        unsafe { &mut *self.data.as_mut_ptr().add(column * self.step + offset).cast() }
    }
}

/// Tiles of `ROWS` rows and `COLUMNS` columns of a matrix, one below the other, to be written.
pub(crate) struct TilesMut<'a, T, const ROWS: usize, const COLUMNS: usize> {
    /// Where the next one begins.
    next: *mut T,
    /// From one row to the next.
    stride: usize,
    /// How many are to come.
    count: usize,
    data: PhantomData<&'a mut [T]>,
}

impl<'a, T, const ROWS: usize, const COLUMNS: usize> TilesMut<'a, T, ROWS, COLUMNS> {
    /// # Panics
    /// When the last of `count` tiles ends behind `data`, or rows overlap.
    #[inline(always)]
    pub(crate) fn new(data: &'a mut [T], stride: usize, count: usize) -> Self {
        let end = count.checked_mul(ROWS).and_then(|rows| end([1, rows], [0, stride], COLUMNS));
        assert!(count == 0 || stride >= COLUMNS && end.is_some_and(|end| end <= data.len()));
        Self { next: data.as_mut_ptr(), stride, count, data: PhantomData }
    }
}

impl<'a, T, const ROWS: usize, const COLUMNS: usize> Iterator for TilesMut<'a, T, ROWS, COLUMNS> {
    type Item = TileMut<'a, T, ROWS, COLUMNS>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        self.count = self.count.checked_sub(1)?;
        let tile = TileMut { start: self.next, stride: self.stride, data: PhantomData };
        self.next = self.next.wrapping_add(ROWS * self.stride);
        Some(tile)
    }
}

/// One of them.
pub(crate) struct TileMut<'a, T, const ROWS: usize, const COLUMNS: usize> {
    start: *mut T,
    stride: usize,
    data: PhantomData<&'a mut [T]>,
}

impl<T, const ROWS: usize, const COLUMNS: usize> TileMut<'_, T, ROWS, COLUMNS> {
    /// # Panics
    /// When the row does not exist.
    #[inline(always)]
    pub(crate) fn row(&mut self, row: usize) -> &mut [T; COLUMNS] {
        assert!(row < ROWS);
        // SAFETY: the row ends where the last row of the last tile does, or before. It is no other tile's, since rows do not
        // overlap, and the result borrows all of `self`.
        unsafe { &mut *self.start.add(row * self.stride).cast() }
    }
}

/// Where the last run ends; nothing where there is none, or where no slice is so long.
#[inline(always)]
fn end([rows, columns]: [usize; 2], [row_step, column_step]: [usize; 2], width: usize) -> Option<usize> {
    let row = rows.checked_sub(1)?.checked_mul(row_step)?;
    let column = columns.checked_sub(1)?.checked_mul(column_step)?;
    row.checked_add(column)?.checked_add(width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;
    use std::vec::Vec;

    #[test]
    fn runs_lie_where_the_steps_say() {
        let data: Vec<usize> = (0..30).collect();
        let grid = Grid::<usize>::new(&data, [2, 3], [13, 5], 6);
        assert_eq!(grid.at::<2>(0, 0, 0), &[0, 1]);
        assert_eq!(grid.at::<2>(1, 2, 4), &[27, 28]);
        assert_eq!(grid.at::<6>(1, 0, 0), &[13, 14, 15, 16, 17, 18]);
        assert_eq!(grid.run(1, 2), &[23, 24, 25, 26, 27, 28]);
        let mut data = data;
        let mut row = RowMut::<usize, 3>::new(&mut data, 10, 4);
        *row.at(2, 1) = [7, 7, 7];
        assert_eq!(data[20..25], [20, 7, 7, 7, 24]);
        let mut tiles = TilesMut::<usize, 2, 3>::new(&mut data[1..], 5, 2);
        *tiles.nth(1).unwrap().row(1) = [7, 7, 7];
        assert!(tiles.next().is_none());
        assert_eq!(data[15..20], [15, 7, 7, 7, 19]);
    }

    #[test]
    fn nothing_outside_is_reached() {
        let data = [0u8; 29];
        let refused = |work: fn(&[u8])| catch_unwind(|| work(&data)).is_err();
        assert!(!refused(|data| {
            let _ = Grid::<u8>::new(data, [2, 3], [13, 5], 6);
        }));
        assert!(refused(|data| {
            let _ = Grid::<u8>::new(data, [2, 3], [13, 5], 7);
        }));
        assert!(refused(|data| {
            let _ = Grid::<u8>::new(data, [2, 3], [usize::MAX, 5], 1);
        }));
        assert!(refused(|data| {
            let _ = Grid::<u8>::new(data, [0, 3], [1, 1], 1);
        }));
        assert!(refused(|data| {
            let _ = Grid::<u8>::new(data, [2, 3], [13, 5], 6).at::<1>(2, 0, 0);
        }));
        assert!(refused(|data| {
            let _ = Grid::<u8>::new(data, [2, 3], [13, 5], 6).at::<1>(0, 3, 0);
        }));
        assert!(refused(|data| {
            let _ = Grid::<u8>::new(data, [2, 3], [13, 5], 6).at::<2>(0, 0, 5);
        }));
        assert!(refused(|data| {
            let _ = Grid::<u8>::new(data, [2, 3], [13, 5], 6).at::<1>(0, 0, 7);
        }));
        let refused = |work: fn(&mut [u8])| catch_unwind(|| work(&mut [0; 24])).is_err();
        assert!(refused(|data| {
            let _ = RowMut::<u8, 3>::new(data, 10, 5);
        }));
        assert!(refused(|data| *RowMut::<u8, 3>::new(data, 10, 4).at(3, 0) = [1]));
        assert!(refused(|data| *RowMut::<u8, 3>::new(data, 10, 4).at(0, 3) = [1, 1]));
        let refused = |work: fn(&mut [u8])| catch_unwind(|| work(&mut [0; 18])).is_err();
        assert!(refused(|data| {
            let _ = TilesMut::<u8, 2, 4>::new(data, 5, 2);
        }));
        assert!(refused(|data| {
            let _ = TilesMut::<u8, 2, 3>::new(data, 5, usize::MAX / 2 + 1);
        }));
        assert!(refused(|data| {
            let _ = TilesMut::<u8, 2, 3>::new(data, 2, 1);
        }));
        assert!(!refused(|data| *TilesMut::<u8, 2, 3>::new(data, 5, 2).nth(1).unwrap().row(1) = [1; 3]));
        assert!(refused(|data| *TilesMut::<u8, 2, 3>::new(data, 5, 2).nth(1).unwrap().row(2) = [1; 3]));
        assert!(refused(|data| {
            let _ = TilesMut::<u8, 2, 3>::new(data, 5, 2).nth(2).unwrap();
        }));
        assert!(refused(|data| {
            let _ = Grid::<u8>::new(data, [2, 2], [9, 4], 5).run(2, 0);
        }));
    }
}
