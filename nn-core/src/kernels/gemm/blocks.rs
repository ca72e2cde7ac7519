use super::operand::{Depth, Patches, depths};
use super::pack::{pack_columns, pack_panels};
use super::tile::{Finish, Panel, Runs, from_columns, from_rows};
use super::{Epilogue, Matrix, Store, patch_product};
use crate::Scalar;
use crate::kernels::activate_in_place;
use crate::simd::{Isa, Kernel};
use crate::spec::Activation;
use core::ops::Range;

/// Columns of the left factor that are summed in registers before the sum is added to the result: a panel of the right
/// factor this deep stays in the first-level cache. Sums of sums also lose fewer digits than one long sum.
const DEPTH: usize = 256;
/// Rows of the left factor that meet one panel after the other: this many, `DEPTH` wide, stay in the second-level cache.
const HEIGHT: usize = 144;
/// A part of the right factor of this many bytes is read in place: it stays in the first-level cache, or is read so seldom
/// that a copy would not pay.
const IN_PLACE_BYTES: usize = 16 << 10;

/// A product in progress: what all its tiles have in common.
struct Product<'a, T> {
    a: Patches<'a, T>,
    b: Matrix<'a, T>,
    width: usize,
    epilogue: Epilogue<'a, T>,
    /// What `max` is taken with as the last stretch is stored: zero for Relu.
    floor: Option<T>,
    accumulate: bool,
}

/// `c = activation(c? + a · b + bias)`, tile by tile. Tiles are `NR` wide and `TALL`, `MIDDLE` or `LOW` high; a single row is
/// multiplied in strips `STRIP` wide.
#[inline(always)]
pub(super) fn run<
    I: Isa,
    T: Scalar,
    const TALL: usize,
    const MIDDLE: usize,
    const LOW: usize,
    const NR: usize,
    const STRIP: usize,
>(
    a: Patches<'_, T>,
    b: Matrix<'_, T>,
    width: usize,
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
    scratch: &mut [T],
) {
    let floor = (epilogue.activation == Activation::Relu).then(T::zero);
    let product = Product { a, b, width, epilogue, floor, accumulate: store == Store::Accumulate };
    let least = product.least_scratch::<TALL, MIDDLE, LOW, NR>();
    if least > scratch.len() {
        return match least {
            0..=1024 => with_local_scratch::<T, 1024>(a, b, width, c, store, epilogue),
            1025..=4096 => with_local_scratch::<T, 4096>(a, b, width, c, store, epilogue),
            _ => with_local_scratch::<T, MOST_SCRATCH>(a, b, width, c, store, epilogue),
        };
    }
    for depth in depths(&a, DEPTH) {
        product.for_each_group::<I, NR>(&depth, scratch, |panels, scratch| {
            product.add::<I, TALL, MIDDLE, LOW, NR, STRIP>(&depth, panels, c, scratch);
        });
    }
    if !matches!(epilogue.activation, Activation::Identity | Activation::Relu) {
        activate_in_place(epilogue.activation, &mut c[..a.height() * width]);
    }
}

/// Runs a product whose operands must be packed, but whose caller brought no scratch memory. Not inlined, so that only
/// such products have a large frame.
#[inline(never)]
fn with_local_scratch<T: Scalar, const LEN: usize>(
    a: Patches<'_, T>,
    b: Matrix<'_, T>,
    width: usize,
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
) {
    patch_product(a, b, width, c, store, epilogue, &mut [T::zero(); LEN]);
}

