//! Logistic regression, and what one hidden layer adds to it: is a hand-written digit odd?
//!
//! Logistic regression weighs each pixel once and for all. A hidden layer first looks for shapes, and then weighs those.
use nn_core::Learns;
use nn_core::prelude::*;

network! {
    /// A weight a pixel; the output is the logarithm of the odds.
    struct Logistic: [1, 8, 8] -> [1] {
        Flatten,
        weigh: Dense(1),
    }
}

network! {
    struct OneHiddenLayer: [1, 8, 8] -> [1] {
        Flatten,
        shapes: Dense(16),
        Relu,
        weigh: Dense(1),
    }
}

type Odd = Dataset<[[[f32; 8]; 8]; 1], bool>;

/// Trains a network, prints its row, and gives the number of test images that it gets wrong.
fn learn<N>(name: &str, train: &Odd, test: &Odd) -> Result<usize, Error>
where
    N: Network<Input = [[[f32; 8]; 8]; 1], Output = [f32; 1], Scalar = f32, Kind = Real, Learning = Learns>,
{
    let mut net = N::new_boxed(1);
    net.train(train).loss(BinaryCrossEntropy).optimizer(Adam::new(5e-3)).epochs(60).schedule(CosineAnnealing::default()).run()?;
    let (seen, unseen) = (net.evaluate(train, BinaryCrossEntropy)?, net.evaluate(test, BinaryCrossEntropy)?);
    println!(
        "{name:15} {:10} {:9.3} {:6.3} {:9.3} {:6.3} {:10.3} {:7.3}",
        N::PARAMETERS,
        seen.loss,
        unseen.loss,
        seen.metrics.accuracy(),
        unseen.metrics.accuracy(),
        unseen.metrics.precision(),
        unseen.metrics.recall()
    );
    let right = test.inputs().iter().zip(test.targets()).filter(|(x, odd)| (net.predict(x)[0] > 0.0) == **odd).count();
    Ok(test.len() - right)
}

fn main() -> Result<(), Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");
    let odd = datasets::digits(path)?.map_targets(|digit| digit.index() % 2 == 1);
    let (train, test) = odd.split_at(1437)?;
    println!("Is the digit odd? Learned from {} images (train); {} others, from other writers, are the test.", train.len(), test.len());
    println!("  loss       binary cross-entropy: the mean of −ln(probability given to the true answer); 0.693 is that of a coin");
    println!("  accuracy   share of the images answered rightly");
    println!("  precision  share of odd digits among those called odd");
    println!("  recall     share called odd among the odd digits\n");
    println!("{:15} {:>10} {:>16} {:>16} {:>18}", "", "", "loss", "accuracy", "on the test");
    println!(
        "{:15} {:>10} {:>9} {:>6} {:>9} {:>6} {:>10} {:>7}",
        "", "parameters", "train", "test", "train", "test", "precision", "recall"
    );
    let without = learn::<Logistic>("logistic", &train, &test)?;
    let with = learn::<OneHiddenLayer>("16 hidden units", &train, &test)?;
    println!("\nOf the {} test images, {without} are answered wrongly without a hidden layer, {with} with it.", test.len());
    Ok(())
}
