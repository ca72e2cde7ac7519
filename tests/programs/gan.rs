//! Radford, Metz and Chintala 2015, "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
//! Networks": a generator and a discriminator that learn from each other. The generator enlarges and convolves in place of
//! transposed convolutions (Odena et al. 2016, "Deconvolution and Checkerboard Artifacts"): as many weights.

use netform::prelude::*;
use netform::train::TrainError;

use crate::check::check_some;

network! {
    /// Twice as large.
    block Rise(filters: usize)(x: [..]) {
        x -> UpSample2d -> Conv2d(filters, kernel = 4, padding = same, bias = false) -> BatchNorm -> Relu
    }

    /// Half as large.
    block Fall(filters: usize)(x: [..]) {
        x -> Conv2d(filters, kernel = 4, stride = 2, padding = 1, bias = false) -> BatchNorm -> LeakyRelu(0.2)
    }

    /// From noise to an image of 64 × 64 pixels.
    pub struct Generator(noise: [100]) -> [64, 64, 3] {
        noise -> Dense(4 * 4 * 512, bias = false) -> Reshape([4, 4, 512]) -> BatchNorm -> Relu
              -> Rise(256) -> Rise(128) -> Rise(64)
              -> UpSample2d -> Conv2d(3, kernel = 4, padding = same, bias = false) -> Tanh
    }

    // What PyTorch's tutorial of DCGAN has.
    assert PARAMS == 3_576_704;

    /// Whether an image is real, as a logit.
    pub struct Discriminator(image: [64, 64, 3]) -> [1] {
        image -> Conv2d(64, kernel = 4, stride = 2, padding = 1, bias = false) -> LeakyRelu(0.2)
              -> Fall(128) -> Fall(256) -> Fall(512)
              -> Flatten -> Dense(1, bias = false)
    }

    // As there: the last convolution sees all of its input, so it is a `Dense`.
    assert PARAMS == 2_765_568;

    /// From noise to an image of 8 × 8 pixels.
    pub struct SmallGenerator(noise: [4]) -> [8, 8, 1] {
        noise -> Dense(2 * 2 * 6, bias = false) -> Reshape([2, 2, 6]) -> BatchNorm -> Relu
              -> Rise(4) -> UpSample2d -> Conv2d(1, kernel = 4, padding = same, bias = false) -> Tanh
    }

    /// Whether a small image is real.
    pub struct SmallDiscriminator(image: [8, 8, 1]) -> [1] {
        image -> Conv2d(4, kernel = 4, stride = 2, padding = 1, bias = false) -> LeakyRelu(0.2)
              -> Fall(6) -> Flatten -> Dense(1, bias = false)
    }
}

type Picture = [[[f32; 1]; 8]; 8];

const BATCH: usize = 16;

#[test]
fn gradients() {
    check_some::<SmallGenerator<f64>>(8);
    check_some::<SmallDiscriminator<f64>>(8);
}

/// How far the mean picture of a batch is from bright on the left and dark on the right.
fn distance(pictures: &[Picture]) -> f32 {
    let mean = |row: usize, column: usize| {
        pictures.iter().map(|picture| picture[row][column][0]).sum::<f32>() / pictures.len() as f32
    };
    let pixels = (0..64).map(|pixel| (mean(pixel / 8, pixel % 8) - tone(pixel % 8)).powi(2));
    (pixels.sum::<f32>() / 64.0).sqrt()
}

fn tone(column: usize) -> f32 {
    if column < 4 { 0.8 } else { -0.8 }
}

#[test]
fn a_generator_learns_what_pictures_look_like() -> Result<(), TrainError> {
    let (mut generator, mut discriminator) = (SmallGenerator::new(1), SmallDiscriminator::new(2));
    let (mut maker, mut judge) = (Run::new(&generator, BATCH), Run::new(&discriminator, BATCH));
    let (mut maker_sums, mut judge_sums) = (GradientSum::new(&generator), GradientSum::new(&discriminator));
    let mut maker_steps = Stepper::new(&generator, Adam::new(0.01).betas(0.5, 0.999));
    let mut judge_steps = Stepper::new(&discriminator, Adam::new(0.005).betas(0.5, 0.999));
    let (loss, real, made) = (BinaryCrossEntropy::new(), [[1.0]; BATCH], [[0.0]; BATCH]);
    let mut random = Random::new(3);
    let mut distances = Vec::new();
    for _ in 0..80 {
        let mut picture = || -> Picture {
            core::array::from_fn(|_| core::array::from_fn(|column| [tone(column) + 0.1 * random.normal() as f32]))
        };
        let pictures: [Picture; BATCH] = core::array::from_fn(|_| picture());
        let noise: [[f32; 4]; BATCH] = [(); BATCH].map(|()| [(); 4].map(|()| random.normal() as f32));

        // The discriminator sees real pictures, then made ones.
        judge.forward(&discriminator, &pictures)?;
        judge.loss(&loss, Values::default(), &real)?;
        judge.backward(&discriminator, &mut judge_sums)?;
        let pictures = maker.forward(&generator, &noise)?;
        distances.push(distance(pictures));
        judge.forward(&discriminator, pictures)?;
        judge.loss(&loss, Values::default(), &made)?;
        judge.backward(&discriminator, &mut judge_sums)?;
        judge_steps.step(&mut discriminator, &mut judge_sums)?;

        // The generator learns what would have been taken for real.
        judge.forward(&discriminator, maker.outputs())?;
        judge.loss(&loss, Values::default(), &real)?;
        let slopes = judge.backward_to_input(&discriminator, None)?;
        maker.output_gradients().copy_from_slice(slopes);
        maker.backward(&generator, &mut maker_sums)?;
        maker_steps.step(&mut generator, &mut maker_sums)?;
    }
    let (first, last) = (distances[0], distances[70..].iter().sum::<f32>() / 10.0);
    assert!(last < 0.5 * first, "{distances:?}");
    Ok(())
}
