//! Spoken digits by what they sound like over time: a recurrent network by its last state and by the mean of its states, one that reads both
//! ways, and a convolutional one, side by side.
//!
//! `cargo run --release --example over_time -- FOLDER`: the folder holds IDX files of mel-frequency cepstral coefficients, 49 frames of 10 each
//! (`train-mfcc-idx3-float32.gz`, `train-labels-idx1-ubyte.gz`, and `test-…`). Without a folder it looks for `speech` in the folder that the
//! environment variable `NN_DATA` names.
use std::path::{Path, PathBuf};

use nn_core::data::{Idx, Standardizer};
use nn_core::prelude::*;

network! {
    /// The state after the last frame tells the word.
    pub struct LastState: [10, 49] -> [10] {
        Transpose, // convolutions read channels over time, [10, 49]; recurrent layers steps of features, [49, 10]
        gru: Gru(64, output = Last),
        logits: Dense(10),
    }
}

network! {
    /// The mean of the states after every frame.
    pub struct MeanState: [10, 49] -> [10] {
        Transpose,
        gru: Gru(64),
        GlobalAvgPool,
        logits: Dense(10),
    }
}

network! {
    /// From the first frame to the last, and back.
    pub struct BothWays: [10, 49] -> [10] {
        Transpose,
        lstm: Lstm(32, bidirectional = true),
        GlobalAvgPool,
        logits: Dense(10),
    }
}

network! {
    /// What some frames in a row sound like, wherever they are.
    pub struct Convolutions: [10, 49] -> [10] {
        conv1: Conv1d(32, kernel = 5, padding = Same),
        norm1: BatchNorm,
        Relu,
        MaxPool1d(2, remainder = Ignore),
        conv2: Conv1d(64, kernel = 5, padding = Same),
        norm2: BatchNorm,
        Relu,
        GlobalAvgPool,
        Dropout(0.2),
        logits: Dense(10),
    }
}

type Words = Dataset<[[f32; 49]; 10], Class<10>>;

fn read(folder: &Path, part: &str) -> Result<Words, Error> {
    let frames = Idx::read(folder.join(format!("{part}-mfcc-idx3-float32.gz")))?.samples::<[[f32; 10]; 49]>()?;
    let labels = Idx::read(folder.join(format!("{part}-labels-idx1-ubyte.gz")))?.classes()?;
    Ok(Dataset::new(frames, labels)?.channels_first())
}

const SEEDS: u64 = 3;

/// Trains one network from three seeds and prints its row.
fn row<N>(name: &str, epochs: u64, train: &Words, test: &Words, ram: usize) -> Result<(), Error>
where
    N: Network<Input = [[f32; 49]; 10], Output = [f32; 10], Scalar = f32, Kind = Real>,
    N::Learning: nn_core::train::CanLearn,
{
    let mut accuracies = Vec::new();
    for seed in 1..=SEEDS {
        let mut net = N::new_boxed(seed);
        net.train(train)
            .loss(CrossEntropy)
            .optimizer(AdamW::new(3e-3))
            .schedule(CosineAnnealing::default())
            .epochs(epochs)
            .seed(seed)
            .run()?;
        accuracies.push(net.evaluate(test, CrossEntropy)?.accuracy());
    }
    let mean = accuracies.iter().sum::<f64>() / accuracies.len() as f64;
    let each: Vec<String> = accuracies.iter().map(|accuracy| format!("{accuracy:.3}")).collect();
    println!("{name:24} {mean:8.3}  {:18} {:10} {:14} {ram:12}", each.join(" "), N::PARAMETERS, N::MACS);
    Ok(())
}

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map(PathBuf::from).or_else(|| Some(PathBuf::from(std::env::var_os("NN_DATA")?).join("speech")));
    let Some(folder) = folder else {
        println!("no folder with IDX files is given and NN_DATA is not set: skipped");
        return Ok(());
    };
    let epochs = arguments.next().and_then(|epochs| epochs.parse().ok()).unwrap_or(15);
    let (mut train, mut test) = (read(&folder, "train")?, read(&folder, "test")?);
    // Mean 0 and deviation 1 for each of the ten coefficients, by the training part alone.
    let scale = Standardizer::fit_channels(train.inputs())?;
    scale.apply(train.inputs_mut());
    scale.apply(test.inputs_mut());
    println!("{}: {} words for training, {} for the test; {epochs} epochs, {SEEDS} seeds\n", folder.display(), train.len(), test.len());
    println!("accuracy: share of the test's words classified rightly, the mean over the seeds and each; multiply-adds: of one word;");
    println!("RAM: bytes that one prediction works in, besides the weights and the stack.\n");
    println!("{:24} {:>8}  {:18} {:>10} {:>14} {:>12}", "network", "accuracy", "by seed", "parameters", "multiply-adds", "RAM");
    row::<LastState>("GRU, last state", epochs, &train, &test, LastState::INFERENCE_RAM)?;
    row::<MeanState>("GRU, mean over time", epochs, &train, &test, MeanState::INFERENCE_RAM)?;
    row::<BothWays>("LSTM both ways, mean", epochs, &train, &test, BothWays::INFERENCE_RAM)?;
    row::<Convolutions>("convolutions", epochs, &train, &test, Convolutions::INFERENCE_RAM)?;
    Ok(())
}
