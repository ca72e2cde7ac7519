//! The words about what stands around and in front of a body: networks, asserts, instances, inputs and outputs.

use super::{did_you_mean, list};
use proc_macro2::TokenStream;
use std::fmt::Display;

pub(crate) fn nothing_inside() -> String {
    "`network!` is empty\nhelp: describe a network: `pub struct Net(x: [784]) -> [10] { x -> Dense(10) }`".into()
}

pub(crate) fn expected_struct(found: &str) -> String {
    let help = match found {
        "const" | "static" => CONSTANTS_OUTSIDE,
        "use" | "fn" | "type" | "impl" | "mod" | "trait" => "items of Rust stand outside of `network!`",
        _ => "a network reads `pub struct Net(x: [784]) -> [10] { x -> Dense(10) }`",
    };
    format!("expected `struct`, `block`, `assert` or `instances`, found `{found}`\nhelp: {help}")
}

/// What to do with `const D: usize = 4;` in `network!`.
pub(super) const CONSTANTS_OUTSIDE: &str = "constants stand outside of `network!`, and are used by their names: `Dense(D)`; a network of any size reads `struct Net<const D: usize>(..)`";

pub(crate) fn blocks_alone() -> String {
    "there are blocks here, but no network\nhelp: a block is a part of a network in the same `network!`: add `pub struct Net(x: [784]) -> [10] { .. }`".into()
}

pub(crate) fn expected_body(name: &dyn Display) -> String {
    format!("`{name}` has no body\nexpected `{{ .. }}` behind the shapes: `{name}(..) .. {{ x -> Dense(10) }}`")
}

pub(crate) fn assert_before_network() -> String {
    "this `assert` stands in front of every network\nhelp: an `assert` holds for the network above it; move it behind the network's `}`".into()
}

pub(crate) fn empty_assert() -> String {
    "this `assert` has no condition\nexpected such as `assert PARAMS <= 300_000;`".into()
}

pub(crate) fn assert_unreadable(condition: &TokenStream) -> String {
    format!(
        "this `assert` has no condition that can be read\nexpected such as `PARAMS <= 300_000`, found `{condition}`"
    )
}

pub(crate) fn assert_of_no_comparison(condition: &TokenStream) -> String {
    format!("`{condition}` is neither true nor false\nexpected such as `PARAMS <= 300_000`, found `{condition}`")
}

pub(crate) fn assert_as_macro() -> String {
    "a budget is no macro\nexpected `assert PARAMS <= 300_000;`, found `assert!(..)`\nhelp: remove the `!` and the parentheses".into()
}

pub(crate) fn assert_without_end() -> String {
    "this `assert` has no end\nexpected `;` behind its condition".into()
}

pub(crate) fn assert_without_count(condition: &TokenStream, suggestion: Option<&str>, counts: &[&str]) -> String {
    let counts: Vec<String> = counts.iter().map(|count| (*count).to_owned()).collect();
    let help = did_you_mean(suggestion, format!("the counts are {}", list(&counts)));
    format!(
        "`{condition}` says nothing about the network\nexpected a condition with a count of the network's\nhelp: {help}"
    )
}

pub(crate) fn assert_without_instances(name: &dyn Display) -> String {
    format!(
        "an `assert` on `{name}` depends on its const parameters\nexpected sizes to check it with, found none\nhelp: add `instances [16, 32]` behind the network's `}}`"
    )
}

pub(crate) fn instances_before_network() -> String {
    "`instances` stands in front of every network\nhelp: it holds for the network above it; move it behind the network's `}`".into()
}

pub(crate) fn instances_without_list() -> String {
    "`instances` has no sizes\nexpected such as `instances [16, 32]`, or `instances [(16, 4), (32, 8)]` for two parameters".into()
}

pub(crate) fn instances_without_parameters(name: &dyn Display) -> String {
    format!(
        "network `{name}` has no const parameters to give values to\nhelp: remove `instances`, or write `struct {name}<const H: usize>(..)`"
    )
}

pub(crate) fn instance_count(name: &dyn Display, expected: usize, found: usize) -> String {
    format!(
        "an instance of `{name}` has another number of sizes than `{name}` has parameters\nexpected {expected}, found {found}\nhelp: write several sizes in parentheses: `instances [(16, 4)]`"
    )
}

