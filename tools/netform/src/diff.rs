//! `netform diff`.

use std::path::PathBuf;

use nn_core::io::inspect::{TensorDifference, TensorFile, differences};
use serde_json::json;

use crate::output::{Outcome, json_number, number, pretty};

pub(crate) fn run(paths: &[PathBuf; 2], tolerance: f64, json: bool) -> Outcome {
    let read = |path: &PathBuf| TensorFile::read(path).map_err(|error| error.to_string());
    let compared = read(&paths[0]).and_then(|first| Ok((first, read(&paths[1])?)));
    Outcome::of(compared.map(|(first, second)| {
        let found = differences(&first, &second, tolerance);
        let text = if json {
            pretty(&json!({ "differences": found.iter().map(as_json).collect::<Vec<_>>() }))
        } else if found.is_empty() {
            format!("the same {} tensors", first.tensors.len())
        } else {
            found.iter().map(|difference| as_line(difference, paths) + "\n").collect()
        };
        Outcome::found(!found.is_empty(), text)
    }))
}

fn as_line(difference: &TensorDifference, paths: &[PathBuf; 2]) -> String {
    match difference {
        TensorDifference::OnlyFirst { name } => format!("{name}: only in {}", paths[0].display()),
        TensorDifference::OnlySecond { name } => format!("{name}: only in {}", paths[1].display()),
        TensorDifference::Form { name, first, second } => format!("{name}: {first}, {second}"),
        TensorDifference::Values { name, count, greatest, first } => {
            format!("{name}: {count} numbers differ by up to {}, the first at {first}", number(*greatest))
        }
        other => format!("{other:?}"),
    }
}

fn as_json(difference: &TensorDifference) -> serde_json::Value {
    match difference {
        TensorDifference::OnlyFirst { name } => json!({ "name": name, "kind": "only_first" }),
        TensorDifference::OnlySecond { name } => json!({ "name": name, "kind": "only_second" }),
        TensorDifference::Form { name, first, second } => {
            json!({ "name": name, "kind": "form", "first": first, "second": second })
        }
        TensorDifference::Values { name, count, greatest, first } => {
            json!({ "name": name, "kind": "values", "count": count, "greatest": json_number(*greatest), "place": first })
        }
        other => json!({ "kind": format!("{other:?}") }),
    }
}
