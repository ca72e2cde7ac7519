//! Emitted code stands on its own feet: it needs no prelude, no imports, minds no names of the user's, stands wherever an
//! item can, and raises no lints. A renamed facade and the older edition are crates of their own, in folders beside this
//! file.

#![allow(unreachable_pub, reason = "a test is no library")]

mod hostile;
mod lints;
mod places;
