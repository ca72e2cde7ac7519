use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::weights::WeightsError;
use crate::tensors::Tensor;

/// How a file of weights is read whose tensors are not named and laid out as the network's.
///
/// PyTorch keeps a linear layer's weight as `[out, in]` and a convolution's as `[out, in, height, width]`; here they are
/// `[in, out]` and `[height, width, in, out]`. An order of axes says where in the file each of the network's axes is, as
/// `permute` does in PyTorch:
///
/// ```ignore
/// let loading = Loading::new()
///     .rename("fc.weight", "classifier.0.weight")
///     .permuted("fc.weight", &[1, 0])
///     .permuted("conv.weight", &[2, 3, 1, 0])
///     .partial();
/// let left = network.load_with("torch.safetensors", &loading)?;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loading {
    names: BTreeMap<String, String>,
    axes: BTreeMap<String, Vec<usize>>,
    pub(super) is_partial: bool,
}

impl Loading {
    /// All tensors, named and laid out as the network's.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what the network lacks in the file as it is, and leaves what the file has beyond it. Shapes and data types of what
    /// both have must fit all the same.
    #[must_use]
    pub fn partial(mut self) -> Self {
        self.is_partial = true;
        self
    }

    /// The network's tensor `name` is called `stored` in the file.
    #[must_use]
    pub fn rename(mut self, name: impl Into<String>, stored: impl Into<String>) -> Self {
        self.names.insert(name.into(), stored.into());
        self
    }

    /// Axis `i` of the network's tensor `name` is axis `axes[i]` in the file.
    #[must_use]
    pub fn permuted(mut self, name: impl Into<String>, axes: &[usize]) -> Self {
        self.axes.insert(name.into(), axes.to_vec());
        self
    }

    /// Whether the network has all tensors that this names, with such axes.
    pub(super) fn check(&self, tensors: &[Tensor], network: &'static str) -> Result<(), WeightsError> {
        let find = |name: &str| tensors.iter().find(|tensor| tensor.name == name);
        if let Some(name) = self.names.keys().find(|name| find(name).is_none()) {
            return Err(WeightsError::Loading { network, name: name.clone(), with: "to rename".into() });
        }
        for (name, axes) in &self.axes {
            let rank = find(name).map(|tensor| tensor.shape.rank());
            let is_order = (0..axes.len()).all(|axis| axes.contains(&axis));
            if rank != Some(axes.len()) || !is_order {
                return Err(WeightsError::Loading {
                    network,
                    name: name.clone(),
                    with: format!("with the axes {axes:?}"),
                });
            }
        }
        Ok(())
    }

    /// What a tensor of the network is called in the file.
    pub(super) fn name_of<'n>(&'n self, name: &'n str) -> &'n str {
        self.names.get(name).map_or(name, String::as_str)
    }

    pub(super) fn axes_of(&self, name: &str) -> Option<&[usize]> {
        self.axes.get(name).map(Vec::as_slice)
    }

    /// The shape that a tensor of the network has in the file.
    pub(super) fn stored_shape(&self, tensor: &Tensor) -> Vec<usize> {
        let mut shape = tensor.shape.dims().to_vec();
        for (axis, &stored) in self.axes_of(&tensor.name).into_iter().flatten().enumerate() {
            shape[stored] = tensor.shape.dims()[axis];
        }
        shape
    }
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
            error.to_string(),
            "these are not the weights of `Tiny`\nmissing: norm.mean\nnot in the network: other"
        );
        assert_eq!(net.weight, [[0.0; 2]; 3]);
        let left = net.load_safetensors_with(&file(), &loading.partial()).unwrap();
        assert_eq!((left, net.weight, net.bias), (vec!["norm.mean".to_string()], tiny().weight, tiny().bias));
        let renamed = Loading::new().rename("fc.weight", "0.weight").partial();
        let error = net.load_safetensors_with(&file(), &renamed).unwrap_err().to_string();
        assert!(error.contains("fc.weight: expected F32 [3, 2], found F32 [2, 3]"), "{error}");
    }

    #[test]
    fn a_loading_that_makes_no_sense_is_refused() {
        let refused =
            |loading: Loading| tiny::<f32>().load_safetensors_with(&file(), &loading).unwrap_err().to_string();
        assert_eq!(refused(Loading::new().rename("fc.wait", "x")), "`Tiny` has no tensor `fc.wait` to rename");
        for axes in [&[0][..], &[0, 0], &[1, 2], &[0, 1, 2]] {
            assert!(refused(Loading::new().permuted("fc.weight", axes)).contains("with the axes"));
        }
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
