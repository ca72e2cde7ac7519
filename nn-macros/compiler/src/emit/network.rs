//! The implementations that let the run-time drive a network, and let it stand inside another one.

use nn_core::spec::Kind;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;

use super::samples::{input_shape, output_shape};
use super::structs::{gradient_name, layer_type, parts};
use super::{Context, Run, backward, call_constant, fold, forward, imports, initialize, number, path_tokens};
use crate::graph::{Node, NodeId, Op};
use crate::shapes::plan_name;

pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let (network, nested, constructors) = (network(context), nested(context), constructors(context));
    quote!(#network #nested #constructors)
}

fn network(context: &Context<'_>) -> TokenStream {
    let Context { facade, network, .. } = context;
    let (generics, self_type, plan) = (context.generics(), context.self_type(&quote!(T)), context.plan());
    let (name, gradient, parameters) =
        (network.name.unraw().to_string(), gradient_name(&network.name), &network.parameters);
    let (inference, training) = (Run::Inference.memory(), Run::Training.memory());
    let (input, output) = (input_shape(context), output_shape(context));
    let (kind, parts) = (network_kind(context), parts(context));
    let cuts = &context.cuts;
    let segments = number(cuts.len() + 1);
    let total = number(2 * cuts.len());
    let initialize = initialize::emit(context);
    let (infer, steps) = infer(context);
    let (forward, backward) = (forward::segments(context), backward::segments(context));
    let (merge, commit, fold) = (merge(context), commit(context), fold::emit(context));
    let penalises = penalises(context).map(|penalises| quote!(const PENALISES: bool = #penalises;));
    let (imports, cut_off) = (imports(facade), context.cut_off());
    let plan_type = plan_name(&network.name);
    let cut_off = (!cut_off.is_empty()).then(|| {
        quote! {
            impl<#generics> #plan_type<#(#parameters),*> { #cut_off }
        }
    });
    let coupling_imports = (!cuts.is_empty()).then(|| quote!(use #facade::Coupled;));
    quote! {
        #[allow(unused_variables, unused_mut, unused_braces, unused_parens)]
        impl<#generics T: #facade::Scalar> #facade::Network<T> for #self_type {
            type Input = #input;
            type Output = #output;
            type Kind = #kind;
            type Gradient = #gradient<#(#parameters,)* T>;

            const NAME: &'static str = #name;
            const PARTS: &'static [#facade::Part] = #parts;
            const INFERENCE: #facade::MemoryPlan = #plan::#inference;
            const TRAINING: #facade::MemoryPlan = #plan::#training;
            const SEGMENTS: usize = #segments;
            const ARITHMETIC: u64 = #plan::FLOPS;
            const STATISTICS: usize = #plan::STATISTICS[#total];
            #penalises

            fn initialize(&mut self, random: &mut #facade::Random) {
                use #facade::Layer;
                #initialize
            }

            #infer

            fn forward<O: #facade::Observer<T>>(
                &self,
                segment: usize,
                pass: &#facade::Pass,
                input: &[T],
                workspace: &mut [T],
                scratch: &mut [T],
                statistics: &[T],
                partial: &mut [T],
                observer: &mut O,
            ) {
                #imports
                let network = self;
                #forward
            }

            fn backward<O: #facade::Observer<T>>(
                &self,
                segment: usize,
                pass: &#facade::Pass,
                input: &[T],
                workspace: &mut [T],
                scratch: &mut [T],
                statistics: &[T],
                partial: &mut [T],
                mut d_input: ::core::option::Option<&mut [T]>,
                mut gradient: ::core::option::Option<&mut Self::Gradient>,
                observer: &mut O,
            ) {
                #imports
                let network = self;
                let wants_input = d_input.is_some();
                #backward
            }

            fn merge(segment: usize, direction: #facade::Direction, left: &mut [T], right: &[T]) {
                #coupling_imports
                #merge
            }

            fn commit(&mut self, statistics: &[T]) {
                #coupling_imports
                #commit
            }

            #fold
        }

        #steps
        #cut_off
    }
}

/// The methods that predict; and for a short network its steps apart, which have two forms: with the layers called, and
/// with all of them inlined.
fn infer(context: &Context<'_>) -> (TokenStream, TokenStream) {
    let (facade, plan, body) = (&context.facade, context.plan(), forward::infer(context));
    let (generics, self_type, imports) = (context.generics(), context.self_type(&quote!(T)), imports(facade));
    let parameters = quote! {
        &self,
        pass: &#facade::Pass,
        input: &[T],
        workspace: &mut [T],
        scratch: &mut [T],
        observer: &mut O,
    };
    if !context.is_short() {
        let infer = quote! {
            fn infer<O: #facade::Observer<T>>(#parameters) {
                #imports
                let network = self;
                #body
            }
        };
        return (infer, quote!());
    }
    let infer = quote! {
        fn infer<O: #facade::Observer<T>>(#parameters) {
            #facade::Steps::infer_steps::<#facade::Called, O>(self, pass, input, workspace, scratch, observer);
        }

        fn infer_one(&self, input: &[T], workspace: &mut [T], scratch: &mut [T]) {
            if #plan::IS_SMALL {
                #facade::infer_inlined(self, input, workspace, scratch);
            } else {
                self.infer(&#facade::Pass::inference(1), input, workspace, scratch, &mut ());
            }
        }
    };
    let steps = quote! {
        #[allow(unused_variables, unused_mut, unused_braces, unused_parens)]
        impl<#generics T: #facade::Scalar> #facade::Steps<T> for #self_type {
            #[inline(always)]
            fn infer_steps<Caller: #facade::Calls, O: #facade::Observer<T>>(#parameters) {
                #imports
                let network = self;
                #body
            }
        }
    };
    (infer, steps)
}

