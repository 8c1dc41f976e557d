//! Names of layers: what has parameters has one, and no two are the same where they stand.

use syn::Ident;

use super::{key, known_word, nearest_word, residual_branches};
use crate::activation;
use crate::ast::{Block, Content, Item, What};
use crate::error::{At, Errors};
use crate::layer;

/// Layers with parameters are fields and need names. No name is `proposed` twice.
pub(super) fn check_given(item: &Item, siblings: &[Item], proposed: &mut Vec<String>, errors: &mut Errors) {
    let What::Word { word, block, .. } = &item.what else { return };
    if item.name.is_some() {
        return;
    }
    let written = word.to_string();
    let Some(known) = known_word(&written).or_else(|| nearest_word(&written)) else { return };
    let (why, stem) = match (known, block) {
        ("Repeat", Some(block)) if holds_parameters(block) => ("repeats layers with parameters", "blocks"),
        ("Residual", Some(block)) if residual_branches(block).1.is_some_and(|skip| skip.iter().any(has_parameters)) => {
            ("has parameters in its `skip`", "block")
        }
        _ if layer::rule(known).is_some_and(|rule| rule.named) => ("has parameters", stem(known)),
        _ => return,
    };
    let used = |name: &str| {
        proposed.iter().any(|other| other == name) || siblings.iter().any(|sibling| sibling.name.as_ref().is_some_and(|used| used == name))
    };
    let name = (1..100).map(|i| format!("{stem}{i}")).find(|name| !used(name)).unwrap_or_else(|| stem.to_string());
    let name = if stem == "blocks" { stem.to_string() } else { name };
    let mended = if known == written { item.written() } else { known.to_string() };
    errors.push(word.span(), format!("`{mended}` {why} and needs a name"), format!("write `{name}: {mended}`"));
    proposed.push(name);
}

fn stem(word: &str) -> &'static str {
    match word {
        "Dense" => "fc",
        "BatchNorm" | "LayerNorm" => "norm",
        _ => "conv",
    }
}

pub(super) fn has_parameters(item: &Item) -> bool {
    match &item.what {
        What::Word { block: Some(block), .. } => holds_parameters(block),
        What::Word { word, .. } => match layer::rule(&word.to_string()) {
            Some(rule) => rule.named,
            None => activation::find(&word.to_string()).is_none(),
        },
        What::Path { .. } => true,
        What::Reference { .. } => false,
    }
}

fn holds_parameters(block: &Block) -> bool {
    match &block.content {
        Content::Layers(layers) => layers.iter().any(has_parameters),
        Content::Branches(branches) => branches.iter().any(|branch| branch.body.iter().any(has_parameters)),
    }
}

/// A field or key that is taken.
pub(super) struct Taken {
    name: String,
    key: String,
}

/// Names are unique where they stand; an unnamed block's layers stand among its neighbours.
pub(super) fn check_unique(list: &[Item], scope: &mut Vec<Taken>, reserved: Option<&str>, errors: &mut Errors) {
    for item in list {
        if let Some(name) = &item.name {
            check_name(name, item, scope, reserved, errors);
        }
        let What::Word { word, block: Some(block), .. } = &item.what else { continue };
        let mut own = Vec::new();
        let inner = if item.name.is_some() { &mut own } else { &mut *scope };
        match (&block.content, word.to_string().as_str()) {
            (_, "Residual") => {
                let (main, skip) = residual_branches(block);
                check_unique(main.unwrap_or_default(), inner, Some("skip"), errors);
                check_unique(skip.unwrap_or_default(), &mut Vec::new(), None, errors);
            }
            (Content::Branches(branches), _) => {
                for branch in branches {
                    take(
                        &branch.name,
                        branch.name.to_string().trim_start_matches("r#").to_owned(),
                        branch.name.span().into(),
                        inner,
                        errors,
                    );
                    check_unique(&branch.body, &mut Vec::new(), None, errors);
                }
            }
            (Content::Layers(layers), _) => check_unique(layers, inner, None, errors),
        }
    }
}

fn check_name(name: &Ident, item: &Item, scope: &mut Vec<Taken>, reserved: Option<&str>, errors: &mut Errors) {
    if reserved.is_some_and(|reserved| name == reserved) {
        errors.push(
            name.span(),
            format!("`{name}` is the other branch of `Residual` and cannot name a layer of `main`"),
            format!("choose another name, such as `{name}_1`"),
        );
        return;
    }
    let key = key(&item.attributes);
    let at = item
        .attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("key"))
        .map_or_else(|| name.span().into(), |attribute| At::all(&attribute.meta));
    let plain = name.to_string().trim_start_matches("r#").to_string();
    take(name, key.unwrap_or(plain), at, scope, errors);
}

fn take(name: &Ident, key: String, at: At, scope: &mut Vec<Taken>, errors: &mut Errors) {
    let plain = name.to_string().trim_start_matches("r#").to_owned();
    if scope.iter().any(|taken| taken.name == plain) {
        let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
        let free = (2..100).map(|i| format!("{stem}{i}")).find(|free| !scope.iter().any(|taken| taken.name == *free)).unwrap_or_default();
        errors.push(name.span(), format!("the name `{plain}` is given twice"), format!("choose another, such as `{free}`"));
        return;
    }
    if let Some(other) = scope.iter().find(|taken| taken.key == key) {
        errors.push(at, format!("`{plain}` and `{}` have the same key `{key}` on disk", other.name), "choose another key");
    }
    scope.push(Taken { name: plain, key });
}
