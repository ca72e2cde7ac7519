use alloc::string::String;
use alloc::vec::Vec;

use super::{CheckpointError, Origin};
use crate::OutOfRange;
use crate::data::augment::AugmentError;
use crate::data::{DataError, LabelFault};

/// Why training or an evaluation refused.
///
/// The network keeps the parameters, the running statistics and the optimiser's memory that it had before the step that was
/// refused; errors of settings and data are found before the first step.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// There is no sample to learn from.
    #[error("the {what} is empty: expected at least one sample, found none")]
    Empty {
        /// Which data: the training set, the validation set, the batch.
        what: &'static str,
    },
    /// A setting of the trainer, the loss or the optimiser is out of range.
    #[error(transparent)]
    Setting(#[from] OutOfRange),
    /// Samples cannot be augmented as the trainer says.
    #[error(transparent)]
    Augment(#[from] AugmentError),
    /// A pattern of [`Trainer::freeze`](super::Trainer::freeze) or [`Trainer::train_only`](super::Trainer::train_only) is
    /// no name.
    #[error(
        "`{pattern}` matches no tensor of `{network}`\nhelp: the nearest names are {}{}",
        quoted(names),
        star(pattern, names)
    )]
    NoSuchTensor {
        /// The pattern.
        pattern: String,
        /// The network's name.
        network: &'static str,
        /// The names that are most like it.
        names: Vec<String>,
    },
    /// Everything is frozen.
    #[error("the patterns of `freeze` and `train_only` leave no parameter of `{network}` to train")]
    NothingToTrain {
        /// The network's name.
        network: &'static str,
    },
    /// A batch has not as many targets as inputs.
    #[error("a batch needs one target for each input: expected {inputs}, found {targets}")]
    Lengths {
        /// How many inputs there are.
        inputs: usize,
        /// How many targets there are.
        targets: usize,
    },
    /// A run by hand has less room than samples.
    #[error("{samples} samples do not fit a `Run` for {room}; make it with `Run::new(&network, {samples})`")]
    NoRoom {
        /// How many samples there are.
        samples: usize,
        /// How many there is room for.
        room: usize,
    },
    /// A backward pass or a loss has no forward pass to start from.
    #[error("there is no forward pass to go back from: call `forward` first, once for each backward pass")]
    NoForward,
    /// A target of a batch makes no sense.
    #[error("the target of sample {sample} is wrong: {fault}")]
    Label {
        /// The sample's place in the batch.
        sample: usize,
        /// What is wrong.
        fault: LabelFault,
    },
    /// The loss or the gradient is NaN or infinite: training has diverged, or the data holds such numbers.
    #[error(
        "the {what} is not finite in {}; the network is as it was before this step{}",
        when(*epoch, *step), explained(*what, origin.as_ref(), *epoch, *step)
    )]
    NotFinite {
        /// What is not finite.
        what: Quantity,
        /// The epoch, from 1 on; 0 for a step made by hand.
        epoch: usize,
        /// The step in this epoch, from 1 on.
        step: u64,
        /// Where it begins: if it is the loss or the variance of a training step, and one sample alone gives it; or its gradient.
        origin: Option<Origin>,
    },
    /// The loss of a network over a whole data set is NaN or infinite: its parameters are, or the data holds what it has no
    /// answer to.
    #[error("the loss over the {set} is not finite{}", explained(Quantity::Loss, origin.as_ref(), 1, 1))]
    NotFiniteLoss {
        /// Over which data: the validation set, the data set of an evaluation.
        set: &'static str,
        /// Where it begins, if one sample alone gives it.
        origin: Option<Origin>,
    },
    /// A tensor holds NaN or infinity: what a guard found.
    #[error("the {what} of `{tensor}` is not finite in epoch {epoch}, step {step}")]
    NotFiniteTensor {
        /// Which of its numbers.
        what: &'static str,
        /// The tensor's name.
        tensor: String,
        /// The epoch, from 1 on.
        epoch: usize,
        /// The step in this epoch, from 1 on.
        step: u64,
    },
    /// A callback watches a metric that the trainer does not report.
    #[error("there is no metric `{name}` to watch\nhelp: the trainer reports {}", quoted(names))]
    NoSuchMetric {
        /// What was asked for.
        name: String,
        /// What there is.
        names: Vec<String>,
    },
    /// A callback could not do its work.
    #[error("`{callback}`: {reason}")]
    Callback {
        /// Which callback.
        callback: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// A checkpoint could not be written, read, or does not fit.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Cross-validation needs two folds at least, and a sample in each.
    #[error("{samples} samples cannot make {folds} folds: expected from 2 folds to one for each sample")]
    Folds {
        /// How many were asked for.
        folds: usize,
        /// How many samples there are.
        samples: usize,
    },
    /// A way to draw samples does not fit the data set.
    #[error("there are {found} {what} for {expected} samples")]
    Sampling {
        /// What there should be for each sample.
        what: String,
        /// How many samples there are.
        expected: usize,
        /// How many there are of it.
        found: usize,
    },
    /// A way to draw samples by their classes, and labels that have none.
    #[error(
        "`{sampling}` draws by classes, and these labels have none\nhelp: use labels such as `Classes<2>`, or `Sampling::Weighted` with weights of your own"
    )]
    NoClasses {
        /// Which way.
        sampling: &'static str,
    },
    /// A sample of a streamed data set could not be read.
    #[error("{reason}")]
    Data {
        /// What is wrong, and where.
        reason: String,
    },
    /// The threads could not be started.
    #[error("could not start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
}

