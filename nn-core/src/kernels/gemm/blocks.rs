use super::operand::{Depth, Patches, depths};
use super::pack::{pack_panels, pack_tile};
use super::tile::{Finish, Panel, Panels, from_columns, from_rows};
use super::{Epilogue, Matrix, Store};
use crate::Scalar;
use crate::kernels::activate_in_place;
use crate::simd::{Isa, Kernel};
use crate::spec::Activation;
use core::ops::Range;

/// Columns of the left factor that are summed in registers before the sum is added to the result: a panel of the right
/// factor this deep stays in the first-level cache. Sums of sums also lose fewer digits than one long sum.
const DEPTH: usize = 256;
/// Rows of the left factor that meet one panel after the other: this many, `DEPTH` wide, stay in the second-level cache.
const HEIGHT: usize = 240;

/// A product in progress: what all its tiles have in common.
struct Product<'a, T> {
    a: Patches<'a, T>,
    b: Matrix<'a, T>,
    width: usize,
    epilogue: Epilogue<'a, T>,
    /// What `max` is taken with as the last stretch is stored: zero for Relu, else nothing at all.
    floor: T,
    accumulate: bool,
}

/// `c = activation(c? + a · b + bias)`, tile by tile.
#[inline(always)]
pub(super) fn run<I: Isa, T: Scalar, const MR: usize, const NR: usize, const STRIP: usize>(
    a: Patches<'_, T>,
    b: Matrix<'_, T>,
    width: usize,
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
    scratch: &mut [T],
) {
    let floor = if epilogue.activation == Activation::Relu { T::zero() } else { T::neg_infinity() };
    let product = Product { a, b, width, epilogue, floor, accumulate: store == Store::Accumulate };
    for depth in depths(&a, DEPTH) {
        if a.column_stride == 1 {
            product.add_rows::<I, MR, NR, STRIP>(&depth, c, scratch);
        } else {
            product.add_columns::<I, MR, NR>(&depth, c, scratch);
        }
    }
}

