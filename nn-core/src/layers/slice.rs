use super::stateless;
use crate::kernels::{Layout, gather, scatter};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// A part of one axis.
    ///
    /// In `network!`: `Slice(range, axis = -1)`, with `2..5`, `..5` or `2..`; the end is not taken. `Slice(..1)` is the first
    /// feature or channel, `Slice(2.., axis = 0)` leaves the first two time steps out. The axis stays, even with size 1.
    Slice { forward, backward }
}

/// Where each element of the output lies in the input.
fn layout(call: &Call<spec::Slice>, samples: usize) -> Layout {
    let strides = call.input.strides();
    // The sliced axis is the one that has become shorter; where none has, the range starts at 0.
    let axis = (0..call.input.rank()).find(|axis| call.input.dim(*axis) != call.output.dim(*axis));
    let start = axis.map_or(0, |axis| call.config.range.start * strides[axis]);
    let outer = Layout::new(start).axis(samples, call.input.len());
    call.output.dims().iter().zip(strides).fold(outer, |layout, (&size, stride)| layout.axis(size, stride))
}

fn forward<T: Scalar>(call: &Call<spec::Slice>, pass: &Pass, input: &[T], output: &mut [T]) {
    gather(&layout(call, pass.samples), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::Slice>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    d_input.fill(T::zero());
    scatter(&layout(call, pass.samples), d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Range;

    const fn range(start: usize, end: usize) -> Range {
        Range { start, end: Some(end) }
    }

    const FROM_TWO: Range = Range { start: 2, end: None };

    #[test]
    fn a_slice_is_a_part_of_one_axis() {
        let numbers: [f64; 12] = core::array::from_fn(|index| index as f64);
        let columns = call!(Slice { range: range(1, 3), axis: -1 }, [2, 3]);
        let expected = [1.0, 2.0, 4.0, 5.0, 7.0, 8.0, 10.0, 11.0];
        assert_near(&forward(&Slice, &columns, &Pass::inference(2), &numbers), &expected);
        let rows = call!(Slice { range: FROM_TWO, axis: 0 }, [3, 2]);
        assert_near(&forward(&Slice, &rows, &Pass::inference(2), &numbers), &[4.0, 5.0, 10.0, 11.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Slice, laws!(Slice { range: range(0, 1), axis: 0 }, [1], 1);
            Slice, laws!(Slice { range: range(2, 5), axis: 0 }, [7], 3);
            Slice, laws!(Slice { range: range(0, 5), axis: -1 }, [4, 5], 2);
            Slice, laws!(Slice { range: range(4, 5), axis: 1 }, [4, 5], 3);
            Slice, laws!(Slice { range: FROM_TWO, axis: 0 }, [5, 3], 2);
            Slice, laws!(Slice { range: range(1, 2), axis: 1 }, [2, 3, 4], 2);
            Slice, laws!(Slice { range: range(1, 2), axis: -1 }, [1, 3, 2], 1);
            Slice, laws!(Slice { range: FROM_TWO, axis: -2 }, [2, 3, 4, 1], 2);
            Slice, laws!(Slice { range: range(0, 2), axis: 2 }, [2, 1, 3, 2, 3], 2);
        }
    }
}
