use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::place::{Place, squeezed};
use super::weights::WeightsError;
use crate::spec::Shape;
use crate::tensors::Tensor;
use crate::train::{fits, near_names, quoted};

/// How a file of weights is read or written whose tensors are not named and laid out as the network's.
///
/// # PyTorch
/// [`Loading::torch`] knows how PyTorch's layers keep their weights: a `state_dict` saved with the Python package `safetensors` loads
/// into a network of the same layers, and what [`Weights::save_with`](super::Weights::save_with) writes loads there with
/// `load_state_dict`.
///
/// | layer | there |
/// |---|---|
/// | `Dense` | `weight` is `[out, in]`; behind `Flatten` its columns are in PyTorch's order of channels, height, width |
/// | convolutions | `weight` is `[out, in, height, width]`, transposed ones `[in, out, height, width]` |
/// | normalisations | `scale` is `weight`, `shift` is `bias`, `running_variance` is `running_var`; their defaults differ: `BatchNorm(epsilon = 1e-5, momentum = 0.9)` is PyTorch's |
/// | `Lstm`, `Rnn` | `weight_ih_l0`, `weight_hh_l0`, and two biases that add up to one here; gates in the same order |
/// | `Gru` | as these, with both biases |
/// | `Embedding(padding = ..)` | its row is zeros here, and counts as such; there it is what stands in it |
/// | `WeightNormDense`, `WeightNormConv2d` | `parametrizations.weight.original0`, the magnitudes, and `original1`, the directions; the older `weight_norm`'s `weight_g` and `weight_v` by `rename("fc.magnitude", "fc.weight_g")` |
/// | `PRelu` | `slope` is `weight`; `PRelu(shared = true)` is `PReLU()`, with one number |
/// | `SeparableConv2d`, `SeparableConv1d` | as they are here: PyTorch has no such layers |
/// | `Attention` | `in_proj_weight` holds queries, keys and values; `out_proj` |
///
/// Names of layers are those of the network; [`Loading::rename`] gives others, such as the numbers of a `Sequential`:
///
/// ```
/// use nn_core::io::Loading;
///
/// let loading = Loading::torch().rename("conv", "features.0").rename("head", "classifier.2");
/// ```
///
/// # Anything else
/// An order of axes says where in the file each of the network's axes is, as `permute` does in PyTorch:
///
/// ```ignore
/// let loading = Loading::new()
///     .rename("fc.weight", "classifier.0.weight")
///     .permuted("fc.weight", &[1, 0])
///     .partial();
/// let left = network.load_with("other.safetensors", &loading)?;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loading {
    names: BTreeMap<String, String>,
    axes: BTreeMap<String, Vec<usize>>,
    flattened: BTreeMap<String, Vec<usize>>,
    unflattened: BTreeMap<String, Vec<usize>>,
    recurrent: BTreeMap<String, String>,
    in_order: BTreeSet<String>,
    shaped: BTreeMap<String, Vec<usize>>,
    without: BTreeSet<String>,
    ignored: BTreeSet<String>,
    pub(super) is_partial: bool,
    pub(super) is_converted: bool,
    pub(super) is_torch: bool,
}

impl Loading {
    /// All tensors, named and laid out as the network's.
    pub fn new() -> Self {
        Self::default()
    }

    /// All tensors, named and laid out as those of PyTorch's layers.
    pub fn torch() -> Self {
        Self { is_torch: true, ..Self::default() }
    }

    /// Takes what the network lacks in the file as it is, and leaves what the file has beyond it. Shapes and data types of what
    /// both have must fit all the same, and they must have something in common.
    #[must_use]
    pub fn partial(mut self) -> Self {
        self.is_partial = true;
        self
    }

    /// Takes numbers of another width, rounded to the network's scalar: a file of `BF16` or `F16`, as large models come in, into a
    /// network of `f32`, or one of `F32` into a network of `f64`. Without it, a file with another data type is refused.
    ///
    /// ```ignore
    /// network.load_with("model.safetensors", &Loading::torch().converted())?;
    /// ```
    #[must_use]
    pub fn converted(mut self) -> Self {
        self.is_converted = true;
        self
    }

    /// The network's tensor, layer or block `name` is neither read nor written: it keeps its numbers whatever the file has, such as
    /// the head of a network that is fine-tuned for other classes.
    ///
    /// ```ignore
    /// let left = network.load_with("pretrained.safetensors", &Loading::new().without("head"))?;
    /// ```
    #[must_use]
    pub fn without(mut self, name: impl Into<String>) -> Self {
        self.without.insert(name.into());
        self
    }

