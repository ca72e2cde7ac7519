//! A line for each epoch. The whole file is written again each time, from the history: a crash leaves no half line, and a
//! fit that is resumed repeats none.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::{Path, PathBuf};

use super::{Callback, Moment};
use crate::files;
use crate::scalar::Scalar;
use crate::train::{Epoch, History, Report, TrainError};

/// Writes a table of all epochs: `epoch,seconds,rate,loss,accuracy,validation_loss,validation_accuracy`, where `rate` is
/// [`Epoch::rate`]. Numbers are written with all their digits; what is not finite, as `NaN` and `inf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvLog(PathBuf);

/// Writes an object for each epoch, one a line:
/// `{"epoch":1,"seconds":0.5,"rate":1.0,"loss":0.25,"accuracy":0.9,"validation_loss":0.5}`. What is not finite is `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonLog(PathBuf);

impl CsvLog {
    /// Into this file, which is replaced after each epoch.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl JsonLog {
    /// Into this file, which is replaced after each epoch.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl<T: Scalar> Callback<T> for CsvLog {
    fn name(&self) -> &'static str {
        "CsvLog"
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        write("CsvLog", &self.0, &csv(moment.history))
    }
}

impl<T: Scalar> Callback<T> for JsonLog {
    fn name(&self) -> &'static str {
        "JsonLog"
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        write("JsonLog", &self.0, &json_lines(moment.history))
    }
}

fn write(callback: &'static str, path: &Path, text: &str) -> Result<(), TrainError> {
    files::replace(path, text.as_bytes())
        .map_err(|error| TrainError::Callback { callback, reason: format!("{}: {error}", path.display()) })
}

/// The columns of one epoch, but its number.
fn columns(epoch: &Epoch) -> Vec<(String, f64)> {
    let of = |prefix: &'static str, report: &Report| -> Vec<(String, f64)> {
        let metrics = report.metrics.iter().map(|(name, value)| (format!("{prefix}{name}"), *value));
        core::iter::once((format!("{prefix}loss"), report.loss)).chain(metrics).collect()
    };
    let mut columns = [("seconds".to_string(), epoch.seconds), ("rate".to_string(), epoch.rate)].to_vec();
    columns.extend(of("", &epoch.training));
    columns.extend(epoch.validation.iter().flat_map(|report| of("validation_", report)));
    columns
}

fn csv(history: &History) -> String {
    let mut text = String::new();
    for (number, epoch) in (1..).zip(&history.epochs) {
        let columns = columns(epoch);
        if number == 1 {
            let names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
            text += &format!("epoch,{}\n", names.join(","));
        }
        let values: Vec<String> = columns.iter().map(|(_, value)| value.to_string()).collect();
        text += &format!("{number},{}\n", values.join(","));
    }
    text
}

/// A field, in quotation marks where it needs them (RFC 4180).
fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.into() }
}

fn json_lines(history: &History) -> String {
    let mut text = String::new();
    for (number, epoch) in (1..).zip(&history.epochs) {
        text += &format!("{{\"epoch\":{number}");
        for (name, value) in columns(epoch) {
            let value = if value.is_finite() { format!("{value:?}") } else { "null".into() };
            text += &format!(",\"{}\":{value}", escaped(&name));
        }
        text += "}\n";
    }
    text
}

/// A text as it stands between the quotation marks of JSON (RFC 8259).
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, letter| {
        match letter {
            '"' | '\\' => all.extend(['\\', letter]),
            control if u32::from(control) < 0x20 => all += &format!("\\u{:04x}", u32::from(control)),
            _ => all.push(letter),
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn lines_are_valid_whatever_the_names_and_values() {
        let report = |loss| Report { samples: 1, loss, metrics: vec![("a \"b\", c\n".into(), 0.1)] };
        let epoch = |loss| Epoch { training: report(loss), validation: Some(report(1e300)), seconds: 1.5, rate: 0.5 };
        let history = History { epochs: vec![epoch(0.25), epoch(f64::NAN)] };
        assert_eq!(
            json_lines(&history).lines().nth(1).unwrap(),
            "{\"epoch\":2,\"seconds\":1.5,\"rate\":0.5,\"loss\":null,\"a \\\"b\\\", c\\u000a\":0.1,\"validation_loss\":1e300,\
             \"validation_a \\\"b\\\", c\\u000a\":0.1}"
        );
        let table = csv(&history);
        assert!(table.starts_with("epoch,seconds,rate,loss,\"a \"\"b\"\", c\n\",validation_loss,"), "{table}");
        assert!(table.contains("\n2,1.5,0.5,NaN,0.1,1000"), "{table}");
        assert_eq!(csv(&History::default()), "");
    }
}
