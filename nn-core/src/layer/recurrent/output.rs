//! What a recurrent layer gives of its states: those of every step, or the last.

use core::array;

use crate::{Scalar, Tensor};

/// Which states a recurrent layer gives.
pub trait Steps: Send + Sync + 'static {
    /// Of `L` steps with `O` numbers.
    type Of<T: Scalar, const L: usize, const O: usize>: Tensor<Scalar = T>;

    /// The output of each step, by its number, and of those that have none `None`; a single output belongs to step `last`.
    fn at<T: Scalar, const L: usize, const O: usize>(y: &Self::Of<T, L, O>, step: usize, last: usize) -> Option<&[T; O]>;
    /// The same, to be written.
    fn at_mut<T: Scalar, const L: usize, const O: usize>(y: &mut Self::Of<T, L, O>, step: usize, last: usize) -> Option<&mut [T; O]>;
}

/// `[L, O]`: the state after every step.
#[derive(Clone, Copy, Debug)]
pub struct EveryStep;

impl Steps for EveryStep {
    type Of<T: Scalar, const L: usize, const O: usize> = [[T; O]; L];

    #[inline(always)]
    fn at<T: Scalar, const L: usize, const O: usize>(y: &[[T; O]; L], step: usize, _: usize) -> Option<&[T; O]> {
        y.get(step)
    }
    #[inline(always)]
    fn at_mut<T: Scalar, const L: usize, const O: usize>(y: &mut [[T; O]; L], step: usize, _: usize) -> Option<&mut [T; O]> {
        y.get_mut(step)
    }
}

/// `[O]`: the state after the last step that was read; of the backward direction that is step 0.
#[derive(Clone, Copy, Debug)]
pub struct LastStep;

impl Steps for LastStep {
    type Of<T: Scalar, const L: usize, const O: usize> = [T; O];

    #[inline(always)]
    fn at<T: Scalar, const L: usize, const O: usize>(y: &[T; O], step: usize, last: usize) -> Option<&[T; O]> {
        if step == last { array::from_ref(y).first() } else { None }
    }
    #[inline(always)]
    fn at_mut<T: Scalar, const L: usize, const O: usize>(y: &mut [T; O], step: usize, last: usize) -> Option<&mut [T; O]> {
        if step == last { array::from_mut(y).first_mut() } else { None }
    }
}
