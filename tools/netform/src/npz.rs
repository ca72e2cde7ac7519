//! NumPy's archives of arrays: a zip file with a `.npy` file for each.

use std::fs::File;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use nn_core::io::inspect::{FileTensor, TensorFile};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::npy;

/// So many times its compressed size an array may take: what zip can do at most is about a thousand.
const MOST_EXPANSION: u64 = 1100;

pub(crate) fn read(path: &Path) -> Result<TensorFile, String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| fault(&error))?;
    let size = file.metadata().map_err(|error| fault(&error))?.len();
    let mut archive = ZipArchive::new(file).map_err(|error| fault(&format!("this is no npz file: {error}")))?;
    let mut tensors = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| fault(&error))?;
        let name = entry.name().map_err(|error| fault(&error))?.into_owned();
        let Some(name) = name.strip_suffix(".npy").map(String::from) else { continue };
        let most = size.saturating_mul(MOST_EXPANSION).saturating_add(1);
        let mut content = Vec::new();
        entry.by_ref().take(most).read_to_end(&mut content).map_err(|error| fault(&error))?;
        tensors.push(npy::read(name.clone(), &content).map_err(|reason| fault(&format!("`{name}`: {reason}")))?);
    }
    if tensors.is_empty() {
        return Err(fault(&"there are no arrays in it"));
    }
    tensors.sort_by(|left: &FileTensor, right| left.name.cmp(&right.name));
    Ok(TensorFile { metadata: [].into(), tensors })
}

pub(crate) fn write(path: &Path, file: &TensorFile) -> Result<(), String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for tensor in &file.tensors {
        let content = npy::write(tensor).map_err(|reason| fault(&format!("`{}`: {reason}", tensor.name)))?;
        archive.start_file(format!("{}.npy", tensor.name), options).map_err(|error| fault(&error))?;
        archive.write_all(&content).map_err(|error| fault(&error))?;
    }
    let content = archive.finish().map_err(|error| fault(&error))?.into_inner();
    // Beside it and renamed, so that no half file is left.
    let temporary = path.with_extension(format!("npz.{}.tmp", std::process::id()));
    std::fs::write(&temporary, content).and_then(|()| std::fs::rename(&temporary, path)).map_err(|error| {
        let _ = std::fs::remove_file(&temporary);
        fault(&error)
    })
}
