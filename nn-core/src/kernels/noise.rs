use super::kernels;
use crate::simd::Isa;
use crate::{Noise, Scalar};

kernels! {
    trait NoiseKernels<T>;

    /// Fills one sample's values with random numbers of the standard normal distribution: a function of `noise` and the
    /// element's number alone.
    pub fn fill_normal(noise: Noise, values: &mut [T]) = fill_normal_body;
}

#[inline(always)]
fn fill_normal_body<I: Isa, T: Scalar>(noise: Noise, values: &mut [T]) {
    for (element, value) in values.iter_mut().enumerate() {
        *value = T::of(noise.normal(element as u64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn numbers_have_the_moments_of_the_distribution() {
        let mut values = vec![0.0f32; 100_000];
        fill_normal(Noise::new(3, 1, 4), &mut values);
        let moment = |power: i32| values.iter().map(|value| f64::from(*value).powi(power)).sum::<f64>() / 1e5;
        for (power, expected, bound) in [(1, 0.0, 0.02), (2, 1.0, 0.02), (3, 0.0, 0.06), (4, 3.0, 0.12)] {
            assert!((moment(power) - expected).abs() < bound, "moment {power}: {}", moment(power));
        }
        let product: f64 = values.windows(2).map(|pair| f64::from(pair[0]) * f64::from(pair[1])).sum();
        assert!((product / 1e5).abs() < 0.02, "neighbours: {}", product / 1e5);
    }
}
