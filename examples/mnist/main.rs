//! LeNet-5 on hand-written digits of 28 × 28 pixels (LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition",
//! 1998), with ReLUs and max pooling, as it is built today. What `network!` makes of the declaration is in `lenet5.expanded.rs`, beside this file.
//!
//! `cargo run --release --example mnist -- folder [epochs]`: the folder holds the four IDX files of MNIST or Fashion-MNIST, packed or not.
//! Without a folder it looks for `mnist` in the folder that the environment variable `NN_DATA` names.
use std::path::PathBuf;

use nn_core::observe::ProgressBar;
use nn_core::prelude::*;

network! {
    /// LeNet-5 for 28 × 28 grey-scale digits.
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5) -> [16, 8, 8],
        Relu,
        MaxPool2d(2),
        Flatten,
        fc1: Dense(120),
        Relu,
        fc2: Dense(84),
        Relu,
        logits: Dense(10),
    }
}

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map(PathBuf::from).or_else(|| Some(PathBuf::from(std::env::var_os("NN_DATA")?).join("mnist")));
    let Some(folder) = folder else {
        println!("no folder with IDX files is given and NN_DATA is not set: skipped");
        return Ok(());
    };
    let epochs = arguments.next().and_then(|epochs| epochs.parse().ok()).unwrap_or(10);
    let (train, test) = datasets::mnist(&folder)?;
    println!("{}: {} images for training, {} for the test", folder.display(), train.len(), test.len());

    let mut net = LeNet5::new_boxed(1);
    println!("{net}");
    println!("\nAn epoch passes once over the training images, a step is one update by a batch of 64. loss: cross-entropy, the mean of");
    println!("−ln(probability given to the right class); accuracy: share classified rightly; f1: mean of the classes' F1 scores.\n");
    let history = net
        .train(&train)
        .loss(CrossEntropy)
        .optimizer(Adam::new(1e-3))
        .batch_size(64)
        .epochs(epochs)
        .schedule(CosineAnnealing::default())
        .observe(ProgressBar::new())
        .run()?;
    println!("{history}");
    let score = net.evaluate(&test, CrossEntropy)?;
    println!("\nThe {} test images: a row for each true class, a column for each predicted one.", test.len());
    println!("{}", score.metrics.confusion());
    println!("test accuracy: {:.4}", score.metrics.accuracy());
    Ok(())
}
