//! Mnih et al. 2015, "Human-level control through deep reinforcement learning": a network that says what each action is worth
//! learns from what a copy of itself, the target, says of the next picture.

use netform::prelude::*;
use netform::train::TrainError;

use crate::check::check_some;

network! {
    /// The paper's three convolutions; no pools, so that positions stay.
    block Layers(filters: usize, hidden: usize, actions: usize)(frames: [..]) {
        frames -> Conv2d(filters, kernel = 8, stride = 4) -> Relu
               -> Conv2d(2 * filters, kernel = 4, stride = 2) -> Relu
               -> Conv2d(2 * filters, kernel = 3) -> Relu
               -> Flatten -> Dense(hidden) -> Relu -> Dense(actions)
    }

    /// Four frames of an Atari game, to the worth of four actions.
    pub struct Dqn(frames: [84, 84, 4]) -> [4] {
        frames -> layers: Layers(32, 512, 4)
    }

    // 8,224 + 32,832 + 36,928 in the convolutions, 3136 · 512 + 512 and 2,052 above.
    assert PARAMS == 1_686_180;

    /// One frame of a corridor, to the worth of a step to the left and to the right.
    pub struct SmallDqn(frame: [36, 36, 1]) -> [2] {
        frame -> layers: Layers(4, 16, 2)
    }
}

type Frame = [[[f32; 1]; 36]; 36];

/// A corridor of so many cells. A step into the last one is worth 1, and ends the game.
const CELLS: usize = 4;
const DISCOUNT: f32 = 0.8;

/// A bright column where the player stands.
fn frame(cell: usize) -> Frame {
    core::array::from_fn(|_| core::array::from_fn(|column| [f32::from(u8::from(column / 9 == cell))]))
}

/// Where a step leads, and what it is worth.
fn step(cell: usize, action: usize) -> (usize, f32) {
    let next = if action == 0 { cell.saturating_sub(1) } else { cell + 1 };
    (next, f32::from(u8::from(next == CELLS - 1)))
}

#[test]
fn gradients() {
    check_some::<SmallDqn<f64>>(12);
}

#[test]
fn a_player_finds_the_way_out() -> Result<(), TrainError> {
    let transitions: Vec<(usize, usize)> = (0..CELLS - 1).flat_map(|cell| [(cell, 0), (cell, 1)]).collect();
    let frames: Vec<Frame> = transitions.iter().map(|(cell, _)| frame(*cell)).collect();
    let next_frames: Vec<Frame> = transitions.iter().map(|(cell, action)| frame(step(*cell, *action).0)).collect();

    let (mut network, mut target) = (SmallDqn::new(1), SmallDqn::new(1));
    let (mut run, mut target_run) = (Run::new(&network, frames.len()), Run::new(&target, frames.len()));
    let mut gradients = GradientSum::new(&network);
    let mut stepper = Stepper::new(&network, Adam::new(0.005));
    for round in 0..160 {
        if round % 20 == 0 {
            target.as_mut_slice().copy_from_slice(network.as_slice());
        }
        let futures = target_run.infer(&target, &next_frames)?;
        run.forward(&network, &frames)?;
        let (worths, slopes) = run.outputs_and_gradients();
        for (sample, (cell, action)) in transitions.iter().enumerate() {
            let (_, reward) = step(*cell, *action);
            let future = if reward > 0.0 { 0.0 } else { futures[sample][0].max(futures[sample][1]) };
            let error = worths[sample][*action] - (reward + DISCOUNT * future);
            // The paper clips the error to [-1, 1].
            slopes[sample][*action] = error.clamp(-1.0, 1.0) / transitions.len() as f32;
        }
        run.backward(&network, &mut gradients)?;
        stepper.step(&mut network, &mut gradients)?;
    }

    for cell in 0..CELLS - 1 {
        let [left, right] = network.predict(&frame(cell));
        let expected = DISCOUNT.powi((CELLS - 2 - cell) as i32);
        assert!(right > left && (right - expected).abs() < 0.1, "cell {cell}: {left} and {right}, expected {expected}");
    }
    Ok(())
}
