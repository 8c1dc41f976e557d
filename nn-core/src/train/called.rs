//! Losses and optimizers as the loop calls them: behind a pointer, once a batch or a run of parameters.
//!
//! A loss that does not fit is so reported where it is chosen, and not again at `run`; and the loop is compiled once for a network and its
//! data, whatever it learns by. The kernels are chosen inside of the call, so that its loops are compiled for them.

use core::fmt::Debug;
use core::marker::PhantomData;
use core::slice;

use crate::loss::{Loss, Reduction, Sums};
use crate::optimizer::{Optimizer, Update};
use crate::simd::{Task, dispatch};
use crate::{Kernels, Scalar, SettingError, Simd, Tensor};

/// A loss as the loop calls it; every [`Loss`] is one.
pub trait BatchLoss<K, Y: Tensor, T>: Debug {
    #[doc(hidden)]
    fn check_settings(&self) -> Result<(), SettingError>;

    #[doc(hidden)]
    fn reduced_by(&self) -> Reduction;

    /// The losses of a batch, summed; and, where `dy` is given, the gradient of the reduced loss by every output (overwritten).
    #[doc(hidden)]
    fn call(&self, kernels: Kernels, y: &[Y], targets: &[&T], weights: &[f32], dy: Option<&mut [Y]>) -> Sums;
}

#[diagnostic::do_not_recommend]
impl<K, Y: Tensor, T, L: Loss<K, Y, T>> BatchLoss<K, Y, T> for L {
    fn check_settings(&self) -> Result<(), SettingError> {
        self.check()
    }

    fn reduced_by(&self) -> Reduction {
        self.reduction()
    }

    fn call(&self, kernels: Kernels, y: &[Y], targets: &[&T], weights: &[f32], dy: Option<&mut [Y]>) -> Sums {
        dispatch(kernels, LossOfBatch { loss: self, y, targets, weights, dy, kind: PhantomData::<K> })
    }
}

struct LossOfBatch<'a, K, Y, T, L> {
    loss: &'a L,
    y: &'a [Y],
    targets: &'a [&'a T],
    weights: &'a [f32],
    dy: Option<&'a mut [Y]>,
    kind: PhantomData<K>,
}

impl<K, Y: Tensor, T, L: Loss<K, Y, T>> Task for LossOfBatch<'_, K, Y, T, L> {
    type Output = Sums;

    #[inline(always)]
    fn run<S: Simd>(self, _: S) -> Sums {
        let Self { loss, y, targets, weights, dy, kind: _ } = self;
        let samples = y.iter().zip(targets).zip(weights);
        let mut sums = Sums::default();
        let Some(dy) = dy else {
            for ((y, target), weight) in samples {
                sums += loss.sums(slice::from_ref(y), slice::from_ref(*target), Some(slice::from_ref(weight)));
            }
            return sums;
        };
        let factor = match loss.reduction() {
            Reduction::Sum => 1.0,
            Reduction::Mean => {
                let share: f64 = targets.iter().zip(weights).map(|(target, s)| f64::from(*s) * loss.share(target).to_f64()).sum();
                if share == 0.0 { 0.0 } else { 1.0 / share }
            }
        };
        loss.gradients_of(y, targets, weights, factor, dy)
    }
}

/// An optimizer as the loop calls it; every [`Optimizer`] is one.
pub trait RunOptimizer<T: Scalar>: Debug {
    #[doc(hidden)]
    fn check_settings(&self) -> Result<(), SettingError>;

    #[doc(hidden)]
    fn base_rate(&self) -> f64;

    /// Numbers of state per parameter.
    #[doc(hidden)]
    fn slots(&self) -> usize;

    /// One update of a run of parameters.
    #[doc(hidden)]
    fn call(&self, kernels: Kernels, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]);
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

    fn call(&self, kernels: Kernels, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]) {
        dispatch(kernels, UpdateOfRun { optimizer: self, update, w, gradient, state });
    }
}

pub(super) struct UpdateOfRun<'a, T, O> {
    pub(super) optimizer: &'a O,
    pub(super) update: Update,
    pub(super) w: &'a mut [T],
    pub(super) gradient: &'a [T],
    pub(super) state: &'a mut [T],
}

impl<T: Scalar, O: Optimizer<T>> Task for UpdateOfRun<'_, T, O> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        self.optimizer.update(self.update, self.w, self.gradient, self.state);
    }
}
