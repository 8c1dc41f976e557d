//! `SPEC`: the struct as data.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::model::Dim;
use crate::plan::{PartType, Struct};

pub(super) fn spec(context: &Context<'_>, own: &Struct) -> TokenStream {
    let title = &own.title;
    let entries = own.parts.iter().filter_map(|part| {
        let (field, key, ty, gradient) = (part.field.as_ref()?, &part.key, context.ty(part), &own.gradient);
        let gradient_ty = {
            let arguments = &context.arguments;
            quote!(#gradient #arguments)
        };
        let gradient = if part.learns() { quote!(Some(offset_of!(#gradient_ty, #field))) } else { quote!(None) };
        Some(quote! {
            Entry { key: #key, offset: offset_of!(Self, #field), gradient: #gradient, item: Item::Part(<#ty as Layer>::SPEC) }
        })
    });
    let rows = own.rows.iter().map(|row| {
        let (name, written, frozen) = (&row.name, &row.written, row.frozen);
        let output = row.output.0.iter().map(Dim::tokens);
        let (parameters, macs, inner) = match row.part.map(|part| &own.parts[part]) {
            None => (quote!(0), quote!(0), quote!(None)),
            Some(part) => {
                let ty = context.ty(part);
                let inner = match part.ty {
                    PartType::BuiltIn { .. } => quote!(None),
                    _ => quote!(Some(<#ty as Layer>::SPEC)),
                };
                (quote!(<#ty as Layer>::PARAMETERS), quote!(<#ty as Layer>::MACS), inner)
            }
        };
        quote! {
            Row {
                name: #name,
                layer: #written,
                output: Shape::new(&[#(#output),*]),
                parameters: #parameters,
                macs: #macs,
                frozen: #frozen,
                part: #inner,
            }
        }
    });
    quote! {
        &Spec { name: #title, entries: &[#(#entries),*], rows: &[#(#rows),*] }
    }
}
