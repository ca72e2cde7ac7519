use alloc::string::String;
use alloc::vec::Vec;
use std::path::PathBuf;

use super::{Csv, Kind, Labels};
use crate::data::preprocess::{Fitted, PreprocessError};
use crate::data::{Classes, Columns, DataError, Dataset, FileFault, Label as _, Values};
use crate::shapes::SampleShape;

/// Where the rows of a table come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// The line of each row.
    pub(super) lines: Vec<u64>,
    /// The names of the features' columns, then of the labels'.
    pub(super) names: Vec<String>,
}

/// A table that has been read: features, and targets where the [`Csv`] names some.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    csv: Csv,
    width: usize,
    pub(super) features: Vec<f32>,
    /// The words of each feature; none where it is a number.
    pub(super) words: Vec<Vec<String>>,
    pub(super) classes: Vec<Option<u32>>,
    pub(super) class_names: Vec<String>,
    pub(super) values: Vec<f32>,
    pub(super) found: Found,
}

impl Table {
    pub(super) fn new(csv: Csv, width: usize) -> Self {
        Self {
            csv,
            width,
            features: Vec::new(),
            words: Vec::new(),
            classes: Vec::new(),
            class_names: Vec::new(),
            values: Vec::new(),
            found: Found::default(),
        }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.found.lines.len()
    }

    /// The number of features: of columns for a [`Preprocessing`](crate::data::preprocess::Preprocessing).
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The features, row by row; NaN where one is missing.
    pub fn features(&self) -> &[f32] {
        &self.features
    }

    /// The words that a feature's numbers stand for; none for a feature that is a number, or is not there.
    pub fn words(&self, feature: usize) -> &[String] {
        self.words.get(feature).map_or(&[], Vec::as_slice)
    }

    /// The names of the classes, where they have some.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// How to read another table, of test data for example, so that words and classes have the numbers that they have in this
    /// one.
    pub fn same_form(&self) -> Csv {
        let mut csv = self.csv.clone();
        for ((_, kind), words) in csv.features.iter_mut().zip(&self.words) {
            if matches!(kind, Kind::Category(_)) {
                *kind = Kind::Category(Some(words.clone()));
            }
        }
        if let Labels::Named(_, names) = &mut csv.labels {
            *names = Some(self.class_names.clone());
        }
        csv
    }

    /// The rows whose features are all there.
    #[must_use]
    pub fn without_gaps(self) -> Self {
        if self.width == 0 {
            return self;
        }
        let is_whole = |row: &[f32]| !row.iter().any(|value| value.is_nan());
        let kept: Vec<bool> = self.features.chunks_exact(self.width).map(is_whole).collect();
        let width = self.width;
        let values = self.values.len() / self.rows().max(1);
        let Self { csv, words, class_names, found, .. } = self;
        Self {
            csv,
            width,
            features: chosen(&self.features, width, &kept),
            words,
            classes: chosen(&self.classes, 1, &kept),
            class_names,
            values: chosen(&self.values, values, &kept),
            found: Found { lines: chosen(&found.lines, 1, &kept), ..found },
        }
    }

    /// A data set of the table's rows.
    ///
    /// # Errors
    /// When the features are not as many as an `X` has elements, a value or a target is missing, a class is out of range, or the
    /// table has no targets of this kind.
    pub fn dataset<X: SampleShape, Y: TableLabel>(&self) -> Result<Dataset<X, Y>, DataError> {
        self.check_width(self.width, X::SHAPE.len())?;
        if let Some(place) = self.features.iter().position(|value| value.is_nan()) {
            let found = String::new();
            return Err(self.cell(place / self.width, place % self.width, "a value", found));
        }
        let rows: Vec<u32> = (0..).take(self.rows()).collect();
        Dataset::from_values(self.features.clone(), Y::targets(self, &rows)?)
    }

    /// A data set of the rows that a preprocessing leaves, as it changes them. It has been measured on the features of a training
    /// table.
    ///
    /// # Errors
    /// As [`Table::dataset`], and when the preprocessing is for another number of columns or cannot take a value.
    pub fn preprocessed<X: SampleShape, Y: TableLabel>(&self, fitted: &Fitted) -> Result<Dataset<X, Y>, DataError> {
        let transformed = fitted.transform(&self.features).map_err(|error| match error {
            PreprocessError::NotFinite { row, column, .. } => {
                self.cell(row, column, "a value, or a step that fills in or drops missing ones", String::new())
            }
            PreprocessError::Logarithm { row, column, value } => {
                self.cell(row, column, "a value above -1, which has a logarithm", alloc::format!("{value}"))
            }
            error => self.fault(FileFault::Expected {
                what: "a table for the preprocessing:",
                expected: alloc::format!("{error}"),
                found: alloc::format!("{} rows of {} columns", self.rows(), self.width),
            }),
        })?;
        self.check_width(fitted.width(), X::SHAPE.len())?;
        Dataset::from_values(transformed.values, Y::targets(self, &transformed.rows)?)
    }

