//! The forward pass, with a tile of registers for the positions of one window: their results never reach memory.

use super::windows::{MOST_DEPTH, MOST_PLACES, WIDEST, Windows};
use super::winners::floored;
use crate::Scalar;
use crate::kernels::gemm::add_products;
use crate::simd::{Columns, Isa, Kernel, LINE_SLACK, Lines, Rows, Starts, first_line, for_each_of};

/// Positions of a window that are worked on at once.
const PLACES: usize = 4;

/// Scalars of scratch memory: an image with its border, and the weight in panels.
pub(super) const fn scratch(windows: &Windows) -> usize {
    windows.border_len + windows.depth() * windows.filters().next_multiple_of(WIDEST) + LINE_SLACK
}

/// `output = max(max(input ⋆ weight) + bias, floor)`, and the winners, unless `winners` is empty. `false` where there was an
/// infinity or a NaN on the way: then the results cannot be used.
#[inline(always)]
pub(super) fn forward_in_tiles<I: Isa, T: Scalar>(
    windows: &Windows,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    floor: T,
    output: &mut [T],
    winners: &mut [T],
    scratch: &mut [T],
) -> bool {
    match windows.panel::<I, T>() {
        32 => in_panels::<I, T, 32>(windows, samples, input, weight, bias, floor, output, winners, scratch),
        16 => in_panels::<I, T, 16>(windows, samples, input, weight, bias, floor, output, winners, scratch),
        8 => in_panels::<I, T, 8>(windows, samples, input, weight, bias, floor, output, winners, scratch),
        _ => in_panels::<I, T, 4>(windows, samples, input, weight, bias, floor, output, winners, scratch),
    }
}

/// The same with panels of `NR` filters.
#[inline(always)]
fn in_panels<I: Isa, T: Scalar, const NR: usize>(
    windows: &Windows,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    floor: T,
    output: &mut [T],
    winners: &mut [T],
    scratch: &mut [T],
) -> bool {
    let (filters, len) = (windows.filters(), windows.output_len());
    let (space, panels) = scratch.split_at_mut(windows.border_len);
    let start = first_line(panels, windows.depth() * filters.next_multiple_of(NR));
    let (panels, _) = panels[start..].as_chunks_mut::<NR>();
    for (first, panel) in (0..filters).step_by(NR).zip(panels.chunks_exact_mut(windows.depth())) {
        for (to, from) in panel.iter_mut().zip(weight.chunks_exact(filters)) {
            let from = &from[first..filters.min(first + NR)];
            to[from.len()..].fill(T::zero());
            to[..from.len()].copy_from_slice(from);
        }
    }
    let elements = elements(windows);
    let table = Table::new(windows, &elements[..windows.depth()]);
    let mut is_finite = true;
    let images = input.chunks_exact(windows.input_len()).zip(output.chunks_exact_mut(len)).take(samples);
    for (sample, (input, output)) in images.enumerate() {
        let image = windows.image(input, space);
        let winners = winners.get_mut(sample * len..(sample + 1) * len).unwrap_or_default();
        for (first, panel) in (0..filters).step_by(NR).zip(panels.chunks_exact(windows.depth())) {
            let mut padded = [T::zero(); NR];
            padded.iter_mut().zip(bias.iter().skip(first)).for_each(|(to, &bias)| *to = bias);
            let weight = Rows::new(panel.as_flattened(), NR, panel.len());
            let panel = Panel { first, weight, bias: padded, floor };
            let arguments = (windows, &table, image, &panel, &mut *output, &mut *winners);
            is_finite &= match arguments.5.is_empty() {
                true => I::call::<OnePanel<NR, false>, _>(arguments),
                false => I::call::<OnePanel<NR, true>, _>(arguments),
            };
        }
    }
    is_finite
}

