use super::stateless;
use crate::kernels::{Layout, gather, scatter};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// The axes in another order: output axis `i` is input axis `axes[i]`, as in NumPy's `transpose` and PyTorch's `permute`.
    ///
    /// In `network!`: `Permute(axes)`, every axis of the input once: `Permute([1, 0])` swaps time and features. The batch is
    /// not counted; -1 is the last axis.
    Permute { forward, backward }
}

/// Where each element of the output lies in the input.
fn layout(call: &Call<spec::Permute>, samples: usize) -> Layout {
    let (input, strides) = (call.input, call.input.strides());
    let outer = Layout::new(0).axis(samples, input.len());
    let places = call.config.places(input);
    places.as_slice().iter().fold(outer, |layout, &axis| layout.axis(input.dim(axis), strides[axis]))
}

fn forward<T: Scalar>(call: &Call<spec::Permute>, pass: &Pass, input: &[T], output: &mut [T]) {
    gather(&layout(call, pass.samples), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::Permute>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    scatter(&layout(call, pass.samples), d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Axes;

    #[test]
    fn output_axis_i_is_input_axis_axes_i() {
        let numbers: [f64; 12] = core::array::from_fn(|index| index as f64);
        let swap = call!(Permute { axes: Axes::new(&[1, 0]) }, [2, 3]);
        let swapped = [0.0, 3.0, 1.0, 4.0, 2.0, 5.0, 6.0, 9.0, 7.0, 10.0, 8.0, 11.0];
        assert_near(&forward(&Permute, &swap, &Pass::inference(2), &numbers), &swapped);
        let last_first = call!(Permute { axes: Axes::new(&[-1, 0, 1]) }, [2, 3, 2]);
        let planes = [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 1.0, 3.0, 5.0, 7.0, 9.0, 11.0];
        assert_near(&forward(&Permute, &last_first, &Pass::inference(1), &numbers), &planes);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Permute, laws!(Permute { axes: Axes::new(&[0]) }, [1], 1);
            Permute, laws!(Permute { axes: Axes::new(&[0]) }, [7], 3);
            Permute, laws!(Permute { axes: Axes::new(&[1, 0]) }, [3, 5], 2);
            Permute, laws!(Permute { axes: Axes::new(&[1, 0]) }, [17, 1], 3);
            Permute, laws!(Permute { axes: Axes::new(&[0, 1]) }, [4, 3], 1);
            Permute, laws!(Permute { axes: Axes::new(&[-1, 1, 0]) }, [2, 3, 5], 2);
            Permute, laws!(Permute { axes: Axes::new(&[1, 0, 2]) }, [4, 3, 1], 2);
            Permute, laws!(Permute { axes: Axes::new(&[2, 0, 3, 1]) }, [2, 3, 1, 4], 3);
            Permute, laws!(Permute { axes: Axes::new(&[4, 2, 0, 3, 1]) }, [2, 1, 3, 2, 3], 2);
        }
    }
}
