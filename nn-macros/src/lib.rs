//! The procedural macro behind `netform::network!`: a shell around `nn-compiler`.

use proc_macro::{TokenStream, TokenTree};

/// Compiles networks. The first token is the path of the facade in parentheses, which `netform::network!` puts there.
///
/// A panic in here is a bug, and says so.
#[proc_macro]
pub fn network(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter();
    let facade = match tokens.next() {
        Some(TokenTree::Group(group)) => group.stream(),
        _ => TokenStream::new(),
    };
    let network: TokenStream = tokens.collect();
    let text = network.to_string();
    let compiled = std::panic::catch_unwind(|| nn_compiler::compile(&facade.into(), network.into()).into());
    compiled.unwrap_or_else(|payload| {
        let said = payload.downcast_ref::<&str>().map(|said| (*said).to_owned());
        let said = said.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        let message = format!("bug in netform: `network!` panicked, please report it: {said}\non this input:\n{text}");
        format!("::core::compile_error!({message:?});").parse().unwrap_or_default()
    })
}
