use super::stateless;
use crate::kernels::{Layout, gather, scatter};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// Fewer elements in front of some axes and behind them: the reverse of [`Pad`](super::Pad), as Keras' `Cropping2D`.
    ///
    /// In `network!`: `Crop(before, after = before, axes = -1)`. `Crop(1, axes = [0, 1])` takes the frame off an image;
    /// `Crop(0, 2, axes = 0)` takes the last two steps off a sequence.
    Crop { forward, backward }
}

/// Where each element of the output lies in the input.
fn layout(call: &Call<spec::Crop>, samples: usize) -> Layout {
    let strides = call.input.strides();
    let start = call.config.places(call.input).as_slice().iter().map(|&axis| call.config.before * strides[axis]).sum();
    let outer = Layout::new(start).axis(samples, call.input.len());
    call.output.dims().iter().zip(strides).fold(outer, |layout, (&size, stride)| layout.axis(size, stride))
}

fn forward<T: Scalar>(call: &Call<spec::Crop>, pass: &Pass, input: &[T], output: &mut [T]) {
    gather(&layout(call, pass.samples), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::Crop>,
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
    use crate::spec::Axes;

    const IMAGE: Axes = Axes::new(&[0, 1]);

    #[test]
    fn the_middle_is_left() {
        let row = call!(Crop { before: 1, after: Some(2), axes: Axes::LAST }, [4]);
        let input = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        assert_near(&forward(&Crop, &row, &Pass::inference(2), &input), &[2.0, 6.0]);
        let steps = call!(Crop { before: 0, after: Some(2), axes: Axes::new(&[0]) }, [4, 2]);
        assert_near(&forward(&Crop, &steps, &Pass::inference(1), &input), &[1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Crop, laws!(Crop { before: 0, after: None, axes: Axes::LAST }, [1], 1);
            Crop, laws!(Crop { before: 2, after: Some(0), axes: Axes::LAST }, [7], 3);
            Crop, laws!(Crop { before: 0, after: Some(3), axes: Axes::new(&[0]) }, [4, 5], 2);
            Crop, laws!(Crop { before: 1, after: None, axes: IMAGE }, [3, 4, 2], 3);
            Crop, laws!(Crop { before: 1, after: Some(2), axes: IMAGE }, [4, 4, 3], 1);
            Crop, laws!(Crop { before: 1, after: None, axes: Axes::new(&[-1, 1]) }, [2, 3, 1, 4], 2);
            Crop, laws!(Crop { before: 1, after: Some(0), axes: Axes::new(&[0, 2, 4]) }, [2, 1, 2, 3, 2], 2);
            Crop, laws!(Crop { before: 3, after: Some(1), axes: Axes::new(&[0]) }, [9, 17], 2);
        }
    }
}
