//! Did you mean …? The names that other frameworks have for what stands here under another name, or is no name at all.

/// What someone meant who wrote a name that is not there.
pub(crate) enum Meant<'c> {
    /// Another name.
    Name(&'c str),
    /// Something else than a name: what to write.
    Advice(String),
}

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
    ("ZeroPad1d", "Pad"),
    ("ZeroPad2d", "Pad"),
    ("ConstantPad1d", "Pad"),
    ("ConstantPad2d", "Pad"),
    ("ReflectionPad1d", "ReflectionPad"),
    ("ReflectionPad2d", "ReflectionPad"),
    ("ReplicationPad1d", "ReplicationPad"),
    ("ReplicationPad2d", "ReplicationPad"),
    ("CircularPad1d", "CircularPad"),
    ("CircularPad2d", "CircularPad"),
    ("Dropout1d", "SpatialDropout"),
    ("Dropout2d", "SpatialDropout"),
    ("Dropout3d", "SpatialDropout"),
    ("StochasticDepth", "DropPath"),
    ("LazyLinear", "Dense"),
    ("GlobalAvgPool1d", "GlobalAvgPool"),
    ("GlobalAvgPool3d", "GlobalAvgPool"),
    ("GlobalMaxPool1d", "GlobalMaxPool"),
    ("GlobalMaxPool2d", "GlobalMaxPool"),
    ("DepthwiseSeparableConv2d", "SeparableConv2d"),
    ("RNNCell", "Rnn"),
    ("LSTMCell", "Lstm"),
    ("GRUCell", "Gru"),
    ("Normalize", "UnitNorm"),
    ("UnitNormalization", "UnitNorm"),
    ("L2Norm", "UnitNorm"),
    ("RMSNormalization", "RmsNorm"),
    ("LayerNormalization", "LayerNorm"),
    ("GroupNormalization", "GroupNorm"),
    ("RepeatVector", "Broadcast"),
    ("Expand", "Broadcast"),
    ("Tile", "Broadcast"),
    ("ReduceMean", "Mean"),
    ("ReduceSum", "Sum"),
    ("ReduceMax", "Max"),
    ("Sine", "Sin"),
    ("Cosine", "Cos"),
    ("Transpose", "Permute"),
    ("View", "Reshape"),
];

/// Where a product of matrices is asked for.
pub(crate) const MATRIX_PRODUCT: &str = "`*` multiplies element by element; `(a, b) -> MatMul` is the product of two matrices, `a * b -> Sum` of two vectors";

/// What is a layer or a function elsewhere, and is written in another way here.
const ADVICE: &[(&[&str], &str)] = &[
    (&["Bidirectional"], "read both ways and join: `concat(x -> Lstm(8), x -> Lstm(8, reverse = true))`"),
    (&["TimeDistributed"], "layers such as `Dense` work on each step by themselves: leave `TimeDistributed` out"),
    (&["Sequential"], "layers follow each other by `->`: `x -> Dense(8) -> Relu`"),
    (&["Activation"], "an activation is a layer of its own: `-> Relu`"),
    (&["Lambda"], "calculate with the values, `2.0 * x + y`, or write a layer of your own: `self::Name`"),
    (&["Input", "InputLayer"], "inputs stand behind the network's name: `struct Net(x: [4]) -> [3]`"),
    (&["add"], "values are added by `x + y`"),
    (&["multiply", "mul"], "values are multiplied by `x * y`"),
    (&["subtract", "sub"], "values are subtracted by `x - y`"),
    (&["divide", "div"], "values are divided by `x / y`"),
    (&["average"], "the mean of two values is `(x + y) / 2.0`"),
    (&["concatenate", "cat"], "values are joined by `concat(x, y)`"),
    (&["bmm", "mm", "einsum", "Dot", "Gemm"], MATRIX_PRODUCT),
    (
        &["Parameter", "ClassToken", "ClsToken", "Variable"],
        "`x -> Learned([1, 64])` gives what is learnt, the same for each sample",
    ),
    (
        &["CosineSimilarity"],
        "the cosine of two vectors is `(x -> UnitNorm) * (y -> UnitNorm) -> Sum`, of all rows `(x, y) -> MatMul(transposed = true)`",
    ),
    (&["Hardshrink", "Softshrink"], "`Shrink(0.5)` is the hard one, `Shrink(0.5, 0.5)` the soft one"),
    (&["Tanhshrink"], "that is `x - (x -> Tanh)`"),
    (&["Softmin"], "that is `-1.0 * x -> Softmax`"),
    (&["Clamp", "Clip"], "`HardTanh(low = 0.0, high = 1.0)` keeps values between two limits"),
    (&["RoPE", "RotaryEmbedding", "Rotary"], "`Attention(8, rotary = true)` turns queries and keys by their positions"),
    (
        &["GroupedQueryAttention", "MultiQueryAttention"],
        "`Attention(8, key_heads = 2)` has fewer heads of keys and values than of queries",
    ),
    (
        &["PositionalEncoding", "PositionEmbedding"],
        "`SinusoidalPosition` adds sines and cosines of the position, `PositionalEmbedding(64)` vectors that are learnt",
    ),
    (
        &["Squeeze", "Unsqueeze", "ExpandDims", "Unflatten"],
        "axes come and go by `Reshape([1, 64])`, which has all of the new shape; the batch is not counted",
    ),
    (&["Chunk"], "parts are taken by `let (a, b) = split(x, 2)`"),
    (
        &["stack"],
        "values with an axis of size 1 in front are joined along it: `concat(x, y, axis = 0)`, from `Reshape([1, 8])`",
    ),
    (&["transpose"], "axes are swapped by `permute(x, [1, 0])`; the batch is not counted"),
    (&["randn", "randn_like"], "`standard_normal(x)` gives random numbers in the shape of `x`"),
    (&["maximum"], "the larger one of two values is `x + (y - x -> Relu)`"),
    (&["minimum"], "the smaller one of two values is `x - (x - y -> Relu)`"),
    (&["pow", "power"], "`square(x)` and `sqrt(x)` are there; other powers are `exp(3.0 * log(x))`"),
    (
        &["PixelUnshuffle", "SpaceToDepth"],
        "a convolution makes channels of pixels: `Conv2d(.., kernel = 2, stride = 2)` sees each block of four once",
    ),
    (
        &["MaxUnpool1d", "MaxUnpool2d"],
        "`UpSample2d(2)` repeats each value; none puts it back to where it was the largest",
    ),
    (&["ConvTranspose3d"], "none makes volumes larger: write a layer of your own, `self::Name`"),
    (
        &["Last", "LastStep", "TakeLast", "SelectLast"],
        "the last step alone is `last = true` of a recurrent layer, or of any 20 steps `Slice(19.., axis = 0)`",
    ),
    (&["Masking", "Mask"], "steps of zeros are passed over by `masked = true` of recurrent layers and of attention"),
];