impl<T: Scalar> Product<'_, T> {
    /// Scalars of scratch memory without which the product cannot run: a panel and a tile, where they have to be packed.
    #[inline(always)]
    fn least_scratch<const TALL: usize, const MIDDLE: usize, const LOW: usize, const NR: usize>(&self) -> usize {
        let depth = DEPTH.min(self.a.runs * self.a.run_len);
        let last = self.a.group_len % HEIGHT;
        let has_rest = !cut::<TALL, MIDDLE, LOW>(0..last)[3].is_empty();
        let has_panel = self.b.column_stride != 1 || !self.width.is_multiple_of(NR);
        match self.a.column_stride != 1 && (has_rest || self.packs_left(depth)) {
            // Half of the memory is for the left factor.
            true => 2 * depth * TALL.max(NR),
            false if has_panel => 2 * depth * NR,
            false => 0,
        }
    }

    /// Whether the left factor, that has its rows side by side, is packed: its columns lie on many pages, or in few sets of
    /// the cache.
    #[inline(always)]
    fn packs_left(&self, depth: usize) -> bool {
        self.a.column_stride * size_of::<T>() >= 1024 && depth >= 8 && self.width >= 32
    }

    /// Calls `visit` with some columns of the right factor after the other, and with what is left of the scratch memory. Those that are read in place come first; the panel at the right edge is always packed, so
    /// that all panels are whole.
    #[inline(always)]
    fn for_each_group<I: Isa, const NR: usize>(
        &self,
        depth: &Depth,
        scratch: &mut [T],
        mut visit: impl FnMut(Panels<'_, T>, &mut [T]),
    ) {
        let left = if self.a.column_stride == 1 { 0 } else { (scratch.len() / 2).min(HEIGHT * depth.len()) };
        let reads_in_place = self.reads_in_place(depth) || scratch.len() - left < NR * depth.len();
        let whole = if reads_in_place { self.width / NR * NR } else { 0 };
        if whole > 0 {
            let data = self.b.data.get(depth.first * self.b.row_stride..).unwrap_or(&[]);
            visit(Panels { data, stride: self.b.row_stride, first: 0, columns: whole }, &mut *scratch);
        }
        if whole == self.width {
            return;
        }
        let (left, space) = scratch.split_at_mut(left);
        let group = (space.len() / (NR * depth.len()).max(1)).max(1) * NR;
        for first in (whole..self.width).step_by(group) {
            let columns = group.min(self.width - first);
            pack_panels::<I, T, NR>(self.b, depth.columns(), first..first + columns, space);
            visit(Panels { data: space, stride: NR, first, columns }, left);
        }
    }

    /// Whether the right factor is not packed.
    #[inline(always)]
    fn reads_in_place(&self, depth: &Depth) -> bool {
        let bytes = self.b.row_stride * depth.len() * size_of::<T>();
        self.b.column_stride == 1 && (bytes <= IN_PLACE_BYTES || self.a.height() < 24)
    }

    /// Adds one stretch of a product, for some panels of the right factor, the first of which begins with column `first`.
    #[inline(always)]
    fn add<I: Isa, const TALL: usize, const MIDDLE: usize, const LOW: usize, const NR: usize, const STRIP: usize>(
        &self,
        depth: &Depth,
        panels: Panels<'_, T>,
        c: &mut [T],
        scratch: &mut [T],
    ) {
        let a = &self.a;
        let packs = a.column_stride != 1 && self.packs_left(depth.len());
        let fits = scratch.len() / depth.len().max(1) / TALL * TALL;
        let height = if packs { fits.clamp(TALL, HEIGHT) } else { HEIGHT };
        for group in 0..a.groups {
            for start in (0..a.group_len).step_by(height) {
                let rows = start..(start + height).min(a.group_len);
                let [tall, middle, low, rest] = cut::<TALL, MIDDLE, LOW>(rows);
                let mut strip = Strip { product: self, depth, panels, group, packs };
                strip.add::<I, TALL, NR>(tall, c, scratch);
                strip.add::<I, MIDDLE, NR>(middle, c, scratch);
                strip.add::<I, LOW, NR>(low, c, scratch);
                if rest.len() == 1 && a.column_stride == 1 && panels.stride != NR {
                    let [wide, narrow] = panels.split(panels.columns / STRIP * STRIP);
                    strip.panels = wide;
                    strip.add::<I, 1, STRIP>(rest.clone(), c, scratch);
                    strip.panels = narrow;
                    strip.add::<I, 1, NR>(rest, c, scratch);
                } else {
                    strip.packs = a.column_stride != 1;
                    strip.add::<I, LOW, NR>(rest, c, scratch);
                }
            }
        }
    }

    /// How the tiles of one panel are stored.
    #[inline(always)]
    fn finish<const NR: usize>(&self, depth: &Depth, column: usize) -> Finish<T, NR> {
        let is_last = depth.columns().end == self.a.runs * self.a.run_len;
        let mut bias = [T::zero(); NR];
        if depth.first == 0
            && let Some(values) = self.epilogue.bias.get(column..)
        {
            bias.iter_mut().zip(values).for_each(|(to, &value)| *to = value);
        }
        Finish { add: self.accumulate || depth.first > 0, bias, floor: self.floor.filter(|_| is_last) }
    }
}

