//! Large pages of memory. A processor knows where some 1,500 pages are: of the usual 4 KiB, that is 6 MiB, less than a step
//! works on; and a system takes longer to hand out 500 pages than to clear one that is as large as all of them.

use core::alloc::Layout;
use core::ptr::NonNull;

/// A large page of Linux on x86-64 and most aarch64 machines.
const LARGE: usize = 2 << 20;

/// Whether a value has at least one large page of its own.
pub(super) const fn are_large(layout: Layout) -> bool {
    cfg!(all(feature = "large-pages", target_os = "linux")) && layout.size() >= LARGE && layout.align() <= LARGE
}

/// The layout of a value that begins at a large page. What is left of its last one is not used if it is less than half.
pub(super) fn at_large_page(layout: Layout) -> Option<Layout> {
    let size = match layout.size() % LARGE {
        rest if rest > LARGE / 2 => layout.size().checked_next_multiple_of(LARGE)?,
        _ => layout.size(),
    };
    Layout::from_size_align(size, LARGE).ok()
}

/// Asks for large pages: they are taken when the memory is first touched. A system that has none goes on with small ones.
#[cfg(all(feature = "large-pages", target_os = "linux"))]
pub(super) fn ask_for(memory: NonNull<u8>, bytes: usize) {
    // SAFETY: the memory belongs to the caller, and its content does not change.
    unsafe { libc::madvise(memory.as_ptr().cast(), bytes / LARGE * LARGE, libc::MADV_HUGEPAGE) };
}

#[cfg(not(all(feature = "large-pages", target_os = "linux")))]
pub(super) fn ask_for(_: NonNull<u8>, _: usize) {}
