//! Structs that are nothing but scalars in a row.

#[cfg(feature = "alloc")]
use super::AlignedBox;

/// A value that is `LEN` scalars `T` in a row and nothing else: a parameter struct, an array of one, a network.
///
/// A network is a checkpoint, and an optimiser is a loop over a slice, because every such value can be seen flat.
///
/// # Safety
/// `Self` must consist of exactly `LEN` values of type `T` without padding, in an order fixed by `repr(C)` or an array.
/// Do not implement it by hand: [`plain!`](crate::plain) does, checks every field, and asserts the size.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of `{T}` scalars alone",
    label = "a layer's parameters must be plain arrays of scalars",
    note = "declare the struct with `#[repr(C)]` and pass its fields to `netform::plain!`"
)]
pub unsafe trait Plain<T: Copy>: Sized + Send + Sync + 'static {
    /// How many scalars the value holds.
    const LEN: usize = size_of::<Self>() / size_of::<T>();

    /// All scalars, in field order.
    fn as_slice(&self) -> &[T] {
        const { assert!(is_plain::<Self, T>(Self::LEN)) };
        if Self::LEN == 0 {
            return &[]; // a value without bytes may stand where no `T` could
        }
        // SAFETY: the trait's contract: `Self` is `LEN` values of `T` without padding, so its memory is a `[T; LEN]`.
        unsafe { core::slice::from_raw_parts(core::ptr::from_ref(self).cast(), Self::LEN) }
    }

    /// All scalars, in field order, to write.
    fn as_mut_slice(&mut self) -> &mut [T] {
        const { assert!(is_plain::<Self, T>(Self::LEN)) };
        if Self::LEN == 0 {
            return &mut [];
        }
        // SAFETY: as above, and any `T` is valid where a `T` stood.
        unsafe { core::slice::from_raw_parts_mut(core::ptr::from_mut(self).cast(), Self::LEN) }
    }

    /// A slice of exactly `LEN` scalars as a value; nothing for any other length.
    fn from_slice(scalars: &[T]) -> Option<&Self> {
        const { assert!(size_of::<Self>() == Self::LEN * size_of::<T>() && align_of::<Self>() <= align_of::<T>()) };
        // SAFETY: as above; the length has been checked, and the borrow is kept.
        (scalars.len() == Self::LEN).then(|| unsafe { &*scalars.as_ptr().cast::<Self>() })
    }

    /// Some values, one behind the other, as all their scalars.
    fn flatten(values: &[Self]) -> &[T] {
        const { assert!(is_plain::<Self, T>(Self::LEN)) };
        if Self::LEN == 0 {
            return &[];
        }
        // SAFETY: as above, and a slice has no padding between its elements.
        unsafe { core::slice::from_raw_parts(values.as_ptr().cast(), values.len() * Self::LEN) }
    }

    /// As many values as whole ones fit into a slice of scalars; nothing for values without scalars.
    fn from_flat(scalars: &[T]) -> &[Self] {
        const { assert!(size_of::<Self>() == Self::LEN * size_of::<T>() && align_of::<Self>() <= align_of::<T>()) };
        let count = scalars.len().checked_div(Self::LEN).unwrap_or(0);
        // SAFETY: as above; `count` values take at most as many scalars as there are, and the borrow is kept.
        unsafe { core::slice::from_raw_parts(scalars.as_ptr().cast(), count) }
    }

    /// As [`Plain::from_flat`], to write.
    fn from_flat_mut(scalars: &mut [T]) -> &mut [Self] {
        const { assert!(size_of::<Self>() == Self::LEN * size_of::<T>() && align_of::<Self>() <= align_of::<T>()) };
        let count = scalars.len().checked_div(Self::LEN).unwrap_or(0);
        // SAFETY: as above, and any `T` is valid where a `T` stood.
        unsafe { core::slice::from_raw_parts_mut(scalars.as_mut_ptr().cast(), count) }
    }

    /// A value of zeros, returned by value: for small networks on machines without a heap. A large one overflows the
    /// stack; `zeroed_box` does not.
    fn zeroed() -> Self
    where
        T: bytemuck::Zeroable,
    {
        // SAFETY: zero bytes are valid scalars (`Zeroable`), and `Self` holds nothing else.
        unsafe { core::mem::zeroed() }
    }

    /// A value of zeros, made where it will stay, at a cache line: it never passes over the stack.
    #[cfg(feature = "alloc")]
    fn zeroed_box() -> AlignedBox<Self>
    where
        T: bytemuck::Zeroable,
    {
        // SAFETY: zero bytes are valid scalars (`Zeroable`), and `Self` holds nothing else.
        unsafe { AlignedBox::zeroed() }
    }

    /// Many values of zeros.
    #[cfg(feature = "alloc")]
    fn zeroed_vec(count: usize) -> alloc::vec::Vec<Self>
    where
        T: bytemuck::Zeroable,
    {
        let mut values = alloc::vec::Vec::<Self>::with_capacity(count);
        // SAFETY: there is room for `count` values, zero bytes are valid scalars (`Zeroable`), and each value holds
        // nothing else, so that all `count` are initialised before the length says so.
        unsafe {
            values.as_mut_ptr().write_bytes(0, count);
            values.set_len(count);
        }
        values
    }

    /// A copy on the heap, that never passes over the stack.
    #[cfg(feature = "alloc")]
    #[doc(alias = "clone")]
    fn clone_boxed(&self) -> AlignedBox<Self>
    where
        T: bytemuck::Zeroable,
    {
        let mut copy = Self::zeroed_box();
        copy.as_mut_slice().copy_from_slice(self.as_slice());
        copy
    }
}

