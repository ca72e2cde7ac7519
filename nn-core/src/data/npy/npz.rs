//! Several arrays in one file: a ZIP archive of `.npy` files.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use zip::ZipArchive;

use super::array::{self, Array, ArrayLabel};
use crate::data::source::Source;
use crate::data::{DataError, Dataset, FileFault};
use crate::shapes::SampleShape;

/// Reads inputs and targets from two arrays of an archive, as NumPy's `savez` and `savez_compressed` write it.
///
/// # Errors
/// As [`load`](super::load), and when the archive has no such array.
pub fn load<X: SampleShape, Y: ArrayLabel>(
    path: impl AsRef<Path>,
    inputs: &str,
    targets: &str,
) -> Result<Dataset<X, Y>, DataError> {
    let path = path.as_ref();
    let [inputs, targets] = read(path, [inputs, targets])?;
    let inputs = inputs.inputs::<X>().map_err(|fault| fault.of(path))?;
    let targets = Y::columns(&targets).map_err(|fault| fault.of(path))?;
    inputs.with(targets)
}

/// Reads arrays of an archive by their names, such as `["x", "y"]`.
///
/// # Errors
/// When the file is absent or no archive, or an array is not there, is none of numbers, or is damaged.
pub fn read<const COUNT: usize>(path: impl AsRef<Path>, names: [&str; COUNT]) -> Result<[Array; COUNT], DataError> {
    let path = path.as_ref();
    let arrays = || {
        let file = File::open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => FileFault::Absent { help: "check the path" },
            _ => FileFault::Unreadable(error),
        })?;
        parse(BufReader::new(file), names)
    };
    arrays().map_err(|fault| fault.of(path))
}

/// Reads arrays of an archive that is in memory, or anything else.
///
/// # Errors
/// As [`read`].
pub fn parse<const COUNT: usize>(content: impl Read + Seek, names: [&str; COUNT]) -> Result<[Array; COUNT], FileFault> {
    let mut archive = ZipArchive::new(content).map_err(|error| wrong(&error))?;
    let arrays = names.iter().map(|name| member(&mut archive, name)).collect::<Result<Vec<_>, _>>()?;
    arrays.try_into().map_err(|_| wrong(&"an array is missing"))
}

fn member(archive: &mut ZipArchive<impl Read + Seek>, name: &str) -> Result<Array, FileFault> {
    let full = format!("{name}.npy");
    if archive.index_for_name(&full).is_none() {
        let names = archive.file_names().filter_map(Result::ok);
        let names: Vec<String> = names.map(|name| format!("`{}`", name.trim_end_matches(".npy"))).collect();
        return Err(FileFault::Expected { what: "an array", expected: format!("`{name}`"), found: names.join(", ") });
    }
    let mut member = archive.by_name(&full).map_err(|error| wrong(&error))?;
    let named = |fault: FileFault| wrong(&format!("its array `{name}` {fault}"));
    // No more is unpacked than the array's header promises.
    array::read(Source::new(member.by_ref()).map_err(named)?).map_err(named)
}

fn wrong(reason: &dyn core::fmt::Display) -> FileFault {
    FileFault::Format { format: "NPZ", reason: reason.to_string() }
}
