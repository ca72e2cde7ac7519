//! The words about tied layers, marks and initialisers.

use super::{did_you_mean, list};
use proc_macro2::TokenStream;
use std::fmt::Display;

pub(crate) fn tied_needs_layer() -> String {
    "`Tied` applies a layer that stands above with its weight transposed\nexpected the layer's name: `-> Tied(embed)`"
        .into()
}

pub(crate) fn tied_to_other(name: &dyn Display, kind: &str) -> String {
    format!(
        "`{name}` is a `{kind}`, which cannot be applied transposed\nexpected a layer whose weight is a matrix, such as `Dense` or `Embedding`, found `{kind}`\nhelp: apply the layer again as it is with `-> {name}`"
    )
}

pub(crate) fn tied_to_no_layer(name: &dyn Display, what: &str) -> String {
    format!(
        "`{name}` is {what}, and `Tied` needs a layer\nexpected a layer such as `embed: Dense(..)`, found {what}\nhelp: name the layer where it stands, and write that name"
    )
}

pub(crate) fn tied_to_unknown(name: &dyn Display, suggestion: Option<&str>) -> String {
    let otherwise = "name the layer where it stands: `-> embed: Dense(..)`".to_owned();
    format!("there is no layer named `{name}` above\nhelp: {}", did_you_mean(suggestion, otherwise))
}

pub(crate) fn unknown_mark(name: &str, suggestion: Option<&str>, known: &[&str]) -> String {
    let known: Vec<String> = known.iter().map(|name| format!("#[{name}]")).collect();
    format!(
        "there is no attribute `{name}` for layers\nhelp: {}",
        did_you_mean(suggestion, format!("there are {}", list(&known)))
    )
}

pub(crate) fn mark_without_value(name: &str) -> String {
    format!("`#[{name}]` takes no value\nexpected `#[{name}]`\nhelp: remove what stands behind `{name}`")
}

pub(crate) fn mark_needs_number(name: &str) -> String {
    format!("`#[{name}]` needs a number\nexpected such as `#[{name}(0.1)]`")
}

pub(crate) fn mark_out_of_range(name: &str, found: &TokenStream) -> String {
    format!("`#[{name}]` is out of range\nexpected a number of at least 0, found {found}")
}

pub(crate) fn mark_without_parameters(layer: &str) -> String {
    format!(
        "`{layer}` has no parameters that an attribute could speak of\nhelp: put the attribute on a layer with parameters, or on a block"
    )
}

pub(crate) fn mark_on_reuse(name: &dyn Display) -> String {
    format!(
        "`{name}` stands above: its parameters are the same here\nhelp: put the attribute where `{name}` is defined"
    )
}

pub(crate) fn mark_on_network(mark: &dyn Display) -> String {
    format!(
        "`#[{mark}]` speaks of one layer, or of one use of a block\nexpected it in front of the layer, found it in front of the network\nhelp: put it in front of each layer that it is for: `-> #[{mark}] Dense(10)`"
    )
}

/// In front of `block`, `assert` or `instances`, where it was without effect.
pub(crate) fn attribute_on_item(attribute: &dyn Display, item: &str) -> String {
    let help = match item {
        "block" => format!("put it where the block is used: `-> #[{attribute}] Name(..)`"),
        _ => "remove it".into(),
    };
    format!("`#[{attribute}]` says nothing in front of `{item}`\nhelp: {help}")
}

pub(crate) fn doc_on_layer() -> String {
    "layers have no doc comments\nhelp: write an ordinary comment: `// ..`".into()
}

pub(crate) fn mark_twice(name: &TokenStream) -> String {
    format!("`#[{name}]` stands here twice\nhelp: remove one of the two")
}

pub(crate) fn init_twice(tensor: Option<&syn::Ident>) -> String {
    let what = tensor.map_or_else(|| "the weights are".into(), |tensor| format!("tensor `{tensor}` is"));
    format!(
        "{what} given two initialisers\nexpected one, found two\nhelp: remove one, or name another tensor: `bias = Constant(0.1)`"
    )
}

