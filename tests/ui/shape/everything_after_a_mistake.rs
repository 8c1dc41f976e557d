//! One mistake, one error, whatever the program goes on to do with the network and its parts.
use nn_core::prelude::*;

mod own {
    pub const KERNEL: usize = 1;
}

network! {
    /// A network.
    pub struct Net: [4, 6, 6] -> [3] {
        conv: Conv2d(4, kernel = (own::KERNEL, 1)),
        norm: BatchNorm,
        block1: Residual {
            main: { conv2: Conv2d(4, kernel = 3, padding = Same) },
            skip: { short: Conv2d(4, kernel = 1) },
        },
        blocks: Repeat(2) { inner: Residual { main: { conv: Conv1d(4, kernel = 3) } } },
        join: Concat { a: { conv: Conv2d(2, kernel = 1) }, b: { Identity } },
        Flatten,
        fc: Dense(3),
    }
}

network! {
    struct Outer: [4, 6, 6] -> [2] {
        inner: Net -> [3],
        fc: Dense(2),
    }
}

fn act<N: Network<Input = [[[f32; 6]; 6]; 4], Output = [f32; 3]>>(net: &N, x: &N::Input) -> N::Output {
    net.predict(x)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut net = Net::new_boxed(1);
    let x = [[[0.0; 6]; 6]; 4];
    let mut many = vec![[0.0; 3]; 2];
    net.predict_batch(&[x, x], &mut many)?;
    let flat = vec![0.0; 4 * 6 * 6];
    println!("{} {:?} {:?}", net.classify(&x), act(&*net, Net::input(&flat)?), Net::inputs(&flat)?.len());
    println!("{} {} {net} {net:?} {}", Net::PARAMETERS, Net::MACS, net.summary());
    println!("{:?} {:?}", net.conv.weight[3][3][0][0], net.norm.running_mean[3]);
    println!("{:?} {:?}", net.block1.conv2.bias[3], net.block1.skip.short.weight[3]);
    println!("{:?} {:?}", net.blocks[1].inner.conv.bias, net.join.a.conv.bias);
    let copy = net.clone();
    net.copy_from(&copy);
    net.save_safetensors("net.safetensors")?;
    net.load_safetensors("net.safetensors")?;
    let data = Dataset::new(vec![x], vec![Class::<3>::new(0).unwrap()])?;
    let history = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-3)).epochs(1).validate_on(&data).run()?;
    println!("{history} {:?}", net.evaluate(&data, CrossEntropy)?.metrics);
    println!("{:?}", Outer::new_boxed(2).predict(&x));
    Ok(())
}
