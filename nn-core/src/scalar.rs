use crate::kernels::Kernels;
use crate::simd::Plain;

/// The number type of a network: `f32` (the default everywhere) or `f64`.
///
/// It is sealed: the kernels are compiled once for each scalar, inside this crate, so that a user's debug build calls
/// optimised code when it builds its dependencies optimised.
pub trait Scalar:
    num_traits::Float
    + num_traits::FromPrimitive
    + num_traits::NumAssign
    + core::iter::Sum
    + core::fmt::Debug
    + core::fmt::Display
    + core::fmt::LowerExp
    + Default
    + bytemuck::Pod
    + Plain<Self>
    + Kernels
    + Send
    + Sync
    + 'static
{
    /// `"f32"` or `"f64"`.
    const NAME: &'static str;

    /// The nearest value to a constant.
    fn of(value: f64) -> Self;

    /// The value as `f64`, without loss.
    fn wide(self) -> f64;
}

impl Scalar for f32 {
    const NAME: &'static str = "f32";

    #[inline(always)]
    fn of(value: f64) -> Self {
        value as Self
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        self.into()
    }
}

impl Scalar for f64 {
    const NAME: &'static str = "f64";

    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
}
