//! The factors of each schedule. PyTorch steps its schedules when the program says so: here once an update, and an epoch is one update.

use nn_core::schedule::{CosineAnnealing, Exponential, Moment, ReduceOnPlateau, Schedule, StepDecay, Warmup};

use crate::fixture::{File, close};

fn check(schedule: &impl Schedule, file: &File, case: &str) {
    assert_eq!(schedule.check(), Ok(()));
    let theirs = file.get(&format!("{case}/factors"));
    let losses = file.get("plateau_losses/losses");
    let total_steps = theirs.len() as u64;
    let ours: Vec<f64> = (0..theirs.len())
        .map(|i| (i as u64, losses.get(..i).unwrap_or_default()))
        .map(|(step, losses)| schedule.factor(&Moment { step, total_steps, steps_per_epoch: 1, epoch: step, losses }))
        .collect();
    close(case, &ours, &theirs);
}

cases! { "schedules":
    plateau_losses => |file, case| assert_eq!(file.get(&format!("{case}/losses")).len(), 24),
    step_decay => |file, case| check(&StepDecay::new(3, 0.5), file, case),
    exponential => |file, case| check(&Exponential::new(0.9), file, case),
    cosine_annealing => |file, case| check(&CosineAnnealing::new(), file, case),
    cosine_annealing_minimum => |file, case| check(&CosineAnnealing::new().minimum(0.05), file, case),
    warmup => |file, case| check(&Warmup::new(6), file, case),
    warmup_cosine => |file, case| check(&Warmup::new(6).then(CosineAnnealing::new().minimum(0.1)), file, case),
    plateau => |file, case| check(&ReduceOnPlateau::new(0.5, 2), file, case),
    plateau_options => |file, case| check(&ReduceOnPlateau::new(0.2, 1).threshold(0.01).cooldown(3).minimum(0.01), file, case),
}
