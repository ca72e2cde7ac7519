use crate::kernels::{
    Join, Moments, batch_norm_forward, batch_norm_sums, group_moments, group_norm_backward, join_assign,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

/// Declares a layer that normalises groups of channels; the function gives their number.
macro_rules! group_norm {
    ($(#[$meta:meta])* $name:ident, $groups:expr) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name<const C: usize, T = f32> {
            /// `[C]`, 1 at the start.
            pub scale: [T; C],
            /// `[C]`, 0 at the start.
            pub shift: [T; C],
        }

        crate::plain! { impl[const C: usize, T] $name<C, T> { scale: [T; C], shift: [T; C] } }

        impl<const C: usize, T: Scalar> Layer<T> for $name<C, T> {
            type Config = spec::$name;
            type Gradient = Self;

            const PARTS: &'static [Part] = &[
                Part::tensor("scale", Shape::new(&[C]), Role::Bias).torch(Torch::SCALE),
                Part::tensor("shift", Shape::new(&[C]), Role::Bias).torch(Torch::SHIFT),
            ];

            fn initialize(&mut self, _call: &Call<Self::Config>, _random: &mut Random) {
                self.scale.fill(T::one());
            }

            fn forward(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                input: &[T],
                output: &mut [T],
                memory: Memory<'_, T>,
            ) {
                let (samples, epsilon) = (call.input.len(), T::of(call.config.epsilon));
                for (input, output) in input.chunks_exact(samples).zip(output.chunks_exact_mut(samples)) {
                    let (moments, _) = statistics($groups(&call.config, C), C, input, memory.scratch);
                    batch_norm_forward(moments, epsilon, &self.scale, &self.shift, input, output);
                }
            }

            fn backward(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                values: Activations<'_, T>,
                d_output: &mut [T],
                mut d_input: Option<&mut [T]>,
                mut gradient: Option<&mut Self::Gradient>,
                memory: Memory<'_, T>,
            ) {
                let (sample, epsilon) = (call.input.len(), T::of(call.config.epsilon));
                let groups = $groups(&call.config, C);
                let samples = values.input.chunks_exact(sample).zip(d_output.chunks_exact(sample));
                for (index, (input, d_output)) in samples.enumerate() {
                    let (moments, [d_shift, d_scale]) = statistics(groups, C, input, memory.scratch);
                    batch_norm_sums(moments, epsilon, input, d_output, d_shift, d_scale);
                    if let Some(gradient) = &mut gradient {
                        join_assign(Join::Add, &mut gradient.shift, d_shift);
                        join_assign(Join::Add, &mut gradient.scale, d_scale);
                    }
                    if let Some(d_input) = &mut d_input {
                        let d_input = &mut d_input[index * sample..][..sample];
                        let sums = (d_shift, d_scale);
                        group_norm_backward(groups, moments, epsilon, &self.scale, sums, input, d_output, d_input);
                    }
                }
            }
        }

        impl spec::$name {
            /// Elements of scratch memory: four numbers for each channel.
            pub const fn scratch(&self, input: Shape) -> usize {
                4 * input.last()
            }

            /// As much for predictions.
            pub const fn forward_scratch(&self, input: Shape, _samples: usize) -> usize {
                self.scratch(input)
            }
        }
    };
}

group_norm! {
    /// Group normalisation (Wu and He, 2018): `y = scale · (x - mean) / √(variance + epsilon) + shift`, with mean and (biased)
    /// variance of a group of neighbouring channels over all positions, for each sample by itself.
    ///
    /// In `network!`: `GroupNorm(groups, epsilon = 0.00001)`; the groups divide the `C` channels of the innermost axis. Any
    /// shape. As PyTorch's `GroupNorm`.
    GroupNorm, |config: &spec::GroupNorm, _| config.groups
}
group_norm! {
    /// Instance normalisation (Ulyanov, Vedaldi and Lempitsky, 2016): `y = scale · (x - mean) / √(variance + epsilon) + shift`,
    /// with mean and (biased) variance of each channel over all positions, for each sample by itself.
    ///
    /// In `network!`: `InstanceNorm(epsilon = 0.00001)`. Any shape with positions: `[time, C]`, `[height, width, C]`. As
    /// PyTorch's `InstanceNorm2d(affine=True)`.
    InstanceNorm, |_: &spec::InstanceNorm, channels| channels
}

