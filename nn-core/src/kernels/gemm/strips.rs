use super::blocks::Product;
use super::operand::Depth;
use super::pack::pack_columns;
use super::tile::{Finish, Runs, from_columns, from_rows};
use crate::Scalar;
use crate::simd::{Grid, Isa, Kernel, LINE_SLACK, Rows, Spacing, Starts, TilesMut};
use core::ops::Range;

/// Some columns of the right factor, cut into panels.
#[derive(Clone, Copy)]
pub(super) struct Panels<'a, T> {
    pub(super) data: &'a [T],
    /// From one row of a panel to the next: their width, where they are packed.
    pub(super) stride: usize,
    /// The first column.
    pub(super) first: usize,
    /// How many columns there are in all panels.
    pub(super) columns: usize,
}

impl<'a, T> Panels<'a, T> {
    /// The panel that begins some columns behind the first.
    #[inline(always)]
    fn at<const NR: usize>(&self, column: usize, depth: usize) -> Rows<'a, T, NR> {
        let start = if self.stride == NR { column * depth } else { column };
        Rows::new(self.data.get(start..).unwrap_or(&[]), self.stride, depth)
    }

    /// The first few columns, and the others, of panels that are read in place.
    #[inline(always)]
    pub(super) fn split(self, columns: usize) -> [Self; 2] {
        let behind = Self {
            data: self.data.get(columns..).unwrap_or(&[]),
            first: self.first + columns,
            columns: self.columns - columns,
            ..self
        };
        [Self { columns, ..self }, behind]
    }
}

/// Some groups of the left factor, against some panels of the right one.
#[derive(Clone)]
pub(super) struct Strip<'p, T> {
    pub(super) product: &'p Product<'p, T>,
    pub(super) depth: &'p Depth,
    pub(super) panels: Panels<'p, T>,
    pub(super) groups: Range<usize>,
}

