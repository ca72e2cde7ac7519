//! The words about `weights!`.

use super::did_you_mean;

pub(crate) fn weights_form() -> String {
    "expected `weights!(\"model.safetensors\" for Net)`\nhelp: a tensor with another name in the file goes behind it: `, \"fc.weight\" = \"linear.weight\"`".into()
}

pub(crate) fn weights_unread(path: &str, error: &std::io::Error) -> String {
    format!(
        "the weights `{path}` cannot be read: {error}\nhelp: paths start at the folder of `Cargo.toml`; `network.save(\"{path}\")` writes such a file"
    )
}

pub(crate) fn weights_format(path: &str, error: &str) -> String {
    let error = error.split_once(':').map_or(error, |(first, _)| first);
    format!(
        "`{path}` is no safetensors file, or damaged: {error}\nhelp: write it with `network.save(\"{path}\")`, or with the package `safetensors` in Python"
    )
}

pub(crate) fn weights_torch(path: &str) -> String {
    format!(
        "`{path}` was saved with `Loading::torch()`: its axes are PyTorch's\nhelp: turn it once: `load_with(\"{path}\", &Loading::torch())`, then `network.save(..)`"
    )
}

pub(crate) fn weights_rename(name: &str, near: Option<&str>) -> String {
    let help = did_you_mean(near, "behind `=` stands the file's name, in front of it the network's".into());
    format!("the file has no tensor `{name}` to rename\nhelp: {help}")
}

pub(crate) fn weights_twice(name: &str) -> String {
    format!("two tensors of the file would be named `{name}`\nhelp: rename the other one as well, or remove this name")
}
