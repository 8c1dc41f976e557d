//! The bodies of `backward` and `descend`: the layers in reverse.
//!
//! What only `dx` needs stands under `if let Some(dx) = dx`; where a gradient on the way to `dx` leaves a layer that learns, it is an `Option` too.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::Context;
use super::forward::{Place, tape};
use crate::model::{Dim, Shape};
use crate::plan::{GradientHome, GradientOperand, Home, Operand, Pair, Part, Prefix, Struct, Undo};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// Adds to the gradient.
    Backward,
    /// Updates the parameters at once.
    Descend,
}

/// The statements of the backward pass.
pub(super) fn body(context: &Context<'_>, own: &Struct, pass: Pass) -> TokenStream {
    let body = Body::new(context, own, pass);
    let mut code = body.values();
    let steps = &own.backward.steps;
    let mut at = 0;
    let end = own.prefix.as_ref().map_or(steps.len(), |prefix| prefix.undo);
    while at < end {
        let end = if body.is_conditional(&steps[at]) {
            at + steps[at..].iter().take_while(|step| body.is_conditional(step)).count()
        } else {
            at + 1
        };
        code.extend(if body.is_conditional(&steps[at]) { body.conditional(at, end) } else { body.always(at) });
        at = end;
    }
    if let Some(prefix) = &own.prefix {
        code.extend(body.again(prefix));
    }
    code
}

struct Body<'a> {
    context: &'a Context<'a>,
    own: &'a Struct,
    pass: Pass,
    /// For each gradient, its first and last statement.
    lives: Vec<(usize, usize)>,
}

impl<'a> Body<'a> {
    fn new(context: &'a Context<'a>, own: &'a Struct, pass: Pass) -> Self {
        let steps = &own.backward.steps;
        let life = |gradient: usize| {
            let is_used = |step: &Undo| step.gradients().contains(&gradient);
            (steps.iter().position(is_used).unwrap_or(0), steps.iter().rposition(is_used).unwrap_or(0))
        };
        Self { context, own, pass, lives: (0..own.backward.gradients.len()).map(life).collect() }
    }

