//! Numbers that are not finite, and settings that make no sense.

use super::*;

#[derive(Debug)]
struct Broken;

impl Schedule for Broken {
    fn factor(&self, at: &nn_core::schedule::Moment<'_>) -> f64 {
        if at.step == 4 { f64::NAN } else { 1.0 }
    }
}

#[test]
fn a_schedule_that_gives_no_rate_ends_the_run() {
    let data = points(20, 33);
    let mut net = Small::new_boxed(1);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(4).schedule(Broken).run().unwrap_err();
    assert_eq!(error.to_string(), "update 5 has a learning rate of NaN: optimizer and schedule must give a finite one of at least 0");
}

/// The error of a run that ends with numbers that are not finite.
fn not_finite(error: &TrainError) -> &NotFinite {
    match error {
        TrainError::NotFinite(at) => at,
        other => panic!("{other}"),
    }
}

#[test]
fn an_input_that_is_not_finite_is_named_before_it_does_harm() {
    let mut data = points(20, 18);
    data.inputs_mut()[13][1] = f64::NAN;
    let mut net = Small::new_boxed(1);
    let before = bytes(&*net);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(5).in_order().run().unwrap_err();
    let at = not_finite(&error);
    assert_eq!((at.what, at.epoch, at.step, at.layer.as_str()), (What::Input { sample: 13 }, 1, 3, "hidden"));
    assert_eq!(bytes(&*net), before, "as before training, though two updates were made");
    assert_eq!(
        error.to_string(),
        "epoch 1, step 3: the input of sample 13, which `hidden` reads, is not finite: clean the data (the network is as it was before training)"
    );
}

/// A loss that does not say what it takes: its targets are looked at only when the loss is not finite.
#[derive(Debug)]
struct Own;

impl<K: nn_core::Kind> Loss<K, [f64; 2], [f64; 2]> for Own {
    fn loss(&self, y: &[f64; 2], target: &[f64; 2]) -> f64 {
        (y[0] - target[0]).powi(2) + (y[1] - target[1]).powi(2)
    }
    fn gradient(&self, y: &[f64; 2], target: &[f64; 2], dy: &mut [f64; 2]) -> f64 {
        *dy = [2.0 * (y[0] - target[0]), 2.0 * (y[1] - target[1])];
        Loss::<K, _, _>::loss(self, y, target)
    }
}

#[test]
fn a_target_that_is_not_finite_is_named_as_such() {
    let mut data = points(20, 18);
    data.targets_mut()[7][0] = f64::NAN;
    let mut net = Small::new_boxed(1);
    let error = net.train(&data).loss(Own).optimizer(Sgd::new(0.1)).batch_size(5).in_order().run().unwrap_err();
    assert_eq!(not_finite(&error).what, What::Target { sample: 7 });
    assert!(error.to_string().contains("the loss of sample 7 is not finite"), "{error}");
}

#[test]
fn a_sample_of_the_validation_data_that_has_no_loss_is_named() {
    let data = points(20, 18);
    let mut net = Small::new_boxed(1);
    let before = bytes(&*net);
    let spoil = |change: &dyn Fn(&mut Dataset<[f64; 3], [f64; 2]>)| {
        let mut validation = points(200, 19);
        change(&mut validation);
        validation
    };
    for (validation, sample, from, words) in [
        (spoil(&|data| data.inputs_mut()[130][1] = f64::NAN), 130, Spoilt::Input, "the input of sample 130 is not finite: clean the data"),
        (
            spoil(&|data| data.targets_mut()[199][0] = f64::INFINITY),
            199,
            Spoilt::Target,
            "the loss of sample 199 is not finite, though the network's output is: clean its target or weight",
        ),
    ] {
        let error = net.train(&data).loss(Own).optimizer(Sgd::new(0.1)).validate_on(&validation).run().unwrap_err();
        let at = not_finite(&error);
        assert_eq!((at.what, at.epoch, at.step), (What::Validation(NoScore { sample, from }), 1, 1), "{error}");
        assert_eq!(
            error.to_string(),
            format!("epoch 1, step 1: in the validation data, {words} (the network is as it was before training)")
        );
        assert_eq!(bytes(&*net), before);
        assert_eq!(net.evaluate(&validation, Own).unwrap_err().to_string(), words);
    }
    net.output.bias[1] = f64::NAN;
    let error = net.evaluate(&data, MeanSquaredError).unwrap_err();
    assert!(matches!(error, TrainError::NoScore(NoScore { sample: 0, from: Spoilt::Output })), "{error}");
}

