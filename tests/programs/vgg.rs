//! Simonyan and Zisserman 2014, "Very Deep Convolutional Networks for Large-Scale Image Recognition": VGG-11 (configuration
//! A) in the form for CIFAR-10, with batch normalisation and one layer on top.

use netform::prelude::*;

use crate::check::check_some;
use crate::data::{assert_falls, striped};

network! {
    /// A convolution that keeps height and width.
    block Conv(filters: usize)(x: [..]) {
        x -> Conv2d(filters, kernel = 3, padding = 1) -> BatchNorm -> Relu
    }

    /// Eight convolutions and five pools: 32 × 32 pixels become one.
    block Features(width: usize)(image: [..]) {
        image -> Conv(width) -> MaxPool2d(2)
              -> Conv(2 * width) -> MaxPool2d(2)
              -> Conv(4 * width) -> Conv(4 * width) -> MaxPool2d(2)
              -> Conv(8 * width) -> Conv(8 * width) -> MaxPool2d(2)
              -> Conv(8 * width) -> Conv(8 * width) -> MaxPool2d(2)
              -> Flatten
    }

    /// For CIFAR-10.
    pub struct Vgg11(image: [32, 32, 3]) -> [10] {
        image -> features: Features(64) -> head: Dense(10)
    }

    // What PyTorch counts for this form: 9,217,728 weights and 2,752 biases of convolutions, 5,504 numbers of batch
    // normalisations, 5,130 in the head.
    assert PARAMS == 9_231_114;

    /// Narrow.
    pub struct SmallVgg(image: [32, 32, 1]) -> [3] {
        image -> features: Features(2) -> head: Dense(3)
    }
}

#[test]
fn gradients() {
    check_some::<SmallVgg<f64>>(3);
}

#[test]
fn stripes_are_told_apart() {
    let mut network = SmallVgg::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(0.02)).epochs(4).batch_size(15).silent();
    let history = trainer.fit(&mut network, &striped::<32, 32, 1, 3>(45, 1)).expect("trains");
    assert_falls(&history, 0.6);
}
