/// Declares the parameters of a layer of one's own: a `#[repr(C)]` struct of arrays that is generic over the scalar, with
/// the names, shapes and roles of its tensors. [`sample_layer!`](crate::sample_layer) makes a layer of it; where `Layer` and
/// `OpaqueLayer` are implemented by hand, this is the declaration alone, and `TENSORS` are the layer's `PARTS`.
///
/// ```
/// nn_core::parameters! {
///     /// A bilinear form for each output: `yₖ = xᵀ · Wₖ · x`.
///     pub struct Bilinear<const IN: usize, const OUT: usize>(scale: f64) {
///         /// The forms: `[OUT, IN, IN]`.
///         weight: Weight[OUT, IN, IN],
///         /// What is added to each: `[OUT]`.
///         bias: Bias[OUT],
///     }
///     out_shape: |input| match input.rank() {
///         1 if input.last() == IN => Ok(input.with_last(OUT)),
///         1 => Err(ShapeError::Asserted { input, found: input.last(), expected: IN }),
///         _ => Err(ShapeError::Rank { input, expected: "[features]", help: "insert `Flatten` before it" }),
///     }
/// }
/// use nn_core::spec::{Shape, ShapeError};
///
/// type Form = Bilinear<3, 2, f64>;
/// let form = Form { weight: [[[0.0; 3]; 3]; 2], bias: [0.0; 2] };
/// assert_eq!(Form::out_shape(&Form::config(0.5), Shape::new(&[3])), Ok(Shape::new(&[2])));
/// assert!(Form::out_shape(&0.5, Shape::new(&[4])).is_err());
/// # let _ = form;
/// ```
///
/// - **Sizes** are const parameters; the scalar `T` stands behind them, `f32` if it is not written.
/// - **Arguments** in parentheses are what stands in parentheses in `network!`; they may be left out. They become
///   `config`, and are the layer's `Config`: `()` for none, the type itself for one, a tuple for several.
/// - **Tensors** are `name: Role[axes]`. A `Weight` is shrunk by weight decay, a `Bias` is not. A layer without any has `{}`.
/// - **`out_shape`** gives the output's shape, or why the input does not fit; it is evaluated by the compiler, as a
///   `const fn` is, and may use sizes and arguments. Without it the shape stays.
///
/// In `network!` the layer is written by its path, `self::Bilinear<_, 4>(0.1)`: each `_` is an axis of the input.
#[macro_export]
macro_rules! parameters {
    (@array $scalar:ident; $axis:expr) => { [$scalar; $axis] };
    (@array $scalar:ident; $axis:expr, $($inner:expr),+) => { [$crate::parameters!(@array $scalar; $($inner),+); $axis] };
    (@role Weight) => { $crate::tensors::Role::Weight };
    (@role Bias) => { $crate::tensors::Role::Bias };
    (@role $other:ident) => {
        ::core::compile_error!(::core::concat!(
            "a tensor cannot be a `", ::core::stringify!($other), "`\n",
            "expected `Weight` (weight decay shrinks it) or `Bias` (it does not)"
        ))
    };
    (@rule $given:ident) => { ::core::result::Result::Ok($given) };
    (@rule $given:ident, $input:pat_param, $rule:expr) => {{ let $input = $given; $rule }};
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident
        $(<$(const $size:ident: usize),+ $(,)?>)?
        $(($($argument:ident: $kind:ty),* $(,)?))?
        {}
        $(out_shape: |$input:pat_param| $rule:expr $(,)?)?
    ) => {
        $crate::parameters! {
            $(#[$meta])*
            $visibility struct $name $(<$(const $size: usize),+>)? $(($($argument: $kind),*))? {
                #[doc(hidden)]
                scalar: Bias[0],
            }
            $(out_shape: |$input| $rule)?
        }
    };
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident
        $(<$(const $size:ident: usize),+ $(,)?>)?
        $(($($argument:ident: $kind:ty),* $(,)?))?
        { $($(#[$field_meta:meta])* $field:ident: $role:ident[$($axis:expr),+ $(,)?]),+ $(,)? }
        $(out_shape: |$input:pat_param| $rule:expr $(,)?)?
    ) => {
        $(#[$meta])*
        #[repr(C)]
        $visibility struct $name<$($(const $size: usize,)+)? T = f32> {
            $($(#[$field_meta])* $visibility $field: $crate::parameters!(@array T; $($axis),+),)+
        }

        $crate::plain! {
            impl[$($(const $size: usize,)+)? T] $name<$($($size,)+)? T> {
                $($field: $crate::parameters!(@array T; $($axis),+)),+
            }
        }

        impl<$($(const $size: usize,)+)? T: $crate::Scalar> $name<$($($size,)+)? T> {
            /// What stands in parentheses in `network!`.
            #[allow(clippy::unused_unit)]
            $visibility const fn config($($($argument: $kind),*)?) -> ($($($kind),*)?) {
                ($($($argument),*)?)
            }

            /// The shape of one output for the shape of one input.
            ///
            /// # Errors
            /// When the layer does not take this input.
            #[allow(unused_variables)]
            $visibility const fn out_shape(
                config: &($($($kind),*)?),
                input: $crate::spec::Shape,
            ) -> ::core::result::Result<$crate::spec::Shape, $crate::spec::ShapeError> {
                let ($($($argument),*)?) = *config;
                $crate::parameters!(@rule input $(, $input, $rule)?)
            }
        }

        impl<$($(const $size: usize,)+)? T: $crate::Scalar> $crate::own::Parameters<T> for $name<$($($size,)+)? T> {
            type Config = ($($($kind),*)?);
            const TENSORS: &'static [$crate::tensors::Part] = &[$(
                $crate::tensors::Part::tensor(
                    ::core::stringify!($field),
                    $crate::spec::Shape::new(&[$($axis),+]),
                    $crate::parameters!(@role $role),
                ),
            )+];
        }
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`parameters!` declares one struct of tensors\nexpected `pub struct Name<const N: usize>(argument: f64) { weight: Weight[N, N], bias: Bias[N] }`\nhelp: sizes, arguments and tensors may be left out; `out_shape: |input| ..` may follow"
        );
    };
}