impl TrainError {
    pub(super) fn data(error: &DataError) -> Self {
        Self::Data { reason: alloc::string::ToString::to_string(error) }
    }
}

/// A pattern of the beginning of names stands for none of them without a star.
fn star(pattern: &str, names: &[String]) -> String {
    let begins = |name: &&String| name.starts_with(pattern);
    if pattern.is_empty() || names.iter().filter(begins).count() < 2 {
        return String::new();
    }
    alloc::format!("; `{pattern}*` stands for all that begin so")
}

/// Names as a list.
pub(crate) fn quoted(names: &[String]) -> String {
    names.iter().map(|name| alloc::format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A number that must be finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The loss of a batch.
    Loss,
    /// The mean or variance of a batch, in a layer that couples samples.
    Statistics,
    /// The gradient of a batch.
    Gradient,
}

impl core::fmt::Display for Quantity {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Loss => "loss",
            Self::Statistics => "variance of a batch",
            Self::Gradient => "gradient",
        })
    }
}

/// Steps by hand belong to no epoch.
fn when(epoch: usize, step: u64) -> String {
    if epoch == 0 { alloc::format!("step {step}") } else { alloc::format!("epoch {epoch}, step {step}") }
}

/// Where a number that is not finite begins, and what helps. The first step cannot have been led astray by those before it.
fn explained(what: Quantity, origin: Option<&Origin>, epoch: usize, step: u64) -> String {
    let is_first = epoch <= 1 && step <= 1;
    match origin {
        Some(origin) => alloc::format!("\nnote: {origin}\nhelp: {}", origin.cure(is_first)),
        None => alloc::format!("\nhelp: {}", cure(what, is_first)),
    }
}

fn cure(what: Quantity, is_first: bool) -> &'static str {
    if what == Quantity::Gradient {
        "the loss is finite: look for steps without a slope, such as `Sqrt` at 0, and for numbers or a learning rate that are too large"
    } else if is_first {
        "this is the first step: look for NaN or extreme values in the data and in the network's own numbers, and for inputs of an `Embedding` that are no whole numbers below its size"
    } else {
        "lower the learning rate, clip the gradient with `clip_norm(1.0)`, or look for extreme values in the data"
    }
}
