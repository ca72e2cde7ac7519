//! Did you mean …?

/// The candidate that is most like what was written, if any is like it at all. Case does not count.
pub(crate) fn closest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let written = normalise(written);
    let candidates: Vec<&str> = candidates.into_iter().collect();
    // Who writes the first half of a name has its first letters right: that is nearer than another letter in a short word.
    let nearness = |candidate: &&str| {
        let candidate = normalise(candidate);
        let (differs, distance) = (!is_start(&written, &candidate), distance(&written, &candidate));
        (if differs { distance } else { distance.min(1) }, differs, distance)
    };
    let (nearness, candidate) =
        candidates.iter().map(|candidate| (nearness(candidate), *candidate)).min_by_key(|(nearness, _)| *nearness)?;
    let tolerance = (written.chars().count() / 3).max(1);
    if nearness.0 <= tolerance { Some(candidate) } else { with_longer_start(&written, &candidates) }
}

/// Fewer letters say too little.
const LEAST_START: usize = 4;

/// `Drop` of `Dropout`.
fn is_start(start: &str, name: &str) -> bool {
    start.chars().count() >= LEAST_START && name.starts_with(start)
}

/// `kernel` for `kernel_size`.
fn with_longer_start<'c>(written: &str, candidates: &[&'c str]) -> Option<&'c str> {
    candidates.iter().find(|candidate| is_start(&normalise(candidate), written)).copied()
}

/// What other frameworks call a layer that stands here under another name.
const ELSEWHERE: &[(&str, &str)] = &[
    ("Linear", "Dense"),
    ("FullyConnected", "Dense"),
    ("InnerProduct", "Dense"),
    ("Conv", "Conv2d"),
    ("Convolution2D", "Conv2d"),
    ("Convolution1D", "Conv1d"),
    ("Conv2DTranspose", "ConvTranspose2d"),
    ("Conv1DTranspose", "ConvTranspose1d"),
    ("Deconvolution", "ConvTranspose2d"),
    ("MaxPooling2D", "MaxPool2d"),
    ("MaxPool", "MaxPool2d"),
    ("AveragePooling2D", "AvgPool2d"),
    ("AvgPool", "AvgPool2d"),
    ("MaxPooling3D", "MaxPool3d"),
    ("AveragePooling3D", "AvgPool3d"),
    ("GlobalMaxPooling3D", "GlobalMaxPool"),
    ("GlobalAveragePooling3D", "GlobalAvgPool"),
    ("Convolution3D", "Conv3d"),
    ("SeparableConvolution2D", "SeparableConv2d"),
    ("ActivityRegularizer", "ActivityRegularization"),
    ("MaxPooling1D", "MaxPool1d"),
    ("AveragePooling1D", "AvgPool1d"),
    ("GlobalAveragePooling2D", "GlobalAvgPool2d"),
    ("GlobalAveragePooling1D", "GlobalAvgPool"),
    ("GlobalMaxPooling1D", "GlobalMaxPool"),
    ("GlobalMaxPooling2D", "GlobalMaxPool"),
    ("DepthToSpace", "PixelShuffle"),
    ("Cropping1D", "Crop"),
    ("Cropping2D", "Crop"),
    ("MultiheadAttention", "Attention"),
    ("MultiHeadAttention", "Attention"),
    ("SimpleRNN", "Rnn"),
    ("RNN", "Rnn"),
    ("LSTM", "Lstm"),
    ("GRU", "Gru"),
    ("BatchNorm1d", "BatchNorm"),
    ("BatchNorm2d", "BatchNorm"),
    ("BatchNormalization", "BatchNorm"),
    ("Swish", "Silu"),
    ("SiLU", "Silu"),
    ("UpSampling1D", "UpSample1d"),
    ("UpSampling2D", "UpSample2d"),
    ("Upsample", "UpSample2d"),
    ("ZeroPadding2D", "Pad"),
    ("Transpose", "Permute"),
    ("View", "Reshape"),
];

