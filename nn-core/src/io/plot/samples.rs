//! Images of a data set, with what they are and what a network takes them for.

use alloc::string::String;
use alloc::vec::Vec;
use std::path::Path;

use plotters::style::RGBColor;

use super::PlotError;
use super::canvas::{Dots, INK, WRONG};
use super::tiles::{Tile, sheet};
use crate::Scalar;
use crate::data::{Classes, DataError, Dataset};
use crate::io::answers::probabilities;
use crate::losses::FitsInput;
use crate::metrics::largest_number;
use crate::network::Network;
use crate::predict::Predict as _;
use crate::shapes::{Features, SampleShape};
use crate::train::AsNetwork;

const MOST_TILES: usize = 400;
const SIDE: f64 = 72.0;
/// Dark enough to be read on white.
const GREEN: RGBColor = RGBColor(21, 128, 61);

/// Draws images that a network takes for another class than theirs into a PNG or SVG file, the surest mistakes first, at most
/// `most` of them: below each its class, and in orange what it was taken for, with the network's probability.
///
/// `axes` are an image's height, width and channels, of which there are 1 or 3; the data set may have its numbers in one row.
/// Numbers from 0 to 1 are shown as they are, others stretched between the least and the greatest of their image.
///
/// ```ignore
/// plot::misclassified("mistakes.png", &network, &test, &fashion_mnist::CLASS_NAMES, [28, 28, 1], 40)?;
/// ```
///
/// # Errors
/// When a sample has other axes or cannot be read, none is taken for another class, more than 400 are asked for, or the file
/// cannot be written.
pub fn misclassified<T, M, H, X, S, const CLASSES: usize>(
    path: impl AsRef<Path>,
    network: &M,
    data: &Dataset<X, Classes<CLASSES>>,
    names: &[S; CLASSES],
    axes: [usize; 3],
    most: usize,
) -> Result<(), PlotError>
where
    T: Scalar,
    M: AsNetwork<T, H>,
    M::Network: Network<T, Output = Features<CLASSES>>,
    X: FitsInput<<M::Network as Network<T>>::Input>,
    S: AsRef<str>,
{
    let answers = answers(network.network(), data)?;
    let mut wrong: Vec<Answer> = answers.into_iter().filter(|answer| !answer.is_right()).collect();
    if wrong.is_empty() {
        return Err(PlotError::Nothing { what: "no sample is taken for another class" });
    }
    wrong.sort_by(|left, right| right.probability.total_cmp(&left.probability));
    let heading = std::format!("{} of {} are taken for something else", wrong.len(), data.len());
    draw(path.as_ref(), &heading, data, names, axes, &wrong[..most.min(wrong.len())])
}

/// Draws the first images of a data set into a PNG or SVG file, at most `most`: below each its class, and what a network takes
/// it for, with its probability: in green where that is right, else in orange. As [`misclassified`] otherwise.
///
/// # Errors
/// When a sample has other axes or cannot be read, there are none, more than 400 are asked for, or the file cannot be written.
pub fn predictions<T, M, H, X, S, const CLASSES: usize>(
    path: impl AsRef<Path>,
    network: &M,
    data: &Dataset<X, Classes<CLASSES>>,
    names: &[S; CLASSES],
    axes: [usize; 3],
    most: usize,
) -> Result<(), PlotError>
where
    T: Scalar,
    M: AsNetwork<T, H>,
    M::Network: Network<T, Output = Features<CLASSES>>,
    X: FitsInput<<M::Network as Network<T>>::Input>,
    S: AsRef<str>,
{
    let answers = answers(network.network(), data)?;
    let shown = &answers[..most.min(answers.len())];
    let right = shown.iter().filter(|answer| answer.is_right()).count();
    let heading = std::format!("{right} of these {} are right", shown.len());
    draw(path.as_ref(), &heading, data, names, axes, shown)
}

/// What a network says about one sample.
struct Answer {
    sample: u32,
    truth: usize,
    predicted: usize,
    probability: f64,
}

impl Answer {
    fn is_right(&self) -> bool {
        self.truth == self.predicted
    }
}