impl<T: Scalar> Strip<'_, T> {
    /// Adds one stretch of the product for some rows of each group, of a left factor that has its columns side by side: rows
    /// for tall tiles, for middle ones and for low ones. A panel meets all of them before the next one is fetched.
    #[inline(always)]
    pub(super) fn add_rows<I: Isa, const TALL: usize, const MIDDLE: usize, const LOW: usize, const NR: usize>(
        &self,
        [tall, middle, low]: [Range<usize>; 3],
        c: &mut [T],
    ) {
        for panel in self.panels::<NR>() {
            for group in self.groups.clone() {
                self.add_row_tiles::<I, TALL, NR>(&panel, group, &tall, c);
                self.add_row_tiles::<I, MIDDLE, NR>(&panel, group, &middle, c);
                self.add_row_tiles::<I, LOW, NR>(&panel, group, &low, c);
            }
        }
    }

    #[inline(always)]
    fn add_row_tiles<I: Isa, const MR: usize, const NR: usize>(
        &self,
        panel: &FinishedPanel<'_, T, NR>,
        group: usize,
        rows: &Range<usize>,
        c: &mut [T],
    ) {
        if !rows.is_empty() {
            self.fill::<I, RowTiles, MR, NR>(self.left::<MR>(group, rows), panel, group, rows, c);
        }
    }

    /// The same for some rows of the first group, of a left factor that has its rows side by side, and that is packed for each
    /// tile if `scratch` is there.
    #[inline(always)]
    pub(super) fn add_columns<I: Isa, const MR: usize, const NR: usize>(
        &self,
        rows: Range<usize>,
        c: &mut [T],
        scratch: Option<&mut [T]>,
    ) {
        if rows.is_empty() {
            return;
        }
        let group = self.groups.start;
        let mut left = self.left::<MR>(group, &rows);
        if let Some(scratch) = scratch {
            let depth = self.depth.len();
            I::call::<PackLeft<MR>, _>((left, rows.len(), &mut *scratch));
            let (runs, tile_stride) = (Runs { count: 1, len: depth, stride: 0 }, left_tile(MR, depth));
            left = Left { data: scratch, column_stride: MR, tile_stride, runs, ..left };
        }
        for panel in self.panels::<NR>() {
            self.fill::<I, ColumnTiles, MR, NR>(left, &panel, group, &rows, c);
        }
    }

    /// Some rows of a group of the left factor, as it lies in memory.
    #[inline(always)]
    fn left<const MR: usize>(&self, group: usize, rows: &Range<usize>) -> Left<'_, T> {
        let a = &self.product.a;
        let first = group * a.group_stride + self.depth.offset + rows.start * a.row_stride;
        Left {
            data: a.data.get(first..).unwrap_or(&[]),
            row_stride: a.row_stride,
            column_stride: a.column_stride,
            tile_stride: MR * a.row_stride,
            rows: MR,
            runs: Runs { count: self.depth.runs, len: self.depth.run_len, stride: a.run_stride },
        }
    }

    /// All panels.
    #[inline(always)]
    fn panels<const NR: usize>(&self) -> impl Iterator<Item = FinishedPanel<'_, T, NR>> {
        let Self { product, depth, panels, .. } = self;
        (0..panels.columns).step_by(NR).map(move |column| FinishedPanel {
            panel: panels.at::<NR>(column, depth.len()),
            finish: product.finish::<NR>(depth, panels.first + column),
            first: panels.first + column,
            columns: NR.min(panels.columns - column),
        })
    }

    /// Computes the tiles of some rows of a group and of a panel, by a kernel for whole tiles: those that reach over an edge
    /// are computed beside.
    #[inline(always)]
    fn fill<I: Isa, K, const MR: usize, const NR: usize>(
        &self,
        left: Left<'_, T>,
        panel: &FinishedPanel<'_, T, NR>,
        group: usize,
        rows: &Range<usize>,
        c: &mut [T],
    ) where
        K: for<'t> Kernel<Tiles<'t, T, MR, NR>, Output = ()>,
    {
        let width = self.product.width;
        let c = &mut c[(group * self.product.a.group_len + rows.start) * width + panel.first..];
        let whole = if panel.columns == NR { rows.len() / MR } else { 0 };
        if whole > 0 {
            I::call::<K, _>(Tiles { left, panel, c, width, count: whole });
        }
        let mut first = whole * MR;
        if first == rows.len() {
            return;
        }
        let mut beside = [[[T::zero(); NR]; MR]; BESIDE];
        let beside = beside.as_flattened_mut().as_flattened_mut();
        while first < rows.len() {
            // The last tile may be lower.
            let count = ((rows.len() - first) / MR).clamp(1, BESIDE);
            let size = [(count * MR).min(rows.len() - first), panel.columns];
            let c = &mut c[first * width..];
            if panel.finish.add {
                copy_rows(c, width, beside, NR, size);
            }
            let data = left.data.get(first / MR * left.tile_stride..).unwrap_or(&[]);
            let left = Left { data, rows: MR.min(size[0]), ..left };
            I::call::<K, _>(Tiles { left, panel, c: &mut *beside, width: NR, count });
            copy_rows(beside, NR, c, width, size);
            first += size[0];
        }
    }
}

/// Tiles that are computed at once beside the result.
const BESIDE: usize = 4;

/// A panel, and how its tiles are stored.
#[derive(Clone, Copy)]
struct FinishedPanel<'a, T, const NR: usize> {
    panel: Rows<'a, T, NR>,
    finish: Finish<T, NR>,
    /// Its first column in the product, and how many of its columns are there.
    first: usize,
    columns: usize,
}

/// Scalars from one packed tile of the left factor to the next: a cache line more than it has, because all tiles are written at
/// the same time, and lines that are a power of two apart drive each other out of the cache.
#[inline(always)]
pub(super) const fn left_tile(rows: usize, depth: usize) -> usize {
    rows * depth + LINE_SLACK
}

/// The left factor of a column of tiles.
#[derive(Clone, Copy)]
struct Left<'a, T> {
    data: &'a [T],
    row_stride: usize,
    column_stride: usize,
    /// From one tile to the next.
    tile_stride: usize,
    /// How many rows of a tile are there.
    rows: usize,
    runs: Runs,
}

/// Copies the first rows into tiles of `MR` rows, column by column, with zeros behind the last row.
struct PackLeft<const MR: usize>;

impl<'a, T: Scalar, const MR: usize> Kernel<(Left<'a, T>, usize, &'a mut [T])> for PackLeft<MR> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((Left { data, column_stride, runs, .. }, rows, tiles): (Left<'a, T>, usize, &'a mut [T])) {
        let tile_stride = left_tile(MR, runs.count * runs.len);
        for run in 0..runs.count {
            let to = &mut tiles[run * MR * runs.len..];
            pack_columns::<T, MR>(&data[run * runs.stride..], column_stride, [rows, runs.len], to, tile_stride);
        }
    }
}

