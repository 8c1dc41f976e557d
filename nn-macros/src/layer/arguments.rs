//! A layer's arguments, sorted into those of its rule.

use syn::{Expr, Lit};

use super::{Call, First, list};
use crate::ast::{Argument, What};
use crate::check;
use crate::error::{At, nearest};
use crate::text;

/// Other libraries' words for arguments.
const ALIASES: [(&str, &str); 8] = [
    ("kernel_size", "kernel"),
    ("filter_size", "kernel"),
    ("size", "kernel"),
    ("strides", "stride"),
    ("pad", "padding"),
    ("dilation_rate", "dilation"),
    ("use_bias", "bias"),
    ("eps", "epsilon"),
];

/// What the argument that stands first is called elsewhere.
const FIRST: [&str; 15] = [
    "out",
    "outputs",
    "units",
    "hidden_size",
    "out_features",
    "out_channels",
    "filters",
    "features",
    "channels",
    "kernel",
    "kernel_size",
    "pool_size",
    "size",
    "rate",
    "p",
];

/// Arguments of other libraries' layers for what is said elsewhere here.
const ELSEWHERE: [(&[&str], &str); 8] = [
    (&["return_sequences", "return_state"], "leave it out: there is a state at every step, and with `output = Last` the last alone"),
    (&["activation", "act", "nonlinearity"], "write the activation as a layer of its own behind this one, such as `Relu`"),
    (&["init", "initializer", "kernel_initializer", "weight_init", "weight_initializer"], "write `#[init(…)]` before the layer"),
    (
        &["in", "inputs", "input", "input_dim", "input_shape", "input_size", "in_features", "in_channels", "num_features"],
        "leave it out: the input follows from the layer before",
    ),
    (&["name"], "write the name before the layer: `fc1: …`"),
    (&["trainable", "requires_grad", "frozen"], "write `#[frozen]` before the layer"),
    (&["dropout"], "write `Dropout(…)` as a layer of its own behind this one"),
    (&["dtype"], "write `#[scalar(f64)]` before the network"),
];

/// Whether an argument is given by this keyword, or by another library's word for it.
fn is_named(argument: &Argument, known: &str) -> bool {
    argument.keyword.as_ref().is_some_and(|keyword| keyword == known || ALIASES.iter().any(|(alias, of)| keyword == alias && *of == known))
}

