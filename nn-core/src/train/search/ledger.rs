//! Finished trials, in a file of lines:
//!
//! ```text
//! netform search 1
//! seed 7
//! … what must be the same …
//!
//! trial 3 epochs 4 seconds 1.25 score 0.8125
//! trial 4 epochs 4 seconds 1.5 failed the loss is not finite
//! ```

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use std::path::{Path, PathBuf};

use super::SearchError;
use crate::files;

const FIRST: &str = "netform search 1";

/// How long a trial took, and its score, or why it has none.
pub(super) type Entry = (f64, Result<f64, String>);

/// All finished trials, by number of epochs and trial.
pub(super) struct Ledger {
    path: Option<PathBuf>,
    head: String,
    entries: BTreeMap<(usize, usize), Entry>,
}

impl Ledger {
    /// With what stands in the file, if there is one.
    pub(super) fn open(path: Option<PathBuf>, head: &[String]) -> Result<Self, SearchError> {
        let mut ledger = Self { head: format!("{FIRST}\n{}\n", head.join("\n")), path, entries: BTreeMap::new() };
        let Some(path) = ledger.path.clone() else { return Ok(ledger) };
        match std::fs::read_to_string(&path) {
            Ok(text) => ledger.entries = read(&text, &path, &ledger.head)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(SearchError::File { path, error }),
        }
        // What cannot be written is better known before the first trial than after it.
        ledger.write()?;
        Ok(ledger)
    }

    pub(super) fn get(&self, number: usize, epochs: usize) -> Option<&Entry> {
        self.entries.get(&(epochs, number))
    }

    pub(super) fn put(&mut self, number: usize, epochs: usize, entry: Entry) -> Result<(), SearchError> {
        self.entries.insert((epochs, number), entry);
        self.write()
    }

    fn write(&self) -> Result<(), SearchError> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut text = format!("{}\n", self.head);
        for ((epochs, number), (seconds, result)) in &self.entries {
            let result = match result {
                Ok(score) => format!("score {score:?}"),
                Err(failure) => format!("failed {}", failure.replace(['\n', '\r'], " ")),
            };
            text += &format!("trial {number} epochs {epochs} seconds {seconds:?} {result}\n");
        }
        files::replace(path, text.as_bytes()).map_err(|error| SearchError::File { path: path.clone(), error })
    }
}

fn read(text: &str, path: &Path, head: &str) -> Result<BTreeMap<(usize, usize), Entry>, SearchError> {
    let damaged =
        |line: usize, reason: &str| SearchError::Damaged { path: path.into(), line, reason: reason.to_owned() };
    if !text.starts_with(FIRST) {
        return Err(damaged(1, &format!("expected `{FIRST}`")));
    }
    let mut lines = (1..).zip(text.lines());
    for expected in head.lines() {
        let found = lines.next().map_or("", |(_, found)| found);
        if found != expected {
            return Err(SearchError::Other { path: path.into(), expected: expected.into(), found: found.into() });
        }
    }
    if lines.next().is_some_and(|(_, line)| !line.is_empty()) {
        return Err(SearchError::Other {
            path: path.into(),
            expected: "no more settings".into(),
            found: "more".into(),
        });
    }
    let mut entries = BTreeMap::new();
    for (number, line) in lines {
        let (key, entry) = read_line(line).ok_or_else(|| damaged(number, "this is no finished trial"))?;
        entries.insert(key, entry);
    }
    if text.ends_with('\n') { Ok(entries) } else { Err(damaged(text.lines().count(), "the line is cut off")) }
}

fn read_line(line: &str) -> Option<((usize, usize), Entry)> {
    let (number, rest) = line.strip_prefix("trial ")?.split_once(" epochs ")?;
    let (epochs, rest) = rest.split_once(" seconds ")?;
    let (seconds, rest) = rest.split_once(' ')?;
    let result = match rest.split_once(' ')? {
        ("score", score) => Ok(score.parse().ok().filter(|score: &f64| !score.is_nan())?),
        ("failed", reason) => Err(reason.to_string()),
        _ => return None,
    };
    Some(((epochs.parse().ok()?, number.parse().ok()?), (seconds.parse().ok()?, result)))
}