#[test]
fn a_diverging_run_ends_with_the_last_good_epoch() {
    let data = points(20, 19);
    let train =
        |net: &mut Other, epochs| net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(40.0)).batch_size(5).epochs(epochs).run();
    let mut net = Other::new_boxed(1);
    let error = train(&mut net, 1000).unwrap_err();
    let at = not_finite(&error).clone();
    assert!(at.epoch > 1 && matches!(at.what, What::Loss | What::Gradient | What::Parameter), "{at:?}");
    assert!(["hidden", "output"].contains(&at.layer.as_str()));
    let mut short = Other::new_boxed(1);
    train(&mut short, at.epoch - 1).unwrap();
    assert_eq!(bytes(&*net), bytes(&*short));
    assert!(error.to_string().ends_with(&format!("(the network is as it was after epoch {})", at.epoch - 1)), "{error}");
}

network! {
    struct Chain: [1] -> [1] {
        a: Dense(1),
        Relu,
        block: Residual {
            main: {
                b: Dense(1),
                Relu,
            }
        },
        c: Dense(1),
    }
}

#[test]
fn the_layer_where_an_output_overflows_is_named() {
    let data = Dataset::new(vec![[1.0_f32]], vec![[0.0_f32]]).unwrap();
    let layer = |a: f32, b: f32, c: f32| {
        let mut net = Chain::new_boxed(1);
        (net.a.weight, net.block.b.weight, net.c.weight) = ([[a]], [[b]], [[c]]);
        let error = net.train(&data).loss(MeanAbsoluteError).optimizer(Sgd::new(0.1)).run().unwrap_err();
        let at = not_finite(&error);
        assert_eq!((at.what, at.epoch, at.step), (if a.is_nan() { What::Parameter } else { What::Loss }, 1, 1), "{error}");
        at.layer.clone()
    };
    assert_eq!(layer(1e30, 1e30, 1.0), "block.b");
    assert_eq!(layer(1.0, 1e30, 1e30), "c");
    assert_eq!(layer(1e30, 1.0, 1e30), "c");
    assert_eq!(layer(f32::NAN, 1.0, 1.0), "a");
}

#[test]
fn parameters_that_overflow_in_an_epochs_last_update_are_not_its_good_ones() {
    let data = Dataset::new(vec![[1.0_f32]], vec![[0.0_f32]]).unwrap();
    let mut net = Chain::new_boxed(1);
    (net.a.weight, net.block.b.weight, net.c.weight) = ([[1.0]], [[1.0]], [[1e10]]);
    let before = bytes(&*net);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(1e35)).run().unwrap_err();
    let at = not_finite(&error);
    assert_eq!((at.what, at.epoch, at.step), (What::Parameter, 1, 1), "{error}");
    assert_eq!(bytes(&*net), before);
}

/// A squared error whose gradient breaks where the target is 100.
#[derive(Clone, Copy, Debug)]
struct Breaks;

impl<K: nn_core::Kind> Loss<K, [f64; 2], [f64; 2]> for Breaks {
    fn loss(&self, y: &[f64; 2], target: &[f64; 2]) -> f64 {
        Loss::<K, _, _>::loss(&MeanSquaredError, y, target)
    }
    fn gradient(&self, y: &[f64; 2], target: &[f64; 2], dy: &mut [f64; 2]) -> f64 {
        let loss = Loss::<K, _, _>::gradient(&MeanSquaredError, y, target, dy);
        if target[0] == 100.0 {
            dy[1] = f64::INFINITY;
        }
        loss
    }
}

