//! The same network with five activations on the same data: what saturation, zero-centring and dead units are, in numbers.
//!
//! - *saturated*: the share of activations whose slope is below 0.05; little gradient passes there (sigmoid, tanh).
//! - *mean*: far from zero, every weight of the next layer is pushed to the same side (sigmoid; ReLU less so).
//! - *dead*: units that give 0 for every training sample; they learn nothing any more (ReLU alone).
//! - *first / last*: the length of the first layer's gradient over the last one's, before training: what arrives after four layers.
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

/// How the units of the last hidden layer behave over all samples.
fn look<A: Activation<[f32; 32]>>(activation: A, outputs: &[[f32; 32]]) -> (f64, f64, usize) {
    let count = (outputs.len() * 32) as f64;
    let mut slopes = vec![[1.0_f32; 32]; outputs.len()];
    activation.backward(Portable, outputs, &mut slopes); // dy = 1: what comes back is the slope, from the output
    let saturated = slopes.as_flattened().iter().filter(|slope| slope.abs() < 0.05).count() as f64 / count;
    let mean = outputs.as_flattened().iter().map(|y| f64::from(*y)).sum::<f64>() / count;
    let dead = (0..32).filter(|unit| outputs.iter().all(|y| y[*unit] == 0.0)).count();
    (saturated, mean, dead)
}

/// Trains one network and prints its row. The hidden part and the gradients' lengths are fields, which only a macro can reach for all types.
macro_rules! row {
    ($name:ident, $activation:expr, $train:ident, $test:ident) => {{
        let mut net = $name::new_boxed(1);
        let mut gradients = Gradients::<$name>::new();
        gradients.add(&net, &$train.inputs()[..256], &$train.targets()[..256], &CrossEntropy);
        let length = |weight: &[f32]| weight.iter().map(|g| g * g).sum::<f32>().sqrt();
        let (first, last) = (&gradients.get().hidden.fc1.weight, &gradients.get().hidden.fc4.weight);
        let arrives = length(first.as_flattened()) / length(last.as_flattened());

        let accuracy = learn(&mut *net, $train, $test)?;
        let hidden: Vec<_> = $train.inputs().iter().map(|x| net.hidden.predict(x)).collect();
        let (saturated, mean, dead) = look($activation, &hidden);
        println!("{:12} {arrives:12.3} {accuracy:14.3} {saturated:10.2} {mean:6.2} {dead:5}", stringify!($name).trim_start_matches("With"));
    }};
}

fn learn<N>(net: &mut N, train: &Digits, test: &Digits) -> Result<f64, Error>
where
    N: Network<Input = [f32; 64], Output = [f32; 10], Scalar = f32, Kind = Real, Learning = Learns>,
{
    net.train(train).loss(CrossEntropy).optimizer(Adam::new(1e-2)).epochs(40).run()?;
    Ok(net.evaluate(test, CrossEntropy)?.metrics.accuracy())
}

fn main() -> Result<(), Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");
    let flat = datasets::digits(path)?.map_inputs(|image, x: &mut [f32; 64]| x.copy_from_slice(image[0].as_flattened()));
    let (train, test) = &flat.split_at(1437)?;
    println!("4 layers of 32   first / last  test accuracy  saturated   mean  dead");
    row!(WithSigmoid, Sigmoid, train, test);
    row!(WithTanh, Tanh, train, test);
    row!(WithRelu, Relu, train, test);
    row!(WithLeakyRelu, LeakyRelu(0.01), train, test);
    row!(WithElu, Elu(1.0), train, test);
    Ok(())
}