    /// What the file has under this name, and the network has not, is passed over: `*` stands for any characters, as in
    /// `transformer.h.*.attn.bias`, the mask that GPT-2's files have. Unlike [`Loading::partial`], all that the network has is asked for.
    #[must_use]
    pub fn ignore(mut self, stored: impl Into<String>) -> Self {
        self.ignored.insert(stored.into());
        self
    }

    /// The network's tensor, layer or block `name` is called `stored` in the file: `fc.weight`, `fc`, `blocks.0`. The longest
    /// name that fits a tensor counts. `rename("", "module")` puts a name in front of all, `rename("body", "")` takes one away.
    ///
    /// Queries, keys and values of `Attention`, which are one tensor in `nn.MultiheadAttention`, are tensors of their own under
    /// names of their own, as in Llama's and BERT's files:
    ///
    /// ```
    /// use nn_core::io::Loading;
    ///
    /// let loading = ["query", "key", "value", "output"].iter().zip(["q_proj", "k_proj", "v_proj", "o_proj"]).fold(
    ///     Loading::torch(),
    ///     |loading, (own, theirs)| loading.rename(format!("attention.{own}"), format!("self_attn.{theirs}.weight")),
    /// );
    /// ```
    #[must_use]
    pub fn rename(mut self, name: impl Into<String>, stored: impl Into<String>) -> Self {
        self.names.insert(name.into(), stored.into());
        self
    }

    /// The network's recurrent layer `name` is one of several in PyTorch's `stored`: `l1` is that on top of the first, `l0_reverse` the
    /// first one's other direction, as PyTorch's names of tensors end.
    ///
    /// ```
    /// use nn_core::io::Loading;
    ///
    /// let loading = Loading::torch().recurrent("forward", "lstm", "l0").recurrent("backward", "lstm", "l0_reverse");
    /// ```
    #[must_use]
    pub fn recurrent(mut self, name: impl Into<String>, stored: impl Into<String>, level: impl Into<String>) -> Self {
        let name = name.into();
        self.recurrent.insert(name.clone(), level.into());
        self.rename(name, stored)
    }

    /// Axis `i` of the network's tensor `name` is axis `axes[i]` in the file.
    #[must_use]
    pub fn permuted(mut self, name: impl Into<String>, axes: &[usize]) -> Self {
        self.axes.insert(name.into(), axes.to_vec());
        self
    }

    /// The layer `name`, a `Dense` or a norm, sees what was flattened in PyTorch from these axes here, channels last. Of images and
    /// volumes the network knows it where but point-wise layers and norms stand between, and refuses to guess elsewhere; of
    /// sequences not, because PyTorch has them in either order: say it where there they are `[channels, time]`.
    #[must_use]
    pub fn flattened(mut self, name: impl Into<String>, axes: &[usize]) -> Self {
        self.flattened.insert(name.into(), axes.to_vec());
        self
    }

    /// The features in front of the layer `name` stand in the same order in PyTorch: their axes have been turned there as here, by
    /// `Permute`, or were never turned.
    #[must_use]
    pub fn in_order(mut self, name: impl Into<String>) -> Self {
        self.in_order.insert(name.into());
        self
    }

    /// The network's tensor `name` has these axes in the file: its own, and others of size 1, such as `[1, 1, 64]` for a class token.
    /// They are read without; this says that they are to be written.
    #[must_use]
    pub fn shaped(mut self, name: impl Into<String>, axes: &[usize]) -> Self {
        self.shaped.insert(name.into(), axes.to_vec());
        self
    }

    /// What the layer `name`, a `Dense`, gives becomes an image of these axes here, channels last, by `Reshape`, and in PyTorch by
    /// `Unflatten` one with channels first.
    #[must_use]
    pub fn unflattened(mut self, name: impl Into<String>, axes: &[usize]) -> Self {
        self.unflattened.insert(name.into(), axes.to_vec());
        self
    }