fn answers<T, N, X, const CLASSES: usize>(
    network: &N,
    data: &Dataset<X, Classes<CLASSES>>,
) -> Result<Vec<Answer>, DataError>
where
    T: Scalar,
    N: Network<T, Output = Features<CLASSES>>,
    X: FitsInput<N::Input>,
{
    let outputs = network.try_predict_data(data)?;
    let answer = |((sample, output), &truth): ((u32, &[T; CLASSES]), &u32)| {
        let predicted = largest_number(output);
        let probability = probabilities::<T, N>(output).get(predicted).copied().unwrap_or(f64::NAN);
        Answer { sample, truth: truth as usize, predicted, probability }
    };
    Ok((0..).zip(&outputs).zip(data.labels()).map(answer).collect())
}

fn draw<X: SampleShape, S: AsRef<str>, const CLASSES: usize>(
    path: &Path,
    heading: &str,
    data: &Dataset<X, Classes<CLASSES>>,
    names: &[S; CLASSES],
    axes: [usize; 3],
    answers: &[Answer],
) -> Result<(), PlotError> {
    let [height, width, channels] = axes;
    let found = X::SHAPE.len();
    let fits = axes.iter().try_fold(1usize, |product, &axis| product.checked_mul(axis)) == Some(found);
    if !fits || ![1, 3].contains(&channels) {
        let expected = "height, width, and 1 or 3 channels";
        return Err(PlotError::Axes { axes: axes.to_vec(), expected, found });
    }
    if answers.is_empty() {
        return Err(PlotError::Nothing { what: "there are no samples" });
    }
    if answers.len() > MOST_TILES {
        return Err(PlotError::TooMany { what: "images", found: answers.len(), most: MOST_TILES });
    }
    let name = |class: usize| super::shortened(names[class].as_ref());
    let tile = |answer: &Answer| {
        let mut values = alloc::vec![0f32; height * width * channels];
        data.try_fill_inputs(&[answer.sample], &mut values)?;
        let color = if answer.is_right() { GREEN } else { WRONG };
        let said = std::format!("{} {:.0}%", name(answer.predicted), 100.0 * answer.probability);
        let lines: Vec<(String, RGBColor)> = [(name(answer.truth), INK), (said, color)].into();
        Ok(Tile { dots: Dots { width, height, colors: colors(&values, channels) }, lines })
    };
    let tiles = answers.iter().map(tile).collect::<Result<_, DataError>>()?;
    let columns = columns(answers.len());
    let note = "the class, and below it what the network says";
    sheet(heading, note, tiles, columns, SIDE)?.save(path)
}

/// About half as many rows as columns.
pub(super) fn columns(tiles: usize) -> usize {
    ((2.0 * tiles as f64).sqrt().ceil() as usize).max(1)
}

/// Numbers as colours, stretched where they are not all from 0 to 1.
fn colors(values: &[f32], channels: usize) -> Vec<[u8; 3]> {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    let (least, greatest) = finite.fold((0f32, 1f32), |(low, high), value| (low.min(value), high.max(value)));
    let (low, high) = if (least, greatest) == (0.0, 1.0) { (0.0, 1.0) } else { spread(values) };
    let shade = |value: f32| (255.0 * ((value - low) / (high - low)).clamp(0.0, 1.0)).round() as u8;
    values
        .chunks_exact(channels)
        .map(|color| if let [red, green, blue] = *color { [red, green, blue].map(shade) } else { [shade(color[0]); 3] })
        .collect()
}

/// The least and the greatest number, a little apart.
fn spread(values: &[f32]) -> (f32, f32) {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    let (least, greatest) =
        finite.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if greatest > least { (least, greatest) } else { (least - 0.5, least + 0.5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_stay_and_others_are_stretched() {
        assert_eq!(colors(&[0.0, 0.5, 0.25], 1), [[0; 3], [128; 3], [64; 3]]);
        assert_eq!(colors(&[-1.0, 3.0, 1.0], 3), [[0, 255, 128]]);
        assert_eq!(colors(&[2.0, 2.0, f32::NAN], 1)[..2], [[128; 3]; 2]);
    }

    #[test]
    fn sheets_are_wider_than_high() {
        assert_eq!([0, 1, 2, 5, 40, 400].map(columns), [1, 2, 2, 4, 9, 29]);
    }
}
