use crate::kernels::{Epilogue, Matrix, Store, gemm};
use crate::layer::{Activations, Call, Memory, Pass, Transposed};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Shape};

use super::dense::{forward_products_scratch, products_scratch};
use super::{Dense, Embedding, through_activation};

/// Declares that a layer with a matrix `weight` of `IN × OUT` can be applied the other way round.
macro_rules! transposed {
    ($(#[$meta:meta])* impl[$($generics:tt)*] $layer:ty) => {
        $(#[$meta])*
        impl<$($generics)*> Transposed<T> for $layer {
            fn forward_transposed(
                &self,
                call: &Call<spec::Tied>,
                pass: &Pass,
                input: &[T],
                output: &mut [T],
                memory: Memory<'_, T>,
            ) {
                let rows = pass.samples * call.input.rows();
                let weight = Matrix::rows(self.weight.as_flattened(), OUT).transposed();
                let epilogue = Epilogue { bias: &[], activation: call.activation };
                let input = Matrix::rows(input, OUT);
                gemm([rows, IN, OUT], input, weight, output, Store::Overwrite, epilogue, memory.scratch);
            }

            fn backward_transposed(
                &self,
                call: &Call<spec::Tied>,
                pass: &Pass,
                values: Activations<'_, T>,
                d_output: &mut [T],
                d_input: Option<&mut [T]>,
                gradient: Option<&mut Self::Gradient>,
                memory: Memory<'_, T>,
            ) {
                let sizes = [pass.samples * call.input.rows(), IN, OUT];
                let d_weight = gradient.map(|gradient| gradient.weight.as_flattened_mut());
                through_activation(call, values.output, d_output);
                backward(sizes, self.weight.as_flattened(), values.input, d_output, d_input, d_weight, memory.scratch);
            }
        }
    };
}

transposed! {
    /// `y = f(x · Wᵀ)` along the innermost axis, `f` being the call's fused activation: rows of `OUT` numbers become rows of
    /// `IN`. The bias takes no part, and its gradient stays as it is.
    impl[const IN: usize, const OUT: usize, T: Scalar, B: Plain<T>] Dense<IN, OUT, T, B>
}
transposed! {
    /// `y = f(x · Wᵀ)` along the innermost axis, `f` being the call's fused activation: vectors of `OUT` numbers become scores
    /// over the vocabulary of `IN`.
    impl[const IN: usize, const OUT: usize, T: Scalar] Embedding<IN, OUT, T>
}

/// The gradients of `y = x · Wᵀ` with `rows` rows and a `W` of `inputs × outputs`, as far as they are asked for.
fn backward<T: Scalar>(
    [rows, inputs, outputs]: [usize; 3],
    weight: &[T],
    input: &[T],
    d_output: &[T],
    d_input: Option<&mut [T]>,
    d_weight: Option<&mut [T]>,
    scratch: &mut [T],
) {
    let d_rows = Matrix::rows(d_output, inputs);
    if let Some(d_weight) = d_weight {
        let input = Matrix::rows(input, outputs);
        let sizes = [inputs, outputs, rows];
        gemm(sizes, d_rows.transposed(), input, d_weight, Store::Accumulate, Epilogue::NONE, &mut *scratch);
    }
    if let Some(d_input) = d_input {
        let weight = Matrix::rows(weight, outputs);
        gemm([rows, outputs, inputs], d_rows, weight, d_input, Store::Overwrite, Epilogue::NONE, scratch);
    }
}

impl spec::Tied {
    /// Elements of scratch memory for a layer tied to one with `inputs` features; as `Dense` itself.
    pub const fn scratch(&self, input: Shape, inputs: usize) -> usize {
        products_scratch(input.last(), inputs)
    }

    /// The same for predictions: the weight's columns are packed for any number of rows.
    pub const fn forward_scratch(&self, input: Shape, inputs: usize) -> usize {
        forward_products_scratch(usize::MAX, input.last(), inputs)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layer::Layer;
    use crate::layers::testing::assert_near;
    use crate::spec::Activation;
    use crate::tensors::Part;

    /// The tied use alone.
    #[repr(C)]
    struct Decoder<const IN: usize, const OUT: usize, T, B> {
        dense: Dense<IN, OUT, T, B>,
    }
    crate::plain! { impl[const IN: usize, const OUT: usize, T, B] Decoder<IN, OUT, T, B> { dense: Dense<IN, OUT, T, B> } }

    impl<const IN: usize, const OUT: usize, B: Plain<f64>> Layer<f64> for Decoder<IN, OUT, f64, B> {
        type Config = spec::Tied;
        type Gradient = Dense<IN, OUT, f64, B>;
        const PARTS: &'static [Part] = <Dense<IN, OUT, f64, B> as Layer<f64>>::PARTS;

        fn forward(
            &self,
            call: &Call<spec::Tied>,
            pass: &Pass,
            input: &[f64],
            output: &mut [f64],
            memory: Memory<'_, f64>,
        ) {
            self.dense.forward_transposed(call, pass, input, output, memory);
        }

        fn backward(
            &self,
            call: &Call<spec::Tied>,
            pass: &Pass,
            values: Activations<'_, f64>,
            d_output: &mut [f64],
            d_input: Option<&mut [f64]>,
            gradient: Option<&mut Self::Gradient>,
            memory: Memory<'_, f64>,
        ) {
            self.dense.backward_transposed(call, pass, values, d_output, d_input, gradient, memory);
        }
    }

    /// Both uses of one layer, one behind the other: `tanh(x · W + b) · Wᵀ`. The code in between stays on the tape.
    #[repr(C)]
    struct Autoencoder<const IN: usize, const OUT: usize, T> {
        dense: Dense<IN, OUT, T>,
    }
    crate::plain! { impl[const IN: usize, const OUT: usize, T] Autoencoder<IN, OUT, T> { dense: Dense<IN, OUT, T> } }

    impl<const IN: usize, const OUT: usize> Autoencoder<IN, OUT, f64> {
        const ENCODE: Call<spec::Dense> =
            Call::new(spec::Dense { units: OUT, bias: true, input: None }, Shape::new(&[IN]), Shape::new(&[OUT]), 0)
                .with_activation(Activation::Tanh);
        const DECODE: Call<spec::Tied> = Call::new(spec::Tied {}, Shape::new(&[OUT]), Shape::new(&[IN]), 1);
    }

    impl<const IN: usize, const OUT: usize> Layer<f64> for Autoencoder<IN, OUT, f64> {
        type Config = ();
        type Gradient = Dense<IN, OUT, f64>;
        const PARTS: &'static [Part] = <Dense<IN, OUT, f64> as Layer<f64>>::PARTS;

        fn forward(&self, _: &Call<()>, pass: &Pass, input: &[f64], output: &mut [f64], memory: Memory<'_, f64>) {
            self.dense.forward(&Self::ENCODE, pass, input, memory.tape, Memory::none());
            self.dense.forward_transposed(&Self::DECODE, pass, memory.tape, output, Memory::none());
        }

        fn backward(
            &self,
            _: &Call<()>,
            pass: &Pass,
            values: Activations<'_, f64>,
            d_output: &mut [f64],
            d_input: Option<&mut [f64]>,
            mut gradient: Option<&mut Self::Gradient>,
            memory: Memory<'_, f64>,
        ) {
            let code = &*memory.tape;
            let d_code = &mut memory.scratch[..code.len()];
            let decoding = Activations { input: code, output: &[] };
            let (into, none) = (gradient.as_deref_mut(), Memory::none());
            self.dense.backward_transposed(&Self::DECODE, pass, decoding, d_output, Some(&mut *d_code), into, none);
            let encoding = Activations { input: values.input, output: code };
            self.dense.backward(&Self::ENCODE, pass, encoding, d_code, d_input, gradient, Memory::none());
        }
    }

    fn tied(input: &[usize], inputs: usize, samples: usize, activation: Activation) -> Laws<spec::Tied> {
        let input = Shape::new(input);
        let output = spec::Tied {}.out_shape(input, inputs, input.last()).expect("a shape that fits");
        let call = Call::new(spec::Tied {}, input, output, 3).with_activation(activation);
        Laws::new(call, samples).reads(spec::Reads { input: true, output: false })
    }

    #[test]
    fn rows_times_the_transposed_weight() {
        let dense = Dense { weight: [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]], bias: [7.0, 7.0, 7.0] };
        let call = Call::new(spec::Tied {}, Shape::new(&[2, 3]), Shape::new(&[2, 2]), 0);
        let mut output = [f64::NAN; 4];
        let rows = [1.0, 1.0, 1.0, -1.0, 0.0, 2.0];
        dense.forward_transposed(&call, &Pass::inference(1), &rows, &mut output, Memory::none());
        assert_near(&output, &[6.0, 60.0, 5.0, 50.0]);
        let call = call.with_activation(Activation::Square);
        dense.forward_transposed(&call, &Pass::inference(1), &rows, &mut output, Memory::none());
        assert_near(&output, &[36.0, 3600.0, 25.0, 2500.0]);
    }

    #[test]
    fn laws() {
        const PLAIN: Activation = Activation::Identity;
        gradient_laws! {
            Decoder<1, 1, f64, [f64; 1]>, tied(&[1], 1, 1, PLAIN);
            Decoder<7, 5, f64, [f64; 5]>, tied(&[5], 7, 3, PLAIN);
            Decoder<7, 5, f64, [f64; 0]>, tied(&[3, 5], 7, 2, PLAIN);
            Decoder<1, 9, f64, [f64; 9]>, tied(&[9], 1, 4, PLAIN);
            Decoder<17, 1, f64, [f64; 1]>, tied(&[1, 1], 17, 2, PLAIN);
            Decoder<7, 5, f64, [f64; 5]>, tied(&[5], 7, 3, Activation::Tanh);
            Decoder<7, 5, f64, [f64; 5]>, tied(&[2, 5], 7, 1, Activation::Relu);
            Decoder<19, 33, f64, [f64; 33]>, tied(&[33], 19, 5, Activation::Sigmoid).scratch(1 << 14);
        }
    }

    #[test]
    fn gradients_of_both_uses_add_up() {
        let laws = |inputs: usize, samples: usize| {
            let shape = Shape::new(&[inputs]);
            Laws::new(Call::new((), shape, shape, 0), samples).scratch(1 << 10)
        };
        gradient_laws! {
            Autoencoder<1, 1, f64>, laws(1, 1).tape(1);
            Autoencoder<5, 3, f64>, laws(5, 4).tape(3);
            Autoencoder<3, 8, f64>, laws(3, 2).tape(8);
        }
    }
}
