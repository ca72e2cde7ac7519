//! Bytes that were embedded in a program, seen as what they are.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_seen_as_scalars_in_a_constant_too() {
        const BYTES: Aligned<8> = Aligned([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]);
        const PAIR: &[f32; 2] = BYTES.as_plain();
        assert_eq!(*PAIR, [1.0, -2.0]);
        assert_eq!(*Aligned(2.5f64.to_ne_bytes()).as_plain::<f64, [[f64; 1]; 1]>(), [[2.5]]);
    }
}
