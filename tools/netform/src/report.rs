//! `netform report`.

use std::path::Path;

use nn_core::io::report::{RunReport, history};
use nn_core::train::Report;
use serde_json::{Value, json};

use crate::output::{Outcome, json_number, pretty};

pub(crate) fn run(folder: &Path, page: Option<&Path>, json: bool) -> Outcome {
    if json {
        return Outcome::of(epochs(folder).map(|epochs| Outcome::fine(pretty(&epochs))));
    }
    let page = page.map_or_else(|| folder.join("report.html"), Path::to_path_buf);
    let written = RunReport::of_folder(folder).and_then(|report| report.save(&page));
    Outcome::of(written.map(|()| Outcome::fine(page.display().to_string())).map_err(|error| error.to_string()))
}

/// The epochs of each log.
fn epochs(folder: &Path) -> Result<Value, String> {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut logs = serde_json::Map::new();
    for entry in std::fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let is_log = path.extension().is_some_and(|kind| kind == "csv" || kind == "jsonl");
        let Some(name) = path.file_name().filter(|_| is_log) else { continue };
        // Tables of other things lie there, too.
        let Ok(found) = history(&path) else { continue };
        let epoch = |epoch: &nn_core::train::Epoch| {
            json!({
                "training": report(&epoch.training),
                "validation": epoch.validation.as_ref().map(report),
                "seconds": json_number(epoch.seconds),
                "rate": json_number(epoch.rate),
            })
        };
        logs.insert(name.to_string_lossy().into_owned(), found.epochs.iter().map(epoch).collect());
    }
    if logs.is_empty() {
        Err(format!("{}: there is no log of epochs", folder.display()))
    } else {
        Ok(Value::Object(logs))
    }
}

fn report(report: &Report) -> Value {
    let metrics = report.metrics.iter().map(|(name, value)| (name.clone(), json_number(*value)));
    let loss = ("loss".to_owned(), json_number(report.loss));
    Value::Object(std::iter::once(loss).chain(metrics).collect())
}
