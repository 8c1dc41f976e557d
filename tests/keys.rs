//! Keys that others chose: every name of torchvision's ResNet-18 can be said.
#![allow(missing_docs, reason = "a test")]

use std::collections::BTreeMap;

use nn_core::plain;
use nn_core::prelude::*;
use nn_core::spec::Dtype;

network! {
    /// ResNet-18 with a sixteenth of its channels.
    pub struct ResNet18: [3, 32, 32] -> [10] {
        conv1: Conv2d(4, kernel = 7, stride = 2, padding = 3, bias = false),
        bn1: BatchNorm,
        Relu,
        MaxPool2d(3, stride = 2, padding = 1),
        #[key("layer1.0")]
        layer1a: Residual {
            main: {
                conv1: Conv2d(4, kernel = 3, padding = 1, bias = false), bn1: BatchNorm, Relu,
                conv2: Conv2d(4, kernel = 3, padding = 1, bias = false), bn2: BatchNorm,
            },
        },
        Relu,
        #[key("layer1.1")]
        layer1b: Residual {
            main: {
                conv1: Conv2d(4, kernel = 3, padding = 1, bias = false), bn1: BatchNorm, Relu,
                conv2: Conv2d(4, kernel = 3, padding = 1, bias = false), bn2: BatchNorm,
            },
        },
        Relu,
        #[key("layer2.0")]
        layer2a: Residual {
            main: {
                conv1: Conv2d(8, kernel = 3, stride = 2, padding = 1, bias = false), bn1: BatchNorm, Relu,
                conv2: Conv2d(8, kernel = 3, padding = 1, bias = false), bn2: BatchNorm,
            },
            #[key("downsample")]
            skip: { #[key("0")] conv: Conv2d(8, kernel = 1, stride = 2, remainder = Ignore, bias = false), #[key("1")] norm: BatchNorm },
        },
        Relu,
        #[key("layer2.1")]
        layer2b: Residual {
            main: {
                conv1: Conv2d(8, kernel = 3, padding = 1, bias = false), bn1: BatchNorm, Relu,
                conv2: Conv2d(8, kernel = 3, padding = 1, bias = false), bn2: BatchNorm,
            },
        },
        Relu,
        #[key("layer3.0")]
        layer3a: Residual {
            main: {
                conv1: Conv2d(16, kernel = 3, stride = 2, padding = 1, bias = false), bn1: BatchNorm, Relu,
                conv2: Conv2d(16, kernel = 3, padding = 1, bias = false), bn2: BatchNorm,
            },
            #[key("")]
            skip: {
                #[key("downsample.0")] conv: Conv2d(16, kernel = 1, stride = 2, remainder = Ignore, bias = false),
                #[key("downsample.1")] norm: BatchNorm,
            },
        },
        Relu,
        #[key("layer3.1")]
        layer3b: Residual {
            main: {
                conv1: Conv2d(16, kernel = 3, padding = 1, bias = false), bn1: BatchNorm, Relu,
                conv2: Conv2d(16, kernel = 3, padding = 1, bias = false), bn2: BatchNorm,
            },
        },
        Relu,
        #[key("layer4.0")]
        layer4a: Residual {
            main: {
                conv1: Conv2d(32, kernel = 3, stride = 2, padding = 1, bias = false), bn1: BatchNorm, Relu,
                conv2: Conv2d(32, kernel = 3, padding = 1, bias = false), bn2: BatchNorm,
            },
            #[key("downsample")]
            skip: { #[key("0")] conv: Conv2d(32, kernel = 1, stride = 2, remainder = Ignore, bias = false), #[key("1")] norm: BatchNorm },
        },
        Relu,
        #[key("layer4.1")]
        layer4b: Residual {
            main: {
                conv1: Conv2d(32, kernel = 3, padding = 1, bias = false), bn1: BatchNorm, Relu,
                conv2: Conv2d(32, kernel = 3, padding = 1, bias = false), bn2: BatchNorm,
            },
        },
        Relu,
        GlobalAvgPool,
        fc: Dense(10),
    }
}

/// The keys of torchvision's `resnet18().state_dict()`, in its order.
fn of_torchvision() -> Vec<String> {
    let norm = |key: &str| ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"].map(|of| format!("{key}.{of}"));
    let mut keys = vec!["conv1.weight".to_owned()];
    keys.extend(norm("bn1"));
    for layer in 1..=4 {
        for block in 0..2 {
            let block_key = format!("layer{layer}.{block}");
            for i in 1..=2 {
                keys.push(format!("{block_key}.conv{i}.weight"));
                keys.extend(norm(&format!("{block_key}.bn{i}")));
            }
            if layer > 1 && block == 0 {
                keys.push(format!("{block_key}.downsample.0.weight"));
                keys.extend(norm(&format!("{block_key}.downsample.1")));
            }
        }
    }
    keys.extend(["fc.weight", "fc.bias"].map(str::to_owned));
    keys
}

#[test]
fn every_name_of_resnet_18_can_be_said() {
    let mut keys = vec![];
    <ResNet18 as Layer>::SPEC.visit(|leaf| keys.push(leaf.key.to_string()));
    assert_eq!(keys, of_torchvision());
    assert_eq!(keys.len(), 122);
}

/// Blocks, branches, repetitions and networks in networks under other names, or without.
#[test]
fn blocks_can_go_without_a_name() {
    network! { pub struct Inner: [4] -> [4] { fc: Dense(4, bias = false) } }
    network! {
        pub struct Outer: [4] -> [8] {
            #[key("")]
            block: Residual { main: { a: Dense(4, bias = false) }, #[key("side")] skip: { b: Dense(4, bias = false) } },
            #[key("")]
            blocks: Repeat(2) { c: Dense(4, bias = false) },
            #[key("")]
            inner: Inner -> [4],
            #[key("whole")]
            join: Concat { #[key("")] left: { d: Dense(4, bias = false) }, #[key("r.0")] right: { d: Dense(4, bias = false) } },
        }
    }
    let mut keys = vec![];
    <Outer as Layer>::SPEC.visit(|leaf| keys.push(leaf.key.to_string()));
    assert_eq!(keys, ["a.weight", "side.b.weight", "0.c.weight", "1.c.weight", "fc.weight", "whole.d.weight", "whole.r.0.d.weight"]);
}

/// A file under these names goes into the network, into the folded one too, and comes out again.
#[test]
fn files_have_these_names() -> Result<(), Error> {
    let net = ResNet18::new_boxed(5);
    let path = std::env::temp_dir().join(format!("nn-keys-{}.safetensors", std::process::id()));
    net.save_safetensors(&path)?;
    let bytes = std::fs::read(&path).expect("a file that was just written");
    let file = safetensors::SafeTensors::deserialize(&bytes).expect("a whole file");
    let sizes: BTreeMap<String, usize> = file.iter().map(|(key, tensor)| (key.to_owned(), tensor.shape().iter().product())).collect();
    let mut expected = BTreeMap::new();
    <ResNet18 as Layer>::SPEC.visit(|leaf| {
        expected.insert(leaf.key.to_string(), leaf.shape.len());
        assert!(leaf.dtype == Dtype::F32 || leaf.key.to_string().ends_with("num_batches_tracked"));
    });
    assert_eq!(sizes, expected);
    let mut again = ResNet18::new_boxed(6);
    again.load_safetensors(&path)?;
    assert_eq!(plain::bytes(&*again), plain::bytes(&*net));
    let mut folded = plain::boxed::<ResNet18Folded>();
    folded.load_safetensors(&path)?;
    let x = [[[0.5; 32]; 32]; 3];
    for (a, b) in folded.predict(&x).iter().zip(net.predict(&x)) {
        assert!((a - b).abs() < 1e-4, "{a} and {b}");
    }
    std::fs::remove_file(&path).expect("a file of ours");
    Ok(())
}
