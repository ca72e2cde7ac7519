/// `share · sample + (1 − share) · partner`: H. Zhang et al., "mixup: beyond empirical risk minimization" (2018).
pub(super) fn blend(share: f64, sample: &mut [f32], partner: &[f32]) {
    let share = share as f32;
    sample.iter_mut().zip(partner).for_each(|(value, &other)| *value = share * *value + (1.0 - share) * other);
}
