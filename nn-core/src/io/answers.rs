//! What a network says about the classes of samples.

use alloc::vec::Vec;
use core::any::TypeId;

use crate::network::{LogProbabilities, Network, Scores};
use crate::scalar::Scalar;

/// The probabilities that a network's output stands for: of scores their softmax, of logarithms their exponentials.
pub(super) fn probabilities<T: Scalar, N: Network<T>>(output: &[T]) -> Vec<f64> {
    let wide = output.iter().map(|value| value.wide());
    let kind = TypeId::of::<N::Kind>();
    if kind == TypeId::of::<Scores>() {
        let greatest = wide.clone().fold(f64::NEG_INFINITY, f64::max);
        let powers: Vec<f64> = wide.map(|value| (value - greatest).exp()).collect();
        let sum: f64 = powers.iter().sum();
        powers.into_iter().map(|power| power / sum).collect()
    } else if kind == TypeId::of::<LogProbabilities>() {
        wide.map(f64::exp).collect()
    } else {
        wide.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::testing::Tiny;

    #[test]
    fn scores_become_probabilities_without_overflow() {
        let found = probabilities::<f64, Tiny<f64>>(&[1000.0, 1000.0 + 3f64.ln()]);
        assert!((found[0] - 0.25).abs() < 1e-12 && (found[1] - 0.75).abs() < 1e-12, "{found:?}");
    }
}
