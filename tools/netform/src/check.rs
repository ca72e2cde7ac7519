//! `netform data check`.

mod cifar;
mod idx;
mod images;
mod table;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::output::{Outcome, pretty};

/// What is known of one file.
struct Finding {
    path: PathBuf,
    /// What is in it, or what is wrong with it.
    result: Result<Value, String>,
}

pub(crate) fn run(path: &Path, json: bool) -> Outcome {
    let findings = match findings(path) {
        Ok(findings) => findings,
        Err(error) => return Outcome::failed(format!("{}: {error}", path.display())),
    };
    if findings.is_empty() {
        return Outcome::failed(format!(
            "{}: no IDX file (…-ubyte), CIFAR-10 batch (.bin), .csv, .tsv, PNG or JPEG, nor a folder of images",
            path.display()
        ));
    }
    let problems = findings.iter().any(|finding| finding.result.is_err());
    let text = if json { as_json(&findings) } else { as_text(&findings) };
    Outcome::found(problems, text)
}

/// What is in a file; or in the files of a folder, and the images of its folders.
fn findings(path: &Path) -> std::io::Result<Vec<Finding>> {
    let all = if path.is_file() { vec![path.to_path_buf()] } else { entries(path)? };
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = all.into_iter().partition(|path| path.is_dir());
    let mut findings: Vec<Finding> = files.iter().filter_map(|path| check(path)).collect();
    idx::hold_pairs(&mut findings);
    findings.extend(images::check(path, &files));
    for folder in folders {
        findings.extend(images::check(&folder, &entries(&folder)?));
    }
    Ok(findings)
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

/// Looks at a file, if its name is one that this knows.
fn check(path: &Path) -> Option<Finding> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let result = if name.trim_end_matches(".gz").ends_with("-ubyte") {
        idx::check(path)
    } else if name.ends_with(".bin") && name.contains("batch") {
        cifar::check(path)
    } else if name.ends_with(".csv") {
        table::check(path, b',')
    } else if name.ends_with(".tsv") {
        table::check(path, b'\t')
    } else {
        return None;
    };
    Some(Finding { path: path.to_path_buf(), result })
}

/// How often each class occurs.
fn counts(labels: impl Iterator<Item = u8>) -> Vec<u64> {
    let mut counts = Vec::new();
    for label in labels.map(usize::from) {
        if counts.len() <= label {
            counts.resize(label + 1, 0);
        }
        counts[label] += 1;
    }
    counts
}

fn as_text(findings: &[Finding]) -> String {
    let line = |Finding { path, result }: &Finding| match result {
        Err(fault) => format!("problem: {fault}\n"),
        Ok(found) => {
            let fields = found.as_object().into_iter().flatten().map(|(name, value)| match name.as_str() {
                "columns" => columns(value),
                "sizes" => sizes(value),
                _ => format!("{name} {value}").replace('"', ""),
            });
            format!("{}: {}\n", path.display(), fields.collect::<Vec<_>>().join(", "))
        }
    };
    findings.iter().map(line).collect()
}

/// `name (text), size (numbers, 1 missing)`
fn columns(columns: &Value) -> String {
    let column = |column: &Value| {
        let text = |key: &str| column[key].as_str().unwrap_or_default().to_owned();
        let counts = ["missing", "not_finite"].map(|key| (key.replace('_', " "), column[key].as_u64().unwrap_or(0)));
        let counts = counts.iter().filter(|(_, count)| *count > 0).map(|(key, count)| format!(", {count} {key}"));
        format!("{} ({}{})", text("name"), text("kind"), counts.collect::<String>())
    };
    let columns = columns.as_array().into_iter().flatten().map(column);
    format!("columns {}", columns.collect::<Vec<_>>().join(", "))
}

/// `32 × 32 × 3 (40 images), 28 × 28 × 1 (2 images)`
fn sizes(sizes: &Value) -> String {
    let size = |size: &Value| {
        let axes: Vec<String> = size["axes"].as_array().into_iter().flatten().map(Value::to_string).collect();
        format!("{} ({} images)", axes.join(" × "), size["images"])
    };
    sizes.as_array().into_iter().flatten().map(size).collect::<Vec<_>>().join(", ")
}

fn as_json(findings: &[Finding]) -> String {
    let file = |Finding { path, result }: &Finding| {
        let path = path.display().to_string();
        match result {
            Ok(found) => json!({ "path": path, "found": found }),
            Err(fault) => json!({ "path": path, "problem": fault }),
        }
    };
    pretty(&json!({ "files": findings.iter().map(file).collect::<Vec<_>>() }))
}
