//! Trains the networks of the firmware and writes the files that it compiles in: `cargo run --release --example train`.

use std::f32::consts::TAU;
use std::{error::Error, fs, path::Path};

use nn_core::plain;
use nn_core::prelude::*;
use nn_firmware::networks::{Digits, Mlp, Sine};
use nn_firmware::rows::TO_LEARN;

/// The firmware recognises this many of the test rows.
const ROWS: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let weights = here.join("weights");
    let (train, test) = datasets::digits(here.join("../data/digits.csv.gz"))?.split_at(1437)?;
    let mut net = Digits::new_boxed(1);
    // The test rows are only looked at: nothing stops early or is chosen by them.
    let history = net.train(&train).loss(CrossEntropy).optimizer(Adam::new(2e-3)).epochs(20).validate_on(&test).run()?;
    println!("{history}");
    net.save_safetensors(weights.join("digits.safetensors"))?;

    let flat = |part: &Dataset<[[[f32; 8]; 8]; 1], Class<10>>| {
        let inputs = part.inputs().iter().map(|x| plain::reshape::<_, [f32; 64]>(std::slice::from_ref(x))[0]).collect();
        Dataset::new(inputs, part.targets().to_vec())
    };
    let mut net = Mlp::new_boxed(1);
    let history = net.train(&flat(&train)?).loss(CrossEntropy).optimizer(Adam::new(2e-3)).epochs(20).validate_on(&flat(&test)?).run()?;
    println!("{history}");
    net.save_safetensors(weights.join("mlp.safetensors"))?;

    let inputs: Vec<[f32; 1]> = (0..1000).map(|i| [TAU * (i as f32 / 1000.0 - 0.5)]).collect();
    let targets = inputs.iter().map(|[x]| [x.sin()]).collect();
    let mut net = Sine::new_boxed(1);
    let history = net
        .train(&Dataset::new(inputs, targets)?)
        .loss(MeanSquaredError)
        .optimizer(Adam::new(1e-2))
        .schedule(CosineAnnealing::default())
        .epochs(400)
        .run()?;
    println!("{history}");
    net.save_safetensors(weights.join("sine.safetensors"))?;

    let mut rows = Vec::new();
    let samples = train.inputs().iter().zip(train.targets()).take(TO_LEARN);
    for (x, target) in samples.chain(test.inputs().iter().zip(test.targets()).skip(test.len() - ROWS)) {
        rows.extend(x.as_flattened().as_flattened().iter().map(|pixel| (pixel * 16.0) as u8));
        rows.push(target.index() as u8);
    }
    fs::write(weights.join("digits.rows"), rows)?;
    Ok(())
}
