use crate::kernels::{
    Moments, batch_norm_backward, batch_norm_forward, batch_norm_sums, column_moments, merge_moments,
};
use crate::layer::{Activations, Affine, Call, Coupled, Folded, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

/// Batch normalisation (Ioffe and Szegedy, 2015): `y = scale · (x - mean) / √(variance + epsilon) + shift` for each of
/// the `C` channels of the innermost axis, over all samples and all positions in front of it.
///
/// In `network!`: `BatchNorm(momentum = 0.99, epsilon = 0.001)`. Any shape. A training step runs in two more parts for it,
/// because every sample needs the statistics of all.
///
/// In training, mean and (biased) variance are those of the whole batch; in inference the running ones. After a step
/// `running = momentum · running + (1 - momentum) · batch`, with the biased variance, as in Keras 3
/// (`keras.layers.BatchNormalization`); PyTorch counts the momentum the other way round and takes the unbiased variance.
///
/// # Statistics
/// Forward: `[count, mean[C].., m2[C]..]`, where `count` is the number of values in a channel and `m2` the sum of their
/// squared deviations, merged as by Chan, Golub and LeVeque (1983). Backward: `[Σ d[C].., Σ d · x̂[C]..]`, where `d` is the
/// output's gradient and `x̂` the normalised input. In the backward pass `memory.statistics` holds the forward ones and
/// behind them the backward ones.
#[repr(C)]
#[derive(Debug)]
pub struct BatchNorm<const C: usize, T = f32> {
    /// `[C]`, 1 at the start.
    pub scale: [T; C],
    /// `[C]`, 0 at the start.
    pub shift: [T; C],
    /// `[C]`, 0 at the start; not trained.
    pub running_mean: [T; C],
    /// `[C]`, 1 at the start; not trained.
    pub running_variance: [T; C],
}

/// The gradient of a [`BatchNorm`].
#[repr(C)]
#[derive(Debug)]
pub struct BatchNormGradient<const C: usize, T = f32> {
    /// `[C]`
    pub scale: [T; C],
    /// `[C]`
    pub shift: [T; C],
}

crate::plain! {
    impl[const C: usize, T] BatchNorm<C, T> {
        scale: [T; C],
        shift: [T; C],
        running_mean: [T; C],
        running_variance: [T; C],
    }
}
crate::plain! { impl[const C: usize, T] BatchNormGradient<C, T> { scale: [T; C], shift: [T; C] } }

/// Scalars of forward statistics.
const fn forward_len(channels: usize) -> usize {
    1 + 2 * channels
}

/// Reads forward statistics; what may stand behind them is ignored.
fn batch_moments<T: Scalar>(channels: usize, statistics: &[T]) -> Moments<'_, T> {
    let (mean, rest) = statistics[1..].split_at(channels);
    Moments { count: statistics[0], mean, m2: &rest[..channels] }
}

impl<const C: usize, T: Scalar> BatchNorm<C, T> {
    fn moments<'m>(&'m self, pass: &Pass, statistics: &'m [T]) -> Moments<'m, T> {
        if pass.is_training() {
            return batch_moments(C, statistics);
        }
        Moments { count: T::one(), mean: &self.running_mean, m2: &self.running_variance }
    }
}

impl<const C: usize, T: Scalar> Layer<T> for BatchNorm<C, T> {
    type Config = spec::BatchNorm;
    type Gradient = BatchNormGradient<C, T>;

    const PARTS: &'static [Part] = &[
        Part::tensor("scale", Shape::new(&[C]), Role::Bias).torch(Torch::SCALE),
        Part::tensor("shift", Shape::new(&[C]), Role::Bias).torch(Torch::SHIFT),
        Part::tensor("running_mean", Shape::new(&[C]), Role::State),
        Part::tensor("running_variance", Shape::new(&[C]), Role::State).torch(Torch::SAME.called(&["running_var"])),
    ];

    fn initialize(&mut self, _call: &Call<Self::Config>, _random: &mut Random) {
        self.scale.fill(T::one());
        self.running_variance.fill(T::one());
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        if !pass.is_training() && self.is_identity(call.config.epsilon) {
            return output.copy_from_slice(input);
        }
        let moments = self.moments(pass, memory.statistics);
        batch_norm_forward(moments, T::of(call.config.epsilon), &self.scale, &self.shift, input, output);
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        memory: Memory<'_, T>,
    ) {
        let epsilon = T::of(call.config.epsilon);
        let moments = self.moments(pass, memory.statistics);
        if let Some(gradient) = gradient {
            batch_norm_sums(moments, epsilon, values.input, d_output, &mut gradient.shift, &mut gradient.scale);
        }
        if let Some(d_input) = d_input {
            let sums = pass.is_training().then(|| memory.statistics[forward_len(C)..].split_at(C));
            batch_norm_backward(moments, epsilon, &self.scale, sums, values.input, d_output, d_input);
        }
    }
}

