//! The words about arguments of layers.

use super::{list, meant_or};
use crate::suggest::Meant;
use proc_macro2::TokenStream;
use std::fmt::Display;

pub(crate) fn too_many_arguments(layer: &str, accepted: &[String]) -> String {
    let takes = if accepted.is_empty() { "takes no arguments".into() } else { format!("takes {}", list(accepted)) };
    format!("`{layer}` has too many arguments\nexpected: `{layer}` {takes}\nhelp: remove this one")
}

/// `positional` arguments stand without their names, and here is one more.
pub(crate) fn needs_name(layer: &str, accepted: &[String], positional: usize, found: &dyn Display) -> String {
    let (front, name) = (&accepted[..positional], &accepted[positional]);
    let takes = match positional {
        0 => "no argument".into(),
        1 => "one argument".into(),
        _ => format!("{positional} arguments"),
    };
    let written = if front.is_empty() { layer.to_owned() } else { format!("{layer}({})", front.join(", ")) };
    format!(
        "`{layer}` takes {takes} without a name\nexpected a name in front, such as `{name} = ..`, found `{found}`\nhelp: what the input has, such as its channels, is inferred: write `{written}`"
    )
}

pub(crate) fn value_as_argument(layer: &str, value: &dyn Display, takes_two: bool) -> String {
    let help = match takes_two {
        true => format!("two values stand in front: `(x, {value}) -> {layer}(..)`"),
        false => format!("values stand in front of the arrow: `{value} -> {layer}(..)`"),
    };
    format!("`{value}` is a value, no argument of `{layer}`\nexpected a size or a number, found a value\nhelp: {help}")
}

pub(crate) fn argument_of_two(layer: &str, name: &str) -> String {
    format!(
        "`{name}` of `{layer}` follows from the two values that it takes\nhelp: leave it out; arguments behind it have names"
    )
}

pub(crate) fn unknown_argument(
    layer: &str,
    name: &dyn Display,
    meant: Option<Meant<'_>>,
    accepted: &[String],
) -> String {
    let otherwise = match accepted {
        _ if name.to_string() == "activation" => "an activation is a layer of its own: `-> Relu`".into(),
        [] => "it takes no arguments".into(),
        _ => format!("it takes {}", list(accepted)),
    };
    format!("`{layer}` has no argument `{name}`\nhelp: {}", meant_or(meant, otherwise))
}

pub(crate) fn duplicate_argument(layer: &str, name: &str) -> String {
    format!("`{layer}` is given `{name}` twice\nhelp: remove one of the two")
}

pub(crate) fn positional_after_named(layer: &str) -> String {
    format!(
        "`{layer}` has a positional argument after a named one\nhelp: positional arguments come first, or give this one its name"
    )
}

/// `size` says where the first of two values ends in one that holds both.
pub(crate) fn second_value(layer: &str, size: &str) -> String {
    format!(
        "`{layer}` takes two values\nexpected 2 values, found 1\nhelp: write `(a, b) -> {layer}(..)`, or `{size} = ..` where one value holds both"
    )
}

pub(crate) fn missing_argument(layer: &str, argument: &str, expects: &str) -> String {
    format!("`{layer}` needs `{argument}`\nexpected {expects}\nhelp: write `{argument} = ..`")
}

pub(crate) fn wrong_argument(layer: &str, argument: &str, expects: &str, found: &dyn Display) -> String {
    format!("`{layer}` cannot use this `{argument}`\nexpected {expects}, found `{found}`")
}

/// `[-1, 4]` where elsewhere the first size would follow from the others.
pub(crate) fn open_shape(layer: &str, argument: &str, expects: &str, found: &TokenStream) -> String {
    // Tokens stand apart.
    let found = found.to_string().replace("- ", "-");
    wrong_argument(layer, argument, expects, &found)
        + "\nhelp: no size is left open: write the number with which all multiply to the elements of the input"
}

pub(crate) fn sizes_without_brackets(layer: &str, sizes: &TokenStream) -> String {
    let sizes = sizes.to_string().replace(" ,", ",");
    format!("`{layer}` takes one shape\nexpected `[{sizes}]`, found `{sizes}`\nhelp: write `{layer}([{sizes}])`")
}

pub(crate) fn arrow_not_taken(layer: &str) -> String {
    format!("`{layer}` takes no written input size\nhelp: write only the part after `->`: input sizes are inferred")
}

pub(crate) fn named_for_own_layer(layer: &str) -> String {
    format!(
        "`{layer}` is a layer of your own: its arguments have no names here\nhelp: write the values in the order of its `config` function"
    )
}
