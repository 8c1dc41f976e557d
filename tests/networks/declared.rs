//! What a declaration gives besides its passes: keys, kinds, names, views, and a LeNet-5 to look at.

use nn_core::prelude::*;
use nn_core::{Learns, One, OnlyPredicts, plain};

use crate::passes::{Chain, ConcatUnnamed, EndsSoft};

network! {
    /// As PyTorch's `state_dict` names a residual network's tensors.
    pub struct Keys: [3] -> [3] {
        fc: Dense(3),
        block1: Residual { main: { conv1: Dense(3), bn1: BatchNorm }, skip: { conv: Dense(3) } },
        #[key("layers.0")]
        renamed: Dense(3, bias = false),
        blocks: Repeat(2) { fc: Dense(3, bias = false) },
        both: Concat { a: { fc: Dense(1, bias = false) }, b: { fc: Dense(2, bias = false) } },
        Residual { main: { flat: Dense(3, bias = false) } },
    }
}

#[test]
fn keys_on_disk() {
    let mut keys = vec![];
    Keys::SPEC.visit(|leaf| {
        if leaf.shape.len() > 0 {
            keys.push(leaf.key.to_string());
        }
    });
    let expected = "fc.weight fc.bias block1.conv1.weight block1.conv1.bias block1.bn1.weight block1.bn1.bias block1.bn1.running_mean \
         block1.bn1.running_var block1.bn1.num_batches_tracked block1.skip.conv.weight block1.skip.conv.bias layers.0.weight blocks.0.fc.weight \
         blocks.1.fc.weight both.a.fc.weight both.b.fc.weight flat.weight";
    assert_eq!(keys, expected.split_whitespace().collect::<Vec<_>>());
    let net = Keys::new_boxed(1);
    assert_eq!(net.block1.skip.conv.weight.len(), 3);
    assert_eq!(net.blocks[1].fc.weight.len(), 3);
}

network! {
    struct Perceptron: [2] -> [1] { fc: Dense(1), Step }
}
network! {
    struct WithPerceptron: [2] -> [1] { inner: Perceptron -> [1], fc: Dense(1) }
}
network! {
    struct InABlock: [2] -> [2] { blocks: Repeat(2) { inner: Residual { main: { fc: Perceptron2 -> [2] } } } }
}
network! {
    struct Perceptron2: [2] -> [2] { fc: Dense(2), Step }
}
network! {
    struct YesOrNo: [2] -> [3] { both: Concat { a: { fc: Dense(1), Sigmoid }, b: { fc: Dense(2), Sigmoid } } }
}
network! {
    struct Sure: [2] -> [3] { inner: Surer -> [3] }
}
network! {
    struct Surer: [2] -> [3] { fc: Dense(3), Softmax }
}

#[test]
fn kinds_and_learning_follow_the_layers() {
    fn learning<N: Layer<Learning = L>, L: nn_core::Learning>() {}
    fn kind<N: Layer<Kind = K>, K: nn_core::Kind>() {}
    learning::<Chain, Learns>();
    learning::<Perceptron, OnlyPredicts>();
    learning::<WithPerceptron, OnlyPredicts>();
    kind::<Chain, nn_core::Real>();
    kind::<Surer, nn_core::Probabilities>();
    kind::<Sure, nn_core::Probabilities>();
    kind::<EndsSoft, nn_core::Probabilities>();
    kind::<YesOrNo, nn_core::Bernoulli>();
    kind::<ConcatUnnamed, nn_core::Real>();
    learning::<InABlock, OnlyPredicts>();
}

network! {
    /// LeNet-5 for 28 × 28 grey-scale digits.
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5) -> [16, 8, 8],
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

/// The committed expansion is a program. That it is current is tested where the macro is.
#[allow(unsafe_code, reason = "the markers of plain storage, which lints see only here, outside of the macro")]
#[path = "../../examples/mnist/lenet5.expanded.rs"]
mod expanded;

#[test]
fn the_committed_expansion_computes_the_same_bits() {
    let (net, expanded) = (LeNet5::new_boxed(1), expanded::LeNet5::new_boxed(1));
    let x = [[[0.25; 28]; 28]; 1];
    assert_eq!(net.predict(&x), expanded.predict(&x));
    assert_eq!(net.to_string(), expanded.to_string());
}

#[test]
fn lenet5_is_what_it_is_known_as() {
    assert_eq!(LeNet5::PARAMETERS, 44_426);
    assert_eq!(LeNet5::MACS, 281_640);
    assert_eq!(size_of::<LeNet5>(), 44_426 * 4);
    let net = LeNet5::new_boxed(1);
    let table = net.to_string();
    assert!(table.contains("conv2: Conv2d(16, kernel = 5)  [16, 8, 8]        2,416        153,600"), "{table}");
    assert!(table.ends_with("44,426 parameters, 281,640 multiply-adds a sample"), "{table}");
    assert_eq!(table, format!("{net:?}"));
}

#[test]
fn one_seed_one_network() {
    let net = LeNet5::new_boxed(5);
    assert_eq!(plain::bytes(&*net), plain::bytes(&*LeNet5::new_boxed(5)));
    assert_ne!(plain::bytes(&*net), plain::bytes(&*LeNet5::new_boxed(6)));
    let copy: Box<LeNet5> = net.clone();
    assert_eq!(plain::bytes(&*net), plain::bytes(&*copy));
    let mut other = LeNet5::new_boxed(6);
    other.copy_from(&net);
    assert_eq!(plain::bytes(&*net), plain::bytes(&*other));
}