    /// Whether the network has all tensors that this names, with such axes.
    pub(super) fn check(&self, tensors: &[Tensor], network: &'static str) -> Result<(), WeightsError> {
        let refused = |name: &String, with: String| Err(WeightsError::Loading { network, name: name.clone(), with });
        let find = |name: &str| tensors.iter().find(|tensor| tensor.name == name);
        let is_known = |name: &str| tensors.iter().any(|tensor| below(&tensor.name, name).is_some());
        if let Some((name, stored)) = self.names.iter().find(|(name, _)| !name.is_empty() && !is_known(name)) {
            let help = if is_known(stored) {
                format!("the network's name comes first, `rename(\"{stored}\", \"{name}\")`")
            } else {
                format!("the nearest names are {}", quoted(&near_names(name, tensors)))
            };
            return refused(name, format!("to rename\nhelp: {help}"));
        }
        for (name, axes) in &self.shaped {
            if find(name).is_none_or(|tensor| squeezed(tensor.shape.dims()) != squeezed(axes)) {
                return refused(name, format!("that could have the axes {axes:?}"));
            }
        }
        let is_layer = |name: &String| tensors.iter().any(|tensor| layer_of(tensor) == name);
        if let Some(name) = self.in_order.iter().find(|name| !is_layer(name)) {
            return refused(name, "whose features could be in order".into());
        }
        if let Some(name) = self.without.iter().find(|name| !is_known(name)) {
            return refused(name, "to leave out".into());
        }
        for (name, axes) in &self.axes {
            let rank = find(name).map(|tensor| tensor.shape.rank());
            let is_order = (0..axes.len()).all(|axis| axes.contains(&axis));
            if rank != Some(axes.len()) || !is_order {
                return refused(name, format!("with the axes {axes:?}"));
            }
        }
        let is_recurrent = |tensor: &Tensor| tensor.torch.names.iter().any(|name| name.ends_with(FIRST_LEVEL));
        for name in self.recurrent.keys() {
            let is_it = |tensor: &Tensor| below(&tensor.name, name).is_some() && is_recurrent(tensor);
            if !tensors.iter().any(is_it) {
                return refused(name, "of a recurrent layer".into());
            }
        }
        self.check_orders(tensors, network)
    }

    /// Whether the network has layers for what is said of the order of features, and whether enough is said.
    fn check_orders(&self, tensors: &[Tensor], network: &'static str) -> Result<(), WeightsError> {
        let both =
            self.flattened.iter().map(|said| (said, true)).chain(self.unflattened.iter().map(|said| (said, false)));
        for ((name, axes), is_before) in both {
            let product: usize = axes.iter().product();
            let fits = |shape: &Shape| {
                let dim = if is_before { shape.dims().first() } else { shape.dims().last() };
                shape.rank() <= 2 && dim == Some(&product)
            };
            let is_it = tensors.iter().any(|tensor| layer_of(tensor) == name && fits(&tensor.shape));
            if !is_it || axes.len() < 2 || axes.len() > 4 {
                let what = if is_before { "flattened" } else { "unflattened" };
                let with = format!("for {what} axes {axes:?}");
                return Err(WeightsError::Loading { network, name: name.clone(), with });
            }
        }
        let is_guess = |tensor: &Tensor| tensor.reordered && tensor.shape.len() > 1 && !self.says_order(tensor);
        match tensors.iter().find(|tensor| self.is_torch && is_guess(tensor)) {
            Some(tensor) => Err(WeightsError::Order { network, name: tensor.name.clone() }),
            None => Ok(()),
        }
    }

    /// Whether a tensor's order is said, or does not matter.
    fn says_order(&self, tensor: &Tensor) -> bool {
        let layer = layer_of(tensor);
        let is_said =
            self.flattened.contains_key(layer) || self.unflattened.contains_key(layer) || self.in_order.contains(layer);
        is_said || self.axes.contains_key(&tensor.name) || self.leaves_out(tensor)
    }

    /// Whether a tensor is left out.
    pub(super) fn leaves_out(&self, tensor: &Tensor) -> bool {
        self.without.iter().any(|name| below(&tensor.name, name).is_some())
    }

    /// Whether what the file has beyond the network is to be passed over.
    pub(super) fn ignores(&self, stored: &str) -> bool {
        self.ignored.iter().any(|pattern| fits(pattern.as_bytes(), stored.as_bytes()))
    }

    /// What a tensor, or a layer, of the network is called in the file.
    fn name_of(&self, name: &str) -> String {
        let renamed = self.names.iter().filter_map(|(own, stored)| Some((own.len(), stored, below(name, own)?)));
        match renamed.max_by_key(|(length, ..)| *length) {
            None => name.into(),
            Some((0, stored, _)) => format!("{stored}.{name}"),
            Some((_, stored, rest)) if stored.is_empty() => rest.trim_start_matches('.').into(),
            Some((_, stored, rest)) => format!("{stored}{rest}"),
        }
    }

