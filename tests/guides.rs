//! What the guides say must be so. Their programs are doc tests; this holds the table of layers to the layers themselves,
//! and the errors that are shown to those of `tests/compile_fail`.
//!
//! `TRYBUILD=overwrite cargo test --test guides` puts the errors as they are now into the page.

use std::fs;
use std::path::{Path, PathBuf};

use netform::spec::{Argument, ArgumentKind, Axes, LAYERS, LayerInfo, Padding, Range, Shape, Value};

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A row of the table of layers.
struct Row {
    /// `Dropout(rate)`
    layer: String,
    /// `any`, or shapes.
    takes: String,
    /// `the same`, shapes, or words.
    gives: String,
}

/// The rows under `# Built-in layers` that begin with a layer.
fn rows() -> Vec<Row> {
    let page = read(&page("language.md"));
    let (_, table) = page.split_once("# Built-in layers").expect("the section");
    let table = table.split("\n# ").next().unwrap_or_default();
    let cells = |line: &str| -> Vec<String> { line.split('|').skip(1).map(|cell| cell.trim().to_owned()).collect() };
    let rows = table.lines().filter(|line| line.starts_with("| `")).map(cells);
    rows.map(|cells| Row {
        layer: cells[0].trim_matches('`').to_owned(),
        takes: cells[1].clone(),
        gives: cells[2].clone(),
    })
    .collect()
}

/// `Dense(units, bias = true, input = ..)`
fn written(info: &LayerInfo) -> String {
    let arguments: Vec<String> = info.arguments.iter().map(written_argument).collect();
    if arguments.is_empty() { info.name.into() } else { format!("{}({})", info.name, arguments.join(", ")) }
}

fn written_argument(argument: &Argument) -> String {
    let Some(default) = argument.default else { return argument.name.into() };
    let default = match default {
        Value::Size(size) | Value::Pair([size, _]) | Value::Triple([size, ..]) => size.to_string(),
        Value::Number(number) => format!("{number:?}"),
        Value::Flag(flag) => flag.to_string(),
        Value::Padding(Padding::Same) => "same".into(),
        Value::Padding(Padding::Valid) => "valid".into(),
        Value::Padding(Padding::Causal) => "causal".into(),
        Value::Padding(Padding::Amount(amount)) => amount.to_string(),
        Value::Padding(Padding::Sides([front, behind])) => format!("[{front}, {behind}]"),
        Value::Axis(axis) => axis.to_string(),
        Value::Axes(axes) => {
            axes.as_slice().first().expect("one axis: no default has more until this line knows how").to_string()
        }
        Value::Shape(_) | Value::Range(_) | Value::Absent => "..".into(),
    };
    format!("{} = {default}", argument.name)
}

/// Arguments with which a layer takes this shape, if it takes shapes of this rank at all.
fn values(info: &LayerInfo, input: Shape) -> Vec<Value> {
    let value = |argument: &Argument| {
        argument.default.unwrap_or(match argument.kind {
            // Of the two steps of these shapes one asks and one is heard; so are two features, or rows, one for each side.
            ArgumentKind::Size if ["queries", "first", "rows"].contains(&argument.name) => Value::Size(1),
            // Nothing is left of these shapes where two are cut off on both sides.
            ArgumentKind::Size if argument.name == "before" => Value::Size(0),
            ArgumentKind::Size | ArgumentKind::OptionalSize => Value::Size(2),
            ArgumentKind::Pair | ArgumentKind::OptionalPair => Value::Pair([2, 2]),
            ArgumentKind::Triple | ArgumentKind::OptionalTriple => Value::Triple([2; 3]),
            ArgumentKind::Number => Value::Number(0.5),
            ArgumentKind::Flag => Value::Flag(true),
            ArgumentKind::Padding => Value::Padding(Padding::Valid),
            ArgumentKind::Shape => Value::Shape(input),
            ArgumentKind::Axis => Value::Axis(0),
            ArgumentKind::Axes => Value::Axes(Axes::new(&[0, 1, 2, 3][..input.rank()])),
            ArgumentKind::Range => Value::Range(Range { start: 0, end: Some(2) }),
        })
    };
    info.arguments.iter().map(value).collect()
}

