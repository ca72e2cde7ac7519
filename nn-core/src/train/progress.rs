//! What a user sees while training runs, on the error stream.

#[cfg(feature = "progress")]
mod chart;
#[cfg(feature = "progress")]
mod live;

use std::io::IsTerminal;
#[cfg(feature = "progress")]
use std::time::{Duration, Instant};

use super::tile::Tally;
use super::{History, Report};

/// How training shows its progress, always on the error stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// A bar on a terminal, where the feature `progress` is on; else lines.
    #[default]
    Auto,
    /// On a terminal, where the feature `progress` is on, a view of several lines: how far the epoch is, samples a second, the
    /// time that is left, a curve of the loss step by step, and how validation goes; else lines.
    Live,
    /// One line an epoch.
    Lines,
    /// Nothing.
    Silent,
}

/// Shows the progress of one training run.
pub(super) struct Display {
    lines: bool,
    epochs: usize,
    #[cfg(feature = "progress")]
    bar: Option<indicatif::ProgressBar>,
    #[cfg(feature = "progress")]
    live: Option<live::Live>,
    #[cfg(feature = "progress")]
    next: Instant,
}

/// A bar moves this often, so that it costs nothing.
#[cfg(feature = "progress")]
const INTERVAL: Duration = Duration::from_millis(80);

impl Display {
    pub(super) fn new(progress: Progress, epochs: usize) -> Self {
        let terminal = cfg!(feature = "progress") && std::io::stderr().is_terminal();
        let (bar, live) = (terminal && progress == Progress::Auto, terminal && progress == Progress::Live);
        Self {
            lines: progress != Progress::Silent && !bar && !live,
            epochs,
            #[cfg(feature = "progress")]
            bar: bar.then(|| {
                let bar = indicatif::ProgressBar::no_length();
                let style =
                    indicatif::ProgressStyle::with_template("{prefix} [{bar:24}] {pos}/{len}, {eta} left, {msg}");
                bar.with_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()))
            }),
            #[cfg(feature = "progress")]
            live: live.then(|| live::Live::new(epochs)),
            #[cfg(feature = "progress")]
            next: Instant::now() + INTERVAL,
        }
    }

    pub(super) fn begin(&mut self, epoch: usize, steps: usize) {
        let _ = (epoch, steps);
        #[cfg(feature = "progress")]
        if let Some(live) = &mut self.live {
            live.begin(epoch, steps);
        }
        #[cfg(feature = "progress")]
        if let Some(bar) = &self.bar {
            bar.reset();
            bar.set_message("");
            bar.set_length(steps as u64);
            bar.set_prefix(std::format!("epoch {epoch}/{}", self.epochs));
        }
    }

    /// After a step; `report` is asked for only when there is something to show.
    pub(super) fn step(&mut self, step: u64, tally: &Tally, history: &History, report: impl FnOnce(&Tally) -> Report) {
        let _ = (step, tally, history, &report);
        #[cfg(feature = "progress")]
        if (self.bar.is_some() || self.live.is_some()) && Instant::now() >= self.next {
            self.next = Instant::now() + INTERVAL;
            let report = report(tally);
            if let Some(bar) = &self.bar {
                bar.set_position(step);
                bar.set_message(std::string::ToString::to_string(&report));
            }
            if let Some(live) = &mut self.live {
                live.step(step, tally, &report, history);
            }
        }
    }

    pub(super) fn end(&mut self, number: usize, history: &History, is_last: bool) {
        let Some(epoch) = history.last() else { return };
        let line = || std::format!("epoch {number}/{}: {epoch}", self.epochs);
        if self.lines {
            std::eprintln!("{}", line());
        }
        let _ = is_last;
        #[cfg(feature = "progress")]
        if let Some(live) = &mut self.live {
            live.end(history, is_last);
        }
        #[cfg(feature = "progress")]
        if let Some(bar) = &self.bar {
            bar.println(line());
            if is_last {
                bar.finish_and_clear();
            }
        }
    }
}

/// Says once that this build is slow, where it is.
pub(super) fn warn_if_unoptimized(progress: Progress) {
    static ONCE: std::sync::Once = std::sync::Once::new();
    if cfg!(unoptimized) && progress != Progress::Silent {
        ONCE.call_once(|| {
            std::eprintln!(
                "netform: this build is not optimised, and trains some 50 times slower than it could\n\
                 help: run with `--release`, or add to Cargo.toml:\n\n    [profile.dev.package.\"*\"]\n    opt-level = 3\n"
            );
        });
    }
}
