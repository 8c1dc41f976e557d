//! The rules that need no shapes, one function a rule.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, Ident, Lit, Meta};

use crate::activation::{self, ACTIVATIONS};
use crate::ast::{Argument, Arguments, Block, Content, Declaration, Item, What};
use crate::error::{At, Errors, nearest};
use crate::layer::{self, RULES};
use crate::model::{Optimize, Scalar};
use crate::shape::BLOCKS;
use crate::text;

/// Words of other libraries for what is here under another name.
const ALIASES: [(&str, &str); 17] = [
    ("Linear", "Dense"),
    ("FullyConnected", "Dense"),
    ("Conv", "Conv2d"),
    ("MaxPool", "MaxPool2d"),
    ("AvgPool", "AvgPool2d"),
    ("Convolution", "Conv2d"),
    ("Convolution2d", "Conv2d"),
    ("SeparableConv2d", "DepthwiseConv2d"),
    ("AveragePooling2d", "AvgPool2d"),
    ("MaxPooling2d", "MaxPool2d"),
    ("GlobalAveragePooling", "GlobalAvgPool"),
    ("AdaptiveAvgPool2d", "GlobalAvgPool"),
    ("BatchNormalization", "BatchNorm"),
    ("LayerNormalization", "LayerNorm"),
    ("Swish", "Silu"),
    ("Threshold", "Step"),
    ("Concatenate", "Concat"),
];

/// Initialisers of nn-core and how many numbers each takes.
const INITIALIZERS: [(&str, usize); 11] = [
    ("Zeros", 0),
    ("Constant", 1),
    ("Uniform", 2),
    ("Normal", 2),
    ("XavierUniform", 0),
    ("XavierNormal", 0),
    ("HeUniform", 0),
    ("HeNormal", 0),
    ("LeCunNormal", 0),
    ("Orthogonal", 0),
    ("Gain", 2),
];

/// All rules on a network.
pub(crate) fn declaration(declaration: &Declaration, errors: &mut Errors) {
    check_network_attributes(declaration, errors);
    items(&declaration.body, errors);
    check_names(&declaration.body, &mut Vec::new(), None, errors);
}

/// All rules on single layers, blocks' layers among them.
fn items(list: &[Item], errors: &mut Errors) {
    for item in list {
        check_word(item, errors);
        check_attributes(item, errors);
        check_named(item, list, errors);
        let What::Word { word, arguments, block: Some(block) } = &item.what else { continue };
        match word.to_string().as_str() {
            "Residual" => {
                check_no_arguments(word, arguments.as_ref(), errors);
                check_residual(word, block, errors);
            }
            "Concat" => {
                check_no_arguments(word, arguments.as_ref(), errors);
                check_concat(word, block, errors);
            }
            "Repeat" => check_repeat(word, block, errors),
            _ => {}
        }
        match &block.content {
            Content::Layers(layers) => items(layers, errors),
            Content::Branches(branches) => branches.iter().for_each(|branch| items(&branch.body, errors)),
        }
    }
}

/// The word, where it names a layer, an activation or a block.
pub(crate) fn known_word(word: &str) -> Option<&'static str> {
    words().find(|known| *known == word)
}

/// The word that was probably meant.
pub(crate) fn nearest_word(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase().replace('_', "");
    ALIASES.into_iter().find(|(alias, _)| alias.to_lowercase() == lower).map(|(_, known)| known).or_else(|| nearest(word, words()))
}

fn words() -> impl Iterator<Item = &'static str> {
    RULES.into_iter().map(|rule| rule.word).chain(ACTIVATIONS.iter().map(|activation| activation.word)).chain(BLOCKS)
}

