use super::stateless;
use crate::kernels::{Layout, gather, scatter_add};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// The input repeated along its axes of size 1, and along axes in front that it does not have: the rules of NumPy's
    /// broadcasting, for one sample.
    ///
    /// In `network!`: `Broadcast(shape)`; `+ - * /` do it by themselves. `[3]` and `[1, 1, 3]` both become
    /// `[32, 32, 3]`: one number a channel. The gradient of an element is the sum over its copies.
    Broadcast { forward, backward }
}

/// Where each element of the output lies in the input.
fn layout(call: &Call<spec::Broadcast>, samples: usize) -> Layout {
    let (input, strides, missing) = (call.input, call.input.strides(), call.output.rank() - call.input.rank());
    let outer = Layout::new(0).axis(samples, input.len());
    call.output.dims().iter().enumerate().fold(outer, |layout, (axis, &size)| {
        let from = axis.checked_sub(missing).filter(|axis| input.dim(*axis) == size);
        layout.axis(size, from.map_or(0, |axis| strides[axis]))
    })
}

fn forward<T: Scalar>(call: &Call<spec::Broadcast>, pass: &Pass, input: &[T], output: &mut [T]) {
    gather(&layout(call, pass.samples), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::Broadcast>,
    pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    d_input.fill(T::zero());
    scatter_add(&layout(call, pass.samples), d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Shape;

    #[test]
    fn axes_of_size_one_are_repeated() {
        let channels = call!(Broadcast { shape: Shape::new(&[2, 2]) }, [2]);
        let expected = [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0];
        assert_near(&forward(&Broadcast, &channels, &Pass::inference(2), &[1.0, 2.0, 3.0, 4.0]), &expected);
        let image = call!(Broadcast { shape: Shape::new(&[2, 1, 3]) }, [2, 1, 1]);
        let expected = [1.0, 1.0, 1.0, 2.0, 2.0, 2.0];
        assert_near(&forward(&Broadcast, &image, &Pass::inference(1), &[1.0, 2.0]), &expected);
        let middle = call!(Broadcast { shape: Shape::new(&[2, 2, 2]) }, [2, 1, 2]);
        let expected = [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0];
        assert_near(&forward(&Broadcast, &middle, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0]), &expected);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Broadcast, laws!(Broadcast { shape: Shape::new(&[1]) }, [1], 1);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[7]) }, [1], 3);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[5, 3]) }, [5, 3], 2);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[5, 3]) }, [3], 2);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[3, 2, 5]) }, [5], 3);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[3, 2, 5]) }, [3, 2, 1], 2);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[3, 2, 5]) }, [1, 1, 1], 2);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[3, 2, 5]) }, [3, 1, 5], 2);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[3, 2, 5]) }, [2, 1], 1);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[2, 3, 2, 2]) }, [1, 3, 1, 2], 2);
            Broadcast, laws!(Broadcast { shape: Shape::new(&[2, 2, 3, 2, 2]) }, [2, 1, 3, 1, 2], 2);
        }
    }
}
