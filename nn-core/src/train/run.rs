use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::any::Any;

use super::tile::{Penalties, share_of};
use super::{AsNetwork, GradientSum, Quantity, TrainError};
use crate::data::Label;
use crate::layer::Pass;
use crate::losses::{FitsOutput, Loss, OutputGradient};
use crate::network::{Network, Observer, Whole};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::{AlignedBox, Plain};

type Input<T, N> = <<N as Network<T>>::Input as SampleShape>::Array<T>;
type Output<T, N> = <<N as Network<T>>::Output as SampleShape>::Array<T>;

/// Forward and backward passes by hand: the memory of a network for some samples at a time.
///
/// For what a [`Trainer`](super::Trainer) cannot say: two networks against each other, gradients that come from elsewhere
/// than a loss (reinforcement learning), a loss over several runs of one network, the gradient by the input. With
/// [`GradientSum`] to add into and a [`Stepper`](super::Stepper) to move the parameters, a step is
///
/// ```ignore
/// let outputs = run.forward(&network, &inputs)?;
/// let loss = run.loss(&CrossEntropy::new(), Classes, &labels)?; // or write `run.output_gradients()`
/// run.backward(&network, &mut gradients)?;
/// stepper.step(&mut network, &mut gradients)?;
/// ```
///
/// All samples of a pass run as one tile, on the calling thread: batch normalisation sees all of them, and memory is that of
/// a training step's workspace for so many samples. Nothing is allocated after the first pass of each kind. Results are
/// those of [`Session::step`](super::Session::step) up to rounding (there, large batches are cut into tiles).
pub struct Run<T: Scalar, N: Network<T>, O = ()> {
    room: usize,
    inputs: AlignedBox<[T]>,
    workspace: AlignedBox<[T]>,
    scratch: AlignedBox<[T]>,
    for_loss: Vec<T>,
    statistics: Vec<T>,
    partial: Vec<T>,
    d_inputs: Vec<T>,
    /// A `Vec<Y::Target<T>>` of the labels `Y` that came last.
    targets: Box<dyn Any + Send + Sync>,
    random: Random,
    passes: u64,
    stage: Stage,
    /// The sum of penalties on values in the last forward pass.
    penalties: f64,
    observer: O,
    network: core::marker::PhantomData<fn() -> N>,
}

/// What a workspace holds.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Nothing,
    /// The outputs of this many samples, in inference.
    Predicted(usize),
    /// Everything that the backward pass of this forward pass needs.
    Forward(Pass),
}

impl<T: Scalar, N: Network<T>> Run<T, N> {
    /// Memory for up to `samples` samples at a time. Dropout draws its numbers from the seed 0.
    pub fn new<How>(network: &impl AsNetwork<T, How, Network = N>, samples: usize) -> Self {
        let _ = network;
        Self {
            room: samples,
            inputs: AlignedBox::zeros(samples * N::Input::SHAPE.len()),
            workspace: AlignedBox::zeros(N::TRAINING.len(samples).max(N::INFERENCE.len(samples))),
            scratch: AlignedBox::zeros(N::TRAINING.scratch.max(N::INFERENCE.scratch)),
            for_loss: Vec::new(),
            statistics: vec![T::zero(); N::STATISTICS],
            partial: vec![T::zero(); N::STATISTICS],
            d_inputs: Vec::new(),
            targets: Box::new(()),
            random: Random::new(0),
            passes: 0,
            stage: Stage::Nothing,
            penalties: 0.0,
            observer: (),
            network: core::marker::PhantomData,
        }
    }

    /// Lets someone look on: a [`Recorder`](super::Recorder), or an [`Observer`] of one's own. Without, nothing is looked at
    /// and nothing is paid for it.
    #[must_use]
    pub fn watched_by<O: Observer<T>>(self, observer: O) -> Run<T, N, O> {
        let Self { room, inputs, workspace, scratch, for_loss, statistics, partial, d_inputs, .. } = self;
        let Self { targets, random, passes, stage, penalties, network, .. } = self;
        Run {
            room,
            inputs,
            workspace,
            scratch,
            for_loss,
            statistics,
            partial,
            d_inputs,
            targets,
            random,
            passes,
            stage,
            penalties,
            observer,
            network,
        }
    }
}

impl<T: Scalar, N: Network<T>, O: Observer<T>> Run<T, N, O> {
    /// Who looks on.
    pub fn observer(&self) -> &O {
        &self.observer
    }

    /// Who looks on, to change.
    pub fn observer_mut(&mut self) -> &mut O {
        &mut self.observer
    }

