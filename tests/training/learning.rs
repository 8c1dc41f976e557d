//! What a run computes: learning, weights, rates, clipping, augmentation, data of one's own.

use super::*;

#[test]
fn xor_is_learned() {
    let data = xor();
    let mut net = Xor::new_boxed(1);
    let history = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(0.05)).batch_size(4).epochs(200).run().unwrap();
    assert_eq!(history.final_epoch().train.accuracy(), 1.0);
    assert!(history.final_epoch().train.loss < 0.01, "{}", history.final_epoch().train.loss);
    assert_eq!(net.evaluate(&data, CrossEntropy).unwrap().columns()[1], ("accuracy", 1.0));
}

#[test]
fn digits_are_learned() {
    let (train, test) = digits();
    let mut net = Digits::new_boxed(3);
    let history = net.train(&train).loss(CrossEntropy).optimizer(Adam::new(3e-3)).epochs(15).validate_on(&test).run().unwrap();
    let validation = history.final_epoch().validation.as_ref().unwrap();
    // 64-32-10 reaches 0.90 to 0.91 elsewhere.
    assert!(validation.accuracy() > 0.88, "{validation}");
    assert!(validation.top(3) > validation.accuracy() && validation.top(10) == 1.0);
    assert_eq!(validation.samples(), 360);
    assert!(history.final_epoch().train.accuracy() > history.epochs()[0].train.accuracy());
    assert_eq!(history.epochs().len(), 15);
    assert_eq!(history.final_epoch().step, 15 * 1437_u64.div_ceil(32));
    let again = net.evaluate(&test, CrossEntropy).unwrap();
    assert_eq!(again.confusion(), validation.confusion());
    assert!((again.loss - validation.loss).abs() < 1e-12);
}

#[test]
fn same_seed_same_result() {
    let (data, test) = (points(50, 1), points(20, 2));
    let run = |seed| {
        let mut net = Small::new_boxed(1);
        let training = net.train(&data).loss(MeanSquaredError).optimizer(SgdMomentum::new(0.05, 0.9)).batch_size(8).seed(seed);
        let history = training.validate_on(&test).epochs(4).augment(|x, random| x[0] += 0.1 * random.unit()).run().unwrap();
        (bytes(&*net), numbers(&history))
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).0, run(8).0);
}

/// The same network with plain loops and the standard library's mathematics, trained by the textbook.
#[derive(Clone)]
struct ByHand {
    w1: [[f64; 3]; 5],
    b1: [f64; 5],
    w2: [[f64; 5]; 2],
    b2: [f64; 2],
}

impl ByHand {
    fn zeros() -> Self {
        Self { w1: [[0.0; 3]; 5], b1: [0.0; 5], w2: [[0.0; 5]; 2], b2: [0.0; 2] }
    }

    fn each(&mut self, other: &Self, mut f: impl FnMut(&mut f64, f64)) {
        self.w1.as_flattened_mut().iter_mut().zip(other.w1.as_flattened()).for_each(|(a, b)| f(a, *b));
        self.b1.iter_mut().zip(other.b1).for_each(|(a, b)| f(a, b));
        self.w2.as_flattened_mut().iter_mut().zip(other.w2.as_flattened()).for_each(|(a, b)| f(a, *b));
        self.b2.iter_mut().zip(other.b2).for_each(|(a, b)| f(a, b));
    }

    /// Adds one sample's share of the gradient of the mean over samples and outputs of the squared error; gives its squared error.
    fn add_gradient(&self, x: [f64; 3], t: [f64; 2], share: f64, gradient: &mut Self) -> f64 {
        let h: [f64; 5] = core::array::from_fn(|j| ((0..3).map(|i| self.w1[j][i] * x[i]).sum::<f64>() + self.b1[j]).tanh());
        let y: [f64; 2] = core::array::from_fn(|k| (0..5).map(|j| self.w2[k][j] * h[j]).sum::<f64>() + self.b2[k]);
        let dy: [f64; 2] = core::array::from_fn(|k| share * (y[k] - t[k])); // d/dy of share · ½ Σ e²
        for j in 0..5 {
            let dz = (0..2).map(|k| dy[k] * self.w2[k][j]).sum::<f64>() * (1.0 - h[j] * h[j]);
            for i in 0..3 {
                gradient.w1[j][i] += dz * x[i];
            }
            gradient.b1[j] += dz;
            for k in 0..2 {
                gradient.w2[k][j] += dy[k] * h[j];
            }
        }
        for k in 0..2 {
            gradient.b2[k] += dy[k];
        }
        (0..2).map(|k| (y[k] - t[k]) * (y[k] - t[k])).sum()
    }
}

