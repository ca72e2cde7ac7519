//! A tuple of losses, for the outputs of a network with several.

use super::{Loss, OutputGradient};
use crate::OutOfRange;
use crate::data::Label;
use crate::network::{Head, OutputKind};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::spec::Shape;

macro_rules! loss_tuples {
    ($(($($place:tt $loss:ident $kind:ident $shape:ident $label:ident)+))*) => {$(
        /// The sum of the losses, one for each output in order.
        impl<T, Output, $($loss, $kind, $shape, $label),+> Loss<T, Head<($(Head<$kind, $shape>,)+), Output>, ($($label,)+)>
            for ($($loss,)+)
        where
            T: Scalar,
            Output: SampleShape,
            $($kind: OutputKind, $shape: SampleShape, $label: Label, $loss: Loss<T, Head<$kind, $shape>, $label>),+
        {
            fn name(&self) -> &'static str {
                "sum of losses"
            }

            fn check(&self) -> Result<(), OutOfRange> {
                $(super::check_separable(&self.$place)?;)+
                Ok(())
            }

            fn scratch(&self, _: Shape, samples: usize) -> usize {
                [$(self.$place.scratch($shape::SHAPE, samples.min(1))),+].into_iter().fold(0, usize::max)
            }

            fn tile(
                &self,
                shape: Shape,
                outputs: &[T],
                targets: &[($($label::Target<T>,)+)],
                mut gradient: Option<OutputGradient<'_, T>>,
            ) -> f64 {
                let mut sum = 0.0;
                for (sample, (outputs, target)) in outputs.chunks_exact(shape.len().max(1)).zip(targets).enumerate() {
                    let mut start = 0;
                    $(
                        let end = start + $shape::SHAPE.len();
                        let place = sample * shape.len() + start..sample * shape.len() + end;
                        let own = gradient.as_mut().map(|whole| OutputGradient {
                            values: &mut whole.values[place],
                            scale: whole.scale,
                            scratch: &mut *whole.scratch,
                        });
                        let only = core::slice::from_ref(&target.$place);
                        sum += self.$place.tile($shape::SHAPE, &outputs[start..end], only, own);
                        start = end;
                    )+
                    debug_assert_eq!(start, shape.len(), "the heads make up the whole output");
                }
                sum
            }
        }
    )*};
}

loss_tuples! {
    (0 L0 K0 S0 Y0 1 L1 K1 S1 Y1)
    (0 L0 K0 S0 Y0 1 L1 K1 S1 Y1 2 L2 K2 S2 Y2)
    (0 L0 K0 S0 Y0 1 L1 K1 S1 Y1 2 L2 K2 S2 Y2 3 L3 K3 S3 Y3)
    (0 L0 K0 S0 Y0 1 L1 K1 S1 Y1 2 L2 K2 S2 Y2 3 L3 K3 S3 Y3 4 L4 K4 S4 Y4)
    (0 L0 K0 S0 Y0 1 L1 K1 S1 Y1 2 L2 K2 S2 Y2 3 L3 K3 S3 Y3 4 L4 K4 S4 Y4 5 L5 K5 S5 Y5)
}