/// What the outputs mean: of several, each with its shape.
fn network_kind(context: &Context<'_>) -> TokenStream {
    let facade = &context.facade;
    match context.graph.outputs.as_slice() {
        [_] => output_kind(context, context.graph.output),
        several => {
            let heads = several.iter().map(|output| {
                let kind = output_kind(context, output.node);
                let shape = super::samples::sample_shape(facade, &output.declared);
                quote!(#facade::Head<#kind, #shape>)
            });
            quote!((#(#heads),*))
        }
    }
}

fn output_kind(context: &Context<'_>, id: NodeId) -> TokenStream {
    let facade = &context.facade;
    match context.graph.kind(id) {
        Some(Kind::Scores) => quote!(#facade::Scores),
        Some(Kind::Probabilities) => quote!(#facade::Probabilities),
        Some(Kind::LogProbabilities) => quote!(#facade::LogProbabilities),
        None => {
            let mut id = id;
            while !matches!(context.node(id).op, Op::Opaque(_)) {
                id = context.node(id).inputs[0];
            }
            let layer = layer_type(context, id, &quote!(T));
            quote!(<#layer as #facade::OpaqueLayer<T>>::Kind)
        }
    }
}

/// Whether layers ask for more loss, where one may.
fn penalises(context: &Context<'_>) -> Option<TokenStream> {
    let is_penalised = |node: &Node| matches!(&node.op, Op::Layer(layer) if layer.info.penalises);
    if context.graph.nodes.iter().any(is_penalised) {
        return Some(quote!(true));
    }
    let inside: Vec<_> =
        context.graph.fields.iter().map(|field| field.node).filter(|id| context.may_penalise(*id)).collect();
    let (facade, layers) = (&context.facade, inside.iter().map(|id| layer_type(context, *id, &quote!(T))));
    (!inside.is_empty()).then(|| quote!(#(<#layers as #facade::OpaqueLayer<T>>::PENALISES)||*))
}

fn merge(context: &Context<'_>) -> TokenStream {
    let facade = &context.facade;
    let arms = context.cuts.iter().copied().enumerate().map(|(segment, cut)| {
        let (layer, call) = (layer_type(context, cut, &quote!(T)), context.call(cut));
        let (forward, backward) = (context.statistics_range(cut, false), context.backward_range(cut));
        let (before, behind) = (number(segment), number(segment + 1));
        quote! {
            (#before, #facade::Direction::Forward) => {
                <#layer as Coupled<T>>::merge_forward(&#call, &mut left[#forward], &right[#forward]);
            }
            (#behind, #facade::Direction::Backward) => {
                <#layer as Coupled<T>>::merge_backward(&#call, &mut left[#backward], &right[#backward]);
            }
        }
    });
    if context.cuts.is_empty() {
        return quote!();
    }
    quote!(match (segment, direction) { #(#arms)* _ => {} })
}

fn commit(context: &Context<'_>) -> TokenStream {
    let commits = context.cuts.iter().copied().map(|cut| {
        let (field, call, range) = (context.node(cut).field(), context.call(cut), context.statistics_range(cut, false));
        let field = field.map(|field| path_tokens(&context.graph.fields[field].path));
        quote!(Coupled::commit(&mut self.#field, &#call, &statistics[#range]);)
    });
    quote!(#(#commits)*)
}

/// A network is itself a layer, so that networks nest.
fn nested(context: &Context<'_>) -> TokenStream {
    let Context { facade, network, graph, .. } = context;
    let (generics, self_type, plan) = (context.generics(), context.self_type(&quote!(T)), context.plan());
    let (gradient, parameters) = (gradient_name(&network.name), &network.parameters);
    let name = network.name.to_string();
    // Several outputs lie one behind the other.
    let kind = if graph.outputs.len() == 1 { output_kind(context, graph.output) } else { quote!(#facade::Scores) };
    let (input, output) = (context.shape_name(0), context.shape_name(graph.output));
    let couples = !context.cuts.is_empty();
    let statistics = number(2 * context.cuts.len());
    let penalties = penalises(context).map(|_| {
        quote! {
            const PENALISES: bool = <Self as #facade::Network<T>>::PENALISES;

            fn forward_observed<O: #facade::Observer<T>>(
                &self,
                call: &#facade::Call<()>,
                pass: &#facade::Pass,
                input: &[T],
                output: &mut [T],
                memory: #facade::Memory<'_, T>,
                observer: &mut O,
            ) {
                #facade::nested_forward(self, call, pass, input, output, memory, observer);
            }
        }
    });
    let fold = fold::emit(context).map(|_| {
        quote! {
            fn fold_inside(&mut self) -> usize {
                #facade::Network::fold_batch_norms(self)
            }
        }
    });
    quote! {
        impl<#generics T: #facade::Scalar> #facade::Layer<T> for #self_type {
            type Config = ();
            type Gradient = #gradient<#(#parameters,)* T>;

            const PARTS: &'static [#facade::Part] = <Self as #facade::Network<T>>::PARTS;

            fn initialize(&mut self, _call: &#facade::Call<()>, random: &mut #facade::Random) {
                #facade::Network::initialize(self, random);
            }

            fn forward(
                &self,
                call: &#facade::Call<()>,
                pass: &#facade::Pass,
                input: &[T],
                output: &mut [T],
                memory: #facade::Memory<'_, T>,
            ) {
                #facade::nested_forward(self, call, pass, input, output, memory, &mut ());
            }

            fn backward(
                &self,
                call: &#facade::Call<()>,
                pass: &#facade::Pass,
                values: #facade::Activations<'_, T>,
                d_output: &mut [T],
                d_input: ::core::option::Option<&mut [T]>,
                gradient: ::core::option::Option<&mut <Self as #facade::Layer<T>>::Gradient>,
                memory: #facade::Memory<'_, T>,
            ) {
                #facade::nested_backward(self, call, pass, values, d_output, d_input, gradient, memory);
            }
        }

        impl<#generics T: #facade::Scalar> #facade::OpaqueLayer<T> for #self_type {
            type Kind = #kind;

            const TAPE: usize = #facade::nested_tape(#plan::INFERENCE, #plan::TRAINING);
            const SCRATCH: usize = #facade::nested_scratch(#plan::SCRATCH, #plan::STATISTICS[#statistics]);
            const FLOPS: u64 = #plan::FLOPS;
            const COUPLES: bool = #couples;
            #penalties
            #fold
        }

        impl<#generics T: #facade::Scalar> #self_type {
            /// The shape rule of this network as a layer: it takes one shape, and gives one.
            pub const fn out_shape(
                _config: &(),
                input: #facade::spec::Shape,
            ) -> ::core::result::Result<#facade::spec::Shape, #facade::spec::ShapeError> {
                #facade::spec::nested(#name, input, #plan::#input, #plan::#output)
            }
        }
    }
}

fn constructors(context: &Context<'_>) -> TokenStream {
    let Context { facade, network, .. } = context;
    let (generics, single, general) =
        (context.generics(), context.self_type(&quote!(f32)), context.self_type(&quote!(T)));
    let visibility = &network.visibility;
    quote! {
        #[allow(dead_code, clippy::unnecessary_box_returns)]
        impl<#generics> #single {
            #facade::with_alloc! {
                /// A network with its layers' default initial values: the same for the same seed. Of 32-bit numbers;
                /// for others see `with_seed`.
                #visibility fn new(seed: u64) -> #facade::AlignedBox<Self> {
                    Self::with_seed(seed)
                }
            }
        }

        #[allow(dead_code, clippy::unnecessary_box_returns)]
        impl<#generics T: #facade::Scalar> #general {
            #facade::with_alloc! {
                /// As `new`, for any scalar: `Net::<f64>::with_seed(1)`.
                #visibility fn with_seed(seed: u64) -> #facade::AlignedBox<Self> {
                    #facade::seeded(seed)
                }
            }
        }
    }
}

impl Context<'_> {
    /// Whether a node may be a network with layers that ask for more loss; rustc knows. None of a frozen one do.
    pub(crate) fn may_penalise(&self, id: NodeId) -> bool {
        matches!(&self.node(id).op, Op::Opaque(opaque) if !self.graph.fields[opaque.field].marks.frozen)
    }

    /// All coupling nodes' statistics: each has two lengths, the forward and the backward one.
    pub(crate) fn statistics_lengths(&self) -> Vec<TokenStream> {
        let lengths = |cut: &NodeId| {
            let call = call_constant(&self.node(*cut).name);
            [0, 1].map(|index| {
                let index = number(index);
                quote!(Self::#call.config.statistics(Self::#call.input)[#index])
            })
        };
        self.cuts.iter().flat_map(lengths).collect()
    }

    /// Where a coupling node's statistics start: the forward ones, or the backward ones, or what stands behind those.
    fn statistics_start(&self, cut: NodeId, part: usize) -> TokenStream {
        let (plan, place) = (self.plan(), self.cuts.partition_point(|other| *other < cut));
        let index = number(2 * place + part);
        quote!(const { #plan::STATISTICS[#index] })
    }

    /// The range of a coupling node's forward statistics, or of forward and backward ones together.
    pub(crate) fn statistics_range(&self, cut: NodeId, with_backward: bool) -> TokenStream {
        let end = if with_backward { 2 } else { 1 };
        let (start, end) = (self.statistics_start(cut, 0), self.statistics_start(cut, end));
        quote!(#start..#end)
    }

    /// The range of a coupling node's backward statistics.
    pub(crate) fn backward_range(&self, cut: NodeId) -> TokenStream {
        let (start, end) = (self.statistics_start(cut, 1), self.statistics_start(cut, 2));
        quote!(#start..#end)
    }
}
