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
//! use nn_core::{Plain, Scalar};
//! use nn_core::optimizer::{Optimizer, Update};
//!
//! /// Steps of one size, in the direction that the gradient's sign gives.
//! #[derive(Clone, Copy, Debug)]
//! struct SignSgd(f64);
//!
//! impl<T: Scalar> Optimizer<T> for SignSgd {
//!     type State<G: Plain> = (); // `[G; 1]` keeps a number per parameter
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
#[cfg(feature = "std")]
pub(crate) use clip::sum_of_squares_by;
pub use clip::{Clip, sum_of_squares};
pub use rms_prop::{RmsProp, RmsPropMomentum};
pub use sgd::Sgd;
pub use sgd_momentum::SgdMomentum;

use core::fmt::Debug;

use crate::{Kernels, Plain, Scalar, SettingError};

/// Parameters that are updated together, with their state beside them; a run is cut between two such pieces, so that threads can share it.
pub(crate) const PIECE: usize = 4096;

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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no optimizer for parameters of `{T}`",
    label = "this is no optimizer",
    note = "make one with its rate: `Adam::new(1e-3)`, `Sgd::new(0.1).momentum(0.9)`"
)]
pub trait Optimizer<T: Scalar>: Debug + Send + Sync {
    /// What it keeps beside a network whose gradient is `G`: `()` for SGD, `[G; 1]` with momentum, `[G; 2]` for Adam.
    type State<G: Plain>: Plain;

    /// By which a saved state knows its optimizer again.
    const NAME: &'static str = "";

    /// Numbers of state per parameter: 0 for SGD, 1 with momentum, 2 for Adam.
    const SLOTS: usize = size_of::<Self::State<u8>>();

    /// The rate that schedules multiply.
    fn learning_rate(&self) -> f64;

    /// One update of a run of parameters, or of a piece of one: the training loop cuts runs after every 4096th. `state` holds `SLOTS` numbers a parameter, slot by slot (`m` of the whole run, then `v`), zero
    /// before the first update.
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]);

    /// As [`Optimizer::update`], compiled for the instruction set; the bits are the same.
    #[doc(hidden)]
    fn update_by(&self, kernels: Kernels, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]) {
        kernels.vectorize(
            #[inline(always)]
            || self.update(update, w, gradient, state),
        );
    }

    /// The same optimizer with another weight decay, for parameters that have one of their own; `None` where it does not know weight decay.
    fn with_weight_decay(&self, decay: f64) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = decay;
        None
    }

    /// Whether the settings make sense; the training loop asks before the first update.
    ///
    /// # Errors
    /// Names the setting that does not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }
}

