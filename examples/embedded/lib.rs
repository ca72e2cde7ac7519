//! A controller on a chip: no standard library, no heap, weights embedded in the program.
//!
//! This is a library, so that it can be checked without an operating system:
//! `cargo check --example embedded --no-default-features --features embed`. The test `tests/embedded.rs` runs it.
#![no_std]

use netform::prelude::*;
use netform::weights;

network! {
    /// Keeps a pole upright: four measurements in, a force out.
    pub struct Controller(state: [4]) -> [1] {
        state -> Dense(16) -> Tanh -> Dense(16) -> Tanh -> Dense(1)
    }
}

/// Written on a workstation with `network.save(..)`, held to the network by the compiler. It stays in read-only memory.
static CONTROLLER: &Controller = weights!("examples/embedded/controller.safetensors" for Controller);

/// Everything that a control loop needs, in static memory of a known size.
pub struct Loop {
    workspace: [f32; <Controller as Predict<f32>>::WORKSPACE],
}

impl Loop {
    /// At rest.
    pub const fn new() -> Self {
        Self { workspace: [0.0; <Controller as Predict<f32>>::WORKSPACE] }
    }

    /// One turn of the loop.
    ///
    /// # Errors
    /// None in truth: the workspace has the network's own length.
    pub fn force(&mut self, state: &[f32; 4]) -> Result<f32, netform::predict::WorkspaceTooShort> {
        let [force] = CONTROLLER.predict_with(state, &mut self.workspace)?;
        Ok(*force)
    }
}

impl Default for Loop {
    fn default() -> Self {
        Self::new()
    }
}
