//! What stands in a network's place after mistakes: the struct with its fields, and every method without a body, so that the rest of the
//! program sees the type that it expects and no other error follows.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::Ident;

use crate::fold;
use crate::layer::{IN_TYPES, RULES};
use crate::model::{Network, Node, Op, OutputKind, Shape};
use crate::plan::names::StructNames;

/// The definition without its workings.
pub(crate) fn network(network: &Network) -> TokenStream {
    let Network { krate, attributes, visibility, name, generics, input, output, body, constants, assertions, words, .. } = network;
    let mut structs = Structs { names: StructNames::new(&name.to_string(), []), tokens: TokenStream::new() };
    let fields = fields(network, &name.to_string(), body, &mut Vec::new(), &mut structs);
    let structs = structs.tokens;
    let names: Vec<&Ident> = generics.iter().map(|generic| &generic.ident).collect();
    let parameters = quote!(<#(const #names: ::core::primitive::usize),*>);
    let arguments = quote!(<#({ #names }),*>);
    let gradient = format_ident!("{name}Gradient");
    let layer = layer(network, &quote!(#name #arguments), input, output, &kind(network, body));
    let title = name.to_string();
    let folded = fold::folds(network).then(|| folded(network, &parameters, &arguments));
    quote! {
        #(#constants)*
        #(#assertions)*
        const _: () = {
            #(#[allow(unused_imports)] use #krate::#words as _;)*
        };

        #(#attributes)*
        #[allow(missing_docs, dead_code)]
        #visibility struct #name #parameters {
            #fields
        }

        #[allow(missing_docs, dead_code)]
        #visibility type #gradient #parameters = #name #arguments;

        #folded
        #structs
        #layer

        impl #parameters #krate::Network for #name #arguments {
            type Portable = #krate::Portable;
            const NAME: &'static ::core::primitive::str = #title;
            const STEPS: ::core::primitive::usize = 0;
            fn infer_step<S: #krate::Simd, B: #krate::Store>(
                &self,
                _: S,
                _: ::core::primitive::usize,
                _: &[Self::Input],
                _: &mut [Self::Output],
                _: &mut Self::Workspace<B>,
            ) {
                ::core::unreachable!()
            }
        }

        #[allow(missing_docs)]
        impl #parameters #name #arguments {
            pub const PARAMETERS: ::core::primitive::usize = 0;
            pub const MACS: ::core::primitive::usize = 0;
            pub const FLASH_BYTES: ::core::primitive::usize = 0;
            pub const INFERENCE_RAM: ::core::primitive::usize = 0;
            pub const fn zeros() -> Self {
                #krate::plain::zeroed()
            }
            pub const fn training_ram<Optimizer: ::core::marker::Copy, Mode: ::core::marker::Copy>(_: Optimizer, _: Mode) -> ::core::primitive::usize {
                0
            }
            pub const fn from_safetensors(_: &[::core::primitive::u8]) -> Self {
                #krate::plain::zeroed()
            }
        }

        #krate::__clone_boxed! { [#parameters] #name #arguments }

        impl #parameters ::core::fmt::Debug for #name #arguments {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::unreachable!()
            }
        }

        impl #parameters ::core::fmt::Display for #name #arguments {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::unreachable!()
            }
        }
    }
}

/// The network with its normalisations folded in: the same type, since both have the same layers as fields.
fn folded(network: &Network, parameters: &TokenStream, arguments: &TokenStream) -> TokenStream {
    let Network { visibility, name, .. } = network;
    let folded = format_ident!("{name}Folded");
    quote! {
        #[allow(missing_docs, dead_code)]
        #visibility type #folded #parameters = #name #arguments;

        #[allow(missing_docs, dead_code)]
        impl #parameters #name #arguments {
            pub fn fold_from(&mut self, _: &Self) {}
        }

        impl #parameters ::core::convert::From<&Self> for #name #arguments {
            fn from(_: &Self) -> Self {
                ::core::unreachable!()
            }
        }
    }
}

