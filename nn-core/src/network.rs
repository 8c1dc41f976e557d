//! What every declared network can do, by the trait that `network!` implements.

use crate::simd::{Kernels, Task, dispatch};
use crate::store::{One, Scratch};
use crate::{Layer, Plain, Simd};

#[cfg(feature = "std")]
use crate::{init::Zeros, random::Stream};
#[cfg(feature = "std")]
use std::boxed::Box;

/// A network declared with `network!`.
///
/// ```
/// # use nn_core::prelude::*;
/// fn act<N: Network<Input = [f32; 12], Output = [f32; 4]>>(net: &N, x: &[f32; 12]) -> [f32; 4] {
///     net.predict(x)
/// }
/// ```
pub trait Network: Layer {
    /// The declared name.
    const NAME: &'static str;

    /// The output for one sample, as in use. Allocates nothing and locks nothing; its buffers are on the stack.
    #[inline]
    fn predict(&self, x: &Self::Input) -> Self::Output {
        let mut y = Self::Output::ZEROED;
        self.predict_into(x, &mut y, &mut Self::Workspace::<One>::new());
        y
    }

    /// As [`Network::predict`], with output and buffers of the caller's.
    #[inline]
    fn predict_into(&self, x: &Self::Input, y: &mut Self::Output, workspace: &mut Self::Workspace<One>) {
        struct Predict<'a, N: Network>(&'a N, &'a N::Input, &'a mut N::Output, &'a mut N::Workspace<One>);
        impl<N: Network> Task for Predict<'_, N> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd>(self, s: S) {
                self.0.infer::<S, One>(s, core::slice::from_ref(self.1), core::slice::from_mut(self.2), self.3);
            }
        }
        dispatch(Kernels::detect(), Predict(self, x, y, workspace));
    }

    /// A new network on the heap with parameters drawn from `seed`.
    #[cfg(feature = "std")]
    #[must_use]
    fn new_boxed(seed: u64) -> Box<Self> {
        let mut net = crate::plain::boxed::<Self>();
        net.initialize(&Zeros, &mut Stream::new(&[seed]));
        net
    }
}
