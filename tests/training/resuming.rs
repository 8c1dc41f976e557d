//! Checkpoints: a resumed run is the uninterrupted one, and what does not fit is refused.

use super::*;

/// A run with everything that a checkpoint has to keep.
fn thorough(net: &mut Small, checkpoint: Option<&Temporary>, resume: bool, stop: Option<StopAt>) -> History<Numeric> {
    let (data, test) = (points(50, 14), points(20, 15));
    let training = net.train(&data).loss(Huber(0.5)).optimizer(Adam::new(0.01)).batch_size(8).epochs(6).validate_on(&test);
    let mut training = training
        .schedule(Warmup::new(10).then(CosineAnnealing::default()))
        .stop_early(Patience(2))
        .augment(|x, random| x[1] += 0.1 * random.unit())
        .measure("first output", |y, _| y[0])
        .clip(Clip::by_norm(0.3))
        .learning_rate_for("output.bias", 0.5)
        .seed(3);
    if let Some(stop) = stop {
        training = training.observe(stop);
    }
    if let Some(path) = checkpoint {
        training = training.checkpoint(&path.0);
        if resume {
            training = training.resume(&path.0);
        }
    }
    training.run().unwrap()
}

#[test]
fn a_resumed_run_is_the_uninterrupted_one_bit_for_bit() {
    let mut whole = Small::new_boxed(1);
    let expected = thorough(&mut whole, None, false, None);
    for (name, step, epoch) in [("first", 1, 0), ("midst", 18, 0), ("end", 0, 3), ("boundary", 14, 0), ("done", 0, 0)] {
        let file = Temporary::new(&format!("resume-{name}"));
        let mut first = Small::new_boxed(1);
        let interrupted = thorough(&mut first, Some(&file), false, Some(StopAt { step, epoch }));
        assert_eq!(interrupted.ending() == Ending::Observer, name != "done");
        let mut second = Small::new_boxed(99);
        let resumed = thorough(&mut second, Some(&file), true, None);
        assert_eq!(bytes(&*second), bytes(&*whole), "{name}");
        assert_eq!(numbers(&resumed), numbers(&expected), "{name}");
        assert_eq!(resumed.ending(), expected.ending());
        assert_eq!(resumed.final_epoch().train.own("first output"), expected.final_epoch().train.own("first output"));
    }
}

/// Ends the program, all but, after an update.
struct CrashAt(u64);

