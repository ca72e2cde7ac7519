//! A controller on a chip: no standard library, no heap, weights embedded in the program.
//!
//! This is a library, so that it can be checked without an operating system:
//! `cargo check --example embedded --no-default-features`. The test `tests/embedded.rs` runs it.
#![no_std]

use netform::prelude::*;

network! {
    /// Keeps a pole upright: four measurements in, a force out.
    pub struct Controller(state: [4]) -> [1] {
        state -> Dense(16) -> Tanh -> Dense(16) -> Tanh -> Dense(1)
    }
}

/// Written on a workstation with `network.to_le_bytes()`.
static WEIGHTS: &[u8] = include_bytes!("controller.weights");

/// Everything that a control loop needs, in static memory of a known size.
pub struct Loop {
    network: Controller,
    workspace: [f32; <Controller as Predict<f32>>::WORKSPACE],
}

impl Loop {
    /// Decodes the embedded weights.
    ///
    /// # Errors
    /// When the embedded file is of another network.
    pub fn new() -> Result<Self, netform::io::raw::RawError> {
        let mut network = Controller::zeroed();
        network.load_le_bytes(WEIGHTS)?;
        Ok(Self { network, workspace: [0.0; <Controller as Predict<f32>>::WORKSPACE] })
    }

    /// One turn of the loop.
    ///
    /// # Errors
    /// None in truth: the workspace has the network's own length.
    pub fn force(&mut self, state: &[f32; 4]) -> Result<f32, netform::predict::WorkspaceTooShort> {
        let [force] = self.network.predict_with(state, &mut self.workspace)?;
        Ok(*force)
    }
}
