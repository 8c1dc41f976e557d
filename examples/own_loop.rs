//! A training loop of one's own, from the pieces that `train` is made of: gradients of the parameters, gradients of the input, updates.
//!
//! The builder cannot say "train on inputs that are made to be misread". A step against the *input's* gradient makes such an input (the fast
//! gradient sign method of Goodfellow, Shlens, Szegedy, "Explaining and Harnessing Adversarial Examples", 2015); learning from originals and
//! altered ones together makes a network that is harder to fool.
use nn_core::prelude::*;
use nn_core::train::{Gradients, Updates};

network! {
    struct Digits: [1, 8, 8] -> [10] {
        Flatten,
        fc1: Dense(64),
        Relu,
        logits: Dense(10),
    }
}

type Image = [[[f32; 8]; 8]; 1];

/// How much each pixel may change, of a range from 0 to 1.
const CHANGE: f32 = 0.1;

/// Each pixel a little in the direction that makes the loss larger.
fn fool(net: &Digits, gradients: &mut Gradients<Digits>, images: &[Image], targets: &[Class<10>]) -> Vec<Image> {
    gradients.add(net, images, targets, &CrossEntropy);
    let change = |x: f32, dx: f32| (x + CHANGE * dx.signum()).clamp(0.0, 1.0);
    let altered = images.iter().zip(gradients.inputs()).map(|(x, dx)| {
        let mut altered = *x;
        for (x, dx) in altered[0].as_flattened_mut().iter_mut().zip(dx[0].as_flattened()) {
            *x = change(*x, *dx);
        }
        altered
    });
    altered.collect()
}

fn accuracy(net: &Digits, images: &[Image], targets: &[Class<10>]) -> f64 {
    let right = images.iter().zip(targets).filter(|(x, t)| net.classify(x) == **t).count();
    right as f64 / images.len() as f64
}

fn main() -> Result<(), Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");
    let (train, test) = datasets::digits(path)?.split_at(1437)?;
    println!("Share of {} test images read rightly: as written, and with each pixel changed by up to {CHANGE} (of 1) so that", test.len());
    println!("the same network's loss rises.\n");
    println!("{:26} {:>10} {:>16}", "network", "as written", "made to mislead");
    for (name, with_altered) in [("learned from originals", false), ("and from altered ones", true)] {
        let mut net = Digits::new_boxed(1);
        let mut gradients = Gradients::<Digits>::new().with_inputs();
        let mut updates = Updates::<Digits, _>::new(Adam::new(2e-3))?;
        for epoch in 0..30 {
            let data = train.clone().shuffled(epoch);
            for (images, targets) in data.inputs().chunks(32).zip(data.targets().chunks(32)) {
                let altered = with_altered.then(|| fool(&net, &mut gradients, images, targets));
                gradients.set(&net, images, targets, &CrossEntropy);
                if let Some(altered) = altered {
                    gradients.add(&net, &altered, targets, &CrossEntropy);
                }
                updates.apply(&mut net, &gradients);
            }
        }
        let altered = fool(&net, &mut gradients, test.inputs(), test.targets());
        let (written, misled) = (accuracy(&net, test.inputs(), test.targets()), accuracy(&net, &altered, test.targets()));
        println!("{name:26} {written:10.3} {misled:16.3}");
    }
    Ok(())
}
