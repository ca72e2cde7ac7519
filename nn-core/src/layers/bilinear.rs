use crate::init::Initializer;
use crate::kernels::{
    Epilogue, Matrix, Store, add_column_sums, forward_scratch, gemm, outer_products, outer_products_backward,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

use super::dense::products_scratch;
use super::through_activation;

/// Scalars of outer products that are made at once: they stay in the second-level cache.
const BLOCK: usize = 1 << 15;
/// And rows: more would bring nothing.
const MOST_ROWS: usize = 64;

/// A bilinear form of two vectors for each output: `y[o] = f(Σ a[i] · W[i, j, o] · b[j] + bias[o])`, as PyTorch's
/// `nn.Bilinear`, `f` being the call's fused activation.
///
/// In `network!`: `(a, b) -> Bilinear(units, bias = true)`. The two have any sizes; `[features]` both, or `[time, features]`
/// with the same time, and a form for each step. They are joined along their features: of one value,
/// `joined -> Bilinear(units, first)` says how many of its features are the first vector.
///
/// The weights start with the uniform distribution of Glorot and Bengio ([`Initializer::GlorotUniform`]) with `FIRST · SECOND`
/// inputs, the bias with zero.
#[repr(C)]
#[derive(Debug)]
pub struct Bilinear<const FIRST: usize, const SECOND: usize, const OUT: usize, T = f32, B = [T; OUT]> {
    /// `[FIRST, SECOND, OUT]`. PyTorch's `[OUT, FIRST, SECOND]` with its axes permuted by `(1, 2, 0)`.
    pub weight: [[[T; OUT]; SECOND]; FIRST],
    /// `[OUT]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const FIRST: usize, const SECOND: usize, const OUT: usize, T, B] Bilinear<FIRST, SECOND, OUT, T, B> {
        weight: [[[T; OUT]; SECOND]; FIRST],
        bias: B,
    }
}

/// Rows whose outer products are made at once.
const fn rows_at_once(products: usize) -> usize {
    match BLOCK.checked_div(products) {
        None | Some(0) => 1,
        Some(rows) if rows > MOST_ROWS => MOST_ROWS,
        Some(rows) => rows,
    }
}

impl<const FIRST: usize, const SECOND: usize, const OUT: usize, T: Scalar, B: Plain<T>>
    Bilinear<FIRST, SECOND, OUT, T, B>
{
    const PRODUCTS: usize = FIRST * SECOND;

    fn flat_weight(&self) -> Matrix<'_, T> {
        Matrix::rows(self.weight.as_flattened().as_flattened(), OUT)
    }
}

