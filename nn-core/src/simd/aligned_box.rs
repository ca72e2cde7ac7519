//! Values on the heap that begin at a cache line.

use alloc::alloc::{alloc_zeroed, dealloc, handle_alloc_error};
use alloc::boxed::Box;
use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use super::aligned::CACHE_LINE;
use super::pages;

/// A `Box` whose value begins at a cache line (a multiple of 64 bytes).
///
/// Networks are kept in one, and what is computed from them: allocators give most values a multiple of 16 bytes only, and then
/// every wide register is read and written across the border of two lines, which takes twice as long. A network of dense
/// layers predicts for one sample in two thirds of the time from such a box. It is used as a `Box` is:
///
/// ```
/// use nn_core::simd::{AlignedBox, Plain};
///
/// let mut numbers: AlignedBox<[f32; 100]> = <[f32; 100]>::zeroed_box();
/// numbers[3] = 1.0;
/// assert_eq!(numbers.as_ptr().addr() % 64, 0);
/// ```
pub struct AlignedBox<V: ?Sized> {
    /// An initialised value in the memory.
    value: NonNull<V>,
    /// Memory of the global allocator, with the layout that [`room`] gives; anything where the value has no bytes.
    memory: NonNull<u8>,
    owned: PhantomData<V>,
}

// SAFETY: the value is owned, as that of a `Box`.
unsafe impl<V: ?Sized + Send> Send for AlignedBox<V> {}
// SAFETY: a shared box gives nothing but a shared value, as a `Box`.
unsafe impl<V: ?Sized + Sync> Sync for AlignedBox<V> {}

impl<V> AlignedBox<V> {
    /// A value of zero bytes.
    ///
    /// # Safety
    /// Zero bytes are a valid `V`.
    pub(super) unsafe fn zeroed() -> Self {
        let [memory, value] = zeros(Layout::new::<V>());
        Self { value: value.cast(), memory, owned: PhantomData }
    }

    /// The value itself; it passes over the stack, and so must not be large.
    pub fn into_inner(self) -> V {
        let kept = ManuallyDrop::new(self);
        // SAFETY: the value is initialised, and is not used again where it stood: only its memory is given back.
        unsafe {
            let value = kept.value.read();
            free(kept.memory, Layout::new::<V>());
            value
        }
    }

    /// The value in an ordinary box, at whatever address the allocator gives: for what takes no other. Predictions of small
    /// networks take longer from it.
    pub fn into_box(self) -> Box<V> {
        let mut boxed = Box::<V>::new_uninit();
        let kept = ManuallyDrop::new(self);
        // SAFETY: the value is initialised, both places are whole and apart, and it is not used again where it stood.
        unsafe {
            boxed.as_mut_ptr().copy_from_nonoverlapping(kept.value.as_ptr(), 1);
            free(kept.memory, Layout::new::<V>());
            boxed.assume_init()
        }
    }

    /// The value for the rest of the program.
    #[must_use]
    pub fn leak<'a>(self) -> &'a mut V
    where
        V: 'a,
    {
        let mut kept = ManuallyDrop::new(self);
        // SAFETY: the box is never dropped, so that its memory stays, and nobody else can reach the value.
        unsafe { kept.value.as_mut() }
    }
}

impl<T: bytemuck::Zeroable> AlignedBox<[T]> {
    /// So many zeros: a workspace, for example.
    ///
    /// # Panics
    /// When they are more bytes than there are addresses, as `Vec` does.
    pub fn zeros(len: usize) -> Self {
        let layout = Layout::array::<T>(len).expect("capacity overflow");
        let [memory, value] = zeros(layout);
        // Zero bytes are valid (`Zeroable`).
        Self { value: NonNull::slice_from_raw_parts(value.cast(), len), memory, owned: PhantomData }
    }
}

/// The layout of a value that begins at a cache line, or at a large page if it is large.
fn at_line(layout: Layout) -> Layout {
    let aligned =
        if pages::are_large(layout) { pages::at_large_page(layout) } else { layout.align_to(CACHE_LINE).ok() };
    aligned.unwrap_or_else(|| handle_alloc_error(layout))
}

/// What allocators give without being asked for more.
const USUAL_ALIGN: usize = 16;

/// The layout of memory with room for such a value. Of memory that must begin at a large page, allocators clear every byte: so
/// it is longer, begins anywhere, and consists of zeros that nobody has touched.
fn room(layout: Layout) -> Layout {
    let aligned = at_line(layout);
    if !pages::are_large(layout) {
        return aligned;
    }
    let size = aligned.size().checked_add(aligned.align() - USUAL_ALIGN);
    let longer = size.and_then(|size| Layout::from_size_align(size, USUAL_ALIGN).ok());
    longer.unwrap_or_else(|| handle_alloc_error(layout))
}

