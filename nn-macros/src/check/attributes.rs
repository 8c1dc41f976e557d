//! Attributes of networks and layers.

use syn::{Attribute, Ident, Lit, Meta};

use super::names::has_parameters;
use super::{known_word, nearest_word};
use crate::ast::{Branch, Declaration, Item, What};
use crate::error::{At, Errors, nearest};
use crate::layer;
use crate::model::{Optimize, Scalar};
use crate::text;

/// Attributes of the macro's own; all others stay on the struct.
const NETWORK_ATTRIBUTES: [&str; 4] = ["scalar", "frozen", "budget", "optimize"];
const LAYER_ATTRIBUTES: [&str; 3] = ["init", "frozen", "key"];

pub(crate) fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// Whether an attribute goes on the struct.
pub(crate) fn stays(attribute: &Attribute) -> bool {
    ["doc", "allow", "warn", "deny", "expect", "must_use", "deprecated", "non_exhaustive"]
        .iter()
        .any(|name| attribute.path().is_ident(name))
}

pub(super) fn check_network(declaration: &Declaration, errors: &mut Errors) {
    for (i, attribute) in declaration.attributes.iter().enumerate() {
        if stays(attribute) {
            continue;
        }
        let name = text::of(attribute.path());
        let at = At::all(attribute.path());
        if NETWORK_ATTRIBUTES.contains(&name.as_str()) && has(&declaration.attributes[..i], &name) {
            errors.push(at, format!("`#[{name}]` is given twice"), "keep one");
            continue;
        }
        match name.as_str() {
            "scalar" | "frozen" | "optimize" => check_plain(attribute, &name, errors),
            "budget" => {}
            "derive" => {
                errors.push(at, "a network derives nothing", "`Debug`, `Display` and `Clone` of `Box<…>` are given; remove the attribute");
            }
            "repr" => errors.push(at, "a network's layout is `repr(C)` already", "remove the attribute"),
            "init" | "key" => errors.push(at, format!("`#[{name}]` belongs on a layer"), "move it to the layer that it is for"),
            _ => {
                let help = nearest(&name, NETWORK_ATTRIBUTES).map_or_else(
                    || "a network has `#[scalar(f64)]`, `#[frozen]`, `#[budget(flash = 64 KiB)]` and `#[optimize(size)]`".into(),
                    |known| format!("write `#[{known}]`"),
                );
                errors.push(at, format!("a network has no attribute `#[{name}]`"), help);
            }
        }
    }
}

pub(super) fn check(item: &Item, errors: &mut Errors) {
    for (i, attribute) in item.attributes.iter().enumerate() {
        let name = text::of(attribute.path());
        let at = At::all(attribute.path());
        if name == "doc" {
            continue;
        }
        if LAYER_ATTRIBUTES.contains(&name.as_str()) && has(&item.attributes[..i], &name) {
            errors.push(at, format!("`#[{name}]` is given twice"), "keep one");
            continue;
        }
        match name.as_str() {
            "init" => check_init(item, at, errors),
            "frozen" => {
                check_plain(attribute, &name, errors);
                let dropout = matches!(&item.what, What::Word { word, .. } if word == "Dropout");
                if matches!(item.what, What::Reference { .. }) {
                    errors.push(at, format!("`{}` is frozen already", item.label()), "remove the attribute");
                } else if !has_parameters(item) && !dropout {
                    errors.push(
                        at,
                        format!("`{}` has nothing to freeze", item.label()),
                        "put `#[frozen]` on a layer with parameters, or on a block",
                    );
                }
            }
            "key" => {
                let is_whole = match &item.what {
                    What::Word { word, block, .. } => block.is_some() || known_word(&word.to_string()).is_none(),
                    What::Path { .. } => true,
                    What::Reference { .. } => false,
                };
                if !check_key(attribute, errors) {
                    // Reported.
                } else if key(&item.attributes).is_some_and(|key| key.is_empty()) && !is_whole {
                    errors.push(
                        At::all(&attribute.meta),
                        format!("`{}` has a name on disk", item.label()),
                        "write one, such as `#[key(\"0\")]`; blocks and networks can go without",
                    );
                } else if !has_parameters(item) {
                    errors.push(at, format!("`{}` has nothing on disk to name", item.label()), "put `#[key]` on a layer with parameters");
                }
            }
            "scalar" | "budget" | "optimize" => errors.push(at, format!("`#[{name}]` belongs on the network"), "move it before `struct`"),
            _ => {
                let help = nearest(&name, LAYER_ATTRIBUTES).map_or_else(
                    || format!("a layer has {}", layer::list(&["#[init(…)]", "#[frozen]", "#[key(\"…\")]"])),
                    |known| format!("write `#[{known}]`"),
                );
                errors.push(at, format!("a layer has no attribute `#[{name}]`"), help);
            }
        }
    }
}

