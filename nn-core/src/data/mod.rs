//! Data sets in memory, and the readers of their files.
//!
//! A [`Dataset`] keeps its inputs as they came, pixels as bytes, and converts the few samples of a tile when a training
//! step asks for them: CIFAR-10 takes 180 MB, not 720.
//!
//! | reader | files |
//! |---|---|
//! | [`fashion_mnist`], [`mnist`] | the four official IDX files in a folder, plain or compressed |
//! | [`cifar10`] | the official binary version |
//! | [`idx`] | any other pair of IDX files, or their bytes |
//! | [`csv`] | tables: CSV and TSV, with numbers, categories and gaps |
//! | [`images`] | folders of PNG and JPEG files |
//! | [`npy`] | NumPy's arrays, NPY and NPZ |
//! | [`wav`] | folders of sounds |
//! | [`shards`] | sets larger than memory, in files of our own |
//!
//! Arrays ([`Dataset::from_values`] and its like), iterators ([`Dataset::from_pairs`]) and closures that are called when a sample is
//! needed ([`Dataset::streamed_values`]) make data sets as well.
//!
//! Text becomes numbers by a [`Vocabulary`] of words or letters.
//!
//! [`augment`] changes samples while a network trains.
//!
//! [`preprocess`] cleans and scales tables before they become a data set.
//!
//! `tools/get-data` gets the full sets; a small Fashion-MNIST lies in `examples/data`.

#[cfg_attr(not(feature = "alloc"), expect(dead_code, reason = "data sets need memory from an allocator"))]
mod convert;
mod label;
mod transcripts;
mod weighted_label;

#[cfg(feature = "alloc")]
mod columns;
#[cfg(feature = "alloc")]
mod dataset;
#[cfg(feature = "alloc")]
mod error;
#[cfg(feature = "std")]
mod file_fault;
#[cfg(any(feature = "images", feature = "wav"))]
mod folder;
#[cfg(feature = "alloc")]
mod folds;
#[cfg(feature = "shards")]
mod kept_label;
#[cfg(feature = "alloc")]
mod scaling;
#[cfg(feature = "alloc")]
mod select;
#[cfg(feature = "std")]
mod source;
#[cfg(feature = "alloc")]
mod stored;
#[cfg(feature = "alloc")]
mod streamed;
#[cfg(feature = "std")]
mod vocabulary;

#[cfg(feature = "std")]
pub mod augment;
#[cfg(feature = "std")]
pub mod cifar10;
#[cfg(feature = "csv")]
pub mod csv;
#[cfg(feature = "std")]
pub mod fashion_mnist;
#[cfg(feature = "std")]
pub mod idx;
#[cfg(feature = "images")]
pub mod images;
#[cfg(feature = "std")]
pub mod mnist;
#[cfg(feature = "npy")]
pub mod npy;
#[cfg(feature = "alloc")]
pub mod preprocess;
#[cfg(feature = "shards")]
pub mod shards;
#[cfg(feature = "wav")]
pub mod wav;

pub(crate) use convert::Conversion;
pub use label::{Classes, Each, Label, LabelFault, OneHot, Values};
pub use transcripts::Transcripts;
pub use weighted_label::{Together, WithWeight};

#[cfg(feature = "alloc")]
pub use {
    columns::Columns, dataset::Dataset, error::DataError, folds::Folds, scaling::Standardization, stored::ReadInput,
};

#[cfg(feature = "std")]
pub(crate) use stored::{Elements, Stream};

#[cfg(feature = "shards")]
pub use kept_label::KeptLabel;

#[cfg(feature = "std")]
pub use {file_fault::FileFault, vocabulary::Vocabulary};
