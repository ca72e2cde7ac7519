//! The compiler behind `network!`: tokens → AST → resolved graph → shapes → checks → fusion → memory plan → Rust.
//!
//! [`compile`] is the whole pipeline; each step is a file. Errors are collected on the way and shown together; code is
//! emitted only for a network without any.

mod argument;
mod ast;
mod check;
mod constant;
mod diagnostics;
mod emit;
mod fuse;
mod graph;
mod messages;
mod names;
mod parse;
mod plan;
mod resolve;
mod shapes;
mod suggest;

use proc_macro2::TokenStream;

pub use diagnostics::Diagnostics;
pub use graph::Graph;

/// Compiles the tokens of one `network!` invocation. `facade` is the path of the crate that the emitted code calls.
pub fn compile(facade: &TokenStream, tokens: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let networks = parse::parse(tokens, &mut diagnostics);
    let emitted = networks.iter().map(|network| compile_network(facade, network, &mut diagnostics));
    let emitted: TokenStream = emitted.collect();
    let errors = diagnostics.into_tokens();
    quote::quote! { #emitted #errors }
}

/// The passes, in order. A network with errors leaves a stub of its struct, so that one mistake is one error.
fn compile_network(facade: &TokenStream, network: &ast::Network, diagnostics: &mut Diagnostics) -> TokenStream {
    let before = diagnostics.count();
    let graph = analyse(network, diagnostics);
    if network.is_broken || diagnostics.count() > before {
        return emit::stub(facade, network);
    }
    let graph = fuse::fuse(graph);
    let plans = plan::plan(&graph);
    emit::emit(facade, network, &graph, &plans)
}

fn analyse(network: &ast::Network, diagnostics: &mut Diagnostics) -> Graph {
    let mut graph = resolve::resolve(network, diagnostics);
    shapes::infer(network, &mut graph, diagnostics);
    check::check(network, &graph, diagnostics);
    graph
}

/// The graphs of all networks in the tokens, after fusion, as text: for snapshots and for reading.
pub fn describe(tokens: TokenStream) -> Result<String, String> {
    let mut diagnostics = Diagnostics::default();
    let networks = parse::parse(tokens, &mut diagnostics);
    let mut text = String::new();
    for network in &networks {
        let graph = fuse::fuse(analyse(network, &mut diagnostics));
        let plans = if diagnostics.count() == 0 { plan::plan(&graph).to_string() } else { String::new() };
        text += &format!("network {}\n{graph}\n{plans}", network.name);
    }
    if diagnostics.count() > 0 { Err(diagnostics.to_string()) } else { Ok(text) }
}