#[test]
fn a_run_is_what_the_textbook_computes() {
    const RATE: f64 = 0.1;
    const MOMENTUM: f64 = 0.9;
    let data = points(10, 3); // batches of 4, 4 and 2
    let mut net = Small::new_boxed(5);
    let mut hand = ByHand { w1: net.hidden.weight, b1: net.hidden.bias, w2: net.output.weight, b2: net.output.bias };
    let history = {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(SgdMomentum::new(RATE, MOMENTUM)).in_order();
        training.batch_size(4).epochs(7).run().unwrap()
    };

    let mut velocity = ByHand::zeros();
    for epoch in history.epochs() {
        let mut squares = 0.0;
        for batch in [0..4, 4..8, 8..10] {
            let mut gradient = ByHand::zeros();
            for i in batch.clone() {
                // The mean over `n` samples and 2 outputs of e² has the slope 2 e / (2 n).
                squares += hand.add_gradient(data.inputs()[i], data.targets()[i], 1.0 / batch.len() as f64, &mut gradient);
            }
            velocity.each(&gradient, |v, g| *v = MOMENTUM * *v + g);
            hand.each(&velocity, |w, v| *w -= RATE * v);
        }
        assert!((epoch.train.loss - squares / 20.0).abs() < 1e-12, "{} {}", epoch.train.loss, squares / 20.0);
        assert!((epoch.train.rmse() - (squares / 20.0).sqrt()).abs() < 1e-12);
    }
    let mut gap: f64 = 0.0;
    let net = ByHand { w1: net.hidden.weight, b1: net.hidden.bias, w2: net.output.weight, b2: net.output.bias };
    hand.each(&net, |a, b| gap = gap.max((*a - b).abs()));
    assert!(gap < 1e-12, "{gap}");
    assert!(history.final_epoch().train.loss < 0.5 * history.epochs()[0].train.loss);
}

#[test]
fn a_smaller_last_batch_counts_as_what_it_is() {
    let data = points(5, 4);
    let mut net = Small::new_boxed(1);
    let before = bytes(&*net);
    let history = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.0)).batch_size(2).epochs(1).run().unwrap();
    assert_eq!(history.final_epoch().step, 3);
    assert_eq!(history.final_epoch().train.samples(), 5);
    assert_eq!(bytes(&*net), before);
    let loss = net.evaluate(&data, MeanSquaredError).unwrap().loss;
    assert!((history.final_epoch().train.loss - loss).abs() < 1e-15);
}

/// One update with the whole of the data as the batch.
fn one_step(data: &Dataset<[f64; 3], [f64; 2]>) -> (Box<Small>, f64) {
    let mut net = Small::new_boxed(1);
    let history = net.train(data).loss(MeanSquaredError).optimizer(Sgd::new(1.0)).batch_size(100).in_order().epochs(1).run().unwrap();
    let loss = history.final_epoch().train.loss;
    (net, loss)
}

