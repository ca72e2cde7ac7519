//! Mistakes that a user would make, each with the error that is shown for it.
//!
//! `TRYBUILD=overwrite cargo test --test compile_fail` writes the `.stderr` files anew. Each case states at its head
//! what its message must have; `messages_hold_what_their_case_expects` compares.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_mistake_has_its_error() {
    // No `t.pass` in here: one would make trybuild build all cases instead of checking them.
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}

/// What a case expects, read from the `//!` lines at its head; `-` stands for nothing to expect.
struct Expectation {
    span: String,
    names: String,
    shapes: Vec<String>,
    expected_and_found: bool,
    fix: String,
    errors: usize,
}

impl Expectation {
    fn read(case: &str) -> Self {
        let field = |name: &str| {
            let prefix = format!("//! {name}: ");
            let line = case.lines().find_map(|line| line.strip_prefix(&prefix));
            line.filter(|text| *text != "-").unwrap_or_default().to_owned()
        };
        let errors = field("errors").parse().unwrap_or(1);
        Self {
            span: field("span"),
            names: field("names"),
            shapes: shapes(&field("shapes")),
            expected_and_found: !field("expected and found").is_empty(),
            fix: field("fix"),
            errors,
        }
    }

    /// Everything that the message lacks.
    fn missing(&self, message: &str) -> Vec<String> {
        let mut missing = Vec::new();
        let mut expect = |holds: bool, what: &str| {
            if !holds {
                missing.push(what.to_owned());
            }
        };
        let texts = texts(message);
        let text = texts.join("\n");
        expect(underlined(message).contains(&self.span), "the span");
        expect(text.contains(&self.names), "the name");
        expect(self.shapes.iter().all(|shape| text.contains(shape)), "the shapes");
        expect(!self.expected_and_found || (text.contains("expected") && text.contains("found")), "expected and found");
        expect(text.contains(&self.fix), "the fix");
        expect(texts.len() == self.errors, "one error for one mistake");
        let internal = ["rt::", "nn_core", "__private", "Plan", "trait bound", "`T`", "generic"];
        expect(!internal.iter().any(|name| text.contains(name)), "freedom from internal names");
        expect(texts.iter().all(|text| text.lines().count() <= 3), "at most three lines");
        missing
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
fn messages_hold_what_their_case_expects() {
    let mut failures = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    for case in cases {
        let expectation = Expectation::read(&fs::read_to_string(&case).expect("the case"));
        let message = fs::read_to_string(case.with_extension("stderr")).unwrap_or_default();
        let missing = expectation.missing(&message);
        if !missing.is_empty() {
            failures.push(format!("{}: lacks {}\n{message}", case.display(), missing.join(", ")));
        }
    }
    assert!(failures.is_empty(), "{} messages fall short:\n{}", failures.len(), failures.join("\n"));
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
