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

/// Layers of one's own.
#[doc = include_str!("../docs/own_layers.md")]
pub mod layers {}
