use alloc::format;
use alloc::string::String;

use super::accuracy::{for_each_row, largest};
use super::binary_accuracy::answers;
use super::{Metric, Threshold, check_classes, ratio};
use crate::OutOfRange;
use crate::losses::{ClassTarget, NumberTarget};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// How the scores of classes become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Average {
    Macro,
    Micro,
    Of(usize),
}

/// What is counted of one class: how often it was found where it was, how often it was found, and how often it was there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts {
    hits: f64,
    found: f64,
    there: f64,
}

impl Counts {
    fn of(sums: &[f64]) -> Self {
        Self { hits: sums[0], found: sums[1], there: sums[2] }
    }

    fn precision(self) -> f64 {
        ratio(self.hits, self.found)
    }

    fn recall(self) -> f64 {
        ratio(self.hits, self.there)
    }

    fn f1(self) -> f64 {
        ratio(2.0 * self.hits, self.found + self.there)
    }

    fn iou(self) -> f64 {
        ratio(self.hits, self.found + self.there - self.hits)
    }
}

/// The sums of a metric of classes: three for each.
fn count_classes<T: Scalar, Y: ClassTarget>(shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
    for_each_row::<T, Y>(shape, outputs, targets, |row, there| {
        let found = largest(row);
        let mut count = |class: usize, place: usize| {
            if let Some(sum) = sums.get_mut(3 * class + place) {
                *sum += 1.0;
            }
        };
        count(there, 2);
        if let Some(found) = found {
            count(found, 1);
            if found == there {
                count(there, 0);
            }
        }
    });
}

/// One score of all classes. The mean is that over classes which are there or were found.
fn average(average: Average, sums: &[f64], score: fn(Counts) -> f64) -> f64 {
    let classes = || sums.chunks_exact(3).map(Counts::of);
    match average {
        Average::Of(class) => classes().nth(class).map_or(0.0, score),
        Average::Micro => {
            let add = |a: Counts, b: Counts| Counts {
                hits: a.hits + b.hits,
                found: a.found + b.found,
                there: a.there + b.there,
            };
            score(classes().fold(Counts::default(), add))
        }
        Average::Macro => {
            let seen = || classes().filter(|counts| counts.found + counts.there > 0.0);
            ratio(seen().map(score).sum(), seen().count() as f64)
        }
    }
}

macro_rules! class_scores {
    ($($(#[$meta:meta])* $name:ident = $text:literal, $score:path;)*) => {$(
        $(#[$meta])*
        ///
        /// For outputs and labels of `N` classes, counted over all samples, and over all steps of sequences or pixels. A row
        /// without a right class, as one of weight 0, is left out. As scikit-learn with `zero_division=0`. Labels of another number of
        /// classes do not build.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<const N: usize>(Average);

        impl<const N: usize> $name<N> {
            /// The mean over the classes that are there or were found, each counting alike.
            pub const fn macro_average() -> Self {
                Self(Average::Macro)
            }

            /// That of all classes together.
            pub const fn micro_average() -> Self {
                Self(Average::Micro)
            }

            /// That of one class, below `N`: training and evaluations refuse another.
            pub const fn of_class(class: usize) -> Self {
                Self(Average::Of(class))
            }
        }

        impl<T: Scalar, K: OutputKind, Y: ClassTarget, const N: usize> Metric<T, K, Y> for $name<N> {
            fn name(&self) -> String {
                match self.0 {
                    Average::Macro => $text.into(),
                    Average::Micro => concat!("micro ", $text).into(),
                    Average::Of(class) => format!(concat!($text, " of class {}"), class),
                }
            }

            fn check(&self) -> Result<(), OutOfRange> {
                match self.0 {
                    Average::Of(class) => OutOfRange::unless(class < N, "of_class", class as f64, "one of its `N` classes, from 0 on"),
                    _ => Ok(()),
                }
            }

            fn sums(&self) -> usize {
                3 * N
            }

            fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
                const { check_classes::<Y, N>() };
                count_classes::<T, Y>(shape, outputs, targets, sums);
            }

            fn finish(&self, sums: &[f64], _: f64) -> f64 {
                average(self.0, sums, $score)
            }
        }
    )*};
}

class_scores! {
    /// The share of what was found that is right. `Precision::<10>::macro_average()`.
    Precision = "precision", Counts::precision;
    /// The share of what is there that was found. `Recall::<10>::of_class(3)`.
    Recall = "recall", Counts::recall;
    /// The harmonic mean of precision and recall. `F1::<10>::macro_average()`.
    F1 = "F1", Counts::f1;
    /// Intersection over union: the share that was found rightly of all that is there or was found, as of the pixels of a
    /// segmentation. `Iou::<21>::macro_average()` is the mean over classes, as Keras `MeanIoU`.
    Iou = "intersection over union", Counts::iou;
}

macro_rules! binary_scores {
    ($($(#[$meta:meta])* $name:ident = $text:literal, $score:path;)*) => {$(
        $(#[$meta])*
        ///
        /// Answers are told as by [`BinaryAccuracy`](super::BinaryAccuracy), and counted over all elements of all samples.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl<T: Scalar, K: Threshold, Y: NumberTarget<T>> Metric<T, K, Y> for $name {
            fn name(&self) -> String {
                $text.into()
            }

            fn sums(&self) -> usize {
                3
            }

            fn add(&self, _: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
                for [found, there] in answers::<T, K, Y>(outputs, targets) {
                    let counts = [found && there, found, there];
                    sums.iter_mut().zip(counts).for_each(|(sum, counts)| *sum += f64::from(u8::from(counts)));
                }
            }

            fn finish(&self, sums: &[f64], _: f64) -> f64 {
                $score(Counts::of(sums))
            }
        }
    )*};
}

binary_scores! {
    /// The share of the answers yes that are right. As Keras `Precision`.
    BinaryPrecision = "precision", Counts::precision;
    /// The share of the true yeses that were found. As Keras `Recall`.
    BinaryRecall = "recall", Counts::recall;
    /// The harmonic mean of precision and recall of yes-or-no answers.
    BinaryF1 = "F1", Counts::f1;
}
