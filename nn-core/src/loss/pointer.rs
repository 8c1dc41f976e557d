//! A loss behind a reference or in a box is that loss: so whatever takes one by value takes `&loss` too, and `Box<dyn Loss<…>>`.

use super::{Loss, Meaning, Reduction, Sums, TargetError};
use crate::{Kernels, SettingError, Tensor};

/// All methods, the provided ones too, which the loss may have in a way of its own.
macro_rules! forward {
    ($pointer:ty) => {
        #[diagnostic::do_not_recommend]
        impl<K, Y: Tensor, Target, L: Loss<K, Y, Target> + ?Sized> Loss<K, Y, Target> for $pointer {
            fn loss(&self, y: &Y, target: &Target) -> Y::Scalar {
                (**self).loss(y, target)
            }
            fn gradient(&self, y: &Y, target: &Target, dy: &mut Y) -> Y::Scalar {
                (**self).gradient(y, target, dy)
            }
            fn share(&self, target: &Target) -> Y::Scalar {
                (**self).share(target)
            }
            fn reduction(&self) -> Reduction {
                (**self).reduction()
            }
            fn meaning(&self) -> Meaning {
                (**self).meaning()
            }
            fn check(&self) -> Result<(), SettingError> {
                (**self).check()
            }
            fn check_target(&self, target: &Target) -> Result<(), TargetError> {
                (**self).check_target(target)
            }
            fn sums(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>) -> Sums {
                (**self).sums(y, targets, weights)
            }
            fn factor(&self, targets: &[Target], weights: Option<&[f32]>) -> f64 {
                (**self).factor(targets, weights)
            }
            fn gradients(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>, factor: f64, dy: &mut [Y]) -> Sums {
                (**self).gradients(y, targets, weights, factor, dy)
            }
            fn gradients_of(&self, kernels: Kernels, y: &[Y], targets: &[&Target], weights: &[f32], factor: f64, dy: &mut [Y]) -> Sums {
                (**self).gradients_of(kernels, y, targets, weights, factor, dy)
            }
            fn batch(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>, dy: &mut [Y]) -> Sums {
                (**self).batch(y, targets, weights, dy)
            }
        }
    };
}

forward!(&L);
#[cfg(feature = "std")]
forward!(std::boxed::Box<L>);
