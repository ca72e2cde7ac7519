//! From text to columns.

use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;
use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;

use ::csv::{ByteRecord, Error, ErrorKind, Position, ReaderBuilder, Trim};

use super::table::{Found, Table};
use super::{ColumnName, Csv, Kind, Labels};
use crate::data::source::{Source, fault_of};
use crate::data::{DataError, FileFault};

/// So many letters of a cell stand in an error.
const SHOWN: usize = 40;

/// A place in the text. The reader's own numbers of lines are off after blank lines, and know no `\r\n`.
struct Place<'c> {
    content: &'c [u8],
    at: usize,
    line: u64,
}

impl Place<'_> {
    /// The line, from 1 on, of a record that was read from this byte on: blank lines may stand before it.
    fn line(&mut self, start: usize) -> u64 {
        let passed = self.content.get(self.at..start).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = self.at.max(start);
        while let Some(byte @ (b'\r' | b'\n')) = self.content.get(self.at) {
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// A column that is being read.
struct Column {
    /// Its name in the header, or its number.
    name: String,
    place: usize,
    cells: Cells,
}

enum Cells {
    Numbers(Vec<f32>),
    Classes(Vec<u32>),
    Words(Words),
}

/// Words by number, in the order in which they are first seen; none for a gap.
struct Words {
    cells: Vec<Option<u32>>,
    numbers: HashMap<String, u32>,
    /// Other words are errors.
    fixed: Option<Vec<String>>,
}

impl Words {
    fn new(fixed: Option<&Vec<String>>) -> Self {
        let numbers = fixed.into_iter().flatten().cloned().zip(0..).collect();
        Self { cells: Vec::new(), numbers, fixed: fixed.cloned() }
    }

    fn push(&mut self, word: &str) -> Result<(), String> {
        let next = self.numbers.len() as u32;
        let number = match (self.numbers.get(word), &self.fixed) {
            (Some(&number), _) => number,
            (None, Some(words)) => return Err(alloc::format!("one of {}", words.join(", "))),
            (None, None) => *self.numbers.entry(word.into()).or_insert(next),
        };
        self.cells.push(Some(number));
        Ok(())
    }

    /// The words and the number of each cell, in the order of the alphabet unless the words are fixed.
    fn sorted(self) -> (Vec<String>, Vec<Option<u32>>) {
        if let Some(words) = self.fixed {
            return (words, self.cells);
        }
        let mut words: Vec<(String, u32)> = self.numbers.into_iter().collect();
        words.sort();
        let mut places = vec![0; words.len()];
        (0..).zip(&words).for_each(|(place, (_, number))| places[*number as usize] = place);
        let cells = self.cells.into_iter().map(|cell| cell.map(|number| places[number as usize])).collect();
        (words.into_iter().map(|(word, _)| word).collect(), cells)
    }
}

/// Whether records end within quotation marks, as those of a file do that has been cut off.
fn is_open(records: &[u8], delimiter: u8) -> bool {
    // Of the cell: whether it is open, and whether it began with a mark. A second mark behind one opens it again.
    let (mut is_open, mut is_quoted, mut is_start) = (false, false, true);
    for &byte in records {
        let is_mark = byte == b'"';
        is_quoted = if is_start { is_mark } else { is_quoted };
        is_open ^= is_mark && is_quoted;
        is_start = !is_open && (byte == delimiter || byte == b'\n' || byte == b'\r');
    }
    is_open
}

impl Csv {
    pub(super) fn read_from(&self, source: Source<'_>, path: &Path) -> Result<Table, DataError> {
        let read = || {
            let mut content = Vec::new();
            source.into_reader().read_to_end(&mut content).map_err(fault_of)?;
            let mut place = Place { content: &content, at: 0, line: 1 };
            let mut reader = ReaderBuilder::new()
                .delimiter(self.delimiter)
                .has_headers(false)
                .flexible(true)
                .trim(Trim::All)
                .from_reader(&content[..]);
            let (mut record, mut lines) = (ByteRecord::new(), Vec::new());
            let mut is_row = reader.read_byte_record(&mut record).map_err(fault)?;
            let mut columns = self.columns(&record)?;
            let width = record.len();
            let start_of = |record: &ByteRecord| record.position().map_or(0, Position::byte) as usize;
            let mut start = start_of(&record);
            if self.header && is_row {
                is_row = reader.read_byte_record(&mut record).map_err(fault)?;
            }
            while is_row {
                start = start_of(&record);
                let line = place.line(start);
                if record.len() != width {
                    return Err(FileFault::Ragged { line, expected: width, found: record.len() });
                }
                columns.iter_mut().try_for_each(|column| self.push(column, &record, line))?;
                lines.push(line);
                is_row = reader.read_byte_record(&mut record).map_err(fault)?;
            }
            if is_open(&content[start.min(content.len())..], self.delimiter) {
                let reason = alloc::format!(
                    "the quotation mark that opens a cell of line {} is never closed",
                    place.line(start)
                );
                return Err(FileFault::Format { format: "CSV", reason });
            }
            Ok((columns, lines))
        };
        let (columns, lines) = read().map_err(|fault| fault.of(path))?;
        Ok(self.table(columns, Found { path: path.into(), lines, names: Vec::new() }))
    }

    /// The columns that are asked for: features, then labels.
    fn columns(&self, first: &ByteRecord) -> Result<Vec<Column>, FileFault> {
        let numbers = || Cells::Numbers(Vec::new());
        let mut columns = Vec::new();
        for (name, kind) in &self.features {
            let cells = match kind {
                Kind::Number => numbers(),
                Kind::Category(words) => Cells::Words(Words::new(words.as_ref())),
            };
            columns.push(self.column(name, cells, first)?);
        }
        match &self.labels {
            Labels::None => {}
            Labels::Classes(name) => columns.push(self.column(name, Cells::Classes(Vec::new()), first)?),
            Labels::Named(name, words) => {
                columns.push(self.column(name, Cells::Words(Words::new(words.as_ref())), first)?);
            }
            Labels::Values(names) => {
                for name in names {
                    columns.push(self.column(name, numbers(), first)?);
                }
            }
        }
        Ok(columns)
    }

    fn column(&self, name: &ColumnName, cells: Cells, first: &ByteRecord) -> Result<Column, FileFault> {
        let title = |place: usize| match self.header {
            true => String::from_utf8_lossy(&first[place]).into_owned(),
            false => place.to_string(),
        };
        let is_it = |place: &usize| match name {
            ColumnName::At(number) => number == place,
            ColumnName::Named(name) => self.header && *name == title(*place),
        };
        let mut places = (0..first.len()).filter(is_it);
        let Some(place) = places.next() else {
            let columns: Vec<String> = (0..first.len()).map(|place| alloc::format!("`{}`", title(place))).collect();
            let columns = if columns.is_empty() { "none: the file is empty".into() } else { columns.join(", ") };
            return Err(FileFault::NoColumn { name: name.to_string(), columns });
        };
        if places.next().is_some() {
            let (found, expected) = (alloc::format!("several columns `{name}`"), "one of each name".into());
            return Err(FileFault::Expected { what: "column names,", expected, found });
        }
        Ok(Column { name: title(place), place, cells })
    }

    fn push(&self, column: &mut Column, record: &ByteRecord, line: u64) -> Result<(), FileFault> {
        let bytes = &record[column.place];
        let refused = |expected: &str| FileFault::Cell {
            line,
            column: column.name.clone(),
            expected: expected.into(),
            found: String::from_utf8_lossy(bytes).chars().take(SHOWN).collect(),
        };
        let text = core::str::from_utf8(bytes).map_err(|_| refused("text in UTF-8"))?;
        let is_missing = self.missing.iter().any(|word| word == text);
        match &mut column.cells {
            Cells::Numbers(numbers) if is_missing => numbers.push(f32::NAN),
            Cells::Numbers(numbers) => match text.parse::<f32>() {
                Ok(number) if number.is_finite() => numbers.push(number),
                Ok(_) => return Err(refused("a finite number")),
                Err(_) => return Err(refused("a number")),
            },
            Cells::Classes(classes) => match text.parse() {
                Ok(class) => classes.push(class),
                Err(_) => return Err(refused("a class number")),
            },
            Cells::Words(words) if is_missing => words.cells.push(None),
            Cells::Words(words) => words.push(text).map_err(|expected| refused(&expected))?,
        }
        Ok(())
    }

    /// The columns as a table.
    fn table(&self, mut columns: Vec<Column>, mut found: Found) -> Table {
        let labels = columns.split_off(self.features.len());
        let (width, rows) = (columns.len(), found.lines.len());
        let mut table = Table::new(self.clone(), width);
        let mut features = vec![0.0; width * rows];
        for (place, column) in columns.into_iter().enumerate() {
            let (words, values) = match column.cells {
                Cells::Numbers(numbers) => (Vec::new(), numbers),
                Cells::Classes(classes) => (Vec::new(), classes.into_iter().map(|class| class as f32).collect()),
                Cells::Words(words) => {
                    let (words, cells) = words.sorted();
                    (words, cells.into_iter().map(|cell| cell.map_or(f32::NAN, |number| number as f32)).collect())
                }
            };
            table.words.push(words);
            found.names.push(column.name);
            features.iter_mut().skip(place).step_by(width).zip(values).for_each(|(cell, value)| *cell = value);
        }
        table.features = features;
        let count = labels.len();
        for (place, column) in labels.into_iter().enumerate() {
            found.names.push(column.name);
            match column.cells {
                Cells::Classes(classes) => table.classes = classes.into_iter().map(Some).collect(),
                Cells::Words(words) => (table.class_names, table.classes) = words.sorted(),
                Cells::Numbers(numbers) => {
                    table.values.resize(count * rows, 0.0);
                    let cells = table.values.iter_mut().skip(place).step_by(count);
                    cells.zip(numbers).for_each(|(cell, value)| *cell = value);
                }
            }
        }
        table.found = found;
        table
    }
}

fn fault(error: Error) -> FileFault {
    let reason = error.to_string();
    match error.into_kind() {
        ErrorKind::Io(error) => fault_of(error),
        _ => FileFault::Format { format: "CSV", reason },
    }
}
