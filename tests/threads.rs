//! However many threads compute, the result is the same, to the bit: training of every kind of layer, predictions, checkpoints.
#![allow(missing_docs, clippy::cast_possible_truncation)]

use std::path::PathBuf;

use nn_core::prelude::*;
use nn_core::random::Stream;
use nn_core::train::{Gradients, TrainError, Updates};
use nn_core::{Tensor, plain};

network! {
    /// Every kind of layer, each with enough to do in a batch of 83 for threads to share it.
    struct Everything: [2, 20, 20] -> [5] {
        conv1: Conv2d(8, kernel = 3, padding = Same),
        bn: BatchNorm,
        Relu,
        MaxPool2d(2),
        depthwise: DepthwiseConv2d(kernel = 3, padding = Same),
        Tanh,
        block: Residual {
            main: {
                conv2: Conv2d(8, kernel = 3, padding = Same, groups = 2),
                ln: LayerNorm,
                Sigmoid,
            },
        },
        Concat {
            a: { AvgPool2d(2) },
            b: { MaxPool2d(3, stride = 2, padding = 1) },
        },
        Flatten,
        Dropout(0.3),
        fc1: Dense(96),
        Relu,
        logits: Dense(5),
    }
}

network! {
    /// Enough parameters for threads to share updates, norms and the clearing of gradients.
    struct Wide: [96] -> [5] {
        fc1: Dense(700),
        Relu,
        fc2: Dense(300),
        Tanh,
        logits: Dense(5),
    }
}

const COUNTS: [usize; 3] = [2, 3, 5];

fn samples<N: Network<Scalar = f32>>(n: usize) -> Dataset<N::Input, Class<5>> {
    let mut random = Stream::new(&[7]);
    let mut inputs = plain::vec::<N::Input>(n);
    for x in N::Input::flatten_mut(&mut inputs) {
        *x = random.unit() as f32 * 2.0 - 1.0;
    }
    Dataset::new(inputs, (0..n).map(|i| Class::new(i * i % 5).expect("below 5")).collect()).expect("as many")
}

/// As bits, so that −0 and NaN count as what they are.
fn same<N: Network>(what: &str, a: &N, b: &N) {
    let (a, b) = (plain::bytes(a), plain::bytes(b));
    let differ = a.chunks(4).zip(b.chunks(4)).filter(|(a, b)| a != b).count();
    assert!(a == b, "{what}: {differ} of {} numbers differ", a.len() / 4);
}

fn pool(threads: usize) -> rayon_core::ThreadPool {
    rayon_core::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

fn trained<N>(data: &Dataset<N::Input, Class<5>>, batch: usize, kernels: Kernels, threads: usize) -> (Box<N>, Vec<u64>)
where
    N: Network<Scalar = f32, Output = [f32; 5], Kind = nn_core::Real>,
    N::Learning: nn_core::train::CanLearn,
{
    let mut net = N::new_boxed(3);
    let history = net
        .train(data)
        .loss(CrossEntropy)
        .optimizer(AdamW::new(1e-3))
        .clip(nn_core::optimizer::Clip::by_norm(0.5))
        .batch_size(batch)
        .epochs(1)
        .validate_on(data)
        .kernels(kernels)
        .threads(threads)
        .run()
        .expect("finite");
    let losses = history
        .epochs()
        .iter()
        .flat_map(|epoch| [epoch.train.loss, epoch.gradient_norm, epoch.validation.as_ref().map_or(0.0, |v| v.loss)]);
    (net, losses.map(f64::to_bits).collect())
}

#[test]
fn training_gives_the_same_bits_on_any_number_of_threads() {
    // 83 samples and 68: a remainder of every register's lanes.
    let data = samples::<Everything>(151);
    for kernels in Kernels::all() {
        let (alone, losses) = trained::<Everything>(&data, 83, kernels, 1);
        // The portable ones are never shared.
        let counts = if kernels == Kernels::Portable { &COUNTS[..1] } else { &COUNTS };
        for &threads in counts {
            let (shared, shared_losses) = trained::<Everything>(&data, 83, kernels, threads);
            same(&format!("{threads} threads by {}", kernels.name()), &*alone, &*shared);
            assert_eq!(losses, shared_losses, "{threads} threads by {}", kernels.name());
        }
    }
}

#[test]
fn updates_norms_and_clips_of_many_parameters_give_the_same_bits() {
    let data = samples::<Wide>(70);
    let kernels = Kernels::detect();
    let (alone, losses) = trained::<Wide>(&data, 35, kernels, 1);
    for threads in COUNTS {
        let (shared, shared_losses) = trained::<Wide>(&data, 35, kernels, threads);
        same(&format!("{threads} threads"), &*alone, &*shared);
        assert_eq!(losses, shared_losses);
    }
}

#[test]
fn runs_that_try_how_many_threads_are_fastest_give_the_same_bits() {
    let data = samples::<Wide>(8);
    let run = |threads: Option<usize>| {
        let mut net = Wide::new_boxed(3);
        // Longer than a trial.
        let training = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-3)).batch_size(4).epochs(13);
        let training = if let Some(threads) = threads { training.threads(threads) } else { training };
        training.run().expect("finite");
        let (mut gradients, mut updates) = (Gradients::<Wide>::new(), Updates::<Wide, _>::new(Adam::new(1e-3)).expect("it learns"));
        if let Some(threads) = threads {
            gradients = gradients.threads(threads).expect("some");
        }
        for _ in 0..22 {
            gradients.set(&net, data.inputs(), data.targets(), &CrossEntropy);
            updates.apply(&mut net, &gradients);
        }
        net
    };
    let alone = run(Some(1));
    for threads in [2, 5] {
        same(&format!("as found in a pool of {threads}"), &*alone, &*pool(threads).install(|| run(None)));
    }
    same("two, that drop copies or do not", &*alone, &*pool(2).install(|| run(Some(2))));
}

