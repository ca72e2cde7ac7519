use super::stateless;
use crate::kernels::rescale;
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

stateless! {
    /// `x · scale + offset`, with the same two constants for every element, as Keras' `Rescaling`.
    ///
    /// In `network!`: `Rescaling(scale, offset = 0.0)`: `Rescaling(1.0 / 255.0)` brings pixels to [0, 1].
    Rescaling { forward, backward }
}

fn forward<T: Scalar>(call: &Call<spec::Rescaling>, _pass: &Pass, input: &[T], output: &mut [T]) {
    rescale(T::of(call.config.scale), T::of(call.config.offset), input, output);
}

fn backward<T: Scalar>(
    call: &Call<spec::Rescaling>,
    _pass: &Pass,
    _values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    rescale(T::of(call.config.scale), T::zero(), d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn every_element_is_scaled_and_moved() {
        let call = call!(Rescaling { scale: 2.0 / 255.0, offset: -1.0 }, [3]);
        assert_near(&forward(&Rescaling, &call, &Pass::inference(1), &[0.0, 127.5, 255.0]), &[-1.0, 0.0, 1.0]);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Rescaling, laws!(Rescaling { scale: 3.0, offset: 0.0 }, [1], 1);
            Rescaling, laws!(Rescaling { scale: 0.0, offset: 2.0 }, [7], 3);
            Rescaling, laws!(Rescaling { scale: -0.5, offset: 2.0 }, [3, 5], 2);
            Rescaling, laws!(Rescaling { scale: 1.5, offset: -4.0 }, [2, 3, 1], 2);
            Rescaling, laws!(Rescaling { scale: 1.5, offset: -4.0 }, [2, 1, 2, 3, 2], 2);
        }
    }
}
