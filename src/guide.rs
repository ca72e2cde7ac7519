//! Guides to read: each is a text with programs, which are compiled and run as tests.

/// Layers of one's own.
#[doc = include_str!("../docs/own_layers.md")]
pub mod layers {}
