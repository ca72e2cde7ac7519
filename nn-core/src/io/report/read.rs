//! Logs of a run, read back.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::Path;

use super::ReportError;
use crate::train::{Epoch, History, Report};

/// A table from a file, with numbers where there are numbers.
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The number in a field; NaN for none.
    pub(super) fn number(&self, row: usize, column: usize) -> f64 {
        self.rows[row][column].parse().unwrap_or(f64::NAN)
    }
}

/// The history in a log that [`CsvLog`](crate::train::callback::CsvLog) (`.csv`) or
/// [`JsonLog`](crate::train::callback::JsonLog) (`.jsonl`) wrote. How many samples there were does not stand in it.
///
/// # Errors
/// When the file cannot be read, or is no such log; the error names the line.
pub fn history(path: impl AsRef<Path>) -> Result<History, ReportError> {
    let path = path.as_ref();
    let found = table(path)?;
    let fault = |line: usize, reason: String| ReportError::Log { path: path.into(), line, reason };
    let Some(loss) = found.column("loss") else {
        return Err(fault(1, "there is no column `loss`".into()));
    };
    for (row, line) in found.rows.iter().zip(2..) {
        if let Some(field) = row.iter().find(|field| field.parse::<f64>().is_err()) {
            return Err(fault(line, format!("`{field}` is no number")));
        }
    }
    let of_epoch = |name: &str, row: usize| found.column(name).map_or(f64::NAN, |column| found.number(row, column));
    let metrics = |prefix: &str, row: usize| {
        let is_other = |name: &str| ["epoch", "seconds", "rate", "loss", "validation_loss"].contains(&name);
        let of = |(column, name): (usize, &String)| {
            let own = name.strip_prefix(prefix)?;
            let is_own = !is_other(name) && (!prefix.is_empty() || !name.starts_with("validation_"));
            is_own.then(|| (own.to_string(), found.number(row, column)))
        };
        found.columns.iter().enumerate().filter_map(of).collect::<Vec<_>>()
    };
    let validation_loss = found.column("validation_loss");
    let epoch = |row: usize| Epoch {
        training: Report { samples: 0, loss: found.number(row, loss), metrics: metrics("", row) },
        validation: validation_loss.map(|column| Report {
            samples: 0,
            loss: found.number(row, column),
            metrics: metrics("validation_", row),
        }),
        seconds: of_epoch("seconds", row),
        rate: of_epoch("rate", row),
    };
    Ok(History { epochs: (0..found.rows.len()).map(epoch).collect() })
}

/// A file of comma-separated values, or of a JSON object a line, by its name. Columns are those of the first row.
pub(super) fn table(path: &Path) -> Result<Table, ReportError> {
    let text = std::fs::read_to_string(path).map_err(|error| ReportError::File { path: path.into(), error })?;
    let is_json = path.extension().is_some_and(|kind| kind == "jsonl" || kind == "json");
    let read = if is_json { objects(&text) } else { fields(&text) };
    read.map_err(|(line, reason)| ReportError::Log { path: path.into(), line, reason })
}

fn fields(text: &str) -> Result<Table, (usize, String)> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let fault = |error: csv::Error| {
        let line = error.position().map_or(1, |position| position.line() as usize);
        (line, error.to_string())
    };
    let columns = reader.headers().map_err(fault)?.iter().map(ToString::to_string).collect();
    let rows = reader.records().map(|record| Ok(record.map_err(fault)?.iter().map(ToString::to_string).collect()));
    Ok(Table { columns, rows: rows.collect::<Result<_, _>>()? })
}

fn objects(text: &str) -> Result<Table, (usize, String)> {
    let mut table = Table { columns: Vec::new(), rows: Vec::new() };
    for (line, object) in (1..).zip(text.lines()).filter(|(_, object)| !object.trim().is_empty()) {
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(object).map_err(|error| (line, error.to_string()))?;
        if table.columns.is_empty() {
            table.columns = object.keys().cloned().collect();
        }
        let field = |column: &String| match object.get(column) {
            None => Err((line, format!("there is no `{column}`"))),
            // What is not finite has no other form.
            Some(serde_json::Value::Null) => Ok("NaN".into()),
            Some(serde_json::Value::String(text)) => Ok(text.clone()),
            Some(value) => Ok(value.to_string()),
        };
        table.rows.push(table.columns.iter().map(field).collect::<Result<_, _>>()?);
    }
    Ok(table)
}
