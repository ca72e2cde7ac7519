//! All the compiler's words, in one place. At most three lines each: what is wrong; expected and found; help.
//! The words of shape errors stand in `nn_core::spec`, because rustc shows them too.

mod arguments;
mod blocks;
mod body;
mod header;
mod marks;
mod names;
mod rules;
mod sizes;
#[cfg(feature = "embed")]
mod weights;

pub(crate) use arguments::*;
pub(crate) use blocks::*;
pub(crate) use body::*;
pub(crate) use header::*;
pub(crate) use marks::*;
pub(crate) use names::*;
pub(crate) use rules::*;
pub(crate) use sizes::*;
#[cfg(feature = "embed")]
pub(crate) use weights::*;

use crate::suggest::Meant;

/// The help with a name that was meant, or with what to write instead.
fn meant_or(meant: Option<Meant<'_>>, otherwise: String) -> String {
    match meant {
        Some(Meant::Advice(advice)) => advice,
        Some(Meant::Name(name)) => did_you_mean(Some(name), otherwise),
        None => otherwise,
    }
}

fn did_you_mean(suggestion: Option<&str>, otherwise: String) -> String {
    suggestion.map_or(otherwise, |name| format!("did you mean `{name}`?"))
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
