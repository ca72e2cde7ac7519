//! Tensors between a network and a file that names and lays them out in its own way.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, View};

use super::Loading;
use super::inspect::to_doubles;
use super::ordered;
use super::place::{Place, squeezed};
use super::raw::turn_to_little_endian;
use super::weights::{Difference, Mismatch, WeightsError, dtype};
use crate::checksum;
use crate::network::Network;
use crate::scalar::Scalar;
use crate::tensors::{self, Tensor};
use crate::train::WEIGHTS;

/// How files of `torch.save` begin: as an archive, and of old as a pickle.
const PICKLES: [&[u8]; 2] = [b"PK\x03\x04", b"\x80\x02"];

/// Whether a file of ours says that it is laid out as PyTorch's are; nothing where it does not say.
fn layout(content: &[u8]) -> Option<bool> {
    let (_, metadata) = SafeTensors::read_metadata(content).ok()?;
    let layout = metadata.metadata().as_ref()?.get(checksum::LAYOUT_KEY)?;
    Some(layout == checksum::LAYOUT_TORCH)
}

/// What PyTorch counts in a batch normalisation, and nothing here needs.
const COUNTER: &str = "num_batches_tracked";

/// Takes a network's tensors from the content of a file. Returns those that the loading leaves out, or has not found.
pub(super) fn load<T: Scalar, N: Network<T>>(
    network: &mut N,
    content: &[u8],
    loading: &Loading,
) -> Result<Vec<String>, WeightsError> {
    if PICKLES.iter().any(|start| content.starts_with(start)) {
        return Err(WeightsError::Pickle { path: None });
    }
    checksum::check_weights(content).map_err(|checksum::Damaged { expected, found }| WeightsError::Checksum {
        path: None,
        expected,
        found,
    })?;
    // A checkpoint has the weights among other things.
    let prefix = if checksum::is_checkpoint(content) { WEIGHTS } else { "" };
    let layout = layout(content);
    let content = SafeTensors::deserialize(content).map_err(|error| WeightsError::Format { path: None, error })?;
    if let Some(is_torch) = layout.filter(|is_torch| *is_torch != loading.is_torch) {
        return Err(WeightsError::Layout { path: None, is_torch });
    }
    let expected = tensors::tensors(N::PARTS);
    loading.check(&expected, N::NAME)?;
    let weights = |(name, view): (String, _)| Some((name.strip_prefix(prefix)?.to_string(), view));
    let offered: BTreeMap<String, TensorView<'_>> = content.tensors().into_iter().filter_map(weights).collect();
    let mut extra: Vec<&String> = offered.keys().collect();
    let mut mismatch = Mismatch { network: N::NAME, ..Mismatch::default() };
    let (mut found, mut left) = (Vec::with_capacity(expected.len()), Vec::new());
    let mut read: BTreeMap<String, bool> = BTreeMap::new();
    for tensor in &expected {
        let place = loading.place(tensor, &expected);
        extra.retain(|name| !place.names.contains(name));
        if loading.leaves_out(tensor) {
            left.push(tensor.name.clone());
            continue;
        }
        let is_shared = place.first_row.is_some();
        let is_taken =
            |name: &&String| read.insert((*name).clone(), is_shared).is_some_and(|other| !(other && is_shared));
        if let Some(name) = place.names.iter().find(is_taken) {
            let with = format!("to be read from `{name}`, from which another one is read");
            return Err(WeightsError::Loading { network: N::NAME, name: tensor.name.clone(), with });
        }
        let views: Option<Vec<_>> = place.names.iter().map(|name| offered.get(name)).collect();
        match views {
            None => mismatch.missing.push(missing(&tensor.name, &place)),
            Some(views) => match views.iter().find_map(|view| difference::<T>(&tensor.name, &place, view, loading)) {
                Some(difference) => mismatch.different.push(difference),
                None => found.push((tensor, place, views)),
            },
        }
    }
    let is_counter = |name: &&String| name.ends_with(COUNTER);
    let is_turned = mismatch.different.iter().any(|difference| difference.is_turned);
    mismatch.looks_like_torch = !loading.is_torch && (is_turned || extra.iter().any(&is_counter));
    let is_extra = |name: &&String| !(loading.is_torch && is_counter(name) || loading.ignores(name));
    mismatch.extra = extra.into_iter().filter(is_extra).cloned().collect();
    // Nothing in common is another network's file, or names that are all written in another way.
    if loading.is_partial && !found.is_empty() {
        mismatch.extra.clear();
        left.append(&mut mismatch.missing);
    }
    if !mismatch.is_empty() {
        return Err(WeightsError::Mismatch(mismatch));
    }
    for (tensor, place, views) in found {
        take(&place, &views, &mut network.as_mut_slice()[tensor.range.clone()]);
    }
    Ok(left)
}

