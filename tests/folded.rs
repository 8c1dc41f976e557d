//! Networks with their normalisation folded: they take the same file, and predict the same to rounding.
#![cfg(test)]
#![allow(clippy::unnecessary_box_returns, reason = "networks lie on the heap")]

use nn_core::prelude::*;
use nn_core::{file::FileError, file::WeightsError, plain};

network! {
    /// Every layer that a normalisation can follow, with and without biases, in every kind of block, and some that stay.
    struct Net: [2, 10, 9] -> [4] {
        start: BatchNorm,                                       // nothing before it
        conv1: Conv2d(6, kernel = 3, stride = 2, padding = 1, remainder = Ignore),
        #[key("bn.0")]
        norm1: BatchNorm(epsilon = 1e-3),
        Relu,
        norm2: BatchNorm,                                       // an activation between
        block: Residual {
            main: {
                conv1: DepthwiseConv2d(kernel = 3, padding = Same, bias = false),
                norm1: BatchNorm,
                Relu,
                conv2: Conv2d(6, kernel = 1, bias = false),
                norm2: BatchNorm(momentum = 0.5),
            },
            skip: {
                #[key("downsample.0")]
                conv: Conv2d(6, kernel = 1, groups = 2),
                #[key("downsample.1")]
                norm: BatchNorm,
            },
        },
        Concat { a: { conv: Conv2d(2, kernel = 1), norm: BatchNorm }, b: { Identity } },
        Flatten,
        fc1: Dense(8),
        norm3: BatchNorm,
        Tanh,
        blocks: Repeat(2) {
            fc: Dense(8, bias = false),
            norm: BatchNorm,
            Relu,
        },
        plain: Scaled -> [8],
        #[frozen]
        fc2: Dense(4),
        #[frozen]
        norm4: BatchNorm,
        Softmax,
    }
}

network! {
    /// Another network keeps its own normalisation. Only folded does it fit the budget, which is of what firmware holds.
    #[budget(flash = 320, ram = 0)]
    struct Scaled: [8] -> [8] { fc: Dense(8), norm: BatchNorm }
}

network! {
    #[scalar(f64)]
    struct Wide<const H: usize>: [3, 12] -> [2] {
        conv: Conv1d(H, kernel = 3),
        norm: BatchNorm,
        Relu,
        GlobalAvgPool,
        fc: Dense(2),
        last: BatchNorm,
    }
}

network! {
    /// Nothing to fold: there is no `UnfoldedFolded`.
    #[allow(dead_code)]
    struct Unfolded: [2] -> [2] { norm: BatchNorm, fc: Dense(2), Relu, out: Dense(2) }
}
#[allow(dead_code)]
struct UnfoldedFolded;

/// Statistics and factors such as training leaves.
fn trained<N: Network>(seed: u64) -> Box<N> {
    let mut net = N::new_boxed(seed);
    let mut random = Stream::new(&[seed]);
    let mut draw = |key: &str| match key.rsplit('.').next().unwrap_or_default() {
        "running_var" => random.uniform(0.2, 3.0),
        "running_mean" | "bias" => random.uniform(-0.5, 0.5),
        _ => random.uniform(0.5, 1.5),
    };
    let mut places = vec![];
    N::SPEC.visit(|leaf| places.push((leaf.key.to_string(), leaf.offset, leaf.shape)));
    for (key, offset, shape) in places {
        let is_norm = shape.sizes().len() == 1;
        let size = size_of::<N::Scalar>();
        if !is_norm {
            continue;
        }
        for i in 0..shape.len() {
            let value = draw(&key);
            let bytes = &mut plain::bytes_mut(&mut *net)[offset + i * size..][..size];
            if size == 4 {
                #[allow(clippy::cast_possible_truncation, reason = "as the network has it")]
                bytes.copy_from_slice(&(value as f32).to_ne_bytes());
            } else {
                bytes.copy_from_slice(&value.to_ne_bytes());
            }
        }
    }
    net
}

/// The largest difference of two networks' outputs, beside the largest output.
fn difference<A: Network, B: Network<Input = A::Input, Output = A::Output, Scalar = A::Scalar>>(a: &A, b: &B, kernels: Kernels) -> f64 {
    let mut random = Stream::new(&[9]);
    let (mut worst, mut largest) = (0.0_f64, 0.0_f64);
    for _ in 0..200 {
        let mut x = A::Input::ZEROED;
        for x in x.flat_mut() {
            *x = A::Scalar::from_f64(random.normal());
        }
        let (y, z) = (a.predict_with(kernels, &x), b.predict_with(kernels, &x));
        for (y, z) in y.flat().iter().zip(z.flat()) {
            worst = worst.max((y.to_f64() - z.to_f64()).abs());
            largest = largest.max(y.to_f64().abs());
        }
    }
    worst / largest
}

