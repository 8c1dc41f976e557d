//! The structs that the user sees, and what is implemented on the whole network.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::{Context, stepwise};
use crate::model::{Dim, Optimize, Scalar, Shape};
use crate::plan::hygiene::shown;
use crate::plan::{Part, Struct};
use crate::text::grouped;

/// `[1, 28, 28]`, for docs.
pub(super) fn shape_text(shape: &Shape) -> String {
    let dims: Vec<String> = shape
        .0
        .iter()
        .map(|dim| match dim {
            Dim::Known(n) => n.to_string(),
            Dim::Constant(name) | Dim::Parameter(name) => shown(name),
            Dim::Unknown => "?".into(),
        })
        .collect();
    format!("[{}]", dims.join(", "))
}

/// The struct and its gradient's.
pub(super) fn structs(context: &Context<'_>, own: &Struct) -> TokenStream {
    let Struct { name, gradient, attributes, .. } = own;
    let (visibility, parameters) = (&context.plan.visibility, &context.parameters);
    let table = table(own);
    let table = table.iter().map(|line| format!(" {line}"));
    let fields = own.parts.iter().filter_map(|part| {
        let (field, ty) = (part.field.as_ref()?, context.outer_ty(part));
        let (attributes, doc) = (&part.attributes, field_doc(part));
        Some(quote! {
            #(#attributes)*
            #[doc = #doc]
            pub #field: #ty
        })
    });
    let krate = context.krate;
    let gradients = own.parts.iter().filter(|part| part.learns()).map(|part| {
        let (field, ty) = (&part.field, context.outer_ty(part));
        let doc = format!(" Of `{}`.", part.key);
        let gradient = quote_spanned!(part.span()=> <#ty as #krate::Layer>::Gradient);
        quote! {
            #[doc = #doc]
            pub #field: #gradient
        }
    });
    let gradient_doc = format!(" The gradient of every parameter of [`{}`] that is not frozen.", shown(name));
    quote! {
        #(#attributes)*
        #(#[doc = #table])*
        #[repr(C)]
        #visibility struct #name #parameters {
            #(#fields,)*
        }

        #[doc = #gradient_doc]
        #[repr(C)]
        #visibility struct #gradient #parameters {
            #(#gradients,)*
        }
    }
}

fn field_doc(part: &Part) -> String {
    let frozen = if part.frozen { ", frozen" } else { "" };
    format!(" `{}`: `{} -> {}`{frozen}.", part.written, shape_text(&part.input), shape_text(&part.output))
}

/// The layers as a table in the struct's docs, so that hovering over its name shows them.
fn table(own: &Struct) -> Vec<String> {
    let mut lines = vec![];
    if !own.attributes.is_empty() {
        lines.push(String::new());
    }
    let what = if own.is_network { "Network".to_owned() } else { format!("`{}`", own.title) };
    let parameters = own.parameters.map(|n| format!(", {} parameters", grouped(n))).unwrap_or_default();
    lines.push(format!("{what}: `{} -> {}`{parameters}.", shape_text(&own.input), shape_text(&own.output)));
    lines.push(String::new());
    lines.push("| name | layer | output | parameters |".into());
    lines.push("|---|---|---|---|".into());
    for row in &own.rows {
        let parameters = match row.part.map(|part| own.parts[part].parameters) {
            Some(Some(0)) | None => String::new(),
            Some(Some(n)) => format!("{}{}", grouped(n), if row.frozen { ", frozen" } else { "" }),
            Some(None) => "…".into(),
        };
        lines.push(format!("| {} | `{}` | `{}` | {parameters} |", row.name, row.written.replace('|', "\\|"), shape_text(&row.output)));
    }
    lines
}