impl<T: Scalar> Product<'_, T> {
    /// Adds one stretch of a product whose left factor has its columns side by side.
    #[inline(always)]
    fn add_rows<I: Isa, const MR: usize, const NR: usize, const STRIP: usize>(
        &self,
        depth: &Depth,
        c: &mut [T],
        scratch: &mut [T],
    ) {
        let height = self.a.height();
        // A few rows behind the last whole tile go one by one, each against a wide strip of the right factor.
        let rest = height % MR;
        let tiled = if 3 * rest <= MR && self.b.column_stride == 1 { height - rest } else { height };
        for first in (0..height).step_by(HEIGHT) {
            let rows = first..(first + HEIGHT).min(tiled);
            self.tiles_of_rows::<I, MR, NR>(depth, rows, c, scratch);
            if first + HEIGHT >= height && self.width > NR {
                self.tiles_of_rows::<I, 1, STRIP>(depth, tiled..height, c, &mut []);
            } else if first + HEIGHT >= height {
                self.tiles_of_rows::<I, 1, NR>(depth, tiled..height, c, &mut []);
            }
            self.activate(depth, first..(first + HEIGHT).min(height), c);
        }
    }

    #[inline(always)]
    fn tiles_of_rows<I: Isa, const MR: usize, const NR: usize>(
        &self,
        depth: &Depth,
        rows: Range<usize>,
        c: &mut [T],
        scratch: &mut [T],
    ) {
        if rows.is_empty() {
            return;
        }
        let group = self.group::<NR>(depth, rows.len() >= 8 * MR, scratch.len());
        for first in (0..self.width).step_by(group.unwrap_or(self.width)) {
            let panels = self.panels::<NR>(depth, first, group, scratch);
            for column in (first..(first + panels.columns)).step_by(NR) {
                let panel = panels.at::<NR>(column - first);
                let finish = self.finish::<NR>(depth, column);
                let block = Block { rows: rows.clone(), width: self.width, column };
                I::call::<RowTiles<MR, NR>, _>((self.a, (*depth, panel, &finish, block, &mut *c)));
            }
        }
    }

    /// Adds one stretch of a product whose left factor has its rows side by side.
    #[inline(always)]
    fn add_columns<I: Isa, const MR: usize, const NR: usize>(&self, depth: &Depth, c: &mut [T], scratch: &mut [T]) {
        let (panel_space, tile_space) = scratch.split_at_mut(scratch.len().min(NR * depth.len()));
        let far_apart = self.a.column_stride * size_of::<T>() >= 1024 && self.width > NR;
        let packs = self.a.group_len < MR || (far_apart && tile_space.len() >= MR * depth.len());
        let height = if packs { (tile_space.len() / depth.len().max(1)).min(HEIGHT) / MR * MR } else { HEIGHT };
        for group in 0..self.a.groups {
            for first in (0..self.a.group_len).step_by(height.max(MR)) {
                let rows = first..(first + height).min(self.a.group_len);
                let tiles = Tiles { group, rows, packs };
                self.tiles_of_columns::<I, MR, NR>(depth, &tiles, c, panel_space, tile_space);
                let before = group * self.a.group_len;
                self.activate(depth, before + tiles.rows.start..before + tiles.rows.end, c);
            }
        }
    }

    #[inline(always)]
    fn tiles_of_columns<I: Isa, const MR: usize, const NR: usize>(
        &self,
        depth: &Depth,
        tiles: &Tiles,
        c: &mut [T],
        panel_space: &mut [T],
        tile_space: &mut [T],
    ) {
        let base = tiles.group * self.a.group_stride;
        let before = tiles.group * self.a.group_len;
        let rows = tiles.rows.clone();
        if tiles.packs {
            for (index, row) in rows.clone().step_by(MR).enumerate() {
                let space = &mut tile_space[index * MR * depth.len()..];
                pack_tile::<T, MR>(&self.a, base + row, MR.min(rows.end - row), depth, space);
            }
        }
        let packed = Patches { data: &*tile_space, column_stride: MR, ..self.a };
        let packed_depth = Depth { offset: 0, runs: 1, run_len: depth.len(), ..*depth };
        let group = self.group::<NR>(depth, rows.len() >= 8 * MR, panel_space.len());
        for first in (0..self.width).step_by(group.unwrap_or(self.width)) {
            let panels = self.panels::<NR>(depth, first, group, panel_space);
            for column in (first..(first + panels.columns)).step_by(NR) {
                let panel = panels.at::<NR>(column - first);
                let finish = self.finish::<NR>(depth, column);
                let block = Block { rows: rows.clone(), width: self.width, column };
                let c = &mut c[before * self.width..];
                if tiles.packs {
                    I::call::<PackedTiles<MR, NR>, _>((packed, (packed_depth, panel, &finish, block, c)));
                } else {
                    I::call::<ColumnTiles<MR, NR>, _>((self.a, base, (*depth, panel, &finish, block, c)));
                }
            }
        }
    }

    /// How many columns of the right factor are packed at once; none where it is read in place, because its rows lie close
    /// together, or would not be read often enough.
    #[inline(always)]
    fn group<const NR: usize>(&self, depth: &Depth, often: bool, scratch: usize) -> Option<usize> {
        let far_apart = self.b.row_stride * size_of::<T>() >= 256 && depth.len() >= 32;
        let panels = scratch / (NR * depth.len()).max(1);
        let packs = self.b.column_stride != 1 || (far_apart && often && panels > 0);
        packs.then_some(panels.max(1) * NR)
    }

    /// The panels of a group of columns from `first` on.
    #[inline(always)]
    fn panels<'s, const NR: usize>(
        &'s self,
        depth: &Depth,
        first: usize,
        group: Option<usize>,
        scratch: &'s mut [T],
    ) -> Panels<'s, T> {
        let rest = self.width - first;
        let Some(group) = group else {
            let data = self.b.data.get(depth.first * self.b.row_stride + first..).unwrap_or(&[]);
            return Panels { data, stride: self.b.row_stride, step: NR, columns: rest };
        };
        let columns = group.min(rest);
        pack_panels::<T, NR>(self.b, depth.columns(), first..first + columns, scratch);
        Panels { data: scratch, stride: NR, step: NR * depth.len(), columns }
    }

    /// How the tiles of one panel are stored.
    #[inline(always)]
    fn finish<const NR: usize>(&self, depth: &Depth, column: usize) -> Finish<T, NR> {
        let mut finish =
            Finish { add: self.accumulate || depth.first > 0, bias: [T::zero(); NR], floor: T::neg_infinity() };
        if self.is_last(depth) {
            finish.floor = self.floor;
            if let Some(bias) = self.epilogue.bias.get(column..) {
                finish.bias.iter_mut().zip(bias).for_each(|(to, &bias)| *to = bias);
            }
        }
        finish
    }

    #[inline(always)]
    fn is_last(&self, depth: &Depth) -> bool {
        depth.columns().end == self.a.runs * self.a.run_len
    }

    /// Applies what tiles do not apply as they are stored, to rows that are complete.
    #[inline(always)]
    fn activate(&self, depth: &Depth, rows: Range<usize>, c: &mut [T]) {
        if self.is_last(depth) && !matches!(self.epilogue.activation, Activation::Identity | Activation::Relu) {
            activate_in_place(self.epilogue.activation, &mut c[rows.start * self.width..rows.end * self.width]);
        }
    }
}

