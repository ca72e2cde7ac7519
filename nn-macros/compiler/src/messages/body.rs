//! The words about statements, values and functions of values.

use super::meant_or;
use crate::suggest::{MATRIX_PRODUCT, Meant};
use proc_macro2::TokenStream;
use std::fmt::Display;
use syn::parse::ParseStream;

pub(crate) fn missing_semicolon() -> String {
    "expected `;` after this `let`\nhelp: a network ends with its result: `let x = ..; x`".into()
}

pub(crate) fn unexpected(input: ParseStream<'_>) -> String {
    let found = input.cursor().token_tree().map_or_else(String::new, |(token, _)| token.to_string());
    let help = match found.as_str() {
        "=" if is_fat_arrow(input) => "layers are applied with `->`",
        "=" => "a value is named with `let name = ..;`",
        "." => "values have no methods; apply layers with `->`",
        "@" => MATRIX_PRODUCT,
        _ if found.starts_with(|first: char| first.is_ascii_digit() || first == '[') => {
            "the arguments of a layer stand in parentheses: `Dense(10)`"
        }
        _ => "apply layers with `->`, join values with `+`, `-`, `*`, `/` or `concat(a, b)`, end a `let` with `;`",
    };
    format!("did not expect `{found}` here\nhelp: {help}")
}

fn is_fat_arrow(input: ParseStream<'_>) -> bool {
    input.peek(syn::Token![=>])
}

pub(crate) fn expected_comma(input: ParseStream<'_>) -> String {
    let found = input.cursor().token_tree().map_or_else(String::new, |(token, _)| token.to_string());
    format!("did not expect `{found}` here\nexpected `,`, found `{found}`\nhelp: separate them by commas")
}

pub(crate) fn unreadable_argument(found: &TokenStream) -> String {
    format!("`{found}` cannot be read as an argument\nexpected such as `32` or `kernel = 3`, found `{found}`")
}

pub(crate) fn attribute_on_statement() -> String {
    "attributes speak of one layer\nhelp: put it in front of the layer: `x -> #[freeze] Dense(10)`".into()
}

pub(crate) fn attribute_behind_name() -> String {
    "attributes stand in front of the layer's name\nexpected such as `-> #[freeze] fc: Dense(10)` or `-> #[freeze] [Dense(10); 4]`".into()
}

pub(crate) fn item_inside(word: &dyn Display) -> String {
    format!("`{word}` stands inside the braces\nhelp: it stands beside the networks; move it behind the network's `}}`")
}

pub(crate) fn generics_on_built_in(name: &dyn Display, written: &str) -> String {
    format!("`{name}` takes its arguments in parentheses\nexpected `{name}(..)`, found `{written}`")
}

pub(crate) fn block_with_path(name: &dyn Display, written: &str) -> String {
    format!("`{name}` is a block, which has no path\nexpected `{name}`, found `{written}`")
}

pub(crate) fn join_after_arrow() -> String {
    "a join after `->` needs parentheses\nexpected `(a -> Layer) + b` or `a + (b -> Layer)`: `->` binds weakest".into()
}

pub(crate) fn expected_equals(name: Option<&syn::Ident>) -> String {
    let name = name.map_or_else(|| "x".into(), ToString::to_string);
    format!("expected `=`\nexpected `let {name} = value;`: values have no types here, shapes are inferred")
}

pub(crate) fn expected_let_name() -> String {
    "this `let` has no name\nexpected `let name = value;` or `let (a, b) = value;`".into()
}

pub(crate) fn expected_value(input: ParseStream<'_>) -> String {
    let found = input.cursor().token_tree().map_or_else(String::new, |(token, _)| token.to_string());
    let help = match found.as_str() {
        "const" => super::header::CONSTANTS_OUTSIDE,
        "return" => "a network ends with its result: remove `return`, and leave the `;` out",
        "*" => "there is no `**`: `x -> Square` is `x * x`, and a higher power is a longer product",
        _ if found.starts_with('[') => "values stand in no brackets: `concat(a, b)`",
        _ => "layers stand to the right of `->`",
    };
    format!("expected a value: an input, a `let`, `concat(a, b)` or an expression in parentheses\nhelp: {help}")
}

pub(crate) fn unknown_function(name: &dyn Display, meant: Option<Meant<'_>>) -> String {
    let is_layer = name.to_string().starts_with(char::is_uppercase);
    let otherwise = if is_layer {
        format!("layers are applied with `->`: `x -> {name}(..)`")
    } else {
        "functions are `concat`, `split`, `stop_gradient`, and layers without parameters: `softmax(x)`".into()
    };
    format!("`{name}` is not a function of values\nhelp: {}", meant_or(meant, otherwise))
}

pub(crate) fn brackets_behind_value(name: &dyn Display) -> String {
    format!(
        "the value `{name}` takes no brackets\nhelp: a part of a value is taken by a layer: `{name} -> Slice(2..5)`, along the last axis, or `Slice(2..5, axis = 0)`"
    )
}

