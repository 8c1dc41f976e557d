//! `fold_from`: a folded network's numbers from those of the network that it follows from, struct by struct.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::plan::{Part, PartType, Struct};

/// The methods of a folded struct; `from` is the struct that it follows from.
pub(super) fn fold_from(context: &Context<'_>, own: &Struct, from: &Struct) -> TokenStream {
    let (name, source, krate) = (&own.name, &from.name, context.krate);
    let (parameters, arguments) = (&context.parameters, &context.arguments);
    let statements = own.parts.iter().filter_map(|part| statement(context, part));
    let doc = format!(" Takes over all of a [`{}`], its normalisation folded. Needs no heap.", crate::plan::hygiene::shown(source));
    let by_value = own.is_network.then(|| {
        quote! {
            /// By value: for networks that fit on the stack. Else take `fold_from`.
            impl #parameters ::core::convert::From<&#source #arguments> for #name #arguments {
                fn from(net: &#source #arguments) -> Self {
                    let mut folded = <Self as #krate::Plain>::ZEROED;
                    folded.fold_from(net);
                    folded
                }
            }
        }
    });
    quote! {
        const _: () = {
            impl #parameters #name #arguments {
                #[doc = #doc]
                pub fn fold_from(&mut self, net: &#source #arguments) {
                    #(#statements)*
                }
            }

            #by_value
        };
    }
}

fn statement(context: &Context<'_>, part: &Part) -> Option<TokenStream> {
    let (field, krate) = (part.field.as_ref()?, context.krate);
    Some(match (&part.norm, &part.ty) {
        (Some(norm), _) => {
            let norm = &norm.field;
            quote!(self.#field.fold_from(&net.#field, &net.#norm);)
        }
        (None, PartType::Block(_)) => quote!(self.#field.fold_from(&net.#field);),
        (None, PartType::Repeat { .. }) => quote! {
            for (own, net) in ::core::iter::Iterator::zip(self.#field.iter_mut(), &net.#field) {
                own.fold_from(net);
            }
        },
        (None, PartType::BuiltIn { .. } | PartType::User(_) | PartType::Static { .. }) => {
            quote!(#krate::plain::copy(&mut self.#field, &net.#field);)
        }
    })
}
