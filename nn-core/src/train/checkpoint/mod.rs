//! Training in progress as it can be kept, and gone on with.

mod error;
#[cfg(feature = "safetensors")]
mod format;
mod state;
#[cfg(test)]
mod tests;

use alloc::format;
use alloc::string::String;

pub use error::CheckpointError;
pub use state::{State, Values};

use crate::network::Network;
use crate::scalar::Scalar;
use crate::tensors::{self, Tensor};

/// What stands before the names of the network's tensors.
pub(crate) const WEIGHTS: &str = "network.";

/// All of a training in progress: weights and running statistics, what the optimiser remembers, how many steps have been
/// taken, the random numbers, and in the course of a fit the order of the samples, the place in it, the sums of the epoch so
/// far, the history, and what callbacks remember.
///
/// Training that goes on from it takes the same steps, bit by bit, as if it had never been interrupted, on any number of
/// threads. (The time of day has no part in it: callbacks that look at the clock stop where they stop.)
///
/// It is made by [`Session::checkpoint`](super::Session::checkpoint), or in the course of a fit by
/// [`callback::SaveCheckpoints`](super::callback::SaveCheckpoints); it is used by
/// [`Session::restore`](super::Session::restore), [`Session::resume`](super::Session::resume) and
/// [`Trainer::resume`](super::Trainer::resume).
///
/// A file of it is in the safetensors format, with the weights under `network.` and their names, so that other programs
/// can read them; a network can [`load`](crate::io::weights::Weights::load) its weights from there as from a file of weights. It holds a checksum of itself and a number that follows from the network's tensors: what is damaged, cut
/// off, or of another network is refused. Files are replaced whole; a crash at any moment leaves the old one or the new.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Of the network's tensors and its scalar.
    architecture: u64,
    /// The network's name.
    network: String,
    /// Everything else.
    pub(super) state: State,
}

impl Checkpoint {
    /// A checkpoint of a network's weights and nothing else yet.
    pub(super) fn of<T: Scalar, N: Network<T>>(network: &N, tensors: &[Tensor]) -> Self {
        let mut state = State::default();
        for Tensor { name, shape, range, .. } in tensors {
            let values = Values::scalars(&network.as_slice()[range.clone()]);
            state.put_shaped(format!("{WEIGHTS}{name}"), shape.dims(), values);
        }
        Self { architecture: tensors::architecture(N::PARTS, T::NAME), network: N::NAME.into(), state }
    }

    /// The name of the network from which it was made.
    pub fn network(&self) -> &str {
        &self.network
    }

    /// Everything that it holds, by name.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// A text that [`callback::Attached`](super::callback::Attached) put into it.
    pub fn attached(&self, name: &str) -> Option<&str> {
        let end = format!(".{}{name}", super::callback::ENTRY);
        let entry = self.state.names().find(|entry| entry.starts_with("callback.") && entry.ends_with(&end))?;
        self.state.text(entry).ok()
    }

    /// Whether it belongs to such a network, with every tensor there.
    pub(super) fn check<T: Scalar, N: Network<T>>(&self, tensors: &[Tensor]) -> Result<(), CheckpointError> {
        if self.architecture != tensors::architecture(N::PARTS, T::NAME) {
            return Err(CheckpointError::Architecture { network: N::NAME, found: self.network.clone() });
        }
        tensors.iter().try_for_each(|tensor| self.weights::<T>(tensor).map(|_| ()))
    }

    /// The values of one tensor of the network.
    pub(super) fn weights<T: Scalar>(&self, tensor: &Tensor) -> Result<&[T], CheckpointError> {
        self.state.scalars(&format!("{WEIGHTS}{}", tensor.name), tensor.range.len())
    }
}
