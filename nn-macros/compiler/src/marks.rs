//! What a user says of a layer's parameters in attributes: `#[freeze]`, `#[init(HeNormal)]`, `#[rate(0.1)]`.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;
use syn::{Attribute, Ident, Meta, Token};

use crate::diagnostics::{Diagnostics, Place};
use crate::messages;
use crate::suggest;

/// The attributes that a layer can have.
pub(crate) const KNOWN: [&str; 6] = ["freeze", "init", "l1", "l2", "no_decay", "rate"];

/// What holds for the parameters of a layer, or of a block.
#[derive(Clone, Default)]
pub(crate) struct Marks {
    /// Not trained: no gradient is computed, and none has a place.
    pub frozen: bool,
    /// Weight decay leaves it alone.
    pub no_decay: bool,
    pub l1: Option<TokenStream>,
    pub l2: Option<TokenStream>,
    /// What the learning rate is multiplied with.
    pub rate: Option<TokenStream>,
    pub init: Vec<Initial>,
}

/// `HeNormal` for all weights, or `bias = Constant(0.1)` for one tensor.
#[derive(Clone)]
pub(crate) struct Initial {
    pub tensor: Option<Ident>,
    pub initializer: TokenStream,
}

impl Marks {
    /// Reads the attributes of a layer.
    pub(crate) fn read(attributes: &[Attribute], diagnostics: &mut Diagnostics) -> Self {
        let mut marks = Self::default();
        for (index, attribute) in attributes.iter().enumerate() {
            if attributes[..index]
                .iter()
                .any(|other| other.path() == attribute.path() && !attribute.path().is_ident("doc"))
                && !attribute.path().is_ident("init")
            {
                diagnostics.error(attribute.path().span(), messages::mark_twice(&attribute.path().to_token_stream()));
                continue;
            }
            if let Err(error) = marks.add(attribute) {
                diagnostics.error(error.span(), error.to_string());
            }
        }
        marks
    }

    fn add(&mut self, attribute: &Attribute) -> syn::Result<()> {
        let path = attribute.path();
        let name = path.get_ident().map_or_else(String::new, Ident::to_string);
        match name.as_str() {
            "freeze" | "no_decay" => {
                if !matches!(attribute.meta, Meta::Path(_)) {
                    return Err(syn::Error::new(path.span(), messages::mark_without_value(&name)));
                }
                self.frozen |= name == "freeze";
                self.no_decay |= name == "no_decay";
            }
            "l1" | "l2" | "rate" => {
                let value = Some(number(attribute, &name)?);
                match name.as_str() {
                    "l1" => self.l1 = value,
                    "l2" => self.l2 = value,
                    _ => self.rate = value,
                }
            }
            "init" => self.init.extend(initials(attribute)?),
            "doc" => return Err(syn::Error::new(attribute.span(), messages::doc_on_layer())),
            _ => {
                let suggestion = suggest::mark(&name, &KNOWN);
                return Err(syn::Error::new(path.span(), messages::unknown_mark(&name, suggestion, &KNOWN)));
            }
        }
        Ok(())
    }

