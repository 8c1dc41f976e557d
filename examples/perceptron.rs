//! A threshold unit that decides from weighted evidence, why no gradient teaches it, and the rule that does.
//!
//! A perceptron sums evidence, each piece weighted by how much it matters, and says yes where the sum passes a threshold. The first part of this
//! program sets three weights by hand. The second asks what a small change of a weight does: nothing at all, or everything. A gradient needs
//! the answer "a little". Without one there is still the perceptron's own rule (Rosenblatt, "The Perceptron", 1958): after a wrong yes, take
//! the evidence away from the weights; after a wrong no, add it. The sigmoid gives the answer "a little"; with it, gradients teach the same
//! unit, and later layers of them.
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
fn situations() -> [[f32; 3]; 8] {
    std::array::from_fn(|bits| [4, 2, 1].map(|bit| if bits & bit != 0 { 1.0 } else { 0.0 }))
}

fn yes_or_no(decision: bool) -> &'static str {
    if decision { "yes" } else { "no" }
}

/// The perceptron rule, from weights of zero: the unit, the passes over all situations, and how many decisions the last pass found wrong.
fn perceptron_rule(decisions: &[[f32; 1]; 8]) -> (Decision, usize, usize) {
    const PASSES: usize = 1000;
    let mut unit = Decision::zeros();
    let mut wrong = 0;
    for pass in 1..=PASSES {
        wrong = 0;
        for (x, target) in situations().iter().zip(decisions) {
            // 1 after a wrong no, −1 after a wrong yes, 0 where the decision is right.
            let error = target[0] - unit.predict(x)[0];
            for (weight, x) in unit.evidence.weight[0].iter_mut().zip(x) {
                *weight += error * x;
            }
            unit.evidence.bias[0] += error;
            wrong += usize::from(error != 0.0);
        }
        if wrong == 0 {
            return (unit, pass, wrong);
        }
    }
    (unit, PASSES, wrong)
}

fn main() -> Result<(), Error> {
    // Without dry weather nothing makes up for the rain; with it, one of the other two is enough.
    let mut by_hand = Decision::zeros();
    by_hand.evidence.weight = [[6.0, 2.0, 2.0]];
    by_hand.evidence.bias = [-7.0];
    let decisions = situations().map(|x| by_hand.predict(&x));
    println!("Weights by hand: dry 6, wind behind us 2, nobody waiting (free) 2, bias −7. A sum above 0 is a yes.");
    println!("dry  wind  free   sum  cycle?");
    for (x, decision) in situations().into_iter().zip(decisions) {
        let sum = x[0] * 6.0 + x[1] * 2.0 + x[2] * 2.0 - 7.0;
        println!("{:3} {:5} {:5} {sum:5.0}  {}", x[0], x[1], x[2], yes_or_no(decision == [1.0]));
    }

    println!("\nWhat a change of the first weight does in the situation [1, 1, 0], whose sum is 1:");
    let (mut hard, mut soft) = (Decision::zeros(), SoftDecision::zeros());
    (hard.evidence.bias, soft.evidence.bias) = (by_hand.evidence.bias, by_hand.evidence.bias);
    println!("weight   step  sigmoid");
    for weight in [6.0, 5.5, 5.1, 5.0, 4.9] {
        hard.evidence.weight = [[weight, 2.0, 2.0]];
        soft.evidence.weight = hard.evidence.weight;
        println!("{weight:6} {:6} {:8.4}", hard.predict(&[1.0, 1.0, 0.0])[0], soft.predict(&[1.0, 1.0, 0.0])[0]);
    }
    println!("The step says nothing until it says everything: its slope is 0, and no gradient says which way to go.");
    println!("So `Decision` has no `train`: that would not compile.");

    println!("\nThe perceptron rule needs no slope: add the evidence after a wrong no, take it away after a wrong yes.");
    let (unit, passes, wrong) = perceptron_rule(&decisions);
    println!(
        "  the eight decisions above:      {wrong} wrong in pass {passes}; weights {:?}, bias {:?}",
        unit.evidence.weight[0], unit.evidence.bias[0]
    );
    let either = situations().map(|x| [if x[1] == x[2] { 0.0 } else { 1.0 }]);
    let (_, passes, wrong) = perceptron_rule(&either);
    println!("  either wind or free, not both:  {wrong} wrong in pass {passes}: no weights of a single unit decide so");

    println!("\nThe sigmoid has a slope, so gradients teach the same unit the eight decisions:");
    let data = Dataset::new(situations().to_vec(), decisions.to_vec())?;
    let mut learned = SoftDecision::new_boxed(1);
    learned.train(&data).loss(BinaryCrossEntropyOfProbabilities).optimizer(Sgd::new(2.0)).batch_size(8).epochs(500).run()?;
    let same = situations().iter().zip(decisions).filter(|(x, decision)| (learned.predict(x)[0] > 0.5) == (decision[0] > 0.5)).count();
    println!("  weights {:.1?}, bias {:.1}: {same} of 8 decisions are the same", learned.evidence.weight[0], learned.evidence.bias[0]);
    Ok(())
}
