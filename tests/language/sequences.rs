//! Tables of vectors, positions and norms, as in small language models. What comes in is made whole numbers first: laws draw
//! any.

use netform::network;

use crate::{laws, names};

laws! {
    weights_tied_to_an_embedding: Tied<f64>;
    sizes_that_are_parameters: Sized<5, 4, f64>;
    sizes_that_are_constants: Named<f64>;
    words_in_bags: Bags<f64>;
    norms_of_images: Norms<f64>;
    a_translator_from_state_to_state: Translator<f64>;
    a_caption_from_a_picture: Caption<f64>;
    states_of_named_sizes: NamedStates<f64>;
    states_of_any_size: SizedStates<3, 4, f64>;
    a_picture_with_a_token_of_its_own: Vision<f64>;
    vectors_by_their_angle: Towers<f64>;
    frequencies_of_a_place: Frequencies<f64>;
}

const WIDTH: usize = 4;
const GROUPS: usize = 2;

network! {
    struct Tied(x: [6]) -> [6, 5] {
        2.4 * x -> Floor -> embed: Embedding(5, 4) -> PositionalEmbedding(8) -> LayerNorm
            -> up: Dense(16) -> SwiGlu -> down: Dense(4) -> RmsNorm -> Tied(embed)
    }
    assert PARAMS == 5 * 4 + 8 * 4 + 2 * 4 + 5 * 16 + 9 * 4 + 4;

    struct Sized<const V: usize, const W: usize>(x: [6]) -> [6, V] {
        2.4 * x -> Floor -> embed: Embedding(V, W, padding = 3) -> PositionalEmbedding(6) -> LayerNorm(bias = false)
            -> Dense(2 * 4) -> Glu -> Dense(W) -> Tied(embed)
    }
    instances [(5, 4)]

    struct Named(x: [6]) -> [6, 5] {
        2.4 * x -> Floor -> embed: Embedding(5, WIDTH) -> SinusoidalPosition -> GroupNorm(GROUPS) -> GeGlu -> Dense(WIDTH)
            -> Tied(embed)
    }

    struct Bags(x: [2, 6]) -> [3] {
        2.4 * x -> Floor -> EmbeddingBag(5, 4, padding = 0) -> PRelu -> Flatten -> Dense(3)
    }

    /// Sutskever et al. 2014, "Sequence to Sequence Learning": the decoder goes on where the encoder ended.
    struct Translator(source: [4, 3], said: [3, 2]) -> [3, 5] {
        let heard = source -> encoder: LstmState(4, reverse = true);
        (said, heard) -> decoder: LstmFrom(4) -> Dense(5)
    }
    assert PARAMS == 4 * 4 * (3 + 4 + 1) + 4 * 4 * (2 + 4 + 1) + 25;

    struct Caption(picture: [6], said: [3, 2]) -> [3, 3] {
        let state = picture -> Dense(3) -> Tanh;
        let x = (said, state) -> GruFrom(3);
        x + ((x, x -> GlobalAvgPool) -> RnnFrom(3, masked = true))
    }

    struct NamedStates(x: [5, WIDTH], state: [WIDTH]) -> [5, WIDTH] {
        (x, state) -> GruFrom(WIDTH, reverse = true)
    }

    struct SizedStates<const TIME: usize, const W: usize>(s: [5, 2], t: [TIME, 3]) -> [TIME, 2] {
        (t, s -> Gru(W, last = true)) -> GruFrom(W) -> Dense(2)
    }
    instances [(3, 4)]

    /// A token that is learnt stands in front, and gives the answer.
    struct Vision(image: [4, 4, 2]) -> [3] {
        let patches = image -> ReflectionPad(1, axes = [0, 1]) -> Conv2d(4, kernel = 2, stride = 2) -> Reshape([9, 4]);
        let x = concat(image -> token: Learned([1, 4]), patches, axis = 0) -> PositionalEmbedding(10);
        let x = x + (x -> LayerNorm -> Attention(2) -> LayerScale(initial = 0.5));
        let biased = x + (image -> shared: Learned([4]));
        biased -> Slice(0..1, axis = 0) -> Flatten -> Dense(3)
    }
    assert PARAMS >= 4 + 4 + 40;

    struct Towers(user: [5], item: [3]) -> [1] {
        (user -> Dense(4) -> UnitNorm) * (item -> Dense(4) -> UnitNorm) -> Sum
    }

    struct Frequencies(place: [3]) -> [2] {
        let coarse = concat(place -> Sin, place -> Cos, 2.0 * place -> Sin, 2.0 * place -> Cos);
        concat(place, coarse) -> Dense(8) -> Sin -> CircularPad(1) -> Dense(2)
    }

    struct Norms(x: [3, 2, 4]) -> [2] {
        let y = x -> Conv2d(6, kernel = 2) -> GroupNorm(3) -> SpatialDropout(0.25) -> Mish;
        y -> InstanceNorm -> DropPath(0.25) -> Flatten -> GaussianNoise(0.1) -> AlphaDropout(0.1) -> Dense(2) -> Selu
    }
}

#[test]
fn a_tied_embedding_is_one_tensor() {
    let expected = [
        "embed.weight",
        "positional_embedding.weight",
        "layer_norm.scale",
        "layer_norm.shift",
        "up.weight",
        "up.bias",
        "down.weight",
        "down.bias",
        "rms_norm.scale",
    ];
    assert_eq!(names::<Tied<f64>>(), expected);
}
