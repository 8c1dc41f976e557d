//! Backpropagation worked out: a 2-2-1 network of sigmoids whose every gradient stands beside the chain rule, written out by hand, and beside a
//! finite difference, which knows nothing of derivatives. An update with these gradients ends it, and the loss falls.
use nn_core::prelude::*;
use nn_core::train::{Gradients, Updates};

network! {
    #[scalar(f64)]
    struct TwoTwoOne: [2] -> [1] {
        hidden: Dense(2),
        Sigmoid,
        output: Dense(1),
        Sigmoid,
    }
}

const X: [f64; 2] = [0.5, -1.0];
const T: [f64; 1] = [0.9];
const RATE: f64 = 0.5;

/// The rows of the table: a parameter, its gradient by the chain rule, and where it lies.
const PARAMETERS: [(&str, &str, fn(&mut TwoTwoOne) -> &mut f64); 9] = [
    ("hidden.weight[0][0]", "x₀ dz₀", |net| &mut net.hidden.weight[0][0]),
    ("hidden.weight[0][1]", "x₁ dz₀", |net| &mut net.hidden.weight[0][1]),
    ("hidden.weight[1][0]", "x₀ dz₁", |net| &mut net.hidden.weight[1][0]),
    ("hidden.weight[1][1]", "x₁ dz₁", |net| &mut net.hidden.weight[1][1]),
    ("hidden.bias[0]", "dz₀", |net| &mut net.hidden.bias[0]),
    ("hidden.bias[1]", "dz₁", |net| &mut net.hidden.bias[1]),
    ("output.weight[0][0]", "h₀ du", |net| &mut net.output.weight[0][0]),
    ("output.weight[0][1]", "h₁ du", |net| &mut net.output.weight[0][1]),
    ("output.bias[0]", "du", |net| &mut net.output.bias[0]),
];

fn loss(net: &TwoTwoOne) -> f64 {
    0.5 * (net.predict(&X)[0] - T[0]).powi(2)
}

/// `(L(w + h) − L(w − h)) / 2h`, of one parameter `w`.
fn finite_difference(net: &mut TwoTwoOne, parameter: fn(&mut TwoTwoOne) -> &mut f64) -> f64 {
    const H: f64 = 1e-5;
    let w = *parameter(net);
    let mut loss_at = |moved| {
        *parameter(net) = moved;
        loss(net)
    };
    let slope = (loss_at(w + H) - loss_at(w - H)) / (2.0 * H);
    *parameter(net) = w;
    slope
}

fn main() -> Result<(), Error> {
    let mut net = TwoTwoOne::zeros();
    net.hidden.weight = [[0.4, -0.6], [0.7, 0.1]];
    net.hidden.bias = [0.1, -0.3];
    net.output.weight = [[1.2, -0.8]];
    net.output.bias = [0.2];

    println!("forward");
    println!("  z = W₁ x + b₁    weighted sums of the hidden layer (W₁, b₁: hidden.weight, hidden.bias)");
    println!("  h = σ(z)         its outputs; σ(z) = 1 / (1 + e⁻ᶻ), with the slope σ′ = σ (1 − σ)");
    println!("  u = W₂ h + b₂    weighted sum of the output layer (W₂, b₂: output.weight, output.bias)");
    println!("  y = σ(u)         output");
    println!("  L = ½ (y − t)²   loss; t is the target");
    println!("backward: each by the one before it");
    println!("  du = ∂L/∂u  = (y − t) · y (1 − y)");
    println!("  dzⱼ = ∂L/∂zⱼ = du · W₂ⱼ · hⱼ (1 − hⱼ)");
    println!("  a weight's gradient is its input times the derivative by the sum that it enters; a bias has the input 1\n");

    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let (w, v) = (&net.hidden.weight, &net.output.weight[0]);
    let z: [f64; 2] = std::array::from_fn(|j| w[j][0] * X[0] + w[j][1] * X[1] + net.hidden.bias[j]);
    let h = z.map(sigmoid);
    let u = v[0] * h[0] + v[1] * h[1] + net.output.bias[0];
    let y = sigmoid(u);
    let du = (y - T[0]) * y * (1.0 - y);
    let dz: [f64; 2] = std::array::from_fn(|j| du * v[j] * h[j] * (1.0 - h[j]));
    println!("x = {X:?}, t = {}", T[0]);
    println!("z = {z:.4?}, h = {h:.4?}, u = {u:.4}, y = {y:.4}, L = {:.6}", loss(&net));
    println!("du = {du:.6}, dz = {dz:.6?}\n");

    // What the generated code computes, in the order of `PARAMETERS`.
    let mut gradients = Gradients::new();
    gradients.add(&net, &[X], &[T], &HalfSquaredError);
    let gradient = gradients.get();
    let ([w0, w1], b, [v]) = (gradient.hidden.weight, gradient.hidden.bias, gradient.output.weight);
    let generated = [w0[0], w0[1], w1[0], w1[1], b[0], b[1], v[0], v[1], gradient.output.bias[0]];
    let by_hand = [X[0] * dz[0], X[1] * dz[0], X[0] * dz[1], X[1] * dz[1], dz[0], dz[1], h[0] * du, h[1] * du, du];

    println!("∂L/∂w, computed in three ways: by the code that `network!` wrote, by the chain rule above, and by moving w a little to");
    println!("both sides (finite difference)\n");
    println!("{:19} {:>8} {:>14} {:>14} {:>18}", "w", "", "generated", "chain rule", "finite difference");
    let mut gap = 0.0_f64;
    for (((name, rule, parameter), generated), by_hand) in PARAMETERS.into_iter().zip(generated).zip(by_hand) {
        let measured = finite_difference(&mut net, parameter);
        println!("{name:19} {rule:>8} {generated:14.10} {by_hand:14.10} {measured:18.10}");
        gap = gap.max((generated - by_hand).abs()).max((generated - measured).abs());
    }
    println!("largest gap between two numbers of a row: {gap:.1e}");
    assert!(gap < 1e-9, "the three ways disagree");

    println!("\nupdate: w ← w − {RATE} ∂L/∂w\n");
    let before = loss(&net);
    let old = PARAMETERS.map(|(_, _, parameter)| *parameter(&mut net));
    Updates::new(Sgd::new(RATE))?.apply(&mut net, &gradients);
    println!("{:19} {:>11} {:>11}", "w", "before", "after");
    for ((name, _, parameter), old) in PARAMETERS.into_iter().zip(old) {
        println!("{name:19} {old:11.6} {:11.6}", *parameter(&mut net));
    }
    println!("y: {y:.4} before, {:.4} after; t = {}", net.predict(&X)[0], T[0]);
    let foretold = RATE * generated.iter().map(|g| g * g).sum::<f64>();
    println!("L: {before:.6} before, {:.6} after; it changed by {:.6}", loss(&net), loss(&net) - before);
    println!("a step this small should change it by about −{RATE} Σ (∂L/∂w)² = −{foretold:.6}");
    Ok(())
}
