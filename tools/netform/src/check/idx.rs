//! IDX files, as MNIST and its relatives have them.

use std::path::Path;

use serde_json::{Value, json};

use super::{Finding, counts};

pub(super) fn check(path: &Path) -> Result<Value, String> {
    let (axes, elements) = nn_core::data::idx::read(path).map_err(|error| error.to_string())?;
    Ok(match axes[..] {
        [labels] => json!({ "format": "IDX labels", "samples": labels, "classes": counts(elements.into_iter()) }),
        _ => json!({ "format": "IDX", "samples": axes.first(), "axes": axes.get(1..) }),
    })
}

/// `train-images-idx3-ubyte` goes with `train-labels-idx1-ubyte`: as many images as labels.
pub(super) fn hold_pairs(findings: &mut [Finding]) {
    let samples = |finding: &Finding| finding.result.as_ref().ok()?.get("samples")?.as_u64();
    let start = |finding: &Finding, word: &str| {
        let name = finding.path.file_name()?.to_string_lossy().into_owned();
        name.find(word).map(|end| name[..end].to_owned())
    };
    for index in 0..findings.len() {
        let Some(set) = start(&findings[index], "-labels-") else { continue };
        let images = findings.iter().find(|finding| start(finding, "-images-").as_ref() == Some(&set));
        let (Some(labels), Some(images)) = (samples(&findings[index]), images.and_then(samples)) else { continue };
        if labels != images {
            let path = findings[index].path.display();
            findings[index].result = Err(format!("{path}: has {labels} labels for {images} images"));
        }
    }
}
