//! Tables of numbers and categories in text: CSV, TSV and the like (RFC 4180).
//!
//! [`Csv`] says what each column of interest is; reading gives a [`Table`], which feeds a
//! [`Preprocessing`](super::preprocess::Preprocessing) or becomes a [`Dataset`](super::Dataset). Errors name file, line, column and
//! value. Files compressed with gzip are read as they are (feature `gz`).
//!
//! ```
//! use nn_core::data::csv::Csv;
//! use nn_core::data::{Classes, DataError, Dataset};
//! use nn_core::shapes::Features;
//!
//! let text = "age,kind,survived\n20,cat,no\n,dog,yes\n40,cat,yes\n";
//! let table = Csv::new().numbers(["age"]).category("kind").named_classes("survived").parse(text.as_bytes())?;
//! assert_eq!(table.features()[..2], [20.0, 0.0]);
//! assert!(table.features()[2].is_nan());
//! assert_eq!(table.class_names(), ["no", "yes"]);
//!
//! // A gap is no input of a network: fill it in, or drop its row.
//! let error = table.dataset::<Features<2>, Classes<2>>().unwrap_err();
//! assert_eq!(error.to_string(), "the given content: line 3, column `age`: expected a value, found ``");
//! let data: Dataset<Features<2>, Classes<2>> = table.without_gaps().dataset()?;
//! assert_eq!(data.labels(), [0, 1]);
//! # Ok::<(), DataError>(())
//! ```

mod read;
mod table;
#[cfg(test)]
mod tests;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::io::Read;
use std::path::Path;

pub use table::{Table, TableLabel};

use super::DataError;
use super::source::Source;

/// A column of a table: by its name in the first line, or by its number, from 0 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnName {
    /// Its name.
    Named(String),
    /// Its number.
    At(usize),
}

impl From<&str> for ColumnName {
    fn from(name: &str) -> Self {
        Self::Named(name.into())
    }
}

impl From<String> for ColumnName {
    fn from(name: String) -> Self {
        Self::Named(name)
    }
}

impl From<usize> for ColumnName {
    fn from(number: usize) -> Self {
        Self::At(number)
    }
}

impl core::fmt::Display for ColumnName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::At(number) => write!(f, "{number}"),
        }
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    /// One of these, or of those that the file has.
    Category(Option<Vec<String>>),
}

/// What a sample's target is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Labels {
    None,
    /// Class numbers, as they stand in the file.
    Classes(ColumnName),
    /// Classes by name: these, or those that the file has.
    Named(ColumnName, Option<Vec<String>>),
    /// Numbers.
    Values(Vec<ColumnName>),
}

/// How a table is read: its form, and what its columns are. Columns that are not named are passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csv {
    delimiter: u8,
    header: bool,
    missing: Vec<String>,
    features: Vec<(ColumnName, Kind)>,
    labels: Labels,
}

impl Default for Csv {
    fn default() -> Self {
        Self::new()
    }
}

impl Csv {
    /// Commas between cells, and a first line with the columns' names.
    pub fn new() -> Self {
        let missing = ["", "NA", "N/A", "NaN", "nan", "null", "?"].map(String::from).to_vec();
        Self { delimiter: b',', header: true, missing, features: Vec::new(), labels: Labels::None }
    }

    /// Tabs between cells.
    pub fn tsv() -> Self {
        Self::new().delimiter(b'\t')
    }

    /// Another sign between cells, such as `b';'`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// The first line is a row: columns have numbers only.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        self.header = false;
        self
    }

    /// What stands where a value is missing: an empty cell, `NA`, `N/A`, `NaN`, `nan`, `null` or `?` unless told otherwise. Blanks
    /// around a cell never count.
    #[must_use]
    pub fn missing(mut self, words: &[&str]) -> Self {
        self.missing = words.iter().map(ToString::to_string).collect();
        self
    }

    /// Features that are numbers, after those named before. A missing value becomes NaN; an infinite one is an error.
    #[must_use]
    pub fn numbers<C: Into<ColumnName>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.features.extend(columns.into_iter().map(|column| (column.into(), Kind::Number)));
        self
    }

    /// A feature that is one of some words: 0 for the first of them in the order of the alphabet, and so on; a missing one becomes
    /// NaN. [`Preprocessing::one_hot`](super::preprocess::Preprocessing::one_hot) makes a column of each.
    #[must_use]
    pub fn category(mut self, column: impl Into<ColumnName>) -> Self {
        self.features.push((column.into(), Kind::Category(None)));
        self
    }

    /// A feature that is one of these words: 0 for the first. Another word is an error.
    #[must_use]
    pub fn category_of(mut self, column: impl Into<ColumnName>, words: &[impl AsRef<str>]) -> Self {
        self.features.push((column.into(), Kind::Category(Some(owned(words)))));
        self
    }

    /// The column of the class numbers, from 0 on.
    #[must_use]
    pub fn classes(mut self, column: impl Into<ColumnName>) -> Self {
        self.labels = Labels::Classes(column.into());
        self
    }

    /// The column of the classes' names: 0 is the first of them in the order of the alphabet.
    #[must_use]
    pub fn named_classes(mut self, column: impl Into<ColumnName>) -> Self {
        self.labels = Labels::Named(column.into(), None);
        self
    }

    /// The column of the classes' names, which are these: 0 is the first. Another name is an error.
    #[must_use]
    pub fn classes_of(mut self, column: impl Into<ColumnName>, names: &[impl AsRef<str>]) -> Self {
        self.labels = Labels::Named(column.into(), Some(owned(names)));
        self
    }

    /// The columns of the numbers that are to be predicted.
    #[must_use]
    pub fn values<C: Into<ColumnName>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.labels = Labels::Values(columns.into_iter().map(Into::into).collect());
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When the file is absent or no text in UTF-8, a column is not there, a row has more or fewer cells than the first line, a
    /// number is none or infinite, a word is none of those that are allowed, or a class number is missing.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table, DataError> {
        let path = path.as_ref();
        let source = Source::open(path, "check the path").map_err(|fault| fault.of(path))?;
        self.read_from(source, path)
    }

    /// Reads content that is in memory, or anything else.
    ///
    /// # Errors
    /// As [`Csv::read`].
    pub fn parse(&self, content: impl Read) -> Result<Table, DataError> {
        let path = Path::new("the given content");
        let source = Source::new(content).map_err(|fault| fault.of(path))?;
        self.read_from(source, path)
    }
}

fn owned(words: &[impl AsRef<str>]) -> Vec<String> {
    words.iter().map(|word| word.as_ref().to_string()).collect()
}
