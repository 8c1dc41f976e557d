//! Losses and optimizers as the loop calls them: behind a pointer, once a batch or a run of parameters.
//!
//! A loss that does not fit is so reported where it is chosen, and not again at `run`; and the loop is compiled once for a network and its
//! data, whatever it learns by. The kernels are chosen inside of the call, so that its loops are compiled for them.

use core::fmt::Debug;
use core::slice;

use crate::loss::{Loss, Meaning, Reduction, Sums, TargetError};
use crate::optimizer::{Optimizer, PIECE, Update};
use crate::{Kernels, Scalar, SettingError, Tensor};
use nn_kernels::threads::{Cut, Rows};

/// A loss as the loop calls it; every [`Loss`] is one.
pub trait BatchLoss<K, Y: Tensor, T>: Debug {
    #[doc(hidden)]
    fn check_settings(&self) -> Result<(), SettingError>;

    #[doc(hidden)]
    fn check_target_of(&self, target: &T) -> Result<(), TargetError>;

    #[doc(hidden)]
    fn reduced_by(&self) -> Reduction;

    #[doc(hidden)]
    fn meaning_of_targets(&self) -> Meaning;

    /// The losses of a batch, summed; and, where `dy` is given, the gradient of the reduced loss by every output (overwritten).
    #[doc(hidden)]
    fn call(&self, kernels: Kernels, y: &[Y], targets: &[&T], weights: &[f32], dy: Option<&mut [Y]>) -> Sums;
}

#[diagnostic::do_not_recommend]
impl<K, Y: Tensor, T, L: Loss<K, Y, T>> BatchLoss<K, Y, T> for L {
    fn check_settings(&self) -> Result<(), SettingError> {
        self.check()
    }

    fn check_target_of(&self, target: &T) -> Result<(), TargetError> {
        self.check_target(target)
    }

    fn reduced_by(&self) -> Reduction {
        self.reduction()
    }

    fn meaning_of_targets(&self) -> Meaning {
        self.meaning()
    }

    fn call(&self, kernels: Kernels, y: &[Y], targets: &[&T], weights: &[f32], dy: Option<&mut [Y]>) -> Sums {
        if let Some(dy) = dy {
            return self.gradients_of(kernels, y, targets, weights, factor(self, targets, weights), dy);
        }
        let mut sums = Sums::default();
        for ((y, target), weight) in y.iter().zip(targets).zip(weights) {
            sums += self.sums(slice::from_ref(y), slice::from_ref(*target), Some(slice::from_ref(weight)));
        }
        sums
    }
}

/// As [`Loss::factor`], for targets that lie anywhere.
fn factor<K, Y: Tensor, T>(loss: &impl Loss<K, Y, T>, targets: &[&T], weights: &[f32]) -> f64 {
    match loss.reduction() {
        Reduction::Sum => 1.0,
        Reduction::Mean => {
            let share: f64 = targets.iter().zip(weights).map(|(target, s)| f64::from(*s) * loss.share(target).to_f64()).sum();
            if share == 0.0 { 0.0 } else { 1.0 / share }
        }
    }
}

/// An optimizer as the loop calls it; every [`Optimizer`] is one.
pub trait RunOptimizer<T: Scalar>: Debug + Sync {
    #[doc(hidden)]
    fn check_settings(&self) -> Result<(), SettingError>;

    #[doc(hidden)]
    fn base_rate(&self) -> f64;

    /// Numbers of state per parameter.
    #[doc(hidden)]
    fn slots(&self) -> usize;

    /// Whether parameters can have a weight decay of their own.
    #[doc(hidden)]
    fn knows_weight_decay(&self) -> bool;

    /// One update of a piece of a run of parameters, with the weight decay `decay` where that is its own.
    #[doc(hidden)]
    fn call(&self, kernels: Kernels, update: Update, decay: Option<f64>, w: &mut [T], gradient: &[T], state: &mut [T]);
}

#[diagnostic::do_not_recommend]
impl<T: Scalar, O: Optimizer<T>> RunOptimizer<T> for O {
    fn check_settings(&self) -> Result<(), SettingError> {
        self.check()
    }

    fn base_rate(&self) -> f64 {
        self.learning_rate()
    }

    fn slots(&self) -> usize {
        O::SLOTS
    }

    fn knows_weight_decay(&self) -> bool {
        self.with_weight_decay(0.0).is_some()
    }

    fn call(&self, kernels: Kernels, update: Update, decay: Option<f64>, w: &mut [T], gradient: &[T], state: &mut [T]) {
        let changed = decay.and_then(|decay| self.with_weight_decay(decay));
        changed.as_ref().unwrap_or(self).update_by(kernels, update, w, gradient, state);
    }
}

/// One update of a run of parameters, piece by piece, on as many threads as the kernels have. `state` holds that of one piece after another.
pub(super) fn update<T: Scalar>(
    optimizer: &dyn RunOptimizer<T>,
    kernels: Kernels,
    update: Update,
    decay: Option<f64>,
    w: &mut [T],
    gradient: &[T],
    state: &mut [T],
) {
    if w.len() <= PIECE {
        kernels.threads().before_writing(w);
        return optimizer.call(kernels, update, decay, w, gradient, state);
    }
    let slots = optimizer.slots();
    let work = w.len() * COST * (1 + slots);
    let run = (Rows { slice: w, each: PIECE }, Rows { slice: gradient, each: PIECE }, Rows { slice: state, each: PIECE * slots });
    kernels.threads().each(work, 1, run, |(mut w, mut gradient, mut state)| {
        while w.units() > 0 {
            let [(w_piece, w_rest), (state_piece, state_rest)] = [w, state].map(|rows| rows.cut(1));
            let (gradient_piece, gradient_rest) = gradient.cut(1);
            // All threads read all weights.
            kernels.threads().before_writing(w_piece.slice);
            optimizer.call(kernels, update, decay, w_piece.slice, gradient_piece.slice, state_piece.slice);
            (w, gradient, state) = (w_rest, gradient_rest, state_rest);
        }
    });
}

/// Sets a gradient to zero.
pub(super) fn clear(kernels: Kernels, gradient: &mut [u8]) {
    kernels.threads().each(gradient.len(), PIECE, gradient, |gradient| gradient.fill(0));
}

/// What a parameter costs, and each number of its state, in multiply-adds.
const COST: usize = 16;
