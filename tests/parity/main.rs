//! What PyTorch says, from files that `generate.py` writes: outputs, losses, gradients, updates. f64 within `F64` of each tensor's largest
//! value, f32 within `F32`.

#[macro_use]
mod fixture;

mod activations;
mod coverage;
mod layers;
mod losses;
mod networks;
mod optimizers;
mod schedules;
mod trained;
