//! A threshold unit that decides from weighted evidence, and why it cannot learn.
//!
//! A perceptron sums evidence, each piece weighted by how much it matters, and says yes where the sum passes a threshold. The first half of this
//! program sets three weights by hand. The second half asks what a small change of a weight does: nothing at all, or everything. A gradient
//! needs the answer "a little", which the sigmoid gives; with it the same unit learns the same decisions from examples.
use nn_core::prelude::*;

network! {
    /// Shall we cycle to work? Evidence: is it dry, is the wind behind us, is nobody waiting for us by car.
    struct Decision: [3] -> [1] {
        evidence: Dense(1),
        Step,
    }
}

network! {
    /// The same unit with an activation that has a slope.
    struct SoftDecision: [3] -> [1] {
        evidence: Dense(1),
        Sigmoid,
    }
}

/// Every combination of three yes-or-no pieces of evidence.
fn situations() -> Vec<[f32; 3]> {
    (0..8_u8).map(|bits| [4, 2, 1].map(|bit| if bits & bit != 0 { 1.0 } else { 0.0 })).collect()
}

fn main() -> Result<(), Error> {
    // Without dry weather nothing makes up for the rain; with it, one of the other two is enough.
    let mut by_hand = Decision::zeros();
    by_hand.evidence.weight = [[6.0, 2.0, 2.0]];
    by_hand.evidence.bias = [-7.0];
    println!("dry  wind  free   sum  cycle?");
    for x in situations() {
        let sum = x[0] * 6.0 + x[1] * 2.0 + x[2] * 2.0 - 7.0;
        println!("{:3} {:5} {:5} {sum:5.0}  {}", x[0], x[1], x[2], if by_hand.predict(&x) == [1.0] { "yes" } else { "no" });
    }

    println!("\nWhat a change of the first weight does in the situation [1, 1, 0], whose sum is 1:");
    let mut soft = SoftDecision::zeros();
    soft.evidence.bias = by_hand.evidence.bias;
    println!("weight   step  sigmoid");
    for weight in [6.0, 5.5, 5.1, 5.0, 4.9] {
        by_hand.evidence.weight = [[weight, 2.0, 2.0]];
        soft.evidence.weight = by_hand.evidence.weight;
        println!("{weight:6} {:6} {:8.4}", by_hand.predict(&[1.0, 1.0, 0.0])[0], soft.predict(&[1.0, 1.0, 0.0])[0]);
    }
    println!("The step says nothing until it says everything, so `Decision` has no `train`: that would not compile.");

    // Learn the decisions that the hand-set weights make.
    by_hand.evidence.weight = [[6.0, 2.0, 2.0]];
    let decisions = Dataset::new(situations(), situations().iter().map(|x| by_hand.predict(x)).collect())?;
    let mut learned = SoftDecision::new_boxed(1);
    learned.train(&decisions).loss(BinaryCrossEntropyOfProbabilities).optimizer(Sgd::new(2.0)).batch_size(8).epochs(500).run()?;
    let same = situations().iter().filter(|x| (learned.predict(x)[0] > 0.5) == (by_hand.predict(x)[0] > 0.5)).count();
    println!("\nlearned from the eight decisions: weights {:.1?}, bias {:.1?}", learned.evidence.weight[0], learned.evidence.bias);
    println!("decisions that agree: {same} of 8");
    Ok(())
}
