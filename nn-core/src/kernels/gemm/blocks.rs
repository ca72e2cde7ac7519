use super::operand::{Depth, Patches, depths};
use super::pack::pack_panels;
use super::plan::{
    Beside, Block, FIRST_CACHE_BYTES, FRAMES, HEIGHT, WIDE_PAIR, blocks, cut, deepest, height, least_scratch,
};
use super::strips::{Panels, Strip, left_tile};
use super::tile::Finish;
use super::{Epilogue, Matrix, Right, Store, patch_product};
use crate::Scalar;
use crate::kernels::activate_in_place;
use crate::simd::{Isa, LINE_SLACK, first_line};
use crate::spec::Activation;

/// A product in progress: what all its tiles have in common.
pub(super) struct Product<'a, T> {
    pub(super) a: Patches<'a, T>,
    pub(super) b: Right<'a, T>,
    pub(super) width: usize,
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
    b: Right<'_, T>,
    width: usize,
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
    scratch: &mut [T],
) {
    const { assert!(least_scratch::<TALL, NR>(deepest::<T, NR>(Beside::Rows), false) <= FRAMES[3]) };
    let floor = (epilogue.activation == Activation::Relu).then(T::zero);
    let product = Product { a, b, width, epilogue, floor, accumulate: store == Store::Accumulate };
    let least = product.least_scratch::<TALL, MIDDLE, LOW, NR>();
    if least > scratch.len() {
        // A frame is cleared as a whole: the smallest that suffices.
        return match FRAMES.iter().position(|frame| least <= *frame) {
            Some(0) => with_local_scratch::<T, { FRAMES[0] }>(a, b, width, c, store, epilogue),
            Some(1) => with_local_scratch::<T, { FRAMES[1] }>(a, b, width, c, store, epilogue),
            Some(2) => with_local_scratch::<T, { FRAMES[2] }>(a, b, width, c, store, epilogue),
            _ => with_local_scratch::<T, { FRAMES[3] }>(a, b, width, c, store, epilogue),
        };
    }
    for depth in depths(&a, product.deepest::<NR>()) {
        product.for_each_group::<I, TALL, NR>(&depth, scratch, |panels, scratch| {
            if a.column_stride == 1 {
                product.add_rows::<I, TALL, MIDDLE, LOW, NR, STRIP>(&depth, panels, c);
            } else {
                product.add_columns::<I, TALL, MIDDLE, LOW, NR>(&depth, panels, c, scratch);
            }
        });
    }
    if !matches!(epilogue.activation, Activation::Identity | Activation::Relu) {
        activate_in_place(epilogue.activation, &mut c[..a.height() * width]);
    }
}

/// Packs a whole right factor: for each stretch of its rows, the panels one behind the other.
#[inline(always)]
pub(super) fn pack<I: Isa, T: Scalar, const NR: usize>(
    b: Matrix<'_, T>,
    [rows, columns]: [usize; 2],
    packed: &mut [T],
) {
    let panels = columns.next_multiple_of(NR);
    for depth in depths(&Patches::matrix(Matrix::<T>::rows(&[], rows), 0, rows), deepest::<T, NR>(Beside::Rows)) {
        pack_panels::<I, T, NR>(b, depth.columns(), 0..columns, &mut packed[depth.first * panels..]);
    }
}

/// Runs a product whose operands must be packed, but whose caller brought no scratch memory. Not inlined, so that only
/// such products have a large frame.
#[inline(never)]
fn with_local_scratch<T: Scalar, const LEN: usize>(
    a: Patches<'_, T>,
    b: Right<'_, T>,
    width: usize,
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
) {
    patch_product(a, b, width, c, store, epilogue, &mut [T::zero(); LEN]);
}

