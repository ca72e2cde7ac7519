//! The words about rules for whole networks: streams, what an output is.

use proc_macro2::Ident;

use crate::constant::Size;

pub(crate) fn stream_times(first: &Ident, expected: &Size, other: &Ident, found: &Size) -> String {
    format!(
        "a step of a network with `#[stream]` has a part of every input: the first axis of each is time\nexpected {expected} steps of `{other}` as of `{first}`, found {found}\nhelp: give `{other}` a first axis of {expected}, with the same values in each step if they do not change; a state that is there once makes a network of one step by hand, without `#[stream]`, which takes a state and gives the next"
    )
}

pub(crate) fn stream_with_value() -> String {
    "`#[stream]` takes no value: time is the first axis of the input\nhelp: write `#[stream]`".into()
}

/// `cure` is an argument with which the layer could.
pub(crate) fn stream_whole(layer: &str, reason: &str, cure: Option<&str>) -> String {
    let cure = cure.map_or_else(String::new, |cure| format!("write `{cure}`, "));
    format!(
        "`{layer}` {reason}: it cannot go through a sequence step by step\nexpected layers for which a step and those before it are enough, because the network has `#[stream]`\nhelp: {cure}leave `#[stream]` out, or put the layer behind a recurrent one with `last = true`"
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

pub(crate) fn double_softmax(layer: &str, before: &str) -> String {
    format!(
        "`{layer}` is applied to the output of `{before}`, which is normalised already\nexpected scores, found probabilities\nhelp: remove one of the two"
    )
}

pub(crate) fn declared_symbolic(found: &str, declared: &str) -> String {
    format!(
        "the network's output is not the declared one\nexpected {declared} as declared, found {found}\nhelp: give the last layer the declared size, or declare the shape that was found"
    )
}
