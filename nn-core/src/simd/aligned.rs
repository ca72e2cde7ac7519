//! Where things stand in memory: bytes that were embedded in a program, seen as what they are, and scratch memory from a cache
//! line on.

use bytemuck::AnyBitPattern;

use super::Plain;

/// Bytes at an address where any scalar may stand.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Aligned<const BYTES: usize>(pub [u8; BYTES]);

impl<const BYTES: usize> Aligned<BYTES> {
    /// The bytes as scalars, in this machine's order of bytes: a struct that takes exactly as many.
    pub const fn as_plain<T: AnyBitPattern, V: Plain<T>>(&self) -> &V {
        const {
            assert!(size_of::<V>() == BYTES && BYTES == V::LEN * size_of::<T>(), "the bytes are those of another type");
            assert!(align_of::<V>() <= align_of::<Self>());
        }
        // SAFETY: `V` is `LEN` values of `T` without padding (`Plain`), `T` may have any bits (`AnyBitPattern`); size and
        // alignment have been checked, and the borrow is kept.
        unsafe { &*(&raw const self.0).cast::<V>() }
    }
}

/// Bytes that memory and caches exchange at once.
pub(crate) const CACHE_LINE: usize = 64;

/// Scalars that scratch memory is made longer by, so that it can be used from a cache line on.
pub(crate) const LINE_SLACK: usize = CACHE_LINE / size_of::<f32>();

/// Where the first cache line of memory begins; 0 where less than `needed` scalars would be left. A register that is read
/// across the border of two lines takes twice as long.
#[inline(always)]
pub(crate) fn first_line<T>(memory: &[T], needed: usize) -> usize {
    let skipped = memory.as_ptr().align_offset(CACHE_LINE);
    if skipped <= memory.len().saturating_sub(needed) { skipped } else { 0 }
}

/// Whether rows of scalars, `stride` apart, begin at cache lines.
#[inline(always)]
pub(crate) fn begin_at_lines<T>(rows: &[T], stride: usize) -> bool {
    rows.as_ptr().addr().is_multiple_of(CACHE_LINE) && (stride * size_of::<T>()).is_multiple_of(CACHE_LINE)
}

/// Asks for memory that is read soon to be brought into the first-level cache. Hardware does so by itself for long runs, but not
/// where runs are short or change pages. Nothing happens on machines other than x86-64: there is no such call in stable Rust.
#[inline(always)]
pub(crate) fn prefetch<T>(memory: &[T]) {
    prefetch_ahead(memory, 0);
}

/// As [`prefetch`], for memory that begins so many scalars behind the beginning of these, whatever lies there: where many runs
/// of one length lie behind one another, the next one.
#[inline(always)]
pub(crate) fn prefetch_ahead<T>(memory: &[T], distance: usize) {
    #[cfg(target_arch = "x86_64")]
    for line in memory.chunks((CACHE_LINE / size_of::<T>().max(1)).max(1)) {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: no memory is read, only brought nearer if it is there; every x86-64 machine has the instruction.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().wrapping_add(distance).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (memory, distance);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_from_a_line_on_where_enough_is_left() {
        let memory = [0f32; 64];
        for start in 0..16 {
            let memory = &memory[start..];
            let found = first_line(memory, memory.len() - 15);
            assert!(begin_at_lines(&memory[found..], 16) && found < 16);
            assert_eq!(first_line(memory, memory.len()), 0, "nothing to spare");
        }
        assert_eq!(first_line(&[0f32; 0], 3), 0);
    }

    #[test]
    fn bytes_are_seen_as_scalars_in_a_constant_too() {
        const BYTES: Aligned<8> = Aligned([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]);
        const PAIR: &[f32; 2] = BYTES.as_plain();
        assert_eq!(*PAIR, [1.0, -2.0]);
        assert_eq!(*Aligned(2.5f64.to_ne_bytes()).as_plain::<f64, [[f64; 1]; 1]>(), [[2.5]]);
    }
}
