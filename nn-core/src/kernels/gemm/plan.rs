//! How a product is cut: how deep its stretches are, which factors are packed and how much of them at once, and how high
//! the blocks of rows are. All of it follows from sizes and caches; results depend on the depth alone.

use super::blocks::Product;
use super::operand::{Depth, Patches};
use super::strips::left_tile;
use super::{Matrix, Right};
use crate::Scalar;
use crate::simd::{CACHE_LINE, Isa, LINE_SLACK, begin_at_lines};
use core::ops::Range;

/// The most columns of the left factor that are summed in registers before the sum is added to the result. Sums of sums also
/// lose fewer digits than one long sum.
const DEPTH: usize = 256;
/// A panel of the right factor takes at most so many bytes: what the first-level cache has left beside the rows of a tile.
const PANEL_BYTES: usize = 24 << 10;
/// The same where the left factor has its rows side by side: each column of a tile is on a cache line of its own then.
const PANEL_BYTES_BESIDE_COLUMNS: usize = 16 << 10;
/// A panel whose rows take four registers, as wide as a cache line each, gives every load the time of 24 products: it may
/// come from the second-level cache, and can be deeper than the first one.
const WIDE_PANEL: usize = 64;
const WIDE_DEPTH: usize = 512;

/// The columns of the left factor that are summed in registers, where panels are `NR` wide.
pub(super) const fn deepest<T, const NR: usize>(beside: Beside) -> usize {
    if NR == WIDE_PANEL {
        return if matches!(beside, Beside::Columns) { DEPTH } else { WIDE_DEPTH };
    }
    let most = if matches!(beside, Beside::Rows) { PANEL_BYTES } else { PANEL_BYTES_BESIDE_COLUMNS };
    let fits = most / (NR * size_of::<T>());
    if fits < DEPTH { fits } else { DEPTH }
}

/// What the left factor has side by side.
#[derive(Clone, Copy)]
pub(super) enum Beside {
    /// The columns of a row; or the right factor has been packed for that.
    Rows,
    /// The rows of a column.
    Columns,
    /// The same in several runs, as the patches of a convolution: what is read twice is in the second-level cache anyway.
    Runs,
}

/// Whether so many columns nearly fill panels that are `WIDE_PANEL` wide.
pub(super) const fn fill_wide_panels(width: usize) -> bool {
    width.next_multiple_of(WIDE_PANEL) - width <= width / 16
}

/// The columns of all panels of a right factor, whatever the instruction set.
pub(super) const fn packed_width(width: usize) -> usize {
    width.next_multiple_of(if fill_wide_panels(width) { WIDE_PANEL } else { WIDE_PANEL / 2 })
}

/// Scalars of the left factor that meet one panel after the other: they stay in the second-level cache.
const BLOCK: usize = 144 * 256;
/// The most rows of them.
pub(super) const HEIGHT: usize = 144;
/// So many columns of the left factor may lie on pages of their own: a processor knows where some 64 pages are.
const AT_HAND: usize = 64;
/// Bytes of a row that are worth a jump to it.
const PIECE: usize = 256;
/// Bytes of a page of memory.
const PAGE: usize = 4096;
/// So few rows read a right factor of any size in place.
const FEW: usize = 23;
/// A part of the right factor of this many bytes is read in place: it stays in the first-level cache, or is read so seldom
/// that a copy would not pay.
const IN_PLACE_BYTES: usize = 16 << 10;
/// Of so few columns a tile of many sums costs a good part of its time beside its products: a processor of the Zen family takes
/// in no other instruction while more than about eight stores wait for the sums of one step. Two rows of four registers each
/// have no more than that, and need no more instructions for a product than others.
const SHALLOW: usize = 96;
/// The columns of the right factor that a pair of rows meets at once.
pub(super) const WIDE_PAIR: usize = 32;
/// What a usual first-level cache holds.
pub(super) const FIRST_CACHE_BYTES: usize = 32 << 10;
/// A right factor of this size stays in a usual second-level cache.
const SECOND_CACHE_BYTES: usize = 1 << 19;

