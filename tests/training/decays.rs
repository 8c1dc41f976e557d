//! Weight decay by parts.

use nn_core::optimizer::Optimizer;

use super::*;

network! {
    /// A bias, and normalisations with one dimension and with more.
    #[scalar(f64)]
    struct Normed: [1, 3] -> [2] {
        hidden: Conv1d(2, kernel = 1),
        ln: LayerNorm,
        Flatten,
        bn: BatchNorm,
        output: Dense(2),
    }
}

type Rows = Dataset<[[f64; 3]; 1], [f64; 2]>;
type Run<'a> = nn_core::train::Training<'a, Normed, Rows, ChosenLoss<'a, Normed, Rows>, ChosenOptimizer<'a, Normed>>;

/// The network after one update, before which no bias is 0.
fn after(optimizer: impl Optimizer<f64> + 'static, change: impl for<'a> Fn(Run<'a>) -> Run<'a>) -> Box<Normed> {
    let data = points(20, 7).map_inputs(|point, x: &mut [[f64; 3]; 1]| x[0] = *point);
    let mut net = Normed::new_boxed(1);
    net.hidden.bias = [0.5; 2];
    net.output.bias = [-0.5; 2];
    net.bn.bias = [0.25; 6];
    net.ln.bias = [[0.75; 3]; 2];
    change(net.train(&data).loss(MeanSquaredError).optimizer(optimizer).batch_size(20).epochs(1)).run().unwrap();
    net
}

/// An update with decay on some parameters is, tensor by tensor, that with decay on all or on none.
fn decays<O: Optimizer<f64> + Copy + 'static>(name: &str, with: O, without: O) {
    let first = |optimizer: O, change: &dyn Fn(&mut Vec<(&'static str, f64)>) -> bool| {
        let mut keys = Vec::new();
        let exempts = change(&mut keys);
        after(optimizer, |training| {
            let training = keys.iter().fold(training, |training, (key, decay)| training.weight_decay_for(*key, *decay));
            if exempts { training.no_weight_decay_on_norms_and_biases() } else { training }
        })
    };
    let (all, none) = (first(with, &|_| false), first(without, &|_| false));
    let exempt = first(with, &|_| true);
    assert_ne!(bytes(&all.hidden.bias), bytes(&none.hidden.bias), "{name}");
    assert_ne!(bytes(&all.ln), bytes(&none.ln), "{name}");
    assert_eq!(bytes(&exempt.hidden.weight), bytes(&all.hidden.weight), "{name}");
    assert_eq!(bytes(&exempt.output.weight), bytes(&all.output.weight), "{name}");
    for (exempt, none) in [
        (bytes(&exempt.hidden.bias), bytes(&none.hidden.bias)),
        (bytes(&exempt.output.bias), bytes(&none.output.bias)),
        (bytes(&exempt.bn.weight), bytes(&none.bn.weight)),
        (bytes(&exempt.bn.bias), bytes(&none.bn.bias)),
        (bytes(&exempt.ln), bytes(&none.ln)),
    ] {
        assert_eq!(exempt, none, "{name}");
    }

    let biases = first(with, &|keys| {
        keys.push(("bias", 0.0));
        false
    });
    assert_eq!(bytes(&biases.hidden.bias), bytes(&none.hidden.bias), "{name}");
    assert_eq!(bytes(&biases.ln.bias), bytes(&none.ln.bias), "{name}");
    assert_eq!(bytes(&biases.ln.weight), bytes(&all.ln.weight), "{name}");
    assert_eq!(bytes(&biases.hidden.weight), bytes(&all.hidden.weight), "{name}");

    // A decay of its own where the optimizer has none, and a key that counts before the exemption.
    let own = first(without, &|keys| {
        keys.extend([("output", 0.3), ("hidden.bias", 0.3)]);
        true
    });
    assert_eq!(bytes(&own.output), bytes(&all.output), "{name}");
    assert_eq!(bytes(&own.hidden.bias), bytes(&all.hidden.bias), "{name}");
    assert_eq!(bytes(&own.hidden.weight), bytes(&none.hidden.weight), "{name}");
    assert_eq!(bytes(&own.bn), bytes(&none.bn), "{name}");
}

#[test]
fn a_part_decays_as_if_the_optimizer_had_its_decay() {
    decays("Sgd", Sgd::new(0.1).weight_decay(0.3), Sgd::new(0.1));
    decays("SgdMomentum", Sgd::new(0.1).weight_decay(0.3).momentum(0.9), Sgd::new(0.1).momentum(0.9));
    decays("Adagrad", Adagrad::new(0.1).weight_decay(0.3), Adagrad::new(0.1));
    decays("RmsProp", RmsProp::new(0.1).weight_decay(0.3), RmsProp::new(0.1));
    decays("RmsPropMomentum", RmsProp::new(0.1).weight_decay(0.3).momentum(0.9), RmsProp::new(0.1).momentum(0.9));
    decays("Adam", Adam::new(0.1).weight_decay(0.3), Adam::new(0.1));
    decays("AdamW", AdamW::new(0.1).weight_decay(0.3), AdamW::new(0.1).weight_decay(0.0));
}

/// An optimizer of one's own that has no weight decay.
#[derive(Debug)]
struct Plainly;

impl Optimizer<f64> for Plainly {
    type State<G: Plain> = ();
    fn learning_rate(&self) -> f64 {
        0.1
    }
    fn update(&self, update: nn_core::optimizer::Update, w: &mut [f64], gradient: &[f64], _: &mut [f64]) {
        for (w, g) in w.iter_mut().zip(gradient) {
            *w -= update.learning_rate * g;
        }
    }
}

#[test]
fn decays_that_make_no_sense_are_named() {
    let data = points(5, 21);
    let mut net = Small::new_boxed(1);
    let before = bytes(&*net);
    let mut message = |key: &str, decay: f64| {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(AdamW::new(0.1));
        training.weight_decay_for(key, decay).run().unwrap_err().to_string()
    };
    assert_eq!(message("biases", 0.0), "the network has no part `biases`; it has `hidden`, `output`, `weight`, `bias`");
    assert_eq!(message("as", 0.0), "the network has no part `as`; it has `hidden`, `output`, `weight`, `bias`");
    assert_eq!(message("bias", -1.0), "`.weight_decay_for(\"bias\", -1)`: the weight decay must be finite and at least 0");
    assert_eq!(message("bias", f64::NAN), "`.weight_decay_for(\"bias\", NaN)`: the weight decay must be finite and at least 0");
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Plainly).weight_decay_for("bias", 0.0).run().unwrap_err();
    assert!(error.to_string().starts_with("`Plainly` does not know weight decay: "), "{error}");
    assert_eq!(bytes(&*net), before);
}

#[test]
fn a_run_with_other_decays_is_not_resumed() {
    let (data, file) = (points(20, 14), Temporary::new("decays"));
    let mut net = Small::new_boxed(1);
    net.train(&data).loss(MeanSquaredError).optimizer(AdamW::new(0.1)).epochs(1).checkpoint(&file.0).run().unwrap();
    let training = net.train(&data).loss(MeanSquaredError).optimizer(AdamW::new(0.1)).epochs(2).resume(&file.0);
    let error = training.weight_decay_for("bias", 0.0).run().unwrap_err();
    assert!(error.to_string().contains("weight decays: "), "{error}");
}
