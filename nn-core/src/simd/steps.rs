//! The steps of a matrix product along its depth: bounds are checked once for all of them, and several are written out one
//! after the other, because a jump and two comparisons a step would take as long as a good part of the arithmetic. Where a row
//! lies is carried from step to step: the compiler keeps several sums of products otherwise, and as many instructions.

use core::marker::PhantomData;

/// Steps that are written out one behind the other.
const AT_ONCE: usize = 4;

/// How some rows of `LEN` scalars lie behind one another: found once for rows in many places.
#[derive(Clone, Copy)]
pub(crate) struct Spacing<const LEN: usize> {
    /// From the beginning of one row to that of the next.
    stride: usize,
    count: usize,
    /// Where the last one ends.
    end: usize,
}

impl<const LEN: usize> Spacing<LEN> {
    /// `count` rows, `stride` apart.
    ///
    /// # Panics
    /// When no memory is so long.
    #[inline(always)]
    pub(crate) fn new(stride: usize, count: usize) -> Self {
        let end = count.checked_sub(1).map_or(Some(0), |last| last.checked_mul(stride)?.checked_add(LEN));
        Self { stride, count, end: end.expect("rows lie in memory") }
    }

    /// The rows, of which the first begins with `data`.
    ///
    /// # Panics
    /// When one of them does not lie in the data.
    #[inline(always)]
    pub(crate) fn rows<T>(self, data: &[T]) -> Rows<'_, T, LEN> {
        assert!(self.end <= data.len(), "a row lies outside");
        Rows { start: data.as_ptr(), stride: self.stride, count: self.count, data: PhantomData }
    }

    /// How many scalars the rows take, from the first on.
    #[inline(always)]
    pub(crate) fn reach(self) -> usize {
        self.end
    }
}

/// Some rows of `LEN` scalars, of which each step takes one; all of them have been found to lie in the data.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a, T, const LEN: usize> {
    /// Where the first one begins.
    start: *const T,
    stride: usize,
    count: usize,
    data: PhantomData<&'a [T]>,
}

impl<'a, T, const LEN: usize> Rows<'a, T, LEN> {
    /// `count` rows, `stride` apart.
    ///
    /// # Panics
    /// When one of them does not lie in the data.
    #[inline(always)]
    pub(crate) fn new(data: &'a [T], stride: usize, count: usize) -> Self {
        Spacing::new(stride, count).rows(data)
    }

    /// `count` rows from `first` on.
    ///
    /// # Panics
    /// When there are fewer.
    #[inline(always)]
    pub(crate) fn part(&self, first: usize, count: usize) -> Self {
        assert!(first <= self.count && count <= self.count - first, "a row is not there");
        // The first of no rows may lie outside: it is not looked at.
        Self { start: self.start.wrapping_add(first * self.stride), count, ..*self }
    }

    /// Calls `visit` with each row and its number.
    #[inline(always)]
    fn for_each(&self, mut visit: impl FnMut(usize, &'a [T; LEN])) {
        // SAFETY: rows are taken from the first on, as many as there are, and each of them lies in the data.
        let at = |row: *const T| unsafe { &*row.cast::<[T; LEN]>() };
        let (mut step, mut row) = (0, self.start);
        for _ in 0..self.count % AT_ONCE {
            visit(step, at(row));
            step += 1;
            row = row.wrapping_add(self.stride);
        }
        for _ in 0..self.count / AT_ONCE {
            visit(step, at(row));
            visit(step + 1, at(row.wrapping_add(self.stride)));
            visit(step + 2, at(row.wrapping_add(2 * self.stride)));
            visit(step + 3, at(row.wrapping_add(3 * self.stride)));
            step += AT_ONCE;
            row = row.wrapping_add(AT_ONCE * self.stride);
        }
    }

    /// # Safety
    /// `row` is less than the count.
    #[inline(always)]
    unsafe fn at(&self, row: usize) -> &'a [T; LEN] {
        // SAFETY: the whole row lies in the data.
        unsafe { &*self.start.wrapping_add(row * self.stride).cast() }
    }
}

/// Where some rows of a matrix begin: found once for many matrices.
#[derive(Clone, Copy)]
pub(crate) struct Starts<const ROWS: usize> {
    starts: [usize; ROWS],
    /// The last of them: none lies behind.
    last: usize,
}

impl<const ROWS: usize> Starts<ROWS> {
    /// Rows that are `stride` apart. Only `count` of them may be there: the last one then stands for those that are not.
    ///
    /// # Panics
    /// When none is there, or no memory is so long.
    #[inline(always)]
    pub(crate) fn new(stride: usize, count: usize) -> Self {
        let last = count.checked_sub(1).expect("there is a row").min(ROWS - 1);
        let end = last.checked_mul(stride).expect("rows lie in memory");
        Self { starts: core::array::from_fn(|row| row.min(last) * stride), last: end }
    }