    /// The class of each row, whatever number of them there is.
    #[cfg(feature = "images")]
    pub(in crate::data) fn class_numbers(&self) -> Result<Vec<u32>, DataError> {
        let rows: Vec<u32> = (0..).take(self.rows()).collect();
        Classes::<{ u32::MAX as usize }>::targets(self, &rows)
    }

    fn check_width(&self, found: usize, expected: usize) -> Result<(), DataError> {
        if found == expected {
            return Ok(());
        }
        let [expected, found] = [expected, found].map(|count| alloc::format!("{count}"));
        Err(self.fault(FileFault::Expected { what: "features:", expected, found }))
    }

    fn fault(&self, fault: FileFault) -> DataError {
        fault.of(&self.found.path)
    }

    /// The error of a cell.
    fn cell(&self, row: usize, column: usize, expected: &str, found: String) -> DataError {
        let line = self.found.lines.get(row).copied().unwrap_or_default();
        let column = self.found.names.get(column).cloned().unwrap_or_default();
        self.fault(FileFault::Cell { line, column, expected: expected.into(), found })
    }
}

/// Those of `count` elements each that are kept.
fn chosen<E: Clone>(all: &[E], count: usize, kept: &[bool]) -> Vec<E> {
    let rows = all.chunks_exact(count.max(1)).zip(kept).filter(|(_, kept)| **kept);
    rows.flat_map(|(row, _)| row.iter().cloned()).collect()
}

/// Kinds of label whose targets a [`Table`] can have: [`Classes`] and [`Values`].
pub trait TableLabel: Columns {
    /// The targets of these rows.
    ///
    /// # Errors
    /// When the table has none of this kind, or one is missing or out of range.
    fn targets(table: &Table, rows: &[u32]) -> Result<Self::Columns, DataError>;
}

impl<const N: usize> TableLabel for Classes<N> {
    fn targets(table: &Table, rows: &[u32]) -> Result<Vec<u32>, DataError> {
        if !matches!(table.csv.labels, Labels::Classes(_) | Labels::Named(..)) {
            let help = "`classes`, `named_classes` or `classes_of` to name their column";
            return Err(no_targets(table, "classes", help));
        }
        let target = |&row: &u32| {
            let row = row as usize;
            let class = table.classes[row];
            let class = class.ok_or_else(|| table.cell(row, table.width, "a class", String::new()))?;
            Self::check(&class).map_err(|_| {
                let name = table.class_names.get(class as usize).cloned();
                let expected = match name {
                    Some(_) => alloc::format!("one of {N} classes; there are {}", table.class_names.len()),
                    None => alloc::format!("a class in 0..{N}"),
                };
                table.cell(row, table.width, &expected, name.unwrap_or_else(|| alloc::format!("{class}")))
            })?;
            Ok(class)
        };
        rows.iter().map(target).collect()
    }
}

impl<S: SampleShape> TableLabel for Values<S> {
    fn targets(table: &Table, rows: &[u32]) -> Result<Vec<f32>, DataError> {
        let Labels::Values(columns) = &table.csv.labels else {
            return Err(no_targets(table, "values", "`values` to name their columns"));
        };
        let count = columns.len();
        if count != S::SHAPE.len() {
            let [expected, found] = [S::SHAPE.len(), count].map(|count| alloc::format!("{count}"));
            return Err(table.fault(FileFault::Expected { what: "columns of targets:", expected, found }));
        }
        let mut targets = Vec::with_capacity(rows.len() * count);
        for &row in rows {
            let values = &table.values[row as usize * count..][..count];
            if let Some(place) = values.iter().position(|value| value.is_nan()) {
                return Err(table.cell(row as usize, table.width + place, "a value", String::new()));
            }
            targets.extend_from_slice(values);
        }
        Ok(targets)
    }
}

fn no_targets(table: &Table, what: &str, help: &str) -> DataError {
    let found = "no such column named".into();
    let expected = alloc::format!("{what}: {help}");
    table.fault(FileFault::Expected { what: "targets that are", expected, found })
}