impl<T: Scalar> Product<'_, T> {
    /// The columns of the left factor that are summed in registers; a packed right factor has been cut for rows.
    #[inline(always)]
    pub(super) fn deepest<const NR: usize>(&self) -> usize {
        let beside = if self.a.column_stride == 1 || !self.b.packed.is_empty() {
            Beside::Rows
        } else if self.a.runs > 1 {
            Beside::Runs
        } else {
            Beside::Columns
        };
        // Sums that stay in the second-level cache are soon added to once more.
        let is_small = self.a.height() * self.width * size_of::<T>() < 1 << 19;
        let is_short = matches!(beside, Beside::Columns) && is_small && self.is_far() && self.width <= 2 * NR;
        let deepest = deepest::<T, NR>(beside);
        if is_short { deepest.min(AT_HAND) } else { deepest }
    }

    /// Scalars of scratch memory without which the product cannot run: for a panel and tiles of the left factor, where one of
    /// them has to be packed.
    #[inline(always)]
    pub(super) fn least_scratch<const TALL: usize, const MIDDLE: usize, const LOW: usize, const NR: usize>(
        &self,
    ) -> usize {
        let depth = self.deepest::<NR>().min(self.a.runs * self.a.run_len);
        let has_rest = || {
            let first_group = Patches { groups: 1, ..self.a };
            blocks(&first_group, HEIGHT, false).any(|block| !cut::<TALL, MIDDLE, LOW>(block.rows)[3].is_empty())
        };
        let b = &self.b.matrix;
        let has_panel = self.b.packed.is_empty() && (b.column_stride != 1 || !self.width.is_multiple_of(NR));
        let has_left = self.a.column_stride != 1 && (self.packs_left::<NR>(depth) || has_rest());
        if has_left || has_panel { least_scratch::<TALL, NR>(depth, self.a.column_stride == 1) } else { 0 }
    }

    /// Whether the left factor, that has its rows side by side, is packed: its columns lie on many pages, or in few sets of
    /// the cache. What at most two panels meet, while those pages are at hand, would not make up for the copy.
    #[inline(always)]
    pub(super) fn packs_left<const NR: usize>(&self, depth: usize) -> bool {
        self.is_far() && depth >= 8 && self.width >= 32 && (depth > AT_HAND || self.width > 2 * NR)
    }

    /// Whether the left factor has its rows side by side, and its columns far from one another.
    #[inline(always)]
    fn is_far(&self) -> bool {
        self.a.column_stride * size_of::<T>() >= 1024
    }

    /// How many panels are packed before the left factor meets them, of which some fit into the memory. Many save walks over
    /// the left factor; where that is small, the next panel is better still in the cache when it is met. Rows that lie on
    /// pages of their own are read quicker in long pieces.
    #[inline(always)]
    pub(super) fn panels_at_once<const NR: usize>(&self, depth: &Depth, fit: usize) -> usize {
        let Matrix { row_stride, column_stride, .. } = self.b.matrix;
        let is_low = self.a.column_stride == 1 && self.a.height() <= BLOCK / depth.len().max(1);
        let piece = match is_low && column_stride == 1 {
            true if row_stride * size_of::<T>() > PAGE => PAGE / 4,
            true => PIECE,
            false => usize::MAX,
        };
        let most = if is_low && column_stride != 1 { 1 } else { (piece / (NR * size_of::<T>())).max(1) };
        fit.clamp(1, most)
    }

    /// Whether so few rows meet the right factor that a copy of it would not pay. Registers of half a cache line read it from
    /// the second-level cache as fast as they multiply, as long as it stays there.
    #[inline(always)]
    fn is_low<I: Isa>(&self) -> bool {
        let bytes = self.b.matrix.row_stride * self.a.runs * self.a.run_len * size_of::<T>();
        let stays = I::VECTOR_BYTES < CACHE_LINE && self.a.column_stride == 1 && bytes <= SECOND_CACHE_BYTES;
        self.a.height() <= if stays { 128 } else { FEW }
    }

    /// Whether the right factor is not packed.
    #[inline(always)]
    pub(super) fn reads_in_place<I: Isa, const NR: usize>(&self, depth: &Depth) -> bool {
        let Matrix { data, row_stride, column_stride } = self.b.matrix;
        // Registers as wide as a cache line are read across the border of two lines every time.
        let is_quick = I::VECTOR_BYTES < CACHE_LINE || begin_at_lines(data, row_stride);
        let bytes = row_stride * depth.len() * size_of::<T>();
        let is_small = if NR == WIDE_PANEL {
            // Every other four lines, and columns that lie far from one another, drive each other out of the first-level
            // cache.
            let most = if self.is_far() && !self.packs_left::<NR>(depth.len()) { NR } else { 2 * NR };
            row_stride <= most || self.a.height() < 48 && bytes <= 16 * IN_PLACE_BYTES
        } else {
            bytes <= IN_PLACE_BYTES
        };
        column_stride == 1 && (is_small && is_quick || self.is_low::<I>())
    }

    /// Whether a small right factor, read in place, is met by pairs of rows.
    #[inline(always)]
    pub(super) fn takes_pairs<I: Isa>(&self, depth: &Depth) -> bool {
        let fill_registers = const { I::REGISTERS == 16 && WIDE_PAIR * size_of::<T>() == 4 * I::VECTOR_BYTES };
        let Right { matrix: Matrix { row_stride, column_stride, .. }, packed } = self.b;
        let bytes = row_stride * depth.len() * size_of::<T>();
        fill_registers && packed.is_empty() && column_stride == 1 && depth.len() <= SHALLOW && bytes <= IN_PLACE_BYTES
    }
}

