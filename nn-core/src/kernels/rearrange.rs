use super::columns::add_column_sums_body;
use super::{Layout, kernels};
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait Rearrangement<T>;

    /// `to[i] = from[layout(i)]` for every element `i` of `to`, row by row: a part of a tensor, a permutation, a repetition.
    pub fn gather(layout: &Layout, from: &[T], to: &mut [T]) = gather_body;
    /// `to[layout(i)] = from[i]` for every element `i` of `from`; what the layout does not reach stays.
    pub fn scatter(layout: &Layout, from: &[T], to: &mut [T]) = scatter_body;
    /// `to[layout(i)] += from[i]` for every element `i` of `from`: a sum along the axes whose stride is 0.
    pub fn scatter_add(layout: &Layout, from: &[T], to: &mut [T]) = scatter_add_body;
}

#[inline(always)]
fn gather_body<I: Isa, T: Scalar>(layout: &Layout, from: &[T], to: &mut [T]) {
    let Some(walk) = layout.walk() else { return };
    let (rows, columns) = (walk.rows(), walk.columns());
    match (rows.there, columns.there) {
        (0, 1) => walk.for_each_panel(|here, there| {
            let repeated = &from[there..there + columns.size];
            repeat(repeated, &mut to[here..here + rows.size * columns.size]);
        }),
        (_, 1) => walk.for_each_row(|here, there| {
            to[here..here + columns.size].copy_from_slice(&from[there..there + columns.size]);
        }),
        (_, 0) => walk.for_each_row(|here, there| to[here..here + columns.size].fill(from[there])),
        _ => walk.for_each_element_in_tiles(|here, there| to[here] = from[there]),
    }
}

/// Fills `to` with copies of `row`: each round copies all that is there already.
#[inline(always)]
fn repeat<T: Scalar>(row: &[T], to: &mut [T]) {
    to[..row.len()].copy_from_slice(row);
    let mut done = row.len();
    while done < to.len() {
        let next = done.min(to.len() - done);
        to.copy_within(..next, done);
        done += next;
    }
}

#[inline(always)]
fn scatter_body<I: Isa, T: Scalar>(layout: &Layout, from: &[T], to: &mut [T]) {
    let Some(walk) = layout.walk() else { return };
    let columns = walk.columns();
    match columns.there {
        1 => walk.for_each_row(|here, there| {
            to[there..there + columns.size].copy_from_slice(&from[here..here + columns.size]);
        }),
        _ => walk.for_each_element_in_tiles(|here, there| to[there] = from[here]),
    }
}

#[inline(always)]
fn scatter_add_body<I: Isa, T: Scalar>(layout: &Layout, from: &[T], to: &mut [T]) {
    let Some(walk) = layout.walk() else { return };
    let (rows, columns) = (walk.rows(), walk.columns());
    match (rows.there, columns.there) {
        // Folding rows has a price of its own, which a few rows do not pay back.
        (0, 1) if rows.size >= 16 => walk.for_each_panel(|here, there| {
            let terms = &from[here..here + rows.size * columns.size];
            add_column_sums_body::<I, T>(columns.size, terms, &mut to[there..there + columns.size]);
        }),
        (_, 1) => walk.for_each_row(|here, there| {
            let terms = &from[here..here + columns.size];
            for (sum, &term) in to[there..there + columns.size].iter_mut().zip(terms) {
                *sum += term;
            }
        }),
        (_, 0) => walk.for_each_row(|here, there| to[there] += sum(&from[here..here + columns.size])),
        _ => walk.for_each_element_in_tiles(|here, there| to[there] += from[here]),
    }
}

/// The sum of a row, in as many running sums as fill vector registers.
#[inline(always)]
fn sum<T: Scalar>(row: &[T]) -> T {
    fold_lanes(row, T::zero(), |sum, term| sum + term)
}

/// Folds a row in lanes, and the lanes in halves: no long chain of operations waits for itself.
#[inline(always)]
pub(super) fn fold_lanes<T: Scalar>(row: &[T], start: T, combine: impl Fn(T, T) -> T) -> T {
    const LANES: usize = 32;
    let (blocks, rest) = row.as_chunks::<LANES>();
    let tail = rest.iter().copied().fold(start, &combine);
    let Some((first, blocks)) = blocks.split_first() else { return tail };
    let mut lanes = *first;
    for block in blocks {
        for (lane, &value) in lanes.iter_mut().zip(block) {
            *lane = combine(*lane, value);
        }
    }
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = combine(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    combine(lanes[0], tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};
    use std::vec;
    use std::vec::Vec;

    /// Where each element lies, by the definition.
    fn places(start: usize, axes: &[(usize, usize)]) -> Vec<usize> {
        axes.iter().fold(vec![start], |places, &(size, stride)| {
            places.iter().flat_map(|place| (0..size).map(move |index| place + index * stride)).collect()
        })
    }

    /// Six axes at random: compact in a random order, some of them repeated, some of them padded.
    fn random_axes(numbers: &mut Numbers) -> (usize, Vec<(usize, usize)>) {
        let count = numbers.size(0, 6);
        let mut axes: Vec<(usize, usize)> = (0..count).map(|_| (numbers.size(1, 4), 0)).collect();
        if count > 0 {
            let long = numbers.size(0, count - 1);
            axes[long].0 = numbers.size(1, 40);
        }
        let mut order: Vec<usize> = (0..count).collect();
        for last in (1..count).rev() {
            // Mostly in order: that is where axes merge.
            if numbers.size(0, 2) == 0 {
                order.swap(last, numbers.size(0, last));
            }
        }
        let mut stride = 1;
        for &axis in order.iter().rev() {
            if numbers.size(0, 3) > 0 {
                axes[axis].1 = stride;
                stride *= axes[axis].0 + numbers.size(0, 5) / 5;
            }
        }
        (numbers.size(0, 3), axes)
    }

    fn all_agree_with_the_definition<T: Scalar>() {
        let mut numbers = Numbers::new(5);
        for _ in 0..400 {
            let (start, axes) = random_axes(&mut numbers);
            let layout = axes.iter().fold(Layout::new(start), |layout, &(size, stride)| layout.axis(size, stride));
            let places = places(start, &axes);
            let there: Vec<T> = numbers.integers(places.iter().max().map_or(0, |last| last + 1) + 2);
            let here: Vec<T> = numbers.integers(places.len());

            let mut gathered = vec![T::nan(); places.len()];
            gather(&layout, &there, &mut gathered);
            assert!(gathered.iter().zip(&places).all(|(found, place)| *found == there[*place]), "{axes:?}");

            let mut sums = there.clone();
            scatter_add(&layout, &here, &mut sums);
            let mut expected = there.clone();
            places.iter().zip(&here).for_each(|(place, term)| expected[*place] += *term);
            assert_eq!(sums, expected, "{axes:?}");

            if axes.iter().all(|(size, stride)| *size == 1 || *stride > 0) {
                let mut scattered = there.clone();
                scatter(&layout, &here, &mut scattered);
                let mut expected = there.clone();
                places.iter().zip(&here).for_each(|(place, value)| expected[*place] = *value);
                assert_eq!(scattered, expected, "{axes:?}");
            }
        }
    }

    fn an_empty_axis_is_no_element<T: Scalar>() {
        let layout = Layout::new(3).axis(0, 4).axis(4, 1);
        gather::<T>(&layout, &[], &mut []);
        scatter::<T>(&layout, &[], &mut []);
        scatter_add::<T>(&layout, &[], &mut []);
    }

    both_scalars! { all_agree_with_the_definition, an_empty_axis_is_no_element }
}
