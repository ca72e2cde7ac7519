use alloc::string::String;

use super::Callback;
use crate::scalar::Scalar;
use crate::train::{CheckpointError, State};

/// Puts a text into every checkpoint, such as the preprocessing of the data: training that is resumed must have the same, and
/// [`Checkpoint::attached`](crate::train::Checkpoint::attached) gives it back.
///
/// ```
/// use nn_core::train::callback::Attached;
///
/// // `Fitted::to_text` of the preprocessing that was measured on the training set
/// let mut preprocessing = Attached::new("preprocessing", "netform preprocessing 2\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    name: &'static str,
    text: String,
}

impl Attached {
    /// A text under a name.
    pub fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, text: text.into() }
    }
}

/// In front of the name.
pub(in crate::train) const ENTRY: &str = "attached.";

impl<T: Scalar> Callback<T> for Attached {
    fn name(&self) -> &'static str {
        "Attached"
    }

    fn save(&self, state: &mut State) {
        state.put_text(alloc::format!("{ENTRY}{}", self.name), &self.text);
    }

    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        let found = state.text(&alloc::format!("{ENTRY}{}", self.name))?;
        if found == self.text {
            return Ok(());
        }
        let [expected, found] = [&self.text[..], found].map(|text| alloc::format!("{text:?}"));
        Err(CheckpointError::Setting { name: self.name, expected, found })
    }
}