/// Copies some rows and columns of a matrix, fewer than 128 columns: in pieces of constant lengths, because a call that finds out
/// how long a row is would take longer than the copy.
#[inline(never)]
fn copy_rows<T: Copy>(from: &[T], from_width: usize, to: &mut [T], to_width: usize, [rows, columns]: [usize; 2]) {
    let mut column = 0;
    macro_rules! pieces {
        ($($len:literal)*) => {$(
            if columns & $len != 0 {
                for row in 0..rows {
                    let from = &from[row * from_width + column..][..$len];
                    to[row * to_width + column..][..$len].copy_from_slice(from);
                }
                column += $len;
            }
        )*};
    }
    pieces! { 64 32 16 8 4 2 1 }
    debug_assert_eq!(column, columns, "fewer than 128 columns");
}

/// A column of whole tiles: `c` begins at its first row and column.
struct Tiles<'a, T, const MR: usize, const NR: usize> {
    left: Left<'a, T>,
    panel: &'a FinishedPanel<'a, T, NR>,
    c: &'a mut [T],
    width: usize,
    count: usize,
}

impl<T: Scalar, const MR: usize, const NR: usize> Tiles<'_, T, MR, NR> {
    /// Calls `add` for each tile, with the sums that it starts with and what gives a run of the left factor from its first row on,
    /// and stores the sums that it returns. The runs of a tile are `reach` long.
    #[inline(always)]
    fn fill<I: Isa>(self, reach: usize, mut add: impl FnMut([[T; NR]; MR], TileRuns<'_, T>) -> [[T; NR]; MR]) {
        let Self { left, panel, c, width, count } = self;
        let grid = match left.runs.count {
            // Without columns nothing is read, and nothing need be there; but there is a result.
            0 => Grid::new(&[], [count, 1], [0, 0], 0),
            runs => Grid::new(left.data, [count, runs], [left.tile_stride, left.runs.stride], reach),
        };
        for (tile, mut c) in TilesMut::new(c, width, count).enumerate() {
            let sums = panel.finish.start::<I, MR>(&mut c);
            panel.finish.store::<I, MR>(add(sums, TileRuns { grid: &grid, tile }), &mut c);
        }
    }
}

/// What a tile reads of the left factor.
struct TileRuns<'a, T> {
    grid: &'a Grid<'a, T>,
    tile: usize,
}

impl<'a, T> TileRuns<'a, T> {
    #[inline(always)]
    fn run(&self, run: usize) -> &'a [T] {
        self.grid.run(self.tile, run)
    }
}

/// Tiles of a left factor that has its columns side by side.
struct RowTiles;

impl<'a, T: Scalar, const MR: usize, const NR: usize> Kernel<Tiles<'a, T, MR, NR>> for RowTiles {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(tiles: Tiles<'a, T, MR, NR>) {
        let Left { row_stride, rows, runs, .. } = tiles.left;
        let starts = Starts::new(row_stride, rows);
        let (reach, panel) = (starts.reach(runs.len), tiles.panel.panel);
        if runs.count == 1 {
            // Code of its own: a loop over runs takes registers that the rows need, though it runs but once.
            let (runs, panel) = (Runs { count: 1, ..runs }, panel.part(0, runs.len));
            tiles.fill::<I>(reach, |sums, a| from_rows::<I, T, MR, NR>(sums, |run| a.run(run), &starts, runs, panel));
        } else {
            tiles.fill::<I>(reach, |sums, a| from_rows::<I, T, MR, NR>(sums, |run| a.run(run), &starts, runs, panel));
        }
    }
}

/// Tiles of a left factor that has its rows side by side.
struct ColumnTiles;

impl<'a, T: Scalar, const MR: usize, const NR: usize> Kernel<Tiles<'a, T, MR, NR>> for ColumnTiles {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(tiles: Tiles<'a, T, MR, NR>) {
        let Left { column_stride, runs, .. } = tiles.left;
        let spacing = Spacing::new(column_stride, runs.len);
        let panel = tiles.panel.panel;
        tiles.fill::<I>(spacing.reach(), |sums, a| {
            from_columns::<I, T, MR, NR>(sums, |run| a.run(run), spacing, runs, panel)
        });
    }
}
