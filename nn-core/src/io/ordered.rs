//! Safetensors files of which equal content makes equal bytes.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use safetensors::{SafeTensorError, View};

/// What stands in front of the metadata: they come first.
const FRONT: &[u8] = br#"{"__metadata__":"#;

/// The content of a file. The format's crate orders tensors, but writes metadata in an order that differs from call to call;
/// here they are in the order of their keys.
pub(in crate::io) fn serialize<S: AsRef<str> + Ord + core::fmt::Display, V: View>(
    tensors: impl IntoIterator<Item = (S, V)>,
    metadata: &BTreeMap<String, String>,
) -> Result<Vec<u8>, SafeTensorError> {
    let unordered = metadata.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    let mut content = safetensors::serialize(tensors, (!metadata.is_empty()).then_some(unordered))?;
    // The same entries, so as many bytes.
    let ordered = serde_json::to_vec(metadata)?;
    let start = size_of::<u64>() + FRONT.len();
    if content.get(size_of::<u64>()..start) == Some(FRONT)
        && let Some(place) = content.get_mut(start..start + ordered.len())
    {
        place.copy_from_slice(&ordered);
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use safetensors::tensor::{Dtype, TensorView};

    use super::*;

    #[test]
    fn metadata_are_in_the_order_of_their_keys() {
        let metadata: BTreeMap<String, String> =
            ["b", "a\"", "d", "c"].iter().map(|key| (key.to_string(), "\u{e9}\n".into())).collect();
        let tensor = || TensorView::new(Dtype::U8, alloc::vec![3], &[1, 2, 3]).unwrap();
        let content = serialize([("x", tensor())], &metadata).unwrap();
        for _ in 0..20 {
            assert_eq!(serialize([("x", tensor())], &metadata).unwrap(), content);
        }
        let (_, read) = safetensors::SafeTensors::read_metadata(&content).unwrap();
        let read: BTreeMap<_, _> = read.metadata().clone().unwrap().into_iter().collect();
        assert_eq!(read, metadata);
        let file = safetensors::SafeTensors::deserialize(&content).unwrap();
        assert_eq!(file.tensor("x").unwrap().data(), [1, 2, 3]);
        let without = serialize([("x", tensor())], &BTreeMap::new()).unwrap();
        assert!(safetensors::SafeTensors::deserialize(&without).is_ok());
    }
}