/// Some columns of the right factor, cut into panels.
#[derive(Clone, Copy)]
struct Panels<'a, T> {
    data: &'a [T],
    /// From one row of a panel to the next: their width, where they are packed.
    stride: usize,
    /// The first column.
    first: usize,
    /// How many columns there are in all panels.
    columns: usize,
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
    fn split(self, columns: usize) -> [Self; 2] {
        let behind = Self {
            data: self.data.get(columns..).unwrap_or(&[]),
            first: self.first + columns,
            columns: self.columns - columns,
            ..self
        };
        [Self { columns, ..self }, behind]
    }
}

/// Some rows of one group, against some panels.
struct Strip<'p, T> {
    product: &'p Product<'p, T>,
    depth: &'p Depth,
    panels: Panels<'p, T>,
    group: usize,
    packs: bool,
}

impl<T: Scalar> Strip<'_, T> {
    /// Adds one stretch of the product for some rows of the group, in tiles.
    #[inline(always)]
    fn add<I: Isa, const MR: usize, const NR: usize>(&self, rows: Range<usize>, c: &mut [T], scratch: &mut [T]) {
        if rows.is_empty() {
            return;
        }
        let Self { product, depth, panels, .. } = *self;
        let Product { a, width, .. } = *product;
        let first = self.group * a.group_stride + depth.offset + rows.start * a.row_stride;
        let mut left = Left {
            data: a.data.get(first..).unwrap_or(&[]),
            row_stride: a.row_stride,
            column_stride: a.column_stride,
            tile_stride: MR * a.row_stride,
            runs: Runs { count: depth.runs, len: depth.run_len, stride: a.run_stride },
        };
        if self.packs {
            for (tile, row) in rows.clone().step_by(MR).enumerate() {
                let space = &mut scratch[tile * MR * depth.len()..][..MR * depth.len()];
                left.pack::<MR>(row - rows.start, MR.min(rows.end - row), space);
            }
            let runs = Runs { count: 1, len: depth.len(), stride: 0 };
            left = Left { data: scratch, column_stride: MR, tile_stride: MR * depth.len(), runs, ..left };
        }
        let row = self.group * a.group_len + rows.start;
        for column in (0..panels.columns).step_by(NR) {
            let finish = product.finish::<NR>(depth, panels.first + column);
            let c = &mut c[row * width + panels.first + column..];
            let columns = NR.min(panels.columns - column);
            let place = Place { c, width, rows: rows.len(), columns, finish: &finish };
            let panel = panels.at::<NR>(column, depth.len());
            if a.column_stride == 1 {
                I::call::<RowTiles<MR, NR>, _>((left, panel, place));
            } else {
                I::call::<ColumnTiles<MR, NR>, _>((left, panel, place));
            }
        }
    }
}

