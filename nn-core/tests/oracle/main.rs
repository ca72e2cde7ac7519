//! Single losses, optimisers and the like against PyTorch, and metrics against numpy: values and gradients, case by case.
//!
//! `tests/oracle/*.py` write each case down a second time in PyTorch and keep what it finds in a text file of the same name;
//! `tests/oracle/records.py` says what these files hold, and how a case is added. Here is one module for each file.
#![cfg(feature = "std")]

#[path = "../../../tests/oracle/reader.rs"]
mod reader;

mod attention;
mod layers;
mod losses;
mod metrics;
mod onnx_nodes;
mod optimisers;

/// Two roads to the same numbers in 64 bits.
const DOUBLE: f64 = 1e-9;
/// Rounding in 32 bits.
const SINGLE: f64 = 1e-5;
