//! `netform inspect`.

use std::path::Path;

use nn_core::io::inspect::{Statistics, TensorFile};
use serde_json::json;

use crate::output::{Outcome, json_number, number, pretty, table};

pub(crate) fn run(path: &Path, json: bool) -> Outcome {
    let file = match TensorFile::read(path) {
        Ok(file) => file,
        Err(error) => return Outcome::failed(error),
    };
    let statistics: Vec<Statistics> = file.tensors.iter().map(|tensor| Statistics::of(&tensor.values)).collect();
    let problems = statistics.iter().any(|found| !found.is_finite());
    let text = if json { as_json(&file, &statistics) } else { as_text(path, &file, &statistics) };
    Outcome::found(problems, text)
}

fn as_text(path: &Path, file: &TensorFile, statistics: &[Statistics]) -> String {
    let mut text = format!("{}: {} tensors, {} numbers\n", path.display(), file.tensors.len(), file.len());
    for (key, value) in &file.metadata {
        text += &format!("{key}: {value}\n");
    }
    let heads = ["tensor", "type", "axes", "mean", "deviation", "least", "greatest", "zeros", "NaN", "infinite"];
    let mut rows = vec![heads.map(String::from).to_vec()];
    for (tensor, found) in file.tensors.iter().zip(statistics) {
        let mut row = vec![tensor.name.clone(), tensor.dtype.clone(), format!("{:?}", tensor.shape)];
        row.extend([found.mean, found.deviation, found.least, found.greatest].map(number));
        row.extend([found.zeros, found.nans, found.infinities].map(|count| count.to_string()));
        rows.push(row);
    }
    text + "\n" + &table(&rows, 3)
}

fn as_json(file: &TensorFile, statistics: &[Statistics]) -> String {
    let tensor = |(tensor, found): (&nn_core::io::inspect::FileTensor, &Statistics)| {
        json!({
            "name": tensor.name, "dtype": tensor.dtype, "shape": tensor.shape, "count": found.count,
            "mean": json_number(found.mean), "deviation": json_number(found.deviation),
            "least": json_number(found.least), "greatest": json_number(found.greatest),
            "zeros": found.zeros, "nans": found.nans, "infinities": found.infinities,
        })
    };
    let tensors: Vec<_> = file.tensors.iter().zip(statistics).map(tensor).collect();
    pretty(&json!({ "metadata": file.metadata, "tensors": tensors }))
}
