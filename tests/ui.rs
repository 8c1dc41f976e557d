//! Mistakes that must not compile, each with the words in which it is reported. `tests/README.md` says how to bless them.

#[test]
fn ui() {
    trybuild::TestCases::new().compile_fail("tests/ui/**/*.rs");
}