    /// `let conv1 = tape.conv1.batch(n);` for every value that is read.
    fn values(&self) -> TokenStream {
        if self.own.arena.is_some() {
            return TokenStream::new();
        }
        let mut read = vec![false; self.own.forward.buffers.len()];
        for operand in self.own.backward.steps.iter().flat_map(|step| step.values(&self.own.parts)) {
            if let Home::Buffer(buffer) = operand.home {
                read[buffer] = true;
            }
        }
        let buffers = self.own.forward.buffers.iter().zip(read).filter(|(_, read)| *read).map(|(buffer, _)| buffer);
        let lets = buffers.map(|buffer| {
            let (name, field) = (&buffer.name, &self.own.forward.slots[buffer.slot].name);
            quote!(let #name = tape.#field.batch(n);)
        });
        quote!(#(#lets)*)
    }

    fn is_optional(&self, gradient: usize) -> bool {
        self.own.backward.gradients[gradient].optional
    }

    /// Whether a statement matters only when the caller asks for `dx`.
    fn is_conditional(&self, step: &Undo) -> bool {
        let learns = matches!(step, Undo::Layer { part, .. } if self.own.parts[*part].learns());
        !learns && step.gradients().iter().any(|gradient| self.is_optional(*gradient))
    }

    /// In one block of memory: the places of a statement's values and gradients.
    fn places(&self, at: usize, inside: bool) -> TokenStream {
        let Some(arena) = &self.own.arena else { return TokenStream::new() };
        let (step, mut places) = (&self.own.backward.steps[at], vec![]);
        let is_again = self.own.prefix.as_ref().is_some_and(|prefix| at >= prefix.undo);
        for operand in step.values(&self.own.parts) {
            if let Home::Buffer(at) = operand.home
                && !is_again
            {
                let buffer = &self.own.forward.buffers[at];
                places.push(Place { name: &buffer.name, shape: &buffer.shape, extent: arena.buffers[at], is_written: false });
            }
        }
        let (mut optional, gradients) = (TokenStream::new(), step.gradients());
        for at in gradients {
            let own = &self.own.backward.gradients[at];
            if let (GradientHome::Slot(_), Some(extent)) = (own.home, arena.gradients[at]) {
                let name = &own.name;
                places.push(Place { name, shape: &own.shape, extent, is_written: true });
                if own.optional && !inside {
                    optional.extend(quote!(let #name = dx.is_some().then_some(#name);));
                }
            }
        }
        let places = self.context.places(&self.context.tape_memory(arena), places);
        quote!(#places #optional)
    }

    /// Declares the gradients that begin at a statement, but for the caller's.
    fn begin(&self, at: usize, inside: bool) -> TokenStream {
        if self.own.arena.is_some() {
            return TokenStream::new();
        }
        let begins = |gradient: &usize| self.lives[*gradient].0 == at && self.is_used(*gradient);
        (0..self.lives.len()).filter(begins).map(|gradient| self.declare(gradient, inside)).collect()
    }

    fn is_used(&self, gradient: usize) -> bool {
        self.own.backward.steps.iter().any(|step| step.gradients().contains(&gradient))
    }

    /// `let d_conv1: &mut [[[[f32; 24]; 24]; 6]] = plain::packed_mut(tape.d0.batch_mut(n));`
    fn declare(&self, gradient: usize, inside: bool) -> TokenStream {
        let own = &self.own.backward.gradients[gradient];
        let GradientHome::Slot(slot) = own.home else { return TokenStream::new() };
        let (name, slot) = (&own.name, &self.own.backward.slots[slot]);
        let field = &slot.name;
        let ty = self.context.tensor(&own.shape);
        let is_typed = slot.holds_only(&own.shape);
        if own.optional && !inside {
            let mutable = self.mutable(gradient);
            return if is_typed {
                quote!(let #mutable #name = dx.is_some().then(|| tape.#field.batch_mut(n));)
            } else {
                quote!(let #mutable #name: Option<&mut [#ty]> = dx.is_some().then(|| plain::packed_mut(tape.#field.batch_mut(n)));)
            };
        }
        if is_typed {
            quote!(let #name = tape.#field.batch_mut(n);)
        } else {
            quote!(let #name: &mut [#ty] = plain::packed_mut(tape.#field.batch_mut(n));)
        }
    }

    /// `mut` for an optional gradient that is lent more than once.
    fn mutable(&self, gradient: usize) -> TokenStream {
        if self.uses(gradient) > 1 { quote!(mut) } else { TokenStream::new() }
    }

    /// In how many statements or conditional runs an optional gradient is used.
    fn uses(&self, gradient: usize) -> usize {
        let steps = &self.own.backward.steps;
        let mut uses = 0;
        let mut in_run = false;
        for step in steps {
            let is_conditional = self.is_conditional(step);
            if step.gradients().contains(&gradient) && !(is_conditional && in_run) {
                uses += 1;
                in_run = is_conditional;
            } else if !is_conditional {
                in_run = false;
            }
        }
        uses
    }

    fn always(&self, at: usize) -> TokenStream {
        let begin = self.begin(at, false);
        let places = self.places(at, false);
        let statement = self.statement(at, false);
        quote!(#begin #places #statement)
    }

    /// A run of statements under `if let Some(dx) = dx { … }`.
    fn conditional(&self, start: usize, end: usize) -> TokenStream {
        let steps = &self.own.backward.steps[start..end];
        let is_caller = |gradient: usize| matches!(self.own.backward.gradients[gradient].home, GradientHome::Dx);
        let is_inner = |gradient: usize| {
            let (first, last) = self.lives[gradient];
            first >= start && last < end && !is_caller(gradient)
        };
        let mut outer: Vec<usize> = vec![];
        for gradient in steps.iter().flat_map(Undo::gradients) {
            let is_place = self.own.arena.is_some() && !is_caller(gradient);
            if self.is_optional(gradient) && !is_inner(gradient) && !is_place && !outer.contains(&gradient) {
                outer.push(gradient);
            }
        }
        let before: TokenStream = outer
            .iter()
            .filter(|gradient| self.lives[**gradient].0 >= start && !is_caller(**gradient))
            .map(|gradient| self.declare(*gradient, false))
            .collect();
        let mut inside = TokenStream::new();
        for at in start..end {
            for gradient in (0..self.lives.len()).filter(|gradient| self.lives[*gradient].0 == at && self.is_used(*gradient)) {
                if self.own.arena.is_none() && (is_inner(gradient) || !self.is_optional(gradient)) {
                    inside.extend(self.declare(gradient, true));
                }
            }
            inside.extend(self.places(at, true));
            inside.extend(self.statement(at, true));
        }
        let names: Vec<_> = outer.iter().map(|gradient| &self.own.backward.gradients[*gradient].name).collect();
        let lent = outer.iter().map(|gradient| self.lend(*gradient, end - 1));
        match names.as_slice() {
            [] => quote!(#before if dx.is_some() { #inside }),
            [name] => quote!(#before if let Some(#name) = #(#lent)* { #inside }),
            _ => quote!(#before if let (#(Some(#names)),*) = (#(#lent),*) { #inside }),
        }
    }

    /// `dx.as_deref_mut()`, or at its last use `dx`.
    fn lend(&self, gradient: usize, at: usize) -> TokenStream {
        let name = &self.own.backward.gradients[gradient].name;
        let is_place = self.own.arena.is_some() && !matches!(self.own.backward.gradients[gradient].home, GradientHome::Dx);
        if !is_place && self.lives[gradient].1 > at { quote!(#name.as_deref_mut()) } else { quote!(#name) }
    }

    /// What is frozen before everything that learns: once more, then in reverse.
    fn again(&self, prefix: &Prefix) -> TokenStream {
        let context = self.context;
        let tapes = self.own.parts.iter().filter(|part| part.is_prefix).filter_map(|part| {
            let (tape, ty) = (part.tape.as_ref()?, context.of(part, "Tape"));
            Some(quote!(let mut #tape: #ty<B> = Scratch::NEW;))
        });
        let forward = super::forward::again(context, self.own, prefix);
        let undo: TokenStream = (prefix.undo..self.own.backward.steps.len())
            .map(|at| {
                let (again, places, statement) = (self.places_again(at, prefix), self.places(at, true), self.statement(at, true));
                quote!(#again #places #statement)
            })
            .collect();
        let (scalar, len) = (&context.scalar, Dim::Known(prefix.len).tokens());
        quote! {
            if let Some(dx) = dx {
                plain::apart(|| {
                    let mut again: B::Of<[#scalar; #len]> = Scratch::NEW;
                    #(#tapes)*
                    #forward
                    #undo
                });
            }
        }
    }

    /// The places of a statement's values and gradients in the block in which things run once more.
    fn places_again(&self, at: usize, prefix: &Prefix) -> TokenStream {
        let (step, mut places) = (&self.own.backward.steps[at], vec![]);
        for operand in step.values(&self.own.parts) {
            if let Home::Buffer(at) = operand.home {
                let buffer = &self.own.forward.buffers[at];
                places.extend(prefix.buffers[at].map(|extent| Place {
                    name: &buffer.name,
                    shape: &buffer.shape,
                    extent,
                    is_written: false,
                }));
            }
        }
        for at in step.gradients() {
            let own = &self.own.backward.gradients[at];
            places.extend(prefix.gradients[at].map(|extent| Place { name: &own.name, shape: &own.shape, extent, is_written: true }));
        }
        self.context.places(&quote!(again), places)
    }

    fn statement(&self, at: usize, inside: bool) -> TokenStream {
        let context = self.context;
        match &self.own.backward.steps[at] {
            Undo::Layer { part, x, y, dy, dx } => {
                let part = &self.own.parts[*part];
                let forward = &self.own.forward;
                // What a layer does not look at may be overwritten by now.
                let unread = |reads: bool, operand: &Operand| !reads && matches!(operand.home, Home::Buffer(_));
                let (x, y, dy) = if part.is_users() {
                    let read = quote!(reshape);
                    (Context::hand(self.own, forward, x, &read), Context::hand(self.own, forward, y, &read), self.hand(dy))
                } else {
                    let read = |reads: bool, operand: &Operand, shape: &Shape| {
                        if unread(reads, operand) { quote!(&[]) } else { Context::read(self.own, forward, operand, shape) }
                    };
                    (read(part.reads_input, x, &part.input), read(part.reads_output, y, &part.output), self.view(dy))
                };
                let dx = if self.is_optional(dx.gradient) && !inside {
                    let lent = self.lend(dx.gradient, at);
                    let fits = self.own.backward.gradients[dx.gradient].shape == part.input && !part.is_users();
                    if fits { lent } else { quote!(#lent.map(plain::reshape_mut)) }
                } else {
                    let dx = if part.is_users() { self.hand(dx) } else { self.view(dx) };
                    quote!(Some(#dx))
                };
                let (pass, tape) = (context.pass(part), tape(part));
                if self.pass == Pass::Backward && part.pair != Pair::Alone {
                    return self.paired(part, &[x, dy, dx, pass, tape]);
                }
                match (&part.field, self.pass) {
                    (Some(field), Pass::Backward) if part.learns() => {
                        let gradient = quote!(gradient.as_mut().map(|gradient| &mut gradient.#field));
                        context.call(part, &quote!(backward), &quote!(s, #pass, #x, #y, #dy, #dx, #tape, #gradient))
                    }
                    (Some(field), Pass::Descend) if part.learns() && part.is_users() => {
                        let descend = quote_spanned!(part.span()=> Layer::descend);
                        quote! {
                            let at = #pass;
                            #descend::<S, B>(&mut self.#field, s, at, #x, #y, #dy, #dx, #tape, plain::hand(rate));
                        }
                    }
                    (Some(field), Pass::Descend) if part.learns() => {
                        quote!(self.#field.descend::<S, B>(s, #pass, #x, #y, #dy, #dx, #tape, rate);)
                    }
                    _ => context.call(part, &quote!(backward), &quote!(s, #pass, #x, #y, #dy, #dx, #tape, None)),
                }
            }
            Undo::Activate { value, known, d } => {
                let known = Context::read(self.own, &self.own.forward, known, &known.shape);
                let (value, d) = (context.short(value), self.typed(d));
                quote!(#value.backward(s, #known, #d);)
            }
            Undo::Drop { rate, site, d } => {
                let site = proc_macro2::Literal::u64_unsuffixed(*site);
                let d = self.typed(d);
                quote!(layer::Dropout { rate: #rate }.backward(s, pass.at(#site, &()), #d);)
            }
            Undo::Copy { to, from } => {
                let (to, from) = (self.typed(to), self.view_to_read(from));
                quote!(layer::copy(#to, #from);)
            }
            Undo::Add { to, from } => {
                let (to, from) = (self.typed(to), self.view_to_read(from));
                quote!(layer::add(#to, #from);)
            }
            Undo::Scatter { from, to } => {
                let from = self.typed_to_read(from);
                let mut code = TokenStream::new();
                for (i, branch) in to.iter().enumerate() {
                    let at = Context::offset(to[..i].iter().map(|to| &to.shape));
                    let branch = self.typed(branch);
                    code.extend(quote!(layer::scatter(#from, #at, #branch);));
                }
                code
            }
        }
    }

    /// A convolution or the pool behind it.
    fn paired(&self, part: &Part, [x, dy, dx, pass, tape]: &[TokenStream; 5]) -> TokenStream {
        let this = self.context.receiver(part);
        let Some(pool) = self.context.behind(self.own, part) else {
            return quote!(#this.backward_packed::<S, B>(s, #pass, #dy, #dx, #tape););
        };
        let gradient = match &part.field {
            Some(field) if part.learns() => quote!(gradient.as_mut().map(|gradient| &mut gradient.#field)),
            _ => quote!(None),
        };
        quote!(#this.backward_packed::<S, B, _>(s, #pass, #x, #dy, #dx, #gradient, &#pool);)
    }

    fn is_as_made(&self, operand: &GradientOperand) -> bool {
        self.own.backward.gradients[operand.gradient].shape == operand.shape
    }

    /// As [`Context::hand`].
    fn hand(&self, operand: &GradientOperand) -> TokenStream {
        let name = &self.own.backward.gradients[operand.gradient].name;
        quote!(plain::reshape_mut(#name))
    }

    fn view(&self, operand: &GradientOperand) -> TokenStream {
        let name = &self.own.backward.gradients[operand.gradient].name;
        if self.is_as_made(operand) { quote!(#name) } else { quote!(plain::reshape_mut(#name)) }
    }

    fn view_to_read(&self, operand: &GradientOperand) -> TokenStream {
        let name = &self.own.backward.gradients[operand.gradient].name;
        if self.is_as_made(operand) { quote!(#name) } else { quote!(plain::reshape(#name)) }
    }

    /// As [`Body::view`], where nothing else tells the type.
    fn typed(&self, operand: &GradientOperand) -> TokenStream {
        let name = &self.own.backward.gradients[operand.gradient].name;
        let ty = self.context.tensor(&operand.shape);
        if self.is_as_made(operand) { quote!(#name) } else { quote!(plain::reshape_mut::<_, #ty>(#name)) }
    }

    fn typed_to_read(&self, operand: &GradientOperand) -> TokenStream {
        let name = &self.own.backward.gradients[operand.gradient].name;
        let ty = self.context.tensor(&operand.shape);
        if self.is_as_made(operand) { quote!(#name) } else { quote!(plain::reshape::<_, #ty>(#name)) }
    }
}

/// Whether the caller's `dx` is lent more than once, or used up.
pub(super) fn dx_is_mutable(context: &Context<'_>, own: &Struct) -> bool {
    let body = Body::new(context, own, Pass::Backward);
    own.backward.gradients.iter().enumerate().any(|(at, gradient)| gradient.home == GradientHome::Dx && body.uses(at) > 1)
}