/// An unknown word without a shape is a typo; with one it is a network or layer of the user's.
fn check_word(item: &Item, errors: &mut Errors) {
    let What::Word { word, arguments, block } = &item.what else { return };
    let written = word.to_string();
    if known_word(&written).is_some() {
        if BLOCKS.contains(&written.as_str()) && block.is_none() {
            let form = match written.as_str() {
                "Residual" => "Residual { main: { … } }",
                "Concat" => "Concat { a: { … }, b: { … } }",
                _ => "Repeat(3) { … }",
            };
            errors.push(word.span(), format!("`{written}` holds layers in braces"), format!("write `{form}`"));
        } else if activation::find(&written).is_some()
            && let Some(block) = block
        {
            errors.push(
                block.span,
                format!("`{written}` is an activation and holds no layers"),
                format!("write `{written}`, and the layers after it"),
            );
        }
        return;
    }
    if matches!(
        written.as_str(),
        "Lstm" | "LSTM" | "Gru" | "GRU" | "Rnn" | "RNN" | "Embedding" | "Conv3d" | "ConvTranspose2d" | "Attention"
    ) {
        errors.push(
            word.span(),
            format!("`{written}` is not supported yet"),
            "write a layer of your own with `SampleLayer`, and state its shape",
        );
        return;
    }
    if item.stated.is_some() {
        if let Some(arguments) = arguments {
            match nearest_word(&written) {
                Some(known) => errors.push(word.span(), format!("there is no layer or activation `{written}`"), format!("write `{known}`")),
                None => errors.push(
                    arguments.span,
                    format!("a network or layer of your own, `{written}`, takes no arguments here"),
                    format!("give it const parameters instead: `{written}<32>`"),
                ),
            }
        } else if let Some(block) = block {
            errors.push(
                block.span,
                format!("`{written}` is no block and holds no layers"),
                format!("the blocks are {}", layer::list(&BLOCKS)),
            );
        }
        return;
    }
    let help = match nearest_word(&written) {
        Some("GeluTanh") => "write `Gelu(Tanh)`".to_string(),
        Some("Dense") if written == "Linear" => match arguments.as_ref().map(|arguments| arguments.list.as_slice()) {
            Some([_, Argument { keyword: None, value: Some(outputs) }]) => {
                format!("write `Dense({})`; the number of inputs follows from the layer before", text::of(outputs))
            }
            _ => "write `Dense`".into(),
        },
        Some(known) => format!("write `{known}`"),
        None if block.is_some() => format!("the blocks are {}", layer::list(&BLOCKS)),
        None => {
            let name = item.name.as_ref().map_or_else(|| written.to_lowercase(), Ident::to_string);
            format!("for a network or layer of your own, state its shape: `{name}: {written} -> [sizes]`")
        }
    };
    errors.push(word.span(), format!("there is no layer or activation `{written}`"), help);
}

/// Layers with parameters are fields and need names.
fn check_named(item: &Item, siblings: &[Item], errors: &mut Errors) {
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
    let used = |name: &str| siblings.iter().any(|sibling| sibling.name.as_ref().is_some_and(|used| used == name));
    let name = (1..100).map(|i| format!("{stem}{i}")).find(|name| !used(name)).unwrap_or_else(|| stem.to_string());
    let name = if stem == "blocks" { stem.to_string() } else { name };
    errors.push(word.span(), format!("`{}` {why} and needs a name", item.written()), format!("write `{name}: {}`", item.written()));
}

fn stem(word: &str) -> &'static str {
    match word {
        "Dense" => "fc",
        "BatchNorm" | "LayerNorm" => "norm",
        _ => "conv",
    }
}

fn has_parameters(item: &Item) -> bool {
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
struct Taken {
    name: String,
    key: String,
}

/// Names are unique where they stand; an unnamed block's layers stand among its neighbours.
fn check_names(list: &[Item], scope: &mut Vec<Taken>, reserved: Option<&str>, errors: &mut Errors) {
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
                check_names(main.unwrap_or_default(), inner, Some("skip"), errors);
                check_names(skip.unwrap_or_default(), &mut Vec::new(), None, errors);
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
                    check_names(&branch.body, &mut Vec::new(), None, errors);
                }
            }
            (Content::Layers(layers), _) => check_names(layers, inner, None, errors),
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

