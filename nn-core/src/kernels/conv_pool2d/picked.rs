//! The gradient of the weight for windows of 2 × 2, from the winners alone.
//!
//! An element of a patch has four candidates, one for each place of the window; which of them counts is another question for
//! each filter. The four stand side by side in a table, from which an instruction picks one for each filter of a register:
//! so each output costs one multiplication for each weight, and not four.

use super::windows::{WIDEST, Windows};
use crate::Scalar;
use crate::simd::{Isa, Kernel, prefetch_ahead};

/// The height and width of the window.
const WINDOW: [usize; 2] = [2, 2];
/// Weights of a filter that are summed at once, in registers: of 16 or of 32.
const WEIGHTS: usize = 5;
const MANY_WEIGHTS: usize = 9;
/// The most outputs and tables that are worked on at once: they stay in cache.
const OUTPUTS: usize = 1 << 11;
const TABLES: usize = 1 << 12;

impl Windows {
    /// Whether windows are two positions high and wide, as this way wants them.
    pub(super) const fn are_pairs(&self) -> bool {
        self.window[0] == WINDOW[0] && self.window[1] == WINDOW[1]
    }

    /// Tables in a row: one for each scalar that has a right neighbour in the window.
    const fn table_row(&self) -> usize {
        self.row_len - self.conv.stride[1] * self.conv.input[2]
    }

    /// Rows of tables for some rows of windows.
    const fn table_rows(&self, rows: usize) -> usize {
        (rows - 1) * WINDOW[0] * self.conv.stride[0] + self.conv.kernel[0]
    }

    /// Rows of windows that are worked on at once.
    const fn picked_rows(&self) -> usize {
        let [rows, columns] = self.counts();
        let mut count = rows;
        while count > 1
            && (count * columns * self.filters() > OUTPUTS || self.table_rows(count) * self.table_row() > TABLES)
        {
            count -= 1;
        }
        count
    }
}

/// Scalars of scratch memory: an image with its border, tables, and the outputs of one panel.
pub(super) const fn scratch(windows: &Windows) -> usize {
    if windows.output_len() == 0 {
        return 0;
    }
    let tables = windows.table_rows(windows.picked_rows()) * windows.table_row() + MANY_WEIGHTS;
    let outputs = windows.picked_rows() * windows.counts()[1] * WIDEST;
    windows.border_len + 4 * tables + 2 * outputs
}

/// Adds to the gradient of the weight.
#[inline(always)]
pub(super) fn sum_picked<I: Isa, T: Scalar>(
    windows: &Windows,
    samples: usize,
    input: &[T],
    winners: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    match windows.panel::<I, T>() {
        32 => in_panels::<I, T, 32>(windows, samples, input, winners, d_output, d_weight, scratch),
        16 => in_panels::<I, T, 16>(windows, samples, input, winners, d_output, d_weight, scratch),
        8 => in_panels::<I, T, 8>(windows, samples, input, winners, d_output, d_weight, scratch),
        _ => in_panels::<I, T, 4>(windows, samples, input, winners, d_output, d_weight, scratch),
    }
}

/// The same with panels of `NR` filters.
#[inline(always)]
fn in_panels<I: Isa, T: Scalar, const NR: usize>(
    windows: &Windows,
    samples: usize,
    input: &[T],
    winners: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let ([rows, columns], len) = (windows.counts(), windows.output_len());
    let (space, tables) = scratch.split_at_mut(windows.border_len);
    let outputs = windows.picked_rows() * columns * NR;
    let (panels, tables) = tables.split_at_mut(2 * outputs);
    let (panels, _) = panels.as_chunks_mut::<NR>();
    let (tables, _) = tables.as_chunks_mut::<4>();
    let filters = windows.filters();
    let row = columns * filters;
    for (sample, input) in input.chunks_exact(windows.input_len()).take(samples).enumerate() {
        let image = windows.image(input, space);
        for first in (0..rows).step_by(windows.picked_rows()) {
            let count = windows.picked_rows().min(rows - first);
            fill(windows, &image[windows.start(first, 0)..], windows.table_rows(count), tables);
            let outputs = sample * len + first * row..sample * len + (first + count) * row;
            let (winners, d_output) = (&winners[outputs.clone()], &d_output[outputs]);
            for first in (0..filters).step_by(NR) {
                let outputs = if filters == NR {
                    [winners, d_output].map(|outputs| outputs.as_chunks::<NR>().0)
                } else {
                    let (panel_winners, panel_d) = panels.split_at_mut(count * columns);
                    copy_panel(filters, first, winners, panel_winners);
                    copy_panel(filters, first, d_output, panel_d);
                    [&*panel_winners, &panel_d[..count * columns]]
                };
                I::call::<AddPicked<NR>, _>((windows, &*tables, &Panel { first, outputs }, &mut *d_weight));
            }
        }
    }
}

