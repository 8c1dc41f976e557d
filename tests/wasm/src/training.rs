//! The training loop: every method of its builder, and the pieces for loops of one's own.

use core::ops::ControlFlow;

use nn_core::observe::{Ending, EpochReport, Observer, RunReport, StepReport};
use nn_core::prelude::*;
use nn_core::train::{Gradients, Updates};

use crate::{Image, Plane, check, images, points};

/// Asks for all that an observer is told.
#[derive(Default)]
struct Listener {
    steps: usize,
    clockless: bool,
}

impl Observer for Listener {
    fn begin(&mut self, run: &RunReport<'_>) {
        assert_eq!(run.network, "Plane");
    }

    fn step(&mut self, report: &StepReport<'_>) -> ControlFlow<()> {
        self.steps += 1;
        assert!(!report.so_far().is_empty());
        ControlFlow::Continue(())
    }

    fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
        self.clockless = report.seconds.is_none();
        assert!(!report.train().is_empty() && !report.validation().is_empty());
        ControlFlow::Continue(())
    }

    fn end(&mut self, ending: Ending) {
        assert_eq!(ending, Ending::Epochs);
    }
}

check! {
    /// A run with everything that can be asked for, but for files.
    fn check_training() {
        let (data, test) = (points(64), points(16));
        let mut listener = Listener::default();
        let mut net = Plane::new_boxed(1);
        let history = net
            .train(&data)
            .loss(MeanSquaredError)
            .optimizer(Adam::new(0.02))
            .batch_size(8)
            .epochs(30)
            .max_steps(240)
            .schedule(Warmup::new(10).then(CosineAnnealing::default()))
            .validate_on(&test)
            .stop_early(Patience(100))
            .observe(&mut listener)
            .observe(ProgressBar::new())
            .seed(3)
            .clip(Clip::by_norm(1.0))
            .in_order()
            .augment(|x, random| x[0] += 0.001 * random.unit() as f32)
            .measure("first", |y, _| f64::from(y[0]))
            .learning_rate_for("out", 0.5)
            .freeze("hidden.bias")
            .kernels(Kernels::detect())
            .threads(2)
            .run()
            .unwrap();
        assert_eq!((listener.steps, listener.clockless), (240, true));
        let (first, last) = (&history.epochs()[0], history.final_epoch());
        assert!(last.train.loss < first.train.loss, "{history}");
        assert!(last.seconds.is_none() && history.rows()[0][4].is_nan(), "there is no clock");
        assert!(history.to_string().lines().nth(1).unwrap().contains(" - "), "{history}");
        assert!(history.to_json().contains("\"seconds\": null"));
        assert_eq!(history.to_csv().lines().count(), 31);
        assert!(history.best_epoch().watched_loss() <= history.kept_epoch().watched_loss());
        assert_eq!((history.network(), history.ended_by()), ("Plane", "its number of epochs"));
    }
}

check! {
    /// Every optimizer, schedule and stopping rule.
    fn check_choices() {
        fn run(optimizer: impl Optimizer<f32> + 'static, schedule: impl Schedule + 'static) {
            let data = points(16);
            let mut net = Plane::new_boxed(1);
            let training = net.train(&data).loss(Huber(0.5)).optimizer(optimizer).schedule(schedule).epochs(4);
            let history = training.stop_early(LossChangeBelow(1e-12)).stop_early(GradientBelow(1e-12)).run().unwrap();
            assert!(history.final_epoch().train.loss.is_finite());
        }
        run(Sgd::new(0.01), Constant);
        run(SgdMomentum::new(0.01, 0.9), StepDecay::new(1, 0.5));
        run(Adagrad::new(0.01), Exponential::new(0.9));
        run(RmsProp::new(0.01), ReduceOnPlateau::new(0.5, 2));
        run(AdamW::new(0.01), Warmup::new(2));
    }
}

check! {
    /// Convolution, pool, normalisation and dropout, on as many threads as there are.
    fn check_images() {
        let data = images(60);
        let mut net = Image::new_boxed(2);
        net.train(&data).loss(CrossEntropy).optimizer(Adam::new(0.02)).epochs(20).run().unwrap();
        let score = net.evaluate(&data, CrossEntropy).unwrap();
        assert!(score.accuracy() > 0.95, "{score:?}");
    }
}

check! {
    /// A loop of one's own.
    fn check_own_loop() {
        let data = points(16);
        let mut net = Plane::new_boxed(1);
        let mut gradients = Gradients::<Plane>::new().seed(1).with_inputs().kernels(Kernels::detect()).threads(2).unwrap();
        let mut updates = Updates::<Plane, _>::new(Sgd::new(0.1)).unwrap();
        let before = gradients.add(&net, data.inputs(), data.targets(), &MeanSquaredError);
        assert!(updates.norm(&gradients) > 0.0 && gradients.inputs().len() == 16);
        updates.clip(Clip::by_value(0.1), &mut gradients);
        updates.apply(&mut net, &gradients);
        gradients.clear();
        assert!(gradients.set(&net, data.inputs(), data.targets(), &MeanSquaredError) < before);
        updates.apply_at(&mut net, &gradients, 0.5);
        gradients.set_from(&net, data.inputs(), |y, dy| dy.copy_from_slice(y));
        gradients.add_from(&net, data.inputs(), |y, dy| dy.copy_from_slice(y));
        assert!(gradients.get().out.bias[0].is_finite());
    }
}
