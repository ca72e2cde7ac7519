//! The compiler behind `network!`: tokens → AST → resolved graph → shapes → checks → fusion → memory plan → Rust.
//!
//! [`compile`] is the whole pipeline; each step is a file. Errors are collected on the way and shown together; code is
//! emitted only for a network without any.

mod argument;
mod ast;
mod check;
mod constant;
mod diagnostics;
#[cfg(feature = "embed")]
mod embed;
mod emit;
mod flow;
mod fuse;
mod graph;
mod marks;
mod messages;
mod names;
mod parse;
mod plan;
mod remedy;
mod resolve;
mod shapes;
mod stream;
mod suggest;

use proc_macro2::TokenStream;

use ast::{Block, Network};
pub use diagnostics::Diagnostics;
#[cfg(feature = "embed")]
pub use embed::embed;
pub use graph::Graph;
use resolve::Surroundings;

/// Compiles the tokens of one `network!` invocation. `facade` is the path of the crate that the emitted code calls.
pub fn compile(facade: &TokenStream, tokens: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let program = parse::parse(tokens, &mut diagnostics);
    let mut uses = Surroundings::default();
    let networks = program.networks.iter();
    let emitted =
        networks.map(|network| compile_network(facade, network, &program.blocks, &mut uses, &mut diagnostics));
    let emitted: TokenStream = emitted.collect();
    if diagnostics.count() == 0 {
        resolve::report_unused_blocks(&program.blocks, &uses, &mut diagnostics);
    }
    let errors = diagnostics.into_tokens();
    quote::quote! { #emitted #errors }
}

/// The passes, in order. A network with errors leaves its struct with all layers that are right, so that one mistake is
/// one error.
fn compile_network(
    facade: &TokenStream,
    network: &Network,
    blocks: &[Block],
    uses: &mut Surroundings,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let before = diagnostics.count();
    let graph = analyse(network, blocks, uses, diagnostics);
    let is_broken = network.is_broken || graph.is_broken();
    if is_broken || diagnostics.count() > before {
        // Any error will do, so the first: the one that broke it may have been found before, in reading it or a block.
        let error = diagnostics.show().unwrap_or_else(|| quote::quote!(0));
        return emit::stub(facade, network, &graph, &error);
    }
    uses.add(network, &graph);
    let graph = fuse::fuse(graph);
    let plans = plan::plan(&graph);
    emit::emit(facade, network, &graph, &plans)
}

fn analyse(network: &Network, blocks: &[Block], uses: &mut Surroundings, diagnostics: &mut Diagnostics) -> Graph {
    let before = diagnostics.count();
    let graph = resolve::resolve(network, blocks, uses, diagnostics);
    check::check(network, &graph, diagnostics);
    if diagnostics.count() == before && !network.is_broken && !graph.is_broken() {
        check::reachability(&graph, diagnostics);
    }
    graph
}

/// The graphs of all networks in the tokens, after fusion, as text: for snapshots and for reading.
///
/// # Errors
/// The compiler's errors, as text.
pub fn describe(tokens: TokenStream) -> Result<String, String> {
    let mut diagnostics = Diagnostics::default();
    let program = parse::parse(tokens, &mut diagnostics);
    let (mut text, mut uses) = (String::new(), Surroundings::default());
    for network in &program.networks {
        let graph = fuse::fuse(analyse(network, &program.blocks, &mut uses, &mut diagnostics));
        let plans = if diagnostics.count() == 0 { plan::plan(&graph).to_string() } else { String::new() };
        text += &format!("network {}\n{graph}\n{plans}", network.name);
    }
    if diagnostics.count() > 0 { Err(diagnostics.to_string()) } else { Ok(text) }
}