/// The rows of a block for a stretch of columns.
#[inline(always)]
pub(super) fn height(depth: &Depth) -> usize {
    HEIGHT.min(BLOCK / depth.len().max(1))
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

/// The same rows of some groups of the left factor.
pub(super) struct Block {
    pub(super) groups: Range<usize>,
    pub(super) rows: Range<usize>,
}

/// All rows of the left factor in blocks of about one height: some of the rows of a group, or as many whole groups
/// `together` as fit.
#[inline(always)]
pub(super) fn blocks<T>(a: &Patches<'_, T>, most: usize, together: bool) -> impl Iterator<Item = Block> {
    let (count, len) = (a.groups, a.group_len);
    let height = len.div_ceil(len.div_ceil(most).max(1)).max(1);
    let rows = move |start: usize| start..(start + height).min(len);
    let at_once = if together && height >= len { (most / len.max(1)).max(1) } else { 1 };
    (0..count).step_by(at_once).flat_map(move |group| {
        let groups = group..(group + at_once).min(count);
        (0..len).step_by(height).map(move |start| Block { groups: groups.clone(), rows: rows(start) })
    })
}

/// Scalars of scratch memory without which a product with so deep panels cannot run: a panel, and two tiles of the left factor
/// unless that has its columns side by side.
pub(super) const fn least_scratch<const TALL: usize, const NR: usize>(depth: usize, has_rows: bool) -> usize {
    depth * NR + LINE_SLACK + if has_rows { 0 } else { left_tile(2 * TALL, depth) }
}

/// Scalars of scratch memory with which a product whose right factor has so many rows and columns runs as fast as it can.
pub(super) const fn scratch(depth: usize, width: usize) -> usize {
    let [wide, depth] =
        [if depth < WIDE_DEPTH { depth } else { WIDE_DEPTH }, if depth < DEPTH { depth } else { DEPTH }];
    let both = wide * packed_width(width) + left_tile(1, depth) * HEIGHT + LINE_SLACK;
    let enough = if width > MANY { 3 << 15 } else { 5 << 13 };
    if both < enough { both } else { enough }
}

/// Scalars of scratch memory for a product of at most so many rows whose factors both lie row by row: for panels of the right one.
/// Few rows read it where it lies, but for a panel at its edge.
pub(super) const fn forward_scratch(rows: usize, depth: usize, width: usize) -> usize {
    let columns = match rows <= FEW {
        true if width.is_multiple_of(WIDE_PANEL) => return 0,
        true if width > WIDE_PANEL => WIDE_PANEL,
        _ => packed_width(width),
    };
    let panels = if depth < WIDE_DEPTH { depth } else { WIDE_DEPTH } * columns + LINE_SLACK;
    let most = scratch(depth, width);
    if panels < most { panels } else { most }
}

/// So many columns of the right factor are enough to make up for the copy of the left one; with more, that is copied for each
/// such part, unless twice the memory is there.
const MANY: usize = 256;
/// Frames of products whose caller brought no scratch memory: for panels 16 wide and 64 or 256 deep, for all that are not wide,
/// and for whatever a product cannot do without.
pub(super) const FRAMES: [usize; 4] = [1024 + LINE_SLACK, 4096 + LINE_SLACK, 9728, MOST_SCRATCH];
const MOST_SCRATCH: usize = WIDE_PANEL * WIDE_DEPTH + LINE_SLACK + left_tile(16, WIDE_DEPTH);
