//! Matrix products, convolutions, pools and point-wise functions on slices. No kernel allocates.

use crate::spec::Conv2dGeometry;

/// Scalars of scratch memory with which the matrix kernel packs both operands.
pub const GEMM_SCRATCH: usize = 1 << 14;

/// Scalars of scratch memory of a convolution.
pub const fn conv2d_scratch(geometry: &Conv2dGeometry) -> usize {
    let _ = geometry;
    GEMM_SCRATCH
}

/// All kernels of a scalar.
pub trait Kernels: Sized {}
impl Kernels for f32 {}
impl Kernels for f64 {}
