use alloc::boxed::Box;

use crate::network::Network;
use crate::scalar::Scalar;
use crate::simd::AlignedBox;

/// A network, or one in a box as `new` makes it or in an ordinary one: what [`Trainer::fit`](super::Trainer::fit) takes, so that
/// `&mut network` works for all of them.
///
/// `How` tells them apart, and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network",
    label = "expected a network made by `network!`, or one in a box"
)]
pub trait AsNetwork<T: Scalar, How> {
    /// The network.
    type Network: Network<T>;

    /// The network, to read.
    fn network(&self) -> &Self::Network;

    /// The network, to change.
    fn network_mut(&mut self) -> &mut Self::Network;
}

/// How a network is a network: as it is.
#[derive(Clone, Copy, Debug)]
pub struct Itself;

/// How a box is a network: by what it holds.
#[derive(Clone, Copy, Debug)]
pub struct Boxed;

/// How an aligned box is a network: by what it holds.
#[derive(Clone, Copy, Debug)]
pub struct AtLines;

macro_rules! as_networks {
    ($($how:ident: $kept:ty),*) => {$(
        impl<T: Scalar, N: Network<T>> AsNetwork<T, $how> for $kept {
            type Network = N;

            fn network(&self) -> &N {
                self
            }

            fn network_mut(&mut self) -> &mut N {
                self
            }
        }
    )*};
}

as_networks! { Itself: N, Boxed: Box<N>, AtLines: AlignedBox<N> }