/// Cuts rows into those of tall, middle and low tiles, and a few that are left over: fewer than a tall tile.
#[inline(always)]
pub(super) fn cut<const TALL: usize, const MIDDLE: usize, const LOW: usize>(rows: Range<usize>) -> [Range<usize>; 4] {
    let count = rows.len();
    let mut heights = [count / TALL * TALL, 0, 0];
    if heights[0] < count {
        // As few of the smaller tiles as can be.
        'search: for smaller in 1..4 {
            for middles in 0..=smaller {
                let [middle, low] = [middles * MIDDLE, (smaller - middles) * LOW];
                if middle + low <= count && (count - middle - low).is_multiple_of(TALL) {
                    heights = [count - middle - low, middle, low];
                    break 'search;
                }
            }
        }
    }
    let [tall, middle, low] = heights;
    let ends = [tall, tall + middle, tall + middle + low].map(|end| rows.start + end);
    [rows.start..ends[0], ends[0]..ends[1], ends[1]..ends[2], ends[2]..rows.end]
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

impl<T: Scalar> Left<'_, T> {
    /// Copies `count` rows from some row on, column by column, `MR` apart with zeros behind.
    #[inline(always)]
    fn pack<const MR: usize>(&self, row: usize, count: usize, tile: &mut [T]) {
        for (run, tile) in tile.chunks_exact_mut((MR * self.runs.len).max(1)).enumerate() {
            pack_columns::<T, MR>(&self.data[row + run * self.runs.stride..], self.column_stride, count, tile);
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
    fn fill<const MR: usize>(self, mut tile: impl FnMut(usize, usize, [[T; NR]; MR]) -> [[T; NR]; MR]) {
        let Self { c, width, rows, columns, finish } = self;
        let mut beside = [[T::zero(); NR]; MR];
        for (index, row) in (0..rows).step_by(MR).enumerate() {
            let count = MR.min(rows - row);
            let c = &mut c[row * width..];
            // A tile that is not whole is computed beside, so that the sums always go from registers to constant places.
            let is_whole = count == MR && columns == NR;
            if !is_whole {
                copy_rows(c, width, beside.as_flattened_mut(), NR, [count, columns]);
            }
            let (to, stride) = if is_whole { (&mut *c, width) } else { (beside.as_flattened_mut(), NR) };
            finish.store(tile(index, count, finish.start(to, stride)), to, stride);
            if !is_whole {
                copy_rows(beside.as_flattened(), NR, c, width, [count, columns]);
            }
        }
    }
}

/// Copies some rows and columns of a matrix.
#[inline(always)]
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
        place.fill::<MR>(|index, count, sums| {
            let data = a.data.get(index * a.tile_stride..).unwrap_or(&[]);
            from_rows::<I, T, MR, NR>(sums, data, [count, a.row_stride], a.runs, panel)
        });
    }
}

impl<'a, T: Scalar, const MR: usize, const NR: usize> Kernel<Tiles<'a, T, NR>> for ColumnTiles<MR, NR> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((a, panel, place): Tiles<'a, T, NR>) {
        place.fill::<MR>(|index, _, sums| {
            let data = a.data.get(index * a.tile_stride..).unwrap_or(&[]);
            from_columns::<I, T, MR, NR>(sums, data, a.column_stride, a.runs, panel)
        });
    }
}

/// Scalars of scratch memory with which a product whose right factor has so many rows and columns runs as fast as it can.
pub(super) const fn scratch(depth: usize, width: usize) -> usize {
    let depth = if depth < DEPTH { depth } else { DEPTH };
    let both = depth * (width.next_multiple_of(LARGEST_TILE[1]) + HEIGHT);
    if both < ENOUGH { both } else { ENOUGH }
}

/// Rows and columns of the largest tile of any instruction set.
const LARGEST_TILE: [usize; 2] = [12, 32];
/// With so many scalars, what is packed at once is read often enough to make up for the copy, and stays in the second-level
/// cache.
const ENOUGH: usize = 1 << 15;
/// The most that a product cannot do without.
pub(super) const MOST_SCRATCH: usize = DEPTH * (LARGEST_TILE[0] + LARGEST_TILE[1]);
