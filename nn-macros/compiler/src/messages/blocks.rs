//! The words about blocks and rows.

use nn_core::spec::LAYERS;
use proc_macro2::TokenStream;
use std::fmt::Display;

pub(crate) fn expected_block_inputs(name: &dyn Display) -> String {
    format!(
        "block `{name}` has no input\nexpected `block {name}(x: [height, width, channels])`: names and shapes, with names or sizes for the axes"
    )
}

pub(crate) fn block_parameter_kind(name: &dyn Display) -> String {
    format!(
        "parameter `{name}` of a block has a kind\nexpected `{name}: usize`, `{name}: f64` or `{name}: bool`, with ` = ..` for a default"
    )
}

pub(crate) fn block_parameter_default(name: &dyn Display, kind: &dyn Display) -> String {
    let example = match kind.to_string().as_str() {
        "usize" => "4",
        "f64" => "0.5",
        _ => "true",
    };
    format!("parameter `{name}` has a default that cannot be read\nexpected such as `{name}: {kind} = {example}`")
}

pub(crate) fn unused_block(name: &dyn Display) -> String {
    format!("block `{name}` is never used\nhelp: apply it with `-> {name}`, or remove it")
}

pub(crate) fn block_in_itself(name: &str) -> String {
    format!(
        "block `{name}` stands inside itself\nhelp: a block is written out where it is used; repeat one with `[{name}; 4]`"
    )
}

pub(crate) fn kind_example(kind: &str) -> &'static str {
    match kind {
        "usize" => "a size such as `32`",
        "f64" => "a number such as `0.5`",
        _ => "`true` or `false`",
    }
}

pub(crate) fn block_argument_kind(
    block: &dyn Display,
    parameter: &crate::ast::BlockParameter,
    found: &TokenStream,
) -> String {
    let expects = kind_example(&parameter.kind.to_string());
    format!("`{block}` cannot use this `{}`\nexpected {expects}, found `{found}`", parameter.name)
}

pub(crate) fn block_input_count(title: &str, expected: usize, found: usize) -> String {
    let help = if expected > 1 {
        format!("give one value for each input, in parentheses: `(a, b) -> {title}`")
    } else {
        "join the values with `concat(a, b)` or `+`".into()
    };
    format!(
        "block `{title}` receives another number of values than it has inputs\nexpected {expected}, found {found}\nhelp: {help}"
    )
}

pub(crate) fn block_of_unknown(title: &str) -> String {
    format!(
        "block `{title}` needs to know the shape of its input\nexpected axes, found a value of a layer of your own, whose shape only rustc knows\nhelp: state it in front: `-> Reshape([..])`"
    )
}

pub(crate) fn block_input_rank(title: &str, input: &dyn Display, expected: &str, found: &str) -> String {
    format!(
        "block `{title}` does not take this shape for its input `{input}`\nexpected [{expected}], found [{found}]\nhelp: bring the value to that shape, or write `{input}: [.., width]` for any number of axes"
    )
}

pub(crate) fn block_input_shape(
    title: &str,
    input: &dyn Display,
    expected: &str,
    found: &str,
    is_bound: bool,
    axis: &str,
) -> String {
    let other = if is_bound {
        format!("give its axis another name than `{axis}`")
    } else {
        format!("name the axis in place of `{axis}`")
    };
    format!(
        "block `{title}` does not take this shape for its input `{input}`\nexpected {expected}, found [{found}]\nhelp: bring the value to that shape, or {other}"
    )
}

pub(crate) fn layer_of_several(found: usize) -> String {
    let of_two = LAYERS.iter().filter(|info| info.joins.is_some()).map(|info| format!("`{}`", info.name));
    format!(
        "a layer receives {found} values\nexpected 1 value, found {found}\nhelp: join them with `concat(a, b)` or `+`; several are taken by blocks, and two by {}",
        of_two.collect::<Vec<_>>().join(", ")
    )
}

pub(crate) fn row_of_several(found: usize) -> String {
    format!(
        "a row of layers hands one value from each to the next\nexpected 1 value, found {found}\nhelp: join them first, with `concat(a, b)` or `+`"
    )
}

pub(crate) fn row_changes_shape(name: &dyn Display, from: &str, to: &str) -> String {
    format!(
        "`{name}` cannot be repeated: each of a row receives what the one before gives\nexpected [{from}] again, found [{to}]\nhelp: apply the first one by itself, and repeat one that keeps its shape"
    )
}

pub(crate) fn row_length(found: usize, most: usize) -> String {
    format!("a row has from 1 to {most} layers\nexpected a number from 1 to {most}, found {found}")
}

pub(crate) fn row_count_unknown(found: &TokenStream) -> String {
    format!(
        "the length of a row must be a number that the macro can read\nexpected such as `4`, found `{found}`\nhelp: write the number, or make it an argument of a block"
    )
}

pub(crate) fn row_again(name: &dyn Display) -> String {
    format!(
        "`{name}` is a row of layers and cannot be applied again\nhelp: put the row into a block, and apply that again"
    )
}
