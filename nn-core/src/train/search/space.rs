use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;

use super::SearchError;
use crate::OutOfRange;
use crate::random::Random;

/// Which settings there are, each with a name and where it is drawn from.
///
/// ```
/// use nn_core::train::search::Space;
///
/// let space = Space::new()
///     .logarithmic("learning rate", 1e-4..=1e-1)
///     .real("dropout", 0.0..=0.6)
///     .integer("batch size", 16..=128)
///     .choice("schedule", &["constant", "cosine"]);
/// assert_eq!(space.names().count(), 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Space {
    pub(super) dimensions: Vec<(String, Dimension)>,
}

/// Where a setting is drawn from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Dimension {
    Real(f64, f64),
    Logarithmic(f64, f64),
    Integer(usize, usize),
    Choice(Vec<String>),
}

/// The value of one setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A real number.
    Real(f64),
    /// A whole number.
    Integer(usize),
    /// One of some names.
    Choice(String),
}

/// A value for each setting of a space.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    values: Vec<(String, Setting)>,
}

impl Space {
    /// Without settings: then variants and seeds are all that differs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also a real number, all of a range as probable.
    #[must_use]
    pub fn real(self, name: impl Into<String>, range: RangeInclusive<f64>) -> Self {
        self.with(name, Dimension::Real(*range.start(), *range.end()))
    }

    /// Also a real number above 0, each order of magnitude as probable: for learning rates.
    #[must_use]
    pub fn logarithmic(self, name: impl Into<String>, range: RangeInclusive<f64>) -> Self {
        self.with(name, Dimension::Logarithmic(*range.start(), *range.end()))
    }

    /// Also a whole number, all of a range as probable.
    #[must_use]
    pub fn integer(self, name: impl Into<String>, range: RangeInclusive<usize>) -> Self {
        self.with(name, Dimension::Integer(*range.start(), *range.end()))
    }

    /// Also one of some names, all as probable.
    #[must_use]
    pub fn choice<S: AsRef<str>>(self, name: impl Into<String>, names: &[S]) -> Self {
        self.with(name, Dimension::Choice(names.iter().map(|name| name.as_ref().to_owned()).collect()))
    }

    fn with(mut self, name: impl Into<String>, dimension: Dimension) -> Self {
        self.dimensions.push((name.into(), dimension));
        self
    }

    /// What the settings are called.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.dimensions.iter().map(|(name, _)| name.as_str())
    }

    /// The names between which a setting chooses, if it does.
    pub fn choices(&self, name: &str) -> Option<&[String]> {
        match self.dimension(name)? {
            Dimension::Choice(names) => Some(names),
            _ => None,
        }
    }

    /// Whether a setting is drawn by its order of magnitude.
    pub fn is_logarithmic(&self, name: &str) -> bool {
        matches!(self.dimension(name), Some(Dimension::Logarithmic(..)))
    }

    fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|(found, _)| found == name).map(|(_, dimension)| dimension)
    }

    pub(super) fn check(&self) -> Result<(), SearchError> {
        for (name, dimension) in &self.dimensions {
            let fits = match dimension {
                Dimension::Real(low, high) => low <= high && low.is_finite() && high.is_finite(),
                Dimension::Logarithmic(low, high) => {
                    OutOfRange::above_zero("the least of a logarithmic range", *low)?;
                    low <= high && high.is_finite()
                }
                Dimension::Integer(low, high) => low <= high,
                Dimension::Choice(names) => !names.is_empty() && check_names(names.iter().map(String::as_str)).is_ok(),
            };
            if !fits {
                return Err(SearchError::Range { name: name.clone(), range: dimension.to_string() });
            }
        }
        Ok(())
    }

    /// A line for each setting.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        self.dimensions.iter().map(|(name, dimension)| format!("{name} = {dimension}"))
    }

    pub(super) fn draw(&self, random: &mut Random) -> Point {
        let value = |(name, dimension): &(String, Dimension)| (name.clone(), dimension.draw(random));
        Point { values: self.dimensions.iter().map(value).collect() }
    }
}

/// All are there once, and fit into a line.
pub(super) fn check_names<'n>(names: impl Iterator<Item = &'n str>) -> Result<(), SearchError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if name.trim().is_empty() || name.contains(['\n', '\r']) || !seen.insert(name) {
            return Err(SearchError::Name { name: name.into() });
        }
    }
    Ok(())
}

impl Dimension {
    fn draw(&self, random: &mut Random) -> Setting {
        // One number for each, so that a range does not move those behind it.
        let share = random.uniform();
        match self {
            Self::Real(low, high) => Setting::Real((low + (high - low) * share).clamp(*low, *high)),
            Self::Logarithmic(low, high) => {
                let (from, to) = (low.ln(), high.ln());
                Setting::Real((from + (to - from) * share).exp().clamp(*low, *high))
            }
            Self::Integer(low, high) => {
                Setting::Integer(low + ((share * ((high - low) as f64 + 1.0)) as usize).min(high - low))
            }
            Self::Choice(names) => {
                Setting::Choice(names[((share * names.len() as f64) as usize).min(names.len() - 1)].clone())
            }
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real(low, high) => write!(f, "real {low:?}..={high:?}"),
            Self::Logarithmic(low, high) => write!(f, "logarithmic {low:?}..={high:?}"),
            Self::Integer(low, high) => write!(f, "integer {low}..={high}"),
            Self::Choice(names) => write!(f, "choice {}", names.join(", ")),
        }
    }
}

impl Point {
    /// All settings with their values.
    pub fn values(&self) -> &[(String, Setting)] {
        &self.values
    }

    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.values.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// A setting that is a real number.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn real(&self, name: &str) -> Result<f64, SearchError> {
        match self.get(name) {
            Some(Setting::Real(value)) => Ok(*value),
            _ => Err(SearchError::NoSuchSetting { name: name.into(), kind: "real number" }),
        }
    }

    /// A setting that is a whole number.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn integer(&self, name: &str) -> Result<usize, SearchError> {
        match self.get(name) {
            Some(Setting::Integer(value)) => Ok(*value),
            _ => Err(SearchError::NoSuchSetting { name: name.into(), kind: "whole number" }),
        }
    }

    /// A setting that is one of some names.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn choice(&self, name: &str) -> Result<&str, SearchError> {
        match self.get(name) {
            Some(Setting::Choice(value)) => Ok(value),
            _ => Err(SearchError::NoSuchSetting { name: name.into(), kind: "choice" }),
        }
    }
}

/// Four digits of a real number.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Real(value) if *value == 0.0 || (1e-2..1e5).contains(&value.abs()) => format!("{value:.4}"),
            Self::Real(value) => format!("{value:.3e}"),
            Self::Integer(value) => value.to_string(),
            Self::Choice(value) => value.clone(),
        };
        f.pad(&text)
    }
}