/// How many numbers a layer gives out for each position.
const OUTPUT_SIZE: &[&str] = &[
    "units",
    "filters",
    "out_features",
    "out_channels",
    "out_dim",
    "output_dim",
    "hidden_size",
    "hidden_dim",
    "num_units",
    "num_filters",
    "embedding_dim",
];

/// How large a layer's input is.
const INPUT_SIZE: &[&str] = &[
    "input_shape",
    "input_dim",
    "input_size",
    "in_features",
    "in_channels",
    "embed_dim",
    "d_model",
    "num_features",
    "normalized_shape",
];

/// The arguments of layers, and what other frameworks call them.
const ARGUMENTS_ELSEWHERE: &[(&str, &[&str])] = &[
    ("units", OUTPUT_SIZE),
    ("filters", OUTPUT_SIZE),
    ("width", OUTPUT_SIZE),
    ("vocabulary", &["num_embeddings", "input_dim", "vocab_size"]),
    ("kernel", &["pool_size", "filter_size", "window_size", "size"]),
    ("padding", &["pad", "border"]),
    ("bias", &["use_bias", "with_bias"]),
    ("dilation", &["dilation_rate"]),
    ("multiplier", &["depth_multiplier"]),
    ("groups", &["num_groups"]),
    ("heads", &["num_heads", "n_heads", "nhead"]),
    ("key_heads", &["num_kv_heads", "n_kv_heads", "kv_heads"]),
    ("causal", &["is_causal", "use_causal_mask"]),
    ("reverse", &["go_backwards", "backwards"]),
    ("rate", &["p", "prob", "drop_prob", "dropout", "probability"]),
    ("deviation", &["std", "stddev", "sigma"]),
    ("epsilon", &["eps"]),
    ("slope", &["negative_slope", "alpha"]),
    ("factor", &["scale_factor", "upscale_factor", "scale", "size"]),
    ("size", &["output_size"]),
    ("positions", &["max_len", "max_length", "num_positions"]),
    ("shape", &["target_shape"]),
    ("axes", &["dim", "dims"]),
    ("axis", &["dim"]),
];

