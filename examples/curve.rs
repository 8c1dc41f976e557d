//! A curve as a sum of simple pieces: sigmoids, then ReLUs.
//!
//! A steep sigmoid is a step. The difference of two steps is a bump, and bumps of the right heights, side by side, are any curve: a network with
//! one hidden layer, its weights written down, not learned. Two ReLUs make a ramp that levels off, a hard sigmoid, so they can do the same, and
//! straight pieces follow a curve better than bars do. Learning then moves and tilts the pieces. How the error falls as units are added
//! is what the table shows.
use nn_core::Learns;
use nn_core::prelude::*;

network! {
    struct Sigmoids<const H: usize>: [1] -> [1] {
        hidden: Dense(H),
        Sigmoid,
        sum: Dense(1),
    }
}

network! {
    struct Relus<const H: usize>: [1] -> [1] {
        hidden: Dense(H),
        Relu,
        sum: Dense(1),
    }
}

/// The curve, on [0, 1].
fn curve(x: f32) -> f32 {
    0.5 + 0.3 * (6.0 * x).sin() + 0.15 * (17.0 * x).cos()
}

/// Steps at the borders of `H` bars, each as high as the curve rises from one bar's middle to the next; a larger `steepness` makes them sharper.
fn steps<const H: usize>(steepness: f32) -> Sigmoids<H> {
    let mut net = Sigmoids::<H>::zeros();
    let middle = |i: usize| curve((i as f32 + 0.5) / H as f32);
    let steep = steepness * H as f32;
    for i in 0..H {
        net.hidden.weight[i][0] = steep;
        net.hidden.bias[i] = -steep * i as f32 / H as f32;
        net.sum.weight[0][i] = if i == 0 { middle(0) } else { middle(i) - middle(i - 1) };
    }
    // The first step stands left of the curve, so that the first bar is whole.
    net.hidden.bias[0] = steep;
    net
}

/// Straight pieces between `H + 1` points of the curve: each ReLU bends the line where a piece begins.
fn pieces<const H: usize>() -> Relus<H> {
    let mut net = Relus::<H>::zeros();
    let slope = |i: usize| (curve((i + 1) as f32 / H as f32) - curve(i as f32 / H as f32)) * H as f32;
    for i in 0..H {
        net.hidden.weight[i][0] = 1.0;
        net.hidden.bias[i] = -(i as f32) / H as f32;
        net.sum.weight[0][i] = if i == 0 { slope(0) } else { slope(i) - slope(i - 1) };
    }
    net.sum.bias = [curve(0.0)];
    net
}

/// Root of the mean squared error on a fine grid.
fn error(net: &impl Network<Input = [f32; 1], Output = [f32; 1]>) -> f32 {
    let squares = grid().map(|x| (net.predict(&[x])[0] - curve(x)).powi(2));
    (squares.sum::<f32>() / 1000.0).sqrt()
}

fn grid() -> impl Iterator<Item = f32> {
    (0..1000).map(|i| (i as f32 + 0.5) / 1000.0)
}

/// The error after learning from 200 points of the curve. The pieces start where the construction puts them (all at one place they would learn
/// slowly); positions, slopes and heights are then learned.
fn learned(
    net: &mut impl Network<Input = [f32; 1], Output = [f32; 1], Scalar = f32, Kind = Real, Learning = Learns>,
) -> Result<f32, Error> {
    let xs: Vec<[f32; 1]> = (0..200).map(|i| [(i as f32 + 0.5) / 200.0]).collect();
    let ys = xs.iter().map(|x| [curve(x[0])]).collect();
    let points = Dataset::new(xs, ys)?;
    net.train(&points)
        .loss(MeanSquaredError)
        .optimizer(Adam::new(0.01))
        .batch_size(50)
        .epochs(800)
        .schedule(CosineAnnealing::default())
        .run()?;
    Ok(error(net))
}

fn main() -> Result<(), Error> {
    println!("Two ReLUs make a hard sigmoid: max(0, x + ½) − max(0, x − ½)");
    let mut hard = Relus::<2>::zeros();
    hard.hidden.weight = [[1.0], [1.0]];
    hard.hidden.bias = [0.5, -0.5];
    hard.sum.weight = [[1.0, -1.0]];
    for x in [-1.0, -0.5, 0.0, 0.25, 0.5, 1.0] {
        println!("  x = {x:5.2}  y = {:.2}", hard.predict(&[x])[0]);
    }

    println!("\nroot of the mean squared error on the curve (its values spread over {:.2})", {
        let (low, high) = grid().map(curve).fold((f32::MAX, f32::MIN), |(low, high), y| (low.min(y), high.max(y)));
        high - low
    });
    println!("steps, pieces: the weights are written down; learned: gradients go on from weights like these");
    println!("units  sigmoid steps  ReLU pieces  sigmoids learned  ReLUs learned");
    macro_rules! row {
        ($($h:literal)*) => {$(
            println!("{:5} {:14.4} {:12.4} {:17.4} {:14.4}",
                $h, error(&steps::<$h>(40.0)), error(&pieces::<$h>()), learned(&mut steps::<$h>(4.0))?, learned(&mut pieces::<$h>())?);
        )*};
    }
    row!(2 4 8 16 32 64);
    Ok(())
}
