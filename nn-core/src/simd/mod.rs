//! The only module with `unsafe`: casts of plain structs to flat slices, the dispatch of kernels to the instruction set of
//! the machine, and runs of scalars whose bounds are checked once.

mod aligned;
#[cfg(feature = "alloc")]
mod aligned_box;
#[cfg(all(target_arch = "x86_64", feature = "avx512", not(debug_assertions)))]
mod avx512;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod best;
mod grid;
mod isa;
mod lanes;
pub(crate) mod math;
#[cfg(feature = "alloc")]
mod pages;
mod picked;
mod plain;
mod steps;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod transpose;

#[doc(hidden)]
pub use aligned::Aligned;
pub(crate) use aligned::{CACHE_LINE, LINE_SLACK, begin_at_lines, first_line, prefetch, prefetch_ahead};
#[cfg(feature = "alloc")]
pub use aligned_box::AlignedBox;
pub use bytemuck::Zeroable;
pub(crate) use grid::{Grid, RowMut, TileMut, TilesMut};
pub(crate) use isa::dispatch;
#[cfg(test)]
pub(crate) use isa::{Baseline, Emulated};
#[doc(hidden)]
pub use isa::{Isa, Kernel};
pub use plain::Plain;
pub(crate) use steps::{Columns, Lines, Rows, Spacing, Starts, for_each_column, for_each_of, for_each_row};
