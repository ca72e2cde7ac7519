//! MNIST: 60,000 + 10,000 handwritten digits, 28 × 28 grey pixels (LeCun, Bottou, Bengio and Haffner, 1998).

use alloc::string::ToString;
use std::path::{Path, PathBuf};

use super::{Classes, DataError, Dataset, idx};
use crate::shapes::Image;

/// The names of the classes, in order.
pub const CLASS_NAMES: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Images of 28 × 28 grey pixels in ten classes.
pub type GreyImages = Dataset<Image<28, 28, 1>, Classes<10>>;

/// Reads the training set and the test set from the four official files in a folder, with or without `.gz`:
/// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`.
///
/// # Errors
/// When a file is absent (`tools/get-data mnist` gets them) or is not what it should be; the error names it.
pub fn load(folder: impl AsRef<Path>) -> Result<(GreyImages, GreyImages), DataError> {
    load_four(folder.as_ref(), "`tools/get-data mnist` gets it")
}

/// Reads the four files that MNIST and Fashion-MNIST both have.
pub(super) fn load_four(folder: &Path, help: &'static str) -> Result<(GreyImages, GreyImages), DataError> {
    let load = |part: &str| {
        let images = existing(folder, &[part, "-images-idx3-ubyte"].concat());
        let labels = existing(folder, &[part, "-labels-idx1-ubyte"].concat());
        idx::load_with_help(&images, &labels, help)
    };
    Ok((load("train")?, load("t10k")?))
}

/// The compressed file where there is one, else the plain one.
fn existing(folder: &Path, name: &str) -> PathBuf {
    let compressed = folder.join(name.to_string() + ".gz");
    if compressed.exists() { compressed } else { folder.join(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_file_says_how_to_get_it() {
        let error = load("no/such/folder").unwrap_err().to_string();
        assert!(error.contains("train-images-idx3-ubyte") && error.contains("`tools/get-data mnist`"), "{error}");
    }
}
