//! Mistakes that a user would make, each with the error that is shown for it.
//!
//! `TRYBUILD=overwrite cargo test --test compile_fail` writes the `.stderr` files anew. Each case states at its head
//! what its message must have, and its message is scored: a point for each of [`POINTS`].

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// How many cases there are at least; it only grows.
const CASES: usize = 400;
/// What a message can score. A point that a case cannot have, which its head states as `-`, counts as given.
const POINTS: [&str; 8] =
    ["span", "name", "shapes", "expected and found", "fix", "one error", "no internal names", "three lines"];
/// What every message scores at least.
const LEAST: usize = 7;
/// What all messages score on average, at least.
const LEAST_MEAN: f64 = 7.9;
/// What no user has written and none should read.
const INTERNAL: [&str; 8] = ["rt::", "nn_core", "__private", "Plan", "Broken", "trait bound", "`T`", "generic"];

#[test]
fn every_mistake_has_its_error() {
    lay_out_weights();
    // No `t.pass` in here: one would make trybuild build all cases instead of checking them.
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}

/// The cases are built as a crate of their own, and files of weights lie in their crate's folder.
fn lay_out_weights() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder in the target folder");
    let folder = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME")).join("weights");
    fs::create_dir_all(&folder).expect("a folder");
    for entry in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail/weights")).expect("weights")
    {
        let path = entry.expect("an entry").path();
        fs::copy(&path, folder.join(path.file_name().expect("a name"))).expect("a copy");
    }
}

/// What a case expects, read from the `//!` lines at its head; nothing for `-`.
struct Expectation {
    span: String,
    name: String,
    shapes: Vec<String>,
    expected_and_found: bool,
    fix: String,
    errors: usize,
}

impl Expectation {
    /// # Panics
    /// When the head leaves a line out: that a point cannot be had must be said.
    fn read(path: &Path) -> Self {
        let case = fs::read_to_string(path).expect("the case");
        let line = |name: &str| {
            let prefix = format!("//! {name}: ");
            let line = case.lines().find_map(|line| line.strip_prefix(&prefix));
            line.map(|text| if text == "-" { "" } else { text })
        };
        let field = |name: &str| {
            line(name).unwrap_or_else(|| panic!("{} does not say `{name}: ..`", path.display())).to_owned()
        };
        Self {
            span: field("span"),
            name: field("names"),
            shapes: shapes(&field("shapes")),
            expected_and_found: !field("expected and found").is_empty(),
            fix: field("fix"),
            errors: line("errors").map_or(1, |errors| errors.parse().expect("a number of errors")),
        }
    }

    /// Which of the [`POINTS`] a message has.
    fn score(&self, message: &str) -> [bool; POINTS.len()] {
        let texts = texts(message);
        let text = texts.join("\n");
        [
            self.span.is_empty() || underlined(message).contains(&self.span),
            text.contains(&self.name),
            self.shapes.iter().all(|shape| text.contains(shape)),
            !self.expected_and_found || (text.contains("expected") && text.contains("found")),
            text.contains(&self.fix),
            texts.len() == self.errors,
            !INTERNAL.iter().any(|name| text.contains(name)),
            texts.iter().all(|text| text.lines().count() <= 3),
        ]
    }
}

/// `[30, 30, 8] [10]` as two shapes; bare numbers count as well.
fn shapes(text: &str) -> Vec<String> {
    let pieces = text.split_inclusive(']').flat_map(|piece| match piece.find('[') {
        Some(_) => vec![piece.trim().to_owned()],
        None => piece.split_whitespace().map(str::to_owned).collect(),
    });
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// The text of each error: from `error` to the arrow that names the place.
fn texts(message: &str) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in message.lines() {
        if line.starts_with("error: aborting") || line.starts_with("error: could not") {
            is_inside = false;
        } else if line.starts_with("error") {
            texts.push(line.to_owned());
            is_inside = true;
        } else if line.trim_start().starts_with("-->") {
            is_inside = false;
        } else if is_inside && let Some(text) = texts.last_mut() {
            text.push('\n');
            text.push_str(line.trim());
        }
    }
    texts
}

/// The source that each row of carets underlines.
fn underlined(message: &str) -> Vec<String> {
    let lines: Vec<&str> = message.lines().collect();
    let mut found = Vec::new();
    for pair in lines.windows(2) {
        let Some(start) = pair[1].find('^') else { continue };
        let width = pair[1][start..].chars().take_while(|mark| *mark == '^').count();
        let source: String = pair[0].chars().skip(start).take(width).collect();
        found.push(source);
    }
    found
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let entries = fs::read_dir(folder).expect("the folder of cases").map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|kind| kind == "rs")).collect();
    cases.sort();
    cases
}

#[test]
fn messages_score_what_their_cases_expect() {
    let cases = cases();
    assert!(cases.len() >= CASES, "only {} cases", cases.len());
    let (mut table, mut total, mut least) = (String::new(), 0, POINTS.len());
    for case in &cases {
        let message = fs::read_to_string(case.with_extension("stderr")).unwrap_or_default();
        let score = Expectation::read(case).score(&message);
        let points = score.iter().filter(|has_point| **has_point).count();
        let lacks: Vec<&str> = POINTS.iter().zip(score).filter(|(_, has)| !has).map(|(point, _)| *point).collect();
        let name = case.file_stem().unwrap_or_default().to_string_lossy();
        writeln!(table, "{name:<40} {points}  {}", lacks.join(", ")).expect("a string takes all");
        total += points;
        least = least.min(points);
    }
    let mean = total as f64 / cases.len() as f64;
    println!("{table}{} cases, {mean:.3} of {} points on average", cases.len(), POINTS.len());
    assert!(least >= LEAST, "a message has {least} points, fewer than {LEAST}; see the table");
    assert!(mean >= LEAST_MEAN, "the messages fall short of {LEAST_MEAN} points on average; see the table");
}

#[test]
fn a_message_without_merit_scores_nothing_it_should_not() {
    let expectation = Expectation {
        span: "Dens".into(),
        name: "Dense".into(),
        shapes: vec!["[4]".into()],
        expected_and_found: true,
        fix: "did you mean".into(),
        errors: 1,
    };
    assert_eq!(expectation.score(""), [false, false, false, false, false, false, true, true]);
    let good =
        "error: `Dense` [4]: expected 4, found 5\n       did you mean 5?\n --> a.rs:1:1\n  |\n1 | Dens\n  | ^^^^\n";
    assert_eq!(expectation.score(good), [true; POINTS.len()]);
    let twice = format!("{good}\nerror: a\n b\n c\n the trait bound\n --> b.rs:1:1\n");
    assert_eq!(expectation.score(&twice), [true, true, true, true, true, false, false, false]);
}

#[test]
fn the_readme_shows_a_real_error() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let message = fs::read_to_string(root.join("tests/compile_fail/readme.stderr")).expect("the message");
    // The place differs: the README's network stands in a file of the reader's.
    let lines = message.lines().filter(|line| !line.contains("-->") && !line.trim_start().starts_with('|'));
    for line in lines {
        let text = line.split_once('|').map_or(line, |(_, source)| source).trim();
        assert!(readme.contains(text), "the README lacks `{text}`");
    }
}
