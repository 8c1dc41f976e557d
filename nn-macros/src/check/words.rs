//! The words for layers, activations and blocks, and what was probably meant by others.

use syn::Ident;

use super::blocks::BLOCKS;
use crate::activation::{self, ACTIVATIONS};
use crate::ast::{Argument, Item, What};
use crate::error::{Errors, nearest};
use crate::layer::{self, RULES};
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
    ("Threshold", "Step"),
    ("Concatenate", "Concat"),
    ("SimpleRNN", "Rnn"),
];

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
pub(super) fn check(item: &Item, errors: &mut Errors) {
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
    if matches!(written.as_str(), "Embedding" | "Conv3d" | "ConvTranspose2d" | "Attention") {
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
                None if matches!(&arguments.list[..], [Argument { keyword: None, value: Some(syn::Expr::Reference(_)) }]) => errors.push(
                    arguments.span,
                    format!("a network in a `static` is written `&{written}(…)`"),
                    "put the `&` before the type; the `static` stands in the parentheses",
                ),
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
