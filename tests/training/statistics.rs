//! State, randomness and frozen parts, and a wide network on a small stack.

use super::*;

#[test]
fn dropout_belongs_to_the_seed_and_the_step() {
    let data = points(20, 35);
    let losses = |seed| {
        let mut net = Deep::new_boxed(1);
        let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.0)).batch_size(20).in_order().seed(seed).epochs(2);
        let history = training.run().unwrap();
        [0, 1].map(|epoch: usize| history.epochs()[epoch].train.loss)
    };
    let ([a, b], [c, d]) = (losses(1), losses(2));
    assert!(a != b && a != c && b != d, "{a} {b} {c} {d}");
    assert_eq!(losses(1), [a, b]);
}

fn deep(net: &mut Deep, change: impl for<'a> FnOnce(DeepTraining<'a>) -> DeepTraining<'a>) {
    let data = points(20, 27);
    change(net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(0.05)).batch_size(6).epochs(2)).run().unwrap();
}

type DeepTraining<'a> = nn_core::train::Training<'a, Deep, Two, ChosenLoss<'a, Deep, Two>, ChosenOptimizer<'a, Deep>>;

#[test]
fn a_frozen_part_runs_as_in_use_and_keeps_its_statistics() {
    let start = Deep::new_boxed(1);
    let mut free = Deep::new_boxed(1);
    deep(&mut free, |training| training);
    assert_ne!(bytes(&free.body.bn), bytes(&start.body.bn));
    assert_ne!(bytes(&free.body.bn.running_mean), bytes(&start.body.bn.running_mean));

    let mut net = Deep::new_boxed(1);
    deep(&mut net, |training| training.freeze("body"));
    assert_eq!(bytes(&net.body), bytes(&start.body));
    assert_ne!(bytes(&net.head.bn.running_mean), bytes(&start.head.bn.running_mean));
    assert_ne!(bytes(&net.head.fc), bytes(&start.head.fc));

    // A frozen first layer does not freeze the block that begins with it, nor a frozen weight its layer.
    let mut net = Deep::new_boxed(1);
    deep(&mut net, |training| training.freeze("body.fc").freeze("head.bn.weight"));
    assert_eq!(bytes(&net.body.fc), bytes(&start.body.fc));
    assert_eq!(bytes(&net.head.bn.weight), bytes(&start.head.bn.weight));
    assert_ne!(bytes(&net.body.bn.running_mean), bytes(&start.body.bn.running_mean));
    assert_ne!(bytes(&net.head.bn.running_mean), bytes(&start.head.bn.running_mean));
    assert_ne!(bytes(&net.head.bn.bias), bytes(&start.head.bn.bias));

    // All that is random or of the batch lies in frozen parts: training and use give the same.
    let data = points(20, 27);
    let mut net = Deep::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.0)).batch_size(6).epochs(1);
    let frozen = training.freeze("body").freeze("head").run().unwrap().final_epoch().train.loss;
    assert!((net.evaluate(&data, MeanSquaredError).unwrap().loss - frozen).abs() < 1e-14);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.0)).batch_size(6).epochs(1);
    assert!((training.run().unwrap().final_epoch().train.loss - frozen).abs() > 1e-4);
}

#[test]
fn a_resumed_run_goes_on_with_statistics_and_dropout() {
    let data = points(20, 28);
    let file = Temporary::new("deep");
    let run = |net: &mut Deep, resume: bool, stop: u64| {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(AdamW::new(0.01)).batch_size(6).epochs(4);
        let training = if resume { training.resume(&file.0) } else { training.checkpoint(&file.0) };
        training.observe(StopAt { step: stop, epoch: 0 }).run().unwrap()
    };
    let mut whole = Deep::new_boxed(1);
    let expected = run(&mut whole, false, 0);
    let mut first = Deep::new_boxed(1);
    run(&mut first, false, 6);
    let mut second = Deep::new_boxed(5);
    let resumed = run(&mut second, true, 0);
    assert_eq!(bytes(&*second), bytes(&*whole));
    assert_eq!(numbers(&resumed), numbers(&expected));
}

#[test]
fn a_last_sample_that_has_no_statistics_joins_the_batch_before() {
    let data = points(7, 29);
    let mut net = Deep::new_boxed(1);
    let history = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.01)).batch_size(3).epochs(1).run().unwrap();
    assert_eq!(history.final_epoch().step, 2, "3 and 4 samples");
    assert_eq!(history.final_epoch().train.samples(), 7);
    assert_eq!(net.body.bn.num_batches_tracked, 2);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.01)).batch_size(1).run().unwrap_err();
    assert!(error.to_string().starts_with("a batch of 1, but the network has a layer that takes statistics"), "{error}");
    let one = points(1, 30);
    let error = net.train(&one).loss(MeanSquaredError).optimizer(Sgd::new(0.01)).run().unwrap_err();
    assert!(error.to_string().starts_with("1 samples, but the network has a layer that takes statistics"), "{error}");
}

#[test]
fn no_large_array_passes_through_the_stack() {
    // A thread with the stack that it has by default: 2 MiB, which is less than the network's 2.7 MB.
    let trained = std::thread::spawn(|| {
        let samples = 132;
        let mut inputs = nn_core::plain::vec::<[f32; 784]>(samples);
        let mut random = Stream::new(&[1]);
        for x in inputs.as_flattened_mut() {
            *x = if random.bits().is_multiple_of(4) { 1.0 } else { 0.0 };
        }
        let all = Dataset::new(inputs, (0..samples).map(|i| class(i % 10)).collect::<Vec<Class<10>>>()).unwrap();
        let (data, test) = all.split_at(128).unwrap();
        let file = Temporary::new("wide");
        let mut net = Wide::new_boxed(1);
        let training = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-3)).batch_size(128).epochs(1);
        let history = training.validate_on(&test).stop_early(Patience(1)).checkpoint(&file.0).run().unwrap();
        history.final_epoch().train.loss
    });
    assert!(trained.join().unwrap().is_finite());
}
