//! Other networks and users' layers: their shapes are their own, and assertions compare them.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::Walk;
use super::agreement::assertion;
use crate::ast::Item;
use crate::layer::Resolved;
use crate::model::{Dim, Op, Scalar, Shape};
use crate::size::Condition;
use crate::text;

impl Walk<'_> {
    /// Another network or a user's layer. Its shapes are its own: assertions compare them.
    pub(super) fn nested(
        &mut self,
        item: &Item,
        path: &TokenStream,
        span: Span,
        place: Option<&TokenStream>,
        input: Option<Shape>,
    ) -> Resolved {
        let label = item.label();
        if self.is_itself(path) {
            self.errors.push(span, format!("`{}` cannot contain itself", self.network), "name another network or layer here");
            // Anything but a field of the network's own type.
            return Resolved::new(Op::Flatten, input, None);
        }
        if item.name.is_none() && place.is_none() {
            let lower = text::of(path).rsplit("::").next().unwrap_or_default().split('<').next().unwrap_or_default().to_lowercase();
            self.errors.push(
                span,
                format!("`{}` has parameters of its own and needs a name", text::of(path)),
                format!("write `{lower}: {}`", text::of(path)),
            );
        }
        let Some(sizes) = &item.stated else {
            self.errors.push(
                span,
                format!("the output shape of `{}` is missing", text::of(path)),
                format!("state it: `{label} -> [sizes]`"),
            );
            return Resolved::new(Op::Nested { ty: path.clone(), place: place.cloned() }, input, None);
        };
        let stated = self.declared(sizes, "the shape");
        let krate = self.krate.clone();
        let name = text::of(path);
        if let Some(input) = &input {
            let but = format!(", but {} ", self.source);
            let help = quote!(.text("change the layer before it so that the shapes agree"));
            self.check_foreign(span, path, (&format!("`{name}` takes "), &quote!(INPUT)), (&but, input), &help);
        }
        let but = ", but the shape stated here is ";
        self.check_foreign(
            sizes.span,
            path,
            (&format!("`{name}` gives "), &quote!(OUTPUT)),
            (but, &stated),
            &quote!(.text("write `-> ").sizes(<#path as #krate::Layer>::OUTPUT.sizes()).text("`, the shape that it gives")),
        );
        let (own, size) = match self.scalar {
            Scalar::F32 => ("f32", 4_usize),
            Scalar::F64 => ("f64", 8),
        };
        let message = format!(
            "`{name}` has numbers of another type than this network\nhelp: this one has `{own}`; give both the same `#[scalar(…)]`"
        );
        let condition = quote!(<<#path as #krate::Layer>::Scalar as #krate::Scalar>::DTYPE.size() == #size);
        self.assert_of(span, path, &[], &quote!(#condition, #message));
        Resolved::new(Op::Nested { ty: path.clone(), place: place.cloned() }, input, Some(stated))
    }

    /// Whether a path names the network that it stands in.
    fn is_itself(&self, path: &TokenStream) -> bool {
        let text = text::of(path);
        let path = text.split('<').next().unwrap_or_default().trim_start_matches("self::");
        path == "Self" || path.trim_start_matches("r#") == self.network.trim_start_matches("r#")
    }

    /// Compares a shape of a user's layer with the one that is expected of it.
    pub(super) fn check_foreign(
        &mut self,
        at: Span,
        path: &TokenStream,
        own: (&str, &TokenStream),
        other: (&str, &Shape),
        help: &TokenStream,
    ) {
        if other.1.0.contains(&Dim::Unknown) {
            return;
        }
        let krate = &self.krate;
        let (has, constant) = own;
        let shape = quote!(<#path as #krate::Layer>::#constant);
        let sizes = other.1.0.iter().map(Dim::tokens);
        let sizes = quote!(&[#(#sizes),*]);
        let but = other.0;
        let message = quote!(#krate::shape::Message::new().text(#has).sizes(#shape.sizes()).text(#but).sizes(#sizes).text("\nhelp: ")#help);
        let condition =
            self.doubts.iter().fold(Condition::Expression(quote!(#krate::shape::is(#shape, #sizes))), Condition::unless_not).tokens();
        self.assert_of(at, path, &other.1.0, &quote!(#condition, "{}", #message.as_str()));
    }

    /// An assertion on a user's type; with const parameters in it only a build can evaluate it.
    pub(super) fn assert_of(&mut self, at: Span, path: &TokenStream, sizes: &[Dim], arguments: &TokenStream) {
        if sizes.iter().any(|size| matches!(size, Dim::Parameter(_))) || self.mentions_parameter(path.clone()) {
            self.parameter_checks.push(quote_spanned!(at=> ::core::assert!(#arguments);));
        } else {
            self.assertions.push(assertion(at.into(), arguments));
        }
    }
}
