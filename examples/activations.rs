//! The same network with five activations on the same data: saturation, inactive and dead units, and zero-centring, in numbers.
//!
//! An activation hands its gradient back times its slope. Where the slope is small, little is learned, and there are three ways to it:
//!
//! - *saturated*: flat in both directions, near one of two limits (sigmoid, tanh). More input changes nothing, less input hardly.
//! - *inactive*: on the negative side, where ReLU's slope is 0, `LeakyRelu`'s 0.01, ELU's the smaller the further down. This is how a ReLU
//!   chooses: other samples find the unit active.
//! - *dead*: of slope 0 for every sample of the training data. The unit learns nothing any more (ReLU alone can die).
//!
//! The mean of the outputs matters to the next layer: far from zero, it pushes all weights of a unit to the same side.
use nn_core::activation::{Activation, Elu, LeakyRelu, Relu, Sigmoid, Tanh};
use nn_core::prelude::*;
use nn_core::train::Gradients;
use nn_core::{Learns, Portable};

/// Four hidden layers of 32 units with one activation. The hidden part is a network of its own, so that its outputs can be looked at.
macro_rules! networks {
    ($($name:ident, $hidden:ident, $activation:ident;)*) => {$(
        network! {
            struct $hidden: [64] -> [32] {
                fc1: Dense(32),
                $activation,
                fc2: Dense(32),
                $activation,
                fc3: Dense(32),
                $activation,
                fc4: Dense(32),
                $activation,
            }
        }
        network! {
            struct $name: [64] -> [10] {
                hidden: $hidden -> [32],
                logits: Dense(10),
            }
        }
    )*};
}
networks! {
    WithSigmoid, HiddenSigmoid, Sigmoid;
    WithTanh, HiddenTanh, Tanh;
    WithRelu, HiddenRelu, Relu;
    WithLeakyRelu, HiddenLeakyRelu, LeakyRelu;
    WithElu, HiddenElu, Elu;
}

type Digits = Dataset<[f32; 64], Class<10>>;

/// What can become of an activation's slope.
#[derive(Clone, Copy)]
enum Shape {
    /// Two limits, and this slope where it is steepest.
    TwoLimits { steepest: f32 },
    /// Straight on the positive side, lower on the negative one.
    OneSided,
}

/// What one trained network showed.
struct Seen {
    arrives: f64,
    accuracy: f64,
    saturated: f64,
    inactive: f64,
    dead: f64,
    mean: f64,
}

/// How the units of the last hidden layer behave over all samples: the shares of saturated and of inactive outputs, the number of dead units,
/// and the mean output.
fn look<A: Activation<[f32; 32]>>(activation: A, shape: Shape, outputs: &[[f32; 32]]) -> [f64; 4] {
    let mut slopes = vec![[1.0_f32; 32]; outputs.len()];
    activation.backward(Portable, outputs, &mut slopes); // dy = 1: what comes back is the slope, from the output
    let count = (outputs.len() * 32) as f64;
    let saturated = match shape {
        Shape::TwoLimits { steepest } => slopes.as_flattened().iter().filter(|slope| **slope < 0.05 * steepest).count(),
        Shape::OneSided => 0,
    };
    let inactive = outputs.as_flattened().iter().filter(|y| **y <= 0.0).count();
    let dead = (0..32).filter(|unit| slopes.iter().all(|slope| slope[*unit] == 0.0)).count();
    let mean = outputs.as_flattened().iter().map(|y| f64::from(*y)).sum::<f64>() / count;
    [saturated as f64 / count, inactive as f64 / count, dead as f64, mean]
}

fn learn<N>(net: &mut N, train: &Digits, test: &Digits, seed: u64) -> Result<f64, Error>
where
    N: Network<Input = [f32; 64], Output = [f32; 10], Scalar = f32, Kind = Real, Learning = Learns>,
{
    net.train(train).loss(CrossEntropy).optimizer(Adam::new(1e-2)).epochs(40).seed(seed).run()?;
    Ok(net.evaluate(test, CrossEntropy)?.metrics.accuracy())
}

