//! Hinton and Salakhutdinov 2006, "Reducing the Dimensionality of Data with Neural Networks": a deep autoencoder, here with
//! tied weights: the decoder uses the encoder's matrices the other way round.

use netform::prelude::*;

use crate::check::check;
use crate::data::assert_falls;

network! {
    /// Down to a code and up again through the same weights; the decoder has no biases.
    block Folded(first: usize, second: usize, third: usize, code: usize)(image: [pixels]) {
        let code = image -> first_layer: Dense(first) -> Sigmoid
                         -> second_layer: Dense(second) -> Sigmoid
                         -> third_layer: Dense(third) -> Sigmoid
                         -> code_layer: Dense(code);
        code -> Tied(code_layer) -> Sigmoid
             -> Tied(third_layer) -> Sigmoid
             -> Tied(second_layer) -> Sigmoid
             -> Tied(first_layer)
    }

    /// Digits of 28 × 28 pixels to 30 numbers and back, as logits.
    pub struct Autoencoder(image: [784]) -> [784] {
        image -> layers: Folded(1000, 500, 250, 30)
    }

    // The paper's 784-1000-500-250-30: 784,000 + 500,000 + 125,000 + 7,500 weights, each once, and 1,780 biases.
    assert PARAMS == 1_418_280;

    /// The same for small images.
    pub struct SmallAutoencoder(image: [16]) -> [16] {
        image -> layers: Folded(12, 8, 6, 2)
    }
}

#[test]
fn gradients() {
    check::<SmallAutoencoder<f64>>();
}

#[test]
fn pictures_of_a_spot_are_two_numbers() {
    let mut random = Random::new(1);
    let spot = |_| {
        let (x, y) = (3.0 * random.uniform(), 3.0 * random.uniform());
        core::array::from_fn(|pixel| {
            let (dx, dy) = ((pixel % 4) as f64 - x, (pixel / 4) as f64 - y);
            (-dx * dx - dy * dy).exp() as f32
        })
    };
    let images: Vec<[f32; 16]> = (0..200).map(spot).collect();
    let data: Dataset<Features<16>, Values<Features<16>>> = Dataset::from_samples(&images, &images).expect("fits");
    let mut network = SmallAutoencoder::new(1);
    let trainer = Trainer::new(BinaryCrossEntropy::new(), Adam::new(0.02)).epochs(30).silent();
    assert_falls(&trainer.fit(&mut network, &data).expect("trains"), 0.75);
}