/// `unsafe impl Plain`, with the assertion that shows why it holds.
pub(super) fn plain(context: &Context<'_>, own: &Struct) -> TokenStream {
    let Struct { name, gradient, .. } = own;
    let (parameters, arguments) = (&context.parameters, &context.arguments);
    let krate = context.krate;
    let fields = own.parts.iter().filter(|part| part.field.is_some()).map(|part| context.ty(part));
    let gradients = own.parts.iter().filter(|part| part.learns()).map(|part| context.of(part, "Gradient"));
    let one = |name: &Ident, fields: Vec<TokenStream>| {
        let span = own.name.span();
        let assertion =
            quote_spanned!(span=> #krate::__private::assert_packed::<#name #arguments>(&[#(#krate::__private::packed::<#fields>()),*]));
        // Lints do not look into other crates' macros, so that crates that forbid `unsafe` can declare networks.
        let safety = " SAFETY: `repr(C)`, and every field is plain; the assertion shows that nothing lies between them.";
        if context.arguments.is_empty() {
            quote! {
                #[doc = #safety]
                unsafe impl Plain for #name {}
                const _: () = #assertion;
            }
        } else {
            quote! {
                #[doc = #safety]
                unsafe impl #parameters Plain for #name #arguments {
                    const PACKED: () = #assertion;
                }
            }
        }
    };
    let (whole, gradient) = (one(name, fields.collect()), one(gradient, gradients.collect()));
    quote!(#whole #gradient)
}

/// The size of so many numbers, for the docs of a constant whose value rustdoc does not show.
fn size_doc(context: &Context<'_>, numbers: Option<usize>) -> Option<TokenStream> {
    let size = match context.plan.scalar {
        Scalar::F32 => 4,
        Scalar::F64 => 8,
    };
    let text = format!(" Here {}.", grouped(numbers?.checked_mul(size)?));
    Some(quote!(#[doc = ""] #[doc = #text]))
}

/// What only the whole network has.
pub(super) fn network(context: &Context<'_>, own: &Struct) -> TokenStream {
    let (name, title, krate) = (&own.name, &own.title, context.krate);
    let (parameters, arguments, scalar) = (&context.parameters, &context.arguments, &context.scalar);
    let stepwise = stepwise::expand(context, own);
    let (flash_bytes, inference_ram) = (size_doc(context, own.numbers()), size_doc(context, context.plan.workspace_numbers(own)));
    let portable = match context.plan.optimize {
        Optimize::Speed => quote!(#krate::Portable),
        Optimize::Size => quote!(#krate::Compact),
    };
    quote! {
        impl #parameters Network for #name #arguments {
            type Portable = #portable;
            const NAME: &'static str = #title;
            #stepwise
        }

        impl #parameters #name #arguments {
            /// How many numbers it learns, frozen ones among them.
            pub const PARAMETERS: usize = <Self as Layer>::PARAMETERS;
            /// Multiply-adds of one sample's forward pass.
            pub const MACS: usize = <Self as Layer>::MACS;

            /// Bytes of flash that its weights take as a `static`: its own size.
            #flash_bytes
            pub const FLASH_BYTES: usize = size_of::<Self>();
            /// Bytes of RAM that predicting needs for the values between layers, which share memory by lifetime: the size of its workspace. Input,
            /// output and stack come on top.
            #inference_ram
            pub const INFERENCE_RAM: usize = size_of::<<Self as Layer>::Workspace<#krate::One>>();

            /// Bytes of RAM that training on a device needs: the network, its workspace, and by accumulation the gradient and the
            /// optimizer's state. The stack comes on top.
            #[must_use]
            pub const fn training_ram<Optimizer: #krate::optimizer::Optimizer<#scalar> + ::core::marker::Copy, Mode: #krate::device::Mode<Optimizer>>(_: Optimizer, _: Mode) -> usize {
                #krate::device::training_ram::<Self, #scalar, Optimizer, Mode>()
            }

            /// With all parameters zero, to be loaded or copied over.
            #[must_use]
            pub const fn zeros() -> Self {
                Self::ZEROED
            }

            /// With the weights of a safetensors file, for a `static`: they lie in flash and are used where they lie.
            ///
            /// `static NET: … = …::from_safetensors(include_bytes!("net.safetensors"));`
            ///
            /// # Panics
            /// While compiling, where the file does not fit, with all faults in one message. At run time take `load_safetensors_bytes`.
            #[must_use]
            #[track_caller]
            pub const fn from_safetensors(file: &[u8]) -> Self {
                #krate::file::from_safetensors(file)
            }
        }

        #krate::__clone_boxed! { [#parameters] #name #arguments }

        impl #parameters fmt::Debug for #name #arguments {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&Summary(Self::SPEC), f)
            }
        }

        impl #parameters fmt::Display for #name #arguments {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&Summary(Self::SPEC), f)
            }
        }
    }
}
