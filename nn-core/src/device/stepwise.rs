//! Inference layer by layer.

use core::slice;

use crate::network::is_tiny;
use crate::{Kernels, Task, dispatch_with};
use crate::{Network, One, Simd};

/// A prediction under way; see [`OnDevice::stepwise`](super::OnDevice::stepwise).
pub struct Stepwise<'a, N: Network> {
    net: &'a N,
    x: &'a N::Input,
    y: &'a mut N::Output,
    workspace: &'a mut N::Workspace<One>,
    kernels: Kernels,
    step: usize,
}

impl<'a, N: Network> Stepwise<'a, N> {
    #[inline]
    pub(super) fn new(net: &'a N, x: &'a N::Input, y: &'a mut N::Output, workspace: &'a mut N::Workspace<One>) -> Self {
        Self { net, x, y, workspace, kernels: Kernels::detect(), step: 0 }
    }

    /// Runs with these kernels instead of the machine's fastest.
    #[inline]
    #[must_use]
    pub fn kernels(self, kernels: Kernels) -> Self {
        Self { kernels, ..self }
    }

    /// Runs the next layer with the activations after it; whether there are more. A named block or nested network is one layer.
    #[inline]
    pub fn advance(&mut self) -> bool {
        if self.step < N::STEPS {
            let Self { net, x, y, workspace, kernels, step } = self;
            dispatch_with::<N::Portable, _>(*kernels, Advance::<N> { net, x, y, workspace, step: *step });
            self.step += 1;
        }
        self.step < N::STEPS
    }

    /// The output, once all layers have run.
    #[inline]
    #[must_use]
    pub fn output(&self) -> Option<&N::Output> {
        (self.step == N::STEPS).then_some(&*self.y)
    }
}

struct Advance<'a, N: Network> {
    net: &'a N,
    x: &'a N::Input,
    y: &'a mut N::Output,
    workspace: &'a mut N::Workspace<One>,
    step: usize,
}

impl<N: Network> Task for Advance<'_, N> {
    type Output = ();
    const TINY: bool = is_tiny::<N>();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.net.infer_step::<S, One>(s, self.step, slice::from_ref(self.x), slice::from_mut(self.y), self.workspace);
    }
}