/// The moments of one sample, and two sums of 0 for each channel; all of them lie in `scratch`.
fn statistics<'s, T: Scalar>(
    groups: usize,
    channels: usize,
    input: &[T],
    scratch: &'s mut [T],
) -> (Moments<'s, T>, [&'s mut [T]; 2]) {
    let (mean, rest) = scratch.split_at_mut(channels);
    let (m2, sums) = rest.split_at_mut(channels);
    group_moments(groups, input, mean, m2);
    let (first, second) = sums[..2 * channels].split_at_mut(channels);
    first.fill(T::zero());
    second.fill(T::zero());
    (Moments { count: T::of((input.len() / groups) as f64), mean, m2 }, [first, second])
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};

    #[test]
    fn channels_of_a_group_share_their_statistics() {
        let mut norm = initialized::<GroupNorm<4, f64>>(&call!(GroupNorm { groups: 2, epsilon: 1.0 }, [2, 4]));
        norm.shift[3] = 10.0;
        let input = [0.0, 2.0, 5.0, 5.0, 2.0, 4.0, 5.0, 5.0];
        // Means 2 and 5, variances 2 and 0.
        let unit = 2.0 / f64::sqrt(3.0);
        let expected = [-unit, 0.0, 0.0, 10.0, 0.0, unit, 0.0, 10.0];
        let call = call!(GroupNorm { groups: 2, epsilon: 1.0 }, [2, 4]);
        assert_near(&forward(&*norm, &call, &Pass::inference(1), &input), &expected);
    }

    #[test]
    fn an_instance_is_one_channel_of_one_sample() {
        let call = call!(InstanceNorm { epsilon: 3.0 }, [2, 2]);
        let norm = InstanceNorm { scale: [2.0, 1.0], shift: [0.0, 1.0] };
        // Variances 1 and 0, then 0 and 6.25.
        let input = [1.0, 7.0, 3.0, 7.0, 4.0, 0.0, 4.0, 5.0];
        let last = 2.5 / f64::sqrt(9.25);
        let expected = [-1.0, 1.0, 1.0, 1.0, 0.0, 1.0 - last, 0.0, 1.0 + last];
        assert_near(&forward(&norm, &call, &Pass::inference(2), &input), &expected);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            GroupNorm<1, f64>, laws!(GroupNorm { groups: 1, epsilon: 1e-1 }, [1], 1).scratch(4);
            GroupNorm<6, f64>, laws!(GroupNorm { groups: 2, epsilon: 1e-2 }, [6], 3).scratch(24);
            GroupNorm<6, f64>, laws!(GroupNorm { groups: 1, epsilon: 1e-5 }, [6], 2).scratch(24);
            GroupNorm<6, f64>, laws!(GroupNorm { groups: 3, epsilon: 1e-3 }, [4, 6], 2).scratch(24);
            GroupNorm<4, f64>, laws!(GroupNorm { groups: 4, epsilon: 1e-3 }, [3, 2, 4], 3).scratch(16);
            GroupNorm<15, f64>, laws!(GroupNorm { groups: 5, epsilon: 1e-5 }, [1, 3, 15], 2).scratch(60);
            GroupNorm<70, f64>, laws!(GroupNorm { groups: 7, epsilon: 1e-5 }, [70], 2).scratch(280);
            GroupNorm<2, f64>, laws!(GroupNorm { groups: 1, epsilon: 1e-5 }, [5, 3, 2], 2).scratch(8);
            GroupNorm<2, f64>, laws!(GroupNorm { groups: 2, epsilon: 1e-5 }, [2, 2, 3, 1, 2], 1).scratch(8);
        }
    }

    #[test]
    fn laws_of_instances() {
        gradient_laws! {
            InstanceNorm<1, f64>, laws!(InstanceNorm { epsilon: 1e-1 }, [1, 1], 1).scratch(4);
            InstanceNorm<1, f64>, laws!(InstanceNorm { epsilon: 1e-2 }, [7, 1], 3).scratch(4);
            InstanceNorm<5, f64>, laws!(InstanceNorm { epsilon: 1e-2 }, [3, 5], 2).scratch(20);
            InstanceNorm<3, f64>, laws!(InstanceNorm { epsilon: 1e-5 }, [3, 2, 3], 3).scratch(12);
            InstanceNorm<17, f64>, laws!(InstanceNorm { epsilon: 1e-3 }, [1, 3, 17], 2).scratch(68);
            InstanceNorm<66, f64>, laws!(InstanceNorm { epsilon: 1e-3 }, [3, 66], 1).scratch(264);
            InstanceNorm<2, f64>, laws!(InstanceNorm { epsilon: 1e-5 }, [5, 3, 2], 2).scratch(8);
            InstanceNorm<2, f64>, laws!(InstanceNorm { epsilon: 1e-5 }, [2, 2, 3, 1, 2], 1).scratch(8);
        }
    }
}