/// The structs of named blocks.
struct Structs {
    names: StructNames,
    tokens: TokenStream,
}

/// `pub fc1: …,` for all layers with a name and something in them; unnamed blocks' layers among them. Named blocks become structs.
/// A name given twice is reported, and one field is enough: `taken` holds those that are there.
fn fields(network: &Network, prefix: &str, nodes: &[Node], taken: &mut Vec<String>, structs: &mut Structs) -> TokenStream {
    let krate = &network.krate;
    let mut fields = TokenStream::new();
    let field = |fields: &mut TokenStream, name: &Ident, ty: TokenStream| fields.extend(quote!(pub #name: #ty,));
    for node in nodes {
        if let Some(name) = &node.name {
            if taken.contains(&name.to_string().trim_start_matches("r#").to_owned()) {
                continue;
            }
            taken.push(name.to_string().trim_start_matches("r#").to_owned());
        }
        let names = structs.names.clone();
        let inner = |name: &Ident| names.take(prefix, &name.to_string());
        match (&node.op, &node.name) {
            (Op::Layer(kind), Some(name)) if kind.has_fields() => {
                let ty = qualified(kind.ty(&node.input, &node.output, network.scalar), krate);
                field(&mut fields, name, ty);
            }
            (Op::Nested { ty, place: None }, Some(name)) => field(&mut fields, name, ty.clone()),
            (Op::Residual { main, skip, .. }, Some(name)) => {
                let inner = inner(name);
                let mut own = self::fields(network, &inner, main, &mut vec!["skip".into()], structs);
                if let Some(skip) = skip {
                    let ty = block(network, &names.take(&inner, "skip"), skip, structs);
                    own.extend(quote!(pub skip: #ty,));
                }
                field(&mut fields, name, definition(network, &inner, &own, structs));
            }
            (Op::Residual { main, .. }, None) => fields.extend(self::fields(network, prefix, main, taken, structs)),
            (Op::Concat { branches }, name) => {
                let prefix = name.as_ref().map_or_else(|| prefix.to_string(), inner);
                let mut own = TokenStream::new();
                let mut inner = Vec::new();
                let taken = if name.is_some() { &mut inner } else { &mut *taken };
                for branch in branches {
                    let of = &branch.name;
                    if taken.contains(&of.to_string()) {
                        continue;
                    }
                    taken.push(of.to_string());
                    let ty = block(network, &names.take(&prefix, &of.to_string()), &branch.body, structs);
                    own.extend(quote!(pub #of: #ty,));
                }
                match name {
                    Some(name) => field(&mut fields, name, definition(network, &prefix, &own, structs)),
                    None => fields.extend(own),
                }
            }
            (Op::Repeat { count, body }, Some(name)) => {
                let ty = block(network, &inner(name), body, structs);
                let count = count.tokens();
                field(&mut fields, name, quote!([#ty; #count]));
            }
            _ => {}
        }
    }
    fields
}

/// A struct of layers.
fn block(network: &Network, name: &str, nodes: &[Node], structs: &mut Structs) -> TokenStream {
    let fields = fields(network, name, nodes, &mut Vec::new(), structs);
    definition(network, name, &fields, structs)
}

fn definition(network: &Network, name: &str, fields: &TokenStream, structs: &mut Structs) -> TokenStream {
    let name = format_ident!("{name}");
    let visibility = &network.visibility;
    let names: Vec<&Ident> = network.generics.iter().map(|generic| &generic.ident).collect();
    structs.tokens.extend(quote! {
        #[allow(missing_docs, dead_code)]
        #visibility struct #name<#(const #names: ::core::primitive::usize),*> {
            #fields
        }
    });
    quote!(#name<#({ #names }),*>)
}

/// `Plain` and `Layer`.
fn layer(network: &Network, ty: &TokenStream, input: &Shape, output: &Shape, kind: &TokenStream) -> TokenStream {
    let krate = &network.krate;
    let names: Vec<&Ident> = network.generics.iter().map(|generic| &generic.ident).collect();
    let parameters = quote!(<#(const #names: ::core::primitive::usize),*>);
    let scalar = primitive(network.scalar.tokens());
    let (input, output) = (primitive(input.ty(network.scalar)), primitive(output.ty(network.scalar)));
    let title = network.name.to_string();
    quote! {
        unsafe impl #parameters #krate::Plain for #ty {}

        impl #parameters #krate::Layer for #ty {
            type Scalar = #scalar;
            type Input = #input;
            type Output = #output;
            type Kind = #kind;
            type Learning = #krate::Learns;
            type Gradient = Self;
            type Tape<B: #krate::Store> = ();
            type Workspace<B: #krate::Store> = ();
            const PARAMETERS: ::core::primitive::usize = 0;
            const MACS: ::core::primitive::usize = 0;
            const SPEC: &'static #krate::Spec = &#krate::Spec { name: #title, entries: &[], rows: &[] };

            fn infer<S: #krate::Simd, B: #krate::Store>(&self, _: S, _: &[Self::Input], _: &mut [Self::Output], _: &mut Self::Workspace<B>) {
                ::core::unreachable!()
            }
            fn forward<S: #krate::Simd, B: #krate::Store>(
                &self,
                _: S,
                _: #krate::Pass<'_>,
                _: &[Self::Input],
                _: &mut [Self::Output],
                _: &mut Self::Tape<B>,
            ) {
                ::core::unreachable!()
            }
            fn backward<S: #krate::Simd, B: #krate::Store>(
                &self,
                _: S,
                _: #krate::Pass<'_>,
                _: &[Self::Input],
                _: &[Self::Output],
                _: &mut [Self::Output],
                _: ::core::option::Option<&mut [Self::Input]>,
                _: &mut Self::Tape<B>,
                _: ::core::option::Option<&mut Self::Gradient>,
            ) {
                ::core::unreachable!()
            }
            fn descend<S: #krate::Simd, B: #krate::Store>(
                &mut self,
                _: S,
                _: #krate::Pass<'_>,
                _: &[Self::Input],
                _: &[Self::Output],
                _: &mut [Self::Output],
                _: ::core::option::Option<&mut [Self::Input]>,
                _: &mut Self::Tape<B>,
                _: Self::Scalar,
            ) {
                ::core::unreachable!()
            }
            fn initialize(&mut self, _: &impl #krate::init::Initializer, _: &mut #krate::random::Stream) {
                ::core::unreachable!()
            }
        }
    }
}

/// What the output means: the last layer says it.
fn kind(network: &Network, nodes: &[Node]) -> TokenStream {
    let krate = &network.krate;
    let real = quote!(#krate::Real);
    match nodes.last().map(|node| &node.op) {
        Some(Op::Activation { kind, .. }) => match kind {
            OutputKind::Real => real,
            OutputKind::Bernoulli => quote!(#krate::Bernoulli),
            OutputKind::Probabilities => quote!(#krate::Probabilities),
            OutputKind::LogProbabilities => quote!(#krate::LogProbabilities),
        },
        Some(Op::Nested { ty, .. }) => quote!(<#ty as #krate::Layer>::Kind),
        Some(Op::Residual { main: body, .. } | Op::Repeat { body, .. }) => kind(network, body),
        _ => real,
    }
}

/// Layers' words with their path.
fn qualified(ty: TokenStream, krate: &TokenStream) -> TokenStream {
    ty.into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(word) if IN_TYPES.iter().any(|own| word == own) || RULES.iter().any(|rule| word == rule.word) => {
                quote!(#krate::layer::#word)
            }
            TokenTree::Ident(word) if word == "f32" || word == "f64" => quote!(::core::primitive::#word),
            TokenTree::Group(group) => TokenTree::Group(Group::new(group.delimiter(), qualified(group.stream(), krate))).into(),
            other => other.into(),
        })
        .collect()
}

fn primitive(ty: TokenStream) -> TokenStream {
    qualified(ty, &TokenStream::new())
}
