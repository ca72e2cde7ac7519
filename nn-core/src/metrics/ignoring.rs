use alloc::format;
use alloc::string::String;
use core::marker::PhantomData;

use super::accuracy::right_class;
use super::{Accuracy, Confusion, F1, Iou, Metric, Perplexity, Precision, Recall, TopK};
use crate::OutOfRange;
use crate::data::{Label, LabelFault};
use crate::losses::ClassTarget;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// A metric of classes without the rows whose right class is `CLASS`, as the loss
/// [`CrossEntropy::ignore`](crate::losses::CrossEntropy::ignore) leaves them out: `Accuracy.ignore::<0>()`, or
/// `Ignoring::<0, _>(metric)` for a metric of one's own. As `ignore_index` of torchmetrics, but for means over classes: where the class
/// is found, it still is one of them, as in scikit-learn.
///
/// ```
/// use nn_core::data::{Classes, Each};
/// use nn_core::metrics::{Accuracy, Metric};
/// use nn_core::network::Scores;
/// use nn_core::spec::Shape;
///
/// // Two words of three, then padding, whose class is 0.
/// let metric: &dyn Metric<f32, Scores, Each<3, Classes<3>>> = &Accuracy.ignore::<0>();
/// let mut sums = [0.0; 2];
/// metric.add(Shape::new(&[3, 3]), &[0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0], &[[1, 2, 0]], &mut sums);
/// assert_eq!(metric.finish(&sums, 1.0), 0.5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ignoring<const CLASS: usize, M>(pub M);

impl<T, K, Y, M, const CLASS: usize> Metric<T, K, Y> for Ignoring<CLASS, M>
where
    T: Scalar,
    K: OutputKind,
    Y: ClassTarget,
    M: Metric<T, K, Except<CLASS, Y>>,
{
    fn name(&self) -> String {
        format!("{} without class {CLASS}", self.0.name())
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.0.check()
    }

    fn sums(&self) -> usize {
        self.0.sums()
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        const { assert!(Y::CLASSES == 0 || CLASS < Y::CLASSES, "there is no such class to ignore") };
        self.0.add(shape, outputs, targets, sums);
    }

    fn finish(&self, sums: &[f64], samples: f64) -> f64 {
        self.0.finish(sums, samples)
    }
}

macro_rules! ignoring {
    ($(impl[$($generics:tt)*] $metric:ty;)*) => {$(
        impl<$($generics)*> $metric {
            /// This metric without the rows whose right class is `CLASS`, such as that of padding.
            pub const fn ignore<const CLASS: usize>(self) -> Ignoring<CLASS, Self> {
                Ignoring(self)
            }
        }
    )*};
}

ignoring! {
    impl[] Accuracy;
    impl[] TopK;
    impl[const N: usize] Confusion<N>;
    impl[const N: usize] F1<N>;
    impl[const N: usize] Iou<N>;
    impl[const N: usize] Precision<N>;
    impl[const N: usize] Recall<N>;
    impl[From: Copy] Perplexity<From>;
}

/// Labels of kind `Y` as a metric inside [`Ignoring`] sees them: the same targets, where `CLASS` has no part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Except<const CLASS: usize, Y>(PhantomData<Y>);

impl<const CLASS: usize, Y: ClassTarget> Label for Except<CLASS, Y> {
    type Target<T: Scalar> = Y::Target<T>;

    fn convert<T: Scalar>(kept: &Self::Target<f32>, target: &mut Self::Target<T>) {
        Y::convert::<T>(kept, target);
    }

    fn check(target: &Self::Target<f32>) -> Result<(), LabelFault> {
        Y::check(target)
    }

    fn class(target: &Self::Target<f32>) -> usize {
        Y::class(target)
    }
}

#[diagnostic::do_not_recommend]
impl<const CLASS: usize, Y: ClassTarget> ClassTarget for Except<CLASS, Y> {
    const ROWS: usize = Y::ROWS;
    const CLASSES: usize = Y::CLASSES;

    #[inline]
    fn for_each_class<T: Scalar>(target: &Self::Target<T>, row: usize, mut visit: impl FnMut(usize, T)) {
        if right_class::<T, Y>(target, row) == Some(CLASS) {
            return;
        }
        Y::for_each_class(target, row, |class, share| {
            if class != CLASS {
                visit(class, share);
            }
        });
    }
}