/// What other frameworks call the marks and initialisers.
const MARKS_ELSEWHERE: &[(&str, &str)] = &[
    ("frozen", "freeze"),
    ("trainable", "freeze"),
    ("requires_grad", "freeze"),
    ("no_grad", "freeze"),
    ("lr", "rate"),
    ("learning_rate", "rate"),
    ("weight_decay", "l2"),
    ("regularizer", "l2"),
    ("initializer", "init"),
    ("Kaiming", "HeNormal"),
    ("KaimingNormal", "HeNormal"),
    ("KaimingUniform", "HeUniform"),
    ("Xavier", "GlorotUniform"),
    ("XavierNormal", "GlorotNormal"),
    ("XavierUniform", "GlorotUniform"),
    ("Zeros", "Constant"),
    ("Ones", "Constant"),
    ("Zero", "Constant"),
];

/// The mark or initialiser that was meant.
pub(crate) fn mark<'c>(written: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let elsewhere = MARKS_ELSEWHERE.iter().find(|(name, _)| normalise(name) == normalise(written));
    let meant = elsewhere.and_then(|(_, name)| candidates.iter().find(|candidate| *candidate == name).copied());
    meant.or_else(|| closest(written, candidates.iter().copied()))
}

/// The layer that was meant: under its name elsewhere, or the nearest one. Of layers for sequences, images and volumes, whose
/// names differ by a number that was not written, the one for an input of this rank.
pub(crate) fn layer<'c>(
    written: &str,
    rank: Option<usize>,
    candidates: impl Iterator<Item = &'c str> + Clone,
) -> Option<&'c str> {
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| normalise(name) == normalise(written)).map(|(_, name)| *name);
    let named = elsewhere.and_then(|name| candidates.clone().find(|candidate| *candidate == name));
    let found = named.or_else(|| closest(written, candidates.clone()))?;
    let of_rank = || {
        let kind = found.strip_suffix("2d").filter(|_| !written.contains(|letter: char| letter.is_ascii_digit()))?;
        let axes = rank?.checked_sub(1)?;
        candidates.clone().find(|candidate| candidate.strip_prefix(kind) == Some(&*format!("{axes}d")))
    };
    of_rank().or(Some(found))
}

fn normalise(name: &str) -> String {
    name.to_lowercase().replace('_', "")
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other
/// (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_was_not_written_follows_from_the_input() {
        let layers = ["Conv2d", "Conv1d", "Conv3d", "DepthwiseConv2d", "DepthwiseConv1d", "UpSample2d"];
        let layer = |written, rank| layer(written, Some(rank), layers.into_iter());
        assert_eq!(
            [2, 3, 4, 5, 1, 0].map(|rank| layer("Conv", rank).unwrap_or("none")),
            ["Conv1d", "Conv2d", "Conv3d", "Conv2d", "Conv2d", "Conv2d"]
        );
        assert_eq!(layer("DepthwiseConv", 2), Some("DepthwiseConv1d"));
        assert_eq!(layer("Convolution2D", 2), Some("Conv2d"), "it was written");
        assert_eq!(layer("Upsample", 2), Some("UpSample2d"), "there is none");
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let layers = ["Dense", "Conv2d", "MaxPool2d", "BatchNorm"];
        assert_eq!(closest("Dens", layers), Some("Dense"));
        assert_eq!(closest("conv2D", layers), Some("Conv2d"));
        assert_eq!(closest("Maxpool", layers), Some("MaxPool2d"));
        assert_eq!(closest("Transformer", layers), None);
        assert_eq!(closest("x", ["y", "width"]), Some("y"));
        assert_eq!(closest("kernel_size", ["filters", "kernel"]), Some("kernel"));
        assert_eq!(closest("Drop", ["Dense", "Dropout"]), Some("Dropout"));
        assert_eq!(closest("Drop", ["Crop", "DropPath", "Dropout"]), Some("Dropout"));
        assert_eq!(closest("Crip", ["Crop", "Dropout"]), Some("Crop"));
    }
}
