//! The emitted Rust: an ordinary struct of layers, its constants, and straight-line code. Nothing here reports errors.

mod backward;
mod constants;
mod diagram;
mod fold;
mod forward;
mod initialize;
mod network;
mod order;
mod pieces;
mod samples;
mod stream;
mod structs;
mod stub;
mod summary;
mod tree;

pub(crate) use stub::emit as stub;
pub(crate) use summary::{COUNTS, mentioned};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

pub(crate) use pieces::Method;
use pieces::Pieces;

use crate::ast::Network;
use crate::flow::{Flow, Need};
use crate::graph::{Field, Graph, Node, NodeId, Op, Segment};
use crate::plan::{Key, Plans, has_tape};
use crate::shapes::{plan_name, shape_constant};
use crate::stream::{Streaming, streaming};

/// What every part of the emission looks at.
pub(crate) struct Context<'c> {
    /// The path of the crate that emitted code calls.
    pub facade: TokenStream,
    pub network: &'c Network,
    pub graph: &'c Graph,
    pub plans: &'c Plans,
    /// The coupling nodes, in order: the cuts between segments.
    pub cuts: Vec<NodeId>,
    /// Where gradients flow.
    pub flow: Flow,
    /// What long bodies have been cut into.
    pub pieces: Pieces,
    /// How it goes through a sequence step by step, where the user asks for that.
    pub streaming: Option<Streaming>,
}

