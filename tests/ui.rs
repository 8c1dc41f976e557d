//! Mistakes that must not compile, each with the words in which it is reported. `tests/README.md` says how to bless them.

#[test]
fn ui() {
    trybuild::TestCases::new().compile_fail("tests/ui/**/*.rs");
}

/// The README shows what `shape/readme.rs` is told.
#[test]
fn readme() {
    let told = std::fs::read_to_string("tests/ui/shape/readme.stderr").expect("blessed as tests/README.md says");
    let told = told.replace("tests/ui/shape/readme.rs", "src/main.rs");
    let readme = include_str!("../README.md");
    assert!(readme.contains(told.trim_end()), "the README does not show:\n{told}");
    for line in include_str!("ui/shape/readme.rs").lines().skip(2).take(10) {
        assert!(readme.contains(line), "the README does not show: {line}");
    }
}
