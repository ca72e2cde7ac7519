//! Batches of CIFAR-10: records of a label and 3072 bytes.

use std::path::Path;

use serde_json::{Value, json};

use super::counts;

const RECORD: usize = 1 + 3 * 32 * 32;
const CLASSES: u8 = 10;

pub(super) fn check(path: &Path) -> Result<Value, String> {
    let fault = |reason: String| format!("{}: {reason}", path.display());
    let content = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
    let records = content.chunks_exact(RECORD);
    if content.is_empty() || !records.remainder().is_empty() {
        return Err(fault(format!(
            "{} bytes are no whole number of records of {RECORD}; get the file again",
            content.len()
        )));
    }
    if let Some((sample, record)) = records.clone().enumerate().find(|(_, record)| record[0] >= CLASSES) {
        return Err(fault(format!("the label of sample {sample} is {}: expected a class in 0..{CLASSES}", record[0])));
    }
    let samples = records.len();
    Ok(
        json!({ "format": "CIFAR-10", "samples": samples, "axes": [32, 32, 3], "classes": counts(records.map(|record| record[0])) }),
    )
}
