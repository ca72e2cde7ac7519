//! Folders of PNG and JPEG images: one for each class, as `nn_core::data::images` reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nn_core::data::FileFault;
use nn_core::data::images::Picture;
use serde_json::json;

use super::Finding;

/// What is in the images of one folder, and which of its files are none, though they are called so.
pub(super) fn check(folder: &Path, files: &[PathBuf]) -> Vec<Finding> {
    let (mut sizes, mut findings) = (BTreeMap::<[usize; 3], u64>::new(), Vec::new());
    for path in files.iter().filter(|path| is_image(path)) {
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

/// As the reader has it: what begins with a dot is passed over.
fn is_image(path: &Path) -> bool {
    if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
        return false;
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| ["png", "jpg", "jpeg"].contains(&&*extension))
}
