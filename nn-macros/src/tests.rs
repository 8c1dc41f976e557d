//! The expansion as people read it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{File, Item, parse_file};

use crate::text::grouped;

/// The example whose expansion is kept.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/mnist")
}

fn read(name: &str) -> String {
    let path = folder().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The tokens inside the `network! { … }` of a file.
fn declaration(file: &str) -> TokenStream {
    let file = parse_file(file).expect("a Rust file");
    let declarations = file.items.into_iter().filter_map(|item| match item {
        Item::Macro(item) if item.mac.path.is_ident("network") => Some(item.mac.tokens),
        _ => None,
    });
    declarations.last().expect("a `network!`")
}

/// What the macro makes of a declaration.
fn expansion(declaration: &TokenStream) -> File {
    let code = crate::declare(quote!([::nn_core] #declaration));
    syn::parse2(code.clone()).unwrap_or_else(|error| panic!("{error}\n{code}"))
}

/// Code whatever its layout: the words that editors follow, each once as rustfmt leaves them, and all else as `prettyplease` prints it.
fn normal(mut file: File) -> (BTreeSet<String>, String) {
    let words = file.items.remove(0).into_token_stream().to_string();
    let words = words.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect();
    (words, prettyplease::unparse(&file))
}

/// `examples/mnist/lenet5.expanded.rs` holds what the declaration in `main.rs` beside it expands to. With `NN_BLESS` set, it is written anew.
#[test]
fn committed_expansion_is_current() {
    let code = expansion(&declaration(&read("main.rs")));
    if std::env::var_os("NN_BLESS").is_some() {
        let mut text =
            String::from("// What `network!` makes of the declaration in `main.rs`; `tests/README.md` says how to write it anew.\n\n");
        text.push_str(&spaced(&prettyplease::unparse(&code)));
        fs::write(folder().join("lenet5.expanded.rs"), text).expect("a writable folder");
    }
    let committed = parse_file(&read("lenet5.expanded.rs")).expect("a Rust file");
    let ((words, code), (committed_words, committed)) = (normal(code), normal(committed));
    assert_eq!(words, committed_words);
    for (i, (code, committed)) in code.lines().zip(committed.lines()).enumerate() {
        assert_eq!(code, committed, "line {} of the formatted expansion", i + 1);
    }
    assert_eq!(code.lines().count(), committed.lines().count());
}

/// Blank lines between items; rustfmt does the rest.
fn spaced(text: &str) -> String {
    let mut spaced = String::new();
    let mut before = "{";
    for line in text.lines().map(str::trim) {
        let ends = before == "}" || before == "};" || before.ends_with(");") || before.starts_with("use ") || before.starts_with("type ");
        let starts = ["#[", "///", "impl", "pub struct", "fn", "const _", "type "].iter().any(|start| line.starts_with(start));
        let goes_on = before.starts_with("type ") && line.starts_with("type ");
        if ends && starts && !goes_on {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}

/// Expansion is part of every build of the user's crate, and of every keystroke in an editor.
#[test]
fn expansion_takes_no_time() {
    let declaration = declaration(&read("main.rs"));
    let start = Instant::now();
    expansion(&declaration);
    let took = start.elapsed();
    assert!(took < Duration::from_millis(100), "{took:?} for LeNet-5");
}

/// Declarations in which every statement of generated code occurs; their own names begin with `q`, `Q` or an underscore.
fn everything() -> Vec<TokenStream> {
    vec![
        quote! {
            #[budget(flash = 64 KiB, ram = 64 KiB)]
            #[optimize(size)]
            pub struct QAll: [2, 12, 12] -> [3] {
                q1: Conv2d(4, kernel = 3, padding = Same), q2: BatchNorm, Relu, MaxPool2d(2), Dropout(0.5), Gelu,
                q3: Residual { main: { q4: Conv2d(4, kernel = 1) }, skip: { q5: Conv2d(4, kernel = 1), q6: BatchNorm } },
                q7: Concat { qa: { q8: DepthwiseConv2d(kernel = 1), LeakyRelu(0.1) }, qb: { AvgPool2d(1) }, qc: { Identity } },
                q9: Repeat(2) { q10: LayerNorm, Silu }, GlobalAvgPool, q11: qmod::Own<2> -> [7], #[frozen] q12: Dense(8), Residual { main: { q13: Dense(8) } },
                q14: Dense(3), Softmax,
            }
        },
        quote! {
            pub struct QGeneric<const Q: usize>: [Q] -> [3] {
                #[frozen] q1: Dense(Q), Tanh, q2: Repeat(2) { q3: Dense(Q), q4: BatchNorm, Relu }, q5: Residual { main: { q6: Dense(Q) } }, Dropout(0.5),
                q7: Dense(3), LogSoftmax,
            }
        },
        quote! {
            #[scalar(f64)]
            pub struct QHead: [6, 5] -> [1] {
                q1: &QBody(QPLACE) -> [6, 5], q2: Gru(4, layers = 2), q4: Rnn(3), q3: Lstm(4, output = Last), Step, q5: Dense(1), Sigmoid,
            }
        },
    ]
}

/// The words of code that mean something by where they stand: not those behind `.` and `::`, which are looked up in something, nor attributes'.
fn collect(code: TokenStream, words: &mut BTreeSet<String>) {
    let mut before = [' '; 2];
    for tree in code {
        let mut this = ' ';
        match tree {
            TokenTree::Ident(word) if before[1] != '.' && before != [':', ':'] => {
                words.insert(word.to_string());
            }
            TokenTree::Group(group) if before[1] != '#' => collect(group.stream(), words),
            TokenTree::Punct(punctuation) => this = punctuation.as_char(),
            _ => {}
        }
        before = [before[1], this];
    }
}

/// `tests/names/words.rs` holds every word that generated code says, as it stands there, as a variable and as a type, so that a
/// layer, block, branch or network of each name is tried. With `NN_BLESS` set, it is written anew.
#[test]
fn words_of_generated_code_are_current() {
    let mut said = BTreeSet::new();
    for declaration in everything() {
        let code = crate::declare(quote!([::nn_core] #declaration));
        assert!(!code.to_string().contains("compile_error"), "a declaration does not hold: {code}");
        collect(code, &mut said);
    }
    let own = |word: &str| {
        word.to_lowercase().trim_start_matches('_').starts_with('q') || word.starts_with("d_q") || word.starts_with("static_q")
    };
    let mut words = BTreeSet::new();
    for word in said.iter().filter(|word| !own(word)) {
        words.extend([word.clone(), snake(word), crate::plan::names::camel(word)]);
    }
    // The word of a block's other branch, which no layer beside it can have; the check on names says so.
    words.remove("skip");
    // Keywords as raw words, where that can be; what begins with a digit is no name.
    let is_name = |word: &str| syn::parse_str::<syn::Ident>(word).is_ok();
    let raw = |word: &String| if is_name(word) { word.clone() } else { format!("r#{word}") };
    let list: Vec<String> = words.iter().map(raw).filter(|word| is_name(word)).collect();
    let mut text = String::from(
        "// Every word of generated code; `cargo test -p nn-macros` says when it is no longer so, and `tests/README.md` how to write it anew.\n",
    );
    for (part, some) in list.chunks(40).enumerate() {
        let _ = writeln!(text, "part! {{ part_{part}: {} }}", some.join(" "));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/names/words.rs");
    if std::env::var_os("NN_BLESS").is_some() {
        fs::write(&path, &text).expect("a writable folder");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "tests/names/words.rs is no longer what generated code says; set NN_BLESS to write it");
}

/// `OffsetOf` as `offset_of`.
fn snake(word: &str) -> String {
    let mut snake = String::new();
    for letter in word.chars() {
        if letter.is_uppercase() && !snake.is_empty() && !snake.ends_with(|last: char| last == '_' || last.is_uppercase()) {
            snake.push('_');
        }
        snake.push(letter);
    }
    snake.to_lowercase()
}

/// `tests/documented_sizes.rs` holds sizes as the compiler finds them.
#[test]
fn docs_state_the_sizes_that_the_compiler_finds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documented_sizes.rs");
    let file = parse_file(&fs::read_to_string(path).expect("the file")).expect("a Rust file");
    let mut compared = 0;
    for item in file.items {
        let Item::Macro(item) = item else { continue };
        if !item.mac.path.is_ident("documented") {
            continue;
        }
        let tokens: Vec<TokenTree> = item.mac.tokens.into_iter().collect();
        let [sizes @ .., TokenTree::Group(declaration)] = tokens.as_slice() else { panic!("a declaration at the end") };
        let code = expansion(&declaration.stream());
        // `Net: 8, 4, NetFolded: 6, 4; network!`.
        for size in sizes.chunks(6).filter(|size| size.len() == 6) {
            let name = size[0].to_string();
            for (constant, value) in [("FLASH_BYTES", &size[2]), ("INFERENCE_RAM", &size[4])] {
                let value: usize = value.to_string().parse().expect("a number");
                let docs = docs(&code, &name, constant);
                assert!(docs.ends_with(&format!("Here {}.", grouped(value))), "{name}::{constant} = {value}: {docs}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 8, "{compared}");
}

/// The docs of an inherent constant of `name`, a line an attribute.
fn docs(file: &File, name: &str, constant: &str) -> String {
    let text = prettyplease::unparse(file);
    let begin = text.find(&format!("impl {name} {{")).unwrap_or_else(|| panic!("no `impl {name}` in {text}"));
    let text = &text[begin..];
    let lines = text[..text.find(&format!("pub const {constant}:")).expect("the constant")].lines().rev().skip(1);
    let docs: Vec<&str> = lines.map(str::trim).take_while(|line| line.starts_with("///")).collect();
    docs.into_iter().rev().collect::<Vec<_>>().join("\n")
}
