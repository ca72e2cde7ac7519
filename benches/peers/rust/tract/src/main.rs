//! tract: one sample, from the ONNX models that `run` has written to the folder of the argument.

use protocol::{Work, values};
use std::hint::black_box;
use tract_onnx::prelude::*;

fn main() {
    let folder = std::env::args().nth(1).expect("tract-peer FOLDER");
    protocol::serve(|task| match *task {
        [name, "forward", "1"] => one(&format!("{folder}/{name}.onnx")).ok(),
        _ => None,
    })
}

fn one(path: &str) -> TractResult<Work> {
    let model = tract_onnx::onnx().model_for_path(path)?.into_optimized()?;
    let shape = model.input_fact(0)?.shape.as_concrete().expect("the model says its sizes").to_vec();
    let input: TValue = Tensor::from_shape(&shape, &values(shape.iter().product()))?.into();
    let model = model.into_runnable()?;
    let mut state = model.spawn()?;
    Ok(Box::new(move || {
        black_box(state.run(tvec!(input.clone())).expect("the shapes fit"));
    }))
}
