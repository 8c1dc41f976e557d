//! The two passes of a training step as tasks for [`dispatch`](crate::dispatch).

use crate::Task;
use crate::network::is_tiny;
use crate::{Heap, Network, Pass, Simd, plain};

/// [`Layer::forward`](crate::Layer::forward) of a batch.
pub(super) struct Forward<'s, N: Network> {
    pub net: &'s N,
    pub pass: Pass<'s>,
    pub x: &'s [N::Input],
    pub y: &'s mut [N::Output],
    pub tape: &'s mut N::Tape<Heap>,
}

impl<N: Network> Task for Forward<'_, N> {
    type Output = ();
    const TINY: bool = is_tiny::<N>();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.net.forward::<S, Heap>(s, self.pass, self.x, self.y, self.tape);
    }
}

/// `pass`, so that the next [`Backward`] leaves nothing in the gradient of what lies there: where layers add to it, it is cleared here.
pub(super) fn replacing<'s, N: Network>(pass: Pass<'s>, gradient: &mut N::Gradient) -> Pass<'s> {
    if const { N::REPLACES } {
        pass.replacing()
    } else {
        plain::bytes_mut::<N::Gradient>(gradient).fill(0);
        pass
    }
}

/// [`Layer::backward`](crate::Layer::backward) of a batch.
pub(super) struct Backward<'s, N: Network> {
    pub net: &'s N,
    pub pass: Pass<'s>,
    pub x: &'s [N::Input],
    pub y: &'s [N::Output],
    pub dy: &'s mut [N::Output],
    pub dx: Option<&'s mut [N::Input]>,
    pub tape: &'s mut N::Tape<Heap>,
    pub gradient: &'s mut N::Gradient,
}

impl<N: Network> Task for Backward<'_, N> {
    type Output = ();
    const TINY: bool = is_tiny::<N>();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.net.backward::<S, Heap>(s, self.pass, self.x, self.y, self.dy, self.dx, self.tape, Some(self.gradient));
    }
}
