//! Pictures of a training, as PNG: learning curves and confusion matrices.
//!
//! They are drawn on white, with twice as many dots as points, so that they stay sharp where a page shows them at half
//! their size. The font is embedded: nothing of the system is needed.

mod canvas;
mod curves;
mod font;
mod history;
mod matrix;
#[cfg(test)]
mod tests;
mod ticks;

use alloc::string::String;
use std::path::PathBuf;

pub use curves::{Panel, Series, Unit, learning_curves};
pub use matrix::confusion_matrix;

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
    /// The file cannot be written; its name must end in `.png`.
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
