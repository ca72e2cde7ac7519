use alloc::format;
use alloc::string::String;

use super::{
    Accuracy, BinaryAccuracy, BinaryF1, BinaryPrecision, BinaryRecall, Confusion, EqualErrorRate, F1, Ignoring, Iou,
    Metric, Perplexity, PrAuc, Precision, R2, RankingPrecision, Recall, ReciprocalRank, RocAuc, RootMeanSquaredError,
    TopK,
};
use crate::OutOfRange;
use crate::data::Label;
use crate::losses::{MeanAbsoluteError, MeanSquaredError, PerStep, SampleWeighted};
use crate::network::{Head, OutputKind};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::spec::Shape;

/// A metric of one output of a network with several, counted from 0: `Accuracy.of::<1>()`, or `Of::<1, _>(metric)` for a
/// metric of one's own. Reports call it by the output's name: `accuracy of gear`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Of<const OUTPUT: usize, M>(pub M);

macro_rules! of_outputs {
    ($(impl[$($generics:tt)*] $metric:ty;)*) => {$(
        impl<$($generics)*> $metric {
            /// This metric of one output of a network with several, counted from 0.
            pub const fn of<const OUTPUT: usize>(self) -> Of<OUTPUT, Self> {
                Of(self)
            }
        }
    )*};
}

of_outputs! {
    impl[] Accuracy;
    impl[] BinaryAccuracy;
    impl[] BinaryF1;
    impl[] BinaryPrecision;
    impl[] BinaryRecall;
    impl[] EqualErrorRate;
    impl[] MeanAbsoluteError;
    impl[] MeanSquaredError;
    impl[] PrAuc;
    impl[] R2;
    impl[] RankingPrecision;
    impl[] ReciprocalRank;
    impl[] RocAuc;
    impl[] RootMeanSquaredError;
    impl[] TopK;
    impl[const N: usize] Confusion<N>;
    impl[const N: usize] F1<N>;
    impl[const N: usize] Iou<N>;
    impl[const N: usize] Precision<N>;
    impl[const N: usize] Recall<N>;
    impl[From: Copy] Perplexity<From>;
    impl[const CLASS: usize, M] Ignoring<CLASS, M>;
    impl[M] PerStep<M>;
    impl[M] SampleWeighted<M>;
}

/// For each number of outputs, and each place among them: what stands before it, it, what stands behind it.
macro_rules! metrics_of {
    ($($place:tt: ($($before:ident $b_shape:ident $b_label:ident)*) ($($after:ident $a_shape:ident $a_label:ident)*);)*) => {$(
        impl<T, Output, M, K, S, Y, $($before, $b_shape, $b_label,)* $($after, $a_shape, $a_label,)*>
            Metric<
                T,
                Head<($(Head<$before, $b_shape>,)* Head<K, S>, $(Head<$after, $a_shape>,)*), Output>,
                ($($b_label,)* Y, $($a_label,)*),
            > for Of<$place, M>
        where
            T: Scalar,
            Output: SampleShape,
            M: Metric<T, Head<K, S>, Y>,
            K: OutputKind,
            S: SampleShape,
            Y: Label,
            $($before: OutputKind, $b_shape: SampleShape, $b_label: Label,)*
            $($after: OutputKind, $a_shape: SampleShape, $a_label: Label,)*
        {
            fn name(&self) -> String {
                match Output::NAMES.get($place) {
                    Some(output) => format!("{} of {output}", self.0.name()),
                    None => format!("{} of output {}", self.0.name(), $place),
                }
            }

            fn check(&self) -> Result<(), OutOfRange> {
                self.0.check()
            }

            fn sums(&self) -> usize {
                self.0.sums()
            }

            fn add(
                &self,
                shape: Shape,
                outputs: &[T],
                targets: &[($($b_label::Target<T>,)* Y::Target<T>, $($a_label::Target<T>,)*)],
                sums: &mut [f64],
            ) {
                let start = 0 $(+ $b_shape::SHAPE.len())*;
                let samples = outputs.chunks_exact(shape.len().max(1)).zip(targets);
                for (output, target) in samples {
                    let output = &output[start..start + S::SHAPE.len()];
                    self.0.add(S::SHAPE, output, core::slice::from_ref(&target.$place), sums);
                }
            }

            fn finish(&self, sums: &[f64], samples: f64) -> f64 {
                self.0.finish(sums, samples)
            }
        }
    )*};
}

metrics_of! {
    0: () (A P E);
    1: (A P E) ();
    0: () (A P E B Q F);
    1: (A P E) (B Q F);
    2: (A P E B Q F) ();
    0: () (A P E B Q F C R G);
    1: (A P E) (B Q F C R G);
    2: (A P E B Q F) (C R G);
    3: (A P E B Q F C R G) ();
    0: () (A P E B Q F C R G D U H);
    1: (A P E) (B Q F C R G D U H);
    2: (A P E B Q F) (C R G D U H);
    3: (A P E B Q F C R G) (D U H);
    4: (A P E B Q F C R G D U H) ();
    0: () (A P E B Q F C R G D U H I V J);
    1: (A P E) (B Q F C R G D U H I V J);
    2: (A P E B Q F) (C R G D U H I V J);
    3: (A P E B Q F C R G) (D U H I V J);
    4: (A P E B Q F C R G D U H) (I V J);
    5: (A P E B Q F C R G D U H I V J) ();
}