impl<const FIRST: usize, const SECOND: usize, const OUT: usize, T: Scalar, B: Plain<T>> Layer<T>
    for Bilinear<FIRST, SECOND, OUT, T, B>
{
    type Config = spec::Bilinear;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == OUT || B::LEN == 0, "the bias has one number for each output, or none");
        &[
            Part::tensor("weight", Shape::new(&[FIRST, SECOND, OUT]), Role::Weight).torch(Torch::SAME.axes(&[1, 2, 0])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        let weight = self.weight.as_flattened_mut().as_flattened_mut();
        Initializer::GlorotUniform.fill(weight, Shape::new(&[FIRST * SECOND, OUT]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, _pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let block = rows_at_once(Self::PRODUCTS);
        let (products, scratch) = memory.scratch.split_at_mut(block * Self::PRODUCTS);
        let epilogue = Epilogue { bias: self.bias.as_slice(), activation: call.activation };
        for (input, output) in input.chunks(block * (FIRST + SECOND)).zip(output.chunks_mut(block * OUT)) {
            outer_products(FIRST, SECOND, input, products);
            let (shape, products) =
                ([output.len() / OUT, OUT, Self::PRODUCTS], Matrix::rows(&*products, Self::PRODUCTS));
            gemm(shape, products, self.flat_weight(), output, Store::Overwrite, epilogue, scratch);
        }
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        _pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        mut d_input: Option<&mut [T]>,
        mut gradient: Option<&mut Self::Gradient>,
        memory: Memory<'_, T>,
    ) {
        through_activation(call, values.output, d_output);
        if let Some(gradient) = &mut gradient
            && B::LEN > 0
        {
            add_column_sums(OUT, d_output, gradient.bias.as_mut_slice());
        }
        let (block, none) = (rows_at_once(Self::PRODUCTS), Epilogue::NONE);
        let (products, scratch) = memory.scratch.split_at_mut(block * Self::PRODUCTS);
        let (from, to) = (block * (FIRST + SECOND), block * OUT);
        for (index, (input, d_output)) in values.input.chunks(from).zip(d_output.chunks(to)).enumerate() {
            let (rows, d_output) = (d_output.len() / OUT, Matrix::rows(d_output, OUT));
            if let Some(gradient) = &mut gradient {
                outer_products(FIRST, SECOND, input, products);
                let seen = Matrix::rows(&*products, Self::PRODUCTS).transposed();
                let d_weight = gradient.weight.as_flattened_mut().as_flattened_mut();
                gemm([Self::PRODUCTS, OUT, rows], seen, d_output, d_weight, Store::Accumulate, none, &mut *scratch);
            }
            if let Some(d_input) = &mut d_input {
                let (weight, d_products) = (self.flat_weight().transposed(), &mut products[..rows * Self::PRODUCTS]);
                let shape = [rows, Self::PRODUCTS, OUT];
                gemm(shape, d_output, weight, d_products, Store::Overwrite, none, &mut *scratch);
                let d_rows = &mut d_input[index * from..][..input.len()];
                outer_products_backward(FIRST, SECOND, input, d_products, d_rows);
            }
        }
    }
}

impl spec::Bilinear {
    /// Elements of scratch memory: outer products of some rows, and what matrix products ask for.
    pub const fn scratch(&self, input: Shape) -> usize {
        let products = self.first * self.second(input);
        rows_at_once(products) * products + products_scratch(products, self.units)
    }

    /// The same for predictions of so many samples.
    pub const fn forward_scratch(&self, input: Shape, _samples: usize) -> usize {
        let products = self.first * self.second(input);
        let rows = rows_at_once(products);
        rows * products + forward_scratch(rows, products, self.units)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};
    use crate::spec::Activation;

    #[test]
    fn it_is_a_form_of_two_vectors() {
        let layer = Bilinear {
            weight: [[[1.0, 0.0], [2.0, 1.0], [0.0, -1.0]], [[3.0, 2.0], [0.0, 0.0], [1.0, 1.0]]],
            bias: [0.5, 0.0],
        };
        let call = call!(Bilinear { units: 2, first: 2, bias: true }, [5]);
        // a = [2, -1], b = [1, 3, 5].
        let found = forward(&layer, &call, &Pass::inference(1), &[2.0, -1.0, 1.0, 3.0, 5.0]);
        assert_near(&found, &[2.0 * (1.0 + 6.0) - (3.0 + 5.0) + 0.5, 2.0 * (3.0 - 5.0) - (2.0 + 5.0)]);
    }

    #[test]
    fn the_default_is_glorot_uniform_over_all_products() {
        let layer = initialized::<Bilinear<7, 11, 5, f64>>(&call!(Bilinear { units: 5, first: 7, bias: true }, [18]));
        let limit = f64::sqrt(6.0 / 82.0);
        assert!(layer.flat_weight().data.iter().all(|weight| weight.abs() <= limit));
        assert!(layer.flat_weight().data.iter().any(|weight| weight.abs() > 0.95 * limit));
        assert_eq!(layer.bias, [0.0; 5]);
    }

    macro_rules! of {
        ($units:expr, $first:expr, $bias:expr, $input:expr, $samples:expr, $f:ident) => {{
            let call = call!(Bilinear { units: $units, first: $first, bias: $bias }, $input);
            let laws = laws!(Bilinear { units: $units, first: $first, bias: $bias }, $input, $samples, Activation::$f);
            laws.scratch(call.config.scratch(call.input))
        }};
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Bilinear<1, 1, 1, f64>, of!(1, 1, true, [2], 1, Identity);
            Bilinear<2, 3, 4, f64>, of!(4, 2, true, [5], 3, Identity);
            Bilinear<5, 1, 2, f64>, of!(2, 5, true, [6], 2, Relu);
            Bilinear<1, 6, 3, f64, [f64; 0]>, of!(3, 1, false, [7], 2, Identity);
            Bilinear<3, 17, 2, f64>, of!(2, 3, true, [20], 2, Tanh);
            Bilinear<2, 2, 5, f64>, of!(5, 2, true, [4, 4], 2, Identity);
            Bilinear<4, 3, 1, f64, [f64; 0]>, of!(1, 4, false, [3, 7], 1, Identity);
            Bilinear<2, 3, 17, f64>, of!(17, 2, true, [2, 5], 2, Sigmoid);
            // More rows than are worked on at once.
            Bilinear<1, 2, 2, f64>, of!(2, 1, true, [5, 3], 14, Identity);
        }
    }
}
