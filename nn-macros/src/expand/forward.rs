//! The bodies of `infer` and `forward`: one line a layer.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use super::Context;
use crate::model::{Dim, Shape};
use crate::plan::{Arena, Chain, Do, Extent, Home, Operand, Pair, Part, PartType, Prefix, Storage, Struct};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Infer,
    Forward,
    /// `forward` of what is frozen before everything that learns.
    Before,
}

/// The statements of a forward pass.
pub(super) fn body(context: &Context<'_>, own: &Struct, pass: Pass) -> TokenStream {
    let storage = if pass == Pass::Infer { &own.infer } else { &own.forward };
    let mut bound = vec![false; storage.buffers.len()];
    let mut code = TokenStream::new();
    let before = own.prefix.as_ref().map_or(0, |prefix| prefix.statements);
    for (at, step) in storage.steps.iter().enumerate() {
        let pass = if pass == Pass::Forward && at < before { Pass::Before } else { pass };
        if pass != Pass::Infer
            && let Some(arena) = &own.arena
        {
            code.extend(places(context, own, step, &context.tape_memory(arena), |buffer| Some(arena.buffers[buffer])));
        } else if let Home::Buffer(buffer) = step.written().home
            && !std::mem::replace(&mut bound[buffer], true)
        {
            code.extend(bind(context, storage, buffer, pass));
        }
        code.extend(statement(context, own, storage, step, pass));
    }
    code
}

/// The places of a statement's values.
fn places(context: &Context<'_>, own: &Struct, step: &Do, memory: &TokenStream, extent: impl Fn(usize) -> Option<Extent>) -> TokenStream {
    let mut places: Vec<Place<'_>> = vec![];
    for operand in step.operands() {
        if let Home::Buffer(at) = operand.home {
            let buffer = &own.forward.buffers[at];
            let is_written = step.written().home == operand.home;
            places.extend(extent(at).map(|extent| Place { name: &buffer.name, shape: &buffer.shape, extent, is_written }));
        }
    }
    context.places(memory, places)
}

/// What is frozen before everything that learns, once more, as in training.
pub(super) fn again(context: &Context<'_>, own: &Struct, prefix: &Prefix) -> TokenStream {
    let run = |step: &Do| {
        let places = places(context, own, step, &quote!(again), |buffer| prefix.buffers[buffer]);
        let statement = statement(context, own, &own.forward, step, Pass::Forward);
        quote!(#places #statement)
    };
    own.forward.steps[..prefix.statements].iter().map(run).collect()
}

/// A place in the block, as a variable.
pub(super) struct Place<'a> {
    pub name: &'a Ident,
    pub shape: &'a Shape,
    pub extent: Extent,
    pub is_written: bool,
}

