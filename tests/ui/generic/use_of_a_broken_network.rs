//! A broken network with const parameters and named blocks: one error, whatever is done with it.
use nn_core::prelude::*;
use nn_core::train::Gradients;

network! {
    struct Net<const H: usize>: [4] -> [2] {
        block: Residual { main: { fc: Dense(4), norm: BatchNorm } },
        blocks: Repeat(2) { fc: Dense(4) },
        both: Concat { left: { a: Dense(3) }, right: { b: Dense(2) } },
        wide: Dense(H),
        out: Dense(2) ? Relu,
    }
}

fn main() -> Result<(), Error> {
    let mut net = Net::<4>::new_boxed(1);
    net.block.fc.weight[0][0] = 1.0;
    net.blocks[1].fc.bias[0] = 1.0;
    net.both.left.a.bias[0] = 1.0;
    let gradients = Gradients::<Net<4>>::new();
    let _ = (gradients.get().block.fc.weight[0][0], gradients.get().both.right.b.bias[0], gradients.get().out.bias[0]);
    let _ = (Net::<4>::PARAMETERS, Net::<4>::SPEC, Net::<4>::training_ram(Sgd::new(0.1), Online));
    let mut work = TrainingWorkspace::<Net<4>>::new();
    net.step_online(&[0.0; 4], &[0.0; 2], &MeanSquaredError, 0.1, &mut work);
    let _ = OptimizerState::<Net<4>, _>::new(Adam::new(1e-3));
    let _ = NetFolded::<4>::zeros();
    let data = Dataset::new(vec![[0.0_f32; 4]], vec![[0.0_f32; 2]])?;
    net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(1e-3)).run()?;
    net.save_safetensors("net.safetensors")?;
    Ok(())
}