impl<const C: usize, T: Scalar> BatchNorm<C, T> {
    /// The running variance by which nothing is divided.
    fn unit_variance(epsilon: f64) -> T {
        T::one() - T::of(epsilon)
    }

    /// Whether predictions pass this layer unchanged, because it has been folded into the one in front.
    fn is_identity(&self, epsilon: f64) -> bool {
        let unit = Self::unit_variance(epsilon);
        let is = |values: &[T; C], number: T| values.iter().all(|value| *value == number);
        is(&self.running_variance, unit)
            && is(&self.scale, T::one())
            && is(&self.shift, T::zero())
            && is(&self.running_mean, T::zero())
    }
}

/// In predictions the layer is `a · x + b` with `a = scale / √(running variance + epsilon)` and
/// `b = shift - a · running mean`. Afterwards its scale is 1, its mean 0, and its variance `1 - epsilon`; its shift is 0, or
/// `b` where the layer in front has no bias.
impl<const C: usize, T: Scalar> Folded<T> for BatchNorm<C, T> {
    fn fold_into(&mut self, call: &Call<Self::Config>, affine: &mut impl Affine<T>) {
        let (epsilon, unit) = (T::of(call.config.epsilon), Self::unit_variance(call.config.epsilon));
        for channel in 0..C {
            self.scale[channel] /= (self.running_variance[channel] + epsilon).sqrt();
            self.shift[channel] -= self.scale[channel] * self.running_mean[channel];
        }
        affine.scale_and_shift(&self.scale, &mut self.shift);
        self.scale.fill(T::one());
        self.running_mean.fill(T::zero());
        self.running_variance.fill(unit);
    }
}

impl<const C: usize, T: Scalar> Coupled<T> for BatchNorm<C, T> {
    fn forward_statistics_len(_call: &Call<Self::Config>) -> usize {
        forward_len(C)
    }

    fn backward_statistics_len(_call: &Call<Self::Config>) -> usize {
        2 * C
    }

    fn forward_statistics(&self, _call: &Call<Self::Config>, _pass: &Pass, input: &[T], partial: &mut [T]) {
        let (count, moments) = partial.split_at_mut(1);
        count[0] = T::of((input.len() / C) as f64);
        let (mean, m2) = moments.split_at_mut(C);
        column_moments(C, input, mean, m2);
    }

    fn merge_forward(_call: &Call<Self::Config>, left: &mut [T], right: &[T]) {
        merge_moments(C, left, right);
    }

    fn backward_statistics(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        input: &[T],
        d_output: &[T],
        statistics: &[T],
        partial: &mut [T],
    ) {
        let moments = self.moments(pass, statistics);
        partial.fill(T::zero());
        let (d_shift, d_scale) = partial.split_at_mut(C);
        batch_norm_sums(moments, T::of(call.config.epsilon), input, d_output, d_shift, d_scale);
    }

    fn merge_backward(_call: &Call<Self::Config>, left: &mut [T], right: &[T]) {
        for (left, right) in left.iter_mut().zip(right) {
            *left += *right;
        }
    }

