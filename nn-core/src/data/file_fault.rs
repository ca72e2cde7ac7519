//! What can be wrong with a file.

use alloc::string::String;

use super::{DataError, LabelFault};
use crate::spec::Shape;

/// What can be wrong with a file of data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileFault {
    /// There is no such file.
    #[error("there is no such file; {help}")]
    Absent {
        /// How to get it.
        help: &'static str,
    },
    /// The system cannot read it.
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
    /// The system cannot write it.
    #[error("cannot be written: {0}")]
    Unwritable(std::io::Error),
    /// It would be overwritten.
    #[error("is there already; remove it, or choose another folder")]
    Taken,
    /// It is compressed, and this build cannot decompress.
    #[error("is compressed with gzip: enable the feature `gz`, or decompress it first")]
    Compressed,
    /// Its compressed content is damaged.
    #[error("is damaged: {0}; get the file again")]
    Damaged(std::io::Error),
    /// It ends too early.
    #[error("ends too early, with {found} of {expected} bytes of its {part}; get the file again")]
    Truncated {
        /// Which part of the file.
        part: &'static str,
        /// Bytes that should be there.
        expected: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// It goes on where it should end.
    #[error("goes on behind its {part}, where it should end; get the file again")]
    Trailing {
        /// The last part that belongs there.
        part: &'static str,
    },
    /// It is a file of another kind.
    #[error("is no {expected}: it starts with the bytes {found:?}")]
    Magic {
        /// What it should be.
        expected: &'static str,
        /// Its first bytes.
        found: [u8; 4],
    },
    /// Its samples have another shape than the data set's type.
    #[error("holds samples of {found:?}, the data set's type wants {expected}")]
    Shape {
        /// The shape of the type.
        expected: Shape,
        /// The axes in the file.
        found: alloc::vec::Vec<usize>,
    },
    /// A label is out of range.
    #[error("the label of sample {sample} is wrong: {fault}")]
    Label {
        /// Which sample of the file.
        sample: usize,
        /// What is wrong with it.
        fault: LabelFault,
    },
    /// It is not what was asked for.
    #[error("expected {what} {expected}, found {found}")]
    Expected {
        /// What is compared: a size, a sample rate, a kind of number.
        what: &'static str,
        /// What was asked for.
        expected: String,
        /// What the file has.
        found: String,
    },
    /// A number of a sample is not what it should be.
    #[error("sample {sample}: expected {expected}, found {found}")]
    Element {
        /// Which sample of the file.
        sample: usize,
        /// What was expected.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// It is no file of its format, or a damaged one.
    #[error("is no usable {format} file: {reason}")]
    Format {
        /// The format.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A part does not match its checksum.
    #[error("is damaged: {part} does not match its checksum; get or write the file again")]
    Checksum {
        /// Which part.
        part: String,
    },
    /// A cell of a table is not what its column wants.
    #[error("line {line}, column `{column}`: expected {expected}, found `{found}`")]
    Cell {
        /// The line of the file, from 1 on.
        line: u64,
        /// The column's name, or its number from 0 on.
        column: String,
        /// What it wants.
        expected: String,
        /// What stands there, cut where it is long.
        found: String,
    },
    /// A row of a table has not as many cells as the others.
    #[error("line {line} has {found} cells, the lines before it have {expected}")]
    Ragged {
        /// The line of the file, from 1 on.
        line: u64,
        /// Cells of the first line.
        expected: usize,
        /// Cells of this one.
        found: usize,
    },
    /// A table has no such column.
    #[error("has no column `{name}`; its columns are {columns}")]
    NoColumn {
        /// What was asked for.
        name: String,
        /// What there is.
        columns: String,
    },
    /// It has not one label for each image of the file that it goes with.
    #[error("has {labels} labels for {images} images")]
    Counts {
        /// Images in the other file.
        images: usize,
        /// Labels in this one.
        labels: usize,
    },
}

impl FileFault {
    pub(super) fn of(self, path: &std::path::Path) -> DataError {
        DataError::File { path: path.into(), fault: self }
    }
}
