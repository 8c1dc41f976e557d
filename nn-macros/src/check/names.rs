//! Names of layers: what has parameters has one, and no two are the same where they stand.

use syn::{Attribute, Ident};

use super::{branch, key, known_word, nearest_word, residual_branches};
use crate::activation;
use crate::ast::{Block, Content, Declaration, Item, What};
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
        "Rnn" => "rnn",
        "Gru" => "gru",
        "Lstm" => "lstm",
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

/// A name on disk that is taken.
struct Taken {
    name: String,
    key: String,
}

/// The names in one struct.
#[derive(Default)]
struct Scope {
    names: Vec<String>,
    /// Stands before the keys of what is in it.
    prefix: String,
}

impl Scope {
    fn under(prefix: String) -> Self {
        Self { names: Vec::new(), prefix }
    }
}

/// Fields are unique where they stand, an unnamed block's layers among its neighbours; keys are unique in the network.
pub(super) fn check_unique(declaration: &Declaration, errors: &mut Errors) {
    let mut unique = Unique { keys: Vec::new(), errors };
    unique.items(&declaration.body, &mut Scope::default(), None);
}

struct Unique<'a> {
    keys: Vec<Taken>,
    errors: &'a mut Errors,
}

impl Unique<'_> {
    fn items(&mut self, list: &[Item], scope: &mut Scope, reserved: Option<&str>) {
        for item in list {
            let prefix = match &item.name {
                Some(name) => self.name(name, item, scope, reserved),
                None => scope.prefix.clone(),
            };
            let What::Word { word, block: Some(block), .. } = &item.what else { continue };
            // Of a repetition's parts the first stands for all.
            let prefix = if word == "Repeat" { join(&prefix, "0") } else { prefix };
            let mut own = Scope::under(prefix);
            let inner = if item.name.is_some() { &mut own } else { &mut *scope };
            match (&block.content, word.to_string().as_str()) {
                (_, "Residual") => {
                    let (main, skip) = residual_branches(block);
                    self.items(main.unwrap_or_default(), inner, Some("skip"));
                    let key = branch(block, "skip").and_then(|skip| key(&skip.attributes));
                    let prefix = join(&inner.prefix, key.as_deref().unwrap_or("skip"));
                    self.items(skip.unwrap_or_default(), &mut Scope::under(prefix), None);
                }
                (Content::Branches(branches), _) => {
                    for branch in branches {
                        let prefix = self.take(&branch.name, &branch.attributes, inner);
                        self.items(&branch.body, &mut Scope::under(prefix), None);
                    }
                }
                (Content::Layers(layers), _) => self.items(layers, inner, None),
            }
        }
    }

    /// The whole key of a layer.
    fn name(&mut self, name: &Ident, item: &Item, scope: &mut Scope, reserved: Option<&str>) -> String {
        if reserved.is_some_and(|reserved| name == reserved) {
            self.errors.push(
                name.span(),
                format!("`{name}` is the other branch of `Residual` and cannot name a layer of `main`"),
                format!("choose another name, such as `{name}_1`"),
            );
            return scope.prefix.clone();
        }
        self.take(name, &item.attributes, scope)
    }

    /// The whole key of a name, which is taken from here on.
    fn take(&mut self, name: &Ident, attributes: &[Attribute], scope: &mut Scope) -> String {
        let plain = name.to_string().trim_start_matches("r#").to_owned();
        let own = key(attributes);
        let key = join(&scope.prefix, own.as_deref().unwrap_or(&plain));
        if scope.names.contains(&plain) {
            let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
            let free = (2..100).map(|i| format!("{stem}{i}")).find(|free| !scope.names.contains(free)).unwrap_or_default();
            self.errors.push(name.span(), format!("the name `{plain}` is given twice"), format!("choose another, such as `{free}`"));
            return apart(&key);
        }
        // What has no name of its own on disk brings its layers' alone.
        if own.as_deref() != Some("") {
            if let Some(other) = self.keys.iter().find(|taken| taken.key == key) {
                let at = attributes
                    .iter()
                    .find(|attribute| attribute.path().is_ident("key"))
                    .map_or_else(|| name.span().into(), |attribute| At::all(&attribute.meta));
                self.errors.push(at, format!("`{plain}` and `{}` have the same key `{key}` on disk", other.name), "choose another key");
                scope.names.push(plain);
                return apart(&key);
            }
            self.keys.push(Taken { name: plain.clone(), key: key.clone() });
        }
        scope.names.push(plain);
        key
    }
}

/// A key that nothing else has, after a mistake: what lies under it is not reported again.
fn apart(key: &str) -> String {
    format!("{key}?")
}

/// A key behind another.
fn join(prefix: &str, key: &str) -> String {
    let dot = if prefix.is_empty() || key.is_empty() { "" } else { "." };
    format!("{prefix}{dot}{key}")
}
