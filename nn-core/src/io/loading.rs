use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::place::Place;
use super::weights::WeightsError;
use crate::spec::Shape;
use crate::tensors::Tensor;

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
    without: BTreeSet<String>,
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

    /// The network's tensor, layer or block `name` is called `stored` in the file: `fc.weight`, `fc`, `blocks.0`. The longest
    /// name that fits a tensor counts.
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
        if let Some(name) = self.names.keys().find(|name| !is_known(name)) {
            return refused(name, "to rename".into());
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
        let is_said = self.flattened.contains_key(layer) || self.unflattened.contains_key(layer);
        is_said || self.axes.contains_key(&tensor.name) || self.leaves_out(tensor)
    }

    /// Whether a tensor is left out.
    pub(super) fn leaves_out(&self, tensor: &Tensor) -> bool {
        self.without.iter().any(|name| below(&tensor.name, name).is_some())
    }

    /// What a tensor, or a layer, of the network is called in the file.
    fn name_of(&self, name: &str) -> String {
        let renamed = self.names.iter().filter_map(|(own, stored)| Some((own.len(), stored, below(name, own)?)));
        renamed
            .max_by_key(|(length, ..)| *length)
            .map_or_else(|| name.into(), |(_, stored, rest)| format!("{stored}{rest}"))
    }

    /// Where a tensor of the network is in the file.
    pub(super) fn place(&self, tensor: &Tensor, all: &[Tensor]) -> Place {
        let name = &tensor.name;
        let axes = self.axes.get(name).map(Vec::as_slice);
        let Some((layer, own)) = name.rsplit_once('.').filter(|_| self.is_torch && axes.is_none()) else {
            return Place::new(self.name_of(name), tensor, axes.unwrap_or_default());
        };
        let orders = [&self.flattened, &self.unflattened].map(|said| said.get(layer).map(Vec::as_slice));
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

/// What is left of a name behind a part in front: nothing, or a dot and more.
fn below<'n>(name: &'n str, part: &str) -> Option<&'n str> {
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
    use alloc::string::ToString as _;
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
        assert_eq!(refused(Loading::new().rename("fc.wait", "x")), "`Tiny` has no tensor `fc.wait` to rename");
        assert_eq!(refused(Loading::new().without("head")), "`Tiny` has no tensor `head` to leave out");
        for axes in [&[0][..], &[0, 0], &[1, 2], &[0, 1, 2]] {
            assert!(refused(Loading::new().permuted("fc.weight", axes)).contains("with the axes"));
        }
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
