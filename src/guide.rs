//! Guides to read: each is a text with programs, which are compiled and run as tests.

/// The language of [`network!`](crate::network!).
#[doc = include_str!("../docs/language.md")]
pub mod language {}

/// The errors of [`network!`](crate::network!).
#[doc = include_str!("../docs/errors.md")]
pub mod errors {}

/// Training and data: splits, callbacks, checkpoints, pictures, search, the command line.
#[cfg(feature = "report")]
#[doc = include_str!("../docs/training.md")]
pub mod training {}

/// Passes by hand: gradients of one's own, two networks against each other, gradients by the input, losses of one's own.
#[cfg(feature = "std")]
#[doc = include_str!("../docs/by_hand.md")]
pub mod by_hand {}

/// Sequences: windows over a series, a text letter by letter.
#[cfg(feature = "std")]
#[doc = include_str!("../docs/sequences.md")]
pub mod sequences {}

/// Data sets: from files, from closures, and larger than memory.
#[cfg(all(feature = "csv", feature = "images", feature = "npy", feature = "wav", feature = "shards"))]
#[doc = include_str!("../docs/data.md")]
pub mod data {}

/// Files: weights, weights in the program, PyTorch, checkpoints.
#[cfg(all(feature = "safetensors", feature = "embed"))]
#[doc = include_str!("../docs/files.md")]
pub mod files {}

/// Layers of one's own.
#[doc = include_str!("../docs/own_layers.md")]
pub mod layers {}
