//! From samples to outputs: [`Predict`] is what every network can do.

#[cfg(feature = "std")]
mod many;
mod stream;

pub use stream::{StepInput, StepOutput, Stream, StreamEnded, WrongState};

use crate::network::Network;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;

/// One input of a network `N` with scalar `T`: a nested array, such as `[[[f32; 3]; 32]; 32]`.
pub type Input<T, N> = <<N as Network<T>>::Input as SampleShape>::Array<T>;

/// One output of a network `N` with scalar `T`: a nested array, such as `[f32; 10]`.
pub type Output<T, N> = <<N as Network<T>>::Output as SampleShape>::Array<T>;

/// Predictions: dropout is off, running statistics are used.
///
/// ```ignore
/// let scores: [f32; 10] = network.predict(&image);
/// ```
///
/// A small network predicts for one sample in a single inlined function, when the crate that declares it is built with
/// optimisation. Sums are then added in another order than in tiles: the results of `predict` and `predict_many` for the
/// same sample may differ in rounding.
pub trait Predict<T: Scalar>: Network<T> {
    /// Scalars of workspace that one prediction needs.
    const WORKSPACE: usize = Self::INFERENCE.per_sample + Self::INFERENCE.single;

    /// The output for one sample, in the caller's memory: nothing is allocated.
    ///
    /// `workspace` needs [`Predict::WORKSPACE`] scalars, of any value. The output lies in it. One that begins at a cache line, as
    /// `AlignedBox::zeros` makes it, is quickest.
    ///
    /// # Errors
    /// When the workspace is too short.
    #[inline]
    fn predict_with<'w>(
        &self,
        sample: &Input<T, Self>,
        workspace: &'w mut [T],
    ) -> Result<&'w Output<T, Self>, WorkspaceTooShort> {
        let [needed, found] = [Self::WORKSPACE, workspace.len()];
        let workspace = workspace.get_mut(..needed).ok_or(WorkspaceTooShort { needed, found })?;
        let (workspace, scratch) = workspace.split_at_mut(Self::INFERENCE.per_sample);
        self.infer_one(sample.as_slice(), workspace, scratch);
        let output = &workspace[Self::INFERENCE.output.range(1)];
        Ok(Output::<T, Self>::from_slice(output)
            .expect("cannot fail: a memory plan gives the output its shape's length"))
    }

    /// The output for one sample.
    ///
    /// Allocates a workspace; [`Predict::predict_with`] uses one of yours. The output is returned by value, over the stack: for
    /// images of a megabyte and more take `predict_with`, or [`Predict::predict_many`], whose outputs stay on the heap.
    #[cfg(feature = "alloc")]
    fn predict(&self, sample: &Input<T, Self>) -> Output<T, Self> {
        let mut workspace = crate::simd::AlignedBox::zeros(Self::WORKSPACE);
        let mut output = Output::<T, Self>::zeroed_box();
        let (workspace, scratch) = workspace.split_at_mut(Self::INFERENCE.per_sample);
        self.infer_one(sample.as_slice(), workspace, scratch);
        output.as_mut_slice().copy_from_slice(&workspace[Self::INFERENCE.output.range(1)]);
        *output
    }

    /// The outputs for many samples, on all threads of the current pool.
    ///
    /// Besides the outputs, memory for one tile of samples is used on each of up to 8 lanes, however many samples there
    /// are.
    #[cfg(feature = "std")]
    fn predict_many(&self, samples: &[Input<T, Self>]) -> alloc::vec::Vec<Output<T, Self>>
    where
        Self: Sized,
    {
        many::predict(self, samples.len(), &|range, inputs: &mut [T]| {
            for (sample, input) in samples[range].iter().zip(inputs.chunks_exact_mut(Self::Input::SHAPE.len())) {
                input.copy_from_slice(sample.as_slice());
            }
        })
    }

    /// The outputs for all samples of a data set, as [`Predict::predict_many`].
    ///
    /// # Panics
    /// When a streamed data set cannot be read: [`Predict::try_predict_data`] says so instead.
    #[cfg(feature = "std")]
    fn predict_data<X, Y>(&self, data: &crate::data::Dataset<X, Y>) -> alloc::vec::Vec<Output<T, Self>>
    where
        Self: Sized,
        X: crate::losses::FitsInput<Self::Input>,
        Y: crate::data::Label,
    {
        self.try_predict_data(data).unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Predict::predict_data`], for data sets that are read when they are needed.
    ///
    /// # Errors
    /// When a sample of a streamed data set cannot be read; never for one in memory.
    #[cfg(feature = "std")]
    fn try_predict_data<X, Y>(
        &self,
        data: &crate::data::Dataset<X, Y>,
    ) -> Result<alloc::vec::Vec<Output<T, Self>>, crate::data::DataError>
    where
        Self: Sized,
        X: crate::losses::FitsInput<Self::Input>,
        Y: crate::data::Label,
    {
        many::predict_data(self, data)
    }
}

impl<T: Scalar, N: Network<T>> Predict<T> for N {}

/// A workspace has not the length that a prediction needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the workspace is too short: a prediction needs {needed} scalars, found {found}")]
pub struct WorkspaceTooShort {
    /// Scalars that the network needs.
    pub needed: usize,
    /// Scalars that were given.
    pub found: usize,
}
