mod run;
#[cfg(all(test, feature = "alloc"))]
mod tests;

use self::run::{Gradients, Parameters, Run};
use crate::init::Initializer;
use crate::layer::{Activations, Call, Layer, Memory, Pass, Streamed};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

/// The biases of an attention layer.
#[repr(C)]
#[derive(Debug)]
pub struct AttentionBias<
    const WIDTH: usize,
    const HEADS: usize,
    const KEY_HEADS: usize,
    const HEAD_WIDTH: usize,
    T = f32,
> {
    /// `[HEADS, HEAD_WIDTH]`
    pub query: [[T; HEAD_WIDTH]; HEADS],
    /// `[KEY_HEADS, HEAD_WIDTH]`
    pub key: [[T; HEAD_WIDTH]; KEY_HEADS],
    /// `[KEY_HEADS, HEAD_WIDTH]`
    pub value: [[T; HEAD_WIDTH]; KEY_HEADS],
    /// `[WIDTH]`
    pub output: [T; WIDTH],
}

crate::plain! {
    impl[const WIDTH: usize, const HEADS: usize, const KEY_HEADS: usize, const HEAD_WIDTH: usize, T]
    AttentionBias<WIDTH, HEADS, KEY_HEADS, HEAD_WIDTH, T> {
        query: [[T; HEAD_WIDTH]; HEADS],
        key: [[T; HEAD_WIDTH]; KEY_HEADS],
        value: [[T; HEAD_WIDTH]; KEY_HEADS],
        output: [T; WIDTH],
    }
}

