//! `#[derive(Plain)]`: checks that a struct is nothing but numbers of one size, and describes its fields for saving and training.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Path, Token, parse_quote};

/// The `impl`s of `Plain` and `Fields`, and all that is wrong with the struct.
pub(crate) fn plain(input: TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(input) => expand(&input),
        Err(error) => error.into_compile_error(),
    }
}

fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let krate = krate(&input.attrs, &mut errors);
    let Some(fields) = fields(input, &mut errors) else { return errors.into_tokens() };
    check_repr(input, &mut errors);
    let states: Vec<bool> = fields.iter().map(|field| is_state(field, &mut errors)).collect();
    let errors = errors.into_tokens();

    let name = &input.ident;
    let mut generics = input.generics.clone();
    if generics.type_params().next().is_some() {
        // Without type parameters `ENTRIES` checks the fields, and rustc's words are clearer.
        let bounds = &mut generics.make_where_clause().predicates;
        for field in &fields {
            let (ty, bound) = (&field.ty, bound(field, &fields, &krate));
            bounds.push(parse_quote!(#ty: #bound));
        }
    }
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let entries = fields.iter().enumerate().zip(&states).map(|((i, field), state)| {
        let ty = &field.ty;
        let member = field.ident.as_ref().map_or_else(|| syn::Index::from(i).into_token_stream(), ToTokens::to_token_stream);
        let key = field.ident.as_ref().map_or_else(|| i.to_string(), |ident| syn::ext::IdentExt::unraw(ident).to_string());
        let first = &fields[0].ty;
        let entry = if i == 0 { quote!(first_entry::<#ty>) } else { quote!(entry::<#ty, #first>) };
        quote!(#krate::field::#entry(#key, ::core::mem::offset_of!(Self, #member), #state))
    });
    let name_text = name.to_string();
    quote! {
        #errors

        #[automatically_derived]
        // SAFETY: `repr(C)`, and every field is made of numbers of one size (`Field`, `Alike`), so that nothing lies between them and every bit
        // pattern is valid.
        unsafe impl #impl_generics #krate::plain::Plain for #name #type_generics #where_clause {}

        #[automatically_derived]
        impl #impl_generics #krate::field::Fields for #name #type_generics #where_clause {
            const NAME: &'static ::core::primitive::str = #name_text;
            const ENTRIES: &'static [#krate::spec::Entry] = &[#(#entries),*];
        }
    }
}

/// `#[plain(crate = path)]`, or `::nn_core`.
fn krate(attributes: &[Attribute], errors: &mut Errors) -> Path {
    let mut path: Path = parse_quote!(::nn_core);
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("plain")) {
        errors.note(attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("unknown option\nhelp: `#[plain(crate = path)]` names the path to nn-core"));
            }
            meta.input.parse::<Token![=]>()?;
            path = meta.input.call(Path::parse_mod_style)?;
            Ok(())
        }));
    }
    path
}

/// `Field` for the first field, `Alike<…>` for the others, at the field's type: there rustc underlines what does not fit.
fn bound(field: &Field, fields: &[&Field], krate: &Path) -> TokenStream {
    let first = fields[0];
    let bound = if std::ptr::eq(field, first) {
        quote!(#krate::field::Field)
    } else {
        let first = &first.ty;
        quote!(#krate::field::Alike<<#first as #krate::field::Field>::Unit>)
    };
    let span = field.ty.span();
    bound.into_iter().map(|token| at(token, span)).collect()
}

/// A token as it stands, shown at `span`.
fn at(mut token: TokenTree, span: Span) -> TokenTree {
    if let TokenTree::Group(group) = token {
        let inner = group.stream().into_iter().map(|token| at(token, span)).collect();
        token = TokenTree::Group(Group::new(group.delimiter(), inner));
    }
    token.set_span(token.span().located_at(span));
    token
}

/// Without `repr(C)` the compiler may order and pad the fields as it likes.
fn check_repr(input: &DeriveInput, errors: &mut Errors) {
    let mut found = false;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        errors.note(attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("C") || meta.path.is_ident("transparent") {
                found = true;
                return Ok(());
            }
            Err(meta.error(
                "a plain struct has its fields one after the other, with nothing between or after them\nhelp: leave it out: `#[repr(C)]`",
            ))
        }));
    }
    if !found && errors.is_empty() {
        let name = &input.ident;
        errors.push(syn::Error::new_spanned(
            name,
            format!("`{name}` needs a fixed order of its fields to be plain\nhelp: write `#[repr(C)]` above the struct"),
        ));
    }
}

