use crate::init::Initializer;
use crate::kernels::{embed, embed_backward, embed_bags, embed_bags_backward};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role};

/// Declares a layer that owns a table of vectors: `forward(call, table, input, output)` and
/// `backward(call, input, d_output, d_table)`. Numbers have no gradient: that of the input is zero.
macro_rules! table {
    ($(#[$meta:meta])* $name:ident { $forward:ident, $backward:ident }) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name<const N: usize, const WIDTH: usize, T = f32> {
            /// `[N, WIDTH]`: a vector for each number.
            pub weight: [[T; WIDTH]; N],
        }

        crate::plain! { impl[const N: usize, const WIDTH: usize, T] $name<N, WIDTH, T> { weight: [[T; WIDTH]; N] } }

        impl<const N: usize, const WIDTH: usize, T: Scalar> Layer<T> for $name<N, WIDTH, T> {
            type Config = spec::$name;
            type Gradient = Self;

            const PARTS: &'static [Part] = &[Part::tensor("weight", Shape::new(&[N, WIDTH]), Role::Weight)];

            fn initialize(&mut self, call: &Call<Self::Config>, random: &mut Random) {
                Initializer::Normal(1.0).fill(self.weight.as_flattened_mut(), Shape::new(&[N, WIDTH]), random);
                if let Some(padding) = call.config.padding {
                    self.weight[padding].fill(T::zero());
                }
            }

            fn forward(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                input: &[T],
                output: &mut [T],
                _memory: Memory<'_, T>,
            ) {
                $forward(call, WIDTH, self.weight.as_flattened(), input, output);
            }

            fn backward(
                &self,
                call: &Call<Self::Config>,
                _pass: &Pass,
                values: Activations<'_, T>,
                d_output: &mut [T],
                d_input: Option<&mut [T]>,
                gradient: Option<&mut Self::Gradient>,
                _memory: Memory<'_, T>,
            ) {
                if let Some(gradient) = gradient {
                    $backward(call, WIDTH, values.input, d_output, gradient.weight.as_flattened_mut());
                }
                if let Some(d_input) = d_input {
                    d_input.fill(T::zero());
                }
            }
        }
    };
}

table! {
    /// A learnt vector for each number below the vocabulary's size: words, characters, categories.
    ///
    /// In `network!`: `Embedding(vocabulary, width, padding = ..)`. Any shape of numbers, up to four axes: `[time]` becomes
    /// `[time, width]`. `Tied(embed)` makes scores over the vocabulary of vectors, with the same weights (Press and Wolf,
    /// 2017). With `padding`, that number's vector is zero and has no gradient.
    ///
    /// Numbers come as the network's scalar: `f32` holds whole numbers up to 16 777 216 exactly. A number that is not a whole
    /// one in `0..vocabulary` gives NaN, which stops training with an error rather than train another word's vector. The
    /// numbers themselves have the gradient 0.
    ///
    /// The weights start with the standard normal distribution, and zeros for `padding`, as PyTorch's `Embedding`; Keras draws
    /// them from ±0.05. Where the embedding is tied to the output, smaller values train better: `#[init(..)]`.
    Embedding { embedded, embedded_backward }
}
table! {
    /// The mean (or the sum) of learnt vectors, one for each number along the innermost axis: a text as a bag of words.
    ///
    /// In `network!`: `EmbeddingBag(vocabulary, width, padding = .., mean = true)`; `[words]` becomes `[width]`. The number
    /// `padding` is not counted, so that texts of several lengths fit into one shape; of nothing else the mean is 0. As
    /// PyTorch's `EmbeddingBag`. Numbers and initial weights as with [`Embedding`].
    EmbeddingBag { bagged, bagged_backward }
}

fn embedded<T: Scalar>(call: &Call<spec::Embedding>, width: usize, table: &[T], ids: &[T], output: &mut [T]) {
    embed(width, table, call.config.padding, ids, output);
}