/// `main` and `skip`. Layers without a branch count as `main`, after the mistake is reported.
pub(crate) fn residual_branches(block: &Block) -> (Option<&[Item]>, Option<&[Item]>) {
    match &block.content {
        Content::Layers(layers) => (Some(layers), None),
        Content::Branches(branches) => {
            let find = |name: &str| {
                branches
                    .iter()
                    .find(|branch| branch.name == name)
                    .or_else(|| branches.iter().find(|branch| nearest(&branch.name.to_string(), ["main", "skip"]) == Some(name)))
                    .map(|branch| branch.body.as_slice())
            };
            (find("main"), find("skip"))
        }
    }
}

/// Whether a residual block says that its `skip` is the identity: by no other branch than `main`.
pub(crate) fn has_main_alone(block: &Block) -> bool {
    match &block.content {
        Content::Layers(_) => false,
        Content::Branches(branches) => !block.broken && branches.len() == 1,
    }
}

fn check_residual(word: &Ident, block: &Block, errors: &mut Errors) {
    let Content::Branches(branches) = &block.content else {
        let help = "write `Residual { main: { … } }`, and `skip: { … }` where the input's shape changes";
        errors.push(word.span(), "the layers of `Residual` stand in its branch `main`", help);
        return;
    };
    let mut seen: Vec<&str> = Vec::new();
    for branch in branches {
        let name = branch.name.to_string();
        let meant = ["main", "skip"].into_iter().find(|known| *known == name);
        let Some(known) = meant.or_else(|| {
            let near = nearest(&name, ["main", "skip"]);
            let help = near.map_or_else(|| "its branches are `main` and `skip`".into(), |known| format!("write `{known}`"));
            errors.push(branch.name.span(), format!("`Residual` has no branch `{name}`"), help);
            near
        }) else {
            continue;
        };
        if seen.contains(&known) {
            errors.push(
                branch.name.span(),
                format!("the branch `{known}` is given twice"),
                "keep one; layers in a row stand in one branch",
            );
        }
        seen.push(known);
        if branch.body.is_empty() {
            let help = if known == "skip" {
                "leave `skip` out: the input itself is then added"
            } else {
                "write the layers that `Residual` goes around"
            };
            errors.push(branch.name.span(), format!("the branch `{known}` has no layers"), help);
        }
    }
    if !block.broken
        && !seen.contains(&"main")
        && branches.iter().all(|branch| ["main", "skip"].contains(&branch.name.to_string().as_str()))
    {
        errors.push(word.span(), "`Residual` has no branch `main`", "write `main: { … }` with the layers that it goes around");
    }
}

fn check_concat(word: &Ident, block: &Block, errors: &mut Errors) {
    match &block.content {
        Content::Layers(_) => {
            errors.push(word.span(), "`Concat` joins branches, each with a name", "write `Concat { a: { … }, b: { … } }`");
        }
        Content::Branches(branches) => {
            if branches.len() < 2 && !block.broken {
                errors.push(word.span(), "`Concat` joins at least two branches", "write `Concat { a: { … }, b: { … } }`");
            }
            for branch in branches.iter().filter(|branch| branch.body.is_empty()) {
                errors.push(
                    branch.name.span(),
                    format!("the branch `{}` has no layers", branch.name),
                    "for the input itself write `Identity`",
                );
            }
        }
    }
}

fn check_repeat(word: &Ident, block: &Block, errors: &mut Errors) {
    match &block.content {
        Content::Branches(branches) => {
            let at = branches.first().map_or(block.span, |branch| branch.name.span());
            errors.push(at, "`Repeat` holds layers, not branches", "write its layers in order: `Repeat(3) { fc: Dense(32), Relu }`");
        }
        Content::Layers(layers) if layers.is_empty() => {
            errors.push(word.span(), "`Repeat` has no layers", "write the layers that it repeats");
        }
        Content::Layers(_) => {}
    }
}

fn check_no_arguments(word: &Ident, arguments: Option<&Arguments>, errors: &mut Errors) {
    if let Some(arguments) = arguments {
        errors.push(arguments.span, format!("`{word}` takes no arguments"), format!("write `{word} {{ … }}`"));
    }
}

