use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::trial::Trial;
use crate::layer::{Coupled, Layer, Mode};

/// How a batch gets its statistics.
pub(super) trait Statistics<L: Layer<f64>>: Sized {
    /// Those that forward wants.
    fn forward(trial: &Trial<L, Self>, tiles: &[Range<usize>]) -> Vec<f64>;
    /// Those that backward wants: the forward ones, and the backward ones behind them.
    fn backward(trial: &Trial<L, Self>, tiles: &[Range<usize>], forward: &[f64]) -> Vec<f64>;
}

/// Samples do not know of each other.
pub(super) struct Apart;

impl<L: Layer<f64>> Statistics<L> for Apart {
    fn forward(_trial: &Trial<L, Self>, _tiles: &[Range<usize>]) -> Vec<f64> {
        Vec::new()
    }

    fn backward(_trial: &Trial<L, Self>, _tiles: &[Range<usize>], _forward: &[f64]) -> Vec<f64> {
        Vec::new()
    }
}

/// Samples are coupled; in inference they are not.
pub(super) struct Together;

impl<L: Coupled<f64>> Statistics<L> for Together {
    fn forward(trial: &Trial<L, Self>, tiles: &[Range<usize>]) -> Vec<f64> {
        if trial.laws.mode == Mode::Inference {
            return Vec::new();
        }
        let call = &trial.laws.call;
        let partials = tiles.iter().map(|tile| {
            let mut partial = vec![f64::NAN; L::forward_statistics_len(call)];
            trial.layer.forward_statistics(call, &trial.pass(tile), &trial.input[trial.inputs(tile)], &mut partial);
            partial
        });
        merged(partials, |left, right| L::merge_forward(call, left, right))
    }

    fn backward(trial: &Trial<L, Self>, tiles: &[Range<usize>], forward: &[f64]) -> Vec<f64> {
        if trial.laws.mode == Mode::Inference {
            return Vec::new();
        }
        let call = &trial.laws.call;
        let partials = tiles.iter().map(|tile| {
            let mut partial = vec![f64::NAN; L::backward_statistics_len(call)];
            let (input, d_output) = (&trial.input[trial.inputs(tile)], &trial.d_output[trial.outputs(tile)]);
            trial.layer.backward_statistics(call, &trial.pass(tile), input, d_output, forward, &mut partial);
            partial
        });
        let backward = merged(partials, |left, right| L::merge_backward(call, left, right));
        [forward, &backward].concat()
    }
}

fn merged(mut partials: impl Iterator<Item = Vec<f64>>, merge: impl Fn(&mut [f64], &[f64])) -> Vec<f64> {
    let mut total = partials.next().unwrap_or_default();
    partials.for_each(|partial| merge(&mut total, &partial));
    total
}
