//! The words for layers, activations and blocks, and what was probably meant by others.

use syn::Ident;

use super::blocks::BLOCKS;
use crate::activation::{self, ACTIVATIONS};
use crate::ast::{Argument, Item, What};
use crate::error::{Errors, nearest};
use crate::layer::{self, RULES};
use crate::text;

/// Words of other libraries for what is here under another name.
const ALIASES: [(&str, &str); 25] = [
    ("Linear", "Dense"),
    ("LazyLinear", "Dense"),
    ("FullyConnected", "Dense"),
    ("Conv", "Conv2d"),
    ("MaxPool", "MaxPool2d"),
    ("AvgPool", "AvgPool2d"),
    ("Convolution", "Conv2d"),
    ("Convolution1d", "Conv1d"),
    ("Convolution2d", "Conv2d"),
    ("AveragePooling1d", "AvgPool1d"),
    ("AveragePooling2d", "AvgPool2d"),
    ("MaxPooling1d", "MaxPool1d"),
    ("MaxPooling2d", "MaxPool2d"),
    ("GlobalAveragePooling", "GlobalAvgPool"),
    ("GlobalAveragePooling1d", "GlobalAvgPool"),
    ("GlobalAveragePooling2d", "GlobalAvgPool"),
    ("BatchNormalization", "BatchNorm"),
    ("BatchNorm1d", "BatchNorm"),
    ("BatchNorm2d", "BatchNorm"),
    ("LayerNormalization", "LayerNorm"),
    ("Heaviside", "Step"),
    ("Concatenate", "Concat"),
    ("SimpleRNN", "Rnn"),
    ("LSTMCell", "Lstm"),
    ("GRUCell", "Gru"),
];

/// Words of other libraries for what is not here, though another word may look like them, and what to write instead.
const ABSENT: [(&[&str], &str); 25] = [
    (&["Unflatten", "Reshape", "View"], "there is none yet; declare the network's input in the shape that the layer needs"),
    (
        &["GlobalMaxPool", "GlobalMaxPool2d", "GlobalMaxPooling2d", "AdaptiveMaxPool2d"],
        "write `MaxPool2d` with a kernel of the whole image, and `Flatten`",
    ),
    (&["GlobalMaxPool1d", "GlobalMaxPooling1d", "AdaptiveMaxPool1d"], "write `MaxPool1d` with a kernel of the whole length, and `Flatten`"),
    (
        &["AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool"],
        "write `GlobalAvgPool` where its output is one value a channel, else `AvgPool1d` or `AvgPool2d` with a kernel that gives the output",
    ),
    (&["PRelu", "ParametricRelu"], "a slope that is learned is not there yet; `LeakyRelu(0.25)` has a fixed one"),
    (&["RRelu", "RandomizedRelu"], "a slope that is drawn is not there yet; `LeakyRelu(0.23)` has a fixed one"),
    (&["Celu"], "there is none yet; `Elu` is the same for α = 1"),
    (
        &["SeparableConv2d"],
        "write its two layers, `DepthwiseConv2d(kernel = …, bias = false)` and `Conv2d(…, kernel = 1)`, each with a name",
    ),
    (
        &["SeparableConv1d", "DepthwiseConv1d"],
        "there is none yet; `Conv1d(…, kernel = …, groups = …)` with as many groups as channels is one",
    ),
    (
        &[
            "Conv3d",
            "MaxPool3d",
            "AvgPool3d",
            "ConvTranspose1d",
            "ConvTranspose2d",
            "Conv1dTranspose",
            "Conv2dTranspose",
            "Deconv2d",
            "Embedding",
            "Attention",
            "MultiheadAttention",
        ],
        "write a layer of your own with `SampleLayer`, and state its shape",
    ),
    (
        &["MaxUnpool1d", "MaxUnpool2d", "Upsample", "UpSampling1d", "UpSampling2d"],
        "write a layer of your own with `SampleLayer`, and state its shape",
    ),
    (&["Bidirectional"], "say it of the layer: `Gru(32, bidirectional = true)`"),
    (&["Add"], "write `Residual { main: { … } }`, which adds its input to what `main` gives"),
    (&["Multiply", "Subtract", "Average", "Maximum"], "there is none yet; `Residual` adds and `Concat` joins what its branches give"),
    (&["Softmax2d"], "there is none for each place of an image yet; `Softmax` takes one vector, a number a class"),
    (&["Softmin"], "there is none yet; it is `Softmax` of the negative numbers"),
    (&["LogSigmoid"], "there is none yet; end without it, and train with `BinaryCrossEntropy`, which takes logits"),
    (
        &["Softshrink", "Hardshrink", "Tanhshrink", "HardTanh", "Glu", "Threshold", "Maxout"],
        "write a layer of your own with `SampleLayer`, and state its shape",
    ),
    (
        &["Dropout1d", "Dropout2d", "Dropout3d", "SpatialDropout1d", "SpatialDropout2d", "FeatureAlphaDropout"],
        "dropping whole channels is not there yet; `Dropout(…)` drops single values",
    ),
    (&["AlphaDropout", "GaussianDropout", "GaussianNoise"], "there is none yet; `Dropout(…)` drops single values and keeps their mean"),
    (
        &[
            "InstanceNorm",
            "InstanceNorm1d",
            "InstanceNorm2d",
            "GroupNorm",
            "GroupNormalization",
            "RmsNorm",
            "LocalResponseNorm",
            "WeightNorm",
            "SpectralNorm",
        ],
        "there is none yet; `BatchNorm` and `LayerNorm` divide by other statistics",
    ),
    (&["BatchNorm3d"], "there is none for volumes yet; `BatchNorm` takes vectors, sequences and images"),
    (&["TimeDistributed"], "there is none yet; a `Conv1d` with `kernel = 1` does the same to every step of [channels, time]"),
    (
        &["ZeroPad2d", "ZeroPadding1d", "ZeroPadding2d", "ReflectionPad2d"],
        "zeros are written where they are used: `padding = …` of the next convolution",
    ),
    (
        &["Sequential", "Input", "InputLayer"],
        "leave it out: the layers follow each other as they are written, and the input stands before `->`",
    ),
];

