//! From the plan to code. Nothing is decided and nothing can fail here; each function quotes one thing.

mod backward;
mod budget;
mod fold;
mod forward;
pub(crate) mod imports;
mod layer;
mod spec;
mod stepwise;
mod structs;
mod types;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ConstParam, Ident};

use crate::model::Scalar;
use crate::plan::{Plan, Struct, hygiene};

/// All items that a declaration becomes, and where something is folded, those of the folded network.
pub(crate) fn network(plan: &Plan, folded: Option<&Plan>) -> TokenStream {
    let network = items(plan, None);
    let folded = folded.map(|folded| items(folded, Some(plan)));
    quote!(#network #folded)
}

/// The items of a plan; `source` is what it is folded from.
fn items(plan: &Plan, source: Option<&Plan>) -> TokenStream {
    let context = Context { is_folded: source.is_some(), ..Context::new(plan) };
    let folds =
        source.iter().flat_map(|source| plan.structs.iter().zip(&source.structs)).map(|(own, from)| fold::fold_from(&context, own, from));
    let structs = plan.structs.iter().map(|own| structs::structs(&context, own));
    let scopes = plan.structs.iter().map(|own| scope(&context, own));
    let Plan { constants, assertions, .. } = plan;
    // A folded network shares those of the one that it follows from.
    let shared = source.is_none().then(|| {
        let words = expand_words(plan);
        quote!(#(#constants)* #(#assertions)* #words)
    });
    let code = quote! {
        #shared
        #(#structs)*
        #(#scopes)*
        #(#folds)*
    };
    if plan.clashes.is_empty() { code } else { hygiene::unmarked(code) }
}

/// What every piece of generated code is quoted with.
struct Context<'a> {
    plan: &'a Plan,
    krate: &'a TokenStream,
    /// `f32`, as it is written inside a scope.
    scalar: TokenStream,
    /// `<const H: usize>`, or nothing.
    parameters: TokenStream,
    /// `<H>`, or nothing.
    arguments: TokenStream,
    /// Whether it is a network for use, folded from another.
    is_folded: bool,
}

impl<'a> Context<'a> {
    fn new(plan: &'a Plan) -> Self {
        let scalar = match plan.scalar {
            Scalar::F32 => quote!(f32),
            Scalar::F64 => quote!(f64),
        };
        let generics: Vec<ConstParam> = plan.generics.iter().cloned().map(|generic| ConstParam { attrs: vec![], ..generic }).collect();
        // An argument without braces could be a type of the same name in the user's scope.
        let names: Vec<&Ident> = generics.iter().map(|generic| &generic.ident).collect();
        let (parameters, arguments) = if generics.is_empty() {
            (quote!(), quote!())
        } else {
            (quote!(<#(const #names: ::core::primitive::usize),*>), quote!(<#({ #names }),*>))
        };
        Self { plan, krate: &plan.krate, scalar, parameters, arguments, is_folded: false }
    }

    /// An expression of nn-core's as it is written inside a scope: `activation::Relu`; one of the user's as it stands.
    fn short(&self, value: &TokenStream) -> TokenStream {
        let prefix = self.krate.clone().into_iter().count() + 2;
        let (whole, krate) = (value.to_string(), self.krate.to_string());
        let is_own = whole.strip_prefix(&krate).is_some_and(|rest| rest.trim_start().starts_with("::"));
        if is_own { value.clone().into_iter().skip(prefix).collect() } else { value.clone() }
    }

    /// `const H: usize, B: Store` and `H, B`, for a type that is generic in its storage too.
    fn with_store(&self) -> (TokenStream, TokenStream) {
        let names: Vec<&Ident> = self.plan.generics.iter().map(|generic| &generic.ident).collect();
        (quote!(<#(const #names: usize,)* B: Store>), quote!(<#({ #names },)* B>))
    }
}

/// Implementations, in a scope of their own: what is imported there does not reach the user's code.
fn scope(context: &Context<'_>, own: &Struct) -> TokenStream {
    let implementations = [
        types::aliases(context, own),
        structs::plain(context, own),
        layer::implementation(context, own),
        types::memory(context, own),
        if own.is_network { structs::network(context, own) } else { TokenStream::new() },
        if own.is_network { budget::assertions(context, own) } else { TokenStream::new() },
    ];
    let code: TokenStream = implementations.into_iter().collect();
    imports::scope(context.krate, code, &context.plan.clashes)
}

/// The layers that the user named, at the user's places, so that editors can hover and jump.
fn expand_words(plan: &Plan) -> TokenStream {
    let Plan { krate, words, .. } = plan;
    // Each word is `module::Word`.
    let modules = ["activation", "layer"].map(|module| {
        let of = |word: &&TokenStream| (*word).clone().into_iter().next().is_some_and(|first| first.to_string() == module);
        let names: Vec<TokenStream> = words.iter().filter(of).map(|word| word.clone().into_iter().skip(3).collect()).collect();
        let module = format_ident!("{module}");
        (!names.is_empty()).then(|| quote!(use #krate::#module::{#(#names as _),*};))
    });
    let uses: TokenStream = modules.into_iter().flatten().collect();
    if uses.is_empty() { uses } else { quote!(#[allow(unused_imports)] const _: () = { #uses };) }
}