    /// Another seed for dropout.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = Random::new(seed);
        self
    }

    /// Runs the samples forward as in training: dropout is on, statistics come from these samples. Returns the outputs.
    ///
    /// # Errors
    /// When there is no sample, or more than there is room for.
    pub fn forward(&mut self, network: &N, inputs: &[Input<T, N>]) -> Result<&[Output<T, N>], TrainError> {
        let samples = self.bring(inputs)?;
        let pass = Pass::training(samples, self.random.bits());
        self.passes += 1;
        let Self { inputs, workspace, scratch, statistics, partial, observer, .. } = self;
        let mut observer = Penalties::beside(observer);
        Observer::<T>::begin(&mut observer);
        let inputs = &inputs[..samples * N::Input::SHAPE.len()];
        let workspace = &mut workspace[..N::TRAINING.len(samples)];
        for segment in 0..N::SEGMENTS {
            network.forward(segment, &pass, inputs, workspace, scratch, statistics, partial, &mut observer);
            if segment + 1 < N::SEGMENTS {
                statistics.copy_from_slice(partial); // of the only tile
            }
        }
        workspace[N::TRAINING.d_output.range(samples)].fill(T::zero());
        self.penalties = observer.sum;
        self.stage = Stage::Forward(pass);
        Ok(self.outputs())
    }

    /// Predicts: dropout is off, running statistics are used. There is no way backward from here.
    ///
    /// # Errors
    /// When there is no sample, or more than there is room for.
    pub fn infer(&mut self, network: &N, inputs: &[Input<T, N>]) -> Result<&[Output<T, N>], TrainError> {
        let samples = self.bring(inputs)?;
        let Self { inputs, workspace, scratch, observer, .. } = self;
        observer.begin();
        let inputs = &inputs[..samples * N::Input::SHAPE.len()];
        let workspace = &mut workspace[..N::INFERENCE.len(samples)];
        network.infer(&Pass::inference(samples), inputs, workspace, scratch, observer);
        self.stage = Stage::Predicted(samples);
        Ok(self.outputs())
    }

    /// The outputs of the last forward pass or prediction; none once a backward pass has used the memory.
    pub fn outputs(&self) -> &[Output<T, N>] {
        let range = match self.stage {
            Stage::Nothing => 0..0,
            Stage::Predicted(samples) => N::INFERENCE.output.range(samples),
            Stage::Forward(pass) => N::TRAINING.output.range(pass.samples),
        };
        Output::<T, N>::from_flat(&self.workspace[range])
    }

    /// The gradient by each output that the backward pass will start from: zeros after a forward pass, until
    /// [`Run::loss`] or the caller writes it. Empty unless a forward pass came last.
    pub fn output_gradients(&mut self) -> &mut [Output<T, N>] {
        self.outputs_and_gradients().1
    }

    /// The outputs of the last forward pass beside their gradients, to write these from those.
    #[allow(clippy::type_complexity, reason = "two slices")]
    pub fn outputs_and_gradients(&mut self) -> (&[Output<T, N>], &mut [Output<T, N>]) {
        let Stage::Forward(pass) = self.stage else { return (&[], &mut []) };
        let slots = [N::TRAINING.output, N::TRAINING.d_output];
        let [outputs, gradients] = pass.views(&mut self.workspace, slots);
        (Output::<T, N>::from_flat(outputs), Output::<T, N>::from_flat_mut(gradients))
    }

    /// The mean loss of the last forward pass, with the penalties on its values; its gradient becomes that of the outputs.
    ///
    /// `labels` is the kind of label alone, as for [`Trainer::start`](super::Trainer::start): `Classes`, `OneHot`,
    /// `Values::default()`, or a tuple of these.
    ///
    /// # Errors
    /// When no forward pass came last, there is not one target for each sample, a target makes no sense, an argument of the
    /// loss is out of range, or the loss is not finite.
    pub fn loss<Y, L>(&mut self, loss: &L, labels: Y, targets: &[Y::Target<f32>]) -> Result<f64, TrainError>
    where
        Y: FitsOutput<N::Output, N::Kind>,
        L: Loss<T, Whole<T, N>, Y>,
    {
        let _ = labels;
        let Stage::Forward(pass) = self.stage else { return Err(TrainError::NoForward) };
        loss.check()?;
        check_targets::<Y>(targets, pass.samples)?;
        let share = share_of(targets.iter().map(|target| loss.weight(target)).sum());
        let targets = converted::<T, Y>(&mut self.targets, self.room, targets);
        let slots = [N::TRAINING.output, N::TRAINING.d_output];
        let [outputs, values] = pass.views(&mut self.workspace, slots);
        self.for_loss.resize(loss.scratch(N::Output::SHAPE, pass.samples), T::zero());
        let gradient = OutputGradient { values, scale: T::of(share), scratch: &mut self.for_loss };
        let penalties = self.penalties / pass.samples as f64;
        let mean = share * loss.tile(N::Output::SHAPE, outputs, targets, Some(gradient)) + penalties;
        let not_finite = TrainError::NotFinite { what: Quantity::Loss, epoch: 0, step: self.passes, origin: None };
        if mean.is_finite() { Ok(mean) } else { Err(not_finite) }
    }

    /// Runs the last forward pass backward from [`Run::output_gradients`], and adds to `gradients`. A forward pass can go
    /// backward once.
    ///
    /// # Errors
    /// When no forward pass came last.
    pub fn backward(&mut self, network: &N, gradients: &mut GradientSum<T, N>) -> Result<(), TrainError> {
        self.run_backward(network, Some(gradients), false)
    }

    /// As [`Run::backward`], and returns the gradient by each input. Without `gradients`, only what is needed for that is
    /// computed: the network is left out of training, as a critic is when its critique is learnt from.
    ///
    /// # Errors
    /// When no forward pass came last.
    pub fn backward_to_input(
        &mut self,
        network: &N,
        gradients: Option<&mut GradientSum<T, N>>,
    ) -> Result<&[Input<T, N>], TrainError> {
        let Stage::Forward(pass) = self.stage else { return Err(TrainError::NoForward) };
        self.d_inputs.resize(self.inputs.len(), T::zero());
        self.run_backward(network, gradients, true)?;
        Ok(Input::<T, N>::from_flat(&self.d_inputs[..pass.samples * N::Input::SHAPE.len()]))
    }

    fn run_backward(
        &mut self,
        network: &N,
        mut gradients: Option<&mut GradientSum<T, N>>,
        to_input: bool,
    ) -> Result<(), TrainError> {
        let Stage::Forward(pass) = self.stage else { return Err(TrainError::NoForward) };
        self.stage = Stage::Nothing;
        let len = pass.samples * N::Input::SHAPE.len();
        let Self { inputs, workspace, scratch, statistics, partial, d_inputs, observer, .. } = self;
        observer.begin();
        let (inputs, workspace) = (&inputs[..len], &mut workspace[..N::TRAINING.len(pass.samples)]);
        for segment in (0..N::SEGMENTS).rev() {
            let d_input = to_input.then(|| &mut d_inputs[..len]);
            let values = gradients.as_mut().map(|gradients| &mut *gradients.values);
            network
                .backward(segment, &pass, inputs, workspace, scratch, statistics, partial, d_input, values, observer);
            if segment > 0 {
                statistics.copy_from_slice(partial);
            }
        }
        if let Some(gradients) = gradients {
            gradients.add_statistics(statistics);
        }
        Ok(())
    }

    /// Copies the inputs of a pass; returns how many they are.
    fn bring(&mut self, inputs: &[Input<T, N>]) -> Result<usize, TrainError> {
        let (samples, room) = (inputs.len(), self.room);
        self.stage = Stage::Nothing;
        if samples == 0 {
            return Err(TrainError::Empty { what: "batch" });
        }
        if samples > room {
            return Err(TrainError::NoRoom { samples, room });
        }
        let flat = Input::<T, N>::flatten(inputs);
        self.inputs[..flat.len()].copy_from_slice(flat);
        Ok(samples)
    }
}

fn check_targets<Y: Label>(targets: &[Y::Target<f32>], samples: usize) -> Result<(), TrainError> {
    if targets.len() != samples {
        return Err(TrainError::Lengths { inputs: samples, targets: targets.len() });
    }
    let check = |(sample, target)| Y::check(target).map_err(|fault| TrainError::Label { sample, fault });
    targets.iter().enumerate().try_for_each(check)
}

/// The targets as the loss takes them, in a buffer that is replaced when labels of another kind come.
fn converted<'b, T: Scalar, Y: Label>(
    buffer: &'b mut Box<dyn Any + Send + Sync>,
    room: usize,
    kept: &[Y::Target<f32>],
) -> &'b [Y::Target<T>] {
    if !buffer.is::<Vec<Y::Target<T>>>() {
        *buffer = Box::new(bytemuck::zeroed_vec::<Y::Target<T>>(room));
    }
    let targets: &mut Vec<Y::Target<T>> =
        buffer.downcast_mut().expect("cannot fail: the buffer has just got this type");
    kept.iter().zip(targets.iter_mut()).for_each(|(kept, target)| Y::convert::<T>(kept, target));
    &targets[..kept.len()]
}
