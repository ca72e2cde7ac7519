use alloc::vec::Vec;
use alloc::{format, vec};
use core::marker::PhantomData;

use super::{Loss, OutputGradient};
use crate::OutOfRange;
use crate::data::Label;
use crate::laws::{Law, LawViolation, ROUNDING, check_written, compare, is_derivative, quotient, until_smooth};
use crate::network::{Head, OutputKind};
use crate::shapes::SampleShape;

/// One check of a loss, as a test: for outputs of kind `K` and shape `S`, labels `Y`, and some targets.
///
/// With outputs drawn at random: the gradient is that of the value, held against difference quotients as for layers, times its
/// scale; it is written whole; the value does not depend on whether someone asks for a gradient, and is the sum over the
/// samples, unless the loss compares them with each other.
///
/// ```
/// use nn_core::data::Values;
/// use nn_core::losses::{LossLaws, loss_fn};
/// use nn_core::network::Scores;
/// use nn_core::shapes::Features;
///
/// // Laws are about f64: make the loss for that scalar, or for any.
/// let quartic = loss_fn(|output: &[f64; 2], target: &[f64; 2], gradient: &mut [f64; 2]| {
///     let mut sum = 0.0;
///     for ((y, t), slope) in output.iter().zip(target).zip(gradient) {
///         sum += (y - t).powi(4);
///         *slope = 4.0 * (y - t).powi(3);
///     }
///     sum
/// });
/// let targets = [[0.5, -1.0], [0.0, 2.0], [1.0, 1.0]];
/// assert_eq!(LossLaws::<Scores, Features<2>, Values<Features<2>>>::new(&targets).check(&quartic), Ok(()));
/// ```
pub struct LossLaws<'t, K, S, Y: Label> {
    targets: &'t [Y::Target<f64>],
    outputs: [f64; 2],
    seed: u64,
    head: PhantomData<fn() -> (K, S)>,
}

impl<'t, K: OutputKind, S: SampleShape, Y: Label> LossLaws<'t, K, S, Y> {
    /// Checks with these targets, one a sample, and outputs in [-2, 2).
    pub const fn new(targets: &'t [Y::Target<f64>]) -> Self {
        Self { targets, outputs: [-2.0, 2.0], seed: 1, head: PhantomData }
    }

    /// Where outputs are drawn from: `[low, high)`. A loss of probabilities is one only there: ask from 0.01 to 0.99.
    #[must_use]
    pub const fn outputs(self, low: f64, high: f64) -> Self {
        Self { outputs: [low, high], ..self }
    }

    /// Other random numbers.
    #[must_use]
    pub const fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Checks a loss.
    ///
    /// # Errors
    /// The first law that is broken, and where.
    pub fn check<L: Loss<f64, Head<K, S>, Y>>(&self, loss: &L) -> Result<(), LawViolation> {
        if let Err(OutOfRange { name, found, .. }) = loss.check() {
            return Err(LawViolation { law: Law::Settings, element: name.into(), found, expected: f64::NAN });
        }
        until_smooth(self.seed, |mut random| {
            let [low, high] = self.outputs;
            let len = self.targets.len() * S::SHAPE.len();
            let mut outputs: Vec<f64> = (0..len).map(|_| low + (high - low) * random.uniform()).collect();
            self.check_at(loss, &mut outputs)
        })
    }

