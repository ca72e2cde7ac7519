use super::stateless;
use crate::kernels::{inline, rescale, rescale_in_place};
use crate::layer::{Activations, Call, InPlace, Pass};
use crate::scalar::Scalar;
use crate::simd::Isa;
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

impl<T: Scalar> InPlace<T> for Rescaling {
    fn forward_in_place(&self, call: &Call<spec::Rescaling>, _pass: &Pass, values: &mut [T]) {
        rescale_in_place(T::of(call.config.scale), T::of(call.config.offset), values);
    }

    #[inline(always)]
    fn forward_in_place_on<I: Isa>(&self, call: &Call<spec::Rescaling>, _pass: &Pass, values: &mut [T]) {
        inline::rescale_in_place::<I, T>(T::of(call.config.scale), T::of(call.config.offset), values);
    }

    fn backward_in_place(
        &self,
        call: &Call<spec::Rescaling>,
        _pass: &Pass,
        _values: Activations<'_, T>,
        gradient: &mut [T],
    ) {
        rescale_in_place(T::of(call.config.scale), T::zero(), gradient);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_in_place, assert_near, call, forward, laws};

    #[test]
    fn every_element_is_scaled_and_moved() {
        let call = call!(Rescaling { scale: 2.0 / 255.0, offset: -1.0 }, [3]);
        assert_near(&forward(&Rescaling, &call, &Pass::inference(1), &[0.0, 127.5, 255.0]), &[-1.0, 0.0, 1.0]);
    }

    #[test]
    fn in_place_as_elsewhere() {
        assert_in_place(&Rescaling, &call!(Rescaling { scale: 3.0, offset: -1.0 }, [7]), &Pass::inference(3));
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