/// Arguments of other frameworks that are none here; of layers with an argument of the second name, where there is one.
const ARGUMENT_ADVICE: &[(&[&str], Option<&str>, &str)] = &[
    (&["return_sequences"], Some("last"), "all steps come out; `last = true` keeps the last one alone"),
    (&["return_state"], Some("last"), "`last = true` gives the last state alone; `LstmState` gives both of an `Lstm`"),
    (
        &["bidirectional"],
        Some("last"),
        "read both ways and join: `concat(x -> {layer}(8), x -> {layer}(8, reverse = true))`",
    ),
    (&["num_layers"], Some("last"), "layers follow each other: `-> {layer}(8) -> {layer}(8)`"),
    (&["key_dim", "head_dim"], Some("heads"), "each head has its share of the features: leave it out"),
    (
        &["kernel_initializer", "bias_initializer", "init"],
        Some("bias"),
        "how weights start stands in front: `#[init(HeNormal)] {layer}(..)`",
    ),
    (&["kernel_regularizer", "weight_decay"], Some("bias"), "a penalty stands in front: `#[l2(1e-3)] {layer}(..)`"),
    (&["trainable"], None, "what is not trained is marked in front: `#[freeze] {layer}(..)`"),
    (&["name"], None, "a name stands in front: `-> name: {layer}(..)`"),
    (INPUT_SIZE, None, "input sizes are inferred: leave it out"),
    (&["batch_first", "batch_size"], None, "the batch is no axis here: leave it out"),
    (&["data_format"], None, "channels come last, always: leave it out"),
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
    ("RandomNormal", "Normal"),
    ("RandomUniform", "Uniform"),
    ("TruncNormal", "TruncatedNormal"),
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

/// What to write in place of a layer or function that is none here.
pub(crate) fn advice(written: &str) -> Option<Meant<'static>> {
    let (_, text) = ADVICE.iter().find(|(names, _)| has(names, written))?;
    Some(Meant::Advice((*text).into()))
}

/// The argument that was meant, of a layer that accepts these: under its name elsewhere, or the nearest one.
pub(crate) fn argument<'c>(written: &str, layer: &str, accepted: &'c [String]) -> Option<Meant<'c>> {
    let accepted = || accepted.iter().map(String::as_str);
    let takes = |name: &str| accepted().find(|accepted| *accepted == name);
    let elsewhere = ARGUMENTS_ELSEWHERE.iter().filter(|(_, names)| has(names, written)).find_map(|(own, _)| takes(own));
    if let Some(own) = elsewhere {
        return Some(Meant::Name(own));
    }
    let is_of = |needs: &Option<&str>| needs.is_none_or(|name| takes(name).is_some());
    match ARGUMENT_ADVICE.iter().find(|(names, needs, _)| has(names, written) && is_of(needs)) {
        Some((.., text)) => Some(Meant::Advice(text.replace("{layer}", layer))),
        None => closest(written, accepted()).map(Meant::Name),
    }
}

fn has(names: &[&str], written: &str) -> bool {
    names.iter().any(|name| normalise(name) == normalise(written))
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
    use nn_core::spec::LAYERS;

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
    fn tables_speak_of_what_there_is() {
        let is_layer = |name: &str| LAYERS.iter().any(|info| normalise(info.name) == normalise(name));
        let takes = |name: &str| LAYERS.iter().flat_map(|info| info.arguments).any(|argument| argument.name == name);
        for name in ADVICE.iter().flat_map(|(names, _)| *names) {
            assert!(!is_layer(name), "{name} is a layer");
        }
        for (_, name) in ELSEWHERE {
            assert!(is_layer(name), "{name} is no layer");
        }
        let needed = ARGUMENT_ADVICE.iter().filter_map(|(_, needs, _)| *needs);
        for name in ARGUMENTS_ELSEWHERE.iter().map(|(own, _)| *own).chain(needed) {
            assert!(takes(name), "no layer has an argument {name}");
        }
    }

    #[test]
    fn arguments_are_found_under_their_names_elsewhere() {
        let meant = |written, accepted: &[&str]| {
            let accepted: Vec<String> = accepted.iter().map(ToString::to_string).collect();
            match argument(written, "Layer", &accepted) {
                Some(Meant::Name(name)) => name.to_owned(),
                Some(Meant::Advice(text)) => text,
                None => "nothing".into(),
            }
        };
        let conv = ["filters", "kernel", "stride", "padding", "bias", "dilation"];
        let written = ["out_channels", "kernel_size", "strides", "pad", "use_bias", "dilation_rate"];
        assert_eq!(written.map(|written| meant(written, &conv)), conv);
        assert_eq!(meant("hidden_size", &["units", "last"]), "units");
        assert_eq!(meant("output_dim", &["vocabulary", "width"]), "width");
        assert_eq!(meant("input_dim", &["vocabulary", "width"]), "vocabulary");
        assert_eq!(meant("input_dim", &["units"]), "input sizes are inferred: leave it out");
        assert_eq!(meant("num_layers", &["units", "last"]), "layers follow each other: `-> Layer(8) -> Layer(8)`");
        assert_eq!(meant("return_sequences", &["units"]), "nothing", "the layer has no `last`");
        assert_eq!(["p", "num_heads"].map(|written| meant(written, &["rate", "heads"])), ["rate", "heads"]);
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
