use super::ClassTarget;
use crate::OutOfRange;
use crate::scalar::Scalar;

/// How the classes of a target count: what [`CrossEntropy`](super::CrossEntropy) may be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ClassRule<const N: usize> {
    /// The share of a label that goes to all classes alike.
    pub(super) smoothing: f64,
    /// The class whose labels are left out.
    pub(super) ignored: Option<u32>,
    /// A weight for each class; all are 1 where there are none.
    pub(super) weights: [f64; N],
}

impl ClassRule<0> {
    /// Classes count as they are.
    pub(super) const NONE: Self = Self { smoothing: 0.0, ignored: None, weights: [] };
}

impl<const N: usize> ClassRule<N> {
    pub(super) fn check<Y: ClassTarget>(&self) -> Result<(), OutOfRange> {
        OutOfRange::below_one("label_smoothing", self.smoothing)?;
        self.weights.iter().try_for_each(|&weight| OutOfRange::not_negative("class_weights", weight))?;
        let counts = N == 0 || self.weights.iter().any(|&weight| weight > 0.0);
        OutOfRange::unless(counts, "class_weights", 0.0, "a number above 0 for one class at least")?;
        match self.ignored {
            Some(class) => {
                let is_there = Y::CLASSES == 0 || (class as usize) < Y::CLASSES;
                OutOfRange::unless(is_there, "ignore", class.into(), "one of the classes of the labels, from 0 on")
            }
            None => Ok(()),
        }
    }

    /// The weight of a class; NaN for one without.
    #[inline]
    fn of(&self, class: usize) -> f64 {
        if N == 0 { 1.0 } else { self.weights.get(class).copied().unwrap_or(f64::NAN) }
    }

    /// Calls `visit` with the classes of a row of a target, and what they count: their shares, smoothed and weighted.
    #[inline]
    pub(super) fn visit<T: Scalar, Y: ClassTarget>(
        &self,
        target: &Y::Target<T>,
        row: usize,
        classes: usize,
        mut visit: impl FnMut(usize, T),
    ) {
        let (smoothing, mut kept) = (T::of(self.smoothing), T::zero());
        Y::for_each_class(target, row, |class, share: T| {
            if self.ignored.is_none_or(|ignored| ignored as usize != class) {
                kept += share;
                visit(class, (share - share * smoothing) * T::of(self.of(class)));
            }
        });
        if smoothing != T::zero() && kept != T::zero() {
            let share = kept * smoothing / T::of(classes as f64);
            (0..classes).for_each(|class| visit(class, share * T::of(self.of(class))));
        }
    }

    /// The mean over the rows of a target of what its classes count.
    pub(super) fn weight<T: Scalar, Y: ClassTarget>(&self, target: &Y::Target<T>) -> f64 {
        // `Classes<0>` says nothing of its classes.
        const {
            let fits = N == 0 || Y::CLASSES == 0 || N == Y::CLASSES;
            assert!(fits, "`class_weights` needs one weight for each class of the labels");
        }
        let unsmoothed = Self { smoothing: 0.0, ..*self };
        let mut sum = 0.0;
        for row in 0..Y::ROWS {
            unsmoothed.visit::<T, Y>(target, row, 0, |_, share| sum += share.wide());
        }
        sum / Y::ROWS.max(1) as f64
    }
}
