//! One step, and many.

use nn_core::prelude::*;
use nn_core::random::Stream;
use nn_core::train::{Gradients, Updates};
use nn_core::{LearnsInBatches, OnlyPredicts, SettingError, plain};

use crate::{Dots, Everything, draw, gradients, kept, learned};

/// The formula of two layers, loop by loop.
#[test]
fn an_online_step_is_the_one_in_the_books() {
    let mut random = Stream::new(&[1]);
    let mut net = Dots::new_boxed(1);
    let mut work = TrainingWorkspace::new();
    let mut w1: Vec<Vec<f64>> = net.fc1.weight.iter().map(|row| row.map(f64::from).to_vec()).collect();
    let mut w2: Vec<Vec<f64>> = net.fc2.weight.iter().map(|row| row.map(f64::from).to_vec()).collect();
    let (mut b1, mut b2) = (vec![0.0; 32], vec![0.0; 10]);
    for _ in 0..20 {
        let (x, target) = (draw::<[f32; 64]>(&mut random), draw::<[f32; 10]>(&mut random));
        let loss = net.step_online(&x, &target, &MeanSquaredError, 0.05, &mut work);

        let z: Vec<f64> = (0..32).map(|o| b1[o] + (0..64).map(|i| w1[o][i] * f64::from(x[i])).sum::<f64>()).collect();
        let h: Vec<f64> = z.iter().map(|z| z.max(0.0)).collect();
        let error: Vec<f64> = (0..10).map(|o| b2[o] + (0..32).map(|i| w2[o][i] * h[i]).sum::<f64>() - f64::from(target[o])).collect();
        let expected = error.iter().map(|e| e * e).sum::<f64>() / 10.0;
        assert!((f64::from(loss) - expected).abs() < 1e-5, "{loss} is not {expected}");
        let dy: Vec<f64> = error.iter().map(|e| 2.0 * e / 10.0).collect();
        let dz: Vec<f64> = (0..32).map(|i| if z[i] > 0.0 { (0..10).map(|o| w2[o][i] * dy[o]).sum() } else { 0.0 }).collect();
        for o in 0..10 {
            (0..32).for_each(|i| w2[o][i] -= 0.05 * dy[o] * h[i]);
            b2[o] -= 0.05 * dy[o];
        }
        for o in 0..32 {
            (0..64).for_each(|i| w1[o][i] -= 0.05 * dz[o] * f64::from(x[i]));
            b1[o] -= 0.05 * dz[o];
        }
    }
    let close = |a: f32, b: f64| (f64::from(a) - b).abs() < 1e-5;
    assert!(net.fc1.weight.iter().zip(&w1).all(|(a, b)| a.iter().zip(b).all(|(a, b)| close(*a, *b))));
    assert!(net.fc2.weight.iter().zip(&w2).all(|(a, b)| a.iter().zip(b).all(|(a, b)| close(*a, *b))));
    assert!(net.fc1.bias.iter().zip(&b1).chain(net.fc2.bias.iter().zip(&b2)).all(|(a, b)| close(*a, *b)));
}

/// With the same masks of dropout, and through every kind of block.
#[test]
fn an_online_step_is_one_by_gradient() {
    let mut random = Stream::new(&[2]);
    let mut net = Everything::new_boxed(2);
    let (mut work, mut by_gradient) = (TrainingWorkspace::new(), TrainingWorkspace::new());
    let still = kept(&*net);
    let mut moved = 0;
    for step in 0..30 {
        let (x, target) = (draw(&mut random), Class::new(step % 4).expect("one of four"));
        let mut gradient = Plain::ZEROED;
        let (mut dx, mut step_dx) = (Plain::ZEROED, Plain::ZEROED);
        let loss = CrossEntropy;
        let by = |y: &[f32; 4], dy: &mut [f32; 4]| (true, Loss::<Real, _, _>::gradient(&loss, y, &target, dy));
        let expected_loss = net.gradient_from(&x, by, Some(&mut dx), &mut gradient, &mut by_gradient);
        let before = learned(&*net);
        let given = net.step_online_from(&x, by, Some(&mut step_dx), 0.02, &mut work);
        assert_eq!((given, step_dx), (expected_loss, dx), "step {step}");
        let after = learned(&*net);
        for ((after, before), g) in after.iter().zip(&before).zip(gradients::<Everything>(&gradient)) {
            let expected = f64::from(*before) - 0.02 * f64::from(g);
            let rounding = 2e-7 * (f64::from(before.abs()) + 0.02 * f64::from(g.abs()));
            assert!((f64::from(*after) - expected).abs() <= rounding, "step {step}: {before} − 0.02 · {g} is not {after}");
            moved += usize::from(after != before);
        }
    }
    assert!(moved > 30 * Everything::PARAMETERS / 4, "{moved} changes only");
    assert_eq!(kept(&*net), still);
}

