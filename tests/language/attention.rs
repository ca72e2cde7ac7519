//! Blocks of transformers, as the guide shows them, and the other forms of attention.

use netform::network;

use crate::{laws, names};

laws! {
    an_encoder: Encoder<f64>;
    a_decoder: Decoder<f64>;
    llama: Llama<f64>;
    sizes_that_are_constants: Named<f64>;
    encoder_and_decoder: Translator<f64>;
    masks: Masked<f64>;
    one_value_that_asks_itself: Joined<f64>;
    a_layer_again: Again<f64>;
    lengths_that_are_parameters: Sized<4, 3, f64>;
    a_vocabulary_that_is_a_parameter: Vocabulary<7, f64>;
    a_form_for_each_of_some_steps: Forms<3, f64>;
    half_of_a_size_has_a_name: Half<3, 2, f64>;
}

const WIDTH: usize = 4;
const HEADS: usize = 2;
const LONGEST: usize = 5;

network! {
    block EncoderBlock(heads: usize)(x: [time, width]) {
        let x = x + (x -> LayerNorm -> Attention(heads));
        x + (x -> LayerNorm -> Dense(2 * width) -> Gelu -> Dense(width))
    }

    block DecoderBlock(heads: usize)(x: [time, width], memory: [before, width]) {
        let x = x + (x -> LayerNorm -> Attention(heads, causal = true));
        let x = x + ((x -> LayerNorm, memory) -> CrossAttention(heads));
        x + (x -> LayerNorm -> Dense(2 * width) -> Gelu -> Dense(width))
    }

    block LlamaBlock(x: [time, width]) {
        let x = x + (x -> RmsNorm -> Attention(2, key_heads = 1, causal = true, rotary = true, bias = false));
        x + (x -> RmsNorm -> Dense(2 * 3 * width, bias = false) -> SwiGlu -> Dense(width, bias = false))
    }

    struct Encoder(x: [5, 6]) -> [2] {
        x -> SinusoidalPosition -> [EncoderBlock(3); 2] -> LayerNorm -> Mean(0) -> Dense(2)
    }

    struct Decoder(source: [4, 4], said: [3, 4]) -> [3, 2] {
        let memory = source -> EncoderBlock(2) -> LayerNorm;
        (said, memory) -> DecoderBlock(2) -> LayerNorm -> Dense(2)
    }

    /// The encoder's and the decoder's block of T5 1.1 (Shazeer 2020, "GLU Variants Improve Transformer"): no biases, gated.
    block GatedFeed(hidden: usize)(x: [time, width]) {
        x -> Dense(2 * hidden, bias = false) -> GeGlu -> Dense(width, bias = false)
    }

    block Listen(heads: usize)(x: [time, width]) {
        let x = x + (x -> RmsNorm -> Attention(heads, masked = true, bias = false));
        x + (x -> RmsNorm -> GatedFeed(3))
    }

    block Speak(heads: usize)(x: [time, width], heard: [before, width]) {
        let x = x + (x -> RmsNorm -> Attention(heads, causal = true, bias = false));
        let x = x + ((x -> RmsNorm, heard) -> CrossAttention(heads, masked = true, bias = false));
        x + (x -> RmsNorm -> GatedFeed(3))
    }

    struct Translator(source: [3, 4], said: [2, 4]) -> [2, 5] {
        let heard = source -> encoder: [Listen(2); 2] -> RmsNorm;
        let x = (said, heard) -> first: Speak(2);
        let x = (x, heard) -> second: Speak(2);
        x -> RmsNorm -> head: Dense(5, bias = false)
    }
    // Attention has four matrices, a feed three; each stands behind a norm.
    assert PARAMS == 2 * (4 * 16 + 3 * 12 + 2 * 4) + 4 + 2 * (8 * 16 + 3 * 12 + 3 * 4) + 4 + 20;

    struct Llama(tokens: [5]) -> [5, 5] {
        2.4 * tokens -> Floor -> embed: Embedding(5, 8) -> blocks: [LlamaBlock; 2] -> RmsNorm -> Tied(embed)
    }

    struct Named(x: [5, WIDTH]) -> [5, WIDTH] {
        let memory = x -> Slice(1..4, axis = 0) -> Dense(WIDTH);
        let seen = x -> Attention(HEADS, window = HEADS, dropout = 0.25);
        (seen, memory) -> CrossAttention(HEADS, key_heads = 1)
    }

    /// What an attention holds depends on its width and its heads alone.
    struct Sized<const TIME: usize, const SAID: usize>(x: [TIME, 8], memory: [SAID, 8]) -> [TIME, 3] {
        let seen = x -> PositionalEmbedding(TIME) -> Attention(2, causal = true, rotary = true);
        (seen, memory) -> CrossAttention(4, key_heads = 2) -> Dense(3)
    }
    instances [(4, 3), (6, 6)]

    /// Sizes with names beside a parameter.
    #[stream]
    struct Vocabulary<const V: usize>(tokens: [LONGEST]) -> [LONGEST, V] {
        2.4 * tokens -> Floor -> Embedding(V, WIDTH) -> block: Attention(HEADS, causal = true) -> Dense(V)
    }
    instances [7]

    struct Half<const V: usize, const F: usize>(x: [LONGEST, WIDTH]) -> [LONGEST, V] {
        x -> SwiGlu -> Reshape([LONGEST, F]) -> Dense(V)
    }
    instances [(3, 2)]

    struct Forms<const TIME: usize>(x: [TIME, 6]) -> [TIME, 3] {
        x -> Bilinear(3, first = 2)
    }
    instances [3]

    struct Masked(x: [6, WIDTH], mask: [6, 1]) -> [6, 3] {
        let mask = mask - 1.25 -> Relu -> Sign;
        x * mask -> Attention(2, masked = true, causal = true) -> Dense(3)
    }

    struct Joined(x: [6, 4]) -> [2, 4] {
        x -> CrossAttention(2, 2, bias = false)
    }

    struct Again(x: [3, 4]) -> [3, 4] {
        x -> look: Attention(2) -> look
    }
    assert PARAMS == 4 * (16 + 4);
}

#[test]
fn an_attention_has_eight_tensors_and_without_biases_four() {
    let all = ["query", "key", "value", "output", "query_bias", "key_bias", "value_bias", "output_bias"];
    assert_eq!(names::<Again<f64>>(), all.map(|name| format!("look.{name}")));
    assert_eq!(
        names::<Joined<f64>>(),
        all[..4].iter().map(|name| format!("cross_attention.{name}")).collect::<Vec<_>>()
    );
}
