use super::{
    BinaryCrossEntropy, BinaryFocal, CategoricalHinge, Contrastive, CosineDistance, CrossEntropy, Ctc, Dice, Focal,
    Hinge, Huber, KlDivergence, LogCosh, Loss, LossFn, MarginRanking, MeanAbsoluteError, MeanSquaredError,
    OutputGradient, Poisson, Quantile, SmoothL1, SquaredHinge, Triplet,
};
#[cfg(feature = "alloc")]
use super::{InfoNce, NtXent};
use crate::OutOfRange;
use crate::data::Label;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// A loss times a factor: `MeanSquaredError.weighted(0.5)`, or `Weighted::new(loss, 0.5)` for a loss of one's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted<L> {
    /// The loss.
    pub loss: L,
    /// The factor; finite.
    pub weight: f64,
}

impl<L> Weighted<L> {
    /// `weight` times `loss`.
    pub const fn new(loss: L, weight: f64) -> Self {
        Self { loss, weight }
    }
}

impl<T: Scalar, K: OutputKind, Y: Label, L: Loss<T, K, Y>> Loss<T, K, Y> for Weighted<L> {
    fn name(&self) -> &'static str {
        self.loss.name()
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::finite("weight", self.weight)?;
        self.loss.check()
    }

    fn weight(&self, target: &Y::Target<f32>) -> f64 {
        self.loss.weight(target)
    }

    fn wants_whole_batches(&self) -> bool {
        self.loss.wants_whole_batches()
    }

    fn scratch(&self, shape: Shape, samples: usize) -> usize {
        self.loss.scratch(shape, samples)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let weight = T::of(self.weight);
        let gradient = gradient.map(|whole| OutputGradient { scale: whole.scale * weight, ..whole });
        self.weight * self.loss.tile(shape, outputs, targets, gradient)
    }
}

macro_rules! weighted {
    ($(impl[$($generics:tt)*] $loss:ty;)*) => {$(
        impl<$($generics)*> $loss {
            /// This loss times a factor, for a sum with others.
            pub const fn weighted(self, weight: f64) -> Weighted<Self> {
                Weighted::new(self, weight)
            }
        }
    )*};
}

weighted! {
    impl[] MeanSquaredError;
    impl[] MeanAbsoluteError;
    impl[] Huber;
    impl[] SmoothL1;
    impl[] LogCosh;
    impl[] Quantile;
    impl[] Poisson;
    impl[] Hinge;
    impl[] SquaredHinge;
    impl[] CategoricalHinge;
    impl[] BinaryFocal;
    impl[] Focal;
    impl[] CosineDistance;
    impl[] Dice;
    impl[] Triplet;
    impl[] Contrastive;
    impl[] MarginRanking;
    impl[From: Copy] Ctc<From>;
    impl[From: Copy] KlDivergence<From>;
    impl[From: Copy, const N: usize] BinaryCrossEntropy<From, N>;
    impl[From: Copy, const N: usize] CrossEntropy<From, N>;
    impl[O: Copy, R: Copy, F: Copy] LossFn<O, R, F>;
}

#[cfg(feature = "alloc")]
weighted! {
    impl[] InfoNce;
    impl[] NtXent;
}