    /// `false` where the loss has a kink within reach.
    fn check_at<L: Loss<f64, Head<K, S>, Y>>(&self, loss: &L, outputs: &mut [f64]) -> Result<bool, LawViolation> {
        let scale = 0.75;
        let mut values = vec![f64::NAN; outputs.len()];
        let mut scratch = vec![f64::NAN; loss.scratch(S::SHAPE, self.targets.len())];
        let asked = OutputGradient { values: &mut values, scale, scratch: &mut scratch };
        let value = loss.tile(S::SHAPE, outputs, self.targets, Some(asked));
        check_written("gradient", &values)?;
        if value.is_nan() {
            return Err(LawViolation { law: Law::Written, element: "value".into(), found: value, expected: 0.0 });
        }
        let unasked = loss.tile(S::SHAPE, outputs, self.targets, None);
        compare(Law::Unasked, "value", &[unasked], &[value], ROUNDING)?;
        let width = S::SHAPE.len().max(1);
        if !loss.wants_whole_batches() {
            let single = |(output, target)| loss.tile(S::SHAPE, output, core::slice::from_ref(target), None);
            let sum: f64 = outputs.chunks_exact(width).zip(self.targets).map(single).sum();
            compare(Law::Tiles, "value", &[sum], &[value], ROUNDING)?;
        }
        for index in 0..outputs.len() {
            let here = outputs[index];
            let risen = quotient(|step| {
                outputs[index] = here + step;
                loss.tile(S::SHAPE, outputs, self.targets, None) - value
            });
            outputs[index] = here;
            let Some(slope) = risen else { return Ok(false) };
            let (found, expected) = (values[index], scale * slope);
            if !is_derivative(found, expected) {
                let element = format!("gradient[{index}]");
                return Err(LawViolation { law: Law::Gradient, element, found, expected });
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Classes, Values};
    use crate::losses::{BinaryCrossEntropy, CrossEntropy, InfoNce, MeanAbsoluteError, loss_fn};
    use crate::network::{Probabilities, Scores};
    use crate::shapes::Features;

    type Two = Values<Features<2>>;
    const TARGETS: [[f64; 2]; 3] = [[1.0, 0.0], [0.25, 0.5], [0.0, 1.0]];

    fn laws() -> LossLaws<'static, Scores, Features<2>, Two> {
        LossLaws::new(&TARGETS)
    }

    #[test]
    fn losses_of_the_library_obey() {
        assert_eq!(laws().check(&MeanAbsoluteError), Ok(()));
        let uneven = BinaryCrossEntropy::new().positive_weights([2.0, 0.5]).label_smoothing(0.1);
        assert_eq!(laws().seed(7).check(&uneven), Ok(()));
        let probabilities = LossLaws::<Probabilities, Features<2>, Two>::new(&TARGETS).outputs(0.01, 0.99);
        assert_eq!(probabilities.check(&BinaryCrossEntropy::from_probabilities()), Ok(()));
        let classes = LossLaws::<Scores, Features<5>, Classes<5>>::new(&[0, 4, 2, 2]);
        assert_eq!(classes.check(&CrossEntropy::new().label_smoothing(0.1)), Ok(()));
        type Views = (Head<Scores, Features<3>>, Head<Scores, Features<3>>);
        assert_eq!(LossLaws::<Views, Features<6>, ()>::new(&[(); 4]).check(&InfoNce::default()), Ok(()));
    }

    fn broken(loss: impl Fn(&[f64; 2], &[f64; 2], &mut [f64; 2]) -> f64 + Send + Sync) -> Law {
        laws().check(&loss_fn(loss)).expect_err("it breaks a law").law
    }

    #[test]
    fn what_a_loss_gets_wrong_is_found() {
        let square = |output: &[f64; 2], target: &[f64; 2]| (output[0] - target[0]).powi(2);
        let found = broken(move |output, target, gradient| {
            gradient[0] = output[0] - target[0];
            square(output, target)
        });
        assert_eq!(found, Law::Gradient, "half of the slope");
        let found = broken(move |output, target, gradient| {
            gradient[1] = f64::NAN;
            square(output, target)
        });
        assert_eq!(found, Law::Written);
        assert_eq!(broken(|output, _, _| (output[0] * 1e4).sin()), Law::Smooth);
        assert_eq!(broken(|_, _, _| f64::NAN), Law::Written);
        let refused = laws().check(&BinaryCrossEntropy::new().label_smoothing(3.0)).expect_err("a share of 3");
        assert_eq!((refused.law, refused.element.as_str()), (Law::Settings, "label_smoothing"));
    }
}
