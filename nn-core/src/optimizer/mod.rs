//! Optimizers: how parameters follow from gradients. One file each.
//!
//! | optimizer | state per parameter | what it does |
//! |---|---|---|
//! | [`Sgd`] | 0 | a step against the gradient |
//! | [`SgdMomentum`] | 1 | the same with inertia: `Sgd::new(0.1).momentum(0.9)` |
//! | [`Adagrad`] | 1 | steps shrink with all squared gradients so far |
//! | [`RmsProp`] | 1 | steps are relative to the recent gradients' size |
//! | [`RmsPropMomentum`] | 2 | the same with inertia |
//! | [`Adam`] | 2 | inertia and relative size, both corrected at the start |
//! | [`AdamW`] | 2 | Adam, with weight decay apart from the gradient |
//!
//! Names, defaults and weight decay are PyTorch's. All are `Copy` and can be made in constants; hyper-parameters are `f64` for networks of any
//! scalar. Nonsense (a negative rate, a momentum of 1) is reported by [`Optimizer::check`], which the training loop asks before the first update.
//!
//! One of one's own says what happens to a run of parameters:
//!
//! ```
//! use nn_core::Scalar;
//! use nn_core::optimizer::{Optimizer, Update};
//!
//! /// Steps of one size, in the direction that the gradient's sign gives.
//! #[derive(Clone, Copy, Debug)]
//! struct SignSgd(f64);
//!
//! impl<T: Scalar> Optimizer<T> for SignSgd {
//!     const SLOTS: usize = 0;
//!     fn learning_rate(&self) -> f64 {
//!         self.0
//!     }
//!     fn update(&self, update: Update, w: &mut [T], gradient: &[T], _: &mut [T]) {
//!         let step = T::from_f64(update.learning_rate);
//!         for (w, g) in w.iter_mut().zip(gradient) {
//!             *w -= if *g > T::ZERO { step } else { -step };
//!         }
//!     }
//! }
//!
//! let mut w = [1.0_f32, 2.0];
//! SignSgd(0.5).update(Update { learning_rate: 0.5, step: 1 }, &mut w, &[3.0, -0.1], &mut []);
//! assert_eq!(w, [0.5, 2.5]);
//! ```

mod adagrad;
mod adam;
mod adam_w;
mod clip;
mod rms_prop;
mod sgd;
mod sgd_momentum;

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adam_w::AdamW;
pub use clip::{Clip, sum_of_squares};
pub use rms_prop::{RmsProp, RmsPropMomentum};
pub use sgd::Sgd;
pub use sgd_momentum::SgdMomentum;

use core::fmt::Debug;

use crate::{Scalar, SettingError};

/// The circumstances of one update.
#[derive(Clone, Copy, Debug)]
pub struct Update {
    /// The optimizer's rate times what the schedule and the part's own factor say.
    pub learning_rate: f64,
    /// The number of this update, from 1.
    pub step: u64,
}

/// Changes parameters against their gradients.
///
/// `Debug` prints its settings, by which a checkpoint knows it again.
pub trait Optimizer<T: Scalar>: Debug + Send + Sync {
    /// Numbers of state per parameter: 0 for SGD, 1 with momentum, 2 for Adam.
    const SLOTS: usize;

    /// The rate that schedules multiply.
    fn learning_rate(&self) -> f64;

    /// One update of a run of parameters. `state` holds `SLOTS` numbers a parameter, slot by slot (`m` of the whole run, then `v`), zero
    /// before the first update.
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]);

    /// Whether the settings make sense; the training loop asks before the first update.
    ///
    /// # Errors
    /// Names the setting that does not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }
}

/// Two slots of `n` numbers each.
fn two_slots<T>(state: &mut [T], n: usize) -> (&mut [T], &mut [T]) {
    state.split_at_mut_checked(n).unwrap_or_default()
}

/// `baseⁿ`, by squaring.
pub(crate) fn power(base: f64, n: u64) -> f64 {
    let (mut result, mut square, mut left) = (1.0, base, n);
    while left > 0 {
        if left & 1 == 1 {
            result *= square;
        }
        square *= square;
        left >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn powers_are_products() {
        for base in [0.9, 0.999, 1.5, 0.0] {
            let mut product = 1.0;
            for n in 0..200 {
                assert!((power(base, n) - product).abs() <= 1e-13 * product, "{base}^{n}");
                product *= base;
            }
        }
    }
}