    /// Whether several tensors of the network are said to stand in one of this name.
    fn is_shared(&self, stored: &str) -> bool {
        self.names.values().filter(|other| *other == stored).count() > 1
    }

    /// Where a tensor of the network is in the file.
    pub(super) fn place(&self, tensor: &Tensor, all: &[Tensor]) -> Place {
        let mut place = self.place_of(tensor, all);
        if let Some(axes) = self.shaped.get(&tensor.name).filter(|_| place.first_row.is_none()) {
            place.shape.clone_from(axes);
        }
        place
    }

    fn place_of(&self, tensor: &Tensor, all: &[Tensor]) -> Place {
        let name = &tensor.name;
        let axes = self.axes.get(name).map(Vec::as_slice);
        let Some((layer, own)) = name.rsplit_once('.').filter(|_| self.is_torch && axes.is_none()) else {
            return Place::new(self.name_of(name), tensor, axes.unwrap_or_default());
        };
        let mut orders = [&self.flattened, &self.unflattened].map(|said| said.get(layer).map(Vec::as_slice));
        if self.in_order.contains(layer) {
            orders[0] = Some(&[]);
        }
        let is_matrix = |other: &Tensor| other.shape.rank() == 2 && layer_of(other) == layer;
        let mut place = Place::torch(&self.name_of(layer), own, tensor, orders, all.iter().any(is_matrix));
        if let Some(level) = self.recurrent.get(layer) {
            for name in &mut place.names {
                if let Some(own) = name.strip_suffix(FIRST_LEVEL) {
                    *name = format!("{own}_{level}");
                }
            }
        }
        if let Some(stored) = self.names.get(name) {
            place.names = [stored.clone()].to_vec();
            if !self.is_shared(stored) {
                place.stands_alone();
            }
        }
        place
    }
}

/// How PyTorch's names end in the first recurrent layer of several.
const FIRST_LEVEL: &str = "_l0";

/// The layer that a tensor belongs to.
fn layer_of(tensor: &Tensor) -> &str {
    tensor.name.rsplit_once('.').map_or("", |(layer, _)| layer)
}

