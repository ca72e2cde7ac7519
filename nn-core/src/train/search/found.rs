use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use super::{Point, Space};

/// One trial, trained for so many epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The trial, from 0 on: the same point, variant and seed for any number of epochs.
    pub number: usize,
    /// The variant's name.
    pub variant: String,
    /// The settings.
    pub point: Point,
    /// How long it trained.
    pub epochs: usize,
    /// What it reached; none when it failed.
    pub score: Option<f64>,
    /// Why it failed.
    pub failure: Option<String>,
    /// How long that took; of a trial from a file, how long it took then.
    pub seconds: f64,
}

/// What a search has found. Its `Display` is a table, the best first; `plot::search` draws it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// All attempts, round by round, by number in each.
    pub attempts: Vec<Attempt>,
    space: Space,
    higher_is_better: bool,
}

impl Found {
    pub(super) fn new(space: Space, higher_is_better: bool) -> Self {
        Self { attempts: Vec::new(), space, higher_is_better }
    }

    /// The best of those that trained longest.
    pub fn best(&self) -> Option<&Attempt> {
        self.ranked().into_iter().next().filter(|attempt| attempt.score.is_some())
    }

    /// The space that was searched.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Whether the score is better the higher it is.
    pub fn is_higher_better(&self) -> bool {
        self.higher_is_better
    }

    /// Each trial as it trained longest: those that went furthest first, the best of them first.
    pub fn ranked(&self) -> Vec<&Attempt> {
        let mut last: Vec<&Attempt> = Vec::new();
        for attempt in &self.attempts {
            match last.iter_mut().find(|other| other.number == attempt.number) {
                Some(other) => *other = attempt,
                None => last.push(attempt),
            }
        }
        last.sort_by(|left, right| right.epochs.cmp(&left.epochs).then_with(|| self.compare(left, right)));
        last
    }

    /// The best first, of equal ones the lower number; what failed last.
    pub(super) fn rank(&self, attempts: &mut [Attempt]) {
        attempts.sort_by(|left, right| self.compare(left, right));
    }

    fn compare(&self, left: &Attempt, right: &Attempt) -> Ordering {
        let order = match (left.score, right.score) {
            (Some(left), Some(right)) if self.higher_is_better => right.total_cmp(&left),
            (Some(left), Some(right)) => left.total_cmp(&right),
            (left, right) => right.is_some().cmp(&left.is_some()),
        };
        order.then(left.number.cmp(&right.number))
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut heads: Vec<String> = ["trial", "epochs", "score", "seconds", "variant"].map(String::from).to_vec();
        heads.extend(self.space.names().map(String::from));
        let mut rows = [heads].to_vec();
        for attempt in self.ranked() {
            let score = attempt.score.map_or_else(|| "failed".into(), |score| format!("{score:.4}"));
            let (number, epochs) = (attempt.number.to_string(), attempt.epochs.to_string());
            let mut row = [number, epochs, score, format!("{:.1}", attempt.seconds), attempt.variant.clone()].to_vec();
            row.extend(attempt.point.values().iter().map(|(_, value)| value.to_string()));
            rows.push(row);
        }
        let columns = rows[0].len();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (index, row) in rows.iter().enumerate() {
            let fields = row.iter().zip(&widths).map(|(field, &width)| format!("{field:>width$}"));
            let line = fields.collect::<Vec<_>>().join("  ");
            if index > 0 { write!(f, "\n{line}")? } else { write!(f, "{line}")? }
        }
        Ok(())
    }
}
