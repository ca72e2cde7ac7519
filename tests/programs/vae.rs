//! Kingma and Welling 2013, "Auto-Encoding Variational Bayes": the encoder gives the mean and the logarithm of the variance
//! of a code, the decoder draws from a code that is sampled there.

use netform::prelude::*;

use crate::check::check;
use crate::data::assert_falls;

network! {
    /// Two heads on one hidden layer: where a code lies, and how far it spreads.
    block Encoder(hidden: usize, latent: usize)(image: [..]) {
        let features = image -> Dense(hidden) -> Tanh;
        (features -> mean: Dense(latent), features -> log_variance: Dense(latent))
    }

    /// From a code to an image, as logits.
    block Decoder(hidden: usize, pixels: usize)(code: [..]) {
        code -> Dense(hidden) -> Tanh -> Dense(pixels)
    }

    /// A code is the mean and some noise in training, the mean alone in inference.
    block Variational(hidden: usize = 500, latent: usize = 20)(image: [pixels]) {
        let (mean, log_variance) = image -> encoder: Encoder(hidden, latent);
        let code = mean + exp(log_variance / 2) * standard_normal(mean);
        let drawn = code -> decoder: Decoder(hidden, pixels);
        (drawn, mean, log_variance)
    }

    /// The paper's network for MNIST.
    pub struct Vae(image: [784]) -> (drawn: [784], mean: [20], log_variance: [20]) {
        image -> layers: Variational
    }

    // 392,500 + 2 · 10,020 in the encoder, 10,500 + 392,784 in the decoder.
    assert PARAMS == 815_824;

    /// The same for small images.
    pub struct SmallVae(image: [9]) -> (drawn: [9], mean: [2], log_variance: [2]) {
        image -> layers: Variational(hidden = 6, latent = 2)
    }
}

/// The target of a sample: its image, and nothing for the two heads of the code.
type Target = ([f32; 9], [f32; 2], [f32; 2]);
type Labels = (Values<Features<9>>, Values<Features<2>>, Values<Features<2>>);

/// How badly the image is drawn, and how far the code is from a standard normal one: `½ Σ (μ² + σ² − ln σ² − 1)`.
fn evidence_bound(output: &SmallVaeOutput, target: &Target, gradient: &mut SmallVaeOutput) -> f64 {
    let mut loss = 0.0;
    for pixel in 0..9 {
        let (logit, ink) = (output.drawn[pixel], target.0[pixel]);
        loss += f64::from(logit.max(0.0) - ink * logit + (-logit.abs()).exp().ln_1p());
        gradient.drawn[pixel] = 1.0 / (1.0 + (-logit).exp()) - ink;
    }
    for axis in 0..2 {
        let (mean, log_variance) = (output.mean[axis], output.log_variance[axis]);
        let variance = log_variance.exp();
        loss += f64::from((mean * mean + variance - log_variance - 1.0) / 2.0);
        gradient.mean[axis] = mean;
        gradient.log_variance[axis] = (variance - 1.0) / 2.0;
    }
    loss
}

#[test]
fn gradients() {
    check::<SmallVae<f64>>();
}

#[test]
fn bars_and_columns_are_drawn_from_codes() {
    let bar = |sample: usize| -> [f32; 9] {
        let inked = |pixel: usize| if sample.is_multiple_of(2) { pixel / 3 } else { pixel % 3 } == sample / 2 % 3;
        core::array::from_fn(|pixel| f32::from(u8::from(inked(pixel))))
    };
    let images: Vec<[f32; 9]> = (0..120).map(bar).collect();
    let targets: Vec<Target> = images.iter().map(|image| (*image, [0.0; 2], [0.0; 2])).collect();
    let data: Dataset<Features<9>, Labels> = Dataset::from_samples(&images, &targets).expect("fits");
    let mut network = SmallVae::new(1);
    let trainer = Trainer::new(loss_fn(evidence_bound), Adam::new(0.03)).epochs(30).silent();
    assert_falls(&trainer.fit(&mut network, &data).expect("trains"), 0.85);
    // No noise in inference: the same image has the same code, and drawing is a function of it.
    let [first, again] = [0, 6].map(|sample| network.predict(&images[sample]));
    assert_eq!(first, again);
}
