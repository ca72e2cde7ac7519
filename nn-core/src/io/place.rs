use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::loading::permute;
use crate::spec::Shape;
use crate::tensors::{Tensor, Torch};

/// Where and how a file keeps a tensor of the network.
pub(super) struct Place {
    /// Under which name; of several, the sum is the tensor.
    pub(super) names: Vec<String>,
    /// The shape of what has that name.
    pub(super) shape: Vec<usize>,
    /// Where the tensor starts along the first axis, if others are there, too.
    pub(super) first_row: Option<usize>,
    /// The tensor's axes here, as many as are told apart there.
    dims: Vec<usize>,
    /// Which axis each is there.
    axes: Vec<usize>,
    /// How many of the axes there are one.
    merged: Vec<usize>,
}

impl Place {
    /// With the axes in this order; in their own for none.
    pub(super) fn new(name: String, tensor: &Tensor, axes: &[usize]) -> Self {
        let dims = tensor.shape.dims().to_vec();
        let axes = if axes.is_empty() { (0..dims.len()).collect() } else { axes.to_vec() };
        let merged = dims.iter().map(|_| 1).collect();
        Self::with([name].to_vec(), dims, axes, merged, None)
    }

    /// As PyTorch keeps it, in a layer of this name. `flattened` says what was flattened in front of the layer, if the network's own
    /// word is not to count, without axes that nothing was, `unflattened` what is made of its features behind it, and `is_affine` that the layer has a matrix.
    pub(super) fn torch(
        layer: &str,
        own_name: &str,
        tensor: &Tensor,
        [flattened, unflattened]: [Option<&[usize]>; 2],
        is_affine: bool,
    ) -> Self {
        let Torch { names, axes, merged, rows } = tensor.torch;
        let names = if names.is_empty() { &[own_name] } else { names };
        let in_layer = |name: &&str| if layer.is_empty() { (*name).into() } else { format!("{layer}.{name}") };
        let names = names.iter().map(in_layer).collect();
        let dims = tensor.shape.dims().to_vec();
        let known = tensor.flattened.as_ref().map(Shape::dims).filter(|axes| axes.len() > 2);
        let fits = |axes: &&[usize], dim: usize| axes.iter().product::<usize>() == dim;
        let flattened = flattened.or(known).filter(|axes| !axes.is_empty());
        match dims[..] {
            // Features alone.
            [all] => {
                let features = if is_affine { unflattened } else { flattened };
                if let Some(features) = features.filter(|axes| fits(axes, all)) {
                    let axes = channels_first(features.len(), 0).collect();
                    let merged = core::iter::once(features.len()).chain(merged.iter().skip(1).copied()).collect();
                    return Self::with(names, features.to_vec(), axes, merged, None);
                }
            }
            // `[in, out]` here, `[out, in]` there, each of several axes.
            [all, out] if axes == Torch::TRANSPOSED.axes => {
                let before = flattened.filter(|axes| fits(axes, all));
                let behind = unflattened.filter(|axes| fits(axes, out));
                if before.is_some() || behind.is_some() {
                    let (before, behind) = (before.unwrap_or(&dims[..1]), behind.unwrap_or(&dims[1..]));
                    let axes = channels_first(before.len(), behind.len()).chain(channels_first(behind.len(), 0));
                    let merged = [behind.len(), before.len()].to_vec();
                    return Self::with(names, [before, behind].concat(), axes.collect(), merged, None);
                }
            }
            _ => {}
        }
        let axes = if axes.is_empty() { (0..dims.len()).collect() } else { axes.to_vec() };
        let merged = if merged.is_empty() { dims.iter().map(|_| 1).collect() } else { merged.to_vec() };
        Self::with(names, dims, axes, merged, rows)
    }

    fn with(
        names: Vec<String>,
        dims: Vec<usize>,
        axes: Vec<usize>,
        merged: Vec<usize>,
        rows: Option<[usize; 2]>,
    ) -> Self {
        let mut place = Self { names, shape: Vec::new(), first_row: None, dims, axes, merged };
        place.shape = place.own_shape();
        if let (Some([start, all]), Some(first)) = (rows, place.shape.first_mut()) {
            (place.first_row, *first) = (Some(start), all);
        }
        place
    }

    /// It shares its name with no other.
    pub(super) fn stands_alone(&mut self) {
        (self.first_row, self.shape) = (None, self.own_shape());
    }

    /// The axes in the order of the file.
    fn ordered(&self) -> Vec<usize> {
        let mut ordered = self.dims.clone();
        for (&axis, &dim) in self.axes.iter().zip(&self.dims) {
            ordered[axis] = dim;
        }
        ordered
    }

    /// The shape there of this tensor alone.
    fn own_shape(&self) -> Vec<usize> {
        let ordered = self.ordered();
        let mut rest = ordered.iter();
        self.merged.iter().map(|&count| rest.by_ref().take(count).product()).collect()
    }

    /// Where in all that has this name the tensor's numbers stand.
    pub(super) fn range(&self) -> core::ops::Range<usize> {
        let len: usize = self.dims.iter().product();
        let row = self.own_shape().iter().skip(1).product::<usize>();
        let start = self.first_row.unwrap_or(0) * row;
        start..start + len
    }

    /// From the order of the file to that of the network.
    pub(super) fn read<T: Copy>(&self, stored: &[T], values: &mut [T]) {
        permute(stored, &self.dims, &self.axes, values);
    }

    /// From the order of the network to that of the file.
    pub(super) fn write<T: Copy>(&self, values: &[T], stored: &mut [T]) {
        let mut back = self.axes.clone();
        for (axis, &there) in self.axes.iter().enumerate() {
            back[there] = axis;
        }
        permute(values, &self.ordered(), &back, stored);
    }
}

/// A shape without axes of size 1.
pub(super) fn squeezed(shape: &[usize]) -> Vec<usize> {
    shape.iter().copied().filter(|size| *size != 1).collect()
}

/// Which axis each of so many is there, where channels, the last ones here, come first, behind others.
fn channels_first(rank: usize, others: usize) -> impl Iterator<Item = usize> {
    (0..rank).map(move |axis| others + (axis + 1) % rank)
}
