use super::blocks::Product;
use super::operand::Depth;
use super::pack::pack_columns;
use super::tile::{Finish, Panel, Runs, from_columns, from_rows};
use crate::Scalar;
use crate::simd::{Isa, Kernel, LINE_SLACK, RowMut, Starts};
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
    fn at<const NR: usize>(&self, column: usize, depth: usize) -> Panel<'a, T> {
        let start = if self.stride == NR { column * depth } else { column };
        Panel { data: self.data.get(start..).unwrap_or(&[]), stride: self.stride }
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
            let tiles = (self.left::<MR>(group, rows), panel.panel, self.place(panel, group, rows, c));
            I::call::<RowTiles<MR, NR>, _>(tiles);
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
            I::call::<ColumnTiles<MR, NR>, _>((left, panel.panel, self.place(&panel, group, &rows, c)));
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

    /// Where the tiles of some rows of a group and of a panel are stored.
    #[inline(always)]
    fn place<'c, const NR: usize>(
        &self,
        panel: &'c FinishedPanel<'_, T, NR>,
        group: usize,
        rows: &Range<usize>,
        c: &'c mut [T],
    ) -> Place<'c, T, NR> {
        let width = self.product.width;
        let first = (group * self.product.a.group_len + rows.start) * width + panel.first;
        Place { c: &mut c[first..], width, rows: rows.len(), columns: panel.columns, finish: &panel.finish }
    }
}

/// A panel, and how its tiles are stored.
struct FinishedPanel<'a, T, const NR: usize> {
    panel: Panel<'a, T>,
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

/// Where a column of tiles is stored: `c` begins at its first row and column.
struct Place<'a, T, const NR: usize> {
    c: &'a mut [T],
    width: usize,
    rows: usize,
    columns: usize,
    finish: &'a Finish<T, NR>,
}

impl<T: Scalar, const NR: usize> Place<'_, T, NR> {
    /// Calls `tile` for each tile with its number, the number of its rows, and the sums that it starts with; stores the sums
    /// that it gives.
    #[inline(always)]
    fn fill<I: Isa, const MR: usize>(self, mut tile: impl FnMut(usize, usize, [[T; NR]; MR]) -> [[T; NR]; MR]) {
        let Self { c, width, rows, columns, finish } = self;
        let mut beside = None;
        for (index, row) in (0..rows).step_by(MR).enumerate() {
            let count = MR.min(rows - row);
            let c = &mut c[row * width..];
            // A tile that is not whole is computed beside, so that the sums always go from registers to constant places.
            let is_whole = count == MR && columns == NR;
            let (to, stride) = if is_whole {
                (&mut *c, width)
            } else {
                let beside = beside.insert([[T::zero(); NR]; MR]).as_flattened_mut();
                copy_rows(c, width, beside, NR, [count, columns]);
                (beside, NR)
            };
            let mut to = RowMut::new(to, stride, NR);
            finish.store::<I, MR>(tile(index, count, finish.start::<I, MR>(&mut to)), &mut to);
            if let Some(beside) = beside.as_ref().filter(|_| !is_whole) {
                copy_rows(beside.as_flattened(), NR, c, width, [count, columns]);
            }
        }
    }
}

/// Copies some rows and columns of a matrix.
#[inline(never)]
fn copy_rows<T: Scalar>(from: &[T], from_width: usize, to: &mut [T], to_width: usize, [rows, columns]: [usize; 2]) {
    for row in 0..rows {
        to[row * to_width..][..columns].copy_from_slice(&from[row * from_width..][..columns]);
    }
}

/// Tiles of a left factor that has its columns side by side.
struct RowTiles<const MR: usize, const NR: usize>;

/// Tiles of a left factor that has its rows side by side.
struct ColumnTiles<const MR: usize, const NR: usize>;

type Tiles<'a, T, const NR: usize> = (Left<'a, T>, Panel<'a, T>, Place<'a, T, NR>);

impl<'a, T: Scalar, const MR: usize, const NR: usize> Kernel<Tiles<'a, T, NR>> for RowTiles<MR, NR> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((a, panel, place): Tiles<'a, T, NR>) {
        let starts = [Starts::new(a.row_stride, MR), Starts::new(a.row_stride, (place.rows - 1) % MR + 1)];
        place.fill::<I, MR>(|index, count, sums| {
            let data = a.data.get(index * a.tile_stride..).unwrap_or(&[]);
            let starts = &starts[usize::from(count < MR)];
            from_rows::<I, T, MR, NR>(sums, data, starts, a.runs, panel)
        });
    }
}

impl<'a, T: Scalar, const MR: usize, const NR: usize> Kernel<Tiles<'a, T, NR>> for ColumnTiles<MR, NR> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((a, panel, place): Tiles<'a, T, NR>) {
        place.fill::<I, MR>(|index, _, sums| {
            let data = a.data.get(index * a.tile_stride..).unwrap_or(&[]);
            from_columns::<I, T, MR, NR>(sums, data, a.column_stride, a.runs, panel)
        });
    }
}