/// Makes rows of tables: each scalar, its neighbours to the right and below in the window, and the one below to the right.
#[inline(always)]
fn fill<T: Scalar>(windows: &Windows, image: &[T], rows: usize, tables: &mut [[T; 4]]) {
    let (row_len, table_row) = (windows.row_len, windows.table_row());
    let (right, down) = (windows.conv.stride[1] * windows.conv.input[2], windows.conv.stride[0] * row_len);
    for (row, tables) in tables.chunks_exact_mut(table_row).take(rows).enumerate() {
        let image = &image[row * row_len..];
        let sources = [0, right, down, down + right].map(|start| &image[start..][..table_row]);
        let pairs = sources[0].iter().zip(sources[1]).zip(sources[2].iter().zip(sources[3]));
        for (table, ((&a, &b), (&c, &d))) in tables.iter_mut().zip(pairs) {
            *table = [a, b, c, d];
        }
    }
}

/// Copies the outputs of some filters, with zeros where there are no more.
#[inline(always)]
fn copy_panel<T: Scalar, const NR: usize>(filters: usize, first: usize, from: &[T], to: &mut [[T; NR]]) {
    for (to, from) in to.iter_mut().zip(from.chunks_exact(filters)) {
        let from = &from[first..];
        match from.first_chunk::<NR>() {
            Some(from) => *to = *from,
            None => {
                to[from.len()..].fill(T::zero());
                to[..from.len()].copy_from_slice(from);
            }
        }
    }
}

/// Winners and gradients of some filters.
struct Panel<'a, T, const NR: usize> {
    first: usize,
    outputs: [&'a [[T; NR]]; 2],
}

/// Adds what some rows of windows give.
struct AddPicked<const NR: usize>;

type Arguments<'a, T, const NR: usize> = (&'a Windows, &'a [[T; 4]], &'a Panel<'a, T, NR>, &'a mut [T]);

impl<'a, T: Scalar, const NR: usize> Kernel<Arguments<'a, T, NR>> for AddPicked<NR> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(arguments: Arguments<'a, T, NR>) {
        if I::REGISTERS >= 32 {
            add_weights::<I, T, NR, MANY_WEIGHTS>(arguments);
        } else {
            add_weights::<I, T, NR, WEIGHTS>(arguments);
        }
    }
}

/// `AT_ONCE` weights of each row of the window at a time.
#[inline(always)]
fn add_weights<I: Isa, T: Scalar, const NR: usize, const AT_ONCE: usize>(
    (windows, tables, panel, d_weight): Arguments<'_, T, NR>,
) {
    let (filters, run) = (windows.filters(), windows.run());
    for row in 0..windows.conv.kernel[0] {
        for column in (0..run).step_by(AT_ONCE) {
            let start = row * windows.table_row() + column;
            // The next image's outputs are asked for while there is much to compute: they come from the third-level cache.
            let ahead = (row == 0 && column == 0 && filters == NR).then(|| windows.output_len());
            let sums = sums::<I, T, NR, AT_ONCE>(windows, &tables[start..], panel.outputs, ahead);
            for (element, sums) in sums.iter().take(run - column).enumerate() {
                let to = &mut d_weight[(row * run + column + element) * filters + panel.first..];
                let count = NR.min(filters - panel.first);
                match to.first_chunk_mut::<NR>() {
                    // The compiler would add two registers of numbers one by one.
                    Some(to) if count == NR => I::add_product(T::one(), sums, to),
                    _ => to[..count].iter_mut().zip(sums).for_each(|(to, &sum)| *to += sum),
                }
            }
        }
    }
}

/// The sums for some weights of one panel. `tables` start with the first window's for the first weight; `outputs` are the
/// winners and the gradients, and those so far `ahead` are read soon.
#[inline(always)]
fn sums<I: Isa, T: Scalar, const NR: usize, const AT_ONCE: usize>(
    windows: &Windows,
    tables: &[[T; 4]],
    outputs: [&[[T; NR]]; 2],
    ahead: Option<usize>,
) -> [[T; NR]; AT_ONCE] {
    let [_, columns] = windows.counts();
    let down = WINDOW[0] * windows.conv.stride[0] * windows.table_row();
    let right = WINDOW[1] * windows.conv.stride[1] * windows.conv.input[2];
    let mut sums = [[T::zero(); NR]; AT_ONCE];
    let rows = outputs[0].chunks_exact(columns).zip(outputs[1].chunks_exact(columns));
    for (row, (winners, d_output)) in rows.enumerate() {
        let mut start = row * down;
        for (winners, d_output) in winners.iter().zip(d_output) {
            if let Some(distance) = ahead {
                prefetch_ahead(winners, distance);
                prefetch_ahead(d_output, distance);
            }
            let tables: &[[T; 4]; AT_ONCE] = tables[start..][..AT_ONCE].first_chunk().expect("cannot fail: so many");
            for (sums, table) in sums.iter_mut().zip(tables) {
                I::add_picked(table, winners, d_output, sums);
            }
            start += right;
        }
    }
    sums
}
