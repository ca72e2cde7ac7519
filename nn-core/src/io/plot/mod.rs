//! Pictures of a training, as PNG or SVG by the file's name.
//!
//! | function | what |
//! |---|---|
//! | [`learning_curves`], [`History::plot`](crate::train::History::plot) | loss and metrics, epoch by epoch |
//! | [`confusion_matrix`] | which classes are taken for which |
//! | [`roc_curves`], [`precision_recall_curves`] | how well classes are told apart at any threshold |
//! | [`predictions`], [`misclassified`] | images with their class and what a network says |
//! | [`weights`] | filters as images |
//! | [`overlay`] | curves over data |
//! | [`search`] | what settings did for a search |
//!
//! They are drawn on white; PNG has twice as many dots as points, so that it stays sharp where a page shows it at half
//! its size. The font is embedded: nothing of the system is needed. (In SVG, text stays text, in that font where it is
//! installed, else in one like it set to the same width.)

mod axes;
mod canvas;
mod curves;
mod font;
mod history;
mod matrix;
mod overlay;
mod png;
mod ranking;
mod samples;
mod search;
mod svg;
#[cfg(test)]
mod tests;
mod ticks;
mod tiles;
mod weights;

use alloc::string::String;
use alloc::vec::Vec;
use std::path::PathBuf;

use crate::data::DataError;

pub use curves::{Panel, Series, Unit, learning_curves};
pub use matrix::confusion_matrix;
pub use overlay::overlay;
pub use ranking::{precision_recall_curves, roc_curves};
pub use samples::{misclassified, predictions};
pub use search::search;
pub use weights::weights;
#[cfg(feature = "report")]
pub(in crate::io) use {curves::svg_of_curves, png::DOTS_A_METRE, svg::escaped};

/// Points with a name: of data, or of a curve.
#[derive(Clone, Copy, Debug)]
pub struct Trace<'t> {
    /// Its name in the legend: `data`.
    pub name: &'t str,
    /// Where each point stands, along both axes.
    pub values: &'t [(f64, f64)],
}

/// What [`overlay`] draws.
#[derive(Clone, Copy, Debug)]
pub struct Traces<'t> {
    /// The heading.
    pub title: &'t str,
    /// What the axes are called: from left to right, from below to above.
    pub axes: [&'t str; 2],
    /// Each a disc for every point.
    pub points: &'t [Trace<'t>],
    /// Each a line, over all discs.
    pub curves: &'t [Trace<'t>],
}

/// Why a picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// There is nothing to draw.
    #[error("there is nothing to draw: {what}")]
    Nothing {
        /// What is missing.
        what: &'static str,
    },
    /// There is too much for one picture.
    #[error("{found} {what} do not fit into a picture, at most {most} do")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many can be drawn.
        most: usize,
    },
    /// A number that cannot be drawn.
    #[error("number {index} of `{what}` is not finite, or beyond 1e100")]
    NotFinite {
        /// Of what.
        what: String,
        /// Which number, counted from 0.
        index: usize,
    },
    /// The axes of an image are not those of the numbers.
    #[error("{found} numbers do not have the axes {axes:?}: expected {expected}")]
    Axes {
        /// The axes that were given.
        axes: Vec<usize>,
        /// What they should be.
        expected: &'static str,
        /// How many numbers there are.
        found: usize,
    },
    /// The samples of a streamed data set cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The file cannot be written; its name must end in `.png` or `.svg`.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the encoder or the system says.
        reason: String,
    },
    /// The drawing itself failed.
    #[error("the picture cannot be drawn: {0}")]
    Drawing(String),
}

/// A name that is not too long for a legend.
fn shortened(name: &str) -> String {
    if name.chars().count() <= 24 { name.into() } else { name.chars().take(23).chain(['…']).collect() }
}