/// Where the elements of a patch lie behind its first one.
#[inline(always)]
fn elements(windows: &Windows) -> [u32; MOST_DEPTH] {
    let mut elements = [0; MOST_DEPTH];
    for (row, elements) in elements[..windows.depth()].chunks_exact_mut(windows.run()).enumerate() {
        for (column, element) in elements.iter_mut().enumerate() {
            *element = (row * windows.row_len + column) as u32;
        }
    }
    elements
}

/// Where patches begin that are worked on at once, `PLACES` of a window after the other.
type Groups<const TILE: usize> = [Starts<TILE>; MOST_PLACES / PLACES];

/// What is the same for all windows: where the elements of a patch lie, and where the patches of one window, and of two side by
/// side, begin.
struct Table<'e> {
    elements: Columns<'e>,
    one: Groups<PLACES>,
    two: Groups<{ 2 * PLACES }>,
}

impl<'e> Table<'e> {
    #[inline(always)]
    fn new(windows: &Windows, elements: &'e [u32]) -> Self {
        Self { elements: Columns::new(elements), one: groups(windows), two: groups(windows) }
    }
}

/// `TILE` is `PLACES` for each window.
#[inline(always)]
fn groups<const TILE: usize>(windows: &Windows) -> Groups<TILE> {
    let places = windows.place_starts();
    let mut groups = [Starts::at([0; TILE]); MOST_PLACES / PLACES];
    for (group, starts) in groups.iter_mut().enumerate().take(windows.places().div_ceil(PLACES)) {
        let mut tile = [0; TILE];
        for (index, start) in tile.iter_mut().enumerate() {
            // The last place stands for those behind it: it does not win against itself.
            let place = (group * PLACES + index % PLACES).min(windows.places() - 1);
            *start = windows.start(0, index / PLACES) + places[place];
        }
        *starts = Starts::at(tile);
    }
    groups
}

/// Some filters.
struct Panel<'a, T, const NR: usize> {
    first: usize,
    weight: Rows<'a, T, NR>,
    bias: [T; NR],
    floor: T,
}

/// The results of one panel for one image, and the winners, if anybody asks.
struct OnePanel<const NR: usize, const WINNERS: bool>;

type Arguments<'a, T, const NR: usize> =
    (&'a Windows, &'a Table<'a>, &'a [T], &'a Panel<'a, T, NR>, &'a mut [T], &'a mut [T]);

impl<'a, T: Scalar, const NR: usize, const WINNERS: bool> Kernel<Arguments<'a, T, NR>> for OnePanel<NR, WINNERS> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>((windows, table, image, panel, output, winners): Arguments<'a, T, NR>) -> bool {
        let [rows, columns] = windows.counts();
        let mut work = Work { windows, table, columns, image, panel, output, winners, odd: [T::zero(); NR] };
        for row in 0..rows {
            let mut column = 0;
            // Where there are registers enough, each number of the weight that is loaded meets two windows.
            while I::REGISTERS >= 32 && column + 2 <= columns {
                work.windows_at::<I, WINNERS, 2, { 2 * PLACES }>(row, column, &table.two);
                column += 2;
            }
            while column < columns {
                work.windows_at::<I, WINNERS, 1, PLACES>(row, column, &table.one);
                column += 1;
            }
        }
        work.odd.iter().all(|odd| !odd.is_nan())
    }
}

/// One panel for one image, in progress.
struct Work<'w, T, const NR: usize> {
    windows: &'w Windows,
    table: &'w Table<'w>,
    /// Windows in a row.
    columns: usize,
    image: &'w [T],
    panel: &'w Panel<'w, T, NR>,
    output: &'w mut [T],
    winners: &'w mut [T],
    /// Zero, or NaN once there was an infinity or a NaN.
    odd: [T; NR],
}

