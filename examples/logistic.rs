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

fn learn<N>(name: &str, train: &Odd, test: &Odd) -> Result<(), Error>
where
    N: Network<Input = [[[f32; 8]; 8]; 1], Output = [f32; 1], Scalar = f32, Kind = Real, Learning = Learns>,
{
    let mut net = N::new_boxed(1);
    net.train(train).loss(BinaryCrossEntropy).optimizer(Adam::new(5e-3)).epochs(60).schedule(CosineAnnealing::default()).run()?;
    let (seen, unseen) = (net.evaluate(train, BinaryCrossEntropy)?, net.evaluate(test, BinaryCrossEntropy)?);
    println!(
        "{name:18} {:10} {:8.3} {:7.3} {:10.3} {:9.3} {:7.3} {:6.3}",
        N::PARAMETERS,
        seen.loss,
        unseen.loss,
        seen.metrics.accuracy(),
        unseen.metrics.accuracy(),
        unseen.metrics.precision(),
        unseen.metrics.recall()
    );
    Ok(())
}

fn main() -> Result<(), Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");
    let odd = datasets::digits(path)?.map_targets(|digit| digit.index() % 2 == 1);
    let (train, test) = odd.split_at(1437)?;
    println!("is the digit odd?  parameters     loss    test   accuracy      test  precision recall");
    learn::<Logistic>("logistic", &train, &test)?;
    learn::<OneHiddenLayer>("16 hidden units", &train, &test)?;
    Ok(())
}
