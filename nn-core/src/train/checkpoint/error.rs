use alloc::string::String;
#[cfg(feature = "safetensors")]
use std::path::Path;
use std::path::PathBuf;

use crate::files::Before;

/// Why a checkpoint could not be written, read, or used. What was to take it has not been touched, but for callbacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The system cannot read or write the file.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The content is no checkpoint at all.
    #[error("{}this is no training checkpoint: {reason}", Before(path))]
    Format {
        /// Which file, if it is one.
        path: Option<PathBuf>,
        /// What was expected of it.
        reason: String,
    },
    /// The content has been damaged or cut off.
    #[error("{}this checkpoint is damaged: its checksum should be {expected:08x}, but is {found:08x}", Before(path))]
    Checksum {
        /// Which file, if it is one.
        path: Option<PathBuf>,
        /// What stands in the file.
        expected: u32,
        /// What the rest of the file amounts to.
        found: u32,
    },
    /// It belongs to a network with other tensors, or another scalar.
    #[error("this checkpoint is of `{found}`, whose tensors' names, shapes or scalar differ from those of `{network}`")]
    Architecture {
        /// The network that was to take it.
        network: &'static str,
        /// The network from which it was made.
        found: String,
    },
    /// It was made with another setting, so that training could not go on as if nothing had happened.
    #[error("this checkpoint was made with {name} {}, training is to go on with {}", or_none(found), or_none(expected))]
    Setting {
        /// Which setting.
        name: &'static str,
        /// As training has it.
        expected: String,
        /// As the checkpoint has it.
        found: String,
    },
    /// It lacks something, or has it in another form.
    #[error("this checkpoint has no `{name}` of {expected}")]
    Missing {
        /// What is looked for.
        name: String,
        /// In which form.
        expected: String,
    },
}

impl CheckpointError {
    /// What is wrong with the content of this file.
    #[cfg(feature = "safetensors")]
    pub(super) fn in_file(mut self, file: &Path) -> Self {
        if let Self::Format { path, .. } | Self::Checksum { path, .. } = &mut self {
            *path = Some(file.into());
        }
        self
    }
}

/// A list that may be empty.
fn or_none(list: &str) -> &str {
    if list.is_empty() { "none" } else { list }
}
