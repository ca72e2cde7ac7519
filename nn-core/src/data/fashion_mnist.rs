//! Fashion-MNIST: 60,000 + 10,000 photographs of clothes, 28 × 28 grey pixels (Xiao, Rasul and Vollgraf, 2017).

use std::path::Path;

use super::DataError;
use super::mnist::{GreyImages, load_four};

/// The names of the classes, in order.
pub const CLASS_NAMES: [&str; 10] =
    ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

/// Reads the training set and the test set from the four official files in a folder, with or without `.gz`:
/// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`.
///
/// # Errors
/// When a file is absent (`tools/get-data fashion-mnist` gets them) or is not what it should be; the error names it.
pub fn load(folder: impl AsRef<Path>) -> Result<(GreyImages, GreyImages), DataError> {
    load_four(folder.as_ref(), "`tools/get-data fashion-mnist` gets it")
}

#[cfg(all(test, feature = "gz"))]
mod tests {
    use super::*;

    #[test]
    fn the_set_among_the_examples_is_balanced() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/fashion-mnist");
        let (training, test) = load(folder).unwrap();
        assert_eq!((training.len(), test.len()), (8_000, 2_000));
        assert_eq!((training.class_counts(), test.class_counts()), ([800; 10], [200; 10]));
        assert_eq!(training.labels()[..6], [9, 0, 0, 3, 0, 2]);
    }
}
