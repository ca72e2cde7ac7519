//! Folders with a sub-folder for each class.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::{Path, PathBuf};

use super::{DataError, FileFault};

/// Files and the class of each, in the order of their paths within the classes.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    pub(super) classes: Vec<u32>,
    pub(super) names: Vec<String>,
}

/// All files with one of these extensions, in the sub-folders with these names, or in all of them in the order of the alphabet.
/// Names that begin with a dot are passed over.
pub(super) fn classes(
    folder: &Path,
    names: Option<&[String]>,
    count: usize,
    extensions: &[&str],
) -> Result<Found, DataError> {
    let names = match names {
        Some(names) => names.to_vec(),
        None => {
            let folders = entries(folder)?.into_iter().filter(|path| path.is_dir());
            folders.filter_map(|path| path.file_name()?.to_str().map(ToString::to_string)).collect()
        }
    };
    if names.len() != count {
        let found = alloc::format!("{} ({})", names.len(), names.join(", "));
        return Err(FileFault::Expected { what: "classes:", expected: count.to_string(), found }.of(folder));
    }
    let mut found = Found { files: Vec::new(), classes: Vec::new(), names };
    for (class, name) in (0..).zip(&found.names) {
        let files = entries(&folder.join(name))?.into_iter().filter(|path| is_one(path, extensions));
        found.files.extend(files);
        found.classes.resize(found.files.len(), class);
    }
    Ok(found)
}

/// Whether a file has one of these extensions, and is not hidden.
pub(super) fn is_one(path: &Path, extensions: &[&str]) -> bool {
    let own = path.extension().and_then(|own| own.to_str());
    !is_hidden(path) && own.is_some_and(|own| extensions.iter().any(|extension| own.eq_ignore_ascii_case(extension)))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// What is in a folder, sorted, but for hidden things.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => FileFault::Absent { help: "a folder was expected here" }.of(folder),
        _ => FileFault::Unreadable(error).of(folder),
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !is_hidden(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
