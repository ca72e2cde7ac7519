//! He et al. 2015, "Deep Residual Learning for Image Recognition": ResNet-18 in the form for CIFAR-10, with a 3 × 3 stem and
//! without a pool behind it.

use netform::prelude::*;

use crate::check::check_some;
use crate::data::{assert_falls, striped};

network! {
    /// Two convolutions and a way around them.
    block Basic(x: [.., channels]) {
        let y = x -> Conv2d(channels, kernel = 3, padding = 1, bias = false) -> BatchNorm -> Relu
                  -> Conv2d(channels, kernel = 3, padding = 1, bias = false) -> BatchNorm;
        x + y -> Relu
    }

    /// The same to half the height and width and twice the channels; the way around has a convolution of its own.
    block Down(x: [.., channels]) {
        let y = x -> Conv2d(2 * channels, kernel = 3, stride = 2, padding = 1, bias = false) -> BatchNorm -> Relu
                  -> Conv2d(2 * channels, kernel = 3, padding = 1, bias = false) -> BatchNorm;
        let shortcut = x -> Conv2d(2 * channels, kernel = 1, stride = 2, bias = false) -> BatchNorm;
        y + shortcut -> Relu
    }

    /// Four stages of two blocks.
    block Stages(width: usize)(image: [..]) {
        image -> stem: Conv2d(width, kernel = 3, padding = 1, bias = false) -> BatchNorm -> Relu
              -> stage1: [Basic; 2]
              -> Down -> Basic
              -> Down -> Basic
              -> Down -> Basic
    }

    /// For CIFAR-10.
    pub struct ResNet18(image: [32, 32, 3]) -> [10] {
        image -> stages: Stages(64) -> GlobalAvgPool2d -> head: Dense(10)
    }

    // What PyTorch counts for this form with ten classes: everything that is trained, without running statistics.
    assert PARAMS == 11_173_962;

    /// Narrow, for small images.
    pub struct SmallResNet(image: [8, 8, 1]) -> [3] {
        image -> stages: Stages(3) -> GlobalAvgPool2d -> head: Dense(3)
    }
}

#[test]
fn gradients() {
    check_some::<SmallResNet<f64>>(1);
}

#[test]
fn stripes_are_told_apart() {
    let mut network = SmallResNet::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(0.01)).epochs(4).batch_size(15).silent();
    let history = trainer.fit(&mut network, &striped::<8, 8, 1, 3>(60, 1)).expect("trains");
    assert_falls(&history, 0.5);
}
