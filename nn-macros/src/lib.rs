//! The procedural macros behind `netform::network!` and `netform::weights!`: a shell around `nn-compiler`.

use proc_macro::{TokenStream, TokenTree};

/// Compiles networks. The first token is the path of the facade in parentheses, which `netform::network!` puts there.
///
/// A panic in here is a bug, and says so.
#[proc_macro]
pub fn network(tokens: TokenStream) -> TokenStream {
    guarded("network!", tokens, |facade, tokens| nn_compiler::compile(&facade.into(), tokens.into()).into())
}

/// Embeds a file of weights, which it checks. The first token as for [`network!`].
#[cfg(feature = "embed")]
#[proc_macro]
pub fn weights(tokens: TokenStream) -> TokenStream {
    guarded("weights!", tokens, |facade, tokens| {
        // Cargo tells where the crate is; a build without it starts where it runs.
        let folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        nn_compiler::embed(&facade.into(), folder.as_ref(), tokens.into()).into()
    })
}

/// Cuts the path of the facade off, and makes an error of a panic.
fn guarded(
    name: &str,
    tokens: TokenStream,
    compile: impl Fn(TokenStream, TokenStream) -> TokenStream + std::panic::RefUnwindSafe,
) -> TokenStream {
    let mut tokens = tokens.into_iter();
    let facade = match tokens.next() {
        Some(TokenTree::Group(group)) => group.stream(),
        _ => TokenStream::new(),
    };
    let tokens: TokenStream = tokens.collect();
    let text = tokens.to_string();
    let compiled = std::panic::catch_unwind(|| compile(facade, tokens));
    compiled.unwrap_or_else(|payload| {
        let said = payload.downcast_ref::<&str>().map(|said| (*said).to_owned());
        let said = said.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        let message = format!("bug in netform: `{name}` panicked, please report it: {said}\non this input:\n{text}");
        format!("::core::compile_error!({message:?});").parse().unwrap_or_default()
    })
}