fn fields<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<Vec<&'a Field>> {
    let (token, what): (Span, _) = match &input.data {
        Data::Struct(data) => {
            return Some(match &data.fields {
                Fields::Named(fields) => fields.named.iter().collect(),
                Fields::Unnamed(fields) => fields.unnamed.iter().collect(),
                Fields::Unit => vec![],
            });
        }
        Data::Enum(data) => (data.enum_token.span(), "an enum"),
        Data::Union(data) => (data.union_token.span(), "a union"),
    };
    errors.push(syn::Error::new(token, format!("{what} cannot be plain\nhelp: only structs of numbers and arrays of numbers are")));
    None
}

/// `#[plain(state)]`: kept along, not learned.
fn is_state(field: &Field, errors: &mut Errors) -> bool {
    let mut state = false;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("plain")) {
        errors.note(attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("state") {
                state = true;
                return Ok(());
            }
            Err(meta.error("unknown option\nhelp: `#[plain(state)]` marks a field that is kept along but not learned"))
        }));
    }
    state
}

#[derive(Default)]
struct Errors(Option<syn::Error>);

impl Errors {
    fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    fn note(&mut self, result: syn::Result<()>) {
        if let Err(error) = result {
            self.push(error);
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn into_tokens(self) -> TokenStream {
        self.0.map_or_else(TokenStream::new, syn::Error::into_compile_error)
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{TokenStream, plain};

    fn assert_says(input: TokenStream, words: &str) {
        let output = plain(input).to_string();
        assert!(output.contains("compile_error"), "no error: {output}");
        assert!(output.contains(words), "`{words}` is missing in {output}");
    }

    #[test]
    fn what_is_wrong_with_a_struct_is_said() {
        assert_says(
            quote!(
                struct Scale {
                    w: [f32; 3],
                }
            ),
            "`Scale` needs a fixed order of its fields to be plain",
        );
        assert_says(
            quote!(
                #[repr(C, align(16))]
                struct Scale {
                    w: [f32; 3],
                }
            ),
            "nothing between or after them",
        );
        assert_says(
            quote!(
                #[repr(u8)]
                enum Scale {
                    A,
                }
            ),
            "an enum cannot be plain",
        );
        assert_says(quote!(#[repr(C)] union Scale { a: f32, b: u32 }), "a union cannot be plain");
        assert_says(
            quote!(
                #[repr(C)]
                struct Scale {
                    #[plain(sate)]
                    w: f32,
                }
            ),
            "`#[plain(state)]` marks a field",
        );
        assert_says(
            quote!(
                #[repr(C)]
                #[plain(krate = nn)]
                struct Scale {
                    w: f32,
                }
            ),
            "`#[plain(crate = path)]` names the path",
        );
    }

    #[test]
    fn two_mistakes_are_two_errors_and_the_type_is_plain_nevertheless() {
        let output = plain(quote!(
            struct Scale {
                #[plain(sate)]
                w: f32,
            }
        ))
        .to_string();
        assert_eq!(output.matches("compile_error").count(), 2, "{output}");
        assert!(output.contains("Plain for Scale"), "else every use of the type is an error of its own: {output}");
    }

    #[test]
    fn the_path_to_the_core_is_the_one_stated() {
        let output = plain(quote!(
            #[repr(C)]
            #[plain(crate = other::core)]
            struct Scale {
                w: f32,
            }
        ))
        .to_string();
        assert!(output.contains("other :: core :: plain :: Plain for Scale") && !output.contains("nn_core"), "{output}");
        let output = plain(quote!(
            #[repr(C)]
            struct Scale {
                w: f32,
            }
        ))
        .to_string();
        assert!(output.contains(":: nn_core :: plain :: Plain for Scale"), "{output}");
    }
}