    /// How many scalars rows take that are `len` long, from the first on.
    ///
    /// # Panics
    /// When no memory is so long.
    #[inline(always)]
    pub(crate) fn reach(&self, len: usize) -> usize {
        self.last.checked_add(len).expect("rows lie in memory")
    }

    /// Rows that begin anywhere.
    #[inline(always)]
    pub(crate) fn at(starts: [usize; ROWS]) -> Self {
        Self { starts, last: starts.into_iter().max().unwrap_or(0) }
    }
}

/// Some columns of rows, in any order.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    columns: &'a [u32],
    /// Behind the last of them.
    end: usize,
}

impl<'a> Columns<'a> {
    /// As they are listed.
    #[inline(always)]
    pub(crate) fn new(columns: &'a [u32]) -> Self {
        Self { columns, end: columns.iter().max().map_or(0, |&last| last as usize + 1) }
    }

    /// How long rows are that have all of them.
    #[inline(always)]
    pub(crate) fn end(&self) -> usize {
        self.end
    }
}

/// `ROWS` rows of a matrix, each `len` scalars long.
#[derive(Clone, Copy)]
pub(crate) struct Lines<'a, T, const ROWS: usize> {
    /// From the first row on.
    data: &'a [T],
    /// Each at most `len` before the end of the data.
    starts: &'a Starts<ROWS>,
    len: usize,
}

impl<'a, T: Copy, const ROWS: usize> Lines<'a, T, ROWS> {
    /// # Panics
    /// When one row is shorter.
    #[inline(always)]
    pub(crate) fn new(data: &'a [T], starts: &'a Starts<ROWS>, len: usize) -> Self {
        assert!(starts.reach(len) <= data.len(), "a row is too short");
        Self { data, starts, len }
    }

    /// The scalar of one row in one column.
    ///
    /// # Safety
    /// `column` is less than the length.
    #[inline(always)]
    unsafe fn at(&self, row: usize, column: usize) -> T {
        // SAFETY: `new` has seen that the row lies in the data.
        unsafe { *self.data.as_ptr().add(self.starts.starts[row] + column) }
    }
}

/// One column of some rows.
#[derive(Clone, Copy)]
pub(crate) struct Column<'a, T, const ROWS: usize> {
    lines: &'a Lines<'a, T, ROWS>,
    column: usize,
}

impl<T: Copy, const ROWS: usize> Column<'_, T, ROWS> {
    /// The scalar of one row.
    #[inline(always)]
    pub(crate) fn at(&self, row: usize) -> T {
        // SAFETY: `for_each_column` and `for_each_of` make columns that all rows have.
        unsafe { self.lines.at(row, self.column) }
    }
}

