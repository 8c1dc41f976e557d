//! Losses: how wrong an output is. One file each, value and gradient side by side.

use core::fmt::Debug;

use crate::{Scalar, Tensor};

/// How a batch's losses become one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// `Σ sᵢ ℓᵢ / Σ sᵢ shareᵢ`, with the samples' weights `sᵢ` (1 where none are given).
    #[default]
    Mean,
    /// `Σ sᵢ ℓᵢ`.
    Sum,
}

/// A loss for outputs `Y` that mean `K` and targets `Target`.
///
/// `Debug` prints its settings, by which a checkpoint knows it again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit an output `{Y}` of kind `{K}` with targets `{Target}`",
    label = "this loss does not fit the network's output or the data's targets"
)]
pub trait Loss<K, Y: Tensor, Target>: Debug + Send + Sync {
    /// `ℓ`: the loss of one sample.
    fn loss(&self, y: &Y, target: &Target) -> Y::Scalar;

    /// `dy = ∂ℓ/∂y` (overwritten); returns `ℓ`.
    fn gradient(&self, y: &Y, target: &Target, dy: &mut Y) -> Y::Scalar;

    /// What the sample counts in the mean: 1, or its class' weight.
    fn share(&self, target: &Target) -> Y::Scalar {
        let _ = target;
        Y::Scalar::ONE
    }

    /// How a batch's losses become one number.
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }
}