/// Whether size and alignment allow `V` to be seen as `len` values of `T`.
const fn is_plain<V, T>(len: usize) -> bool {
    size_of::<V>() == len * size_of::<T>() && (len == 0 || align_of::<V>() == align_of::<T>())
}

// SAFETY: one scalar is one scalar.
unsafe impl Plain<f32> for f32 {}
// SAFETY: one scalar is one scalar.
unsafe impl Plain<f64> for f64 {}
// SAFETY: arrays have no padding between their elements.
unsafe impl<T: Copy + 'static, U: Plain<T>, const N: usize> Plain<T> for [U; N] {}
// SAFETY: nothing is zero scalars.
unsafe impl<T: Copy + 'static> Plain<T> for () {}

/// Implements [`Plain`](crate::simd::Plain) for a `#[repr(C)]` struct whose fields are all plain, so that it can be seen
/// as one slice of scalars. Each field is checked, and the sizes must add up.
///
/// ```
/// #[repr(C)]
/// struct Scale<const N: usize, T> {
///     factor: [T; N],
///     offset: [T; N],
/// }
/// nn_core::plain! { impl[const N: usize, T] Scale<N, T> { factor: [T; N], offset: [T; N] } }
///
/// use nn_core::simd::Plain;
/// let mut scale = Scale { factor: [1.0f32; 3], offset: [0.0; 3] };
/// scale.as_mut_slice()[4] = 5.0;
/// assert_eq!(scale.offset[1], 5.0);
/// ```
#[macro_export]
macro_rules! plain {
    (impl[$($generics:tt)*] $name:ty { $($field:ident: $type:ty),* $(,)? }) => {
        // SAFETY: every field is `Plain<T>` (the bounds), all fields are named (the pattern below is exhaustive), and
        // their sizes add up to the struct's, so it has no padding.
        unsafe impl<$($generics)*> $crate::simd::Plain<T> for $name
        where
            T: $crate::Scalar,
            $($type: $crate::simd::Plain<T>,)*
        {
            const LEN: usize = {
                let sum = 0 $(+ ::core::mem::size_of::<$type>())*;
                ::core::assert!(sum == ::core::mem::size_of::<Self>(), "the fields do not add up to the struct");
                let _exhaustive = |value: &Self| {
                    let Self { $($field: _),* } = value;
                };
                sum / ::core::mem::size_of::<T>()
            };
        }
    };
}

/// Implements [`Zeroable`](crate::simd::Zeroable) for a struct for which [`plain!`](crate::plain) implements `Plain`, with
/// the same arguments: what the outputs of a network must be.
#[macro_export]
macro_rules! zeroable {
    (impl[$($generics:tt)*] $name:ty { $($field:ident: $type:ty),* $(,)? }) => {
        // SAFETY: every field is `Plain<T>`, that is scalars, zero bytes are valid scalars, and `plain!` holds the fields to
        // be all there are.
        unsafe impl<$($generics)*> $crate::simd::Zeroable for $name
        where
            T: $crate::Scalar,
            Self: $crate::simd::Plain<T>,
            $($type: $crate::simd::Plain<T>,)*
        {
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_bytes_is_an_empty_slice_wherever_it_stands() {
        #[repr(C, align(8))]
        struct Odd {
            byte: u8,
            nothing: (),
        }
        let mut odd = Odd { byte: 1, nothing: () };
        assert!(Plain::<f64>::as_slice(&odd.nothing).is_empty());
        assert!(Plain::<f64>::as_mut_slice(&mut odd.nothing).is_empty());
        assert_eq!(odd.byte, 1);
    }

    #[test]
    fn neighbours_are_one_slice_and_back() {
        let pairs = [[1.0f32, 2.0], [3.0, 4.0]];
        let flat = <[f32; 2] as Plain<f32>>::flatten(&pairs);
        assert_eq!(flat, [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(<[f32; 2]>::from_flat(&flat[..3]), &pairs[..1]);
        assert_eq!(<[[f32; 2]; 2]>::from_flat(flat), [pairs]);
        assert!(<[f32; 0] as Plain<f32>>::from_flat(flat).is_empty());
        assert!(<[f32; 0] as Plain<f32>>::flatten(&[[]; 3]).is_empty());
        let mut flat = [0.0f64; 5];
        <[f64; 2]>::from_flat_mut(&mut flat)[1] = [5.0, 6.0];
        assert_eq!(flat, [0.0, 0.0, 5.0, 6.0, 0.0]);
    }
}
