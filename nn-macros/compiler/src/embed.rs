//! `weights!`: reads the header of a file, and emits a table of its tensors, which rustc compares with the network's.

use std::path::Path;

use nn_core::checksum;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use safetensors::SafeTensors;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{LitStr, Token, Type};

use crate::diagnostics::Diagnostics;
use crate::{messages, suggest};

/// `"model.safetensors" for Net, "fc.weight" = "linear.weight"`
struct Request {
    file: LitStr,
    network: Type,
    /// The network's names of tensors, each with the file's.
    names: Vec<[LitStr; 2]>,
}

impl Parse for Request {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let file = input.parse()?;
        input.parse::<Token![for]>()?;
        let network = input.parse()?;
        let mut names = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let own = input.parse()?;
            input.parse::<Token![=]>()?;
            names.push([own, input.parse()?]);
        }
        Ok(Self { file, network, names })
    }
}

/// A tensor in the file.
struct Stored {
    name: String,
    scalar: String,
    shape: Vec<usize>,
    /// In the file.
    bytes: [usize; 2],
}

/// Compiles the tokens of one `weights!` invocation; `folder` is where relative paths start.
pub fn embed(facade: &TokenStream, folder: &Path, tokens: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let emitted = read_request(tokens, &mut diagnostics).and_then(|request| {
        let stored = read(folder, &request, &mut diagnostics)?;
        let stored = rename(stored, &request.names, &mut diagnostics)?;
        Some(emit(facade, &request, &stored))
    });
    match emitted {
        Some(emitted) => emitted,
        None => {
            let errors = diagnostics.into_tokens();
            quote::quote!({ #errors })
        }
    }
}

fn read_request(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Option<Request> {
    match Request::parse.parse2(tokens) {
        Ok(request) => Some(request),
        Err(error) => {
            diagnostics.error(error.span(), messages::weights_form());
            None
        }
    }
}

/// The tensors in the file, sorted by name.
fn read(folder: &Path, request: &Request, diagnostics: &mut Diagnostics) -> Option<Vec<Stored>> {
    let (file, path) = (&request.file, request.file.value());
    let content = match std::fs::read(folder.join(&path)) {
        Ok(content) => content,
        Err(error) => {
            diagnostics.error(file.span(), messages::weights_unread(&path, &error));
            return None;
        }
    };
    if checksum::check_weights(&content).is_err() {
        diagnostics.error(file.span(), messages::weights_format(&path, "its checksum is another one"));
        return None;
    }
    let header = SafeTensors::read_metadata(&content);
    let layout = header.as_ref().ok().and_then(|(_, metadata)| metadata.metadata().as_ref()?.get(checksum::LAYOUT_KEY));
    if layout.is_some_and(|layout| layout == checksum::LAYOUT_TORCH) {
        diagnostics.error(file.span(), messages::weights_torch(&path));
        return None;
    }
    let tensors = header.and_then(|(length, _)| Ok((length, SafeTensors::deserialize(&content)?)));
    let (length, tensors) = match tensors {
        Ok(found) => found,
        Err(error) => {
            diagnostics.error(file.span(), messages::weights_format(&path, &error.to_string()));
            return None;
        }
    };
    let start = length + size_of::<u64>();
    let mut position = start;
    let mut stored = Vec::new();
    // In the order of their bytes, of which there are none between them.
    for name in tensors_in_order(&tensors) {
        let view = tensors.tensor(&name).ok()?;
        let end = position + view.data().len();
        let (scalar, shape) = (view.dtype().to_string(), view.shape().to_vec());
        stored.push(Stored { name, scalar, shape, bytes: [position, end] });
        position = end;
    }
    Some(stored)
}

/// The names of all tensors in the order in which their bytes stand.
fn tensors_in_order(tensors: &SafeTensors<'_>) -> Vec<String> {
    let mut names: Vec<(usize, usize, String)> = Vec::new();
    for (name, view) in tensors.tensors() {
        names.push((view.data().as_ptr().addr(), view.data().len(), name));
    }
    names.sort();
    names.into_iter().map(|(.., name)| name).collect()
}

/// Gives tensors the network's names.
fn rename(mut stored: Vec<Stored>, names: &[[LitStr; 2]], diagnostics: &mut Diagnostics) -> Option<Vec<Stored>> {
    let mut is_right = true;
    for [own, foreign] in names {
        let wanted = foreign.value();
        match stored.iter_mut().find(|stored| stored.name == wanted) {
            Some(found) => found.name = own.value(),
            None => {
                let near = suggest::closest(&wanted, stored.iter().map(|stored| stored.name.as_str()));
                diagnostics.error(foreign.span(), messages::weights_rename(&wanted, near));
                is_right = false;
            }
        }
    }
    stored.sort_by(|left, right| left.name.cmp(&right.name));
    if let Some([first, _]) = stored.array_windows().find(|[left, right]| left.name == right.name) {
        let own = names.iter().find(|[own, _]| own.value() == first.name);
        let place = own.map_or_else(Span::call_site, |[own, _]| own.span());
        diagnostics.error(place, messages::weights_twice(&first.name));
        is_right = false;
    }
    is_right.then_some(stored)
}

fn emit(facade: &TokenStream, request: &Request, stored: &[Stored]) -> TokenStream {
    let Request { file, network, .. } = request;
    let span = file.span();
    let table = stored.iter().map(|Stored { name, scalar, shape, bytes: [start, end] }| {
        quote_spanned! {span=>
            #facade::rt::Stored { name: #name, scalar: #scalar, shape: &[#(#shape),*], start: #start, end: #end }
        }
    });
    let length = stored.iter().map(|stored| stored.bytes[1]).max().unwrap_or(0);
    let [content, tensors, bytes, weights, message, result] =
        ["FILE", "TENSORS", "BYTES", "WEIGHTS", "message", "network"].map(|name| Ident::new(name, Span::mixed_site()));
    let place = match Path::new(&file.value()).is_absolute() {
        true => quote_spanned!(span=> #file),
        false => quote_spanned!(span=> ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #file)),
    };
    quote_spanned! {span=> {
        // That rustc reads it, too, is why the build runs again when the file changes.
        const #content: &[u8] = ::core::include_bytes!(#place);
        const #tensors: &[#facade::rt::Stored] = &[#(#table),*];
        const #bytes: usize = ::core::mem::size_of::<#network>();
        #[allow(long_running_const_eval)]
        const _: () = {
            if let ::core::option::Option::Some(#message) = #facade::rt::mismatch::<_, #network>(#file, #tensors) {
                ::core::panic!("{}", #message.as_str());
            }
            ::core::assert!(#length <= #content.len(), "the file has changed during the build: build again");
        };
        #[allow(long_running_const_eval)]
        static #weights: #facade::rt::Aligned<#bytes> = #facade::rt::embed::<_, #network, #bytes>(#content, #tensors);
        let #result: &'static #network = #weights.as_plain();
        #result
    }}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the macro says to these tokens, as one line of text.
    fn compiled(tokens: &str) -> String {
        let facade = quote::quote!(::netform);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let tokens = tokens.parse().expect("tokens");
        embed(&facade, &folder, tokens).to_string().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_file_becomes_a_table_sorted_by_name() {
        let text = compiled("\"nn-core/src/io/tiny.safetensors\" for Tiny<f32>, \"fc.wait\" = \"fc.weight\",");
        let names = ["\"fc.bias\"", "\"fc.wait\"", "\"norm.mean\""].map(|name| text.find(name).expect("a tensor"));
        assert!(names.is_sorted());
        assert!(text.contains("scalar : \"F32\" , shape : & [3usize , 2usize]"), "{text}");
        assert!(!text.contains("fc.weight"));
    }

    #[test]
    fn a_file_is_read_where_it_lies() {
        let file = "nn-core/src/io/tiny.safetensors";
        let text = compiled(&format!("{file:?} for Tiny"));
        assert!(text.contains("include_bytes ! (:: core :: concat !"), "{text}");
        let absolute = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
        let text = compiled(&format!("{absolute:?} for Tiny"));
        assert!(text.contains(&format!("include_bytes ! ({absolute:?})")), "{text}");
    }

    #[test]
    fn a_file_with_the_axes_of_pytorch_is_refused() {
        let layout = [(checksum::LAYOUT_KEY.to_owned(), checksum::LAYOUT_TORCH.to_owned())].into_iter().collect();
        let view = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![1], &[0; 4]).expect("a number");
        let content = safetensors::serialize([("fc.bias", view)], Some(layout)).expect("a file");
        let path = std::env::temp_dir().join(format!("netform-layout-{}.safetensors", std::process::id()));
        std::fs::write(&path, content).expect("written");
        let text = compiled(&format!("{path:?} for B"));
        std::fs::remove_file(&path).expect("removed");
        assert!(text.contains("compile_error") && text.contains("its axes are PyTorch's"), "{text}");
    }

    #[test]
    fn mistakes_are_told() {
        for (tokens, expected) in [
            ("", "expected"),
            ("\"a\" of B", "expected"),
            ("\"a\" for B, c = d", "expected"),
            ("\"no/such.file\" for B", "no/such.file"),
            ("\"Cargo.toml\" for B", "is no safetensors file"),
            ("\"nn-core/src/io/tiny.safetensors\" for B, \"x\" = \"fc.wight\"", "did you mean `fc.weight`"),
            ("\"nn-core/src/io/tiny.safetensors\" for B, \"fc.bias\" = \"fc.weight\"", "two tensors"),
        ] {
            let text = compiled(tokens);
            assert!(text.contains("compile_error") && text.contains(expected), "{tokens}: {text}");
        }
    }
}
