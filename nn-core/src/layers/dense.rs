use crate::init::Initializer;
use crate::kernels::{Epilogue, Matrix, Store, add_column_sums, forward_scratch, gemm, gemm_scratch, gemv, inline};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::{Isa, Plain};
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

use super::through_activation;

/// A fully connected layer: `y = f(x · W + b)` along the innermost axis, `f` being the call's fused activation.
///
/// In `network!`: `Dense(units, bias = true)`, or `Dense(in -> units)` to state the input's size as well.
///
/// Input `[features]` or `[time, features]`; each row of `IN` numbers becomes one of `OUT`. The weights start with the
/// uniform distribution of Glorot and Bengio ([`Initializer::GlorotUniform`]), the bias with zero, as in Keras
/// (`keras.layers.Dense`).
#[repr(C)]
#[derive(Debug)]
pub struct Dense<const IN: usize, const OUT: usize, T = f32, B = [T; OUT]> {
    /// `[IN, OUT]`, input-major: row `i` holds what input `i` adds to each output.
    pub weight: [[T; OUT]; IN],
    /// `[OUT]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const IN: usize, const OUT: usize, T, B] Dense<IN, OUT, T, B> { weight: [[T; OUT]; IN], bias: B }
}

impl<const IN: usize, const OUT: usize, T: Scalar, B: Plain<T>> Layer<T> for Dense<IN, OUT, T, B> {
    type Config = spec::Dense;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == OUT || B::LEN == 0, "the bias has one number for each output, or none");
        &[
            Part::tensor("weight", Shape::new(&[IN, OUT]), Role::Weight).torch(Torch::TRANSPOSED),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.weight.as_flattened_mut(), Shape::new(&[IN, OUT]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let rows = pass.samples * call.input.rows();
        let (weight, bias, activation) = (self.weight.as_flattened(), self.bias.as_slice(), call.activation);
        if rows == 1 {
            return gemv(input, weight, bias, activation, output);
        }
        let (input, weight) = (Matrix::rows(input, IN), Matrix::rows(weight, OUT));
        let epilogue = Epilogue { bias, activation };
        gemm([rows, OUT, IN], input, weight, output, Store::Overwrite, epilogue, memory.scratch);
    }

    #[inline(always)]
    fn forward_on<I: Isa>(
        &self,
        call: &Call<Self::Config>,
        pass: &Pass,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
    ) {
        // Weights beyond the L1 cache are better read in order.
        if const { IN * OUT * size_of::<T>() <= 1 << 15 }
            && let (Some(input), Some(output)) = (input.as_array(), output.as_mut_array())
        {
            let (weight, bias) = (&self.weight, self.bias.as_slice());
            return inline::row_times_matrix::<I, T, IN, OUT>(input, weight, bias, call.activation, output);
        }
        self.forward(call, pass, input, output, memory);
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
        let rows = pass.samples * call.input.rows();
        through_activation(call, values.output, d_output);
        let d_output = &*d_output;
        if let Some(gradient) = gradient {
            let store = if pass.starts { Store::Overwrite } else { Store::Accumulate };
            if B::LEN > 0 {
                let bias = gradient.bias.as_mut_slice();
                if pass.starts {
                    bias.fill(T::zero());
                }
                add_column_sums(OUT, d_output, bias);
            }
            let input = Matrix::rows(values.input, IN).transposed();
            let d_weight = gradient.weight.as_flattened_mut();
            let d_rows = Matrix::rows(d_output, OUT);
            gemm([IN, OUT, rows], input, d_rows, d_weight, store, Epilogue::NONE, &mut *memory.scratch);
        }
        if let Some(d_input) = d_input {
            let weight = Matrix::rows(self.weight.as_flattened(), OUT).transposed();
            let d_rows = Matrix::rows(d_output, OUT);
            gemm([rows, IN, OUT], d_rows, weight, d_input, Store::Overwrite, Epilogue::NONE, memory.scratch);
        }
    }
}

impl spec::Dense {
    /// Elements of scratch memory that let the matrix kernel pack its operands; 0 where packing would not pay.
    pub const fn scratch(&self, input: Shape) -> usize {
        products_scratch(input.last(), self.units)
    }

    /// The same for predictions of so many samples.
    pub const fn forward_scratch(&self, input: Shape, samples: usize) -> usize {
        forward_products_scratch(samples.saturating_mul(input.rows()), input.last(), self.units)
    }
}

/// Elements of scratch memory for the three products of a layer with so many inputs and units.
pub(super) const fn products_scratch(inputs: usize, units: usize) -> usize {
    // That for the gradient of the weight is as deep as a tile has rows. The other two pack the right factor alone, and gain
    // nothing by more columns of it at once.
    let [gradient, back] =
        [gemm_scratch(usize::MAX, units), gemm_scratch(units, if inputs < 256 { inputs } else { 256 })];
    if inputs * units < 1 << 12 {
        0
    } else if gradient > back {
        gradient
    } else {
        back
    }
}