#[test]
fn a_step_without_dx_is_the_same() {
    let mut random = Stream::new(&[3]);
    let (mut with, mut without) = (Everything::new_boxed(3), Everything::new_boxed(3));
    let (mut work, mut other) = (TrainingWorkspace::new(), TrainingWorkspace::new());
    for _ in 0..5 {
        let (x, target) = (draw(&mut random), draw::<[f32; 4]>(&mut random));
        let by = |y: &[f32; 4], dy: &mut [f32; 4]| (true, Loss::<Real, _, _>::gradient(&MeanSquaredError, y, &target, dy));
        let mut dx = Plain::ZEROED;
        with.step_online_from(&x, by, Some(&mut dx), 0.1, &mut work);
        without.step_online(&x, &target, &MeanSquaredError, 0.1, &mut other);
    }
    assert_eq!(plain::bytes(&*with), plain::bytes(&*without));
}

/// Gradients of batches, then updates, here and as the training loop's pieces do it.
fn accumulated<O: Optimizer<f32> + Copy>(optimizer: O) {
    let mut random = Stream::new(&[4]);
    let (mut net, mut expected) = (Everything::new_boxed(4), Everything::new_boxed(4));
    let mut work = TrainingWorkspace::new();
    let mut state = OptimizerState::<Everything, _>::new(optimizer);
    let mut heap = Gradients::<Everything>::new().kernels(Kernels::Portable);
    let mut updates = Updates::<Everything, _>::new(optimizer).expect("settings that make sense");
    let mut gradient = plain::boxed::<<Everything as Layer>::Gradient>();
    for batch in 0..12 {
        gradient.clear();
        heap.clear();
        for sample in 0..3 {
            let (x, target) = (draw(&mut random), Class::<4>::new((batch + sample) % 4).expect("one of four"));
            let loss = net.gradient(&x, &target, &CrossEntropy, &mut gradient, &mut work);
            assert_eq!(f64::from(loss), heap.add(&expected, &[x], &[target], &CrossEntropy));
        }
        assert_eq!(gradients::<Everything>(&gradient), gradients::<Everything>(heap.get()));
        state.update(&mut net, &gradient);
        updates.apply(&mut expected, &heap);
        assert!(plain::bytes(&*net) == plain::bytes(&*expected), "{optimizer:?}, update {batch}");
    }
    let still = kept(&*Everything::new_boxed(4));
    assert_eq!(kept(&*net), still);
}

#[test]
fn accumulated_gradients_give_the_bits_of_the_training_loop() {
    accumulated(Sgd::new(0.1));
    accumulated(Sgd::new(0.1).weight_decay(0.01));
    accumulated(Sgd::new(0.1).momentum(0.9).nesterov());
    accumulated(Adagrad::new(0.1));
    accumulated(RmsProp::new(0.01));
    accumulated(RmsProp::new(0.01).momentum(0.9));
    accumulated(Adam::new(0.01));
    accumulated(AdamW::new(0.01));
}

#[test]
fn clipping_and_norm_are_those_of_the_training_loop() {
    let mut random = Stream::new(&[5]);
    let net = Everything::new_boxed(5);
    let (x, target) = (draw(&mut random), draw::<[f32; 4]>(&mut random));
    let mut heap = Gradients::<Everything>::new().kernels(Kernels::Portable);
    heap.add(&net, &[x], &[target], &MeanSquaredError);
    let updates = Updates::<Everything, _>::new(Sgd::new(0.1)).expect("settings that make sense");
    for clip in [Clip::by_norm(0.01), Clip::by_value(0.001), Clip::by_norm(1e9)] {
        let mut gradient = plain::boxed();
        net.gradient(&x, &target, &MeanSquaredError, &mut gradient, &mut TrainingWorkspace::new());
        assert_eq!(OptimizerState::<Everything, Sgd>::norm(&gradient), updates.norm(&heap));
        let mut clipped = Gradients::<Everything>::new().kernels(Kernels::Portable);
        clipped.add(&net, &[x], &[target], &MeanSquaredError);
        updates.clip(clip, &mut clipped);
        OptimizerState::<Everything, Sgd>::clip(clip, &mut gradient);
        assert_eq!(gradients::<Everything>(&gradient), gradients::<Everything>(clipped.get()));
        OptimizerState::<Everything, Sgd>::scale(&mut gradient, 0.5);
        let halved: Vec<f32> = gradients::<Everything>(clipped.get()).iter().map(|g| g * 0.5).collect();
        assert_eq!(gradients::<Everything>(&gradient), halved);
    }
}

