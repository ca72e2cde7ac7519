use crate::simd::AlignedBox;

use super::AsNetwork;
use crate::OutOfRange;
use crate::network::Network;
use crate::scalar::Scalar;

/// A moving average of a network's weights: usually better than the weights of the last step, and calmer.
///
/// After each step, or each few, [`WeightAverage::update`] moves it: `a = δ a + (1 - δ) θ`. Running statistics of
/// normalisations move along. B. Polyak and A. Juditsky, "Acceleration of stochastic approximation by averaging" (1992); as
/// PyTorch `AveragedModel` with `get_ema_multi_avg_fn`.
///
/// ```ignore
/// let mut average = WeightAverage::new(&network, 0.999)?;
/// for (inputs, labels) in batches {
///     session.step(&mut network, inputs, labels)?;
///     average.update(&network);
/// }
/// average.network.predict(&sample);
/// ```
pub struct WeightAverage<N> {
    /// The averaged network.
    pub network: AlignedBox<N>,
    decay: f64,
}

impl<N> WeightAverage<N> {
    /// An average that starts at the network as it is. `decay`, `δ`, is the share of it that stays in an update: 0.99 averages
    /// over the last 100 updates or so.
    ///
    /// # Errors
    /// When `decay` is not in [0, 1).
    pub fn new<T, How>(network: &impl AsNetwork<T, How, Network = N>, decay: f64) -> Result<Self, OutOfRange>
    where
        T: Scalar,
        N: Network<T>,
    {
        OutOfRange::below_one("decay", decay)?;
        Ok(Self { network: network.network().clone_boxed(), decay })
    }

    /// Moves the average towards the network.
    pub fn update<T, How>(&mut self, network: &impl AsNetwork<T, How, Network = N>)
    where
        T: Scalar,
        N: Network<T>,
    {
        let (kept, fresh) = (T::of(self.decay), T::of(1.0 - self.decay));
        for (average, &weight) in self.network.as_mut_slice().iter_mut().zip(network.network().as_slice()) {
            *average = kept * *average + fresh * weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::testing::{Linear, new};

    #[test]
    fn an_average_follows_slowly() {
        let mut network = new::<f64, Linear<f64, 2, 2>>(1);
        network.bias = [1.0, 2.0];
        let mut average = WeightAverage::new(&network, 0.75).expect("in range");
        assert_eq!(average.network.bias, [1.0, 2.0]);
        network.bias = [5.0, 2.0];
        average.update(&network);
        assert_eq!(average.network.bias, [2.0, 2.0]);
        average.update(&network);
        assert_eq!(average.network.bias, [2.75, 2.0]);
        assert_eq!(average.network.weight, network.weight);
        assert!(WeightAverage::new(&network, 1.0).is_err());
    }
}
