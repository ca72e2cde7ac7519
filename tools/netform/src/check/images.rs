//! Folders of PNG and JPEG images: one for each class, as `nn_core::data::images` reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nn_core::data::FileFault;
use nn_core::data::images::{ImageFolder, Picture};
use serde_json::json;

use super::Finding;

/// What is in the images of one folder, and which of its files are none, though they are called so.
pub(super) fn check(folder: &Path, files: &[PathBuf]) -> Vec<Finding> {
    let (mut sizes, mut findings) = (BTreeMap::<[usize; 3], u64>::new(), Vec::new());
    for path in files.iter().filter(|path| ImageFolder::reads(path)) {
        let content = std::fs::read(path).map_err(FileFault::Unreadable);
        match content.and_then(|content| Picture::decode(&content)) {
            Ok(Picture { size: [height, width], channels, .. }) => {
                *sizes.entry([height, width, channels]).or_default() += 1;
            }
            Err(fault) => {
                findings.push(Finding { path: path.clone(), result: Err(format!("{}: {fault}", path.display())) });
            }
        }
    }
    if !sizes.is_empty() {
        let count = |([height, width, channels], count): (&[usize; 3], &u64)| json!({ "axes": [height, width, channels], "images": count });
        let found = json!({
            "format": "images", "samples": sizes.values().sum::<u64>(), "sizes": sizes.iter().map(count).collect::<Vec<_>>(),
        });
        findings.push(Finding { path: folder.to_path_buf(), result: Ok(found) });
    }
    findings
}
