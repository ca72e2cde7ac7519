/// Declares a layer of one's own, as [`parameters!`](crate::parameters) does; what it computes for one sample is said by
/// [`SampleLayer`](crate::own::SampleLayer). Together they are a [`Layer`](crate::layer::Layer) that can stand in `network!`.
///
/// See [`own`](crate::own) for an example.
#[macro_export]
macro_rules! sample_layer {
    (@layer $name:ident [$($size:ident)*]) => {
        impl<$(const $size: usize,)* T: $crate::Scalar> $crate::layer::Layer<T> for $name<$($size,)* T>
        where
            Self: $crate::own::SampleLayer<T>,
        {
            type Config = <Self as $crate::own::Parameters<T>>::Config;
            type Gradient = Self;
            const PARTS: &'static [$crate::tensors::Part] = <Self as $crate::own::Parameters<T>>::TENSORS;

            fn initialize(&mut self, call: &$crate::layer::Call<Self::Config>, random: &mut $crate::Random) {
                $crate::own::SampleLayer::initialize(self, call, random);
            }

            fn forward(
                &self,
                call: &$crate::layer::Call<Self::Config>,
                pass: &$crate::layer::Pass,
                input: &[T],
                output: &mut [T],
                memory: $crate::layer::Memory<'_, T>,
            ) {
                $crate::own::forward_samples(self, call, pass, input, output, memory);
            }

            fn backward(
                &self,
                call: &$crate::layer::Call<Self::Config>,
                pass: &$crate::layer::Pass,
                values: $crate::layer::Activations<'_, T>,
                d_output: &mut [T],
                d_input: ::core::option::Option<&mut [T]>,
                gradient: ::core::option::Option<&mut Self>,
                memory: $crate::layer::Memory<'_, T>,
            ) {
                $crate::own::backward_samples(self, call, pass, values, d_output, d_input, gradient, memory);
            }
        }

        impl<$(const $size: usize,)* T: $crate::Scalar> $crate::layer::OpaqueLayer<T> for $name<$($size,)* T>
        where
            Self: $crate::own::SampleLayer<T>,
        {
            type Kind = <Self as $crate::own::SampleLayer<T>>::Kind;
            const TAPE: usize = <Self as $crate::own::SampleLayer<T>>::TAPE;
            const SCRATCH: usize = <Self as $crate::own::SampleLayer<T>>::SCRATCH;
        }

        // The one place that says so when the passes are missing.
        const _: () = {
            fn _declared<$(const $size: usize,)* T: $crate::Scalar>() {
                $crate::own::computes::<T, $name<$($size,)* T>>();
            }
        };
    };
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident<$(const $size:ident: usize),+ $(,)?> $($rest:tt)*
    ) => {
        $crate::parameters! { $(#[$meta])* $visibility struct $name<$(const $size: usize),+> $($rest)* }
        $crate::sample_layer! { @layer $name [$($size)+] }
    };
    ($(#[$meta:meta])* $visibility:vis struct $name:ident $($rest:tt)*) => {
        $crate::parameters! { $(#[$meta])* $visibility struct $name $($rest)* }
        $crate::sample_layer! { @layer $name [] }
    };
    ($($other:tt)*) => { $crate::parameters! { $($other)* } };
}
