//! One mistake, one error, where the program goes on without a heap, with gradients, files and the folded network.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        fc1: Dense(8),
        norm: BatchNorm,
        fc2: Dense(3),
    }
}

network! {
    struct Outer: [4] -> [2] {
        body: &Net(NET) -> [2],
        fc: Dense(2),
    }
}

static NET: Net = Net::zeros();
static FILE: Net = Net::from_safetensors(&[]);
static FOLDED: NetFolded = NetFolded::zeros();
const RAM: usize = Net::training_ram(Sgd::new(0.1), Online);
const SPEC: &Spec = Net::SPEC;

fn main() {
    let folded = NetFolded::from(&NET);
    let mut gradients = Gradients::<Net>::new();
    println!("{:?} {:?}", gradients.get().fc1.weight, gradients.get().norm.weight);
    let work = TrainingWorkspace::<Net>::new();
    let state = OptimizerState::<Net, Adam>::new(Adam::new(0.1));
    println!("{} {} {:?} {:?}", RAM, SPEC.name, folded.predict(&[0.0; 4]), FOLDED.predict(&[0.0; 4]));
    println!("{:?} {}", FILE.fc1.weight, Outer::zeros().predict(&[0.0; 4])[0]);
}