/// The ranks of the shapes in a cell: 1 and 2 for `[features]`, `[time, features]`.
fn ranks(cell: &str) -> Vec<usize> {
    let shapes = cell.split('`').filter(|piece| piece.starts_with('['));
    shapes.map(|shape| shape.split(',').count()).collect()
}

#[test]
fn the_table_of_layers_has_every_layer_and_argument() {
    let rows = rows();
    for info in LAYERS {
        let expected = written(info);
        let is_there = rows.iter().any(|row| row.layer == expected);
        assert!(is_there, "docs/language.md: the table of layers lacks a row for `{expected}`");
    }
    assert_eq!(rows.len(), LAYERS.len(), "docs/language.md: the table has rows for layers that are not there");
}

#[test]
fn the_table_of_layers_tells_what_they_take_and_give() {
    for info in LAYERS {
        let expected = written(info);
        let Some(row) = rows().into_iter().find(|row| row.layer == expected) else { continue };
        let (taken, given) = (ranks(&row.takes), ranks(&row.gives));
        for rank in 1..=4 {
            let input = Shape::new(&[2, 6, 4, 2][..rank]);
            let output = (info.out_shape)(&values(info, input), input);
            let is_taken = row.takes == "any" || taken.contains(&rank);
            assert_eq!(output.is_ok(), is_taken, "docs/language.md: `{}` and {input}", row.layer);
            let Ok(output) = output else { continue };
            if row.gives == "the same" {
                assert_eq!(output, input, "docs/language.md: `{}` gives another shape", row.layer);
            } else if let Some(place) = taken.iter().position(|taken| *taken == rank) {
                assert_eq!(Some(&output.rank()), given.get(place), "docs/language.md: `{}` on {input}", row.layer);
            }
        }
    }
}

/// An error on the page: behind `<!-- case -->`, or `<!-- case 8 -->` for its first 8 lines.
struct Shown {
    case: String,
    lines: usize,
    text: String,
}

/// The errors that the page shows, and the page with those of `tests/compile_fail` in their places.
fn errors(page: &str) -> (Vec<Shown>, String) {
    let (mut shown, mut renewed, mut rest) = (Vec::new(), String::new(), page);
    while let Some(start) = rest.find("<!-- ") {
        let head = rest[start..].find("```text\n").expect("a text behind a comment") + start + "```text\n".len();
        let end = rest[head..].find("```").expect("the text's end") + head;
        let mut words = rest[start + "<!-- ".len()..].split_whitespace();
        let case = words.next().unwrap_or_default().to_owned();
        let lines = words.next().and_then(|word| word.parse().ok()).unwrap_or(usize::MAX);
        renewed += &rest[..head];
        renewed += &message(&case, lines);
        shown.push(Shown { case, lines, text: rest[head..end].to_owned() });
        rest = &rest[end..];
    }
    (shown, renewed + rest)
}

/// The first lines of a case's message, as if it stood in the reader's program.
fn message(case: &str, lines: usize) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let message = read(&root.join(format!("{case}.stderr")));
    let place = format!("tests/compile_fail/{case}.rs");
    message.lines().take(lines).map(|line| line.replace(&place, "src/main.rs") + "\n").collect()
}

#[test]
fn the_errors_that_are_shown_are_real() {
    let path = page("errors.md");
    let page = read(&path);
    let (shown, renewed) = errors(&page);
    assert!(shown.len() >= 10, "only {} errors are shown", shown.len());
    if std::env::var("TRYBUILD").is_ok_and(|value| value == "overwrite") {
        fs::write(&path, renewed).expect("the page can be written");
        return;
    }
    for Shown { case, lines, text } in shown {
        let real = message(&case, lines);
        assert_eq!(text, real, "docs/errors.md shows another `{case}`; TRYBUILD=overwrite renews the page");
    }
}
