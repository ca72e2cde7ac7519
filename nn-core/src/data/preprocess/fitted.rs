use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use num_traits::Float;

use super::PreprocessError;

/// A step with what has been measured for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Measured {
    DropMissing,
    Fill(f32),
    Clip([f32; 2]),
    DropOutside([f32; 2]),
    /// `(x - shift) / unit`.
    Affine([f32; 2]),
    Logarithm,
    OneHot(Vec<f32>),
}

/// A preprocessing that has measured training data.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    columns: usize,
    steps: Vec<(usize, Measured)>,
}

/// A table after preprocessing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transformed {
    /// The rows that are left, one behind the other: each has [`Fitted::width`] values.
    pub values: Vec<f32>,
    /// Which of the rows these are, from 0 on: the targets of the others are to be dropped as well.
    pub rows: Vec<u32>,
}

impl Fitted {
    pub(super) const fn new(columns: usize) -> Self {
        Self { columns, steps: Vec::new() }
    }

    /// How many values a row has afterwards.
    pub fn width(&self) -> usize {
        (0..self.columns).map(|column| self.kinds(column).map_or(1, <[f32]>::len)).sum()
    }

    /// The values for which a column has columns of its own.
    fn kinds(&self, column: usize) -> Option<&[f32]> {
        self.steps.iter().find_map(|(own, step)| match step {
            Measured::OneHot(kinds) if *own == column => Some(kinds.as_slice()),
            _ => None,
        })
    }

    pub(super) fn begin(&self, rows: &[f32]) -> Result<Transformed, PreprocessError> {
        let (found, columns) = (rows.len(), self.columns);
        if columns == 0 || !found.is_multiple_of(columns) {
            return Err(PreprocessError::Rows { found, columns });
        }
        Ok(Transformed { values: rows.to_vec(), rows: (0..).take(found / columns).collect() })
    }

    /// Adds a step, and takes it.
    pub(super) fn add(
        &mut self,
        column: usize,
        step: Measured,
        table: &mut Transformed,
    ) -> Result<(), PreprocessError> {
        self.take(column, &step, table)?;
        self.steps.push((column, step));
        Ok(())
    }

    fn take(&self, column: usize, step: &Measured, table: &mut Transformed) -> Result<(), PreprocessError> {
        let Transformed { values, rows } = table;
        match *step {
            Measured::DropMissing => self.keep(table, |row| !row[column].is_nan()),
            // What is missing is left to other steps.
            Measured::DropOutside([low, high]) => self.keep(table, |row| !(row[column] < low || row[column] > high)),
            Measured::OneHot(_) => {}
            Measured::Logarithm => {
                for (row, &number) in values.chunks_exact_mut(self.columns).zip(&*rows) {
                    let value = &mut row[column];
                    if *value <= -1.0 {
                        return Err(PreprocessError::Logarithm { row: number as usize, column, value: *value });
                    }
                    *value = Float::ln_1p(*value);
                }
            }
            _ => values.chunks_exact_mut(self.columns).for_each(|row| change(step, &mut row[column])),
        }
        Ok(())
    }

    fn keep(&self, table: &mut Transformed, is_kept: impl Fn(&[f32]) -> bool) {
        let Transformed { values, rows } = core::mem::take(table);
        for (row, number) in values.chunks_exact(self.columns).zip(rows).filter(|(row, _)| is_kept(row)) {
            table.values.extend_from_slice(row);
            table.rows.push(number);
        }
    }

    /// Does to a table what was measured on the training data.
    ///
    /// # Errors
    /// When the values are no whole number of rows, a value is still missing or infinite, or has no logarithm: with its row and
    /// column.
    pub fn transform(&self, rows: &[f32]) -> Result<Transformed, PreprocessError> {
        let mut table = self.begin(rows)?;
        for (column, step) in &self.steps {
            self.take(*column, step, &mut table)?;
        }
        let mut values = Vec::with_capacity(table.rows.len() * self.width());
        for (row, &number) in table.values.chunks_exact(self.columns).zip(&table.rows) {
            for (column, &value) in row.iter().enumerate() {
                if !value.is_finite() {
                    return Err(PreprocessError::NotFinite { row: number as usize, column, value });
                }
                match self.kinds(column) {
                    None => values.push(value),
                    Some(kinds) => values.extend(kinds.iter().map(|&kind| if kind == value { 1.0 } else { 0.0 })),
                }
            }
        }
        Ok(Transformed { values, rows: table.rows })
    }