/// Memory of zeros, and where in it a value of this layout begins; where no bytes are needed, just an address.
fn zeros(layout: Layout) -> [NonNull<u8>; 2] {
    let (aligned, room) = (at_line(layout), room(layout));
    if layout.size() == 0 {
        return [aligned.dangling_ptr(); 2];
    }
    // SAFETY: the layout has a size.
    let memory = NonNull::new(unsafe { alloc_zeroed(room) }).unwrap_or_else(|| handle_alloc_error(layout));
    let address = memory.addr().get();
    // SAFETY: the memory is as much longer than the value as it can begin before it.
    let value = unsafe { memory.add(address.next_multiple_of(aligned.align()) - address) };
    if pages::are_large(layout) {
        pages::ask_for(value, aligned.size());
    }
    [memory, value]
}

/// Gives back memory of [`zeros`].
///
/// # Safety
/// `zeros` has given it for the same layout, and nobody uses it.
unsafe fn free(memory: NonNull<u8>, layout: Layout) {
    if layout.size() > 0 {
        // SAFETY: the memory was allocated with this layout.
        unsafe { dealloc(memory.as_ptr(), room(layout)) };
    }
}

impl<V: ?Sized> Drop for AlignedBox<V> {
    fn drop(&mut self) {
        let layout = Layout::for_value(&**self);
        // SAFETY: the box owns an initialised value, that nobody sees afterwards, in memory for its layout.
        unsafe {
            self.value.drop_in_place();
            free(self.memory, layout);
        }
    }
}

impl<V: ?Sized> Deref for AlignedBox<V> {
    type Target = V;

    #[inline(always)]
    fn deref(&self) -> &V {
        // SAFETY: the value is initialised, and borrowed as long as the box.
        unsafe { self.value.as_ref() }
    }
}

impl<V: ?Sized> DerefMut for AlignedBox<V> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut V {
        // SAFETY: as above; the box is borrowed alone.
        unsafe { self.value.as_mut() }
    }
}

impl<V: ?Sized + core::fmt::Debug> core::fmt::Debug for AlignedBox<V> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        (**self).fmt(f)
    }
}

impl<V: ?Sized> AsRef<V> for AlignedBox<V> {
    fn as_ref(&self) -> &V {
        self
    }
}

impl<V: ?Sized> AsMut<V> for AlignedBox<V> {
    fn as_mut(&mut self) -> &mut V {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Plain;
    use std::{format, thread};

    #[test]
    fn zeros_begin_at_a_line() {
        for len in [0, 1, 15, 16, 17, 1000, 100_000] {
            let (mut wide, narrow) = (AlignedBox::<[f64]>::zeros(len), AlignedBox::<[f32]>::zeros(len));
            assert_eq!([wide.len(), narrow.len()], [len; 2]);
            assert!([wide.as_ptr().addr(), narrow.as_ptr().addr()].iter().all(|address| address.is_multiple_of(64)));
            wide.iter_mut().for_each(|value| *value += 1.0);
            assert!(wide.iter().all(|value| *value == 1.0) && narrow.iter().all(|value| *value == 0.0));
        }
    }

    #[test]
    fn large_memory_is_zeros_at_a_large_page() {
        for len in [(1 << 19) - 1, 1 << 19, (1 << 19) + 1, 900_000, 1_048_575, 1_300_000] {
            let mut numbers = AlignedBox::<[f32]>::zeros(len);
            let is_large = cfg!(all(feature = "large-pages", target_os = "linux")) && len >= 1 << 19;
            assert!(numbers.as_ptr().addr().is_multiple_of(if is_large { 2 << 20 } else { 64 }));
            assert!(numbers.iter().all(|number| *number == 0.0));
            numbers.fill(1.0);
            assert_eq!((numbers.len(), numbers[len - 1]), (len, 1.0));
        }
    }

    #[test]
    fn what_needs_more_than_a_line_has_it() {
        #[derive(Clone, Copy)]
        #[repr(align(128))]
        struct Wide(#[allow(dead_code, reason = "only its place matters")] u8);

        // SAFETY: a zero byte is valid.
        unsafe impl bytemuck::Zeroable for Wide {}

        for len in [0, 1, 3] {
            assert!(AlignedBox::<[Wide]>::zeros(len).as_ptr().addr().is_multiple_of(128));
        }
    }

    #[test]
    fn a_value_leaves_its_box() {
        let mut pair = <[f64; 2]>::zeroed_box();
        pair[1] = 5.0;
        assert_eq!(pair.into_inner(), [0.0, 5.0]);
        let mut pair = <[f64; 2]>::zeroed_box();
        pair[0] = 4.0;
        assert_eq!(*pair.into_box(), [4.0, 0.0]);
        <() as Plain<f32>>::zeroed_box().into_inner();
    }

    #[test]
    fn a_value_moves_to_another_thread_and_stays_behind_a_leak() {
        let mut pair = <[[f32; 3]; 2]>::zeroed_box();
        pair[1][2] = 5.0;
        let pair = thread::spawn(move || pair).join().expect("the thread only returns");
        assert_eq!(format!("{pair:?}"), "[[0.0, 0.0, 0.0], [0.0, 0.0, 5.0]]");
        let pair: &'static mut [[f32; 3]; 2] = pair.leak();
        assert_eq!((pair[1][2], pair.as_ptr().addr() % 64), (5.0, 0));
        assert_eq!(<() as Plain<f32>>::zeroed_box().as_ref(), &());
    }
}