    /// These marks inside a block that has marks of its own: penalties add up, rates multiply, the inner initialisers
    /// count.
    pub(crate) fn inside(mut self, outer: &Self) -> Self {
        let both = |inner: Option<TokenStream>, outer: &Option<TokenStream>, sign: TokenStream| match (inner, outer) {
            (Some(inner), Some(outer)) => Some(quote::quote!((#inner) #sign (#outer))),
            (inner, outer) => inner.or_else(|| outer.clone()),
        };
        self.frozen |= outer.frozen;
        self.no_decay |= outer.no_decay;
        self.l1 = both(self.l1, &outer.l1, quote::quote!(+));
        self.l2 = both(self.l2, &outer.l2, quote::quote!(+));
        self.rate = both(self.rate, &outer.rate, quote::quote!(*));
        if self.init.is_empty() {
            self.init.clone_from(&outer.init);
        }
        self
    }

    /// Whether anything is said that the tree of parts must hold.
    pub(crate) fn is_plain(&self) -> bool {
        !self.frozen && !self.no_decay && self.l1.is_none() && self.l2.is_none() && self.rate.is_none()
    }
}

/// `(1e-4)`
fn number(attribute: &Attribute, name: &str) -> syn::Result<TokenStream> {
    let wrong = || syn::Error::new(attribute.path().span(), messages::mark_needs_number(name));
    let Meta::List(list) = &attribute.meta else { return Err(wrong()) };
    if list.tokens.is_empty() {
        return Err(wrong());
    }
    let value: syn::Expr = syn::parse2(list.tokens.clone()).map_err(|_| wrong())?;
    let found = crate::constant::number(&value);
    if matches!(value, syn::Expr::Lit(_)) && found.is_none() {
        return Err(syn::Error::new(value.span(), messages::mark_needs_number(name)));
    }
    if found.is_some_and(|found| !(found >= 0.0 && found.is_finite())) {
        return Err(syn::Error::new(value.span(), messages::mark_out_of_range(name, &list.tokens)));
    }
    // A whole number is meant as a real one.
    Ok(found.map_or_else(|| list.tokens.clone(), |found| quote::quote!(#found)))
}

/// `(HeNormal)`, `(weight = HeNormal, bias = Constant(0.1))`
fn initials(attribute: &Attribute) -> syn::Result<Vec<Initial>> {
    let wrong = || syn::Error::new(attribute.path().span(), messages::init_needs_initializer());
    let Meta::List(list) = &attribute.meta else { return Err(wrong()) };
    let parser = |input: ParseStream<'_>| {
        let mut initials = Vec::new();
        while !input.is_empty() {
            let tensor = if input.peek(Ident) && input.peek2(Token![=]) {
                let tensor: Ident = input.parse()?;
                input.parse::<Token![=]>()?;
                Some(tensor)
            } else {
                None
            };
            let written: syn::Expr = input.parse().map_err(|_| wrong())?;
            let initializer = initializer(&written)?;
            if initials.iter().any(|other: &Initial| other.tensor == tensor) {
                return Err(syn::Error::new(written.span(), messages::init_twice(tensor.as_ref())));
            }
            initials.push(Initial { tensor, initializer });
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(initials)
    };
    let initials = list.parse_args_with(parser)?;
    if initials.is_empty() { Err(wrong()) } else { Ok(initials) }
}

/// The initialisers that are written without a path.
const INITIALIZERS: [&str; 11] = [
    "Constant",
    "Normal",
    "TruncatedNormal",
    "Uniform",
    "GlorotUniform",
    "GlorotNormal",
    "HeUniform",
    "HeNormal",
    "LecunUniform",
    "LecunNormal",
    "Orthogonal",
];

/// Those of a number.
const OF_A_NUMBER: [&str; 4] = ["Constant", "Normal", "TruncatedNormal", "Uniform"];

fn initializer(written: &syn::Expr) -> syn::Result<TokenStream> {
    let path = match written {
        syn::Expr::Path(path) => &path.path,
        syn::Expr::Call(call) => match &*call.func {
            syn::Expr::Path(path) => &path.path,
            _ => return Err(syn::Error::new(written.span(), messages::init_needs_initializer())),
        },
        _ => return Err(syn::Error::new(written.span(), messages::init_needs_initializer())),
    };
    let tokens = quote::quote!(#written);
    let Some(name) = path.get_ident() else { return Ok(tokens) };
    if !INITIALIZERS.iter().any(|known| name == known) {
        let suggestion = suggest::mark(&name.to_string(), &INITIALIZERS);
        return Err(syn::Error::new(name.span(), messages::unknown_initializer(name, suggestion)));
    }
    let numbers = match written {
        syn::Expr::Call(call) => call.args.len(),
        _ => 0,
    };
    let takes = usize::from(OF_A_NUMBER.iter().any(|known| name == known));
    if numbers != takes {
        return Err(syn::Error::new(written.span(), messages::initializer_arguments(name, takes)));
    }
    if let syn::Expr::Call(call) = written
        && let Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(whole), .. })) = call.args.first()
    {
        return Ok(quote::quote!(Initializer::#name(#whole as f64)));
    }
    Ok(quote::quote!(Initializer::#tokens))
}

/// Where the attributes of a layer stand.
pub(crate) fn place(attributes: &[Attribute]) -> Option<Place> {
    attributes.first().map(|first| Place::of(&first.path()))
}
