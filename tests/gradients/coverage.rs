//! Every file of a layer, activation or loss has a table, and every table is long enough.

use std::collections::BTreeSet;
use std::path::Path;

use crate::harness::{CASES, Table};
use crate::{activations, blocks, layers, losses, norms, recurrent};

/// Files that hold no layer, activation or loss of their own, and why.
const NO_LAYER: &[(&str, &str)] = &[
    ("layer/chained", "dense layers in use, which `tests/chains.rs` compares with each alone"),
    ("layer/mod", "the trait"),
    ("layer/recurrent", "what the recurrent layers share; their tables check it"),
    ("layer/window", "stride, padding and dilation as types"),
    ("activation/rows", "softmax of many samples, which its own tests check"),
    ("layer/folded", "for use alone: it learns nothing, and `tests/folded.rs` compares its outputs"),
    ("layer/channels", "loops over channels, which `BatchNorm` is made of"),
    ("loss/side_by_side", "cross-entropy of many samples, which its table checks"),
    ("layer/conv", "the arithmetic that the convolutions share; their tables check it"),
    ("layer/ways", "the ways of a dense layer, whose table checks them"),
    ("layer/frame", "what layers of a family say alike"),
    ("layer/pooled", "a convolution and a pool as one, which `tests/kernels.rs` compares with the two"),
    ("layer/pool", "the arithmetic that the pools share; their tables check it"),
    ("layer/sums", "sums of products that layers share"),
    ("layer/rows", "reads and writes along rows, which convolutions and pools share"),
    ("layer/words", "what the macro's words mean, without code"),
    ("activation/mod", "the trait"),
    ("activation/step", "its gradient is zero everywhere, so there is none"),
    ("activation/tests", "values at chosen points"),
    ("loss/mod", "the trait"),
    ("loss/fit", "which outputs and targets a loss fits"),
    ("loss/elements", "means over elements, which losses share; their tables check them"),
    ("loss/pointer", "losses behind a pointer, without arithmetic"),
    ("loss/domain", "which targets a loss takes, without arithmetic"),
    ("loss/meaning", "what targets mean to metrics, without arithmetic"),
    ("loss/tests", "values at chosen points"),
];

/// The names of a folder's files, `layer/dense`.
fn files(folder: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("nn-core/src").join(folder);
    let entries = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.map(|entry| entry.expect("a readable folder").path()).map(|path| format!("{folder}/{}", stem(&path))).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn check(folder: &str, tables: &[&[Table]]) {
    let tables = || tables.iter().copied().flatten();
    let tested: BTreeSet<String> = tables().map(|table| format!("{folder}/{}", table.file)).collect();
    let exempt: BTreeSet<String> = NO_LAYER.iter().map(|(file, _)| (*file).to_owned()).collect();
    let files = files(folder);
    let untested: Vec<&String> = files.iter().filter(|file| !tested.contains(*file) && !exempt.contains(*file)).collect();
    assert!(untested.is_empty(), "without a gradient check: {untested:?}; `harness.rs` says how to add one");
    let unknown: Vec<&String> = tested.iter().filter(|file| !files.contains(*file)).collect();
    assert!(unknown.is_empty(), "tables of files that do not exist: {unknown:?}");
    for table in tables() {
        assert!(table.cases.len() >= CASES, "{} has {} cases, fewer than {CASES}", table.file, table.cases.len());
    }
}

#[test]
fn every_layer_has_a_table() {
    check("layer", &[blocks::TABLES, layers::TABLES, norms::TABLES, recurrent::TABLES]);
}

#[test]
fn every_activation_has_a_table() {
    check("activation", &[activations::TABLES]);
}

#[test]
fn every_loss_has_a_table() {
    check("loss", &[losses::TABLES]);
}