pub(crate) fn initializer_arguments(name: &syn::Ident, takes: usize) -> String {
    let what = match takes {
        0 => "nothing",
        _ if name == "Constant" => "a number",
        _ if name == "Uniform" => "one number, the largest",
        _ => "one number, the standard deviation",
    };
    format!("initialiser `{name}` takes {what}\nexpected `{}`", initializer_example(&name.to_string(), ""))
}

/// How an initialiser is written, where something else was.
fn initializer_example(name: &str, written: &str) -> String {
    let number = match (name, written.to_lowercase().as_str()) {
        ("Constant", "zero" | "zeros") => "0.0",
        ("Constant", "one" | "ones") => "1.0",
        ("Constant" | "Uniform", _) => "0.1",
        ("Normal" | "TruncatedNormal", _) => "0.02",
        _ => return name.to_owned(),
    };
    format!("{name}({number})")
}

pub(crate) fn init_needs_initializer() -> String {
    "`#[init]` needs an initialiser\nexpected such as `#[init(HeNormal)]` or `#[init(weight = HeNormal, bias = Constant(0.1))]`".into()
}

pub(crate) fn init_without_tensor(layer: &str, tensor: Option<&str>) -> String {
    match tensor {
        Some(tensor) => {
            let meant = match tensor {
                "kernel" | "w" | "W" | "weights" => Some("weight"),
                "b" | "biases" => Some("bias"),
                "gamma" => Some("scale"),
                "beta" => Some("shift"),
                _ => None,
            };
            let help = did_you_mean(meant, "its tensors are the fields in its documentation".into());
            format!("`{layer}` has no tensor `{tensor}` to initialise\nhelp: {help}")
        }
        None => {
            format!("`{layer}` has no weights to initialise\nhelp: name the tensor: `#[init(scale = Constant(1.0))]`")
        }
    }
}

pub(crate) fn unknown_initializer(name: &dyn Display, suggestion: Option<&str>) -> String {
    let otherwise =
        "initialisers are `HeNormal`, `GlorotUniform`, `Normal(0.02)`, `Constant(0.1)` and others; your own have a path".to_owned();
    let suggestion = suggestion.map(|suggestion| initializer_example(suggestion, &name.to_string()));
    format!("there is no initialiser `{name}`\nhelp: {}", did_you_mean(suggestion.as_deref(), otherwise))
}

pub(crate) fn never_trained(layer: &str) -> String {
    format!(
        "`{layer}` would never be trained: `stop_gradient` keeps every gradient from it\nhelp: mark it `#[freeze]` if that is meant, or remove the `stop_gradient`"
    )
}

pub(crate) fn layer_as_value(name: &dyn Display, what: &str) -> String {
    format!("`{name}` is {what}, not a value\nexpected a value, found {what}\nhelp: apply it to a value: `x -> {name}`")
}

pub(crate) fn expected_layer() -> String {
    "expected a layer after `->`\nexpected such as `Dense(10)`, `fc: Dense(10)` or `self::MyLayer`".into()
}

pub(crate) fn keyword_as_name(word: &dyn Display) -> String {
    format!("`{word}` is a keyword of Rust and cannot name a layer\nhelp: choose another name")
}

pub(crate) fn keyword_as_value(word: &dyn Display) -> String {
    let help = if word.to_string() == "mut" { "values never change; remove `mut`" } else { "choose another name" };
    format!("`{word}` is a keyword of Rust and cannot name a value\nhelp: {help}")
}

pub(crate) fn colon_argument(name: &dyn Display) -> String {
    format!("a named argument has `=`\nexpected `{name} = ..`, found `{name}: ..`")
}

pub(crate) fn expected_argument() -> String {
    "expected an argument\nexpected such as `32` or `kernel = 3`\nhelp: write a value, or remove the comma or name in front".into()
}
