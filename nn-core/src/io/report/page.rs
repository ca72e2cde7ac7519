//! HTML: one page, no scripts, nothing from elsewhere.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::io::plot::escaped;
use crate::train::{Epoch, History, Report};

/// More epochs than this are shown in part: the first, the last, the best, and every so many.
const MOST_ROWS: usize = 200;

const STYLE: &str = "
body { font: 15px/1.5 'Open Sans', system-ui, sans-serif; color: #1f2937; background: #fff; max-width: 1100px; margin: 2em auto; padding: 0 1.5em }
h1 { font-size: 1.6em; margin: 0 0 .3em } h2 { font-size: 1.15em; margin: 2em 0 .6em; border-bottom: 1px solid #e5e7eb; padding-bottom: .2em }
nav a { color: #2563eb; text-decoration: none; margin-right: 1.2em }
figure { margin: 0 0 1em; overflow-x: auto } figure svg, figure img { max-width: 100%; height: auto }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .9em }
th, td { padding: .22em .9em; text-align: right; border-bottom: 1px solid #e5e7eb; font-variant-numeric: tabular-nums }
th { color: #6b7280; font-weight: 600 } th:first-child, td:first-child { text-align: left }
tr.best td { background: #eff6ff; font-weight: 600 } td.text { text-align: left }
pre { font-size: .85em; line-height: 1.35; overflow-x: auto; background: #f6f7f9; padding: .8em 1em; border-radius: 4px }
";

pub(super) fn page<'s>(title: &str, sections: impl Iterator<Item = (&'s str, &'s str)>) -> String {
    let (mut links, mut bodies) = (String::new(), String::new());
    for (number, (heading, body)) in (1..).zip(sections) {
        let heading = escaped(heading);
        links += &format!("<a href=\"#s{number}\">{heading}</a>\n");
        bodies += &format!("<section id=\"s{number}\">\n<h2>{heading}</h2>\n{body}\n</section>\n");
    }
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<nav>\n{links}</nav>\n{bodies}</body>\n</html>\n"
    )
}

/// A table; what is no number stands on the left of its column.
pub(super) fn table<C: AsRef<str>>(columns: &[C], rows: &[Vec<String>]) -> String {
    marked_table(columns, rows.iter().map(|row| (false, row.clone())))
}

fn marked_table<C: AsRef<str>>(columns: &[C], rows: impl Iterator<Item = (bool, Vec<String>)>) -> String {
    let heads: String = columns.iter().map(|column| format!("<th>{}</th>", escaped(column.as_ref()))).collect();
    let mut text = format!("<div class=\"scroll\"><table>\n<tr>{heads}</tr>\n");
    for (is_best, row) in rows {
        let cell = |cell: &String| {
            let is_text = cell.parse::<f64>().is_err() && cell.chars().any(char::is_alphabetic);
            format!("<td{}>{}</td>", if is_text { " class=\"text\"" } else { "" }, escaped(cell))
        };
        let cells: String = row.iter().map(cell).collect();
        text += &format!("<tr{}>{cells}</tr>\n", if is_best { " class=\"best\"" } else { "" });
    }
    text + "</table></div>"
}

/// A row for each epoch, that with the lowest loss marked: on the validation set, if there is one.
pub(super) fn epochs(history: &History) -> String {
    let Some(first) = history.epochs.first() else { return String::new() };
    let names = |report: &Report, prefix: &str| -> Vec<String> {
        let names = core::iter::once("loss").chain(report.metrics.iter().map(|(name, _)| name.as_str()));
        names.map(|name| format!("{prefix}{name}")).collect()
    };
    let mut columns = ["epoch".to_string()].to_vec();
    columns.extend(names(&first.training, ""));
    let validated = history.epochs.iter().find_map(|epoch| epoch.validation.as_ref());
    columns.extend(validated.iter().flat_map(|report| names(report, "validation ")));
    columns.push("seconds".into());

    let best = best(history);
    let count = history.epochs.len();
    let every = count.div_ceil(MOST_ROWS);
    let is_shown = |index: usize| index.is_multiple_of(every) || index + 1 == count || Some(index) == best;
    let row = |(index, epoch): (usize, &Epoch)| {
        let mut row = [format!("{}", index + 1)].to_vec();
        let number = |value: f64| format!("{value:.4}");
        row.extend(epoch.training.values().map(number));
        match (&epoch.validation, validated) {
            (Some(report), _) => row.extend(report.values().map(number)),
            (None, Some(report)) => row.extend(report.values().map(|_| "–".to_string())),
            (None, None) => {}
        }
        row.push(format!("{:.1}", epoch.seconds));
        (Some(index) == best, row)
    };
    let shown = history.epochs.iter().enumerate().filter(|(index, _)| is_shown(*index));
    let table = marked_table(&columns, shown.map(row));
    if every > 1 { format!("<p>Every {every}th of {count} epochs.</p>\n{table}") } else { table }
}

fn best(history: &History) -> Option<usize> {
    let loss = |epoch: &Epoch| epoch.validation.as_ref().map_or(epoch.training.loss, |report| report.loss);
    let losses = history.epochs.iter().map(loss).enumerate().filter(|(_, loss)| !loss.is_nan());
    losses.min_by(|left, right| left.1.total_cmp(&right.1)).map(|(index, _)| index)
}

/// A text of several lines.
pub(super) fn lines(text: &str) -> String {
    text.lines().map(escaped).collect::<Vec<_>>().join("\n")
}
