//! All the compiler's words, in one place. At most three lines each: what is wrong; expected and found; help.
//! The words of shape errors stand in `nn_core::spec`, because rustc shows them too.

use std::fmt::Display;

use nn_core::spec::{LAYERS, Shape};
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
    format!(
        "expected `struct`, `block`, `assert` or `instances`, found `{found}`\nhelp: a network reads `pub struct Net(x: [784]) -> [10] {{ x -> Dense(10) }}`"
    )
}

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

pub(crate) fn missing_semicolon() -> String {
    "expected `;` after this `let`\nhelp: a network ends with its result: `let x = ..; x`".into()
}

pub(crate) fn unexpected(input: ParseStream<'_>) -> String {
    let found = input.cursor().token_tree().map_or_else(String::new, |(token, _)| token.to_string());
    let help = match found.as_str() {
        "=" if is_fat_arrow(input) => "help: layers are applied with `->`",
        "=" => "help: a value is named with `let name = ..;`",
        "." => "help: values have no methods; apply layers with `->`",
        _ if found.starts_with(|first: char| first.is_ascii_digit() || first == '[') => {
            "help: the arguments of a layer stand in parentheses: `Dense(10)`"
        }
        _ => {
            "help: apply layers with `->`, join values with `+`, `-`, `*`, `/` or `concat(a, b)`, end a `let` with `;`"
        }
    };
    format!("did not expect `{found}` here\n{help}")
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
        "return" => "a network ends with its result: remove `return`, and leave the `;` out",
        _ if found.starts_with('[') => "values stand in no brackets: `concat(a, b)`",
        _ => "layers stand to the right of `->`",
    };
    format!("expected a value: an input, a `let`, `concat(a, b)` or an expression in parentheses\nhelp: {help}")
}

pub(crate) fn unknown_function(name: &dyn Display, suggestion: Option<&str>) -> String {
    let is_layer = name.to_string().starts_with(char::is_uppercase);
    let help = if is_layer {
        format!("layers are applied with `->`: `x -> {name}(..)`")
    } else {
        did_you_mean(
            suggestion,
            "functions are `concat`, `split`, `stop_gradient`, and layers without parameters: `softmax(x)`".into(),
        )
    };
    format!("`{name}` is not a function of values\nhelp: {help}")
}

pub(crate) fn function_of_layer(name: &str, layer: &str) -> String {
    format!(
        "`{name}` is not a function of values: it has parameters\nhelp: apply the layer with `->`: `x -> {layer}(..)`"
    )
}

pub(crate) fn function_needs_value(name: &dyn Display) -> String {
    format!("`{name}` works on one value\nexpected `{name}(value, ..)`, found none\nhelp: write the value first")
}

pub(crate) fn repeat_without_count() -> String {
    "this row of layers has no length\nexpected `[Block(..); 4]`: a layer or block, `;`, and how many".into()
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
            "this is one value for {names} names\nexpected 1 name, found {names}\nhelp: write `let a = ..;`, or take parts with `split(.., {names})`"
        );
    }
    format!(
        "the names do not pair with the values\nexpected {values} names, found {names}\nhelp: name every value: `let (a, b) = ..;`"
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

// Blocks and rows

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

// Tied layers and marks

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

pub(crate) fn initializer_arguments(name: &syn::Ident) -> String {
    let (takes, example) =
        if name == "Constant" { ("a number", "Constant(0.1)".into()) } else { ("nothing", name.to_string()) };
    format!("initialiser `{name}` takes {takes}\nexpected `{example}`")
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
        "initialisers are `HeNormal`, `GlorotUniform`, `Constant(0.1)` and others; your own have a path".to_owned();
    format!("there is no initialiser `{name}`\nhelp: {}", did_you_mean(suggestion, otherwise))
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

// Names

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

pub(crate) fn unknown_layer(name: &dyn Display, suggestion: Option<&str>) -> String {
    let otherwise = if name.to_string().starts_with(char::is_lowercase) {
        format!("name a layer `{name}` in front, `-> {name}: Dense(..)`, to apply it again")
    } else {
        format!("a layer of your own is written with its path: `self::{name}`")
    };
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
    let otherwise = match accepted {
        _ if name.to_string() == "activation" => "an activation is a layer of its own: `-> Relu`".into(),
        [] => "it takes no arguments".into(),
        _ => format!("it takes {}", list(accepted)),
    };
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

/// `size` says where the first of two values ends in one that holds both.
pub(crate) fn second_value(layer: &str, size: &str) -> String {
    format!(
        "`{layer}` takes two values\nexpected 2 values, found 1\nhelp: write `(a, b) -> {layer}(..)`, or `{size} = ..` where one value holds both"
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
        "`{layer}` receives {what} features: a size calculated from a const parameter is no type on stable Rust\nhelp: give that size a name: add `const F: usize` to the network and write `Flatten(F)`"
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

// Streams

pub(crate) fn stream_of_several(side: &str) -> String {
    format!("a network with `#[stream]` has one {side}\nhelp: leave the attribute out, or join them by `concat`")
}

pub(crate) fn stream_with_value() -> String {
    "`#[stream]` takes no value: time is the first axis of the input\nhelp: write `#[stream]`".into()
}

pub(crate) fn stream_whole(layer: &str, reason: &str) -> String {
    format!(
        "`{layer}` {reason}: it cannot go through a sequence step by step\nexpected layers for which a step and those before it are enough, because the network has `#[stream]`\nhelp: leave `#[stream]` out, or put the layer behind a recurrent one with `last = true`"
    )
}

pub(crate) fn stream_own(layer: &str) -> String {
    format!(
        "`{layer}` is a layer of your own: how it goes through a sequence step by step is not known\nhelp: leave `#[stream]` out, or put the layer behind a recurrent one with `last = true`"
    )
}

pub(crate) fn stream_mixed(operation: &str) -> String {
    format!(
        "`{operation}` joins a value of each step with one of the whole sequence\nhelp: leave `#[stream]` out, or join values that both have time as their first axis"
    )
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

// Weights in the program

#[cfg(feature = "embed")]
pub(crate) fn weights_form() -> String {
    "expected `weights!(\"model.safetensors\" for Net)`\nhelp: a tensor with another name in the file goes behind it: `, \"fc.weight\" = \"linear.weight\"`".into()
}

#[cfg(feature = "embed")]
pub(crate) fn weights_unread(path: &str, error: &std::io::Error) -> String {
    format!(
        "the weights `{path}` cannot be read: {error}\nhelp: paths start at the folder of `Cargo.toml`; `network.save(\"{path}\")` writes such a file"
    )
}

#[cfg(feature = "embed")]
pub(crate) fn weights_format(path: &str, error: &str) -> String {
    let error = error.split_once(':').map_or(error, |(first, _)| first);
    format!(
        "`{path}` is no safetensors file, or damaged: {error}\nhelp: write it with `network.save(\"{path}\")`, or with the package `safetensors` in Python"
    )
}

#[cfg(feature = "embed")]
pub(crate) fn weights_rename(name: &str, near: Option<&str>) -> String {
    let help = did_you_mean(near, "behind `=` stands the file's name, in front of it the network's".into());
    format!("the file has no tensor `{name}` to rename\nhelp: {help}")
}

#[cfg(feature = "embed")]
pub(crate) fn weights_twice(name: &str) -> String {
    format!("two tensors of the file would be named `{name}`\nhelp: rename the other one as well, or remove this name")
}