/// Everything that one network expands to.
pub(crate) fn emit(facade: &TokenStream, network: &Network, graph: &Graph, plans: &Plans) -> TokenStream {
    let facade = quote!(#facade::rt);
    let cuts = graph.steps().filter(|id| graph.couples(*id)).collect();
    let (flow, pieces) = (Flow::new(graph), Pieces::default());
    let streaming = network.stream.and_then(|_| streaming(network, graph).ok());
    let context = Context { facade, network, graph, plans, cuts, flow, pieces, streaming };
    let structs = structs::emit(&context);
    let samples = samples::emit(&context.facade, network, graph);
    let constants = constants::emit(&context);
    // Before the network, which takes along what bodies have been cut into.
    let stream = stream::emit(&context);
    let network = network::emit(&context);
    let summary = summary::emit(&context);
    quote! { #structs #samples #constants #network #stream #summary }
}

/// What the emitted bodies call by name.
fn imports(facade: &TokenStream) -> TokenStream {
    quote! {
        #[allow(unused_imports)]
        use #facade::{
            Activations, Coupled, InPlace, Layer, Memory, Observer, Penalised, Pooled, Streamed, Transposed, kernels, layers,
        };
    }
}

impl Context<'_> {
    /// `Net`'s constants: `NetPlan`, or `NetPlan::<H>`.
    pub(crate) fn plan(&self) -> TokenStream {
        let (name, parameters) = (plan_name(&self.network.name), &self.network.parameters);
        if parameters.is_empty() { quote!(#name) } else { quote!(#name::<#(#parameters),*>) }
    }

    /// `const H: usize, ` in front of the scalar.
    pub(crate) fn generics(&self) -> TokenStream {
        let parameters = &self.network.parameters;
        quote!(#(const #parameters: usize,)*)
    }

    /// The network's own type for a scalar.
    pub(crate) fn self_type(&self, scalar: &TokenStream) -> TokenStream {
        let (name, parameters) = (&self.network.name, &self.network.parameters);
        quote!(#name<#(#parameters,)* #scalar>)
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.graph.nodes[id]
    }

    /// The constant that holds a node's call.
    pub(crate) fn call(&self, id: NodeId) -> TokenStream {
        let (plan, name) = (self.plan(), call_constant(&self.node(id).name));
        quote!(#plan::#name)
    }

    /// The constant that holds a node's shape.
    pub(crate) fn shape(&self, id: NodeId) -> TokenStream {
        let (plan, name) = (self.plan(), self.shape_name(id));
        quote!(#plan::#name)
    }

    /// The name of that constant.
    pub(crate) fn shape_name(&self, id: NodeId) -> Ident {
        shape_constant(&self.node(self.graph.shaped(id)).name)
    }

    /// The call of the pool that a layer has taken over, as a further argument.
    pub(crate) fn pool_call(&self, id: NodeId) -> Option<TokenStream> {
        let call = self.call(self.graph.pool(id)?);
        Some(quote!(&#call,))
    }

    /// Whether a node's forward step leaves a tape in this run.
    pub(crate) fn has_tape(&self, run: Run, id: NodeId) -> bool {
        has_tape(self.graph, &self.flow, id, run == Run::Training)
    }

    /// The steps of each segment: a coupling node opens the next one.
    pub(crate) fn segments(&self) -> Vec<Vec<NodeId>> {
        let mut segments = vec![Vec::new(); self.cuts.len() + 1];
        for id in self.graph.steps() {
            segments[self.cuts.partition_point(|cut| *cut <= id)].push(id);
        }
        segments
    }

    /// Whether the gradient at a node reaches parameters; else it serves the input's alone.
    pub(crate) fn is_trained(&self, id: NodeId) -> bool {
        self.flow.need(id) == Need::Parameters
    }

    /// The layer that a node calls: a field of the network, or a layer without parameters.
    pub(crate) fn receiver(&self, id: NodeId) -> TokenStream {
        match &self.node(id).op {
            Op::Layer(layer) if layer.field.is_none() => {
                let token = &layer.token;
                quote!(&layers::#token)
            }
            _ => {
                let field = self.node(id).field().map(|field| path_tokens(&self.graph.fields[field].path));
                quote!(&network.#field)
            }
        }
    }

    /// The pass that a node runs in: frozen layers that couple samples use their running statistics.
    pub(crate) fn pass(&self, id: NodeId) -> TokenStream {
        match &self.node(id).op {
            Op::Layer(layer) if layer.info.couples && !self.graph.couples(id) => quote!(&pass.frozen()),
            Op::Opaque(opaque) if self.graph.fields[opaque.field].marks.frozen => quote!(&pass.frozen()),
            _ => quote!(pass),
        }
    }

    /// The gradient of a node's parameters, as an argument.
    pub(crate) fn gradient(&self, id: NodeId) -> TokenStream {
        match self.node(id).field().map(|field| &self.graph.fields[field]) {
            Some(Field { path, marks, .. }) if !marks.frozen => {
                let path = path_tokens(path);
                quote!(gradient.as_deref_mut().map(|gradient| &mut gradient.#path))
            }
            _ => quote!(::core::option::Option::None),
        }
    }

    /// The variable that holds a view of a key's memory. The prefixes keep it apart from the parameters of the methods.
    pub(crate) fn variable(&self, key: Key) -> Ident {
        let name = |id: NodeId| &self.node(id).name;
        match key {
            Key::Value(id) if self.is_input(id) => format_ident!("input"),
            Key::Value(id) => format_ident!("v_{}", name(id)),
            Key::Gradient(id) if self.is_input(id) => format_ident!("d_input"),
            Key::Gradient(id) => format_ident!("g_{}", name(id)),
            Key::Term(..) => format_ident!("term"),
            Key::Tape(_) => format_ident!("tape"),
        }
    }

    /// The statement that makes views of several keys' memory.
    pub(crate) fn views(&self, run: Run, keys: &[Key]) -> TokenStream {
        let mut variables: Vec<Ident> = Vec::new();
        let mut slots: Vec<TokenStream> = Vec::new();
        let plan = self.plan();
        for key in keys {
            variables.push(self.variable(*key));
            let slot = self.slot(run, *key);
            slots.push(quote!(#plan::#slot));
        }
        if variables.is_empty() {
            return quote!();
        }
        quote!(let [#(#variables),*] = pass.views(workspace, [#(#slots),*]);)
    }

    /// The constant that holds a key's place in the workspace of a run. A layer makes one term at most: it has one input.
    pub(crate) fn slot(&self, run: Run, key: Key) -> Ident {
        let name = |id: NodeId| self.node(id).name.to_uppercase();
        let prefix = run.prefix();
        match key {
            Key::Value(id) => format_ident!("{prefix}_VALUE_{}", name(id)),
            Key::Gradient(id) => format_ident!("{prefix}_GRADIENT_{}", name(id)),
            Key::Term(_, reader) => format_ident!("{prefix}_TERM_{}", name(reader)),
            Key::Tape(id) => format_ident!("{prefix}_TAPE_{}", name(id)),
        }
    }

    /// Whether one value takes the place of another that dies as it is made.
    pub(crate) fn takes_over(&self, run: Run, new: Key, old: Key) -> bool {
        let plan = match run {
            Run::Inference => &self.plans.inference,
            Run::Training => &self.plans.training,
            Run::Stream => &self.plans.stream,
        };
        plan.places.get(&new).is_some_and(|place| plan.places.get(&old) == Some(place))
    }

    /// Whether a node asks for scratch memory.
    pub(crate) fn has_scratch(&self, id: NodeId) -> bool {
        match &self.node(id).op {
            Op::Layer(layer) => layer.info.scratch,
            Op::Opaque(_) | Op::Tied(_) => true,
            _ => false,
        }
    }

    /// Whether a node is what the network is given.
    pub(crate) fn is_input(&self, id: NodeId) -> bool {
        matches!(self.node(id).op, Op::Input)
    }
}

/// `blocks[2].up`
pub(crate) fn path_tokens(path: &[Segment]) -> TokenStream {
    let steps = path.iter().map(|Segment { name, place }| match place {
        Some((index, _)) => {
            let index = number(*index);
            quote!(#name[#index])
        }
        None => quote!(#name),
    });
    quote!(#(#steps).*)
}

/// Which run a piece of emitted code belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    Inference,
    Training,
    /// One step of a sequence.
    Stream,
}

impl Run {
    fn prefix(self) -> &'static str {
        match self {
            Self::Inference => "INFER",
            Self::Training => "TRAIN",
            Self::Stream => "STREAM",
        }
    }

    /// The constant that holds where each buffer starts.
    fn starts(self) -> Ident {
        format_ident!("{}_STARTS", self.prefix())
    }
}

/// The constant that holds a layer's call. The words in front keep a user's names apart from each other and from ours.
pub(crate) fn call_constant(name: &str) -> Ident {
    format_ident!("CALL_{}", name.to_uppercase())
}

/// A number without a type suffix.
pub(crate) fn number(value: usize) -> proc_macro2::Literal {
    proc_macro2::Literal::usize_unsuffixed(value)
}
