//! Weights that are compiled in: what a `static` holds is what loading at run time gives, and wrong ones are refused.
#![cfg(test)]

#[path = "fixtures/safetensors/small.rs"]
mod small;

use nn_core::layer::Dense;
use nn_core::prelude::*;
use nn_core::{One, Scratch, plain};
use small::Small;

const FILE: &[u8] = include_bytes!("fixtures/safetensors/small.safetensors");

static SMALL: Small = Small::from_safetensors(FILE);

#[test]
fn a_static_holds_what_loading_gives() {
    let mut loaded = Small::new_boxed(1);
    loaded.load_safetensors_bytes(FILE).unwrap();
    assert_eq!(plain::bytes(&SMALL), plain::bytes(&*loaded));
    assert_eq!(SMALL.norm.num_batches_tracked, 5);
    let x = [[[0.25; 6]; 6]; 1];
    assert_eq!(SMALL.predict(&x), loaded.predict(&x));
}

network! {
    #[scalar(f64)]
    struct Wide: [1, 6, 6] -> [3] {
        #[key("conv1")]
        first: Conv2d(2, kernel = 3, bias = false),
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

static WIDE: Wide = Wide::from_safetensors(include_bytes!("fixtures/safetensors/small_f64.safetensors"));

#[test]
fn numbers_of_f64_and_renamed_keys_are_compiled_in_too() {
    let mut loaded = Wide::new_boxed(1);
    loaded.load_safetensors_bytes(include_bytes!("fixtures/safetensors/small_f64.safetensors")).unwrap();
    assert_eq!(plain::bytes(&WIDE), plain::bytes(&*loaded));
    assert!(WIDE.first.weight[1][0][2][2] != 0.0 && WIDE.norm.num_batches_tracked == 5);
}

network! {
    /// To the byte: what its weights take, and values that share memory: 6 × 24 × 24 with what follows two layers later, 6 × 12 × 12 likewise.
    #[budget(flash = 177_704, ram = 17_280)]
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

#[test]
fn sizes_are_those_of_what_is_used() {
    assert_eq!(LeNet5::FLASH_BYTES, 4 * LeNet5::PARAMETERS);
    assert_eq!(LeNet5::INFERENCE_RAM, 4 * (6 * 24 * 24 + 6 * 12 * 12));
    assert_eq!(Small::FLASH_BYTES, size_of_val(&SMALL));
    assert_eq!(Wide::FLASH_BYTES, size_of_val(&WIDE));
    // What `predict_into` is given.
    let workspace = <Small as Layer>::Workspace::<One>::new();
    assert_eq!(Small::INFERENCE_RAM, size_of_val(&workspace));
    // What `conv1` gives and what `norm` makes of it; all that follows fits in there, but for 8 values between the blocks.
    assert_eq!(Small::INFERENCE_RAM, 4 * (2 * (2 * 4 * 4) + 8));
}

/// What the reader says when it panics.
fn complaint<L: Layer>(file: &[u8]) -> String {
    let refused = std::panic::catch_unwind(|| plain::bytes(&nn_core::file::from_safetensors::<L>(file)).len());
    *refused.expect_err("this is wrong").downcast::<String>().unwrap()
}

#[test]
fn every_fault_is_told() {
    let text = complaint::<Dense<8, 3>>(FILE);
    assert!(
        text.starts_with("the file does not fit the network `Dense`:\n  `weight` [3, 8] is missing\n  `bias` [3] is missing\n"),
        "{text}"
    );
    assert!(text.contains("\n  `blocks.0.fc.bias` [8] is in the file and not in the network\n"), "{text}");
    assert!(text.ends_with("\n  all that is missing is there under `out`: save that part alone"), "{text}");
    for (file, end) in [
        (&FILE[..7], "it is shorter than the 8 bytes before its header"),
        (&FILE[..100], " bytes ends behind its end"),
        (b"\x02\0\0\0\0\0\0\0[]", "its header is wrong: `{` should be at byte 0"),
    ] {
        let text = complaint::<Small>(file);
        assert!(text.starts_with("this is no safetensors file: ") && text.ends_with(end), "{text}");
    }
    let text = complaint::<Small>(&FILE[..FILE.len() - 1]);
    assert!(text.contains("is cut off: the file holds 7 of its 8 bytes") || text.contains("is cut off: the file holds "), "{text}");
    // Types are exact: what is converted, is converted on the PC.
    let half = complaint::<Small>(include_bytes!("fixtures/safetensors/small_f16.safetensors"));
    let told = "`out.bias` is F16 in the file and F32 in the network: convert it on the PC before saving, in PyTorch with `.float()`";
    assert!(half.contains(told) && half.matches("F16").count() == 11, "{half}");
}
