//! `SPEC`: the struct as data.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::Context;
use crate::model::Dim;
use crate::plan::{PartType, Struct};

pub(super) fn spec(context: &Context<'_>, own: &Struct) -> TokenStream {
    let title = &own.title;
    let entries = own.parts.iter().filter_map(|part| {
        let (field, key, ty) = (part.field.as_ref()?, &part.key, context.ty(part));
        if let Some(norm) = &part.norm {
            let norm = &norm.key;
            return Some(quote!(Entry::folded::<#ty>(#key, #norm, offset_of!(Self, #field))));
        }
        let (gradient, arguments) = (&own.gradient, &context.arguments);
        let gradient = if part.learns() { quote!(Some(offset_of!(#gradient #arguments, #field))) } else { quote!(None) };
        Some(quote_spanned!(part.span()=> Entry::part::<#ty>(#key, offset_of!(Self, #field), #gradient)))
    });
    let rows = own.rows.iter().map(|row| {
        let (name, written) = (&row.name, &row.written);
        let is_static = row.part.is_some_and(|part| matches!(own.parts[part].ty, PartType::Static { .. }));
        let frozen = if is_static { Some(quote!(.in_static())) } else { (row.frozen && !context.is_folded).then(|| quote!(.frozen())) };
        let row = if let Some(part) = row.part {
            let part = &own.parts[part];
            let ty = context.ty(part);
            quote_spanned!(part.span()=> Row::of::<#ty>(#name, #written))
        } else {
            let output = row.output.0.iter().map(Dim::tokens);
            let named = (!name.is_empty()).then(|| quote!(.named(#name)));
            quote!(Row::step(#written, &[#(#output),*]) #named)
        };
        quote!(#row #frozen)
    });
    quote! {
        &Spec { name: #title, entries: &[#(#entries),*], rows: &[#(#rows),*] }
    }
}