/// The name of a tensor, with the file's if that is another.
fn missing(name: &str, place: &Place) -> String {
    match place.names.as_slice() {
        [stored] if stored == name => name.to_string(),
        stored => format!("{name} ({} in the file)", stored.join(" + ")),
    }
}

fn difference<T: Scalar>(name: &str, place: &Place, view: &TensorView<'_>, loading: &Loading) -> Option<Difference> {
    let is_number = matches!(view.dtype(), Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64);
    let fits = view.dtype() == dtype::<T>() || loading.is_converted && is_number;
    let is_beyond = overflows::<T>(view);
    // Axes of size 1 change nothing: PyTorch's models have them in front of a class token, behind a factor for each channel.
    let is_squeezed = view.shape().len() != place.shape.len() && squeezed(view.shape()) == squeezed(&place.shape);
    let has_shape = view.shape() == place.shape || loading.is_torch && is_squeezed;
    let sorted = |shape: &[usize]| {
        let mut sizes = shape.to_vec();
        sizes.sort_unstable();
        sizes
    };
    let same = fits && has_shape && !is_beyond;
    let form = |dtype: Dtype, shape: &[usize]| format!("{dtype} {shape:?}");
    let beyond = if is_beyond { " with numbers beyond it" } else { "" };
    (!same).then(|| Difference {
        name: name.to_string(),
        expected: form(dtype::<T>(), &place.shape),
        found: form(view.dtype(), view.shape()) + beyond,
        is_turned: !has_shape && sorted(view.shape()) == sorted(&place.shape),
    })
}

/// Whether a number becomes infinite by the network's scalar.
fn overflows<T: Scalar>(view: &TensorView<'_>) -> bool {
    let is_wider = view.dtype() == Dtype::F64 && dtype::<T>() != Dtype::F64;
    let numbers = if is_wider { to_doubles(view.dtype(), TensorView::data(view)) } else { None };
    numbers.is_some_and(|numbers| numbers.iter().any(|number| number.is_finite() && !T::of(*number).is_finite()))
}