pub(crate) fn function_of_layer(name: &str, layer: &str, takes_two: bool) -> String {
    let (reason, values) = if takes_two { ("it is a layer of two", "(a, b)") } else { ("it has parameters", "x") };
    format!(
        "`{name}` is not a function of values: {reason}\nhelp: apply the layer with `->`: `{values} -> {layer}(..)`"
    )
}

pub(crate) fn function_needs_value(name: &dyn Display) -> String {
    format!("`{name}` works on one value\nexpected `{name}(value, ..)`, found none\nhelp: write the value first")
}

pub(crate) fn repeat_without_count() -> String {
    "this row of layers has no length\nexpected `[Block(..); 4]`: a layer or block, `;`, and how many".into()
}

pub(crate) fn row_of_chain() -> String {
    "a row repeats one layer or one block\nexpected `[Block; 3]`, found several layers\nhelp: write them into a block, `block Block(x: [features]) { x -> .. }`, and `[Block; 3]` here".into()
}

/// In other languages it is a function of two values.
pub(crate) fn largest_of_two(found: &TokenStream) -> String {
    format!(
        "`max` is the largest along axes, not the larger of two\nexpected `max(x, axes = {found})`, found `max(x, {found})`\nhelp: `x -> Relu` is the larger of `x` and 0; for axis {found} write `max(x, axes = {found})`"
    )
}

pub(crate) fn number_alone() -> String {
    "a number is no value of a network\nexpected an input or a `let`\nhelp: numbers join values with `+`, `-`, `*` and `/`: `0.5 * x`".into()
}

pub(crate) fn no_operand(found: &TokenStream) -> String {
    format!("`{found}` cannot be calculated with\nexpected a value or a number, found `{found}`")
}

pub(crate) fn numbers_alone() -> String {
    "both operands are numbers\nexpected a value on one side, found none\nhelp: write the result, or a const expression in braces: `x * {2.0 * SCALE}`".into()
}

pub(crate) fn division_by_zero() -> String {
    "a value is divided by 0\nexpected another number, found 0".into()
}

pub(crate) fn several_values(found: usize, name: Option<&syn::Ident>) -> String {
    let help = match name {
        Some(name) => format!("name each: `let ({name}, other) = ..;`"),
        None => "name each with `let (a, b) = ..;` and use one".into(),
    };
    format!("these are {found} values where one is needed\nexpected 1 value, found {found}\nhelp: {help}")
}

pub(crate) fn tuple_count(names: usize, values: usize) -> String {
    if values == 1 {
        return format!(
            "this is one value for {names} names\nexpected 1 name, found {names}\nhelp: write `let a = ..;`, or take parts with `split(.., {names})`; the last state of a recurrent layer is `last = true`, both states of an LSTM are `LstmState`"
        );
    }
    let all: Vec<String> = (b'a'..=b'z').take(values.min(6)).map(|letter| char::from(letter).to_string()).collect();
    let more = if values > all.len() { ", .." } else { "" };
    format!(
        "the names do not pair with the values\nexpected {values} names, found {names}\nhelp: name every value, `let ({}{more}) = ..;`, with `_` for those that are not needed",
        all.join(", ")
    )
}

pub(crate) fn not_an_axis(found: &TokenStream) -> String {
    format!("`{found}` is no axis\nexpected a number such as `0`, or `-1` for the last one, found `{found}`")
}

pub(crate) fn concat_argument() -> String {
    "`concat` has no such argument\nhelp: it takes values and `axis`: `concat(a, b, axis = 0)`".into()
}

pub(crate) fn split_arguments() -> String {
    "`split` needs to know the parts\nexpected `split(x, 2)` or `split(x, [64, 32])`, and `axis = ..` if it is not the last".into()
}

pub(crate) fn split_argument(name: Option<&syn::Ident>) -> String {
    let what = name.map_or_else(|| "more than two arguments".into(), |name| format!("`{name}`"));
    format!(
        "`split` has no such argument\nexpected `split(x, 2)` or `split(x, [64, 32], axis = 0)`, found {what}\nhelp: the axis has its name: `axis = 0`"
    )
}

pub(crate) fn split_of_unknown(size: &dyn Display) -> String {
    format!(
        "`split` needs to know the size of its axis\nexpected a number, found {size}\nhelp: take the parts with `slice(x, 0..4)`"
    )
}

pub(crate) fn split_sizes(parts: &TokenStream, size: usize) -> String {
    let (first, rest) = (size.div_ceil(2), size / 2);
    format!(
        "an axis of {size} cannot be split like this\nexpected a number of equal parts, or sizes that add up to {size}, found `{parts}`\nhelp: give the sizes of the parts: `split(x, [{first}, {rest}])`"
    )
}