    fn commit(&mut self, call: &Call<Self::Config>, statistics: &[T]) {
        let moments = batch_moments(C, statistics);
        if moments.count == T::zero() {
            return;
        }
        let kept = T::of(call.config.momentum);
        let moved = |running: T, batch: T| running * kept + batch * (T::one() - kept);
        for channel in 0..C {
            self.running_mean[channel] = moved(self.running_mean[channel], moments.mean[channel]);
            let variance = moments.m2[channel] / moments.count;
            self.running_variance[channel] = moved(self.running_variance[channel], variance);
        }
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layer::Mode;
    use crate::layers::testing::{assert_near, forward, initialized, laws};

    const ONE: spec::BatchNorm = spec::BatchNorm { momentum: 0.75, epsilon: 1.0 };

    fn statistics<const C: usize>(call: &Call<spec::BatchNorm>, pass: &Pass, input: &[f64]) -> alloc::vec::Vec<f64> {
        let norm = initialized::<BatchNorm<C, f64>>(call);
        let mut statistics = alloc::vec![f64::NAN; BatchNorm::<C, f64>::forward_statistics_len(call)];
        norm.forward_statistics(call, pass, input, &mut statistics);
        statistics
    }

    #[test]
    fn a_batch_is_normalised_by_its_own_statistics() {
        let call = Call::new(ONE, Shape::new(&[2]), Shape::new(&[2]), 0);
        let input = [1.0, 10.0, 5.0, 10.0];
        let pass = Pass::training(2, 0);
        let statistics = statistics::<2>(&call, &pass, &input);
        assert_near(&statistics, &[2.0, 3.0, 10.0, 8.0, 0.0]);
        let mut norm = initialized::<BatchNorm<2, f64>>(&call);
        (norm.scale, norm.shift) = ([2.0, 3.0], [0.5, -1.0]);
        let mut output = [f64::NAN; 4];
        let memory = Memory { statistics: &statistics, ..Memory::none() };
        norm.forward(&call, &pass, &input, &mut output, memory);
        // The variance is 4, and epsilon 1.
        let factor = 2.0 / f64::sqrt(5.0);
        assert_near(&output, &[-2.0 * factor + 0.5, -1.0, 2.0 * factor + 0.5, -1.0]);

        norm.commit(&call, &statistics);
        assert_near(&norm.running_mean, &[0.25 * 3.0, 0.25 * 10.0]);
        assert_near(&norm.running_variance, &[0.75 + 0.25 * 4.0, 0.75]);
    }

    #[test]
    fn inference_takes_the_running_statistics() {
        let call = Call::new(ONE, Shape::new(&[1]), Shape::new(&[1]), 0);
        let norm = BatchNorm { scale: [2.0], shift: [1.0], running_mean: [3.0], running_variance: [8.0] };
        assert_near(&forward(&norm, &call, &Pass::inference(2), &[3.0, 6.0]), &[1.0, 3.0]);
    }

    #[test]
    fn an_empty_batch_moves_nothing() {
        let call = Call::new(ONE, Shape::new(&[1]), Shape::new(&[1]), 0);
        let mut norm = initialized::<BatchNorm<1, f64>>(&call);
        norm.commit(&call, &statistics::<1>(&call, &Pass { samples: 0, ..Pass::inference(0) }, &[]));
        assert_eq!((norm.running_mean, norm.running_variance), ([0.0], [1.0]));
    }

    #[test]
    fn laws() {
        gradient_laws! {
            coupled BatchNorm<1, f64>, laws!(BatchNorm { momentum: 0.9, epsilon: 1e-3 }, [1], 1);
            coupled BatchNorm<1, f64>, laws!(BatchNorm { momentum: 0.9, epsilon: 1e-3 }, [1], 7);
            coupled BatchNorm<5, f64>, laws!(BatchNorm { momentum: 0.9, epsilon: 1e-3 }, [5], 1);
            coupled BatchNorm<5, f64>, laws!(BatchNorm { momentum: 0.9, epsilon: 1e-3 }, [5], 6);
            coupled BatchNorm<3, f64>, laws!(BatchNorm { momentum: 0.9, epsilon: 1e-5 }, [4, 3], 2);
            coupled BatchNorm<3, f64>, laws!(BatchNorm { momentum: 0.9, epsilon: 1e-3 }, [3, 2, 3], 3);
            coupled BatchNorm<17, f64>, laws!(BatchNorm { momentum: 0.9, epsilon: 1e-3 }, [1, 3, 17], 2);
            coupled BatchNorm<70, f64>, laws!(BatchNorm { momentum: 0.9, epsilon: 1e-2 }, [70], 3);
            coupled BatchNorm<2, f64>, laws!(BatchNorm { momentum: 0.0, epsilon: 1e-3 }, [9, 7, 2], 2);
        }
    }

    #[test]
    fn laws_in_inference() {
        let normed = |shape, samples| {
            Laws::new(Call::new(spec::BatchNorm { momentum: 0.9, epsilon: 1e-3 }, shape, shape, 0), samples)
                .mode(Mode::Inference)
                .reads(spec::BatchNorm::INFO.reads)
        };
        gradient_laws! {
            coupled BatchNorm<1, f64>, normed(Shape::new(&[1]), 1);
            coupled BatchNorm<5, f64>, normed(Shape::new(&[5]), 3);
            coupled BatchNorm<3, f64>, normed(Shape::new(&[2, 2, 3]), 2);
        }
    }
}
