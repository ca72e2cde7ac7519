//! `netform convert`.

use std::path::Path;

use nn_core::io::inspect::{FileScalar, TensorFile};

use crate::arguments::Conversion;
use crate::npz;
use crate::output::Outcome;

pub(crate) fn run(request: &Conversion) -> Outcome {
    Outcome::of(convert(request).map(Outcome::fine))
}

fn convert(Conversion { from, to, dtype, part }: &Conversion) -> Result<String, String> {
    let mut file = match kind(from)? {
        Kind::Safetensors => TensorFile::read(from).map_err(|error| error.to_string())?,
        Kind::Npz => npz::read(from)?,
    };
    if let Some(prefix) = part {
        file = file.part(prefix);
        if file.tensors.is_empty() {
            return Err(format!("{}: no tensor's name begins with `{prefix}`", from.display()));
        }
    }
    file = match dtype.as_deref() {
        None => file,
        Some("f32" | "F32") => file.cast(FileScalar::F32),
        Some("f64" | "F64") => file.cast(FileScalar::F64),
        Some(other) => return Err(format!("--dtype takes f32 or f64, found `{other}`")),
    };
    match kind(to)? {
        Kind::Safetensors => {
            // Both speak of the content before; ours is checked against them when it is loaded.
            file.metadata.retain(|key, _| !["netform.checkpoint", "netform.checksum"].contains(&key.as_str()));
            file.save(to).map_err(|error| error.to_string())?;
        }
        Kind::Npz => npz::write(to, &file)?,
    }
    Ok(format!("{}: {} tensors, {} numbers", to.display(), file.tensors.len(), file.len()))
}

enum Kind {
    Safetensors,
    Npz,
}

fn kind(path: &Path) -> Result<Kind, String> {
    match path.extension().map(|end| end.to_string_lossy().to_lowercase()).as_deref() {
        Some("safetensors") => Ok(Kind::Safetensors),
        Some("npz") => Ok(Kind::Npz),
        _ => Err(format!("{}: expected a name that ends in .safetensors or .npz", path.display())),
    }
}