impl Observer for CrashAt {
    fn begin(&mut self, run: &nn_core::observe::RunReport<'_>) {
        assert!([0, 10].contains(&run.resumed_at), "the last checkpoint is that of update 10, not that of the epoch's end");
    }
    fn step(&mut self, report: &StepReport<'_>) -> ControlFlow<()> {
        // Without the message that a panic prints.
        if report.step == self.0 { std::panic::resume_unwind(Box::new(())) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn a_run_that_a_checkpoint_outlived_goes_on_from_it() {
    let data = points(50, 14);
    let file = Temporary::new("every");
    let run = |net: &mut Small, epochs: u64, crash: u64, resume: bool| {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(RmsProp::new(0.01)).batch_size(8).epochs(epochs);
        let training = if resume { training.resume(&file.0) } else { training.checkpoint(&file.0).checkpoint_every(5) };
        training.observe(CrashAt(crash)).run().unwrap()
    };
    let mut whole = Small::new_boxed(1);
    let expected = run(&mut whole, 4, 0, false);
    std::fs::remove_file(&file.0).unwrap();
    let mut first = Small::new_boxed(1);
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&mut first, 2, 13, false))).is_err());
    // Longer than it was to be: without a schedule, nothing depends on the length.
    let mut second = Small::new_boxed(2);
    let resumed = run(&mut second, 4, 0, true);
    assert_eq!(bytes(&*second), bytes(&*whole));
    assert_eq!(numbers(&resumed), numbers(&expected));
    // With updates after the last checkpoint: it is of update 10, not of update 13.
    assert_ne!(bytes(&*first), bytes(&*second));
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused_and_changes_nothing() {
    let data = points(20, 16);
    let file = Temporary::new("refused");
    let mut net = Small::new_boxed(1);
    net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(2).checkpoint(&file.0).run().unwrap();
    let good = std::fs::read(&file.0).unwrap();
    let before = bytes(&*net);
    let mut refused = |data: &Dataset<[f64; 3], [f64; 2]>, rate: f64, size: usize, seed: u64| {
        let training = net.train(data).loss(MeanSquaredError).optimizer(Sgd::new(rate)).batch_size(size).seed(seed).epochs(2);
        training.resume(&file.0).run().err().map(|error| error.to_string())
    };
    let other = points(20, 17);
    for (message, part) in [
        (refused(&data, 0.2, 32, 0), "here `optimizer: Sgd { learning_rate: 0.2"),
        (refused(&data, 0.1, 16, 0), "there `batch size: 32`, here `batch size: 16`"),
        (refused(&data, 0.1, 32, 1), "there `seed: 0`, here `seed: 1`"),
        (refused(&other, 0.1, 32, 0), "here `training data: 20 samples"),
    ] {
        let message = message.expect("refused");
        assert!(message.contains(part) && message.contains("is of another run"), "{message}");
    }
    let mut longer = Small::new_boxed(1);
    let other_file = Temporary::new("scheduled");
    let scheduled = |net: &mut Small, epochs, resume: bool| {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(epochs).schedule(CosineAnnealing::default());
        if resume { training.resume(&other_file.0) } else { training.checkpoint(&other_file.0) }.run()
    };
    scheduled(&mut longer, 2, false).unwrap();
    let message = scheduled(&mut longer, 3, true).unwrap_err().to_string();
    assert!(message.contains("over 2 steps`, here `schedule: ") && message.contains("over 3 steps`"), "{message}");
    for cut in (0..good.len()).step_by(23) {
        std::fs::write(&file.0, &good[..cut]).unwrap();
        let message = refused(&data, 0.1, 32, 0).expect("refused");
        assert!(message.contains("is no checkpoint") || message.contains("cut off or changed"), "{message}");
    }
    for at in (0..good.len()).step_by(17) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        std::fs::write(&file.0, &bad).unwrap();
        assert!(refused(&data, 0.1, 32, 0).is_some(), "byte {at} changed");
    }
    let mut newer = good.clone();
    newer[b"nn-core checkpoint\n".len()] = 200;
    std::fs::write(&file.0, &newer).unwrap();
    assert!(refused(&data, 0.1, 32, 0).unwrap().contains("version 200"));
    std::fs::write(&file.0, &good).unwrap();
    assert_eq!(refused(&data, 0.1, 32, 0), None);
    assert_eq!(bytes(&*net), before);

    let mut other = Other::new_boxed(1);
    let before = bytes(&*other);
    let training = other.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(2);
    let message = training.resume(&file.0).run().unwrap_err().to_string();
    assert!(message.contains("there `network: Small") && message.contains("here `network: Other"), "{message}");
    assert_eq!(bytes(&*other), before);
    let message =
        other.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).resume("/nowhere/at/all").run().unwrap_err().to_string();
    assert!(message.starts_with("cannot read the checkpoint /nowhere/at/all: "), "{message}");
}

#[test]
fn a_checkpoint_of_other_kernels_is_refused() {
    let data = xor();
    let file = Temporary::new("kernels");
    let mut net = Xor::new_boxed(1);
    let training = net.train(&data).loss(CrossEntropy).optimizer(Sgd::new(0.1)).epochs(2);
    training.kernels(Kernels::Portable).checkpoint(&file.0).run().unwrap();
    let resumed = net.train(&data).loss(CrossEntropy).optimizer(Sgd::new(0.1)).epochs(2).resume(&file.0).run();
    match Kernels::detect() {
        Kernels::Portable => assert!(resumed.is_ok()),
        other => {
            let message = resumed.unwrap_err().to_string();
            assert!(message.ends_with(&format!("there `kernels: portable`, here `kernels: {}`", other.name())), "{message}");
        }
    }
}
