//! The main job: a small convolutional network learns hand-written digits of 8 × 8 pixels, in seconds.
//!
//! The first 1,437 rows are for training, a part of them for validation; the last 360, from other writers, are for the test: harder than a
//! shuffled split. Nothing is chosen by looking at the test rows.
//!
//! `cargo run --release --example digits -- [seed] [folder for the weights]`
use nn_core::observe::ProgressBar;
use nn_core::prelude::*;

network! {
    /// Two convolutions and two dense layers for digits of 8 × 8 pixels.
    pub struct Digits: [1, 8, 8] -> [10] {
        conv1: Conv2d(8, kernel = 3, padding = Same),
        Relu,
        conv2: Conv2d(16, kernel = 3, padding = Same),
        Relu,
        MaxPool2d(2),
        Flatten,
        Dropout(0.25),
        fc1: Dense(32),
        Relu,
        logits: Dense(10),
    }
}

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seed = arguments.first().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let folder = arguments.get(1).map_or_else(std::env::temp_dir, std::path::PathBuf::from);

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");
    let (rows, test) = datasets::digits(path)?.split_at(1437)?;
    let (train, validation) = rows.split_stratified(0.15, seed)?;

    let mut net = Digits::new_boxed(seed);
    println!("{net}");
    println!(
        "\nAn epoch passes once over the {} training images, a step is one update by a batch of them. loss: cross-entropy, the",
        train.len()
    );
    println!("mean of −ln(probability given to the right class); accuracy: share classified rightly; f1: mean of the classes' F1");
    println!("scores; val: the same of the {} validation images, which no step sees.\n", validation.len());
    let history = net
        .train(&train)
        .loss(CrossEntropy)
        .optimizer(Adam::new(2e-3))
        .batch_size(32)
        .epochs(30)
        .schedule(CosineAnnealing::default())
        .validate_on(&validation)
        .stop_early(Patience(8))
        .observe(ProgressBar::new())
        .seed(seed)
        .run()?;
    println!("{history}");

    let score = net.evaluate(&test, CrossEntropy)?;
    println!("\nThe {} test images: a row for each true class, a column for each predicted one.", test.len());
    println!("{}", score.metrics.confusion());
    let weights = folder.join("digits.safetensors");
    net.save_safetensors(&weights)?;
    println!("weights: {} (PyTorch's load_state_dict takes them as they are)", weights.display());
    println!("test accuracy: {:.4}", score.metrics.accuracy());
    Ok(())
}
