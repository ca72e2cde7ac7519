//! Cleaning and scaling of tables, measured on training data alone.
//!
//! A [`Preprocessing`] says what is done to each column; [`Preprocessing::fit`] measures training data; what comes of it,
//! [`Fitted`], does the same to any other data, undoes it, and can be kept as text beside the model.

mod fitted;
mod measure;
#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::vec::Vec;

pub use fitted::{Fitted, Transformed};

use crate::OutOfRange;
use measure::Column;

/// Why a table could not be measured or changed: rows and columns are counted from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PreprocessError {
    /// The number of values is no whole number of rows.
    #[error("{found} values are no whole number of rows of {columns} columns")]
    Rows {
        /// How many values there are.
        found: usize,
        /// How many make a row.
        columns: usize,
    },
    /// A step is for a column that is not there.
    #[error("there is no column {column}: the table has {columns}")]
    NoColumn {
        /// Which was named.
        column: usize,
        /// How many there are.
        columns: usize,
    },
    /// A step follows the one that made several columns of one.
    #[error("column {column} has a step after `one_hot`, which must be its last one")]
    AfterOneHot {
        /// The column.
        column: usize,
    },
    /// A column has no values to measure.
    #[error("column {column} has no value to measure in the training data")]
    NoValues {
        /// The column.
        column: usize,
    },
    /// A value is missing, and no step fills it in or drops its row; or it is infinite.
    #[error("row {row}, column {column}: {value} cannot be used; fill it in, or drop such rows")]
    NotFinite {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// What stands there; NaN for a missing value.
        value: f32,
    },
    /// A logarithm of what has none.
    #[error("row {row}, column {column}: ln(1 + {value}) does not exist")]
    Logarithm {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// What stands there.
        value: f32,
    },
    /// A setting is out of range.
    #[error(transparent)]
    Setting(#[from] OutOfRange),
    /// A text is no preprocessing.
    #[error(
        "line {line} of the text is no step of a preprocessing, nor its end: `{text}`\nhelp: the last line is `steps:` and how many there are; without it, the text has been cut off"
    )]
    Format {
        /// Which line, from 1 on.
        line: usize,
        /// What stands there.
        text: String,
    },
}

/// What a missing value becomes. A missing value is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// The mean of the others.
    Mean,
    /// The median of the others: the mean of the two in the middle, where there are two.
    Median,
    /// This.
    Constant(f32),
}

/// Which values are outliers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outliers {
    /// Those further from the mean than so many standard deviations; 3 is usual.
    ZScore(f64),
    /// Those further below the first quartile, or above the third, than so many times the distance between them; 1.5 is usual.
    /// J. Tukey, "Exploratory data analysis" (1977). Quartiles are interpolated, as by NumPy.
    Iqr(f64),
}

/// What happens to outliers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// They become the nearest value that is none.
    Clip,
    /// Their rows are dropped.
    Drop,
}

/// How the values of a column are scaled. A column that never changes becomes 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// To [0, 1]: the least value becomes 0, the greatest 1.
    MinMax,
    /// To mean 0 and standard deviation 1.
    Standard,
    /// To median 0 and a distance between the quartiles of 1.
    Robust,
    /// `ln(1 + x)`.
    Logarithm,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    DropMissing,
    Fill(Fill),
    Outliers(Outliers, Then),
    Scale(Scale),
    OneHot,
}

/// What is to be done to each column of a table, in this order.
///
/// ```
/// use nn_core::data::preprocess::{Fill, Outliers, Preprocessing, Scale, Then};
///
/// // Two columns: an age with gaps, and a kind that is 1, 2 or 7.
/// let training = [20.0, 1.0, f32::NAN, 2.0, 40.0, 7.0];
/// let plan = Preprocessing::new(2)
///     .fill(0, Fill::Mean)
///     .outliers(0, Outliers::Iqr(1.5), Then::Clip)
///     .scale(0, Scale::MinMax)
///     .one_hot(1);
/// let fitted = plan.fit(&training)?;
/// let inputs = fitted.transform(&training)?;
/// assert_eq!(inputs.values, [0.0, 1.0, 0.0, 0.0, 0.5, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
/// assert_eq!(fitted.inverse(&inputs.values[..4])?, [20.0, 1.0]);
/// # Ok::<(), nn_core::data::preprocess::PreprocessError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Preprocessing {
    columns: usize,
    steps: Vec<(usize, Step)>,
}

impl Preprocessing {
    /// Nothing yet, for tables of so many columns.
    pub const fn new(columns: usize) -> Self {
        Self { columns, steps: Vec::new() }
    }

    fn then(mut self, column: usize, step: Step) -> Self {
        self.steps.push((column, step));
        self
    }

    /// Drops rows whose value in this column is missing.
    #[must_use]
    pub fn drop_missing(self, column: usize) -> Self {
        self.then(column, Step::DropMissing)
    }

    /// Fills in missing values.
    #[must_use]
    pub fn fill(self, column: usize, fill: Fill) -> Self {
        self.then(column, Step::Fill(fill))
    }

    /// Finds outliers.
    #[must_use]
    pub fn outliers(self, column: usize, outliers: Outliers, then: Then) -> Self {
        self.then(column, Step::Outliers(outliers, then))
    }

    /// Scales the column.
    #[must_use]
    pub fn scale(self, column: usize, scale: Scale) -> Self {
        self.then(column, Step::Scale(scale))
    }

    /// Makes a column for each value that occurs in the training data, in rising order: 1 where the value is that, else 0. A
    /// value that does not occur there has zeros everywhere.
    #[must_use]
    pub fn one_hot(self, column: usize) -> Self {
        self.then(column, Step::OneHot)
    }

    /// Measures training data: rows one behind the other.
    ///
    /// Each step is measured on what the steps before have made of the data.
    ///
    /// # Errors
    /// When the values are no whole number of rows, a step makes no sense, or a column has nothing to measure.
    pub fn fit(&self, rows: &[f32]) -> Result<Fitted, PreprocessError> {
        self.check()?;
        let mut fitted = Fitted::new(self.columns);
        let mut now = fitted.begin(rows)?;
        for &(column, step) in &self.steps {
            let measured = Column::of(&now.values, self.columns, column).measure(step, column)?;
            fitted.add(column, measured, &mut now)?;
        }
        Ok(fitted)
    }

    fn check(&self) -> Result<(), PreprocessError> {
        for (number, &(column, step)) in self.steps.iter().enumerate() {
            if column >= self.columns {
                return Err(PreprocessError::NoColumn { column, columns: self.columns });
            }
            if self.steps[..number].contains(&(column, Step::OneHot)) {
                return Err(PreprocessError::AfterOneHot { column });
            }
            match step {
                Step::Fill(Fill::Constant(value)) => OutOfRange::finite("constant", value.into())?,
                Step::Outliers(Outliers::ZScore(limit) | Outliers::Iqr(limit), _) => {
                    OutOfRange::above_zero("limit of outliers", limit)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
