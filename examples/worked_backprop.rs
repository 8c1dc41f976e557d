//! Backpropagation worked out: a 2-2-1 network of sigmoids whose every gradient stands beside the chain rule, written out by hand, and beside a
//! finite difference, which knows nothing of derivatives.
//!
//! ```text
//! z = W₁ x + b₁     h = σ(z)     u = W₂ h + b₂     y = σ(u)     L = ½ (y − t)²
//! ```
use nn_core::prelude::*;
use nn_core::train::Gradients;

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

fn main() {
    let mut net = TwoTwoOne::zeros();
    net.hidden.weight = [[0.4, -0.6], [0.7, 0.1]];
    net.hidden.bias = [0.1, -0.3];
    net.output.weight = [[1.2, -0.8]];
    net.output.bias = [0.2];

    // What the generated code computes.
    let mut gradients = Gradients::new();
    let loss = gradients.add(&net, &[X], &[T], &HalfSquaredError);
    let gradient = gradients.get();

    // The chain rule, factor by factor: du = ∂L/∂u = ∂L/∂y · ∂y/∂u, then dz = ∂L/∂z = du · ∂u/∂h · ∂h/∂z.
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let h: [f64; 2] =
        std::array::from_fn(|j| sigmoid(net.hidden.weight[j][0] * X[0] + net.hidden.weight[j][1] * X[1] + net.hidden.bias[j]));
    let y = sigmoid(net.output.weight[0][0] * h[0] + net.output.weight[0][1] * h[1] + net.output.bias[0]);
    let du = (y - T[0]) * y * (1.0 - y);
    let dz: [f64; 2] = std::array::from_fn(|j| du * net.output.weight[0][j] * h[j] * (1.0 - h[j]));

    println!("x = {X:?}   h = {h:.4?}   y = {y:.4}   t = {}   L = {loss:.6}\n", T[0]);
    println!("{:32} {:>14} {:>14} {:>14}", "gradient of", "generated", "by hand", "difference");
    let mut worst = 0.0_f64;
    let mut row = |name: &str, generated: f64, by_hand: f64, parameter: fn(&mut TwoTwoOne) -> &mut f64| {
        // (L(w + h) − L(w − h)) / 2h
        const H: f64 = 1e-5;
        let mut loss_at = |shift: f64| {
            *parameter(&mut net) += shift;
            let loss = 0.5 * (net.predict(&X)[0] - T[0]).powi(2);
            *parameter(&mut net) -= shift;
            loss
        };
        let difference = (loss_at(H) - loss_at(-H)) / (2.0 * H);
        println!("{name:32} {generated:14.10} {by_hand:14.10} {difference:14.10}");
        worst = worst.max((generated - by_hand).abs()).max((generated - difference).abs());
    };
    row("hidden.weight[0][0] = x₀ dz₀", gradient.hidden.weight[0][0], X[0] * dz[0], |net| &mut net.hidden.weight[0][0]);
    row("hidden.weight[0][1] = x₁ dz₀", gradient.hidden.weight[0][1], X[1] * dz[0], |net| &mut net.hidden.weight[0][1]);
    row("hidden.weight[1][0] = x₀ dz₁", gradient.hidden.weight[1][0], X[0] * dz[1], |net| &mut net.hidden.weight[1][0]);
    row("hidden.weight[1][1] = x₁ dz₁", gradient.hidden.weight[1][1], X[1] * dz[1], |net| &mut net.hidden.weight[1][1]);
    row("hidden.bias[0] = dz₀", gradient.hidden.bias[0], dz[0], |net| &mut net.hidden.bias[0]);
    row("hidden.bias[1] = dz₁", gradient.hidden.bias[1], dz[1], |net| &mut net.hidden.bias[1]);
    row("output.weight[0][0] = h₀ du", gradient.output.weight[0][0], h[0] * du, |net| &mut net.output.weight[0][0]);
    row("output.weight[0][1] = h₁ du", gradient.output.weight[0][1], h[1] * du, |net| &mut net.output.weight[0][1]);
    row("output.bias[0] = du", gradient.output.bias[0], du, |net| &mut net.output.bias[0]);
    println!("\nlargest gap between any two: {worst:.1e}");
    assert!(worst < 1e-9, "the three ways disagree");
}
