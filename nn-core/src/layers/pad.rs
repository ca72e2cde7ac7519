use super::stateless;
use crate::kernels::{Layout, gather, scatter};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// More elements of one value in front of some axes and behind them.
    ///
    /// In `network!`: `Pad(before, after = before, axes = -1, value = 0.0)`. `Pad(1, axes = [0, 1])` puts a frame of zeros
    /// around an image, as Keras' `ZeroPadding2D(1)`; `Pad(2, 0, axes = 0)` puts two steps in front of a sequence.
    Pad { forward, backward }
}

/// Where each element of the input lies in the output.
fn layout(call: &Call<spec::Pad>, samples: usize) -> Layout {
    let strides = call.output.strides();
    let start = call.config.places(call.input).as_slice().iter().map(|&axis| call.config.before * strides[axis]).sum();
    let outer = Layout::new(start).axis(samples, call.output.len());
    call.input.dims().iter().zip(strides).fold(outer, |layout, (&size, stride)| layout.axis(size, stride))
}

fn forward<T: Scalar>(call: &Call<spec::Pad>, pass: &Pass, input: &[T], output: &mut [T]) {
    output.fill(T::of(call.config.value));
    scatter(&layout(call, pass.samples), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::Pad>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    gather(&layout(call, pass.samples), d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Axes;

    const IMAGE: Axes = Axes::new(&[0, 1]);

    #[test]
    fn the_input_stands_inside_a_frame() {
        let row = call!(Pad { before: 1, after: Some(2), axes: Axes::LAST, value: -1.0 }, [2]);
        let expected = [-1.0, 1.0, 2.0, -1.0, -1.0, -1.0, 3.0, 4.0, -1.0, -1.0];
        assert_near(&forward(&Pad, &row, &Pass::inference(2), &[1.0, 2.0, 3.0, 4.0]), &expected);
        let image = call!(Pad { before: 1, after: None, axes: IMAGE, value: 0.0 }, [1, 2, 1]);
        let expected = [0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 6.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_near(&forward(&Pad, &image, &Pass::inference(1), &[5.0, 6.0]), &expected);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Pad, laws!(Pad { before: 0, after: None, axes: Axes::LAST, value: 0.0 }, [1], 1);
            Pad, laws!(Pad { before: 2, after: Some(0), axes: Axes::LAST, value: 3.0 }, [7], 3);
            Pad, laws!(Pad { before: 0, after: Some(3), axes: Axes::new(&[0]), value: 0.0 }, [4, 5], 2);
            Pad, laws!(Pad { before: 1, after: None, axes: IMAGE, value: 0.0 }, [3, 2, 2], 3);
            Pad, laws!(Pad { before: 1, after: Some(2), axes: IMAGE, value: -1.0 }, [1, 1, 3], 1);
            Pad, laws!(Pad { before: 1, after: None, axes: Axes::new(&[-1, 1]), value: 0.5 }, [2, 3, 1, 2], 2);
            Pad, laws!(Pad { before: 1, after: Some(0), axes: Axes::new(&[0, 2, 4]), value: 0.0 }, [2, 1, 2, 3, 2], 2);
        }
    }
}