#[test]
fn loops_of_ones_own_give_the_same_bits() {
    let data = samples::<Wide>(35);
    let trained = |gradients: Gradients<Wide>| {
        let mut net = Wide::new_boxed(3);
        let (mut gradients, mut updates) =
            (gradients.with_inputs(), Updates::<Wide, _>::new(Sgd::new(0.1).momentum(0.9)).expect("it learns"));
        for _ in 0..2 {
            gradients.clear();
            gradients.add(&net, data.inputs(), data.targets(), &CrossEntropy);
            updates.apply(&mut net, &gradients);
        }
        let (norm, dx) = (updates.norm(&gradients).to_bits(), gradients.inputs().to_vec());
        (net, norm, dx)
    };
    let with = |threads| Gradients::new().threads(threads).expect("some");
    let (alone, norm, dx) = trained(with(1));
    for threads in COUNTS {
        let (shared, shared_norm, shared_dx) = trained(with(threads));
        same(&format!("{threads} threads"), &*alone, &*shared);
        assert_eq!((norm, &dx), (shared_norm, &shared_dx));
        let (shared, ..) = pool(threads).install(|| trained(with(threads)));
        same(&format!("a pool of {threads}"), &*alone, &*shared);
    }
}

#[test]
fn predictions_give_the_same_bits_in_any_pool_and_one_by_one() {
    let net = Everything::new_boxed(3);
    for n in [1, 15, 16, 17, 33, 100, 129, 203] {
        let data = samples::<Everything>(n);
        let predicted = |threads| {
            let mut y = vec![[f32::NAN; 5]; n];
            pool(threads).install(|| net.predict_batch(data.inputs(), &mut y)).expect("as many");
            y
        };
        let alone = predicted(1);
        assert!(alone.as_flattened().iter().all(|y| y.is_finite()));
        for threads in COUNTS {
            assert_eq!(alone, predicted(threads), "{n} samples, {threads} threads");
        }
    }
}

#[test]
fn a_checkpoint_is_resumed_on_another_number_of_threads() {
    let data = samples::<Wide>(70);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("threads.checkpoint");
    let run = |threads, epochs, resume: bool| {
        let mut net = Wide::new_boxed(if resume { 9 } else { 3 });
        let training = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-3)).batch_size(35).epochs(epochs).threads(threads);
        let training = if resume { training.resume(&path) } else { training };
        training.checkpoint(&path).run().expect("finite");
        net
    };
    run(2, 1, false);
    let resumed = run(5, 3, true);
    let whole = run(1, 3, false);
    same("resumed", &*whole, &*resumed);
}

#[test]
fn no_threads_are_an_error() {
    let data = samples::<Wide>(4);
    let error = Wide::new_boxed(1).train(&data).loss(CrossEntropy).optimizer(Sgd::new(0.1)).threads(0).run().expect_err("no threads");
    assert!(matches!(error, TrainError::NoThreads));
    assert_eq!(error.to_string(), "no threads to compute on: `.threads(n)` takes at least 1");
    assert!(matches!(Gradients::<Wide>::new().threads(0), Err(TrainError::NoThreads)));
}
