//! A page from what a run has left in its folder.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use std::path::{Path, PathBuf};

use super::read::{Table, table};
use super::{ReportError, RunReport, history, page};
use crate::io::inspect::{Statistics, TensorFile};
use crate::io::plot::{Panel, Series, Unit, svg_of_curves};

/// So many layers have curves, so that they can be told apart.
const MOST_LAYERS: usize = 10;

impl RunReport {
    /// A page from what lies in a folder, file by file in the order of their names:
    ///
    /// | file | becomes |
    /// |---|---|
    /// | `settings.txt`, lines `name = value` | the table of settings |
    /// | `*.csv`, `*.jsonl` with a column `loss` | curves, and a table of the epochs |
    /// | `*.csv` with the columns `epoch` and `layer` | a curve for each layer and column, such as statistics of gradients |
    /// | `*.png`, `*.svg` | a picture; `curves.png` and `curves.svg` only where no log draws the same curves |
    /// | `*.safetensors` | a table of its tensors |
    ///
    /// Other files, and folders in it, are passed over. Of a log as CSV and as JSON lines under one name, the first is taken.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, a log is damaged, or there is nothing to show.
    pub fn of_folder(folder: impl AsRef<Path>) -> Result<Self, ReportError> {
        let folder = folder.as_ref();
        let files = files(folder)?;
        let title = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let mut report = Self::new(title.unwrap_or_else(|| folder.display().to_string()));
        // What one wants to see first.
        for rank in 0..4 {
            for path in files.iter().filter(|path| rank_of(path) == Some(rank)) {
                report = report.file(path, &files)?;
            }
        }
        if report.is_empty() { Err(ReportError::Nothing { path: folder.into() }) } else { Ok(report) }
    }

    fn file(self, path: &Path, all: &[PathBuf]) -> Result<Self, ReportError> {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().replace(['_', '-'], " ")).unwrap_or_default();
        match kind_of(path).as_str() {
            "txt" => {
                let text =
                    std::fs::read_to_string(path).map_err(|error| ReportError::File { path: path.into(), error })?;
                let pairs = text.lines().filter_map(|line| line.split_once('='));
                Ok(self.settings(&pairs.map(|(name, value)| (name.trim(), value.trim())).collect::<Vec<_>>()))
            }
            "jsonl" if all.contains(&path.with_extension("csv")) => Ok(self),
            "csv" | "jsonl" => self.log(path, &stem),
            "png" if all.contains(&path.with_extension("svg")) => Ok(self),
            // As `History::plot` draws it of the epochs that the page already has.
            "png" | "svg" if stem == "curves" && self.has_history() => Ok(self),
            "png" | "svg" => self.picture(&stem, path),
            _ => Ok(self.tensors(path)),
        }
    }

    fn log(self, path: &Path, stem: &str) -> Result<Self, ReportError> {
        let found = table(path)?;
        if found.rows.is_empty() {
            return Ok(self);
        }
        if found.column("loss").is_some() {
            return self.history(&history(path)?);
        }
        match (found.column("epoch"), found.column("layer")) {
            (Some(epoch), Some(layer)) => Ok(self.section(stem, layers(&found, epoch, layer)?)),
            _ => Ok(self),
        }
    }

    /// A file of tensors, or why it cannot be read: a damaged checkpoint is worth knowing of, and no reason to show nothing.
    fn tensors(self, path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = match TensorFile::read(path) {
            Ok(file) => file,
            Err(error) => return self.text(&name, &error.to_string()),
        };
        let row = |tensor: &crate::io::inspect::FileTensor| {
            let found = Statistics::of(&tensor.values);
            let numbers = [found.mean, found.deviation, found.least, found.greatest].map(|value| format!("{value:.4}"));
            let mut row = [tensor.name.clone(), format!("{} {:?}", tensor.dtype, tensor.shape)].to_vec();
            row.extend(numbers);
            row.push(format!("{}", found.nans + found.infinities));
            row
        };
        let columns = ["tensor", "form", "mean", "deviation", "least", "greatest", "not finite"];
        self.table(&name, &columns, &file.tensors.iter().map(row).collect::<Vec<_>>())
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let fault = |error| ReportError::File { path: folder.into(), error };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn kind_of(path: &Path) -> String {
    path.extension().map(|kind| kind.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The order of sections: settings, logs, pictures, tensors. None for files that are passed over.
fn rank_of(path: &Path) -> Option<u8> {
    match kind_of(path).as_str() {
        "txt" => (path.file_name()? == "settings.txt").then_some(0),
        "csv" | "jsonl" => Some(1),
        "png" | "svg" => Some(2),
        "safetensors" => Some(3),
        _ => None,
    }
}

/// Curves of each numeric column, one for each layer.
fn layers(table: &Table, epoch: usize, layer: usize) -> Result<String, ReportError> {
    let mut names: Vec<&str> = Vec::new();
    for row in &table.rows {
        if !names.contains(&row[layer].as_str()) {
            names.push(&row[layer]);
        }
    }
    let hidden = names.len().saturating_sub(MOST_LAYERS);
    names.truncate(MOST_LAYERS);
    let columns: Vec<usize> = (0..table.columns.len()).filter(|column| ![epoch, layer].contains(column)).collect();
    let mut figures = String::new();
    for column in columns {
        let of = |name: &&str| -> Vec<f64> {
            let rows = table.rows.iter().enumerate().filter(|(_, row)| row[layer] == *name);
            rows.map(|(row, _)| table.number(row, column)).collect()
        };
        let values: Vec<Vec<f64>> = names.iter().map(of).collect();
        let series: Vec<Series<'_>> = names.iter().zip(&values).map(|(name, values)| Series { name, values }).collect();
        if values.iter().flatten().any(|value| value.is_finite()) {
            let title = table.columns[column].replace('_', " ");
            figures += &svg_of_curves(&[Panel { title: &title, unit: Unit::Number, series: &series }])?;
        }
    }
    let note = if hidden > 0 {
        format!("<p>The first {MOST_LAYERS} layers; {hidden} more are in the file.</p>")
    } else {
        String::new()
    };
    let last = table.rows.iter().filter(|row| Some(&row[epoch]) == table.rows.last().map(|row| &row[epoch]));
    let rows: Vec<Vec<String>> = last.map(|row| row.iter().map(|field| shortened(field)).collect()).collect();
    Ok(format!("<figure>{figures}</figure>{note}\n{}", page::table(&table.columns, &rows)))
}

/// A number with few digits; any other text as it is.
fn shortened(field: &str) -> String {
    match field.parse::<f64>() {
        Ok(number) if number.fract() != 0.0 => format!("{number:.4}"),
        _ => field.to_string(),
    }
}
