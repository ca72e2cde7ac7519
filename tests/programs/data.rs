//! Samples to learn from, made on the spot.

use netform::prelude::*;
use netform::train::History;

/// Grey or coloured images whose class is the direction of their stripes, somewhere, and with noise.
pub(crate) fn stripes<const H: usize, const W: usize, const C: usize>(
    classes: usize,
    count: usize,
    seed: u64,
) -> Vec<([[[f32; C]; W]; H], u32)> {
    let mut random = Random::new(seed);
    let image = |sample| {
        let class = sample % classes;
        let angle = core::f64::consts::PI * class as f64 / classes as f64;
        let phase = core::f64::consts::TAU * random.uniform();
        let pixel = |row: usize, column: usize| 1.5 * (row as f64 * angle.cos() + column as f64 * angle.sin()) + phase;
        let mut image = [[[0.0; C]; W]; H];
        for (row, pixels) in image.iter_mut().enumerate() {
            for (column, channels) in pixels.iter_mut().enumerate() {
                channels.fill_with(|| (0.5 + 0.5 * pixel(row, column).sin() + 0.1 * random.normal()) as f32);
            }
        }
        (image, class as u32)
    };
    (0..count).map(image).collect()
}

/// [`stripes`] as a data set.
pub(crate) fn striped<const H: usize, const W: usize, const C: usize, const N: usize>(
    count: usize,
    seed: u64,
) -> Dataset<Image<H, W, C>, Classes<N>> {
    let (images, labels): (Vec<_>, Vec<_>) = stripes(N, count, seed).into_iter().unzip();
    Dataset::from_samples(&images, &labels).expect("images and classes fit")
}

/// Panics unless the loss of the last epoch is at most this share of that of the first.
pub(crate) fn assert_falls(history: &History, share: f64) {
    let loss = |epoch: Option<&netform::train::Epoch>| epoch.map_or(f64::NAN, |epoch| epoch.training.loss);
    let (first, last) = (loss(history.epochs.first()), loss(history.epochs.last()));
    assert!(last <= share * first, "the loss went from {first} to {last}\n{history}");
}
