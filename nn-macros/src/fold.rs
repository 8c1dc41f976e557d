//! The network for use: each `BatchNorm` directly behind a dense layer or convolution becomes a factor and a summand of that layer's channels.
//!
//! It is another network, planned and expanded like any, all of it frozen.
//!
//! Pairs are merged in the model, before it is planned. So `NetFolded`, its blocks, its workspace and its `SPEC` come from the same
//! code as any network's. Its `SPEC` says for each pair which tensors of the file become the factor and the summand of a channel
//! (`Item::Folded`), so that the one reader of files folds too, also while compiling. It has no file of its own. It is frozen
//! throughout, and marked so that it does not learn. A `#[budget]` is on it, since it is what firmware holds.
//!
//! # Why the factor is a second pass
//!
//! Factor and summand go over the outputs once more. In the loops of the layer before they could save no more than that takes. Measured
//! on two 3 × 3 convolutions and a dense layer for 8 × 8 images, the second pass takes
//!
//! - 52 bytes of code a layer and 1.3 % of the instructions under the size policy;
//! - 619 bytes and 4.3 % under the speed policy, where unfolded normalisations take another 1,068 bytes a layer and 10 %.
//!
//! One function of run-time sizes for all layers takes more code under the size policy and more time under both.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use crate::layer::{BuiltIn, Kind, Norm};
use crate::model::{Branch, Network, Node, Op, Scalar, Shape};

/// Whether there is something to fold.
pub(crate) fn folds(network: &Network) -> bool {
    any(&network.body)
}

fn any(nodes: &[Node]) -> bool {
    let pairs = nodes.array_windows().any(|[node, next]| folds_into(node, next));
    pairs
        || nodes.iter().any(|node| match &node.op {
            Op::Residual { main, skip, .. } => any(main) || skip.as_deref().is_some_and(any),
            Op::Concat { branches } => branches.iter().any(|branch| any(&branch.body)),
            Op::Repeat { body, .. } => any(body),
            _ => false,
        })
}

fn folds_into(node: &Node, next: &Node) -> bool {
    match (&node.op, &next.op) {
        (Op::Layer(layer), Op::Layer(norm)) => {
            layer.without_bias(&node.input, &node.output, Scalar::F32).is_some() && norm.epsilon().is_some()
        }
        _ => false,
    }
}

/// The folded network.
pub(crate) fn fold(mut network: Network) -> Network {
    let doc = format!(
        " [`{}`] for use: each `BatchNorm` behind a dense layer or convolution is folded into it. It takes the same files, predicts the same up \
         to rounding, and does not learn.",
        network.name.unraw()
    );
    network.attributes = vec![syn::parse_quote!(#[doc = #doc])];
    network.name = format_ident!("{}Folded", network.name.unraw(), span = network.name.span());
    network.body = nodes(network.body);
    network
}

fn nodes(list: Vec<Node>) -> Vec<Node> {
    let mut folded: Vec<Node> = vec![];
    for mut node in list {
        if let Some(last) = folded.pop_if(|last| folds_into(last, &node)) {
            folded.push(pair(last, node));
            continue;
        }
        node.frozen = true;
        node.op = match node.op {
            Op::Residual { main, skip, skip_key } => Op::Residual { main: nodes(main), skip: skip.map(nodes), skip_key },
            Op::Concat { branches } => {
                Op::Concat { branches: branches.into_iter().map(|branch| Branch { body: nodes(branch.body), ..branch }).collect() }
            }
            Op::Repeat { count, body } => Op::Repeat { count, body: nodes(body) },
            other => other,
        };
        folded.push(node);
    }
    folded
}

/// A layer and the normalisation behind it as one.
fn pair(node: Node, norm: Node) -> Node {
    let (Op::Layer(layer), Op::Layer(kind), Some(field)) = (node.op, norm.op, norm.name) else {
        unreachable!("`folds_into` has seen both, and a normalisation has a name")
    };
    let key = norm.key.unwrap_or_else(|| field.unraw().to_string());
    let written = format!("{} with {}", node.written, norm.written);
    let op = Op::Layer(Box::new(Folded { layer, epsilon: kind.epsilon().unwrap_or_default(), norm: Norm { field, key } }));
    Node { op, written, frozen: true, ..node }
}

/// `Folded<Conv2d<…>, [[f32; 8]; 8], 6, EPSILON, 6>`
struct Folded {
    layer: Kind,
    epsilon: TokenStream,
    norm: Norm,
}

impl BuiltIn for Folded {
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let plane = Shape(output.0[1..].to_vec()).ty(scalar);
        let (channels, epsilon) = (output.0[0].tokens(), &self.epsilon);
        let Some((layer, has_bias)) = self.layer.without_bias(input, output, scalar) else { return self.layer.ty(input, output, scalar) };
        let biases = if has_bias { channels.clone() } else { quote!(0) };
        quote!(Folded<#layer, #plane, #channels, #epsilon, #biases>)
    }

    fn has_fields(&self) -> bool {
        true
    }

    fn parameters(&self, input: &Shape, output: &Shape) -> Option<usize> {
        let channels = Shape(output.0[..1].to_vec()).known_len()?;
        let (_, has_bias) = self.layer.without_bias(input, output, Scalar::F32)?;
        let weights = self.layer.parameters(input, output)? - if has_bias { channels } else { 0 };
        Some(weights + 2 * channels)
    }

    fn norm(&self) -> Option<&Norm> {
        Some(&self.norm)
    }
}