/// Reads a tensor: of several with its names, the sum.
fn take<T: Scalar>(place: &Place, views: &[&TensorView<'_>], values: &mut [T]) {
    let mut read = vec![T::zero(); values.len()];
    values.fill(T::zero());
    for view in views {
        let stored = scalars::<T>(view);
        place.read(&stored[place.range()], &mut read);
        if views.len() == 1 {
            values.copy_from_slice(&read); // bit by bit, also what is no number
        } else {
            values.iter_mut().zip(&read).for_each(|(value, &read)| *value += read);
        }
    }
}

/// The file's bytes need not be aligned, and may be numbers of another width.
fn scalars<T: Scalar>(view: &TensorView<'_>) -> Vec<T> {
    let bytes = TensorView::data(view);
    if view.dtype() != dtype::<T>() {
        return to_doubles(view.dtype(), bytes).unwrap_or_default().into_iter().map(T::of).collect();
    }
    let mut values = vec![T::zero(); bytes.len() / size_of::<T>()];
    let target: &mut [u8] = bytemuck::cast_slice_mut(&mut values);
    target.copy_from_slice(bytes);
    target.chunks_exact_mut(size_of::<T>()).for_each(turn_to_little_endian);
    values
}

/// A tensor of a file that is being made.
struct Made<T> {
    shape: Vec<usize>,
    values: Vec<T>,
    /// Whether it holds several tensors of the network.
    is_shared: bool,
}

/// A network's tensors as the content of a file.
pub(super) fn save<T: Scalar, N: Network<T>>(network: &N, loading: &Loading) -> Result<Vec<u8>, WeightsError> {
    let expected = tensors::tensors(N::PARTS);
    loading.check(&expected, N::NAME)?;
    let mut made: BTreeMap<String, Made<T>> = BTreeMap::new();
    for tensor in expected.iter().filter(|tensor| !loading.leaves_out(tensor)) {
        let place = loading.place(tensor, &expected);
        let values = &network.as_slice()[tensor.range.clone()];
        for (number, name) in place.names.iter().enumerate() {
            // Of several whose sum counts, the first is all of it.
            let values = if number == 0 { Some(values) } else { None };
            put(&mut made, name, &place, values).map_err(|()| taken::<T, N>(tensor, name))?;
        }
    }
    let counters: Vec<String> = match loading.is_torch {
        true => {
            made.keys().filter_map(|name| Some(format!("{}{COUNTER}", name.strip_suffix("running_var")?))).collect()
        }
        false => Vec::new(),
    };
    let bytes = |(name, Made { shape, values, .. }): (String, Made<T>)| {
        let mut bytes: Vec<u8> = bytemuck::cast_slice(&values).to_vec();
        bytes.chunks_exact_mut(size_of::<T>()).for_each(turn_to_little_endian);
        (name, Written { dtype: dtype::<T>(), shape, bytes })
    };
    let counted = |name| (name, Written { dtype: Dtype::I64, shape: Vec::new(), bytes: vec![0; 8] });
    let written = made.into_iter().map(bytes).chain(counters.into_iter().map(counted));
    serialize(N::NAME, loading.is_torch, written)
}

/// The content of a file, with its checksum.
pub(super) fn serialize<V: View>(
    network: &str,
    is_torch: bool,
    tensors: impl IntoIterator<Item = (impl AsRef<str> + Ord + core::fmt::Display, V)>,
) -> Result<Vec<u8>, WeightsError> {
    let sum = (checksum::KEY.to_string(), [checksum::MARK, checksum::UNKNOWN].concat());
    let layout = if is_torch { checksum::LAYOUT_TORCH } else { "netform" };
    let layout = (checksum::LAYOUT_KEY.to_string(), layout.to_string());
    let metadata = [("network".to_string(), network.to_string()), layout, sum].into_iter().collect();
    let mut content =
        ordered::serialize(tensors, &metadata).map_err(|error| WeightsError::Format { path: None, error })?;
    let is_sealed = checksum::seal(&mut content, checksum::MARK.as_bytes());
    assert!(is_sealed, "cannot fail: the mark has just been written");
    Ok(content)
}

fn taken<T: Scalar, N: Network<T>>(tensor: &Tensor, name: &str) -> WeightsError {
    let with = format!("to be saved as `{name}`, which another one is called");
    WeightsError::Loading { network: N::NAME, name: tensor.name.clone(), with }
}

/// Puts a tensor into its place; nothing if that is taken.
fn put<T: Scalar>(
    made: &mut BTreeMap<String, Made<T>>,
    name: &str,
    place: &Place,
    values: Option<&[T]>,
) -> Result<(), ()> {
    let is_shared = place.first_row.is_some();
    let made = match made.entry(name.to_string()) {
        Entry::Vacant(entry) => {
            let values = vec![T::zero(); place.shape.iter().product()];
            entry.insert(Made { shape: place.shape.clone(), values, is_shared })
        }
        Entry::Occupied(entry) if is_shared && entry.get().is_shared && entry.get().shape == place.shape => {
            entry.into_mut()
        }
        Entry::Occupied(_) => return Err(()),
    };
    if let Some(values) = values {
        place.write(values, &mut made.values[place.range()]);
    }
    Ok(())
}

/// As the format's crate wants to see it.
struct Written {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl View for Written {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}