/// A branch may have another name on disk, or none.
pub(super) fn check_branch(word: &Ident, branch: &Branch, errors: &mut Errors) {
    for (i, attribute) in branch.attributes.iter().enumerate() {
        let name = text::of(attribute.path());
        let at = At::all(attribute.path());
        match name.as_str() {
            "key" if has(&branch.attributes[..i], "key") => errors.push(at, "`#[key]` is given twice", "keep one"),
            "key" if word == "Residual" && branch.name == "main" => {
                errors.push(at, "`main` has no name on disk: its layers are the block's", "put `#[key]` on the block, or on a layer");
            }
            "key" if !check_key(attribute, errors) => {}
            "key" if !branch.body.iter().any(has_parameters) => {
                errors.push(at, format!("branch `{}` has nothing on disk to name", branch.name), "remove the attribute");
            }
            "key" | "doc" => {}
            _ => errors.push(
                At::all(attribute),
                format!("a branch has no attribute `#[{name}]`"),
                "put it on a layer in the branch, or on the block; a branch has `#[key(\"…\")]`",
            ),
        }
    }
}

/// Whether a name stands in quotes.
fn check_key(attribute: &Attribute, errors: &mut Errors) -> bool {
    let is_name = key(std::slice::from_ref(attribute)).is_some();
    if !is_name {
        let help = "write such as `#[key(\"downsample.0\")]`, or `#[key(\"\")]` for a block whose layers are its parent's on disk";
        errors.push(At::all(&attribute.meta), "`#[key]` holds the name on disk, in quotes", help);
    }
    is_name
}

/// `#[frozen]` has no arguments; `#[scalar(f64)]` and `#[optimize(size)]` are read elsewhere.
fn check_plain(attribute: &Attribute, name: &str, errors: &mut Errors) {
    if name == "frozen" && !matches!(attribute.meta, Meta::Path(_)) {
        errors.push(At::all(&attribute.meta), "`#[frozen]` takes no arguments", "write `#[frozen]`");
    }
}

fn check_init(item: &Item, at: At, errors: &mut Errors) {
    let drawn = match &item.what {
        What::Word { word, .. } => {
            let written = word.to_string();
            match known_word(&written).or_else(|| nearest_word(&written)) {
                Some(known) => layer::rule(known).is_some_and(|rule| rule.drawn),
                None => true,
            }
        }
        What::Path { .. } | What::Reference { .. } => false,
    };
    if !drawn {
        errors.push(at, format!("`{}` has no weights to draw", item.label()), "put `#[init]` on a `Dense` or convolution");
    }
}

/// `#[scalar(f64)]`
pub(crate) fn scalar(attributes: &[Attribute], errors: &mut Errors) -> Scalar {
    let Some(attribute) = attributes.iter().find(|attribute| attribute.path().is_ident("scalar")) else { return Scalar::F32 };
    let (written, at) = match &attribute.meta {
        Meta::List(list) => (text::of(&list.tokens), At::all(&list.tokens)),
        meta => (String::new(), At::all(meta)),
    };
    match written.as_str() {
        "f32" => Scalar::F32,
        "f64" => Scalar::F64,
        _ => {
            errors.push(at, "the numbers of a network are `f32` or `f64`", "write `#[scalar(f64)]`, or leave it out for `f32`");
            Scalar::F32
        }
    }
}

/// `#[optimize(size)]`
pub(crate) fn optimize(attributes: &[Attribute], errors: &mut Errors) -> Optimize {
    let Some(attribute) = attributes.iter().find(|attribute| attribute.path().is_ident("optimize")) else { return Optimize::Speed };
    let (written, at) = match &attribute.meta {
        Meta::List(list) if !list.tokens.is_empty() => (text::of(&list.tokens), At::all(&list.tokens)),
        meta => (String::new(), At::all(meta)),
    };
    match written.as_str() {
        "speed" => Optimize::Speed,
        "size" => Optimize::Size,
        _ => {
            errors.push(
                at,
                "portable kernels are optimized for `speed` or for `size`",
                "write `#[optimize(size)]`, or leave it out for speed",
            );
            Optimize::Speed
        }
    }
}

/// `#[key("downsample.0")]`
pub(crate) fn key(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("key"))?;
    let Meta::List(list) = &attribute.meta else { return None };
    match syn::parse2::<Lit>(list.tokens.clone()) {
        Ok(Lit::Str(key)) => Some(key.value()),
        _ => None,
    }
}
