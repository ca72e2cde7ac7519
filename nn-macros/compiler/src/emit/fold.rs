//! Folding: layers that scale and shift channels in predictions hand this over to the affine layer in front of them.

use nn_core::spec::Form;
use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, number, path_tokens};
use crate::fuse::readers;
use crate::graph::{Field, Graph, NodeId, Op, Segment};

/// `Network::fold_batch_norms`, for a network in which it does something.
pub(crate) fn emit(context: &Context<'_>) -> Option<TokenStream> {
    let (facade, pairs, inside) = (&context.facade, pairs(context.graph), inside(context.graph));
    if pairs.is_empty() && inside.is_empty() {
        return None;
    }
    let folds = pairs.iter().map(|(layer, fields)| {
        let [own, affine] = fields.map(|field| path_tokens(&context.graph.fields[field].path));
        let call = context.call(*layer);
        quote!(#facade::Folded::fold_into(&mut self.#own, &#call, &mut self.#affine);)
    });
    let (count, inside) = (number(pairs.len()), inside.into_iter().map(path_tokens));
    Some(quote! {
        fn fold_batch_norms(&mut self) -> usize {
            #(#folds)*
            #count #(+ <_ as #facade::OpaqueLayer<T>>::fold_inside(&mut self.#inside))*
        }
    })
}

/// The paths of networks inside this one, and of layers that may be some: each folds for itself, however often it is applied.
fn inside(graph: &Graph) -> Vec<&[Segment]> {
    let is_inside = |field: &&Field| matches!(graph.nodes[field.node].op, Op::Opaque(_));
    graph.fields.iter().filter(is_inside).map(|field| field.path.as_slice()).collect()
}

/// The layers that can be folded, each with its field and that of the layer in front.
fn pairs(graph: &Graph) -> Vec<(NodeId, [usize; 2])> {
    let readers = readers(graph);
    let once = |field: usize| graph.nodes.iter().filter(|node| node.field() == Some(field)).count() == 1;
    let pair = |id: NodeId| {
        let layer = graph.nodes[id].layer()?;
        let (true, Some(own)) = (layer.info.folds, layer.field) else { return None };
        let input = graph.nodes[id].inputs[0];
        let front = graph.nodes[input].layer()?;
        let is_bare = front.info.form == Form::Affine && front.activation.is_none() && front.pool.is_none();
        let affine = front.field.filter(|_| is_bare && readers[input] == 1)?;
        (once(own) && once(affine)).then_some((id, [own, affine]))
    };
    (0..graph.nodes.len()).filter_map(pair).collect()
}