/// What is left of a name behind a part in front: nothing, or a dot and more. Everything stands behind nothing.
fn below<'n>(name: &'n str, part: &str) -> Option<&'n str> {
    if part.is_empty() {
        return Some(name);
    }
    name.strip_prefix(part).filter(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Writes a tensor of shape `dims` whose axis `i` is axis `axes[i]` of what is stored.
pub(super) fn permute<T: Copy>(stored: &[T], dims: &[usize], axes: &[usize], values: &mut [T]) {
    let mut strides = [0; 8];
    let mut stride = 1;
    for place in (0..dims.len()).rev() {
        // The network's axis that stands at this place in the file.
        let axis = axes.iter().position(|&stored| stored == place).unwrap_or(place);
        strides[axis] = stride;
        stride *= dims[axis];
    }
    for (number, value) in values.iter_mut().enumerate() {
        let (mut rest, mut index) = (number, 0);
        for axis in (0..dims.len()).rev() {
            index += rest % dims[axis] * strides[axis];
            rest /= dims[axis];
        }
        *value = stored[index];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Weights as _;
    use crate::io::testing::{Tiny, tiny};
    use crate::io::weights::HELP;
    use crate::simd::Plain as _;
    use alloc::string::ToString;
    use safetensors::Dtype;
    use safetensors::tensor::TensorView;
    use std::vec;

    fn bytes(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// As PyTorch lays out a linear layer.
    fn file() -> Vec<u8> {
        let net = tiny::<f32>();
        let transposed: Vec<f32> = (0..2).flat_map(|out| net.weight.map(|row| row[out])).collect();
        let (weight, bias) = (bytes(&transposed), bytes(&net.bias));
        let view = |shape: &[usize], data| TensorView::new(Dtype::F32, shape.to_vec(), data).unwrap();
        let tensors =
            [("0.weight", view(&[2, 3], &weight)), ("fc.bias", view(&[2], &bias)), ("other", view(&[2], &bias))];
        safetensors::serialize(tensors, None).unwrap()
    }

    #[test]
    fn some_tensors_come_from_other_names_and_layouts() {
        let loading = Loading::new().rename("fc.weight", "0.weight").permuted("fc.weight", &[1, 0]);
        let mut net = Tiny::<f32>::default();
        let error = net.load_safetensors_with(&file(), &loading).unwrap_err();
        assert_eq!(
            error.to_string().strip_suffix(HELP).unwrap(),
            "these are not the weights of `Tiny`\nmissing: norm.mean\nnot in the network: other"
        );
        assert_eq!(net.weight, [[0.0; 2]; 3]);
        let left = net.load_safetensors_with(&file(), &loading.partial()).unwrap();
        assert_eq!((left, net.weight, net.bias), (vec!["norm.mean".to_string()], tiny().weight, tiny().bias));
        let renamed = Loading::new().rename("fc.weight", "0.weight").partial();
        let error = net.load_safetensors_with(&file(), &renamed).unwrap_err().to_string();
        assert!(error.contains("fc.weight: expected F32 [3, 2], found F32 [2, 3]"), "{error}");
        let left = net.load_safetensors_with(&file(), &Loading::new().without("fc.weight").partial()).unwrap();
        assert_eq!(left, ["fc.weight", "norm.mean"]);
        let nothing = Loading::new().rename("fc", "elsewhere").rename("norm", "elsewhere").partial();
        let error = net.load_safetensors_with(&file(), &nothing).unwrap_err().to_string();
        assert!(error.contains("missing: fc.weight"), "nothing in common: {error}");
    }

    #[test]
    fn a_loading_that_makes_no_sense_is_refused() {
        let refused =
            |loading: Loading| tiny::<f32>().load_safetensors_with(&file(), &loading).unwrap_err().to_string();
        assert_eq!(
            refused(Loading::new().rename("fc.wait", "x")),
            "`Tiny` has no tensor `fc.wait` to rename\nhelp: the nearest names are `fc.weight`, `fc.bias`, `fc`"
        );
        assert_eq!(refused(Loading::new().without("head")), "`Tiny` has no tensor `head` to leave out");
        for axes in [&[0][..], &[0, 0], &[1, 2], &[0, 1, 2]] {
            assert!(refused(Loading::new().permuted("fc.weight", axes)).contains("with the axes"));
        }
        let turned = refused(Loading::new().rename("0.weight", "fc.weight"));
        assert!(turned.contains("comes first, `rename(\"fc.weight\", \"0.weight\")`"), "{turned}");
        assert!(refused(Loading::new().shaped("fc.bias", &[1, 3])).contains("that could have the axes [1, 3]"));
        assert!(refused(Loading::new().in_order("head")).contains("whose features could be in order"));
        let twice = Loading::new().rename("fc.bias", "other").rename("norm.mean", "other").partial();
        assert!(refused(twice).contains("to be read from `other`, from which another one is read"));
        let archive = tiny::<f32>().load_safetensors(b"PK\x03\x04...").unwrap_err().to_string();
        assert!(archive.contains("safetensors.torch.save_file"), "{archive}");
    }

    #[test]
    fn a_file_of_ours_says_how_it_is_laid_out() {
        let (own, torch) = (Loading::new(), Loading::torch());
        let net = tiny::<f32>();
        for (saved, other, help) in [(&own, &torch, "with `Loading::new()`"), (&torch, &own, "`Loading::torch()`")] {
            let content = net.to_safetensors_with(saved).unwrap();
            let mut back = Tiny::<f32>::default();
            let error = back.load_safetensors_with(&content, other).unwrap_err().to_string();
            assert!(error.contains(help), "{error}");
            back.load_safetensors_with(&content, saved).unwrap();
            assert_eq!(back.as_slice(), net.as_slice());
        }
    }

    #[test]
    fn names_in_front_come_and_go() {
        let net = tiny::<f32>();
        for (loading, expected) in [
            (Loading::new().rename("", "module"), "module.fc.weight"),
            (Loading::new().rename("fc", ""), "weight"),
            (Loading::new().rename("", "module").rename("fc", "head"), "head.weight"),
        ] {
            let content = net.to_safetensors_with(&loading).unwrap();
            let names: Vec<String> = safetensors::SafeTensors::deserialize(&content)
                .unwrap()
                .names()
                .iter()
                .map(ToString::to_string)
                .collect();
            assert!(names.iter().any(|name| name == expected), "{names:?}");
            let mut back = Tiny::<f32>::default();
            back.load_safetensors_with(&content, &loading).unwrap();
            assert_eq!(back.as_slice(), net.as_slice());
        }
        let more = Loading::new().rename("fc.weight", "0.weight").permuted("fc.weight", &[1, 0]).without("norm");
        assert!(Tiny::<f32>::default().load_safetensors_with(&file(), &more).is_err(), "`other` is too much");
        assert!(Tiny::<f32>::default().load_safetensors_with(&file(), &more.ignore("oth*")).is_ok());
    }

    #[test]
    fn axes_of_size_1_are_written_where_they_are_wanted() {
        let net = tiny::<f32>();
        let loading = Loading::torch().shaped("fc.bias", &[1, 2, 1]);
        let content = net.to_safetensors_with(&loading).unwrap();
        let file_of = safetensors::SafeTensors::deserialize(&content).unwrap();
        assert_eq!(file_of.tensor("fc.bias").unwrap().shape(), [1, 2, 1]);
        Tiny::<f32>::default().load_safetensors_with(&content, &loading).unwrap();
        Tiny::<f32>::default().load_safetensors_with(&content, &Loading::torch()).unwrap();
    }

    #[test]
    fn numbers_of_another_width_are_rounded_if_asked_for() {
        let net = tiny::<f64>();
        let flat: Vec<f64> = net.weight.as_flattened().iter().chain(&net.bias).chain(&net.mean).copied().collect();
        let as_file = |dtype, bytes: &[u8]| {
            let width = bytes.len() / flat.len();
            let view = |shape: &[usize], range: core::ops::Range<usize>| {
                TensorView::new(dtype, shape.to_vec(), &bytes[range.start * width..range.end * width]).unwrap()
            };
            let (weights, biases) = (net.weight.as_flattened().len(), net.bias.len());
            let rest = weights + biases;
            let tensors = [
                ("fc.weight", view(&[3, 2], 0..weights)),
                ("fc.bias", view(&[2], weights..rest)),
                ("norm.mean", view(&[flat.len() - rest], rest..flat.len())),
            ];
            safetensors::serialize(tensors, None).unwrap()
        };
        let doubles: Vec<u8> = flat.iter().flat_map(|value| value.to_le_bytes()).collect();
        let brain: Vec<u8> = flat.iter().flat_map(|value| (*value as f32).to_le_bytes()[2..].to_vec()).collect();
        let mut single = Tiny::<f32>::default();
        let file = as_file(Dtype::F64, &doubles);
        let error = single.load_safetensors(&file).unwrap_err().to_string();
        assert!(
            error.contains("fc.bias: expected F32 [2], found F64 [2]") && error.contains("`.converted()`"),
            "{error}"
        );
        let converted = Loading::new().converted();
        single.load_safetensors_with(&file, &converted).unwrap();
        assert_eq!(single.as_slice(), tiny::<f32>().as_slice());
        let mut double = Tiny::<f64>::default();
        double.load_safetensors_with(&tiny::<f32>().to_safetensors().unwrap(), &converted).unwrap();
        assert_eq!(double.as_slice(), flat);
        double = Tiny::default();
        double.load_safetensors_with(&as_file(Dtype::BF16, &brain), &converted).unwrap();
        assert_eq!(double.as_slice(), flat, "eight bits are enough for these");
        let huge: Vec<u8> = flat.iter().flat_map(|_| 1e300_f64.to_le_bytes()).collect();
        let error = single.load_safetensors_with(&as_file(Dtype::F64, &huge), &converted).unwrap_err().to_string();
        assert!(error.contains("fc.bias: expected F32 [2], found F64 [2] with numbers beyond it"), "{error}");
        let words = vec![0; 4 * flat.len()];
        let error = double.load_safetensors_with(&as_file(Dtype::I32, &words), &converted).unwrap_err().to_string();
        assert!(error.contains("found I32 [2]"), "{error}");
    }

    #[test]
    fn axes_of_any_order_are_found() {
        // A convolution of PyTorch: [out 2, in 3, height 1, width 4].
        let stored: Vec<usize> = (0..24).collect();
        let mut values = vec![0; 24];
        permute(&stored, &[1, 4, 3, 2], &[2, 3, 1, 0], &mut values);
        for (number, value) in values.iter().enumerate() {
            let (out, channel, column) = (number % 2, number / 2 % 3, number / 6);
            assert_eq!(*value, (out * 3 + channel) * 4 + column);
        }
        let mut one = [0];
        permute(&[7], &[], &[], &mut one);
        assert_eq!(one, [7]);
    }
}
