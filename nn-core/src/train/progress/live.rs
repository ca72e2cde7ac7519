//! A view of training that fills some lines of a terminal, and is drawn again and again.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use super::chart::{Course, curve, extremes, sparkline};
use crate::train::tile::Tally;
use crate::train::{Epoch, History, Report};

const BAR: usize = 24;
const COLUMNS: usize = 62;
const ROWS: usize = 6;
/// Epochs in the lines of validation.
const EPOCHS: usize = 30;

/// What the view knows, and where it is drawn.
pub(super) struct Live {
    bar: ProgressBar,
    state: State,
}

/// What the view knows.
struct State {
    epochs: usize,
    epoch: usize,
    steps: usize,
    step: u64,
    /// The mean loss between one drawing and the next.
    losses: Course,
    /// Samples and loss of the epoch when it was last drawn.
    drawn: (f64, f64),
    /// How many samples this epoch has seen.
    samples: usize,
    begin: Instant,
    epoch_begin: Instant,
    /// Steps since `begin`.
    taken: u64,
    /// Loss and metrics of this epoch so far.
    report: String,
}

impl Live {
    pub(super) fn new(epochs: usize) -> Self {
        // What it shows stays, also when a callback or an error ends training.
        let bar =
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_finish(ProgressFinish::AndLeave);
        let style = ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        Self { bar: bar.with_style(style), state: State::new(epochs, Instant::now()) }
    }

    pub(super) fn begin(&mut self, epoch: usize, steps: usize) {
        self.state.begin(epoch, steps, Instant::now());
    }

    pub(super) fn step(&mut self, step: u64, tally: &Tally, report: &Report, history: &History) {
        self.state.step(step, tally, report);
        self.bar.set_message(self.state.text(history, Instant::now()));
    }

    pub(super) fn end(&mut self, history: &History, is_last: bool) {
        self.state.report = history.last().map(|epoch| epoch.training.to_string()).unwrap_or_default();
        self.state.step = self.state.steps as u64;
        self.bar.set_message(self.state.text(history, Instant::now()));
        if is_last {
            self.bar.finish();
        }
    }
}

impl State {
    fn new(epochs: usize, now: Instant) -> Self {
        let (losses, report) = (Course::default(), String::new());
        Self {
            epochs,
            epoch: 0,
            steps: 0,
            step: 0,
            losses,
            drawn: (0.0, 0.0),
            samples: 0,
            begin: now,
            epoch_begin: now,
            taken: 0,
            report,
        }
    }

    fn begin(&mut self, epoch: usize, steps: usize, now: Instant) {
        (self.epoch, self.steps, self.step, self.samples) = (epoch, steps, 0, 0);
        (self.drawn, self.epoch_begin) = ((0.0, 0.0), now);
    }

    fn step(&mut self, step: u64, tally: &Tally, report: &Report) {
        let (weight, loss) = (tally.weight - self.drawn.0, tally.loss - self.drawn.1);
        self.drawn = (tally.weight, tally.loss);
        // A fit that is resumed begins in the middle of an epoch, with sums from before.
        if weight > 0.0 {
            self.losses.push(loss / weight);
        }
        self.taken += step.saturating_sub(self.step);
        (self.step, self.samples, self.report) = (step, tally.samples, report.to_string());
    }

    /// All lines.
    fn text(&self, history: &History, now: Instant) -> String {
        let mut lines = [self.first_line(now)].to_vec();
        if !self.report.is_empty() {
            lines.push(self.report.clone());
        }
        lines.extend(self.chart());
        lines.extend(validation_lines(&history.epochs));
        lines.join("\n")
    }

    fn first_line(&self, now: Instant) -> String {
        let done = (self.step as usize * BAR).checked_div(self.steps).unwrap_or(0).min(BAR);
        let bar = "━".repeat(done) + &"─".repeat(BAR - done);
        let seconds = now.duration_since(self.epoch_begin).as_secs_f64();
        let speed = if seconds > 0.0 { self.samples as f64 / seconds } else { 0.0 };
        let left = (self.epochs.saturating_sub(self.epoch) * self.steps) as f64 + self.steps as f64 - self.step as f64;
        let pace = now.duration_since(self.begin).as_secs_f64() / self.taken.max(1) as f64;
        let time = if left > 0.0 {
            format!("{} left", clock(Duration::try_from_secs_f64(pace * left).unwrap_or(Duration::ZERO)))
        } else {
            format!("{} taken", clock(now.duration_since(self.begin)))
        };
        format!(
            "epoch {}/{} {bar} {}/{}  {} samples/s  {time}",
            self.epoch,
            self.epochs,
            self.step,
            self.steps,
            rounded(speed)
        )
    }