#[test]
fn folded_networks_predict_the_same_to_rounding() {
    let net = trained::<Net>(3);
    let mut folded = plain::boxed::<NetFolded>();
    folded.fold_from(&net);
    for kernels in [Kernels::Portable, Kernels::detect()] {
        let error = difference(&*net, &*folded, kernels);
        println!("f32, {kernels:?}: {error:e} of the largest output");
        assert!(error < 2e-6, "{error:e}");
        assert!(error > 0.0, "folding rounds otherwise: the networks are not the same");
    }
    let net = trained::<Wide<5>>(4);
    let folded = WideFolded::from(&*net);
    let error = difference(&*net, &folded, Kernels::Portable);
    assert!(error < 1e-14, "{error:e}");
}

#[test]
fn they_take_the_same_file() {
    let net = trained::<Net>(3);
    let file = net.to_safetensors().unwrap();
    let mut by_memory = plain::boxed::<NetFolded>();
    by_memory.fold_from(&net);
    let mut by_file = NetFolded::new_boxed(1);
    by_file.load_safetensors_bytes(&file).unwrap();
    assert_eq!(plain::bytes(&*by_file), plain::bytes(&*by_memory));
    // As a constant would.
    assert_eq!(plain::bytes(&NetFolded::from_safetensors(&file)), plain::bytes(&*by_memory));
    // A part with its normalisation, and a part without.
    let mut part = NetFolded::new_boxed(1);
    part.loading().part("block").bytes(&file).unwrap();
    assert_eq!(plain::bytes(&part.block), plain::bytes(&by_file.block));
    assert_ne!(plain::bytes(&part.fc1), plain::bytes(&by_file.fc1));
    // One of the two says nothing, by whichever name; both together do.
    assert!(matches!(part.loading().part("conv1").bytes(&file), Err(WeightsError::NoPart { .. })));
    assert!(matches!(part.loading().layers(&["fc1", "conv1"]).bytes(&file), Err(WeightsError::NoPart { .. })));
    part.loading().layers(&["conv1", "bn.0"]).bytes(&file).unwrap();
    assert_eq!(plain::bytes(&part.conv1), plain::bytes(&by_file.conv1));
    assert_ne!(plain::bytes(&part.fc1), plain::bytes(&by_file.fc1));
    assert!(matches!(by_file.to_safetensors(), Err(FileError::Folded { network: "NetFolded" })));
}

#[test]
fn a_wrong_file_is_told_in_the_files_own_names() {
    let net = trained::<Net>(3);
    let file = net.to_safetensors().unwrap();
    let text = String::from_utf8_lossy(&file).into_owned();
    assert!(text.contains("\"bn.0.running_var\"") && text.contains("\"block.skip.downsample.1.weight\""));
    // A name of the same length, so that nothing else changes.
    let mut renamed = file.clone();
    let at = file.windows(16).position(|bytes| bytes == b"bn.0.running_var").unwrap();
    renamed[at..at + 16].copy_from_slice(b"bn.0.running_vax");
    let mut folded = NetFolded::new_boxed(1);
    let before = plain::bytes(&*folded).to_vec();
    let error = folded.load_safetensors_bytes(&renamed).unwrap_err().to_string();
    let told = "\n  `bn.0.running_var` [6] is missing\n  `bn.0.running_vax` [6] is in the file and not in the network";
    assert!(error.ends_with(told) && error.matches('\n').count() == 2, "{error}");
    assert_eq!(plain::bytes(&*folded), before);
}

#[test]
fn what_is_folded_takes_less() {
    // Weights and two numbers a channel instead of five or four and a counter.
    let bytes = |channels: usize, biases: usize| 4 * (4 * channels + 1 + biases - 2 * channels);
    let saved = bytes(6, 6) + bytes(6, 0) + bytes(6, 0) + bytes(6, 6) + bytes(2, 2) + bytes(8, 8) + 2 * bytes(8, 0) + bytes(4, 4);
    assert_eq!(Net::FLASH_BYTES - NetFolded::FLASH_BYTES, saved);
    const { assert!(NetFolded::INFERENCE_RAM < Net::INFERENCE_RAM) };
    let summary = NetFolded::new_boxed(1).to_string();
    assert!(
        summary.contains("conv1: Conv2d(6, kernel = 3, stride = 2, padding = 1, remainder = Ignore) with BatchNorm(epsilon = 1e-3)"),
        "{summary}"
    );
    assert!(!summary.contains("frozen"), "{summary}");
}