/// Trains a network from each seed and prints the row of all. The hidden part and the gradients' lengths are fields, which only a macro can
/// reach for all types.
macro_rules! row {
    ($name:ident, $activation:expr, $shape:expr, $train:ident, $test:ident) => {{
        let mut seen = Vec::new();
        for seed in SEEDS {
            let mut net = $name::new_boxed(seed);
            let mut gradients = Gradients::<$name>::new();
            gradients.add(&net, &$train.inputs()[..256], &$train.targets()[..256], &CrossEntropy);
            let length = |weight: &[f32]| f64::from(weight.iter().map(|g| g * g).sum::<f32>()).sqrt();
            let (first, last) = (&gradients.get().hidden.fc1.weight, &gradients.get().hidden.fc4.weight);
            let arrives = length(first.as_flattened()) / length(last.as_flattened());

            let accuracy = learn(&mut *net, $train, $test, seed)?;
            let outputs: Vec<_> = $train.inputs().iter().map(|x| net.hidden.predict(x)).collect();
            let [saturated, inactive, dead, mean] = look($activation, $shape, &outputs);
            seen.push(Seen { arrives, accuracy, saturated, inactive, dead, mean });
        }
        print(stringify!($name).trim_start_matches("With"), $shape, &seen)
    }};
}

const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;

/// Prints the means over the seeds, and gives the name, the mean accuracy, and its least and largest.
fn print(name: &'static str, shape: Shape, seen: &[Seen]) -> (&'static str, f64, [f64; 2]) {
    let mean = |of: fn(&Seen) -> f64| seen.iter().map(of).sum::<f64>() / seen.len() as f64;
    let (least, largest) = seen.iter().map(|seen| seen.accuracy).fold((1.0, 0.0), |(a, b), x| (f64::min(a, x), f64::max(b, x)));
    let accuracy = mean(|seen| seen.accuracy);
    let (saturated, inactive, dead) = match shape {
        Shape::TwoLimits { .. } => (format!("{:.2}", mean(|seen| seen.saturated)), "–".into(), "–".into()),
        Shape::OneSided => ("–".into(), format!("{:.2}", mean(|seen| seen.inactive)), format!("{:.1}", mean(|seen| seen.dead))),
    };
    print!("{name:10} {:12.3}   {accuracy:.3} ({least:.3} to {largest:.3})", mean(|seen| seen.arrives));
    println!(" {saturated:>10} {inactive:>9} {dead:>5} {:6.2}", mean(|seen| seen.mean));
    (name, accuracy, [least, largest])
}

fn main() -> Result<(), Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");
    let flat = datasets::digits(path)?.map_inputs(|image, x: &mut [f32; 64]| x.copy_from_slice(image[0].as_flattened()));
    let (train, test) = &flat.split_at(1437)?;
    let seeds = SEEDS.count();
    println!("Digits of 8 × 8 pixels, four hidden layers of 32 units; means over {seeds} seeds.");
    println!("  first / last   length of the first layer's gradient over the fourth's, before training: what arrives on the way back");
    println!("  test accuracy  share of {} images read rightly, and its range over the seeds", test.len());
    println!("The rest is of the last hidden layer's outputs, 32 an image, over the training images after training:");
    println!("  saturated      share near a limit: slope below a twentieth of the steepest (activations with two limits)");
    println!("  inactive       share on the negative side: slope 0 (Relu), 0.01 (LeakyRelu), below 1 (Elu)");
    println!("  dead           units of slope 0 for every image");
    println!("  mean           of the outputs\n");
    println!("activation first / last   test accuracy          saturated  inactive  dead   mean");
    let rows = [
        row!(WithSigmoid, Sigmoid, Shape::TwoLimits { steepest: 0.25 }, train, test),
        row!(WithTanh, Tanh, Shape::TwoLimits { steepest: 1.0 }, train, test),
        row!(WithRelu, Relu, Shape::OneSided, train, test),
        row!(WithLeakyRelu, LeakyRelu(0.01), Shape::OneSided, train, test),
        row!(WithElu, Elu(1.0), Shape::OneSided, train, test),
    ];

    let (best, accuracy, [least, _]) = rows.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("five rows");
    println!("\nThe best mean accuracy is {best}'s, {accuracy:.3}. One image is {:.3}.", 1.0 / test.len() as f64);
    let near: Vec<_> = rows.iter().filter(|(name, _, [_, largest])| *name != best && *largest >= least).map(|row| row.0).collect();
    if near.is_empty() {
        println!("No other range reaches its range.");
    } else {
        println!("The ranges of {} overlap with its range: differences of that size come from the seed too.", near.join(", "));
    }
    Ok(())
}