impl<T: Scalar> Product<'_, T> {
    /// Calls `visit` with some columns of the right factor after the other, and with what is left of the scratch memory.
    /// Those that are read in place come first; the panel at the right edge is always packed, so that all panels are whole.
    #[inline(always)]
    fn for_each_group<I: Isa, const TALL: usize, const NR: usize>(
        &self,
        depth: &Depth,
        scratch: &mut [T],
        mut visit: impl FnMut(Panels<'_, T>, &mut [T]),
    ) {
        if !self.b.packed.is_empty() {
            let data = &self.b.packed[depth.first * self.width.next_multiple_of(NR)..];
            return visit(Panels { data, stride: NR, first: 0, columns: self.width }, scratch);
        }
        let left = if self.a.column_stride == 1 {
            0
        } else {
            let beside = scratch.len().saturating_sub(NR * depth.len() + LINE_SLACK);
            beside.min(scratch.len() / 2).min(left_tile(TALL, depth.len()) * HEIGHT.div_ceil(TALL))
        };
        let reads_in_place = self.reads_in_place::<I, NR>(depth) || scratch.len() - left < NR * depth.len();
        let whole = if reads_in_place { self.width / NR * NR } else { 0 };
        if whole > 0 {
            let Matrix { data, row_stride, .. } = self.b.matrix;
            let data = data.get(depth.first * row_stride..).unwrap_or(&[]);
            visit(Panels { data, stride: row_stride, first: 0, columns: whole }, &mut *scratch);
        }
        if whole == self.width {
            return;
        }
        let (left, space) = scratch.split_at_mut(left);
        let start = first_line(space, NR * depth.len());
        let space = &mut space[start..];
        let group = self.panels_at_once::<NR>(depth, space.len() / (NR * depth.len()).max(1)) * NR;
        for first in (whole..self.width).step_by(group) {
            let columns = group.min(self.width - first);
            pack_panels::<I, T, NR>(self.b.matrix, depth.columns(), first..first + columns, space);
            visit(Panels { data: space, stride: NR, first, columns }, left);
        }
    }

    /// Adds one stretch of a product, for some panels of the right factor, of a left one that has its columns side by side.
    #[inline(always)]
    fn add_rows<
        I: Isa,
        const TALL: usize,
        const MIDDLE: usize,
        const LOW: usize,
        const NR: usize,
        const STRIP: usize,
    >(
        &self,
        depth: &Depth,
        panels: Panels<'_, T>,
        c: &mut [T],
    ) {
        for Block { groups, rows } in blocks(&self.a, height(depth), true) {
            let for_pairs = if self.takes_pairs::<I>(depth) { panels.columns / WIDE_PAIR * WIDE_PAIR } else { 0 };
            let [wide, panels] = panels.split(for_pairs);
            let strip = Strip { product: self, depth, panels, groups };
            if for_pairs > 0 {
                let pairs = [rows.clone(), 0..0, 0..0];
                Strip { panels: wide, ..strip.clone() }.add_rows::<I, 2, 2, 2, WIDE_PAIR>(pairs, c);
            }
            let [tall, middle, low, rest] = cut::<TALL, MIDDLE, LOW>(rows);
            if rest.len() == 1 && panels.stride != NR {
                strip.add_rows::<I, TALL, MIDDLE, LOW, NR>([tall, middle, low], c);
                let [wide, narrow] = panels.split(panels.columns / STRIP * STRIP);
                let single = [rest, 0..0, 0..0];
                Strip { panels: wide, ..strip.clone() }.add_rows::<I, 1, 1, 1, STRIP>(single.clone(), c);
                Strip { panels: narrow, ..strip }.add_rows::<I, 1, 1, 1, NR>(single, c);
            } else {
                // What is left over follows the low tiles.
                strip.add_rows::<I, TALL, MIDDLE, LOW, NR>([tall, middle, low.start..rest.end], c);
            }
        }
    }

    /// The same with a left factor that has its rows side by side.
    #[inline(always)]
    fn add_columns<I: Isa, const TALL: usize, const MIDDLE: usize, const LOW: usize, const NR: usize>(
        &self,
        depth: &Depth,
        panels: Panels<'_, T>,
        c: &mut [T],
        scratch: &mut [T],
    ) {
        let packs = self.packs_left::<NR>(depth.len());
        let fits = scratch.len() / left_tile(TALL, depth.len()) * TALL;
        let height = if packs { fits.clamp(TALL, HEIGHT) } else { HEIGHT };
        for Block { groups, rows } in blocks(&self.a, height, false) {
            let [tall, middle, low, rest] = cut::<TALL, MIDDLE, LOW>(rows);
            let strip = Strip { product: self, depth, panels, groups };
            strip.add_columns::<I, TALL, NR>(tall, c, packs.then_some(&mut *scratch));
            strip.add_columns::<I, MIDDLE, NR>(middle, c, packs.then_some(&mut *scratch));
            strip.add_columns::<I, LOW, NR>(low, c, packs.then_some(&mut *scratch));
            strip.add_columns::<I, LOW, NR>(rest, c, Some(&mut *scratch));
        }
    }

    /// How the tiles of one panel are stored.
    #[inline(always)]
    pub(super) fn finish<const NR: usize>(&self, depth: &Depth, column: usize) -> Finish<T, NR> {
        let is_last = depth.columns().end == self.a.runs * self.a.run_len;
        let mut bias = [T::zero(); NR];
        if depth.first == 0
            && let Some(values) = self.epilogue.bias.get(column..)
        {
            bias.iter_mut().zip(values).for_each(|(to, &value)| *to = value);
        }
        Finish {
            add: self.accumulate || depth.first > 0,
            bias,
            comes_from_afar: self.a.height() * self.width * size_of::<T>() > FIRST_CACHE_BYTES,
            floor: self.floor.filter(|_| is_last),
        }
    }
}
