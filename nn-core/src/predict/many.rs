use alloc::vec::Vec;
use core::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::Output;
use crate::data::{DataError, Dataset, Label};
use crate::layer::Pass;
use crate::network::Network;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::{AlignedBox, Plain};
use crate::train::threads::Fork;
use crate::train::tiling::{Tiling, tiles_of};

/// The outputs for `count` samples; `fill` writes the inputs of some of them.
pub(super) fn predict<T: Scalar, N: Network<T>>(
    network: &N,
    count: usize,
    fill: &(impl Fn(Range<usize>, &mut [T]) + Sync),
) -> Vec<Output<T, N>> {
    let mut outputs = Output::<T, N>::zeroed_vec(count);
    let tiling = Tiling::inference::<T, N>(count);
    let [tiles, lanes] = tiling.of(count);
    // What is cut into tiles does not depend on the threads; each lane clears memory of its own, so that there are no more.
    let lanes = lanes.min(Fork::threads());
    let cut = [tiles, lanes];
    let mut rest = outputs.as_mut_slice();
    let lane = |index| {
        let tiles = tiles_of(index, cut);
        let samples = tiles.start * tiling.tile..count.min(tiles.end * tiling.tile);
        let outputs = rest.split_off_mut(..samples.len()).unwrap_or_default();
        (samples, outputs)
    };
    let mut lanes: Vec<_> = (0..lanes).map(lane).collect();
    Fork::everywhere().each(&mut lanes, &|(samples, outputs)| {
        let tile = tiling.tile.min(samples.len());
        let mut inputs = AlignedBox::<[T]>::zeros(tile * N::Input::SHAPE.len());
        let mut workspace = AlignedBox::zeros(N::INFERENCE.len(tile));
        let mut scratch = AlignedBox::zeros(N::INFERENCE.scratch);
        for (index, outputs) in outputs.chunks_mut(tile).enumerate() {
            let first = samples.start + index * tile;
            let inputs = &mut inputs[..outputs.len() * N::Input::SHAPE.len()];
            fill(first..first + outputs.len(), inputs);
            run(network, inputs, &mut workspace, &mut scratch, outputs);
        }
    });
    outputs
}

/// The outputs of one tile.
fn run<T: Scalar, N: Network<T>>(
    network: &N,
    inputs: &[T],
    workspace: &mut [T],
    scratch: &mut [T],
    outputs: &mut [Output<T, N>],
) {
    let samples = outputs.len();
    let workspace = &mut workspace[..N::INFERENCE.len(samples)];
    network.infer(&Pass::inference(samples), inputs, workspace, scratch, &mut ());
    let found = &workspace[N::INFERENCE.output.range(samples)];
    for (output, found) in outputs.iter_mut().zip(found.chunks_exact(N::Output::SHAPE.len())) {
        output.as_mut_slice().copy_from_slice(found);
    }
}

/// The outputs for all samples of a data set.
pub(super) fn predict_data<T: Scalar, N: Network<T>, X: SampleShape, Y: Label>(
    network: &N,
    data: &Dataset<X, Y>,
) -> Result<Vec<Output<T, N>>, DataError> {
    let fault = Mutex::new(None);
    let outputs = predict(network, data.len(), &|samples: Range<usize>, inputs: &mut [T]| {
        for (sample, input) in samples.zip(inputs.chunks_exact_mut(X::SHAPE.len())) {
            if let Err(error) = data.try_fill_inputs(&[sample as u32], input) {
                *fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        }
    });
    fault.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(outputs), Err)
}