    /// The loss, as the steps went, between its least and its greatest number.
    fn chart(&self) -> Vec<String> {
        let values = self.losses.values();
        let Some((least, greatest)) = extremes(values).filter(|_| values.len() > 1) else { return Vec::new() };
        let line = |(row, line): (usize, String)| {
            let label = match row {
                0 => format!("{greatest:.4}"),
                row if row + 1 == ROWS => format!("{least:.4}"),
                _ => String::new(),
            };
            format!("{label:>9} │{line}")
        };
        curve(values, COLUMNS, ROWS).into_iter().enumerate().map(line).collect()
    }
}

/// A line for the validation loss and each metric: epoch by epoch, the last one, and the best loss.
fn validation_lines(epochs: &[Epoch]) -> Vec<String> {
    let reports: Vec<&Report> = epochs.iter().filter_map(|epoch| epoch.validation.as_ref()).collect();
    let Some(last) = reports.last() else { return Vec::new() };
    let names = core::iter::once("loss").chain(last.metrics.iter().map(|(name, _)| name.as_str()));
    let width = names.clone().map(|name| name.chars().count()).max().unwrap_or(0);
    let line = |(index, name): (usize, &str)| {
        let values: Vec<f64> = reports.iter().filter_map(|report| report.values().nth(index)).collect();
        let value = values.last().copied().unwrap_or(f64::NAN);
        let best = match index {
            0 => extremes(&values).map(|(least, _)| format!("  best {least:.4}")).unwrap_or_default(),
            _ => String::new(),
        };
        format!("validation {name:<width$} {value:.4} {}{best}", sparkline(&values, EPOCHS))
    };
    names.enumerate().map(line).collect()
}

/// `1:02:03`, or `2:03`.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Three digits are enough.
fn rounded(number: f64) -> String {
    match number {
        0.0..100.0 => format!("{number:.1}"),
        100.0..10_000.0 => format!("{number:.0}"),
        10_000.0..1e6 => format!("{:.1}k", number / 1e3),
        _ => format!("{:.1}M", number / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn the_view_shows_where_training_stands() {
        let start = Instant::now();
        let mut state = State::new(3, start);
        let report = |loss: f64| Report { samples: 1, loss, metrics: vec![("accuracy".into(), 0.5)] };
        state.begin(2, 10, start);
        for step in [2u64, 5] {
            let tally = Tally { samples: 32 * step as usize, weight: 32.0 * step as f64, loss: 64.0, metrics: vec![] };
            state.step(step, &tally, &report(0.5));
        }
        let epoch = |loss| Epoch { training: report(loss), validation: Some(report(loss)), seconds: 1.0, rate: 1.0 };
        let history = History { epochs: vec![epoch(2.0), epoch(1.0), epoch(1.5)] };
        let text = state.text(&history, start + Duration::from_secs(10));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "epoch 2/3 ━━━━━━━━━━━━──────────── 5/10  16.0 samples/s  0:30 left");
        assert_eq!(lines[1], "loss 0.5000, accuracy 0.5000");
        assert!(lines[2].starts_with("   1.0000 │⢱") || lines[2].starts_with("   1.0000 │"), "{text}");
        assert!(lines[7].starts_with("   0.0000 │"), "{text}");
        assert_eq!(lines[8], "validation loss     1.5000 █▁▅  best 1.0000");
        assert_eq!(lines[9], "validation accuracy 0.5000 ▄▄▄");
        assert!(lines.iter().all(|line| line.chars().count() < 80), "{text}");
        state.begin(3, 0, start);
        assert!(state.text(&History::default(), start).starts_with("epoch 3/3 "));
    }

    #[test]
    fn times_and_speeds_are_short() {
        assert_eq!(
            [0, 59, 61, 3723].map(|seconds| clock(Duration::from_secs(seconds))),
            ["0:00", "0:59", "1:01", "1:02:03"]
        );
        assert_eq!([1.25, 999.6, 12_345.0, 2.5e6].map(rounded), ["1.2", "1000", "12.3k", "2.5M"]);
    }
}
