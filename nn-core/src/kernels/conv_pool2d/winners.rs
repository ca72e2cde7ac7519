//! Where Relu has cut the largest result of a window off, nobody has won: forward says so, and backward passes it over.

use crate::Scalar;
use crate::simd::Isa;

/// What is not above the floor becomes the floor, and nobody wins there. NaN stays NaN, and nothing is below it.
#[inline(always)]
pub(super) fn floored<T: Scalar, const N: usize>(
    values: &[T; N],
    winners: &[T; N],
    floor: T,
    nobody: T,
) -> [[T; N]; 2] {
    let mut floored = [[T::zero(); N]; 2];
    for lane in 0..N {
        let is_off = values[lane] <= floor;
        floored[0][lane] = if is_off { floor } else { values[lane] };
        floored[1][lane] = if is_off { nobody } else { winners[lane] };
    }
    floored
}

/// Columns whose sums stay in registers.
const STRIP: usize = 32;

#[inline(always)]
pub(super) fn keep_won_body<I: Isa, T: Scalar>(places: usize, winners: &[T], d_output: &mut [T], d_bias: &mut [T]) {
    if d_bias.is_empty() {
        d_output.iter_mut().zip(winners).for_each(|(d, winner)| *d = kept(places, winner, *d));
        return;
    }
    let filters = d_bias.len();
    let (strips, rest) = d_bias.as_chunks_mut::<STRIP>();
    let mut first = 0;
    for strip in strips {
        for (winners, d) in winners.chunks_exact(filters).zip(d_output.chunks_exact_mut(filters)) {
            let (winners, d) = (&winners[first..first + STRIP], &mut d[first..first + STRIP]);
            let mut won = [T::zero(); STRIP];
            for ((won, winner), d) in won.iter_mut().zip(winners).zip(&*d) {
                *won = kept(places, winner, *d);
            }
            d.copy_from_slice(&won);
            I::add_product(T::one(), &won, strip);
        }
        first += STRIP;
    }
    for (winners, d) in winners.chunks_exact(filters).zip(d_output.chunks_exact_mut(filters)) {
        for ((sum, winner), d) in rest.iter_mut().zip(&winners[first..]).zip(&mut d[first..]) {
            *d = kept(places, winner, *d);
            *sum += *d;
        }
    }
}

/// The gradient where one of so many places has won, else zero.
#[inline(always)]
fn kept<T: Scalar>(places: usize, winner: &T, d: T) -> T {
    if winner.index() < places { d } else { T::zero() }
}
