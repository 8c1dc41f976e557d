//! Whatever is written, the macro answers with Rust, and never with a panic.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;

/// Knuth's generator, its upper bits; enough to choose mutations.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n.max(1)
    }
}

/// Everything that the grammar knows.
fn declarations() -> [TokenStream; 3] {
    [
        quote! {
            /// A network.
            #[scalar(f64)]
            pub struct Net: [2, 9, SIDE] -> [3] {
                #[init(HeNormal)]
                conv1: Conv2d(4, kernel = (3, K), stride = 1, padding = Same, dilation = 2, groups = 2, bias = false) -> [4, 9, SIDE],
                norm: BatchNorm(epsilon = 1e-3, momentum = 0.2),
                LeakyRelu(0.2),
                depth: DepthwiseConv2d(8, kernel = 3),
                MaxPool2d(2, stride = 2, padding = 1, remainder = Ignore),
                Concat { a: { conv: Conv2d(4, kernel = 1) }, b: { Identity } },
                block: Residual { main: { conv: Conv2d(12, kernel = 3, padding = 1) }, skip: { conv: Conv2d(12, kernel = 1) } },
                Flatten,
                Dropout(0.5),
                #[frozen] #[key("fc.0")] fc1: Dense(2 * HIDDEN),
                Gelu(Tanh),
                blocks: Repeat(2) { inner: Residual { main: { fc: Dense(2 * HIDDEN), Tanh } } },
                encoder: my::Encoder<8> -> [7],
                fc2: Dense(3),
                Softmax,
            }
        },
        quote! {
            struct Line<const H: usize>: [3, 16] -> [H] {
                a: Conv1d(8, kernel = 3, padding = Causal), Silu, AvgPool1d(2), b: Conv1d(H, kernel = 1), GlobalAvgPool, c: Dense(H), norm: LayerNorm,
            }
        },
        quote!(struct Small: [4] -> [2] { fc1: Dense(8), Relu, fc2: Dense(2), Step }),
    ]
}

/// Removes, repeats, swaps or replaces tokens, somewhere at some depth.
fn mutated(tokens: TokenStream, random: &mut Random, others: &[TokenTree]) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    if trees.is_empty() {
        return trees.into_iter().collect();
    }
    let at = random.below(trees.len());
    if let TokenTree::Group(group) = &trees[at]
        && random.below(8) != 0
    {
        trees[at] = Group::new(group.delimiter(), mutated(group.stream(), random, others)).into();
        return trees.into_iter().collect();
    }
    let other = random.below(trees.len());
    match random.below(5) {
        0 => drop(trees.remove(at)),
        1 => trees.insert(at, trees[other].clone()),
        2 => trees.swap(at, other),
        3 => trees.insert(at, others[random.below(others.len())].clone()),
        _ => trees[at] = others[random.below(others.len())].clone(),
    }
    trees.into_iter().collect()
}

#[test]
fn whatever_is_written_the_answer_is_rust() {
    let others: Vec<TokenTree> = quote!(
        , ; : :: -> = 0 1 2 3 4 9 1.5 "text" true false -1 99999999999999999999 Dense Conv1d MaxPool1d Residual Repeat Relu Softmax Unknown H K
        main skip kernel padding Same Causal fn _ & < > [] () {} [0] [4, 4] (3, 3) { Relu } #[frozen] #[init(Zeros)] ..
    )
    .into_iter()
    .collect();
    let mut random = Random(1);
    let mut mistakes = 0;
    for declaration in declarations() {
        let answer = crate::declare(quote!([::nn_core] #declaration)).to_string();
        assert!(!answer.contains("compile_error"), "{answer}");
        for _ in 0..1_000 {
            let mut tokens = declaration.clone();
            for _ in 0..=random.below(3) {
                tokens = mutated(tokens, &mut random, &others);
            }
            let written = tokens.to_string();
            let answer = crate::declare(quote!([::nn_core] #tokens));
            let text = answer.to_string();
            mistakes += usize::from(text.contains("compile_error"));
            if let Err(error) = syn::parse2::<syn::File>(answer) {
                panic!("{error}\nfor {written}\nin {text}");
            }
        }
    }
    assert!(mistakes > 2_000, "{mistakes}");
}
