//! Parameters after 20 steps with each optimizer, on two dense layers and the mean squared error.

use nn_core::layer::{Dense, Layer};
use nn_core::loss::{Loss, MeanSquaredError};
use nn_core::optimizer::{Adagrad, Adam, AdamW, Clip, Optimizer, RmsProp, Sgd, Update, sum_of_squares};
use nn_core::schedule::{Constant, CosineAnnealing, Moment, Schedule};
use nn_core::{Heap, Pass, Plain, Portable, Scratch, plain};

use crate::fixture::{File, close, set};

type Net = [Dense<4, 4, f64>; 2];
const RUN: usize = Net::PARAMETERS; // all parameters are adjacent: one run

fn run<P: Plain>(parameters: &mut P) -> &mut [f64] {
    plain::part_mut(parameters, 0, RUN).expect("all parameters")
}

fn train(optimizer: &impl Optimizer<f64>, schedule: &impl Schedule, clip: Option<Clip>, file: &File, case: &str) {
    assert_eq!((optimizer.check(), schedule.check()), (Ok(()), Ok(())));
    let mut net = plain::boxed::<Net>();
    let each = |visit: &mut dyn FnMut(&str, usize, usize)| {
        Net::SPEC.visit(|leaf| visit(&leaf.key.to_string(), leaf.offset, leaf.shape.len()));
    };
    each(&mut |key, offset, len| {
        set(plain::part_mut::<Net, f64>(&mut net, offset, len).expect("a tensor"), &file.get(&format!("start/{key}")));
    });
    let (x, target) = (file.values::<[f64; 4]>("start/x"), file.values::<[f64; 4]>("start/target"));
    let mut state = vec![0.0; RUN * state_slots(optimizer)];
    let mut tape = <Net as Layer>::Tape::<Heap>::new();
    for step in 1..=20 {
        let (mut y, mut dy, mut gradient) = (plain::vec(x.len()), plain::vec(x.len()), plain::boxed::<Net>());
        let pass = Pass::new(0, step);
        net.forward::<_, Heap>(Portable, pass, &x, &mut y, &mut tape);
        Loss::<nn_core::Real, [f64; 4], [f64; 4]>::batch(&MeanSquaredError, &y, &target, None, &mut dy);
        net.backward::<_, Heap>(Portable, pass, &x, &y, &mut dy, None, &mut tape, Some(&mut gradient));
        if let Some(clip) = clip {
            let norm = sum_of_squares(run(&mut *gradient)).sqrt();
            clip.apply(norm, run(&mut *gradient));
        }
        let moment = Moment { step: step - 1, total_steps: 20, steps_per_epoch: 1, epoch: step - 1, losses: &[] };
        let learning_rate = optimizer.learning_rate() * schedule.factor(&moment);
        optimizer.update(Update { learning_rate, step }, run(&mut *net), run(&mut *gradient), &mut state);
    }
    each(&mut |key, offset, len| {
        let key = format!("{case}/{key}");
        close(&key, plain::part::<Net, f64>(&net, offset, len).expect("a tensor"), &file.get(&key));
    });
}

fn state_slots<O: Optimizer<f64>>(_: &O) -> usize {
    O::SLOTS
}

/// A whole training with this optimizer.
macro_rules! with {
    ($optimizer:expr) => {
        with!($optimizer, Constant, None)
    };
    ($optimizer:expr, $schedule:expr, $clip:expr) => {
        |file, case| train(&$optimizer, &$schedule, $clip, file, case)
    };
}

cases! { "optimizers":
    start => |file, _| assert_eq!(file.get("start/x").len(), 24),
    sgd => with!(Sgd::new(0.05)),
    sgd_decay => with!(Sgd::new(0.05).weight_decay(0.1)),
    momentum => with!(Sgd::new(0.05).momentum(0.9)),
    momentum_decay => with!(Sgd::new(0.05).weight_decay(0.1).momentum(0.9)),
    momentum_dampening => with!(Sgd::new(0.05).momentum(0.8).dampening(0.3)),
    nesterov => with!(Sgd::new(0.05).momentum(0.9).nesterov()),
    nesterov_decay => with!(Sgd::new(0.05).momentum(0.9).nesterov().weight_decay(0.1)),
    adagrad => with!(Adagrad::default()),
    adagrad_options => with!(Adagrad::new(0.1).learning_rate_decay(0.05).weight_decay(0.1).initial_accumulator(0.2).epsilon(1e-6)),
    rms_prop => with!(RmsProp::default()),
    rms_prop_options => with!(RmsProp::new(0.02).alpha(0.9).epsilon(1e-6).weight_decay(0.1)),
    rms_prop_momentum => with!(RmsProp::new(0.005).weight_decay(0.1).momentum(0.9)),
    adam => with!(Adam::default()),
    adam_options => with!(Adam::new(0.05).beta1(0.8).beta2(0.95).epsilon(1e-6).weight_decay(0.1)),
    adam_w => with!(AdamW::default()),
    adam_w_options => with!(AdamW::new(0.05).beta1(0.8).beta2(0.95).epsilon(1e-6).weight_decay(0.3)),
    clip_norm => with!(Sgd::new(0.05).momentum(0.9), Constant, Some(Clip::by_norm(0.5))),
    clip_value => with!(Sgd::new(0.05).momentum(0.9), Constant, Some(Clip::by_value(0.1))),
    scheduled => with!(Sgd::new(0.05).momentum(0.9), CosineAnnealing::new().minimum(0.1), None),
}
