//! Koch, Zemel and Salakhutdinov 2015, "Siamese Neural Networks for One-shot Image Recognition": two images go through one
//! tower, and the distance of their codes says whether they show the same character.

use netform::prelude::*;

use crate::check::check_some;
use crate::data::{assert_falls, stripes};

network! {
    /// From an image to its code.
    block Tower(filters: usize = 64, code: usize = 4096, first: usize = 10, second: usize = 7, third: usize = 4)(image: [..]) {
        image -> Conv2d(filters, kernel = first) -> Relu -> MaxPool2d(2)
              -> Conv2d(2 * filters, kernel = second) -> Relu -> MaxPool2d(2)
              -> Conv2d(2 * filters, kernel = third) -> Relu -> MaxPool2d(2)
              -> Conv2d(4 * filters, kernel = third) -> Relu -> Flatten
              -> Dense(code) -> Sigmoid
    }

    /// Whether two images show the same, as a logit.
    pub struct Siamese(left: [105, 105, 1], right: [105, 105, 1]) -> [1] {
        let a = left -> tower: Tower;
        let b = right -> tower;
        abs(a - b) -> head: Dense(1)
    }

    // The tower once: 6,464 + 401,536 + 262,272 + 524,544 in the convolutions, 9216 · 4096 + 4096 in the code, and the head's
    // 4097: what Keras counts for this network.
    assert PARAMS == 38_951_745;

    /// The same for small images.
    pub struct SmallSiamese(left: [14, 14, 1], right: [14, 14, 1]) -> [1] {
        let a = left -> tower: Tower(filters = 3, code = 4, first = 3, second = 2, third = 1);
        let b = right -> tower;
        abs(a - b) -> head: Dense(1)
    }
}

#[test]
fn gradients() {
    check_some::<SmallSiamese<f64>>(12);
}

#[test]
fn images_of_one_kind_are_told_from_images_of_two() {
    let images = stripes::<14, 14, 1>(2, 100, 1);
    let pair = |index: usize| {
        let ((left, class), (right, other)) = (images[index], images[(index * 7 + index / 2) % images.len()]);
        (SmallSiameseInput { left, right }, [f32::from(u8::from(class == other))])
    };
    let (pairs, same): (Vec<_>, Vec<_>) = (0..images.len()).map(pair).unzip();
    let data: Dataset<SmallSiameseInputShape, Values<Features<1>>> =
        Dataset::from_samples(&pairs, &same).expect("fits");
    let mut network = SmallSiamese::new(1);
    let trainer = Trainer::new(BinaryCrossEntropy::new(), Adam::new(0.02)).epochs(15).metric(BinaryAccuracy).silent();
    let history = trainer.fit(&mut network, &data).expect("trains");
    assert_falls(&history, 0.3);
    // A tower does not see on which side it stands.
    let [there, back] = [[pairs[0].left, pairs[1].right], [pairs[1].right, pairs[0].left]]
        .map(|[left, right]| network.predict(&SmallSiameseInput { left, right }));
    assert_eq!(there, back);
}