/// Elements of scratch memory for the forward product of so many rows; a single one needs none.
pub(super) const fn forward_products_scratch(rows: usize, inputs: usize, units: usize) -> usize {
    if rows == 1 || inputs * units < 1 << 12 { 0 } else { forward_scratch(rows, inputs, units) }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};
    use crate::spec::Activation;

    type Bare<const IN: usize, const OUT: usize> = Dense<IN, OUT, f64, [f64; 0]>;

    #[test]
    fn rows_times_weight_plus_bias() {
        let dense = Dense { weight: [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]], bias: [0.5, -0.5, -100.0] };
        let rows = [1.0, 1.0, 2.0, 0.0];
        let call = call!(Dense { units: 3, bias: true, input: None }, [2, 2]);
        let expected = [11.5, 21.5, -67.0, 2.5, 3.5, -94.0];
        assert_near(&forward(&dense, &call, &Pass::inference(1), &rows), &expected);
        let call = call.with_activation(Activation::Relu);
        assert_near(&forward(&dense, &call, &Pass::inference(1), &rows), &expected.map(|value| value.max(0.0)));
    }

    #[test]
    fn the_default_is_glorot_uniform_and_no_bias() {
        let call = call!(Dense { units: 30, bias: true, input: None }, [70]);
        let dense = initialized::<Dense<70, 30, f64>>(&call);
        let limit = f64::sqrt(6.0 / 100.0);
        assert!(dense.weight.iter().flatten().all(|weight| weight.abs() <= limit));
        assert!(dense.weight.iter().flatten().any(|weight| weight.abs() > 0.95 * limit));
        assert_eq!(dense.bias, [0.0; 30]);
    }

    #[test]
    fn a_layer_without_bias_has_one_tensor() {
        assert_eq!(<Bare<3, 2> as Plain<f64>>::LEN, 6);
        let found = crate::tensors::tensors(<Bare<3, 2> as Layer<f64>>::PARTS);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_pass_that_starts_the_gradients_writes_them() {
        let dense = Dense { weight: [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]], bias: [0.5, -0.5, -100.0] };
        let call = call!(Dense { units: 3, bias: true, input: None }, [2]);
        let gradient = |pass: Pass, start: f64| {
            let mut gradient = Dense { weight: [[start; 3]; 2], bias: [start; 3] };
            let (input, mut d_output) = ([1.0, -2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
            let (input, d_output) = (&input[..2 * pass.samples], &mut d_output[..3 * pass.samples]);
            let values = Activations { input, output: &[] };
            dense.backward(&call, &pass, values, d_output, None, Some(&mut gradient), Memory::none());
            gradient.as_slice().to_vec()
        };
        for samples in [0, 1, 2] {
            let adding = Pass::training(samples, 0);
            let started = gradient(Pass { starts: true, ..adding }, f64::NAN);
            assert_eq!(started, gradient(adding, 0.0), "{samples} samples");
        }
        assert_eq!(gradient(Pass::training(2, 0), 1.0)[..3], [14.0, 18.0, 22.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Dense<1, 1, f64>, laws!(Dense { units: 1, bias: true, input: None }, [1], 1);
            Dense<7, 5, f64>, laws!(Dense { units: 5, bias: true, input: None }, [7], 3);
            Dense<1, 9, f64>, laws!(Dense { units: 9, bias: true, input: None }, [1], 4);
            Dense<17, 1, f64>, laws!(Dense { units: 1, bias: true, input: None }, [17], 2);
            Dense<3, 4, f64>, laws!(Dense { units: 4, bias: true, input: None }, [5, 3], 3);
            Dense<3, 4, f64>, laws!(Dense { units: 4, bias: true, input: None }, [1, 3], 1);
            Bare<6, 5>, laws!(Dense { units: 5, bias: false, input: None }, [6], 3);
            Bare<1, 1>, laws!(Dense { units: 1, bias: false, input: None }, [3, 1], 2);
            Dense<33, 19, f64>, laws!(Dense { units: 19, bias: true, input: None }, [33], 5).scratch(1 << 14);
        }
    }

    #[test]
    fn laws_with_fused_activations() {
        let dense = |activation| laws!(Dense { units: 5, bias: true, input: None }, [2, 7], 3, activation);
        gradient_laws! {
            Dense<7, 5, f64>, dense(Activation::Relu);
            Dense<7, 5, f64>, dense(Activation::LeakyRelu { slope: 0.1 });
            Dense<7, 5, f64>, dense(Activation::Elu { alpha: 0.7 });
            Dense<7, 5, f64>, dense(Activation::Sigmoid);
            Dense<7, 5, f64>, dense(Activation::Tanh);
            Bare<1, 1>, laws!(Dense { units: 1, bias: false, input: None }, [1], 1, Activation::Relu);
            Bare<5, 9>, laws!(Dense { units: 9, bias: false, input: None }, [5], 4, Activation::Tanh);
            Dense<19, 16, f64>, laws!(Dense { units: 16, bias: true, input: None }, [19], 7, Activation::Relu);
        }
    }
}