impl<'a> Call<'a, '_> {
    /// Sorts the arguments into the rule's; reports unknown, repeated, misplaced and missing ones.
    pub(super) fn read_arguments(&mut self) {
        let What::Word { word, arguments, block } = &self.item.what else { return };
        let rule = self.rule;
        if let Some(block) = block {
            self.walk.errors.push(
                block.span,
                format!("`{}` is a layer and holds no others", rule.word),
                format!("write `{}`, and the layers after it", rule.example),
            );
        }
        let list = arguments.as_ref().map_or(&[][..], |arguments| &arguments.list);
        let list = self.without_inputs(list);
        let mut first_given = self.first.is_some();
        for argument in list {
            match (&argument.keyword, &argument.value) {
                (None, None) => {
                    first_given = true;
                    self.broken = true;
                }
                (None, Some(value)) => {
                    let (First::Required(_) | First::Optional(_)) = rule.first else {
                        self.unexpected_argument(value);
                        continue;
                    };
                    if first_given {
                        self.unexpected_argument(value);
                        // It counts as what is missing.
                        if let Some(required) =
                            rule.required.iter().find(|required| !list.iter().any(|argument| is_named(argument, required)))
                        {
                            self.given.push((required, value));
                        }
                        continue;
                    }
                    if !self.given.is_empty() {
                        let (First::Required(what) | First::Optional(what)) = rule.first else { continue };
                        self.walk.errors.push(
                            At::all(value),
                            format!("{what} of `{}` stands before its keywords", rule.word),
                            format!("write `{}({}, …)`", rule.word, text::of(value)),
                        );
                    }
                    first_given = true;
                    self.first = Some(value);
                }
                (Some(keyword), value) => {
                    let known = rule.keywords.iter().copied().find(|known| keyword == *known);
                    if let (None, First::Required(what) | First::Optional(what)) = (known, &rule.first)
                        && FIRST.contains(&keyword.to_string().as_str())
                        && !first_given
                        && ALIASES.iter().all(|(alias, known)| keyword != alias || !rule.keywords.contains(known))
                    {
                        let written = value.as_ref().map_or_else(String::new, text::of);
                        self.walk.errors.push(
                            keyword.span(),
                            format!("{what} of `{}` stands first, without a keyword", rule.word),
                            format!("write `{}({written}{})`", rule.word, if list.len() > 1 { ", …" } else { "" }),
                        );
                        first_given = true;
                        self.first = value.as_ref();
                        continue;
                    }
                    // The value counts as given under the word that was probably meant.
                    let Some(known) = known.or_else(|| self.unknown_keyword(keyword, value.as_ref())) else { continue };
                    if self.given.iter().any(|(given, _)| *given == known) {
                        self.walk.errors.push(
                            keyword.span(),
                            format!("`{known}` is given twice to `{}`", rule.word),
                            format!("keep one `{known}`"),
                        );
                        continue;
                    }
                    match value {
                        Some(value) => self.given.push((known, value)),
                        None => self.broken = true,
                    }
                }
            }
        }
        if self.broken {
            return;
        }
        let missing = match rule.first {
            First::Required(what) if !first_given => Some(what.to_string()),
            _ => rule
                .required
                .iter()
                .find(|required| !self.given.iter().any(|(given, _)| given == *required))
                .map(|required| format!("`{required}`")),
        };
        if let Some(what) = missing {
            self.broken = true;
            self.walk.errors.push(
                word.span(),
                format!("{what} of `{}` is missing", rule.word),
                format!("write such as `{}`", rule.example),
            );
        }
    }

    /// The arguments without the inputs that other libraries write before the outputs: `Dense(784, 128)`, `Conv2d(1, 6, 5)`. Reports them.
    fn without_inputs(&mut self, list: &'a [Argument]) -> &'a [Argument] {
        let (rule, word) = (self.rule, self.written());
        let sizes = list.iter().map_while(|argument| argument.value.as_ref().filter(|_| argument.keyword.is_none()));
        let sizes: Vec<&Expr> =
            sizes.take_while(|value| !matches!(value, Expr::Lit(literal) if !matches!(literal.lit, Lit::Int(_)))).collect();
        let ([inputs, outputs, required @ ..], First::Required("the number of outputs" | "the number of output channels")) =
            (&sizes[..], &rule.first)
        else {
            return list;
        };
        let named = rule.required.iter().filter(|required| list.iter().any(|argument| is_named(argument, required)));
        if required.len() + named.count() < rule.required.len() {
            return list;
        }
        // Of another library's word the whole call is reported.
        if check::known_word(&word).is_some() {
            let mut form = vec![text::of(outputs)];
            form.extend(rule.required.iter().zip(required).map(|(keyword, value)| format!("{keyword} = {}", text::of(value))));
            form.extend((list.len() > sizes.len()).then(|| "…".to_string()));
            self.walk.errors.push(
                At::all(inputs),
                format!("the inputs of `{word}` are not written: they follow from the layer before"),
                format!("write `{word}({})`", form.join(", ")),
            );
        }
        self.first = Some(outputs);
        self.given.extend(rule.required.iter().copied().zip(required.iter().copied()));
        // What the others mean there, strides perhaps, is not said here.
        self.broken |= required.len() > rule.required.len();
        &list[sizes.len()..]
    }

    /// The word that stands there, which may not be the rule's.
    fn written(&self) -> String {
        match &self.item.what {
            What::Word { word, .. } => word.to_string(),
            _ => String::new(),
        }
    }

    fn unexpected_argument(&mut self, value: &'a Expr) {
        let rule = self.rule;
        if check::known_word(&self.written()).is_none() {
            // Another library's layer has other arguments; the word is reported.
            self.broken = true;
            return;
        }
        let (fault, help) = match (&rule.first, rule.keywords) {
            (First::None, []) => (format!("`{}` takes no arguments", rule.word), format!("write `{}`", rule.word)),
            (First::None, _) if matches!(value, Expr::Lit(literal) if matches!(literal.lit, Lit::Int(_))) => {
                (format!("`{}` takes no sizes", rule.word), "remove this one; they follow from the layer before".into())
            }
            (First::None, keywords) => {
                (format!("`{}` takes its arguments by keyword", rule.word), format!("write `{} = {}`", keywords[0], text::of(value)))
            }
            (First::Required(what) | First::Optional(what), []) => {
                (format!("`{}` takes one argument, {what}", rule.word), format!("remove `{}`", text::of(value)))
            }
            (First::Required(what), ["bias"]) => (
                format!("`{}` takes one argument, {what}", rule.word),
                "remove this one; the number of inputs follows from the layer before".into(),
            ),
            (First::Required(what) | First::Optional(what), keywords) => (
                format!("`{}` takes one argument without a keyword, {what}", rule.word),
                format!("name this one, such as `{} = {}`", keywords[0], text::of(value)),
            ),
        };
        self.walk.errors.push(At::all(value), fault, help);
    }

    /// Reports a keyword that the layer does not have; the one that was probably meant.
    fn unknown_keyword(&mut self, keyword: &syn::Ident, value: Option<&Expr>) -> Option<&'static str> {
        let rule = self.rule;
        let name = keyword.to_string();
        let alias = ALIASES.into_iter().find(|(alias, _)| *alias == name).map(|(_, known)| known);
        let meant =
            rule.keywords.iter().copied().find(|known| alias == Some(*known)).or_else(|| nearest(&name, rule.keywords.iter().copied()));
        let elsewhere = ELSEWHERE.into_iter().find(|(words, _)| words.contains(&&*name)).map(|(_, help)| help);
        let keeps = value.is_some_and(|value| matches!(&*text::of(value), "true" | "True"));
        let help = match (meant, rule.keywords) {
            (_, keywords) if name == "ceil_mode" && keywords.contains(&"remainder") => if keeps {
                "windows beyond the end are not there yet; leave it out, and choose a kernel and stride that cover all, \
                 since `remainder = Ignore` drops what `ceil_mode` keeps"
            } else {
                "leave it out; `remainder = Ignore` drops the values that no window covers, as `ceil_mode = false` does"
            }
            .into(),
            (Some(known), _) => format!("write `{known}`"),
            (None, _) if elsewhere.is_some() => elsewhere.unwrap_or_default().to_string(),
            (None, []) => format!("write such as `{}`", rule.example),
            (None, [one]) => format!("it has `{one}`"),
            (None, keywords) => format!("it has {}", list(keywords)),
        };
        self.broken |= meant.is_none();
        // How many windows were meant is not said here.
        self.lost |= name == "ceil_mode";
        self.walk.errors.push(keyword.span(), format!("`{}` has no argument `{name}`", rule.word), help);
        meant
    }
}
