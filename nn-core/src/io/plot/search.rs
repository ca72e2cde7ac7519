//! The picture of a search.

use alloc::string::String;
use alloc::vec::Vec;
use std::path::Path;

use plotters::style::RGBColor;

use super::PlotError;
use super::axes::{Axes, Mark, marks};
use super::canvas::{COLORS, Canvas, INK, PALE, mixed};
use super::font::{self, Style};
use super::ticks::{LARGEST, Ticks};
use crate::train::search::{Attempt, Found, Setting};

const PANEL: (f64, f64) = (330.0, 270.0);
const TOP: f64 = 52.0;
const COLUMNS: usize = 3;
const MOST_PANELS: usize = 24;
const MOST_CHOICES: usize = 12;

/// Draws a search into a PNG or SVG file: the scores by the number of epochs, a line for each trial; and the scores by each
/// setting, large and strong for those that trained longest, small and pale for those that were given up. Each variant has a
/// colour. Trials that failed are not drawn.
///
/// # Errors
/// When no trial has a score, there are more than 23 settings, or the file cannot be written.
pub fn search(path: impl AsRef<Path>, found: &Found) -> Result<(), PlotError> {
    let scored: Vec<Scored<'_>> = found.attempts.iter().filter_map(Scored::new).collect();
    if scored.is_empty() {
        return Err(PlotError::Nothing { what: "no trial has a score" });
    }
    let panels = found.space().names().count() + 1;
    if panels > MOST_PANELS {
        return Err(PlotError::TooMany { what: "settings", found: panels - 1, most: MOST_PANELS - 1 });
    }
    let picture = Picture::new(found, scored);
    let (columns, rows) = (panels.min(COLUMNS), panels.div_ceil(COLUMNS));
    let mut canvas = Canvas::new(((PANEL.0 * columns as f64) as u32, (TOP + PANEL.1 * rows as f64) as u32));
    picture.legend(&mut canvas)?;
    picture.by_epochs(&mut canvas);
    for (index, name) in found.space().names().enumerate() {
        picture.by_setting(&mut canvas, index + 1, name)?;
    }
    canvas.save(path.as_ref())
}

/// An attempt with its score.
struct Scored<'f> {
    attempt: &'f Attempt,
    score: f64,
}

impl<'f> Scored<'f> {
    fn new(attempt: &'f Attempt) -> Option<Self> {
        let score = attempt.score.filter(|score| score.abs() <= LARGEST)?;
        Some(Self { attempt, score })
    }
}

struct Picture<'f> {
    found: &'f Found,
    scored: Vec<Scored<'f>>,
    variants: Vec<&'f str>,
    scores: Ticks,
    longest: usize,
}

