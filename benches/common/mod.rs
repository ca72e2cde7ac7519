//! What the benchmarks share: networks, numbers, data sets.

use netform::prelude::*;

network! {
    /// The classifier that this project began with.
    pub(crate) struct Cnn(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2) -> Flatten -> Dense(128) -> Relu -> Dense(10)
    }

    /// A classifier of digits.
    pub(crate) struct Digits(image: [784]) -> [10] {
        image -> Dense(128) -> Relu -> Dense(64) -> Relu -> Dense(10)
    }

    /// A controller.
    pub(crate) struct Control(state: [8]) -> [4] {
        state -> Dense(64) -> Tanh -> Dense(64) -> Tanh -> Dense(4)
    }

    /// A smaller one.
    pub(crate) struct Tiny(state: [4]) -> [4] {
        state -> Dense(32) -> Relu -> Dense(16) -> Relu -> Dense(4)
    }

    block Residual(x: [height, width, channels]) {
        x + (x -> DepthwiseConv2d(kernel = 3, padding = same) -> Relu -> Conv2d(channels, kernel = 1))
    }

    /// Four inverted residuals, as wide inside as outside.
    pub(crate) struct Separable(image: [32, 32, 64]) -> [32, 32, 64] {
        image -> [Residual; 4]
    }

    /// Reads 100 words of 20,000.
    pub(crate) struct Words(words: [100]) -> [2] {
        words -> Embedding(20_000, 64) -> Lstm(128, last = true) -> Dense(2)
    }

    block Layer(x: [time, width]) {
        let y = x + (x -> LayerNorm -> Attention(4, causal = true));
        y + (y -> LayerNorm -> Dense(512) -> Gelu -> Dense(width))
    }

    /// A small GPT.
    #[stream]
    pub(crate) struct Gpt(letters: [64]) -> [64, 65] {
        letters -> Embedding(65, 128) -> PositionalEmbedding(64) -> [Layer; 4] -> LayerNorm -> Dense(65)
    }
}

/// Adam with a learning rate so small that the network stays where it is: thousands of steps on one batch would otherwise
/// end where gradients vanish.
pub(crate) const STILL: Adam = Adam::new(1e-6);

/// Numbers in [-1, 1), the same for every program that is compared.
pub(crate) fn values(len: usize) -> Vec<f32> {
    (0..len).map(|index| ((index * 7919) % 2003) as f32 / 1001.5 - 1.0).collect()
}

/// One input of such numbers.
pub(crate) fn sample<X: SampleShape>() -> AlignedBox<X::Array<f32>> {
    let mut sample = X::Array::<f32>::zeroed_box();
    sample.as_mut_slice().copy_from_slice(&values(X::SHAPE.len()));
    sample
}

/// The classes of some samples, the same for every program that is compared.
pub(crate) fn classes<const CLASSES: usize>(samples: usize) -> Vec<u32> {
    (0..samples).map(|sample| (sample * 7 % CLASSES) as u32).collect()
}

/// One batch for a classifier.
pub(crate) fn batch<X: SampleShape, const CLASSES: usize>(samples: usize) -> Dataset<X, Classes<CLASSES>> {
    Dataset::from_values(values(samples * X::SHAPE.len()), classes::<CLASSES>(samples))
        .expect("as many labels as samples, all in range")
}