/// [`Optimizer::update_by`] of this crate's own: for `f32` they are compiled here, once for each instruction set.
macro_rules! compiled {
    () => {
        fn update_by(&self, kernels: $crate::Kernels, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]) {
            if const { T::HAS_KERNELS } {
                if let (Some(w), Some(gradient), Some(state)) = (T::f32s_mut(w), T::f32s(gradient), T::f32s_mut(state)) {
                    self.update_f32(kernels, update, w, gradient, state);
                }
            } else {
                self.update(update, w, gradient, state);
            }
        }
    };
    ($of:ty) => {
        impl $of {
            fn update_f32(&self, kernels: $crate::Kernels, update: Update, w: &mut [f32], gradient: &[f32], state: &mut [f32]) {
                kernels.vectorize(
                    #[inline(always)]
                    || self.update(update, w, gradient, state),
                );
            }
        }
    };
}
use compiled;

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
    use super::*;

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

    #[test]
    fn settings_that_make_no_sense_are_named() {
        fn fault(optimizer: &impl Optimizer<f32>) -> Option<&'static str> {
            optimizer.check().err().map(|error| error.name)
        }
        assert_eq!(fault(&Sgd::new(0.0)), None);
        assert_eq!(fault(&Sgd::new(-0.1)), Some("learning_rate"));
        assert_eq!(fault(&Sgd::new(f64::NAN)), Some("learning_rate"));
        assert_eq!(fault(&Sgd::new(f64::INFINITY)), Some("learning_rate"));
        assert_eq!(fault(&Sgd::new(0.1).weight_decay(-1.0)), Some("weight_decay"));
        assert_eq!(fault(&Sgd::new(0.1).momentum(1.0)), Some("momentum"));
        assert_eq!(fault(&Sgd::new(0.1).momentum(-0.1)), Some("momentum"));
        assert_eq!(fault(&Sgd::new(-0.1).momentum(0.9)), Some("learning_rate"));
        assert_eq!(fault(&Sgd::new(0.1).momentum(0.9).dampening(0.1)), None);
        assert_eq!(fault(&Sgd::new(0.1).momentum(0.9).dampening(0.1).nesterov()), Some("dampening"));
        assert_eq!(fault(&Adagrad::default()), None);
        assert_eq!(fault(&Adagrad::new(0.1).learning_rate_decay(-1.0)), Some("learning_rate_decay"));
        assert_eq!(fault(&Adagrad::new(0.1).initial_accumulator(-1.0)), Some("initial_accumulator"));
        assert_eq!(fault(&RmsProp::default().momentum(0.9)), None);
        assert_eq!(fault(&RmsProp::new(0.1).alpha(1.0)), Some("alpha"));
        assert_eq!(fault(&RmsProp::new(0.1).epsilon(-1.0).momentum(0.5)), Some("epsilon"));
        assert_eq!(fault(&RmsProp::new(0.1).momentum(1.5)), Some("momentum"));
        assert_eq!(fault(&Adam::default()), None);
        assert_eq!(fault(&Adam::new(1e-3).beta1(1.0)), Some("beta1"));
        assert_eq!(fault(&AdamW::new(1e-3).beta2(-0.5)), Some("beta2"));
        let error = Optimizer::<f32>::check(&AdamW::new(-1.0)).unwrap_err();
        assert_eq!(std::format!("{error}"), "`AdamW` with learning_rate = -1: it must be finite and at least 0");
        assert_eq!(Clip::by_norm(0.0).check().unwrap_err().name, "norm");
        assert_eq!(Clip::by_value(f64::NAN).check().unwrap_err().name, "value");
    }

    #[test]
    fn clipping_bounds_what_is_large_and_keeps_what_is_small() {
        let gradient = [3.0, -4.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 12.0_f32];
        let norm = sum_of_squares(&gradient).sqrt();
        assert!((norm - (9.0_f64 + 16.0 + 0.25 + 144.0).sqrt()).abs() < 1e-12);
        let clipped = |clip: Clip| {
            let mut g = gradient;
            clip.apply(norm, &mut g);
            g
        };
        assert_eq!(clipped(Clip::by_norm(14.0)), gradient);
        assert!((sum_of_squares(&clipped(Clip::by_norm(2.0))).sqrt() - 2.0).abs() < 1e-5);
        assert_eq!(clipped(Clip::by_value(3.5)), [3.0, -3.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 3.5]);
        let mut lost = [f32::NAN, 1.0];
        Clip::by_value(0.5).apply(f64::NAN, &mut lost);
        assert!(lost[0].is_nan());
        Clip::by_norm(0.5).apply(f64::NAN, &mut lost);
        assert!(lost[0].is_nan());
    }

    #[test]
    fn parts_of_the_parameters_are_updated_as_the_whole_would_be() {
        fn check<O: Optimizer<f64> + Copy>(optimizer: O) {
            let start: [f64; 5] = [0.3, -1.0, 2.0, 0.0, 0.7];
            let gradient = [0.1, 0.4, -0.3, 0.2, -0.9];
            let (mut whole, mut parts) = (start, start);
            let (mut state, mut first, mut second) = ([0.0; 10], [0.0; 4], [0.0; 6]);
            for step in 1..=3 {
                let update = Update { learning_rate: 0.1, step };
                optimizer.update(update, &mut whole, &gradient, &mut state[..5 * O::SLOTS]);
                optimizer.update(update, &mut parts[..2], &gradient[..2], &mut first[..2 * O::SLOTS]);
                optimizer.update(update, &mut parts[2..], &gradient[2..], &mut second[..3 * O::SLOTS]);
            }
            assert_eq!(whole, parts);
            assert_ne!(whole, start);
        }
        check(Sgd::new(0.1));
        check(Sgd::new(0.1).momentum(0.9));
        check(Adagrad::new(0.1));
        check(RmsProp::new(0.1));
        check(RmsProp::new(0.1).momentum(0.9));
        check(Adam::new(0.1));
        check(AdamW::new(0.1));
    }
}
