//! Files: from and to bytes as everywhere; by path an error that names it.

use nn_core::data::{Csv, Idx, Table};
use nn_core::prelude::*;

use crate::{Plane, check, points};

/// The words of an error that a path leads to.
fn refused<T>(result: Result<T, impl Into<Error>>) {
    let error: Error = result.err().expect("there are no files").into();
    assert!(error.to_string().contains("nowhere"), "{error}");
}

check! {
    /// Through memory and back.
    fn check_bytes() {
        let (net, mut other) = (Plane::new_boxed(1), Plane::new_boxed(2));
        let bytes = net.to_safetensors().unwrap();
        other.load_safetensors_bytes(&bytes).unwrap();
        assert_eq!(net.predict(&[0.1, 0.2]), other.predict(&[0.1, 0.2]));
        assert!(other.load_safetensors_bytes(&bytes[1..]).is_err());
    }
}

check! {
    /// Whatever takes a path.
    fn check_paths() {
        let mut net = Plane::new_boxed(1);
        refused(net.save_safetensors("nowhere"));
        refused(net.save_safetensors("nowhere/file.safetensors"));
        refused(net.load_safetensors("nowhere"));
        refused(net.loading().part("out").file("nowhere"));
        refused(Table::read("nowhere"));
        refused(Csv::default().read("nowhere"));
        refused(Idx::read("nowhere"));
        refused(datasets::digits("nowhere"));
        refused(datasets::mnist("nowhere"));
    }
}

check! {
    /// Checkpoints are written to files.
    fn check_checkpoints() {
        let data = points(8);
        let mut net = Plane::new_boxed(1);
        refused(net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(1).checkpoint("nowhere").checkpoint_every(1).run());
        let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(1);
        // Nothing is there to resume from: either a new run, whose checkpoint cannot be written, or an error at once.
        refused(training.checkpoint("nowhere").resume("nowhere").run());
    }
}