/// How often `Repeat` repeats; reports a count that is missing.
pub(crate) fn repeat_count<'a>(word: &Ident, arguments: Option<&'a Arguments>, errors: &mut Errors) -> Option<&'a Expr> {
    let list = arguments.map_or(&[][..], |arguments| &arguments.list);
    match list {
        [] => {
            errors.push(word.span(), "how often `Repeat` repeats is missing", "write such as `Repeat(3) { … }`");
            None
        }
        [first, rest @ ..] => {
            if let Some(keyword) = &first.keyword {
                errors.push(keyword.span(), format!("`Repeat` has no argument `{keyword}`"), "write the number alone: `Repeat(3)`");
                return None;
            }
            if let Some(second) = rest.first() {
                let at = second.keyword.as_ref().map_or_else(|| At::all(&second.value), |keyword| keyword.span().into());
                errors.push(at, "`Repeat` takes one argument, how often", "write such as `Repeat(3) { … }`");
            }
            first.value.as_ref()
        }
    }
}

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

fn check_network_attributes(declaration: &Declaration, errors: &mut Errors) {
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

fn check_attributes(item: &Item, errors: &mut Errors) {
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
                if key(&item.attributes).is_none_or(|key| key.is_empty()) {
                    errors.push(
                        At::all(&attribute.meta),
                        "`#[key]` holds the layer's name on disk, in quotes",
                        "write such as `#[key(\"downsample.0\")]`",
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

/// `#[init(HeNormal)]` as an expression; nn-core's words get their path, and a path of the user's stands as it is.
pub(crate) fn initializer(item: &Item, krate: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    let attribute = item.attributes.iter().find(|attribute| attribute.path().is_ident("init"))?;
    let Meta::List(list) = &attribute.meta else {
        errors.push(At::all(&attribute.meta), "`#[init]` names an initialiser", "write such as `#[init(HeNormal)]`");
        return None;
    };
    if let Ok(value) = syn::parse2::<Expr>(list.tokens.clone()) {
        return initializer_value(&value, krate, errors);
    }
    let at = if list.tokens.is_empty() { At::all(&attribute.meta) } else { At::all(&list.tokens) };
    errors.push(at, "`#[init]` names an initialiser", "write such as `#[init(HeNormal)]`");
    None
}

fn initializer_value(value: &Expr, krate: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    let (function, arguments) = match value {
        Expr::Call(call) => (&*call.func, call.args.iter().collect()),
        other => (other, Vec::new()),
    };
    let Expr::Path(path) = function else {
        errors.push(At::all(value), "`#[init]` names an initialiser", "write such as `#[init(HeNormal)]`");
        return None;
    };
    let Some(word) = path.path.get_ident() else { return Some(quote!(#value)) };
    let name = word.to_string();
    let known = INITIALIZERS.into_iter().map(|(known, _)| known);
    let Some((_, count)) = INITIALIZERS.into_iter().find(|(known, _)| *known == name) else {
        if let Some(known) = nearest(&name, known) {
            errors.push(word.span(), format!("there is no initialiser `{name}`"), format!("write `{known}`"));
            return None;
        }
        // One of the user's own.
        return Some(quote!(#value));
    };
    if arguments.len() != count {
        let form = match count {
            0 => format!("`{name}`"),
            1 => format!("`{name}(0.1)`"),
            _ if name == "Gain" => "`Gain(2.0, XavierUniform)`".into(),
            _ => format!("`{name}(-0.1, 0.1)`"),
        };
        let s = if count == 1 { "" } else { "s" };
        errors.push(At::all(value), format!("`{name}` takes {count} number{s}, not {}", arguments.len()), format!("write such as {form}"));
        return None;
    }
    if name == "Gain" {
        let factor = arguments.first()?;
        let inner = initializer_value(arguments.get(1)?, krate, errors)?;
        return Some(quote!(#krate::init::Gain(#factor, #inner)));
    }
    Some(quote!(#krate::init::#value))
}
