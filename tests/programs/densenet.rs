//! Huang et al. 2016, "Densely Connected Convolutional Networks": DenseNet with 40 layers and a growth of 12, for CIFAR-10:
//! each layer sees what all layers before it in its block have made.

use netform::prelude::*;

use crate::check::check_some;
use crate::data::{assert_falls, striped};

network! {
    /// Adds `growth` channels to those that are there.
    block Layer(growth: usize)(x: [..]) {
        concat(x, x -> BatchNorm -> Relu -> Conv2d(growth, kernel = 3, padding = same, bias = false))
    }

    /// Four layers.
    block Four(growth: usize)(x: [..]) {
        x -> Layer(growth) -> Layer(growth) -> Layer(growth) -> Layer(growth)
    }

    /// Between two dense blocks: half the height and width.
    block Transition(x: [.., channels]) {
        x -> BatchNorm -> Relu -> Conv2d(channels, kernel = 1, bias = false) -> AvgPool2d(2)
    }

    /// Three dense blocks of twelve layers.
    pub struct DenseNet40(image: [32, 32, 3]) -> [10] {
        image -> stem: Conv2d(16, kernel = 3, padding = same, bias = false)
              -> Four(12) -> Four(12) -> Four(12) -> first: Transition
              -> Four(12) -> Four(12) -> Four(12) -> second: Transition
              -> Four(12) -> Four(12) -> Four(12) -> BatchNorm -> Relu
              -> GlobalAvgPool2d -> head: Dense(10)
    }

    // The paper's 1.0 million; 1,019,722 are counted for the form without biases in the convolutions.
    assert PARAMS == 1_019_722;

    /// One narrow dense block of four layers, and two more behind a transition.
    pub struct SmallDenseNet(image: [8, 8, 1]) -> [3] {
        image -> stem: Conv2d(3, kernel = 3, padding = same, bias = false)
              -> Four(2) -> first: Transition -> Layer(2) -> Layer(2) -> BatchNorm -> Relu
              -> GlobalAvgPool2d -> head: Dense(3)
    }
}

#[test]
fn gradients() {
    check_some::<SmallDenseNet<f64>>(4);
}

#[test]
fn stripes_are_told_apart() {
    let mut network = SmallDenseNet::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(0.02)).epochs(5).batch_size(15).silent();
    let history = trainer.fit(&mut network, &striped::<8, 8, 1, 3>(60, 1)).expect("trains");
    assert_falls(&history, 0.5);
}
