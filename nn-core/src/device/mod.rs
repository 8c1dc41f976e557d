//! Training without a heap and without a panic: on a microcontroller, and on a PC to the same bits.
//!
//! Two ways, from the same declaration:
//!
//! - **Online**: one sample at a time, `w ← w − η ∂ℓ/∂w` where the weights lie. There is no gradient in memory: a network needs little more
//!   RAM than its weights. It is plain stochastic gradient descent, for one sample; anything else needs the gradient.
//! - **Accumulate**: one gradient in memory, to which samples are added, `g ← g + ∂ℓ/∂w`; then an update by any [optimizer](crate::optimizer).
//!   Memory does not grow with the number of samples.
//!
//! What is `#[frozen]` before everything that learns runs as in use: training a head alone takes the memory of inference beside the head's own.
//!
//! State outlives the power as plain bytes: [`OnDevice::save_state`], or page by page, and [`OptimizerState::save_state`] with what the
//! optimizer keeps. [`OnDevice::stepwise`] predicts layer by layer.
//!
//! ```
//! # #[cfg(feature = "macros")] {
//! use nn_core::prelude::*;
//!
//! network! {
//!     struct Controller: [2] -> [1] {
//!         hidden: Dense(8),
//!         Tanh,
//!         out: Dense(1),
//!     }
//! }
//!
//! // A constant: in firmware, a `static` in a cell.
//! let mut work = TrainingWorkspace::<Controller>::new();
//! let mut net = Controller::zeros();
//! net.initialize_from(1);
//!
//! // Online.
//! let loss = net.step_online(&[0.5, -1.0], &[0.25], &MeanSquaredError, 0.01, &mut work);
//!
//! // Accumulate two samples, then update.
//! let mut gradient = <Controller as Layer>::Gradient::ZEROED;
//! let mut optimizer = OptimizerState::<Controller, _>::new(Adam::new(1e-3));
//! net.gradient(&[0.5, -1.0], &[0.25], &MeanSquaredError, &mut gradient, &mut work);
//! net.gradient(&[0.0, 1.0], &[0.5], &MeanSquaredError, &mut gradient, &mut work);
//! optimizer.update(&mut net, &gradient);
//! gradient.clear(); // for the next samples
//! # assert!(loss > 0.0);
//! # }
//! ```

mod optimizer;
mod ram;
mod state;
mod steps;
mod stepwise;
mod workspace;

pub use optimizer::OptimizerState;
pub use ram::{Accumulate, Mode, Online, training_ram};
pub use state::{RestoreError, StateError};
pub use steps::{OnDevice, PlainSgd};
pub use stepwise::Stepwise;
pub use workspace::TrainingWorkspace;
