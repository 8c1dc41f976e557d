//! Trains the network of the firmware and writes the files that it compiles in: `cargo run --release --example train`.

#[path = "../src/bin/digits/network.rs"]
mod network;

use std::{error::Error, fs, path::Path};

use network::Digits;
use nn_core::plain;
use nn_core::prelude::*;

/// The firmware recognises this many of the test rows.
const ROWS: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (train, test) = datasets::digits(here.join("../data/digits.csv.gz"))?.split_at(1437)?;
    let mut net = Digits::new_boxed(1);
    // The test rows are only looked at: nothing stops early or is chosen by them.
    let history = net.train(&train).loss(CrossEntropy).optimizer(Adam::new(2e-3)).epochs(20).validate_on(&test).run()?;
    println!("{history}");

    fs::write(here.join("digits.weights"), plain::bytes(&*net))?;
    let first = test.len() - ROWS;
    let mut rows = Vec::new();
    for (x, target) in test.inputs().iter().zip(test.targets()).skip(first) {
        rows.extend(x.as_flattened().as_flattened().iter().map(|pixel| (pixel * 16.0) as u8));
        rows.push(target.index() as u8);
    }
    fs::write(here.join("digits.rows"), rows)?;
    Ok(())
}
