use super::WorkspaceTooShort;
use crate::network::Streams;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
#[cfg(feature = "alloc")]
use crate::simd::AlignedBox;
use crate::simd::Plain;

/// One step of a streaming network's input, such as `[f32; 40]`.
pub type StepInput<T, N> = <<N as Streams<T>>::StepInput as SampleShape>::Array<T>;

/// What one step gives, such as `[f32; 10]`.
pub type StepOutput<T, N> = <<N as Streams<T>>::StepOutput as SampleShape>::Array<T>;

/// A network on its way through a sequence: one step after the other, as the parts of a signal arrive or as a language model
/// writes. Each step gives what [`Predict::predict`](super::Predict::predict) would give for it with the whole sequence (its
/// rounding aside), in the time of one step.
///
/// The memory is the caller's: nothing is allocated. `state` needs [`Streams::STATE`] scalars, `workspace`
/// [`Stream::WORKSPACE`]. With a heap, `Stream::new` brings both.
///
/// ```ignore
/// let mut stream = Stream::new(&network);
/// for frame in frames {
///     let scores = stream.step(&frame)?;
/// }
/// ```
#[derive(Debug)]
pub struct Stream<'n, T, N, M> {
    network: &'n N,
    position: usize,
    state: M,
    workspace: M,
    scalar: core::marker::PhantomData<T>,
}

impl<T: Scalar, N: Streams<T>, M> Stream<'_, T, N, M> {
    /// Scalars of workspace.
    pub const WORKSPACE: usize = N::STEP.per_sample + N::STEP.single;
}

#[cfg(feature = "alloc")]
impl<'n, T: Scalar, N: Streams<T>> Stream<'n, T, N, AlignedBox<[T]>> {
    /// A stream in front of its first step, with memory of its own.
    pub fn new(network: &'n N) -> Self {
        let [state, workspace] = [N::STATE, Self::WORKSPACE].map(AlignedBox::zeros);
        Self { network, position: 0, state, workspace, scalar: core::marker::PhantomData }
    }
}

impl<'n, T: Scalar, N: Streams<T>, M: AsRef<[T]> + AsMut<[T]>> Stream<'n, T, N, M> {
    /// A stream in front of its first step, in the caller's memory: arrays, or slices of them. What stood in it does not
    /// matter.
    ///
    /// # Errors
    /// When one of the two is too short.
    pub fn within(network: &'n N, state: M, workspace: M) -> Result<Self, WorkspaceTooShort> {
        for (memory, needed) in [(&state, N::STATE), (&workspace, Self::WORKSPACE)] {
            let found = memory.as_ref().len();
            if found < needed {
                return Err(WorkspaceTooShort { needed, found });
            }
        }
        let mut stream = Self { network, position: 0, state, workspace, scalar: core::marker::PhantomData };
        stream.restart();
        Ok(stream)
    }

    /// The next step: its output.
    ///
    /// # Errors
    /// When the network has a longest sequence, [`Streams::LONGEST`], and this has come to its end.
    pub fn step(&mut self, input: &StepInput<T, N>) -> Result<&StepOutput<T, N>, StreamEnded> {
        if let Some(steps) = N::LONGEST
            && self.position >= steps
        {
            return Err(StreamEnded { steps });
        }
        let (workspace, scratch) = self.workspace.as_mut().split_at_mut(N::STEP.per_sample);
        self.network.run_step(self.position, input.as_slice(), self.state.as_mut(), workspace, scratch);
        self.position += 1;
        let output = &self.workspace.as_ref()[N::STEP.output.range(1)];
        Ok(StepOutput::<T, N>::from_slice(output)
            .expect("cannot fail: a memory plan gives the output its shape's length"))
    }

    /// How many steps have been made.
    pub fn position(&self) -> usize {
        self.position
    }

    /// What the layers keep of these steps. With [`Stream::position`], it is all that [`Stream::resume`] needs.
    pub fn state(&self) -> &[T] {
        &self.state.as_ref()[..N::STATE]
    }

    /// Goes back in front of the first step: for another sequence.
    pub fn restart(&mut self) {
        self.position = 0;
        self.state.as_mut().fill(T::zero());
    }

    /// Goes on from a state that [`Stream::state`] gave after so many steps, of this stream or of another one of the same
    /// network: to try several continuations, or to go on after a pause.
    ///
    /// # Errors
    /// When that is not a state of this network: it has another length.
    pub fn resume(&mut self, position: usize, state: &[T]) -> Result<(), WrongState> {
        if state.len() != N::STATE {
            return Err(WrongState { expected: N::STATE, found: state.len() });
        }
        self.state.as_mut()[..N::STATE].copy_from_slice(state);
        self.position = position;
        Ok(())
    }
}

/// A sequence is as long as the network can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the network reads {steps} steps at most, and has read them all: restart the stream, or declare a longer input"
)]
pub struct StreamEnded {
    /// The longest sequence.
    pub steps: usize,
}

/// A state is not one of this network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a state of this network: it has {expected} scalars, found {found}")]
pub struct WrongState {
    /// The scalars of a state.
    pub expected: usize,
    /// Those that were given.
    pub found: usize,
}
