//! Labels as numbers, where classes or floats are wanted: one error, whatever is called on the training.
use nn_core::prelude::*;

network! {
    struct Net: [2] -> [2] {
        fc: Dense(2),
    }
}

fn main() -> Result<(), Error> {
    let data = Dataset::new(vec![[0.5, 0.5]], vec![1_usize])?;
    let mut net = Net::new_boxed(1);
    net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-3)).epochs(3).run()?;
    Ok(())
}
