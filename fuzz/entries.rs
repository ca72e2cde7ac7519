//! What is done to the content of a file that nobody vouches for: one function for each kind of file. The fuzz targets call them,
//! and so does `tests/corpus.rs`, which replays the corpus.

use std::io::Cursor;

use netform::data::csv::Csv;
use netform::data::images::{Fit, decode};
use netform::data::npy::{self, ArrayLabel};
use netform::data::preprocess::{Fill, Preprocessing, Scale};
use netform::data::{Classes, Each, OneHot, Values, idx, wav};
use netform::io::Loading;
use netform::prelude::*;
use netform::train::Checkpoint;

/// What is done to the content of a file.
pub type Entry = fn(&[u8]);

/// Every function here, by the name of its corpus.
pub const ALL: [(&str, Entry); 8] = [
    ("safetensors", safetensors),
    ("checkpoint", checkpoint),
    ("csv", csv),
    ("idx", idx),
    ("npy", npy),
    ("npz", npz),
    ("wav", wav),
    ("image", image),
];

network! {
    /// The network whose weights the files hold.
    pub struct Small(x: [3]) -> [2] {
        x -> Dense(4) -> BatchNorm -> Relu -> Dense(2)
    }
}

/// Weights: what is refused changes nothing.
pub fn safetensors(content: &[u8]) {
    let mut network = Small::new(1);
    let before = network.as_slice().to_vec();
    if network.load_safetensors(content).is_err() {
        assert!(same(&before, network.as_slice()), "what was refused changed the network");
    }
    let loading = Loading::new().partial().rename("dense.weight", "fc.weight").permuted("dense_2.weight", &[1, 0]);
    let _ = network.load_safetensors_with(content, &loading);
}

/// Training in progress.
pub fn checkpoint(content: &[u8]) {
    let Ok(checkpoint) = Checkpoint::from_bytes(content) else { return };
    let trainer = Trainer::new(CrossEntropy::new(), Adam::default()).silent();
    let mut network = Small::new(1);
    let mut session = trainer.start(&network, Classes::<2>).expect("the settings are in range");
    let _ = session.restore(&mut network, &checkpoint);
    // Compared as bytes: a NaN is not equal to itself.
    let again = checkpoint.to_bytes();
    assert_eq!(Checkpoint::from_bytes(&again).map(|same| same.to_bytes()).ok(), Some(again));
}

/// Tables of several forms.
pub fn csv(content: &[u8]) {
    let forms = [
        Csv::new().numbers([0]).category(1).classes(2),
        Csv::tsv().without_header().numbers([1, 0]).named_classes(2),
        Csv::new().delimiter(b';').numbers(["a", "b"]).values(["c"]),
        Csv::new().category_of(0, &["x", "y"]).numbers([1]).classes_of(2, &["no", "yes"]),
    ];
    for form in forms {
        let Ok(table) = form.parse(content) else { continue };
        assert_eq!(table.features().len(), table.rows() * table.width());
        let _ = (table.dataset::<Features<2>, Classes<2>>(), table.dataset::<Features<2>, Values<Features<1>>>());
        let plan = Preprocessing::new(2).fill(0, Fill::Median).scale(0, Scale::Standard).drop_missing(1);
        if let Ok(fitted) = plan.fit(table.features()) {
            let _ = table.preprocessed::<Features<2>, Classes<2>>(&fitted);
        }
        let _ = table.same_form().parse(content).expect("a table can be read in its own form");
        let whole = table.without_gaps();
        assert!(whole.features().iter().all(|value| value.is_finite()));
    }
}

/// Images and labels of MNIST's kind, packed or not.
pub fn idx(content: &[u8]) {
    let _ = (idx::images::<Image<2, 3, 1>>(content), idx::images::<Features<6>>(content), idx::labels::<3>(content));
}

/// Arrays of NumPy.
pub fn npy(content: &[u8]) {
    if let Ok(array) = npy::parse(content) {
        targets_and_inputs(array);
    }
}

/// Archives of arrays.
pub fn npz(content: &[u8]) {
    if let Ok(arrays) = npy::parse_npz(Cursor::new(content), ["x", "y"]) {
        arrays.into_iter().for_each(targets_and_inputs);
    }
}

fn targets_and_inputs(array: npy::Array) {
    let _ = (Classes::<3>::columns(&array), OneHot::<3>::columns(&array), Values::<Features<3>>::columns(&array));
    let _ = Each::<2, Classes<3>>::columns(&array);
    let _ = (array.clone().inputs::<Image<2, 3, 1>>(), array.inputs::<Features<3>>());
}

/// Sounds.
pub fn wav(content: &[u8]) {
    let _ = (wav::parse::<1>(content, 8000), wav::parse::<2>(content, 8000));
}

/// Pictures.
pub fn image(content: &[u8]) {
    let _ = decode::<4, 4, 3>(content, Fit::Exact);
    for fit in [Fit::Resize, Fit::CenterCrop] {
        if let Ok(pixels) = decode::<3, 5, 1>(content, fit) {
            assert_eq!(pixels.len(), 15);
        }
    }
    let _ = decode::<4, 4, 4>(content, Fit::Resize);
}

fn same(left: &[f32], right: &[f32]) -> bool {
    left.iter().map(|value| value.to_bits()).eq(right.iter().map(|value| value.to_bits()))
}
