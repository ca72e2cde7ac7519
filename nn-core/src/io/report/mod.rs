//! One page about a run: settings, curves, tables, pictures, in a single HTML file that needs nothing else.
//!
//! [`RunReport`] puts a page together; [`RunReport::of_folder`] does so from what a run has left in its folder, as
//! `netform report run/` does; [`WriteReport`] is a callback that writes it after every epoch.

mod callback;
mod folder;
mod page;
mod read;
#[cfg(test)]
mod tests;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use callback::WriteReport;
pub use read::history;

use super::plot::{DOTS_A_METRE, PlotError, escaped};
use crate::files;
use crate::train::History;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The system cannot read or write the file.
    #[error("{}: {error}", path.display())]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A log is none.
    #[error("{}, line {line}: {reason}", path.display())]
    Log {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1 on.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A picture is neither PNG nor SVG.
    #[error("{}: expected a picture, .png or .svg", path.display())]
    Picture {
        /// Which file.
        path: PathBuf,
    },
    /// A folder has nothing that a report could show.
    #[error(
        "{}: there is nothing to report on\n\
         help: `CsvLog` and `JsonLog` write logs of a run, `plot` pictures, `SaveCheckpoints` checkpoints", path.display()
    )]
    Nothing {
        /// Which folder.
        path: PathBuf,
    },
    /// The curves cannot be drawn.
    #[error(transparent)]
    Plot(#[from] PlotError),
}

/// A page about a run, section by section.
///
/// ```
/// use nn_core::io::report::RunReport;
/// use nn_core::train::{Epoch, History, Report};
///
/// let training = Report { samples: 10, loss: 0.5, metrics: vec![("accuracy".into(), 0.75)] };
/// let history = History { epochs: vec![Epoch { training, validation: None, seconds: 1.5, rate: 1.0 }] };
/// let page = RunReport::new("A small run").settings(&[("learning rate", "0.01")]).history(&history)?.to_html();
/// assert!(page.contains("<svg") && page.contains("0.7500"));
/// # Ok::<(), nn_core::io::report::ReportError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RunReport {
    title: String,
    sections: Vec<Section>,
}

/// A part of the page under a heading.
#[derive(Clone, Debug, PartialEq)]
struct Section {
    heading: String,
    /// HTML.
    body: String,
}

/// Over the curves of loss and metrics.
const TRAINING: &str = "Training";

impl RunReport {
    /// A page without sections.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), sections: Vec::new() }
    }

    /// Whether it has no sections yet.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// Settings and their values.
    #[must_use]
    pub fn settings<N: AsRef<str>, V: AsRef<str>>(self, settings: &[(N, V)]) -> Self {
        let rows =
            settings.iter().map(|(name, value)| [name.as_ref().to_string(), value.as_ref().to_string()].to_vec());
        let body = page::table(&["setting", "value"], &rows.collect::<Vec<_>>());
        self.section("Settings", body)
    }

    /// Loss and metrics: curves, and a row for each epoch, the best one marked.
    ///
    /// # Errors
    /// When there are no epochs, or nothing finite to draw.
    pub fn history(self, history: &History) -> Result<Self, ReportError> {
        let curves = history.to_svg()?;
        Ok(self.section(TRAINING, format!("<figure>{curves}</figure>\n{}", page::epochs(history))))
    }

    fn has_history(&self) -> bool {
        self.sections.iter().any(|section| section.heading == TRAINING)
    }

    /// A table with a heading over each column.
    #[must_use]
    pub fn table(self, heading: &str, columns: &[&str], rows: &[Vec<String>]) -> Self {
        self.section(heading, page::table(columns, rows))
    }

    /// A text, set in letters of one width: the `Display` of a confusion matrix, or of a network's summary.
    #[must_use]
    pub fn text(self, heading: &str, text: &str) -> Self {
        self.section(heading, format!("<pre>{}</pre>", page::lines(text)))
    }

    /// A picture from a file, PNG or SVG, which becomes a part of the page.
    ///
    /// # Errors
    /// When the file cannot be read, or is of another kind.
    pub fn picture(self, heading: &str, path: impl AsRef<Path>) -> Result<Self, ReportError> {
        let path = path.as_ref();
        let content = std::fs::read(path).map_err(|error| ReportError::File { path: path.into(), error })?;
        let kind = if content.starts_with(b"\x89PNG\r\n\x1a\n") {
            "png"
        } else if content.windows(4).take(1000).any(|window| window == b"<svg") {
            "svg+xml"
        } else {
            return Err(ReportError::Picture { path: path.into() });
        };
        // Our own have two dots a point.
        let is_fine = content
            .windows(8)
            .take(1000)
            .any(|window| window.starts_with(b"pHYs") && window[4..] == DOTS_A_METRE.to_be_bytes());
        let width = content.get(16..20).and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?)));
        let width = width.filter(|_| is_fine).map(|width| format!(" width=\"{}\"", width / 2)).unwrap_or_default();
        // As an image, so that no script in it could run.
        let data = STANDARD.encode(content);
        let name = escaped(heading);
        let image = format!("<figure><img alt=\"{name}\"{width} src=\"data:image/{kind};base64,{data}\"></figure>");
        Ok(self.section(heading, image))
    }

    fn section(mut self, heading: &str, body: String) -> Self {
        self.sections.push(Section { heading: heading.into(), body });
        self
    }

    /// The page.
    pub fn to_html(&self) -> String {
        page::page(&self.title, self.sections.iter().map(|section| (section.heading.as_str(), section.body.as_str())))
    }

    /// Writes the page to a file, which is replaced whole.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ReportError> {
        let path = path.as_ref();
        files::replace(path, self.to_html().as_bytes()).map_err(|error| ReportError::File { path: path.into(), error })
    }
}

impl History {
    /// Writes a page with the curves and a table of all epochs: see [`RunReport`].
    ///
    /// # Errors
    /// When there are no epochs, nothing finite to draw, or when the file cannot be written.
    pub fn report(&self, path: impl AsRef<Path>) -> Result<(), ReportError> {
        RunReport::new("Training").history(self)?.save(path)
    }
}