fn largest_gap(a: &Small, b: &Small) -> f64 {
    let numbers = |net: &Small| -> Vec<f64> { nn_core::plain::part(net, 0, Small::PARAMETERS).unwrap().to_vec() };
    numbers(a).iter().zip(numbers(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn a_weight_counts_a_sample_more_often() {
    let (x, t) = (points(3, 5).inputs().to_vec(), points(3, 5).targets().to_vec());
    let weighted = Dataset::new(x.clone(), t.clone()).unwrap().with_weights(vec![1.0, 3.0, 0.0]).unwrap();
    let repeated = Dataset::new(vec![x[0], x[1], x[1], x[1]], vec![t[0], t[1], t[1], t[1]]).unwrap();
    let ((a, loss_a), (b, loss_b)) = (one_step(&weighted), one_step(&repeated));
    assert!((loss_a - loss_b).abs() < 1e-14, "{loss_a} {loss_b}");
    assert!(largest_gap(&a, &b) < 1e-14);
    assert!(largest_gap(&a, &one_step(&Dataset::new(x.clone(), t.clone()).unwrap()).0) > 1e-3);
    let loss = |data| a.evaluate(data, MeanSquaredError).unwrap().loss;
    assert!((loss(&weighted) - loss(&repeated)).abs() < 1e-14);

    let nothing = Dataset::new(x, t).unwrap().with_weights(vec![0.0; 3]).unwrap();
    let (net, loss) = one_step(&nothing);
    assert_eq!((bytes(&*net), loss), (bytes(&*Small::new_boxed(1)), 0.0), "samples that weigh nothing teach nothing");
}

#[test]
fn a_summed_loss_is_the_mean_times_the_samples() {
    let data = points(6, 6);
    let start = Small::new_boxed(1);
    let (mean, loss) = one_step(&data);
    let mut summed = Small::new_boxed(1);
    let training = summed.train(&data).loss(Sum(MeanSquaredError)).optimizer(Sgd::new(1.0 / 6.0)).batch_size(6).in_order().epochs(1);
    let history = training.run().unwrap();
    assert!(largest_gap(&mean, &summed) < 1e-14 && largest_gap(&mean, &start) > 1e-3);
    assert!((history.final_epoch().train.loss - 6.0 * loss).abs() < 1e-14);
}

#[test]
fn updates_are_counted_from_one() {
    // Adam's first update moves every parameter by the whole rate, whatever its gradient.
    let data = points(20, 31);
    let mut net = Small::new_boxed(1);
    let start = Small::new_boxed(1);
    net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(0.01)).batch_size(20).epochs(1).run().unwrap();
    for (after, before) in net.hidden.weight.as_flattened().iter().zip(start.hidden.weight.as_flattened()) {
        assert!(((after - before).abs() - 0.01).abs() < 1e-6, "{after} {before}");
    }
}

#[test]
fn frozen_parts_and_slower_parts() {
    let data = points(20, 7);
    let start = Small::new_boxed(1);
    let run = |change: &dyn Fn(Training<'_>) -> History<Numeric>| {
        let mut net = Small::new_boxed(1);
        change(net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(20).epochs(1));
        net
    };
    let all = run(&|training| training.run().unwrap());
    let frozen = run(&|training| training.freeze("hidden").run().unwrap());
    assert_eq!(bytes(&frozen.hidden), bytes(&start.hidden));
    assert_eq!(bytes(&frozen.output), bytes(&all.output));
    assert_ne!(bytes(&frozen.output), bytes(&start.output));
    let tensor = run(&|training| training.freeze("hidden.bias").freeze("output").run().unwrap());
    assert_eq!(bytes(&tensor.hidden.bias), bytes(&start.hidden.bias));
    assert_eq!(bytes(&tensor.hidden.weight), bytes(&all.hidden.weight));
    assert_eq!(bytes(&tensor.output), bytes(&start.output));
    // The longest key decides.
    let slower = run(&|training| training.learning_rate_for("hidden", 0.25).learning_rate_for("hidden.bias", 2.0).run().unwrap());
    for j in 0..5 {
        let moved = |net: &Small| (net.hidden.weight[j][1] - start.hidden.weight[j][1], net.hidden.bias[j] - start.hidden.bias[j]);
        assert!((moved(&slower).0 - 0.25 * moved(&all).0).abs() < 1e-15 && moved(&all).0 != 0.0);
        assert!((moved(&slower).1 - 2.0 * moved(&all).1).abs() < 1e-15 && moved(&all).1 != 0.0);
    }
    assert_eq!(bytes(&slower.output), bytes(&all.output));
}

#[test]
fn clipping_bounds_the_step() {
    let data = points(20, 8);
    let start = Small::new_boxed(1);
    let length = |clip: Clip| {
        let mut net = Small::new_boxed(1);
        let training = net.train(&data).loss(Sum(MeanSquaredError)).optimizer(Sgd::new(1.0)).batch_size(20).epochs(1).clip(clip);
        let norm = training.run().unwrap().final_epoch().gradient_norm;
        let numbers = |net: &Small| -> Vec<f64> { nn_core::plain::part(net, 0, Small::PARAMETERS).unwrap().to_vec() };
        let moves: Vec<f64> = numbers(&net).iter().zip(numbers(&start)).map(|(a, b)| (a - b).abs()).collect();
        (moves.iter().map(|m| m * m).sum::<f64>().sqrt(), moves.iter().copied().fold(0.0, f64::max), norm)
    };
    let (free, largest, norm) = length(Clip::by_norm(1e9));
    assert!((free - norm).abs() < 1e-12 && free > 2.0 && largest > 0.5, "{free} {largest} {norm}");
    let (clipped, _, norm) = length(Clip::by_norm(0.5));
    assert!((clipped - 0.5).abs() < 1e-6 && (norm - free).abs() < 1e-12, "{clipped}");
    assert!((length(Clip::by_value(0.01)).1 - 0.01).abs() < 1e-12);
}

#[test]
fn augmentation_changes_copies_once_per_sample_and_epoch() {
    let data = points(7, 9);
    let before = data.inputs().to_vec();
    let mut seen = Vec::new();
    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(3).epochs(2);
    training
        .augment(|x, random| {
            let draw = random.bits();
            seen.push((x.map(f64::to_bits), draw));
            x[0] = -x[0];
        })
        .run()
        .unwrap();
    assert_eq!(data.inputs(), before);
    assert_eq!(seen.len(), 14);
    let mut draws: Vec<u32> = seen.iter().map(|(_, draw)| *draw).collect();
    draws.sort_unstable();
    draws.dedup();
    assert_eq!(draws.len(), 14, "each sample has random numbers of its own in each epoch");
    for epoch in seen.chunks(7) {
        let mut inputs: Vec<_> = epoch.iter().map(|(x, _)| *x).collect();
        let mut all: Vec<_> = before.iter().map(|x| x.map(f64::to_bits)).collect();
        inputs.sort_unstable();
        all.sort_unstable();
        assert_eq!(inputs, all, "all samples, each once");
    }
    assert_ne!(seen[..7].iter().map(|(x, _)| x).collect::<Vec<_>>(), seen[7..].iter().map(|(x, _)| x).collect::<Vec<_>>());
}

/// Samples that are made when they are read: is the point above the line?
struct Made(Vec<[f32; 2]>, Vec<bool>);

impl Data for Made {
    type Input = [f32; 2];
    type Target = bool;
    fn len(&self) -> usize {
        self.0.len()
    }
    fn read(&self, index: usize, x: &mut [f32; 2]) {
        *x = self.0[index];
    }
    fn target(&self, index: usize) -> &bool {
        &self.1[index]
    }
}

network! {
    struct Line: [2] -> [1] {
        line: Dense(1),
    }
}

#[test]
fn data_of_ones_own_and_yes_or_no() {
    let mut random = Stream::new(&[32]);
    let points: Vec<[f32; 2]> = (0..200).map(|_| [(); 2].map(|()| f32::from_f64(random.unit()) - 0.5)).collect();
    let above = points.iter().map(|[a, b]| 3.0 * a + 0.2 < *b).collect();
    let data = Made(points, above);
    let mut net = Line::zeros();
    let history = net.train(&data).loss(BinaryCrossEntropy).optimizer(Adam::new(0.1)).epochs(40).run().unwrap();
    let metrics = &history.final_epoch().train;
    assert!(metrics.accuracy() > 0.97 && metrics.f1() > 0.95, "{metrics}");
    assert_eq!(metrics.true_positives + metrics.false_positives + metrics.true_negatives + metrics.false_negatives, 200);
    // The same as one of two classes.
    let classes = Dataset::new(data.0.clone(), data.1.iter().map(|yes| class::<2>(usize::from(*yes))).collect()).unwrap();
    let score = net.evaluate(&classes, BinaryCrossEntropy).unwrap();
    assert_eq!(score.accuracy(), net.evaluate(&data, BinaryCrossEntropy).unwrap().accuracy());
}

#[test]
fn kernels_can_be_chosen() {
    let data = points(10, 26);
    let mut net = Small::new_boxed(1);
    net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).kernels(Kernels::Portable).epochs(1).run().unwrap();
}