/// Where a column of tiles is stored.
struct Block {
    rows: Range<usize>,
    width: usize,
    column: usize,
}

impl Block {
    /// Calls `tile` with the number and the first row of each tile, and stores what it gives: the sums, and how many of
    /// their rows are left out in front.
    #[inline(always)]
    fn fill<T: Scalar, const MR: usize, const NR: usize>(
        &self,
        finish: &Finish<T, NR>,
        c: &mut [T],
        mut tile: impl FnMut(usize, usize, usize) -> ([[T; NR]; MR], usize),
    ) {
        let columns = NR.min(self.width - self.column);
        let mut row = self.rows.start;
        while row < self.rows.end {
            let count = MR.min(self.rows.end - row);
            let (sums, skip) = tile((row - self.rows.start) / MR, row, count);
            finish.store(&sums, [skip, count], &mut c[row * self.width + self.column..], self.width, columns);
            row += MR;
        }
    }
}

/// Tiles that read the rows of the left factor in place.
struct RowTiles<const MR: usize, const NR: usize>;

type Place<'a, T, const NR: usize> = (Depth, Panel<'a, T>, &'a Finish<T, NR>, Block, &'a mut [T]);

impl<'a, T: Scalar, const MR: usize, const NR: usize> Kernel<(Patches<'a, T>, Place<'a, T, NR>)> for RowTiles<MR, NR> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((a, (depth, panel, finish, block, c)): (Patches<'a, T>, Place<'a, T, NR>)) {
        let mut cursor = a.cursor(block.rows.start);
        block.fill(finish, c, |_, _, count| {
            (from_rows::<I, T, MR, NR>(&a, &cursor.starts(&a, count), &depth, panel), 0)
        });
    }
}

/// Tiles that read the columns of the left factor in place, from the beginning of a group on.
struct ColumnTiles<const MR: usize, const NR: usize>;

impl<'a, T: Scalar, const MR: usize, const NR: usize> Kernel<(Patches<'a, T>, usize, Place<'a, T, NR>)>
    for ColumnTiles<MR, NR>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((a, base, (depth, panel, finish, block, c)): (Patches<'a, T>, usize, Place<'a, T, NR>)) {
        block.fill(finish, c, |_, row, _| {
            // The last tile is moved back to end with its group: it computes some rows twice, and stores the rest.
            let skip = (row + MR).saturating_sub(a.group_len);
            (from_columns::<I, T, MR, NR>(&a, base + row - skip, &depth, panel), skip)
        });
    }
}

/// Tiles whose part of the left factor is packed.
struct PackedTiles<const MR: usize, const NR: usize>;

impl<'a, T: Scalar, const MR: usize, const NR: usize> Kernel<(Patches<'a, T>, Place<'a, T, NR>)>
    for PackedTiles<MR, NR>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((a, (depth, panel, finish, block, c)): (Patches<'a, T>, Place<'a, T, NR>)) {
        block.fill(finish, c, |index, _, _| {
            let start = index * MR * depth.len();
            (from_columns::<I, T, MR, NR>(&a, start, &depth, panel), 0)
        });
    }
}

/// Some rows of one group.
struct Tiles {
    group: usize,
    rows: Range<usize>,
    packs: bool,
}

/// Rows and columns of the largest tile of any instruction set.
const LARGEST_TILE: [usize; 2] = [12, 32];
/// The most that [`least_scratch`] can be.
pub(super) const MOST_SCRATCH: usize = DEPTH * (LARGEST_TILE[0] + LARGEST_TILE[1]);

/// Scalars of scratch memory without which a product cannot run: a panel and a tile, where they have to be packed.
#[inline(always)]
pub(super) fn least_scratch<T>(a: &Patches<'_, T>, b: &Matrix<'_, T>) -> usize {
    let depth = DEPTH.min(a.runs * a.run_len);
    let tile = a.column_stride != 1 && a.group_len < LARGEST_TILE[0];
    match (tile, b.column_stride == 1) {
        (false, true) => 0,
        (false, false) => depth * LARGEST_TILE[1],
        (true, _) => depth * (LARGEST_TILE[0] + LARGEST_TILE[1]),
    }
}
