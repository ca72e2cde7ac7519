/// Declares the entry points of a family of kernels.
///
/// Each kernel is a function that is generic over the instruction set and the scalar, with everything it calls marked
/// `#[inline(always)]` or an entry point of its own. The macro makes of it
/// - a method of the family's trait, implemented for `f32` and `f64`: so the code is compiled inside this crate, for every
///   instruction set, with this crate's optimisation level even in a user's debug build. For `f64` that is so with the feature
///   of this name; without it the crates that use `f64` compile what they use, and all others wait half as long;
/// - a public generic function that calls the method.
///
/// The family's trait then needs its line in the registry in `kernels/mod.rs`. For example, in `optim/sgd.rs`:
///
/// ```ignore
/// kernels! {
///     trait Sgd<T>;
///
///     /// `parameters -= rate · gradient`
///     pub(crate) fn descend(parameters: &mut [T], gradient: &[T], rate: T) = descend_body;
/// }
///
/// #[inline(always)]
/// fn descend_body<I: Isa, T: Scalar>(parameters: &mut [T], gradient: &[T], rate: T) {
///     for (parameter, &gradient) in parameters.iter_mut().zip(gradient) {
///         *parameter = I::mul_add(-rate, gradient, *parameter);
///     }
/// }
/// ```
///
/// `crate::optim::Sgd` in the registry makes `descend(&mut w, &g, 0.1)` work for every `T: Scalar`.
macro_rules! kernels {
    (
        trait $family:ident<$scalar:ident>;
        $($(#[$meta:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? = $body:ident;)*
    ) => {
        /// The kernels of one family, for one scalar.
        pub trait $family<$scalar> {
            $($(#[$meta])* fn $name($($argument: $type),*) $(-> $output)?;)*
        }

        $crate::kernels::kernels! { @implement f32, inline(never), $family, $scalar, $($name($($argument: $type),*) ($($output)?) $body;)* }
        #[cfg(feature = "f64")]
        $crate::kernels::kernels! { @implement f64, inline(never), $family, $scalar, $($name($($argument: $type),*) ($($output)?) $body;)* }
        #[cfg(not(feature = "f64"))]
        $crate::kernels::kernels! { @implement f64, inline, $family, $scalar, $($name($($argument: $type),*) ($($output)?) $body;)* }

        $(
            $(#[$meta])*
            #[inline]
            $vis fn $name<$scalar: $crate::Scalar>($($argument: $type),*) $(-> $output)? {
                <$scalar as $family<$scalar>>::$name($($argument),*)
            }
        )*
    };
    (@implement $float:ident, $inline:meta, $family:ident, $scalar:ident, $($name:ident($($argument:ident: $type:ty),*) ($($output:ty)?) $body:ident;)*) => {
        const _: () = {
            type $scalar = $float;

            impl $family<$scalar> for $scalar {$(
                #[$inline]
                fn $name($($argument: $type),*) $(-> $output)? {
                    struct Run;

                    #[allow(unused_parens)]
                    impl $crate::simd::Kernel<($($type,)*)> for Run {
                        type Output = ($($output)?);

                        #[inline(always)]
                        fn run<I: $crate::simd::Isa>(($($argument,)*): ($($type,)*)) -> ($($output)?) {
                            $body::<I, $scalar>($($argument),*)
                        }
                    }
                    $crate::simd::dispatch::<Run, _>(($($argument,)*))
                }
            )*}
        };
    };
}
pub(crate) use kernels;
