/// A setting outside its range: what it is called, what was found, what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("`{name}` is out of range: expected {expected}, found {found}")]
pub struct OutOfRange {
    /// The setting's name.
    pub name: &'static str,
    /// What was given.
    pub found: f64,
    /// What is allowed, in words.
    pub expected: &'static str,
}

impl OutOfRange {
    /// Accepts finite numbers above 0.
    ///
    /// # Errors
    /// All other numbers.
    pub fn above_zero(name: &'static str, found: f64) -> Result<(), Self> {
        Self::unless(found > 0.0 && found.is_finite(), name, found, "a number above 0")
    }

    /// Accepts 0 and finite numbers above.
    ///
    /// # Errors
    /// All other numbers.
    pub fn not_negative(name: &'static str, found: f64) -> Result<(), Self> {
        Self::unless(found >= 0.0 && found.is_finite(), name, found, "a number of at least 0")
    }

    /// Accepts numbers from 0 on that are below 1.
    ///
    /// # Errors
    /// All other numbers.
    pub fn below_one(name: &'static str, found: f64) -> Result<(), Self> {
        Self::unless((0.0..1.0).contains(&found), name, found, "a number of at least 0 and below 1")
    }

    /// Accepts finite numbers.
    ///
    /// # Errors
    /// All other numbers.
    pub fn finite(name: &'static str, found: f64) -> Result<(), Self> {
        Self::unless(found.is_finite(), name, found, "a finite number")
    }

    pub(crate) fn unless(fits: bool, name: &'static str, found: f64, expected: &'static str) -> Result<(), Self> {
        if fits { Ok(()) } else { Err(Self { name, found, expected }) }
    }
}