impl<T: Scalar, const NR: usize> Work<'_, T, NR> {
    /// `WINDOWS` windows side by side; `TILE` is `PLACES` for each, and `groups` says where their patches begin.
    #[inline(always)]
    fn windows_at<I: Isa, const WINNERS: bool, const WINDOWS: usize, const TILE: usize>(
        &mut self,
        row: usize,
        column: usize,
        groups: &Groups<TILE>,
    ) {
        const { assert!(TILE == WINDOWS * PLACES) };
        let (filters, places) = (self.windows.filters(), self.windows.places());
        let image = &self.image[self.windows.start(row, column)..];
        let mut best = [Best { values: [T::neg_infinity(); NR], places: [T::zero(); NR] }; WINDOWS];
        for (first, starts) in (0..places).step_by(PLACES).zip(groups) {
            let patches = Lines::new(image, starts, self.table.elements.end());
            let sums = tile::<I, T, NR, TILE>(&patches, self.table.elements, self.panel.weight);
            let numbers = core::array::from_fn(|place| T::of_index((first + place) as u32));
            for (best, sums) in best.iter_mut().zip(sums.as_chunks::<PLACES>().0) {
                *best = best.taking::<I, WINNERS>(sums, &numbers, &mut self.odd);
            }
        }
        let (count, nobody) = (NR.min(filters - self.panel.first), T::of_index(places as u32));
        let position = (row * self.columns + column) * filters + self.panel.first;
        for (window, best) in best.iter().enumerate() {
            let at = position + window * filters;
            let mut values = best.values;
            values.iter_mut().zip(&self.panel.bias).for_each(|(value, &bias)| *value += bias);
            let [values, winners] = floored(&values, &best.places, self.panel.floor, nobody);
            store(&mut self.output[at..], &values, count);
            if WINNERS {
                store(&mut self.winners[at..], &winners, count);
            }
        }
    }
}

/// The products of some patches with a panel.
#[inline(always)]
fn tile<I: Isa, T: Scalar, const NR: usize, const TILE: usize>(
    patches: &Lines<'_, T, TILE>,
    elements: Columns<'_>,
    weight: Rows<'_, T, NR>,
) -> [[T; NR]; TILE] {
    let mut sums = [[T::zero(); NR]; TILE];
    for_each_of(elements, patches, weight, |element, weight| {
        add_products::<I, T, TILE, NR>(&mut sums, |patch| element.at(patch), weight);
    });
    sums
}

/// The largest results of the positions of a window so far, and which of them.
#[derive(Clone, Copy)]
struct Best<T, const NR: usize> {
    values: [T; NR],
    places: [T; NR],
}

impl<T: Scalar, const NR: usize> Best<T, NR> {
    /// Takes what is larger: of equal values the first one stays. The results go to arrays of their own: a store behind a
    /// condition would be slow. `odd` becomes NaN where there is an infinity or a NaN: their sum with other numbers is one, and
    /// its product with zero NaN.
    #[inline(always)]
    fn taking<I: Isa, const WINNERS: bool>(
        &self,
        sums: &[[T; NR]; PLACES],
        numbers: &[T; PLACES],
        odd: &mut [T; NR],
    ) -> Self {
        let (mut next, mut next_odd) = (*self, [T::zero(); NR]);
        for column in 0..NR {
            let (mut largest, mut place) = (self.values[column], self.places[column]);
            for (sums, &number) in sums.iter().zip(numbers) {
                let value = sums[column];
                place = if WINNERS && value > largest { number } else { place };
                largest = if value > largest { value } else { largest };
            }
            let total = (sums[0][column] + sums[1][column]) + (sums[2][column] + sums[3][column]);
            (next.values[column], next.places[column]) = (largest, place);
            next_odd[column] = I::mul_add(total, T::zero(), odd[column]);
        }
        *odd = next_odd;
        next
    }
}

#[inline(always)]
fn store<T: Scalar, const NR: usize>(to: &mut [T], values: &[T; NR], count: usize) {
    match to.first_chunk_mut::<NR>() {
        Some(to) if count == NR => *to = *values,
        _ => to[..count].copy_from_slice(&values[..count]),
    }
}