macro_rules! attention {
    ($(#[$meta:meta])* $name:ident, $run:ident) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name<
            const WIDTH: usize,
            const HEADS: usize,
            const KEY_HEADS: usize,
            const HEAD_WIDTH: usize,
            T = f32,
            B = AttentionBias<WIDTH, HEADS, KEY_HEADS, HEAD_WIDTH, T>,
        > {
            /// `[WIDTH, HEADS, HEAD_WIDTH]`
            pub query: [[[T; HEAD_WIDTH]; HEADS]; WIDTH],
            /// `[WIDTH, KEY_HEADS, HEAD_WIDTH]`
            pub key: [[[T; HEAD_WIDTH]; KEY_HEADS]; WIDTH],
            /// `[WIDTH, KEY_HEADS, HEAD_WIDTH]`
            pub value: [[[T; HEAD_WIDTH]; KEY_HEADS]; WIDTH],
            /// `[HEADS, HEAD_WIDTH, WIDTH]`
            pub output: [[[T; WIDTH]; HEAD_WIDTH]; HEADS],
            /// [`AttentionBias`], or `[T; 0]` for a layer without biases.
            pub bias: B,
        }

        crate::plain! {
            impl[const WIDTH: usize, const HEADS: usize, const KEY_HEADS: usize, const HEAD_WIDTH: usize, T, B]
            $name<WIDTH, HEADS, KEY_HEADS, HEAD_WIDTH, T, B> {
                query: [[[T; HEAD_WIDTH]; HEADS]; WIDTH],
                key: [[[T; HEAD_WIDTH]; KEY_HEADS]; WIDTH],
                value: [[[T; HEAD_WIDTH]; KEY_HEADS]; WIDTH],
                output: [[[T; WIDTH]; HEAD_WIDTH]; HEADS],
                bias: B,
            }
        }

        impl<
            const WIDTH: usize,
            const HEADS: usize,
            const KEY_HEADS: usize,
            const HEAD_WIDTH: usize,
            T: Scalar,
            B: Plain<T>,
        > $name<WIDTH, HEADS, KEY_HEADS, HEAD_WIDTH, T, B>
        {
            const HAS_BIAS: usize = (B::LEN > 0) as usize;
            /// Queries, keys and values one below the other, as PyTorch has them.
            const ROWS: usize = (HEADS + 2 * KEY_HEADS) * HEAD_WIDTH;

            fn parameters(&self) -> Parameters<'_, T> {
                let (width, key_width) = (Self::HAS_BIAS * WIDTH, Self::HAS_BIAS * KEY_HEADS * HEAD_WIDTH);
                let (query, bias) = self.bias.as_slice().split_at(width);
                let (key, bias) = bias.split_at(key_width);
                let (value, output) = bias.split_at(key_width);
                Parameters {
                    query: self.query.as_flattened().as_flattened(),
                    key: self.key.as_flattened().as_flattened(),
                    value: self.value.as_flattened().as_flattened(),
                    output: self.output.as_flattened().as_flattened(),
                    bias: [query, key, value, output],
                }
            }

            fn gradients(&mut self) -> Gradients<'_, T> {
                let (width, key_width) = (Self::HAS_BIAS * WIDTH, Self::HAS_BIAS * KEY_HEADS * HEAD_WIDTH);
                let (query, bias) = self.bias.as_mut_slice().split_at_mut(width);
                let (key, bias) = bias.split_at_mut(key_width);
                let (value, output) = bias.split_at_mut(key_width);
                Gradients {
                    query: self.query.as_flattened_mut().as_flattened_mut(),
                    key: self.key.as_flattened_mut().as_flattened_mut(),
                    value: self.value.as_flattened_mut().as_flattened_mut(),
                    output: self.output.as_flattened_mut().as_flattened_mut(),
                    bias: [query, key, value, output],
                }
            }
        }

        impl<
            const WIDTH: usize,
            const HEADS: usize,
            const KEY_HEADS: usize,
            const HEAD_WIDTH: usize,
            T: Scalar,
            B: Plain<T>,
        > Layer<T> for $name<WIDTH, HEADS, KEY_HEADS, HEAD_WIDTH, T, B>
        {
            type Config = spec::$name;
            type Gradient = Self;

            const PARTS: &'static [Part] = {
                let bias = (B::LEN > 0) as usize;
                &[
                    Part::tensor("query", Shape::new(&[WIDTH, HEADS, HEAD_WIDTH]), Role::Weight).torch(Torch::SAME.called(&["in_proj_weight"]).axes(&[2, 0, 1]).merged(&[2, 1]).rows(0, Self::ROWS)),
                    Part::tensor("key", Shape::new(&[WIDTH, KEY_HEADS, HEAD_WIDTH]), Role::Weight).torch(Torch::SAME.called(&["in_proj_weight"]).axes(&[2, 0, 1]).merged(&[2, 1]).rows(HEADS * HEAD_WIDTH, Self::ROWS)),
                    Part::tensor("value", Shape::new(&[WIDTH, KEY_HEADS, HEAD_WIDTH]), Role::Weight).torch(Torch::SAME.called(&["in_proj_weight"]).axes(&[2, 0, 1]).merged(&[2, 1]).rows((HEADS + KEY_HEADS) * HEAD_WIDTH, Self::ROWS)),
                    Part::tensor("output", Shape::new(&[HEADS, HEAD_WIDTH, WIDTH]), Role::Weight).torch(Torch::SAME.called(&["out_proj.weight"]).axes(&[1, 2, 0]).merged(&[1, 2])),
                    Part::tensor("query_bias", Shape::new(&[bias * HEADS, HEAD_WIDTH]), Role::Bias).torch(Torch::SAME.called(&["in_proj_bias"]).merged(&[2]).rows(0, Self::ROWS)),
                    Part::tensor("key_bias", Shape::new(&[bias * KEY_HEADS, HEAD_WIDTH]), Role::Bias).torch(Torch::SAME.called(&["in_proj_bias"]).merged(&[2]).rows(HEADS * HEAD_WIDTH, Self::ROWS)),
                    Part::tensor("value_bias", Shape::new(&[bias * KEY_HEADS, HEAD_WIDTH]), Role::Bias).torch(Torch::SAME.called(&["in_proj_bias"]).merged(&[2]).rows((HEADS + KEY_HEADS) * HEAD_WIDTH, Self::ROWS)),
                    Part::tensor("output_bias", Shape::new(&[bias * WIDTH]), Role::Bias).torch(Torch::SAME.called(&["out_proj.bias"])),
                ]
            };

            fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
                let all = self.gradients();
                for weight in [all.query, all.key, all.value, all.output] {
                    let shape = Shape::new(&[WIDTH, weight.len() / WIDTH]);
                    Initializer::GlorotUniform.fill(weight, shape, random);
                }
            }

            fn forward(
                &self,
                call: &Call<Self::Config>,
                pass: &Pass,
                input: &[T],
                output: &mut [T],
                memory: Memory<'_, T>,
            ) {
                $run(call, pass).forward(&self.parameters(), input, output, memory);
            }

            fn backward(
                &self,
                call: &Call<Self::Config>,
                pass: &Pass,
                values: Activations<'_, T>,
                d_output: &mut [T],
                d_input: Option<&mut [T]>,
                gradient: Option<&mut Self::Gradient>,
                memory: Memory<'_, T>,
            ) {
                let gradient = gradient.map(Self::gradients);
                let run = $run(call, pass);
                run.backward(&self.parameters(), values.input, d_output, d_input, gradient, memory);
            }
        }

        impl spec::$name {
            /// Elements of scratch memory: for the matrix products, and for some rows of weights at a time.
            pub const fn scratch(&self, input: Shape) -> usize {
                run::scratch(&self.geometry(input))
            }

            /// The same for predictions of so many samples.
            pub const fn forward_scratch(&self, input: Shape, samples: usize) -> usize {
                run::forward_scratch(&self.geometry(input), samples)
            }

            /// The same for a step of a stream.
            pub const fn step_scratch(&self, input: Shape) -> usize {
                run::step_scratch(&self.geometry(input))
            }
        }
    };
}

