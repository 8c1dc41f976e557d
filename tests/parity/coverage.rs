//! Every file of a layer, activation, loss, optimizer or schedule has a case that begins with its name.

use std::path::Path;

use crate::fixture::File;

/// Files without a case of their own, and why.
const EXEMPT: &[(&str, &str)] = &[
    ("layer/chained", "`tests/chains.rs` compares it with the layers that it is made of"),
    ("layer/window", "stride, padding and dilation as types"),
    ("activation/rows", "softmax of many samples, which its own tests check"),
    ("layer/channels", "what layers share"),
    ("layer/folded", "`tests/folded.rs` compares it with the layers that it is made of"),
    ("loss/side_by_side", "what losses share"),
    ("layer/conv", "what the convolutions share"),
    ("layer/pool", "what the pools share"),
    ("layer/ways", "the ways of a dense layer, whose table checks them"),
    ("layer/frame", "what layers of a family say alike"),
    ("layer/pooled", "`tests/kernels.rs` compares it with the layers that it is made of"),
    ("layer/recurrent", "what layers share"),
    ("layer/rows", "what layers share"),
    ("layer/sums", "what layers share"),
    ("layer/words", "names for editors"),
    ("layer/sample", "users' layers"),
    ("layer/dropout", "random: PyTorch draws other masks"),
    ("layer/concat", "among the networks"),
    ("layer/residual", "among the networks"),
    ("activation/step", "no gradient"),
    ("activation/tests", "tests"),
    ("loss/fit", "which outputs and targets a loss fits"),
    ("loss/elements", "what losses share"),
    ("loss/pointer", "losses behind a pointer"),
    ("loss/domain", "which targets a loss takes"),
    ("loss/meaning", "what targets mean to metrics"),
    ("loss/tests", "tests"),
    ("optimizer/sgd_momentum", "the cases `momentum…` and `nesterov…`"),
    ("optimizer/clip", "the cases `clip_…`"),
    ("schedule/constant", "1"),
    ("schedule/reduce_on_plateau", "the cases `plateau…`"),
];

fn check(folder: &str, file: &str) {
    let cases = File::open(file).cases();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("nn-core/src").join(folder);
    let entries = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let stems = entries.map(|entry| entry.expect("a readable folder").path().file_stem().expect("a name").to_string_lossy().into_owned());
    let untested: Vec<String> = stems
        .filter(|stem| stem != "mod" && !EXEMPT.iter().any(|(exempt, _)| *exempt == format!("{folder}/{stem}")))
        .filter(|stem| !cases.iter().any(|case| case.starts_with(stem.as_str())))
        .collect();
    assert!(untested.is_empty(), "not compared with PyTorch: {untested:?}; add a case to generate.py and to tests/parity/{file}.rs");
}

#[test]
fn every_layer_is_compared() {
    check("layer", "layers");
}

#[test]
fn every_activation_is_compared() {
    check("activation", "activations");
}

#[test]
fn every_loss_is_compared() {
    check("loss", "losses");
}

#[test]
fn every_optimizer_is_compared() {
    check("optimizer", "optimizers");
}

#[test]
fn every_schedule_is_compared() {
    check("schedule", "schedules");
}
