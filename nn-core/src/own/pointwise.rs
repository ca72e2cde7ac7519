/// Declares a point-wise function as a layer without parameters, for any shape and for both scalars.
///
/// ```
/// nn_core::pointwise! {
///     /// `x · sigmoid(beta · x)` (Ramachandran, Zoph and Le, 2017).
///     pub struct Swish(beta: f64) {
///         value: |x| x / (T::one() + (-beta * x).exp()),
///         derivative: |x, y| {
///             let sigmoid = T::one() / (T::one() + (-beta * x).exp());
///             sigmoid + beta * y * (T::one() - sigmoid)
///         },
///     }
/// }
///
/// # use nn_core::{laws::Laws, layer::Call, spec::Shape};
/// let shape = Shape::new(&[3, 2]);
/// nn_core::gradient_laws! { Swish<f64>, Laws::new(Call::new(Swish::<f64>::config(1.5), shape, shape, 0), 2); }
/// ```
///
/// - **Arguments** in parentheses are those in `network!`, where the layer is written by its path: `self::Swish(1.5)`.
///   They may be left out, parentheses and all.
/// - **`value`** is the function. In both expressions `T` is the scalar, and `x` and the arguments are of that type:
///   `T::of(0.5)` is a constant, and functions are methods, as `x.exp()`.
/// - **`derivative`** is its derivative at `x`, where the function gave `y`; what is not needed is written `_`.
#[macro_export]
macro_rules! pointwise {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident $(($($argument:ident: $kind:ty),* $(,)?))? {
            value: |$x:pat_param| $value:expr,
            derivative: |$at:pat_param, $result:pat_param| $derivative:expr $(,)?
        }
    ) => {
        $(#[$meta])*
        #[repr(C)]
        $visibility struct $name<T = f32> {
            scalar: [T; 0],
        }

        $crate::plain! { impl[T] $name<T> { scalar: [T; 0] } }

        impl<T: $crate::Scalar> $name<T> {
            /// What stands in parentheses in `network!`.
            #[allow(clippy::unused_unit)]
            $visibility const fn config($($($argument: $kind),*)?) -> ($($($kind),*)?) {
                ($($($argument),*)?)
            }

            /// Any shape; it stays.
            ///
            /// # Errors
            /// None.
            $visibility const fn out_shape(
                _config: &($($($kind),*)?),
                input: $crate::spec::Shape,
            ) -> ::core::result::Result<$crate::spec::Shape, $crate::spec::ShapeError> {
                ::core::result::Result::Ok(input)
            }
        }

        impl<T: $crate::Scalar> $crate::layer::Layer<T> for $name<T> {
            type Config = ($($($kind),*)?);
            type Gradient = ();
            const PARTS: &'static [$crate::tensors::Part] = &[];

            #[allow(unused_variables)]
            fn forward(
                &self,
                call: &$crate::layer::Call<Self::Config>,
                _pass: &$crate::layer::Pass,
                input: &[T],
                output: &mut [T],
                _memory: $crate::layer::Memory<'_, T>,
            ) {
                let ($($($argument),*)?) = call.config;
                $($(let $argument = <T as $crate::Scalar>::of($argument);)*)?
                $crate::own::map(input, output, |$x: T| -> T { $value });
            }

            #[allow(unused_variables)]
            fn backward(
                &self,
                call: &$crate::layer::Call<Self::Config>,
                _pass: &$crate::layer::Pass,
                values: $crate::layer::Activations<'_, T>,
                d_output: &mut [T],
                d_input: ::core::option::Option<&mut [T]>,
                _gradient: ::core::option::Option<&mut ()>,
                _memory: $crate::layer::Memory<'_, T>,
            ) {
                let ::core::option::Option::Some(d_input) = d_input else { return };
                let ($($($argument),*)?) = call.config;
                $($(let $argument = <T as $crate::Scalar>::of($argument);)*)?
                $crate::own::map_backward(values, d_output, d_input, |$at: T, $result: T| -> T { $derivative });
            }
        }

        impl<T: $crate::Scalar> $crate::layer::OpaqueLayer<T> for $name<T> {
            type Kind = $crate::network::Scores;
        }
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`pointwise!` declares one function of a number\nexpected `pub struct Name(argument: f64) { value: |x| .., derivative: |x, y| .. }`\nhelp: arguments may be left out; `value` comes first"
        );
    };
}
