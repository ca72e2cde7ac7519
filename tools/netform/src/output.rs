//! What a command has to say, and with which exit code.

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

/// The end of a command.
pub(crate) struct Outcome {
    text: String,
    code: u8,
}

impl Outcome {
    /// Done, and nothing to complain of: 0.
    pub(crate) fn fine(text: String) -> Self {
        Self { text, code: 0 }
    }

    /// Done, and differences or problems found, or none: 1 or 0.
    pub(crate) fn found(problems: bool, text: String) -> Self {
        Self { text, code: problems.into() }
    }

    /// Could not be done: 2.
    pub(crate) fn failed(error: impl Display) -> Self {
        Self { text: error.to_string(), code: 2 }
    }

    /// A command whose work may fail.
    pub(crate) fn of(result: Result<Self, String>) -> Self {
        result.unwrap_or_else(Self::failed)
    }

    /// Writes the text, to the error stream if the command failed.
    pub(crate) fn tell(self) -> ExitCode {
        let text = self.text.trim_end();
        // A closed pipe, as behind `| head`, is no reason to complain.
        let _ = match self.code {
            2 => writeln!(std::io::stderr(), "error: {text}"),
            _ if text.is_empty() => Ok(()),
            _ => writeln!(std::io::stdout(), "{text}"),
        };
        ExitCode::from(self.code)
    }
}

/// A table whose columns are as wide as what stands in them; those after the first `left` on the right.
pub(crate) fn table(rows: &[Vec<String>], left: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |text: &String| text.chars().count();
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(width).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let fields = row.iter().zip(&widths).enumerate().map(|(column, (field, &width))| {
            if column < left { format!("{field:<width$}") } else { format!("{field:>width$}") }
        });
        text += fields.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}

/// A number for reading: four digits behind the point, or behind the first one where that shows nothing.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        _ if value == 0.0 || !value.is_finite() => format!("{value}"),
        1e-3..1e6 => format!("{value:.4}"),
        _ => format!("{value:.3e}"),
    }
}

/// A number for JSON, which has no other form for what is not finite than `null`.
pub(crate) fn json_number(value: f64) -> serde_json::Value {
    serde_json::Number::from_f64(value).map_or(serde_json::Value::Null, serde_json::Value::Number)
}

/// JSON for reading.
pub(crate) fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}")
}