    /// From preprocessed rows back to the table's columns. What was clipped or filled in stays so; of several columns for one,
    /// the largest tells the value.
    ///
    /// # Errors
    /// When the values are no whole number of rows of [`Fitted::width`].
    pub fn inverse(&self, values: &[f32]) -> Result<Vec<f32>, PreprocessError> {
        let (found, width) = (values.len(), self.width());
        if width == 0 || !found.is_multiple_of(width) {
            return Err(PreprocessError::Rows { found, columns: width });
        }
        let mut rows = Vec::with_capacity(found / width * self.columns);
        for mut row in values.chunks_exact(width) {
            for column in 0..self.columns {
                let (own, rest) = row.split_at(self.kinds(column).map_or(1, <[f32]>::len));
                row = rest;
                let largest = (1..own.len()).fold(0, |best, place| if own[place] > own[best] { place } else { best });
                let value = self.kinds(column).and_then(|kinds| kinds.get(largest)).or(own.first());
                let steps = self.steps.iter().rev().filter(|(own, _)| *own == column);
                let undone = steps.fold(value.copied().unwrap_or(f32::NAN), |value, (_, step)| undo(step, value));
                rows.push(undone);
            }
        }
        Ok(rows)
    }

    /// As a text, to be kept beside the model: all digits are there.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADING} {}\n", self.columns);
        for (column, step) in &self.steps {
            let (name, numbers): (&str, &[f32]) = match step {
                Measured::DropMissing => ("drop_missing", &[]),
                Measured::Fill(value) => ("fill", core::slice::from_ref(value)),
                Measured::Clip(fences) => ("clip", fences),
                Measured::DropOutside(fences) => ("drop_outside", fences),
                Measured::Affine(parameters) => ("affine", parameters),
                Measured::Logarithm => ("logarithm", &[]),
                Measured::OneHot(kinds) => ("one_hot", kinds),
            };
            text += &format!("{column} {name}");
            numbers.iter().for_each(|number| text += &format!(" {number:?}"));
            text.push('\n');
        }
        text + &format!("{END} {}\n", self.steps.len())
    }

    /// From such a text.
    ///
    /// # Errors
    /// When it is no such text, or has been cut off: with the line that is wrong.
    pub fn from_text(text: &str) -> Result<Self, PreprocessError> {
        let mut lines = text.lines().zip(1..);
        let wrong = |text: &str, line| PreprocessError::Format { line, text: text.into() };
        let (heading, _) = lines.next().unwrap_or(("", 1));
        let columns = heading.strip_prefix(HEADING).and_then(|columns| columns.trim().parse().ok());
        let mut fitted = Self::new(columns.ok_or_else(|| wrong(heading, 1))?);
        while let Some((text, line)) = lines.next() {
            if let Some(steps) = text.strip_prefix(END) {
                let is_whole = steps.trim().parse() == Ok(fitted.steps.len()) && lines.next().is_none();
                return if is_whole { Ok(fitted) } else { Err(wrong(text, line)) };
            }
            let (column, step) = parse(text).ok_or_else(|| wrong(text, line))?;
            if column >= fitted.columns || fitted.kinds(column).is_some() {
                return Err(wrong(text, line));
            }
            fitted.steps.push((column, step));
        }
        // Behind the heading and a line for each step.
        Err(wrong("", fitted.steps.len() + 2))
    }
}

const HEADING: &str = "netform preprocessing 1, columns:";
/// What the last line begins with: a text without it has been cut off.
const END: &str = "steps:";

fn parse(line: &str) -> Option<(usize, Measured)> {
    let mut words = line.split(' ');
    let (column, name) = (words.next()?.parse().ok()?, words.next()?);
    let numbers: Vec<f32> = words.map(|word| word.parse().ok()).collect::<Option<_>>()?;
    if !numbers.iter().all(|number| number.is_finite()) {
        return None;
    }
    let step = match (name, numbers.as_slice()) {
        ("drop_missing", []) => Measured::DropMissing,
        ("fill", &[value]) => Measured::Fill(value),
        ("clip", &[low, high]) if low <= high => Measured::Clip([low, high]),
        ("drop_outside", &[low, high]) => Measured::DropOutside([low, high]),
        ("affine", &[shift, unit]) if unit != 0.0 => Measured::Affine([shift, unit]),
        ("logarithm", []) => Measured::Logarithm,
        ("one_hot", kinds) => Measured::OneHot(kinds.to_vec()),
        _ => return None,
    };
    Some((column, step))
}

/// What a step makes of one value; a missing one stays missing, unless it is filled in.
fn change(step: &Measured, value: &mut f32) {
    match *step {
        Measured::Fill(fill) if value.is_nan() => *value = fill,
        Measured::Clip([low, high]) => *value = value.clamp(low, high),
        // In double precision: large means cost no digits.
        Measured::Affine([shift, unit]) => {
            *value = ((f64::from(*value) - f64::from(shift)) / f64::from(unit)) as f32;
        }
        _ => {}
    }
}

fn undo(step: &Measured, value: f32) -> f32 {
    match *step {
        Measured::Affine([shift, unit]) => (f64::from(value) * f64::from(unit) + f64::from(shift)) as f32,
        Measured::Logarithm => Float::exp_m1(value),
        _ => value,
    }
}
