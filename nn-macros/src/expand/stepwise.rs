//! `infer`, layer by layer: one arm a layer, with what follows it in place.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Context;
use super::forward::{Pass, bind, bind_to_read, statement};
use super::imports::mentions;
use crate::plan::{Do, Home, Struct};

/// `STEPS` and `infer_step`, of the whole network.
pub(super) fn expand(context: &Context<'_>, own: &Struct) -> TokenStream {
    let steps = groups(&own.infer.steps);
    let arms = steps.iter().enumerate().map(|(at, statements)| {
        let (at, body) = (Literal::usize_unsuffixed(at), arm(context, own, statements));
        quote!(#at => { #body })
    });
    let (count, arms) = (Literal::usize_unsuffixed(steps.len()), quote!(#(#arms)*));
    let n = mentions(&arms, "n").then(|| quote!(let n = x.len();));
    let [s, x, workspace] = ["s", "x", "workspace"].map(|name| {
        let used = mentions(&arms, name) || name == "x" && n.is_some();
        let name = quote::format_ident!("{}{name}", if used { "" } else { "_" });
        quote!(#name)
    });
    quote! {
        const STEPS: usize = #count;

        #[inline]
        fn infer_step<S: Simd, B: Store>(
            &self,
            #s: S,
            step: usize,
            #x: &[Self::Input],
            y: &mut [Self::Output],
            #workspace: &mut Self::Workspace<B>,
        ) {
            #n
            match step {
                #arms
                _ => {}
            }
        }
    }
}

/// Each layer with the statements up to the next one; what comes before the first belongs to it.
fn groups(steps: &[Do]) -> Vec<&[Do]> {
    let is_layer = |step: &Do| matches!(step, Do::Layer { .. } | Do::Chained { .. });
    let mut starts: Vec<usize> = (0..steps.len()).filter(|at| is_layer(&steps[*at])).collect();
    if let Some(first) = starts.first_mut() {
        *first = 0;
    } else if !steps.is_empty() {
        starts.push(0);
    }
    let ends = starts.iter().skip(1).copied().chain([steps.len()]);
    starts.iter().zip(ends).map(|(start, end)| &steps[*start..end]).collect()
}

fn arm(context: &Context<'_>, own: &Struct, statements: &[Do]) -> TokenStream {
    let storage = &own.infer;
    let is_written = |buffer: usize| statements.iter().any(|step| step.written().home == Home::Buffer(buffer));
    let mut bound = vec![];
    let mut code = TokenStream::new();
    for step in statements {
        for operand in step.operands() {
            if let Home::Buffer(buffer) = operand.home
                && !bound.contains(&buffer)
            {
                bound.push(buffer);
                code.extend(if is_written(buffer) {
                    bind(context, storage, buffer, Pass::Infer)
                } else {
                    bind_to_read(context, storage, buffer)
                });
            }
        }
        code.extend(statement(context, own, storage, step, Pass::Infer));
    }
    code
}
