use super::{Loss, OutputGradient, check_separable};
use crate::OutOfRange;
use crate::data::{Each, Label, WithWeight};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Any loss for samples with a weight each, labels `WithWeight<Y>`: the sum of weight times loss over a batch, divided by the
/// sum of its weights. Samples of weight 0 have no part in it.
///
/// As Keras `sample_weight`, with the mean over what is kept. Metrics stand in it as well: `SampleWeighted(MeanAbsoluteError)`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SampleWeighted<L>(pub L);

impl<T: Scalar, K: OutputKind, Y: Label, L: Loss<T, K, Y>> Loss<T, K, WithWeight<Y>> for SampleWeighted<L> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn check(&self) -> Result<(), OutOfRange> {
        check_separable(&self.0)
    }

    fn weight(&self, (target, weight): &(Y::Target<f32>, f32)) -> f64 {
        if *weight == 0.0 { 0.0 } else { f64::from(*weight) * self.0.weight(target) }
    }

    fn scratch(&self, shape: Shape, samples: usize) -> usize {
        self.0.scratch(shape, samples.min(1))
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[(Y::Target<T>, f32)],
        mut gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let width = shape.len().max(1);
        let mut sum = 0.0;
        for (sample, (output, (target, weight))) in outputs.chunks_exact(width).zip(targets).enumerate() {
            let mut own = gradient.as_mut().map(|whole| OutputGradient {
                values: &mut whole.values[sample * width..(sample + 1) * width],
                scale: whole.scale * T::of((*weight).into()),
                scratch: &mut *whole.scratch,
            });
            if *weight != 0.0 {
                sum += f64::from(*weight) * self.0.tile(shape, output, core::slice::from_ref(target), own);
            } else if let Some(own) = &mut own {
                own.values.fill(T::zero());
            }
        }
        sum
    }
}

/// Any loss for each step of a sequence, labels `Each<COUNT, Y>`: the mean over the steps along the first axis of the output.
///
/// `PerStep(SampleWeighted(MeanSquaredError))` with `Each<TIME, WithWeight<Values<Features<N>>>>` leaves masked steps out: the
/// loss of a batch is then the mean over all steps that are kept. So do metrics: `PerStep(SampleWeighted(R2))`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PerStep<L>(pub L);

impl<T, K, Y, L, const COUNT: usize> Loss<T, K, Each<COUNT, Y>> for PerStep<L>
where
    T: Scalar,
    K: OutputKind,
    Y: Label,
    L: Loss<T, K, Y>,
{
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn check(&self) -> Result<(), OutOfRange> {
        check_separable(&self.0)
    }

    fn weight(&self, target: &[Y::Target<f32>; COUNT]) -> f64 {
        target.iter().map(|step| self.0.weight(step)).sum::<f64>() / COUNT.max(1) as f64
    }

    fn scratch(&self, shape: Shape, samples: usize) -> usize {
        self.0.scratch(step_of(shape), samples * COUNT)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[[Y::Target<T>; COUNT]],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let share = 1.0 / COUNT.max(1) as f64;
        let gradient = gradient.map(|whole| OutputGradient { scale: whole.scale * T::of(share), ..whole });
        share * self.0.tile(step_of(shape), outputs, targets.as_flattened(), gradient)
    }
}

/// The shape of what one step gives.
pub(crate) fn step_of(shape: Shape) -> Shape {
    Shape::new(shape.dims().get(1..).unwrap_or_default())
}
