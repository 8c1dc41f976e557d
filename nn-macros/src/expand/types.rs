//! Types: shapes as nested arrays, short names for layers, and the structs that passes work in.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use super::Context;
use crate::error::At;
use crate::model::{Dim, Shape};
use crate::plan::hygiene::shown;
use crate::plan::{Arena, Part, PartType, Slot, SlotSize, Struct};

impl Context<'_> {
    /// `[[[f32; 28]; 28]; 1]`, inside a scope.
    pub(super) fn tensor(&self, shape: &Shape) -> TokenStream {
        shape.0.iter().rev().fold(self.scalar.clone(), |inner, dim| {
            let n = dim.tokens();
            quote!([#inner; #n])
        })
    }

    /// A part's type inside a scope.
    pub(super) fn ty(&self, part: &Part) -> TokenStream {
        let arguments = &self.arguments;
        match &part.ty {
            PartType::BuiltIn { alias, .. } => quote!(#alias #arguments),
            PartType::Block(name) => quote!(#name #arguments),
            PartType::Repeat { block, count } => {
                let count = count.tokens();
                quote!([#block #arguments; #count])
            }
            PartType::User(ty) | PartType::Static { ty, .. } => ty.clone(),
        }
    }

    /// `<Conv1 as Layer>::Tape`
    pub(super) fn of(&self, part: &Part, what: &str) -> TokenStream {
        let (ty, what) = (self.ty(part), format_ident!("{what}"));
        quote_spanned!(part.span()=> <#ty as Layer>::#what)
    }

    /// A part's type in the user's scope, by its whole path.
    pub(super) fn outer_ty(&self, part: &Part) -> TokenStream {
        match &part.ty {
            PartType::BuiltIn { ty, .. } => {
                let krate = self.krate;
                self.qualified(ty, &quote!(#krate::layer::))
            }
            _ => self.ty(part),
        }
    }

    /// A layer's type with its words in front of which a path stands: `Conv2d<…, Window2d<2, 2>>`.
    fn qualified(&self, ty: &TokenStream, path: &TokenStream) -> TokenStream {
        let mut qualified = TokenStream::new();
        for tree in ty.clone() {
            match tree {
                TokenTree::Ident(word) if self.plan.constants.iter().any(|constant| constant.name == word) => {
                    qualified.extend([TokenTree::Ident(word)]);
                }
                TokenTree::Ident(word) if self.plan.generics.iter().any(|generic| generic.ident == word) => {
                    qualified.extend(quote!({ #word }));
                }
                TokenTree::Ident(word) if word == "f32" || word == "f64" => {
                    if path.to_string().starts_with("layer") {
                        qualified.extend(quote!(#word));
                    } else {
                        qualified.extend(quote!(::core::primitive::#word));
                    }
                }
                TokenTree::Ident(word) => qualified.extend(quote!(#path #word)),
                TokenTree::Group(group) => {
                    let stream = self.qualified(&group.stream(), path);
                    qualified.extend([TokenTree::Group(proc_macro2::Group::new(group.delimiter(), stream))]);
                }
                tree => qualified.extend([tree]),
            }
        }
        qualified
    }

    /// `[fc1: B::Of<[f32; 120]>]`: a field of a struct that is generic in its storage.
    fn slot(&self, slot: &Slot) -> TokenStream {
        let name = &slot.name;
        let size = match &slot.size {
            SlotSize::Of(shape) => self.tensor(shape),
            SlotSize::Largest(shapes) => {
                let scalar = &self.scalar;
                let largest = self.largest(shapes);
                quote!([#scalar; #largest])
            }
        };
        quote!(#name: B::Of<#size>)
    }

    /// The number of numbers in the largest of several shapes.
    fn largest(&self, shapes: &[Shape]) -> TokenStream {
        let known: Option<Vec<usize>> = shapes.iter().map(Shape::known_len).collect();
        if let Some(largest) = known.and_then(|sizes| sizes.into_iter().max()) {
            return Dim::Known(largest).tokens();
        }
        let krate = self.krate;
        let lens = shapes.iter().map(len);
        quote!({ #krate::__private::largest(&[#(#lens),*]) })
    }
}

/// The number of numbers in a shape: a literal, or a product.
pub(super) fn len(shape: &Shape) -> TokenStream {
    if let Some(len) = shape.known_len() {
        return Dim::Known(len).tokens();
    }
    let product = |product: TokenStream, dim: &Dim| {
        let n = dim.tokens();
        if product.is_empty() { n } else { quote!(#product * #n) }
    };
    shape.0.iter().fold(TokenStream::new(), product)
}

/// `type Conv1 = layer::Conv2d<…>;`
pub(super) fn aliases(context: &Context<'_>, own: &Struct) -> TokenStream {
    let parameters = &context.parameters;
    let aliases = own.parts.iter().filter_map(|part| match &part.ty {
        PartType::BuiltIn { alias, ty } => {
            let ty = context.qualified(ty, &quote!(layer::));
            Some(quote!(type #alias #parameters = #ty;))
        }
        PartType::Static { ty, place, function } => {
            let at = At::all(place).first;
            let span = Span::call_site().located_at(at);
            let given = quote_spanned!(span=> &#place);
            Some(quote! {
                #[inline(always)]
                fn #function() -> &'static #ty {
                    #given
                }
            })
        }
        _ => None,
    });
    quote!(#(#aliases)*)
}

/// The structs that `forward` with `backward`, and `infer`, work in.
pub(super) fn memory(context: &Context<'_>, own: &Struct) -> TokenStream {
    // A frozen layer before everything that learns runs as in use.
    let tapes = own.parts.iter().filter(|part| !part.is_prefix).filter_map(|part| Some((part.tape.as_ref()?, context.of(part, "Tape"))));
    let before = own.parts.iter().filter_map(|part| Some((part.forward_workspace.as_ref()?, context.of(part, "Workspace"))));
    let workspaces = own.parts.iter().filter_map(|part| Some((part.workspace.as_ref()?, context.of(part, "Workspace"))));
    let field = |(name, ty): (&syn::Ident, TokenStream)| (name.clone(), quote!(#name: #ty<B>));
    let slots = |slots: &[Slot]| -> Vec<_> { slots.iter().map(|slot| (slot.name.clone(), context.slot(slot))).collect() };
    let mut tape = if let Some(Arena { field, len, .. }) = &own.arena {
        let (scalar, len) = (&context.scalar, Dim::Known(*len).tokens());
        vec![(field.clone(), quote!(#field: B::Of<[#scalar; #len]>))]
    } else {
        let mut fields = slots(&own.forward.slots);
        fields.extend(slots(&own.backward.slots));
        fields
    };
    tape.extend(tapes.chain(before).map(field));
    let mut workspace = slots(&own.infer.slots);
    workspace.extend(workspaces.map(field));
    let name = shown(&own.name);
    let tape_doc = format!(" What `forward` keeps for `backward` of [`{name}`], and where both work.");
    let workspace_doc = format!(" What `infer` of [`{name}`] works in.");
    let tape = scratch(context, &own.tape, &tape_doc, &tape);
    let workspace = scratch(context, &own.workspace, &workspace_doc, &workspace);
    quote!(#tape #workspace)
}

fn scratch(context: &Context<'_>, name: &syn::Ident, doc: &str, fields: &[(syn::Ident, TokenStream)]) -> TokenStream {
    if fields.is_empty() {
        return TokenStream::new();
    }
    let (parameters, arguments) = context.with_store();
    let names = fields.iter().map(|(name, _)| name);
    let fields = fields.iter().map(|(_, field)| field);
    quote! {
        #[doc = #doc]
        pub struct #name #parameters {
            #(#fields,)*
        }

        impl #parameters Scratch for #name #arguments {
            const NEW: Self = Self { #(#names: Scratch::NEW,)* };
        }
    }
}
