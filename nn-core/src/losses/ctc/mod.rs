#[cfg(feature = "alloc")]
mod decode;
mod paths;

use core::marker::PhantomData;

use paths::{Paths, Row};

use super::{ExpectsLogProbabilities, ExpectsLogits, Loss, OutputGradient};
use crate::OutOfRange;
use crate::data::Transcripts;
use crate::network::{LogProbabilities, OutputKind, Scores};
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Connectionist temporal classification: `-ln Σ Π p`, the sum over all ways to spread a target's symbols, in their order,
/// over the steps of an output, where a symbol may last for several steps and blanks stand between symbols: at least one
/// between two that are the same. Divided by the number of symbols (by 1 where there is none), and the mean over a batch.
///
/// Labels are [`Transcripts`], of fewer symbols than the output has steps; class 0 is the blank unless [`Ctc::blank`] says
/// otherwise. A target that does not fit into its steps has an infinite loss, which refuses the step, or none at all and no
/// gradient with [`Ctc::zero_infinity`]. One that contains the blank, or wants more steps than there are, gives NaN.
///
/// [`Ctc::new`] takes logits, [`Ctc::from_log_probabilities`] the output of a `LogSoftmax`. As PyTorch `CTCLoss` with
/// `reduction='mean'`, but for the gradient by logarithms of probabilities, where PyTorch's contains that of the
/// `LogSoftmax` before it: behind that, both are the same. A. Graves et al., "Connectionist temporal classification"
/// (2006), in logarithms of 64 bits whatever the scalar.
///
/// [`Ctc::greedy`] and [`Ctc::beam`] read an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ctc<From = Scores> {
    blank: usize,
    zero_infinity: bool,
    from: PhantomData<From>,
}

impl Ctc {
    /// The loss of logits: for a network without a final `LogSoftmax`.
    pub const fn new() -> Self {
        Self { blank: 0, zero_infinity: false, from: PhantomData }
    }
}

impl Default for Ctc {
    fn default() -> Self {
        Self::new()
    }
}

impl Ctc<LogProbabilities> {
    /// The loss of logarithms of probabilities: for a network that ends in `LogSoftmax`.
    pub const fn from_log_probabilities() -> Self {
        Self { blank: 0, zero_infinity: false, from: PhantomData }
    }
}

impl<From> Ctc<From> {
    /// With another class as the blank; 0 by default.
    #[must_use]
    pub const fn blank(mut self, class: usize) -> Self {
        self.blank = class;
        self
    }

    /// Whether targets that do not fit into their steps are left out, though they count in the mean; off by default.
    #[must_use]
    pub const fn zero_infinity(mut self, zero: bool) -> Self {
        self.zero_infinity = zero;
        self
    }

    /// The loss of all samples. `normalize` says whether outputs are logits.
    fn of_samples<T: Scalar, const N: usize, const LONGEST: usize>(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[([u32; LONGEST], [u32; 2])],
        gradient: Option<OutputGradient<'_, T>>,
        normalize: bool,
    ) -> f64 {
        let classes = shape.last().max(1);
        let width = shape.len().max(1);
        let samples = outputs.chunks_exact(width).zip(targets);
        let paths = |target| self.paths::<N, LONGEST>(target, shape.rows(), classes, normalize);
        let Some(OutputGradient { values, scale, scratch }) = gradient else {
            return samples.map(|(outputs, target)| self.judged(paths(target).map(|paths| paths.loss(outputs)))).sum();
        };
        let mut sum = 0.0;
        for ((outputs, target), slopes) in samples.zip(values.chunks_exact_mut(width)) {
            let loss = paths(target).map(|paths| paths.loss_and_slopes(outputs, slopes, scale, scratch));
            let value = self.judged(loss);
            if value.is_nan() || loss.is_none_or(|loss| !loss.is_finite()) {
                slopes.fill(if value == 0.0 { T::zero() } else { T::nan() });
            }
            sum += value;
        }
        sum
    }

    /// NaN for a target that makes no sense; 0 in place of infinity, if so asked.
    fn judged(&self, loss: Option<f64>) -> f64 {
        match loss {
            Some(f64::INFINITY) if self.zero_infinity => 0.0,
            Some(loss) => loss,
            None => f64::NAN,
        }
    }

    /// What a target asks for; nothing where it makes no sense.
    fn paths<'t, const N: usize, const LONGEST: usize>(
        &self,
        target: &'t ([u32; LONGEST], [u32; 2]),
        steps: usize,
        classes: usize,
        normalize: bool,
    ) -> Option<Paths<'t, LONGEST>> {
        let symbols = Transcripts::<N, LONGEST>::symbols(target);
        let steps = Transcripts::<N, LONGEST>::steps(target, steps)?;
        let is_sound = |symbol: &u32| (*symbol as usize) < classes && *symbol as usize != self.blank;
        let fits = self.blank < classes && symbols.iter().all(is_sound);
        fits.then_some(Paths { symbols, steps, classes, blank: self.blank, normalize })
    }
}

macro_rules! ctc {
    ($($from:ty: $expects:ident, $normalize:literal;)*) => {$(
        impl<T, K, const N: usize, const LONGEST: usize> Loss<T, K, Transcripts<N, LONGEST>> for Ctc<$from>
        where
            T: Scalar,
            K: $expects + OutputKind,
        {
            fn name(&self) -> &'static str {
                "connectionist temporal classification"
            }

            fn check(&self) -> Result<(), OutOfRange> {
                let found = self.blank as f64;
                let fits = self.blank < N;
                if fits { Ok(()) } else { Err(OutOfRange { name: "blank", found, expected: "a class of the output" }) }
            }

            fn help(&self) -> &'static str {
                "its transcript needs a step for each symbol, and one more between equal neighbours: here there are fewer, or it holds the blank; `zero_infinity(true)` leaves out what does not fit"
            }

            fn scratch(&self, shape: Shape, _: usize) -> usize {
                shape.rows() * Row::<LONGEST>::LEN
            }

            fn tile(
                &self,
                shape: Shape,
                outputs: &[T],
                targets: &[([u32; LONGEST], [u32; 2])],
                gradient: Option<OutputGradient<'_, T>>,
            ) -> f64 {
                self.of_samples::<T, N, LONGEST>(shape, outputs, targets, gradient, $normalize)
            }
        }
    )*};
}

ctc! {
    Scores: ExpectsLogits, true;
    LogProbabilities: ExpectsLogProbabilities, false;
}

#[cfg(test)]
mod tests;
