//! Every gradient against central differences in f64: layers, activations, losses. `harness.rs` says how to add one.

#[macro_use]
mod harness;

mod activations;
mod blocks;
mod coverage;
mod layers;
mod losses;
mod norms;
mod recurrent;
mod wrong;
