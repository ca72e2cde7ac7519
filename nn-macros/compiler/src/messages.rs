//! All the compiler's words, in one place. At most three lines each: what is wrong; expected and found; help.
//! The words of shape errors stand in `nn_core::spec`, because rustc shows them too.

use std::fmt::Display;

use proc_macro2::TokenStream;
use syn::parse::ParseStream;

fn did_you_mean(suggestion: Option<&str>, otherwise: String) -> String {
    suggestion.map_or(otherwise, |name| format!("did you mean `{name}`?"))
}

// Tokens

pub(crate) fn nothing_inside() -> String {
    "`network!` is empty\nhelp: describe a network: `pub struct Net(x: [784]) -> [10] { x -> Dense(10) }`".into()
}

pub(crate) fn expected_struct(found: &str) -> String {
    let help = match found {
        "block" => "help: `block` templates are not available in this version; write the layers out",
        "assert" => {
            "help: `assert` budgets are not available in this version; use `const _: () = assert!(Net::PARAMS <= ..);`"
        }
        _ => "help: a network reads `pub struct Net(x: [784]) -> [10] { x -> Dense(10) }`",
    };
    format!("expected `struct`, found `{found}`\n{help}")
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

pub(crate) fn input_needs_shape(name: &dyn Display) -> String {
    format!("input `{name}` has no shape\nexpected `{name}: [28, 28, 1]`: the axes of one sample, channels last")
}

pub(crate) fn expected_shape() -> String {
    "expected a shape in brackets, such as `[28, 28, 1]`\nhelp: leave the batch out; channels come last".into()
}

pub(crate) fn expected_output(name: &dyn Display) -> String {
    format!(
        "network `{name}` does not declare its output\nexpected `-> [10]` after the inputs\nhelp: declare the shape of one output, without the batch"
    )
}

pub(crate) fn one_output_only() -> String {
    "several outputs are not available in this version\nexpected one shape such as `-> [10]`\nhelp: `concat` the outputs, or write two networks".into()
}

pub(crate) fn one_input_only(name: &dyn Display) -> String {
    format!(
        "several inputs are not available in this version\nexpected one input, found `{name}` as well\nhelp: join the inputs into one before they enter the network"
    )
}

pub(crate) fn no_result(name: &dyn Display, last: Option<&syn::Ident>) -> String {
    match last {
        Some(last) => format!(
            "network `{name}` ends without a result\nexpected an expression without `;` at the end\nhelp: end with `{last}`"
        ),
        None => format!("network `{name}` is empty\nexpected an expression such as `x -> Dense(10)`"),
    }
}

pub(crate) fn value_dropped() -> String {
    "this value is dropped\nexpected `let name = ..;`, or the network's result without `;`\nhelp: remove the `;` if this is the result".into()
}

pub(crate) fn missing_semicolon() -> String {
    "expected `;` after this `let`\nhelp: a network ends with its result: `let x = ..; x`".into()
}

pub(crate) fn unexpected(input: ParseStream<'_>) -> String {
    let found = input.cursor().token_tree().map_or_else(String::new, |(token, _)| token.to_string());
    let help = match found.as_str() {
        "/" => "help: `/` between values is not available in this version",
        "=" => "help: a value is named with `let name = ..;`",
        "." => "help: values have no methods; apply layers with `->`",
        _ if found.starts_with(|first: char| first.is_ascii_digit() || first == '[') => {
            "help: the arguments of a layer stand in parentheses: `Dense(10)`"
        }
        _ => "help: apply layers with `->`, join values with `+`, `-`, `*` or `concat(a, b)`, end a `let` with `;`",
    };
    format!("did not expect `{found}` here\n{help}")
}

pub(crate) fn join_after_arrow() -> String {
    "a join after `->` needs parentheses\nexpected `(a -> Layer) + b` or `a + (b -> Layer)`: `->` binds weakest".into()
}

pub(crate) fn expected_value() -> String {
    "expected a value: an input, a `let`, `concat(a, b)` or an expression in parentheses\nhelp: layers stand to the right of `->`".into()
}

pub(crate) fn unknown_function(name: &dyn Display) -> String {
    let is_layer = name.to_string().starts_with(char::is_uppercase);
    let help = if is_layer {
        format!("help: layers are applied with `->`: `x -> {name}(..)`")
    } else {
        let suggestion = crate::suggest::closest(&name.to_string(), ["concat"]);
        format!("help: {}", did_you_mean(suggestion, "the only function of values is `concat(a, b)`".into()))
    };
    format!("`{name}` is not a function of values\n{help}")
}

pub(crate) fn no_attributes_yet() -> String {
    "attributes on layers are not available in this version\nhelp: remove the attribute".into()
}

pub(crate) fn no_repeats_yet() -> String {
    "repeats `[Block; N]` are not available in this version\nhelp: write the layers out one after the other".into()
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
    "expected an argument\nexpected such as `32` or `kernel = 3`\nhelp: remove the comma if nothing follows".into()
}

// Names

pub(crate) fn unknown_value(name: &dyn Display, suggestion: Option<&str>, values: &[String]) -> String {
    let is_layer = name.to_string().starts_with(char::is_uppercase);
    let help = if is_layer {
        format!("a layer stands to the right of `->`: `x -> {name}`")
    } else {
        did_you_mean(suggestion, format!("the values so far are {}", list(values)))
    };
    format!("there is no value `{name}`\nhelp: {help}")
}

pub(crate) fn unknown_layer(name: &dyn Display, suggestion: Option<&str>) -> String {
    if name.to_string() == "concat" {
        return "`concat` is a value, and a layer is expected to the right of `->`\nhelp: it stands to the left: `concat(a, b) -> ..`".into();
    }
    let otherwise = format!("a layer of your own is written with its path: `self::{name}`");
    format!("there is no layer `{name}`\nhelp: {}", did_you_mean(suggestion, otherwise))
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

pub(crate) fn shadowed_unused(name: &dyn Display) -> String {
    format!("value `{name}` is never used: a later `let {name}` hides it\nhelp: use it, or remove this `let`")
}

pub(crate) fn unused_value(name: &dyn Display) -> String {
    format!("value `{name}` is never used\nhelp: use it, or remove this `let`: no output depends on it")
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

// Arguments

pub(crate) fn too_many_arguments(layer: &str, accepted: &[String]) -> String {
    let takes = if accepted.is_empty() { "takes no arguments".into() } else { format!("takes {}", list(accepted)) };
    format!("`{layer}` has too many arguments\nexpected: `{layer}` {takes}\nhelp: remove this one")
}

pub(crate) fn unknown_argument(
    layer: &str,
    name: &dyn Display,
    suggestion: Option<&str>,
    accepted: &[String],
) -> String {
    let otherwise =
        if accepted.is_empty() { "it takes no arguments".into() } else { format!("it takes {}", list(accepted)) };
    format!("`{layer}` has no argument `{name}`\nhelp: {}", did_you_mean(suggestion, otherwise))
}

pub(crate) fn duplicate_argument(layer: &str, name: &str) -> String {
    format!("`{layer}` is given `{name}` twice\nhelp: remove one of the two")
}

pub(crate) fn positional_after_named(layer: &str) -> String {
    format!(
        "`{layer}` has a positional argument after a named one\nhelp: positional arguments come first, or give this one its name"
    )
}

pub(crate) fn missing_argument(layer: &str, argument: &str, expects: &str) -> String {
    format!("`{layer}` needs `{argument}`\nexpected {expects}\nhelp: write `{argument} = ..`")
}

pub(crate) fn wrong_argument(layer: &str, argument: &str, expects: &str, found: &TokenStream) -> String {
    format!("`{layer}` cannot use this `{argument}`\nexpected {expects}, found `{found}`")
}

pub(crate) fn arrow_not_taken(layer: &str) -> String {
    format!("`{layer}` takes no written input size\nhelp: write only the part after `->`: input sizes are inferred")
}

pub(crate) fn named_for_own_layer(layer: &str) -> String {
    format!(
        "`{layer}` is a layer of your own: its arguments have no names here\nhelp: write the values in the order of its `config` function"
    )
}

// Sizes

pub(crate) fn arithmetic_on_parameter(parameter: &str, expression: &TokenStream) -> String {
    format!(
        "`{expression}` calculates with the network's parameter `{parameter}`, which stable Rust does not allow in a type\nhelp: add a parameter of its own, `const N: usize`, and use `N` here"
    )
}

pub(crate) fn derived_size(layer: &str, what: &str) -> String {
    format!(
        "`{layer}` receives {what} features: a product with a const parameter is no size on stable Rust\nhelp: give the product a name: add `const F: usize` to the network and write `Flatten(F)`"
    )
}

pub(crate) fn own_layer_in_generic(layer: &str) -> String {
    format!(
        "the output shape of `{layer}` is not known in a network with const parameters\nhelp: write the network without const parameters"
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

// Kinds

pub(crate) fn double_softmax(layer: &str, before: &str) -> String {
    format!(
        "`{layer}` is applied to the output of `{before}`, which is normalised already\nexpected scores, found probabilities\nhelp: remove one of the two"
    )
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

pub(crate) fn declared_symbolic(found: &str, declared: &str) -> String {
    format!(
        "the network's output is not the declared one\nexpected {declared} as declared, found {found}\nhelp: give the last layer the declared size, or declare the shape that was found"
    )
}
