use super::stateless;
use crate::kernels::{Epilogue, Matrix, Store, gemm, gemm_scratch};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec::{self, Shape};

stateless! {
    /// The product of two matrices: `y[i, j] = Σ a[i, l] · b[l, j]`, as PyTorch's `matmul` and NumPy's `@`.
    ///
    /// In `network!`: `(a, b) -> MatMul` of `[rows, depth]` and `[depth, columns]`; `(a, b) -> MatMul(transposed = true)` of
    /// `[rows, depth]` and `[columns, depth]`, the products of all rows of one with all rows of the other. Both may have one more
    /// axis in front, of one size: a product for each matrix of the stack.
    ///
    /// They are joined along the last axis but one, the second with a row for each of its columns: of one value,
    /// `joined -> MatMul(rows)` multiplies its first rows by all others, whatever `transposed` says.
    MatMul { forward, backward, scratch }
}

/// Rows, columns, and how many numbers a sum has.
fn sizes(call: &Call<spec::MatMul>) -> [usize; 3] {
    [call.config.rows, call.config.columns(call.input), call.input.last()]
}

fn forward<T: Scalar>(call: &Call<spec::MatMul>, _pass: &Pass, input: &[T], output: &mut [T], scratch: &mut [T]) {
    let [rows, columns, depth] = sizes(call);
    for (input, output) in input.chunks((rows + columns) * depth).zip(output.chunks_mut(rows * columns)) {
        let (left, right) = input.split_at(rows * depth);
        let (left, right) = (Matrix::rows(left, depth), Matrix::rows(right, depth).transposed());
        gemm([rows, columns, depth], left, right, output, Store::Overwrite, Epilogue::NONE, &mut *scratch);
    }
}

fn backward<T: Scalar>(
    call: &Call<spec::MatMul>,
    _pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let [rows, columns, depth] = sizes(call);
    let (both, none) = ((rows + columns) * depth, Epilogue::NONE);
    let pairs = values.input.chunks(both).zip(d_input.chunks_mut(both));
    for ((input, d_input), d_output) in pairs.zip(d_output.chunks(rows * columns)) {
        let (left, right) = input.split_at(rows * depth);
        let (d_left, d_right) = d_input.split_at_mut(rows * depth);
        let (left, right) = (Matrix::rows(left, depth), Matrix::rows(right, depth));
        let d_output = Matrix::rows(d_output, columns);
        gemm([rows, depth, columns], d_output, right, d_left, Store::Overwrite, none, &mut *scratch);
        gemm([columns, depth, rows], d_output.transposed(), left, d_right, Store::Overwrite, none, &mut *scratch);
    }
}

impl spec::MatMul {
    /// Elements of scratch memory: what the three products ask for.
    pub const fn scratch(&self, input: Shape) -> usize {
        let (columns, depth) = (self.columns(input), input.last());
        let back = if columns > self.rows { columns } else { self.rows };
        let [forward, back] = [gemm_scratch(depth, columns), gemm_scratch(back, depth)];
        if forward > back { forward } else { back }
    }

    /// The same for predictions of so many samples.
    pub const fn forward_scratch(&self, input: Shape, _samples: usize) -> usize {
        gemm_scratch(input.last(), self.columns(input))
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn rows_meet_columns() {
        let product = call!(MatMul { rows: 2, columns: None, transposed: false }, [5, 2]);
        let [a, columns] = [[1.0, 2.0, 3.0, -1.0].as_slice(), &[1.0, 0.0, 0.0, 1.0, 2.0, 2.0]];
        let found = forward(&MatMul, &product, &Pass::inference(1), &[a, columns].concat());
        assert_near(&found, &[1.0, 2.0, 6.0, 3.0, -1.0, 4.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            MatMul, laws!(MatMul { rows: 1, columns: None, transposed: false }, [2, 1], 1);
            MatMul, laws!(MatMul { rows: 1, columns: None, transposed: false }, [2, 9], 3);
            MatMul, laws!(MatMul { rows: 3, columns: Some(2), transposed: true }, [5, 4], 2);
            MatMul, laws!(MatMul { rows: 2, columns: None, transposed: false }, [9, 1], 2);
            MatMul, laws!(MatMul { rows: 7, columns: None, transposed: false }, [8, 3], 1);
            MatMul, laws!(MatMul { rows: 4, columns: None, transposed: false }, [8, 17], 1);
            MatMul, laws!(MatMul { rows: 2, columns: None, transposed: false }, [3, 5, 4], 2);
            MatMul, laws!(MatMul { rows: 1, columns: Some(4), transposed: false }, [2, 5, 3], 3);
            MatMul, laws!(MatMul { rows: 2, columns: None, transposed: false }, [2, 2, 5, 2], 1);
        }
    }
}