#[test]
fn inputs_are_views() {
    let numbers = [0.5_f32; 2 * 784];
    assert_eq!(LeNet5::inputs(&numbers).unwrap().len(), 2);
    assert!(LeNet5::input(&numbers[..784]).is_ok());
    let error = LeNet5::input(&numbers[..783]).err().unwrap().to_string();
    assert!(error.contains("784") && error.contains("783"), "{error}");
    let error = LeNet5::inputs(&numbers[..785]).err().unwrap().to_string();
    assert!(error.contains("multiple of 784"), "{error}");
    let net = LeNet5::new_boxed(1);
    assert!(net.predict_batch(LeNet5::inputs(&numbers).unwrap(), &mut [[0.0; 10]; 3]).is_err());
}

#[test]
fn batches_of_any_length_equal_their_samples() {
    let net = Surer::new_boxed(1);
    let mut x = [[0.0_f32; 2]; 150];
    for (i, x) in x.iter_mut().enumerate() {
        *x = [i as f32 / 100.0, 1.0 - i as f32 / 50.0];
    }
    for n in [0, 1, 63, 64, 65, 150] {
        let mut y = vec![[0.0; 3]; n];
        net.predict_batch(&x[..n], &mut y).unwrap();
        // Other instruction sets may add in another order in a batch; the portable kernels do not (`check_samples`).
        let close = |(x, y): (&[f32; 2], &[f32; 3])| net.predict(x).iter().zip(y).all(|(one, y)| (one - y).abs() < 1e-6);
        assert!(x.iter().zip(&y).all(close), "{n} samples");
    }
}

#[test]
fn memory_is_shared_where_lives_do_not_overlap() {
    let size = |numbers: usize| numbers * size_of::<f32>();
    // Two buffers in turn: the largest are conv1's output and the pool's after it. Activations work in place.
    assert_eq!(size_of::<<LeNet5 as Layer>::Workspace<One>>(), size(6 * 24 * 24 + 6 * 12 * 12));
    // A training step holds no more at any time than conv1's output, or its gradient, and the pool's after it; each maximum's place takes a byte.
    let maxima = 6 * 12 * 12 + 256;
    assert_eq!(size_of::<<LeNet5 as Layer>::Tape<One>>(), size(6 * 24 * 24 + 6 * 12 * 12) + maxima);
}

#[test]
fn classes_and_their_probabilities() {
    let net = LeNet5::new_boxed(1);
    let x = [[[0.25; 28]; 28]; 1];
    let (logits, probabilities) = (net.predict(&x), net.probabilities(&x));
    assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    let best = net.classify(&x).index();
    assert!(logits.iter().all(|z| *z <= logits[best]) && probabilities.iter().all(|p| *p <= probabilities[best]));
}

#[test]
fn weights_can_lie_in_a_static() {
    static NET: Surer = Surer::zeros();
    assert_eq!(NET.predict(&[1.0, 2.0]), [1.0 / 3.0; 3]);
}

mod raw_names {
    use nn_core::prelude::*;

    network! {
        pub struct r#Match: [4] -> [7] {
            r#type: Dense(8),
            Relu,
            r#loop: Residual { main: { r#fn: Dense(8), Tanh, r#use: LayerNorm } },
            r#for: Repeat(2) { r#in: Dense(8) },
            r#if: Concat { r#else: { r#mut: Dense(3) }, r#dyn: { plain: Dense(4) } },
        }
    }

    /// Keywords name layers as raw identifiers, and stand on disk as they are.
    #[test]
    fn keywords() {
        let mut net = Match::new_boxed(1);
        assert_eq!(
            net.r#type.bias.len() + net.r#loop.r#fn.bias.len() + net.r#for[1].r#in.bias.len() + net.r#if.r#else.r#mut.bias.len(),
            27
        );
        assert!(!net.summary().to_string().contains("r#Match"), "{net}");
        let file = net.to_safetensors().unwrap();
        let header = String::from_utf8_lossy(&file);
        for key in ["type.weight", "loop.fn.bias", "loop.use.weight", "for.1.in.bias", "if.else.mut.weight", "if.dyn.plain.bias"] {
            assert!(header.contains(&format!("\"{key}\"")), "{key}");
        }
        net.load_safetensors_bytes(&file).unwrap();
    }
}

#[allow(non_snake_case, reason = "a name that is the same in a type as one with an underscore")]
mod names_of_blocks {
    use nn_core::prelude::*;

    network! {
        pub struct Net: [4] -> [4] {
            a: Residual { main: { b: Residual { main: { fc: Dense(4) } } } },
            a_b: Residual { main: { fc: Dense(4) } },
            aB: Repeat(2) { fc: Dense(4) },
            gradient: Residual { main: { fc: Dense(4) } },
            tape: Residual { main: { fc: Dense(4), Tanh } },
            workspace: Repeat(2) { fc: Dense(4), Tanh },
            x_gradient: Residual { main: { fc: Dense(4) } },
            x: Residual { main: { fc: Dense(4) } },
        }
    }

    /// The names of blocks are joined to names of types; where that makes two alike, they are numbered.
    #[test]
    fn are_told_apart() {
        let net = Net::new_boxed(1);
        assert_eq!(Net::PARAMETERS, 10 * 20);
        let same: &NetAB = &net.a.b;
        let numbered: &NetAB2 = &net.a_b;
        assert_ne!(same.fc.weight, numbered.fc.weight);
        assert_eq!((net.aB.len(), net.gradient.fc.bias, net.x.fc.bias), (2, [0.0; 4], [0.0; 4]));
        assert!(net.predict(&[1.0, 2.0, 3.0, 4.0]).iter().all(|y| y.is_finite()));
    }
}
