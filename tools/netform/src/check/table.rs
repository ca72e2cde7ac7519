//! Tables of comma- or tab-separated values with a heading.

use std::path::Path;

use serde_json::{Value, json};

/// What stands in a column.
#[derive(Clone, Default)]
struct Column {
    numbers: u64,
    not_finite: u64,
    missing: u64,
    texts: u64,
}

pub(super) fn check(path: &Path, delimiter: u8) -> Result<Value, String> {
    let fault = |error: csv::Error| match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("{}, line {line}: {len} fields, the heading has {expected_len}", path.display())
        }
        _ => format!("{}: {error}", path.display()),
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_path(path).map_err(fault)?;
    let names = reader.headers().map_err(fault)?.clone();
    let mut columns = vec![Column::default(); names.len()];
    let mut rows = 0u64;
    for record in reader.records() {
        for (column, field) in columns.iter_mut().zip(record.map_err(fault)?.iter()) {
            match field.trim() {
                "" => column.missing += 1,
                field => match field.parse::<f64>() {
                    Ok(number) if number.is_finite() => column.numbers += 1,
                    Ok(_) => column.not_finite += 1,
                    Err(_) => column.texts += 1,
                },
            }
        }
        rows += 1;
    }
    if rows == 0 {
        return Err(format!("{}: there are no rows", path.display()));
    }
    let column = |(name, column): (&str, &Column)| {
        let kind = if column.texts == 0 { "numbers" } else { "text" };
        json!({ "name": name, "kind": kind, "missing": column.missing, "not_finite": column.not_finite })
    };
    let columns: Vec<Value> = names.iter().zip(&columns).map(column).collect();
    Ok(json!({ "format": "table", "rows": rows, "columns": columns }))
}