/// What to write instead of a word of another library for what is not here.
fn absent(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase().replace('_', "");
    ABSENT.into_iter().find(|(words, _)| words.iter().any(|absent| absent.to_lowercase() == lower)).map(|(_, help)| help)
}

/// The word, where it names a layer, an activation or a block.
pub(crate) fn known_word(word: &str) -> Option<&'static str> {
    words().find(|known| *known == word)
}

/// The word that was probably meant.
pub(crate) fn nearest_word(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase().replace('_', "");
    if absent(word).is_some() {
        return None;
    }
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
    // With a shape and no arguments it is a layer of the user's, whatever other libraries call by this word.
    if let Some(help) = absent(&written)
        && (item.stated.is_none() || arguments.is_some())
    {
        errors.push(word.span(), format!("there is no layer or activation `{written}`"), help);
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
        // Keras' defaults are others.
        Some("BatchNorm") if written == "BatchNormalization" => {
            "write `BatchNorm(epsilon = 1e-3, momentum = 0.01)` for Keras' defaults; `BatchNorm` alone has PyTorch's".into()
        }
        Some("LayerNorm") if written == "LayerNormalization" => {
            "write `LayerNorm(epsilon = 1e-3)` for Keras' default; it takes all numbers of a sample together".into()
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A word is either meant for one that is here, or said to be absent; and none that is here is hidden.
    #[test]
    fn words_of_other_libraries_are_told_once() {
        let mut seen = Vec::new();
        for word in ABSENT.iter().flat_map(|(words, _)| words.iter()).chain(ALIASES.iter().map(|(alias, _)| alias)) {
            assert_eq!(known_word(word), None, "{word}");
            let lower = word.to_lowercase();
            assert!(!seen.contains(&lower), "{word} stands twice");
            seen.push(lower);
        }
        for (alias, known) in ALIASES {
            assert_eq!(nearest_word(alias), Some(known));
            assert!(known_word(known).is_some(), "{known}");
        }
    }

    /// Close by its letters, and another thing or the opposite.
    #[test]
    fn no_word_is_taken_for_another_thing() {
        for word in [
            "Unflatten",
            "GlobalMaxPool",
            "PRelu",
            "PReLU",
            "RReLU",
            "CELU",
            "SeparableConv2d",
            "Softmin",
            "LogSigmoid",
            "MaxUnpool2d",
            "Dropout2d",
            "MaxPool3d",
            "GLU",
            "InstanceNorm",
            "Add",
        ] {
            assert_eq!(nearest_word(word), None, "{word}");
        }
    }
}
