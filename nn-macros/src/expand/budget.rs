//! `#[budget]` as assertions that underline the number that is exceeded.
//!
//! Budgets are assertions on what is really used: `size_of` the network and `size_of` its workspace. The macro only lists, for the
//! table, which values share memory.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::Context;
use super::types::len;
use crate::plan::Struct;

/// The assertions of a network.
pub(super) fn assertions(context: &Context<'_>, own: &Struct) -> TokenStream {
    let (krate, name, title, plan) = (context.krate, &own.name, &own.title, context.plan);
    let flash = plan.flash_budget.as_ref().map(|limit| {
        let (at, limit) = (limit.at, limit.bytes.tokens());
        let message = quote!(#krate::budget::flash(#title, #name::SPEC, #name::FLASH_BYTES, #limit));
        quote_spanned!(at.first=> const _: () = ::core::assert!(#name::FLASH_BYTES <= #limit, "{}", #message.as_str());)
    });
    let ram = plan.ram_budget.as_ref().map(|limit| {
        let (at, limit) = (limit.at, limit.bytes.tokens());
        let held = held(context, own);
        let message = quote!(#krate::budget::ram(#title, &[#held], #name::INFERENCE_RAM, #limit));
        quote_spanned!(at.first=> const _: () = ::core::assert!(#name::INFERENCE_RAM <= #limit, "{}", #message.as_str());)
    });
    quote!(#flash #ram)
}

/// What the workspace holds: the values by the layers that give them, and the parts' own workspaces.
fn held(context: &Context<'_>, own: &Struct) -> TokenStream {
    let (krate, scalar) = (context.krate, &context.scalar);
    let values = own.infer.buffers.iter().map(|buffer| {
        let (slot, name, len) = (buffer.slot, buffer.name.to_string(), len(&buffer.shape));
        quote!(#krate::budget::Held { slot: #slot, name: #name, bytes: size_of::<[#scalar; #len]>() })
    });
    let workspaces = own.parts.iter().filter(|part| part.workspace.is_some()).enumerate().map(|(i, part)| {
        let (slot, name, workspace) = (own.infer.slots.len() + i, format!("inside {}", part.key), context.of(part, "Workspace"));
        quote!(#krate::budget::Held { slot: #slot, name: #name, bytes: size_of::<#workspace<#krate::One>>() })
    });
    quote!(#(#values,)* #(#workspaces,)*)
}
