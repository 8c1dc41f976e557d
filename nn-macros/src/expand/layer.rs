//! `impl Layer`: types and constants, and the signatures around the bodies.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::imports::mentions;
use super::{Context, backward, forward, spec};
use crate::model::OutputKind;
use crate::plan::{KindOf, Part, PartType, Struct};

pub(super) fn implementation(context: &Context<'_>, own: &Struct) -> TokenStream {
    let (name, parameters, arguments) = (&own.name, &context.parameters, &context.arguments);
    let types = types(context, own);
    let constants = constants(context, own);
    let infer = infer(context, own);
    let forward = expand_forward(context, own);
    let backward = expand_backward(context, own);
    let descend = descend(context, own);
    let finish = finish(context, own);
    let initialize = initialize(context, own);
    quote! {
        impl #parameters Layer for #name #arguments {
            #types
            #constants
            #infer
            #forward
            #backward
            #descend
            #finish
            #initialize
        }
    }
}

/// `LeNet5Tape<B>`, or `()` where there is nothing in it.
fn memory(context: &Context<'_>, name: &Ident, is_empty: bool) -> TokenStream {
    let (_, arguments) = context.with_store();
    if is_empty { quote!(()) } else { quote!(#name #arguments) }
}

impl Struct {
    pub(super) fn has_tape(&self) -> bool {
        !self.forward.slots.is_empty()
            || !self.backward.slots.is_empty()
            || self.parts.iter().any(|part| part.tape.is_some() || part.forward_workspace.is_some())
    }

    pub(super) fn has_workspace(&self) -> bool {
        !self.infer.slots.is_empty() || self.parts.iter().any(|part| part.workspace.is_some())
    }
}

fn types(context: &Context<'_>, own: &Struct) -> TokenStream {
    let (krate, scalar, arguments, gradient) = (context.krate, &context.scalar, &context.arguments, &own.gradient);
    let (input, output) = (context.tensor(&own.input), context.tensor(&own.output));
    let kind = match &own.kind {
        KindOf::Known(OutputKind::Real) => quote!(Real),
        KindOf::Known(OutputKind::Bernoulli) => quote!(Bernoulli),
        KindOf::Known(OutputKind::Probabilities) => quote!(Probabilities),
        KindOf::Known(OutputKind::LogProbabilities) => quote!(LogProbabilities),
        KindOf::Part(part) => context.of(&own.parts[*part], "Kind"),
    };
    // A user's layer may only predict, and so may what it lies in; one with statistics of batches learns from batches. Of all else the plan
    // knows.
    let marks = own.parts.iter().filter(|part| part.is_foreign || part.has_state && !part.frozen).map(|part| {
        let mark = context.of(part, "Learning");
        if part.frozen { quote!(<#mark as #krate::Learning>::Frozen) } else { mark }
    });
    let folded = context.is_folded.then(|| quote!(#krate::Folded));
    let learning = if own.learns {
        let all = marks.chain(folded).reduce(|all, next| quote!(<#all as #krate::Learning>::And<#next>));
        all.unwrap_or_else(|| quote!(Learns))
    } else {
        quote!(OnlyPredicts)
    };
    let tape = memory(context, &own.tape, !own.has_tape());
    let workspace = memory(context, &own.workspace, !own.has_workspace());
    quote! {
        type Scalar = #scalar;
        type Input = #input;
        type Output = #output;
        type Kind = #kind;
        type Learning = #learning;
        type Gradient = #gradient #arguments;
        type Tape<B: Store> = #tape;
        type Workspace<B: Store> = #workspace;
    }
}

fn constants(context: &Context<'_>, own: &Struct) -> TokenStream {
    let sum = |constant: &str| -> TokenStream {
        let constant = format_ident!("{constant}");
        let parts = own.parts.iter().filter(|part| part.field.is_some() || constant == "MACS").map(|part| {
            let ty = context.ty(part);
            match part.ty {
                PartType::BuiltIn { .. } if context.arguments.is_empty() => quote!(#ty::#constant),
                _ => context.of(part, &constant.to_string()),
            }
        });
        let parts: Vec<TokenStream> = parts.collect();
        if parts.is_empty() { quote!(0) } else { quote!(#(#parts)+*) }
    };
    let (parameters, macs) = (sum("PARAMETERS"), sum("MACS"));
    let min_batch = min_batch(context, own);
    let replaces = replaces(context, own);
    let spec = spec::spec(context, own);
    quote! {
        const PARAMETERS: usize = #parameters;
        const MACS: usize = #macs;
        #min_batch
        const REPLACES: bool = #replaces;
        const SPEC: &'static Spec = #spec;
    }
}

/// The largest of the parts' minima, where one may be more than 1.
fn min_batch(context: &Context<'_>, own: &Struct) -> TokenStream {
    let krate = context.krate;
    let parts: Vec<TokenStream> = stateful(own).map(|part| context.of(part, "MIN_BATCH")).collect();
    match parts.as_slice() {
        [] => TokenStream::new(),
        [one] => quote!(const MIN_BATCH: usize = #one;),
        _ => quote!(const MIN_BATCH: usize = #krate::__private::largest(&[#(#parts),*]);),
    }
}

/// Whether all parts replace a gradient where they are told to: nn-core's own do.
fn replaces(context: &Context<'_>, own: &Struct) -> TokenStream {
    let unknown = own.parts.iter().filter(|part| part.field.is_some() && !part.frozen && !matches!(part.ty, PartType::BuiltIn { .. }));
    let parts: Vec<TokenStream> = unknown.map(|part| context.of(part, "REPLACES")).collect();
    if parts.is_empty() { quote!(true) } else { quote!(#(#parts)&&*) }
}

/// The parts for which `finish` may have something to do.
fn stateful(own: &Struct) -> impl Iterator<Item = &Part> {
    own.parts.iter().filter(|part| part.has_state && !part.frozen)
}

/// `n`, where the body needs it.
fn count(body: &TokenStream) -> TokenStream {
    if mentions(body, "n") { quote!(let n = x.len();) } else { TokenStream::new() }
}

/// A parameter's name, or `_` where the body does not use it.
fn used(body: &TokenStream, name: &str) -> TokenStream {
    let ident = format_ident!("{name}");
    if mentions(body, name) { quote!(#ident) } else { quote!(_) }
}

fn infer(context: &Context<'_>, own: &Struct) -> TokenStream {
    let body = forward::body(context, own, forward::Pass::Infer);
    let count = count(&body);
    let ty = memory(context, &own.workspace, !own.has_workspace());
    let checks = parameter_checks(context, own);
    let (s, workspace) = (used(&body, "s"), used(&body, "workspace"));
    let workspace = if own.has_workspace() { workspace } else { quote!(()) };
    quote! {
        #[inline]
        fn infer<S: Simd, B: Store>(&self, #s: S, x: &[Self::Input], y: &mut [Self::Output], #workspace: &mut #ty) {
            #checks
            #count
            #body
        }
    }
}

/// What must hold of const parameters; a build of a program that uses the network evaluates it.
fn parameter_checks(context: &Context<'_>, own: &Struct) -> TokenStream {
    let checks = &context.plan.parameter_checks;
    if checks.is_empty() || !own.is_network { TokenStream::new() } else { quote!(const { #(#checks)* }) }
}

fn expand_forward(context: &Context<'_>, own: &Struct) -> TokenStream {
    let body = forward::body(context, own, forward::Pass::Forward);
    let count = count(&body);
    let ty = memory(context, &own.tape, !own.has_tape());
    let checks = parameter_checks(context, own);
    let (s, pass, tape) = (used(&body, "s"), used(&body, "pass"), used(&body, "tape"));
    let tape = if own.has_tape() { tape } else { quote!(()) };
    quote! {
        #[inline]
        fn forward<S: Simd, B: Store>(&self, #s: S, #pass: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], #tape: &mut #ty) {
            #checks
            #count
            #body
        }
    }
}

fn expand_backward(context: &Context<'_>, own: &Struct) -> TokenStream {
    let (gradient, arguments) = (&own.gradient, &context.arguments);
    let body = backward::body(context, own, backward::Pass::Backward);
    let count = count(&body);
    let body = quote!(#count #body);
    let ty = memory(context, &own.tape, !own.has_tape());
    let [s, pass, x, y, dy, dx, tape, gradients] = ["s", "pass", "x", "y", "dy", "dx", "tape", "gradient"].map(|name| used(&body, name));
    let tape = if own.has_tape() { tape } else { quote!(()) };
    let dx = if backward::dx_is_mutable(context, own) { quote!(mut #dx) } else { dx };
    let gradients = if mentions(&body, "gradient") { quote!(mut #gradients) } else { gradients };
    quote! {
        #[inline]
        fn backward<S: Simd, B: Store>(
            &self,
            #s: S,
            #pass: Pass<'_>,
            #x: &[Self::Input],
            #y: &[Self::Output],
            #dy: &mut [Self::Output],
            #dx: Option<&mut [Self::Input]>,
            #tape: &mut #ty,
            #gradients: Option<&mut #gradient #arguments>,
        ) {
            #body
        }
    }
}

fn descend(context: &Context<'_>, own: &Struct) -> TokenStream {
    let body = backward::body(context, own, backward::Pass::Descend);
    let count = count(&body);
    let body = quote!(#count #body);
    let ty = memory(context, &own.tape, !own.has_tape());
    let [s, pass, x, y, dy, dx, tape, rate] = ["s", "pass", "x", "y", "dy", "dx", "tape", "rate"].map(|name| used(&body, name));
    let tape = if own.has_tape() { tape } else { quote!(()) };
    let dx = if backward::dx_is_mutable(context, own) { quote!(mut #dx) } else { dx };
    quote! {
        #[inline]
        fn descend<S: Simd, B: Store>(
            &mut self,
            #s: S,
            #pass: Pass<'_>,
            #x: &[Self::Input],
            #y: &[Self::Output],
            #dy: &mut [Self::Output],
            #dx: Option<&mut [Self::Input]>,
            #tape: &mut #ty,
            #rate: Self::Scalar,
        ) {
            #body
        }
    }
}

/// Moves running statistics, where there are any.
fn finish(context: &Context<'_>, own: &Struct) -> TokenStream {
    let ty = memory(context, &own.tape, !own.has_tape());
    let calls: Vec<TokenStream> = stateful(own)
        .filter_map(|part| {
            let (field, pass) = (part.field.as_ref()?, context.pass(part));
            let tape = part.tape.as_ref().map_or_else(|| quote!(&()), |tape| quote!(&tape.#tape));
            Some(if part.is_users() {
                let finish = quote_spanned!(part.span()=> Layer::finish);
                quote! {
                    let at = #pass;
                    #finish::<B>(&mut self.#field, at, #tape);
                }
            } else {
                quote!(self.#field.finish::<B>(#pass, #tape);)
            })
        })
        .collect();
    if calls.is_empty() {
        return TokenStream::new();
    }
    quote! {
        fn finish<B: Store>(&mut self, pass: Pass<'_>, tape: &#ty) {
            #(#calls)*
        }
    }
}

/// Draws every layer's parameters as the layer declares.
fn initialize(context: &Context<'_>, own: &Struct) -> TokenStream {
    let calls = own.parts.iter().filter_map(|part| {
        let (field, initializer) = (part.field.as_ref()?, context.short(&part.initializer));
        Some(if part.is_users() {
            quote_spanned!(part.span()=> Layer::initialize(&mut self.#field, &#initializer, random);)
        } else {
            quote!(self.#field.initialize(&#initializer, random);)
        })
    });
    let body = quote!(#(#calls)*);
    let random = used(&body, "random");
    quote! {
        fn initialize(&mut self, _: &impl Initializer, #random: &mut Stream) {
            #body
        }
    }
}
