//! What can be wrong with a data set.

use super::LabelFault;
use crate::spec::Shape;

/// Why a data set could not be made: what is wrong, where, and what was expected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The number of elements is no whole number of samples.
    #[error("{found} elements of {what} are no whole number of samples of {} elements (shape {shape})", shape.len())]
    Elements {
        /// Which: `inputs` or `targets`.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// What one sample is made of.
        shape: Shape,
    },
    /// As many inputs as targets are needed.
    #[error("{inputs} inputs do not go with {targets} targets: each sample needs one of each")]
    Counts {
        /// Samples of inputs.
        inputs: usize,
        /// Samples of targets.
        targets: usize,
    },
    /// As many targets are needed for every output.
    #[error("the targets of output {place} are for {other} samples, those of output 0 for {first}")]
    Columns {
        /// Samples of the first output's targets.
        first: usize,
        /// Samples of the other output's.
        other: usize,
        /// Which output, counted from 0.
        place: usize,
    },
    /// More samples than a `u32` can number.
    #[error("{samples} samples are too many: at most {} can be numbered", u32::MAX)]
    TooMany {
        /// How many there are.
        samples: usize,
    },
    /// An input is NaN or infinite.
    #[error("the input of sample {sample} has {value} at element {element}: expected finite numbers")]
    NotFinite {
        /// Which sample.
        sample: usize,
        /// Which of its elements, in memory order.
        element: usize,
        /// What stands there.
        value: f32,
    },
    /// A target is no target of its kind.
    #[error("the target of sample {sample} is wrong: {fault}")]
    Target {
        /// Which sample.
        sample: usize,
        /// What is wrong with it.
        fault: LabelFault,
    },
    /// A sample was asked for that is not there.
    #[error("there is no sample {index}: the data set has {len}")]
    Index {
        /// What was asked for.
        index: usize,
        /// How many there are.
        len: usize,
    },
    /// A part of a data set must lie between nothing and everything.
    #[error("expected a fraction between 0 and 1, found {found}")]
    Fraction {
        /// What was given.
        found: f64,
    },
    /// The shares of a split must be all of a data set.
    #[error("the shares of a split must add up to 1, found {sum}")]
    Shares {
        /// What they add up to.
        sum: f64,
    },
    /// Cross-validation needs two folds at least, and a sample in each.
    #[error("{samples} samples cannot make {folds} folds: expected from 2 folds to one for each sample")]
    Folds {
        /// How many were asked for.
        folds: usize,
        /// How many samples there are.
        samples: usize,
    },
    /// A mean and a standard deviation are needed for each channel.
    #[error("expected the mean and deviation of {channels} channels, found {means} means and {deviations} deviations")]
    Channels {
        /// Channels of the data set: the size of its innermost axis.
        channels: usize,
        /// How many means were given.
        means: usize,
        /// How many deviations were given.
        deviations: usize,
    },
    /// A mean is not finite, or a deviation is not a positive finite number.
    #[error("channel {channel} cannot be standardized with mean {mean} and deviation {deviation}")]
    Standardization {
        /// Which channel.
        channel: usize,
        /// Its mean.
        mean: f32,
        /// Its deviation.
        deviation: f32,
    },
    /// A setting is out of range.
    #[error(transparent)]
    Setting(#[from] crate::OutOfRange),
    /// A sample of a streamed data set cannot be read.
    #[error("cannot read sample {sample}: {reason}")]
    Unreadable {
        /// Which sample.
        sample: u32,
        /// Why.
        reason: alloc::string::String,
    },
    /// A file does not hold what it should.
    #[cfg(feature = "std")]
    #[error("{}: {fault}", path.display())]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        fault: super::FileFault,
    },
}

impl DataError {
    /// A sample of a streamed data set cannot be read, for this reason: what a closure reports.
    pub fn unreadable(sample: u32, reason: impl core::fmt::Display) -> Self {
        Self::Unreadable { sample, reason: alloc::format!("{reason}") }
    }
}
