use core::marker::PhantomData;

use super::{Loss, OutputGradient};
use crate::data::Label;
use crate::network::{Head, OutputKind};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;
use crate::spec::Shape;

/// A loss made of a closure: [`loss_fn`].
#[derive(Clone, Copy, Debug)]
pub struct LossFn<O, R, F> {
    loss: F,
    types: PhantomData<fn(&O, &R)>,
}

/// A loss of one's own: a closure that is called for each sample with the network's output and the target, writes the
/// derivative of the loss by each element of the output into the third argument (zeros before), and returns the loss.
///
/// The output is the network's array, such as `[f32; 10]` (or the struct of a network with several outputs); the target that
/// of the data set: `u32` for `Classes`, an array for `OneHot` and `Values`, a tuple for several. Write the types of all
/// three arguments down: a closure learns nothing from the call of `fit` that comes later, but `fit` checks them.
///
/// The loss of a batch is the mean over its samples, and so is its gradient.
///
/// ```
/// use nn_core::losses::loss_fn;
///
/// // A quantile loss: errors upward cost nine times as much as errors downward.
/// let quantile = loss_fn(|output: &[f32; 1], target: &[f32; 1], gradient: &mut [f32; 1]| {
///     let error = target[0] - output[0];
///     let slope = if error > 0.0 { 0.9 } else { -0.1 };
///     gradient[0] = -slope;
///     f64::from(slope * error)
/// });
/// # use nn_core::{data::Values, losses::Loss, network::{Head, Scores}, shapes::Features, spec::Shape};
/// # type Whole = Head<Scores, Features<1>>;
/// # let found = Loss::<f32, Whole, Values<Features<1>>>::tile(&quantile, Shape::new(&[1]), &[1.0, 2.0], &[[2.0], [1.0]], None);
/// # assert!((found - 1.0).abs() < 1e-6);
/// ```
pub const fn loss_fn<O, R, F>(loss: F) -> LossFn<O, R, F>
where
    F: Fn(&O, &R, &mut O) -> f64,
{
    LossFn { loss, types: PhantomData }
}

impl<T, K, S, Y, F> Loss<T, Head<K, S>, Y> for LossFn<S::Array<T>, Y::Target<T>, F>
where
    T: Scalar,
    K: OutputKind,
    S: SampleShape,
    Y: Label,
    F: Fn(&S::Array<T>, &Y::Target<T>, &mut S::Array<T>) -> f64 + Send + Sync,
{
    fn name(&self) -> &'static str {
        "loss"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let _ = shape;
        let pairs = S::Array::from_flat(outputs).iter().zip(targets);
        let Some(OutputGradient { values, scale, .. }) = gradient else {
            #[cfg(feature = "alloc")]
            let mut unread = S::Array::<T>::zeroed_box();
            #[cfg(not(feature = "alloc"))]
            let mut unread = S::Array::<T>::zeroed();
            let mut value = |(output, target): (&S::Array<T>, &Y::Target<T>)| {
                unread.as_mut_slice().fill(T::zero());
                (self.loss)(output, target, &mut unread)
            };
            return pairs.map(&mut value).sum();
        };
        values.fill(T::zero());
        let slopes = S::Array::from_flat_mut(values);
        let sum = pairs.zip(slopes).map(|((output, target), slopes)| (self.loss)(output, target, slopes)).sum();
        values.iter_mut().for_each(|slope| *slope *= scale);
        sum
    }
}