pub(crate) fn expected_inputs(name: &dyn Display) -> String {
    format!(
        "network `{name}` has no input\nexpected `{name}(image: [28, 28, 1])`: a name and a shape without the batch"
    )
}

pub(crate) fn only_const_parameters() -> String {
    "a network's own parameters are sizes\nexpected `const H: usize`\nhelp: the scalar type is added by the macro"
        .into()
}

pub(crate) fn const_parameter_default() -> String {
    "a network's const parameters have no defaults\nhelp: name the size that is used most: `type Small = Net<16>;`"
        .into()
}

pub(crate) fn item_without_name(found: &dyn Display) -> String {
    format!("a network or block has a name\nexpected such as `Net` or `Residual`, found {}", keyword(found))
}

fn keyword(found: &dyn Display) -> String {
    match found.to_string() {
        nothing if nothing == "nothing" => nothing,
        word => format!("the keyword `{word}`"),
    }
}

pub(crate) fn item_twice(name: &dyn Display, what: &str) -> String {
    format!("there are two {what}s named `{name}`\nhelp: choose another name for this one")
}

pub(crate) fn block_output(name: &dyn Display) -> String {
    format!(
        "block `{name}` declares an output\nhelp: a block gives what its body ends with: write `{{` in place of `->` and the shape"
    )
}

pub(crate) fn dots_not_first() -> String {
    "`..` stands behind an axis\nexpected `[.., width]`: any number of axes, and then names\nhelp: only the last axes of an open shape have names".into()
}

pub(crate) fn input_needs_shape(name: &dyn Display) -> String {
    format!("input `{name}` has no shape\nexpected `{name}: [28, 28, 1]`: the axes of one sample, channels last")
}

pub(crate) fn expected_shape(what: &str) -> String {
    format!(
        "expected the shape of {what} in brackets, such as `[28, 28, 1]`\nhelp: leave the batch out; channels come last"
    )
}

pub(crate) fn array_as_shape(what: &str) -> String {
    format!(
        "the shape of {what} is written like the type of an array\nexpected its axes, such as `[28, 28]`, found `;`\nhelp: separate the axes by commas"
    )
}

pub(crate) fn input_without_name(found: &str) -> String {
    let what = if found.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        format!("`{found}` is a keyword of Rust and cannot name a value")
    } else {
        format!("expected a name, found `{found}`")
    };
    format!("{what}\nexpected a name and a shape, such as `image: [28, 28, 1]`")
}

pub(crate) fn output_needs_name() -> String {
    "several outputs have a name each\nexpected such as `-> (class: [10], bounds: [4])`\nhelp: put `name:` in front; a lone output needs no parentheses".into()
}

pub(crate) fn output_order(name: &str, names: &[String], declared: &str, found: &str) -> String {
    format!(
        "the outputs stand in another order than they are declared\nexpected {declared} for `{name}`, found {found}\nhelp: end with a tuple in the order of the declaration: `({})`",
        names.join(", ")
    )
}

pub(crate) fn output_count(name: &dyn Display, expected: usize, found: usize) -> String {
    let help = if expected == 1 {
        "declare them with names: `-> (first: [..], second: [..])`"
    } else {
        "end with a tuple in the order of the declaration: `(a, b)`"
    };
    format!(
        "network `{name}` gives another number of outputs than it declares\nexpected {expected}, found {found}\nhelp: {help}"
    )
}

pub(crate) fn expected_output(name: &dyn Display) -> String {
    format!(
        "network `{name}` does not declare its output\nexpected `-> [10]` after the inputs\nhelp: declare the shape of one output, without the batch"
    )
}

pub(crate) fn no_result(name: &dyn Display, result: Option<String>) -> String {
    match result {
        Some(result) => format!(
            "`{name}` ends without a result\nexpected an expression without `;` at the end\nhelp: end with `{result}`"
        ),
        None => format!("`{name}` is empty\nexpected an expression such as `x -> Dense(10)`"),
    }
}

pub(crate) fn value_dropped() -> String {
    "this value is dropped\nexpected `let name = ..;`, or the network's result without `;`\nhelp: remove the `;` if this is the result".into()
}
