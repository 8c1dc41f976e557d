//! One-hot vectors: 1 in the place of the class, 0 elsewhere.

use super::Class;
use crate::Scalar;

impl<const N: usize> Class<N> {
    /// 1 in the place of the class, 0 elsewhere: a class as an input, or as the target of a loss on numbers.
    ///
    /// ```
    /// # use nn_core::prelude::*;
    /// assert_eq!(Class::<3>::new(1).map(Class::one_hot), Some([0.0f32, 1.0, 0.0]));
    /// ```
    #[must_use]
    pub fn one_hot<T: Scalar>(self) -> [T; N] {
        let mut y = [T::ZERO; N];
        if let Some(y) = y.get_mut(self.index()) {
            *y = T::ONE;
        }
        y
    }
}

#[cfg(feature = "std")]
impl<X, const N: usize> super::Dataset<X, Class<N>> {
    /// The same samples with one-hot targets.
    #[must_use]
    pub fn one_hot<T: Scalar>(self) -> super::Dataset<X, [T; N]> {
        self.map_targets(Class::one_hot)
    }
}
