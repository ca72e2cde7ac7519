//! LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition": LeNet-5, with a `Dense` head in place of
//! radial basis functions and with every map of the second convolution connected, as is usual since.

use netform::data::fashion_mnist;
use netform::prelude::*;

use crate::check::check_some;
use crate::data::assert_falls;

network! {
    /// Two convolutions with pools, three layers on top.
    block Layers(filters: usize, hidden: usize, classes: usize)(image: [..]) {
        image -> Conv2d(filters, kernel = 5, padding = same) -> Tanh -> AvgPool2d(2)
              -> Conv2d(16 * filters / 6, kernel = 5) -> Tanh -> AvgPool2d(2)
              -> Flatten -> Dense(hidden) -> Tanh -> Dense(7 * hidden / 10) -> Tanh -> Dense(classes)
    }

    /// For images of 28 × 28 pixels, which the first convolution pads to 32 × 32.
    pub struct LeNet5(image: [28, 28, 1]) -> [10] {
        image -> layers: Layers(6, 120, 10)
    }

    // 156 + 2,416 in the convolutions, 48,120 + 10,164 + 850 above; the paper's sparse connections make it 60,000.
    assert PARAMS == 61_706 && FLOPS < 1_000_000;

    /// Narrow, and at half the resolution.
    pub struct SmallLeNet(image: [28, 28, 1]) -> [10] {
        image -> AvgPool2d(2) -> layers: Layers(3, 30, 10)
    }
}

#[test]
fn gradients() {
    check_some::<SmallLeNet<f64>>(6);
    check_some::<LeNet5<f64>>(1);
}

#[test]
fn clothes_are_told_apart() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/fashion-mnist");
    let (_, test) = fashion_mnist::load(folder).expect("lies in the repository");
    let (train, _) = test.split(0.2, 1).expect("a share");
    let mut network = SmallLeNet::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(0.01)).epochs(3).batch_size(10).silent();
    let history = trainer.fit(&mut network, &train).expect("trains");
    assert_falls(&history, 0.7);
}