#[test]
fn a_loss_that_is_no_number_changes_nothing() {
    let mut net = Dots::new_boxed(6);
    let before = plain::bytes(&*net).to_vec();
    let (mut work, mut gradient) = (TrainingWorkspace::new(), plain::boxed());
    let mut x = [0.1; 64];
    x[7] = f32::INFINITY;
    for target in [[0.0; 10], [f32::NAN; 10]] {
        assert!(!net.step_online(&x, &target, &MeanSquaredError, 0.1, &mut work).is_finite());
        assert!(!net.gradient(&x, &target, &MeanSquaredError, &mut gradient, &mut work).is_finite());
        x[7] = 0.0;
    }
    assert_eq!(plain::bytes(&*net), before);
    assert!(gradients::<Dots>(&gradient).iter().all(|g| *g == 0.0));
}

/// Online, a network learns to read digits.
#[test]
fn digits_are_learned_online() -> Result<(), Box<dyn std::error::Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.csv.gz");
    let (train, test) = datasets::digits(path)?.shuffled(1).split_at(1437)?;
    let flat = |image: &[[[f32; 8]; 8]; 1]| *plain::reshape::<_, [f32; 64]>(std::slice::from_ref(image)).first().expect("one");
    let (mut net, mut work) = (Dots::new_boxed(1), TrainingWorkspace::new());
    for _ in 0..12 {
        for (x, target) in train.inputs().iter().zip(train.targets()) {
            net.step_online(&flat(x), target, &CrossEntropy, 0.03, &mut work);
        }
    }
    let right = test.inputs().iter().zip(test.targets()).filter(|(x, target)| net.classify(&flat(x)) == **target).count();
    let accuracy = right as f64 / test.inputs().len() as f64;
    assert!(accuracy > 0.94, "{accuracy}");
    Ok(())
}

network! {
    struct WithNorm: [3] -> [2] { fc: Dense(4), bn: BatchNorm, out: Dense(2) }
}
network! {
    struct WithFrozenNorm: [3] -> [2] { fc: Dense(4), #[frozen] bn: BatchNorm, out: Dense(2) }
}
network! {
    struct AroundNorm: [3] -> [2] { inner: WithNorm -> [2], Tanh }
}
network! {
    struct AroundFrozen: [3] -> [2] { #[frozen] inner: WithNorm -> [2], out: Dense(2) }
}
network! {
    struct DeepNorm: [3] -> [3] { blocks: Repeat(2) { Residual { main: { fc: Dense(3), bn: BatchNorm } } } }
}
network! {
    struct StepAndNorm: [3] -> [2] { inner: WithNorm -> [2], Step }
}

#[test]
fn marks_say_who_learns_from_one_sample() {
    fn is<N: Layer<Learning = M>, M: nn_core::Learning>() {}
    is::<WithNorm, LearnsInBatches>();
    is::<WithFrozenNorm, Learns>();
    is::<AroundNorm, LearnsInBatches>();
    is::<AroundFrozen, Learns>();
    is::<DeepNorm, LearnsInBatches>();
    is::<StepAndNorm, OnlyPredicts>();
    let mut net = WithFrozenNorm::new_boxed(1);
    net.step_online(&[0.5; 3], &[1.0; 2], &MeanSquaredError, 0.1, &mut TrainingWorkspace::new());
    let mut net = AroundFrozen::new_boxed(1);
    let before = plain::bytes(&net.inner).to_vec();
    net.step_online(&[0.5; 3], &[1.0; 2], &MeanSquaredError, 0.1, &mut TrainingWorkspace::new());
    assert_eq!(plain::bytes(&net.inner), before);
}

/// An optimizer of one's own with a number per parameter.
#[derive(Clone, Copy, Debug)]
struct Count(f64);

impl<T: Scalar> Optimizer<T> for Count {
    type State<G: Plain> = [G; 1];
    fn learning_rate(&self) -> f64 {
        self.0
    }
    fn update(&self, update: nn_core::optimizer::Update, w: &mut [T], _: &[T], count: &mut [T]) {
        for (w, count) in w.iter_mut().zip(count) {
            *count += T::ONE;
            *w = *count + T::from_f64(update.learning_rate);
        }
    }
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }
}

#[test]
fn state_lies_apart_for_each_run() {
    let mut net = Everything::new_boxed(7);
    let mut state = OptimizerState::<Everything, _>::new(Count(0.5));
    for _ in 0..3 {
        state.update(&mut net, &Plain::ZEROED);
    }
    assert!(learned(&*net).iter().all(|w| *w == 3.5));
    assert_eq!(state.updates(), 3);
}
