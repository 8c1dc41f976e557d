//! What ends a run, and what schedules see.

use super::*;

#[test]
fn a_maximum_of_steps_ends_the_run_in_an_epochs_midst() {
    let data = points(10, 10);
    let run = |steps| {
        let mut net = Small::new_boxed(1);
        net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(2).max_steps(steps).run().unwrap()
    };
    let history = run(7);
    assert_eq!(history.ending(), Ending::MaxSteps);
    assert_eq!(history.epochs().iter().map(|epoch| (epoch.step, epoch.train.samples())).collect::<Vec<_>>(), [(5, 10), (7, 4)]);
    assert_eq!(run(60).epochs().len(), 12, "no limit of ten epochs where steps are given");
}

/// Targets that pull the training away from the validation data.
fn opposed() -> (Dataset<[f64; 3], [f64; 2]>, Dataset<[f64; 3], [f64; 2]>) {
    let train = points(16, 11).map_targets(|_| [1.0, 1.0]);
    let test = points(8, 12).map_targets(|_| [0.3, 0.3]);
    (train, test)
}

#[test]
fn patience_restores_the_best_epoch() {
    let (train, test) = opposed();
    let mut net = Small::new_boxed(2);
    let training = net.train(&train).loss(MeanSquaredError).optimizer(Sgd::new(0.05)).batch_size(16).epochs(100).validate_on(&test);
    let history = training.stop_early(Patience(3)).run().unwrap();
    let watched: Vec<f64> = history.epochs().iter().map(|epoch| epoch.validation.as_ref().unwrap().loss).collect();
    let best = (0..watched.len()).min_by(|a, b| watched[*a].total_cmp(&watched[*b])).unwrap();
    assert!(best > 0, "{watched:?}");
    assert_eq!(watched.len(), best + 4, "three epochs without a better one");
    assert_eq!(history.ending(), Ending::Rule);
    assert_eq!(history.kept_epoch().number, best as u64 + 1);
    assert_eq!(net.evaluate(&test, MeanSquaredError).unwrap().loss.to_bits(), watched[best].to_bits());
    assert!(format!("{history}").contains("best, kept"));
    assert!(format!("{history}").ends_with("ended by Patience(3)"));

    // Interrupted after the best epoch: the checkpoint has its parameters.
    let file = Temporary::new("best");
    let mut resumed = Small::new_boxed(2);
    for (stop, resume) in [(best as u64 + 2, false), (0, true)] {
        let training = resumed.train(&train).loss(MeanSquaredError).optimizer(Sgd::new(0.05)).batch_size(16).epochs(100);
        let training = training.validate_on(&test).stop_early(Patience(3)).observe(StopAt { step: 0, epoch: stop });
        let training = if resume { training.resume(&file.0) } else { training.checkpoint(&file.0) };
        training.run().unwrap();
        if !resume {
            // The checkpoint is all that goes on.
            resumed = Small::new_boxed(9);
        }
    }
    assert_eq!(bytes(&*resumed), bytes(&*net));

    // Without the rule, the last epoch stays; without validation data, the training loss is watched.
    let mut other = Small::new_boxed(2);
    let training = other.train(&train).loss(MeanSquaredError).optimizer(Sgd::new(0.05)).batch_size(16).epochs(watched.len() as u64);
    let history = training.validate_on(&test).run().unwrap();
    assert_eq!(other.evaluate(&test, MeanSquaredError).unwrap().loss.to_bits(), watched.last().unwrap().to_bits());
    assert_eq!((history.kept_epoch().number, history.best_epoch().number), (watched.len() as u64, best as u64 + 1));
    let training = other.train(&train).loss(MeanSquaredError).optimizer(Sgd::new(0.05)).batch_size(16).epochs(20);
    assert_eq!(training.stop_early(Patience(3)).run().unwrap().ending(), Ending::Epochs);
}

#[test]
fn tolerances_end_the_run() {
    let data = points(16, 13);
    let mut net = Small::new_boxed(1);
    let history = {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.2)).batch_size(16).epochs(10_000);
        training.stop_early(LossChangeBelow(1e-4)).run().unwrap()
    };
    let losses: Vec<f64> = history.epochs().iter().map(|epoch| epoch.train.loss).collect();
    let changes: Vec<f64> = losses.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let (last, before) = changes.split_last().unwrap();
    assert!(*last < 1e-4 && before.iter().all(|change| *change >= 1e-4) && !before.is_empty());

    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.2)).batch_size(16).epochs(10_000);
    // Rules may be several; the first that holds counts.
    let history = training.stop_early(GradientBelow(0.05)).stop_early(LossChangeBelow(0.0)).run().unwrap();
    let norms: Vec<f64> = history.epochs().iter().map(|epoch| epoch.gradient_norm).collect();
    let (last, before) = norms.split_last().unwrap();
    assert!(*last < 0.05 && before.iter().all(|norm| *norm >= 0.05) && !before.is_empty(), "{norms:?}");
}

/// Halves with every epoch that ended above 0.
#[derive(Debug)]
struct Halves;

impl Schedule for Halves {
    fn factor(&self, at: &nn_core::schedule::Moment<'_>) -> f64 {
        at.losses.iter().filter(|loss| **loss > 0.0).fold(1.0, |factor, _| factor / 2.0)
    }
}

#[test]
fn a_schedule_sees_what_the_epochs_ended_with() {
    let data = points(8, 34);
    let mut told = Listener::default();
    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(8).epochs(3);
    training.schedule(Halves).observe(&mut told).run().unwrap();
    assert_eq!(told.steps, [(1, 1, 0.1), (2, 2, 0.05), (3, 3, 0.025)]);
}