fn embedded_backward<T: Scalar>(
    call: &Call<spec::Embedding>,
    width: usize,
    ids: &[T],
    d_output: &[T],
    d_table: &mut [T],
) {
    embed_backward(width, call.config.padding, ids, d_output, d_table);
}

fn bagged<T: Scalar>(call: &Call<spec::EmbeddingBag>, width: usize, table: &[T], ids: &[T], output: &mut [T]) {
    let spec::EmbeddingBag { padding, mean, .. } = call.config;
    embed_bags(call.input.last(), mean, width, table, padding, ids, output);
}

fn bagged_backward<T: Scalar>(
    call: &Call<spec::EmbeddingBag>,
    width: usize,
    ids: &[T],
    d_output: &[T],
    d_table: &mut [T],
) {
    let spec::EmbeddingBag { padding, mean, .. } = call.config;
    embed_bags_backward(call.input.last(), mean, width, padding, ids, d_output, d_table);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layers::testing::{assert_near, call, forward, initialized};

    const TABLE: [[f64; 2]; 4] = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]];

    #[test]
    fn numbers_become_vectors() {
        let call = call!(Embedding { vocabulary: 4, width: 2, padding: Some(1) }, [3]);
        let embedding = Embedding { weight: TABLE };
        assert_near(
            &forward(&embedding, &call, &Pass::inference(1), &[2.0, 1.0, 0.0]),
            &[5.0, 6.0, 0.0, 0.0, 1.0, 2.0],
        );
        for missing in [4.0, -1.0, 0.5, f64::NAN, f64::INFINITY, 1e300] {
            let output = forward(&embedding, &call, &Pass::inference(1), &[missing, 3.0, -0.0]);
            assert!(output[..2].iter().all(|value| value.is_nan()), "{missing}");
            assert_eq!(output[2..], [7.0, 8.0, 1.0, 2.0]);
        }
    }

    #[test]
    fn bags_leave_the_padding_out() {
        let bag = EmbeddingBag { weight: TABLE };
        let mean = call!(EmbeddingBag { vocabulary: 4, width: 2, padding: Some(0), mean: true }, [2, 3]);
        let ids = [1.0, 2.0, 0.0, 0.0, 0.0, 0.0];
        assert_near(&forward(&bag, &mean, &Pass::inference(1), &ids), &[4.0, 5.0, 0.0, 0.0]);
        let sum = call!(EmbeddingBag { vocabulary: 4, width: 2, padding: None, mean: false }, [3]);
        assert_near(&forward(&bag, &sum, &Pass::inference(1), &[1.0, 2.0, 0.0]), &[9.0, 12.0]);
        assert!(forward(&bag, &sum, &Pass::inference(1), &[9.0, 2.0, 0.0])[0].is_nan());
    }

    #[test]
    fn initial_values_are_normal_and_the_padding_is_zero() {
        let call = call!(Embedding { vocabulary: 300, width: 40, padding: Some(7) }, [1]);
        let embedding = initialized::<Embedding<300, 40, f64>>(&call);
        let squares: f64 = embedding.weight.as_flattened().iter().map(|weight| weight * weight).sum();
        assert!((squares / (299.0 * 40.0) - 1.0).abs() < 0.05);
        assert_eq!(embedding.weight[7], [0.0; 40]);
    }

    #[test]
    fn gradients_add_up_in_the_rows_that_were_read() {
        let call = call!(Embedding { vocabulary: 4, width: 2, padding: Some(1) }, [4]);
        let (embedding, mut gradient) = (Embedding { weight: TABLE }, Embedding { weight: [[1.0; 2]; 4] });
        let values = Activations { input: &[2.0, 1.0, 2.0, 0.0], output: &[] };
        let mut d_output = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let mut d_input = [f64::NAN; 4];
        let (pass, memory) = (Pass::inference(1), Memory::none());
        embedding.backward(&call, &pass, values, &mut d_output, Some(&mut d_input), Some(&mut gradient), memory);
        assert_eq!(gradient.weight, [[8.0, 9.0], [1.0, 1.0], [7.0, 9.0], [1.0, 1.0]]);
        assert_eq!(d_input, [0.0; 4]);
    }

    /// A layer whose numbers follow from their places in the batch: by those of its input it has no derivative.
    macro_rules! fixed {
        ($name:ident, $layer:ident) => {
            #[repr(C)]
            struct $name<const N: usize, const WIDTH: usize, T> {
                inner: $layer<N, WIDTH, T>,
            }
            crate::plain! {
                impl[const N: usize, const WIDTH: usize, T] $name<N, WIDTH, T> { inner: $layer<N, WIDTH, T> }
            }

            impl<const N: usize, const WIDTH: usize> Layer<f64> for $name<N, WIDTH, f64> {
                type Config = spec::$layer;
                type Gradient = $layer<N, WIDTH, f64>;

                const PARTS: &'static [Part] = <$layer<N, WIDTH, f64> as Layer<f64>>::PARTS;

                fn forward(
                    &self,
                    call: &Call<Self::Config>,
                    pass: &Pass,
                    _input: &[f64],
                    output: &mut [f64],
                    memory: Memory<'_, f64>,
                ) {
                    self.inner.forward(call, pass, &ids(pass, call.input, N), output, memory);
                }

                fn backward(
                    &self,
                    call: &Call<Self::Config>,
                    pass: &Pass,
                    values: Activations<'_, f64>,
                    d_output: &mut [f64],
                    d_input: Option<&mut [f64]>,
                    gradient: Option<&mut Self::Gradient>,
                    memory: Memory<'_, f64>,
                ) {
                    let values = Activations { input: &ids(pass, call.input, N), output: values.output };
                    self.inner.backward(call, pass, values, d_output, d_input, gradient, memory);
                }
            }
        };
    }
    fixed! { FixedEmbedding, Embedding }
    fixed! { FixedBag, EmbeddingBag }

    /// Numbers below a vocabulary's size: all of them come up, some several times.
    fn ids(pass: &Pass, input: Shape, vocabulary: usize) -> alloc::vec::Vec<f64> {
        let first = pass.first_sample * input.len();
        let places = first..first + pass.samples * input.len();
        places.map(|place| ((place * 7 + place / 3) % vocabulary) as f64).collect()
    }

    #[test]
    fn laws() {
        macro_rules! embedding {
            ($vocabulary:literal, $width:literal, $padding:expr, $input:expr, $samples:literal) => {
                Laws::new(
                    call!(Embedding { vocabulary: $vocabulary, width: $width, padding: $padding }, $input),
                    $samples,
                )
            };
        }
        macro_rules! bag {
            ($vocabulary:literal, $width:literal, $padding:expr, $mean:literal, $input:expr, $samples:literal) => {
                Laws::new(
                    call!(
                        EmbeddingBag { vocabulary: $vocabulary, width: $width, padding: $padding, mean: $mean },
                        $input
                    ),
                    $samples,
                )
            };
        }
        gradient_laws! {
            FixedEmbedding<1, 1, f64>, embedding!(1, 1, None, [1], 1);
            FixedEmbedding<5, 3, f64>, embedding!(5, 3, None, [4], 2);
            FixedEmbedding<5, 3, f64>, embedding!(5, 3, Some(2), [4], 3);
            FixedEmbedding<9, 1, f64>, embedding!(9, 1, None, [2, 3], 2);
            FixedEmbedding<2, 17, f64>, embedding!(2, 17, Some(0), [7], 1);
            FixedEmbedding<20, 8, f64>, embedding!(20, 8, None, [2, 1, 3], 2);
            FixedBag<1, 1, f64>, bag!(1, 1, None, true, [1], 1);
            FixedBag<5, 3, f64>, bag!(5, 3, None, true, [4], 2);
            FixedBag<5, 3, f64>, bag!(5, 3, Some(2), true, [4], 3);
            FixedBag<5, 3, f64>, bag!(5, 3, Some(0), false, [2, 3], 2);
            FixedBag<7, 17, f64>, bag!(7, 17, None, false, [6], 2);
        }
    }
}