#[test]
fn a_gradient_that_is_not_finite_is_not_used() {
    let mut data = points(20, 20);
    data.targets_mut()[11][0] = 100.0;
    let mut net = Small::new_boxed(1);
    let before = bytes(&*net);
    let error = net.train(&data).loss(Breaks).optimizer(Sgd::new(0.1)).batch_size(5).in_order().run().unwrap_err();
    let at = not_finite(&error);
    assert_eq!((at.what, at.epoch, at.step, at.layer.as_str()), (What::Gradient, 1, 3, "output"));
    assert_eq!(bytes(&*net), before);
}

#[test]
fn misuse_is_an_error_that_says_how_to_mend_it() {
    let data = points(5, 21);
    let none = Dataset::<[f64; 3], [f64; 2]>::new(vec![], vec![]).unwrap();
    let mut net = Small::new_boxed(1);
    let mut message = |data: &Dataset<[f64; 3], [f64; 2]>, change: &dyn for<'a> Fn(Training<'a>) -> Training<'a>| {
        change(net.train(data).loss(MeanSquaredError).optimizer(Sgd::new(0.1))).run().unwrap_err().to_string()
    };
    for (message, expected) in [
        (message(&data, &|t| t.epochs(0)), "no epochs: `.epochs(n)` takes at least 1"),
        (message(&data, &|t| t.max_steps(0)), "no updates: `.max_steps(n)` takes at least 1"),
        (
            message(&data, &|t| t.checkpoint_every(3)),
            "`checkpoint_every` writes nothing: name the file with `checkpoint`, and give it a number of updates above 0",
        ),
        (message(&data, &|t| t.batch_size(0)), "a batch of no samples: `.batch_size(n)` takes at least 1"),
        (message(&none, &|t| t), "the training data hold no samples"),
        (message(&data, &|t| t.freeze("hiden")), "the network has no part `hiden`; it has `hidden`, `output`"),
        (message(&data, &|t| t.learning_rate_for("hidden.w", 0.5)), "the network has no part `hidden.w`; it has `hidden`, `output`"),
        (
            message(&data, &|t| t.learning_rate_for("hidden", -1.0)),
            "`.learning_rate_for(\"hidden\", -1)`: the factor must be finite and at least 0",
        ),
        (message(&data, &|t| t.freeze("hidden").freeze("output")), "nothing learns: every parameter is frozen, or the network has none"),
        (message(&data, &|t| t.clip(Clip::by_norm(0.0))), "`Clip` with norm = 0: it must be finite and above 0"),
        (
            message(&data, &|t| t.checkpoint("/nowhere/at/all")),
            "cannot write the checkpoint /nowhere/at/all: No such file or directory (os error 2)",
        ),
    ] {
        assert_eq!(message, expected);
    }
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).validate_on(&none).run().unwrap_err();
    assert_eq!(error.to_string(), "the validation data hold no samples");
    assert_eq!(net.evaluate(&data, Huber(-1.0)).unwrap_err().to_string(), "`Huber` with delta = -1: it must be finite and above 0");
    assert_eq!(net.evaluate(&none, MeanSquaredError).unwrap_err().to_string(), "the data hold no samples");
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(-0.1)).run().unwrap_err();
    assert_eq!(error.to_string(), "`Sgd` with learning_rate = -0.1: it must be finite and at least 0");
    let error = Dataset::<[f64; 3], bool>::new(vec![[0.0; 3]; 2], vec![true]).unwrap_err();
    assert!(error.to_string().contains('2') && error.to_string().contains('1'), "{error}");
    let error: Error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(0).run().unwrap_err().into();
    assert_eq!(error.to_string(), "no epochs: `.epochs(n)` takes at least 1");
}
