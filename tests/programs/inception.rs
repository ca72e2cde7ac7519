//! Szegedy et al. 2014, "Going Deeper with Convolutions": the first two Inception modules of GoogLeNet, four ways side by
//! side.

use netform::prelude::*;

use crate::check::check_some;
use crate::data::{assert_falls, striped};

network! {
    /// A convolution with `Relu`.
    block Conv(filters: usize, kernel: usize)(x: [..]) {
        x -> Conv2d(filters, kernel = kernel, padding = same) -> Relu
    }

    /// Windows of three sizes and a pool; the larger windows see fewer channels.
    block Inception(one: usize, reduce3: usize, three: usize, reduce5: usize, five: usize, pooled: usize)(x: [..]) {
        concat(
            x -> Conv(one, 1),
            x -> Conv(reduce3, 1) -> Conv(three, 3),
            x -> Conv(reduce5, 1) -> Conv(five, 5),
            x -> MaxPool2d(3, stride = 1, padding = same) -> Conv(pooled, 1),
        )
    }

    /// The module 3a alone.
    pub struct Inception3a(x: [28, 28, 192]) -> [28, 28, 256] {
        x -> Inception(64, 96, 128, 16, 32, 32)
    }

    // Table 1 of the paper has 159K, in units of 1024: the 163,328 weights. 368 biases come on top.
    assert PARAMS == 163_328 + 368;

    /// The module 3b behind it.
    pub struct Inception3b(x: [28, 28, 256]) -> [28, 28, 480] {
        x -> Inception(128, 128, 192, 32, 96, 64)
    }

    // The paper's 380K: 388,096 weights; 640 biases.
    assert PARAMS == 388_096 + 640;

    /// Two narrow modules and a head.
    pub struct SmallInception(image: [8, 8, 1]) -> [3] {
        image -> Inception(2, 2, 3, 1, 2, 1) -> MaxPool2d(2) -> Inception(2, 2, 3, 2, 2, 2)
              -> GlobalAvgPool2d -> Dropout(0.1) -> head: Dense(3)
    }
}

#[test]
fn gradients() {
    check_some::<SmallInception<f64>>(5);
}

#[test]
fn stripes_are_told_apart() {
    let mut network = SmallInception::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(0.03)).epochs(10).batch_size(15).silent();
    let history = trainer.fit(&mut network, &striped::<8, 8, 1, 3>(60, 1)).expect("trains");
    assert_falls(&history, 0.6);
}
