//! The words about sizes and shapes, beside the shape errors of `nn_core::spec`.

use nn_core::spec::Shape;
use proc_macro2::TokenStream;
use std::fmt::Display;

use crate::constant::{Size, axes_text};

/// An error's words with other help.
pub(crate) fn with_help(text: &str, help: &str) -> String {
    format!("{}\nhelp: {help}", text.split("\nhelp: ").next().unwrap_or_default())
}

pub(crate) fn fits_without_flag(flag: &str, layer: &str, shape: Shape) -> String {
    format!("leave out `{flag} = true` of `{layer}` above: without it, {shape} arrives here")
}

pub(crate) fn fits_without_layer(layer: &str, shape: Shape) -> String {
    format!("leave out `{layer}` above: without it, {shape} arrives here")
}

pub(crate) fn channels_last(shape: Shape) -> String {
    format!("channels come last here: `{shape}`")
}

pub(crate) fn arithmetic_on_parameter(parameter: &str, expression: &TokenStream) -> String {
    format!(
        "`{expression}` calculates with the network's parameter `{parameter}`, which stable Rust does not allow in a type\nhelp: add a parameter of its own, `const N: usize`, and use `N` here"
    )
}

/// `others` are the axes in front of the features.
pub(crate) fn derived_size(layer: &str, what: &str, others: &[Size]) -> String {
    let (view, place) = match others {
        [] => ("Flatten(F)".to_owned(), ""),
        _ => (format!("Reshape([{}, F])", axes_text(others)), " before it"),
    };
    format!(
        "`{layer}` receives {what} features: a size calculated from a const parameter is no type on stable Rust\nhelp: give that size a name: add `const F: usize` to the network and write `{view}`{place}"
    )
}

pub(crate) fn computed_size(layer: &str, size: &dyn Display) -> String {
    format!(
        "`{layer}` calculates with `{size}`: a size calculated from a const parameter is no type on stable Rust\nexpected a number or a named const, found the const parameter `{size}`\nhelp: write a named const, `const SIZE: usize = 64;`"
    )
}

pub(crate) fn own_layer_in_generic(layer: &str, own: &str) -> String {
    format!(
        "`{layer}` stands behind `{own}`, whose output only rustc knows: with const parameters that is no size on stable Rust\nexpected a shape that is written, found that of a layer of your own\nhelp: write the shape in between: `-> Reshape([H])`"
    )
}

pub(crate) fn turned_unknown(layer: &str, own: &str) -> String {
    format!(
        "`{layer}` reads the columns of its second value, which stands behind `{own}`, whose shape only rustc knows\nexpected a shape that is written, found that of a layer of your own\nhelp: write the shape in between: `-> Reshape([8, 4])`"
    )
}

pub(crate) fn zero_axis(what: &str) -> String {
    format!("{what} has an axis of size 0\nexpected at least 1, found 0")
}

pub(crate) fn bad_size(found: &TokenStream) -> String {
    format!("`{found}` is not a size\nexpected a whole number of at least 1, a const, or a const expression")
}

pub(crate) fn size_overflow(found: &TokenStream) -> String {
    format!("`{found}` does not fit a size\nexpected a whole number from 1 to 2^47")
}

pub(crate) fn bad_rank(what: &str, found: usize) -> String {
    format!(
        "{what} has {found} axes\nexpected 1 to 4, such as [features], [time, features] or [height, width, channels], found {found}\nhelp: leave the batch out"
    )
}

pub(crate) fn concat_of_one() -> String {
    "`concat` joins two or more values\nhelp: write `concat(a, b)`, or the value alone".into()
}
