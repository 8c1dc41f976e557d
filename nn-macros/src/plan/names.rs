//! Names for generated variables, fields and types that do not collide with each other or with the user's.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use syn::Ident;

use super::PartType;
use super::graph::{Graph, Step};
use super::hygiene::{self, ident, shown};

/// The names that are taken.
pub(crate) struct Names(HashSet<String>);

impl Names {
    /// With `taken` given away.
    pub(crate) fn new(taken: impl IntoIterator<Item = impl ToString>) -> Self {
        Self(taken.into_iter().map(|name| name.to_string()).collect())
    }

    /// `wish`, or the first of `wish_`, `wish__`, … that is free.
    pub(crate) fn take(&mut self, wish: &str) -> Ident {
        let mut name = wish.to_owned();
        while !self.0.insert(name.clone()) {
            name.push('_');
        }
        ident(&name)
    }
}

/// Names of the structs that stand beside the network.
#[derive(Clone)]
pub(crate) struct StructNames(Rc<RefCell<HashSet<String>>>);

impl StructNames {
    /// Beside a network `name`.
    pub(crate) fn new(name: &str, taken: impl IntoIterator<Item = String>) -> Self {
        let names = Self(Rc::new(RefCell::new(taken.into_iter().collect())));
        names.0.borrow_mut().extend(types_of(name.trim_start_matches("r#")));
        names
    }

    /// The struct of the layers `name` inside `outer`, with a number where that name is taken: blocks `a_b` and `aB` are two structs.
    pub(crate) fn take(&self, outer: &str, name: &str) -> String {
        let mut taken = self.0.borrow_mut();
        let outer = outer.trim_start_matches("r#");
        let mut wish = format!("{outer}{}", camel(name));
        let mut number = 1;
        while types_of(&wish).iter().any(|name| taken.contains(name)) {
            number += 1;
            wish = format!("{outer}{}{number}", camel(name));
        }
        taken.extend(types_of(&wish));
        wish
    }
}

/// The types that a struct comes with.
fn types_of(name: &str) -> [String; 4] {
    ["", "Gradient", "Tape", "Workspace"].map(|suffix| format!("{name}{suffix}"))
}

/// `conv1` becomes `Conv1`, `max_pool` `MaxPool`.
pub(crate) fn camel(name: &str) -> String {
    let mut camel = String::new();
    for word in name.trim_start_matches("r#").split('_') {
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.extend(letters);
    }
    if camel.starts_with(|first: char| first.is_alphabetic()) { camel } else { format!("L{camel}") }
}

/// What the output of a layer without a name is called: `MaxPool2d(2)` gives `pool`, `Gelu(Tanh)` gives `gelu`.
pub(crate) fn of_word(written: &str) -> String {
    let word: String = written.chars().take_while(char::is_ascii_alphanumeric).collect();
    if word.contains("Pool") { "pool".into() } else { snake(&word) }
}

/// `LeakyRelu` becomes `leaky_relu`.
fn snake(word: &str) -> String {
    let mut snake = String::new();
    for letter in word.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    if snake.is_empty() { "value".into() } else { snake }
}

/// A layer's name as a variable's: with capitals it could be a constant or a struct, which `let` would compare with.
fn local(name: &str) -> String {
    if name.contains(char::is_uppercase) { snake(name) } else { name.to_owned() }
}

/// Gives every value a name of its own: the layer's, or the word's, counted where it comes more than once.
pub(super) fn name_values(graph: &mut Graph) {
    let fields = graph.parts.iter().filter_map(|part| part.field.as_ref()).map(shown);
    let fields: Vec<String> = fields.map(|field| local(&field)).collect();
    let words: Vec<String> = graph.values.iter().map(|value| local(&value.name)).collect();
    let mut names = Names::new(RESERVED.iter().map(ToString::to_string).chain(fields.clone()));
    let mut counts = HashMap::<&str, usize>::new();
    for (value, word) in graph.values.iter_mut().zip(&words).skip(1) {
        if fields.contains(word) && !RESERVED.contains(&word.as_str()) && !counts.contains_key(word.as_str()) {
            counts.insert(word, 1);
            value.name.clone_from(word);
            continue;
        }
        let several = words.iter().filter(|other| *other == word).count() > 1;
        let count = counts.entry(word).or_insert(0);
        *count += 1;
        value.name = names.take(&if several { format!("{word}{count}") } else { word.clone() }).to_string();
    }
}

/// Gives every part's type and memory the name of its output. `own` is the struct's name.
pub(super) fn name_parts(graph: &mut Graph, own: &Ident, user_words: &HashSet<String>) {
    let mut types = Names::new(hygiene::own_words().map(str::to_owned).chain(user_words.iter().cloned()));
    for name in graph.parts.iter().filter_map(|part| match &part.ty {
        PartType::Block(name) | PartType::Repeat { block: name, .. } => Some(name),
        PartType::BuiltIn { .. } | PartType::User(_) | PartType::Static { .. } => None,
    }) {
        types.take(&name.to_string());
    }
    for generated in types_of(&own.to_string()) {
        types.take(&generated);
    }
    for step in &graph.steps {
        let Step::Layer { part, y, .. } = step else { continue };
        let (part, name) = (&mut graph.parts[*part], &graph.values[*y].name);
        match &mut part.ty {
            PartType::BuiltIn { alias, .. } => *alias = types.take(&camel(name)),
            PartType::Static { function, .. } => *function = types.take(&format!("static_{}", name.trim_start_matches("r#"))),
            PartType::Block(_) | PartType::Repeat { .. } | PartType::User(_) => {}
        }
        for memory in [&mut part.tape, &mut part.workspace].into_iter().flatten() {
            *memory = ident(name);
        }
    }
}

/// Variables of generated functions.
const RESERVED: &[&str] =
    &["x", "y", "dx", "dy", "n", "s", "pass", "tape", "workspace", "gradient", "rate", "at", "places", "again", "random"];
