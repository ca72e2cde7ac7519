use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::scalar::Scalar;
use crate::spec;
use crate::tensors::Part;

/// The layers that give the same elements another shape. In a network they cost nothing, for the compiler makes them
/// views; called as layers they copy.
macro_rules! reorder {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub struct $name;

        crate::plain! { impl[T] $name {} }

        impl<T: Scalar> Layer<T> for $name {
            type Config = spec::$name;
            type Gradient = ();

            const PARTS: &'static [Part] = &[];

            fn forward(
                &self,
                _call: &Call<Self::Config>,
                _pass: &Pass,
                input: &[T],
                output: &mut [T],
                _memory: Memory<'_, T>,
            ) {
                output.copy_from_slice(input);
            }

            fn backward(
                &self,
                _call: &Call<Self::Config>,
                _pass: &Pass,
                _values: Activations<'_, T>,
                d_output: &mut [T],
                d_input: Option<&mut [T]>,
                _gradient: Option<&mut ()>,
                _memory: Memory<'_, T>,
            ) {
                if let Some(d_input) = d_input {
                    d_input.copy_from_slice(d_output);
                }
            }
        }
    )*};
}

reorder! {
    /// All axes in one, row by row: `[15, 15, 32]` becomes `[7200]`.
    ///
    /// In `network!`: `Flatten`, or `Flatten(7200)` to state the size as well.
    Flatten;
    /// The same elements under other axes, row by row: `[12]` becomes `[3, 4]`.
    ///
    /// In `network!`: `Reshape([3, 4])`.
    Reshape;
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Shape;

    #[test]
    fn elements_keep_their_order() {
        let input = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let call = call!(Flatten { size: None }, [3, 2]);
        assert_near(&forward(&Flatten, &call, &Pass::inference(1), &input), &input);
        let call = call!(Reshape { shape: Shape::new(&[1, 2]) }, [2]);
        assert_near(&forward(&Reshape, &call, &Pass::inference(3), &input), &input);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Flatten, laws!(Flatten { size: None }, [1], 1);
            Flatten, laws!(Flatten { size: None }, [5, 1], 2);
            Flatten, laws!(Flatten { size: Some(24) }, [2, 3, 4], 3);
            Flatten, laws!(Flatten { size: None }, [1, 1, 7], 1);
            Reshape, laws!(Reshape { shape: Shape::new(&[1]) }, [1, 1], 1);
            Reshape, laws!(Reshape { shape: Shape::new(&[4, 3, 2]) }, [24], 2);
            Reshape, laws!(Reshape { shape: Shape::new(&[6]) }, [2, 3], 3);
            Reshape, laws!(Reshape { shape: Shape::new(&[3, 5]) }, [5, 3], 2);
        }
    }
}
