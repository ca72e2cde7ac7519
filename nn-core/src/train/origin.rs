//! Where a loss that is not finite begins: the batch is looked at once more, sample by sample.

use core::fmt;

use super::Quantity;
use super::batch::Batch;
use crate::data::Label;
use crate::data::augment::Spare;
use crate::layer::Pass;
use crate::losses::Loss;
use crate::network::{Network, Observer, Whole};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::AlignedBox;
use crate::spec::Shape;

/// Where a loss that is not finite begins. A sample is called by its place in the data set, or in a batch that was handed
/// over.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// In a sample itself.
    Input {
        /// Which one.
        sample: usize,
        /// Which of its elements.
        element: usize,
        /// What it is.
        value: f64,
    },
    /// In the value of a layer, behind finite ones.
    Layer {
        /// For which sample.
        sample: usize,
        /// The layer's name.
        layer: &'static str,
        /// Which element of its value.
        element: usize,
        /// What it is.
        value: f64,
    },
    /// In the loss alone: the outputs are finite.
    Loss {
        /// Of which sample.
        sample: usize,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input { sample, element, value } => write!(f, "element {element} of sample {sample} is {value}"),
            Self::Layer { sample, layer, element, value } => write!(
                f,
                "it begins at `{layer}` with sample {sample}: element {element} of its value is {value}, and all before it is finite"
            ),
            Self::Loss { sample } => write!(f, "it begins at the loss of sample {sample}, whose outputs are finite"),
        }
    }
}

impl Origin {
    /// What helps; `is_first` says that nothing has been learnt yet.
    pub(super) fn cure(&self, is_first: bool) -> &'static str {
        match self {
            Self::Input { .. } => "take such samples out, or put a number there",
            Self::Loss { .. } => {
                "look at its target: a class that does not exist and an answer beyond 0 and 1 have no loss; otherwise its outputs are too large"
            }
            Self::Layer { .. } if is_first => {
                "an `Embedding` has nothing for what is no whole number below its size; otherwise look for extreme values in this sample and in the network's own numbers"
            }
            Self::Layer { .. } => {
                "lower the learning rate, clip the gradient with `clip_norm(1.0)`, or look for extreme values in this sample"
            }
        }
    }
}

/// Where the loss of a refused step begins.
pub(super) fn of<T, N, Y, L>(what: Quantity, network: &N, batch: &impl Batch<T, Y>, loss: &L) -> Option<Origin>
where
    T: Scalar,
    N: Network<T>,
    Y: Label,
    L: Loss<T, Whole<T, N>, Y>,
{
    if what == Quantity::Loss { find(network, batch, loss) } else { None }
}

/// The first sample of a batch, alone and as in inference, whose loss is not finite, and where that begins; none where it takes
/// the batch's own statistics, or dropout, to get there.
fn find<T, N, Y, L>(network: &N, batch: &impl Batch<T, Y>, loss: &L) -> Option<Origin>
where
    T: Scalar,
    N: Network<T>,
    Y: Label,
    L: Loss<T, Whole<T, N>, Y>,
{
    let mut filled = AlignedBox::<[T]>::zeros(N::Input::SHAPE.len());
    let mut targets = AlignedBox::<[Y::Target<T>]>::zeros(1);
    let mut workspace = AlignedBox::<[T]>::zeros(N::INFERENCE.len(1));
    let mut scratch = AlignedBox::<[T]>::zeros(N::INFERENCE.scratch);
    let mut spare = Spare::default();
    (0..batch.len()).find_map(|sample| {
        batch.fill(sample..sample + 1, &mut filled, &mut targets, &mut spare);
        let input = batch.in_place(sample..sample + 1).unwrap_or(&filled);
        let sample = batch.number(sample);
        if let Some((element, value)) = not_finite(input) {
            return Some(Origin::Input { sample, element, value });
        }
        let mut first = First { sample, found: None };
        network.infer(&Pass::inference(1), input, &mut workspace, &mut scratch, &mut first);
        let output = &workspace[N::INFERENCE.output.range(1)];
        let is_finite = match loss.wants_whole_batches() {
            true => not_finite(output).is_none(),
            false => loss.tile(N::Output::SHAPE, output, &targets, None).is_finite(),
        };
        if is_finite { None } else { Some(first.found.unwrap_or(Origin::Loss { sample })) }
    })
}

/// Waits for the first layer whose value is not finite.
struct First {
    sample: usize,
    found: Option<Origin>,
}

impl<T: Scalar> Observer<T> for First {
    fn value(&mut self, layer: &'static str, _: Shape, values: &[T]) {
        if self.found.is_none() {
            let sample = self.sample;
            self.found = not_finite(values).map(|(element, value)| Origin::Layer { sample, layer, element, value });
        }
    }
}

fn not_finite<T: Scalar>(values: &[T]) -> Option<(usize, f64)> {
    let element = values.iter().position(|value| !value.is_finite())?;
    Some((element, values[element].wide()))
}
