use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::CheckpointError;
use crate::scalar::Scalar;

/// Numbers of one kind: an entry of a [`State`].
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Bytes, of a text for example.
    Bytes(Vec<u8>),
    /// Indices of samples.
    Indices(Vec<u32>),
    /// Counters and random bits.
    Integers(Vec<u64>),
    /// Single precision.
    Singles(Vec<f32>),
    /// Double precision.
    Doubles(Vec<f64>),
}

impl Values {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(values) => values.len(),
            Self::Indices(values) => values.len(),
            Self::Integers(values) => values.len(),
            Self::Singles(values) => values.len(),
            Self::Doubles(values) => values.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Scalars of a network.
    pub fn scalars<T: Scalar>(values: &[T]) -> Self {
        if size_of::<T>() == 4 {
            Self::Singles(bytemuck::cast_slice(values).to_vec())
        } else {
            Self::Doubles(bytemuck::cast_slice(values).to_vec())
        }
    }
}

/// Values under names: what a checkpoint holds, and what a callback adds to it.
///
/// ```
/// use nn_core::train::{State, Values};
///
/// let mut state = State::default();
/// state.put("best", Values::Doubles(vec![0.25]));
/// assert_eq!(state.doubles::<1>("best")?, [0.25]);
/// assert!(state.integers::<1>("best").is_err());
/// # Ok::<(), nn_core::train::CheckpointError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub(super) entries: BTreeMap<String, (Vec<usize>, Values)>,
}

impl State {
    /// Keeps values under a name, in place of any that were there.
    pub fn put(&mut self, name: impl Into<String>, values: Values) {
        let shape = [values.len()].to_vec();
        self.entries.insert(name.into(), (shape, values));
    }

    /// Keeps values with axes: their product is the number of values.
    pub(crate) fn put_shaped(&mut self, name: String, shape: &[usize], values: Values) {
        debug_assert_eq!(shape.iter().product::<usize>(), values.len());
        self.entries.insert(name, (shape.to_vec(), values));
    }

    /// Keeps a text.
    pub fn put_text(&mut self, name: impl Into<String>, text: &str) {
        self.put(name, Values::Bytes(text.as_bytes().to_vec()));
    }

    /// Takes over all of another state, its names behind a prefix and a dot.
    pub fn put_part(&mut self, prefix: &str, part: Self) {
        self.entries.extend(part.entries.into_iter().map(|(name, entry)| (format!("{prefix}.{name}"), entry)));
    }

    /// What [`State::put_part`] put under a prefix.
    #[must_use]
    pub fn part(&self, prefix: &str) -> Self {
        let own = |name: &String| Some(name.strip_prefix(prefix)?.strip_prefix('.')?.to_string());
        let entries = self.entries.iter().filter_map(|(name, entry)| Some((own(name)?, entry.clone())));
        Self { entries: entries.collect() }
    }

    /// The names of all values, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The values under a name.
    pub fn get(&self, name: &str) -> Option<&Values> {
        self.entries.get(name).map(|(_, values)| values)
    }

    /// So many whole numbers.
    ///
    /// # Errors
    /// When there are none of this name, kind and number.
    pub fn integers<const N: usize>(&self, name: &str) -> Result<[u64; N], CheckpointError> {
        let found = match self.get(name) {
            Some(Values::Integers(values)) => values.as_slice().try_into().ok(),
            _ => None,
        };
        found.ok_or_else(|| missing(name, format!("{N} whole numbers")))
    }

    /// So many numbers in double precision.
    ///
    /// # Errors
    /// When there are none of this name, kind and number.
    pub fn doubles<const N: usize>(&self, name: &str) -> Result<[f64; N], CheckpointError> {
        let found = self.double_slice(name)?;
        found.try_into().map_err(|_| missing(name, format!("{N} numbers in double precision")))
    }

    /// Any number of numbers in double precision.
    ///
    /// # Errors
    /// When there are none of this name and kind.
    pub fn double_slice(&self, name: &str) -> Result<&[f64], CheckpointError> {
        match self.get(name) {
            Some(Values::Doubles(values)) => Ok(values),
            _ => Err(missing(name, "numbers in double precision".into())),
        }
    }

    /// Any number of indices.
    ///
    /// # Errors
    /// When there are none of this name and kind.
    pub fn indices(&self, name: &str) -> Result<&[u32], CheckpointError> {
        match self.get(name) {
            Some(Values::Indices(values)) => Ok(values),
            _ => Err(missing(name, "indices".into())),
        }
    }

    /// So many scalars of a network.
    ///
    /// # Errors
    /// When there are none of this name, kind and number.
    pub fn scalars<T: Scalar>(&self, name: &str, count: usize) -> Result<&[T], CheckpointError> {
        let found: Option<&[T]> = match self.get(name) {
            Some(Values::Singles(values)) if size_of::<T>() == 4 => Some(bytemuck::cast_slice(values)),
            Some(Values::Doubles(values)) if size_of::<T>() == 8 => Some(bytemuck::cast_slice(values)),
            _ => None,
        };
        let found = found.filter(|found| found.len() == count);
        found.ok_or_else(|| missing(name, format!("{count} scalars `{}`", T::NAME)))
    }

    /// A text.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn text(&self, name: &str) -> Result<&str, CheckpointError> {
        let found = match self.get(name) {
            Some(Values::Bytes(bytes)) => core::str::from_utf8(bytes).ok(),
            _ => None,
        };
        found.ok_or_else(|| missing(name, "text".into()))
    }
}

fn missing(name: &str, expected: String) -> CheckpointError {
    CheckpointError::Missing { name: name.into(), expected }
}