attention! {
    /// Multi-head self-attention (Vaswani et al., 2017). With `q = x · Q + b_q`, `k = x · K + b_k`, `v = x · V + b_v`, cut into
    /// heads of `HEAD_WIDTH` features: each head gives, for each step, the mean of all `v` with the weights
    /// `softmax(q · kᵀ / √HEAD_WIDTH)`; and `y = heads · O + b_o`.
    ///
    /// In `network!`: `Attention(heads, key_heads = .., causal = false, window = .., rotary = false, base = 10000.0,
    /// bias = true, masked = false, dropout = 0.0)`. `[time, width]` to itself; `heads` divides the width.
    /// - `key_heads`: with fewer heads of keys and values, neighbouring heads of queries share them: grouped-query attention
    ///   (Ainslie et al., 2023), and with 1 multi-query attention (Shazeer, 2019).
    /// - `causal`: a step sees itself and earlier ones alone.
    /// - `window`: a step sees the last so many, itself included (Beltagy et al., 2020); without `causal` as many to the other
    ///   side, itself included there as well.
    /// - `rotary`: queries and keys are turned by angles that grow with their positions, so that a score depends on distances
    ///   alone (Su et al., 2021): feature `i` and feature `i + HEAD_WIDTH / 2` of each head, as in GPT-NeoX and Llama, by
    ///   `position / base^(2 i / HEAD_WIDTH)`, positions counting from 0.
    /// - `masked`: a step whose features are all zero is padding, to which nobody listens, as in the recurrent layers:
    ///   `x * mask -> Attention(4, masked = true)`. Its own output is whatever it hears. Where there is nothing to hear, the heads
    ///   give zeros.
    /// - `dropout`: the share of weights that are left out in training; the others grow accordingly.
    ///
    /// A network with `#[stream]` keeps keys and values from step to step, of the last `window` steps or of all. That takes
    /// `causal`.
    ///
    /// No matrix of all weights exists: tiles of some queries and keys run with a running maximum and sum (Milakov and
    /// Gimelshein, 2018), and backward computes them again (Dao et al., 2022), so that memory is linear in the time.
    ///
    /// It is PyTorch's `MultiheadAttention(width, heads)` of one sequence with itself. There `in_proj_weight` holds the
    /// transposes of `query`, `key` and `value`, one below the other, each seen as `[WIDTH, HEADS · HEAD_WIDTH]`, and `out_proj`
    /// that of `output`, seen as `[HEADS · HEAD_WIDTH, WIDTH]`. The layout is that of Keras' `MultiHeadAttention`. The weights
    /// start with the uniform distribution of Glorot and Bengio, each of the four by itself; the biases with zero.
    Attention, self_attention
}
attention! {
    /// Attention of one sequence to another (Vaswani et al., 2017), as in a decoder: queries come from the first, keys and
    /// values from the second. Else as [`Attention`], whose parameters these are.
    ///
    /// In `network!`: `(x, memory) -> CrossAttention(heads, key_heads = .., bias = true, masked = false, dropout = 0.0)`, with
    /// `x` of `[queries, width]` and `memory` of `[time, width]`, gives `[queries, width]`. The two are joined along time:
    /// of one value, `joined -> CrossAttention(heads, queries)` says how many of its first steps ask.
    ///
    /// With `masked` nobody listens to steps of `memory` whose features are all zero.
    CrossAttention, cross_attention
}

fn self_attention(call: &Call<spec::Attention>, pass: &Pass) -> Run {
    let spec::Attention { rotary, base, dropout, .. } = call.config;
    let (geometry, turns) = (call.config.geometry(call.input), rotary.then_some(base));
    Run { geometry, pass: *pass, index: call.index, turns, dropout }
}

fn cross_attention(call: &Call<spec::CrossAttention>, pass: &Pass) -> Run {
    let (geometry, dropout) = (call.config.geometry(call.input), call.config.dropout);
    Run { geometry, pass: *pass, index: call.index, turns: None, dropout }
}

impl<const WIDTH: usize, const HEADS: usize, const KEY_HEADS: usize, const HEAD_WIDTH: usize, T: Scalar, B: Plain<T>>
    Streamed<T> for Attention<WIDTH, HEADS, KEY_HEADS, HEAD_WIDTH, T, B>
{
    fn step(
        &self,
        call: &Call<spec::Attention>,
        position: usize,
        input: &[T],
        state: &mut [T],
        output: &mut [T],
        scratch: &mut [T],
    ) {
        let run = self_attention(call, &Pass::inference(1));
        run.step(&self.parameters(), position, input, state, output, scratch);
    }
}
