//! A network after 20 updates of the training loop: mini-batches in order with a smaller last one, batch normalisation, schedules, clipping,
//! weights per sample, frozen parts, rates by part.

#![allow(missing_docs, reason = "declarations of a test")]

use nn_core::data::{Class, Dataset};
use nn_core::loss::{CrossEntropy, Loss};
use nn_core::optimizer::{Adagrad, Adam, AdamW, Clip, Optimizer, RmsProp, Sgd};
use nn_core::prelude::*;
use nn_core::schedule::{CosineAnnealing, Exponential, Warmup};
use nn_core::spec::{Dtype, Leaf};
use nn_core::train::{ChosenLoss, ChosenOptimizer, Training};
use nn_core::{Real, plain};

use crate::fixture::{File, close, set};

network! {
    #[scalar(f64)]
    pub struct Small: [1, 6, 6] -> [4] {
        conv1: Conv2d(3, kernel = 3),
        Relu,
        norm: BatchNorm,
        MaxPool2d(2),
        Flatten,
        fc: Dense(6),
        Tanh,
        logits: Dense(4),
    }
}

type Images = Dataset<[[[f64; 6]; 6]; 1], Class<4>>;
type Run<'a> = Training<'a, Small, Images, ChosenLoss<'a, Small, Images>, ChosenOptimizer<'a, Small>>;

fn each(net: &mut Small, visit: impl Fn(&mut [f64], Leaf<'_>)) {
    Small::SPEC.visit(|leaf| {
        if leaf.dtype == Dtype::F64 {
            visit(plain::part_mut::<Small, f64>(net, leaf.offset, leaf.shape.len()).expect("a tensor of the network"), leaf);
        }
    });
}

/// Trains from the file's start, as `how` says besides, and compares every tensor.
fn check<L: Loss<Real, [f64; 4], Class<4>>, O: Optimizer<f64>>(
    loss: L,
    optimizer: O,
    how: impl for<'a> FnOnce(Run<'a>) -> Run<'a>,
    file: &File,
    case: &str,
) {
    let mut net = Small::new_boxed(0);
    each(&mut net, |values, leaf| set(values, &file.get(&format!("start/{}", leaf.key))));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]
    let targets = file.get("start/target").iter().map(|c| Class::new(*c as usize).expect("a class")).collect();
    let mut data = Dataset::new(file.values("start/x"), targets).expect("as many targets as inputs");
    if case.ends_with("_weights") {
        #[allow(clippy::cast_possible_truncation, reason = "f32 holds them exactly")]
        let weights = file.get("start/weight").iter().map(|weight| *weight as f32).collect();
        data = data.with_weights(weights).expect("a weight for each sample");
    }
    how(net.train(&data).loss(loss).optimizer(optimizer).in_order().batch_size(4).max_steps(20)).run().expect("training goes through");
    each(&mut net, |values, leaf| {
        let key = format!("{case}/{}", leaf.key);
        close(&key, values, &file.get(&key));
    });
}

cases! { "trained":
    start => |file, _| assert_eq!(file.get("start/target").len(), 11),
    sgd => |file, case| check(CrossEntropy, Sgd::new(0.1), |training| training, file, case),
    momentum_exponential => |file, case| {
        let optimizer = Sgd::new(0.1).momentum(0.9).nesterov().weight_decay(0.01);
        check(CrossEntropy, optimizer, |training| training.schedule(Exponential::new(0.8)), file, case);
    },
    adam_cosine => |file, case| check(CrossEntropy, Adam::new(0.02), |training| training.schedule(CosineAnnealing::new()), file, case),
    adam_w_warmup_clip => |file, case| {
        check(CrossEntropy, AdamW::new(0.02), |training| training.schedule(Warmup::new(6)).clip(Clip::by_norm(0.5)), file, case);
    },
    rms_prop_weights => |file, case| check(CrossEntropy, RmsProp::new(0.005), |training| training, file, case),
    adagrad_frozen => |file, case| check(CrossEntropy, Adagrad::new(0.05), |training| training.freeze("conv1"), file, case),
    rates_by_part => |file, case| check(CrossEntropy, Sgd::new(0.2), |training| training.learning_rate_for("fc", 0.1), file, case),
    decay_on_weights_alone => |file, case| {
        let optimizer = AdamW::new(0.02).weight_decay(0.5);
        #[allow(clippy::redundant_closure_for_method_calls, reason = "the method's name alone is of one lifetime")]
        check(CrossEntropy, optimizer, |training| training.no_weight_decay_on_norms_and_biases(), file, case);
    },
    decay_by_part => |file, case| {
        let optimizer = Sgd::new(0.1).momentum(0.9).weight_decay(0.01);
        check(CrossEntropy, optimizer, |training| training.weight_decay_for("fc", 0.3).weight_decay_for("fc.bias", 0.0), file, case);
    },
    smoothed => |file, case| check(CrossEntropy.label_smoothing(0.1), Adam::new(0.02), |training| training, file, case),
}
