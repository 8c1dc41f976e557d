//! The expansion as people read it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{File, Item, parse_file};

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
