//! The words about names of values and layers.

use super::{did_you_mean, list, meant_or};
use crate::suggest::Meant;
use std::fmt::Display;

pub(crate) fn unknown_value(
    name: &dyn Display,
    suggestion: Option<&str>,
    values: &[String],
    block: Option<&String>,
) -> String {
    let text = name.to_string();
    let is_layer = text.starts_with(char::is_uppercase);
    let is_const = is_layer && text.len() > 1 && !text.contains(char::is_lowercase);
    let help = if is_const {
        format!("a const of yours stands in braces: `{{{name}}}`")
    } else if is_layer {
        format!("a layer stands to the right of `->`: `x -> {name}`")
    } else if let (Some(block), None) = (block, suggestion) {
        format!("block `{block}` sees only its own inputs and values: {}", list(values))
    } else {
        did_you_mean(suggestion, format!("the values so far are {}", list(values)))
    };
    format!("there is no value `{name}`\nhelp: {help}")
}

pub(crate) fn size_as_value(name: &dyn Display) -> String {
    format!(
        "`{name}` is a size, not a value\nexpected a value, found a size\nhelp: sizes are arguments of layers: `Dense({name})`"
    )
}

pub(crate) fn unknown_layer(name: &dyn Display, meant: Option<Meant<'_>>) -> String {
    let otherwise = if name.to_string().starts_with(char::is_lowercase) {
        format!("name a layer `{name}` in front, `-> {name}: Dense(..)`, to apply it again")
    } else {
        format!("a layer of your own is written with its path: `self::{name}`")
    };
    format!("there is no layer `{name}`\nhelp: {}", meant_or(meant, otherwise))
}

pub(crate) fn value_as_layer(name: &dyn Display) -> String {
    format!(
        "`{name}` is a value, and a layer is expected to the right of `->`\nhelp: join two values with `+`, `-`, `*` or `concat(a, {name})`"
    )
}

pub(crate) fn duplicate_name(name: &dyn Display, what: &str) -> String {
    format!(
        "the name `{name}` is taken: it is {what} already\nhelp: values, layers and sizes share one namespace; choose another name"
    )
}

/// Names become constants, which have no case.
pub(crate) fn name_in_other_case(name: &dyn Display, what: &str, other: &str) -> String {
    format!(
        "the name `{name}` is taken: it is the {what} `{other}`, in another case\nhelp: names that differ in case alone count as one; choose another name"
    )
}

pub(crate) fn shadowed_unused(name: &dyn Display) -> String {
    format!("value `{name}` is never used: a later `let {name}` hides it\nhelp: use it, or remove this `let`")
}

pub(crate) fn unused_value(name: &dyn Display) -> String {
    format!(
        "value `{name}` is never used\nhelp: use it, or remove this `let`: no output depends on it; of several results, `_` drops one"
    )
}

pub(crate) fn unused_input(name: &dyn Display) -> String {
    format!("input `{name}` is never used\nhelp: start a chain with it, `{name} -> ..`, or remove it")
}

pub(crate) fn no_parameters(name: &dyn Display) -> String {
    format!(
        "network `{name}` has nothing to train: none of its layers has parameters\nhelp: add a layer such as `Dense` or `Conv2d`"
    )
}

pub(crate) fn reused_with_arguments(name: &dyn Display) -> String {
    format!(
        "`{name}` is a layer that stands above; it is applied again without arguments\nexpected `-> {name}`, found arguments\nhelp: remove the parentheses"
    )
}

pub(crate) fn reused_with_name(name: &dyn Display, written: &dyn Display) -> String {
    format!(
        "`{name}` is a layer that stands above; it is applied again under its own name\nexpected `-> {name}`, found `{written}: {name}`\nhelp: name the value: `let {written} = x -> {name};`"
    )
}

pub(crate) fn without_parameters_again(name: &dyn Display, kind: &str) -> String {
    format!(
        "`{name}` is a `{kind}`, which has no parameters to share\nexpected a layer with parameters, found `{kind}`\nhelp: write `-> {kind}` again"
    )
}

pub(crate) fn function_as_layer(name: &str) -> String {
    let example = if name == "concat" { "concat(a, b)".into() } else { format!("{name}(x)") };
    format!(
        "`{name}` is a function of values, and a layer is expected to the right of `->`\nhelp: it stands to the left: `{example} -> ..`"
    )
}

pub(crate) fn reused_stateless(name: &dyn Display) -> String {
    format!(
        "`{name}` couples the samples of a batch and can be applied only once\nhelp: use a second layer with a name of its own"
    )
}

pub(crate) fn reused_other_size(name: &dyn Display, expected: &dyn Display, found: &dyn Display) -> String {
    format!(
        "layer `{name}` is applied again to an input of another size\nexpected {expected} along the last axis, found {found}\nhelp: bring the input to that size, or use a second layer"
    )
}
