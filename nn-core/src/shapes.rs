//! Sample shapes as types: what a data set holds and what a network takes, so that the two can be held to each other.

use crate::scalar::Scalar;
use crate::simd::{Plain, Zeroable};
use crate::spec::Shape;

/// The shape of one sample, as a type.
pub trait SampleShape: Copy + core::fmt::Debug + Send + Sync + 'static {
    /// The shape as a value.
    const SHAPE: Shape;
    /// The names of the parts, where a sample is a struct of several.
    const NAMES: &'static [&'static str] = &[];
    /// The nested array that holds one sample.
    type Array<T: Scalar>: Plain<T> + Zeroable + Copy + PartialEq + core::fmt::Debug;
}

macro_rules! sample_shape {
    ($($(#[$meta:meta])* $name:ident<$($axis:ident),+> = $array:ty;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name<$(const $axis: usize),+>;

        impl<$(const $axis: usize),+> SampleShape for $name<$($axis),+> {
            const SHAPE: Shape = Shape::new(&[$($axis),+]);
            type Array<T: Scalar> = $array;
        }
    )*};
}

sample_shape! {
    /// `FEATURES` numbers.
    Features<FEATURES> = [T; FEATURES];
    /// `TIME` steps of `FEATURES` numbers each.
    Sequence<TIME, FEATURES> = [[T; FEATURES]; TIME];
    /// `HEIGHT` rows of `WIDTH` pixels of `CHANNELS` numbers each.
    Image<HEIGHT, WIDTH, CHANNELS> = [[[T; CHANNELS]; WIDTH]; HEIGHT];
    /// `DEPTH` images.
    Volume<DEPTH, HEIGHT, WIDTH, CHANNELS> = [[[[T; CHANNELS]; WIDTH]; HEIGHT]; DEPTH];
}