/// `let conv1 = tape.conv1.batch_mut(n);`
pub(super) fn bind(context: &Context<'_>, storage: &Storage, buffer: usize, pass: Pass) -> TokenStream {
    let buffer = &storage.buffers[buffer];
    let (name, slot) = (&buffer.name, &storage.slots[buffer.slot]);
    let field = &slot.name;
    let memory = if pass == Pass::Infer { quote!(workspace) } else { quote!(tape) };
    if slot.holds_only(&buffer.shape) {
        return quote!(let #name = #memory.#field.batch_mut(n););
    }
    let ty = context.tensor(&buffer.shape);
    quote!(let #name: &mut [#ty] = plain::packed_mut(#memory.#field.batch_mut(n));)
}

/// `let conv1: &[…] = plain::packed(workspace.a.batch(n));`, where it was written before.
pub(super) fn bind_to_read(context: &Context<'_>, storage: &Storage, buffer: usize) -> TokenStream {
    let buffer = &storage.buffers[buffer];
    let (name, slot) = (&buffer.name, &storage.slots[buffer.slot]);
    let field = &slot.name;
    if slot.holds_only(&buffer.shape) {
        return quote!(let #name = workspace.#field.batch(n););
    }
    let ty = context.tensor(&buffer.shape);
    quote!(let #name: &[#ty] = plain::packed(workspace.#field.batch(n));)
}

pub(super) fn statement(context: &Context<'_>, own: &Struct, storage: &Storage, step: &Do, pass: Pass) -> TokenStream {
    let read = |operand: &Operand, wanted: &Shape| Context::read(own, storage, operand, wanted);
    let write = |operand: &Operand| Context::write(own, storage, operand, &operand.shape);
    match step {
        Do::Layer { part, x, y } => {
            let part = &own.parts[*part];
            let (x, y) = if part.is_users() {
                (Context::hand(own, storage, x, &quote!(reshape)), Context::hand(own, storage, y, &quote!(reshape_mut)))
            } else {
                (read(x, &part.input), write(y))
            };
            if part.pair != Pair::Alone {
                return context.paired_forward(own, part, &x, &y, pass);
            }
            match pass {
                Pass::Infer => {
                    let workspace = part.workspace.as_ref().map_or_else(|| quote!(()), |field| quote!(workspace.#field));
                    context.call(part, &quote!(infer), &quote!(s, #x, #y, &mut #workspace))
                }
                Pass::Before => {
                    let workspace = part.forward_workspace.as_ref().map_or_else(|| quote!(()), |field| quote!(tape.#field));
                    context.call(part, &quote!(infer), &quote!(s, #x, #y, &mut #workspace))
                }
                Pass::Forward => {
                    let (at, tape) = (context.pass(part), tape(part));
                    context.call(part, &quote!(forward), &quote!(s, #at, #x, #y, #tape))
                }
            }
        }
        Do::Chained { part, x, y, chain } => {
            let part = &own.parts[*part];
            let (x, y) = (read(x, &part.input), write(y));
            let Chain { sizes, at, relu } = chain;
            let (sizes, at) = (sizes.iter().map(Dim::tokens), Dim::Known(*at).tokens());
            context.call(part, &quote!(infer_chained), &quote!(s, #x, #y, layer::Chain { sizes: &[#(#sizes),*], at: #at, relu: #relu }))
        }
        Do::Activate { value, y } => {
            let (value, y) = (context.short(value), context.typed(own, storage, y));
            quote!(#value.forward_in_place(s, #y);)
        }
        Do::ActivateInto { value, x, y } => {
            let (value, x, y) = (context.short(value), read(x, &y.shape), context.typed(own, storage, y));
            quote!(#value.forward(s, #x, #y);)
        }
        Do::Drop { rate, site, y } => {
            let site = proc_macro2::Literal::u64_unsuffixed(*site);
            let y = context.typed(own, storage, y);
            quote!(layer::Dropout { rate: #rate }.forward_in_place(s, pass.at(#site, &()), #y);)
        }
        Do::Copy { x, y } => {
            let (x, y) = (read(x, &y.shape), context.typed(own, storage, y));
            quote!(layer::copy(#y, #x);)
        }
        Do::Add { x, y } => {
            let (x, y) = (read(x, &y.shape), context.typed(own, storage, y));
            quote!(layer::add(#y, #x);)
        }
        Do::Sum { a, b, y } => {
            let (a, b, y) = (read(a, &y.shape), read(b, &y.shape), context.typed(own, storage, y));
            quote!(layer::sum(#y, #a, #b);)
        }
        Do::Gather { xs, y } => {
            let y = context.typed(own, storage, y);
            let mut code = TokenStream::new();
            for (i, x) in xs.iter().enumerate() {
                let at = Context::offset(xs[..i].iter().map(|x| &x.shape));
                let x = read(x, &x.shape);
                code.extend(quote!(layer::gather(#y, #at, #x);));
            }
            code
        }
    }
}

impl Context<'_> {
    /// A convolution or the pool behind it: `self.conv1.infer_packed::<S, B, _>(s, x, conv1, &Pool1::ZEROED);`.
    fn paired_forward(&self, own: &Struct, part: &Part, x: &TokenStream, y: &TokenStream, pass: Pass) -> TokenStream {
        let (at, tape) = (self.pass(part), tape(part));
        let (this, behind) = (self.receiver(part), self.behind(own, part));
        match (pass, behind) {
            (Pass::Forward, Some(pool)) => quote!(#this.forward_packed::<S, B, _>(s, #at, #x, #y, &#pool);),
            (Pass::Forward, None) => quote!(#this.forward_packed::<S, B>(s, #at, #x, #y, #tape);),
            (_, Some(pool)) => quote!(#this.infer_packed::<S, B, _>(s, #x, #y, &#pool);),
            (_, None) => quote!(#this.infer_packed::<S, B>(s, #x, #y);),
        }
    }

    /// The pool that a convolution is paired with.
    pub(super) fn behind(&self, own: &Struct, part: &Part) -> Option<TokenStream> {
        if let Pair::Before(pool) = part.pair { Some(self.receiver(&own.parts[pool])) } else { None }
    }
}

/// `&mut tape.bn1_tape`
pub(super) fn tape(part: &Part) -> TokenStream {
    let place = |field| if part.is_prefix { quote!(&mut #field) } else { quote!(&mut tape.#field) };
    part.tape.as_ref().map_or_else(|| quote!(&mut ()), place)
}

impl Part {
    /// Whether it is a user's layer or another network, whose shapes only the compiler knows.
    pub(super) fn is_users(&self) -> bool {
        matches!(self.ty, PartType::User(_) | PartType::Static { .. })
    }

    /// Where rustc underlines what it finds wrong with the type: at the user's own, if it is one.
    pub(super) fn span(&self) -> Span {
        match &self.ty {
            PartType::User(ty) | PartType::Static { ty, .. } => {
                ty.clone().into_iter().next().map_or_else(Span::call_site, |first| Span::call_site().located_at(first.span()))
            }
            _ => Span::call_site(),
        }
    }
}

impl Do {
    /// What the statement writes.
    pub(super) fn written(&self) -> &Operand {
        match self {
            Self::Layer { y, .. }
            | Self::Chained { y, .. }
            | Self::Activate { y, .. }
            | Self::ActivateInto { y, .. }
            | Self::Drop { y, .. }
            | Self::Copy { y, .. }
            | Self::Add { y, .. }
            | Self::Sum { y, .. }
            | Self::Gather { y, .. } => y,
        }
    }
}

impl Context<'_> {
    /// `let mut places = plain::places(tape.memory.batch_mut(n));`, and then one after another `let conv1: &mut [[f32; 120]] = places.after(0);`.
    pub(super) fn places(&self, memory: &TokenStream, mut places: Vec<Place<'_>>) -> TokenStream {
        places.sort_by_key(|place| place.extent.offset);
        places.dedup_by_key(|place| place.extent.offset);
        if places.is_empty() {
            return TokenStream::new();
        }
        let mut end = 0;
        let lets: TokenStream = places
            .iter()
            .map(|Place { name, shape, extent, is_written }| {
                let (ty, skipped) = (self.tensor(shape), Dim::Known(extent.offset - end).tokens());
                end = extent.offset + shape.known_len().unwrap_or(extent.len);
                let reference = if *is_written { quote!(&mut) } else { quote!(&) };
                quote!(let #name: #reference [#ty] = places.after(#skipped);)
            })
            .collect();
        quote! {
            let mut places = plain::places(#memory.batch_mut(n));
            #lets
        }
    }

    /// `tape.memory`
    pub(super) fn tape_memory(&self, arena: &Arena) -> TokenStream {
        let field = &arena.field;
        quote!(tape.#field)
    }

    /// `self.conv1.infer::<S, B>(…);`
    pub(super) fn call(&self, part: &Part, method: &TokenStream, arguments: &TokenStream) -> TokenStream {
        let receiver = self.receiver(part);
        // A user's type may have methods of the same name.
        if part.is_users() {
            quote_spanned!(part.span()=> Layer::#method::<S, B>(&#receiver, #arguments);)
        } else {
            quote!(#receiver.#method::<S, B>(#arguments);)
        }
    }

    /// `self.conv1`, or `Pool1::ZEROED`.
    pub(super) fn receiver(&self, part: &Part) -> TokenStream {
        match (&part.field, &part.ty) {
            (Some(field), _) => quote!(self.#field),
            (None, PartType::Static { function, .. }) => quote!(*#function()),
            (None, PartType::BuiltIn { alias, .. }) if !self.arguments.is_empty() => {
                let arguments = &self.arguments;
                quote!(#alias::#arguments::ZEROED)
            }
            _ => {
                let ty = self.ty(part);
                quote!(#ty::ZEROED)
            }
        }
    }

    /// `pass.at(3, &self.conv1)`
    pub(super) fn pass(&self, part: &Part) -> TokenStream {
        let site = proc_macro2::Literal::u64_unsuffixed(part.site);
        let receiver = self.receiver(part);
        let frozen = part.frozen.then(|| quote!(.frozen()));
        quote!(pass.at(#site, &#receiver) #frozen)
    }

    /// The place of a value, and the shape that it was made with.
    fn home<'s>(own: &'s Struct, storage: &'s Storage, home: Home) -> (TokenStream, &'s Shape) {
        match home {
            Home::Input => (quote!(x), &own.input),
            Home::Output => (quote!(y), &own.output),
            Home::Buffer(buffer) => {
                let buffer = &storage.buffers[buffer];
                let name = &buffer.name;
                (quote!(#name), &buffer.shape)
            }
        }
    }

    /// A value to be read as `wanted`.
    pub(super) fn read(own: &Struct, storage: &Storage, operand: &Operand, wanted: &Shape) -> TokenStream {
        let (name, shape) = Self::home(own, storage, operand.home);
        if shape == wanted { name } else { quote!(plain::reshape(#name)) }
    }

    /// A value for a user's layer, whatever shape that has: where it is not the node's, an assertion says so, and rustc need not.
    pub(super) fn hand(own: &Struct, storage: &Storage, operand: &Operand, how: &TokenStream) -> TokenStream {
        let (name, _) = Self::home(own, storage, operand.home);
        quote!(plain::#how(#name))
    }

    /// A value to be written as `wanted`.
    fn write(own: &Struct, storage: &Storage, operand: &Operand, wanted: &Shape) -> TokenStream {
        let (name, shape) = Self::home(own, storage, operand.home);
        if shape == wanted { name } else { quote!(plain::reshape_mut(#name)) }
    }

    /// As [`Context::write`], where nothing else tells the type.
    fn typed(&self, own: &Struct, storage: &Storage, operand: &Operand) -> TokenStream {
        let (name, shape) = Self::home(own, storage, operand.home);
        let ty = self.tensor(&operand.shape);
        if *shape == operand.shape { name } else { quote!(plain::reshape_mut::<_, #ty>(#name)) }
    }

    /// How many numbers of a sample come before a branch of `Concat`.
    pub(super) fn offset<'s>(before: impl Iterator<Item = &'s Shape>) -> TokenStream {
        let shapes: Vec<&Shape> = before.collect();
        let known: Option<usize> = shapes.iter().map(|shape| shape.known_len()).sum();
        if let Some(known) = known {
            return crate::model::Dim::Known(known).tokens();
        }
        let lens = shapes.iter().map(|shape| super::types::len(shape));
        quote!(#(#lens)+*)
    }
}

impl crate::plan::Slot {
    /// Whether it holds values of this shape alone, so that they need no other view.
    pub(super) fn holds_only(&self, shape: &Shape) -> bool {
        matches!(&self.size, crate::plan::SlotSize::Of(own) if own == shape)
    }
}
