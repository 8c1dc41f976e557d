//! A layer of one's own: an activation with a frequency that is learned.
//!
//! Snake, `y = x + sin²(a x) / a` with one `a` a feature (Ziyin, Hartwig, Ueda, "Neural Networks Fail to Learn Periodic Functions and How to Fix
//! It", 2020), lets a network go on with a rhythm beyond the data, where ReLUs go on straight.
use nn_core::Learns;
use nn_core::prelude::*;

/// `y[i] = x[i] + sin²(a[i] x[i]) / a[i]`.
#[derive(Plain)]
#[repr(C)]
struct Snake<const N: usize> {
    frequency: [f32; N],
}

impl<const N: usize> SampleLayer for Snake<N> {
    type Input = [f32; N];
    type Output = [f32; N];
    type Kind = Real;
    type Saved = ();

    fn infer(&self, x: &[f32; N], y: &mut [f32; N]) {
        for i in 0..N {
            let a = self.frequency[i];
            y[i] = x[i] + (a * x[i]).sin().powi(2) / a;
        }
    }

    fn backward(&self, x: &[f32; N], _y: &[f32; N], _saved: &(), dy: &[f32; N], dx: &mut [f32; N], gradient: &mut Self) {
        for i in 0..N {
            let a = self.frequency[i];
            let (sin, sin_2) = ((a * x[i]).sin(), (2.0 * a * x[i]).sin());
            dx[i] = dy[i] * (1.0 + sin_2);
            gradient.frequency[i] += dy[i] * (x[i] * sin_2 - sin * sin / a) / a;
        }
    }

    fn initialize(&mut self, random: &mut Stream) {
        for a in &mut self.frequency {
            *a = f32::from_f64(random.uniform(1.0, 4.0));
        }
    }
}

network! {
    struct WithSnake: [1] -> [1] {
        fc1: Dense(32),
        snake: Snake<32> -> [32],
        fc2: Dense(1),
    }
}

network! {
    struct WithRelu: [1] -> [1] {
        fc1: Dense(32),
        Relu,
        fc2: Dense(1),
    }
}

/// A rhythm on a slope.
fn truth(x: f32) -> f32 {
    (3.0 * x).sin() + 0.3 * x
}

/// Root of the mean squared error on the data's own stretch, and beyond it.
fn learn<N: Network<Input = [f32; 1], Output = [f32; 1], Scalar = f32, Kind = Real, Learning = Learns>>() -> Result<[f32; 2], Error> {
    let xs: Vec<[f32; 1]> = (0..400).map(|i| [i as f32 / 100.0 - 2.0]).collect();
    let ys = xs.iter().map(|x| [truth(x[0])]).collect();
    let data = Dataset::new(xs, ys)?;
    let mut net = N::new_boxed(1);
    net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(5e-3)).epochs(400).schedule(CosineAnnealing::default()).run()?;
    let error = |from: f32, to: f32| {
        let squares = (0..200).map(|i| from + (to - from) * i as f32 / 200.0).map(|x| (net.predict(&[x])[0] - truth(x)).powi(2));
        (squares.sum::<f32>() / 200.0).sqrt()
    };
    Ok([error(-2.0, 2.0), error(2.0, 4.0)])
}

fn main() -> Result<(), Error> {
    println!("Learned: sin(3x) + 0.3x, from 400 points with x between −2 and 2. Root of the mean squared error of the forecast:\n");
    println!("hidden layer         x from −2 to 2     from 2 to 4");
    let [inside, beyond] = learn::<WithRelu>()?;
    println!("32 ReLUs            {inside:15.3} {beyond:15.3}");
    let [inside, beyond] = learn::<WithSnake>()?;
    println!("32 snakes           {inside:15.3} {beyond:15.3}");

    println!("\nThe layer's parameters are the network's: counted, trained and saved like any other.\n");
    println!("{}\nkeys and shapes in a file:", WithSnake::zeros());
    WithSnake::SPEC.visit(|tensor| println!("  {} {}", tensor.key, tensor.shape));
    Ok(())
}