/// Calls `visit` with each column of `left`, and with a row of `right`.
///
/// # Panics
/// When `right` has fewer rows.
#[inline(always)]
pub(crate) fn for_each_column<T: Copy, const ROWS: usize, const LEN: usize>(
    left: &Lines<'_, T, ROWS>,
    right: Rows<'_, T, LEN>,
    mut visit: impl FnMut(Column<'_, T, ROWS>, &[T; LEN]),
) {
    right.part(0, left.len).for_each(|step, right| visit(Column { lines: left, column: step }, right));
}

/// Calls `visit` with some columns of `left`, each with a row of `right`.
///
/// # Panics
/// When `left` has fewer columns, or `right` fewer rows.
#[inline(always)]
pub(crate) fn for_each_of<T: Copy, const ROWS: usize, const LEN: usize>(
    columns: Columns<'_>,
    left: &Lines<'_, T, ROWS>,
    right: Rows<'_, T, LEN>,
    mut visit: impl FnMut(Column<'_, T, ROWS>, &[T; LEN]),
) {
    assert!(columns.end <= left.len, "a column is not there");
    right.part(0, columns.columns.len()).for_each(|step, right| {
        // SAFETY: there are as many columns as steps.
        let column = unsafe { *columns.columns.get_unchecked(step) };
        visit(Column { lines: left, column: column as usize }, right);
    });
}

/// Calls `visit` with the rows of `left`, each with a row of `right`.
///
/// # Panics
/// When `right` has fewer rows.
#[inline(always)]
pub(crate) fn for_each_row<T, const ROWS: usize, const LEN: usize>(
    left: Rows<'_, T, ROWS>,
    right: Rows<'_, T, LEN>,
    mut visit: impl FnMut(&[T; ROWS], &[T; LEN]),
) {
    // SAFETY: there are as many rows as steps.
    right.part(0, left.count).for_each(|step, right| visit(unsafe { left.at(step) }, right));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;
    use std::vec::Vec;

    #[test]
    fn every_step_is_taken_once() {
        let numbers: Vec<usize> = (0..60).collect();
        for count in 0..=7 {
            let (right, mut seen) = (Rows::<_, 3>::new(&numbers, 5, 8).part(1, 7), Vec::new());
            for_each_column(&Lines::<_, 2>::new(&numbers, &Starts::new(20, 2), count), right, |column, right| {
                seen.push([column.at(0), column.at(1), right[0], right[2]]);
            });
            let expected: Vec<_> = (0..count).map(|step| [step, 20 + step, 5 * step + 5, 5 * step + 7]).collect();
            assert_eq!(seen, expected);
            let mut seen = Vec::new();
            for_each_row(Rows::<_, 4>::new(&numbers, 2, count), right, |left, right| seen.push([left[3], right[0]]));
            let expected: Vec<_> = (0..count).map(|step| [2 * step + 3, 5 * step + 5]).collect();
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn some_columns_in_their_order() {
        let numbers: Vec<usize> = (0..40).collect();
        let starts = Starts::at([3, 20, 11]);
        let lines = Lines::<_, 3>::new(&numbers, &starts, 7);
        let mut seen = Vec::new();
        for_each_of(Columns::new(&[6, 0, 2, 2, 5]), &lines, Rows::<_, 2>::new(&numbers, 4, 5), |column, right| {
            seen.push([column.at(0), column.at(1), column.at(2), right[1]]);
        });
        assert_eq!(seen, [[9, 26, 17, 1], [3, 20, 11, 5], [5, 22, 13, 9], [5, 22, 13, 13], [8, 25, 16, 17]]);
    }

    #[test]
    fn the_last_row_stands_for_those_behind_it() {
        let numbers: Vec<usize> = (0..13).collect();
        let mut seen = Vec::new();
        let starts = Starts::new(10, 2);
        let lines = Lines::<_, 4>::new(&numbers, &starts, 3);
        for_each_column(&lines, Rows::<_, 1>::new(&numbers, 1, 3), |column, _| {
            seen.push(core::array::from_fn::<_, 4, _>(|row| column.at(row)));
        });
        assert_eq!(seen, [[0, 10, 10, 10], [1, 11, 11, 11], [2, 12, 12, 12]]);
    }

    #[test]
    fn nothing_outside_is_reached() {
        let refused = |work: fn(&[u8])| catch_unwind(|| work(&[0; 23])).is_err();
        fn check<const LEN: usize>(_: Rows<'_, u8, LEN>) {}
        assert!(!refused(|data| check(Rows::<u8, 3>::new(data, 5, 5))));
        assert!(refused(|data| check(Rows::<u8, 4>::new(data, 5, 5))));
        assert!(refused(|data| check(Rows::<u8, 3>::new(data, usize::MAX, 3))));
        assert!(!refused(|data| check(Rows::<u8, 3>::new(data, 5, 5).part(2, 3))));
        assert!(refused(|data| check(Rows::<u8, 3>::new(data, 5, 5).part(3, 3))));
        assert!(refused(|data| check(Rows::<u8, 3>::new(data, 5, 5).part(6, 0))));
        assert!(refused(|data| check(Rows::<u8, 3>::new(data, 5, 5).part(2, 2).part(2, 1))));
        assert!(!refused(|data| {
            let _ = Lines::<u8, 3>::new(data, &Starts::new(9, 3), 5);
        }));
        assert!(refused(|data| {
            let _ = Lines::<u8, 3>::new(data, &Starts::new(9, 3), 6);
        }));
        assert!(!refused(|data| {
            let _ = Lines::<u8, 3>::new(data, &Starts::new(9, 2), 14);
        }));
        assert!(refused(|data| {
            let _ = Lines::<u8, 3>::new(data, &Starts::new(9, 0), 1);
        }));
        assert!(refused(|data| {
            let _ = Lines::<u8, 3>::new(data, &Starts::new(usize::MAX, 3), 1);
        }));
        assert!(refused(|data| {
            let starts = Starts::new(0, 1);
            let lines = Lines::<u8, 1>::new(data, &starts, 6);
            for_each_column(&lines, Rows::<u8, 3>::new(data, 5, 5), |_, _| ());
        }));
        let of = |data: &[u8], columns: &[u32], rows: usize| {
            let starts = Starts::at([16, 2]);
            let lines = Lines::<u8, 2>::new(data, &starts, 7);
            for_each_of(Columns::new(columns), &lines, Rows::<u8, 1>::new(data, 1, rows), |_, _| ());
        };
        of(&[0; 23], &[6, 1], 2);
        assert!(catch_unwind(|| of(&[0; 22], &[6, 1], 2)).is_err());
        assert!(catch_unwind(|| of(&[0; 23], &[7, 1], 2)).is_err());
        assert!(catch_unwind(|| of(&[0; 23], &[6, 1], 1)).is_err());
        assert!(refused(|data| for_each_row(
            Rows::<u8, 1>::new(data, 1, 6),
            Rows::<u8, 3>::new(data, 5, 5),
            |_, _| ()
        )));
    }
}
