//! Weights on disk: both directions against PyTorch, every fault in one error, and damaged files.
#![cfg(test)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]

#[path = "fixtures/safetensors/small.rs"]
mod small;

use std::path::{Path, PathBuf};
use std::process::Command;

use nn_core::data::Table;
use nn_core::file::{Fault, FileError, Loaded, WeightsError};
use nn_core::plain;
use nn_core::prelude::*;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use small::Small;

network! {
    /// The same in `f64`.
    #[scalar(f64)]
    struct Wide: [1, 6, 6] -> [3] {
        conv1: Conv2d(2, kernel = 3, bias = false),
        norm: BatchNorm,
        Relu,
        MaxPool2d(2),
        Flatten,
        blocks: Repeat(2) {
            fc: Dense(8),
            Relu,
        },
        out: Dense(3),
    }
}

network! {
    /// One of its blocks, alone.
    struct Block: [8] -> [8] {
        fc: Dense(8),
        Relu,
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/safetensors").join(name)
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// PyTorch's inputs and outputs.
fn cases() -> Vec<([[[f32; 6]; 6]; 1], [f32; 3])> {
    let table = Table::read(fixture("small.csv")).unwrap();
    std::iter::zip(table.values(0..36).unwrap(), table.values(36..39).unwrap()).collect()
}

fn assert_predicts(net: &Small, tolerance: f32) {
    for (x, y) in cases() {
        for (ours, theirs) in net.predict(&x).iter().zip(y) {
            assert!((ours - theirs).abs() <= tolerance, "{ours} {theirs}");
        }
    }
}

fn faults(result: Result<(), WeightsError>) -> Vec<Fault> {
    match result.expect_err("this is wrong") {
        WeightsError::Tensors { faults, .. } => {
            assert_eq!(faults.iter().count(), faults.len(), "with `std` all are kept");
            faults.iter().copied().collect()
        }
        other => panic!("{other}"),
    }
}

/// What is wrong with the bytes of a file.
fn weights(result: Result<(), FileError>) -> Result<(), WeightsError> {
    match result {
        Ok(()) => Ok(()),
        Err(FileError::Weights { error, .. }) => Err(*error),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_file_of_pytorch_is_read_without_a_mapping() {
    let mut net = Small::new_boxed(1);
    net.load_safetensors(fixture("small.safetensors")).unwrap();
    assert_predicts(&net, 1e-6);
    assert_eq!(net.norm.num_batches_tracked, 5);
    assert!(plain::part::<_, f32>(&*net, 0, size_of::<Small>() / 4).unwrap().iter().all(|x| *x != 0.0), "every place was filled");
}

#[test]
fn what_is_something_else_is_called_so() {
    let mut net = Small::new_boxed(1);
    for (begin, expected) in [
        (&b"PK\x03\x04\0\0\x08\x08data.pkl"[..], "it is a zip archive, as `torch.save` writes: save with `safetensors.torch.save_file`"),
        (b"version https://git-lfs.github.com/spec/v1", "it seems to be a pointer of Git LFS: fetch the file by `git lfs pull`"),
        (b"# A README", "its first 8 bytes are not the length of a header"),
        (&[0, 0, 0, 1, 0, 0, 0, 0], "its header of 16777216 bytes ends behind its end"),
        (b"{", "it is shorter than the 8 bytes before its header"),
    ] {
        let error = net.load_safetensors_bytes(begin).unwrap_err();
        assert_eq!(error.to_string(), format!("the bytes are no safetensors file: {expected}"));
    }
}

#[test]
fn narrower_numbers_are_widened_and_wider_ones_refused() {
    let mut whole = Small::new_boxed(1);
    whole.load_safetensors(fixture("small.safetensors")).unwrap();
    for (name, relative) in [("small_f16.safetensors", 1.0 / 2048.0), ("small_bf16.safetensors", 1.0 / 256.0)] {
        let mut net = Small::new_boxed(1);
        net.load_safetensors(fixture(name)).unwrap();
        let mut differ = 0;
        for (half, whole) in net.out.weight.as_flattened().iter().zip(whole.out.weight.as_flattened()) {
            assert!((half - whole).abs() <= whole.abs() * relative, "{half} {whole}");
            differ += usize::from(half != whole);
        }
        assert!(differ > 0, "the file is a rounded one");
        assert_eq!(net.norm.num_batches_tracked, 5);
    }
    let refused = faults(weights(whole.load_safetensors(fixture("small_f64.safetensors"))));
    assert_eq!(refused.len(), 11);
    assert!(refused.iter().all(|fault| matches!(fault, Fault::Dtype { file: "F64", wanted: "F32", .. })));
    assert!(refused[0].to_string().contains("convert it on the PC before saving, in PyTorch with `.float()`"), "{}", refused[0]);

    // An f64 network takes every one of them, and widens exactly.
    let mut wide = Wide::new_boxed(1);
    for name in ["small_f64.safetensors", "small_f16.safetensors", "small_bf16.safetensors", "small.safetensors"] {
        wide.load_safetensors(fixture(name)).unwrap();
    }
    assert!(wide.out.weight.as_flattened().iter().zip(whole.out.weight.as_flattened()).all(|(wide, whole)| *wide == f64::from(*whole)));
    assert_eq!(wide.norm.num_batches_tracked, 5);
}

#[test]
fn our_file_is_read_by_pytorch_without_a_mapping() {
    let python = std::env::var_os("NN_PYTHON").unwrap_or("python3".into());
    let has_torch = Command::new(&python).args(["-c", "import torch, safetensors"]).output().is_ok_and(|output| output.status.success());
    if !has_torch {
        println!("skipped: NN_PYTHON (or python3) has no torch and safetensors");
        return;
    }
    let path = folder("to_pytorch").join("ours.safetensors");
    let mut net = Small::new_boxed(3);
    net.norm.running_mean = [0.25, -0.5];
    net.norm.running_var = [2.0, 0.5];
    net.norm.num_batches_tracked = 7;
    net.save_safetensors(&path).unwrap();
    let output = Command::new(&python).arg(fixture("small.py")).arg("read").arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    let mut rows = output.lines().filter_map(|line| line.strip_prefix("y "));
    for (x, _) in cases() {
        let theirs: Vec<f32> = rows.next().unwrap().split(' ').map(|y| y.parse().unwrap()).collect();
        for (ours, theirs) in net.predict(&x).iter().zip(theirs) {
            assert!((ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0), "{ours} {theirs}");
        }
    }
    let norm = "tensor\tnorm.num_batches_tracked\ttorch.int64\t[]";
    let conv = "tensor\tconv1.weight\ttorch.float32\t[2, 1, 3, 3]";
    assert!(output.contains(norm) && output.contains(conv), "{output}");
}

/// Needs no PyTorch: the bytes are those of a file that PyTorch itself wrote, but for the mark in its header.
#[test]
fn our_file_holds_the_bytes_of_pytorchs() {
    let theirs = std::fs::read(fixture("small.safetensors")).unwrap();
    let mut net = Small::new_boxed(1);
    net.load_safetensors_bytes(&theirs).unwrap();
    let ours = net.to_safetensors().unwrap();
    let (ours, theirs) = (SafeTensors::deserialize(&ours).unwrap(), SafeTensors::deserialize(&theirs).unwrap());
    assert_eq!(ours.names().len(), 12);
    for (name, tensor) in theirs.iter() {
        assert_eq!(ours.tensor(name).unwrap(), tensor);
    }
}

/// And they are those that the format's own crate writes.
#[test]
fn our_file_is_that_of_the_formats_own_crate() {
    let written = |file: &[u8]| {
        let tensors = SafeTensors::deserialize(file).unwrap();
        let mark = [("format".to_owned(), "pt".to_owned())].into();
        safetensors::serialize(tensors.iter(), Some(mark)).unwrap()
    };
    let [small, wide, block] = [
        Small::new_boxed(1).to_safetensors().unwrap(),
        Wide::new_boxed(1).to_safetensors().unwrap(),
        Block::new_boxed(1).to_safetensors().unwrap(),
    ];
    for file in [small, wide, block] {
        assert!(file == written(&file), "{}", String::from_utf8_lossy(&file[..file.len().min(800)]));
    }
}

#[test]
fn all_faults_come_in_one_error_and_change_nothing() {
    let bytes = std::fs::read(fixture("small.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors: Vec<_> = file.iter().map(|(name, tensor)| (name.to_owned(), tensor)).collect();
    let zeros = [0; 512];
    let count = (-1i64).to_le_bytes();
    for (name, tensor) in &mut tensors {
        match name.as_str() {
            "out.bias" => *name = "out.b".to_owned(),
            "out.weight" => *tensor = TensorView::new(Dtype::F32, vec![8, 3], tensor.data()).unwrap(),
            "norm.bias" => *tensor = TensorView::new(Dtype::F64, vec![2], &zeros[..16]).unwrap(),
            "conv1.weight" => *tensor = TensorView::new(Dtype::I32, vec![18], &zeros[..72]).unwrap(),
            "norm.num_batches_tracked" => *tensor = TensorView::new(Dtype::I64, vec![], &count).unwrap(),
            _ => {}
        }
    }
    let path = folder("faults").join("wrong.safetensors");
    std::fs::write(&path, safetensors::serialize(tensors, None).unwrap()).unwrap();

    let mut net = Small::new_boxed(2);
    let before = plain::bytes(&*net).to_vec();
    let error = net.load_safetensors(&path).unwrap_err().to_string();
    let (first, rest) = error.split_once('\n').unwrap();
    assert_eq!(first, format!("{} does not fit the network `Small`; nothing was loaded:", path.display()));
    let expected = "  \
  `conv1.weight` has shape [18] in the file and [2, 1, 3, 3] in the network
  `conv1.weight` is I32 in the file and F32 in the network: convert it on the PC before saving, in PyTorch with `.float()`
  `norm.bias` is F64 in the file and F32 in the network: convert it on the PC before saving, in PyTorch with `.float()`
  `norm.num_batches_tracked` counts -1, which is negative or too large
  `out.weight` has shape [8, 3] in the file and [3, 8] in the network
  `out.bias` [3] is missing
  `out.b` [3] is in the file and not in the network";
    assert_eq!(rest, expected);
    assert_eq!(plain::bytes(&*net), before, "nothing was loaded");
}

#[test]
fn every_cut_lists_the_tensors_that_it_hits() {
    let bytes = std::fs::read(fixture("small.safetensors")).unwrap();
    let data = 8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize;
    let file = SafeTensors::read_metadata(&bytes).unwrap().1;
    let mut net = Small::new_boxed(2);
    let before = plain::bytes(&*net).to_vec();
    for length in 0..bytes.len() {
        let error = net.load_safetensors_bytes(&bytes[..length]).unwrap_err();
        assert_eq!(plain::bytes(&*net), before);
        if length < data {
            assert!(matches!(error, WeightsError::Header { .. }), "{error}");
        } else {
            let cut = file.offset_keys().iter().filter(|key| data + file.info(key).unwrap().data_offsets.1 > length).count();
            let listed = faults(Err(error));
            assert_eq!(listed.iter().filter(|fault| matches!(fault, Fault::Truncated { .. })).count(), cut);
            assert_eq!(listed.len(), cut);
        }
    }
}

#[test]
fn parts_are_read_by_prefix() {
    let bytes = std::fs::read(fixture("small.safetensors")).unwrap();
    let mut whole = Small::new_boxed(2);
    whole.load_safetensors_bytes(&bytes).unwrap();

    let mut net = Small::new_boxed(2);
    let fresh = Small::new_boxed(2);
    net.loading().part("blocks.1").file(fixture("small.safetensors")).unwrap();
    assert_eq!(net.blocks[1].fc.weight, whole.blocks[1].fc.weight);
    assert_eq!(net.blocks[0].fc.weight, fresh.blocks[0].fc.weight);
    assert_eq!(net.out.weight, fresh.out.weight);
    // One block from another's place; a block alone from the file of the whole; a whole from a file where it is a part.
    net.loading().part("blocks.0").prefix("blocks.1").bytes(&bytes).unwrap();
    assert_eq!(net.blocks[0].fc.weight, whole.blocks[1].fc.weight);
    let mut block = plain::boxed::<Block>();
    block.loading().prefix("blocks.0").file(fixture("small.safetensors")).unwrap();
    assert_eq!(block.fc.bias, whole.blocks[0].fc.bias);
    // `out` is no prefix of `outer`, nor a part without its tensors one of the file's.
    let alone = block.to_safetensors().unwrap();
    let missing = faults(net.loading().part("blocks.0").prefix("fc2").bytes(&alone).map(drop));
    assert_eq!(missing.len(), 2, "{missing:?}");
    let error = net.loading().part("block").prefix("").bytes(&bytes).unwrap_err().to_string();
    assert_eq!(error, "the network `Small` has no part `block`: its parts are `conv1`, `norm`, `blocks`, `out`");
    let error = block.load_safetensors_bytes(&bytes).unwrap_err().to_string();
    assert!(
        error.ends_with("\n  all that is missing is there under `blocks.0`: read it with `net.loading().prefix(\"blocks.0\")`"),
        "{error}"
    );
    // What else lies under the part is still a fault.
    let faults = faults(block.loading().prefix("out").bytes(&bytes).map(drop));
    assert!(faults.iter().any(|fault| matches!(fault, Fault::Extra { key, file } if key == "out.bias" && file.sizes() == [3])));
}

network! {
    /// The begin of `Small`, as a part: its keys are those of a flat network's.
    struct Body: [1, 6, 6] -> [2, 2, 2] {
        conv1: Conv2d(2, kernel = 3, bias = false),
        norm: BatchNorm,
        Relu,
        MaxPool2d(2),
    }
}

network! {
    /// And what goes on from it.
    struct Headed: [1, 6, 6] -> [4] {
        body: Body -> [2, 2, 2],
        Flatten,
        head: Dense(4),
    }
}

/// The names of what was ignored.
fn ignored(loaded: &Loaded) -> Vec<String> {
    assert_eq!(loaded.ignored.iter().count(), loaded.ignored.len(), "with `std` all are kept");
    loaded.ignored.iter().map(|fault| fault.key().to_string()).collect()
}

/// `blocks` and `out`, in the file's order.
const BEHIND: [&str; 6] = ["blocks.0.fc.bias", "blocks.0.fc.weight", "blocks.1.fc.bias", "blocks.1.fc.weight", "out.bias", "out.weight"];

#[test]
fn a_flat_networks_file_is_read_into_a_body() {
    let bytes = std::fs::read(fixture("small.safetensors")).unwrap();
    let mut whole = Small::new_boxed(2);
    whole.load_safetensors_bytes(&bytes).unwrap();

    // Alone: what it does not have is an error, unless it may be ignored.
    let mut body = plain::boxed::<Body>();
    let error = body.load_safetensors_bytes(&bytes).unwrap_err().to_string();
    assert!(error.contains("`out.bias` [3] is in the file and not in the network"), "{error}");
    assert!(error.ends_with("\n  all else fits: `net.loading().ignore_unknown()` leaves these alone"), "{error}");
    assert!(plain::bytes(&*body).iter().all(|byte| *byte == 0));
    let loaded = body.loading().ignore_unknown().file(fixture("small.safetensors")).unwrap();
    let mut names = ignored(&loaded);
    names.sort();
    assert_eq!(names, BEHIND);
    assert!(loaded.to_string().contains("\n  `out.bias` [3] is in the file and not in the network"), "{loaded}");
    assert_eq!((body.conv1.weight, body.norm.running_var), (whole.conv1.weight, whole.norm.running_var));

    // As a part of a network; the rest of it stays.
    let mut net = Headed::new_boxed(3);
    let fresh = Headed::new_boxed(3);
    let missing = net.loading().part("body").bytes(&bytes).unwrap_err().to_string();
    let told = "\n  all that is missing is there without a prefix: read it with `net.loading().prefix(\"\")`";
    assert!(missing.ends_with(told), "{missing}");
    assert_eq!(plain::bytes(&*net), plain::bytes(&*fresh));
    let loaded = net.loading().part("body").prefix("").ignore_unknown().bytes(&bytes).unwrap();
    assert_eq!(loaded.ignored.len(), BEHIND.len());
    assert_eq!(plain::bytes(&net.body), plain::bytes(&*body));
    assert_eq!(plain::bytes(&net.head), plain::bytes(&fresh.head));

    // By the names of layers, without leave to ignore anything.
    let mut net = Headed::new_boxed(3);
    let loaded = net.loading().part("body").prefix("").layers(&["conv1", "norm"]).bytes(&bytes).unwrap();
    assert!(loaded.ignored.is_empty());
    assert_eq!(plain::bytes(&net.body), plain::bytes(&*body));
    // Some of them.
    let mut net = Headed::new_boxed(3);
    net.loading().part("body").prefix("").layers(&["conv1"]).bytes(&bytes).unwrap();
    assert_eq!(net.body.conv1.weight, whole.conv1.weight);
    assert_eq!(plain::bytes(&net.body.norm), plain::bytes(&fresh.body.norm));
    // Layers of a whole network and deep ones.
    let mut net = Small::new_boxed(4);
    net.loading().layers(&["blocks.1", "out"]).bytes(&bytes).unwrap();
    assert_eq!((net.blocks[1].fc.weight, net.out.bias), (whole.blocks[1].fc.weight, whole.out.bias));
    assert_eq!(net.blocks[0].fc.weight, Small::new_boxed(4).blocks[0].fc.weight);

    // From memory, layer by layer.
    let mut net = Headed::new_boxed(3);
    net.body.conv1.copy_from(&whole.conv1);
    net.body.norm.copy_from(&whole.norm);
    assert_eq!(plain::bytes(&net.body), plain::bytes(&*body));
}

#[test]
fn what_is_selected_must_be_there_and_fit() {
    let bytes = std::fs::read(fixture("small.safetensors")).unwrap();
    let mut net = Headed::new_boxed(3);
    let before = plain::bytes(&*net).to_vec();
    let told = |error: WeightsError| error.to_string();
    let error = told(net.loading().part("body").prefix("").layers(&["conv1", "conv2"]).bytes(&bytes).unwrap_err());
    assert_eq!(error, "the network `Headed` has no part `body.conv2`: the parts of `body` are `conv1`, `norm`");
    // `conv` is no layer, though `conv1` begins with it.
    let error = told(net.loading().part("body").prefix("").layers(&["conv"]).bytes(&bytes).unwrap_err());
    assert_eq!(error, "the network `Headed` has no part `body.conv`: the parts of `body` are `conv1`, `norm`");
    // What the file lacks and what has another shape is a fault, whatever may be ignored; all are listed and nothing changes.
    let error = told(net.loading().prefix("out").ignore_unknown().bytes(&bytes).unwrap_err());
    assert_eq!(error.matches(" is missing").count(), 7, "{error}");
    let listed = faults(net.loading().layers(&["head"]).ignore_unknown().bytes(&bytes).map(drop));
    assert!(matches!(listed[..], [Fault::Missing { .. }, Fault::Missing { .. }]), "{listed:?}");
    let listed = faults(net.loading().part("head").prefix("out").ignore_unknown().bytes(&bytes).map(drop));
    assert!(matches!(listed[..], [Fault::Shape { .. }, Fault::Shape { .. }]), "{listed:?}");
    // Within a layer that is asked for, what is unknown stays a fault.
    let mut block = plain::boxed::<Block>();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let more = TensorView::new(Dtype::F32, vec![1], &[0; 4]).unwrap();
    let tensors = file.iter().map(|(name, tensor)| (name.replacen("blocks.0.", "", 1), tensor)).chain([("fc.scale".to_owned(), more)]);
    let written = safetensors::serialize(tensors, None).unwrap();
    let listed = faults(block.loading().layers(&["fc"]).bytes(&written).map(drop));
    assert!(matches!(listed[..], [Fault::Extra { key, .. }] if &key == "fc.scale"), "{listed:?}");
    assert_eq!(ignored(&block.loading().layers(&["fc"]).ignore_unknown().bytes(&written).unwrap()), ["fc.scale"]);
    assert_eq!(plain::bytes(&*net), before);
}

/// PyTorch counts in I64; other programs convert every tensor alike.
#[test]
fn a_counter_is_read_from_every_type_that_counts() {
    let bytes = std::fs::read(fixture("small.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let with = |dtype: Dtype, count: &[u8]| {
        let tensors = file.iter().map(|(name, tensor)| {
            let is_count = name == "norm.num_batches_tracked";
            (name, if is_count { TensorView::new(dtype, vec![], count).unwrap() } else { tensor })
        });
        safetensors::serialize(tensors, None).unwrap()
    };
    for (dtype, count) in [
        (Dtype::F32, &1234_f32.to_le_bytes()[..]),
        (Dtype::F64, &1234_f64.to_le_bytes()),
        (Dtype::F16, &0x64d2_u16.to_le_bytes()),
        (Dtype::BF16, &[0x9a, 0x44]),
        (Dtype::I16, &1234_i16.to_le_bytes()),
        (Dtype::U16, &1234_u16.to_le_bytes()),
        (Dtype::I32, &1234_i32.to_le_bytes()),
        (Dtype::U32, &1234_u32.to_le_bytes()),
        (Dtype::I64, &1234_i64.to_le_bytes()),
        (Dtype::U64, &1234_u64.to_le_bytes()),
    ] {
        let file = with(dtype, count);
        let expected = if dtype == Dtype::BF16 { 1232 } else { 1234 };
        let (mut net, mut wide) = (Small::new_boxed(1), Wide::new_boxed(1));
        net.load_safetensors_bytes(&file).unwrap();
        wide.load_safetensors_bytes(&file).unwrap();
        assert_eq!((net.norm.num_batches_tracked, wide.norm.num_batches_tracked), (expected, u64::from(expected)), "{dtype:?}");
        // While compiling, where numbers are not converted, a count is no matter of precision.
        assert_eq!(Small::from_safetensors(&file).norm.num_batches_tracked, expected, "{dtype:?}");
    }
    let mut net = Small::new_boxed(1);
    let before = plain::bytes(&*net).to_vec();
    for (dtype, count, told) in [
        (Dtype::F32, &0.5_f32.to_le_bytes()[..], "counts no whole number below 2^63"),
        (Dtype::F32, &f32::NAN.to_le_bytes(), "counts no whole number below 2^63"),
        (Dtype::F64, &f64::INFINITY.to_le_bytes(), "counts no whole number below 2^63"),
        (Dtype::U64, &u64::MAX.to_le_bytes(), "counts no whole number below 2^63"),
        (Dtype::F32, &(-3_f32).to_le_bytes(), "counts -3, which is negative or too large"),
        (Dtype::I8, &[0xff], "counts -1, which is negative or too large"),
        (Dtype::F64, &4294967296_f64.to_le_bytes(), "counts 4294967296, which is negative or too large"),
        (Dtype::BOOL, &[1], "is BOOL in the file and I64 in the network: convert it on the PC before saving, in PyTorch with `.long()`"),
    ] {
        let error = net.load_safetensors_bytes(&with(dtype, count)).unwrap_err().to_string();
        assert!(error.ends_with(&format!("`norm.num_batches_tracked` {told}")), "{error}");
    }
    assert_eq!(plain::bytes(&*net), before);
}

/// Counts in a row, in a layer of one's own.
#[derive(Plain)]
#[repr(C)]
struct Seen {
    #[plain(state)]
    seen: [u32; 3],
}

impl SampleLayer for Seen {
    type Input = [f32; 2];
    type Output = [f32; 2];
    type Kind = Real;
    type Saved = ();
    fn infer(&self, _: &[f32; 2], _: &mut [f32; 2]) {}
    fn backward(&self, _: &[f32; 2], _: &[f32; 2], (): &(), _: &[f32; 2], _: &mut [f32; 2], _: &mut Self) {}
}

#[test]
fn every_count_of_a_tensor_is_read_and_judged() {
    let mut layer = plain::boxed::<Seen>();
    layer.seen = [1, 2, u32::MAX];
    let file = layer.to_safetensors().unwrap();
    let mut other = plain::boxed::<Seen>();
    other.load_safetensors_bytes(&file).unwrap();
    assert_eq!(other.seen, layer.seen);
    let with = |dtype, data: &[u8]| safetensors::serialize([("seen", TensorView::new(dtype, vec![3], data).unwrap())], None).unwrap();
    other.load_safetensors_bytes(&with(Dtype::U8, &[7, 8, 255])).unwrap();
    assert_eq!(other.seen, [7, 8, 255]);
    let fault = faults(other.load_safetensors_bytes(&with(Dtype::I8, &[7, 8, 255])))[0];
    assert!(matches!(fault, Fault::Count { value: Some(-1), .. }), "{fault}");
    assert_eq!(other.seen, [7, 8, 255]);
    other.load_safetensors_bytes(&safetensors::serialize::<&str, TensorView<'_>, _>([], None).unwrap()).unwrap();
    assert_eq!(other.seen, [0; 3]);
}

#[test]
fn an_absent_counter_counts_as_zero() {
    let bytes = std::fs::read(fixture("small.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let without = file.iter().filter(|(name, _)| *name != "norm.num_batches_tracked");
    let mut net = Small::new_boxed(2);
    net.norm.num_batches_tracked = 3;
    net.load_safetensors_bytes(&safetensors::serialize(without, None).unwrap()).unwrap();
    assert_eq!(net.norm.num_batches_tracked, 0);
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = folder("atomic");
    let path = folder.join("net.safetensors");
    let net = Small::new_boxed(1);
    net.save_safetensors(&path).unwrap();
    let first = std::fs::read(&path).unwrap();
    Small::new_boxed(2).save_safetensors(&path).unwrap();
    assert_ne!(std::fs::read(&path).unwrap(), first);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");

    assert!(matches!(net.save_safetensors(&folder), Err(FileError::Write { .. })));
    assert!(matches!(net.save_safetensors(folder.join("no/net.safetensors")), Err(FileError::Write { .. })));
    assert!(matches!(net.save_safetensors(""), Err(FileError::Write { .. })));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);

    // While it is replaced over and over, a reader finds it whole every time.
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for seed in 0..10 {
                Small::new_boxed(seed).save_safetensors(&path).unwrap();
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            Small::new_boxed(0).load_safetensors(&path).unwrap();
        }
    });
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_permissions_and_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("permissions");
    let (path, link) = (folder.join("net.safetensors"), folder.join("link.safetensors"));
    let net = Small::new_boxed(1);
    net.save_safetensors(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&path, &link).unwrap();
    Small::new_boxed(2).save_safetensors(&link).unwrap();
    assert!(link.is_symlink());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn reading_says_which_file() {
    let path = folder("none").join("none.safetensors");
    let error = Small::new_boxed(1).load_safetensors(&path).unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot read {}: ", path.display())), "{error}");
    let error = Small::new_boxed(1).load_safetensors(fixture("small.csv")).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{} is no safetensors file: its first 8 bytes ", fixture("small.csv").display())), "{error}");
}

network! {
    struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        Relu,
        MaxPool2d(2),
        Flatten,
        fc1: Dense(120),
        Relu,
        fc2: Dense(84),
        Relu,
        logits: Dense(10),
    }
}

network! {
    struct Blocks: [2, 8, 8] -> [4, 4, 4] {
        block1: Residual {
            main: { conv1: Conv2d(4, kernel = 3, stride = 2, padding = 1, remainder = Ignore), norm: BatchNorm },
            skip: {
                #[key("downsample.0")]
                conv: Conv2d(4, kernel = 2, stride = 2, bias = false),
            },
        },
        depth: DepthwiseConv2d(kernel = 3, padding = 1, bias = false),
    }
}

/// The keys and shapes of a network's file.
fn contents(file: &[u8]) -> Vec<(String, Vec<usize>)> {
    let file = SafeTensors::deserialize(file).unwrap();
    let mut contents: Vec<_> = file.iter().map(|(name, tensor)| (name.to_owned(), tensor.shape().to_vec())).collect();
    contents.sort();
    contents
}

fn listed(expected: &[(&str, &[usize])]) -> Vec<(String, Vec<usize>)> {
    expected.iter().map(|(name, shape)| ((*name).to_owned(), shape.to_vec())).collect()
}

#[test]
fn keys_and_shapes_are_those_of_state_dict() {
    let expected: [(&str, &[usize]); 10] = [
        ("conv1.bias", &[6]),
        ("conv1.weight", &[6, 1, 5, 5]),
        ("conv2.bias", &[16]),
        ("conv2.weight", &[16, 6, 5, 5]),
        ("fc1.bias", &[120]),
        ("fc1.weight", &[120, 256]),
        ("fc2.bias", &[84]),
        ("fc2.weight", &[84, 120]),
        ("logits.bias", &[10]),
        ("logits.weight", &[10, 84]),
    ];
    assert_eq!(contents(&LeNet5::new_boxed(1).to_safetensors().unwrap()), listed(&expected));
    let expected: [(&str, &[usize]); 9] = [
        ("block1.conv1.bias", &[4]),
        ("block1.conv1.weight", &[4, 2, 3, 3]),
        ("block1.norm.bias", &[4]),
        ("block1.norm.num_batches_tracked", &[]),
        ("block1.norm.running_mean", &[4]),
        ("block1.norm.running_var", &[4]),
        ("block1.norm.weight", &[4]),
        ("block1.skip.downsample.0.weight", &[4, 2, 2, 2]),
        ("depth.weight", &[4, 1, 3, 3]),
    ];
    assert_eq!(contents(&Blocks::new_boxed(1).to_safetensors().unwrap()), listed(&expected));
}