impl<'f> Picture<'f> {
    fn new(found: &'f Found, scored: Vec<Scored<'f>>) -> Self {
        let mut variants: Vec<&str> = Vec::new();
        for attempt in &found.attempts {
            if !variants.contains(&attempt.variant.as_str()) {
                variants.push(&attempt.variant);
            }
        }
        let scores = scored.iter().map(|scored| scored.score);
        let (least, greatest) =
            scores.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), score| (low.min(score), high.max(score)));
        let longest = scored.iter().map(|scored| scored.attempt.epochs).max().unwrap_or(1);
        Self { found, scored, variants, scores: Ticks::over(least, greatest, 5), longest }
    }

    /// The heading, and a disc and a name for each variant.
    fn legend(&self, canvas: &mut Canvas) -> Result<(), PlotError> {
        let trials = self.found.ranked().len();
        let heading = match self.found.best().and_then(|best| best.score) {
            Some(score) => std::format!("{trials} trials, the best {score:.4}"),
            None => std::format!("{trials} trials"),
        };
        let style = Style::new(14.0, INK).bold();
        canvas.text(&heading, (22.0, 24.0), style);
        let text = Style::new(11.0, INK);
        let mut x = 22.0 + font::width(&heading, style)? + 30.0;
        for (index, name) in self.variants.iter().enumerate() {
            let name = super::shortened(name);
            canvas.disc((x, 24.0), 4.0, COLORS[index % COLORS.len()]);
            canvas.text(&name, (x + 10.0, 24.0), text);
            x += font::width(&name, text)? + 32.0;
        }
        canvas.size.0 = canvas.size.0.max(x as u32);
        Ok(())
    }

    fn axes(&self, panel: usize, x: (f64, f64)) -> Axes {
        let (left, top) = ((panel % COLUMNS) as f64 * PANEL.0, TOP + (panel / COLUMNS) as f64 * PANEL.1);
        let corners = [(left + 62.0, top + 12.0), (left + PANEL.0 - 22.0, top + PANEL.1 - 56.0)];
        Axes { corners, x, y: (self.scores.low, self.scores.high) }
    }

    /// Strong for the longest trained, pale for the others.
    fn color(&self, attempt: &Attempt) -> RGBColor {
        let index = self.variants.iter().position(|name| *name == attempt.variant).unwrap_or(0);
        let color = COLORS[index % COLORS.len()];
        let share = (attempt.epochs as f64 / self.longest as f64).sqrt();
        mixed(RGBColor(255, 255, 255), color, 0.35 + 0.65 * share)
    }

    fn disc(&self, canvas: &mut Canvas, axes: &Axes, x: f64, scored: &Scored<'_>) {
        let radius = if scored.attempt.epochs == self.longest { 4.0 } else { 2.5 };
        canvas.disc(axes.place(x, scored.score), radius, self.color(scored.attempt));
    }

    fn by_epochs(&self, canvas: &mut Canvas) {
        let mut epochs: Vec<usize> = self.scored.iter().map(|scored| scored.attempt.epochs).collect();
        epochs.sort_unstable();
        epochs.dedup();
        // Rounds are as far apart as one another, because epochs multiply.
        let place = |attempt: &Attempt| epochs.iter().position(|&found| found == attempt.epochs).unwrap_or(0) as f64;
        let axes = self.axes(0, (-0.5, epochs.len() as f64 - 0.5));
        let x: Vec<Mark> =
            (0u32..).zip(&epochs).map(|(index, epochs)| (index.into(), std::format!("{epochs}"))).collect();
        axes.draw(canvas, &x, &marks(&self.scores), ["epochs", "score"]);
        for scored in &self.scored {
            let next = self.scored.iter().filter(|other| other.attempt.number == scored.attempt.number);
            let next = next.filter(|other| other.attempt.epochs > scored.attempt.epochs);
            if let Some(next) = next.min_by_key(|other| other.attempt.epochs) {
                let ends = [scored, next].map(|end| axes.place(place(end.attempt), end.score));
                canvas.line(&ends, self.color(next.attempt), 1.0);
            }
        }
        self.scored.iter().for_each(|scored| self.disc(canvas, &axes, place(scored.attempt), scored));
    }

    fn by_setting(&self, canvas: &mut Canvas, panel: usize, name: &str) -> Result<(), PlotError> {
        let choices = self.found.space().choices(name);
        let is_logarithmic = self.found.space().is_logarithmic(name);
        let value = |attempt: &Attempt| match attempt.point.get(name) {
            Some(Setting::Real(value)) if is_logarithmic => value.log10(),
            Some(Setting::Real(value)) => *value,
            Some(Setting::Integer(value)) => *value as f64,
            Some(Setting::Choice(value)) => {
                choices.and_then(|names| names.iter().position(|name| name == value)).unwrap_or(0) as f64
            }
            None => f64::NAN,
        };
        let values = self.scored.iter().map(|scored| value(scored.attempt));
        let (least, greatest) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let ticks = Ticks::over(least, greatest, 4);
        let (range, x): ((f64, f64), Vec<Mark>) = match choices {
            Some(names) if names.len() <= MOST_CHOICES => {
                let marks = (0u32..).zip(names).map(|(index, name)| (index.into(), short(name, names.len())));
                ((-0.5, names.len() as f64 - 0.5), marks.collect())
            }
            Some(names) => ((-0.5, names.len() as f64 - 0.5), Vec::new()),
            None if is_logarithmic => ((ticks.low, ticks.high), powers(&ticks)),
            None => ((ticks.low, ticks.high), marks(&ticks)),
        };
        let axes = self.axes(panel, range);
        axes.draw(canvas, &x, &marks(&self.scores), [&super::shortened(name), ""]);
        // The strongest on top.
        let mut order: Vec<&Scored<'_>> = self.scored.iter().collect();
        order.sort_by_key(|scored| scored.attempt.epochs);
        order.into_iter().for_each(|scored| self.disc(canvas, &axes, value(scored.attempt), scored));
        if x.is_empty() {
            let at = axes.place(range.0, self.scores.low);
            canvas.text("…", (at.0, at.1 + 16.0), Style::new(10.5, PALE));
        }
        Ok(())
    }
}

/// The marks of an axis of logarithms: powers of ten where there are some, else numbers.
fn powers(ticks: &Ticks) -> Vec<Mark> {
    let label = |&mark: &f64| {
        let number = 10f64.powf(mark);
        let text = match number {
            1e-2..1e4 => String::from(std::format!("{number:.3}").trim_end_matches('0').trim_end_matches('.')),
            _ => std::format!("{number:.1e}").replace(".0e", "e"),
        };
        (mark, text)
    };
    let whole: Vec<f64> = ticks.marks.iter().copied().filter(|mark| (mark - mark.round()).abs() < 1e-9).collect();
    if whole.len() > 1 { whole.iter().map(label).collect() } else { ticks.marks.iter().map(label).collect() }
}

/// A name that fits between others.
fn short(name: &str, count: usize) -> String {
    let most = (44 / count).max(3);
    if name.chars().count() <= most { name.into() } else { name.chars().take(most - 1).chain(['…']).collect() }
}
